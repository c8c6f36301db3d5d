"""Solar Hijri periods: exact ranges, labels there and back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from sdmx_server.model.period import parse_period
from sdmx_server.model.solar_hijri import (
    CENSUS_YEARS,
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    SEASONS,
    SolarPeriod,
    bounds,
    exact,
    parse_label,
    time_label,
)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("1335", "1956-03-21/P365D"),
        ("1345", "1966-03-21/P365D"),
        ("1355", "1976-03-21/P365D"),
        ("1365", "1986-03-21/P365D"),
        ("1370", "1991-03-21/P366D"),
        ("1375", "1996-03-20/P366D"),
        ("1385", "2006-03-21/P365D"),
        ("1390", "2011-03-21/P365D"),
        ("1395", "2016-03-20/P366D"),
        ("1402", "2023-03-21/P365D"),
        ("1402-05", "2023-07-23/P31D"),
        ("1403-12", "2025-02-19/P30D"),
        ("1404-12", "2026-02-20/P29D"),
        ("1402-q1", "2023-03-21/P93D"),
        ("1403-q4", "2024-12-21/P90D"),
    ],
)
def test_known_periods(label: str, text: str) -> None:
    assert exact(parse_label(label)) == text
    assert time_label(parse_period(text)) == label.upper()


def test_leap_years_are_the_official_ones() -> None:
    leap = [y for y in range(1395, 1411) if bounds(SolarPeriod(frequency="A", year=y))[1] == 366]
    assert leap == [1395, 1399, 1403, 1408]


@pytest.mark.parametrize("year", CENSUS_YEARS)
def test_the_table_of_census_years_agrees_with_the_library(year: int) -> None:
    first, following = JalaliDate(year, 1, 1).to_gregorian(), JalaliDate(year + 1, 1, 1).to_gregorian()
    assert CENSUS_YEARS[year] == (first.isoformat(), (following - first).days)


@given(
    st.integers(FIRST_YEAR, LAST_YEAR) | st.sampled_from(sorted(CENSUS_YEARS)),
    st.sampled_from(["A", "Q", "M"]),
    st.integers(1, 12),
)
def test_label_period_label(year: int, frequency: str, sub: int) -> None:
    period = SolarPeriod(frequency=frequency, year=year, sub={"A": 1, "Q": (sub - 1) % 4 + 1, "M": sub}[frequency])
    assert parse_label(period.label.lower()) == period
    assert time_label(parse_period(exact(period))) == period.label


@given(st.integers(FIRST_YEAR, LAST_YEAR - 1), st.sampled_from([("Q", 4), ("M", 12)]))
def test_parts_of_a_year_fill_it_without_gaps(year: int, parts: tuple[str, int]) -> None:
    frequency, most = parts
    day, length = bounds(SolarPeriod(frequency="A", year=year))
    end = day + dt.timedelta(days=length)
    for sub in range(1, most + 1):
        start, days = bounds(SolarPeriod(frequency=frequency, year=year, sub=sub))
        assert start == day
        day = start + dt.timedelta(days=days)
    assert day == end == bounds(SolarPeriod(frequency="A", year=year + 1))[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1402/05", "1402-05"),
        ("1402/5", "1402-05"),
        ("1402-m05", "1402-05"),
        ("فروردین 1402", "1402-01"),
        ("فروردین ماه 1402", "1402-01"),
        ("1402 اسفند", "1402-12"),
        ("بهار 1402", "1402-Q1"),
        ("پائیز 1402", "1402-Q3"),
        ("سال 1402", "1402"),
        ("81", "1381"),
        ("99", "1399"),
        ("100", "1400"),
        ("101", "1401"),
    ],
)
def test_labels_of_sources(text: str, label: str) -> None:
    assert parse_label(text).label == label


def test_every_name_of_month_and_season_is_read() -> None:
    assert [parse_label(f"{name} 1402").sub for name in MONTHS] == list(range(1, 13))
    assert [parse_label(f"{name} 1402").sub for name in SEASONS] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text", ["", "x", "1402-13", "1402-00", "1402-q5", "1330", "1500", "2016", "1402-05-01", "dey"]
)
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Solar Hijri|frequency"):
        parse_label(text)


def test_a_label_of_another_frequency_is_refused() -> None:
    with pytest.raises(ValueError, match="not of frequency M"):
        parse_label("1402", "M")


@pytest.mark.parametrize("text", ["2016", "2016-03", "2016-03-20/P365D", "2016-03-20T00:00:00", "2023-03-21/P92D"])
def test_other_periods_have_no_label(text: str) -> None:
    assert time_label(parse_period(text)) is None
