"""What the versions of the API share: raw addresses, negotiation, and the way from a parsed query to a response."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Protocol, TypeVar
from urllib.parse import quote, unquote

import msgspec
from flask import Blueprint, Response, request

from ..batches import WriteOptions
from ..errors import BadQuery, NotFound, NotImplementedYet
from ..formats.api import Format
from ..model.message import StructureMessage
from ..query import negotiation
from ..query.parameters import Overrides
from ..query.paths import ArtefactPath
from ..services.schema import SchemaAnswer
from ..wiring import Server
from .respond import Answer, Responder

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
Q = TypeVar("Q", bound="Query")

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9._-]")

View = Callable[[str, str], Response]
"""Answers for the raw path behind a resource's name and the raw query."""


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the API: where it is, what it is called, and what it raises when a query finds nothing."""

    prefix: str  # /sdmx/v2
    name: str  # SDMX REST 2.2.2
    empty: Callable[[], Exception]


class Query(Protocol):
    """A parsed query."""

    @property
    def path(self) -> ArtefactPath:
        """Which artefacts it is about."""
        ...

    @property
    def overrides(self) -> Overrides:
        """What wins over the headers."""
        ...


class Open(Protocol[M_co]):
    """A query whose revision is known and whose work is yet to be done."""

    @property
    def seed(self) -> tuple[object, ...]:
        """What the answer depends on, for its ETag."""
        ...

    @property
    def updated(self) -> dt.datetime:
        """When that last changed (UTC)."""
        ...

    def message(self) -> M_co | None:
        """What to write; None when there is nothing."""
        ...

    def close(self) -> None:
        """End the read transactions; may be called twice."""
        ...


Writer = Callable[[M, WriteOptions], Iterator[bytes]]


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


class _Wishes(msgspec.Struct, frozen=True):
    """What follows from the headers and the parameters that win over them, whatever is stored."""

    format: Format
    parameters: Mapping[str, str]
    languages: tuple[str, ...]
    coding: str


def _wishes(
    offered: Sequence[Format], accept: str | None, language: str | None, encoding: str | None, overrides: Overrides
) -> _Wishes:
    return _Wishes(
        *negotiation.negotiate(offered, accept, overrides),
        negotiation.languages(language, overrides),
        negotiation.coding(encoding, overrides),
    )


_HEADERS = ("Accept", "Accept-Language", "Accept-Encoding")
_REMEMBERED = 256
"""Combinations of headers for which what follows from them is kept: clients send few."""


class _Negotiated:
    """The format, its parameters, the languages and the coding that a request gets."""

    def __init__(self, api: Api, wishes: _Wishes, server: Server, strict: bool) -> None:
        self._api = api
        self.format, self.parameters, self.coding = wishes.format, wishes.parameters, wishes.coding
        self.languages, self.language = server.languages(wishes.languages, strict=strict)

    @property
    def content_type(self) -> str:
        chosen = self.format
        version = [f"version={chosen.version}"] if chosen.version else []
        parameters = [*version, *(f"{k}={v}" for k, v in self.parameters.items())]
        charset = ["charset=utf-8"] if chosen.charset else []
        return ";".join([chosen.media_type, *parameters, *charset])

    @property
    def options(self) -> WriteOptions:
        root = request.host_url.rstrip("/")
        return WriteOptions(
            parameters=self.parameters,
            languages=self.languages,
            base_url=root + self._api.prefix,
            self_url=root + str(request.environ.get("RAW_URI") or request.full_path),
        )


def _file_stem(path: ArtefactPath) -> str:
    """What a download is called: ``SCI_CPI_1.0.0``, as far as the path names one artefact and an exact version."""
    parts = [next(iter(named)) for named in (path.agencies, path.ids) if named is not None and len(named) == 1]
    exact = [pattern.text for pattern in path.versions.patterns if pattern.wildcard is None]
    if path.ids is not None and len(path.ids) == 1 and len(exact) == len(path.versions.patterns) == 1:
        parts += exact
    return _NOT_IN_NAME.sub("-", "_".join(parts)) or "data"


def structure_writer(server: Server, chosen: Format) -> Writer[StructureMessage] | None:
    """Prints artefacts; for SDMX 2.1, whose references are exact, at the versions that they mean now."""
    write = chosen.write_structures
    if write is None or chosen.generation != "2.1":
        return write
    return lambda message, options: write(server.structures.concrete(message), options)


def schema_writer(chosen: Format) -> Writer[SchemaAnswer]:
    """Prints a schema, or the artefacts that define it, by what the format is for."""

    def write(answer: SchemaAnswer, options: WriteOptions) -> Iterator[bytes]:
        if chosen.write_structures is not None:
            return chosen.write_structures(answer.message(), options)
        assert chosen.write_schema is not None  # noqa: S101 - only formats that write one of the two are offered
        dimension = answer.dimension_at_observation
        return iter([chosen.write_schema(answer.schema, dimension_at_observation=dimension, context=answer.context)])

    return write


class Views:
    """The routes of one version of the API for one server."""

    def __init__(self, api: Api, server: Server, responder: Responder) -> None:
        self._api = api
        self._server = server
        self._responder = responder
        self.routes = Blueprint(api.prefix.rpartition("/")[2], __name__, url_prefix=api.prefix)
        self._resources: list[str] = []
        self.routes.add_url_rule("", "root", self._unknown)
        self.routes.add_url_rule("/<path:_tail>", "unknown", self._unknown)

    def resource(self, name: str, view: View) -> None:
        """Route ``/name`` and everything below it to a view."""

        def seen(_tail: str = "") -> Response:
            return view(*_raw(f"{self._api.prefix}/{name}"))

        self._resources.append(name)
        self.routes.add_url_rule(f"/{name}", name, seen)
        self.routes.add_url_rule(f"/{name}/<path:_tail>", f"{name}-below", seen)

    def answered(
        self,
        parse: Callable[[str, str], Q],
        offered: Sequence[Format],
        begin: Callable[[Q], Open[M]],
        writer: Callable[[Format], Writer[M] | None],
    ) -> View:
        """A view: parse, negotiate among ``offered``, open, and respond with the format's ``writer``."""

        wishes = lru_cache(maxsize=_REMEMBERED)(partial(_wishes, offered))

        def view(tail: str, raw_query: str) -> Response:
            query = parse(tail, raw_query)
            found = wishes(*map(request.headers.get, _HEADERS), query.overrides)
            negotiated = _Negotiated(self._api, found, self._server, strict=query.overrides.lang is not None)
            write = writer(negotiated.format)
            assert write is not None  # noqa: S101 - only formats with that writer are offered
            answer = self._answer(negotiated, begin(query), write, query.path)
            return self._responder.respond(answer, negotiated.coding)

        return view

    def _unknown(self, _tail: str = "") -> Response:
        if _tail.partition("/")[0] in self._resources:  # behind two slashes, where no route matches
            raise BadQuery("the path has an empty part; leave parts out at its end only")
        known = ", ".join(self._resources)
        raise NotFound(f"there is no such resource in {self._api.name}; below {self._api.prefix} there are {known}")

    def not_offered(self, _tail: str, _raw_query: str) -> Response:
        """The view of a resource of the standard that this server does not have."""
        raise NotImplementedYet(f"this resource is part of {self._api.name}, but this server does not offer it")

    def _answer(self, negotiated: _Negotiated, opened: Open[M], write: Writer[M], path: ArtefactPath) -> Answer:
        options = negotiated.options

        def chunks() -> Iterator[bytes]:
            message = opened.message()
            if message is None:
                raise self._api.empty()
            return write(message, options)

        chosen = negotiated.format
        return Answer(
            seed=(*opened.seed, chosen.name, chosen.writer_version, request.host_url),
            updated=opened.updated,
            content_type=negotiated.content_type,
            language=negotiated.language,
            chunks=chunks,
            close=opened.close,
            file_name=f"{_file_stem(path)}.{chosen.extension}" if chosen.download else None,
        )
