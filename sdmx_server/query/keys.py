"""Keys of data queries (REST 2.2.2 ``data.md``, parameter ``key``)."""

from __future__ import annotations

from collections.abc import Sequence

from ..batches import KeyPattern
from ..errors import BadQuery

Key = tuple[str | None, ...]
"""The codes of a key by position, None for any; dimensions at the end may be left out."""

_MAX_KEYS = 10_000


def _parse_key(text: str) -> Key:
    if "+" in text:
        raise BadQuery(
            f"key {text[:100]!r} holds +, which keys of REST 2.x do not have; write several keys with commas, "
            "or use c[DIMENSION]=A,B"
        )
    if not text or any(character.isspace() for character in text):
        raise BadQuery(f"key {text[:100]!r} is empty or holds blanks; write * for any value")
    return tuple(None if part in ("*", "") else part for part in text.split("."))


def parse_keys(text: str) -> tuple[Key, ...]:
    """The keys of a decoded path segment, separated by commas; none when one of them asks for everything.

    An empty position counts as ``*``. A ``*`` within a longer text is that text. Raises ``BadQuery``.
    """
    parts = text.split(",")
    if len(parts) > _MAX_KEYS:
        raise BadQuery(f"more than {_MAX_KEYS} keys; ask with wildcards or several times")
    keys = tuple(dict.fromkeys(_parse_key(part) for part in parts))
    return () if any(all(part is None for part in key) and len(key) == 1 for key in keys) else keys


def print_keys(keys: Sequence[Key]) -> str:
    """The text that ``parse_keys`` reads as these keys."""
    return ",".join(".".join("*" if part is None else part for part in key) for key in keys) or "*"


def key_patterns(keys: Sequence[Key], dimensions: Sequence[str]) -> tuple[KeyPattern, ...]:
    """The keys with every dimension (time left out, in DSD order) in place; empty = everything.

    Raises ``BadQuery`` naming the dimensions when a key has too many parts.
    """
    patterns: list[KeyPattern] = []
    for key in keys:
        if len(key) > len(dimensions):
            raise BadQuery(
                f"key {print_keys([key])[:100]!r} has {len(key)} parts but the structure has {len(dimensions)} "
                f"dimensions: {'.'.join(dimensions)}"
            )
        given = [None if part is None else frozenset((part,)) for part in key]
        pattern: KeyPattern = (*given, *[None] * (len(dimensions) - len(key)))
        if not any(pattern):
            return ()
        patterns.append(pattern)
    return tuple(dict.fromkeys(patterns))
