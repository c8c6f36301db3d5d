# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""SDMX-JSON metadata messages 2.0.0 and 2.1.0: the tables, the reader and the writer (field guide of 2.1.0).

A value is a number or a truth value where the metadata structure has such a type, a text, or an object of texts by
language. In stubs a set lacks what the official schema requires of every set: it has no place for them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

import msgspec
import orjson

from ...errors import Problem
from ...model.metadataset import MetadataSet, ReferenceValue, Report, ReportedAttribute
from ...model.reference import reference_to
from ...model.resolved_metadata import MetadataMessage, MetadataPart
from ..api import Format, WriteOptions
from ..gaps import expressible
from ..gaps.gap import JSON
from ..text_formats import BASIC
from ..texts import best_language
from . import envelope
from .engine import (
    ALL,
    EXTENSION,
    GENERATIONS,
    PLAIN,
    URN,
    V10,
    V20,
    V21,
    Codec,
    Field,
    Json,
    Many,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    extension,
    many,
)
from .identity import ANNOTATIONS, ID, Children, Links, address
from .lenient import Attempt, attempts, read_at_best
from .maintainable import maintainable
from .problems import refused
from .representation import Format as FormatCodec
from .sections import owner
from .structure_writer import gathered
from .syntax import number_text, parse, read_bytes
from .validation import capped

MEDIA_TYPE = "application/vnd.sdmx.metadata+json"

_NUMBERS = frozenset(("Numeric", "Long", "Short", "Float", "Double", "Decimal", "Integer", "BigInteger", "Count"))
"""Text types whose values are JSON numbers (field guide, "Data type conversions")."""


def _json_of(text: str, text_type: str) -> Any:
    """A single value as JSON; numbers keep their digits, and a text that is no JSON number stays a text."""
    if text_type == "Boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    if text_type in _NUMBERS:
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
        if isinstance(found, int | float) and not isinstance(found, bool):
            return orjson.Fragment(text)
    return text


def _text_of(source: Any) -> str:
    if isinstance(source, bool):
        return "true" if source else "false"
    return source if isinstance(source, str) else number_text(source)


@dataclasses.dataclass(frozen=True)
class _Value:
    """The row of a reported value, single or in languages."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("value",)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if value.texts:
            best = best_language(value.texts, to.languages) if to.languages and len(value.texts) > 1 else None
            to.cut = to.cut or best is not None
            out["value"] = value.texts if best is None else {best: value.texts[best]}
        elif value.value is not None:
            out["value"] = _json_of(value.value, to.types.get((*to.parents, value.id), "String"))

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        held = source.get("value")
        if isinstance(held, dict):
            fields["texts"] = held
        elif held is not None:
            fields["value"] = _text_of(held)


@dataclasses.dataclass(frozen=True)
class _Targets(Field):
    """The row of targets. SDMX-JSON has no wildcards: those stand for what they mean now, from 2.1 on beside it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The key and its extension."""
        return (self.key, EXTENSION + self.key)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the targets."""
        exact = [one for urn in value.targets for one in to.meanings.get(urn, (urn,))]
        if exact:
            out[self.key] = list(dict.fromkeys(exact))
        if to.version == V21 and any(urn in to.meanings for urn in value.targets):
            out[EXTENSION + self.key] = list(value.targets)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the targets, wildcards first."""
        fields[self.field] = tuple(source.get(EXTENSION + self.key) or source.get(self.key) or ())


class _Version:
    """The version of a set: one without a version is 1.0, which no message of SDMX-JSON may say."""

    def write(self, value: Any, to: Writing) -> Any:
        return None if value == "1.0" else value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return source


_WITHIN: list[Codec] = []
_ATTRIBUTE = Table(
    ReportedAttribute,
    (
        ID,
        ANNOTATIONS,
        Field("format", "text_format", FormatCodec(BASIC)),
        _Value(),
        Children("attributes", "attributes", _WITHIN),
    ),
)
_WITHIN.append(_ATTRIBUTE)

_REPORT = Table(
    Report,
    (
        ID,
        Field("target", "target", PLAIN),
        many(
            "values",
            "values",
            Table(ReferenceValue, (ID, Field("target", "target", PLAIN), Field("period", "period", PLAIN))),
        ),
    ),
)


@dataclasses.dataclass(frozen=True)
class _SetLinks(Links):
    """The links of a set: the schemas know no URN of sets, so that the one to itself has an address only."""

    def write(self, value: Any, out: Json, to: Writing) -> None:
        super().write(value, out, to)
        if to.base_url and all(link.rel != "self" for link in value.links):
            out["links"] = [{"rel": "self", "href": address(value, to.base_url)}, *out.get("links", ())]


def _own(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of maintainable artefacts, with those of sets in place of some."""
    version = Field("version", "version", _Version())
    theirs = tuple(_SetLinks(None) if isinstance(row, Links) else row for row in rows)
    return tuple(version if row.keys == ("version",) else row for row in theirs)


_SET = Table(
    MetadataSet,
    _own(
        maintainable(
            "MetadataSet",
            Field("action", "action", PLAIN),
            Field("reportingBegin", "reporting_begin", PLAIN),
            Field("reportingEnd", "reporting_end", PLAIN),
            Field("publicationYear", "publication_year", PLAIN),
            Field("publicationPeriod", "publication_period", PLAIN),
            Field("metadataflow", "metadataflow", URN),
            Field("metadataProvisionAgreement", "provision_agreement", URN),
            _Targets("targets", "targets", PLAIN),
            many("attributes", "attributes", _ATTRIBUTE),
            extension("reports", "reports", Many(_REPORT), ()),
        )
    ),
)


def read_metadata(stream: BinaryIO, name: str) -> MetadataMessage:
    """Read a metadata message 2.0 or 2.1 from a stream that is called ``name`` in findings.

    Raises ``Refused`` with every finding: what is no JSON, no metadata message, not valid by the official schema, or
    holds what this server does not store.
    """
    message = parse(read_bytes(stream, name), name)
    version = envelope.detect_version(message, name, "metadata")
    if version == V10:
        raise refused("json.metadata-version", name)

    def read(attempt: Attempt) -> tuple[MetadataMessage, list[Problem]]:
        of = Reading(attempt.version, envelope.message_language(message), name)
        found = _message(attempt.message, of)
        return msgspec.structs.replace(found, remarks=attempt.remarks), capped(of.problems, name)

    return read_at_best(attempts(message, version, name, "metadata"), read)


def _message(message: Json, of: Reading) -> MetadataMessage:
    if message.get("errors"):
        of.report("json.errors", Place() / "errors", message["errors"][0].get("title"))
    parts = tuple(MetadataPart(metadata_set=one) for one in _sets(message.get("data", {}), of))
    return MetadataMessage(header=envelope.read_header(message, of), parts=parts, language=of.language)


def _sets(data: Json, of: Reading) -> Iterator[MetadataSet]:
    for index, source in enumerate(data.get("metadataSets", ())):
        of.owner, of.parents = owner(source), []
        yield _SET.read(source, Place() / "data" / "metadataSets" / index, of)


def _types(part: MetadataPart) -> dict[tuple[str, ...], str]:
    if part.structure is None:
        return {}
    return {
        (*(one.id for one in above), own.id): "String" if own.component.enumeration else own.component.text_type
        for above, own in part.structure.paths()
    }


def _encoded(part: MetadataPart, to: Writing) -> Json:
    held = cast("MetadataSet", expressible(part.metadata_set, GENERATIONS[to.version], JSON))  # none leaves a set out
    to.owner, to.parents, to.cut, to.types = reference_to(held).short, [], False, _types(part)
    to.meanings = part.wildcards
    out = _SET.write(held, to)
    if to.cut and to.version == V21:
        out["isPartialLanguage"] = True
    return out


def _pieces(message: MetadataMessage, to: Writing, self_url: str) -> Iterator[bytes]:
    sets = [part.metadata_set for part in message.parts]
    head = envelope.head(message.header, sets, to, self_url, envelope.METADATA_SCHEMA_URIS)
    yield orjson.dumps(head)[:-1] + b',"data":{"metadataSets":['
    for number, part in enumerate(message.parts):
        yield (b"," if number else b"") + orjson.dumps(_encoded(part, to))
    yield b"]}}"


def write_metadata(message: MetadataMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write a metadata message; ``version`` is ``2.0.0`` or ``2.1.0``.

    With ``options.languages`` every text, names and values alike, is cut to its best match, and 2.1 says so at the set.
    """
    to = Writing(version, options.languages, options.base_url)
    yield from gathered(_pieces(message, to, options.self_url))


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-json-{version.removesuffix('.0')}-metadata",
        kind="metadata",
        media_type=MEDIA_TYPE,
        version=version,
        generation=GENERATIONS[version],
        family=("metadata", "jsonmetadata", "json"),
        extension="json",
        generic=("application/json",),
        charset=False,
        write_metadata=partial(write_metadata, version=version),
        read_metadata=read_metadata,
    )


FORMATS: tuple[Format, ...] = (_format(V21), _format(V20))
"""The newest first; every one reads both versions."""
