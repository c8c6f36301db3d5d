"""Reads a packed table front to back in total order: prefix, suffix, start of the period; now, or as it once was."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from ..batches import Array
from .blocks import BATCH, Block
from .direct import fetch_all
from .frames import DTYPES, Frame, KeySpace, big_endian, cell_columns, concat, empty_frame, is_sorted, starts
from .grouping import portions
from .history import Undo, empty_before, touched_since, undo
from .layout import Cell
from .packed_table import PackedTable
from .packing import DamagedRow, join, join_presence, verify
from .regrouping import Order, regroup
from .row_io import entries
from .selection import Limit, Limits, Selection, limited
from .snapshot import Snapshot
from .value_tests import NO_TESTS

_FETCHED = 200

_LONG = 4
"""Batches; a prefix that holds more entries comes in pieces."""

_SORTED_AT_ONCE = 500_000
"""Entries of one prefix that are sorted in memory."""


class Scanner:
    """Scans one table for a selection. ``cells`` are read beside the keys; ``as_of`` is a past revision or None."""

    def __init__(
        self, snapshot: Snapshot, table: PackedTable, selection: Selection, cells: Sequence[Cell], as_of: int | None
    ) -> None:
        self._snapshot, self._table, self._selection = snapshot, table, selection
        self._tests = selection.tests if table.layout.number == 0 else NO_TESTS
        self._cells = tuple(dict.fromkeys((*cells, *self._tests.cells)))
        self._as_of = as_of if as_of is not None and as_of < snapshot.cube.data_rev else None
        self._periods = snapshot.periods() if table.layout.time else None
        self._sizes = snapshot.key_sizes(table.layout)

    def blocks(self, *, ordered: bool = True) -> Iterator[Block]:
        """The selected entries; never an empty block. Raises ``errors.Damaged``.

        Without ``ordered`` those of one prefix may come bucket by bucket, and a series in several runs of a block.
        """
        for block in self._now() if self._as_of is None else self._then(self._as_of):
            if block.n:
                yield self._ordered(block) if ordered else block

    def _chosen(self, block: Block, exact: bool) -> Block:
        """The selected entries of a block; ``exact`` says that its prefixes are known to be selected."""
        rows = {} if exact else dict(zip(self._table.layout.prefix, block.prefix, strict=True))
        each = dict(zip(self._table.layout.suffix, block.suffix, strict=True))
        if block.time is not None:
            each[self._snapshot.layout.time or ""] = block.time
        keep = self._selection.mask(rows, block.row if rows else None, each)
        return self._passing(block if keep is None else block.where(keep))

    def _passing(self, block: Block) -> Block:
        """The entries that pass the filters on what is no dimension."""
        if not self._tests or not block.n:
            return block
        return self._tests.of_block(block, self._table.layout.prefix, self._table.layout.suffix)

    def _now(self) -> Iterator[Block]:
        time = ("t",) if self._table.layout.time else ()
        cells = tuple(cell_columns(self._cells))
        names = (*self._table.prefix, "part", "n", *self._table.suffix, *time, *cells, "checksum")
        limits = self._selection.limits(self._table)
        exact = self._selection.exact(limits)
        limits = limits.with_columns(self._tests.required)
        pieces = portions(self._rows(names, limits), len(self._table.prefix), BATCH, _LONG * BATCH)
        for long, group in itertools.groupby(pieces, key=lambda piece: piece.long):
            blocks = (self._chosen(self._block(names, piece.rows), exact) for piece in group)
            yield from blocks if long is None else self._joined(blocks)

    def _joined(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """The blocks of one long prefix as others that no series crosses, in total order."""
        layout = self._table.layout
        if self._periods is None:
            yield from blocks
            return
        dimensions = len(layout.dimensions)
        order = Order(
            table=layout,
            sizes=self._sizes,
            columns=tuple(range(layout.key_columns)),
            fixed=dimensions,
            periods=self._periods,
        )
        k = len(self._table.prefix)
        for block in regroup((b for b in blocks if b.n), self._cells, order, _SORTED_AT_ONCE):
            prefix = tuple(p[:1] for p in block.suffix[:k])
            yield Block(prefix, block.count, block.suffix[k:], block.time, block.cells, block.n)

    def _rows(self, names: Sequence[str], limits: Limits) -> Iterator[Any]:
        """The rows that may hold selected entries, by prefix and part."""
        query = limited(self._table.rows, tuple(names), (*self._table.prefix, "part"), limits.kinds)
        connection = self._snapshot.connection
        if self._selection.few_rows(self._table):
            if any(kind is Limit.LIST for _, kind in limits.kinds):
                return iter(connection.execute(query, limits.values).all())
            return iter(fetch_all(connection, query, limits.values))
        return self._streamed(query, limits)

    def _streamed(self, query: sa.Select[Any], limits: Limits) -> Iterator[Any]:
        """Some rows at a time; nothing is left open where the reader has enough of them."""
        # options of a connection last; those of a statement end with it
        options = {"stream_results": True, "max_row_buffer": _FETCHED}
        with self._snapshot.connection.execute(query, limits.values, execution_options=options) as result:
            for rows in result.partitions(_FETCHED):
                yield from rows

    def _block(self, names: Sequence[str], rows: Sequence[Any]) -> Block:
        table = self._table
        by = dict(zip(names, zip(*rows, strict=True), strict=True))
        k = len(table.prefix)
        blobs = names[k + 2 : -1]
        seeds = np.array([by[c] for c in names[: k + 2]], np.int64).T
        positions = [table.blobs.index(b) for b in blobs]
        try:
            verify(blobs, positions, [by[b] for b in blobs], by["checksum"], seeds)
        except DamagedRow as error:
            raise self._snapshot.damaged(table.layout, rows[error.row][:k], error.column) from error
        lengths = seeds[:, k + 1]
        new = np.flatnonzero(starts([seeds[:, i] for i in range(k)], len(rows)))
        keys = [np.frombuffer(b"".join(by[c]), DTYPES["s"]) for c in table.suffix]
        time = np.frombuffer(b"".join(by["t"]), DTYPES["t"]) if table.layout.time else None
        prefix = tuple(seeds[new, i].astype(DTYPES["s"]) for i in range(k))
        count = np.add.reduceat(lengths, new)
        return Block(prefix, count, tuple(keys), time, self._read_cells(by), int(lengths.sum()))

    def _read_cells(self, by: dict[str, Any]) -> dict[str, Array]:
        cells: dict[str, Array] = {}
        types = cell_columns(self._cells)
        for cell in self._cells:
            found = join(by[cell.column], by["n"], types[cell.column])
            if found is not None:
                cells[cell.column] = found
            if cell.presence and found is not None:
                marks = join_presence(by[cell.presence], by[cell.column], by["n"])
                if marks is not None:
                    cells[cell.presence] = marks
        return cells

    def _ordered(self, block: Block) -> Block:
        """Parts of one prefix are in the order of their buckets: sort where that is not the order of time."""
        if block.time is None or self._periods is None:
            return block
        k = len(self._table.prefix)
        space = KeySpace((len(block.count), *self._sizes[k:]))
        key = space.pack((block.row, *block.suffix, self._periods.rank[block.time]), block.n)
        if is_sorted(key):
            return block
        order = np.argsort(key, kind="stable")
        suffix = tuple(s[order] for s in block.suffix)
        cells = {name: values[order] for name, values in block.cells.items()}
        return Block(block.prefix, block.count, suffix, block.time[order], cells, block.n)

    # ---- the past ------------------------------------------------------------------------------------------------

    def _then(self, as_of: int) -> Iterator[Block]:
        table, connection = self._table, self._snapshot.connection
        names = self._table.layout.dimensions
        low_ids, high_ids = self._selection.bounds(names)
        low, high = bytes_of(low_ids), bytes_of(high_ids) + b"\xff" * (4 * (len(names) - len(high_ids)) + 1)
        if not touched_since(connection, table, as_of, low, high):
            yield from self._now()
            return
        emptied = empty_before(connection, table, as_of)
        done: bytes | None = None
        if emptied is None:
            columns = (*table.prefix, "part", "n", *table.blobs, "checksum")
            limits = self._selection.limits(table)
            for portion in portions(self._rows(columns, limits), len(table.prefix), BATCH, None):
                rows = portion.rows
                last = bytes_of(rows[-1][: len(table.prefix)])
                until = last + b"\xff" * (4 * len(table.suffix) + 1)
                past = self._undo(as_of, None, max(low, done or b""), min(high, until))
                yield from self._restored(self._entries(rows), past, done, last)
                done = last
        if done is not None and done >= high[: 4 * len(table.prefix)]:
            return  # no prefix follows, or there is none and all rows were one group
        past = self._undo(as_of, emptied, max(low, done or b""), high)
        if past is not None:
            yield from self._restored(empty_frame(table.layout), past, done, None)

    def _undo(self, as_of: int, emptied: int | None, low: bytes, high: bytes) -> Undo | None:
        try:
            return undo(
                self._snapshot.connection,
                self._table,
                after=as_of,
                before=emptied,
                low=low,
                high=high,
                sizes=self._sizes,
            )
        except DamagedRow as error:
            raise self._snapshot.damaged_history(self._table.layout, error.column) from error

    def _entries(self, rows: Sequence[Any]) -> Frame:
        try:
            return entries(self._table, rows)
        except DamagedRow as error:
            k = len(self._table.prefix)
            raise self._snapshot.damaged(self._table.layout, rows[error.row][:k], error.column) from error

    def _restored(self, frame: Frame, past: Undo | None, after: bytes | None, until: bytes | None) -> Iterator[Block]:
        """Entries with what undoes later commits, for prefixes after ``after`` up to ``until``."""
        k = len(self._table.prefix)
        frame = frame.take(keep) if (keep := self._mask(frame)) is not None else frame
        key = self._key(frame)
        if past is not None:
            prefix = big_endian(past.frame.keys[:k], past.frame.n)
            here = np.ones(past.frame.n, bool)
            if k and after is not None:
                here &= prefix > np.array(after, prefix.dtype)
            if k and until is not None:
                here &= prefix <= np.array(until, prefix.dtype)
            if (keep := self._mask(past.frame)) is not None:
                here &= keep
            before, was = past.frame.take(here), past.was[here]
            kept = ~np.isin(key, self._key(before))
            frame = concat((frame.take(kept), before.take(was)))
            key = self._key(frame)
        if not frame.n:
            return
        if not is_sorted(key):
            frame = frame.take(np.argsort(key, kind="stable"))
        first = np.flatnonzero(starts(frame.keys[:k], frame.n))
        keys = frame.keys[k:]
        time = keys[-1] if self._table.layout.time else None
        wanted = cell_columns(self._cells)
        block = Block(
            tuple(p[first] for p in frame.keys[:k]),
            np.diff(np.append(first, frame.n)),
            keys[:-1] if time is not None else keys,
            time,
            {name: frame.cells[name] for name in wanted},
            frame.n,
        )
        yield self._passing(block)

    def _mask(self, frame: Frame) -> Array | None:
        """Which entries are selected; None = all of them."""
        names = self._table.layout.dimensions + (
            (self._snapshot.layout.time or "",) if self._periods is not None else ()
        )
        return self._selection.mask({}, None, dict(zip(names, frame.keys, strict=True)))

    def _key(self, frame: Frame) -> Array:
        keys = list(frame.keys)
        if self._periods is not None:
            keys[-1] = self._periods.rank[keys[-1]]
        return KeySpace(self._sizes).pack(keys, frame.n)


def bytes_of(ids: Sequence[int]) -> bytes:
    """Ids as history keys them: big-endian, so that bytes sort as ids do."""
    return np.array(ids, ">u4").tobytes()
