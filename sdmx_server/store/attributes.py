"""Attributes that attach to fewer dimensions than an observation: looked up for series and observations, or listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from ..batches import ABSENT, Array, GroupTable, Ids
from .frames import DTYPES, KeySpace
from .layout import Cell
from .packed_table import PackedTable
from .scanning import Scanner
from .selection import Selection
from .snapshot import Snapshot


class AttributeTable:
    """The selected values of one attachment group, held in memory for as long as an answer is written.

    It takes about 8 bytes per key and 4 per value; ``dimensions`` name what it is looked up by, time last.
    """

    def __init__(
        self, snapshot: Snapshot, table: PackedTable, cells: tuple[Cell, ...], selection: Selection, as_of: int | None
    ) -> None:
        layout = table.layout
        time = (snapshot.layout.time or "",) if layout.time else ()
        self.dimensions = (*layout.dimensions, *time)
        self._cells = cells
        self._space = KeySpace(snapshot.key_sizes(layout))
        scanner = Scanner(snapshot, table, selection, cells, as_of)
        keys: list[Array] = []
        values: dict[str, list[Array]] = {c.component: [] for c in cells}
        for block in scanner.blocks():
            keys.append(self._space.pack(block.keys(), block.n))
            for cell in cells:
                values[cell.component].append(block.cells.get(cell.column, np.zeros(block.n, DTYPES["a"])))
        self._keys: Array = np.concatenate(keys) if keys else np.empty(0, np.int64)
        self._values = {name: np.concatenate(v) if v else np.empty(0, DTYPES["a"]) for name, v in values.items()}
        if layout.time and len(self._keys):
            order = np.argsort(self._keys)
            self._keys = self._keys[order]
            self._values = {name: v[order] for name, v in self._values.items()}

    def look_up(self, keys: Mapping[str, Array], n: int) -> dict[str, Ids]:
        """The values for n keys, given as one id column per dimension; attributes absent everywhere are left out."""
        if not len(self._keys):
            return {}
        wanted = self._space.pack([keys[d] for d in self.dimensions], n)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        hit: npt.NDArray[np.bool_] = self._keys[at] == wanted
        found = {}
        for name, values in self._values.items():
            ids = np.where(hit, values[at], ABSENT).astype(DTYPES["a"])
            if ids.any():
                found[name] = ids
        return found


def group_tables(
    snapshot: Snapshot, table: PackedTable, cells: tuple[Cell, ...], selection: Selection, as_of: int | None
) -> Iterator[GroupTable]:
    """The selected values of one attachment group, with their keys."""
    for block in Scanner(snapshot, table, selection, cells, as_of).blocks():
        values = {c.component: block.cells[c.column] for c in cells if c.column in block.cells}
        if values:
            yield GroupTable(dimensions=table.layout.dimensions, keys=block.keys(), attributes=values)
