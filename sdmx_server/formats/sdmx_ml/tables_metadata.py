"""Tables of metadata structures and metadataflows (XSD ``SDMXStructureMetadataStructure``, ``...Metadataflow``)."""

from __future__ import annotations

from ...model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
)
from ...model.representation import Representation
from .engine import Shape
from .rows import FLAG, NUMBER, OCCURS, ONLY_21, Attribute, Child, Inline, OneOf, Text
from .rows_reference import LocalIds, Refers
from .tables import ANNOTATIONS, ID, IDENTIFIABLE, MAINTAINABLE, TEXT_FORMAT, URI, version_of_urn
from .tables_datastructure import COMPONENT_LIST, CONCEPT, LOCAL_REPRESENTATION, id_of_concept
from .versions import FROM_30

_PACKAGE = "metadatastructure"

METADATA_ATTRIBUTE = Shape(
    MetadataAttribute,
    *IDENTIFIABLE,
    CONCEPT,
    LOCAL_REPRESENTATION,
    Attribute("min_occurs", "minOccurs", NUMBER),
    Attribute("max_occurs", "maxOccurs", OCCURS),
    Attribute("is_presentational", "isPresentational", FLAG, skip=False),
    urn=f"{_PACKAGE}.MetadataAttribute",
    finish=id_of_concept,
)
METADATA_ATTRIBUTE.table.rows += (Child("attributes", "str:MetadataAttribute", METADATA_ATTRIBUTE, many=True),)

# -- 2.1 ---------------------------------------------------------------------------------------------------------------

_TARGET_REPRESENTATION = Shape(
    Representation,
    Child("text_format", "str:TextFormat", TEXT_FORMAT),
    Refers("enumeration", "str:Enumeration", None),
)


def _target_object(element: str, fixed_id: str | None) -> Shape:
    fixed = {"element": element} | ({} if fixed_id is None else {"id": fixed_id})
    return Shape(
        TargetObject,
        ID,
        URI,
        ANNOTATIONS,
        Child("representation", "str:LocalRepresentation", _TARGET_REPRESENTATION),
        Attribute("object_type", "objectType"),
        fixed=fixed,
        urn=f"{_PACKAGE}.{element}",
    )


_TARGET_OBJECTS = {
    f"str:{element}": _target_object(element, fixed_id)
    for element, fixed_id in (
        ("KeyDescriptorValuesTarget", "DIMENSION_DESCRIPTOR_VALUES_TARGET"),
        ("DataSetTarget", "DATA_SET_TARGET"),
        ("ConstraintContentTarget", "CONSTRAINT_CONTENT_TARGET"),
        ("ReportPeriodTarget", "REPORT_PERIOD_TARGET"),
        ("IdentifiableObjectTarget", None),
    )
}


def _element_of(thing: TargetObject) -> str:
    return f"str:{thing.element}"


METADATA_TARGET = Shape(
    MetadataTarget,
    ID,
    URI,
    ANNOTATIONS,
    OneOf("objects", _TARGET_OBJECTS, _element_of),
    urn=f"{_PACKAGE}.MetadataTarget",
)
REPORT_STRUCTURE = Shape(
    ReportStructure,
    ID,
    URI,
    ANNOTATIONS,
    Child("attributes", "str:MetadataAttribute", METADATA_ATTRIBUTE, many=True),
    LocalIds("targets", "str:MetadataTarget", many=True),
    urn=f"{_PACKAGE}.ReportStructure",
)

METADATA_STRUCTURE = Shape(
    MetadataStructure,
    *MAINTAINABLE,
    Inline(
        "str:MetadataStructureComponents",
        Inline(
            "str:MetadataAttributeList",
            Child("attributes", "str:MetadataAttribute", METADATA_ATTRIBUTE, many=True),
            descriptor="MetadataAttributeDescriptor",
            package=None,
            identity=COMPONENT_LIST,
            versions=FROM_30,
        ),
        Child("targets", "str:MetadataTarget", METADATA_TARGET, many=True, versions=ONLY_21),
        Child("reports", "str:ReportStructure", REPORT_STRUCTURE, many=True, versions=ONLY_21),
    ),
    urn=f"{_PACKAGE}.MetadataStructure",
    finish=version_of_urn,
)
METADATAFLOW = Shape(
    Metadataflow,
    *MAINTAINABLE,
    Refers("structure", "str:Structure", "MetadataStructure"),
    Text("targets", "str:Target", many=True, versions=FROM_30),
    urn=f"{_PACKAGE}.Metadataflow",
    finish=version_of_urn,
)
METADATA_PROVISION_AGREEMENT = Shape(
    MetadataProvisionAgreement,
    *MAINTAINABLE,
    Refers("metadataflow", "str:Metadataflow", "Metadataflow", versions=FROM_30),
    Refers("metadata_provider", "str:MetadataProvider", "MetadataProvider", versions=FROM_30),
    Text("targets", "str:Target", many=True, versions=FROM_30),
    urn="registry.MetadataProvisionAgreement",
    finish=version_of_urn,
)
