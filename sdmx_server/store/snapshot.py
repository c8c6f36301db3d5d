"""One revision of one cube, as a read transaction sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from ..errors import Damaged
from ..model.resolved import ResolvedStructure
from .changed import Changed
from .cubes import CubeRow
from .dictionaries import Codes, DictionaryCache, Periods
from .layout import PERIODS, Cell, CubeLayout, TableLayout, extend
from .packed_table import PackedTable, packed_tables
from .preparing import key_sizes
from .transaction import ReadTransaction

_REMEMBERED = 1_000
_fitting: dict[tuple[int, str], ResolvedStructure] = {}


class _KeyCodes(msgspec.Struct, frozen=True):
    codes: Mapping[str, Codes]


class Snapshot:
    """The cube row that was read first, and all that hangs on it."""

    def __init__(self, source: sa.Connection | ReadTransaction, cube: CubeRow, cache: DictionaryCache) -> None:
        self.transaction = source if isinstance(source, ReadTransaction) else ReadTransaction(source)
        self.cube, self._cache = cube, cache
        self.tables_held = cache.tables
        self.layout: CubeLayout = cube.decoded()
        self._codes: dict[str, Codes] = {}
        self._periods: Periods | None = None
        self._sizes: dict[int, tuple[int, ...]] = {}
        self.held: dict[object, list[Changed]] = {}
        self.tables: Sequence[PackedTable | None] = packed_tables(cube.id, cube.layout)

    @property
    def connection(self) -> sa.Connection:
        """The transaction for SQLAlchemy."""
        return self.transaction.connection

    def codes(self, component: str) -> Codes:
        """The dictionary of a component; empty for one that has none."""
        found = self._codes.get(component)
        if found is None:
            number = self.layout.numbers.get(component)
            if number is None:
                return Codes((None, None))
            size = self.cube.size(number)
            held = self._cache.held(self.cube.id, number, size)
            found = held if isinstance(held, Codes) else self._cache.codes(self.connection, self.cube.id, number, size)
            self._codes[component] = found
        return found

    def key_codes(self) -> Mapping[str, Codes]:
        """The dictionaries of all dimensions but time; one object as long as none of them grows."""
        key = ("dimensions", self.cube.id, self.cube.layout, self.cube.sizes)
        held = self.tables_held.get(key)
        if isinstance(held, _KeyCodes):
            return held.codes
        codes = {dimension: self.codes(dimension) for dimension in self.layout.dimensions}
        self.tables_held.put(key, _KeyCodes(codes), sum(c.weight for c in codes.values()))
        return codes

    def dictionaries(self) -> object:
        """One object as long as no dictionary grows: what is made of their entries alone can be kept by it."""
        key = ("dictionaries", self.cube.id, self.cube.layout, self.cube.sizes)
        held = self.tables_held.get(key)
        if held is None:
            held = object()
            self.tables_held.put(key, held, 100)
        return held

    def periods(self) -> Periods:
        """The period dictionary."""
        if self._periods is None:
            size = self.cube.size(PERIODS)
            held = self._cache.held(self.cube.id, PERIODS, size)
            self._periods = (
                held if isinstance(held, Periods) else self._cache.periods(self.connection, self.cube.id, size)
            )
        return self._periods

    def key_sizes(self, table: TableLayout) -> tuple[int, ...]:
        """Upper bounds of the key columns of a table."""
        if table.number not in self._sizes:
            numbers = (PERIODS, *(self.layout.numbers[d] for d in table.dimensions))
            self._sizes[table.number] = key_sizes(self.layout, table, {n: self.cube.size(n) for n in numbers})
        return self._sizes[table.number]

    def stored(self, component: str) -> tuple[PackedTable, Cell] | None:
        """Where the values of a measure or attribute are; None where nothing was ever loaded."""
        for table in self.tables:
            for cell in table.layout.cells if table is not None else ():
                if table is not None and cell.component == component:
                    return table, cell
        return None

    def check(self, schema: ResolvedStructure) -> None:
        """Raises ``Conflict`` when a schema does not fit what is stored."""
        known = _fitting.get((id(schema), self.cube.layout))
        if known is not schema:
            extend(self.layout, schema)
            if len(_fitting) >= _REMEMBERED:
                _fitting.clear()
            _fitting[id(schema), self.cube.layout] = schema  # holding it keeps its id from being used again

    def damaged(self, table: TableLayout, ids: Sequence[int], column: str) -> Damaged:
        """The error for a stored row that fails its checksum."""
        key = [
            f"{dimension}={self.codes(dimension).texts[i] if i < len(self.codes(dimension)) else i}"
            for dimension, i in zip(table.prefix, ids, strict=False)
        ]
        wrong = "damaged-row" if key else "damaged-only-row"
        return Damaged(wrong, dataflow=self.cube.reference, key=key, column=column)

    def damaged_history(self, table: TableLayout, column: str) -> Damaged:
        """The error for history that fails its checksum."""
        of_attributes = "damaged-attribute-history" if table.dimensions else "damaged-data-set-history"
        wrong = of_attributes if table.number else "damaged-history"
        return Damaged(wrong, dataflow=self.cube.reference, dimensions=table.dimensions, column=column)
