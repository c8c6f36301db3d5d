"""Time periods of a source become SDMX periods; each distinct text is read once."""

from __future__ import annotations

import re
from functools import lru_cache

from ..model.period import Period, parse_period
from ..model.solar_hijri import exact, parse_label
from .persian import match_key

EARLIEST_YEAR = 1700
"""A Gregorian period before this year is taken for a Solar Hijri label whose calendar nobody declared."""

_YEAR = r"[0-9]{4}"
_GREGORIAN_MONTH = re.compile(rf"({_YEAR})[/.-]([0-9]{{1,2}})")
_GREGORIAN_QUARTER = re.compile(rf"({_YEAR})[/. -]?q([1-4])")
_SHAPES: dict[str, str] = {
    "GregorianYear": _YEAR,
    "GregorianYearMonth": rf"{_YEAR}-\d\d",
    "GregorianDay": rf"{_YEAR}-\d\d-\d\d",
    "DateTime": rf"{_YEAR}-\d\d-\d\dT.+",
    "ReportingYear": rf"{_YEAR}-A1",
    "ReportingSemester": rf"{_YEAR}-S\d",
    "ReportingTrimester": rf"{_YEAR}-T\d",
    "ReportingQuarter": rf"{_YEAR}-Q\d",
    "ReportingMonth": rf"{_YEAR}-M\d\d",
    "ReportingWeek": rf"{_YEAR}-W\d\d",
    "ReportingDay": rf"{_YEAR}-D\d\d\d",
    "TimeRange": r"[^/]+/P.+",
}
_UNIONS: dict[str, tuple[str, ...]] = {
    "GregorianTimePeriod": ("GregorianYear", "GregorianYearMonth", "GregorianDay"),
    "BasicTimePeriod": ("GregorianYear", "GregorianYearMonth", "GregorianDay", "DateTime"),
    "ReportingTimePeriod": tuple(name for name in _SHAPES if name.startswith("Reporting")),
    "StandardTimePeriod": tuple(name for name in _SHAPES if name != "TimeRange"),
    "TimesRange": ("TimeRange",),
}
_COMPILED = {name: re.compile(shape, re.ASCII) for name, shape in _SHAPES.items()}
TIME_TYPES = frozenset(_SHAPES) | frozenset(_UNIONS) | {"ObservationalTimePeriod"}
"""The text types whose values are periods (Technical Notes, section 4.2)."""


def has_shape(text: str, text_type: str) -> bool:
    """Whether a period is written in a way that the text type allows; every other type allows all."""
    names = _UNIONS.get(text_type, (text_type,) if text_type in _SHAPES else ())
    return not names or any(_COMPILED[name].fullmatch(text) for name in names)


@lru_cache(maxsize=100_000)
def parse(text: str) -> Period:
    """The period of an SDMX text; raises ``ValueError``."""
    return parse_period(text)


def from_label(text: str, calendar: str, frequency: str | None) -> str:
    """The SDMX period of a source's label in the calendar ``gregorian`` or ``solar-hijri``; raises ``ValueError``."""
    key = match_key(text)
    if calendar == "solar-hijri":
        return exact(parse_label(key, frequency))
    if found := _GREGORIAN_QUARTER.fullmatch(key):
        result, of = f"{found[1]}-Q{found[2]}", "Q"
    elif found := _GREGORIAN_MONTH.fullmatch(key):
        result, of = f"{found[1]}-{int(found[2]):02d}", "M"
    else:
        result, of = key.upper(), "A" if re.fullmatch(_YEAR, key) else ""
    if frequency is not None and of and of != frequency:
        raise ValueError(f"{text!r} is not of frequency {frequency}")
    parse(result)
    return result


def undeclared_calendar(text: str) -> bool:
    """Whether a period lies so early that it must be a Solar Hijri label (``1402`` means AD 1402)."""
    return text[:4].isdigit() and int(text[:4]) < EARLIEST_YEAR
