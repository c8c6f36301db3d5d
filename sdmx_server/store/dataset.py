"""One data set of an answer: the observations that a plan selects, with the attributes of every level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..batches import (
    ABSENT,
    FIRST_ID,
    MISSING,
    PRESENCE_ABSENT,
    PRESENCE_MISSING,
    PRESENCE_PRESENT,
    Availability,
    Batch,
    Column,
    GroupTable,
    Ids,
    Order,
    ReadPlan,
)
from ..model.period import Period
from ..model.resolved import ResolvedStructure, Storage
from .attributes import AttributeTable, attribute_table, group_tables
from .blocks import Block
from .cross import cross_blocks
from .filtering import by_values, selected
from .frames import MEASURE_DTYPES, starts
from .group_keys import GroupKeys
from .layout import PERIODS, Cell, TableLayout
from .occurrence import Occurrence, describe
from .ordering import Ordering
from .packed_table import PackedTable
from .scanning import Scanner
from .selection import Selection
from .series_index import Counted, series_index
from .snapshot import Snapshot
from .tallies import occurring

_HELD_PAGE = 100_000
"""Observations of a page that are kept in memory, for writers look through an answer before they write it."""


class StoredDataSet:
    """``batches.DataSet`` over a snapshot. Raises ``Conflict`` when the schema does not fit what is stored."""

    def __init__(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> None:
        snapshot.check(schema)
        self._snapshot, self._plan = snapshot, plan
        self.schema, self.dictionaries = schema, snapshot.dictionaries()
        self.measures = chosen(tuple(m.id for m in schema.measures), plan.measures)
        self.attributes = chosen(tuple(a.id for a in schema.attributes), plan.attributes)
        observations = snapshot.layout.observations
        self.prefix, self.suffix = observations.prefix, observations.suffix
        self._varying = self._varying_dimension()
        if self._varying is not None:
            self.prefix = ()
            self.suffix = (*(d for d in observations.dimensions if d != self._varying), self._varying)
        elif plan.sort:
            self.prefix, self.suffix = (), observations.dimensions
        self._selection = self._selected()
        self._occurring: dict[int, Ids] | None = None
        self._looked: tuple[Occurrence, GroupKeys] | None = None
        self._page: list[Block] | None = None
        self.dataset_attributes = self._dataset_attributes()

    def _selected(self) -> Selection:
        return selected(self._snapshot, self.schema, self._plan)

    def _varying_dimension(self) -> str | None:
        wanted = self._plan.dimension_at_observation
        if self._plan.order is Order.CROSS and wanted in self._snapshot.layout.dimensions:
            return wanted
        return None

    def codes(self, component: str) -> Sequence[str | None]:
        """The dictionary of a component, indexed by id; entries 0 and 1 are None."""
        return self._snapshot.codes(component).texts

    def periods(self) -> Sequence[Period | None]:
        """The period dictionary, indexed by id; entries 0 and 1 are None."""
        return self._snapshot.periods().periods

    def used(self, component: str) -> Ids:
        """The ids (sorted) of a dimension, or of time, that occur in the answer."""
        if self._occurring is None:
            self._occurring = self._count()
        layout = self._snapshot.layout
        number = PERIODS if component == layout.time else layout.numbers.get(component, -1)
        return self._occurring.get(number, np.empty(0, np.uint32))

    def _count(self) -> dict[int, Ids]:
        if self._is_whole():
            return occurring(self._snapshot.connection, self._snapshot.cube)
        return self._occurrence().ids()

    def _is_whole(self) -> bool:
        """Whether the answer is the whole cube as it is now, which the index describes."""
        return self._selection.everything and self._is_present()

    def _is_present(self) -> bool:
        """Whether the answer is all that there is now in what is selected."""
        plan = self._plan
        past = plan.as_of is not None and plan.as_of < self._snapshot.cube.data_rev
        cut = plan.first_n is not None or plan.last_n is not None or self._is_paged()
        return not cut and not past

    def _occurrence(self) -> Occurrence | Counted:
        return self._indexed() or self._look_through()[0]

    def _indexed(self) -> Counted | None:
        """What occurs, from the index of series where that can tell it and saves reading more than a few rows."""
        table, plan, selection = self._snapshot.tables[0], self._plan, self._selection
        if table is None or plan.since is not None or plan.sections or selection.tests or not self._is_present():
            return None
        if selection.few_rows(table):
            return None
        index = series_index(self._snapshot, table, Selection(self._snapshot, self.schema, ReadPlan()))
        return None if index is None else index.count(self._snapshot, selection)

    def group_keys(self) -> GroupKeys:
        """The partial keys that occur in the answer, where they are not all that its keys and periods allow."""
        return self._look_through()[1]

    def _look_through(self) -> tuple[Occurrence, GroupKeys]:
        """What occurs in the answer; all of it is read for that, but no values."""
        if self._looked is None:
            arranged = self._is_paged() or self._plan.sections
            dimensions = (*self.prefix, *self.suffix) if arranged else self._snapshot.layout.dimensions
            found = Occurrence(self._snapshot, dimensions)
            told = [t.layout for t, _ in self._attribute_tables()] if self._is_cut() else []
            keys = GroupKeys(self._snapshot, told, dimensions)
            for block in self._answer(()) if arranged else self._keys_alone():
                found.add(block)
                if told:
                    keys.add(block)
            self._looked = found, keys
        return self._looked

    def _keys_alone(self) -> Iterator[Block]:
        """The observations in any order, their keys without cells."""
        plan, table = self._plan, self._snapshot.tables[0]
        if plan.since is not None or plan.first_n is not None or plan.last_n is not None or table is None:
            return self._blocks(())
        # to sort them would take longer than to count
        return Scanner(self._snapshot, table, self._selection, (), plan.as_of).blocks(ordered=False)

    def _is_paged(self) -> bool:
        return self._plan.limit is not None or self._plan.offset > 0

    def _is_cut(self) -> bool:
        """Whether keys and periods alone do not say which groups the answer has."""
        return self._is_paged() or by_values(self.schema, self._plan)

    def availability(self) -> Availability:
        """What exists for the plan: from the index where it can be, else from the keys alone; values are not read."""
        cube = self._snapshot.cube
        if self._is_whole():
            found = occurring(self._snapshot.connection, cube)
            return describe(self._snapshot, found, cube.observations, cube.series)
        counted = self._occurrence()
        return describe(self._snapshot, counted.ids(), counted.observations, counted.series)

    def count(self) -> int:
        """How many observations the answer has."""
        return self._snapshot.cube.observations if self._is_whole() else self._occurrence().observations

    def groups(self) -> Iterator[GroupTable]:
        """The selected attributes that attach to proper subsets of dimensions without time."""
        for table, cells in self._attribute_tables():
            if table.layout.dimensions and not table.layout.time and not self._is_series(table.layout):
                for group in group_tables(self._snapshot, table, cells, self._selection, self._plan.as_of):
                    told = self._told_of(table.layout, group) if self._is_cut() else group
                    if len(told.keys[0]):
                        yield told

    def _told_of(self, table: TableLayout, group: GroupTable) -> GroupTable:
        """The keys of a group that occur in the answer."""
        rows = self.group_keys().holds(table, group.keys)
        return GroupTable(
            dimensions=group.dimensions,
            keys=tuple(k[rows] for k in group.keys),
            attributes={name: ids[rows] for name, ids in group.attributes.items()},
        )

    def batches(self) -> Iterator[Batch]:
        """The observations in total order; with ``Order.CROSS`` grouped so that one dimension varies fastest."""
        tables = [
            self._attributes_of(table, cells, self._lookup_selection())
            for table, cells in self._attribute_tables()
            if table.layout.dimensions or table.layout.time
        ]
        cells = self._cells()
        for block in self._answer(cells):
            yield self._batch(block, cells, tables)

    def _answer(self, cells: Sequence[Cell]) -> Iterator[Block]:
        """The blocks of the answer; a page that is no larger than a few batches is read once."""
        plan = self._plan
        if plan.limit is None or plan.limit > _HELD_PAGE:
            return iter(self._arranged(cells))
        if self._page is None:
            self._page = list(self._arranged(self._cells()))
        return iter(self._page)

    def _arranged(self, cells: Sequence[Cell]) -> Iterable[Block]:
        """One of each section, in order, a page of them."""
        plan = self._plan
        ordering = None
        if plan.sort:
            ordering = Ordering(self._snapshot, self.schema, plan, self._selection, self.suffix)
            cells = tuple(dict.fromkeys((*cells, *ordering.cells)))
        blocks: Iterable[Block] = self._blocks(cells)
        if self._varying is not None and (ordering is None or plan.sections):
            blocks = cross_blocks(self._snapshot, blocks, cells, self._varying)
        elif ordering is not None:
            blocks = map(self._without_prefix, blocks)
        if plan.sections:
            blocks = map(one_of_each, blocks)
        if ordering is not None:
            blocks = ordering.sorted(blocks, cells)
        if self._is_paged():
            blocks = page(blocks, plan.offset, plan.limit)
        if ordering is not None and plan.order is not Order.ROWS:
            time = (self._snapshot.layout.time,) if self._varying and self._snapshot.layout.time else ()
            blocks = ordering.grouped(blocks, cells, (*(d for d in self.suffix if d != self._varying), *time))
        return blocks

    def _without_prefix(self, block: Block) -> Block:
        ids = dict(zip(self._snapshot.layout.dimensions, block.keys(), strict=False))
        return Block((), np.array([block.n]), tuple(ids[d] for d in self.suffix), block.time, block.cells, block.n)

    def _blocks(self, cells: Sequence[Cell]) -> Iterator[Block]:
        table = self._snapshot.tables[0]
        if table is None:
            return
        scanner = Scanner(self._snapshot, table, self._selection, cells, self._plan.as_of)
        for block in scanner.blocks():
            yield cut_series(block, self._plan.first_n, self._plan.last_n)

    def _lookup_selection(self) -> Selection:
        """The keys for which attributes of fewer dimensions are looked up."""
        return self._selection

    def _cells(self) -> tuple[Cell, ...]:
        wanted = {*self.measures, *self.attributes}
        return tuple(c for c in self._snapshot.layout.observations.cells if c.component in wanted)

    def _attribute_tables(self) -> Iterator[tuple[PackedTable, tuple[Cell, ...]]]:
        for table in self._snapshot.tables[1:]:
            if table is not None:
                cells = tuple(c for c in table.layout.cells if c.component in self.attributes)
                if cells:
                    yield table, cells

    def _is_series(self, table: TableLayout) -> bool:
        return table.dimensions == self._snapshot.layout.dimensions and not table.time

    def _dataset_attributes(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for table, cells in self._attribute_tables():
            if table.layout.dimensions or table.layout.time:
                continue
            for name, i in self._attributes_of(table, cells, self._selection).first().items():
                if (text := self.codes(name)[i]) is not None:
                    found[name] = text
        return found

    def _attributes_of(self, table: PackedTable, cells: tuple[Cell, ...], selection: Selection) -> AttributeTable:
        return attribute_table(self._snapshot, self.schema, table, cells, selection=selection, as_of=self._plan.as_of)

    def _batch(self, block: Block, cells: Sequence[Cell], tables: Sequence[AttributeTable]) -> Batch:
        measures: dict[str, Column] = {}
        attributes: dict[str, Ids] = {}
        for cell in cells:
            if cell.component in self.measures:
                measures[cell.component] = measure_column(cell, block)
            elif cell.column in block.cells and block.cells[cell.column].any():
                attributes[cell.component] = block.cells[cell.column]
        of_series: dict[str, Ids] = {}
        series = block.series()
        each = self._each(block) if tables else {}
        heads = {d: ids[series] for d, ids in each.items()}
        for table in tables:
            if self._by_series(table):
                of_series |= table.look_up(heads, len(series))
            else:
                attributes |= table.look_up(each, block.n)
        return Batch(
            prefix=block.prefix,
            count=block.count,
            suffix=block.suffix,
            time=block.time,
            series=series,
            measures={n: measures[n] if n in measures else no_measure(self.schema, n, block.n) for n in self.measures},
            attributes=attributes,
            series_attributes=of_series,
        )

    def _each(self, block: Block) -> dict[str, Ids]:
        """The ids of every dimension, and of time, at full length."""
        row = block.row
        each = {d: p[row] for d, p in zip(self.prefix, block.prefix, strict=True)}
        each |= dict(zip(self.suffix, block.suffix, strict=True))
        if block.time is not None and self._snapshot.layout.time:
            each[self._snapshot.layout.time] = block.time
        return each

    def _by_series(self, table: AttributeTable) -> bool:
        """Whether an attribute has one value for each series: then it does not depend on time."""
        return self._snapshot.layout.time not in table.dimensions


def one_of_each(block: Block) -> Block:
    """The first entry of each section: of those that differ in the last dimension alone."""
    time = () if block.time is None else (block.time,)
    return block.where(starts((*block.suffix[:-1], *time), block.n))


def page(blocks: Iterable[Block], offset: int, limit: int | None) -> Iterator[Block]:
    """The entries from a position on, no more than so many; what comes later is not read."""
    left = limit
    for block in blocks:
        if offset >= block.n:
            offset -= block.n
            continue
        end = block.n if left is None else min(block.n, offset + left)
        if offset or end < block.n:
            place = np.arange(block.n)
            block = block.where((place >= offset) & (place < end))  # noqa: PLW2901
        offset = 0
        yield block
        if left is not None:
            left -= block.n
            if not left:
                return


def cut_series(block: Block, first_n: int | None, last_n: int | None) -> Block:
    """The first and last observations of each series; None and None: all of them."""
    if first_n is None and last_n is None:
        return block
    begin = block.series()
    length = np.diff(np.append(begin, block.n))
    place = np.arange(block.n) - np.repeat(begin, length)
    keep = np.zeros(block.n, bool)
    if first_n is not None:
        keep |= place < first_n
    if last_n is not None:
        keep |= place >= np.repeat(length, length) - last_n
    return block.where(keep)


def measure_column(cell: Cell, block: Block) -> Column:
    """The values of a measure in a block."""
    dtype = MEASURE_DTYPES[cell.storage]
    values = block.cells.get(cell.column)
    if values is None:
        return Column(np.zeros(block.n, dtype), np.full(block.n, PRESENCE_ABSENT, np.uint8))
    if cell.presence is not None:
        marks = block.cells.get(cell.presence)
        return Column(values, None if marks is None or (marks == PRESENCE_PRESENT).all() else marks)
    if (values >= FIRST_ID).all():
        return Column(values)
    marks = np.full(block.n, PRESENCE_PRESENT, np.uint8)
    marks[values == ABSENT] = PRESENCE_ABSENT
    marks[values == MISSING] = PRESENCE_MISSING
    return Column(values, marks)


def no_measure(schema: ResolvedStructure, name: str, n: int) -> Column:
    """The values of a measure that nothing was ever loaded for."""
    component = schema.component(name)
    storage = component.storage if component else Storage.FLOAT
    return Column(np.zeros(n, MEASURE_DTYPES[storage]), np.full(n, PRESENCE_ABSENT, np.uint8))


def chosen(known: tuple[str, ...], wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """Those components that are wanted; None = all."""
    return known if wanted is None else tuple(k for k in known if k in wanted)
