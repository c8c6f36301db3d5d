"""Tables of constraints (XSD ``SDMXStructureConstraint``) and of availability (3.1)."""

from __future__ import annotations

from typing_extensions import override

from ...model.codelist import MemberValue
from ...model.common import Value
from ...model.constraint import (
    AttachmentConstraint,
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
    MetadataConstraint,
    MetadataKey,
    MetadataKeySet,
    MetadataTargetRegion,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
    TargetSelection,
    TimeBound,
    TimeRange,
    content_constraint,
)
from .engine import Element, Reading, Row, Shape, Values, Writing
from .rows import BOOLEAN_OR_WORD, FLAG, ONLY_21, Attribute, Child, Content, Known, Text
from .rows_reference import Refers
from .tables import ANNOTATIONS, MAINTAINABLE, version_of_urn
from .versions import ALL, FROM_30, V21, V30

_ONLY_30 = frozenset({V30})
_BEFORE_31 = frozenset({V21, V30})
_INCLUDE = Attribute("include", "include", FLAG)
_VALID: tuple[Row, ...] = (
    Attribute("valid_from", "validFrom", versions=FROM_30),
    Attribute("valid_to", "validTo", versions=FROM_30),
)

VALUE = Shape(
    MemberValue,
    Content("value", exact=True),
    Attribute("cascade", "cascadeValues", BOOLEAN_OR_WORD),
    Attribute("lang", "xml:lang", versions=FROM_30),
    *_VALID,
)
BOUND = Shape(TimeBound, Content("period"), Attribute("inclusive", "isInclusive", FLAG))
TIME_RANGE = Shape(
    TimeRange,
    *_VALID,
    Child("before", "reg:BeforePeriod", BOUND),
    Child("after", "reg:AfterPeriod", BOUND),
    Child("start", "reg:StartPeriod", BOUND),
    Child("end", "reg:EndPeriod", BOUND),
)
SELECTION = Shape(
    MemberSelection,
    Attribute("id", "id"),
    _INCLUDE,
    Attribute("remove_prefix", "removePrefix", FLAG, versions=FROM_30),
    *_VALID,
    Child("values", "reg:Value", VALUE, many=True),
    Child("time_range", "reg:TimeRange", TIME_RANGE),
)
_REGION: tuple[Row, ...] = (
    _INCLUDE,
    Child("annotations", "com:Annotations/com:Annotation", ANNOTATIONS.shape, many=True, versions=FROM_30),
    Child("keys", "reg:KeyValue", SELECTION, many=True),
    Child("components", "reg:Attribute", SELECTION, many=True, versions=ONLY_21),
    Child("components", "reg:Component", SELECTION, many=True, versions=FROM_30),
)
REGION = Shape(CubeRegion, *_REGION)
KEY = Shape(DataKey, *_REGION, *_VALID)
KEY_SET = Shape(DataKeySet, Attribute("is_included", "isIncluded", FLAG), Child("keys", "str:Key", KEY, many=True))

DATA_SET = Shape(DataSetTarget, Refers("data_provider", "com:DataProvider", "DataProvider"), Text("id", "com:ID"))
_ABOUT: tuple[Row, ...] = (
    Attribute("report", "report", versions=ONLY_21),
    Attribute("target", "metadataTarget", versions=ONLY_21),
)
_TARGET_SELECTION = Shape(
    TargetSelection,
    Attribute("id", "id"),
    _INCLUDE,
    Child("values", "reg:Value", VALUE, many=True),
    Child("data_sets", "reg:DataSet", DATA_SET, many=True),
    Child("data_keys", "reg:DataKey", KEY, many=True),
    Refers("objects", "reg:Object", None, many=True),
    Child("time_range", "reg:TimeRange", TIME_RANGE),
)
_TARGET_KEYS = Child("keys", "reg:KeyValue", _TARGET_SELECTION, many=True, versions=ONLY_21)
METADATA_REGION = Shape(
    MetadataTargetRegion,
    _INCLUDE,
    *_ABOUT,
    *_VALID,
    _TARGET_KEYS,
    Child("components", "reg:Attribute", SELECTION, many=True, versions=ONLY_21),
    Child("components", "reg:Component", SELECTION, many=True, versions=FROM_30),
)
_METADATA_KEY = Shape(MetadataKey, Known("", "@include"), *_ABOUT, _TARGET_KEYS)
METADATA_KEY_SET = Shape(
    MetadataKeySet, Attribute("is_included", "isIncluded", FLAG), Child("keys", "str:Key", _METADATA_KEY, many=True)
)
QUERYABLE_SOURCE = Shape(
    QueryableDataSource,
    Attribute("is_rest", "isRESTDatasource", FLAG),
    Attribute("is_web_service", "isWebServiceDatasource", FLAG),
    Text("data_url", "com:DataURL"),
    Text("wsdl_url", "com:WSDLURL"),
    Text("wadl_url", "com:WADLURL"),
)


def _attached(element: str, cls: str, versions: frozenset[str] = ALL) -> Row:
    return Refers("references", f"str:{element}", cls, many=True, only=True, versions=versions)


ATTACHMENT = Shape(
    ConstraintAttachment,
    _attached("DataProvider", "DataProvider"),
    _attached("MetadataProvider", "MetadataProvider", FROM_30),
    Child("data_sets", "str:DataSet", DATA_SET, many=True, versions=ONLY_21),
    Child("metadata_sets", "str:MetadataSet", DATA_SET, many=True, versions=ONLY_21),
    Text("simple_data_sources", "str:SimpleDataSource", many=True, versions=_BEFORE_31),
    _attached("DataStructure", "DataStructure"),
    _attached("MetadataStructure", "MetadataStructure"),
    _attached("Dataflow", "Dataflow"),
    _attached("Metadataflow", "Metadataflow"),
    _attached("ProvisionAgreement", "ProvisionAgreement"),
    _attached("MetadataProvisionAgreement", "MetadataProvisionAgreement", FROM_30),
    Child("queryable_data_sources", "str:QueryableDataSource", QUERYABLE_SOURCE, many=True, versions=_BEFORE_31),
)
_ATTACHMENT = Child("attachment", "str:ConstraintAttachment", ATTACHMENT)
_KEY_SETS = Child("key_sets", "str:DataKeySet", KEY_SET, many=True)
_REGIONS = Child("cube_regions", "str:CubeRegion", REGION, many=True)
_CALENDAR = Shape(
    ReleaseCalendar,
    Text("periodicity", "str:Periodicity"),
    Text("offset", "str:Offset"),
    Text("tolerance", "str:Tolerance"),
)
_PERIOD = Shape(ReferencePeriod, Attribute("start", "startTime"), Attribute("end", "endTime"))


class _Role(Attribute):
    """The role of a constraint. Allowed is what a constraint without a role means, and the model holds it as none."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        text = element.get(self.name)
        if text is not None:
            values[self.field] = None if text == "Allowed" else text

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        parent.set(self.name, getattr(holder, self.field) or "Allowed")


def _actual(_element: Element, values: Values, _to: Reading) -> None:
    """A content constraint without a type is an actual one (default of the XSD)."""
    values.setdefault("role", "Actual")


_RELEASE: Row = Child("release_calendar", "str:ReleaseCalendar", _CALENDAR, versions=_BEFORE_31)
_METADATA_KEY_SETS = Child("metadata_key_sets", "str:MetadataKeySet", METADATA_KEY_SET, many=True)
_METADATA_REGIONS = Child("metadata_regions", "str:MetadataTargetRegion", METADATA_REGION, many=True)
_CONSTRAINT: tuple[Row, ...] = (*MAINTAINABLE, _Role("role", "role", versions=_ONLY_30), _ATTACHMENT, _RELEASE)
DATA_CONSTRAINT = Shape(
    DataConstraint, *_CONSTRAINT, _KEY_SETS, _REGIONS, urn="registry.DataConstraint", finish=version_of_urn
)
METADATA_CONSTRAINT = Shape(
    MetadataConstraint, *_CONSTRAINT, _METADATA_REGIONS, urn="registry.MetadataConstraint", finish=version_of_urn
)
CONTENT_CONSTRAINT = Shape(
    content_constraint,
    *MAINTAINABLE,
    _Role("role", "type"),
    _ATTACHMENT,
    _KEY_SETS,
    _METADATA_KEY_SETS,
    _REGIONS,
    _METADATA_REGIONS,
    _RELEASE,
    Child("reference_period", "str:ReferencePeriod", _PERIOD),
    urn="registry.ContentConstraint",
    finish=_actual,
)
"""What data constraints and metadata constraints are in 2.1."""
ATTACHMENT_CONSTRAINT = Shape(
    AttachmentConstraint,
    *MAINTAINABLE,
    _ATTACHMENT,
    _KEY_SETS,
    _METADATA_KEY_SETS,
    urn="registry.AttachmentConstraint",
)
AVAILABILITY = Shape(DataConstraint, ANNOTATIONS, _ATTACHMENT, _REGIONS)
"""The 3.1 availability constraint: no maintainable artefact, written only."""
