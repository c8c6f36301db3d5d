"""Bulk text: every code's text is rendered once, and a batch becomes gathers and one concatenation.

A *line* is the text of one observation as a list of pieces: constant text, look-ups of ids in tables of ready literals,
and numbers. Pieces live at three levels - stored row, series, observation - so that what many observations share is
put together once. Neighbouring look-ups are fused into one table of up to ``FUSED`` literals. The Arrow buffer of the
concatenated column is the chunk that goes out; nothing here runs once per observation or per series in Python.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from ..batches import PRESENCE_PRESENT, Array, Batch, Column, DataSet, Ids
from .numbers import NumberStyle, number_text

FUSED = 65_536
"""Most literals of one fused table."""

Render = Callable[[int], str]
"""Text of a dictionary id."""

Positions = npt.NDArray[np.int64]


class Level(enum.IntEnum):
    """How many observations share a text: those of a stored row, of a group (series), or a single one."""

    ROW = 0
    GROUP = 1
    OBSERVATION = 2


class Table:
    """Literals by id. Rendered in full once that pays, before only for the ids that are asked for."""

    def __init__(self, size: int, render: Render) -> None:
        self.size = size
        self.render = render
        self._asked = 0
        self._texts: pl.Series | None = None

    def wrapped(self, before: str, after: str) -> Table:
        """The same literals with constant text around them."""
        render = self.render
        return Table(self.size, lambda i: f"{before}{render(i)}{after}")

    @property
    def texts(self) -> pl.Series:
        """All literals."""
        if self._texts is None:
            self._texts = pl.Series(list(map(self.render, range(self.size))), dtype=pl.String)
        return self._texts

    def gather(self, ids: Ids) -> pl.Series:
        """The literals of ids."""
        self._asked += len(ids)
        if self._texts is None and self.size > 2 * self._asked + 64:
            some, where = np.unique(ids, return_inverse=True)
            return pl.Series([self.render(int(i)) for i in some], dtype=pl.String).gather(where)
        return self.texts.gather(ids)


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
    def row(self) -> Positions:
        """The stored row of each observation."""
        return np.repeat(np.arange(len(self.batch.count), dtype=np.int64), self.batch.count)

    @cached_property
    def group(self) -> Positions:
        """The group of each observation."""
        return _owners(self.starts, self.size)

    @cached_property
    def series(self) -> Positions:
        """The batch's series of each observation."""
        return self.group if self.starts is self.batch.series else _owners(self.batch.series, self.size)

    @property
    def single(self) -> bool:
        """Whether every group holds one observation."""
        return len(self.starts) == self.size

    def lift(self, values: pl.Series, level: Level, to: Level) -> pl.Series:
        """Repeat the texts of one level for another."""
        if level == to or (level == Level.GROUP and self.single):
            return values
        if level == Level.ROW:
            return values.gather(self.row if to == Level.OBSERVATION else self.row[self.starts])
        return values.gather(self.group)

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

    @cached_property
    def _row_start(self) -> Positions:
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


def _owners(starts: Positions, size: int) -> Positions:
    return np.repeat(np.arange(len(starts), dtype=np.int64), np.diff(starts, append=size))


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


class Lookup:
    """A piece whose text is found by id: in ``table``, the ids of ``component`` at ``level``."""

    def __init__(self, component: str, level: Level, table: Table, measure: bool = False) -> None:
        self.component, self.level, self.table, self.measure = component, level, table, measure

    def ids(self, frame: Frame) -> Ids | None:
        """The ids, None when absent throughout."""
        return frame.measure_ids(self.component) if self.measure else frame.ids(self.component, self.level)


class Number:
    """A numeric measure. ``absent`` and ``missing`` replace the whole piece, ``before`` and ``after`` included."""

    level = Level.OBSERVATION

    def __init__(
        self, component: str, style: NumberStyle, *, before: str = "", after: str = "", absent: str = "", missing: str
    ) -> None:
        self.component, self.style, self.before, self.after = component, style, before, after
        self.others = pl.Series([absent, "", missing], dtype=pl.String)

    def special(self, frame: Frame) -> bool:
        """Whether any value of the batch is absent or missing."""
        column = frame.batch.measures.get(self.component)
        return column is None or column.presence is not None

    def text(self, frame: Frame) -> pl.Series:
        """The piece, absent and missing values included."""
        column = frame.batch.measures.get(self.component)
        if column is None:
            return pl.repeat(self.others[0], frame.size, dtype=pl.String, eager=True)
        presence = column.presence if column.presence is not None else np.ones(frame.size, np.uint8)
        full = concat([self.before, number_text(_quiet(column), self.style), self.after])
        return pl.select(
            pl.when(pl.lit(pl.Series(presence == PRESENCE_PRESENT)))
            .then(pl.lit(full))
            .otherwise(pl.lit(self.others.gather(presence)))
        ).to_series()


def _quiet(column: Column) -> Array:
    """The values, with zero where there is none (what lies there is arbitrary)."""
    return column.values if column.presence is None else np.where(column.presence == PRESENCE_PRESENT, column.values, 0)


class Opening:
    """What begins a group: ``line`` (row and group pieces) before its first observation, ``between`` before others."""

    level = Level.OBSERVATION

    def __init__(self, line: Sequence[Piece], between: str) -> None:
        self.line, self.between = Line(line, Level.GROUP), between

    def text(self, frame: Frame) -> pl.Series:
        """The piece for every observation."""
        heads = self.line.column(frame)
        if frame.single:
            return heads
        index = np.zeros(frame.size, dtype=np.int64)
        index[frame.starts] = np.arange(1, len(frame.starts) + 1)
        return pl.concat([pl.Series([self.between], dtype=pl.String), heads], rechunk=True).gather(index)


Piece = str | Lookup | Number | Opening


class _Fused:
    """Neighbouring look-ups of one level as one table over all their combinations, once that pays."""

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self.level = lookups[0].level
        self.lookups = list(lookups)
        self.size = int(np.prod([x.table.size for x in lookups]))
        self._asked = 0
        self._table: pl.Series | None = None

    def text(self, frame: Frame) -> pl.Series | str:
        """The piece at its level; constant text when all components are absent throughout the batch."""
        if len(self.lookups) == 1:
            ids = self.lookups[0].ids(frame)
            return self.lookups[0].table.render(0) if ids is None else self.lookups[0].table.gather(ids)
        all_ids = [x.ids(frame) for x in self.lookups]
        if all(ids is None for ids in all_ids):
            return "".join(x.table.render(0) for x in self.lookups)
        self._asked += next(len(ids) for ids in all_ids if ids is not None)
        if self._table is None and self.size > self._asked:
            return concat(
                [
                    x.table.render(0) if y is None else x.table.gather(y)
                    for x, y in zip(self.lookups, all_ids, strict=True)
                ]
            )
        key: Ids | None = None
        for lookup, ids in zip(self.lookups, all_ids, strict=True):
            part = np.uint32(0) if ids is None else ids
            key = part if key is None else key * np.uint32(lookup.table.size) + part  # type: ignore[assignment]
        return self._combined().gather(key)  # type: ignore[arg-type]

    def _combined(self) -> pl.Series:
        if self._table is None:
            texts = [""]
            for lookup in self.lookups:
                literals = lookup.table.texts.to_list()
                texts = [left + right for left in texts for right in literals]
            self._table = pl.Series(texts, dtype=pl.String)
        return self._table


class Line:
    """Pieces put together for every observation (or group) of a batch."""

    def __init__(self, pieces: Sequence[Piece], level: Level = Level.OBSERVATION) -> None:
        self.level = level
        self._pieces = list(pieces)
        self._numbers = [p for p in pieces if isinstance(p, Number)]
        self._plans: dict[bool, list[list[str | _Fused | Number | Opening]]] = {}

    def render(self, frame: Frame) -> bytes:
        """The text of a batch, in UTF-8."""
        return buffer(self.column(frame))

    def column(self, frame: Frame) -> pl.Series:
        """The text of each observation, or group."""
        special = any(n.special(frame) for n in self._numbers)
        if special not in self._plans:
            self._plans[special] = _plan(self._pieces, special)
        parts: list[str | pl.Series] = []
        for run in self._plans[special]:
            parts.extend(self._run(run, frame, special))
        size = frame.size if self.level == Level.OBSERVATION else len(frame.starts)
        return concat(parts, size)

    def _run(self, run: list[str | _Fused | Number | Opening], frame: Frame, special: bool) -> list[str | pl.Series]:
        """One stretch of pieces below the observation, put together at the coarsest level that holds them all."""
        first = run[0]
        if isinstance(first, str | Opening):
            return [first if isinstance(first, str) else first.text(frame)]
        if isinstance(first, Number):
            column = frame.batch.measures.get(first.component)
            return [first.text(frame) if special or column is None else number_text(column.values, first.style)]
        texts = [(p.level, p.text(frame)) for p in run if isinstance(p, _Fused)]
        real = [level for level, text in texts if isinstance(text, pl.Series)]
        if not real:
            return ["".join(str(text) for _, text in texts)]
        top = min(max(real), self.level)
        parts = [t if isinstance(t, str) else frame.lift(t, level, top) for level, t in texts]
        return [frame.lift(parts[0] if len(parts) == 1 else concat(parts), top, self.level)]  # type: ignore[arg-type]


def _plan(pieces: Sequence[Piece], special: bool) -> list[list[str | _Fused | Number | Opening]]:
    """Merge constants into neighbouring look-ups, fuse those, and gather what is below the observation into runs."""
    flat: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Number) and not special:
            flat += [piece.before, piece, piece.after]
        else:
            flat.append(piece)
    runs: list[list[str | _Fused | Number | Opening]] = []
    for part in _fuse(_merge([p for p in flat if p != ""])):
        last = runs[-1][-1] if runs else None
        if _shared(part) and _shared(last):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _shared(part: object) -> bool:
    return isinstance(part, _Fused) and part.level < Level.OBSERVATION


def _merge(pieces: Sequence[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        elif isinstance(piece, str) and isinstance(last, Lookup):
            merged[-1] = Lookup(last.component, last.level, last.table.wrapped("", piece), last.measure)
        elif isinstance(piece, Lookup) and isinstance(last, str):
            merged[-1] = Lookup(piece.component, piece.level, piece.table.wrapped(last, ""), piece.measure)
        else:
            merged.append(piece)
    return merged


def _fuse(pieces: Sequence[Piece]) -> list[str | _Fused | Number | Opening]:
    fused: list[str | _Fused | Number | Opening] = []
    for piece in pieces:
        if not isinstance(piece, Lookup):
            fused.append(piece)
            continue
        last = fused[-1] if fused else None
        if isinstance(last, _Fused) and last.level == piece.level and last.size * piece.table.size <= FUSED:
            fused[-1] = _Fused([*last.lookups, piece])
        else:
            fused.append(_Fused([piece]))
    return fused


def concat(parts: Sequence[str | pl.Series], size: int | None = None) -> pl.Series:
    """Text put together row by row; ``size`` is needed when every part may be constant."""
    series = [p for p in parts if isinstance(p, pl.Series)]
    if not series:
        return pl.repeat("".join(str(p) for p in parts), size or 0, dtype=pl.String, eager=True)
    if len(parts) == 1:
        return series[0]
    return pl.select(pl.concat_str([pl.lit(p) for p in parts])).to_series()


def buffer(column: pl.Series) -> bytes:
    """All texts of a column one after the other, in UTF-8, without looking at any of them."""
    array = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    array = array if array.type == pa.large_string() else array.cast(pa.large_string())
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return b""
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return bytes(memoryview(data)[int(bounds[0]) : int(bounds[-1])])


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
