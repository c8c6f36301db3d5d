"""What a plan selects, with its filters on attributes and measures, decided before observations are read where it can.

An attribute of the data set decides about everything, one of a single dimension (or a computed one, of time) becomes a
mask over its ids, and one of several dimensions the keys that pass: rows that cannot have them are not read at all.
Measures and attributes of the observation are tested on their packed columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from ..batches import ABSENT, Array, Filter, ReadPlan
from ..model.computed import computed_attributes
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage
from ..number_texts import NumberStyle
from .attributes import attribute_table
from .dictionaries import Codes
from .layout import PERIODS, Cell
from .packed_table import PackedTable
from .selection import Mask, Selection
from .snapshot import Snapshot
from .value_conditions import absent_passes, values_mask
from .value_tests import CellTest, KeyTest

_VALUED = (ComponentKind.MEASURE, ComponentKind.ATTRIBUTE)


def selected(snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> Selection:
    """The ids and tests of a plan, as attributes were at its revision. Raises ``BadSemantics``."""
    selection = Selection(snapshot, schema, plan)
    tests = selection.tests
    for wanted in plan.filters:
        component = schema.component(wanted.component)
        if component is None or component.kind not in _VALUED:
            continue
        made = _Decision(snapshot, schema, plan, selection, component).make(wanted)
        if isinstance(made, CellTest):
            tests = msgspec.structs.replace(tests, of_cells=(*tests.of_cells, made))
        elif made is not None:
            tests = msgspec.structs.replace(tests, of_keys=(*tests.of_keys, made))
    selection.tests = msgspec.structs.replace(tests, time=snapshot.layout.time)
    return selection


def by_values(schema: ResolvedStructure, plan: ReadPlan) -> bool:
    """Whether a plan has filters on other components than dimensions."""
    return any(wanted.component not in schema.dimension_ids for wanted in plan.filters)


class _Decision:
    """What one filter on a component that is no dimension makes of a selection."""

    def __init__(
        self,
        snapshot: Snapshot,
        schema: ResolvedStructure,
        plan: ReadPlan,
        selection: Selection,
        component: ResolvedComponent,
    ) -> None:
        self._snapshot, self._schema, self._plan = snapshot, schema, plan
        self._selection, self._component = selection, component

    def make(self, wanted: Filter) -> CellTest | KeyTest | None:
        """The test that is left to do; None where restricting the selection says it all."""
        computed = computed_attributes(self._schema).get(self._component.id)
        if computed is not None and self._snapshot.layout.time is not None:
            labels = Codes([None if p is None else computed(p) for p in self._snapshot.periods().periods])
            self._selection.restrict(self._snapshot.layout.time, values_mask(labels, wanted, self._component))
            return None
        stored = self._snapshot.stored(self._component.id)
        if stored is None:
            if not absent_passes(wanted):
                self._selection.nothing()
            return None
        table, cell = stored
        if cell.storage is not Storage.CODE:
            return CellTest(cell, wanted, None, NumberStyle().of(self._component))
        codes = self._snapshot.codes(self._component.id)
        passing = values_mask(codes, wanted, self._component, self._plan.reporting_year_start)
        if table.layout.number == 0:
            return CellTest(cell, wanted, passing)
        return self._of_group(table, cell, passing)

    def _of_group(self, table: PackedTable, cell: Cell, passing: Mask) -> KeyTest | None:
        """A filter on an attribute of fewer dimensions than an observation, all of whose values are looked at."""
        found = attribute_table(
            self._snapshot, self._schema, table, (cell,), selection=self._selection, as_of=self._plan.as_of
        )
        space, keys, ids = found.with_values(cell.component)
        hit = passing[ids]
        kept = not passing[ABSENT]
        if not found.dimensions:
            if not (hit[0] if len(hit) else passing[ABSENT]):
                self._selection.nothing()
            return None
        told = keys[hit] if kept else keys[~hit]
        columns = space.unpack(told)
        if kept or len(found.dimensions) == 1:
            self._restrict(found.dimensions, columns, kept)
        return None if len(found.dimensions) == 1 else KeyTest(found.dimensions, space, told, kept)

    def _restrict(self, dimensions: Sequence[str], columns: Sequence[Array], kept: bool) -> None:
        """Leave the ids of the keys that pass, or drop those of the keys of one dimension that do not."""
        layout = self._snapshot.layout
        for name, column in zip(dimensions, columns, strict=True):
            number = PERIODS if name == layout.time else layout.numbers[name]
            mask = np.full(self._snapshot.cube.size(number), not kept)
            mask[column] = kept
            self._selection.restrict(name, mask)
