"""SDMX-JSON structure messages 1.0.0, 2.0.0 and 2.1.0: the reader, and the formats that are offered.

Reading is strict: the official schema judges first, then the tables, and what the model has no place for refuses the
whole message with its JSON pointer. What products write amiss with a clear meaning is mended (``lenient``).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from ...errors import Problem
from ...model.common import Maintainable
from ...model.finality import from_flag
from ...model.message import StructureMessage
from ...model.reference import reference_to
from ..api import Format
from . import envelope
from .availability import write_availability
from .engine import EXTENSION, GENERATIONS, V10, V20, V21, Json, Place, Reading, Table
from .error_message import write_error
from .lenient import Attempt, attempts, read_at_best
from .sections import SECTIONS, owner
from .structure_writer import write_pretty, write_structures
from .syntax import parse, read_bytes
from .validation import capped, known_sections

__all__ = ["FORMATS", "read_structures", "write_pretty", "write_structures"]

MEDIA_TYPE = "application/vnd.sdmx.structure+json"


def read_structures(stream: BinaryIO, name: str) -> StructureMessage:
    """Read a structure message of any version from a stream that is called ``name`` in findings.

    Raises ``Refused`` with every finding: what is no JSON, no structure message, not valid by the official schema, or
    holds what this server does not store.
    """
    content = read_bytes(stream, name)
    message = parse(content, name)
    version = envelope.detect_version(message, name)
    extended = EXTENSION.encode() in content

    def read(attempt: Attempt) -> tuple[StructureMessage, list[Problem]]:
        of = Reading(attempt.version, envelope.message_language(message), name)
        found = _message(attempt.message, of, extended)
        return msgspec.structs.replace(found, remarks=attempt.remarks), capped(of.problems, name)

    return read_at_best(attempts(message, version, name), read)


def _message(message: Json, of: Reading, extended: bool) -> StructureMessage:
    if message.get("errors"):
        of.report("json.errors", Place() / "errors", message["errors"][0].get("title"))
    _refuse_unknown_members(message, of)
    artefacts = tuple(_artefacts(message.get("data", {}), of, extended))
    return StructureMessage(header=envelope.read_header(message, of), artefacts=artefacts)


def _refuse_unknown_members(message: Json, of: Reading) -> None:
    for key in message.keys() - {"$schema", "meta", "data", "errors"}:
        if not key.startswith("x-"):
            of.report("json.unknown-key", Place() / key, key=key, version=of.version)
    stored = {section.key_in(of.version) for section in SECTIONS}
    for key in message.get("data", {}):
        if key in stored or key.startswith("x-"):
            continue
        code = "json.unsupported-kind" if key in known_sections(of.version) else "json.unknown-key"
        of.report(code, Place() / "data" / key, key=key, version=of.version)


def _artefacts(data: Json, of: Reading, extended: bool) -> Iterator[Maintainable]:
    seen = set()
    for section in SECTIONS:
        key = section.key_in(of.version)
        if key is None:
            continue
        place = Place() / "data" / key
        for index, source in enumerate(_objects(data, key, of)):
            of.owner = owner(source)
            below = place / index
            table = section.table
            artefact = _read_extended(table, source, below, of) if extended else table.read(source, below, of)
            if artefact is None:
                continue
            artefact = from_flag(artefact) if of.version == V10 else artefact
            reference = reference_to(artefact)
            if reference in seen:
                of.report("json.duplicate-artefact", place / index, key=reference.short)
            seen.add(reference)
            yield artefact


def _objects(data: Json, key: str, of: Reading) -> list[Json]:
    """The objects under a key; of an extension, which the schema does not judge, only if it is a list of them."""
    held: Any = data.get(key, [])
    if isinstance(held, list) and all(isinstance(one, dict) for one in held):
        return held
    of.report("json.extension", Place() / "data" / key, reason="expected a list of objects")
    return []


def _read_extended(table: Table, source: Json, place: Place, of: Reading) -> Any:
    """The artefact of an object that may hold extensions; None, with a finding, when one does not hold what it should.

    The schema lets anything stand in an extension, so that types and required keys are checked here.
    """
    known = len(of.problems)
    try:
        artefact = table.read(source, place, of)
        if len(of.problems) == known:
            msgspec.msgpack.decode(msgspec.msgpack.encode(artefact), type=type(artefact))
    except (TypeError, AttributeError, KeyError, OverflowError, msgspec.ValidationError) as error:
        of.parents.clear()
        of.report("json.extension", place, reason=str(error))
        return None
    return artefact


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-json-{version.removesuffix('.0')}-structure",
        kind="structure",
        media_type=MEDIA_TYPE,
        version=version,
        generation=GENERATIONS[version],
        family=("jsonstructure", "json"),
        extension="json",
        generic=("application/json",),
        charset=False,
        write_structures=functools.partial(write_structures, version=version),
        write_availability=functools.partial(write_availability, version=version),
        write_error=functools.partial(write_error, version=version),
        read_structures=read_structures,
    )


FORMATS: tuple[Format, ...] = (_format(V21), _format(V20), _format(V10))
"""The structure formats, the newest first; every one reads all versions."""
