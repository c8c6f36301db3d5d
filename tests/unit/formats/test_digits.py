"""Ready digits say of every number what printing it says, whatever stands beside it in the batch."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdmx_server.batches import Column
from sdmx_server.formats.digits import Digits
from sdmx_server.formats.strips import Assembly
from sdmx_server.number_texts import NumberStyle, number_text

STYLES = [NumberStyle(), NumberStyle(plain=True), NumberStyle(decimals=2), NumberStyle(nan='"NaN"', decimals=6)]
DECIMALS = st.builds(
    lambda units, places: float(Decimal(units).scaleb(-places)), st.integers(-(10**15), 10**15), st.integers(0, 6)
)
FLOATS = st.one_of(DECIMALS, st.floats(), st.sampled_from([0.0, -0.0, 9999.5, 10_000.0, 0.0001, -0.1, 1e15, 1e8]))


def printed(column: Column, style: NumberStyle) -> list[str]:
    digits = Digits(column, style)
    parts = [*digits.high, digits.ended(digits.table("absent", "missing")), "\n"]
    return Assembly().render(parts, len(column.values)).decode().splitlines()


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None)  # the first one makes the tables
@given(values=st.lists(FLOATS, min_size=1, max_size=30))
def test_floats(style: NumberStyle, values: list[float]) -> None:
    array = np.array(values)
    assert printed(Column(array), style) == number_text(array, style).to_list()


@settings(deadline=None)  # the first one makes the tables
@given(places=st.integers(0, 4), units=st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1, max_size=30))
def test_figures_with_the_same_decimals_need_no_printing(places: int, units: list[int]) -> None:
    array = np.array([float(Decimal(unit).scaleb(-places)) for unit in units])
    column = Column(array)
    assert not len(Digits(column, NumberStyle()).odd)
    assert printed(column, NumberStyle()) == number_text(array, NumberStyle()).to_list()


@settings(deadline=None)  # the first one makes the tables
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=30))
def test_whole_numbers(values: list[int]) -> None:
    assert printed(Column(np.array(values, np.int64)), NumberStyle(decimals=2)) == list(map(str, values))


def test_every_number_of_four_digits_and_its_neighbours() -> None:
    for scale in (1, 10, 100, 1_000, 10_000):
        values = np.arange(-20_001, 20_002) / scale
        assert printed(Column(values), NumberStyle()) == number_text(values, NumberStyle()).to_list()


@pytest.mark.parametrize("kind", [np.float64, np.int64])
def test_what_is_absent_or_missing_has_a_text_of_its_own(kind: type) -> None:
    values = np.array([123_456, -7, -99, 0], kind)
    column = Column(values, np.array([1, 0, 2, 1], np.uint8))
    assert printed(column, NumberStyle()) == ["123456", "absent", "missing", "0"]


def test_a_column_of_texts_counts_as_strip_too() -> None:
    digits = Digits(Column(np.array([1 / 3, 2.5])), NumberStyle())
    assert digits.ended(digits.table("", "")).column().to_list() == ["0.3333333333333333", "2.5"]
    assert isinstance(digits.texts, pl.Series)
