"""The envelope of structure messages: version and kind of a message, its ``meta``, the head of what is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ...model.common import International, Maintainable
from ...model.message import Header, Party
from ...model.representation import TextFormat
from ...remembered import Remembered, Same
from ..gaps.changes_json import moment
from ..texts import DEFAULT_LANGUAGE, best_language
from .engine import ALL, PLAIN, V10, V20, V21, Field, Json, Place, Reading, Row, Writing, many, texts
from .identity import ID
from .organisation import PARTY
from .problems import refused
from .validation import is_valid

SCHEMA_URIS = {
    V10: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/1.0/"
    "sdmx-json-structure-schema.json",
    V20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json",
    V21: "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json",
}
METADATA_SCHEMA_URIS = {version: uri.replace("structure", "metadata") for version, uri in SCHEMA_URIS.items()}
_HELD = 16 * 1024 * 1024
_AN_ITEM = 1_000
"""Bytes of artefacts whose languages are kept, and about how many an item of them takes."""

_Tags = tuple[str, ...]
"""The language tags of one text, in its order."""

_known: Remembered[tuple[_Tags, ...]] = Remembered(_HELD)

_MIXED_CASE = frozenset(("en-GB-oed", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE"))
_SECTIONS = {"data": "dataSets", "metadata": "metadataSets"}
"""Where in ``data`` messages that are no structure messages have their content."""
_KINDS = ("structure", *_SECTIONS)
_NO_HEADER = Header(id="unnamed", prepared="1970-01-01T00:00:00Z", sender=Party(id="unknown"))
_META: tuple[Row, ...] = (
    ID,
    Field("test", "test", PLAIN, always=True),
    texts("name", "names"),
    Field("sender", "sender", PARTY),
    many("receivers", "receivers", PARTY),
)


def detect_version(message: Any, file: str, expected: str = "structure") -> str:
    """The version of SDMX-JSON that a message is in: by ``$schema``, by ``meta.schema``, else by what it fits.

    Refuses what is no message of the kind that is ``expected``, ``structure`` or ``metadata``: another message, another
    version, no message at all.
    """
    if not isinstance(message, dict) or not message.keys() & {"meta", "data", "errors", "$schema"}:
        raise refused("json.not-a-message", file, expected=expected)
    meta, data = message.get("meta"), message.get("data")
    declared = message.get("$schema") or (meta.get("schema") if isinstance(meta, dict) else None)
    if isinstance(declared, str):
        kind = re.search(r"sdmx-json-([a-z]+)-schema", declared)
        if kind is not None and kind[1] in _KINDS and kind[1] != expected:
            raise refused("json.message-type", file, path="/$schema", value=declared, found=kind[1], expected=expected)
        version = re.search(r"/(\d+\.\d+)(?:\.\d+)?/", declared)
        if version is not None:
            found = next((known for known in ALL if known.startswith(version[1] + ".")), None)
            if found is None:
                raise refused("json.version", file, value=declared)
            _refuse_other_content(data, file, expected)
            return found
    _refuse_other_content(data, file, expected)
    return V21 if "$schema" in message or is_valid(message, V21, expected) else V20


def _refuse_other_content(data: Any, file: str, expected: str) -> None:
    if not isinstance(data, dict):
        return
    for found, key in _SECTIONS.items():
        if key in data and found != expected:
            raise refused("json.message-type", file, path=f"/data/{key}", found=found, expected=expected)


def message_language(message: Json) -> str:
    """The language of single texts: the first of ``meta.contentLanguages``, else English."""
    languages = message.get("meta", {}).get("contentLanguages")
    return str(languages[0]) if languages else DEFAULT_LANGUAGE


def read_header(message: Json, of: Reading) -> Header:
    """The header of a message; its links and its further members are not part of the model."""
    meta = message.get("meta")
    if meta is None:
        return _NO_HEADER
    fields: Json = {}
    for row in _META:
        row.read(meta, fields, Place() / "meta", of)
    schema = message.get("$schema") or meta.get("schema")
    return Header(prepared=meta["prepared"], schema_uri=schema, **fields)


def head(
    header: Header,
    artefacts: Iterable[Any],
    to: Writing,
    self_url: str = "",
    schemas: Mapping[str, str] = SCHEMA_URIS,
) -> Json:
    """The members of a message before ``data``: ``$schema`` (from 2.1 on) and ``meta``."""
    meta: Json = {"schema": schemas[to.version], "prepared": moment(header.prepared)}
    languages = content_languages((header, *artefacts), to)
    if languages:
        meta["contentLanguages"] = languages
    for row in _META:
        row.write(header, meta, to)
    if self_url:
        meta["links"] = [{"rel": "self", "href": self_url}]
    return {"$schema": schemas[V21], "meta": meta} if to.version == V21 else {"meta": meta}


def content_languages(values: Iterable[Any], to: Writing) -> list[str]:
    """The languages that the texts in model values are written in, the most wanted first.

    Where languages are wanted, each text is written in its best match alone. Before 2.1 the tags are in lower case.
    """
    found: dict[_Tags, None] = {}
    for value in values:
        if isinstance(value, Maintainable):
            found.update(dict.fromkeys(_texts(value)))
        else:
            _collect(value, found)
    written = (tag for tags in found for tag in _written(tags, to.languages))
    tags = list(dict.fromkeys(_lower(tag) if to.version != V21 else tag for tag in written))
    wanted = [language.lower() for language in to.languages] or [DEFAULT_LANGUAGE]
    rank = {tag: wanted.index(tag.lower()) if tag.lower() in wanted else len(wanted) for tag in tags}
    return sorted(tags, key=lambda tag: (rank[tag], tag))


def _written(tags: _Tags, languages: Sequence[str]) -> _Tags:
    best = best_language(dict.fromkeys(tags, ""), languages) if languages else None
    return tags if best is None else (best,)


def _texts(artefact: Maintainable) -> tuple[_Tags, ...]:
    """The tags of the texts of an artefact; looked for once, as the store gives the same object again and again."""
    key = Same(artefact)
    tags = _known.get(key)
    if tags is None:
        found: dict[_Tags, None] = {}
        _collect(artefact, found)
        tags = tuple(found)
        _known.put(key, tags, _AN_ITEM * (10 + len(getattr(artefact, "items", ()))))
    return tags


def _lower(tag: str) -> str:
    """A tag in lower case, except those old ones that the schemas spell out."""
    return tag if tag in _MIXED_CASE else tag.lower()


def _collect(value: Any, found: dict[_Tags, None]) -> None:
    """Gather the tags of the texts below a value. Facets are the only mapping from text to text that is none."""
    if isinstance(value, TextFormat):
        _collect(value.sentinels, found)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            held = getattr(value, name)
            if held and not isinstance(held, str):
                _collect(held, found)
    elif isinstance(value, tuple):
        for member in value:
            _collect(member, found)
    elif isinstance(value, dict):
        _collect_mapping(value, found)


def _collect_mapping(value: International | dict[str, Any], found: dict[_Tags, None]) -> None:
    tags = tuple(key for key, held in value.items() if isinstance(held, str))
    if tags:
        found[tags] = None
    if len(tags) < len(value):
        for held in value.values():
            if not isinstance(held, str):
                _collect(held, found)
