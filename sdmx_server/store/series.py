"""One data set of an answer about one series: what ``dataset`` gives, by a path of its own for a whole key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec
import numpy as np

from ..batches import Array, Availability, Batch, Column, GroupTable, Ids, Order, ReadPlan
from ..model.period import Period
from ..model.resolved import ResolvedStructure
from ..remembered import Same
from .attributes import AttributeTable, held_table
from .blocks import Block
from .conditions import TimeRange, time_range
from .dataset import chosen, cut_series, measure_column, no_measure
from .frames import DTYPES
from .key_rows import KeyReader
from .layout import PERIODS, Cell, CubeLayout, read_layout
from .occurrence import Occurrence, describe
from .packed_table import PackedTable, packed_tables
from .snapshot import Snapshot

_ONE = np.zeros(1, np.int64)


class WholeKey(msgspec.Struct, frozen=True):
    """The ids of the dimensions, in storage order, and the range of time.

    A dimension whose code nothing ever had is not in ``ids``: there are no observations then, but groups of the others
    may have attributes.
    """

    ids: dict[str, int]
    within: TimeRange | None


def whole_key(snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> WholeKey | None:
    """The key of the one series that a plan asks for; None for any other plan. Raises ``BadSemantics``."""
    if len(plan.keys) != 1 or plan.since is not None or plan.order is not Order.SERIES:
        return None
    key = plan.keys[0]
    if len(key) != len(schema.dimensions) or not all(wanted is not None and len(wanted) == 1 for wanted in key):
        return None
    within = None
    if plan.filters:
        time = schema.time.id if schema.time is not None else None
        if plan.reporting_year_start != "--01-01" or any(wanted.component != time for wanted in plan.filters):
            return None
        if (within := time_range(plan.filters)) is None:
            return None
    ids: dict[str, int] = {}
    codes = snapshot.key_codes()
    for dimension, wanted in zip(schema.dimensions, key, strict=True):
        for code in wanted or ():
            found = codes[dimension.id].index.get(code)
            if found is not None:
                ids[dimension.id] = found
    return WholeKey(ids, within)


class _Attributes:
    """The attributes of one attachment group among those that are asked for."""

    def __init__(self, layout: CubeLayout, table: PackedTable, cells: tuple[Cell, ...]) -> None:
        self.table, self.cells = table, cells
        self.dimensions = table.layout.dimensions
        self.by_time = table.layout.time
        self.of_series = not self.by_time and bool(self.dimensions)
        self.is_group = self.of_series and self.dimensions != layout.dimensions
        self.reader = KeyReader(table, cells)


class _Shape:
    """What the answers have in common that see a cube of one layout through one structure and choice of components."""

    def __init__(
        self, schema: ResolvedStructure, layout: CubeLayout, tables: Sequence[PackedTable | None], plan: ReadPlan
    ) -> None:
        self.measures = chosen(tuple(m.id for m in schema.measures), plan.measures)
        self.attributes = chosen(tuple(a.id for a in schema.attributes), plan.attributes)
        wanted = {*self.measures, *self.attributes}
        self.cells = tuple(c for c in layout.observations.cells if c.component in wanted)
        observations = tables[0]
        self.observations = None if observations is None else KeyReader(observations, self.cells)
        self.keys = None if observations is None else KeyReader(observations, ())
        self.tables = []
        for table in tables[1:]:
            cells = tuple(c for c in table.layout.cells if c.component in self.attributes) if table else ()
            if table is not None and cells:
                self.tables.append(_Attributes(layout, table, cells))


@lru_cache(maxsize=256)
def _shape(
    schema: Same[ResolvedStructure],
    cube: int,
    layout: str,
    measures: tuple[str, ...] | None,
    attributes: tuple[str, ...] | None,
) -> _Shape:
    decoded = read_layout(layout)
    tables = packed_tables(cube, layout)
    return _Shape(schema.value, decoded, tables, ReadPlan(measures=measures, attributes=attributes))


class StoredSeries:
    """``batches.DataSet`` over one series of a snapshot. Raises ``Conflict`` as ``dataset.StoredDataSet`` does."""

    def __init__(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan, key: WholeKey) -> None:
        snapshot.check(schema)
        self._snapshot, self._plan, self._key = snapshot, plan, key
        self.schema, self.dictionaries = schema, snapshot.dictionaries()
        cube = snapshot.cube
        self._shape = _shape(Same(schema), cube.id, cube.layout, plan.measures, plan.attributes)
        self.measures, self.attributes = self._shape.measures, self._shape.attributes
        observations = snapshot.layout.observations
        self.prefix, self.suffix = observations.prefix, observations.suffix
        self._now = plan.as_of is None or plan.as_of >= cube.data_rev
        self.dataset_attributes: Mapping[str, str] = self._dataset_attributes()

    def codes(self, component: str) -> Sequence[str | None]:
        """The dictionary of a component, indexed by id; entries 0 and 1 are None."""
        return self._snapshot.codes(component).texts

    def periods(self) -> Sequence[Period | None]:
        """The period dictionary, indexed by id; entries 0 and 1 are None."""
        return self._snapshot.periods().periods

    def used(self, component: str) -> Ids:
        """The ids (sorted) of a dimension, or of time, that occur in the answer."""
        layout = self._snapshot.layout
        number = PERIODS if component == layout.time else layout.numbers.get(component, -1)
        return self._occurrence().ids().get(number, np.empty(0, np.uint32))

    def availability(self) -> Availability:
        """What exists for the plan, from the keys alone."""
        counted = self._occurrence()
        return describe(self._snapshot, counted.ids(), counted.observations, counted.series)

    def groups(self) -> Iterator[GroupTable]:
        """The selected attributes that attach to proper subsets of dimensions without time."""
        for group in self._shape.tables:
            values = self._values(group) if group.is_group else {}
            if values:
                keys = tuple(_id(i) for i in self._ids(group.dimensions) or ())
                yield GroupTable(
                    dimensions=group.dimensions, keys=keys, attributes={name: _id(i) for name, i in values.items()}
                )

    def batches(self) -> Iterator[Batch]:
        """The observations, in one batch, if there are any."""
        block = self._block(self._shape.observations)
        if block is not None:
            yield self._batch(block)

    def _occurrence(self) -> Occurrence:
        found = Occurrence(self._snapshot)
        block = self._block(self._shape.keys)
        if block is not None:
            found.add(block)
        return found

    def _ids(self, dimensions: Sequence[str]) -> list[int] | None:
        """The ids of some dimensions; None where one of their codes is unknown."""
        ids = [self._key.ids.get(d) for d in dimensions]
        known = [i for i in ids if i is not None]
        return known if len(known) == len(ids) else None

    def _block(self, reader: KeyReader | None) -> Block | None:
        ids = None if reader is None else self._ids(reader.dimensions)
        if reader is None or ids is None:
            return None
        found = reader.read(self._snapshot, ids, self._key.within, self._plan.as_of)
        if found is None:
            return None
        k = len(self.prefix)
        column = np.array(ids, DTYPES["s"])
        block = Block(
            prefix=tuple(column[i : i + 1] for i in range(k)),
            count=np.array((found.n,), np.int64),
            suffix=tuple(column[k:].repeat(found.n).reshape(-1, found.n)),
            time=found.time,
            cells=found.cells,
            n=found.n,
        )
        if self._plan.first_n is None and self._plan.last_n is None:
            return block
        block = cut_series(block, self._plan.first_n, self._plan.last_n)
        return block if block.n else None

    def _batch(self, block: Block) -> Batch:
        measures: dict[str, Column] = {}
        attributes: dict[str, Ids] = {}
        for cell in self._shape.cells:
            if cell.component in self.measures:
                measures[cell.component] = measure_column(cell, block)
            elif (ids := block.cells.get(cell.column)) is not None and ids.any():
                attributes[cell.component] = ids
        of_series: dict[str, Ids] = {}
        for group in self._shape.tables:
            if group.of_series:
                of_series |= {name: _id(i) for name, i in self._values(group).items()}
            elif group.by_time and block.time is not None:
                attributes |= self._at_times(group, block.time)
        if len(measures) < len(self.measures):
            measures = {n: measures.get(n) or no_measure(self.schema, n, block.n) for n in self.measures}
        return Batch(
            prefix=block.prefix,
            count=block.count,
            suffix=block.suffix,
            time=block.time,
            series=_ONE,
            measures=measures,
            attributes=attributes,
            series_attributes=of_series,
        )

    def _values(self, group: _Attributes) -> dict[str, int]:
        """The ids of the attributes of a key, without those that are absent."""
        ids = self._ids(group.dimensions)
        if ids is None:
            return {}
        held = self._held(group)
        if held is not None:
            return held.at(ids)
        found = group.reader.read(self._snapshot, ids, None, self._plan.as_of)
        if found is None:
            return {}
        values = ((c.component, found.cells.get(c.column)) for c in group.cells)
        return {name: int(column[0]) for name, column in values if column is not None and column[0]}

    def _at_times(self, group: _Attributes, time: Ids) -> dict[str, Ids]:
        """The attributes that attach to time as well, of each observation."""
        ids = self._ids(group.dimensions)
        if ids is None:
            return {}
        held = self._held(group)
        if held is not None:
            keys: dict[str, Array] = {self._snapshot.layout.time or "": time}
            keys |= {d: np.full(len(time), i, DTYPES["s"]) for d, i in zip(group.dimensions, ids, strict=True)}
            return held.look_up(keys, len(time))
        found = group.reader.read(self._snapshot, ids, self._key.within, self._plan.as_of)
        if found is None or found.time is None:
            return {}
        order = np.argsort(found.time)
        at = np.minimum(np.searchsorted(found.time, time, sorter=order), found.n - 1)
        at = order[at]
        hit = found.time[at] == time
        values = {
            c.component: np.where(hit, found.cells[c.column][at], 0).astype(DTYPES["a"])
            for c in group.cells
            if c.column in found.cells
        }
        return {name: column for name, column in values.items() if column.any()}

    def _held(self, group: _Attributes) -> AttributeTable | None:
        if not self._now:
            return None
        held = held_table(self._snapshot, self.schema, group.table)
        return held.only(group.cells) if held is not None else None

    def _dataset_attributes(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for group in self._shape.tables:
            if group.dimensions or group.by_time:
                continue
            for name, i in self._values(group).items():
                if (text := self.codes(name)[i]) is not None:
                    found[name] = text
        return found


def _id(i: int) -> Ids:
    return np.array((i,), np.uint32)
