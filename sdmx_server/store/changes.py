"""What two revisions of a packed table hold differently, from the history blocks between them.

The present rows are read only where those blocks name a key; nothing else of the table is looked at. Work goes by
ranges of keys, so memory is bounded however much changed. The one exception: a table that was wholly emptied and filled
again has no history of the filling; then its later state is scanned, and what it held before is in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..batches import Array
from ..errors import Damaged
from .blocks import Block
from .changed import Cells, Changed, Mask
from .frames import Frame, KeySpace, big_endian, cell_columns, empty_frame, is_sorted
from .history import Undo, empty_before, extents, undo
from .packed_table import PackedTable
from .packing import DamagedRow
from .partition import bucket, unit_key
from .regrouping import filled
from .row_io import Units, read_units
from .scanning import Scanner, bytes_of
from .selection import Selection
from .snapshot import Snapshot

AT_ONCE = 50_000
"""Entries of history from which a range of keys is made."""


class Changes:
    """The differences of one table between two revisions (``since`` < ``until``), for the keys of a selection."""

    def __init__(
        self, snapshot: Snapshot, table: PackedTable, selection: Selection, *, since: int, until: int | None
    ) -> None:
        self._snapshot, self._table, self._selection = snapshot, table, selection
        self._since = since
        self._until = snapshot.cube.data_rev if until is None else min(until, snapshot.cube.data_rev)
        self._sizes = snapshot.key_sizes(table.layout)
        self._space = KeySpace(self._sizes)
        self._columns = cell_columns(table.layout.cells)

    def portions(self) -> Iterator[Changed]:
        """The entries that differ, never an empty portion. Raises ``Damaged``.

        No series crosses a portion, except that what is gone of a table that was filled again comes last.
        """
        try:
            for portion in self._compared():
                chosen = self._ordered(self._selected(portion))
                if chosen.n:
                    yield chosen
        except DamagedRow as error:
            raise Damaged("damaged-data", dataflow=self._snapshot.cube.reference, reason=error.texts) from error

    def _compared(self) -> Iterator[Changed]:
        if self._since >= self._until:
            return
        connection, table = self._snapshot.connection, self._table
        emptied = empty_before(connection, table, self._since)
        if emptied is not None and emptied <= self._until:
            yield from self._refilled(emptied)
            return
        low_ids, high_ids = self._selection.bounds(table.layout.dimensions)
        low = bytes_of(low_ids)
        high = bytes_of(high_ids) + b"\xff" * (4 * (len(table.layout.dimensions) - len(high_ids)) + 1)
        found = extents(connection, table, after=self._since, until=self._until, low=low, high=high)
        later = empty_before(connection, table, self._until)
        for begin, end in _ranges(found, low, high):
            past = self._undo(self._since, self._until + 1, begin, end)
            if past is not None:
                past = _within(past, len(table.layout.dimensions), begin, None if end == high else end)
                here, after = self._then(past.frame, begin, end, later)
                yield _changed(past, here, after)

    def _undo(self, after: int, before: int | None, low: bytes, high: bytes) -> Undo | None:
        connection = self._snapshot.connection
        return undo(connection, self._table, after=after, before=before, low=low, high=high, sizes=self._sizes)

    def _then(self, touched: Frame, low: bytes, high: bytes, emptied: int | None) -> tuple[Mask, Cells]:
        """What some sorted keys hold at the later revision."""
        here = np.zeros(touched.n, bool)
        cells = {name: np.zeros(touched.n, dtype) for name, dtype in self._columns.items()}
        wanted = self._space.pack(touched.keys, touched.n)
        if emptied is None:
            for part in self._units(touched).slices():
                rows = read_units(self._snapshot.connection, self._table, part)
                self._fill(wanted, here, cells, rows, np.ones(rows.n, bool))
        if self._until < self._snapshot.cube.data_rev:
            later = self._undo(self._until, emptied, low, high)
            if later is not None:
                self._fill(wanted, here, cells, later.frame, later.was)
        return here, cells

    def _fill(self, wanted: Array, here: Mask, cells: Cells, found: Frame, there: Mask) -> None:
        """Take over what was found for the wanted keys."""
        if not found.n or not len(wanted):
            return
        key = self._space.pack(found.keys, found.n)
        at = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
        hit = wanted[at] == key
        here[at[hit]] = there[hit]
        for name, values in cells.items():
            values[at[hit]] = found.cells[name][hit]

    def _units(self, touched: Frame) -> Units:
        layout = self._table.layout
        first = np.unique(unit_key(layout, self._sizes, touched.keys, touched.n), return_index=True)[1]
        k = len(self._table.prefix)
        buckets = bucket(layout, touched.keys[-1][first]) if layout.time else None
        return Units(tuple(key[first] for key in touched.keys[:k]), buckets, len(first))

    def _refilled(self, emptied: int) -> Iterator[Changed]:
        """The differences of a table that was empty in between."""
        layout, every = self._table.layout, b"\xff" * (4 * len(self._table.layout.dimensions) + 1)
        past = self._undo(self._since, emptied, b"", every)
        frame = past.frame.take(past.was) if past is not None else empty_frame(layout)
        left = np.ones(frame.n, bool)
        known = self._space.pack(frame.keys, frame.n)
        for block in Scanner(self._snapshot, self._table, self._selection, layout.cells, self._until).blocks():
            now = _frame(block, self._table)
            key = self._space.pack(now.keys, now.n)
            was = np.zeros(now.n, bool)
            before = {name: np.zeros(now.n, dtype) for name, dtype in self._columns.items()}
            if frame.n:
                at = np.minimum(np.searchsorted(known, key), frame.n - 1)
                was = known[at] == key
                left[at[was]] = False
                for name, values in before.items():
                    values[was] = frame.cells[name][at[was]]
            yield _changed(Undo(Frame(now.keys, before, now.n), was), np.ones(now.n, bool), now.cells)
        gone = frame.take(left)
        absent = {name: np.zeros(gone.n, dtype) for name, dtype in self._columns.items()}
        yield _changed(Undo(gone, np.ones(gone.n, bool)), np.zeros(gone.n, bool), absent)

    def _selected(self, portion: Changed) -> Changed:
        names = list(self._table.layout.dimensions)
        if self._table.layout.time:
            names.append(self._snapshot.layout.time or "")
        keep = self._selection.mask({}, None, dict(zip(names, portion.keys, strict=True)))
        return portion if keep is None else portion.take(keep)

    def _ordered(self, portion: Changed) -> Changed:
        keys = list(portion.keys)
        if self._table.layout.time:
            keys[-1] = self._snapshot.periods().rank[keys[-1]]
        key = self._space.pack(keys, portion.n)
        return portion if is_sorted(key) else portion.take(np.argsort(key, kind="stable"))


def _ranges(found: list[tuple[bytes, int]], low: bytes, high: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Ranges of keys, each but the last without its end, that begin where a block does."""
    if not found:
        return
    begin, held = low, 0
    for first, n in found:
        if held + n > AT_ONCE and held and first > begin:
            yield begin, first
            begin, held = first, 0
        held += n
    yield begin, high


def _within(past: Undo, dimensions: int, begin: bytes, end: bytes | None) -> Undo:
    """The entries from ``begin`` on and before ``end``: blocks reach over the ends of a range."""
    if not dimensions:
        return past
    key = big_endian(past.frame.keys[:dimensions], past.frame.n)
    keep = key >= np.array(begin, key.dtype)
    if end is not None:
        keep &= key < np.array(end, key.dtype)
    return Undo(past.frame.take(keep), past.was[keep])


def _frame(block: Block, table: PackedTable) -> Frame:
    columns = cell_columns(table.layout.cells)
    cells = {name: filled(block, name, table.layout.cells, dtype) for name, dtype in columns.items()}
    return Frame(block.keys(), cells, block.n)


def _changed(past: Undo, here: Mask, after: Cells) -> Changed:
    """The entries that are not what they were."""
    whole = Changed(keys=past.frame.keys, was=past.was, here=here, before=past.frame.cells, after=after, n=past.frame.n)
    return whole.take((past.was != here) | whole.differs(after))
