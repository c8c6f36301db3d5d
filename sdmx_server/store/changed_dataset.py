"""Data sets of what changed between two revisions: observations, and attributes with partial keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from ..batches import ABSENT, MISSING, Array, Availability, Batch, Change, GroupTable, Ids, ReadPlan
from ..model.resolved import ResolvedStructure
from .blocks import Block
from .changed import Changed
from .changes import Changes
from .dataset import StoredDataSet, cut_series
from .filtering import by_values, selected
from .frames import DTYPES, KeySpace
from .group_keys import GroupKeys
from .layout import PERIODS, Cell
from .occurrence import Occurrence, describe
from .packed_table import PackedTable
from .selection import Selection
from .snapshot import Snapshot

HELD = 200_000
"""Changed entries of a table that are kept for the data sets of the same answer; more are worked out again for each."""


class _Changed(StoredDataSet):
    """What both kinds share. Nothing is known of stored rows: every dimension is in ``suffix``."""

    def __init__(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> None:
        self._states: dict[bool, Selection] = {}
        super().__init__(snapshot, schema, plan)
        if self._varying is None:
            self.prefix, self.suffix = (), snapshot.layout.dimensions

    def _selected(self) -> Selection:
        """Keys and time alone: what else is asked for holds for one of the two revisions."""
        return Selection(self._snapshot, self.schema, self._plan)

    def _is_whole(self) -> bool:
        return False

    def _told(self, portion: Changed, *, before: bool) -> Changed:
        """The entries that pass the filters on what is no dimension as they were, or as they are."""
        if not by_values(self.schema, self._plan):
            return portion
        layout = self._snapshot.layout
        state = self._state(before)
        keys = dict(zip((*layout.dimensions, *((layout.time,) if layout.time else ())), portion.keys, strict=True))
        found = state.tests.passing(keys, portion.before if before else portion.after, portion.n)
        mask = state.mask({}, None, keys)
        return portion.take(found if mask is None else found & mask)

    def _state(self, before: bool) -> Selection:
        """What the plan selects of the earlier or of the later revision."""
        if before not in self._states:
            revision = self._plan.since if before else self._plan.as_of
            plan = msgspec.structs.replace(self._plan, since=None, as_of=revision)
            self._states[before] = selected(self._snapshot, self.schema, plan)
        return self._states[before]

    def _portions(self, table: PackedTable) -> Iterable[Changed]:
        """What changed in a table; kept when it is little, for several data sets are made of it."""
        plan, held = self._plan, self._snapshot.held
        key = (table.layout.number, plan.since, plan.as_of, plan.keys, plan.filters, plan.reporting_year_start)
        if key in held:
            return held[key]
        changes = Changes(self._snapshot, table, self._selection, since=plan.since or 0, until=plan.as_of)
        return self._kept(key, changes.portions())

    def _kept(self, key: object, portions: Iterator[Changed]) -> Iterator[Changed]:
        little: list[Changed] | None = []
        room = HELD - sum(c.n for kept in self._snapshot.held.values() for c in kept)
        for portion in portions:
            room -= portion.n
            little = None if little is None or room < 0 else [*little, portion]
            yield portion
        if little is not None:
            self._snapshot.held[key] = little


class ChangedObservations(_Changed):
    """``Change.SET``, ``GONE`` and ``CELLS_GONE``."""

    def __init__(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> None:
        super().__init__(snapshot, schema, plan)
        if plan.change is not Change.SET:
            self.dataset_attributes = {}

    def groups(self) -> Iterator[GroupTable]:
        """None: attributes of groups change by themselves (``ChangedAttributes``)."""
        return iter(())

    def _attribute_tables(self) -> Iterator[tuple[PackedTable, tuple[Cell, ...]]]:
        """Attributes of fewer dimensions are told of observations that are there."""
        return super()._attribute_tables() if self._plan.change is Change.SET else iter(())

    def _blocks(self, cells: Sequence[Cell]) -> Iterator[Block]:
        table = self._snapshot.tables[0]
        if table is None:
            return
        whole = self._plan.any_change or self._plan.change is Change.GONE
        compared = [c for c in table.layout.cells if whole or c.component in self._compared]
        for portion in self._portions(table):
            told = self._told(portion, before=self._plan.change is Change.GONE)
            block = self._block(told, compared, cells)
            if block.n:
                yield block

    @property
    def _compared(self) -> set[str]:
        return {*self.measures, *self.attributes}

    @property
    def _most_cells(self) -> int:
        """How many cells observations have, asked for or not."""
        table = self._snapshot.tables[0]
        return len(table.layout.cells) if table is not None else 0

    def _block(self, portion: Changed, compared: Sequence[Cell], cells: Sequence[Cell]) -> Block:
        if self._plan.change is Change.GONE:
            return self._made(portion.take(portion.was & ~portion.here), {})
        if self._plan.change is Change.CELLS_GONE:
            gone = {c.component: _present(c, portion.before) & ~_present(c, portion.after) for c in compared}
            rows = portion.was & portion.here & _any(gone.values(), portion.n)
            values = {
                name: np.where(gone[c.component], portion.before[name], np.zeros(1, portion.before[name].dtype))[rows]
                for c in cells
                for name in _columns(c)
            }
            return self._made(portion.take(rows), values)
        rows = portion.here & (~portion.was | portion.differs(n for c in compared for n in _columns(c)))
        if compared and len(compared) < self._most_cells:  # Merge: what has none of the values would say nothing
            rows &= _any((_present(c, portion.after) for c in compared), portion.n)
        values = {name: portion.after[name][rows] for c in cells for name in _columns(c)}
        return cut_series(self._made(portion.take(rows), values), self._plan.first_n, self._plan.last_n)

    def _made(self, portion: Changed, cells: dict[str, Array]) -> Block:
        count = np.array([portion.n] if portion.n else [], np.int64)
        timed = self._snapshot.layout.time is not None
        suffix, time = (portion.keys[:-1], portion.keys[-1]) if timed else (portion.keys, None)
        return Block((), count, suffix, time, cells, portion.n)

    def availability(self) -> Availability:
        """What observations are new, other or there no more (``updatedAfter`` of ``availability.md``)."""
        counted = Occurrence(self._snapshot)
        table = self._snapshot.tables[0]
        series: Array = np.empty(0, np.int64)
        found = self._portions(table) if table is not None else ()
        for portion in (told for every in found for told in self._here_or_gone(every) if told.n):
            counted.add(self._made(portion, {}))
            dimensions = len(self._snapshot.layout.dimensions)
            space = KeySpace(self._snapshot.key_sizes(self._snapshot.layout.observations)[:dimensions])
            keys = np.unique(space.pack(portion.keys[:dimensions], portion.n))
            series = np.union1d(series, keys) if len(series) else keys
        return describe(self._snapshot, counted.ids(), counted.observations, len(series))

    def _here_or_gone(self, portion: Changed) -> tuple[Changed, ...]:
        """The entries that are there and pass, and those that are gone and did."""
        if not by_values(self.schema, self._plan):
            return (portion,)
        here = self._told(portion.take(portion.here), before=False)
        return here, self._told(portion.take(~portion.here), before=True)

    def _lookup_selection(self) -> Selection:
        """The attributes of the keys that changed alone are looked up."""
        counted = self._occurrence().ids()
        layout = self._snapshot.layout
        return self._selection.narrowed({d: counted[layout.numbers[d]] for d in layout.dimensions})


class ChangedAttributes(_Changed):
    """``Change.ATTRIBUTES_SET`` and ``ATTRIBUTES_GONE``."""

    _keys: GroupKeys | None = None

    def groups(self) -> Iterator[GroupTable]:
        """The values of every level but the data set's, with the ids of their partial keys."""
        for table, cells in self._attribute_tables():
            layout = table.layout
            if not layout.dimensions and not layout.time:
                continue
            dimensions = layout.dimensions + ((self._snapshot.layout.time or "",) if layout.time else ())
            for portion in self._portions(table):
                keys, values = self._occurring_of(table, *self._values(portion, cells))
                if len(keys[0]):
                    yield GroupTable(dimensions=dimensions, keys=keys, attributes=values)

    def batches(self) -> Iterator[Batch]:
        """The attributes of series, as series without observations."""
        for table, cells in self._attribute_tables():
            if not self._is_series(table.layout):
                continue
            for portion in self._portions(table):
                keys, values = self._occurring_of(table, *self._values(portion, cells))
                n = len(keys[0])
                if n:
                    yield Batch(
                        prefix=(),
                        count=np.array([n]),
                        suffix=keys,
                        time=np.full(n, ABSENT, DTYPES["t"]),
                        series=np.arange(n),
                        measures={},
                        attributes={},
                        series_attributes=values,
                    )

    def _occurring_of(
        self, table: PackedTable, keys: tuple[Ids, ...], values: dict[str, Ids]
    ) -> tuple[tuple[Ids, ...], dict[str, Ids]]:
        """Those whose keys observations have that pass the filters on values, at the revision that is told."""
        if not by_values(self.schema, self._plan) or not len(keys[0]):
            return keys, values
        if self._keys is None:
            gone = self._plan.change is Change.ATTRIBUTES_GONE
            plan = ReadPlan(
                keys=self._plan.keys,
                filters=self._plan.filters,
                attributes=self._plan.attributes,
                as_of=self._plan.since if gone else self._plan.as_of,
                reporting_year_start=self._plan.reporting_year_start,
            )
            self._keys = StoredDataSet(self._snapshot, self.schema, plan).group_keys()
        rows = self._keys.holds(table.layout, keys)
        return tuple(k[rows] for k in keys), {name: ids[rows] for name, ids in values.items()}

    def _values(self, portion: Changed, cells: Sequence[Cell]) -> tuple[tuple[Ids, ...], dict[str, Ids]]:
        """Keys and attributes, for the keys that have any to give; set are all of a key where one is new or other."""
        found: dict[str, Array] = {}
        masks = []
        for cell in cells:
            before, after = portion.before[cell.column], portion.after[cell.column]
            if not portion.keys:  # a missing attribute of the data set is not shown: it is as good as absent
                before, after = (np.where(ids == MISSING, ABSENT, ids).astype(ids.dtype) for ids in (before, after))
            if self._plan.change is Change.ATTRIBUTES_SET:
                found[cell.component] = after
                masks.append((before != after) & (after != ABSENT))
            else:
                found[cell.component] = np.where(after == ABSENT, before, ABSENT).astype(before.dtype)
                masks.append(found[cell.component] != ABSENT)
        rows = _any(masks, portion.n)
        return tuple(k[rows] for k in portion.keys), {name: ids[rows] for name, ids in found.items()}

    def _dataset_attributes(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for table, cells in self._attribute_tables():
            if table.layout.dimensions or table.layout.time:
                continue
            for portion in self._portions(table):
                for name, ids in self._values(portion, cells)[1].items():
                    text = self.codes(name)[int(ids[0])] if len(ids) else None
                    if text is not None:
                        found[name] = text
        return found

    def _count(self) -> dict[int, Ids]:
        layout = self._snapshot.layout
        numbers = {**layout.numbers, layout.time or "": PERIODS}
        found: dict[int, Ids] = {}
        for table in self.groups():
            for name, ids in zip(table.dimensions, table.keys, strict=True):
                found[numbers[name]] = np.union1d(found.get(numbers[name], np.empty(0, np.uint32)), ids)
        return found

    def _occurrence(self) -> Occurrence:
        return Occurrence(self._snapshot)


def _columns(cell: Cell) -> tuple[str, ...]:
    return (cell.column, cell.presence) if cell.presence else (cell.column,)


def _present(cell: Cell, cells: Mapping[str, Array]) -> Array:
    found: Array = cells[cell.presence or cell.column] != ABSENT
    return found


def _any(masks: Iterable[Array], n: int) -> Array:
    found = np.zeros(n, bool)
    for mask in masks:
        found |= mask
    return found
