"""The query string, read raw: splitting, and the values that parameters may have (REST 2.2.2, OpenAPI).

Form decoding is never used: it would turn the ``+`` of ``c[...]``, ``sort`` and time offsets into a space. A parameter
with an empty value counts as not given.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import unquote

from ..errors import BadQuery, NotImplementedYet
from ..model.common import Value

_MAX_QUERY = 100_000
_FILTER = re.compile(r"c\[(?P<component>[^\[\]]*)\]")
_NC_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_MONTH_DAY = re.compile(r"--(\d{2})-(\d{2})", re.ASCII)
_INTEGER = re.compile(r"[0-9]+")
_MAX_DIGITS = 15
_IGNORED = ("_", "utm_")
_OVERRIDES = ("format", "formatVersion", "compression", "lang")


class Overrides(Value, frozen=True, kw_only=True):
    """The parameters that win over the Accept headers (REST ``extend.md``); None = not given."""

    format: str | None = None
    format_version: str | None = None
    compression: str | None = None
    lang: str | None = None


NO_OVERRIDES = Overrides()
"""Nothing but the headers counts."""


class Parameters(Value, frozen=True, kw_only=True):
    """A query string in parts.

    ``values`` are percent-decoded with ``+`` kept; ``filters`` map the component of ``c[component]`` to its text as it
    was sent, still percent-encoded.
    """

    values: dict[str, str]
    filters: dict[str, str]
    overrides: Overrides


def decoded(text: str) -> str:
    """The text with percent escapes decoded and ``+`` kept; raises ``BadQuery`` when they are no UTF-8."""
    if "%" not in text and text.isascii() and text.isprintable():  # as nearly all are
        return text
    try:
        found = unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BadQuery("escapes", text=text) from error
    if any(ord(character) < 32 or ord(character) == 127 for character in found):
        raise BadQuery("control-characters", text=text)
    return found


def _pairs(raw_query: str) -> list[tuple[str, str]]:
    if len(raw_query) > _MAX_QUERY:
        raise BadQuery("query-length", most=_MAX_QUERY)
    pairs = []
    for part in raw_query.split("&"):
        name, _, value = part.partition("=")
        if part:
            pairs.append((decoded(name), value))
    return pairs


def parse_parameters(raw_query: str, known: Collection[str]) -> Parameters:
    """Split a raw query string (without ``?``).

    ``known`` are the parameters of the resource; ``c`` among them allows ``c[COMPONENT]``. Names that begin with ``_``
    or ``utm_`` are ignored. Raises ``BadQuery`` for any other parameter, naming the known ones, and for a repetition.
    """
    values: dict[str, str] = {}
    filters: dict[str, str] = {}
    for name, raw in _pairs(raw_query):
        found = _FILTER.fullmatch(name)
        target, key = (filters, found["component"]) if found and "c" in known else (values, name)
        if name.startswith(_IGNORED):
            continue
        if target is values and (name == "c" or name not in (*known, *_OVERRIDES)):
            shown = ["c[COMPONENT]" if other == "c" else other for other in (*known, *_OVERRIDES)]
            raise BadQuery("parameter-unknown", name=name, known=shown)
        if key in target:
            raise BadQuery("parameter-twice", name=name)
        target[key] = raw if target is filters else decoded(raw)
    given = {name: value for name, value in values.items() if value}
    overrides = Overrides(
        format=given.pop("format", None),
        format_version=given.pop("formatVersion", None),
        compression=given.pop("compression", None),
        lang=given.pop("lang", None),
    )
    return Parameters(values=given, filters=filters, overrides=overrides)


def choice(values: Mapping[str, str], name: str, allowed: Sequence[str]) -> str:
    """One of the allowed words, the first of them when the parameter is not given."""
    text = values.get(name, allowed[0])
    if text not in allowed:
        raise BadQuery("word", name=name, text=text, allowed=allowed)
    return text


def choices(values: Mapping[str, str], name: str, allowed: Collection[str], default: str) -> tuple[str, ...]:
    """Some of the allowed words, separated by commas."""
    found = tuple(dict.fromkeys(values.get(name, default).split(",")))
    for text in found:
        if text not in allowed:
            raise BadQuery("words", name=name, text=text, allowed=tuple(allowed))
    return found


def boolean(values: Mapping[str, str], name: str) -> bool:
    """``true`` or ``false``; false when the parameter is not given."""
    return choice(values, name, ("false", "true")) == "true"


def integer(values: Mapping[str, str], name: str, least: int) -> int | None:
    """A whole number of at least ``least``; None when the parameter is not given."""
    text = values.get(name)
    if text is None:
        return None
    if not _INTEGER.fullmatch(text):
        raise BadQuery("whole-number", name=name, text=text, least=least)
    if len(text.lstrip("0")) > _MAX_DIGITS:  # looked at before it becomes a number, which takes long for long texts
        raise BadQuery("number-large", name=name, text=text, most=_MAX_DIGITS)
    if int(text.lstrip("0") or "0") < least:
        raise BadQuery("whole-number", name=name, text=text, least=least)
    return int(text)


def moment(values: Mapping[str, str], name: str) -> dt.datetime | None:
    """An ``xs:dateTime``, UTC when it has no offset; None when the parameter is not given."""
    text = values.get(name)
    if text is None:
        return None
    try:
        if not _DATETIME.fullmatch(text):
            raise ValueError(text)
        found = dt.datetime.fromisoformat(text)
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadQuery("moment", name=name, text=text) from error


def year_start(values: Mapping[str, str]) -> str:
    """``reportingYearStartDay`` as ``--MM-DD``; ``--01-01`` when it is not given."""
    text = values.get("reportingYearStartDay", "--01-01")
    found = _MONTH_DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        dt.date(2001, int(found[1]), int(found[2]))  # not a leap year: the day must exist in every year
    except ValueError as error:
        raise BadQuery("year-start", text=text) from error
    return text


def names(values: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    """Ids (NCName) or keywords, separated by commas."""
    found = tuple(dict.fromkeys(values.get(name, default).split(",")))
    for text in found:
        if not _NC_NAME.fullmatch(text):
            raise BadQuery("ids", name=name, text=text)
    return found


def name_of(values: Mapping[str, str], name: str) -> str | None:
    """One id (NCName); None when the parameter is not given."""
    text = values.get(name)
    if text is not None and not _NC_NAME.fullmatch(text):
        raise BadQuery("id", name=name, text=text)
    return text


def not_offered(name: str) -> NotImplementedYet:
    """The error for a parameter of the standard that is well formed but not served."""
    return NotImplementedYet("parameter-not-offered", name=name)
