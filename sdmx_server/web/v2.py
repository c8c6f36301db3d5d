"""SDMX REST 2.2.2: the routes. Everything about syntax is in ``query``, everything about meaning in ``services``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar
from urllib.parse import quote, unquote

from flask import Blueprint, Response, request

from ..batches import WriteOptions
from ..errors import NotFound, NotImplementedYet
from ..formats import FORMATS
from ..formats.api import Format
from ..query import negotiation
from ..query.data import parse_availability_query, parse_data_query
from ..query.parameters import Overrides
from ..query.structure import parse_schema_query, parse_structure_query
from ..services.schema import OpenSchema, SchemaRequest
from ..wiring import Server
from .respond import Answer, Empty, Responder

DATA = tuple(f for f in FORMATS if f.kind == "data" and f.write_data)
STRUCTURE = tuple(f for f in FORMATS if f.kind == "structure" and f.write_structures)
AVAILABILITY = tuple(f for f in FORMATS if f.kind == "structure" and f.write_availability)

SCHEMA = (*(f for f in FORMATS if f.kind == "schema" and f.write_schema), *STRUCTURE)

NOT_YET = ("metadata", "registration")

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)


def _raw(prefix: str) -> tuple[str, str]:
    """The path behind the resource's name and the query string, both as they came over the wire."""
    path = str(request.environ.get("RAW_URI") or quote(request.path)).partition("?")[0]
    if "://" in path:  # the absolute form that a proxy may send
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    parts = path.split("/")
    depth = prefix.count("/") + 1
    if unquote("/".join(parts[:depth])) != prefix:  # an escaped slash within it: no path of this API
        raise NotFound(f"there is nothing at this address; write it as {prefix}/...")
    return "/".join(parts[depth:]), request.environ.get("QUERY_STRING", "")


class _Negotiated:
    """The format, its parameters, the languages and the coding that a request gets."""

    def __init__(self, offered: Sequence[Format], overrides: Overrides, server: Server) -> None:
        headers = request.headers
        self.format, self.parameters = negotiation.negotiate(offered, headers.get("Accept"), overrides)
        wanted = negotiation.languages(headers.get("Accept-Language"), overrides)
        self.languages, self.language = server.languages(wanted, strict=overrides.lang is not None)
        self.coding = negotiation.coding(headers.get("Accept-Encoding"), overrides)

    @property
    def content_type(self) -> str:
        chosen = self.format
        parameters = [f"version={chosen.version}", *(f"{k}={v}" for k, v in self.parameters.items())]
        charset = ["charset=utf-8"] if chosen.charset else []
        return ";".join([chosen.media_type, *parameters, *charset])

    @property
    def options(self) -> WriteOptions:
        root = request.host_url.rstrip("/")
        return WriteOptions(
            parameters=self.parameters,
            languages=self.languages,
            base_url=f"{root}/sdmx/v2",
            self_url=root + str(request.environ.get("RAW_URI") or request.full_path),
        )


class _Open(Protocol[M_co]):
    """A query whose revision is known and whose work is yet to be done."""

    @property
    def seed(self) -> tuple[object, ...]: ...
    @property
    def updated(self) -> dt.datetime: ...
    def message(self) -> M_co | None: ...
    def close(self) -> None: ...


def _answer(negotiated: _Negotiated, opened: _Open[M], write: Callable[[M, WriteOptions], Iterator[bytes]]) -> Answer:
    options = negotiated.options

    def chunks() -> Iterator[bytes]:
        message = opened.message()
        if message is None:
            raise Empty
        return write(message, options)

    chosen = negotiated.format
    return Answer(
        seed=(*opened.seed, chosen.name, chosen.writer_version, request.host_url),
        updated=opened.updated,
        content_type=negotiated.content_type,
        language=negotiated.language,
        chunks=chunks,
        close=opened.close,
    )


class _SchemaText:
    """A schema query as the writers of schemas need it."""

    def __init__(self, opened: OpenSchema) -> None:
        self.seed = opened.seed
        self.updated = opened.updated
        self.message = opened.request
        self.close = opened.close


def _schema_writer(chosen: Format) -> Callable[[SchemaRequest, WriteOptions], Iterator[bytes]]:
    def write(wanted: SchemaRequest, _options: WriteOptions) -> Iterator[bytes]:
        assert chosen.write_schema is not None  # noqa: S101 - SCHEMA holds only formats that write one of the two
        yield chosen.write_schema(
            wanted.schema, dimension_at_observation=wanted.dimension_at_observation, context=wanted.context
        )

    return write


def blueprint(server: Server, responder: Responder) -> Blueprint:
    """The routes of SDMX REST 2.2.2 for one server."""
    routes = Blueprint("v2", __name__)

    def resource(name: str, view: Callable[[str, str], Response]) -> None:
        """Route ``/name`` and everything below it to a view of the raw path behind the name and the raw query."""

        def seen(_tail: str = "") -> Response:
            return view(*_raw(f"/sdmx/v2/{name}"))

        routes.add_url_rule(f"/{name}", name, seen)
        routes.add_url_rule(f"/{name}/<path:_tail>", f"{name}-below", seen)

    def data(tail: str, raw_query: str) -> Response:
        query = parse_data_query(tail, raw_query)
        negotiated = _Negotiated(DATA, query.overrides, server)
        write = negotiated.format.write_data
        assert write is not None  # noqa: S101 - DATA holds only formats that write data
        return responder.respond(_answer(negotiated, server.data.open(query), write), negotiated.coding)

    def availability(tail: str, raw_query: str) -> Response:
        query = parse_availability_query(tail, raw_query)
        negotiated = _Negotiated(AVAILABILITY, query.overrides, server)
        write = negotiated.format.write_availability
        assert write is not None  # noqa: S101 - AVAILABILITY holds only formats that write it
        return responder.respond(_answer(negotiated, server.availability.open(query), write), negotiated.coding)

    def structure(tail: str, raw_query: str) -> Response:
        query = parse_structure_query(tail, raw_query)
        negotiated = _Negotiated(STRUCTURE, query.overrides, server)
        write = negotiated.format.write_structures
        assert write is not None  # noqa: S101 - STRUCTURE holds only formats that write structures
        return responder.respond(_answer(negotiated, server.structures.open(query), write), negotiated.coding)

    def schema(tail: str, raw_query: str) -> Response:
        query = parse_schema_query(tail, raw_query)
        negotiated = _Negotiated(SCHEMA, query.overrides, server)
        opened = server.schemas.open(query)
        if negotiated.format.write_structures is not None:
            answer = _answer(negotiated, opened, negotiated.format.write_structures)
        else:
            answer = _answer(negotiated, _SchemaText(opened), _schema_writer(negotiated.format))
        return responder.respond(answer, negotiated.coding)

    def not_yet(_tail: str, _raw_query: str) -> Response:
        raise NotImplementedYet("this resource is part of SDMX REST 2.2.2, but this server does not offer it")

    resource("data", data)
    resource("availability", availability)
    resource("structure", structure)
    resource("schema", schema)
    for name in NOT_YET:
        resource(name, not_yet)
    return routes
