"""An index of the series of a cube in memory: answers what is available for a selection without reading its rows.

Every click of a portal asks what a choice leaves. The rows hold each period of each series for that; in nearly all
cubes series share their periods, so the index has the ids of a run - what a row holds of one series - and the number
of its set of periods. It belongs to one revision, and is made when a revision is asked for the second time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import Array, Ids
from .blocks import Block
from .frames import KeySpace
from .layout import PERIODS
from .packed_table import PackedTable
from .scanning import Scanner
from .selection import Selection
from .snapshot import Snapshot

MOST_RUNS = 1_500_000
"""Runs that an index may have; each takes some 20 bytes."""

_OF_SERIES = 5
"""Series of a cube that may be indexed, as a part of the runs: one has several."""


class Counted(msgspec.Struct, frozen=True):
    """What occurs in a selection."""

    found: dict[int, Ids]
    observations: int
    series: int

    def ids(self) -> dict[int, Ids]:
        """The ids that occur, sorted, by component number."""
        return self.found


class _PeriodSets:
    """Distinct sets of periods, each written once, numbered as they come."""

    def __init__(self, periods: int) -> None:
        # The sum of a random number for each period tells sets apart; whether it did is looked at afterwards.
        self._random = np.random.default_rng(1).integers(0, 2**63, periods, np.uint64)
        self._numbers: dict[int, int] = {}
        self._members: list[Ids] = []

    def number(self, time: Ids, runs: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32] | None:
        """The set of each run that begins there; None when two sets cannot be told apart."""
        marks = np.add.reduceat(self._random[time], runs)
        ends = np.append(runs[1:], len(time))
        distinct, first, inverse = np.unique(marks, return_index=True, return_inverse=True)
        numbers = []
        for mark, i in zip(distinct.tolist(), first.tolist(), strict=True):
            known = self._numbers.setdefault(mark, len(self._members))
            if known == len(self._members):
                self._members.append(time[runs[i] : ends[i]].copy())
            numbers.append(known)
        found = np.array(numbers, np.uint32)[inverse]
        return found if self._as_told([self._members[i] for i in numbers], inverse, time, ends - runs) else None

    @staticmethod
    def _as_told(members: Sequence[Ids], which: Array, time: Ids, lengths: npt.NDArray[np.int64]) -> bool:
        """Whether each run holds exactly the periods of its set."""
        sizes = np.array([len(m) for m in members])
        if not (sizes[which] == lengths).all():
            return False
        begin = (np.cumsum(sizes) - sizes)[which]
        within = np.arange(len(time)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return bool((np.concatenate(members)[np.repeat(begin, lengths) + within] == time).all())

    def table(self) -> tuple[Ids, npt.NDArray[np.int64]]:
        """The members of all sets one after the other, and where each set begins."""
        sizes = np.array([len(m) for m in self._members], np.int64)
        return np.concatenate(self._members), np.cumsum(sizes) - sizes


class SeriesIndex(msgspec.Struct, frozen=True):
    """The runs of a cube's series. ``ids``: by dimension, of each run; ``series``: the number of its series.

    ``sets``: the number of the set of periods of each run; ``members`` and ``begin``: the periods of all sets, and
    where those of each begin. Without time all three are None, and every run is one observation.
    """

    ids: dict[str, Array]
    series: npt.NDArray[np.uint32]
    sets: npt.NDArray[np.uint32] | None
    members: Ids | None
    begin: npt.NDArray[np.int64] | None

    @property
    def weight(self) -> int:
        """About how many bytes it takes in memory."""
        parts = (*self.ids.values(), self.series, self.sets, self.members, self.begin)
        return sum(part.nbytes for part in parts if part is not None)

    def count(self, snapshot: Snapshot, selection: Selection) -> Counted:
        """What occurs in a selection of dimensions and time."""
        layout = snapshot.layout
        keep = selection.mask({}, None, self.ids)
        chosen = slice(None) if keep is None else np.flatnonzero(keep)
        found: dict[int, Ids] = {}
        series = self.series[chosen]
        observations = len(series)
        if self.sets is not None and self.members is not None and self.begin is not None:
            inside = selection.masks.get(layout.time or "")
            of_time = np.ones(len(self.members), bool) if inside is None else inside[self.members]
            sets = self.sets[chosen]
            counts = np.add.reduceat(of_time, self.begin, dtype=np.int64)[sets]
            if inside is not None:
                some = counts > 0
                chosen = np.flatnonzero(some) if keep is None else np.flatnonzero(keep)[some]
                series, sets = series[some], sets[some]
            observations = int(counts.sum())
            used = np.repeat(_seen(sets, len(self.begin)), np.diff(self.begin, append=len(self.members)))
            found[PERIODS] = _distinct(self.members[used & of_time], snapshot.cube.size(PERIODS))
        for name, ids in self.ids.items():
            number = layout.numbers[name]
            found[number] = _distinct(ids[chosen], snapshot.cube.size(number))
        return Counted(found, observations, int(_seen(series, len(self.series)).sum()))


def _seen(ids: Array, size: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(size, bool)
    found[ids] = True
    return found


def _distinct(ids: Array, size: int) -> Ids:
    return np.flatnonzero(_seen(ids, size)).astype(np.uint32)


class _Asked:
    """How often availability was asked for that an index would answer. The second one who asks makes it."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def enough(self) -> bool:
        """Whether it is this one's turn to make the index."""
        return next(self._count) == 1


class _Unfit(msgspec.Struct, frozen=True):
    """In place of an index that would be too large."""


def series_index(snapshot: Snapshot, table: PackedTable, everything: Selection) -> SeriesIndex | None:
    """The index of a snapshot; None as long as none was made, and where it would be too large.

    ``everything`` selects all observations. Raises ``errors.Damaged``.
    """
    cube = snapshot.cube
    if cube.series > MOST_RUNS // _OF_SERIES:
        return None
    key = "series", cube.id, cube.layout, cube.data_rev
    held = snapshot.tables_held.get(key)
    if held is None:
        held = _Asked()
        snapshot.tables_held.put(key, held, 100)
    if isinstance(held, _Asked) and held.enough():
        made = _made(snapshot, table, everything)
        snapshot.tables_held.put(key, made or _Unfit(), made.weight if made else 100)
        return made
    return held if isinstance(held, SeriesIndex) else None


def _made(snapshot: Snapshot, table: PackedTable, everything: Selection) -> SeriesIndex | None:
    layout = snapshot.layout
    sizes = [snapshot.cube.size(layout.numbers[d]) for d in table.layout.dimensions]
    types = [np.min_scalar_type(size) for size in sizes]
    columns: list[list[Array]] = [[] for _ in types]
    sets: list[npt.NDArray[np.uint32]] = []
    periods = _PeriodSets(snapshot.cube.size(PERIODS)) if layout.time else None
    total = 0
    for block in _blocks(snapshot, table, everything):
        runs = block.series()
        total += len(runs)
        if total > MOST_RUNS:
            return None
        for column, kind, ids in zip(columns, types, _heads(block, runs), strict=True):
            column.append(ids.astype(kind))
        if periods is not None and block.time is not None:
            numbers = periods.number(block.time, runs)
            if numbers is None:
                return None
            sets.append(numbers)
    if not total:
        return None
    keys = [np.concatenate(column) for column in columns]
    _, series = np.unique(KeySpace(tuple(sizes)).pack(keys, total), return_inverse=True)
    members, begin = periods.table() if periods is not None else (None, None)
    return SeriesIndex(
        ids=dict(zip(table.layout.dimensions, keys, strict=True)),
        series=series.astype(np.uint32),
        sets=np.concatenate(sets) if sets else None,
        members=members,
        begin=begin,
    )


def _blocks(snapshot: Snapshot, table: PackedTable, everything: Selection) -> Iterator[Block]:
    return Scanner(snapshot, table, everything, (), None).blocks(ordered=False)


def _heads(block: Block, runs: npt.NDArray[np.int64]) -> Sequence[Ids]:
    """The ids of each run, by the dimensions of the table."""
    row = np.searchsorted(block.begin, runs, side="right") - 1
    return [*(p[row] for p in block.prefix), *(s[runs] for s in block.suffix)]
