"""Tables of data structure definitions (XSD ``SDMXStructureDataStructure``)."""

from __future__ import annotations

from ...model.datastructure import (
    Attribute as DataAttribute,
)
from ...model.datastructure import (
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Group,
    Measure,
    MetadataAttributeUsage,
    TimeDimension,
)
from ...model.representation import TextFormat
from ..primary_measure import OBS_VALUE
from .engine import Element, Reading, Row, Shape, Values
from .rows import FLAG, NUMBER, ONLY_21, Attribute, Child, Inline, Known, OneOf, Text, word
from .rows_reference import LocalId, LocalIds, Marker, Refers
from .tables import (
    ANNOTATIONS,
    IDENTIFIABLE,
    LINKS,
    MAINTAINABLE,
    ONLY_31,
    REPRESENTATION,
    URI,
    version_of_urn,
)
from .versions import FROM_30

_USAGE = Attribute("mandatory", "usage", word("mandatory", "optional"), versions=FROM_30)
CONCEPT = Refers("concept", "str:ConceptIdentity", "Concept")
LOCAL_REPRESENTATION = Child("representation", "str:LocalRepresentation", REPRESENTATION)
_ROLES = Refers("roles", "str:ConceptRole", "Concept", many=True)
_COMPONENT: tuple[Row, ...] = (*IDENTIFIABLE, CONCEPT, LOCAL_REPRESENTATION, _ROLES)
_START_DAY = "REPORTING_YEAR_START_DAY"
_TYPE = Known("", "@type", versions=ONLY_21)  # repeats the name of the element


def id_of_concept(_element: Element, values: Values, _to: Reading) -> None:
    """A component without an id has that of its concept."""
    concept = values.get("concept")
    if "id" not in values and concept is not None:
        values["id"] = concept.item


DIMENSION = Shape(
    Dimension,
    *_COMPONENT,
    Attribute("position", "position", NUMBER),
    _TYPE,
    urn="datastructure.Dimension",
    finish=id_of_concept,
)
MEASURE_DIMENSION = Shape(
    Dimension,
    *_COMPONENT,
    Attribute("position", "position", NUMBER),
    _TYPE,
    fixed={"is_measure_dimension": True},
    urn="datastructure.MeasureDimension",
    finish=id_of_concept,
)
TIME_DIMENSION = Shape(
    TimeDimension,
    *IDENTIFIABLE,
    CONCEPT,
    LOCAL_REPRESENTATION,
    Attribute("position", "position", NUMBER, versions=ONLY_21),
    _TYPE,
    fixed={"id": "TIME_PERIOD"},
    urn="datastructure.TimeDimension",
)
GROUP = Shape(
    Group,
    *(row for row in IDENTIFIABLE if row is not LINKS),
    LocalIds("dimensions", "str:GroupDimension/str:DimensionReference", many=True, each=True),
    Refers("attachment_constraint", "str:AttachmentConstraint", "AttachmentConstraint", versions=ONLY_21),
    urn="datastructure.GroupDimensionDescriptor",
)
DIMENSION_RELATION = Shape(
    DimensionRelation, LocalId("id"), Attribute("optional", "optional", FLAG, skip=False, versions=FROM_30)
)
RELATIONSHIP = Shape(
    AttributeRelationship,
    Marker("dataflow", "str:None", ONLY_21),
    Marker("dataflow", "str:Dataflow", FROM_30),
    Child("dimensions", "str:Dimension", DIMENSION_RELATION, many=True),
    LocalIds("attachment_groups", "str:AttachmentGroup", many=True, versions=ONLY_21),
    LocalIds("group", "str:Group"),
    Marker("observation", "str:PrimaryMeasure", ONLY_21, names=OBS_VALUE),
    Marker("observation", "str:Observation", FROM_30),
)
_RELATIONSHIP = Child("relationship", "str:AttributeRelationship", RELATIONSHIP)
_ATTRIBUTE: tuple[Row, ...] = (
    *_COMPONENT,
    _RELATIONSHIP,
    LocalIds("measures", "str:MeasureRelationship/str:Measure", many=True, versions=FROM_30),
    Attribute("mandatory", "assignmentStatus", word("Mandatory", "Conditional"), versions=ONLY_21),
    _USAGE,
)
ATTRIBUTE = Shape(DataAttribute, *_ATTRIBUTE, urn="datastructure.DataAttribute", finish=id_of_concept)
REPORTING_YEAR_START_DAY = Shape(
    DataAttribute, *_ATTRIBUTE, fixed={"id": _START_DAY}, urn="datastructure.ReportingYearStartDay"
)
METADATA_ATTRIBUTE_USAGE = Shape(
    MetadataAttributeUsage,
    URI,
    ANNOTATIONS,
    LINKS,
    Text("metadata_attribute", "str:MetadataAttributeReference"),
    _RELATIONSHIP,
)
MEASURE = Shape(Measure, *_COMPONENT, _USAGE, urn="datastructure.Measure", finish=id_of_concept)
PRIMARY_MEASURE = Shape(
    Measure,
    *IDENTIFIABLE,
    CONCEPT,
    LOCAL_REPRESENTATION,
    fixed={"id": OBS_VALUE, "is_primary": True},
    urn="datastructure.PrimaryMeasure",
)


def _dimension_element(dimension: Dimension) -> str:
    return "str:MeasureDimension" if dimension.is_measure_dimension else "str:Dimension"


def _attribute_element(attribute: DataAttribute) -> str:
    """ReportingYearStartDay where its narrow type fits (XSD 2.1), which has neither roles nor facets."""
    held = attribute.representation
    fits = held is not None and held.text_format in (TextFormat(), TextFormat(text_type="MonthDay"))
    start = attribute.id == _START_DAY and fits and not attribute.roles
    return "str:ReportingYearStartDay" if start else "str:Attribute"


COMPONENT_LIST: tuple[Row, ...] = (Known("", "@id"), URI, ANNOTATIONS, LINKS)

DATA_STRUCTURE = Shape(
    DataStructure,
    *MAINTAINABLE,
    Attribute("evolving_structure", "evolvingStructure", FLAG, skip=False, versions=ONLY_31),
    Inline(
        "str:DataStructureComponents",
        Inline(
            "str:DimensionList",
            Child("dimensions", "str:Dimension", DIMENSION, many=True, versions=FROM_30),
            OneOf(
                "dimensions",
                {"str:Dimension": DIMENSION, "str:MeasureDimension": MEASURE_DIMENSION},
                _dimension_element,
                ONLY_21,
            ),
            Child("time_dimension", "str:TimeDimension", TIME_DIMENSION),
            descriptor="DimensionDescriptor",
            identity=COMPONENT_LIST,
        ),
        Child("groups", "str:Group", GROUP, many=True),
        Inline(
            "str:AttributeList",
            Child("attributes", "str:Attribute", ATTRIBUTE, many=True, versions=FROM_30),
            OneOf(
                "attributes",
                {"str:Attribute": ATTRIBUTE, "str:ReportingYearStartDay": REPORTING_YEAR_START_DAY},
                _attribute_element,
                ONLY_21,
            ),
            Child(
                "metadata_attribute_usages",
                "str:MetadataAttributeUsage",
                METADATA_ATTRIBUTE_USAGE,
                many=True,
                versions=FROM_30,
            ),
            descriptor="AttributeDescriptor",
            identity=COMPONENT_LIST,
        ),
        Inline(
            "str:MeasureList",
            Child("measures", "str:Measure", MEASURE, many=True, versions=FROM_30),
            Child("measures", "str:PrimaryMeasure", PRIMARY_MEASURE, many=True, versions=ONLY_21),
            descriptor="MeasureDescriptor",
            identity=COMPONENT_LIST,
        ),
    ),
    Refers("metadata", "str:Metadata", "MetadataStructure", versions=FROM_30),
    urn="datastructure.DataStructure",
    finish=version_of_urn,
)
