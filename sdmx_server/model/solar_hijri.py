"""Solar Hijri years, quarters and months as exact SDMX periods, and back.

An exact period is written ``start/PnD`` (``2016-03-20/P366D`` is the year 1395): the only form that is right in every
year and valid in the schemas of SDMX 2.1, 3.0 and 3.1. Year starts come from ``persiantools`` for 1379 to 1424, where
it agrees with the astronomical calendar; older census years are listed one by one.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Any

from persiantools.jdatetime import JalaliDate

from .common import Value
from .period import Period

FIRST_YEAR, LAST_YEAR = 1379, 1424

CENSUS_YEARS: dict[int, tuple[str, int]] = {
    1335: ("1956-03-21", 365),
    1345: ("1966-03-21", 365),
    1355: ("1976-03-21", 365),
    1365: ("1986-03-21", 365),
    1370: ("1991-03-21", 366),
    1375: ("1996-03-20", 366),
}
"""Years with a census before 1379: the first day (Gregorian) and the length in days."""

MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
SEASONS = ("بهار", "تابستان", "پاییز", "زمستان")

_JALALI: Any = JalaliDate  # its constructor carries no types
_SUBPERIODS = {"A": 1, "Q": 4, "M": 12}
_DAY = 86_400_000_000
_NAMES = (
    {name: ("M", i) for i, name in enumerate(MONTHS, 1)}
    | {name: ("Q", i) for i, name in enumerate(SEASONS, 1)}
    | {"امرداد": ("M", 5), "پائیز": ("Q", 3)}
)
_YEAR = re.compile(r"(?:سال )?(\d{2,4})")
_MONTH = re.compile(r"(\d{2,4})[-/. ]m?(\d{1,2})")
_QUARTER = re.compile(r"(\d{2,4})[-/. ]?q([1-4])")
_NAMED = re.compile(r"(?P<name>[^\d\s]+)(?: ماه)?(?: سال)? (?P<year>\d{2,4})|(?P<year2>\d{2,4}) (?P<name2>[^\d\s]+)")


class SolarPeriod(Value, frozen=True, kw_only=True):
    """A year (``frequency`` A, ``sub`` 1), quarter (Q, 1-4) or month (M, 1-12) of the Solar Hijri calendar."""

    frequency: str
    year: int
    sub: int = 1

    @property
    def label(self) -> str:
        """The national label: ``1402``, ``1402-Q1`` or ``1402-05``."""
        if self.frequency == "A":
            return str(self.year)
        return f"{self.year}-Q{self.sub}" if self.frequency == "Q" else f"{self.year}-{self.sub:02d}"


def _year(year: int) -> tuple[dt.date, int]:
    if year in CENSUS_YEARS:
        start, days = CENSUS_YEARS[year]
        return dt.date.fromisoformat(start), days
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the Solar Hijri year {year} is not among those known to the day")
    first: dt.date = _JALALI(year, 1, 1).to_gregorian()
    following: dt.date = _JALALI(year + 1, 1, 1).to_gregorian()
    return first, (following - first).days


def bounds(period: SolarPeriod) -> tuple[dt.date, int]:
    """First day (Gregorian) and length in days; raises ``ValueError`` for an unknown year or sub-period."""
    most = _SUBPERIODS.get(period.frequency)
    if most is None or not 1 <= period.sub <= most:
        raise ValueError(f"no such Solar Hijri period: {period.frequency} {period.year} {period.sub}")
    start, days = _year(period.year)
    lengths = [31] * 6 + [30] * 5 + [days - 336]
    size = 12 // most
    before = (period.sub - 1) * size
    return start + dt.timedelta(days=sum(lengths[:before])), sum(lengths[before : before + size])


def exact(period: SolarPeriod) -> str:
    """The exact SDMX text, ``2016-03-20/P366D``; raises ``ValueError`` as ``bounds`` does."""
    start, days = bounds(period)
    return f"{start.isoformat()}/P{days}D"


@cache
def _labels() -> dict[tuple[int, int], str]:
    """Labels by (days since 1970-01-01, length in days) of every period that is known to the day."""
    epoch = dt.date(1970, 1, 1).toordinal()
    table = {}
    for year in (*CENSUS_YEARS, *range(FIRST_YEAR, LAST_YEAR + 1)):
        for frequency, most in _SUBPERIODS.items():
            for sub in range(1, most + 1):
                period = SolarPeriod(frequency=frequency, year=year, sub=sub)
                start, days = bounds(period)
                table[start.toordinal() - epoch, days] = period.label
    return table


def time_label(period: Period) -> str | None:
    """The national label of a period (``1395``, ``1395-01``, ``1395-Q1``), None when it is no Solar Hijri period."""
    start, rest = divmod(period.start, _DAY)
    days, partial = divmod(period.end - period.start, _DAY)
    return None if rest or partial else _labels().get((start, days))


def _full_year(digits: str) -> int:
    """Two and three digits count from 1300: 81 is 1381, 101 is 1401."""
    return int(digits) if len(digits) == 4 else 1300 + int(digits)


def _read(text: str) -> SolarPeriod:
    if found := _YEAR.fullmatch(text):
        return SolarPeriod(frequency="A", year=_full_year(found[1]))
    if found := _MONTH.fullmatch(text):
        return SolarPeriod(frequency="M", year=_full_year(found[1]), sub=int(found[2]))
    if found := _QUARTER.fullmatch(text):
        return SolarPeriod(frequency="Q", year=_full_year(found[1]), sub=int(found[2]))
    if found := _NAMED.fullmatch(text):
        named = _NAMES.get(found["name"] or found["name2"])
        if named is not None:
            frequency, sub = named
            return SolarPeriod(frequency=frequency, year=_full_year(found["year"] or found["year2"]), sub=sub)
    raise ValueError(f"not a Solar Hijri period: {text!r}")


def parse_label(text: str, frequency: str | None = None) -> SolarPeriod:
    """Read a label: ``1402``, ``1402/05``, ``1402-Q1``, ``81``, ``101``, ``فروردین 1402``, ``بهار 1402``.

    ``text`` is normalised already (Latin digits, Persian letters, single spaces, lower case). ``frequency`` (A, Q, M)
    is what the label must be. Raises ``ValueError`` naming the text when it is none, of another frequency, or unknown.
    """
    period = _read(text)
    if frequency is not None and period.frequency != frequency:
        raise ValueError(f"{text!r} is not of frequency {frequency}")
    bounds(period)
    return period
