"""A data set kept in memory: what a store would give, built from frames of the kind that ``batches.Delta`` holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from sdmx_server.batches import ABSENT, FIRST_ID, MISSING, Batch, Column, GroupTable, Ids, Order
from sdmx_server.model.period import Period, parse_period
from sdmx_server.model.resolved import ResolvedStructure, Storage

Groups = Mapping[tuple[str, ...], pl.DataFrame]


class MemoryDataSet:
    """Implements ``batches.DataSet``.

    ``prefix`` counts the dimensions that rows share; ``batch`` and ``row`` are the most observations of a batch
    (exceeded only by one long series) and of a stored row, small by default so that tests cross many seams.
    """

    def __init__(
        self,
        schema: ResolvedStructure,
        observations: pl.DataFrame,
        groups: Groups | None = None,
        dataset_attributes: Mapping[str, str] | None = None,
        *,
        prefix: int = 1,
        batch: int = 5,
        row: int = 3,
        order: Order = Order.SERIES,
        apart: str | None = None,
        measures: tuple[str, ...] | None = None,
        attributes: tuple[str, ...] | None = None,
    ) -> None:
        self.schema, self.dictionaries = schema, object()
        dimensions = tuple(d.id for d in schema.dimensions)
        prefix = 0 if order is Order.CROSS else min(prefix, len(dimensions))
        self.prefix, self.suffix = dimensions[:prefix], dimensions[prefix:]
        self.measures = tuple(m.id for m in schema.measures if measures is None or m.id in measures)
        self.attributes = tuple(a.id for a in schema.attributes if attributes is None or a.id in attributes)
        self.dataset_attributes = {k: v for k, v in (dataset_attributes or {}).items() if k in self.attributes}
        self._codes: dict[str, list[str | None]] = {}
        self._periods: list[Period | None] = [None, None]
        self._batch, self._row = batch, row
        self._groups = dict(groups or {})
        self._key = schema.dimension_ids
        self._ids: dict[str, Ids] = {}
        self._presence: dict[str, np.ndarray] = {}
        self._values: dict[str, np.ndarray] = {}
        self._load(observations)
        self._attach()
        self._sort(order, apart)

    # ---- building ----

    def _encode(self, component: str, values: pl.Series, marks: pl.Series | None = None) -> Ids:
        codes = self._codes.setdefault(component, [None, None])
        known = {text: i for i, text in enumerate(codes) if text is not None}
        for text in values.drop_nulls().unique(maintain_order=True).to_list():
            if text not in known:
                known[text] = len(codes)
                codes.append(text)
        ids = values.replace_strict(known, default=ABSENT, return_dtype=pl.UInt32).to_numpy().copy()
        ids[values.is_null().to_numpy()] = ABSENT
        if marks is not None:
            ids[marks.to_numpy() == 2] = MISSING
        return ids

    def _load(self, frame: pl.DataFrame) -> None:
        time = self.schema.time.id if self.schema.time else None
        for component in self.schema.components:
            if component.id not in frame.columns:
                continue
            values = frame[component.id]
            marks = frame[f"{component.id}?"] if f"{component.id}?" in frame.columns else None
            if component.id == time:
                texts = values.unique(maintain_order=True).to_list()
                self._periods = [None, None, *(parse_period(t) for t in texts)]
                known = {t: i + FIRST_ID for i, t in enumerate(texts)}
                self._ids[component.id] = np.array([known[t] for t in values.to_list()], dtype=np.uint32)
            elif component.storage is Storage.CODE:
                self._ids[component.id] = self._encode(component.id, values, marks)
            else:
                presence = np.where(values.is_null().to_numpy(), 0, 1).astype(np.uint8)
                if marks is not None:
                    presence[marks.to_numpy() == 2] = 2
                self._presence[component.id] = presence
                self._values[component.id] = values.fill_null(0).to_numpy()
        self._size = len(frame)
        self._frame_keys = frame.select([d for d in self._key if d in frame.columns])

    def _attach(self) -> None:
        for key, frame in self._groups.items():
            joined = self._frame_keys.join(frame, on=list(key), how="left", maintain_order="left")
            for name in frame.columns:
                if name in key or name.endswith("?"):
                    continue
                marks = joined[f"{name}?"] if f"{name}?" in joined.columns else None
                self._encode(name, frame[name])
                self._ids[name] = self._encode(name, joined[name], marks.fill_null(0) if marks is not None else None)

    def _rank(self, dimension: str) -> np.ndarray:
        if self.schema.time and dimension == self.schema.time.id:
            order = sorted(range(FIRST_ID, len(self._periods)), key=lambda i: (self._periods[i].start, i))  # type: ignore[union-attr]
            ranks = np.zeros(len(self._periods), dtype=np.int64)  # periods may begin together: 2024, 2024-Q1
            ranks[order] = np.arange(len(order))
            return ranks[self._ids[dimension]]
        return self._ids[dimension]

    def _sort(self, order: Order, apart: str | None) -> None:
        key = [d for d in self._key if d != apart] + [apart] if order is Order.CROSS and apart else list(self._key)
        index = np.lexsort([self._rank(d) for d in reversed(key)])
        for store in (self._ids, self._presence, self._values):
            for name in store:
                store[name] = store[name][index]
        self._cuts = _starts([self._ids[d] for d in key if d != apart], self._size)
        time = self.schema.time.id if self.schema.time else None
        self._series = _starts([self._ids[d] for d in self._key if d != time], self._size)
        if order is not Order.CROSS:
            self._cuts = self._series

    # ---- the protocol ----

    def codes(self, component: str) -> Sequence[str | None]:
        return self._codes.get(component, [None, None])

    def periods(self) -> Sequence[Period | None]:
        return self._periods

    def used(self, component: str) -> Ids:
        return np.unique(self._ids[component])

    def groups(self) -> Iterator[GroupTable]:
        for key, frame in self._groups.items():
            names = [n for n in frame.columns if n in self.attributes]
            time = self.schema.time.id if self.schema.time else None
            periods = {p.text: i for i, p in enumerate(self._periods) if p}
            keys = tuple(
                frame[d].replace_strict(periods, return_dtype=pl.UInt32).to_numpy()
                if d == time
                else self._encode(d, frame[d])
                for d in key
            )
            marks = {n: frame[f"{n}?"].fill_null(0) if f"{n}?" in frame.columns else None for n in names}
            if names:
                yield GroupTable(
                    dimensions=key, keys=keys, attributes={n: self._encode(n, frame[n], marks[n]) for n in names}
                )

    def batches(self) -> Iterator[Batch]:
        begin = 0
        ends = np.append(self._cuts[1:], self._size)
        while begin < self._size:
            fitting = ends[(ends > begin) & (ends <= begin + self._batch)]
            end = int(fitting[-1]) if len(fitting) else int(ends[ends > begin][0])
            yield self._slice(begin, end)
            begin = end

    def _slice(self, begin: int, end: int) -> Batch:
        part = slice(begin, end)
        size = end - begin
        rows = _starts([self._ids[d][part] for d in self.prefix], size)
        bounds = np.append(rows, size)
        rows = np.concatenate([np.arange(a, b, self._row) for a, b in pairwise(bounds)])
        series = self._series[(self._series >= begin) & (self._series < end)] - begin
        if not len(series) or series[0]:
            series = np.insert(series, 0, 0)
        time = self.schema.time.id if self.schema.time else None
        observation: dict[str, Ids] = {}
        shared: dict[str, Ids] = {}
        for attribute in self.schema.attributes:
            ids = self._ids.get(attribute.id)
            if ids is None or not attribute.attached_to or attribute.id not in self.attributes or not ids[part].any():
                continue
            if self.schema.level(attribute) == "observation" or time in attribute.attached_to:
                observation[attribute.id] = ids[part]
            else:
                shared[attribute.id] = ids[part][series]
        return Batch(
            prefix=tuple(self._ids[d][part][rows] for d in self.prefix),
            count=np.diff(np.append(rows, size)),
            suffix=tuple(self._ids[d][part] for d in self.suffix),
            time=self._ids[time][part] if time else None,
            series=series.astype(np.int64),
            measures={m: c for m in self.measures if (c := self._column(m, part)) is not None},
            attributes=observation,
            series_attributes=shared,
        )

    def _column(self, measure: str, part: slice) -> Column | None:
        if measure in self._ids:
            return Column(self._ids[measure][part])
        if measure not in self._values:
            return None
        presence = self._presence[measure][part]
        return Column(self._values[measure][part], None if (presence == 1).all() else presence)


def _starts(keys: Sequence[np.ndarray], size: int) -> np.ndarray:
    change = np.zeros(size, dtype=bool)
    change[:1] = True
    for ids in keys:
        change[1:] |= ids[1:] != ids[:-1]
    return np.flatnonzero(change)
