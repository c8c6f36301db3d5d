"""History: the reverse delta of every commit, in blocks keyed by the entries' own dimension ids.

A block holds up to ``BLOCK`` entries of one commit, sorted: all dimension ids, time, what was there before (``w`` 1:
the old cells, 0: nothing). ``lo`` and ``hi`` are the dimension ids of its first and last entry, big-endian. Keyed so,
history does not know how rows are laid out, and a rebuild never touches it. A block without entries says that the
table was empty before the commit; such a commit needs no reverse delta. Its checksums are those of columns of NULL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from ..batches import Array
from .frames import DTYPES, Frame, KeySpace, big_endian
from .packed_table import PackedTable
from .packing import checksums, join, pack, verify
from .row_io import full_cells

BLOCK = 4_096


class Undo(msgspec.Struct, frozen=True):
    """Entries as they were at a past revision; ``was`` false: there was none of that key."""

    frame: Frame
    was: Array


def empty_mark(table: PackedTable, seq: int) -> tuple[Any, ...]:
    """The history row that says that the table was empty before a commit."""
    nothing = [None for _ in table.history_blobs]
    sums = checksums([[blob] for blob in nothing], np.array([(seq, 0, 0)], np.int64))
    return (seq, 0, None, None, 0, *nothing, sums.tobytes())


def reverse_delta(table: PackedTable, seq: int, block: int, undo: Undo) -> list[tuple[Any, ...]]:
    """The history rows of what some sorted keys held before a commit, numbered from ``block`` on."""
    frame, n = undo.frame, undo.frame.n
    begin = np.arange(0, n, BLOCK)
    end = np.minimum(begin + BLOCK, n)
    count = len(begin)
    numbers = np.arange(block, block + count)
    names = table.history_blobs
    dimensions = len(table.layout.dimensions)
    columns = dict(zip(names[: table.layout.key_columns], frame.keys, strict=True))
    columns["w"] = undo.was.astype(np.uint8)
    columns.update(frame.cells)
    seeds = np.stack((np.full(count, seq), numbers, end - begin), axis=1)
    blobs, sums = pack(table.layout, {c: columns[c] for c in names}, begin, end, seeds)
    key = big_endian(frame.keys[:dimensions], n).view(f"V{4 * max(dimensions, 1)}") if dimensions else None
    bounds = [[b"" if key is None else key[i].tobytes() for i in at.tolist()] for at in (begin, end - 1)]
    rows = zip(
        [seq] * count,
        numbers.tolist(),
        *bounds,
        (end - begin).tolist(),
        *(blobs[c] for c in names),
        sums,
        strict=True,
    )
    return list(rows)


_EVER = 2**62
"""After all commits."""


class _Statements:
    """The queries over one history table; made once, for that takes longer than a look-up."""

    def __init__(self, rows: sa.Table, columns: tuple[str, ...]) -> None:
        c = rows.c
        after, until = c.seq > sa.bindparam("after"), c.seq <= sa.bindparam("until")
        here = sa.and_(c.n > 0, c.hi >= sa.bindparam("low"), c.lo <= sa.bindparam("high"))
        self.names = ("seq", "block", "n", *columns, "checksum")
        self.extents = sa.select(c.lo, c.n).where(after, until, here).order_by(c.lo)
        self.emptied = sa.select(sa.func.min(c.seq)).where(after, c.n == 0)
        self.touched = sa.select(c.n).where(after, sa.or_(c.n == 0, here)).limit(1)
        self.blocks = sa.select(*(c[n] for n in self.names)).where(after, until, here).order_by(c.seq, c.block)


@lru_cache(maxsize=256)
def _statements(rows: sa.Table, columns: tuple[str, ...]) -> _Statements:
    return _Statements(rows, columns)


def _of(table: PackedTable) -> _Statements:
    return _statements(table.history, table.history_blobs)


def extents(
    connection: sa.Connection, table: PackedTable, *, after: int, until: int, low: bytes, high: bytes
) -> list[tuple[bytes, int]]:
    """The first key and the length of each block of the commits after one revision up to another, by first key."""
    values = {"after": after, "until": until, "low": low, "high": high}
    return [(bytes(lo), n) for lo, n in connection.execute(_of(table).extents, values)]


def touched_since(connection: sa.Connection, table: PackedTable, after: int, low: bytes, high: bytes) -> bool:
    """Whether any commit after a revision may have changed keys within [low, high]."""
    return connection.execute(_of(table).touched, {"after": after, "low": low, "high": high}).first() is not None


def empty_before(connection: sa.Connection, table: PackedTable, after: int) -> int | None:
    """The first commit after a revision before which the table was empty, or None."""
    found: int | None = connection.scalar(_of(table).emptied, {"after": after})
    return found


def undo(
    connection: sa.Connection,
    table: PackedTable,
    *,
    after: int,
    before: int | None,
    low: bytes,
    high: bytes,
    sizes: tuple[int, ...],
) -> Undo | None:
    """What undoes the commits after a revision (and before ``before``), for keys within [low, high]; None: nothing.

    The earliest of those commits knows what a key held at the revision. Entries are unique and sorted by id.
    """
    statements = _of(table)
    values = {"after": after, "until": _EVER if before is None else before - 1, "low": low, "high": high}
    found = list(connection.execute(statements.blocks, values))
    return (
        _earliest(table, dict(zip(statements.names, zip(*found, strict=True), strict=True)), sizes) if found else None
    )


def _earliest(table: PackedTable, by: dict[str, Any], sizes: tuple[int, ...]) -> Undo:
    seeds = np.array([by[c] for c in ("seq", "block", "n")], np.int64).T
    blobs = table.history_blobs
    verify(blobs, range(len(blobs)), [by[b] for b in blobs], by["checksum"], seeds)
    counts = by["n"]
    keys = [np.frombuffer(b"".join(by[c]), DTYPES["s"]) for c in blobs[: table.layout.key_columns]]
    was = join(by["w"], counts, DTYPES["w"])
    n = sum(counts)
    frame = Frame(tuple(keys), full_cells(table, by, counts), n)
    first = np.unique(KeySpace(sizes).pack(keys, n), return_index=True)[1]
    return Undo(frame.take(first), (np.zeros(n, np.uint8) if was is None else was)[first] == 1)
