"""Tables of data constraints (XSD ``SDMXStructureConstraint``) and of availability (3.1)."""

from __future__ import annotations

from typing_extensions import override

from ...model.codelist import MemberValue
from ...model.common import Value
from ...model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
    TimeBound,
    TimeRange,
)
from .engine import Element, Reading, Row, Shape, Values, Writing
from .rows import BOOLEAN_OR_WORD, FLAG, ONLY_21, Attribute, Child, Content, Text
from .rows_reference import Refers
from .tables import ANNOTATIONS, MAINTAINABLE, version_of_urn
from .versions import FROM_30, V21, V30

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

_DATA_SET = Shape(DataSetTarget, Refers("data_provider", "com:DataProvider", "DataProvider"), Text("id", "com:ID"))
QUERYABLE_SOURCE = Shape(
    QueryableDataSource,
    Attribute("is_rest", "isRESTDatasource", FLAG),
    Attribute("is_web_service", "isWebServiceDatasource", FLAG),
    Text("data_url", "com:DataURL"),
    Text("wsdl_url", "com:WSDLURL"),
    Text("wadl_url", "com:WADLURL"),
)
ATTACHMENT = Shape(
    ConstraintAttachment,
    Refers("references", "str:DataProvider", "DataProvider", many=True, only=True),
    Child("data_sets", "str:DataSet", _DATA_SET, many=True, versions=ONLY_21),
    Text("simple_data_sources", "str:SimpleDataSource", many=True, versions=_BEFORE_31),
    Refers("references", "str:DataStructure", "DataStructure", many=True, only=True),
    Refers("references", "str:Dataflow", "Dataflow", many=True, only=True),
    Refers("references", "str:ProvisionAgreement", "ProvisionAgreement", many=True, only=True),
    Refers("references", "str:MetadataStructure", "MetadataStructure", many=True, only=True, versions=ONLY_21),
    Refers("references", "str:Metadataflow", "Metadataflow", many=True, only=True, versions=ONLY_21),
    Child("queryable_data_sources", "str:QueryableDataSource", QUERYABLE_SOURCE, many=True, versions=_BEFORE_31),
)
_ATTACHMENT = Child("attachment", "str:ConstraintAttachment", ATTACHMENT)
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


def _finish(element: Element, values: Values, to: Reading) -> None:
    """In 2.1 a constraint without a type is an actual one (default of the XSD)."""
    version_of_urn(element, values, to)
    if to.version == V21:
        values.setdefault("role", "Actual")


DATA_CONSTRAINT = Shape(
    DataConstraint,
    *MAINTAINABLE,
    _Role("role", "type", versions=ONLY_21),
    _Role("role", "role", versions=frozenset({V30})),
    _ATTACHMENT,
    Child("release_calendar", "str:ReleaseCalendar", _CALENDAR, versions=frozenset({V30})),
    Child("key_sets", "str:DataKeySet", KEY_SET, many=True),
    _REGIONS,
    Child("release_calendar", "str:ReleaseCalendar", _CALENDAR, versions=ONLY_21),
    Child("reference_period", "str:ReferencePeriod", _PERIOD, versions=ONLY_21),
    urn="registry.DataConstraint",
    finish=_finish,
)
AVAILABILITY = Shape(DataConstraint, ANNOTATIONS, _ATTACHMENT, _REGIONS)
"""The 3.1 availability constraint: no maintainable artefact, written only."""
