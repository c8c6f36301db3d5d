"""Writing SDMX-JSON structure messages 1.0.0, 2.0.0 and 2.1.0: one artefact after the other, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import orjson

from ...model.common import Maintainable
from ...model.counterparts import of_generation
from ...model.finality import with_flag
from ...model.message import FooterMessage, Header, Party, StructureMessage
from ...model.reference import reference_to
from ..api import WriteOptions
from ..gaps.footer import told
from ..gaps.gap import JSON
from ..gaps.versions import expressible_once
from ..printed import printed
from . import envelope
from .engine import EXTENSION, GENERATIONS, V10, V21, Json, Writing
from .sections import SECTIONS, by_section, section_of

_CHUNK = 64 * 1024  # bytes; small artefacts are gathered so that a message is not thousands of tiny pieces


def encode(artefact: Maintainable, to: Writing) -> Json:
    """The JSON object of one artefact."""
    to.owner, to.parents, to.cut = reference_to(artefact).short, [], False
    said = with_flag(artefact) if to.version == V10 else artefact
    out = section_of(said, to.version).table.write(said, to)
    if to.cut and to.version == V21:
        out["isPartialLanguage"] = True
    return out


def write_structures(message: StructureMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write a structure message; ``version`` is ``1.0.0``, ``2.0.0`` or ``2.1.0``.

    With ``options.languages`` every text is cut to its best match, and 2.1 says so at the artefact. The order is that
    of the kinds, then of the references, so that the same artefacts always give the same bytes. What the version cannot
    express is left out as ``formats.gaps`` lists it, and ``meta`` says so, where all versions allow keys of their
    makers: ``x-sdmx-ml-footer``, each with code and texts as the footer of SDMX-ML has them.
    """
    to = Writing(version, options.languages, options.base_url)
    yield from gathered(message_pieces(message, to, options.self_url))


def message_pieces(message: StructureMessage, to: Writing, self_url: str) -> Iterator[bytes]:
    """A structure message in small pieces; ``self_url`` is where it was asked for."""
    said = of_generation(message.artefacts, GENERATIONS[to.version])
    there = [one for one in said if section_of(one, to.version).key_in(to.version) is not None]
    head = envelope.head(message.header, there, to, self_url)
    head["meta"].update(footer((*message.artefacts, *message.origins, *said), to.version, message.footer))
    yield orjson.dumps(head)[:-1] + b',"data":{'
    yield from sections(said, to)
    yield b"}}"


def footer(concerned: Iterable[Maintainable], version: str, said: Iterable[FooterMessage] = ()) -> Json:
    """The member of ``meta`` that tells what a version leaves out of artefacts (``formats.gaps``), if anything.

    ``concerned``: the artefacts, those that they came from, and as they are in the generation; ``said`` comes first.
    """
    lost = (*said, *told({id(one): one for one in concerned}.values(), GENERATIONS[version], JSON))
    texts = [{"code": one.code, "severity": one.severity or "Information", "texts": one.texts} for one in lost]
    return {EXTENSION + "footer": texts} if texts else {}


def sections(artefacts: Sequence[Maintainable], to: Writing) -> Iterator[bytes]:
    """The members of ``data``, one piece for each artefact that the version can express (``formats.gaps``)."""
    first = True
    how = ("json", to.version, tuple(to.languages), to.base_url)
    held_by = by_section(of_generation(artefacts, GENERATIONS[to.version]), to.version)
    for section in SECTIONS:
        key = section.key_in(to.version)
        if key is None:
            continue
        opening = b"%s%s:[" % (b"" if first else b",", orjson.dumps(key))
        ours = sorted(held_by.get(section.cls, ()), key=reference_to)
        for _, held in expressible_once(ours, GENERATIONS[to.version], JSON).values():
            yield opening + printed(held, how, partial(_printed, held, to))
            opening, first = b",", False
        if opening == b",":
            yield b"]"


def _printed(artefact: Maintainable, to: Writing) -> bytes:
    return orjson.dumps(encode(artefact, to))


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, small ones joined."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= _CHUNK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def write_pretty(artefact: Maintainable) -> bytes:
    """One artefact as a file to keep: an SDMX-JSON 2.1 structure message, indented by two, ending in a line break.

    Nothing is left out: what only SDMX-ML has a place for is in extension keys. The same artefact always gives the same
    bytes: the header names the artefact and its agency, and no time.
    """
    sender = Party(id=artefact.agency.replace(".", "_"))
    header = Header(id=artefact.id, prepared="1970-01-01T00:00:00Z", sender=sender)
    to = Writing(V21)
    message: dict[str, Any] = envelope.head(header, (artefact,), to)
    message["data"] = {section_of(artefact, V21).key_in(V21): [encode(artefact, to)]}
    return orjson.dumps(message, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
