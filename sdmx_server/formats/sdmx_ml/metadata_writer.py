"""Writing messages of reference metadata of SDMX-ML 2.1 (generic and structure-specific), 3.0 and 3.1, set by set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from ...model.message import Header
from ...model.metadataset import MetadataSet
from ...model.reference import Reference, reference_to
from ...model.resolved_metadata import MetadataMessage, MetadataPart
from ..api import WriteOptions
from ..gaps import expressible
from ..gaps.footer import told
from .engine import Element, Writing, sub
from .metadata_reports import reports_of
from .metadata_specific import ROOT, to_specific
from .rows_reference import put_reference
from .structure_writer import Sink, footer_of
from .tables_message import HEADER
from .tables_metadataset import METADATA_SET, SET_OF_REPORTS
from .versions import NAMESPACES, V21, V31, qualified

_REFERRED = {"MetadataStructure": "com:Structure"}
"""How a header refers to what reports are about; to metadataflows by ``StructureUsage``."""


def _prefixes(version: str) -> dict[str, str]:
    return {name: NAMESPACES[version][name] for name in ("mes", "met", "com")}


def _element(name: str, to: Writing) -> Element:
    return etree.Element(qualified(to.version, name), nsmap=_prefixes(to.version))


def _structure_ids(message: MetadataMessage) -> dict[Reference, str]:
    """The ``structureID`` of each metadataflow in a message."""
    found: dict[Reference, str] = {}
    for flow in map(_about, message.parts):
        if flow is not None and flow not in found:
            name = re.sub(r"[^A-Za-z0-9_.-]", "_", flow.id)
            name = name if re.match("[A-Za-z_]", name) else f"_{name}"
            found[flow] = f"{name}.{len(found) + 1}" if name in found.values() else name
    return found


def _about(part: MetadataPart) -> Reference | None:
    """What a set follows: its metadataflow at its exact version, or as a message that was read names it."""
    return part.flow or part.metadata_set.metadataflow


def _header(header: Header, ids: dict[Reference, str], to: Writing, *, specific: bool) -> Element:
    node = _element("mes:Header", to)
    HEADER.write(header, node, to)
    first = next((child for child in node if child.tag == qualified(to.version, "mes:Source")), None)
    place = len(node) if first is None else node.index(first)
    for number, (flow, name) in enumerate(ids.items()):
        structure = _element("mes:Structure", to)
        structure.set("structureID", name)
        if specific:
            structure.set("namespace", flow.urn)
        put_reference(sub(structure, _REFERRED.get(flow.kind, "com:StructureUsage"), to), flow, to)
        node.insert(place + number, structure)
    return node


def _set(part: MetadataPart, ids: dict[Reference, str], to: Writing) -> Element:
    node = _element("mes:MetadataSet", to)
    held = cast("MetadataSet", expressible(part.metadata_set, to.version))  # no gap leaves a set out
    if to.version == V21:
        changed = MetadataPart(metadata_set=held, structure=part.structure)
        about = _about(part)
        SET_OF_REPORTS.write(reports_of(changed, ids[about] if about else ""), node, to)
    else:
        METADATA_SET.write(held, node, to)
    if to.left_out and to.version == V31:
        node.set("isPartialLanguage", "true")
    return node


def _specific(part: MetadataPart, ids: dict[Reference, str], to: Writing) -> Element:
    namespace = _about(part) or reference_to(part.metadata_set)
    return to_specific(_set(part, ids, to), namespace.urn, part.structure.attributes if part.structure else ())


def write_metadata(
    message: MetadataMessage, options: WriteOptions, version: str, *, specific: bool = False
) -> Iterator[bytes]:
    """Write the message in ``version`` (2.1, 3.0 or 3.1), valid against its XSD: a chunk for each set.

    ``specific``, of 2.1 only: valid against the schema of the metadataflow (``metadata_schema``).

    All texts in all languages, or each in the best of ``options.languages``. What the version cannot express is left
    out as ``formats.gaps`` lists it, and the footer says so.
    """
    ids = _structure_ids(message)
    sink = Sink()
    with etree.xmlfile(sink, encoding="UTF-8", buffered=False) as out:
        out.write_declaration()
        root = ROOT if specific else qualified(version, "mes:GenericMetadata")
        written = _specific if specific else _set
        with out.element(root, nsmap=_prefixes(version)):
            out.write(_header(message.header, ids, Writing(version), specific=specific))
            for part in message.parts:
                out.write(written(part, ids, Writing(version, options.languages)))
                yield sink.take()
            footer = (*message.footer, *told((part.metadata_set for part in message.parts), version))
            if footer:
                out.write(footer_of(footer, version))
    yield sink.take()
