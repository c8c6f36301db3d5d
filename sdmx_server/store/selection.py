"""What a read plan selects, as masks over the dictionaries: conditions in SQL on the prefix, masks on the rest."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import Array, ReadPlan
from ..errors import BadSemantics
from ..model.representation import NUMERIC
from ..model.resolved import ComponentKind, ResolvedStructure
from .conditions import codes_mask, periods_mask
from .packed_table import PackedTable
from .snapshot import Snapshot
from .value_tests import NO_TESTS

Mask = npt.NDArray[np.bool_]

_LISTED = 500
"""Ids that are listed in SQL; of more only the lowest and the highest are given."""


class Limit(enum.Enum):
    """How a column of stored rows is limited in SQL."""

    ONE = "one"
    LIST = "list"
    RANGE = "range"
    TIME = "time"
    THERE = "there"


class Limits(msgspec.Struct, frozen=True):
    """Limits by column, and the values of their parameters. The same ``kinds`` make the same SQL."""

    kinds: tuple[tuple[str, Limit], ...]
    values: dict[str, Any]

    def with_columns(self, columns: Sequence[str]) -> Limits:
        """The same limits, and these packed columns must be there at all."""
        return Limits((*self.kinds, *((column, Limit.THERE) for column in columns)), self.values)


@lru_cache(maxsize=512)
def limited(
    rows: sa.Table, names: tuple[str, ...], order: tuple[str, ...], kinds: tuple[tuple[str, Limit], ...]
) -> sa.Select[Any]:
    """The statement that reads some columns of a table within limits; made once, for it takes longer than a look-up."""
    query = sa.select(*(rows.c[n] for n in names)).order_by(*(rows.c[o] for o in order))
    for column, kind in kinds:
        value: sa.BindParameter[Any] = sa.bindparam(column)
        until: sa.BindParameter[Any] = sa.bindparam(f"{column}_to")
        if kind is Limit.THERE:
            query = query.where(rows.c[column].is_not(None))
        elif kind is Limit.TIME:
            query = query.where(rows.c.t_hi > value, rows.c.t_lo < until)
        elif kind is Limit.ONE:
            query = query.where(rows.c[column] == value)
        elif kind is Limit.LIST:
            query = query.where(rows.c[column].in_(sa.bindparam(column, expanding=True)))
        else:
            query = query.where(rows.c[column].between(value, until))
    return query


class Selection:
    """The ids that a plan selects. ``masks``: by dimension (and time), over its dictionary; none = all ids.

    ``patterns``: the alternative keys, each with masks for the dimensions that it fixes. ``tests``: what else
    observations must pass. Filters on other components than dimensions are ``filtering``'s.
    """

    def __init__(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> None:
        self.masks: dict[str, Mask] = {}
        self.patterns: list[dict[str, Mask]] = []
        self.tests = NO_TESTS
        self._allowed: dict[str, Mask | None] = {}
        self._ids: dict[str, Array | None] = {}
        self._time, self._dimensions = snapshot.layout.time, snapshot.layout.dimensions
        self._sizes = {name: snapshot.cube.size(number) for name, number in snapshot.layout.numbers.items()}
        self._periods = snapshot.periods() if self._time else None
        for wanted in plan.filters:
            component = schema.component(wanted.component)
            if component is None:
                raise BadSemantics("filter-component-absent", component=wanted.component)
            if component.kind is ComponentKind.TIME and self._periods is not None:
                self.restrict(component.id, periods_mask(self._periods, wanted, plan.reporting_year_start))
            elif component.kind is ComponentKind.DIMENSION:
                numeric = component.text_type in NUMERIC
                self.restrict(component.id, codes_mask(snapshot.codes(component.id), wanted, numeric))
        self._add_keys(snapshot, schema, plan)

    def _add_keys(self, snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> None:
        names = [d.id for d in schema.dimensions]
        for key in plan.keys:
            pattern: dict[str, Mask] = {}
            for name, wanted in zip(names, key, strict=False):
                if wanted is None:
                    continue
                codes = snapshot.codes(name)
                mask = np.zeros(len(codes), bool)
                for code in wanted:
                    if (i := codes.index.get(code)) is not None:
                        mask[i] = True
                pattern[name] = mask
            self.patterns.append(pattern)

    def restrict(self, name: str, mask: Mask) -> None:
        """Leave only some ids of a dimension, or of time."""
        self.masks[name] = self.masks[name] & mask if name in self.masks else mask
        self._allowed.pop(name, None)
        self._ids.pop(name, None)

    def nothing(self) -> None:
        """Select nothing at all."""
        first = self._dimensions[0]
        self.restrict(first, np.zeros(self._sizes[first], bool))

    def narrowed(self, ids: Mapping[str, Array]) -> Selection:
        """The same selection among these ids of some dimensions alone."""
        found = copy(self)
        found.masks = dict(self.masks)
        found._allowed, found._ids = {}, {}
        for name, some in ids.items():
            mask = np.zeros(self._sizes[name], bool)
            mask[some] = True
            found.restrict(name, mask)
        return found

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.masks and not self.tests and (not self.patterns or any(not p for p in self.patterns))

    def allowed(self, name: str) -> Mask | None:
        """The ids of a dimension that can be in the answer at all; None = any."""
        if name not in self._allowed:
            self._allowed[name] = self._combined(name)
        return self._allowed[name]

    def ids(self, name: str) -> Array | None:
        """The same as sorted ids."""
        if name not in self._ids:
            mask = self.allowed(name)
            self._ids[name] = None if mask is None else np.flatnonzero(mask)
        return self._ids[name]

    def _combined(self, name: str) -> Mask | None:
        mask = self.masks.get(name)
        if len(self.patterns) == 1 and mask is None:
            return self.patterns[0].get(name)
        if self.patterns and all(name in p for p in self.patterns):
            union: Mask = np.logical_or.reduce([p[name] for p in self.patterns])
            return union if mask is None else union & mask
        return mask

    def limits(self, table: PackedTable) -> Limits:
        """Conditions on the rows of a table: all rows that are needed pass, perhaps more."""
        kinds: list[tuple[str, Limit]] = []
        values: dict[str, Any] = {}
        for column, name in zip(table.prefix, table.layout.prefix, strict=True):
            ids = self.ids(name)
            if ids is None:
                continue
            if len(ids) == 1:
                kinds.append((column, Limit.ONE))
                values[column] = int(ids[0])
            elif len(ids) <= _LISTED:
                kinds.append((column, Limit.LIST))
                values[column] = ids.tolist()
            else:
                kinds.append((column, Limit.RANGE))
                values[column], values[f"{column}_to"] = int(ids[0]), int(ids[-1])
        time = self.masks.get(self._time or "") if table.layout.time else None
        if time is not None and self._periods is not None and time.any():
            kinds.append(("t", Limit.TIME))
            values["t"], values["t_to"] = int(self._periods.start[time].min()), int(self._periods.end[time].max())
        return Limits(tuple(kinds), values)

    def few_rows(self, table: PackedTable) -> bool:
        """Whether the conditions leave so few rows that streaming them would only cost time."""
        product = 1
        for name in table.layout.prefix:
            ids = self.ids(name)
            if ids is None:
                return False
            product *= len(ids)
        return product <= 16

    def exact(self, limits: Limits) -> bool:
        """Whether the rows within the limits have no prefix but selected ones."""
        return len(self.patterns) <= 1 and all(kind is not Limit.RANGE for _, kind in limits.kinds)

    def mask(self, rows: Mapping[str, Array], row: Array | None, entries: Mapping[str, Array]) -> Mask | None:
        """Which entries are selected; None = all of them.

        ``rows``: ids that entries of a row share, ``row``: the row of each entry; ``entries``: ids of each entry.
        """
        found = _masked(self.masks, rows, row, entries)
        if self.patterns:
            alternatives = [_masked(p, rows, row, entries) for p in self.patterns]
            if all(a is not None for a in alternatives):
                union = np.logical_or.reduce([a for a in alternatives if a is not None])
                found = union if found is None else found & union
        return None if found is None or found.all() else found

    def bounds(self, names: Sequence[str]) -> tuple[list[int], list[int]]:
        """The lowest and highest ids of the leading dimensions that are restricted at all."""
        low, high = [], []
        for name in names:
            ids = self.ids(name)
            if ids is None or not len(ids):
                break
            low.append(int(ids[0]))
            high.append(int(ids[-1]))
        return low, high


def _masked(
    masks: Mapping[str, Mask], rows: Mapping[str, Array], row: Array | None, entries: Mapping[str, Array]
) -> Mask | None:
    by_row: Mask | None = None
    for name, ids in rows.items():
        if name in masks:
            mask = masks[name][ids]
            by_row = mask if by_row is None else by_row & mask
    found: Mask | None = None
    if by_row is not None and row is not None and not by_row.all():
        found = by_row[row]
    for name, ids in entries.items():
        if name in masks:
            mask = masks[name][ids]
            found = mask if found is None else found & mask
    return found
