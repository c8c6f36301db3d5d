"""What a message holds: its structures and data sets, wherever the version puts them.

1.0 has ``data.structure``, the draft before it has everything at the root, 2.x has ``data.structures`` of which each
data set names one (field guides of data messages 1.0, 2.0.0 and 2.1.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

from sdmx_server.loading.api import Source
from sdmx_server.model.reference import Reference, parse_urn

from ..naming import expected, fits
from .parsing import Json, Number, Stop

_ACTIONS = {"Information": "M", "Append": "M", "Merge": "M", "Replace": "R", "Delete": "D"}
"""Without an action a data set informs (2.0) or is merged (2.1), which is one on input."""
_OTHER = ("metadataSets", "metadataStructures", "codelists", "dataStructures", "dataflows", "conceptSchemes")
_NAMING = ("Dataflow", "DataStructure", "ProvisionAgreement")


class DataSetAt(msgspec.Struct, frozen=True):
    """A data set: its object and pointer, that of its structure, and the action (M, R or D)."""

    held: Json
    path: str
    structure: Json
    structure_path: str
    action: str


class Message(msgspec.Struct, frozen=True):
    """A message: ``base`` is the pointer of what holds structures and data sets; ``modern`` from 2.0 on."""

    content: Json
    base: str
    modern: bool
    language: str


def message_of(source: Source, value: Any) -> Message:
    """The parts of a message. Findings: json-not-data, json-kind, json-error-message."""
    if not isinstance(value, dict):
        stop(source, "json-not-data", "/")
    errors = value.get("errors")
    if isinstance(errors, list) and errors and not _holds_data(value):
        first = errors[0] if isinstance(errors[0], dict) else {}
        stop(source, "json-error-message", "/errors/0", value=str(first.get("title") or first.get("code") or ""))
    inner = value.get("data")
    content, base = (inner, "/data") if isinstance(inner, dict) else (value, "")
    if "dataSets" not in content:
        other = next((key for key in _OTHER if key in content), None)
        stop(source, "json-kind" if other else "json-not-data", base or "/", value=other)
    meta = value.get("meta", value.get("header"))
    languages = meta.get("contentLanguages") if isinstance(meta, dict) else None
    language = str(languages[0]) if isinstance(languages, list) and languages else "en"
    return Message(content, base, "structures" in content, language)


def _holds_data(value: Json) -> bool:
    inner = value.get("data")
    return "dataSets" in value or (isinstance(inner, dict) and "dataSets" in inner)


def stop(source: Source, code: str, path: str, **about: Any) -> NoReturn:
    """Add a finding about a place and end the reading."""
    source.findings.add(code, file=source.name, path=path, **about)
    raise Stop


def child(source: Source, holder: Json, key: str, kind: type, path: str) -> Any:
    """What stands under a key, empty when nothing does. Finding: json-type."""
    value = holder.get(key)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        stop(source, "json-type", f"{path}/{key}", wanted=kind.__name__)
    return value


def data_sets(source: Source, message: Message) -> Iterator[DataSetAt]:
    """The data sets with their structures. Findings: json-type, json-structure, action-unknown, structure-wrong."""
    content, base = message.content, message.base
    for number, held in enumerate(child(source, content, "dataSets", list, base)):
        path = f"{base}/dataSets/{number}"
        if not isinstance(held, dict):
            stop(source, "json-type", path, wanted="dict")
        where = f"{base}/structure"
        structure = content.get("structure")
        if message.modern:
            structures = child(source, content, "structures", list, base)
            index = held.get("structure", Number("0"))
            known = isinstance(index, Number) and index.isdecimal() and int(index) < len(structures)
            if not known:
                stop(source, "json-structure", f"{path}/structure", value=str(index), most=len(structures))
            structure, where = structures[int(index)], f"{base}/structures/{index}"
        if not isinstance(structure, dict):
            stop(source, "json-missing", base or "/", key="structure")
        action = held.get("action", "Information")
        if action not in _ACTIONS:
            stop(source, "action-unknown", f"{path}/action", value=str(action))
        _check_structure(source, (*_references(structure), *_references(held)), where)
        yield DataSetAt(held, path, structure, where, _ACTIONS[action])


def references(message: Message) -> tuple[Reference, ...]:
    """What the message says its data are of: dataflows, or else data structures or provision agreements."""
    content = message.content
    holders = [content.get("structure"), *(content.get("structures") or ()), *(content.get("dataSets") or ())]
    found = dict.fromkeys(one for holder in holders if isinstance(holder, dict) for one in _references(holder))
    for kind in _NAMING:
        if some := tuple(one for one in found if one.kind == kind):
            return some
    return ()


def _references(holder: Json) -> Iterator[Reference]:
    links = holder.get("links")
    for link in links if isinstance(links, list) else ():
        urn = link.get("urn") if isinstance(link, dict) else None
        if isinstance(urn, str):
            try:
                found = parse_urn(urn)
            except ValueError:
                continue
            if found.kind in _NAMING:
                yield found


def _check_structure(source: Source, found: tuple[Reference, ...], path: str) -> None:
    schema = source.structure
    for kind, artefact in (("Dataflow", schema.dataflow), ("DataStructure", schema.structure)):
        named = [one for one in found if one.kind == kind]
        if named and artefact is not None:
            wrong = [one for one in named if not fits(artefact, one.agency, one.id, one.version)]
            if wrong:
                stop(source, "structure-wrong", path, value=wrong[0].short, expected=expected(schema))
            return
