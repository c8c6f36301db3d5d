"""SDMX REST 2.2.2: the routes. Everything about syntax is in ``query``, everything about meaning in ``services``."""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from ..formats import FORMATS
from ..query.data import parse_availability_query, parse_data_query
from ..query.structure import parse_schema_query, parse_structure_query
from ..wiring import Server
from .respond import Empty, Responder
from .views import Api, Views, schema_writer, structure_writer

API = Api(prefix="/sdmx/v2", name="SDMX REST 2.2.2", empty=Empty)

DATA = tuple(sorted((f for f in FORMATS if f.kind == "data" and f.write_data), key=lambda f: not f.generic))
"""What no plain media type means comes last: it is for those who name it."""

STRUCTURE = tuple(f for f in FORMATS if f.kind == "structure" and f.write_structures)
AVAILABILITY = tuple(f for f in FORMATS if f.kind == "structure" and f.write_availability)
SCHEMA = (*(f for f in FORMATS if f.kind == "schema" and f.write_schema), *STRUCTURE)

NOT_OFFERED = ("metadata", "registration")


def blueprint(server: Server, responder: Responder) -> Blueprint:
    """The routes of SDMX REST 2.2.2 for one server."""
    views = Views(API, server, responder)
    views.resource("data", views.answered(parse_data_query, DATA, server.data.open, lambda f: f.write_data))
    views.resource(
        "availability",
        views.answered(
            parse_availability_query, AVAILABILITY, server.availability.open, lambda f: f.write_availability
        ),
    )
    views.resource(
        "structure",
        views.answered(parse_structure_query, STRUCTURE, server.structures.open, partial(structure_writer, server)),
    )
    views.resource("schema", views.answered(parse_schema_query, SCHEMA, server.schemas.open, schema_writer))
    for name in NOT_OFFERED:
        views.resource(name, views.not_offered)
    return views.routes
