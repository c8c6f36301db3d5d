"""Numbers as strips of ready digits: their text is looked up, not printed.

A figure of a statistic seldom has more than four decimals. Counted in units of its last one it is a whole number of at
most 15 digits, and each four of its digits are an index into a table: the last four with the decimal point among them.
Such a decimal is the shortest text that reads back as the same float64, since no two decimals of at most 15 digits are
the same one; which figures are such, a division tells exactly. All others are printed by ``numbers``.
"""

from __future__ import annotations

import functools

import numpy as np
import polars as pl

from ..batches import PRESENCE_PRESENT, Array, Column, Ids
from ..number_texts import NumberStyle, number_text
from .strips import Strip, concat

BASE = 10_000
_WIDTH = 4
_MOST = 1e15
_SAMPLE = 256

LOW = 2 * BASE + 2
"""Texts of the last four digits: alone, after others, and what stands for an absent or a missing value."""


class Digits:
    """The digits of a batch's figures; ``low`` holds the last ones, which end the number, in a table of ``LOW`` texts.

    ``after`` is text that stands after every number. ``odd`` are the figures that are none of these, where ``low``
    means nothing, and ``texts`` their texts.
    """

    def __init__(self, column: Column, style: NumberStyle, after: str = "") -> None:
        self._after = after
        present = None if column.presence is None else column.presence == PRESENCE_PRESENT
        self.odd: Array = np.empty(0, np.int64)
        self.texts = pl.Series(dtype=pl.String)
        if column.values.dtype == np.float64:
            self._decimals, self._padded = _decimals(column.values, present), style.decimals
            units, negative = self._units(column.values, present, style)
        else:
            self._decimals = self._padded = 0
            values = column.values if present is None else np.where(present, column.values, 0)
            negative = values < 0
            units = np.where(negative, -values, values).astype(np.uint64)
        self.high: list[Strip] = [Strip(_SIGNS, negative.astype(np.uint32), True)] if negative.any() else []
        self.low = self._cut(units)
        self._others = np.empty(0, np.int64) if present is None else np.flatnonzero(~present)
        marks = np.empty(0, np.uint32) if column.presence is None else column.presence[self._others].astype(np.uint32)
        self._marks = marks // np.uint32(2)  # 0 absent, 1 missing
        self.low[self._others] = self._marks + np.uint32(2 * BASE)

    def table(self, absent: str, missing: str) -> pl.Series:
        """The texts that ``low`` are positions in."""
        return _low(self._decimals, self._padded, absent, missing, self._after)

    def begun(self, before: str, absent: str, missing: str) -> list[Strip]:
        """The strips before the last digits, with text before a number, and what stands where there is none."""
        signed = bool(self.high) and self.high[0].texts is _SIGNS
        texts = _begun(signed, bool(self.high), before, absent, missing)
        ids = self.high[0].positions(len(self.low)).copy() if self.high else np.zeros(len(self.low), np.uint32)
        ids[self._others] = self._marks + np.uint32(len(texts) - 2)
        return [Strip(texts, ids, True), *self.high[1:]]

    def ended(self, table: pl.Series, ids: Ids | None = None, texts: pl.Series | None = None) -> Strip:
        """The strip of the last digits: positions in ``table``, and the texts of odd figures; as here unless given."""
        ids = self.low if ids is None else ids
        if not len(self.odd):
            return Strip(table, ids, lasting=True)
        ids = ids.copy()
        ids[self.odd] = np.arange(len(table), len(table) + len(self.odd), dtype=np.uint32)
        return Strip(pl.concat([table, self.texts if texts is None else texts]), ids)

    def _units(self, values: Array, present: Array | None, style: NumberStyle) -> tuple[Array, Array]:
        """The figures as whole numbers of units of their last decimal, and which are negative."""
        negative = np.signbit(values)
        size = np.abs(values)
        scale = 10.0**self._decimals
        with np.errstate(over="ignore", invalid="ignore"):
            units = np.rint(size * scale)
            good = (units / scale == size) & (units < _MOST)
        if present is not None:
            units[~present] = 0
            negative &= present
            good |= ~present
        if not good.all():
            self.odd = np.flatnonzero(~good)
            self.texts = concat([number_text(values[self.odd], style), self._after])
            units[self.odd] = 0
            negative[self.odd] = False
        return units, negative

    def _cut(self, units: Array) -> Ids:
        """Split off the last four digits, and those before them in fours."""
        units = units.astype(np.uint32 if not len(units) or units.max() < 2**32 else np.uint64)
        base = units.dtype.type(BASE)
        rest = units // base
        low: Ids = (units - rest * base).astype(np.uint32)
        found: list[Strip] = []
        while rest.any():
            low_or_part = low if not found else found[0].ids
            low_or_part += np.uint32(BASE) * (rest > 0)
            above = rest // base
            found.insert(0, Strip(_high(), (rest - above * base).astype(np.uint32), True))
            rest = above
        self.high += found
        return low


_SIGNS = pl.Series(["", "-"], dtype=pl.String)


def _decimals(values: Array, present: Array | None) -> int:
    """With how many decimals most of the figures are whole numbers of units, judged by some of them."""
    step = max(1, len(values) // _SAMPLE)
    sample = values[::step] if present is None else values[::step][present[::step]]
    sample = sample[np.isfinite(sample) & (np.abs(sample) < _MOST)]
    best, most = 0, -1
    for decimals in range(_WIDTH + 1):
        fitting = int((np.rint(sample * 10.0**decimals) / 10.0**decimals == sample).sum())
        if fitting > most:
            best, most = decimals, fitting
        if most == len(sample):
            break
    return best


@functools.cache
def _high() -> pl.Series:
    """Four digits that others follow: nothing for zero and no leading zeros, then all four of them."""
    return pl.Series(["", *map(str, range(1, BASE)), *(f"{i:04}" for i in range(BASE))], dtype=pl.String)


@functools.lru_cache(maxsize=32)
def _low(decimals: int, padded: int, absent: str, missing: str, after: str) -> pl.Series:
    digits = concat([_last(decimals, padded), after])
    return pl.concat([digits, pl.Series([absent, missing], dtype=pl.String)], rechunk=True)


@functools.lru_cache(maxsize=32)
def _begun(signed: bool, long: bool, before: str, absent: str, missing: str) -> pl.Series:
    """What may come first of a number, with text before it; ``long``: there are digits before the last four."""
    first = _SIGNS if signed else _high() if long else pl.Series([""], dtype=pl.String)
    return pl.concat([concat([before, first]), pl.Series([absent, missing], dtype=pl.String)], rechunk=True)


@functools.lru_cache(maxsize=16)
def _last(decimals: int, padded: int) -> pl.Series:
    """The last four digits, ``decimals`` of them: alone, then after others; zeros up to ``padded`` decimals."""
    scale = 10**decimals
    ends = [f"{i:0{decimals}}".rstrip("0").ljust(padded, "0") if decimals else "0" * padded for i in range(scale)]
    ends = [f".{digits}" if digits else "" for digits in ends]
    wholes = range(BASE // scale)
    width = _WIDTH - decimals
    alone = [f"{whole}{end}" for whole in wholes for end in ends]
    after = [f"{whole:0{width}}{end}" if width else end for whole in wholes for end in ends]
    return pl.Series(alone + after, dtype=pl.String)
