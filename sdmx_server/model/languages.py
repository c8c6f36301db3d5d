"""The languages of texts anywhere within values of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

_NO_TEXTS = frozenset(("facets",))
"""Fields that hold texts by another key than a language."""


def languages_within(values: Iterable[Any]) -> frozenset[str]:
    """The language tags of all names, descriptions and other texts in languages within some values, items included."""
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            waiting.extend(value)
        elif isinstance(value, msgspec.Struct):
            for name in value.__struct_fields__:
                part = getattr(value, name)
                if isinstance(part, dict) and part and name not in _NO_TEXTS:
                    texts = isinstance(next(iter(part.values())), str)
                    found.update(part) if texts else waiting.extend(part.values())
                elif part and isinstance(part, tuple | msgspec.Struct):
                    waiting.append(part)
    return frozenset(found)
