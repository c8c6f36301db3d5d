"""SDMX REST 2.2.2: the routes. Everything about syntax is in ``query``, everything about meaning in ``services``."""

from __future__ import annotations

from ..formats import FORMATS
from ..query.data import parse_availability_query, parse_data_query
from ..query.metadata import parse_metadata_query
from ..query.registration import parse_registration_query
from ..query.structure import parse_schema_query, parse_structure_query
from ..wiring import Server
from .respond import Empty, Responder
from .views import Api, Views, availability, data, metadata, registrations, structure_writer, structures

API = Api(prefix="/sdmx/v2", name="SDMX REST 2.2.2", empty=Empty, maintained=frozenset(("structure", "registration")))

DATA = tuple(sorted((f for f in FORMATS if f.kind == "data" and f.write_data), key=lambda f: not f.generic))
"""What no plain media type means comes last: it is for those who name it."""

STRUCTURE = tuple(f for f in FORMATS if f.kind == "structure" and f.write_structures)
AVAILABILITY = tuple(f for f in FORMATS if f.kind == "structure" and f.write_availability)
SCHEMA = (*(f for f in FORMATS if f.kind == "schema"), *STRUCTURE)
METADATA = tuple(f for f in FORMATS if f.kind == "metadata" and f.write_metadata)
REGISTRATION = tuple(f for f in FORMATS if f.kind == "registration" and f.write_registrations)


def views(server: Server, responder: Responder) -> Views:
    """The resources of SDMX REST 2.2.2 for one server."""
    found = Views(API, server, responder)
    found.resource("data", found.answered(parse_data_query, DATA, data, lambda _, f: f.write_data))
    found.resource(
        "availability",
        found.answered(parse_availability_query, AVAILABILITY, availability, lambda _, f: f.write_availability),
    )
    found.resource(
        "structure",
        found.answered(parse_structure_query, STRUCTURE, structures, structure_writer),
    )
    found.resource("schema", found.schema(parse_schema_query, SCHEMA))
    found.resource("metadata", found.answered(parse_metadata_query, METADATA, metadata, lambda _, f: f.write_metadata))
    found.resource(
        "registration",
        found.answered(parse_registration_query, REGISTRATION, registrations, lambda _, f: f.write_registrations),
    )
    return found
