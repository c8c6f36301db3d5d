"""From bytes to JSON values, strictly: what is not clean JSON, or too much of it, is refused with its place."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import orjson

from .engine import Json
from .problems import refused

MOST_BYTES = 200_000_000
"""Size of the largest message that is read; the largest public codelists take a tenth of it."""
MOST_LEVELS = 64
"""Objects and lists inside each other: structure messages have about a dozen, deep category schemes more."""
_BOM = b"\xef\xbb\xbf"


class JsonFloat(float):
    """A number with a fraction, or too long for 64 bits, that remembers its digits (``0.10``)."""

    __slots__ = ("text",)

    text: str


def number_text(number: float) -> str:
    """The digits of a number as the message has them."""
    return number.text if isinstance(number, JsonFloat) else str(number)


class _Clash(Exception):
    """A key that occurs twice, and the id of its object if it has one."""


def _object(pairs: list[tuple[str, Any]]) -> Json:
    """An object without its nulls, which mean the same as absence (field guide, introduction)."""
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Clash(key, result.get("id"))
            seen.add(key)
    if None in result.values():
        return {key: value for key, value in pairs if value is not None}
    return result


def _float(text: str) -> float:
    number = JsonFloat(text)
    number.text = text
    return number


def _integer(text: str) -> float:
    return int(text) if len(text) < 19 else _float(text)


def read_bytes(stream: BinaryIO, name: str, most: int = MOST_BYTES) -> bytes:
    """All bytes of a stream; refuses more than ``most``, and an empty one. A UTF-8 byte order mark is passed over."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise refused("json.too-large", name, limit=most)
    content = content.removeprefix(_BOM)
    if not content.strip():
        raise refused("json.empty", name)
    return content


def _too_deep(value: Any) -> bool:
    """Whether objects and lists nest deeper than ``MOST_LEVELS``."""
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def parse(content: bytes, name: str) -> Any:
    """The value of a JSON text.

    Refuses what is not UTF-8, not JSON (``NaN`` included), nested too deep, has a key twice in an object, or a number
    outside double precision. Objects come without nulls; numbers with a fraction as ``JsonFloat``.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused("json.encoding", name, row=content.count(b"\n", 0, error.start) + 1) from None
    try:
        orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise refused("json.syntax", name, row=error.lineno, reason=f"{error.msg} (column {error.colno})") from None
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_int=_integer)
    except RecursionError:
        raise refused("json.depth", name, limit=MOST_LEVELS) from None
    except _Clash as clash:
        key, owner = clash.args
        raise refused("json.duplicate-key", name, key=key, where=f" (id {owner})" if owner else "") from None
    if isinstance(value, dict | list) and _too_deep(value):
        raise refused("json.depth", name, limit=MOST_LEVELS)
    return value
