"""Writing structure, availability and error messages of SDMX-ML 3.0 and 3.1, artefact by artefact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from lxml import etree

from ...model.common import Annotation, Maintainable
from ...model.constraint import CubeRegion, DataConstraint
from ...model.message import FooterMessage, Header, StructureMessage
from ...model.reference import reference_to
from ..api import AvailabilityMessage, ErrorEntry, WriteOptions
from ..gap_footer import told
from ..gaps import expressible
from .engine import Element, Shape, Writing, sub
from .rows import clean
from .tables_constraint import AVAILABILITY
from .tables_message import FOOTER_MESSAGE, HEADER, SECTIONS
from .versions import NAMESPACES, V30, V31, XML_LANG, qualified

_METRICS = "sdmx_metrics"
_MOST_COUNT = 2**31 - 1  # xs:int
_Group = tuple[str, str, Shape, list[Maintainable]]


class _Sink:
    """Collects what lxml writes until it is handed on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._parts.append(data)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _prefixes(version: str, *names: str) -> dict[str, str]:
    return {name: NAMESPACES[version][name] for name in names}


def _element(version: str, name: str) -> Element:
    return etree.Element(qualified(version, name), nsmap=_prefixes(version, "mes", "str", "com"))


def _groups(artefacts: Sequence[Maintainable], version: str) -> list[_Group]:
    """The artefacts as far as the version can express them, by kind, in the order of the sections.

    Where a kind has no versions, the last one given stands for all versions of an artefact.
    """
    held = [one for artefact in artefacts if (one := expressible(artefact, version)) is not None]
    written = list({reference_to(one): one for one in held}.values())
    groups: list[_Group] = []
    for section in SECTIONS:
        ours = [artefact for artefact in written if artefact.kind == section.kind]
        if ours:
            groups.append((*section.elements[version], section.shape, ours))
    return groups


def _artefact(artefact: Maintainable, name: str, shape: Shape, version: str, options: WriteOptions) -> Element:
    node = _element(version, name)
    to = Writing(version, options.languages)
    shape.write(artefact, node, to)
    if to.left_out and version == V31:
        node.set("isPartialLanguage", "true")
    return node


def _header(header: Header, version: str) -> Element:
    node = _element(version, "mes:Header")
    HEADER.write(header, node, Writing(version))
    return node


def _footer(footer: Sequence[FooterMessage], version: str) -> Element:
    node = etree.Element(qualified(version, "ftr:Footer"), nsmap=_prefixes(version, "ftr", "com"))
    to = Writing(version)
    for message in footer:
        FOOTER_MESSAGE.write(message, sub(node, "ftr:Message", to), to)
    return node


def _stream(
    version: str, header: Header, groups: Iterator[tuple[str, Iterator[Element]]], footer: Sequence[FooterMessage]
) -> Iterator[bytes]:
    """The message: a chunk for the head, one for each artefact, one for the end."""
    sink = _Sink()
    with etree.xmlfile(sink, encoding="UTF-8", buffered=False) as out:
        out.write_declaration()
        with out.element(qualified(version, "mes:Structure"), nsmap=_prefixes(version, "mes", "str", "com")):
            out.write(_header(header, version))
            with out.element(qualified(version, "mes:Structures")):
                for container, elements in groups:
                    with out.element(qualified(version, container)):
                        for element in elements:
                            out.write(element)
                            yield sink.take()
            if footer:
                out.write(_footer(footer, version))
    yield sink.take()


def write_structures(message: StructureMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write the message in ``version`` (3.0 or 3.1), valid against its XSD, with URNs.

    All texts in all languages, or each in the best of ``options.languages``. What the version cannot express is left
    out as ``formats.gaps`` lists it, and the footer says so.
    """
    groups = (
        (container, (_artefact(one, name, shape, version, options) for one in held))
        for container, name, shape, held in _groups(message.artefacts, version)
    )
    yield from _stream(version, message.header, groups, (*message.footer, *told(message.artefacts, version)))


def _metrics(message: AvailabilityMessage) -> tuple[Annotation, ...]:
    counts = (("obs_count", message.observations), ("series_count", message.series))
    return tuple(Annotation(id=name, type=_METRICS, title=str(count)) for name, count in counts if count is not None)


def _availability(message: AvailabilityMessage, options: WriteOptions) -> Element:
    """The 3.1 element. A count that its 32 bits cannot hold stands in an annotation, as it does in 3.0."""
    held = message.constraint
    counts = {"seriesCount": message.series, "obsCount": message.observations}
    small = all(count is None or count <= _MOST_COUNT for count in counts.values())
    attachment = held.attachment
    if attachment is not None:
        attachment = msgspec.structs.replace(attachment, references=attachment.references[:1])
    region = msgspec.structs.replace(
        held,
        attachment=attachment,
        cube_regions=held.cube_regions[:1] or (CubeRegion(),),
        annotations=held.annotations if small else (*held.annotations, *_metrics(message)),
    )
    node = _element(V31, "str:AvailabilityConstraint")
    AVAILABILITY.table.put(region, node, Writing(V31, options.languages))
    for name, count in counts.items():
        if small and count is not None:
            node.set(name, str(count))
    return node


def write_availability(message: AvailabilityMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write what is available, the counts, and the artefacts that were asked for with it.

    3.1 has ``AvailabilityConstraint`` for it; in 3.0 it is an actual data constraint whose counts are annotations of
    the type ``sdmx_metrics``, ids ``obs_count`` and ``series_count``, the count as title (REST, availability queries).
    """
    if version == V30:
        constraint: DataConstraint = msgspec.structs.replace(
            message.constraint, role="Actual", annotations=(*message.constraint.annotations, *_metrics(message))
        )
        whole = StructureMessage(header=message.header, artefacts=(*message.artefacts, constraint))
        yield from write_structures(whole, options, version)
        return
    groups = [
        (container, (_artefact(one, name, shape, version, options) for one in held))
        for container, name, shape, held in _groups(message.artefacts, version)
    ]
    availability = ("str:AvailabilityConstraints", iter([_availability(message, options)]))
    yield from _stream(version, message.header, iter([*groups, availability]), ())


def write_error(entries: Sequence[ErrorEntry], version: str) -> bytes:
    """An SDMX-ML error message with one ``ErrorMessage`` for each entry."""
    root = etree.Element(qualified(version, "mes:Error"), nsmap=_prefixes(version, "mes", "com"))
    to = Writing(version)
    for entry in entries:
        node = sub(root, "mes:ErrorMessage", to)
        node.set("code", str(entry.code))
        for tag, text in entry.texts.items():
            child = sub(node, "com:Text", to)
            child.set(XML_LANG, tag)
            child.text = clean(text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
