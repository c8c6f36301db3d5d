# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Representations and text formats: what each place in a message allows.

Facets are texts in the model and numbers or truth values in JSON; a number is written with the digits that it has. What
a place does not allow (a facet, a data type, a list of another kind) goes into an extension, from 2.1 on.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import orjson

from ...model.kinds import BY_NAME
from ...model.representation import Representation, SentinelValue, TextFormat
from ..text_formats import (
    ANY_LIST,
    ANY_TARGET,
    BASIC,
    BASIC_FACETS,
    CODED,
    CODELIST_ONLY,
    NO_LIST,
    SIMPLE,
    TIME,
    Allowed,
)
from .engine import EXTENSION, URN, V10, V21, Field, Json, Place, Reading, Table, Writing, many, texts
from .syntax import number_text

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclasses.dataclass(frozen=True)
class _Sentinel:
    """A sentinel's value, which may be a number."""

    def write(self, value: Any, to: Writing) -> Any:
        return value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return _facet_text(source)


SENTINEL = Table(
    SentinelValue,
    (
        Field("value", "value", _Sentinel()),
        texts("name", "names", instead="value"),
        texts("description", "descriptions"),
    ),
)
_SENTINELS = many("sentinelValues", "sentinels", SENTINEL)


def _facet_text(source: Any) -> str:
    if isinstance(source, bool):
        return "true" if source else "false"
    return source if isinstance(source, str) else number_text(source)


def _facet_json(text: str, kind: str) -> Any:
    """The JSON of a facet's text, which has the form of its kind; a number keeps its digits."""
    if kind == "text":
        return text
    return _FLAGS[text] if kind == "flag" else orjson.Fragment(text)


@dataclasses.dataclass(frozen=True)
class Format:
    """The codec of a text format at a place that allows certain types and facets."""

    allowed: Allowed

    def write(self, value: TextFormat, to: Writing) -> Json:
        """The type, the facets in a fixed order, the sentinel values."""
        out: Json = {}
        extended: Json = {}
        fitting = self.allowed.fitting(value)
        if fitting.text_type is not None:
            out["textType" if to.version == V10 else "dataType"] = fitting.text_type
        if value.text_type not in (None, fitting.text_type):
            extended["dataType"] = value.text_type
        for name, text in sorted(value.facets.items()):
            if name in fitting.facets:
                out[name] = _facet_json(text, self.allowed.facets[name])
            else:
                extended[name] = text
        if value.sentinels:
            holder = out if fitting.sentinels else extended
            holder["sentinelValues"] = [SENTINEL.write(one, to) for one in value.sentinels]
        if to.version == V21:
            out.update({EXTENSION + name: held for name, held in extended.items()})
        return out

    def read(self, source: Json, place: Place, of: Reading) -> TextFormat:
        """The text format; a key that no text format has is reported."""
        fields: Json = {"facets": {}}
        for key, held in source.items():
            name = key.removeprefix(EXTENSION)
            if name == ("textType" if of.version == V10 else "dataType"):
                if key != name or EXTENSION + name not in source:
                    fields["text_type"] = held
            elif name == "sentinelValues":
                _SENTINELS.read({name: held}, fields, place, of)
            elif key != name or name in BASIC_FACETS:
                fields["facets"][name] = _facet_text(held)
            elif not key.startswith("x-"):
                of.report("json.unknown-key", place / key, key=key, version=of.version)
        return TextFormat(**fields)


_CODED = Format(CODED)


@dataclasses.dataclass(frozen=True)
class RepresentationAt:
    """The codec of a representation at a place: its free formats, the kinds of list it may name, its occurrences."""

    free: Format
    lists: frozenset[str]
    occurs: bool = False

    def write(self, value: Representation, to: Writing) -> Json:
        """Either ``enumeration`` or ``format``, always exactly one."""
        out: Json = {}
        extended: Json = {}
        if value.enumeration is not None and value.enumeration.kind in self.lists:
            out["enumeration"] = value.enumeration.urn
            if value.enumeration_format is not None:
                out["enumerationFormat"] = _CODED.write(value.enumeration_format, to)
        else:
            out["textFormat" if to.version == V10 else "format"] = self.free.write(
                value.text_format or value.enumeration_format or TextFormat(), to
            )
            if value.enumeration is not None:
                extended["enumeration"] = value.enumeration.urn
        occurrences = {"minOccurs": value.min_occurs, "maxOccurs": value.max_occurs}
        holder = out if self.occurs else extended
        holder.update({key: count for key, count in occurrences.items() if count is not None})
        if to.version == V21:
            out.update({EXTENSION + key: held for key, held in extended.items()})
        return out

    def read(self, source: Json, place: Place, of: Reading) -> Representation:
        """The representation; a list of another kind comes from its extension."""
        fields: Json = {}
        listed = False
        for key, held in source.items():
            name = key.removeprefix(EXTENSION)
            if name == "enumeration":
                fields["enumeration"] = URN.read(held, place / key, of)
                listed = listed or key != name
            elif name in _FORMATS and (name != _OTHER_FORMAT[of.version == V10]):
                fields[_FORMATS[name]] = self.free.read(held, place / key, of)
            elif name in _OCCURRENCES:
                fields[_OCCURRENCES[name]] = held
            elif not key.startswith("x-"):
                of.report("json.unknown-key", place / key, key=key, version=of.version)
        if listed:  # the format stands in for the list that could not be named
            stand_in = fields.pop("text_format", None)
            if stand_in not in (None, TextFormat(), TextFormat(text_type=self.free.allowed.default_type)):
                fields["enumeration_format"] = stand_in
        return Representation(**fields)


_FORMATS = {"format": "text_format", "textFormat": "text_format", "enumerationFormat": "enumeration_format"}
_OTHER_FORMAT = ("textFormat", "format")
"""What a format is not called: from 2.0 on, and in 1.0."""
_OCCURRENCES = {"minOccurs": "min_occurs", "maxOccurs": "max_occurs"}

FREE_REPRESENTATION = RepresentationAt(Format(BASIC), ANY_LIST, occurs=True)
"""Of concepts, attributes and measures."""
DIMENSION_REPRESENTATION = RepresentationAt(Format(SIMPLE), CODELIST_ONLY)
"""Of dimensions."""
MEASURE_DIMENSION_REPRESENTATION = RepresentationAt(Format(SIMPLE), CODELIST_ONLY | {"ConceptScheme"})
"""Of the measure dimension of 1.0, whose values are concepts."""
TIME_REPRESENTATION = RepresentationAt(Format(TIME), NO_LIST)
"""Of the time dimension, whose format always names its type."""
METADATA_REPRESENTATION = RepresentationAt(Format(BASIC), CODELIST_ONLY)
"""Of metadata attributes, which say themselves how often they occur."""
TARGET_REPRESENTATION = RepresentationAt(Format(ANY_TARGET), frozenset(BY_NAME))
"""Of the objects of a metadata target, which only an extension holds: any list of items."""
