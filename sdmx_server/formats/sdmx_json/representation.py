# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Representations and text formats: what each place in a message allows.

Facets are texts in the model and numbers or truth values in JSON; a number is written with the digits that it has. What
a place does not allow (a facet, a data type, a list of another kind) goes into an extension, from 2.1 on.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import orjson

from ...model.representation import Representation, SentinelValue, TextFormat
from .engine import EXTENSION, URN, V21, Field, Json, Place, Reading, Table, Writing, many, texts
from .syntax import number_text

_DEFAULT_TIME_TYPE = "ObservationalTimePeriod"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TIMES = _words(
    "ObservationalTimePeriod StandardTimePeriod BasicTimePeriod GregorianTimePeriod GregorianYear GregorianYearMonth "
    "GregorianDay ReportingTimePeriod ReportingYear ReportingSemester ReportingTrimester ReportingQuarter "
    "ReportingMonth ReportingWeek ReportingDay"
)
_TIME_TYPES = _TIMES | {"DateTime", "TimeRange"}
_CODED_TYPES = _TIMES | _words(
    "String Alpha AlphaNumeric Numeric BigInteger Integer Long Short Boolean URI Count InclusiveValueRange "
    "ExclusiveValueRange Incremental Month MonthDay Day Duration"
)
_SIMPLE_TYPES = _CODED_TYPES | _TIME_TYPES | {"Decimal", "Float", "Double", "Time", "GeospatialInformation"}
_BASIC_TYPES = _SIMPLE_TYPES | {"XHTML"}

_TIME_FACETS = {"startTime": "text", "endTime": "text"}
_CODED_FACETS = {
    "isSequence": "flag",
    "interval": "integer",
    "startValue": "integer",
    "endValue": "integer",
    "timeInterval": "text",
    **_TIME_FACETS,
    "minLength": "natural",
    "maxLength": "natural",
    "minValue": "integer",
    "maxValue": "integer",
    "pattern": "text",
}
_SIMPLE_FACETS = _CODED_FACETS | {
    "startValue": "number",
    "endValue": "number",
    "minValue": "number",
    "maxValue": "number",
    "decimals": "natural",
}
_BASIC_FACETS = _SIMPLE_FACETS | {"interval": "number", "isMultiLingual": "flag"}

_LITERALS = {
    "natural": re.compile(r"[1-9][0-9]*"),
    "integer": re.compile(r"-?(0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?"),
}
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
    """The JSON of a facet's text, or None when it is not of that kind."""
    if kind == "text":
        return text
    if kind == "flag":
        return _FLAGS.get(text)
    return orjson.Fragment(text) if _LITERALS[kind].fullmatch(text) else None


@dataclasses.dataclass(frozen=True)
class Format:
    """The codec of a text format at a place that allows certain types and facets."""

    types: frozenset[str]
    facets: Mapping[str, str]
    sentinels: bool = False
    default_type: str | None = None

    def write(self, value: TextFormat, to: Writing) -> Json:
        """The type, the facets in a fixed order, the sentinel values."""
        out: Json = {}
        extended: Json = {}
        if value.text_type in self.types:
            out["dataType"] = value.text_type
        else:
            if value.text_type is not None:
                extended["dataType"] = value.text_type
            if self.default_type is not None:
                out["dataType"] = self.default_type
        for name in sorted(value.facets):
            written = _facet_json(value.facets[name], self.facets[name]) if name in self.facets else None
            if written is None:
                extended[name] = value.facets[name]
            else:
                out[name] = written
        if value.sentinels:
            holder = out if self.sentinels else extended
            holder["sentinelValues"] = [SENTINEL.write(one, to) for one in value.sentinels]
        if to.version == V21:
            out.update({EXTENSION + name: held for name, held in extended.items()})
        return out

    def read(self, source: Json, place: Place, of: Reading) -> TextFormat:
        """The text format; a key that no text format has is reported."""
        fields: Json = {"facets": {}}
        for key, held in source.items():
            name = key.removeprefix(EXTENSION)
            if name == "dataType":
                if key != name or EXTENSION + name not in source:
                    fields["text_type"] = held
            elif name == "sentinelValues":
                _SENTINELS.read({name: held}, fields, place, of)
            elif key != name or name in _BASIC_FACETS:
                fields["facets"][name] = _facet_text(held)
            elif not key.startswith("x-"):
                of.report("json.unknown-key", place / key, key=key, version=of.version)
        return TextFormat(**fields)


CODED = Format(_CODED_TYPES, _CODED_FACETS)


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
                out["enumerationFormat"] = CODED.write(value.enumeration_format, to)
        else:
            out["format"] = self.free.write(value.text_format or value.enumeration_format or TextFormat(), to)
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
            elif name in _FORMATS:
                fields[_FORMATS[name]] = self.free.read(held, place / key, of)
            elif name in _OCCURRENCES:
                fields[_OCCURRENCES[name]] = held
            elif not key.startswith("x-"):
                of.report("json.unknown-key", place / key, key=key, version=of.version)
        if listed:  # the format stands in for the list that could not be named
            stand_in = fields.pop("text_format", None)
            if stand_in not in (None, TextFormat(), TextFormat(text_type=self.free.default_type)):
                fields["enumeration_format"] = stand_in
        return Representation(**fields)


_FORMATS = {"format": "text_format", "enumerationFormat": "enumeration_format"}
_OCCURRENCES = {"minOccurs": "min_occurs", "maxOccurs": "max_occurs"}

_LISTS = frozenset(("Codelist", "ValueList"))
FREE_REPRESENTATION = RepresentationAt(Format(_BASIC_TYPES, _BASIC_FACETS, sentinels=True), _LISTS, occurs=True)
"""Of concepts, attributes and measures."""
DIMENSION_REPRESENTATION = RepresentationAt(
    Format(_SIMPLE_TYPES, _SIMPLE_FACETS, sentinels=True), frozenset(("Codelist",))
)
"""Of dimensions."""
TIME_REPRESENTATION = RepresentationAt(
    Format(_TIME_TYPES, _TIME_FACETS, sentinels=True, default_type=_DEFAULT_TIME_TYPE), frozenset()
)
"""Of the time dimension, whose format always names its type."""
