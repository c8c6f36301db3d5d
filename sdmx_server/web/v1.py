"""SDMX REST 1.5.0: the routes. Everything about syntax is in ``query``, everything about meaning in ``services``."""

from __future__ import annotations

from functools import partial

from ..errors import NotFound
from ..formats import FORMATS
from ..formats.api import Format
from ..query import v1
from ..query.v1_paths import RESOURCES
from ..wiring import Server
from .errors import V1
from .respond import Responder
from .views import Api, Views, availability, data, metadata, structure_writer, structures

API = Api(prefix=V1, name="SDMX REST 1.5.0", empty=lambda: NotFound("nothing-matches"))

_GENERATIONS = ("2.1", "")
_FAMILIES = ("genericdata+xml", "+xml", "+json", "+csv")
"""Ends of media types, in the order of section 4.6; what belongs to none comes last."""


def _place(offered: Format) -> int:
    ends = (place for place, end in enumerate(_FAMILIES) if offered.media_type.endswith(end))
    return next(ends, len(_FAMILIES))


OFFERED = tuple(sorted((f for f in FORMATS if f.generation in _GENERATIONS), key=_place))
"""The formats of SDMX 2.1 and those of no generation, the default of each kind first (section 4.6)."""

_NEWER = tuple(f for f in FORMATS if f not in OFFERED and f.media_type == "application/vnd.sdmx.data+json")
"""What portals read that know the addresses of 1.5.0 and SDMX-JSON 2.x; it is given to those who name the version."""

DATA = (*(f for f in OFFERED if f.kind == "data" and f.write_data), *_NEWER)
STRUCTURE = tuple(f for f in OFFERED if f.kind == "structure" and f.write_structures)
AVAILABILITY = tuple(f for f in OFFERED if f.kind == "structure" and f.write_availability)
SCHEMA = (*(f for f in OFFERED if f.kind == "schema"), *STRUCTURE)
METADATA = tuple(f for f in OFFERED if f.kind == "metadata" and f.write_metadata)


def views(server: Server, responder: Responder) -> Views:
    """The resources of SDMX REST 1.5.0 for one server."""
    found = Views(API, server, responder)
    found.resource("data", found.answered(v1.parse_data_query, DATA, data, lambda _, f: f.write_data))
    found.resource(
        "availableconstraint",
        found.answered(v1.parse_availability_query, AVAILABILITY, availability, lambda _, f: f.write_availability),
    )
    found.resource("schema", found.schema(v1.parse_schema_query, SCHEMA))
    found.resource(
        "metadata", found.answered(v1.parse_metadata_query, METADATA, metadata, lambda _, f: f.write_metadata)
    )
    for name in RESOURCES:
        parse = partial(v1.parse_structure_query, name)
        found.resource(name, found.answered(parse, STRUCTURE, structures, structure_writer))
    return found
