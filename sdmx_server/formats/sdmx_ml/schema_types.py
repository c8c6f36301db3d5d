"""Simple types of a structure's schema: enumerations, text types with their facets, and the mark of a missing value.

The base types are those that the standard's ``DataType`` names for each text type (SDMX-ML common schema). Names hold a
dot, which no SDMX id does, so that they never meet the name of a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...model.codelist import Codelist, ValueList
from ...model.resolved import ComponentKind, ResolvedComponent
from ..values import is_numeric
from .data_names import attribute, is_complex
from .versions import V21

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
    return f'<xs:restriction base="xs:string">{items}</xs:restriction>'


def component_type(component: ResolvedComponent, version: str) -> str:
    """A component's simple type: its values, its sentinels and, except for dimensions, the mark of a missing value.

    Time keeps the bare standard type, which its XML attribute must restrict. In 2.1 several values, and one of several
    languages, are joined to one text, of which no schema can say more; the start of the reporting year keeps the type
    of the base schema there.
    """
    name = type_name(component)
    fixed = component.kind is ComponentKind.TIME or (version == V21 and component.id == YEAR_START)
    if version == V21 and component.id == YEAR_START:
        own = '<xs:restriction base="xs:gMonthDay"/>'
    elif version == V21 and is_complex(component):
        own = '<xs:restriction base="xs:string"/>'
    elif component.enumeration is not None:
        own = f'<xs:restriction base="{enumeration_name(component.enumeration)}"/>'
    else:
        own = _restriction(component)
    others = [s.value for s in component.text_format.sentinels]
    if component.kind not in (ComponentKind.DIMENSION, ComponentKind.TIME):
        others += _MISSING if version == V21 and is_numeric(component) else _MISSING[:1]
    if not others or fixed:
        return f'<xs:simpleType name="{name}">{own}</xs:simpleType>'
    members = (own, _enumeration(others))
    union = "".join(f"<xs:simpleType>{m}</xs:simpleType>" for m in members)
    return f'<xs:simpleType name="{name}"><xs:union>{union}</xs:union></xs:simpleType>'


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
