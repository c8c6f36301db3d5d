"""Works out what sorted operations do to one packed table, in slices of bounded size.

It only reads the database; what is to be written goes to a spool, so that all of this can happen before the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import Array
from .dictionaries import Periods
from .frames import Frame, KeySpace, empty_frame, is_sorted, starts
from .history import Undo, empty_mark, reverse_delta
from .languages import Languages
from .merging import Change, change, fold, result
from .packed_table import PackedTable
from .packing import pack
from .partition import bucket, rows_of, unit_key
from .row_io import Units, read_dimensions, read_units
from .sorting import KEY, Columns, joined
from .write_spool import WriteSpool

_SLICE = 200_000
_SLICE_PREFIXES = 2_000


class Outcome(msgspec.Struct):
    """What a load changed in one table. ``tallies``: per key column the change of the count of each id."""

    tallies: list[npt.NDArray[np.int64]]
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    series: int = 0

    @property
    def changed(self) -> int:
        """How many entries are not as they were."""
        return self.inserted + self.updated + self.deleted


def slices(table: PackedTable, chunks: Iterable[Columns]) -> Iterator[Columns]:
    """Sorted operations in portions that never cut through a prefix."""
    rest: Columns | None = None
    for chunk in chunks:
        whole = chunk if rest is None else joined([rest, chunk])
        n = len(whole[KEY])
        prefixes = np.flatnonzero(starts([whole[f"k{i}"] for i in range(len(table.prefix))], n))
        last = 0
        while last < len(prefixes) - 1:
            following = min(int(np.searchsorted(prefixes, prefixes[last] + _SLICE)), last + _SLICE_PREFIXES)
            following = min(max(following, last + 1), len(prefixes) - 1)
            begin, end = prefixes[last], prefixes[following]
            yield {name: values[begin:end] for name, values in whole.items()}
            last = following
        rest = {name: values[prefixes[last] :] for name, values in whole.items()}
    if rest is not None:
        yield rest


class TableWriter:
    """Merges operations into one table and spools what changes, with its history.

    Each slice has prefixes of its own, so that none needs to see what another one is going to write. ``sizes`` bound
    the ids of the key columns; ``empty`` says that the table holds nothing: such a load reads nothing and needs no
    reverse delta.
    """

    def __init__(
        self,
        connection: sa.Connection,
        table: PackedTable,
        sizes: tuple[int, ...],
        *,
        spool: WriteSpool,
        periods: Periods,
        seq: int,
        empty: bool,
        languages: Languages | None = None,
    ) -> None:
        self._connection, self._table, self._sizes, self._periods = connection, table, sizes, periods
        self._seq, self._empty, self._spool = seq, empty, spool
        self._languages = languages or Languages({})
        self._space = KeySpace(sizes)
        self._block = 1
        self.outcome = Outcome([np.zeros(size, np.int64) for size in sizes])

    def apply(self, operations: Columns) -> None:
        """Merge one slice. Raises ``packing.DamagedRow``."""
        table = self._table.layout
        operations = fold(table, operations, self._languages)
        keys = tuple(operations[f"k{i}"] for i in range(table.key_columns))
        unit = unit_key(table, self._sizes, keys, len(operations[KEY]))
        old = self._old(keys, unit)
        done = self._change(old, operations)
        self._count(keys, done)
        changed = done.inserted if self._empty else done.changed
        if not changed.any():
            return
        if self._empty and not self.outcome.changed - int(changed.sum()):
            self._spool.insert_history([empty_mark(self._table, self._seq)])
        first = np.unique(unit[changed], return_index=True)[1]
        units = self._units(tuple(k[changed] for k in keys), first)
        if not changed.all():
            operations = {name: values[changed] for name, values in operations.items()}
            old = old.take(np.isin(unit_key(table, self._sizes, old.keys, old.n), unit[changed][first]))
            done = self._change(old, operations)
        self._write(old, operations, done, units)

    def _write(self, old: Frame, operations: Columns, done: Change, units: Units) -> None:
        """Spool operations that all change something; ``old`` holds all entries of their units."""
        table = self._table.layout
        counted = table.number == 0 and table.time
        frame = result(old, self._key(old), operations, done)
        if self._empty:
            self.insert(frame)
            if counted:
                self.outcome.series += int(starts(frame.keys[:-1], frame.n).sum())
            return
        if counted:
            self.outcome.series += self._new_series(operations, done)
        keys = tuple(operations[f"k{i}"] for i in range(table.key_columns))
        undo = Undo(Frame(keys, done.before, len(operations[KEY])), done.hit)
        past = reverse_delta(self._table, self._seq, self._block, undo)
        self._block += len(past)
        self._spool.insert_history(past)
        self._spool.delete(units)
        if frame.n:
            self.insert(frame)

    def insert(self, frame: Frame) -> None:
        """Spool sorted entries as new rows."""
        table = self._table
        k = len(table.prefix)
        rows = rows_of(table.layout, self._sizes, frame)
        frame = frame if rows.order is None else frame.take(rows.order)
        prefix = [key[rows.begin] for key in frame.keys[:k]]
        columns = dict(zip(table.blobs[: len(frame.keys) - k], frame.keys[k:], strict=True)) | frame.cells
        n = rows.end - rows.begin
        seeds = np.stack([*prefix, rows.part, n], axis=1).astype(np.int64)
        blobs, sums = pack(table.layout, {c: columns[c] for c in table.blobs}, rows.begin, rows.end, seeds)
        low = high = np.zeros(len(n), np.int64)
        if table.layout.time:
            low = np.minimum.reduceat(self._periods.start[frame.keys[-1]], rows.begin)
            high = np.maximum.reduceat(self._periods.end[frame.keys[-1]], rows.begin)
        columns_of_numbers: list[Array] = [*prefix, rows.part, low, high, n]
        numbers = [a.tolist() for a in columns_of_numbers]
        lines = zip(*numbers, *(blobs[c] for c in table.blobs), sums, strict=True)
        self._spool.insert(list(lines), frame.n)

    def _old(self, keys: tuple[Array, ...], unit: Array) -> Frame:
        if self._empty:
            return empty_frame(self._table.layout)
        first = np.unique(unit, return_index=True)[1]
        frame = read_units(self._connection, self._table, self._units(keys, first))
        key = self._key(frame)
        return frame if is_sorted(key) else frame.take(np.argsort(key, kind="stable"))

    def _units(self, keys: tuple[Array, ...], first: Array) -> Units:
        k = len(self._table.prefix)
        buckets = bucket(self._table.layout, keys[-1][first]) if self._table.layout.time else None
        return Units(tuple(key[first] for key in keys[:k]), buckets, len(first))

    def _key(self, frame: Frame) -> Array:
        keys = list(frame.keys)
        if self._table.layout.time:
            keys[-1] = self._periods.rank[keys[-1]]
        return self._space.pack(keys, frame.n)

    def _change(self, old: Frame, operations: Columns) -> Change:
        return change(self._table.layout, old, self._key(old), operations, self._languages)

    def _count(self, keys: tuple[Array, ...], done: Change) -> None:
        out = self.outcome
        inserted, updated, deleted = (int(m.sum()) for m in (done.inserted, done.updated, done.deleted))
        out.inserted += inserted
        out.updated += updated
        out.deleted += deleted
        out.unchanged += int(done.hit.sum()) - updated - deleted
        for tally, key in zip(out.tallies, keys, strict=True):
            if inserted:
                new = key if inserted == len(key) else key[done.inserted]
                np.add(tally, np.bincount(new, minlength=len(tally)), out=tally)
            if deleted:
                np.subtract(tally, np.bincount(key[done.deleted], minlength=len(tally)), out=tally)

    def _new_series(self, operations: Columns, done: Change) -> int:
        """How many series begin to exist less those that end: from how many observations each had, and has then."""
        moved = done.inserted | done.deleted
        if not moved.any():
            return 0
        keys = [operations[f"k{i}"][moved] for i in range(len(self._sizes) - 1)]
        space = KeySpace(self._sizes[: len(keys)])
        series = space.pack(keys, int(moved.sum()))
        touched, first = np.unique(series, return_index=True)
        net = np.add.reduceat(np.where(done.inserted[moved], 1, -1), first)
        prefix = keys[: len(self._table.prefix)]
        rows = np.flatnonzero(starts(prefix, len(series)))
        old = read_dimensions(self._connection, self._table, Units(tuple(p[rows] for p in prefix), None, len(rows)))
        known, count = np.unique(space.pack(old.keys, old.n), return_counts=True)
        before = np.zeros(len(touched), np.int64)
        if len(known):
            at = np.minimum(np.searchsorted(known, touched), len(known) - 1)
            before = np.where(known[at] == touched, count[at], 0)
        return int((before + net > 0).sum()) - int((before > 0).sum())
