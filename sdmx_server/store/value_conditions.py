"""Conditions on values that are no dimension's, over a whole dictionary or a column of numbers (``data.md``).

Of several values, or of a text in several languages, one must pass; ``ne`` and ``nc`` pass where ``eq`` and ``co`` do
not. So what has no value (absent, or intentionally missing) passes these two and nothing else, and ``ne:A`` is all that
``A`` leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import FIRST_ID, PRESENCE_PRESENT, Array, Condition, Filter, Operator
from ..errors import BadSemantics
from ..model.period import parse_period
from ..model.representation import NUMERIC, TEMPORAL
from ..model.resolved import ResolvedComponent
from ..number_texts import NumberStyle, number_text
from ..remembered import Remembered, Same
from .conditions import COMPARED, TEXT, moments_mask
from .dictionaries import Codes

Mask = npt.NDArray[np.bool_]

_OPPOSITES = {Operator.NE: Operator.EQ, Operator.NOT_CONTAINS: Operator.CONTAINS}


class _Values(msgspec.Struct, frozen=True):
    """The single values of a dictionary; ``owner``: the id of each, None where they are the entries themselves."""

    texts: pl.Series
    owner: Array | None


_known: Remembered[_Values] = Remembered(16 * 1024 * 1024)


def absent_passes(wanted: Filter) -> bool:
    """Whether a filter leaves what has no value of the component."""
    return any(all(condition.operator in _OPPOSITES for condition in all_of) for all_of in wanted.any_of)


def values_mask(codes: Codes, wanted: Filter, component: ResolvedComponent, year_start: str = "--01-01") -> Mask:
    """Which ids of a component's dictionary pass a filter, those that stand for no value included.

    Codes and texts compare as text, numbers as numbers, and dates and periods by the moments that they cover.
    Raises ``BadSemantics`` for a value that the component cannot be compared with.
    """
    values = _single_values(codes, component)
    compare = _comparison(component, year_start)

    def passing(condition: Condition) -> Mask:
        opposite = _OPPOSITES.get(condition.operator)
        hits = compare(values.texts, Condition(opposite or condition.operator, condition.value))
        if values.owner is None:
            found = hits
            found[:FIRST_ID] = False
        else:
            found = np.zeros(len(codes), bool)
            found[values.owner[hits]] = True
        return found if opposite is None else ~found

    return _any_of(wanted, len(codes), passing)


def numbers_mask(values: Array, presence: Array | None, wanted: Filter, style: NumberStyle) -> Mask:
    """Which numbers of a column pass a filter; ``presence`` as in ``batches.Column``.

    The operators on text are about the digits that ``style`` prints. Raises ``BadSemantics``.
    """
    there = None if presence is None else presence == PRESENCE_PRESENT

    def passing(condition: Condition) -> Mask:
        opposite = _OPPOSITES.get(condition.operator)
        operator = opposite or condition.operator
        if operator is Operator.EQ or operator in COMPARED:
            found = _compared(values, operator, condition.value)
        else:
            found = _printed(values, Condition(operator, condition.value), style)
        if there is not None:
            found &= there
        return found if opposite is None else ~found

    return _any_of(wanted, len(values), passing)


def _any_of(wanted: Filter, size: int, passing: Callable[[Condition], Mask]) -> Mask:
    mask = np.zeros(size, bool)
    for all_of in wanted.any_of:
        mask |= np.logical_and.reduce([passing(condition) for condition in all_of])
    return mask


def _printed(values: Array, condition: Condition, style: NumberStyle) -> Mask:
    """By the texts of the numbers, each distinct one printed once."""
    distinct, which = np.unique(values, return_inverse=True)
    hits: Mask = _as_texts(number_text(distinct, style), condition)[which]
    return hits


def number(text: str) -> Decimal:
    """The number that a condition names. Raises ``BadSemantics``."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadSemantics("not-a-number", text=text) from error


def _compared(values: Array, operator: Operator, text: str) -> Mask:
    wanted = number(text)
    if values.dtype.kind == "f" or not wanted.is_finite():
        other: float | int = float(wanted)
    else:  # integers above 2**53 would not survive a float
        whole = int(wanted.to_integral_value("ROUND_FLOOR"))
        if whole != wanted:
            if operator is Operator.EQ:
                return np.zeros(len(values), bool)
            operator = Operator.LE if operator in (Operator.LT, Operator.LE) else Operator.GT
        other = whole
    if operator is Operator.EQ:
        return np.asarray(values == other)
    return np.asarray(COMPARED[operator](values, other))


Comparison = Callable[[pl.Series, Condition], Mask]


def _comparison(component: ResolvedComponent, year_start: str) -> Comparison:
    """How the values of a component compare with that of a condition that is neither ``ne`` nor ``nc``."""
    if component.enumeration is None and component.text_type in NUMERIC:
        return _as_numbers
    if component.enumeration is None and component.text_type in TEMPORAL:
        return lambda texts, condition: _as_moments(texts, condition, year_start)
    return _as_texts


def _as_texts(texts: pl.Series, condition: Condition) -> Mask:
    compare: Callable[[pl.Series, Any], Any] = TEXT.get(condition.operator) or COMPARED[condition.operator]
    return np.array(compare(texts, condition.value).fill_null(False).to_numpy(), bool)


def _as_numbers(texts: pl.Series, condition: Condition) -> Mask:
    if condition.operator not in COMPARED and condition.operator is not Operator.EQ:
        return _as_texts(texts, condition)
    found = texts.cast(pl.Float64, strict=False)
    there: Mask = found.is_not_null().to_numpy()
    return _compared(found.to_numpy(), condition.operator, condition.value) & there


def _as_moments(texts: pl.Series, condition: Condition, year_start: str) -> Mask:
    """By the moments that are covered; a text that is no period passes by none of these operators."""
    if condition.operator not in COMPARED and condition.operator is not Operator.EQ:
        return _as_texts(texts, condition)
    found = []
    for text in texts.to_list():
        try:
            found.append(None if text is None else parse_period(text, year_start))
        except ValueError:
            found.append(None)
    start = np.array([0 if p is None else p.start for p in found], np.int64)
    end = np.array([0 if p is None else p.end for p in found], np.int64)
    there = np.array([p is not None for p in found], bool)
    passing: Mask = moments_mask(start, end, condition, year_start) & there
    return passing


# ---- several values, and texts in languages -----------------------------------------------------------------------

_SEVERAL: dict[tuple[bool, bool], Any] = {
    (True, False): msgspec.json.Decoder(list[list[str]]),
    (False, True): msgspec.json.Decoder(list[dict[str, str]]),
    (True, True): msgspec.json.Decoder(list[list[dict[str, str]]]),
}


def _single_values(codes: Codes, component: ResolvedComponent) -> _Values:
    shape = (component.multi_valued, component.multilingual)
    key = (Same(codes), shape)
    found = _known.get(key)
    if found is None:
        texts = pl.Series(codes.texts, dtype=pl.String)
        found = _Values(texts, None) if shape not in _SEVERAL else _apart(texts, shape)
        _known.put(key, found, int(found.texts.estimated_size()) + 8 * len(found.texts))
    return found


def _apart(texts: pl.Series, shape: tuple[bool, bool]) -> _Values:
    """The values within canonical texts (``batches.canonical``); any other text is one value.

    Arrays stand beside plain texts where a component has become multi-valued since.
    """
    begins = texts.str.slice(0, 1).fill_null("").to_numpy()
    arrays = np.flatnonzero(begins == "[") if shape[0] else np.empty(0, np.int64)
    objects = np.flatnonzero(begins == "{") if shape[1] else np.empty(0, np.int64)
    plain = np.setdiff1d(np.arange(FIRST_ID, len(texts)), np.concatenate((arrays, objects)))
    flat: list[str | None] = texts.gather(plain).to_list()
    owner: list[Array] = [plain]
    for ids, form in ((arrays, shape), (objects, (False, True))):
        lists = _decoded(texts.gather(ids).to_list(), form) if len(ids) else []
        flat += chain.from_iterable(lists)
        owner.append(np.repeat(ids, np.fromiter(map(len, lists), np.int64, len(lists))))
    return _Values(pl.Series(flat, dtype=pl.String), np.concatenate(owner))


def _decoded(texts: Sequence[str], form: tuple[bool, bool]) -> list[list[str]]:
    """The values of each text, decoded all at once; where one of them is not of the form, each by itself."""
    try:
        return _lists(_SEVERAL[form].decode("[" + ",".join(texts) + "]"), form)
    except msgspec.DecodeError:
        return [[texts[0]]] if len(texts) == 1 else [_decoded([text], form)[0] for text in texts]


def _lists(found: Any, form: tuple[bool, bool]) -> list[list[str]]:
    if form == (True, False):
        return list(found)
    if form == (False, True):
        return [list(texts.values()) for texts in found]
    return [list(chain.from_iterable(texts.values() for texts in several)) for several in found]
