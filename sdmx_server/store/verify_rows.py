"""Checks the rows of one packed table: checksums, ids, order, marks, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import FIRST_ID, PRESENCE_MISSING, Array
from ..model.resolved import Storage
from .findings import Places, Verification
from .frames import Frame, KeySpace, exists
from .packed_table import PART_CUTS, PackedTable
from .packing import mismatches
from .partition import bucket, buckets
from .row_io import entries
from .snapshot import Snapshot

FETCHED = 200
WAY_OUT = "restore the database from a backup"
_Tallies = list[npt.NDArray[np.int64]]


def damage(names: Sequence[str], columns: int) -> str:
    """The sentence for columns of a row that fail their checksums; when all do, it is what they have in common."""
    if len(names) == columns > 1:
        return f"its key, length or checksum is damaged; {WAY_OUT}"
    return f"{', '.join(names)} fails its checksum; {WAY_OUT}"


class RowCheck:
    """Reads one table front to back.

    Afterwards ``n`` are the entries, ``series`` the distinct keys without time, ``tallies`` the entries of each id by
    key column; ``sound`` says whether all of them could be counted.
    """

    def __init__(self, snapshot: Snapshot, table: PackedTable, found: Verification) -> None:
        self._snapshot, self._table, self._found = snapshot, table, found
        self._places = Places(snapshot)
        self._about = snapshot.cube.reference.short
        self._what = self._places.table(table.layout)
        self._sizes = snapshot.key_sizes(table.layout)
        self.tallies: _Tallies = [np.zeros(size, np.int64) for size in self._sizes]
        self.n = self.series = 0
        self.sound = True
        self._series = _DistinctSeries(self._sizes[: len(table.layout.dimensions)], len(table.prefix))
        self._last: Array | None = None

    def run(self, tell: Callable[[int], None]) -> None:
        """Check everything; ``tell`` hears how many entries were read."""
        table = self._table
        names = (*table.prefix, "part", "n", *table.blobs, "checksum", "t_lo", "t_hi")
        order = (table.rows.c[c] for c in (*table.prefix, "part"))
        query = sa.select(*(table.rows.c[n] for n in names)).order_by(*order)
        options = {"stream_results": True, "max_row_buffer": FETCHED}
        with self._snapshot.connection.execute(query, execution_options=options) as result:
            for rows in result.partitions(FETCHED):
                self._found.rows += len(rows)
                if good := self._undamaged(rows):
                    self._check(good, entries(table, [_whole(table, row) for row in good]))
                tell(self.n)
        self.series = self._series.count

    def _undamaged(self, rows: Sequence[Any]) -> list[Any]:
        """The rows that keep their checksums; the others are taken down, each with all its damaged columns."""
        table, k = self._table, len(self._table.prefix)
        columns = list(zip(*rows, strict=True))
        blobs = columns[k + 2 : k + 2 + len(table.blobs)]
        seeds = np.array(columns[: k + 2], np.int64).T
        wrong = mismatches(range(len(blobs)), blobs, columns[k + 2 + len(blobs)], seeds)
        bad: list[bool] = np.logical_or.reduce(wrong, axis=1).tolist()
        for i in np.flatnonzero(bad).tolist():
            names = [self._places.column(table.layout, table.blobs[c]) for c in np.flatnonzero(wrong[i]).tolist()]
            self._add(rows[i], damage(names, len(table.blobs)))
        return [row for row, gone in zip(rows, bad, strict=True) if not gone]

    def _add(self, row: Any, text: str) -> None:
        k = len(self._table.prefix)
        place = self._places.row(self._table.layout, row[:k], row[k] // PART_CUTS if self._table.layout.time else None)
        self._found.add(self._about, f"{self._what}, {place}", text)
        self.sound = False

    def _check(self, rows: Sequence[Any], frame: Frame) -> None:
        lengths = np.array([row[len(self._table.prefix) + 1] for row in rows], np.int64)
        of = np.repeat(np.arange(len(rows)), lengths)
        self.n += frame.n
        outside = self._outside(frame)
        for name, bad in self._wrong_values(frame, outside):
            for i in np.unique(of[bad]).tolist():
                self._add(rows[i], f"{name}; {WAY_OUT}")
        if not outside.any():  # ids without a dictionary entry can be neither ordered nor counted
            self._order(rows, frame, of)
            self._count(frame)

    def _outside(self, frame: Frame) -> npt.NDArray[np.bool_]:
        bad = np.zeros(frame.n, bool)
        for key, size in zip(frame.keys, self._sizes, strict=True):
            bad |= (key < FIRST_ID) | (key >= size)
        return bad

    def _wrong_values(self, frame: Frame, outside: Array) -> Iterator[tuple[str, Array]]:
        if outside.any():
            yield "a dimension has an id that its dictionary does not have", outside
        for cell in self._table.layout.cells:
            if cell.storage is Storage.CODE:
                bad = frame.cells[cell.column] >= self._snapshot.cube.size(
                    self._snapshot.layout.numbers[cell.component]
                )
                if bad.any():
                    yield f"{cell.component} has an id that its dictionary does not have", bad
            if cell.presence and (bad := frame.cells[cell.presence] > PRESENCE_MISSING).any():
                yield f"{cell.component} has a mark of presence that means nothing", bad
        if not (there := exists(self._table.layout, frame.cells, frame.n)).all():
            yield "an entry holds nothing at all", ~there

    def _order(self, rows: Sequence[Any], frame: Frame, of: Array) -> None:
        """Entries ascend by prefix, bucket, the other dimensions and time; rows know their bucket and moments."""
        k = len(self._table.prefix)
        keys: list[Array] = list(frame.keys)
        sizes = list(self._sizes)
        part = np.array([row[k] for row in rows], np.int64)
        if self._table.layout.time:
            periods, numbers = self._snapshot.periods(), bucket(self._table.layout, keys[-1])
            self._each(rows, of[numbers != (part // PART_CUTS)[of]], "a period is not of the row's bucket")
            begin = np.flatnonzero(np.diff(of, prepend=-1))
            moments = np.array([row[-2:] for row in rows], np.int64)
            right = (np.minimum.reduceat(periods.start[keys[-1]], begin) == moments[:, 0]) & (
                np.maximum.reduceat(periods.end[keys[-1]], begin) == moments[:, 1]
            )
            self._each(rows, np.flatnonzero(~right), "the row's first and last moments are not those of its periods")
            keys[-1] = periods.rank[keys[-1]]
            keys.insert(k, numbers)
            sizes.insert(k, buckets(self._table.layout, sizes[-1]))
        key = KeySpace(tuple(sizes)).pack(keys, frame.n)
        if self._last is not None:
            key, of = np.concatenate((self._last, key)), np.concatenate((of[:1], of))
        self._each(rows, of[1:][key[1:] <= key[:-1]], "keys are not in order, or there twice")
        self._last = key[-1:]

    def _each(self, rows: Sequence[Any], bad: Array, text: str) -> None:
        for i in np.unique(bad).tolist():
            self._add(rows[i], f"{text}; {WAY_OUT}")

    def _count(self, frame: Frame) -> None:
        for tally, key in zip(self.tallies, frame.keys, strict=True):
            np.add(tally, np.bincount(key, minlength=len(tally)), out=tally)
        if self._table.layout.time:
            self._series.add(frame.keys[:-1], frame.n)


class _DistinctSeries:
    """Counts distinct keys that come ordered by their first k ids alone."""

    def __init__(self, sizes: tuple[int, ...], k: int) -> None:
        self._space, self._k = KeySpace(sizes), k
        self._closed = 0
        self._open: Array = np.empty(0, np.int64)
        self._prefix: tuple[int, ...] | None = None

    def add(self, keys: Sequence[Array], n: int) -> None:
        prefix = tuple(int(key[-1]) for key in keys[: self._k])
        of_last = np.ones(n, bool)
        for key, last in zip(keys[: self._k], prefix, strict=True):
            of_last &= key == last
        packed = self._space.pack(keys, n)
        before = self._open if len(self._open) else packed[:0]
        if self._prefix == prefix:
            self._open = np.unique(np.concatenate((before, packed)))
            return
        every = np.unique(np.concatenate((before, packed)))
        self._open = np.unique(packed[of_last])
        self._closed += len(every) - len(self._open)
        self._prefix = prefix

    @property
    def count(self) -> int:
        """How many there were."""
        return self._closed + len(self._open)


def _whole(table: PackedTable, row: Any) -> Any:
    """A row as ``row_io.entries`` takes it."""
    return row[: len(table.prefix) + 3 + len(table.blobs)]
