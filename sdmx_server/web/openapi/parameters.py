"""The parameters of both versions of the API as OpenAPI knows them: place, schema, style and a real example.

A parameter has a key: its name, or ``resource.name`` where resources differ. Words that the query parsers allow are
taken from their tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...query import paths, v1_paths
from ...query.negotiation import CODINGS
from ...query.structure import Detail, Scope

Schema = Mapping[str, Any]

MOMENT = "2024-05-01T12:00:00Z"
FLOW, PERIOD = "CENSUS_POP", "2016-03-20/P366D"
_DETAILS = tuple(detail.value for detail in Detail)
_SCOPES = tuple(scope.value for scope in Scope)


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter. ``example`` is a value that gives an answer with the shipped products; None: there is none."""

    key: str
    place: str  # path, query or header
    schema: Schema
    example: Any = None
    style: str | None = None
    explode: bool | None = None

    @property
    def name(self) -> str:
        """What it is called in the address."""
        return self.key.rpartition(".")[2]


def _words(words: Sequence[str], default: str | None = None) -> dict[str, Any]:
    """One of some words."""
    found: dict[str, Any] = {"type": "string", "enum": list(dict.fromkeys(words))}
    return found if default is None else {**found, "default": default}


def _listed(items: Schema) -> dict[str, Any]:
    """Some values of a kind, separated by commas."""
    return {"type": "array", "items": dict(items), "minItems": 1}


def _text(pattern: str = "", default: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string"}
    if pattern:
        found["pattern"] = f"^({pattern})$"
    return found if default is None else {**found, "default": default}


_MOMENT = {"type": "string", "format": "date-time"}
_FLAG = {"type": "boolean", "default": False}
_POSITIVE = {"type": "integer", "minimum": 1}
_VERSIONS = r"[0-9A-Za-z.,+~*-]+"
_AGENCY, _ID, _NAME = paths.AGENCY.pattern, paths.ID.pattern, paths.COMPONENT.pattern
_FLOW = rf"({_AGENCY},)?{_ID}(,(latest|[0-9A-Za-z.-]+))?"
_TERM = rf"(\*|{_NAME})(:(asc|desc))?"
_PERIOD = _text(r"\d{4}(-(\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2})?)?|[ASTQ]\d|[MW]\d{2}|D\d{3}))?")


def _path(key: str, schema: Schema, example: Any) -> Parameter:
    listed = schema.get("type") == "array"
    return Parameter(key=key, place="path", schema=schema, example=example, style="simple" if listed else None)


def _query(key: str, schema: Schema, example: Any = None) -> Parameter:
    listed = schema.get("type") == "array"
    return Parameter(
        key=key,
        place="query",
        schema=schema,
        example=example,
        style="form" if listed else None,
        explode=False if listed else None,
    )


def _commas(pattern: str, default: str | None = "*") -> dict[str, Any]:
    one = rf"(\*|{pattern})"
    return _text(rf"{one}(,{one})*", default)


def _pluses(pattern: str, default: str = v1_paths.ALL) -> dict[str, Any]:
    return _text(rf"{pattern}(\+{pattern})*", default)


HEADERS = (
    Parameter(key="Accept-Language", place="header", schema=_text(), example="fa, en;q=0.5"),
    Parameter(key="Accept-Encoding", place="header", schema=_text(), example=", ".join(CODINGS)),
    Parameter(key="If-None-Match", place="header", schema=_text()),
    Parameter(key="If-Modified-Since", place="header", schema=_text()),
)
"""Request headers beside Accept, which OpenAPI says by the media types of the answers."""

OVERRIDES = (
    _query("formatVersion", _text(r"[0-9A-Za-z.+~*-]+")),
    _query("compression", _words(CODINGS)),
    _query("lang", _text(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), "en"),
)
"""What every resource takes; ``format`` comes from the formats of each."""

_BOTH = (
    _query("updatedAfter", _MOMENT, MOMENT),
    _query("availability.updatedAfter", _MOMENT, MOMENT),
    _query("firstNObservations", _POSITIVE, 1),
    _query("lastNObservations", _POSITIVE, 1),
    _query("includeHistory", _FLAG),
    _query("mode", _words(("exact", "available"), "exact"), "available"),
)

V2: tuple[Parameter, ...] = (
    *_BOTH,
    _path("context", _words((*paths.DATA_CONTEXTS, "*"), "*"), "dataflow"),
    _path("availability.context", _words((*paths.DATA_CONTEXTS, "*")), "dataflow"),
    _path("schema.context", _words(tuple(paths.SCHEMA_CONTEXTS)), "dataflow"),
    _path("artefactType", _words((*paths.STRUCTURE_TYPES, *paths.GEO_TYPES, "*"), "*"), "codelist"),
    _path("items.artefactType", _words((*sorted(paths.ITEM_TYPES), *paths.GEO_TYPES, "*"), "*"), "codelist"),
    _path("agencyID", _commas(_AGENCY), "SCI"),
    _path("schema.agencyID", _text(_AGENCY), "SCI"),
    _path("resourceID", _commas(_ID), FLOW),
    _path("structure.resourceID", _commas(_ID), "CL_AREA"),
    _path("schema.resourceID", _text(_ID), FLOW),
    _path("version", _text(_VERSIONS, "*"), "1.0.0"),
    _path("structure.version", _text(_VERSIONS, "~"), "~"),
    _path("schema.version", _text(r"[0-9A-Za-z.+~-]+", "~"), "1.0.0"),
    _path("itemID", _text(default="*"), "IR-23"),
    _path("key", _text(r"[A-Za-z0-9_@$.,*-]+", "*"), "A.IR._T.*._T"),
    _path("componentID", _commas(_NAME), "SEX"),
    Parameter(
        key="c",
        place="query",
        schema={"type": "object", "additionalProperties": {"type": "string"}},
        example={"TIME_PERIOD": PERIOD},
        style="deepObject",
        explode=True,
    ),
    _query("dimensionAtObservation", _text(_NAME), "AllDimensions"),
    _query("schema.dimensionAtObservation", _text(_NAME), "AllDimensions"),
    _query("attributes", {**_listed(_text(_NAME)), "default": ["dsd"]}, ["UNIT_MEASURE", "OBS_STATUS"]),
    _query("measures", {**_listed(_text(_NAME)), "default": ["all"]}, ["all"]),
    _query("offset", {"type": "integer", "minimum": 0, "default": 0}, 0),
    _query("limit", _POSITIVE, 100),
    _query("sort", _text(rf"{_TERM}(\+{_TERM})*"), "TIME_PERIOD:desc"),
    _query("asOf", _MOMENT),
    _query("data.asOf", _MOMENT),
    _query("reportingYearStartDay", _text(r"--[0-9]{2}-[0-9]{2}", "--01-01"), "--03-21"),
    _query("structure.detail", _words(_DETAILS, "full"), "allstubs"),
    _query(
        "structure.references",
        {**_listed(_words((*_SCOPES, *paths.STRUCTURE_TYPES))), "default": ["none"]},
        ["parents"],
    ),
    _query(
        "availability.references",
        {
            **_listed(
                _words(
                    (
                        *("none", "all", "datastructure", "conceptscheme", "codelist", "dataproviderscheme"),
                        *("dataflow", "valuelist"),
                    )
                )
            ),
            "default": ["none"],
        },
        ["codelist"],
    ),
    _query("deletion", _FLAG),
    _path("about.artefactType", _words((*paths.STRUCTURE_TYPES, "*"), "*"), "dataflow"),
    _path("metadata.version", _text(_VERSIONS, "~"), "~"),
    _path("providerID", _commas(_AGENCY), "SCI"),
    _path("metadatasetID", _commas(_ID), "QUALITY_CPI"),
    _path("flowAgencyID", _commas(_AGENCY), "SCI"),
    _path("flowID", _commas(_ID), "QUALITY_REPORT"),
    _path("flowVersion", _text(_VERSIONS, "~"), "~"),
    _path("v2.providerRef", _commas(rf"((\*|{_AGENCY})\.)?{_ID}"), "SCI"),
    _query("metadata.detail", _words(("full", "allstubs"), "full"), "allstubs"),
    _path("registrationID", _text(_ID), "CPI"),
    _path("providerAgencyID", _commas(_AGENCY), "SCI"),
    _path("registration.providerID", _commas(_ID), "SCI"),
    _query("registration.updatedAfter", _MOMENT, MOMENT),
    _query("updatedBefore", _MOMENT, MOMENT),
)
"""The parameters of REST 2.2.2."""

V1: tuple[Parameter, ...] = (
    *_BOTH,
    _path("flowRef", _text(_FLOW), FLOW),
    _path("v1.key", _text(r"[A-Za-z0-9_@$.+-]+", v1_paths.ALL), "A.IR._T.._T"),
    _path("providerRef", _pluses(rf"({_AGENCY},)?{_ID}"), v1_paths.ALL),
    _path("v1.componentID", _pluses(_NAME), "SEX"),
    _path("resource", _words(tuple(v1_paths.RESOURCES)), "codelist"),
    _path("items.resource", _words(sorted(v1_paths.ITEM_RESOURCES)), "codelist"),
    _path("v1.agencyID", _pluses(_AGENCY), "SCI"),
    _path("v1.resourceID", _pluses(_ID), "CL_AREA"),
    _path("v1.version", _pluses(r"[0-9A-Za-z.-]+", v1_paths.LATEST), v1_paths.LATEST),
    _path("itemID", _text(default=v1_paths.ALL), "IR-23"),
    _path("schema.context", _words(tuple(v1_paths.CONTEXTS)), "dataflow"),
    _path("schema.agencyID", _text(_AGENCY), "SCI"),
    _path("schema.resourceID", _text(_ID), FLOW),
    _path("schema.version", _text(r"[0-9A-Za-z.-]+", v1_paths.LATEST), v1_paths.LATEST),
    _query("startPeriod", _PERIOD, "2016"),
    _query("endPeriod", _PERIOD, "2017"),
    _query("dimensionAtObservation", _text(_NAME), "SEX"),
    _query("schema.dimensionAtObservation", _text(_NAME), "AllDimensions"),
    _query("data.detail", _words(("full", "dataonly", "serieskeysonly", "nodata"), "full"), "dataonly"),
    _query("structure.detail", _words(tuple(word for word in _DETAILS if word != "raw"), "full"), "allstubs"),
    _query(
        "structure.references",
        _words(
            (
                *(word for word in _SCOPES if word != "ancestors"),
                *(name for name in v1_paths.RESOURCES if name != "structure"),
            ),
            "none",
        ),
        "parents",
    ),
    _query(
        "availability.references",
        _words(("none", "all", "codelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme"), "none"),
        "codelist",
    ),
    _query("explicitMeasure", _FLAG),
    _query("reports.detail", _words(("full", "dataonly", "serieskeysonly", "nodata"), "full"), "full"),
    _path("metadata.flowRef", _text(_FLOW), "QUALITY_REPORT"),
    _path("metadata.key", _text(r"[A-Za-z0-9_@$.+-]+", v1_paths.ALL), v1_paths.ALL),
)
"""The parameters of REST 1.5.0."""

COMPONENT_KEYS = {
    "v1": {p.key: p for p in (*V1, *OVERRIDES, *HEADERS)},
    "v2": {p.key: p for p in (*V2, *OVERRIDES, *HEADERS)},
}
"""Version -> key -> parameter."""
