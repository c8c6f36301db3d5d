"""Where rows of a packed table begin and end: the length of the prefix, the period buckets, the cuts of long rows."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import FIRST_ID, Array, Ids
from .frames import Frame, KeySpace, stable_order, starts
from .layout import TableLayout
from .packed_table import PART_CUTS

TARGET = 512
"""Observations that a row should hold on average."""

BUCKET = 36
"""Periods of a bucket, by id, where series are short: three years of months."""

_BUCKETS = 16
"""Buckets that a series should have at most; longer ones get wider buckets."""

_WIDEST = 64
"""How many times as wide they may be: each change of a series writes the rows of whole buckets."""

_AROUND = 10_000
"""Entries that a look-up of a series may read, itself included, where it is not longer than half of that."""

LONGEST = 4_096
"""Observations of the longest row."""

_COUNTED = 50_000_000


class Rows(msgspec.Struct, frozen=True):
    """Entries in the order in which rows hold them, and where each row begins and ends."""

    order: npt.NDArray[np.int64] | None  # None: as they were
    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    part: npt.NDArray[np.int64]


def bucket(table: TableLayout, time: Ids) -> npt.NDArray[np.int64]:
    """The bucket of each period id."""
    return (time.astype(np.int64) - FIRST_ID) // (table.bucket or BUCKET)


def buckets(table: TableLayout, size: int) -> int:
    """How many buckets so many period ids fill at most; 1 without time."""
    return size // (table.bucket or BUCKET) + 1 if table.time else 1


def ids_of(table: TableLayout, number: int) -> range:
    """The period ids of a bucket."""
    width = table.bucket or BUCKET
    return range(FIRST_ID + number * width, FIRST_ID + (number + 1) * width)


def with_bucket(table: TableLayout, keys: tuple[Ids, ...], n: int) -> TableLayout:
    """The table with buckets for series as long as these, so that a look-up of one finds few rows.

    ``keys`` are sorted by the dimensions; a sample from the front will do. What counts is over how many periods the
    series of an observation goes, in the mean of all observations.
    """
    if not table.time or not n:
        return table
    begin = np.flatnonzero(starts(keys[:-1], n))
    length = np.diff(np.append(begin, n))
    time = keys[-1].astype(np.int64)
    span = np.maximum.reduceat(time, begin) - np.minimum.reduceat(time, begin) + 1
    wanted = float((span * length).sum()) / n / _BUCKETS / BUCKET
    times = min(2 ** math.ceil(math.log2(wanted)), _WIDEST) if wanted > 1 else 1
    return msgspec.structs.replace(table, bucket=BUCKET * times if times > 1 else None)


def unit_key(table: TableLayout, sizes: tuple[int, ...], keys: tuple[Ids, ...], n: int) -> Array:
    """One key per entry for its unit of storage: prefix and bucket. ``sizes`` bound the key columns."""
    k = table.k or 0
    if not table.time:
        return KeySpace(sizes[:k]).pack(keys[:k], n)
    space = KeySpace((*sizes[:k], buckets(table, sizes[-1])))
    return space.pack((*keys[:k], bucket(table, keys[-1])), n)


def rows_of(table: TableLayout, sizes: tuple[int, ...], frame: Frame) -> Rows:
    """Cut entries, sorted by dimensions and time, into rows."""
    unit = unit_key(table, sizes, frame.keys, frame.n)
    order = None
    if frame.n > 1 and not bool((unit[1:] >= unit[:-1]).all()):
        order = stable_order(unit)
        unit = unit.take(order)
    new = np.flatnonzero(starts([unit], frame.n))
    length = np.diff(np.append(new, frame.n))
    pieces = -(-length // LONGEST)
    cut = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begin = np.repeat(new, pieces) + cut * LONGEST
    end = np.minimum(begin + LONGEST, np.repeat(new + length, pieces))
    part = cut
    if table.time and len(begin):
        at = begin if order is None else order[begin]
        part = bucket(table, frame.keys[-1][at]) * PART_CUTS + cut
    return Rows(order, begin, end, part)


class RowCount:
    """Counts how many rows the entries of a table would make with each length of prefix.

    Entries are given sorted by the dimensions, in as many portions as one likes. ``width``: how many buckets of
    periods there are at most (1 without time).
    """

    def __init__(self, table: TableLayout, width: int) -> None:
        self._table, self._buckets = table, max(width, 1)
        lengths = len(table.dimensions) + 1
        self._rows = [0] * lengths
        self._open = [np.zeros(self._buckets, np.int64) for _ in range(lengths)]  # of the last prefix, by bucket
        self._last: list[int] = []
        self._n = self._series = 0
        self._groups = [_Groups() for _ in range(lengths)]

    def add(self, keys: tuple[Ids, ...], n: int) -> None:
        """Count n more entries."""
        if not n:
            return
        self._n += n
        time = bucket(self._table, keys[-1]) if self._table.time else np.zeros(n, np.int64)
        new = np.zeros(n, bool)
        series = self._starts(keys, n)
        self._series += int(series.sum())
        for k in range(len(self._open)):
            if k:
                column = keys[k - 1]
                new[1:] |= column[1:] != column[:-1]
                new[0] |= bool(self._last) and self._last[k - 1] != int(column[0])
            prefix = np.cumsum(new)  # 0: the prefix that is open
            self._groups[k].add(np.bincount(prefix), np.bincount(prefix, series))
            unit, lengths = _counted(prefix * self._buckets + time, (int(prefix[-1]) + 1) * self._buckets)
            of_open = unit < self._buckets
            self._open[k][unit[of_open]] += lengths[of_open]
            if prefix[-1]:
                of_last = unit >= int(prefix[-1]) * self._buckets
                self._rows[k] += _pieces(self._open[k]) + _pieces(lengths[~of_open & ~of_last])
                self._open[k] = np.bincount(
                    unit[of_last] % self._buckets, lengths[of_last], minlength=self._buckets
                ).astype(np.int64)
        self._last = [int(column[-1]) for column in keys[: len(self._table.dimensions)]]

    def rows(self) -> list[int]:
        """The number of rows by length of the prefix, from none to all dimensions."""
        return [closed + _pieces(left) for closed, left in zip(self._rows, self._open, strict=True)]

    def _starts(self, keys: tuple[Ids, ...], n: int) -> npt.NDArray[np.bool_]:
        """Where a series begins that did not go on from the entries before."""
        dimensions = keys[: len(self._table.dimensions)]
        new = starts(dimensions, n)
        new[0] = self._last != [int(column[0]) for column in dimensions] or not self._last
        return new

    def _near(self) -> list[bool]:
        """By length of the prefix: whether it keeps what a look-up has to read beside its series within bounds.

        A short series must not lie in rows full of long ones, nor a long one among others as long.
        """
        around = [groups.both() for groups in self._groups]
        own = around[-1][1] / max(self._n, 1)
        return [
            of_series <= _AROUND * max(self._series, 1) and of_entries <= max(_AROUND, 2 * own) * self._n
            for of_series, of_entries in around
        ]

    def best(self) -> int:
        """The length that brings rows nearest to ``TARGET`` entries; of two that do equally well the longer one.

        Those that let look-ups read too much are no choice, unless all do.
        """
        near = self._near()
        if not any(near):
            return len(near) - 1
        best, best_distance = 0, math.inf
        for k, rows in enumerate(self.rows()):
            if not near[k]:
                continue
            distance = abs(math.log(self._n / rows / TARGET)) if rows else 0.0
            if distance <= best_distance and (k or not self._table.dimensions):
                best, best_distance = k, distance
        return best


class _Groups:
    """What look-ups would read: all entries of a prefix, for each series in it, and for each entry."""

    def __init__(self) -> None:
        self._of_series = self._of_entries = 0.0
        self._open = (0.0, 0.0)

    def add(self, entries: Array, series: Array) -> None:
        """Count entries and series by prefix; the first one is the last of before, which may go on."""
        counts, heads = entries.astype(np.float64), series.astype(np.float64)
        counts[0] += self._open[0]
        heads[0] += self._open[1]
        self._open = (float(counts[-1]), float(heads[-1]))
        self._of_series += float((counts[:-1] * heads[:-1]).sum())
        self._of_entries += float((counts[:-1] ** 2).sum())

    def both(self) -> tuple[float, float]:
        """The sums over all series, and over all entries."""
        entries, series = self._open
        return self._of_series + entries * series, self._of_entries + entries**2


def _pieces(lengths: npt.NDArray[np.int64]) -> int:
    return int((-(-lengths // LONGEST)).sum())


def _counted(unit: npt.NDArray[np.int64], top: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The units that occur, and how often."""
    if top >= _COUNTED:
        found, lengths = np.unique(unit, return_counts=True)
        return found, lengths
    lengths = np.bincount(unit)
    found = np.flatnonzero(lengths)
    return found, lengths[found]


def choose_k(table: TableLayout, keys: tuple[Ids, ...], n: int) -> int:
    """How many dimensions make the prefix: rows should hold about ``TARGET`` entries, counting buckets and cuts.

    ``keys`` are sorted by the dimensions; a sample from the front will do.
    """
    count = RowCount(table, int(bucket(table, keys[-1]).max(initial=0)) + 1 if table.time else 1)
    count.add(keys, n)
    return count.best()
