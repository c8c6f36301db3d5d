"""Reading messages of reference metadata of SDMX-ML 2.1, 3.0 and 3.1 into the model."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from ...errors import Refused
from ...model.message import Header
from ...model.metadataset import MetadataSet
from ...model.reference import Reference
from ...model.resolved_metadata import MetadataMessage, MetadataPart
from .engine import Element, Reading, Values
from .metadata_reports import sets_of
from .metadata_specific import ROOT, to_generic
from .parsing import MAX_BYTES, parse, read_bounded
from .problems import line_of, refused
from .rows_reference import Refers
from .structure_reader import capped, message_version
from .tables_message import FOOTER_MESSAGE, HEADER
from .tables_metadataset import METADATA_SET, SET_OF_REPORTS
from .validation import validate
from .versions import V21, qualified

_OF_METADATA = (
    *("mes:Structure", "mes:MetadataProvider", "mes:DataProvider", "mes:DataSetAction", "mes:DataSetID"),
    *("mes:Extracted", "mes:ReportingBegin", "mes:ReportingEnd"),
)
"""What a header has beside what that of every message has."""

_ABOUT = (
    Refers("about", "com:StructureUsage", "Metadataflow"),
    Refers("about", "com:Structure", "MetadataStructure"),
)


def read_metadata(stream: BinaryIO, name: str, limit: int = MAX_BYTES) -> MetadataMessage:
    """Read a metadata message; the version is that of its namespace. In 2.1 it may be structure-specific.

    The message, made generic, is checked against the official schema first. Raises ``Refused`` with line, path and
    reason when it is larger than ``limit`` bytes, no such message, invalid, or says what the model has no place for.
    """
    root = parse(read_bounded(stream, name, limit), name)
    version = message_version(root, name)
    if root.tag == ROOT:
        to_generic(root)
    if root.tag != qualified(version, "mes:GenericMetadata"):
        raise refused("xml.metadata-type", name, row=line_of(root), value=etree.QName(root).localname)
    validate(root, version, name)
    reading = Reading(version, name)
    message = _message(root, reading)
    if reading.problems:
        raise Refused(capped(reading))
    return message


def _message(root: Element, to: Reading) -> MetadataMessage:
    held = root.find(qualified(to.version, "mes:Header"))
    if held is None:
        raise refused("xml.incomplete", to.name, row=line_of(root), reason="Header")
    header = _header(held, to)
    sets = root.findall(qualified(to.version, "mes:MetadataSet"))
    parts = tuple(_reports(sets, held, header, to) if to.version == V21 else _sets(sets, to))
    footer = root.find(qualified(to.version, "ftr:Footer"))
    return MetadataMessage(
        header=header,
        parts=parts,
        footer=tuple(FOOTER_MESSAGE.read(one, to) for one in footer) if footer is not None else (),
    )


def _header(held: Element, to: Reading) -> Header:
    plain = copy.deepcopy(held)
    for name in _OF_METADATA:
        for child in plain.findall(qualified(to.version, name)):
            plain.remove(child)
    header: Header = HEADER.read(plain, to)
    return header


def _sets(sets: list[Element], to: Reading) -> Iterator[MetadataPart]:
    for element in sets:
        for attribute in list(element.iter(qualified(to.version, "met:Attribute"))):
            _split(attribute, to)
        reported: MetadataSet = METADATA_SET.read(element, to)
        yield MetadataPart(metadata_set=reported, row=line_of(element))


def _split(attribute: Element, to: Reading) -> None:
    """Make an attribute with several values (3.0) as many attributes; the first keeps all else that it has."""
    values = attribute.findall(qualified(to.version, "met:Value"))
    for value in reversed(values[1:]):
        attribute.remove(value)
        own = etree.Element(attribute.tag, {"id": attribute.get("id", "")})
        own.append(value)
        attribute.addnext(own)


def _reports(sets: list[Element], held: Element, header: Header, to: Reading) -> Iterator[MetadataPart]:
    abouts = dict(_abouts(held, to))
    provider = held.find(qualified(to.version, "mes:DataProvider"))
    own: Values = {}
    if provider is not None:
        Refers("provider", "mes:DataProvider", "DataProvider").read(provider, own, to)
    reporter = own["provider"].item if "provider" in own else header.sender.id
    for element in sets:
        found = SET_OF_REPORTS.read(element, to)
        for part in sets_of(found, abouts.get(found.structure_id), reporter):
            yield MetadataPart(metadata_set=part.metadata_set, flow=part.flow, row=line_of(element))


def _abouts(held: Element, to: Reading) -> Iterator[tuple[str, Reference]]:
    """The metadataflow or metadata structure of each ``structureID`` in the header."""
    for structure in held.findall(qualified(to.version, "mes:Structure")):
        for child in structure:
            row = next((row for row in _ABOUT if qualified(to.version, row.xml) == child.tag), None)
            if row is None:
                to.add("xml.unsupported", child, etree.QName(child).localname)
                continue
            values: Values = {}
            row.read(child, values, to)
            if "about" in values:
                yield structure.get("structureID", ""), values["about"]
