"""An independent comparer of SDMX-ML structure files: each becomes a set of plain facts, by code of its own.

A fact is a tuple: the path (kind and identity of the artefact, element names with ids) and, last, the value. Only this
is normalised: order (but not that of dimensions), white space between elements, defaults of the XSDs, references given
as ``Ref`` or as URN, and what the generations renamed. It knows neither the product's model nor its reader.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from lxml import etree

Fact = tuple

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_URN = re.compile(r"urn:sdmx:[^=]+=(.+)")
_DEFAULTS = {
    ("isExternalReference", "false"),
    ("isPartial", "false"),
    ("isFinal", "false"),
    ("isPartialLanguage", "false"),
    ("evolvingStructure", "false"),
    ("include", "true"),
    ("cascadeValues", "false"),
    ("optional", "false"),
    ("isInclusive", "true"),
    ("usage", "optional"),
    ("minOccurs", "1"),
    ("maxOccurs", "1"),
    ("version", "1.0"),
    ("isPresentational", "false"),
    ("leveled", "false"),
}
_LISTS = {"DimensionList", "AttributeList", "MeasureList"}
_TEXTS = {"Name", "Description", "AnnotationText", "Department", "Role", "Text", "Source"}
_FIXED_IDS = {
    "TimeDimension": "TIME_PERIOD",
    "PrimaryMeasure": "OBS_VALUE",
    "ReportingYearStartDay": "REPORTING_YEAR_START_DAY",
    "KeyDescriptorValuesTarget": "DIMENSION_DESCRIPTOR_VALUES_TARGET",
    "DataSetTarget": "DATA_SET_TARGET",
    "ConstraintContentTarget": "CONSTRAINT_CONTENT_TARGET",
    "ReportPeriodTarget": "REPORT_PERIOD_TARGET",
}
_RENAMED = {
    # (parent or *, old name) -> new name
    ("*", "ContentConstraint"): "DataConstraint",
    ("AttributeRelationship", "None"): "Dataflow",
    ("AttributeRelationship", "PrimaryMeasure"): "Observation",
    ("MeasureList", "PrimaryMeasure"): "Measure",
    ("AttributeList", "ReportingYearStartDay"): "Attribute",
    ("ProvisionAgreement", "StructureUsage"): "Dataflow",
    ("CubeRegion", "Attribute"): "Component",
    ("MetadataTargetRegion", "Attribute"): "Component",
}


_OF_METADATA = (
    *("ConstraintAttachment/{*}MetadataStructure", "ConstraintAttachment/{*}Metadataflow"),
    "ConstraintAttachment/{*}MetadataSet",
)


def _local(element) -> str:
    return etree.QName(element).localname


def _name(element) -> str:
    own, parent = _local(element), element.getparent()
    above = _local(parent) if parent is not None else ""
    if own == "ContentConstraint" and any(element.find(f"{{*}}{part}") is not None for part in _OF_METADATA):
        return "MetadataConstraint"
    return _RENAMED.get((above, own)) or _RENAMED.get(("*", own)) or own


def _reference(element) -> str | None:
    """``AGENCY:ID(VERSION).ITEM`` of a reference, the id of a local one, None when it is none."""
    ref = element.find("Ref")
    if ref is not None:
        agency, own = ref.get("agencyID"), ref.get("id")
        if agency is None:
            return ".".join(filter(None, (ref.get("containerID"), own)))
        parent = ref.get("maintainableParentID")
        if parent is None:
            return f"{agency}:{own}({ref.get('version', '1.0')})"
        return f"{agency}:{parent}({ref.get('maintainableParentVersion', '1.0')}).{own}"
    found = _URN.fullmatch((element.findtext("URN") or element.text or "").strip())
    return found[1] if found else None


def _attributes(element, name: str) -> set[Fact]:
    facts = set()
    for key, value in element.attrib.items():
        if key in ("urn", "id", _LANG) or key.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
            continue
        if name in ("DataConstraint", "MetadataConstraint") and key == "type":
            key = "role"  # noqa: PLW2901 - renamed in 3.0
        elif key == "assignmentStatus":
            key, value = "usage", "mandatory" if value == "Mandatory" else "optional"  # noqa: PLW2901
        elif key == "type" and name.endswith("Dimension"):
            continue
        default_type = (
            "ObservationalTimePeriod" if _local(element.getparent().getparent()) == "TimeDimension" else "String"
        )
        if (key, value) not in _DEFAULTS and not (key == "textType" and value == default_type):
            facts.add((f"@{key}", value))
    return facts


def _identity(element, name: str) -> str | None:
    if name in _LISTS or name == "Observation":
        return None
    given = element.get("id") or _FIXED_IDS.get(_local(element) if _local(element) in _FIXED_IDS else name)
    if given is None:
        concept = element.find("{*}ConceptIdentity")
        target = None if concept is None else _reference(concept)
        given = None if target is None else target.rpartition(").")[2]
    return given


def _content(element) -> set[Fact]:
    """The facts inside an element, relative to it."""
    name = _name(element)
    if name == "Observation":  # in 2.1 it names the primary measure, of which there is just one
        return set()
    facts = _attributes(element, name)
    if name == "DimensionList":
        ids = [_identity(child, _name(child)) for child in element if "Dimension" in _local(child)]
        facts |= {("order", str(position), one) for position, one in enumerate(ids, 1)}
    target = _reference(element)
    if target is not None:
        return facts | {("=", target)}
    children = [child for child in element if isinstance(child.tag, str)]
    text = element.text or ""
    if not children and (text.strip() or name in _TEXTS):
        facts.add(("=", text if name in _TEXTS else text.strip()))
    often = Counter(_name(child) for child in children)
    for child in children:
        facts |= _below(child, often)
    return facts


def _below(child, often: Counter) -> set[Fact]:
    name = _name(child)
    inner = _content(child)
    own = _identity(child, name)
    step = f"{name}[{own}]" if own is not None else name
    if name in _TEXTS:
        step = f"{name}[{child.get(_LANG, 'en')}]"
    if own is None and often[name] > 1 and name not in _TEXTS:
        return {(name, frozenset(inner))}
    facts = {(step, *fact) for fact in inner}
    return facts if inner and own is None else facts | {(step,)}


def facts_of(file: Path | bytes) -> set[Fact]:
    """The facts of all artefacts of a structure message; the header is no part of them."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(file if isinstance(file, bytes) else file.read_bytes(), parser)
    facts: set[Fact] = set()
    for container in root.find("{*}Structures"):
        for artefact in container:
            name = _name(artefact)
            key = f"{name} {artefact.get('agencyID')}:{artefact.get('id')}"
            if _local(artefact) == "ContentConstraint" and artefact.get("type") is None:
                facts.add((key, "@role", "Actual"))
            facts.add((key,))
            facts |= {(key, *fact) for fact in _content(artefact)}
    return facts


def differences(original: Path | bytes, written: Path | bytes) -> tuple[set[Fact], set[Fact]]:
    """Facts that only the original holds, and facts that only the other one holds."""
    before, after = facts_of(original), facts_of(written)
    return before - after, after - before
