"""Where rows of a packed table begin and end: the length of the prefix, the period buckets, the cuts of long rows."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import FIRST_ID, Array, Ids
from .frames import Frame, KeySpace, starts
from .layout import TableLayout
from .packed_table import PART_CUTS

TARGET = 512
"""Observations that a row should hold on average."""

BUCKET = 36
"""Periods of a bucket, by id: three years of months."""

LONGEST = 4_096
"""Observations of the longest row."""

_COUNTED = 50_000_000


class Rows(msgspec.Struct, frozen=True):
    """Entries in the order in which rows hold them, and where each row begins and ends."""

    order: npt.NDArray[np.int64] | None  # None: as they were
    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    part: npt.NDArray[np.int64]


def bucket(time: Ids) -> npt.NDArray[np.int64]:
    """The bucket of each period id."""
    return (time.astype(np.int64) - FIRST_ID) // BUCKET


def unit_key(table: TableLayout, sizes: tuple[int, ...], keys: tuple[Ids, ...], n: int) -> Array:
    """One key per entry for its unit of storage: prefix and bucket. ``sizes`` bound the key columns."""
    k = table.k or 0
    if not table.time:
        return KeySpace(sizes[:k]).pack(keys[:k], n)
    space = KeySpace((*sizes[:k], sizes[-1] // BUCKET + 1))
    return space.pack((*keys[:k], bucket(keys[-1])), n)


def rows_of(table: TableLayout, sizes: tuple[int, ...], frame: Frame) -> Rows:
    """Cut entries, sorted by dimensions and time, into rows."""
    unit = unit_key(table, sizes, frame.keys, frame.n)
    order = None
    if frame.n > 1 and not bool((unit[1:] >= unit[:-1]).all()):
        order = np.argsort(unit, kind="stable")
        unit = unit[order]
    new = np.flatnonzero(starts([unit], frame.n))
    length = np.diff(np.append(new, frame.n))
    pieces = -(-length // LONGEST)
    cut = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin = np.repeat(new, pieces) + cut * LONGEST
    end = np.minimum(begin + LONGEST, np.repeat(new + length, pieces))
    part = cut
    if table.time and len(begin):
        at = begin if order is None else order[begin]
        part = bucket(frame.keys[-1][at]) * PART_CUTS + cut
    return Rows(order, begin, end, part)


def choose_k(table: TableLayout, keys: tuple[Ids, ...], n: int) -> int:
    """How many dimensions make the prefix: rows should hold about ``TARGET`` entries, counting buckets and cuts.

    ``keys`` are sorted by the dimensions; a sample from the front will do.
    """
    time = bucket(keys[-1]) if table.time else np.zeros(n, np.int64)
    buckets = int(time.max(initial=0)) + 1
    new = np.zeros(n, bool)
    best, best_distance = 0, math.inf
    for k in range(len(table.dimensions) + 1):
        if k:
            column = keys[k - 1]
            new[1:] |= column[1:] != column[:-1]
        unit = np.cumsum(new) * buckets + time
        top = int(unit[-1]) + buckets if n else 0
        lengths = np.bincount(unit) if top < _COUNTED else np.unique(unit, return_counts=True)[1]
        rows = int((-(-lengths // LONGEST)).sum())
        distance = abs(math.log(n / rows / TARGET)) if rows else 0.0
        if distance <= best_distance and (k or not table.dimensions):
            best, best_distance = k, distance
    return best
