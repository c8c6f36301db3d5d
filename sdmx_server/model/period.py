"""Time periods: every SDMX time format as a range of moments (Technical Notes section 4; REST ``data.md``).

A period is [start, end) in microseconds since 1970-01-01T00:00:00 (proleptic Gregorian, a time without an offset is
taken as UTC). Periods are sorted and filtered by these moments, never by their text.
"""

from __future__ import annotations

import datetime as dt
import re

from .common import Value

_DAY = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_REPORTING = {"A": (1, 12), "S": (2, 6), "T": (3, 4), "Q": (4, 3), "M": (12, 1)}
_DIGITS = {"A": 1, "S": 1, "T": 1, "Q": 1, "M": 2, "W": 2, "D": 3}

_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DATETIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_REPORTING_PERIOD = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,  # periods are written with these digits only (XML Schema)
)
_MONTH_DAY = re.compile(r"--(\d{2})-(\d{2})", re.ASCII)


class Period(Value, frozen=True, kw_only=True):
    """A period as written, and its range in microseconds (``end`` is the first moment after it)."""

    text: str
    start: int
    end: int


def _moment(year: int, month: int = 1, day: int = 1) -> int:
    if (year, month, day) == (10_000, 1, 1):  # where the year 9999 ends, beyond what a date holds
        return _moment(9999, 12, 31) + _DAY
    return (dt.date(year, month, day) - _EPOCH.date()).days * _DAY


def _add_months(year: int, month: int, months: int) -> tuple[int, int]:
    total = year * 12 + month - 1 + months
    return total // 12, total % 12 + 1


def _shift(moment: int, years: int, months: int) -> int:
    """Add calendar years and months as XML Schema does: the day is cut to the length of the month."""
    day, rest = divmod(moment, _DAY)
    date = _EPOCH.date() + dt.timedelta(days=day)
    year, month = _add_months(date.year, date.month, years * 12 + months)
    after = _add_months(year, month, 1)
    length = (_moment(*after) - _moment(year, month)) // _DAY
    return _moment(year, month, min(date.day, length)) + rest


def _instant(found: re.Match[str]) -> int:
    year, month, day, hour, minute, second = (int(found[i]) for i in range(1, 7))
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError(found[0])
    fraction = int((found[7] or "0").ljust(6, "0")[:6])
    offset = 0
    if found[8] and found[8] != "Z":
        hours, minutes = int(found[8][1:3]), int(found[8][4:6])
        offset = (hours * 60 + minutes) * (-1 if found[8][0] == "-" else 1)
    return _moment(year, month, day) + ((hour * 60 + minute - offset) * 60 + second) * 1_000_000 + fraction


def _reporting(found: re.Match[str], year_start: str) -> tuple[int, int]:
    year, letter, number = int(found[1]), found[2], int(found[3])
    begins = _MONTH_DAY.fullmatch(year_start)
    if begins is None:
        raise ValueError(year_start)
    month, day = int(begins[1]), int(begins[2])
    if number < 1 or len(found[3]) != _DIGITS[letter]:
        raise ValueError(found[0])
    if letter in _REPORTING:
        most, months = _REPORTING[letter]
        if number > most:
            raise ValueError(found[0])
        base = _moment(year, month, day)
        return _shift(base, 0, (number - 1) * months), _shift(base, 0, number * months)
    first = _moment(year, month, day)
    following = _moment(year + 1, month, day)
    if letter == "D":
        start = first + (number - 1) * _DAY
        if start >= following:
            raise ValueError(found[0])
        return start, start + _DAY
    first, following = (
        _first_monday(first),
        _first_monday(following),
    )  # ISO 8601: week 1 holds the year's first Thursday
    start = first + (number - 1) * 7 * _DAY
    if start >= following:
        raise ValueError(found[0])
    return start, start + 7 * _DAY


def _first_monday(year_start: int) -> int:
    weekday = (year_start // _DAY + 3) % 7  # Monday = 0; 1970-01-01 was a Thursday
    shift = -weekday if weekday <= 3 else 7 - weekday
    return year_start + shift * _DAY


def _range(text: str) -> tuple[int, int]:
    begin, _, duration = text.partition("/")
    start = parse_period(begin).start
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()) or not (_DATE.fullmatch(begin) or _DATETIME.fullmatch(begin)):
        raise ValueError(text)
    years, months, weeks, days, hours, minutes = (int(found[i] or 0) for i in range(1, 7))
    seconds = round(float(found[7] or 0) * 1_000_000)
    end = _shift(start, years, months) + (weeks * 7 + days) * _DAY + (hours * 60 + minutes) * 60_000_000 + seconds
    if end <= start:
        raise ValueError(text)
    return start, end


def _bounds(text: str, year_start: str) -> tuple[int, int]:
    if found := _YEAR.fullmatch(text):
        return _moment(int(text)), _moment(int(text) + 1)
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return _moment(year, month), _moment(*_add_months(year, month, 1))
    if found := _DATE.fullmatch(text):
        start = _moment(int(found[1]), int(found[2]), int(found[3]))
        return start, start + _DAY
    if found := _DATETIME.fullmatch(text):
        start = _instant(found)
        return start, start + 1_000_000
    if found := _REPORTING_PERIOD.fullmatch(text):
        return _reporting(found, year_start)
    if "/" in text:
        return _range(text)
    raise ValueError(text)


def parse_period(text: str, year_start: str = "--01-01") -> Period:
    """Parse any SDMX observational time period.

    ``year_start`` is REPORTING_YEAR_START_DAY for reporting periods. Raises ``ValueError`` with the text when it is no
    period or lies outside the years 1-9999.
    """
    try:
        start, end = _bounds(text, year_start)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not an SDMX time period: {text!r}") from error
    return Period(text=text, start=start, end=end)
