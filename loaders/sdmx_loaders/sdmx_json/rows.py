"""A data set of a message as batches of rows: what it says of itself, of groups, of series, of observations.

An attribute stands in a row of its own with the dimensions of its level, unless it attaches to more dimensions than
these: then it goes to the observations. Nothing here runs once per observation in Python but C loops of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
import polars as pl

from sdmx_server.loading.api import Place as FilePlace
from sdmx_server.loading.api import RawBatch, Source

from .layout import Layout, Place
from .message import DataSetAt, Message, child, stop
from .parsing import Json, Number, Stop
from .texts import Described

_BATCH = 50_000
Pointer = Callable[[int], str]


class Rows:
    """The rows of one data set."""

    def __init__(self, source: Source, message: Message, at: DataSetAt) -> None:
        self._source, self._at = source, at
        self._layout = Layout(source, message, at)
        self._fixed: list[pl.Series] = []
        for dimension in self._layout.at("dataSet"):
            if len(dimension.values or ()) != 1:
                path = f"{at.structure_path}/dimensions/dataSet"
                stop(source, "json-fixed", path, column=dimension.component.id, found=len(dimension.values or ()))
            self._fixed.append(pl.Series(dimension.component.id, dimension.values, dtype=pl.String))

    def batches(self) -> Iterator[RawBatch]:
        """All rows. Findings: json-type, json-key, json-length, json-value; the rows that they concern are left out."""
        held, path = self._at.held, self._at.path
        series = child(self._source, held, "series", dict, path)
        flat = child(self._source, held, "observations", dict, path)
        groups = child(self._source, held, "dimensionGroupAttributes", dict, path)
        yield from self._own(empty=not (series or flat or groups))
        if groups:
            yield from self._groups(groups, f"{path}/dimensionGroupAttributes")
        if flat:
            yield from self._flat(flat)
        if series:
            yield from self._series(series)

    # ---- rows above the observation

    def _own(self, *, empty: bool) -> Iterator[RawBatch]:
        """The data set's attributes; a data set to delete that says nothing more stands for everything in it."""
        own = child(self._source, self._at.held, "attributes", list, self._at.path)
        columns = self._attributes("dataSet", [own], lambda _: f"{self._at.path}/attributes")
        mine = [c for c in columns if self._fits(c.name, "dataSet")]
        self._lifted = [c for c in columns if not self._fits(c.name, "dataSet") and c[0] is not None]
        given = any(c[0] is not None for c in mine)
        if given or (empty and self._at.action == "D"):
            yield self._batch([*self._fixed, *mine], 1, lambda _: self._at.path)

    def _groups(self, groups: Json, path: str) -> Iterator[RawBatch]:
        names = list(groups)
        keys = self._layout.partial_keys(names)
        for name, key in zip(names, keys, strict=True):
            if key is None:
                self._source.findings.add("json-key", file=self._source.name, path=path, value=name)
        rows = self._lists(list(groups.values()), lambda n: f"{path}/{names[n]}")
        if None in keys:
            raise Stop
        frame = pl.DataFrame(keys, schema=dict.fromkeys(self._layout.dimension_ids(), pl.String))
        columns = self._attributes("dimensionGroup", rows, lambda n: f"{path}/{names[n]}")
        yield self._batch([*frame.get_columns(), *columns], len(names), lambda n: f"{path}/{names[n]}")

    def _attributes(self, level: str, rows: Sequence[Sequence[Any]], pointer: Pointer) -> list[pl.Series]:
        return self._columns(self._layout.attributes[level], rows, pointer)

    def _fits(self, attribute: str, level: str) -> bool:
        """Whether an attribute attaches to no more dimensions than a level has."""
        component = self._source.structure.component(attribute)
        there = {d.component.id for name in ("dataSet", level) for d in self._layout.at(name)}
        return component is not None and set(component.attached_to) <= there

    # ---- observations

    def _flat(self, observations: Json) -> Iterator[RawBatch]:
        path = f"{self._at.path}/observations"
        keys, rows = list(observations), list(observations.values())
        for start in range(0, len(keys), _BATCH):
            some = keys[start : start + _BATCH]

            def pointer(n: int, some: list[str] = some) -> str:
                return f"{path}/{some[n]}"

            yield self._observations(some, rows[start : start + _BATCH], [], pointer)

    def _series(self, series: Json) -> Iterator[RawBatch]:
        path = f"{self._at.path}/series"
        names: list[str] = []
        counts: list[int] = []
        keys: list[str] = []
        rows: list[Any] = []
        for name, one in series.items():
            if not isinstance(one, dict):
                stop(self._source, "json-type", f"{path}/{name}", wanted="dict")
            held = one.get("observations") or {}
            if not isinstance(held, dict):
                stop(self._source, "json-type", f"{path}/{name}/observations", wanted="dict")
            names.append(name)
            counts.append(len(held))
            keys.extend(held)
            rows.extend(held.values())
            if len(keys) >= _BATCH:
                yield from self._some_series(series, names, counts, keys, rows)
                names, counts, keys, rows = [], [], [], []
        yield from self._some_series(series, names, counts, keys, rows)

    def _some_series(
        self, series: Json, names: list[str], counts: list[int], keys: list[str], rows: list[Any]
    ) -> Iterator[RawBatch]:
        path = f"{self._at.path}/series"

        def of_series(n: int) -> str:
            return f"{path}/{names[n]}"

        dimensions = self._key(names, self._layout.at("series"), of_series)
        attributes = self._attributes(
            "series", self._lists([series[name].get("attributes") for name in names], of_series), of_series
        )
        deleting = self._at.action == "D"
        mine = [c for c in attributes if self._fits(c.name, "series")]
        given = np.zeros(len(names), dtype=bool)
        for column in mine:
            given |= column.is_not_null().to_numpy()
        if deleting:
            given |= np.array(counts, dtype=np.int64) == 0
        if given.any():
            kept = np.flatnonzero(given)
            fixed = [c.new_from_index(0, len(names)) for c in self._fixed]
            columns = [c.gather(kept) for c in (*fixed, *dimensions, *mine)]
            yield self._batch(columns, len(kept), lambda n: of_series(int(kept[n])))
        if not keys:
            return
        owner = np.repeat(np.arange(len(names)), counts)
        lifted = [] if deleting else [c for c in attributes if not self._fits(c.name, "series")]
        shared = [c.gather(owner) for c in (*dimensions, *lifted)]

        def of_observation(n: int) -> str:
            return f"{path}/{names[int(owner[n])]}/observations/{keys[n]}"

        yield self._observations(keys, rows, shared, of_observation)

    def _observations(self, keys: list[str], rows: list[Any], shared: list[pl.Series], pointer: Pointer) -> RawBatch:
        dimensions = self._key(keys, self._layout.at("observation"), pointer)
        cells = self._columns(self._layout.observation, self._lists(rows, pointer), pointer)
        lifted = [] if self._at.action == "D" else self._lifted
        fixed = [c.new_from_index(0, len(keys)) for c in (*self._fixed, *lifted)]
        return self._batch([*fixed, *shared, *dimensions, *cells], len(keys), pointer)

    # ---- columns

    def _key(self, keys: list[str], dimensions: list[Described], pointer: Pointer) -> list[pl.Series]:
        columns, wrong = self._layout.key(pl.Series(keys, dtype=pl.String), dimensions)
        for n in wrong:
            self._source.findings.add("json-key", file=self._source.name, path=pointer(n), value=keys[n])
        if wrong:
            raise Stop
        return columns

    def _lists(self, rows: list[Any], pointer: Pointer) -> list[list[Any]]:
        """The arrays, null ones as empty."""
        if not set(map(type, rows)) <= {list, type(None)}:
            n = next(n for n, row in enumerate(rows) if row is not None and not isinstance(row, list))
            stop(self._source, "json-type", pointer(n), wanted="list")
        return [row or [] for row in rows] if None in rows else rows

    def _columns(self, places: list[Place], rows: Sequence[Sequence[Any]], pointer: Pointer) -> list[pl.Series]:
        """One column for each place; arrays may be shorter, and have indices of annotations after the places."""
        found = list(zip_longest(*rows))
        for extra in found[len(places) :]:
            if not set(map(type, extra)) <= {Number, type(None), list}:
                n = next(
                    n for n, value in enumerate(extra) if value is not None and not isinstance(value, Number | list)
                )
                stop(self._source, "json-length", pointer(n), value=str(extra[n]), most=len(places))
        columns = []
        for number, place in enumerate(places):
            if place is None:
                continue
            held = found[number] if number < len(found) else (None,) * len(rows)
            column, faults = place.column(held)
            columns.append(column.rename(place.component.id))
            for n, reason in faults.items():
                self._source.findings.add(
                    "json-value",
                    file=self._source.name,
                    path=pointer(n),
                    column=place.component.id,
                    value=str(held[n]),
                    reason=reason,
                )
        return columns

    def _batch(self, columns: list[pl.Series], count: int, pointer: Pointer) -> RawBatch:
        def place(number: int, _column: str | None) -> FilePlace:
            return FilePlace(path=pointer(number))

        base = self._source.findings.locate(place)
        action = pl.Series("ACTION", [self._at.action], dtype=pl.String).new_from_index(0, count)
        rows = np.arange(base, base + count, dtype=np.int64)
        return RawBatch(frame=pl.DataFrame([*columns, action]), rows=rows, components=True)
