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
from ..services.schema import SchemaAnswer
from ..wiring import Server
from .respond import Answer, Empty, Responder

DATA = tuple(f for f in FORMATS if f.kind == "data" and f.write_data)
STRUCTURE = tuple(f for f in FORMATS if f.kind == "structure" and f.write_structures)
AVAILABILITY = tuple(f for f in FORMATS if f.kind == "structure" and f.write_availability)

SCHEMA = (*(f for f in FORMATS if f.kind == "schema" and f.write_schema), *STRUCTURE)

NOT_YET = ("metadata", "registration")

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
Q = TypeVar("Q", bound="_Query")


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


class _Query(Protocol):
    """A parsed query."""

    @property
    def overrides(self) -> Overrides: ...


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


def _schema_writer(chosen: Format) -> Callable[[SchemaAnswer, WriteOptions], Iterator[bytes]]:
    """Prints a schema, or the artefacts that define it, by what the format is for."""

    def write(answer: SchemaAnswer, options: WriteOptions) -> Iterator[bytes]:
        if chosen.write_structures is not None:
            return chosen.write_structures(answer.message(), options)
        assert chosen.write_schema is not None  # noqa: S101 - SCHEMA holds only formats that write one of the two
        dimension = answer.dimension_at_observation
        return iter([chosen.write_schema(answer.schema, dimension_at_observation=dimension, context=answer.context)])

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

    def answered(
        parse: Callable[[str, str], Q],
        offered: Sequence[Format],
        begin: Callable[[Q], _Open[M]],
        writer: Callable[[Format], Callable[[M, WriteOptions], Iterator[bytes]] | None],
    ) -> Callable[[str, str], Response]:
        """A view: parse, negotiate among ``offered``, open, and respond with the format's ``writer``."""

        def view(tail: str, raw_query: str) -> Response:
            query = parse(tail, raw_query)
            negotiated = _Negotiated(offered, query.overrides, server)
            write = writer(negotiated.format)
            assert write is not None  # noqa: S101 - only formats with that writer are offered
            return responder.respond(_answer(negotiated, begin(query), write), negotiated.coding)

        return view

    def not_yet(_tail: str, _raw_query: str) -> Response:
        raise NotImplementedYet("this resource is part of SDMX REST 2.2.2, but this server does not offer it")

    resource("data", answered(parse_data_query, DATA, server.data.open, lambda f: f.write_data))
    resource(
        "availability",
        answered(parse_availability_query, AVAILABILITY, server.availability.open, lambda f: f.write_availability),
    )
    resource(
        "structure", answered(parse_structure_query, STRUCTURE, server.structures.open, lambda f: f.write_structures)
    )
    resource("schema", answered(parse_schema_query, SCHEMA, server.schemas.open, _schema_writer))
    for name in NOT_YET:
        resource(name, not_yet)
    return routes
