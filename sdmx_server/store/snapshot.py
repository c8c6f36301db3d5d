"""One revision of one cube, as a read transaction sees it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ..errors import Damaged
from .cubes import CubeRow
from .dictionaries import Codes, DictionaryCache, Periods
from .layout import PERIODS, CubeLayout, TableLayout
from .packed_table import PackedTable, packed_tables
from .preparing import key_sizes


class Snapshot:
    """The cube row that was read first, and all that hangs on it."""

    def __init__(self, connection: sa.Connection, cube: CubeRow, cache: DictionaryCache) -> None:
        self.connection, self.cube, self._cache = connection, cube, cache
        self.layout: CubeLayout = cube.decoded()
        self.tables: Sequence[PackedTable | None] = packed_tables(cube.id, cube.layout)

    def codes(self, component: str) -> Codes:
        """The dictionary of a component; empty for one that has none."""
        number = self.layout.numbers.get(component)
        if number is None:
            return Codes((None, None))
        return self._cache.codes(self.connection, self.cube.id, number, self.cube.size(number))

    def periods(self) -> Periods:
        """The period dictionary."""
        return self._cache.periods(self.connection, self.cube.id, self.cube.size(PERIODS))

    def key_sizes(self, table: TableLayout) -> tuple[int, ...]:
        """Upper bounds of the key columns of a table."""
        numbers = {**dict.fromkeys(self.layout.numbers.values(), 0), PERIODS: 0}
        return key_sizes(self.layout, table, {number: self.cube.size(number) for number in numbers})

    def damaged(self, table: TableLayout, ids: Sequence[int], column: str) -> Damaged:
        """The error for a stored row that fails its checksum."""
        key = ", ".join(
            f"{dimension}={self.codes(dimension).texts[i] if i < len(self.codes(dimension)) else i}"
            for dimension, i in zip(table.prefix, ids, strict=False)
        )
        return Damaged(
            f"Stored data of {self.cube.reference.short} fails its checksum at {key or 'its only row'} "
            f"(column {column}). Restore the database from a backup, or load this part again."
        )
