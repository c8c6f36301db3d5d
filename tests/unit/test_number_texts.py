"""The text of numbers: the shortest that reads back exactly, as each format's readers take it."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.number_texts import NumberStyle, few_numbers, number_text

XS_DOUBLE = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
XS_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
STYLES = [NumberStyle(), NumberStyle(plain=True), NumberStyle(decimals=2), NumberStyle(decimals=3, plain=True)]


@pytest.mark.parametrize("style", STYLES)
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_floats_read_back_exactly(style: NumberStyle, values: list[float]) -> None:
    texts = number_text(np.array(values), style).to_list()
    assert [float(t) for t in texts] == values
    form = XS_DECIMAL if style.plain else XS_DOUBLE
    assert all(form.fullmatch(t) for t in texts), texts
    assert few_numbers(np.array(values), style) == texts


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_integers_are_exact(values: list[int]) -> None:
    assert number_text(np.array(values, dtype=np.int64), NumberStyle(decimals=2)).to_list() == [str(v) for v in values]


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_decimals_are_padded_up_to_the_facet(units: int, places: int) -> None:
    value = Decimal(units).scaleb(-places)
    (text,) = number_text(np.array([float(value)]), NumberStyle(decimals=3)).to_list()
    assert text == f"{value:.3f}" or (value == 0 and text in ("0.000", "-0.000"))


def test_special_values_and_the_edges_of_exponents() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 5.0, 0.1, 1e15, 1e16, 1.5e-7])
    printed = number_text(values, NumberStyle()).to_list()
    assert printed == ["NaN", "INF", "-INF", "5", "0.1", "1000000000000000", "1e+16", "1.5e-7"]
    style = NumberStyle(nan='"NaN"', infinity='"INF"', minus_infinity='"-INF"', decimals=1)
    assert number_text(values, style).to_list() == (
        ['"NaN"', '"INF"', '"-INF"', "5.0", "0.1", "1000000000000000.0", "1e+16", "1.5e-7"]
    )
    plain = number_text(values[5:], NumberStyle(plain=True)).to_list()
    assert plain == ["1000000000000000", "10000000000000000", "0.00000015"]
