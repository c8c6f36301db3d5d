"""Writing structure, availability and error messages of SDMX-ML 2.1, 3.0 and 3.1, artefact by artefact."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
from lxml import etree

from ...model.codelist import message_class
from ...model.common import Maintainable
from ...model.constraint import CubeRegion
from ...model.counterparts import of_generation
from ...model.finality import with_flag
from ...model.message import Available, FooterMessage, Header, StructureMessage
from ..api import AvailabilityMessage, ErrorEntry, WriteOptions
from ..availability import as_structures, metrics
from ..gaps.footer import told
from ..gaps.pinned import pinned
from ..gaps.versions import expressible_once
from ..printed import printed
from .engine import Element, Shape, Writing, sub
from .rows import clean
from .tables_constraint import AVAILABILITY
from .tables_message import FOOTER_MESSAGE, HEADER, sections
from .versions import NAMESPACES, V21, V31, XML_LANG, qualified

_MOST_COUNT = 2**31 - 1  # xs:int
_Container = tuple[str, Iterator[bytes]]


class _Group(NamedTuple):
    """Artefacts of one kind: the elements that hold them and that they are, and their shape."""

    container: str
    element: str
    shape: Shape
    artefacts: list[Maintainable]


class Sink:
    """Collects what lxml writes until it is handed on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take what lxml has written."""
        self._parts.append(data)

    def take(self) -> bytes:
        """What came since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _prefixes(version: str, *names: str) -> dict[str, str]:
    return {name: NAMESPACES[version][name] for name in names}


def _element(version: str, name: str) -> Element:
    return etree.Element(qualified(version, name), nsmap=_prefixes(version, "mes", "str", "com"))


def _groups(artefacts: Sequence[Maintainable], version: str) -> list[_Group]:
    """What is written of the artefacts, by kind, in the order of the sections."""
    once = expressible_once(of_generation(artefacts, version), version)
    written = [held for _, held in once.values()]
    groups: list[_Group] = []
    for section in sections(version):
        ours = [artefact for artefact in written if message_class(artefact) == section.kind]
        if ours:
            groups.append(_Group(*section.elements[version], section.shape, ours))
    return groups


def _containers(groups: Iterable[_Group], version: str, options: WriteOptions) -> Iterator[_Container]:
    """The printed artefacts of the groups, those in a common container together."""
    for container, held in itertools.groupby(groups, lambda group: group.container):
        yield (
            container,
            (_printed(one, group, version, options) for group in held for one in group.artefacts),
        )


def _printed(artefact: Maintainable, group: _Group, version: str, options: WriteOptions) -> bytes:
    """The element of an artefact, which names its own namespaces and so is the same in every message."""
    how = ("xml", version, group.element, tuple(options.languages))
    make = partial(_artefact, artefact, group.element, group.shape, version, options)
    return printed(artefact, how, lambda: _bytes(make()))


def _bytes(node: Element) -> bytes:
    return etree.tostring(node, encoding="UTF-8", xml_declaration=False)


def _artefact(artefact: Maintainable, name: str, shape: Shape, version: str, options: WriteOptions) -> Element:
    node = _element(version, name)
    to = Writing(version, options.languages)
    shape.write(with_flag(artefact) if version == V21 else artefact, node, to)
    if to.left_out and version == V31:
        node.set("isPartialLanguage", "true")
    return node


def _header(header: Header, version: str) -> Element:
    node = _element(version, "mes:Header")
    HEADER.write(header, node, Writing(version))
    return node


def footer_of(footer: Sequence[FooterMessage], version: str) -> Element:
    """The footer of a message."""
    node = etree.Element(qualified(version, "ftr:Footer"), nsmap=_prefixes(version, "ftr", "com"))
    to = Writing(version)
    for message in footer:
        FOOTER_MESSAGE.write(message, sub(node, "ftr:Message", to), to)
    return node


def _stream(
    version: str, header: Header, containers: Iterable[_Container], footer: Sequence[FooterMessage]
) -> Iterator[bytes]:
    """The message: a chunk for the head, one for each artefact, one for the end."""
    sink = Sink()
    with etree.xmlfile(sink, encoding="UTF-8", buffered=False) as out:
        out.write_declaration()
        with out.element(qualified(version, "mes:Structure"), nsmap=_prefixes(version, "mes", "str", "com")):
            out.write(_header(header, version))
            with out.element(qualified(version, "mes:Structures")):
                for container, elements in containers:
                    with out.element(qualified(version, container)):
                        for element in elements:
                            sink.write(element)
                            yield sink.take()
            if footer:
                out.write(footer_of(footer, version))
    yield sink.take()


def write_structures(message: StructureMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write the message in ``version`` (2.1, 3.0 or 3.1), valid against its XSD, with URNs.

    All texts in all languages, or each in the best of ``options.languages``. What the version cannot express is left
    out as ``formats.gaps`` lists it, and the footer says so.
    """
    artefacts = pinned(message.artefacts) if version == V21 else message.artefacts
    containers = _containers(_groups(artefacts, version), version, options)
    concerned = {id(one): one for one in (*artefacts, *message.origins, *of_generation(artefacts, version))}
    footer = (*message.footer, *told(concerned.values(), version))
    yield from _stream(version, message.header, containers, footer)


def _availability(available: Available, options: WriteOptions) -> Element:
    """The 3.1 element. A count that its 32 bits cannot hold stands in an annotation, as it does in 3.0."""
    held = available.constraint
    counts = {"seriesCount": available.series, "obsCount": available.observations}
    small = all(count is None or count <= _MOST_COUNT for count in counts.values())
    attachment = held.attachment
    if attachment is not None:
        attachment = msgspec.structs.replace(attachment, references=attachment.references[:1])
    region = msgspec.structs.replace(
        held,
        attachment=attachment,
        cube_regions=held.cube_regions[:1] or (CubeRegion(),),
        annotations=held.annotations if small else (*held.annotations, *metrics(available)),
    )
    node = _element(V31, "str:AvailabilityConstraint")
    AVAILABILITY.table.put(region, node, Writing(V31, options.languages))
    for name, count in counts.items():
        if small and count is not None:
            node.set(name, str(count))
    return node


def write_availability(message: AvailabilityMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write what is available, the counts, and the artefacts that were asked for with it.

    3.1 has ``AvailabilityConstraint`` for it; before, it is an actual constraint (``formats.availability``).
    """
    if version != V31:
        yield from write_structures(as_structures(message, version), options, version)
        return
    containers = _containers(_groups(message.artefacts, version), version, options)
    elements = iter([_bytes(_availability(one, options)) for one in message.available])
    availability = ("str:AvailabilityConstraints", elements)
    footer = told(message.artefacts, version)
    yield from _stream(version, message.header, itertools.chain(containers, [availability]), footer)


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
