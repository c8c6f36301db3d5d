"""Gathers stored rows into portions of about a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec


class Portion(msgspec.Struct, frozen=True):
    """Rows that lie side by side. ``long``: the prefix of all of them, when others may hold rows of it too."""

    rows: list[Any]
    long: tuple[int, ...] | None = None


def portions(rows: Iterable[Any], k: int, batch: int, longest: int | None) -> Iterator[Portion]:
    """Rows (k prefix ids, the part, the number of entries, ...) in portions of about ``batch`` entries.

    A portion ends between two prefixes, but one that has ``longest`` entries is cut as well (None: never).
    """
    held: list[Any] = []
    total = first = 0  # entries; the place of the last prefix's first row
    current: tuple[int, ...] | None = None
    long = False  # whether rows of the last prefix were given out already
    for row in rows:
        prefix = tuple(row[:k])
        if prefix != current:
            if held and (long or total >= batch):
                yield Portion(held, current if long else None)
                held, total = [], 0
            current, first, long = prefix, len(held), False
        elif total >= (batch if long else longest or total + 1):
            if not long and first:
                yield Portion(held[:first])
                held = held[first:]
            long = True
            yield Portion(held, current)
            held, total = [], 0
        held.append(row)
        total += row[k + 1]
    if held:
        yield Portion(held, current if long else None)
