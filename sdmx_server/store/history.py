"""History: the reverse delta of every commit, in blocks keyed by the entries' own dimension ids.

A block holds up to ``BLOCK`` entries of one commit, sorted: all dimension ids, time, what was there before (``w`` 1:
the old cells, 0: nothing). ``lo`` and ``hi`` are the dimension ids of its first and last entry, big-endian. Keyed so,
history does not know how rows are laid out, and a rebuild never touches it. A block without entries says that the
table was empty before the commit; such a commit needs no reverse delta.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from ..batches import Array
from .frames import DTYPES, Frame, KeySpace, big_endian
from .packed_table import PackedTable
from .packing import join, pack, verify
from .row_io import full_cells

BLOCK = 4_096


class Undo(msgspec.Struct, frozen=True):
    """Entries as they were at a past revision; ``was`` false: there was none of that key."""

    frame: Frame
    was: Array


def empty_mark(table: PackedTable, seq: int) -> tuple[Any, ...]:
    """The history row that says that the table was empty before a commit."""
    return (seq, 0, None, None, 0, *(None for _ in table.history_blobs), b"")


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


def empty_before(connection: sa.Connection, table: PackedTable, after: int) -> int | None:
    """The first commit after a revision before which the table was empty, or None."""
    found: int | None = connection.scalar(_empty_before(table), {"after": after})
    return found


def extents(
    connection: sa.Connection, table: PackedTable, *, after: int, until: int, low: bytes, high: bytes
) -> list[tuple[bytes, int]]:
    """The first key and the length of each block of the commits after one revision up to another, by first key."""
    rows = table.history.c
    conditions = (rows.seq > after, rows.seq <= until, rows.n > 0, rows.hi >= low, rows.lo <= high)
    query = sa.select(rows.lo, rows.n).where(*conditions).order_by(rows.lo)
    return [(bytes(lo), n) for lo, n in connection.execute(query)]


def _empty_before(table: PackedTable) -> sa.Select[Any]:
    rows = table.history.c
    return sa.select(sa.func.min(rows.seq)).where(rows.seq > sa.bindparam("after"), rows.n == 0)


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
    rows = table.history.c
    conditions = [rows.seq > after, rows.n > 0, rows.hi >= low, rows.lo <= high]
    if before is not None:
        conditions.append(rows.seq < before)
    names = ("seq", "block", "n", *table.history_blobs, "checksum")
    query = sa.select(*(rows[c] for c in names)).where(*conditions).order_by(rows.seq, rows.block)
    found = list(connection.execute(query))
    return _earliest(table, dict(zip(names, zip(*found, strict=True), strict=True)), sizes) if found else None


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
