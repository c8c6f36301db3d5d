"""Pieces of a line that stand for one component: look-ups of ids in ready literals, and figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from ..batches import PRESENCE_ABSENT, PRESENCE_MISSING, PRESENCE_PRESENT, Array, Column, Ids
from ..number_texts import NumberStyle, few_numbers
from .digits import LOW, Digits
from .literals import Frame, Level, Table
from .strips import Part, Strip, concat, take

FUSED = 65_536
"""Most literals of one fused table."""

FUSED_FIGURES = 262_144
"""Most literals where the last digits of a figure are among what is fused; they alone are 20,002."""


class Lookup:
    """A piece whose text is found by id: in ``table``, the ids of ``component`` at ``level``."""

    def __init__(self, component: str, level: Level, table: Table, measure: bool = False) -> None:
        self.component, self.level, self.table, self.measure = component, level, table, measure

    def ids(self, frame: Frame, level: Level | None = None) -> Ids | None:
        """The ids, at the piece's own level unless another is given; None when absent throughout."""
        if self.measure:
            return frame.measure_ids(self.component)
        return frame.ids(self.component, self.level if level is None else level)

    def first(self, frame: Frame) -> int:
        """The id in the first observation, of what is no measure; 0 when absent throughout."""
        return frame.first(self.component)

    def wrapped(self, before: str, after: str) -> Lookup:
        """The same piece with constant text around it."""
        return Lookup(self.component, self.level, self.table.wrapped(before, after), self.measure)


class Number:
    """A numeric measure. ``absent`` and ``missing`` replace the whole piece, ``before`` and ``after`` included.

    ``whole``: ``parts`` alone knows how the pieces of a special batch look.
    """

    level = Level.OBSERVATION
    whole = False

    def __init__(
        self, component: str, style: NumberStyle, *, before: str = "", after: str = "", absent: str = "", missing: str
    ) -> None:
        self.component, self.style, self.before, self.after = component, style, before, after
        self.others = (absent, missing)
        self.inner = (self._within(absent), self._within(missing))

    def _within(self, text: str) -> str | None:
        """What stands in the place of the figure, if the text has around it what figures have."""
        begin, end = len(self.before), len(text) - len(self.after)
        fits = begin <= end and text.startswith(self.before) and text.endswith(self.after)
        return text[begin:end] if fits else None

    def special(self, frame: Frame) -> bool:
        """Whether the text around figures does not stand around every piece of the batch."""
        if None not in self.inner:
            return False
        column = frame.batch.measures.get(self.component)
        if column is None:
            return True
        if column.presence is None:
            return False
        return self.inner[1] is None or bool((column.presence == PRESENCE_ABSENT).any())

    def figures(self, frame: Frame) -> list[str] | None:
        """What stands between ``before`` and ``after`` for every observation of a small batch; None where they do not
        stand around every piece.
        """
        column = frame.batch.measures.get(self.component)
        if column is None or self.special(frame):
            return None
        texts = few_numbers(_quiet(column), self.style)
        if column.presence is not None:
            absent, missing = self.inner
            for i in np.flatnonzero(column.presence != PRESENCE_PRESENT).tolist():
                texts[i] = (absent if column.presence[i] == PRESENCE_ABSENT else missing) or ""
        return texts

    def texts(self, frame: Frame) -> list[str]:
        """The piece for every observation of a small batch."""
        figures = self.figures(frame)
        if figures is not None:
            return [f"{self.before}{text}{self.after}" for text in figures]
        absent, missing = self.others
        column = frame.batch.measures.get(self.component)
        if column is None:
            return [absent] * frame.size
        texts = [f"{self.before}{t}{self.after}" for t in few_numbers(_quiet(column), self.style)]
        others = {PRESENCE_ABSENT: absent, PRESENCE_MISSING: missing}
        presence = [PRESENCE_PRESENT] * frame.size if column.presence is None else column.presence.tolist()
        return [others.get(p, text) for p, text in zip(presence, texts, strict=True)]

    def parts(self, frame: Frame) -> list[Part]:
        """The piece for every observation, where the text around figures does not stand around all of them."""
        column = frame.batch.measures.get(self.component)
        if column is None:
            return [self.others[0]]
        digits = Digits(column, self.style, self.after)
        return [*digits.begun(self.before, *self.others), digits.ended(digits.table("", ""))]


def _quiet(column: Column) -> Array:
    """The values, with zero where there is none (what lies there is arbitrary)."""
    return column.values if column.presence is None else np.where(column.presence == PRESENCE_PRESENT, column.values, 0)


class Fused:
    """Neighbouring look-ups as one table over all their combinations, once that pays."""

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self.level = lookups[0].level
        self.lookups = list(lookups)
        self.size = int(np.prod([x.table.size for x in lookups]))
        self._asked = 0
        self._table: pl.Series | None = None

    def parts(self, frame: Frame) -> list[Part]:
        """The piece at its level: one strip, or until that pays one for each look-up."""
        found = [(x, x.ids(frame)) for x in self.lookups]
        if len(found) == 1 or self._is_early(found):
            texts = ([x.table.render(0)] if ids is None else x.table.parts(ids) for x, ids in found)
            return [part for parts in texts for part in parts]
        if all(ids is None for _, ids in found):
            return ["".join(x.table.render(0) for x, _ in found)]
        return [self.strip(found)]

    def _is_early(self, found: Sequence[tuple[Lookup, Ids | None]]) -> bool:
        self._asked += max((len(ids) for _, ids in found if ids is not None), default=0)
        return self._table is None and self.size > self._asked

    def strip(self, found: Sequence[tuple[Lookup, Ids | None]]) -> Strip:
        """The positions of look-ups' ids in the table of all combinations."""
        key: Ids | None = None
        for lookup, ids in found:
            part = np.uint32(0) if ids is None else ids
            key = part if key is None else key * np.uint32(lookup.table.size) + part  # type: ignore[assignment]
        if self._table is None:
            self._table = self.lookups[0].table.texts
            for lookup in self.lookups[1:]:
                self._table = combinations(self._table, lookup.table.texts)
        return Strip(self._table, key, lasting=True)


def combinations(first: pl.Series, second: pl.Series) -> pl.Series:
    """Each text of one list with each of another after it, those of the first slowest."""
    left = take(first, np.repeat(np.arange(len(first)), len(second)))
    return concat([left, take(second, np.tile(np.arange(len(second)), len(first)))])


class Figures:
    """A number with what follows it: its last digits and the look-ups behind them as one table, once that pays.

    ``special``: not every piece has the text around figures that figures have.
    """

    def __init__(self, number: Number, special: bool, tail: Fused | str = "") -> None:
        self.number, self.special, self.tail = number, special, tail
        self._asked = 0
        self._tables: dict[tuple[int, str | None], tuple[pl.Series, pl.Series]] = {}

    @staticmethod
    def takes(fused: Fused) -> bool:
        """Whether look-ups may be fused with the digits before them."""
        return LOW * fused.size <= FUSED_FIGURES

    def parts(self, frame: Frame) -> list[Part]:
        """The piece, absent and missing values included."""
        number = self.number
        behind = self._behind(frame)
        if self.special and number.whole:
            return [*number.parts(frame), *behind]
        column = frame.batch.measures.get(number.component)
        if column is None:
            return [number.others[0] if self.special else number.inner[0] or "", *behind]
        digits = Digits(column, number.style, number.after if self.special else "")
        if self.special:
            high, low = digits.begun(number.before, *number.others), digits.table("", "")
        else:
            high, low = digits.high, digits.table(*(text or "" for text in number.inner))
        return [*high, *self._ended(digits, low, behind, frame.size)]

    def _behind(self, frame: Frame) -> list[Part]:
        """What follows the number: at most one part."""
        if isinstance(self.tail, str):
            return [self.tail] if self.tail else []
        found = [(x, x.ids(frame)) for x in self.tail.lookups]
        if all(ids is None for _, ids in found):
            return ["".join(x.table.render(0) for x, _ in found)]
        return [self.tail.strip(found)]

    def _ended(self, digits: Digits, low: pl.Series, behind: Sequence[Part], size: int) -> list[Part]:
        """The last digits, and what follows."""
        ids: Ids = digits.low
        texts = digits.texts
        self._asked += size
        for tail in behind:
            ends = pl.Series([tail], dtype=pl.String) if isinstance(tail, str) else tail.texts
            key = (id(low), tail if isinstance(tail, str) else None)
            if key not in self._tables and len(low) * len(ends) > self._asked:
                return [digits.ended(low), tail]
            if key not in self._tables:
                self._tables[key] = (low, combinations(low, ends))  # holding the one keeps its id
            low = self._tables[key][1]
            if isinstance(tail, str):
                texts = concat([texts, tail], len(texts))
                continue
            chosen = tail.positions(len(ids))
            ids = ids * np.uint32(len(ends)) + chosen
            texts = concat([texts, take(ends, chosen[digits.odd])])
        return [digits.ended(low, ids, texts)]
