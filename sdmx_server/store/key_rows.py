"""Reads what a packed table holds for one whole key, now or as it once was: the short way of ``scanning``.

A key stands in a handful of rows, and in each of them its entries lie side by side, for rows are sorted. So nothing
is masked: two searches in a row say where its entries are, and those bytes alone become columns.
"""

from __future__ import annotations

import struct
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from isal import isal_zlib

from ..batches import PRESENCE_PRESENT, Array, Ids
from .conditions import TimeRange
from .dictionaries import Periods
from .frames import DTYPES, cell_columns
from .layout import Cell
from .packed_table import PackedTable
from .selection import Limit, limited
from .snapshot import Snapshot


class Entries(msgspec.Struct, frozen=True):
    """What a key has: the ids of its periods (None without time) and its cells, by the start of the period.

    ``cells`` are as in ``blocks.Block``: a value column that is missing is absent everywhere, a presence that is
    missing beside values is present everywhere.
    """

    time: Ids | None
    cells: dict[str, Array]
    n: int


class _Piece(msgspec.Struct, frozen=True):
    """The entries [low, high) of a row or block whose columns are ``line``."""

    line: Sequence[Any]
    low: int
    high: int


class _Columns:
    """Packed columns that are read of a row or a block: their places, and the places of their checksums."""

    def __init__(
        self,
        numbers: Sequence[str],
        keys: Sequence[str],
        rest: Sequence[str],
        every: Sequence[str],
        cells: Sequence[Cell],
    ) -> None:
        self.names = (*numbers, *keys, *rest, "checksum")
        self._first = len(numbers)
        self._keys = range(self._first, self._first + len(keys))
        self._blobs = [(self.names[i], i, every.index(self.names[i])) for i in range(self._first, len(self.names) - 1)]
        place = {name: i for i, name in enumerate(self.names)}
        self.place = place
        types = cell_columns(cells)
        self._cells = [
            (c.column, place[c.column], types[c.column], c.presence, place[c.presence] if c.presence else 0)
            for c in cells
        ]

    def damaged(self, line: Sequence[Any], seed: bytes) -> str | None:
        """The name of a column that fails its checksum, started with ``seed``; see ``packing.checksums``."""
        crc = isal_zlib.crc32
        start, stored = crc(seed), line[-1]
        if len(stored) % 4:
            return "checksum"
        sums = _sums(len(stored) // 4).unpack(stored)
        for name, place, position in self._blobs:
            blob = line[place]
            if position >= len(sums):  # newer than the row
                if blob is not None:
                    return name
            elif (start if blob is None else crc(blob, start)) != sums[position]:
                return name
        return None

    def find(self, line: Sequence[Any], n: int, ids: Sequence[int]) -> _Piece | None:
        """Where a line has a key; ``ids``: one for each key column."""
        low, high = 0, n
        for place, wanted in zip(self._keys, ids, strict=True):
            column = _ids(line[place])
            low = bisect_left(column, wanted, low, high)
            high = bisect_right(column, wanted, low, high)
            if low == high:
                return None
        return _Piece(line, low, high)

    def time(self, pieces: Sequence[_Piece]) -> Ids:
        """The ids of the periods of some pieces."""
        t = self.place["t"]
        return np.frombuffer(b"".join([p.line[t][4 * p.low : 4 * p.high] for p in pieces]), DTYPES["t"])

    def cells(self, pieces: Sequence[_Piece], filled: bool = False) -> dict[str, Array]:
        """The cells of some pieces; ``filled``: with zeros and marks where all of them hold NULL."""
        cells: dict[str, Array] = {}
        for column, place, dtype, presence, marks in self._cells:
            values = [p.line[place] for p in pieces]
            if not filled and not any(values):
                continue
            width = dtype.itemsize
            cut = [_cut(v, p, width, 0) for v, p in zip(values, pieces, strict=True)]
            cells[column] = np.frombuffer(b"".join(cut), dtype)
            if presence and (filled or None in values or any(p.line[marks] for p in pieces)):
                cut = [
                    _cut(p.line[marks], p, 1, 0 if v is None else PRESENCE_PRESENT)
                    for v, p in zip(values, pieces, strict=True)
                ]
                cells[presence] = np.frombuffer(b"".join(cut), DTYPES["x"])
        return cells


@lru_cache(maxsize=256)
def _sums(n: int) -> struct.Struct:
    return struct.Struct(f"<{n}I")


def _ids(blob: bytes) -> Sequence[int]:
    """A key column; a look into a few of its ids costs less through a plain view than through an array."""
    return memoryview(blob).cast("I") if sys.byteorder == "little" else np.frombuffer(blob, DTYPES["s"]).tolist()


def _cut(blob: bytes | None, piece: _Piece, width: int, without: int) -> bytes:
    if blob is None:
        return bytes((without,)) * ((piece.high - piece.low) * width)
    return blob[piece.low * width : piece.high * width]


class KeyReader:
    """Reads some cells of one table by whole keys. It knows nothing of a revision, and serves all threads."""

    def __init__(self, table: PackedTable, cells: Sequence[Cell]) -> None:
        layout = table.layout
        self._table, self._k = table, len(table.prefix)
        self.dimensions = layout.dimensions
        time = ("t",) if layout.time else ()
        columns = (*time, *cell_columns(cells))
        self._rows = _Columns(("part", "n"), table.suffix, columns, table.blobs, cells)
        ones = tuple((p, Limit.ONE) for p in table.prefix)
        self._all = limited(table.rows, self._rows.names, ("part",), ones)
        self._within = limited(table.rows, self._rows.names, ("part",), (*ones, ("t", Limit.TIME)))
        keys = table.history_blobs[: len(layout.dimensions)]
        rest = (*time, "w", *columns[len(time) :])
        self._past = _Columns(("seq", "block", "n"), keys, rest, table.history_blobs, cells)
        self._undone = _undone(table.history, self._past.names)
        self._seed = struct.Struct(f"<{self._k + 2}q")

    def read(
        self, snapshot: Snapshot, ids: Sequence[int], within: TimeRange | None = None, as_of: int | None = None
    ) -> Entries | None:
        """The entries of a key, given as ids in the order of the table; None when there are none.

        Raises ``errors.Damaged``.
        """
        pieces = self._now(snapshot, ids, within)
        undone: list[_Piece] = []
        if as_of is not None and as_of < snapshot.cube.data_rev:
            undone = self._undo(snapshot, ids, as_of)
        timed = self._table.layout.time
        if undone:
            found = self._then(pieces, undone)
        else:
            n = sum([p.high - p.low for p in pieces])
            found = Entries(self._rows.time(pieces) if timed and n else None, self._rows.cells(pieces) if n else {}, n)
        if not found.n or found.time is None:
            return found if found.n else None
        return _ordered(found, found.time, snapshot.periods(), within)

    def _now(self, snapshot: Snapshot, ids: Sequence[int], within: TimeRange | None) -> list[_Piece]:
        values: dict[str, Any] = dict(zip(self._table.prefix, ids, strict=False))
        query = self._all
        if within is not None:
            query = self._within
            values["t"], values["t_to"] = within.after, within.before
        pieces = []
        prefix, suffix = ids[: self._k], ids[self._k :]
        for line in snapshot.transaction.fetch(query, values):
            column = self._rows.damaged(line, self._seed.pack(*prefix, line[0], line[1]))
            if column is not None:
                raise snapshot.damaged(self._table.layout, prefix, column)
            piece = self._rows.find(line, line[1], suffix)
            if piece is not None:
                pieces.append(piece)
        return pieces

    def _undo(self, snapshot: Snapshot, ids: Sequence[int], as_of: int) -> list[_Piece]:
        """What the commits after a revision did to a key, the earliest first; one without entries emptied the table."""
        pieces = []
        values = {"after": as_of, "key": struct.pack(f">{len(ids)}I", *ids)}
        for line in snapshot.transaction.fetch(self._undone, values):
            if not line[2]:
                pieces.append(_Piece(line, 0, 0))
                break
            column = self._past.damaged(line, struct.pack("<3q", *line[:3]))
            if column is not None:
                raise snapshot.damaged_history(self._table.layout, column)
            piece = self._past.find(line, line[2], ids)
            if piece is not None:
                pieces.append(piece)
        return pieces

    def _then(self, pieces: Sequence[_Piece], undone: list[_Piece]) -> Entries:
        """Entries with what undoes later commits: of several that touched one the first knows what was there."""
        if not undone[-1].line[2]:  # the table was empty before that commit
            undone, pieces = undone[:-1], ()
        n = sum([p.high - p.low for p in pieces])
        w = self._past.place["w"]
        was = np.frombuffer(b"".join([p.line[w][p.low : p.high] for p in undone]), DTYPES["w"]) == 1
        now, before = self._rows.cells(pieces, True), self._past.cells(undone, True)
        if not self._table.layout.time:
            if len(was):
                return Entries(None, {c: v[:1] for c, v in before.items()}, 1) if was[0] else Entries(None, {}, 0)
            return Entries(None, now, n)
        time, past = self._rows.time(pieces), self._past.time(undone)
        _, first = np.unique(past, return_index=True)
        stays, back = ~np.isin(time, past), first[was[first]]
        return Entries(
            np.concatenate((time[stays], past[back])),
            {c: np.concatenate((now[c][stays], before[c][back])) for c in now},
            int(stays.sum()) + len(back),
        )


def _ordered(found: Entries, time: Ids, periods: Periods, within: TimeRange | None) -> Entries | None:
    """The entries within a range of time, by the start of their periods."""
    cells = found.cells
    if within is not None:
        keep = within.mask(periods.start[time], periods.end[time])
        if not keep.all():
            time, cells = time[keep], {c: v[keep] for c, v in cells.items()}
            if not len(time):
                return None
    if not periods.ascending(time):
        order = np.argsort(periods.rank[time], kind="stable")
        time, cells = time[order], {c: v[order] for c, v in cells.items()}
    return found if time is found.time else Entries(time, cells, len(time))


def _undone(history: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    c = history.c
    key: sa.BindParameter[bytes] = sa.bindparam("key")
    here = sa.or_(c.n == sa.literal_column("0"), sa.and_(c.hi >= key, c.lo <= key))
    return sa.select(*(c[name] for name in names)).where(c.seq > sa.bindparam("after"), here).order_by(c.seq, c.block)
