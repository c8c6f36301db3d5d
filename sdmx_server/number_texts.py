"""The text of numbers in bulk: the shortest that reads back as exactly the same number.

Whole numbers have no ``.0``. Numbers from 1e16 up and below 1e-5 keep the exponent form (``1e+16``), which xs:double,
JSON and every CSV reader take; only the text types that forbid an exponent (``plain``) get all digits instead.

The ``decimals`` facet of a text format is honoured where that loses nothing: 5 prints as ``5.00`` with two decimals,
but 5.125 stays ``5.125``, since rounding would change the figure.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
import numpy as np
import polars as pl

from .batches import Array
from .model.resolved import ResolvedComponent

_EXPONENT_FROM = 1e15
_EXPONENT_BELOW = 1e-3
_MOST_DECIMALS = 15


class NumberStyle(msgspec.Struct, frozen=True):
    """How a format wants its numbers; the texts of NaN and the infinities come ready for use (quoted for JSON)."""

    nan: str = "NaN"
    infinity: str = "INF"
    minus_infinity: str = "-INF"
    decimals: int = 0
    plain: bool = False

    def of(self, component: ResolvedComponent) -> NumberStyle:
        """The same style with what the component's text format asks for."""
        text = component.text_format.facets.get("decimals", "0")
        decimals = min(int(text), _MOST_DECIMALS) if text.isdecimal() else 0
        plain = component.text_type not in ("Float", "Double")
        return NumberStyle(self.nan, self.infinity, self.minus_infinity, decimals, plain)


def number_text(values: Array, style: NumberStyle) -> pl.Series:
    """Texts of int64 or float64 values, all of them present."""
    series = pl.Series(values)
    if series.dtype != pl.Float64:
        return series.cast(pl.String)
    text = series.cast(pl.String)
    text = _padded(text, style.decimals) if style.decimals else text.str.strip_suffix(".0")
    finite = np.isfinite(values)
    if not finite.all():
        specials = [("NaN", style.nan), ("inf", style.infinity), ("-inf", style.minus_infinity)]
        text = text.replace([a for a, _ in specials], [b for _, b in specials])
    if style.plain and (odd := _odd(values)).any():
        return _without_exponent(text, odd, style.decimals)
    return text


def few_numbers(values: Array, style: NumberStyle) -> list[str]:
    """The same texts for a handful of values."""
    if values.dtype == np.float64 and not style.decimals and len(values):
        listed = msgspec.json.encode(values.tolist())[1:-1].decode()  # in a fifth of the time that repr takes
        if "e" not in listed and "n" not in listed:  # no exponents, and no null for what is not finite
            return f"{listed},".replace(".0,", ",")[:-1].split(",")
    return number_text(values, style).to_list()


def _odd(values: Array) -> Array:
    """Which values are so large or small that their text may have an exponent."""
    size = np.abs(values)
    return np.isfinite(values) & ((size >= _EXPONENT_FROM) | ((size < _EXPONENT_BELOW) & (size > 0)))


def _padded(text: pl.Series, decimals: int) -> pl.Series:
    """Zeros up to the wanted number of decimals; exponents and the names of non-finite values are left alone."""
    zeros = pl.Series(["0" * i for i in range(decimals + 1)], dtype=pl.String)
    have = text.str.len_bytes().cast(pl.Int64) - text.str.find(".", literal=True).cast(pl.Int64) - 1
    lack = (decimals - have).clip(0, decimals).fill_null(0)
    shape = text.str.contains("e", literal=True)
    lack = pl.select(pl.when(pl.lit(shape)).then(0).otherwise(pl.lit(lack))).to_series()
    long = (have > decimals) | have.is_null()
    whole = text.str.strip_suffix(".0")
    padded = pl.select(pl.concat_str([pl.lit(text), pl.lit(zeros[lack.cast(pl.UInt32)])])).to_series()
    return pl.select(pl.when(pl.lit(long)).then(pl.lit(whole)).otherwise(pl.lit(padded))).to_series()


def _without_exponent(text: pl.Series, odd: np.ndarray, decimals: int) -> pl.Series:
    """Write out the few very large and very small numbers, each distinct one once."""
    some = text.filter(pl.Series(odd)).unique()
    some = some.filter(some.str.contains("e", literal=True))
    if not len(some):
        return text
    return text.replace(some, pl.Series([_digits(t, decimals) for t in some], dtype=pl.String))


def _digits(text: str, decimals: int) -> str:
    digits = format(Decimal(text), "f")
    whole, _, fraction = digits.partition(".")
    fraction = fraction.ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole
