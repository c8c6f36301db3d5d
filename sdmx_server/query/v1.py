"""Queries of REST 1.5.0, read into those of 2.2.2 (documentation, sections 4.3, 4.4, 4.5 and 4.6.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..errors import BadQuery
from ..model.common import Value
from ..model.period import parse_period
from . import v1_paths
from .data import ALL_DIMENSIONS, AvailabilityQuery, DataQuery
from .metadata import MetadataPath, MetadataQuery
from .parameters import Parameters, boolean, choice, integer, moment, name_of, not_offered, parse_parameters
from .structure import Detail, SchemaQuery, Scope, StructureQuery

_PERIODS = ("startPeriod", "endPeriod", "updatedAfter")
_DATA = (
    *_PERIODS,
    *("firstNObservations", "lastNObservations", "dimensionAtObservation", "detail", "includeHistory"),
)
_METADATA = (*_PERIODS, "detail", "includeHistory")
_AVAILABILITY = (*_PERIODS, "references", "mode")
_EXPLICIT = ("explicitMeasure", "explicit")
"""One parameter; the second name is what some clients send."""

_SCHEMA = ("dimensionAtObservation", *_EXPLICIT)
_STRUCTURE = ("detail", "references")
_WORDS = frozenset(("detail", "references", "mode", "includeHistory", *_EXPLICIT))
"""Parameters whose values are keywords, which clients write in any case."""

_DETAILS = tuple(detail for detail in Detail if detail is not Detail.RAW)
_SCOPES: Mapping[str, Scope] = {scope.value: scope for scope in Scope if scope is not Scope.ANCESTORS}
_AVAILABLE = ("codelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme")


class _Amount(Value, frozen=True, kw_only=True):
    """What a ``detail`` of data means: which attributes and measures, and whether there are observations at all."""

    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    series_only: bool = False


_AMOUNTS: Mapping[str, _Amount] = {
    "full": _Amount(),
    "dataonly": _Amount(attributes=("none",)),
    "serieskeysonly": _Amount(attributes=("none",), measures=("none",), series_only=True),
    "nodata": _Amount(attributes=("dataset", "series"), measures=("none",), series_only=True),
}


def _parsed(raw_query: str, known: Collection[str]) -> tuple[dict[str, str], Parameters]:
    """The values with their keywords in lower case, and all there is."""
    parameters = parse_parameters(raw_query, known)
    return {k: v.lower() if k in _WORDS else v for k, v in parameters.values.items()}, parameters


def _period(values: Mapping[str, str], name: str) -> str | None:
    """A standard time period (not a range), or None; raises ``BadQuery``."""
    text = values.get(name)
    if text is None:
        return None
    try:
        if "/" in text:
            raise ValueError(text)
        parse_period(text)
    except ValueError as error:
        raise BadQuery("period", name=name, text=text) from error
    return text


def _periods(values: Mapping[str, str]) -> tuple[str | None, str | None]:
    start, end = _period(values, "startPeriod"), _period(values, "endPeriod")
    if start is not None and end is not None and parse_period(start).start >= parse_period(end).end:
        raise BadQuery("periods-order", start=start, end=end)
    return start, end


def _dimension(values: Mapping[str, str]) -> str | None:
    found = name_of(values, "dimensionAtObservation")
    return ALL_DIMENSIONS if found is not None and found.lower() == ALL_DIMENSIONS.lower() else found


def parse_data_query(tail: str, raw_query: str = "") -> DataQuery:
    """Parse ``/data{tail}?{raw_query}``; both as they came, percent-encoded.

    Raises ``BadQuery``.
    """
    path = v1_paths.parse_data_path(tail)
    values, parameters = _parsed(raw_query, _DATA)
    amount = _AMOUNTS[choice(values, "detail", tuple(_AMOUNTS))]
    start, end = _periods(values)
    dimension = _dimension(values)
    if amount.series_only and dimension == ALL_DIMENSIONS:
        dimension = None  # series without observations are the same in the flat view
    return DataQuery(
        path=path,
        start_period=start,
        end_period=end,
        first_n=integer(values, "firstNObservations", 1),
        last_n=integer(values, "lastNObservations", 1),
        dimension_at_observation=dimension,
        attributes=amount.attributes,
        measures=amount.measures,
        series_only=amount.series_only,
        can_page=False,
        updated_after=moment(values, "updatedAfter"),
        include_history=boolean(values, "includeHistory"),
        overrides=parameters.overrides,
    )


def parse_availability_query(tail: str, raw_query: str = "") -> AvailabilityQuery:
    """Parse ``/availableconstraint{tail}?{raw_query}``. Raises ``BadQuery``."""
    path = v1_paths.parse_availability_path(tail)
    values, parameters = _parsed(raw_query, _AVAILABILITY)
    word = choice(values, "references", ("none", "all", *_AVAILABLE))
    start, end = _periods(values)
    mode = choice(values, "mode", ("exact", "available"))
    return AvailabilityQuery(
        path=path,
        start_period=start,
        end_period=end,
        available=mode == "available",
        references=frozenset(_AVAILABLE if word == "all" else (word,)) - {"none"},
        updated_after=moment(values, "updatedAfter"),
        overrides=parameters.overrides,
    )


def parse_metadata_query(tail: str, raw_query: str = "") -> MetadataQuery:
    """Parse ``/metadata{tail}?{raw_query}``: a metadataflow, a key and providers.

    What is stored is about artefacts and not about keys of data, so that any key but ``all`` finds nothing. Raises
    ``BadQuery``, and ``NotImplementedYet`` for details without what is reported, for which messages have no place.
    """
    path = v1_paths.parse_data_path(tail, "metadata")
    values, parameters = _parsed(raw_query, _METADATA)
    start, end = _periods(values)
    detail = choice(values, "detail", tuple(_AMOUNTS))
    query = MetadataQuery(
        path=MetadataPath(
            kinds=("Metadataflow",),
            agencies=path.agencies,
            ids=path.ids,
            versions=path.versions,
            providers=path.providers,
        ),
        updated_after=moment(values, "updatedAfter"),
        start_period=start,
        end_period=end,
        keyed=bool(path.keys),
        include_history=boolean(values, "includeHistory"),
        annotated=detail != "dataonly",
        overrides=parameters.overrides,
    )
    if detail not in ("full", "dataonly"):
        raise not_offered(f"detail={detail}")
    return query


def parse_structure_query(resource: str, tail: str, raw_query: str = "") -> StructureQuery:
    """Parse ``/{resource}{tail}?{raw_query}`` for a resource of ``v1_paths.RESOURCES``. Raises ``BadQuery``."""
    path = v1_paths.parse_structure_path(resource, tail)
    values, parameters = _parsed(raw_query, _STRUCTURE)
    types = {name: kinds for name, kinds in v1_paths.RESOURCES.items() if name != "structure"}
    word = choice(values, "references", ("none", *(name for name in _SCOPES if name != "none"), *types))
    return StructureQuery(
        path=path,
        detail=Detail(choice(values, "detail", [detail.value for detail in _DETAILS])),
        scopes=(_SCOPES[word],) if word in _SCOPES and word != "none" else (),
        kinds=types.get(word, ()),
        role=v1_paths.role_of(word),
        maintainers=False,
        known=frozenset(v1_paths.RESOURCES["structure"]),
        generation="2.1",
        overrides=parameters.overrides,
    )


def parse_schema_query(tail: str, raw_query: str = "") -> SchemaQuery:
    """Parse ``/schema{tail}?{raw_query}``. Raises ``BadQuery``."""
    path = v1_paths.parse_schema_path(tail)
    values, parameters = _parsed(raw_query, _SCHEMA)
    return SchemaQuery(
        path=path,
        dimension_at_observation=_dimension(values),
        explicit_measures=any([boolean(values, name) for name in _EXPLICIT]),
        overrides=parameters.overrides,
    )
