"""Which text types and facets SDMX allows where (schemas of SDMX-ML 2.1 and 3.x, SDMX-JSON 2.x: TextFormat types)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

import msgspec

from ..model.representation import Representation, TextFormat

DEFAULT_TIME_TYPE = "ObservationalTimePeriod"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TIMES = _words(
    "ObservationalTimePeriod StandardTimePeriod BasicTimePeriod GregorianTimePeriod GregorianYear GregorianYearMonth "
    "GregorianDay ReportingTimePeriod ReportingYear ReportingSemester ReportingTrimester ReportingQuarter "
    "ReportingMonth ReportingWeek ReportingDay"
)
_TIME_TYPES = _TIMES | {"DateTime", "TimeRange"}
_CODED_TYPES = _TIMES | _words(
    "String Alpha AlphaNumeric Numeric BigInteger Integer Long Short Boolean URI Count InclusiveValueRange "
    "ExclusiveValueRange Incremental Month MonthDay Day Duration"
)
_SIMPLE_TYPES = _CODED_TYPES | _TIME_TYPES | {"Decimal", "Float", "Double", "Time", "GeospatialInformation"}
_BASIC_TYPES = _SIMPLE_TYPES | {"XHTML"}

_TIME_FACETS = {"startTime": "text", "endTime": "text"}
_CODED_FACETS = {
    "isSequence": "flag",
    "interval": "integer",
    "startValue": "integer",
    "endValue": "integer",
    "timeInterval": "text",
    **_TIME_FACETS,
    "minLength": "natural",
    "maxLength": "natural",
    "minValue": "integer",
    "maxValue": "integer",
    "pattern": "text",
}
_SIMPLE_FACETS = _CODED_FACETS | {
    "startValue": "number",
    "endValue": "number",
    "minValue": "number",
    "maxValue": "number",
    "decimals": "natural",
}
BASIC_FACETS = _SIMPLE_FACETS | {"interval": "number", "isMultiLingual": "flag"}
"""All facets there are, and what kind of text each holds."""

_FORMS = {
    "text": re.compile(r".*", re.DOTALL),
    "flag": re.compile(r"true|false|1|0"),
    "natural": re.compile(r"[1-9][0-9]*"),
    "integer": re.compile(r"-?(0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?"),
}


_XML_FORMS = _FORMS | {
    "natural": re.compile(r"\+?0*[1-9][0-9]*"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
}
"""What XML Schema takes for a number, which JSON does not."""


@dataclasses.dataclass(frozen=True)
class Allowed:
    """The types and facets that a text format may have at one kind of place, and whether sentinel values.

    ``forms`` are the texts of each kind of facet.
    """

    types: frozenset[str]
    facets: Mapping[str, str]
    sentinels: bool = True
    default_type: str | None = None  # where the type may not be left out
    forms: Mapping[str, re.Pattern[str]] = dataclasses.field(default_factory=lambda: _FORMS)

    def has(self, name: str, text: str) -> bool:
        """Whether a facet with this text is allowed."""
        return name in self.facets and self.forms[self.facets[name]].fullmatch(text) is not None

    def fitting(self, held: TextFormat) -> TextFormat:
        """The text format without what is not allowed."""
        return TextFormat(
            text_type=held.text_type if held.text_type in self.types else self.default_type,
            facets={name: text for name, text in held.facets.items() if self.has(name, text)},
            sentinels=held.sentinels if self.sentinels else (),
        )


BASIC = Allowed(_BASIC_TYPES, BASIC_FACETS)
"""Of concepts, attributes and measures."""
SIMPLE = Allowed(_SIMPLE_TYPES, _SIMPLE_FACETS)
"""Of dimensions."""
TIME = Allowed(_TIME_TYPES, _TIME_FACETS, default_type=DEFAULT_TIME_TYPE)
"""Of the time dimension."""
CODED = Allowed(_CODED_TYPES, _CODED_FACETS, sentinels=False)
"""Beside an enumeration."""

_LEVEL_TYPES = _words("Alpha AlphaNumeric Numeric")
_LEVEL_FACETS = {name: form for name, form in _CODED_FACETS.items() if "ime" not in name} | {
    name: "natural" for name in ("startValue", "endValue", "minValue", "maxValue")
}
LEVEL = Allowed(_LEVEL_TYPES, _LEVEL_FACETS, sentinels=False)
"""Of the ids of codes at a level."""
LEVEL_XML = Allowed(_LEVEL_TYPES, _LEVEL_FACETS, sentinels=False, forms=_XML_FORMS)
"""The same as XML Schema has it."""

ANY_TARGET = Allowed(
    _BASIC_TYPES | _words("KeyValues IdentifiableReference DataSetReference AttachmentConstraintReference"),
    BASIC_FACETS,
)
"""Of the objects of a metadata target."""

_OLD_TYPES = _SIMPLE_TYPES - {"GeospatialInformation"}
BASIC_21 = Allowed(_OLD_TYPES | {"XHTML"}, BASIC_FACETS, sentinels=False, forms=_XML_FORMS)
"""Of concepts and metadata attributes in 2.1."""
SIMPLE_21 = Allowed(_OLD_TYPES, _SIMPLE_FACETS | {"interval": "number"}, sentinels=False, forms=_XML_FORMS)
"""Of the components of a data structure in 2.1."""
TIME_21 = Allowed(_TIME_TYPES, _TIME_FACETS, sentinels=False, forms=_XML_FORMS)
"""Of the time dimension in 2.1."""
CODED_21 = Allowed(_CODED_TYPES, _CODED_FACETS, sentinels=False, forms=_XML_FORMS)
"""Beside an enumeration in 2.1."""
TO_TEXT = Allowed(_OLD_TYPES | {"XHTML"}, BASIC_FACETS, sentinels=False, forms=_FORMS)
"""Of values that a structure set of 2.1 turns into text."""

ANY_LIST = frozenset(("Codelist", "ValueList"))
CODELIST_ONLY = frozenset(("Codelist",))
NO_LIST: frozenset[str] = frozenset()


def fitting(
    held: Representation | None, free: Allowed, lists: frozenset[str], beside: Allowed = CODED
) -> Representation | None:
    """The representation without what its place does not allow.

    ``lists`` are the kinds of list it may name, ``beside`` is what a format beside a list may say.
    """
    if held is None:
        return None
    if held.enumeration is not None and held.enumeration.kind in lists:
        coded = held.enumeration_format
        return msgspec.structs.replace(held, enumeration_format=None if coded is None else beside.fitting(coded))
    written = free.fitting(held.text_format or held.enumeration_format or TextFormat())
    return msgspec.structs.replace(held, text_format=written, enumeration=None, enumeration_format=None)
