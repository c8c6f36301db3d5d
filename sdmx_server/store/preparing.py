"""Prepares a load outside of the write transaction: ids of the cube instead of local ones, sorted operations.

Ids of new codes are reserved by counting on from the sizes in the cube row; when another writer was faster, the load is
prepared again under the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import ABSENT, FIRST_ID, MISSING
from ..model.codelist import Codelist, ValueList
from ..model.period import Period, parse_period
from ..model.resolved import ResolvedStructure, Storage
from .cubes import CubeRow
from .deleting import Pattern, everything, patterns, stored_deletes, strike
from .dictionaries import DictionaryCache, Periods
from .encoding import DELETED, LocalCodes
from .frames import KeySpace, cell_columns
from .languages import Dictionary, Languages
from .layout import PERIODS, CubeLayout, TableLayout
from .packed_table import packed_tables
from .sorting import KEY, Columns, Sorter, read_columns

Lookup = npt.NDArray[np.uint32]


class Staged(msgspec.Struct):
    """What was handed in so far: one spool file per table, rows with open dimensions apart, deletes of everything."""

    spools: dict[int, Path]
    open_rows: dict[int, list[tuple[int, Columns]]]
    cleared: list[int]  # the steps of deletes of everything


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A load that is ready to be applied to the cube at ``data_rev``."""

    data_rev: int
    sizes: dict[int, int]  # after the load
    new_codes: dict[int, list[str]]
    new_periods: Sequence[Period]
    periods: Periods  # with the new ones
    operations: dict[int, Sorter]  # by table
    languages: Languages  # adds to new_codes


def key_sizes(layout: CubeLayout, table: TableLayout, sizes: Mapping[int, int]) -> tuple[int, ...]:
    """Upper bounds of the key columns of a table."""
    numbers = [layout.numbers[d] for d in table.dimensions] + ([PERIODS] if table.time else [])
    return tuple(sizes.get(number, FIRST_ID) for number in numbers)


class Preparation:
    """Prepares one load against one revision of its cube."""

    def __init__(
        self, connection: sa.Connection, cube: CubeRow, cache: DictionaryCache, schema: ResolvedStructure, folder: Path
    ) -> None:
        self._connection, self._cube, self._cache, self._schema, self._folder = connection, cube, cache, schema, folder
        self._layout = cube.decoded()
        self._lookups: dict[str, Lookup] = {}
        self._new_codes: dict[int, list[str]] = {}
        self._languages: dict[str, Dictionary] = {}
        self._sizes: dict[int, int] = {}
        self._new_periods: list[Period] = []
        self._periods = Periods((None,) * FIRST_ID)

    def run(self, staged: Staged, dictionaries: Mapping[str, LocalCodes]) -> Prepared:
        """Translate and sort everything."""
        self._extend_periods(dictionaries)
        for component, number in self._layout.numbers.items():
            local = dictionaries.get(component)
            self._extend_codes(component, number, local.texts if local else ())
        operations = {}
        for table in self._layout.tables:
            sorter = self._operations(table, staged)
            if sorter.rows:
                operations[table.number] = sorter
        return Prepared(
            data_rev=self._cube.data_rev,
            sizes=self._sizes,
            new_codes=self._new_codes,
            new_periods=self._new_periods,
            periods=self._periods,
            operations=operations,
            languages=Languages(self._languages),
        )

    def _extend_codes(self, component: str, number: int, texts: Sequence[str]) -> None:
        size = self._cube.size(number)
        stored = self._cache.codes(self._connection, self._cube.id, number, size)
        known = stored.index
        new = self._in_order(component, [t for t in texts if t not in known])
        fresh = {text: i for i, text in enumerate(new, start=size)}
        self._lookups[component] = _lookup(known.get(t) or fresh[t] for t in texts)
        self._new_codes[number] = new
        found = self._schema.component(component)
        if found is not None and found.multilingual and not found.multi_valued:
            self._languages[component] = Dictionary(stored.texts, new)
        self._sizes[number] = size + len(new)

    def _in_order(self, component: str, texts: Iterable[str]) -> list[str]:
        """Codes in the order of their codelist, then other values by text."""
        found = self._schema.component(component)
        place: dict[str, int] = {}
        if found is not None and found.enumeration is not None:
            place = {code: i for i, code in enumerate(_codes_of(found.enumeration))}
        return sorted(texts, key=lambda text: (place.get(text, len(place)), text))

    def _extend_periods(self, dictionaries: Mapping[str, LocalCodes]) -> None:
        size = self._cube.size(PERIODS)
        known = self._cache.periods(self._connection, self._cube.id, size)
        self._sizes[PERIODS] = size
        self._periods = known
        time = self._layout.time
        if time is None or time not in dictionaries:
            return
        texts = dictionaries[time].texts
        new = [parse_period(t) for t in texts if t not in known.index]
        self._new_periods = sorted(new, key=lambda p: (p.start, p.end, p.text))
        fresh = {p.text: i for i, p in enumerate(self._new_periods, start=size)}
        self._lookups[time] = _lookup(known.index.get(t) or fresh[t] for t in texts)
        self._sizes[PERIODS] = size + len(new)
        if new:
            self._periods = Periods((*known.periods, *self._new_periods))

    def _operations(self, table: TableLayout, staged: Staged) -> Sorter:
        sizes = key_sizes(self._layout, table, self._sizes)
        space = KeySpace(sizes)
        sorter = Sorter(self._folder)
        found = [everything(step) for step in staged.cleared]
        for step, rows in staged.open_rows.get(table.number, []):
            found += patterns(table, step, self._translated(table, rows), sizes)
        stored = packed_tables(self._cube.id, self._cube.layout)[table.number]
        if found and stored is not None:
            for columns in stored_deletes(self._connection, stored, _useful(found)):
                sorter.add(self._with_key(table, space, columns))
        spool = staged.spools.get(table.number)
        for columns in read_columns(spool) if spool else ():
            struck = strike(table, self._translated(table, columns), found)
            sorter.add(self._with_key(table, space, {n: v for n, v in struck.items() if n != "step"}))
        sorter.finish()
        return sorter

    def _with_key(self, table: TableLayout, space: KeySpace, columns: Columns) -> Columns:
        keys = [columns[f"k{i}"] for i in range(table.key_columns)]
        if table.time:
            keys[-1] = self._periods.rank[keys[-1]]
        return {KEY: space.pack(keys, len(columns["op"])), **columns}

    def _translated(self, table: TableLayout, columns: Columns) -> Columns:
        out = dict(columns)
        names = (*table.dimensions, *((self._layout.time,) if table.time and self._layout.time else ()))
        for i, name in enumerate(names):
            out[f"k{i}"] = _mapped(self._lookups.get(name), columns[f"k{i}"])
        n = len(columns["op"])
        for column, dtype in cell_columns(table.cells).items():
            out.setdefault(column, np.zeros(n, dtype))
        for cell in table.cells:
            if cell.storage is Storage.CODE:
                out[cell.column] = _mapped(self._lookups.get(cell.component), out[cell.column])
        return out


def _useful(found: Sequence[Pattern]) -> Sequence[Pattern]:
    """A delete of everything makes all others superfluous, as far as stored entries go."""
    whole = [p for p in found if not p.fixed and not p.cells]
    return whole[:1] or found


def _codes_of(values: Codelist | ValueList) -> list[str]:
    if isinstance(values, Codelist):
        return [code.id for code in values.items]
    return [value.id for value in values.items]


def _lookup(ids: Iterable[int]) -> Lookup:
    return np.fromiter((ABSENT, MISSING, *ids), np.uint32)


def _mapped(lookup: Lookup | None, ids: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    if lookup is None:
        return ids
    special = ids == DELETED
    if not special.any():
        return lookup[ids]
    mapped = lookup[np.where(special, ABSENT, ids)]
    mapped[special] = DELETED
    return mapped
