"""Structure and schema queries (REST 2.2.2 ``structures.md``, ``schema.md``)."""

from __future__ import annotations

import datetime as dt
import enum

from ..model.common import Value
from .parameters import (
    NO_OVERRIDES,
    Overrides,
    boolean,
    choice,
    choices,
    moment,
    name_of,
    parse_parameters,
)
from .paths import STRUCTURE_TYPES, ArtefactPath, StructurePath, parse_schema_path, parse_structure_path


class Detail(enum.Enum):
    """How much of each artefact is returned (``structures.md``, parameter ``detail``)."""

    FULL = "full"
    ALL_STUBS = "allstubs"
    REFERENCE_STUBS = "referencestubs"
    ALL_COMPLETE_STUBS = "allcompletestubs"
    REFERENCE_COMPLETE_STUBS = "referencecompletestubs"
    REFERENCE_PARTIAL = "referencepartial"
    RAW = "raw"


class Scope(enum.Enum):
    """Which related artefacts are returned too (``structures.md``, parameter ``references``)."""

    NONE = "none"
    PARENTS = "parents"
    PARENTS_AND_SIBLINGS = "parentsandsiblings"
    ANCESTORS = "ancestors"
    CHILDREN = "children"
    DESCENDANTS = "descendants"
    ALL = "all"


class StructureQuery(Value, frozen=True, kw_only=True):
    """A structure query. ``kinds`` are those that ``references`` names as concrete types.

    ``role``: of data constraints among them; None = any. ``maintainers``: whether an artefact refers to the scheme of
    its agency, as it does from REST 2.0 on. ``known``: the kinds that the API has, no others are looked at; None = all.
    ``generation``: whose kinds of artefact the answer is in. ``as_of``: the moment whose artefacts are meant, None for
    the present ones.
    """

    path: StructurePath
    detail: Detail = Detail.FULL
    scopes: tuple[Scope, ...] = ()
    kinds: tuple[str, ...] = ()
    role: str | None = None
    maintainers: bool = True
    known: frozenset[str] | None = None
    generation: str = "3.1"
    as_of: dt.datetime | None = None
    overrides: Overrides = NO_OVERRIDES


class SchemaQuery(Value, frozen=True, kw_only=True):
    """A schema query for one artefact. ``deletion``: the schema is for deletion messages; ``as_of`` as in structures.

    ``explicit_measures`` (REST 1.5.0): observations name their measure as their type.
    """

    path: ArtefactPath
    dimension_at_observation: str | None = None
    deletion: bool = False
    as_of: dt.datetime | None = None
    explicit_measures: bool = False
    overrides: Overrides = NO_OVERRIDES


def parse_structure_query(tail: str, raw_query: str = "") -> StructureQuery:
    """Parse ``/structure{tail}?{raw_query}``; both as they came, percent-encoded.

    Raises ``BadQuery``.
    """
    path = parse_structure_path(tail)
    parameters = parse_parameters(raw_query, ("detail", "references", "asOf"))
    values = parameters.values
    scopes = {scope.value: scope for scope in Scope}
    words = choices(values, "references", (*scopes, *STRUCTURE_TYPES), "none")
    detail = Detail(choice(values, "detail", [detail.value for detail in Detail]))
    return StructureQuery(
        path=path,
        detail=detail,
        scopes=tuple(scopes[word] for word in words if word in scopes and word != "none"),
        kinds=tuple(STRUCTURE_TYPES[word] for word in words if word in STRUCTURE_TYPES),
        as_of=moment(values, "asOf"),
        overrides=parameters.overrides,
    )


def parse_schema_query(tail: str, raw_query: str = "") -> SchemaQuery:
    """Parse ``/schema{tail}?{raw_query}``. Raises ``BadQuery``."""
    path = parse_schema_path(tail)
    parameters = parse_parameters(raw_query, ("dimensionAtObservation", "deletion", "asOf"))
    values = parameters.values
    return SchemaQuery(
        path=path,
        dimension_at_observation=name_of(values, "dimensionAtObservation"),
        deletion=boolean(values, "deletion"),
        as_of=moment(values, "asOf"),
        overrides=parameters.overrides,
    )
