"""Lines of bulk text: a batch becomes look-ups in ready literals, and those are written as the chunk that goes out.

A *line* is the text of one observation as a list of pieces: constant text, look-ups of ids in tables of ready literals,
and numbers. Pieces live at three levels - stored row, group, observation - so that what many observations share is put
together once. Neighbouring look-ups are fused into one table, the last digits of a number with what follows it; where
every group holds one observation, groups are observations in this. What is left are strips (see ``strips``): nothing
here runs once per observation or per series in Python, except that an answer of up to ``FEW`` observations is put
together from lists, which is quicker there than to lay strips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

import numpy as np
import polars as pl

from ..batches import Array
from .literals import Frame, Level
from .pieces import FUSED, Figures, Fused, Lookup, Number
from .strips import Assembly, Part, Strip, buffer, concat, joined

__all__ = ["FEW", "Enclosed", "Line", "Lookup", "Number", "Opening", "Piece", "buffer", "concat", "enclosed"]

FEW = 512
"""Most observations of a batch that is put together from lists."""

_SHARED = 4
"""Observations of a group, from which on the strips of groups are put together before each observation takes them."""


class Opening:
    """What begins a group: ``pieces`` of row and group before its first observation, ``between`` before others."""

    level = Level.OBSERVATION

    def __init__(self, pieces: Sequence[Piece], between: str) -> None:
        self.pieces, self.between = list(pieces), between
        self._line = Line(pieces, Level.GROUP)

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation of a small batch."""
        found = [self.between] * frame.size
        for start, text in zip(frame.starts.tolist(), self._line.texts(frame), strict=True):
            found[start] = text
        return found

    def parts(self, frame: Frame) -> list[Part]:
        """The piece for every observation."""
        heads = self._line.column(frame)
        index = np.zeros(frame.size, dtype=np.uint32)
        index[frame.starts] = np.arange(1, len(frame.starts) + 1)
        return [Strip(pl.concat([pl.Series([self.between], dtype=pl.String), heads]), index)]


class Enclosed:
    """Pieces with text around them; nothing at all where every one of them is empty. Stands in a line of its level."""

    def __init__(self, pieces: Sequence[Piece], before: str, after: str, level: Level) -> None:
        self.level, self.before, self.after = level, before, after
        self._line = Line(pieces, level)

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation, or group, of a small batch."""
        return [f"{self.before}{text}{self.after}" if text else "" for text in self._line.texts(frame)]

    def parts(self, frame: Frame) -> list[Part]:
        """The piece for every observation, or group."""
        parts = joined(self._line.parts(frame))
        some: Array | None = None
        for part in parts:
            filled = None if isinstance(part, str) else _filled(part)
            if filled is None:
                return [self.before, *parts, self.after]
            some = filled if some is None else some | filled
        if some is None:
            return []
        index = some.astype(np.uint32)
        around = (pl.Series(["", text], dtype=pl.String) for text in (self.before, self.after))
        before, after = (Strip(texts, index) for texts in around)
        return [before, *parts, after]


def _filled(strip: Strip) -> Array | None:
    """Where a strip is not empty; None: everywhere."""
    filled = (strip.texts.str.len_bytes() > 0).to_numpy()
    if filled.all():
        return None
    return filled if strip.ids is None else filled[strip.ids]


def enclosed(pieces: Sequence[Piece], before: str, after: str, level: Level) -> list[Piece]:
    """The pieces with text around them where one of them has any: a single look-up keeps that in its table."""
    one = pieces[0] if len(pieces) == 1 else None
    if isinstance(one, Lookup):
        return [Lookup(one.component, one.level, one.table.enclosed(before, after), one.measure)]
    return [Enclosed(pieces, before, after, level)] if pieces else []


Piece = str | Lookup | Number | Opening | Enclosed

_Planned = str | Fused | Figures | Opening | Enclosed
"""What a line is planned into."""


class Line:
    """Pieces put together for every observation (or group) of a batch."""

    def __init__(self, pieces: Sequence[Piece], level: Level = Level.OBSERVATION) -> None:
        self.level = level
        self._pieces = list(pieces)
        self._numbers = [p for p in pieces if isinstance(p, Number)]
        self._used = False
        self._merged: list[Piece] | None = None
        self._plans: dict[tuple[bool, bool], list[_Planned]] = {}

    @cached_property
    def _assembly(self) -> Assembly:
        return Assembly()

    def render(self, frame: Frame) -> bytes:
        """The text of a batch, in UTF-8."""
        if frame.size <= FEW:
            return self._together(self._columns(frame), self._size(frame)).encode()
        return self._assembly.render(self.parts(frame), self._size(frame))

    def _size(self, frame: Frame) -> int:
        return frame.size if self.level == Level.OBSERVATION else len(frame.starts)

    def texts(self, frame: Frame) -> list[str]:
        """The text of each observation, or group, of a small batch."""
        columns = _filled_up(self._columns(frame), self._size(frame))
        return list(map("".join, zip(*columns, strict=True)))

    def _small(self) -> list[Piece]:
        """The pieces for small batches: fewer of them once the line is used again, which pays for merging them."""
        if not self._used:
            self._used = True
            return self._pieces
        if self._merged is None:
            self._merged = _merge(self._pieces)
        return self._merged

    def _columns(self, frame: Frame) -> list[str | list[str]]:
        """The texts of each observation, or group, piece by piece: a constant one is a text by itself."""
        size = self._size(frame)
        columns: list[str | list[str]] = []
        constant = ""
        for piece in self._small():
            if isinstance(piece, str):
                constant += piece
            elif isinstance(piece, Lookup) and (text := _constant(piece, frame)) is not None:
                constant += text
            elif isinstance(piece, Number) and (figures := piece.figures(frame)) is not None:
                columns += (constant + piece.before, figures)
                constant = piece.after
            else:
                columns += (constant, _texts(piece, frame, self.level, size))
                constant = ""
        return [column for column in (*columns, constant) if column != ""] or [""]

    @staticmethod
    def _together(columns: list[str | list[str]], size: int) -> str:
        """All texts one after the other: laid into one list, in which the end of each one begins the next."""
        begin, end = columns[0], columns[-1]
        if len(columns) > 1 and isinstance(begin, str) and isinstance(end, str):
            columns = [*columns[1:-1], end + begin]
        else:
            begin = ""
        texts = [""] * (len(columns) * size)
        for i, column in enumerate(_filled_up(columns, size)):
            texts[i :: len(columns)] = column
        text = begin + "".join(texts)
        return text[: len(text) - len(begin)]

    def column(self, frame: Frame) -> pl.Series:
        """The text of each observation, or group."""
        return concat([p if isinstance(p, str) else p.column() for p in self.parts(frame)], self._size(frame))

    def parts(self, frame: Frame) -> list[Part]:
        """What is to be put together: constant text, and strips of each observation, or group."""
        kind = any(n.special(frame) for n in self._numbers), frame.single
        if kind not in self._plans:
            self._plans[kind] = _plan(self._pieces, *kind)
        found: list[Part] = []
        for below, run in groupby(self._plans[kind], key=lambda p: isinstance(p, Fused) and p.level < self.level):
            if below:
                found += self._lifted([(p.level, part) for p in run for part in p.parts(frame)], frame)  # type: ignore[union-attr]
                continue
            for planned in run:
                found += [planned] if isinstance(planned, str) else planned.parts(frame)
        return found

    def _lifted(self, held: list[tuple[Level, Part]], frame: Frame) -> list[Part]:
        """One stretch below the line's level, for this level."""
        if frame.size < _SHARED * len(frame.starts):  # groups are hardly fewer: what rows share is still put together
            parts: list[Part] = []
            for level, same in groupby(held, key=lambda one: one[0]):
                parts += _raised([part for _, part in same], frame, level, self.level)
            return parts
        top = max((level for level, part in held if not isinstance(part, str)), default=Level.ROW)
        parts = [part if isinstance(part, str) else frame.lift(part, level, top) for level, part in held]
        return _raised(parts, frame, top, self.level)


def _raised(parts: Sequence[Part], frame: Frame, level: Level, to: Level) -> list[Part]:
    """Parts of one level as a single one of another level, if it is another at all."""
    parts = joined(parts)
    if level == to or (level == Level.GROUP and frame.single) or all(isinstance(part, str) for part in parts):
        return list(parts)
    one = parts[0] if len(parts) == 1 else None
    if not isinstance(one, Strip):
        one = Strip(concat([p if isinstance(p, str) else p.column() for p in parts]), None)
    return [frame.lift(one, level, to)]


def _filled_up(columns: Sequence[str | list[str]], size: int) -> list[list[str]]:
    """Columns of so many texts each, constant ones written out."""
    return [[column] * size if isinstance(column, str) else column for column in columns]


def _constant(piece: Lookup, frame: Frame) -> str | None:
    """The text of a piece that is the same throughout the batch, as those of series are in a batch of one."""
    if piece.level < Level.OBSERVATION and len(frame.starts) == 1 and not piece.measure:
        return piece.table.one(piece.first(frame))
    return None


def _texts(piece: Lookup | Number | Opening | Enclosed, frame: Frame, level: Level, size: int) -> list[str]:
    """The texts of one piece, ``size`` of them."""
    if not isinstance(piece, Lookup):
        return piece.texts(frame)
    ids = piece.ids(frame, level)
    return [piece.table.render(0)] * size if ids is None else piece.table.few(ids)


def _plan(pieces: Sequence[Piece], special: bool, single: bool) -> list[_Planned]:
    """Merge constants into neighbouring look-ups, fuse those, and end numbers with what follows them."""
    planned: list[_Planned] = []
    for part in _fuse(_merge(list(_flat(pieces, special, single))), single):
        last = planned[-1] if planned else None
        if isinstance(part, Number):
            planned.append(Figures(part, special))
        elif isinstance(last, Figures) and not last.tail and _ends(part, single):
            planned[-1] = Figures(last.number, special, part)  # type: ignore[arg-type]
        else:
            planned.append(part)
    return planned


def _ends(part: object, single: bool) -> bool:
    """Whether a part may be fused with the digits before it."""
    if isinstance(part, Fused):
        return (part.level == Level.OBSERVATION or (single and part.level == Level.GROUP)) and Figures.takes(part)
    return isinstance(part, str)


def _flat(pieces: Sequence[Piece], special: bool, single: bool) -> Iterator[Piece]:
    """The pieces, with what stands around each number, or begins each group of one, as pieces of their own."""
    for piece in pieces:
        if isinstance(piece, Number) and not special:
            yield from (piece.before, piece, piece.after)
        elif isinstance(piece, Opening) and single:
            yield from piece.pieces
        else:
            yield piece


def _merge(pieces: Sequence[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if piece == "":
            continue
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        elif isinstance(piece, str) and isinstance(last, Lookup):
            merged[-1] = last.wrapped("", piece)
        elif isinstance(piece, Lookup) and isinstance(last, str):
            merged[-1] = piece.wrapped(last, "")
        else:
            merged.append(piece)
    return merged


def _fuse(pieces: Sequence[Piece], single: bool) -> list[str | Fused | Number | Opening | Enclosed]:
    """Neighbouring look-ups of one level in one; where groups are single, they are of the observations' level."""

    def _level(part: Lookup | Fused) -> Level:
        return Level.OBSERVATION if single and part.level == Level.GROUP else part.level

    fused: list[str | Fused | Number | Opening | Enclosed] = []
    for piece in pieces:
        if not isinstance(piece, Lookup):
            fused.append(piece)
            continue
        last = fused[-1] if fused else None
        if isinstance(last, Fused) and last.size * piece.table.size <= FUSED and _level(last) == _level(piece):
            fused[-1] = Fused([*last.lookups, piece])
        else:
            fused.append(Fused([piece]))
    return fused
