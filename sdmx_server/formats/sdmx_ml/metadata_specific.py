"""Structure-specific metadata of SDMX-ML 2.1: the same reports as generic metadata, each by elements of its own name.

Reported attributes are elements named by their ids; reports, targets and references are of types in the namespace of
the metadata structure or metadataflow, whose names join the ids (SDMX-ML 2.1, ``SDMXMetadataStructureSpecific``). Both
kinds of message say the same, so that one is turned into the other element by element; line numbers stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from ...model.resolved_metadata import ResolvedMetadataAttribute
from .engine import Element
from .versions import NAMESPACES, V21, XSI, qualified

SPECIFIC = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/metadata/structurespecific"
ROOT = qualified(V21, "mes:StructureSpecificMetadata")
PREFIX = "own"
"""The prefix of the namespace of a metadata structure or metadataflow in messages."""

_TYPE = f"{XSI}type"
_MET = f"{{{NAMESPACES[V21]['met']}}}"
_COM = f"{{{NAMESPACES[V21]['com']}}}"
_OWN = f"{{{SPECIFIC}}}"
_NOT_OF_NAMES = re.compile(r"[^A-Za-z0-9_-]")

OBJECTS: dict[str, tuple[str, str]] = {
    "ObjectReference": ("", ""),
    "DataKey": ("KeyDescriptorValuesTarget", "DIMENSION_DESCRIPTOR_VALUES_TARGET"),
    "DataSetReference": ("DataSetTarget", "DATA_SET_TARGET"),
    "ConstraintContentReference": ("ConstraintContentTarget", "CONSTRAINT_CONTENT_TARGET"),
    "ReportPeriod": ("ReportPeriodTarget", "REPORT_PERIOD_TARGET"),
}
"""What a reference value may hold, with the class of the target object and the id that the standard fixes for it.

The types of those are named by their class, the types of artefacts by their id.
"""


def name_of(identifier: str) -> str:
    """An id as a name of XML, which may hold no ``@`` nor ``$`` and begins with a letter."""
    name = _NOT_OF_NAMES.sub("_", identifier)
    return name if re.match("[A-Za-z_]", name) else f"_{name}"


# ---- reading ---------------------------------------------------------------------------------------------------------


def to_generic(root: Element) -> None:
    """Make a structure-specific message a generic one, in place."""
    root.tag = qualified(V21, "mes:GenericMetadata")
    for structure in root.iterfind(f"{qualified(V21, 'mes:Header')}/{qualified(V21, 'mes:Structure')}"):
        _taken(structure, "namespace")
    for held in root.iterfind(qualified(V21, "mes:MetadataSet")):
        _taken(held, _TYPE)
        for name in [str(name) for name in held.attrib if str(name).startswith(_OWN)]:
            held.set(name.removeprefix(_OWN), _taken(held, name))
        for provider in held.iterfind("DataProvider"):
            provider.tag = f"{_MET}DataProvider"
        for report in held.iterfind("Report"):
            _generic_report(report)


def _taken(element: Element, name: str) -> str:
    """Take an attribute away and give what it said."""
    value = element.get(name, "")
    if name in element.attrib:
        del element.attrib[name]
    return value


def _generic_report(report: Element) -> None:
    own = _identified(report)
    report.tag = f"{_MET}Report"
    for target in report.iterfind("Target"):
        _identified(target, f"{own}.")
        target.tag = f"{_MET}Target"
        for value in target.iterfind("ReferenceValue"):
            _identified(value, f"{target.get('id')}.")
            value.tag = f"{_MET}ReferenceValue"
            for held in value:
                if held.tag in OBJECTS:
                    class_name, fixed = OBJECTS[str(held.tag)]
                    if value.get("id") == class_name:
                        value.set("id", fixed)
                    held.tag = f"{_MET}{held.tag}"
    for attributes in report.iterfind("AttributeSet"):
        _generic_attributes(attributes)


def _identified(element: Element, above: str = "") -> str:
    """Give an element the id that its type has in its name, unless it names one; what is above is not a part of it."""
    name = _taken(element, _TYPE).rpartition(":")[2]
    identifier: str = element.get("id") or name.removeprefix(name_of(above[:-1]) + above[-1:])
    if identifier:
        element.set("id", identifier)
    return identifier


def _generic_attributes(root: Element) -> None:
    waiting = [root]
    while waiting:
        attributes = waiting.pop()
        attributes.tag = f"{_MET}AttributeSet"
        for one in attributes.iterchildren(etree.Element):
            _taken(one, _TYPE)
            _taken(one, f"{_OWN}isMetadataAttribute")
            name = etree.QName(one)
            if name.namespace is None:
                one.set("id", one.get("id") or name.localname)
                one.tag = f"{_MET}ReportedAttribute"
                waiting += one.iterfind("AttributeSet")


# ---- writing ---------------------------------------------------------------------------------------------------------


def to_specific(held: Element, namespace: str, attributes: Sequence[ResolvedMetadataAttribute]) -> Element:
    """A metadata set of a generic message as one of ``namespace``; attributes in the order of the structure."""
    names = {str(prefix): uri for prefix, uri in held.nsmap.items()}  # the writer gives each a prefix
    root = etree.Element(held.tag, nsmap={**names, "ss": SPECIFIC, PREFIX: namespace})
    root.set(_TYPE, f"{PREFIX}:MetadataSetType")
    for name, value in held.attrib.items():
        root.set(f"{_OWN}{name!s}", value)
    root.extend(list(held))
    for child in root:
        if child.tag == f"{_MET}DataProvider":
            child.tag = "DataProvider"
        elif child.tag == f"{_MET}Report":
            _specific_report(child, attributes)
    etree.cleanup_namespaces(root, keep_ns_prefixes=[PREFIX])
    return root


def _specific_report(report: Element, attributes: Sequence[ResolvedMetadataAttribute]) -> None:
    report.tag = "Report"
    own = _typed(report, "")
    for child in report:
        if child.tag == f"{_MET}AttributeSet":
            _specific_attributes(child, attributes)
        elif child.tag == f"{_MET}Target":
            child.tag = "Target"
            target = _typed(child, f"{own}.").removeprefix(f"{own}.")
            for value in child:
                value.tag = "ReferenceValue"
                for held in value:
                    held.tag = etree.QName(held).localname
                    _typed(value, f"{target}.", *OBJECTS[held.tag])


def _typed(element: Element, above: str, class_name: str = "", fixed: str = "") -> str:
    """Give an element the type that its id names; the id itself stays only where the type does not say it."""
    identifier = element.get("id", "")
    name = above + (class_name or name_of(identifier))
    element.set(_TYPE, f"{PREFIX}:{name}")
    if identifier == (fixed or name_of(identifier)):
        del element.attrib["id"]
    return name


def _specific_attributes(held: Element, attributes: Sequence[ResolvedMetadataAttribute]) -> None:
    held.tag = "AttributeSet"
    known = {one.id: (place, one) for place, one in enumerate(attributes)}
    last = (len(known), None)
    held[:] = sorted(held, key=lambda one: known.get(one.get("id", ""), last)[0])
    for one in held:
        identifier = one.get("id", "")
        one.tag = name_of(identifier)
        if one.tag == identifier:
            del one.attrib["id"]
        _, meant = known.get(identifier, last)
        for below in one.iterfind(f"{_MET}AttributeSet"):
            _specific_attributes(below, meant.attributes if meant else ())
