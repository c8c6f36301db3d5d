"""Tables of metadata sets (XSD ``SDMXMetadataGeneric``): as sets from 3.0 on, as reports in 2.1."""

from __future__ import annotations

from lxml import etree
from typing_extensions import override

from ...model.common import Annotation, International, Value
from ...model.metadataset import MetadataSet, ReferenceValue, ReportedAttribute
from ...model.reference import Reference
from .engine import Element, Reading, Row, Shape, Values, Writing, sub
from .rows import ONLY_21, Attribute, Child, Text, Texts
from .rows_reference import Refers
from .tables import ANNOTATIONS, ID, MAINTAINABLE, NAMES, version_of_urn
from .versions import FROM_30
from .xhtml import StructuredTexts


class _PlainTexts(Texts):
    """Texts in languages that are no XHTML."""

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        if not getattr(holder, "structured"):  # noqa: B009 - the table says that its holder has it
            super().write(holder, parent, to)


REPORTED_ATTRIBUTE = Shape(
    ReportedAttribute,
    ID,
    Attribute("value", "value", versions=ONLY_21),
    ANNOTATIONS,
    Text("value", "met:Value", versions=FROM_30),
    _PlainTexts("texts", "com:Text"),
    StructuredTexts("texts", "com:StructuredText"),
)
REPORTED_ATTRIBUTE.table.rows += (
    Child("attributes", "met:Attribute", REPORTED_ATTRIBUTE, many=True, versions=FROM_30),
    Child("attributes", "met:AttributeSet/met:ReportedAttribute", REPORTED_ATTRIBUTE, many=True, versions=ONLY_21),
)

PERIODS: tuple[Row, ...] = (
    Attribute("action", "action"),
    Attribute("reporting_begin", "reportingBeginDate"),
    Attribute("reporting_end", "reportingEndDate"),
    Attribute("publication_year", "publicationYear"),
    Attribute("publication_period", "publicationPeriod"),
)
METADATA_SET = Shape(
    MetadataSet,
    *MAINTAINABLE,
    *PERIODS,
    Refers("provision_agreement", "met:MetadataProvisionAgreement", "MetadataProvisionAgreement", versions=FROM_30),
    Refers("metadataflow", "met:Metadataflow", "Metadataflow", versions=FROM_30),
    Text("targets", "met:Target", many=True, versions=FROM_30),
    Child("attributes", "met:Attribute", REPORTED_ATTRIBUTE, many=True, versions=FROM_30),
    urn="metadatastructure.MetadataSet",
    finish=version_of_urn,
)
"""A set from 3.0 on."""


class _ObjectUrn(Row):
    """The artefact that a report of 2.1 is about, kept as its URN."""

    refers = Refers("target", "met:ObjectReference", None)

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        found: Values = {}
        self.refers.read(element, found, to)
        if "target" in found:
            values[self.field] = found["target"].urn

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        target = getattr(holder, self.field)
        if target is not None:
            etree.SubElement(sub(parent, self.xml, to), "URN").text = target


REFERENCE_VALUE = Shape(
    ReferenceValue,
    ID,
    _ObjectUrn("target", "met:ObjectReference", ONLY_21),
    Text("period", "met:ReportPeriod", versions=ONLY_21),
)


class ReportTarget(Value, frozen=True, kw_only=True):
    """The target of a report: the id of the metadata target, and its objects."""

    id: str
    values: tuple[ReferenceValue, ...] = ()


class ReportContent(Value, frozen=True, kw_only=True):
    """A report of 2.1 as it stands in a message: what it is about, and what it says."""

    id: str
    target: ReportTarget
    annotations: tuple[Annotation, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()


REPORT = Shape(
    ReportContent,
    ID,
    ANNOTATIONS,
    Child(
        "target",
        "met:Target",
        Shape(ReportTarget, ID, Child("values", "met:ReferenceValue", REFERENCE_VALUE, many=True)),
    ),
    Child("attributes", "met:AttributeSet/met:ReportedAttribute", REPORTED_ATTRIBUTE, many=True),
)


class SetOfReports(Value, frozen=True, kw_only=True):
    """A metadata set of 2.1 as it stands in a message. ``structure_id`` is the one in the header that it follows."""

    structure_id: str
    set_id: str | None = None
    names: International = {}
    annotations: tuple[Annotation, ...] = ()
    data_provider: Reference | None = None
    reports: tuple[ReportContent, ...] = ()
    action: str | None = None
    reporting_begin: str | None = None
    reporting_end: str | None = None
    publication_year: str | None = None
    publication_period: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


SET_OF_REPORTS = Shape(
    SetOfReports,
    Attribute("structure_id", "structureRef"),
    Attribute("set_id", "setID"),
    *PERIODS,
    Attribute("valid_from", "validFromDate"),
    Attribute("valid_to", "validToDate"),
    ANNOTATIONS,
    NAMES,
    Refers("data_provider", "met:DataProvider", "DataProvider"),
    Child("reports", "met:Report", REPORT, many=True),
)
