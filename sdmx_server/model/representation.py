"""How a component's values are represented: enumerated by a list, or free by a text format with facets."""

from __future__ import annotations

from .common import International, Value
from .reference import Reference

NUMERIC = frozenset(
    ("BigInteger", "Integer", "Long", "Short", "Decimal", "Float", "Double", "Count", "InclusiveValueRange",
     "ExclusiveValueRange", "Incremental")
)  # fmt: skip
"""Text types whose values are compared as numbers (Technical Notes, facets)."""

TEMPORAL = frozenset(
    ("ObservationalTimePeriod", "StandardTimePeriod", "BasicTimePeriod", "GregorianTimePeriod", "GregorianYear",
     "GregorianYearMonth", "GregorianDay", "ReportingTimePeriod", "ReportingYear", "ReportingSemester",
     "ReportingTrimester", "ReportingQuarter", "ReportingMonth", "ReportingWeek", "ReportingDay", "TimeRange",
     "DateTime")
)  # fmt: skip
"""Text types whose values cover moments."""


class SentinelValue(Value, frozen=True, kw_only=True):
    """A value with a special meaning (3.x)."""

    value: str
    names: International = {}
    descriptions: International = {}


class TextFormat(Value, frozen=True, kw_only=True):
    """A text type and its facets.

    ``facets`` maps the standard's names (``minLength``, ``pattern``, ``isMultiLingual`` ...) to the text they have in
    XML (``"true"``, ``"12"``), so that none is lost. ``text_type`` None means the standard's default, String.
    """

    text_type: str | None = None
    facets: dict[str, str] = {}
    sentinels: tuple[SentinelValue, ...] = ()


class Representation(Value, frozen=True, kw_only=True):
    """Either ``text_format``, or ``enumeration`` (with its optional ``enumeration_format``).

    ``min_occurs``/``max_occurs`` (3.x) make a component multi-valued; ``max_occurs`` may be ``"unbounded"``.
    """

    text_format: TextFormat | None = None
    enumeration: Reference | None = None
    enumeration_format: TextFormat | None = None
    min_occurs: int | None = None
    max_occurs: int | str | None = None
