"""Time periods are ranges of moments; the expected days come from a calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.model.period import parse_period

EPOCH = dt.datetime(1970, 1, 1)


def days(text: str, year_start: str = "--01-01") -> tuple[str, int]:
    """The first day of a period and how many days it has."""
    found = parse_period(text, year_start)
    begin = EPOCH + dt.timedelta(microseconds=found.start)
    return begin.date().isoformat(), (found.end - found.start) // 86_400_000_000


@pytest.mark.parametrize(
    ("text", "first", "length"),
    [
        ("2016", "2016-01-01", 366),
        ("2023-02", "2023-02-01", 28),
        ("2023-Q3", "2023-07-01", 92),
        ("2023-S2", "2023-07-01", 184),
        ("2023-M12", "2023-12-01", 31),
        ("2020-W53", "2020-12-28", 7),
        ("2016-03-20/P366D", "2016-03-20", 366),
        ("9999", "9999-01-01", 365),
        ("9999-12", "9999-12-01", 31),
        ("9999-12-31", "9999-12-31", 1),
    ],
)
def test_a_period_has_its_days(text: str, first: str, length: int) -> None:
    assert days(text) == (first, length)


def test_a_reporting_year_may_begin_on_another_day() -> None:
    assert days("2012-Q1", "--07-01") == ("2012-07-01", 92)


@pytest.mark.parametrize("text", ["", "10000", "2023-13", "2023-02-30", "2023-Q5", "1402-05x", "2023-W54", "P1D"])
def test_what_is_no_period_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(ValueError, match="not an SDMX time period"):
        parse_period(text)


@pytest.mark.parametrize("text", ["2016-M1", "2016-Q01", "2016-A01", "2016-W1", "2016-D1", "2016/P1Y", "2016-01/P1M"])
def test_what_the_schemas_of_the_standard_do_not_allow_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not an SDMX time period"):
        parse_period(text)


@pytest.mark.parametrize(
    "text", ["۲۰۱۶", "٢٠١٦", "2016-0۳", "2016-03-۲۰", "2016-Q۱", "2016-03-20/P۳۶۶D", "2016-03-20T۰۰:00:00"]
)
def test_periods_are_written_with_the_digits_of_the_standard(text: str) -> None:
    with pytest.raises(ValueError, match="not an SDMX time period"):
        parse_period(text)


@given(st.dates(min_value=dt.date(1, 1, 1)))
def test_any_day_is_a_period_of_one_day(day: dt.date) -> None:
    assert days(day.isoformat()) == (day.isoformat(), 1)
