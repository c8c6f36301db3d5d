"""Tables of ready literals, and batches with their groups: what lines of bulk text are made from (see ``lines``).

Every code's text is rendered - and escaped - once; a batch then asks for the literals of its ids.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import PRESENCE_PRESENT, Batch, DataSet, Ids
from .strips import Part, Strip

Render = Callable[[int], str]
"""Text of a dictionary id."""

Positions = npt.NDArray[np.int64]


class Level(enum.IntEnum):
    """How many observations share a text: those of a stored row, of a group (series), or a single one."""

    ROW = 0
    GROUP = 1
    OBSERVATION = 2


class _Rendered(dict[int, str]):
    """Literals by id, each rendered when it is first asked for."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self._render = render

    def __missing__(self, index: int) -> str:
        text = self[index] = self._render(index)
        return text


class Table:
    """Literals by id. Rendered in full once that pays, before only for the ids that are asked for."""

    def __init__(self, size: int, render: Render) -> None:
        self.size = size
        self.render = render
        self._asked = 0
        self._texts: pl.Series | None = None
        self._known = _Rendered(render)
        self._last: tuple[bytes, list[str]] = (b"", [])

    def wrapped(self, before: str, after: str) -> Table:
        """The same literals with constant text around them."""
        render = self.render
        return Table(self.size, lambda i: f"{before}{render(i)}{after}")

    def enclosed(self, before: str, after: str) -> Table:
        """The same literals with constant text around those that are not empty."""
        render = self.render
        return Table(self.size, lambda i: f"{before}{text}{after}" if (text := render(i)) else "")

    @property
    def texts(self) -> pl.Series:
        """All literals."""
        if self._texts is None:
            self._texts = pl.Series(list(map(self.render, range(self.size))), dtype=pl.String)
        return self._texts

    def one(self, index: int) -> str:
        """The literal of an id."""
        return self._known[index]

    def few(self, ids: Ids) -> list[str]:
        """The literals of a handful of ids, in a list that is not to be changed: series share their periods."""
        key = ids.tobytes()
        asked, texts = self._last
        if asked != key or len(texts) != len(ids):
            texts = list(map(self._known.__getitem__, ids.tolist()))
            self._last = key, texts
        return texts

    def strip(self, ids: Ids) -> Strip:
        """The literals of ids."""
        self._asked += len(ids)
        if self._texts is None and self.size > 2 * self._asked + 64:
            some, where = np.unique(ids, return_inverse=True)
            return Strip(pl.Series([self.render(int(i)) for i in some], dtype=pl.String), where.astype(np.uint32))
        return Strip(self.texts, ids, lasting=True)

    def parts(self, ids: Ids) -> list[Part]:
        """The literals of ids, for a line."""
        return [self.strip(ids)]

    def gather(self, ids: Ids) -> pl.Series:
        """The literals of ids, one after the other."""
        return self.strip(ids).column()


class Frame:
    """A batch with its groups: the indices that lift a text from one level to the next, made when first needed.

    ``starts`` are the first observations of the groups (the batch's series unless another dimension than time is at
    the observation). ``ids`` gives the dictionary ids of a component at a level, or None when it is absent throughout.
    """

    def __init__(self, dataset: DataSet, batch: Batch, starts: Positions | None = None) -> None:
        self.batch = batch
        self.size = len(batch)
        self.starts = batch.series if starts is None else starts
        self._prefix = dict(zip(dataset.prefix, batch.prefix, strict=True))
        self._suffix = dict(zip(dataset.suffix, batch.suffix, strict=True))
        if batch.time is not None and dataset.schema.time is not None:
            self._suffix[dataset.schema.time.id] = batch.time

    @cached_property
    def row(self) -> Ids:
        """The stored row of each observation."""
        return np.repeat(np.arange(len(self.batch.count), dtype=np.uint32), self.batch.count)

    @cached_property
    def group(self) -> Ids:
        """The group of each observation."""
        return _owners(self.starts, self.size)

    @cached_property
    def series(self) -> Ids:
        """The batch's series of each observation."""
        return self.group if self.starts is self.batch.series else _owners(self.batch.series, self.size)

    @property
    def single(self) -> bool:
        """Whether every group holds one observation."""
        return len(self.starts) == self.size

    def lift(self, strip: Strip, level: Level, to: Level) -> Strip:
        """The texts of one level for another."""
        if level == to or (level == Level.GROUP and self.single):
            return strip
        if level == Level.ROW:
            return strip.lifted(self.row if to == Level.OBSERVATION else self._row_start)
        return strip.lifted(self.group)

    def ids(self, component: str, level: Level) -> Ids | None:
        """Ids of a dimension, of time, or of an attribute; a prefix dimension also at row level."""
        batch = self.batch
        if (prefix := self._prefix.get(component)) is not None:
            return prefix if level == Level.ROW else prefix[self.row if level == Level.OBSERVATION else self._row_start]
        values = self._suffix.get(component)
        if values is None:
            values = batch.attributes.get(component)
        if values is not None:
            return values if level == Level.OBSERVATION or self.single else values[self.starts]
        shared = batch.series_attributes.get(component)
        if shared is None or (level == Level.GROUP and self.starts is batch.series):
            return shared
        return shared[self.series if level == Level.OBSERVATION else self.series[self.starts]]

    def first(self, component: str) -> int:
        """The id of a dimension, of time, or of an attribute in the first observation; 0 when absent throughout."""
        for held in (self._prefix, self._suffix, self.batch.attributes, self.batch.series_attributes):
            ids = held.get(component)
            if ids is not None:
                return int(ids[0])
        return 0

    @cached_property
    def _row_start(self) -> Ids:
        return self.row[self.starts]

    def measure_ids(self, component: str) -> Ids | None:
        """Ids of a measure that is coded or textual, its presence folded into the reserved ids."""
        column = self.batch.measures.get(component)
        if column is None:
            return None
        ids = column.values.astype(np.uint32, copy=False)
        return (
            ids if column.presence is None else np.where(column.presence == PRESENCE_PRESENT, ids, column.presence // 2)
        )


def _owners(starts: Positions, size: int) -> Ids:
    return np.repeat(np.arange(len(starts), dtype=np.uint32), np.diff(starts, append=size))


def group_starts(dataset: DataSet, batch: Batch, apart: str) -> Positions:
    """First observations of the groups that share every dimension but ``apart`` (rows grouped by Order.CROSS)."""
    frame = Frame(dataset, batch)
    change = np.zeros(frame.size, dtype=bool)
    change[:1] = True
    for dimension in dataset.schema.dimension_ids:
        ids = None if dimension == apart else frame.ids(dimension, Level.OBSERVATION)
        if ids is not None:
            change[1:] |= ids[1:] != ids[:-1]
    return np.flatnonzero(change)


def levels(dataset: DataSet, apart: str | None) -> dict[str, Level]:
    """The coarsest level at which each dimension and selected attribute is the same throughout.

    ``apart`` is the dimension that varies within a group: the one at the observation, time in a flat presentation;
    None when every observation stands alone (no time dimension).
    """
    schema = dataset.schema
    found = dict.fromkeys(dataset.prefix, Level.ROW) | dict.fromkeys(dataset.suffix, Level.GROUP)
    if schema.time:
        found[schema.time.id] = Level.GROUP
    for attribute in schema.attributes:
        if attribute.id in dataset.attributes and attribute.attached_to:
            found[attribute.id] = Level.OBSERVATION if apart in attribute.attached_to else Level.GROUP
    if apart is not None:
        found[apart] = Level.OBSERVATION
    return found
