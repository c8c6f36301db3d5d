"""Observations in the order that a query asks for, with bounded memory (``sort`` of ``data.md``)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import polars as pl

from ..batches import FIRST_ID, PRESENCE_PRESENT, Array, ReadPlan, SortKey
from ..errors import TooLarge
from ..model.computed import computed_attributes
from ..model.period import parse_period
from ..model.representation import NUMERIC, TEMPORAL
from ..model.resolved import ResolvedComponent, ResolvedStructure, Storage
from .attributes import attribute_table
from .blocks import BATCH, Block
from .dictionaries import Codes
from .frames import KeySpace, stable_order, starts
from .layout import Cell
from .regrouping import block_of, columns_of, portions
from .selection import Selection
from .snapshot import Snapshot
from .sorting import KEY, Columns, Sorter, joined

IN_MEMORY = 500_000
"""Observations that a query sorts without touching the disk."""

MOST = 20_000_000
"""Observations that a query may sort, unless it wants the first ones alone."""

_HALF = 1 << 32


class _Ranked(msgspec.Struct, frozen=True):
    """How observations rank by one component: columns that sort as it does, each below its size."""

    sizes: tuple[int, ...]
    columns: Callable[[Block, Mapping[str, Array]], Sequence[Array]]


class Ordering:
    """The order of a plan. ``dimensions``: those of the blocks in their order, time left out."""

    def __init__(
        self,
        snapshot: Snapshot,
        schema: ResolvedStructure,
        plan: ReadPlan,
        selection: Selection,
        dimensions: Sequence[str],
    ) -> None:
        self._snapshot, self._schema, self._plan, self._selection = snapshot, schema, plan, selection
        self._dimensions = tuple(dimensions)
        self._time = snapshot.layout.time
        self.cells: tuple[Cell, ...] = ()
        ranked = [self._ranked(key) for key in plan.sort]
        self._ranked_by = [one for one in ranked if one is not None]
        self._space = KeySpace(tuple(size for one in self._ranked_by for size in one.sizes))

    def sorted(self, blocks: Iterable[Block], cells: Sequence[Cell]) -> Iterator[Block]:
        """The observations in order; equal ones stay as they come. Raises ``TooLarge``.

        Where the plan has a limit, no more are held than it and its offset say, or they go to the disk.
        """
        keep = None if self._plan.limit is None else self._plan.offset + self._plan.limit
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sdmx-sort-"))
            sorter = Sorter(Path(folder), IN_MEMORY) if keep is None or keep > IN_MEMORY else _Best(keep)
            stack.callback(sorter.close)
            for block in blocks:
                sorter.add({KEY: self._keys(block), **columns_of(block, cells)})
                if keep is None and sorter.rows > MOST:
                    raise TooLarge("sort-many", most=MOST)
            sorter.finish()
            for chunk in sorter.chunks():
                for begin in range(0, len(chunk[KEY]), BATCH):
                    yield self._block({name: values[begin : begin + BATCH] for name, values in chunk.items()}, cells)

    def grouped(self, blocks: Iterable[Block], cells: Sequence[Cell], fixed: Sequence[str]) -> Iterator[Block]:
        """Sorted observations that share the ids of ``fixed`` together, in the order of the first ones of each group.

        No group crosses a block.
        """
        places = [self._place(name) for name in fixed]
        names = [f"k{i}" for i in places]
        apart = {key.component for key in self._plan.sort[: len(fixed)]} != set(fixed)
        with tempfile.TemporaryDirectory(prefix="sdmx-sort-") as folder:
            rows = ({KEY: np.empty(block.n, "u1"), **columns_of(block, cells)} for block in blocks)
            if apart and names:
                for columns in portions(self._together(rows, places, Path(folder)), [KEY]):
                    yield self._block(columns, cells)
                return
            for columns in portions(rows, names):
                yield self._block(columns, cells)

    def _together(self, rows: Iterable[Columns], places: Sequence[int], folder: Path) -> Iterator[Columns]:
        """Rows by the position of the first one of their group, which becomes their key."""
        layout = self._snapshot.layout.observations
        sizes = self._snapshot.key_sizes(layout)
        known = {d: size for d, size in zip((*layout.dimensions, self._time), sizes, strict=False)}
        names = (*self._dimensions, self._time)
        space = KeySpace(tuple(known[names[i]] for i in places))
        by_group, by_first = Sorter(folder, IN_MEMORY), Sorter(folder, IN_MEMORY)
        position = 0
        for columns in rows:
            n = len(columns[KEY])
            at = np.arange(position, position + n)
            position += n
            by_group.add({**columns, KEY: space.pack([columns[f"k{i}"] for i in places], n), "at": at})
        by_group.finish()
        for chunk in by_group.chunks():  # equal keys are in one chunk, and as they came
            begin = np.flatnonzero(starts([chunk[KEY]], len(chunk[KEY])))
            first = np.repeat(chunk["at"][begin], np.diff(np.append(begin, len(chunk[KEY]))))
            by_first.add({**chunk, KEY: first})
        by_first.finish()
        yield from by_first.chunks()

    def _block(self, columns: Columns, cells: Sequence[Cell]) -> Block:
        dimensions = len(self._dimensions)
        return block_of(columns, range(dimensions), dimensions if self._time else None, cells)

    def _place(self, name: str) -> int:
        return len(self._dimensions) if name == self._time else self._dimensions.index(name)

    def _keys(self, block: Block) -> Array:
        names = (*self._dimensions, *((self._time,) if self._time else ()))
        ids = dict(zip(names, block.keys(), strict=True))
        return self._space.pack([c for one in self._ranked_by for c in one.columns(block, ids)], block.n)

    # ---- what ranks how ----------------------------------------------------------------------------------------------

    def _ranked(self, key: SortKey) -> _Ranked | None:
        """How a component ranks; None where all observations have the same."""
        component = self._schema.component(key.component)
        if component is None:
            return None
        name = component.id
        if name == self._time:
            return self._by_id(name, _ranks(self._by_moments(), key.descending, "ordinal"))
        if name in self._dimensions:
            values = _values(self._snapshot.codes(name), component)
            return self._by_id(name, _ranks(values, key.descending, "ordinal"))
        computed = computed_attributes(self._schema).get(name)
        if computed is not None and self._time is not None:
            labels = Codes([None if p is None else computed(p) for p in self._snapshot.periods().periods])
            return self._by_id(self._time, _ranks(_values(labels, component), key.descending))
        return self._of_stored(component, key.descending)

    def _by_moments(self) -> pl.Series:
        periods = self._snapshot.periods()
        found = [None if p is None else p.text for p in periods.periods]
        return _moments(found, self._plan.reporting_year_start)

    def _by_id(self, name: str, ranks: Array) -> _Ranked:
        return _Ranked((int(ranks.max()) + 1,), lambda _, ids: (ranks[ids[name]],))

    def _of_stored(self, component: ResolvedComponent, descending: bool) -> _Ranked | None:
        stored = self._snapshot.stored(component.id)
        if stored is None:
            return None
        table, cell = stored
        if table.layout.number == 0:
            self.cells = (*self.cells, cell)
        if cell.storage is not Storage.CODE:
            return _Ranked((2, _HALF, _HALF), lambda block, _: _number_ranks(block, cell, descending))
        ranks = _ranks(_values(self._snapshot.codes(component.id), component), descending)
        size = int(ranks.max()) + 1
        if table.layout.number == 0:
            return _Ranked((size,), lambda block, _: (ranks[_ids(block, cell)],))
        if not table.layout.key_columns:
            return None
        found = attribute_table(
            self._snapshot, self._schema, table, (cell,), selection=self._selection, as_of=self._plan.as_of
        )

        def looked_up(block: Block, ids: Mapping[str, Array]) -> Sequence[Array]:
            values = found.look_up(ids, block.n).get(cell.component)
            return (ranks[np.zeros(block.n, np.uint32) if values is None else values],)

        return _Ranked((size,), looked_up)


def _ids(block: Block, cell: Cell) -> Array:
    found = block.cells.get(cell.column)
    return np.zeros(block.n, np.uint32) if found is None else found


def _number_ranks(block: Block, cell: Cell, descending: bool) -> tuple[Array, Array, Array]:
    """Whether there is no number, and the number as two halves of unsigned bits that sort as it does."""
    values = block.cells.get(cell.column)
    if values is None:
        none = np.zeros(block.n, np.uint32)
        return none + 1, none, none
    marks = block.cells.get(cell.presence or "")
    gone = np.zeros(block.n, bool) if marks is None else marks != PRESENCE_PRESENT
    sign = np.uint64(1 << 63)
    if values.dtype.kind == "f":
        gone = gone | np.isnan(values)
        bits = (values + 0.0).view(np.uint64)  # -0.0 becomes 0.0
        ranks = np.where(bits & sign, ~bits, bits | sign)
    else:
        ranks = values.view(np.uint64) ^ sign
    ranks = ~ranks if descending else ranks
    ranks[gone] = 0
    return gone.astype(np.uint32), (ranks >> np.uint64(32)).astype(np.uint32), ranks.astype(np.uint32)


def _values(codes: Codes, component: ResolvedComponent) -> pl.Series:
    """What the entries of a dictionary sort by; null where there is nothing to compare."""
    texts = pl.Series(codes.texts, dtype=pl.String)
    if component.enumeration is None and component.text_type in NUMERIC:
        return texts.cast(pl.Float64, strict=False)
    if component.enumeration is None and component.text_type in TEMPORAL:
        return _moments(codes.texts, "--01-01")
    return texts


def _moments(texts: Sequence[str | None], year_start: str) -> pl.Series:
    found: list[tuple[int, int] | None] = []
    for text in texts:
        try:
            period = None if text is None else parse_period(text, year_start)
        except ValueError:
            period = None
        found.append(None if period is None else (period.start, period.end))
    bounds = sorted({one for one in found if one is not None})
    place = {one: i for i, one in enumerate(bounds)}
    return pl.Series([None if one is None else place[one] for one in found], dtype=pl.Int64)


def _ranks(values: pl.Series, descending: bool, ties: Literal["dense", "ordinal"] = "dense") -> Array:
    """The rank of each id from 0 on; those without a value come last. ``ordinal``: no two ids have the same."""
    ranks = values.rank(ties, descending=descending).to_numpy().astype(np.float64)
    found = np.nan_to_num(ranks, nan=0.0)
    found[:FIRST_ID] = 0
    last = found.max() + 1
    placed: Array = np.where(found == 0, last, found).astype(np.uint32)
    return placed - np.uint32(1)


class _Best:
    """Keeps the first of many rows, in order: as ``sorting.Sorter``, but nothing else and nothing on disk."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._held: list[Columns] = []
        self._count = 0
        self.rows = 0

    def add(self, columns: Columns) -> None:
        """Take some rows."""
        self._held.append(columns)
        self._count += len(columns[KEY])
        self.rows += len(columns[KEY])
        if self._count > 2 * self._keep + BATCH:
            self.finish()

    def finish(self) -> None:
        """Sort what there is, and drop what comes too late."""
        if self._held:
            whole = joined(self._held)
            order = stable_order(whole[KEY])[: self._keep]
            self._held = [{name: values.take(order) for name, values in whole.items()}]
            self._count = len(order)

    def close(self) -> None:
        """There is nothing to let go of."""

    def chunks(self) -> Iterator[Columns]:
        """The rows in order."""
        yield from self._held
