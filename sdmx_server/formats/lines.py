"""Lines of bulk text: a batch becomes a few look-ups and one concatenation, and that is the chunk that goes out.

A *line* is the text of one observation as a list of pieces: constant text, look-ups of ids in tables of ready literals,
and numbers. Pieces live at three levels - stored row, group, observation - so that what many observations share is put
together once. Neighbouring look-ups are fused into one table of up to ``FUSED`` literals. The Arrow buffer of the
concatenated column is the output; nothing here runs once per observation or per series in Python, except that an
answer of up to ``FEW`` observations is put together from lists, which is quicker there than to plan a query for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np
import polars as pl
import pyarrow as pa

from ..batches import PRESENCE_PRESENT, Array, Column, Ids
from .literals import Frame, Level, Table, take
from .numbers import NumberStyle, few_numbers, number_text

FUSED = 65_536
"""Most literals of one fused table."""

FEW = 512
"""Most observations of a batch that is put together from lists."""


class Lookup:
    """A piece whose text is found by id: in ``table``, the ids of ``component`` at ``level``."""

    def __init__(self, component: str, level: Level, table: Table, measure: bool = False) -> None:
        self.component, self.level, self.table, self.measure = component, level, table, measure

    def ids(self, frame: Frame, level: Level | None = None) -> Ids | None:
        """The ids, at the piece's own level unless another is given; None when absent throughout."""
        if self.measure:
            return frame.measure_ids(self.component)
        return frame.ids(self.component, self.level if level is None else level)

    def wrapped(self, before: str, after: str) -> Lookup:
        """The same piece with constant text around it."""
        return Lookup(self.component, self.level, self.table.wrapped(before, after), self.measure)


class Number:
    """A numeric measure. ``absent`` and ``missing`` replace the whole piece, ``before`` and ``after`` included."""

    level = Level.OBSERVATION

    def __init__(
        self, component: str, style: NumberStyle, *, before: str = "", after: str = "", absent: str = "", missing: str
    ) -> None:
        self.component, self.style, self.before, self.after = component, style, before, after
        self._others = (absent, "", missing)
        self.others = pl.Series(self._others, dtype=pl.String)

    def special(self, frame: Frame) -> bool:
        """Whether any value of the batch is absent or missing."""
        column = frame.batch.measures.get(self.component)
        return column is None or column.presence is not None

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation of a small batch."""
        column = frame.batch.measures.get(self.component)
        if column is None:
            return [self._others[0]] * frame.size
        texts = [f"{self.before}{t}{self.after}" for t in few_numbers(_quiet(column), self.style)]
        if column.presence is None:
            return texts
        others, present = self._others, PRESENCE_PRESENT
        return [t if p == present else others[p] for t, p in zip(texts, column.presence.tolist(), strict=True)]

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
            .otherwise(pl.lit(take(self.others, presence)))
        ).to_series()


def _quiet(column: Column) -> Array:
    """The values, with zero where there is none (what lies there is arbitrary)."""
    return column.values if column.presence is None else np.where(column.presence == PRESENCE_PRESENT, column.values, 0)


class Opening:
    """What begins a group: ``line`` (row and group pieces) before its first observation, ``between`` before others."""

    level = Level.OBSERVATION

    def __init__(self, line: Sequence[Piece], between: str) -> None:
        self.line, self.between = Line(line, Level.GROUP), between

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation of a small batch."""
        found = [self.between] * frame.size
        for start, text in zip(frame.starts.tolist(), self.line.texts(frame), strict=True):
            found[start] = text
        return found

    def text(self, frame: Frame) -> pl.Series:
        """The piece for every observation."""
        heads = self.line.column(frame)
        if frame.single:
            return heads
        index = np.zeros(frame.size, dtype=np.int64)
        index[frame.starts] = np.arange(1, len(frame.starts) + 1)
        return take(pl.concat([pl.Series([self.between], dtype=pl.String), heads], rechunk=True), index)


class Enclosed:
    """Pieces with text around them; nothing at all where every one of them is empty. Stands in a line of its level."""

    def __init__(self, pieces: Sequence[Piece], before: str, after: str, level: Level) -> None:
        self.level, self.before, self.after = level, before, after
        self._line = Line(pieces, level)

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation, or group, of a small batch."""
        return [f"{self.before}{text}{self.after}" if text else "" for text in self._line.texts(frame)]

    def text(self, frame: Frame) -> pl.Series | str:
        """The piece for every observation, or group; one text when all components are absent from the batch."""
        parts = self._line.parts(frame)
        if all(isinstance(part, str) for part in parts):
            text = "".join(map(str, parts))
            return f"{self.before}{text}{self.after}" if text else ""
        inner = concat(parts)
        full = pl.concat_str([pl.lit(self.before), pl.lit(inner), pl.lit(self.after)])
        return pl.select(pl.when(pl.lit(inner == "")).then(pl.lit("")).otherwise(full)).to_series()


def enclosed(pieces: Sequence[Piece], before: str, after: str, level: Level) -> list[Piece]:
    """The pieces with text around them where one of them has any: a single look-up keeps that in its table."""
    one = pieces[0] if len(pieces) == 1 else None
    if isinstance(one, Lookup):
        return [Lookup(one.component, one.level, one.table.enclosed(before, after), one.measure)]
    return [Enclosed(pieces, before, after, level)] if pieces else []


Piece = str | Lookup | Number | Opening | Enclosed


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
        return take(self._combined(), key)  # type: ignore[arg-type]

    def _combined(self) -> pl.Series:
        if self._table is None:
            texts = [""]
            for lookup in self.lookups:
                literals = lookup.table.texts.to_list()
                texts = [left + right for left in texts for right in literals]
            self._table = pl.Series(texts, dtype=pl.String)
        return self._table


_Part = str | _Fused | Number | Opening | Enclosed
"""What a line is planned into."""


class Line:
    """Pieces put together for every observation (or group) of a batch."""

    def __init__(self, pieces: Sequence[Piece], level: Level = Level.OBSERVATION) -> None:
        self.level = level
        self._pieces = list(pieces)
        self._numbers = [p for p in pieces if isinstance(p, Number)]
        self._plans: dict[bool, list[list[_Part]]] = {}

    def render(self, frame: Frame) -> bytes:
        """The text of a batch, in UTF-8."""
        if frame.size <= FEW:
            return "".join(self.texts(frame)).encode()
        return buffer(self.column(frame))

    def texts(self, frame: Frame) -> list[str]:
        """The text of each observation, or group, of a small batch."""
        size = frame.size if self.level == Level.OBSERVATION else len(frame.starts)
        columns: list[Iterable[str]] = []
        constant = ""
        for piece in self._pieces:
            text = _constant(piece, frame)
            if text is not None:
                constant += text
                continue
            columns += (repeat(constant, size), _texts(piece, frame, self.level, size))
            constant = ""
        return list(map("".join, zip(*columns, repeat(constant, size), strict=True)))

    def column(self, frame: Frame) -> pl.Series:
        """The text of each observation, or group."""
        size = frame.size if self.level == Level.OBSERVATION else len(frame.starts)
        return concat(self.parts(frame), size)

    def parts(self, frame: Frame) -> list[str | pl.Series]:
        """What is to be put together: constant text, and texts of each observation, or group."""
        special = any(n.special(frame) for n in self._numbers)
        if special not in self._plans:
            self._plans[special] = _plan(self._pieces, special)
        parts: list[str | pl.Series] = []
        for run in self._plans[special]:
            parts.extend(self._run(run, frame, special))
        return parts

    def _run(self, run: list[_Part], frame: Frame, special: bool) -> list[str | pl.Series]:
        """One stretch of pieces below the observation, put together at the coarsest level that holds them all."""
        first = run[0]
        if isinstance(first, str | Opening | Enclosed):
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


def _constant(piece: Piece, frame: Frame) -> str | None:
    """The text of a piece that is the same throughout the batch, as those of series are in a batch of one."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Lookup) and piece.level < Level.OBSERVATION and len(frame.starts) == 1 and not piece.measure:
        ids = piece.ids(frame, Level.GROUP)
        return piece.table.render(0) if ids is None else piece.table.few(ids)[0]
    return None


def _texts(piece: Piece, frame: Frame, level: Level, size: int) -> Iterable[str]:
    """The texts of one piece, ``size`` of them."""
    if isinstance(piece, str):
        return repeat(piece, size)
    if isinstance(piece, Opening | Number | Enclosed):
        return piece.texts(frame)
    ids = piece.ids(frame, level)
    return repeat(piece.table.render(0), size) if ids is None else piece.table.few(ids)


def _plan(pieces: Sequence[Piece], special: bool) -> list[list[_Part]]:
    """Merge constants into neighbouring look-ups, fuse those, and gather what is below the observation into runs."""
    flat: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Number) and not special:
            flat += [piece.before, piece, piece.after]
        else:
            flat.append(piece)
    runs: list[list[_Part]] = []
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
            merged[-1] = last.wrapped("", piece)
        elif isinstance(piece, Lookup) and isinstance(last, str):
            merged[-1] = piece.wrapped(last, "")
        else:
            merged.append(piece)
    return merged


def _fuse(pieces: Sequence[Piece]) -> list[_Part]:
    fused: list[_Part] = []
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
