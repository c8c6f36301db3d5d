"""Conditions on codes and periods, evaluated over a whole dictionary: a mask by id (REST 2.2.2, ``data.md``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import FIRST_ID, Array, Condition, Filter, Operator
from ..errors import BadSemantics
from ..model.period import Period, parse_period
from .dictionaries import Codes, Periods

Mask = npt.NDArray[np.bool_]

TEXT: dict[Operator, Callable[[pl.Series, str], pl.Series]] = {
    Operator.EQ: lambda texts, value: texts == value,
    Operator.NE: lambda texts, value: texts != value,
    Operator.CONTAINS: lambda texts, value: texts.str.contains(value, literal=True),
    Operator.NOT_CONTAINS: lambda texts, value: ~texts.str.contains(value, literal=True),
    Operator.STARTS_WITH: lambda texts, value: texts.str.starts_with(value),
    Operator.ENDS_WITH: lambda texts, value: texts.str.ends_with(value),
}
"""The operators on text."""

COMPARED: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.LT: lambda values, value: values < value,
    Operator.LE: lambda values, value: values <= value,
    Operator.GT: lambda values, value: values > value,
    Operator.GE: lambda values, value: values >= value,
}
"""The operators of order, on columns of texts or numbers."""


class _Ranges(msgspec.Struct, frozen=True):
    start: Array
    end: Array


_TIME: dict[Operator, Callable[[_Ranges, Period], Mask]] = {
    Operator.GT: lambda r, p: r.start >= p.end,
    Operator.LT: lambda r, p: r.end <= p.start,
    Operator.GE: lambda r, p: r.start >= p.start,
    Operator.LE: lambda r, p: r.end <= p.end,
    Operator.EQ: lambda r, p: (r.start >= p.start) & (r.end <= p.end),
    Operator.NE: lambda r, p: (r.start < p.start) | (r.end > p.end),
}


def _any_of(wanted: Filter, size: int, one: Callable[[Condition], Mask]) -> Mask:
    mask = np.zeros(size, bool)
    for all_of in wanted.any_of:
        mask |= np.logical_and.reduce([one(condition) for condition in all_of])
    mask[:FIRST_ID] = False
    return mask


def _text(texts: pl.Series, condition: Condition, numeric: bool) -> Mask:
    compare = COMPARED.get(condition.operator)
    if compare is None:
        found = TEXT[condition.operator](texts, condition.value)
    elif numeric:
        try:
            value = float(condition.value)
        except ValueError as error:
            raise BadSemantics("not-a-number", text=condition.value) from error
        found = compare(texts.cast(pl.Float64, strict=False), value)
    else:
        found = compare(texts, condition.value)
    return np.array(found.fill_null(False).to_numpy(), bool)


def moments_mask(start: Array, end: Array, condition: Condition, year_start: str) -> Mask:
    """Which ranges of moments pass a condition that is not on text. Raises ``BadSemantics`` for what is no period."""
    return _TIME[condition.operator](_Ranges(start, end), _period(condition.value, year_start))


def codes_mask(codes: Codes, wanted: Filter, numeric: bool) -> Mask:
    """Which ids of a dimension pass a filter. Codes compare as text, or as numbers where their type is numeric."""
    texts = pl.Series(codes.texts, dtype=pl.String)
    return _any_of(wanted, len(codes), lambda condition: _text(texts, condition, numeric))


def periods_mask(periods: Periods, wanted: Filter, year_start: str) -> Mask:
    """Which period ids pass a filter: by their ranges of moments, except for the operators on text.

    ``year_start`` is REPORTING_YEAR_START_DAY for reporting periods, in the data and in the filter. Raises
    ``BadSemantics`` for a value that is no period.
    """
    ranges = _Ranges(periods.start, periods.end)
    if year_start != "--01-01":
        moved = [_moved(p, year_start) if p else None for p in periods.periods]
        ranges = _Ranges(_moments([p.start if p else 0 for p in moved]), _moments([p.end if p else 0 for p in moved]))
    texts = pl.Series([p.text if p else None for p in periods.periods], dtype=pl.String)

    def one(condition: Condition) -> Mask:
        compare = _TIME.get(condition.operator)
        if compare is None:
            return _text(texts, condition, numeric=False)
        return compare(ranges, _period(condition.value, year_start))

    return _any_of(wanted, len(periods), one)


def _moved(period: Period, year_start: str) -> Period:
    """The period of a year that begins on another day; as it is stored where releases of before allowed its spelling.

    They loaded 2016-M1, say, of which ``verify`` tells.
    """
    try:
        return parse_period(period.text, year_start)
    except ValueError:
        return period


def _moments(values: Sequence[int]) -> Array:
    return np.array(values, np.int64)


class TimeRange(msgspec.Struct, frozen=True):
    """Filters on time that ask for ranges of moments alone. What they select begins before ``before`` and ends after
    ``after`` (microseconds).
    """

    after: int
    before: int
    _all_of: tuple[tuple[tuple[tuple[Operator, Period], ...], ...], ...]

    def mask(self, start: Array, end: Array) -> Mask:
        """Which periods pass, given by their moments."""
        ranges = _Ranges(start, end)
        every = np.ones(len(start), bool)
        for any_of in self._all_of:
            one = np.zeros(len(start), bool)
            for conditions in any_of:
                one |= np.logical_and.reduce([_TIME[operator](ranges, period) for operator, period in conditions])
            every &= one
        return every


_EVER = 2**62
_ENDS_AFTER: dict[Operator, Callable[[Period], int]] = {
    Operator.GT: lambda p: p.end,
    Operator.GE: lambda p: p.start,
    Operator.EQ: lambda p: p.start,
}
_BEGINS_BEFORE: dict[Operator, Callable[[Period], int]] = {
    Operator.LT: lambda p: p.start,
    Operator.LE: lambda p: p.end,
    Operator.EQ: lambda p: p.end,
}


def time_range(filters: Sequence[Filter]) -> TimeRange | None:
    """Filters on time as one range; None where one compares texts. Raises ``BadSemantics`` for what is no period."""
    after, before, all_of = -_EVER, _EVER, []
    for wanted in filters:
        if any(condition.operator not in _TIME for conditions in wanted.any_of for condition in conditions):
            return None
        parsed = tuple(tuple((c.operator, _period(c.value)) for c in conditions) for conditions in wanted.any_of)
        lows = [max((_ENDS_AFTER[o](p) for o, p in one if o in _ENDS_AFTER), default=-_EVER) for one in parsed]
        highs = [min((_BEGINS_BEFORE[o](p) for o, p in one if o in _BEGINS_BEFORE), default=_EVER) for one in parsed]
        after, before = max(after, min(lows, default=_EVER)), min(before, max(highs, default=-_EVER))
        all_of.append(parsed)
    return TimeRange(after, before, tuple(all_of))


def _period(text: str, year_start: str = "--01-01") -> Period:
    try:
        return parse_period(text, year_start)
    except ValueError as error:
        raise BadSemantics("not-a-period", text=text) from error
