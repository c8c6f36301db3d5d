# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""The engine that walks the tables: one row carries one field of the model, to and from JSON.

A table says, per version of SDMX-JSON, which keys an object has and which field of which model class each carries. Rows
and codecs are values; what they need to know of the message being read or written comes in a ``Reading`` or a
``Writing``. Nothing here knows a kind of artefact.

A key that begins with ``x-`` is an extension (SDMX-JSON 2.1 allows them in every object). Those of other makers are
passed over; ours begin with ``x-sdmx-ml-`` and carry what SDMX-ML can say and SDMX-JSON cannot.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ...errors import Problem
from ...model.reference import parse_urn
from ..texts import best_language
from .problems import problem

V10, V20, V21 = "1.0.0", "2.0.0", "2.1.0"
BOTH = (V20, V21)
ALL = (V10, *BOTH)
GENERATIONS = {V10: "2.1", V20: "3.0", V21: "3.1"}
"""The generation of SDMX that a version of the format belongs to."""
EXTENSION = "x-sdmx-ml-"
"""Begins the keys of facts that only SDMX-ML has a place for."""

_FLAGS = frozenset(("isExternalReference", "isFinal", "isPartial", "isPartialLanguage", "isPresentational", "leveled"))
"""Flags whose default is false."""

Json = dict[str, Any]


class Place:
    """Where a value stands in a message; prints as a JSON pointer (RFC 6901)."""

    __slots__ = ("above", "key")

    def __init__(self, above: Place | None = None, key: str | int = "") -> None:
        self.above, self.key = above, key

    def __truediv__(self, key: str | int) -> Place:
        return Place(self, key)

    def __str__(self) -> str:
        if self.above is None:
            return ""
        return f"{self.above}/{str(self.key).replace('~', '~0').replace('/', '~1')}"


@dataclasses.dataclass
class Writing:
    """What the writing of one artefact must know; ``owner`` is its ``AGENCY:ID(VERSION)``.

    ``parents`` are the ids of the items around the one being written; ``cut`` tells that a text was left out.
    ``one_language``: values that occur in data, where they may be many, are to have no maps of texts in languages.
    ``types``: the text type of each metadata attribute that has values, by its path. ``meanings``: what URNs with
    wildcards mean, as URNs. ``made_here``: kinds whose artefacts are made for the answer alone and have no address.
    """

    version: str
    languages: Sequence[str] = ()
    base_url: str = ""
    types: Mapping[tuple[str, ...], str] = dataclasses.field(default_factory=dict)
    meanings: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    owner: str = ""
    parents: list[str] = dataclasses.field(default_factory=list)
    cut: bool = False
    one_language: bool = False
    made_here: frozenset[str] = frozenset()


@dataclasses.dataclass
class Reading:
    """What the reading of a message must know; findings gather in ``problems``.

    ``language`` is that of single texts without a map; ``owner`` and ``parents`` are as in ``Writing``.
    """

    version: str
    language: str
    file: str
    owner: str = ""
    parents: list[str] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def report(self, code: str, place: Place, value: object = None, **words: Any) -> None:
        """Note a finding of the catalogue at a place."""
        self.problems.append(problem(code, self.file, path=str(place) or "/", value=value, **words))


class Codec(Protocol):
    """Turns one value of the model into JSON and back. ``write`` may answer None: there is nothing to say."""

    def write(self, value: Any, to: Writing) -> Any:
        """The JSON of a value."""
        ...

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The value of a JSON, which the schema has passed."""
        ...


class Row(Protocol):
    """One or several keys of an object."""

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that have it."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the row understands."""
        ...

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the keys of a model value into the object."""
        ...

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Put the model's fields, as far as the object has them, into ``fields``."""
        ...


@dataclasses.dataclass(frozen=True)
class Field:
    """A key that carries one field, absent when the field has its default."""

    key: str
    field: str
    codec: Codec
    default: Any = None
    versions: tuple[str, ...] = ALL
    always: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the key, unless the field has its default or the codec has nothing to say."""
        held = getattr(value, self.field)
        if held != self.default or self.always:
            written = self.codec.write(held, to)
            if written is not None:
                out[self.key] = written

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the field, when the key is there."""
        if self.key in source:
            fields[self.field] = self.codec.read(source[self.key], place / self.key, of)


@dataclasses.dataclass(frozen=True)
class Texts:
    """A text in languages: the best match in one key, all of them in the map of the other. Reading, the map wins.

    A text that SDMX-JSON requires and the model lacks is written as the field ``instead``, with an empty map, so
    that it is not taken for a name.
    """

    single: str
    map: str
    field: str
    instead: str | None = None
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of the best match and that of the map."""
        return (self.single, self.map)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put both keys, in the wanted language only when languages are wanted."""
        texts: Mapping[str, str] = getattr(value, self.field)
        best = best_language(texts, to.languages)
        if best is None:
            if self.instead is not None:
                out[self.single], out[self.map] = getattr(value, self.instead), {}
            return
        out[self.single] = texts[best]
        if to.languages and len(texts) > 1:
            to.cut = True
            out[self.map] = {best: texts[best]}
        else:
            out[self.map] = texts

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the map, else the single text in the language of the message."""
        if self.map in source:
            fields[self.field] = source[self.map]
        elif self.single in source:
            fields[self.field] = {of.language: source[self.single]}


@dataclasses.dataclass(frozen=True)
class Part:
    """An object of its own in JSON whose content the model keeps in the same class.

    It is written when one of its rows other than ``frame`` (what it always says of itself) has something to say.
    """

    key: str
    rows: tuple[Row, ...]
    frame: tuple[Row, ...] = ()
    needed_by: tuple[str, ...] = ()
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the object, if there is anything in it or another key needs it beside itself."""
        framed = _rows_written(self.frame, value, to)
        inner = _rows_written(self.rows, value, to)
        if inner or len(framed) > 1 or any(key in out for key in self.needed_by):
            out[self.key] = framed | inner

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the fields of the rows from the object."""
        if self.key in source:
            read_rows(self.frame + self.rows, source[self.key], fields, place / self.key, of)


def _rows_written(rows: Sequence[Row], value: Any, to: Writing) -> Json:
    out: Json = {}
    for row in rows:
        if to.version in row.versions:
            row.write(value, out, to)
    return out


def says_nothing(key: str, value: Any) -> bool:
    """Whether a key says no more than its absence would.

    So do a flag that is not set, an empty text or list, and links ``self``, whose URN follows from the ids.
    """
    if key == "links" and isinstance(value, list):
        return all(isinstance(link, dict) and link.get("rel") == "self" for link in value)
    return (value is False and key in _FLAGS) or (isinstance(value, str | list | dict) and not value)


def read_rows(rows: Sequence[Row], source: Json, fields: Json, place: Place, of: Reading) -> None:
    """Read an object by rows, reporting the keys that none of them knows, and that say something."""
    known: set[str] = set()
    for row in rows:
        if of.version in row.versions:
            known.update(row.keys)
            row.read(source, fields, place, of)
    for key in source.keys() - known:
        if not key.startswith("x-") and not says_nothing(key, source[key]):
            of.report("json.unknown-key", place / key, key=key, version=of.version)


@dataclasses.dataclass(frozen=True)
class Table:
    """An object of SDMX-JSON and the model class that it carries.

    ``finish`` completes the fields that were read, with what follows from others.
    """

    cls: Callable[..., Any]
    rows: tuple[Row, ...]
    finish: Callable[[Json], None] | None = None

    def write(self, value: Any, to: Writing) -> Json:
        """The object of a model value."""
        return _rows_written(self.rows, value, to)

    def read(self, source: Json, place: Place, of: Reading) -> Any:
        """The model value of an object."""
        fields: Json = {}
        read_rows(self.rows, source, fields, place, of)
        if self.finish is not None:
            self.finish(fields)
        return self.cls(**fields)


class _Plain:
    """Texts, numbers and truth values that JSON and the model write alike."""

    def write(self, value: Any, to: Writing) -> Any:
        """The value itself."""
        return value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The value itself."""
        return source


PLAIN = _Plain()


@dataclasses.dataclass(frozen=True)
class Choice:
    """A value that has another name in JSON."""

    names: Mapping[Any, Any]

    def write(self, value: Any, to: Writing) -> Any:
        """Its name."""
        return self.names[value]

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The value of a name."""
        return next(value for value, name in self.names.items() if name == source)


@dataclasses.dataclass(frozen=True)
class Many:
    """A list of values; an empty one is not written, for SDMX-JSON wants at least one member."""

    member: Codec

    def write(self, value: Any, to: Writing) -> Any:
        """The list."""
        return [self.member.write(one, to) for one in value] or None

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The values, in order."""
        return tuple(self.member.read(one, place / index, of) for index, one in enumerate(source))


CONSTRAINT_CLASSES = ("registry.DataConstraint=", "registry.ContentConstraint=")
"""The class of constraints in URNs, from 2.0 on and before."""


class _Urn:
    """A reference, written as URN."""

    def write(self, value: Any, to: Writing) -> Any:
        """The URN."""
        return value.urn.replace(*CONSTRAINT_CLASSES) if to.version == V10 else value.urn

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The reference; a URN of an unknown class is reported."""
        try:
            return parse_urn(source)
        except ValueError:
            of.report("json.urn", place, source)
            return None


URN = _Urn()


def texts(single: str, field: str, instead: str | None = None) -> Texts:
    """A row for a text whose map has the key of the single text with an ``s``, as everywhere in SDMX-JSON."""
    return Texts(single, single + "s", field, instead)


def many(key: str, field: str, member: Codec, **options: Any) -> Field:
    """A row for a list, absent when empty."""
    return Field(key, field, Many(member), (), **options)


def flag(key: str, field: str, **options: Any) -> Field:
    """A row for a truth value, absent when false."""
    return Field(key, field, PLAIN, False, **options)


def extension(name: str, field: str, codec: Codec = PLAIN, default: Any = None) -> Field:
    """A row for a fact that only SDMX-ML has a place for: an extension key, from 2.1 on."""
    return Field(EXTENSION + name, field, codec, default, (V21,))


def until_3_0(key: str, field: str, codec: Codec = PLAIN, default: Any = None) -> tuple[Field, Field]:
    """Rows for a key that 1.0 and 2.0 have and 2.1 no longer: there an extension carries it."""
    return Field(key, field, codec, default, (V10, V20)), extension(key, field, codec, default)


def only_1_0(key: str, field: str, codec: Codec = PLAIN, default: Any = None) -> tuple[Field, Field]:
    """Rows for a key that only 1.0 has: in 2.1 an extension carries it."""
    return Field(key, field, codec, default, (V10,)), extension(key, field, codec, default)
