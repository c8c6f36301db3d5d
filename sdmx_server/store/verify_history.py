"""Checks the history of one packed table: checksums, ids, order, bounds, and its agreement with the commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from ..batches import FIRST_ID, Array
from ..model.resolved import Storage
from .findings import Places, Verification
from .frames import DTYPES, KeySpace, big_endian
from .packed_table import PackedTable
from .packing import mismatches
from .row_io import full_cells
from .snapshot import Snapshot
from .verify_rows import FETCHED, WAY_OUT, damage


class HistoryCheck:
    """Reads the history of one table, oldest commit first.

    Afterwards ``entries`` and ``absent`` hold, by commit, how many keys its blocks name and how many of them had
    nothing before; a commit before which the table was empty has none. ``sound``: whether all could be counted.
    """

    def __init__(self, snapshot: Snapshot, table: PackedTable, found: Verification) -> None:
        self._snapshot, self._table, self._found = snapshot, table, found
        self._places = Places(snapshot)
        self._about = snapshot.cube.reference.short
        self._what = f"history of {self._places.table(table.layout)}"
        self._sizes = snapshot.key_sizes(table.layout)
        self.entries: dict[int, int] = {}
        self.absent: dict[int, int] = {}
        self.emptied: set[int] = set()
        self.sound = True
        self._numbers = ("seq", "block", "n")
        self._names = (*self._numbers, *table.history_blobs, "checksum", "lo", "hi")

    def run(self, commits: Mapping[int, Any]) -> None:
        """Check everything that is kept; ``commits`` are those that the cube knows, by number.

        What a pruning that was broken off has left is read by nobody, and dropped by the next one.
        """
        rows, kept = self._table.history.c, self._snapshot.cube.pruned
        query = sa.select(*(rows[n] for n in self._names)).where(rows.seq > kept).order_by(rows.seq, rows.block)
        options = {"stream_results": True, "max_row_buffer": FETCHED}
        with self._snapshot.connection.execute(query, execution_options=options) as result:
            for part in result.partitions(FETCHED):
                self._found.blocks += len(part)
                columns = list(zip(*part, strict=True))
                blobs = columns[3:-3]
                wrong = mismatches(range(len(blobs)), blobs, columns[-3], np.array(columns[:3], np.int64).T)
                for block, bad in zip(part, wrong, strict=True):
                    self._block(dict(zip(self._names, block, strict=True)), bad, commits)

    def _block(self, by: dict[str, Any], wrong: Array, commits: Mapping[int, Any]) -> None:
        if by["seq"] not in commits:
            self._add(by, f"there is no such commit; {WAY_OUT}")
        plain = by["n"] == 0 and not by["checksum"]  # a loader of a release before checksums of marks wrote it
        if wrong.any() and not plain:
            columns = [self._table.history_blobs[i] for i in np.flatnonzero(wrong).tolist()]
            names = [self._places.column(self._table.layout, column) for column in columns]
            self._add(by, damage(names, len(wrong)))
        elif by["n"] == 0:
            self.emptied.add(by["seq"])
        else:
            self._sound_block(by)

    def _add(self, by: Mapping[str, Any], text: str) -> None:
        dimensions = self._table.layout.dimensions
        keys = [self._bound(by[name], dimensions) for name in ("lo", "hi")]
        place = f"{self._what}, commit {by['seq']}, block {by['block']}"
        if all(keys):
            place += f" ({keys[0]} to {keys[1]})"
        self._found.add(self._about, place, text)
        self.sound = False

    def _bound(self, key: bytes | None, dimensions: Sequence[str]) -> str:
        if not key or len(key) != 4 * len(dimensions):
            return ""
        return self._places.key(dimensions, np.frombuffer(key, ">u4").tolist())

    def _sound_block(self, by: dict[str, Any]) -> None:
        table = self._table
        keys = [np.frombuffer(by[c], DTYPES["s"]) for c in table.history_blobs[: table.layout.key_columns]]
        was = np.frombuffer(by["w"], DTYPES["w"])
        if any(((k < FIRST_ID) | (k >= size)).any() for k, size in zip(keys, self._sizes, strict=True)):
            self._add(by, f"a dimension has an id that its dictionary does not have; {WAY_OUT}")
            return
        self._values(by, was)
        self._bounds(by, keys)
        seq = by["seq"]
        self.entries[seq] = self.entries.get(seq, 0) + by["n"]
        self.absent[seq] = self.absent.get(seq, 0) + int((was == 0).sum())

    def _values(self, by: dict[str, Any], was: Array) -> None:
        if (was > 1).any():
            self._add(by, f"a mark of what was there means nothing; {WAY_OUT}")
        layout, cube = self._snapshot.layout, self._snapshot.cube
        cells = full_cells(self._table, {name: (value,) for name, value in by.items()}, (by["n"],))
        for cell in self._table.layout.cells:
            if cell.storage is Storage.CODE and (cells[cell.column] >= cube.size(layout.numbers[cell.component])).any():
                self._add(by, f"{cell.component} has an id that its dictionary does not have; {WAY_OUT}")

    def _bounds(self, by: dict[str, Any], keys: Sequence[Array]) -> None:
        dimensions, n = len(self._table.layout.dimensions), by["n"]
        ordered = list(keys)
        if self._table.layout.time:
            ordered[-1] = self._snapshot.periods().rank[ordered[-1]]
        key = KeySpace(self._sizes).pack(ordered, n)
        if not bool((key[1:] > key[:-1]).all()):
            self._add(by, f"keys are not in order, or there twice; {WAY_OUT}")
        expected = [b"", b""]
        if dimensions:
            ends = big_endian([k[[0, -1]] for k in keys[:dimensions]], 2).view(f"V{4 * dimensions}")
            expected = [end.tobytes() for end in ends]
        if [bytes(by["lo"]), bytes(by["hi"])] != expected:
            self._add(by, f"lo and hi are not its first and last key; {WAY_OUT}")
