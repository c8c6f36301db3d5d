"""Simple types of a structure's schema: enumerations, text types with their facets, and the mark of a missing value.

The base types are those that the standard's ``DataType`` names for each text type (SDMX-ML common schema). Names hold a
dot, which no SDMX id does, so that they never meet the name of a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...model.codelist import Codelist, ValueList
from ...model.resolved import ComponentKind, ResolvedComponent
from ...model.validity import ANYTHING, SWITCHED_OFF, Validity
from ..primary_measure import OBS_VALUE
from ..values import is_numeric
from .data_names import attribute, is_complex
from .versions import V21

_V31 = "3.1.0"
_XS = {
    "String": "string",
    "XHTML": "string",
    "BigInteger": "integer",
    "Integer": "int",
    "Long": "long",
    "Short": "short",
    "Decimal": "decimal",
    "Float": "float",
    "Double": "double",
    "Boolean": "boolean",
    "URI": "anyURI",
    "Count": "integer",
    "InclusiveValueRange": "decimal",
    "ExclusiveValueRange": "decimal",
    "Incremental": "decimal",
    "GregorianYear": "gYear",
    "GregorianYearMonth": "gYearMonth",
    "GregorianDay": "date",
    "DateTime": "dateTime",
    "Month": "gMonth",
    "MonthDay": "gMonthDay",
    "Day": "gDay",
    "Time": "time",
    "Duration": "duration",
}
_COMMON = (
    *("Alpha", "AlphaNumeric", "Numeric", "ObservationalTimePeriod", "StandardTimePeriod", "BasicTimePeriod"),
    *("GregorianTimePeriod", "ReportingTimePeriod", "ReportingYear", "ReportingSemester", "ReportingTrimester"),
    *("ReportingQuarter", "ReportingMonth", "ReportingWeek", "ReportingDay", "TimeRange"),
)
_STRINGS = frozenset(("string", "anyURI"))
_WHOLE = frozenset(("integer", "int", "long", "short"))
_NUMBERS = _WHOLE | {"decimal", "float", "double"}
_FACETS = {
    "minLength": ("minLength", _STRINGS, r"\d+"),
    "maxLength": ("maxLength", _STRINGS, r"\d+"),
    "minValue": ("minInclusive", _NUMBERS, r"[+-]?\d+(\.\d+)?"),
    "maxValue": ("maxInclusive", _NUMBERS, r"[+-]?\d+(\.\d+)?"),
    "decimals": ("fractionDigits", frozenset(("decimal",)), r"\d+"),
    "pattern": ("pattern", _STRINGS, r".+"),
}
_MISSING = ("#N/A", "NaN")
"""The marks of a missing value; the second one is of numbers in 2.1."""


_NOTHING = '<xs:minLength value="1"/><xs:enumeration value=""/>'
"""Facets that no text has, where constraints leave nothing; a restriction without any would admit every text."""

YEAR_START = "REPORTING_YEAR_START_DAY"
"""The attribute that the base schema of 2.1 declares itself, as a day of the year."""


def base_type(component: ResolvedComponent) -> str:
    """The qualified name of the type that a text type stands for."""
    name = component.text_type
    if name in _COMMON:
        return f"common:{name}Type"
    return f"xs:{_XS.get(name, 'string')}"


def type_name(component: ResolvedComponent) -> str:
    """The name of a component's simple type."""
    return f"{component.id}.Type"


def enumeration_name(listed: Codelist | ValueList) -> str:
    """The name of the type that lists the values of a codelist or value list."""
    return f"{listed.id}.{listed.agency}.{listed.version}"


def enumeration_type(listed: Codelist | ValueList) -> str:
    """The type itself."""
    return (
        f'<xs:simpleType name="{enumeration_name(listed)}">{_enumeration(i.id for i in listed.items)}</xs:simpleType>'
    )


def _enumeration(values: Iterable[str]) -> str:
    items = "".join(f'<xs:enumeration value="{attribute(v)}"/>' for v in dict.fromkeys(values))
    items = items or _NOTHING
    return f'<xs:restriction base="xs:string">{items}</xs:restriction>'


def shared_list(component: ResolvedComponent, validity: Validity) -> Codelist | ValueList | None:
    """The list whose type a component shares with others; None when constraints leave it codes of its own."""
    return component.enumeration if validity.allowed.get(component.id) is None else None


def component_type(component: ResolvedComponent, version: str, validity: Validity = ANYTHING) -> str:
    """A component's simple type: its values, its sentinels and, except for dimensions, the mark of a missing value.

    Of a component that constraints restrict it lists what they leave. Where a dimension may be switched off (deletion
    messages of 3.1) that mark is among its values.

    Time keeps the bare standard type, which its XML attribute must restrict. In 2.1 several values, and one of several
    languages, are joined to one text, of which no schema can say more; the start of the reporting year keeps the type
    of the base schema there.
    """
    name = type_name(component)
    fixed = component.kind is ComponentKind.TIME or (version == V21 and component.id == YEAR_START)
    allowed = validity.allowed.get(component.id)
    if version == V21 and component.id == YEAR_START:
        own = '<xs:restriction base="xs:gMonthDay"/>'
    elif version == V21 and is_complex(component):
        own = '<xs:restriction base="xs:string"/>'
    elif allowed is not None and (listed := _listed(component, allowed)) is not None:
        own = _enumeration(listed)
    elif component.enumeration is not None:
        own = f'<xs:restriction base="{enumeration_name(component.enumeration)}"/>'
    else:
        own = _restriction(component)
    others = [s.value for s in component.text_format.sentinels]
    if component.kind is ComponentKind.DIMENSION:
        others += [SWITCHED_OFF] if validity.deletion and version == _V31 else []
    elif component.kind is not ComponentKind.TIME:
        others += _MISSING if version == V21 and is_numeric(component) else _MISSING[:1]
    return _simple_type(name, own, () if fixed else others)


def _simple_type(name: str, own: str, others: Sequence[str]) -> str:
    """A named type: a restriction, or some values more than it admits."""
    if not others:
        return f'<xs:simpleType name="{name}">{own}</xs:simpleType>'
    members = (own, _enumeration(others))
    union = "".join(f"<xs:simpleType>{m}</xs:simpleType>" for m in members)
    return f'<xs:simpleType name="{name}"><xs:union>{union}</xs:union></xs:simpleType>'


def _listed(component: ResolvedComponent, allowed: frozenset[str]) -> list[str] | None:
    """What constraints leave of a component, in the order of its list; None for values that are no plain text."""
    if component.enumeration is not None:
        return [item.id for item in component.enumeration.items if item.id in allowed]
    plain = base_type(component) == "xs:string" and component.kind is not ComponentKind.TIME
    return sorted(allowed) if plain else None


# ---- explicit measures of 2.1 -------------------------------------------------------------------------------------

MEASURE_NAMES = "Measure.Type"
"""The type that lists the explicit measures."""


def explicit_types(measures: Sequence[ResolvedComponent]) -> Iterator[str]:
    """The simple types that explicit measures need: their names, and the values of each that has values of its own."""
    names = "".join(f'<xs:enumeration value="{attribute(measure.id)}"/>' for measure in measures)
    yield f'<xs:simpleType name="{MEASURE_NAMES}"><xs:restriction base="common:IDType">{names}</xs:restriction>'
    yield "</xs:simpleType>"
    for measure in measures:
        if _has_values(measure):
            others = _MISSING if is_numeric(measure) else _MISSING[:1]
            listed = measure.enumeration
            own = _enumeration(i.id for i in listed.items) if listed is not None else _restriction(measure)
            yield _simple_type(_explicit_values(measure), own, others)


def explicit_type(measure: ResolvedComponent, primary: ResolvedComponent | None) -> str:
    """The type of the observations of one explicit measure, whose values else are those of the primary measure."""
    values = _explicit_values(measure) if _has_values(measure) else primary and type_name(primary)
    value = f'<xs:attribute name="{OBS_VALUE}" type="{values}" use="optional"/>' if values else ""
    return (
        f'<xs:complexType name="{measure.id}"><xs:complexContent><xs:restriction base="ObsType"><xs:sequence>'
        '<xs:element ref="common:Annotations" minOccurs="0"/></xs:sequence>'
        f'<xs:attribute name="type" type="{MEASURE_NAMES}" use="optional" fixed="{attribute(measure.id)}"/>{value}'
        "</xs:restriction></xs:complexContent></xs:complexType>"
    )


def _explicit_values(measure: ResolvedComponent) -> str:
    return f"Measure.{measure.id}.Type"


def _has_values(measure: ResolvedComponent) -> bool:
    return measure.enumeration is not None or measure.text_format.text_type is not None


def _restriction(component: ResolvedComponent) -> str:
    base = base_type(component)
    primitive = base.removeprefix("xs:")
    exclusive = component.text_type == "ExclusiveValueRange"
    facets = []
    for name, value in component.text_format.facets.items():
        facet, allowed, form = _FACETS.get(name, ("", frozenset[str](), ""))
        if primitive not in allowed or not re.fullmatch(form, value) or (primitive in _WHOLE and "." in value):
            continue
        facet = facet.replace("Inclusive", "Exclusive") if exclusive else facet
        facets.append(f'<xs:{facet} value="{attribute(value)}"/>')
    return f'<xs:restriction base="{base}">{"".join(facets)}</xs:restriction>'
