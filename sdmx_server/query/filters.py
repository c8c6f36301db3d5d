"""Filters on components, ``c[COMPONENT]=...`` (REST 2.2.2 ``data.md``, table of operators).

A comma means OR, ``+`` means AND and binds closer; an operator belongs to its own value only. An escaped comma is a
comma too, as many clients escape it. An escaped plus is part of the value unless an operator follows it, and the plus
of a time offset (``T10:00:00+03:30``) is never an AND.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..batches import Condition, Filter, Operator
from ..errors import BadQuery
from .parameters import decoded

_MAX_ALTERNATIVES = 10_000
_OPERATOR = re.compile(r"(eq|ne|lt|le|gt|ge|co|nc|sw|ew):", re.ASCII)
_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ESCAPED_AND = re.compile(r"%2B(?=(?:eq|ne|lt|le|gt|ge|co|nc|sw|ew)(?::|%3A))", re.IGNORECASE)
_BEFORE_OFFSET = re.compile(r"T\d{2}(?::|%3A)\d{2}(?::|%3A)\d{2}(?:\.\d+)?\Z", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(r"\+\d{2}(?::|%3A)\d{2}(?![0-9])", re.ASCII | re.IGNORECASE)


def _conjuncts(text: str) -> list[str]:
    """Split at every ``+`` that means AND; the plus before the offset of a date-time stays."""
    parts: list[str] = []
    start = 0
    for position, character in enumerate(text):
        if character == "+" and not _is_offset(text, position):
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def _is_offset(text: str, position: int) -> bool:
    return bool(_OFFSET.match(text, position) and _BEFORE_OFFSET.search(text[max(0, position - 40) : position]))


def _condition(component: str, raw: str) -> Condition:
    text = decoded(raw)
    found = _OPERATOR.match(text)
    value = text[found.end() :] if found else text
    if not value:
        raise BadQuery("filter-empty", component=component)
    return Condition(Operator(found[1]) if found else Operator.EQ, value)


def parse_filter(component: str, raw: str) -> Filter:
    """Parse the raw text of one ``c[component]``. Raises ``BadQuery``."""
    if not _COMPONENT.fullmatch(component):
        raise BadQuery("filter-component", component=component)
    alternatives = re.split(",|%2C", _ESCAPED_AND.sub("+", raw), flags=re.IGNORECASE)
    if len(alternatives) > _MAX_ALTERNATIVES:
        raise BadQuery("filter-values", component=component, most=_MAX_ALTERNATIVES)
    any_of = dict.fromkeys(
        tuple(dict.fromkeys(_condition(component, part) for part in _conjuncts(alternative)))
        for alternative in alternatives
    )
    return Filter(component=component, any_of=tuple(any_of))


def parse_filters(raw: Mapping[str, str]) -> tuple[Filter, ...]:
    """Parse ``Parameters.filters``. Raises ``BadQuery``."""
    return tuple(parse_filter(component, text) for component, text in raw.items())
