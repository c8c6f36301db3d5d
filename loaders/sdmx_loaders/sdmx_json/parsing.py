"""From a file to JSON values, strictly; numbers stay the text that they are, so that none is rounded.

A message is held whole, for its lists of values may stand after the data; ``Limits.message_bytes`` bounds it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from sdmx_server.loading.api import Source

Json = dict[str, Any]
MOST_LEVELS = 64
_BOM = b"\xef\xbb\xbf"
_ENDS = ("Unterminated string", "Expecting value", "Expecting ',' delimiter", "Expecting ':' delimiter")


class Stop(Exception):
    """Reading ends here; the finding has been added."""


class Number(str):
    """A number of the message, as its text."""

    __slots__ = ()


class _Twice(Exception):
    """A key that stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _Twice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON value")


def read_file(source: Source) -> Any:
    """The value of a file. Raises ``Stop`` after a finding.

    Findings: file-missing, file-empty, json-too-large, json-encoding, json-truncated, json-syntax,
    json-twice, json-depth.
    """
    most = min(source.limits.message_bytes, source.limits.file_bytes)
    try:
        with source.path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        _stop(source, "file-missing")
    if len(content) > most:
        _stop(source, "json-too-large", most=most)
    content = content.removeprefix(_BOM)
    if not content.strip():
        _stop(source, "file-empty")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _stop(source, "json-encoding", row=content.count(b"\n", 0, error.start) + 1)
    return _parsed(source, text)


def _parsed(source: Source, text: str) -> Any:
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith(_ENDS[0])
        reason = f"{error.msg}, column {error.colno}"
        _stop(source, "json-truncated" if cut else "json-syntax", row=error.lineno, reason=reason)
    except _Twice as twice:
        _stop(source, "json-twice", value=str(twice))
    except RecursionError:
        _stop(source, "json-depth", most=MOST_LEVELS)
    except ValueError as error:
        _stop(source, "json-syntax", reason=str(error))
    if _too_deep(value):
        _stop(source, "json-depth", most=MOST_LEVELS)
    return value


def _too_deep(value: Any) -> bool:
    level: Sequence[Any] = [value]
    for _ in range(MOST_LEVELS):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _stop(source: Source, code: str, **about: Any) -> NoReturn:
    source.findings.add(code, file=source.name, **about)
    raise Stop
