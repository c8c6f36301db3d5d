"""The ``structures`` of SDMX-JSON data messages: components with their levels, formats, values and links."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ...batches import DataPart
from ...model.reference import Reference, reference_to
from ...model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from ..kept import Kind
from ..literals import Level, Table, levels
from ..primary_measure import OBS_VALUE, primary_measure
from ..values import ALL_DIMENSIONS, apart, attributes, context_names, dimensions, is_numeric, measures
from .data_values import DESCRIPTION, NAME, Indices, Values, entries
from .engine import V10, V20, Json, Writing
from .identity import address
from .listed_values import Figures, Listed, ListedTexts

_TYPES = frozenset(
    (
        *("String", "Alpha", "AlphaNumeric", "Numeric", "BigInteger", "Integer", "Long", "Short", "Decimal", "Float"),
        *("Double", "Boolean", "URI", "Count", "InclusiveValueRange", "ExclusiveValueRange", "Incremental", "XHTML"),
        *("ObservationalTimePeriod", "StandardTimePeriod", "BasicTimePeriod", "GregorianTimePeriod", "GregorianYear"),
        *("GregorianYearMonth", "GregorianDay", "ReportingTimePeriod", "ReportingYear", "ReportingSemester", "Time"),
        *("ReportingTrimester", "ReportingQuarter", "ReportingMonth", "ReportingWeek", "ReportingDay", "DateTime"),
        *("TimeRange", "Month", "MonthDay", "Day", "Duration", "GeospatialInformation"),
    )
)
_LEVELS = ("dataSet", "series", "observation")
"""Levels of attributes that are always listed, for clients ask each for its length."""
_COUNTS = ("minLength", "maxLength", "decimals")
_LIMITS = ("minValue", "maxValue")
_LINK = {"Dataflow": "dataflow", "DataStructure": "datastructure", "ProvisionAgreement": "provisionagreement"}


_A_VALUE = 8
"""Literals that take as much room as an entry of ``values``, with its names."""

T = TypeVar("T")


class Entry(dict[str, Any]):
    """A component as ``structures`` has it; ``names`` holds a text in each language that its names are in."""

    __slots__ = ("names",)

    def __init__(self, held: Json) -> None:
        super().__init__(held)
        self.names: Json = dict(held.get("names", {}))
        values = held.get("values", ())
        for value in values if isinstance(values, list) else ():
            self.names.update(value.get("names", {}))


class Plan:
    """Where everything of a data set stands; the order of each list is that of the indices and arrays in the data.

    A structure of one dimension only is always written flat, since its series would have no key; an answer of series
    only never is, unless there is no time: then it is the keys of observations (``keys_only``). Version 1.0 knows no
    groups, whose attributes go to the series, and one measure, beside which the others are attributes of the
    observation (``formats.primary_measure``). From 2.0 on attributes that are told by themselves are all those of
    dimension groups, whatever their key (``partial_keys``). ``parts`` are the data sets that share one structure there;
    ``kind`` keeps what small answers of one data set share.
    """

    def __init__(self, part: DataPart, version: str, parts: Sequence[DataPart] = (), kind: Kind | None = None) -> None:
        self._kind = kind
        self.part, self.dataset, self.schema = part, part.dataset, part.dataset.schema
        self._groups = version != V10
        self.partial_keys = part.attributes_only and self._groups
        everywhere = part.dimension_at_observation == ALL_DIMENSIONS
        self.keys_only = part.series_only and not part.attributes_only and everywhere and self.schema.time is None
        in_series = part.series_only and not self.keys_only
        self.flat = (everywhere and not in_series) or len(self.schema.dimension_ids) == 1
        self.apart = apart(part)
        self.levels = self.once("levels", lambda: levels(part.dataset, self.apart))
        self._datasets = [one.dataset for one in parts or (part,)]
        self.indices = {
            d.id: self.once_used("indices", d.id, lambda d=d: Indices(d, self._datasets))  # type: ignore[misc]
            for d in dimensions(self.schema)
        }
        self.key = [] if self.flat else [d for d in dimensions(self.schema) if d.id != self.apart]
        self.at = dimensions(self.schema) if self.flat else [d for d in dimensions(self.schema) if d.id == self.apart]
        self.measures: list[ResolvedComponent | None] = [] if self.partial_keys else list(measures(part))
        self.attributes: dict[str, list[ResolvedComponent]] = {}
        if version == V10:
            self._one_measure()
        for component in self._told():
            self.attributes.setdefault(self._level(component), []).append(component)
        self.values: dict[str, AnyValues] = {}
        for one in (*filter(None, self.measures), *(c for group in self.attributes.values() for c in group)):
            if version == V10:
                self.values[one.id] = _in_1_0(one, one in self.measures)
            elif not is_numeric(one):
                self.values[one.id] = self.once(
                    ("values", one.id),
                    lambda one=one: Values(one, part.dataset, version),  # type: ignore[misc]
                )

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, kept for answers of the same kind."""
        return make() if self._kind is None else self._kind.once(name, make)

    def once_used(self, name: str, dimension: str, make: Callable[[], T]) -> T:
        """The same for answers in which the same values of a dimension occur."""
        if self._kind is None:
            return make()
        used = self.dataset.used(dimension)
        return self._kind.once((name, dimension, used.tobytes()), make, _A_VALUE * len(used))

    def positions(self) -> dict[str, Table]:
        """The texts of the indices of each dimension, by dictionary id."""
        return {
            name: self.once_used("positions", name, lambda indices=indices: indices.table(self.dataset))  # type: ignore[misc]
            for name, indices in self.indices.items()
        }

    def _one_measure(self) -> None:
        """Keep the primary measure as such (None when it was not asked for); the others become attributes."""
        primary = primary_measure([m.id for m in self.schema.measures])
        others = [m for m in self.measures if m is not None and m.id != primary]
        self.measures = [next((m for m in self.measures if m is not None and m.id == primary), None)]
        self.attributes["observation"] = others

    def _told(self) -> list[ResolvedComponent]:
        """The attributes of the data set; those that are told by themselves attach to fewer dimensions than all."""
        told = attributes(self.part)
        return [a for a in told if self.schema.level(a) != "observation"] if self.partial_keys else told

    def _level(self, attribute: ResolvedComponent) -> str:
        """Where an attribute is presented; what depends on the time only or on groups with it goes down a level."""
        if not attribute.attached_to:
            return "dataSet"
        if self.partial_keys:
            return "dimensionGroup"
        time = self.schema.time
        of_group = self.schema.level(attribute) == "group" and not (time and time.id in attribute.attached_to)
        if of_group and self._groups:
            return "dimensionGroup"
        return "observation" if self.flat or self.levels[attribute.id] is Level.OBSERVATION else "series"

    def at_level(self, level: str) -> list[ResolvedComponent]:
        """The attributes of a level."""
        return self.attributes.get(level, [])


AnyValues = Values | Listed | ListedTexts | Figures


def _in_1_0(component: ResolvedComponent, primary: bool) -> AnyValues:
    """How 1.0 gives the values: the primary measure as they are, all others by index."""
    if primary:
        return ListedTexts(component)
    return Figures(component) if is_numeric(component) else Listed(component)


def structure(plan: Plan, index: int, to: Writing, base_url: str) -> Json:
    """The entry of ``structures`` for one data set; the one ``structure`` of a message in 1.0."""
    schema, part = plan.schema, plan.part
    out: Json = {"links": list(links(part.context, schema, base_url))}
    named = schema.dataflow if part.context.kind != "DataStructure" and schema.dataflow else schema.structure
    NAME.write(named, out, to)
    if context_names(part):
        DESCRIPTION.write(named, out, to)
    out["dimensions"] = {
        level: [d for d in (_dimension(c, plan, to) for c in group) if d is not None]
        for level, group in (("dataSet", []), ("series", plan.key), ("observation", plan.at))
    }
    if to.version != V10:
        out["measures"] = {"observation": [_measure(c, plan, to) for c in measures(part)]}
    out["attributes"] = {level: [_attribute(c, plan, to) for c in plan.at_level(level)] for level in _LEVELS} | {
        level: [_attribute(c, plan, to) for c in group]
        for level, group in plan.attributes.items()
        if level not in _LEVELS
    }
    return out if to.version == V10 else out | {"dataSets": [index]}


def links(context: Reference, schema: ResolvedStructure, base_url: str) -> Iterator[Json]:
    """The links of a structure: first what was asked for, then the data structure behind it."""
    for reference in dict.fromkeys((context, reference_to(schema.structure))):
        link: Json = {"rel": _LINK[reference.kind], "urn": reference.urn}
        if base_url:
            link["href"] = address(reference, base_url)
        yield link


def _component(component: ResolvedComponent, to: Writing) -> Json:
    out: Json = {"id": component.id}
    NAME.write(component, out, to)
    DESCRIPTION.write(component, out, to)
    roles = [role.item for role in component.roles if role.item]
    return out | {"roles": roles} if roles else out


def _dimension(component: ResolvedComponent, plan: Plan, to: Writing) -> Entry | None:
    """A dimension; None in an empty answer of 2.0, whose schema has no dimension without values."""
    found = plan.once_used("dimension", component.id, lambda: Entry(_dimension_written(component, plan, to)))
    return found or None


def _dimension_written(component: ResolvedComponent, plan: Plan, to: Writing) -> Json:
    unseen = plan.part.series_only and not (plan.partial_keys or plan.keys_only) and component in plan.at
    values = [] if unseen else plan.indices[component.id].values(to)
    if not values and to.version == V20:
        return {}
    out = _component(component, to) | {"keyPosition": plan.schema.dimension_ids.index(component.id)}
    if to.version == V10:
        return out | {"values": values}
    if component.enumeration is None and (form := _format(component)):
        out["format"] = form
    return out | {"values": values} if values else out


def _measure(component: ResolvedComponent, plan: Plan, to: Writing) -> Entry:
    def written() -> Entry:
        out = _component(component, to) | {"isMandatory": component.mandatory}
        return Entry(out | _representation(component, plan.values.get(component.id), to))

    return plan.once(("measure", component.id), written)


def _attribute(component: ResolvedComponent, plan: Plan, to: Writing) -> Entry:
    values = plan.values.get(component.id)
    if isinstance(values, Listed | Figures):
        relationship = _relationship_2_1(component, plan.schema)
        return Entry(_component(component, to) | {"relationship": relationship, "values": values.entries(to)})

    def written() -> Entry:
        out = _component(component, to) | {"isMandatory": component.mandatory}
        out["relationship"] = _relationship(component, plan.schema)
        return Entry(out | _representation(component, values, to))

    return plan.once(("attribute", component.id), written)


def _relationship_2_1(component: ResolvedComponent, schema: ResolvedStructure) -> Json:
    """The relationship in the words of 2.1; a further measure belongs to the observation."""
    level = "observation" if component.kind is ComponentKind.MEASURE else schema.level(component)
    if level == "dataset":
        return {"none": {}}
    return {"primaryMeasure": OBS_VALUE} if level == "observation" else {"dimensions": list(component.attached_to)}


def _relationship(attribute: ResolvedComponent, schema: ResolvedStructure) -> Json:
    level = schema.level(attribute)
    out: Json = {"dimensions": list(attribute.attached_to)}
    if level in ("dataset", "observation"):
        out = {"dataflow" if level == "dataset" else "observation": {}}
    return out | {"measures": list(attribute.measures)} if attribute.measures else out


def _representation(component: ResolvedComponent, values: AnyValues | None, to: Writing) -> Json:
    """Format, occurrences and listed values of a measure or attribute."""
    out: Json = {}
    form = _format(component) if component.enumeration is None else {}
    if component.multi_valued:
        occurs = {"minOccurs": component.min_occurs, "maxOccurs": component.max_occurs or "unbounded"}
        (form if to.version == V20 else out).update(occurs)
    if form:
        out["format"] = form
    if isinstance(values, Values) and values.listed:
        out["values"] = entries(component, values.listed, to)
    return out


def _format(component: ResolvedComponent) -> Json:
    """The text format, its facets as JSON numbers and truth values; a facet that is none is left out."""
    found: Json = {}
    allowed = _TYPES - {"XHTML"} if component.kind is ComponentKind.DIMENSION else _TYPES
    if component.text_type in allowed:
        found["dataType"] = component.text_type
    if component.multilingual:
        found["isMultiLingual"] = True
    return found | dict(_facets(component.text_format.facets))


def _facets(facets: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    for name, text in facets.items():
        if name in _COUNTS and text.isdecimal() and int(text):
            yield name, int(text)
        elif name in _LIMITS and text.lstrip("-").replace(".", "", 1).isdecimal():
            yield name, float(text) if "." in text else int(text)
        elif name == "pattern":
            yield name, text
