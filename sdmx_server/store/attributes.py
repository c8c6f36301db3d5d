"""Attributes that attach to fewer dimensions than an observation: looked up for series and observations, or listed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from ..batches import ABSENT, Array, GroupTable, Ids, ReadPlan
from ..errors import Damaged
from ..model.resolved import ResolvedStructure
from .frames import DTYPES, KeySpace
from .layout import Cell
from .packed_table import PackedTable
from .scanning import Scanner
from .selection import Selection
from .snapshot import Snapshot

HELD = 100_000
"""Keys that a table may have by its dictionaries for all of it to be kept in memory while its revision stands."""


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

    @property
    def weight(self) -> int:
        """How many bytes the columns take, with a little for what holds them."""
        return 1_000 + self._keys.nbytes + sum(v.nbytes for v in self._values.values())

    def only(self, cells: Collection[Cell]) -> AttributeTable:
        """The same keys with the values of some attributes."""
        if len(cells) == len(self._values):
            return self
        found = copy(self)
        found._values = {c.component: self._values[c.component] for c in cells}
        return found

    def with_values(self, name: str) -> tuple[KeySpace, Array, Ids]:
        """The keys as they were packed, sorted, and the id that each has of an attribute."""
        return self._space, self._keys, self._values[name]

    def first(self) -> dict[str, int]:
        """The ids of the first key: the only one where a table has no dimensions."""
        return {name: int(values[0]) for name, values in self._values.items() if len(values)}

    def at(self, ids: Sequence[int]) -> dict[str, int]:
        """The values of one key, given as ids in the order of ``dimensions``, without those that are absent."""
        if not len(self._keys):
            return {}
        wanted = self._space.pack([np.array((i,), DTYPES["s"]) for i in ids], 1)
        at = int(self._keys.searchsorted(wanted[0]))
        if at == len(self._keys) or self._keys[at] != wanted[0]:
            return {}
        return {name: int(values[at]) for name, values in self._values.items() if values[at]}

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


def attribute_table(
    snapshot: Snapshot,
    schema: ResolvedStructure,
    table: PackedTable,
    cells: tuple[Cell, ...],
    *,
    selection: Selection,
    as_of: int | None,
) -> AttributeTable:
    """The attributes of a group for a selection; of a small table all, which the answers of a revision share."""
    now = as_of is None or as_of >= snapshot.cube.data_rev
    held = held_table(snapshot, schema, table) if now else None
    return AttributeTable(snapshot, table, cells, selection, as_of) if held is None else held.only(cells)


def held_table(snapshot: Snapshot, schema: ResolvedStructure, table: PackedTable) -> AttributeTable | None:
    """All of a small table as it is now, kept while its revision stands; None of a large or a damaged one.

    What is damaged is perhaps not what an answer needs: that alone should then be read.
    """
    cube = snapshot.cube
    key = (cube.id, cube.data_rev, table.layout.number, cube.layout, cube.sizes)
    held = snapshot.tables_held.get(key)
    if isinstance(held, AttributeTable):
        return held
    if math.prod(snapshot.key_sizes(table.layout)) > HELD:
        return None
    try:
        everything = Selection(snapshot, schema, ReadPlan())
        held = AttributeTable(snapshot, table, table.layout.cells, everything, None)
    except Damaged:
        return None
    snapshot.tables_held.put(key, held, held.weight)
    return held


def group_tables(
    snapshot: Snapshot, table: PackedTable, cells: tuple[Cell, ...], selection: Selection, as_of: int | None
) -> Iterator[GroupTable]:
    """The selected values of one attachment group, with their keys."""
    for block in Scanner(snapshot, table, selection, cells, as_of).blocks():
        values = {c.component: block.cells[c.column] for c in cells if c.column in block.cells}
        if values:
            yield GroupTable(dimensions=table.layout.dimensions, keys=block.keys(), attributes=values)
