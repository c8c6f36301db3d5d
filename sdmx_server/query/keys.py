"""Keys of data queries (``data.md``, parameter ``key``), of REST 2.2.2 and of 1.5.0."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..batches import KeyPattern
from ..errors import BadQuery

Key = KeyPattern
"""The codes of a key by position, None for any; dimensions at the end may be left out."""

_MAX_KEYS = 10_000
_ANY = ("*", "")
_BLANKS = re.compile(r"\s")


def _check_blanks(text: str) -> None:
    if _BLANKS.search(text):
        raise BadQuery("key-blanks", key=text)


def _parse_key(text: str) -> Key:
    if "+" in text:
        raise BadQuery("key-plus", key=text)
    _check_blanks(text)
    if not text:
        raise BadQuery("key-empty")
    return tuple(None if part in _ANY else frozenset((part,)) for part in text.split("."))


def parse_keys(text: str) -> tuple[Key, ...]:
    """The keys of a decoded path segment of REST 2.2.2, separated by commas; none when one asks for everything.

    An empty position counts as ``*``. A ``*`` within a longer text is that text. Raises ``BadQuery``.
    """
    parts = text.split(",")
    if len(parts) > _MAX_KEYS:
        raise BadQuery("keys-many", most=_MAX_KEYS)
    keys = tuple(dict.fromkeys(_parse_key(part) for part in parts))
    return () if (None,) in keys else keys


def parse_joined_key(text: str) -> tuple[Key, ...]:
    """The key of a decoded path segment of REST 1.5.0, whose codes are joined by ``+``; none for ``all``.

    An empty position is any value; so is ``*``, which clients of later versions send. Raises ``BadQuery``.
    """
    if text.lower() == "all" or text in _ANY:
        return ()
    if "," in text:
        raise BadQuery("key-comma", key=text)
    _check_blanks(text)
    positions = []
    for part in text.split("."):
        codes = frozenset(part.split("+"))
        if part not in _ANY and "" in codes:
            raise BadQuery("key-code-empty", key=text)
        positions.append(None if codes.intersection(_ANY) else codes)
    return (tuple(positions),)


def print_keys(keys: Sequence[Key]) -> str:
    """The keys as text; ``parse_keys`` reads it as these keys when no position has several codes."""
    return ",".join(".".join("*" if codes is None else "+".join(sorted(codes)) for codes in key) for key in keys) or "*"


def key_patterns(keys: Sequence[Key], dimensions: Sequence[str], whole: bool = False) -> tuple[KeyPattern, ...]:
    """The keys with every dimension (time left out, in DSD order) in place; empty = everything.

    Raises ``BadQuery`` naming the dimensions when a key has too many parts or, for ``whole`` keys, too few.
    """
    patterns: list[KeyPattern] = []
    for key in keys:
        if len(key) > len(dimensions) or (whole and len(key) < len(dimensions)):
            known = ".".join(dimensions)
            raise BadQuery(
                "key-parts", key=print_keys([key]), found=len(key), expected=len(dimensions), dimensions=known
            )
        pattern: KeyPattern = (*key, *[None] * (len(dimensions) - len(key)))
        if not any(pattern):
            return ()
        patterns.append(pattern)
    return tuple(dict.fromkeys(patterns))
