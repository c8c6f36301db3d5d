"""Data and availability queries, and what they ask of one structure (REST 2.2.2 ``data.md``, ``availability.md``)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from ..batches import Condition, Filter, Operator, Order, ReadPlan
from ..errors import BadQuery, BadSemantics
from ..model.common import Value
from ..model.period import parse_period
from ..model.representation import NUMERIC, TEMPORAL
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from .filters import parse_filters
from .keys import key_patterns
from .parameters import (
    NO_OVERRIDES,
    Overrides,
    boolean,
    choice,
    choices,
    integer,
    moment,
    name_of,
    names,
    parse_parameters,
    year_start,
)
from .paths import AvailabilityPath, DataPath, parse_availability_path, parse_data_path
from .sorting import ALL_DIMENSIONS, SortTerm, parse_sort, sort_keys

__all__ = ["ALL_DIMENSIONS", "AvailabilityQuery", "DataQuery", "parse_availability_query", "parse_data_query"]

_DATA = (
    *("c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes"),
    *("measures", "includeHistory", "offset", "limit", "sort", "asOf", "reportingYearStartDay"),
)
_AVAILABILITY = ("c", "mode", "references", "updatedAfter", "reportingYearStartDay")
_ALL_LEVELS = ("dataset", "group", "series", "observation")
_LEVELS: Mapping[str, tuple[str, ...]] = {
    "dsd": _ALL_LEVELS,
    "dataset": ("dataset",),
    "series": ("group", "series"),
    "obs": ("observation",),
    "none": (),
}
"""The levels of the attributes of the data structure that the keywords ask for."""

_REFERENCES = (
    "none",
    "all",
    "datastructure",
    "conceptscheme",
    "codelist",
    "dataproviderscheme",
    "dataflow",
    "valuelist",
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?|[+-]?INF", re.ASCII)
_TEXT_OPERATORS = (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)


class DataQuery(Value, frozen=True, kw_only=True):
    """A data query. ``attributes`` and ``measures`` are ids and the standard's keywords, as given.

    ``series_only``: the series without their observations (``detail=serieskeysonly`` or ``nodata`` of REST 1.5.0; in
    2.2.2 no measures, and no attributes but those of series and data sets, unless all dimensions are asked for at the
    observation). ``offset`` and ``limit`` count observations, or series where there are only these; ``can_page``:
    whether the API has them. Of REST 1.5.0: ``start_period`` and ``end_period``, standard periods that bound the time
    where there is time.
    """

    path: DataPath
    filters: tuple[Filter, ...] = ()
    start_period: str | None = None
    end_period: str | None = None
    first_n: int | None = None
    last_n: int | None = None
    dimension_at_observation: str | None = None
    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    year_start: str = "--01-01"
    series_only: bool = False
    updated_after: dt.datetime | None = None
    as_of: dt.datetime | None = None
    include_history: bool = False
    offset: int = 0
    limit: int | None = None
    can_page: bool = True
    sort: tuple[SortTerm, ...] = ()
    overrides: Overrides = NO_OVERRIDES

    @property
    def partial(self) -> bool:
        """Whether only some attributes or measures are asked for."""
        return not ({"dsd", "all"} & set(self.attributes)) or "all" not in self.measures


class AvailabilityQuery(Value, frozen=True, kw_only=True):
    """An availability query. ``references``: resource names, ``all`` written out.

    ``available``: mode ``available``, what could be chosen for each dimension as the others stand; else ``exact``.
    ``start_period`` and ``end_period`` as in ``DataQuery``.
    """

    path: AvailabilityPath
    filters: tuple[Filter, ...] = ()
    start_period: str | None = None
    end_period: str | None = None
    available: bool = False
    references: frozenset[str] = frozenset()
    year_start: str = "--01-01"
    updated_after: dt.datetime | None = None
    overrides: Overrides = NO_OVERRIDES


def _only(values: Sequence[str], alone: Sequence[str], name: str) -> None:
    """Refuse a keyword for all or nothing beside other values."""
    for word in alone:
        if word in values and len(values) > 1:
            raise BadQuery("word-alone", name=name, word=word)


def parse_data_query(tail: str, raw_query: str = "") -> DataQuery:
    """Parse ``/data{tail}?{raw_query}``; both as they came, percent-encoded.

    Raises ``BadQuery``.
    """
    path = parse_data_path(tail)
    return msgspec.structs.replace(_asked(raw_query), path=path)


_NO_PATH = parse_data_path("")
_NO_OBSERVATIONS = frozenset(("none", "dataset", "series"))
"""Values of ``attributes`` that ask for nothing of single observations."""


@lru_cache(maxsize=64)
def _asked(raw_query: str) -> DataQuery:
    """What stands behind the question mark, which many queries with paths of their own have in common."""
    parameters = parse_parameters(raw_query, _DATA)
    values = parameters.values
    attributes = names(values, "attributes", "dsd")
    measures = names(values, "measures", "all")
    _only(attributes, ("none",), "attributes")
    _only(measures, ("all", "none"), "measures")
    dimension = name_of(values, "dimensionAtObservation")
    query = DataQuery(
        path=_NO_PATH,
        filters=parse_filters(parameters.filters),
        first_n=integer(values, "firstNObservations", 1),
        last_n=integer(values, "lastNObservations", 1),
        dimension_at_observation=dimension,
        attributes=attributes,
        measures=measures,
        year_start=year_start(values),
        updated_after=moment(values, "updatedAfter"),
        as_of=moment(values, "asOf"),
        include_history=boolean(values, "includeHistory"),
        series_only=measures == ("none",) and _NO_OBSERVATIONS.issuperset(attributes) and dimension != ALL_DIMENSIONS,
        offset=integer(values, "offset", 0) or 0,
        limit=integer(values, "limit", 1),
        sort=parse_sort(values.get("sort")),
        overrides=parameters.overrides,
    )
    if query.updated_after and query.as_of and query.updated_after > query.as_of:
        raise BadQuery("moments-order")
    return query


def parse_availability_query(tail: str, raw_query: str = "") -> AvailabilityQuery:
    """Parse ``/availability{tail}?{raw_query}``. Raises ``BadQuery``."""
    path = parse_availability_path(tail)
    parameters = parse_parameters(raw_query, _AVAILABILITY)
    values = parameters.values
    words = choices(values, "references", _REFERENCES, "none")
    mode = choice(values, "mode", ("exact", "available"))
    return AvailabilityQuery(
        path=path,
        filters=parse_filters(parameters.filters),
        available=mode == "available",
        references=frozenset(_REFERENCES[2:] if "all" in words else words) - {"none"},
        year_start=year_start(values),
        updated_after=moment(values, "updatedAfter"),
        overrides=parameters.overrides,
    )


# ---- against a structure ------------------------------------------------------------------------------------------


def observation_dimension(asked: str | None, schema: ResolvedStructure) -> str:
    """The dimension at the observation: the one asked for, by default time, else ``AllDimensions``.

    Raises ``BadSemantics`` when the structure does not have it.
    """
    if asked is None:
        return schema.time.id if schema.time else ALL_DIMENSIONS
    if asked != ALL_DIMENSIONS and asked not in schema.dimension_ids:
        known = (*schema.dimension_ids, ALL_DIMENSIONS)
        raise BadSemantics("observation-dimension-unknown", name=asked, known=known)
    return asked


def _check_time(component: str, condition: Condition, start: str) -> None:
    if condition.operator not in _TEXT_OPERATORS:
        _check_period(component, condition, start)


def _check_period(component: str, condition: Condition, start: str) -> None:
    try:
        parse_period(condition.value, start)
    except ValueError as reason:
        raise BadSemantics("filter-period", component=component, text=condition.value) from reason


def _check_value(component: ResolvedComponent, condition: Condition, start: str) -> None:
    """Numbers are compared with numbers, dates with dates; codes and text with anything, and what is printed, too."""
    if component.enumeration is not None or condition.operator in _TEXT_OPERATORS:
        return
    if component.text_type in NUMERIC:
        if not _NUMBER.fullmatch(condition.value):
            raise BadSemantics("filter-number", component=component.id, text=condition.value)
    elif component.text_type in TEMPORAL:
        _check_period(component.id, condition, start)


def _checked(filters: Sequence[Filter], schema: ResolvedStructure, start: str) -> tuple[Filter, ...]:
    for found in filters:
        component = schema.component(found.component)
        if component is None:
            known = [c.id for c in schema.components]
            raise BadSemantics("filter-unknown", name=found.component, known=known)
        for condition in (condition for alternative in found.any_of for condition in alternative):
            if component.kind is ComponentKind.TIME:
                _check_time(component.id, condition, start)
            elif component.kind in (ComponentKind.MEASURE, ComponentKind.ATTRIBUTE):
                _check_value(component, condition, start)
    return tuple(filters)


def _selection(query: DataQuery | AvailabilityQuery, schema: ResolvedStructure) -> ReadPlan:
    """Keys and filters; startPeriod and endPeriod count only where there is time (REST 1.5.0, section 4.4)."""
    filters = _checked(query.filters, schema, query.year_start)
    bounds = ((Operator.GE, query.start_period), (Operator.LE, query.end_period))
    within = tuple(Condition(operator, text) for operator, text in bounds if text is not None)
    if within and schema.time is not None:
        filters = (*filters, Filter(component=schema.time.id, any_of=(within,)))
    path = query.path
    return ReadPlan(
        keys=key_patterns(path.keys, [d.id for d in schema.dimensions], path.whole_keys),
        filters=filters,
        reporting_year_start=query.year_start,
    )


def _chosen_attributes(words: Sequence[str], schema: ResolvedStructure) -> tuple[str, ...] | None:
    """The ids asked for in DSD order; None = all.

    Keywords of levels are about the attributes of the data structure; metadata attributes that it uses come with
    ``msd``, ``all`` or their id.
    """
    used = any(a.metadata for a in schema.attributes)
    if "all" in words or (("msd" in words or not used) and "dsd" in words):
        return None
    levels = {level for word in words for level in _LEVELS.get(word, ())}
    ids = _ids([word for word in words if word not in (*_LEVELS, "msd")], schema.attributes, "attribute-unknown")
    return tuple(
        a.id for a in schema.attributes if a.id in ids or ("msd" in words if a.metadata else schema.level(a) in levels)
    )


def _ids(words: Sequence[str], components: Sequence[ResolvedComponent], unknown: str) -> frozenset[str]:
    known = [component.id for component in components]
    for word in words:
        if word not in known:
            raise BadSemantics(unknown, name=word, known=known)
    return frozenset(words)


def _chosen_measures(words: Sequence[str], schema: ResolvedStructure) -> tuple[str, ...] | None:
    if "all" in words:
        return None
    ids = _ids([word for word in words if word != "none"], schema.measures, "measure-unknown")
    return tuple(measure.id for measure in schema.measures if measure.id in ids)


def is_partial(query: DataQuery, schema: ResolvedStructure) -> bool:
    """Whether observations are told in part: who replaces his own by them would lose what was not asked for.

    That can be metadata attributes of observations, too; attributes of other levels are never replaced as a whole.
    """
    if query.partial or "all" in query.attributes or "msd" in query.attributes:
        return query.partial
    return any(a.metadata and schema.level(a) == "observation" for a in schema.attributes)


def fits(query: DataQuery | AvailabilityQuery, schema: ResolvedStructure) -> bool:
    """Whether a structure has the components that a query names, and as many dimensions as its keys."""
    filtered = all(schema.component(found.component) is not None for found in query.filters)
    told = query.path.components if isinstance(query, AvailabilityQuery) else None
    named = set(told or ()) <= set(schema.dimension_ids)
    return filtered and named and all(len(key) <= len(schema.dimensions) for key in query.path.keys)


def plan_of(query: DataQuery, schema: ResolvedStructure, rows: bool = False) -> ReadPlan:
    """What to read of one structure's data.

    The order is CROSS when another dimension than time is at the observation, else SERIES (a writer may need another);
    of what is sorted ROWS where nothing is grouped: in a flat answer, and by a format of plain ``rows``. Of time series
    only, one observation each is read, and so of other sections. Raises ``BadQuery`` for a key with too many parts,
    ``BadSemantics`` for a component that the structure does not have and a value that a component cannot be compared
    with: what a value must be is known from the structure alone.
    """
    dimension = observation_dimension(query.dimension_at_observation, schema)
    across = dimension != ALL_DIMENSIONS and (schema.time is None or dimension != schema.time.id)
    one_each = query.series_only and not across
    order = Order.CROSS if across else Order.SERIES
    if query.sort and not (across and query.series_only) and (rows or dimension == ALL_DIMENSIONS):
        order = Order.ROWS
    return msgspec.structs.replace(
        _selection(query, schema),
        first_n=None if one_each else query.first_n,
        last_n=1 if one_each else query.last_n,
        measures=_chosen_measures(query.measures, schema),
        attributes=_chosen_attributes(query.attributes, schema),
        order=order,
        dimension_at_observation=dimension if order is Order.CROSS else None,
        sections=query.series_only and across,
        any_change=query.series_only,
        sort=sort_keys(query.sort, schema, dimension),
        offset=query.offset,
        limit=query.limit,
    )


def availability_plan(query: AvailabilityQuery, schema: ResolvedStructure) -> ReadPlan:
    """The keys and filters of an availability query; raises as ``plan_of`` does."""
    return _selection(query, schema)


def freed(plan: ReadPlan, dimension: str, schema: ResolvedStructure) -> ReadPlan:
    """The plan without what it asks of one dimension: what could be chosen there as the other dimensions stand."""
    ids = [d.id for d in schema.dimensions]
    place = ids.index(dimension) if dimension in ids else len(ids)
    keys = tuple(dict.fromkeys((*key[:place], None, *key[place + 1 :])[: len(ids)] for key in plan.keys))
    return msgspec.structs.replace(
        plan,
        keys=keys if all(any(key) for key in keys) else (),
        filters=tuple(found for found in plan.filters if found.component != dimension),
    )


def availability_components(query: AvailabilityQuery, schema: ResolvedStructure) -> tuple[str, ...]:
    """The dimensions asked for, in DSD order, time last; raises ``BadSemantics`` for one that is not there."""
    wanted = query.path.components
    if wanted is None:
        return schema.dimension_ids
    for component in wanted:
        if component not in schema.dimension_ids:
            raise BadSemantics("dimension-unknown", name=component, known=schema.dimension_ids)
    return tuple(dimension for dimension in schema.dimension_ids if dimension in wanted)
