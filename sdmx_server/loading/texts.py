"""Which texts a text type and its facets allow (Technical Notes, section "Data types"; XML Schema Part 2)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, partial

from ..model.resolved import ResolvedComponent
from . import xhtml
from .periods import TIME_TYPES, has_shape, parse

Fault = tuple[str, dict[str, object]]
"""A finding's code and its parameters."""

CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Characters that no XML 1.0 document can carry."""

_PAIR = r'"[A-Za-z0-9-]+":"[^"\\\x00-\x1f\x{fffe}\x{ffff}]*"'
PLAIN_LANGUAGES = rf"^\{{{_PAIR}(,{_PAIR})*\}}$"
"""A canonical text in languages without any escape: surely well formed (in the syntax of Polars)."""

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_PATTERNS: dict[str, str] = {
    "Boolean": r"true|false|0|1",
    "Alpha": r"[A-Za-z]*",
    "AlphaNumeric": r"[A-Za-z0-9]*",
    "Numeric": r"[0-9]*",
    "Integer": r"[+-]?\d+",
    "BigInteger": r"[+-]?\d+",
    "Long": r"[+-]?\d+",
    "Short": r"[+-]?\d+",
    "Count": r"\d+",
    "Decimal": _NUMBER,
    "Float": rf"{_NUMBER}([eE][+-]?\d+)?|NaN|-?INF",
    "Double": rf"{_NUMBER}([eE][+-]?\d+)?|NaN|-?INF",
    "Time": r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "Month": r"--\d\d",
    "MonthDay": r"--\d\d-\d\d",
    "Day": r"---\d\d",
    "Duration": r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
}
_COMPILED = {name: re.compile(pattern, re.ASCII) for name, pattern in _PATTERNS.items()}
RANGES: dict[str, tuple[float, float]] = {
    "Short": (-(2**15), 2**15 - 1),
    "Integer": (-(2**31), 2**31 - 1),
    "Long": (-(2**63), 2**63 - 1),
    "Count": (0, float("inf")),
}
"""Least and greatest value of whole number types."""

_NUMBERS = frozenset(["Integer", "BigInteger", "Long", "Short", "Count", "Decimal", "Float", "Double"])


def bounds(component: ResolvedComponent) -> list[tuple[str, float, bool]]:
    """Limits of numbers: facet, limit, and whether it is the least one."""
    found = []
    if component.text_type in RANGES:
        least, most = RANGES[component.text_type]
        found += [("minValue", least, True), ("maxValue", most, False)]
    for name, lower in (("minValue", True), ("maxValue", False)):
        if limit := component.text_format.facets.get(name):
            found.append((name, float(limit), lower))
    return found


def _typed(text: str, text_type: str) -> Fault | None:
    pattern = _COMPILED.get(text_type)
    wrong = pattern is not None and pattern.fullmatch(text) is None
    if text_type in TIME_TYPES:
        try:
            parse(text)
        except ValueError:
            wrong = True
        wrong = wrong or not has_shape(text, text_type)
    return ("type-wrong", {"type": text_type}) if wrong else None


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """A pattern facet; None for one in XML Schema's own syntax (``\\i``, ``\\p{L}``), which is then not judged."""
    try:
        return re.compile(text)
    except re.error:
        return None


def _facets(text: str, component: ResolvedComponent) -> Fault | None:
    facets = component.text_format.facets
    if "minLength" in facets and len(text) < int(facets["minLength"]):
        return "facet", {"facet": "minLength", "limit": facets["minLength"]}
    if "maxLength" in facets and len(text) > int(facets["maxLength"]):
        return "facet", {"facet": "maxLength", "limit": facets["maxLength"]}
    pattern = _pattern(facets["pattern"]) if "pattern" in facets else None
    if pattern is not None and pattern.fullmatch(text) is None:
        return "facet", {"facet": "pattern", "limit": facets["pattern"]}
    if component.text_type in _NUMBERS:
        for name, limit, lower in bounds(component):
            if (float(text) < limit) if lower else (float(text) > limit):
                return "facet", {"facet": name, "limit": limit}
    return None


def _free(text: str, component: ResolvedComponent) -> Fault | None:
    if any(s.value == text for s in component.text_format.sentinels):
        return None
    if re.search(CONTROL, text):
        return "control-character", {}
    if component.structured and (reason := xhtml.fault(text)):
        return "metadata-xhtml", {"reason": reason}
    return _typed(text, component.text_type) or _facets(text, component)


def parts_of(text: str, component: ResolvedComponent) -> list[str] | None:
    """The single texts of a canonical text with several values or languages; None when it is not canonical."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    values = value if component.multi_valued and isinstance(value, list) else [value]
    if component.multi_valued is not isinstance(value, list):
        return None
    if component.multilingual:
        if not all(isinstance(v, dict) for v in values):
            return None
        return [str(t) for v in values for t in v.values()]
    return [str(v) for v in values]


def _several(text: str, component: ResolvedComponent, single: Callable[[str], Fault | None]) -> Fault | None:
    parts = parts_of(text, component)
    if parts is None:
        return "type-wrong", {"type": "several values" if component.multi_valued else "text in languages"}
    if component.multi_valued:
        count = len(json.loads(text))
        most = component.max_occurs
        if count < component.min_occurs or (most is not None and count > most):
            limits = {"least": component.min_occurs, "most": "∞" if most is None else most}
            return "occurrences", {"found": count, **limits}
    return next((fault for part in parts if (fault := single(part))), None)


def is_unrestricted(component: ResolvedComponent) -> bool:
    """Whether a single, not coded value may be any text at all."""
    free = component.text_type not in _COMPILED and component.text_type not in TIME_TYPES and not component.structured
    return free and component.enumeration is None and not component.text_format.facets and not component.multi_valued


def judge(
    component: ResolvedComponent, coded: Callable[[str], Fault | None] | None
) -> Callable[[str], Fault | None] | None:
    """The function that finds what is wrong with a distinct text of a component; None when every text is right.

    ``coded`` judges a single code of an enumerated component.
    """
    single = coded or partial(_free, component=component)
    if component.multi_valued or component.multilingual:
        return partial(_several, component=component, single=single)
    return None if is_unrestricted(component) else single
