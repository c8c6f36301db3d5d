"""What the versions of the API share: raw addresses, negotiation, and the way from a parsed query to a response."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Protocol, TypeVar
from urllib.parse import unquote

import msgspec
from werkzeug.exceptions import MethodNotAllowed

from ..batches import WriteOptions
from ..errors import BadQuery, NotFound
from ..formats.api import Format
from ..query import negotiation
from ..query.data import AvailabilityQuery, DataQuery
from ..query.metadata import MetadataQuery
from ..query.parameters import Overrides
from ..query.paths import METADATA_CONTEXTS, ArtefactPath
from ..query.registration import RegistrationQuery
from ..query.structure import SchemaQuery, StructureQuery
from ..registry.catalogue import Catalogue
from ..remembered import Remembered
from ..services.availability import OpenAvailability
from ..services.catalogue import FoundStructures, OpenStructures
from ..services.data import OpenData
from ..services.metadata import OpenMetadata
from ..services.registrations import OpenRegistrations
from ..services.schema import MetadataSchemaAnswer, OpenSchema, SchemaAnswer
from ..wiring import Queries, Server
from .exchange import METHODS, PREFLIGHT, Reply, Request
from .newest import wants_newest
from .respond import Answer, Responder

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
Q = TypeVar("Q", bound="Query")

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9._-]")

View = Callable[[Request, str], Reply]
"""Answers for the raw path behind a resource's name."""


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the API: where it is, what it is called, and what it raises when a query finds nothing.

    ``maintained``: resources that this version has methods for that write.
    """

    prefix: str  # /sdmx/v2
    name: str  # SDMX REST 2.2.2
    empty: Callable[[], Exception]
    maintained: frozenset[str] = frozenset()


class NotMaintained(MethodNotAllowed):
    """A method that writes: 501, as for all that the API defines and a service has not (REST 2.2.2 ``status.md``)."""

    code = 501
    text = "not-maintained"


_WRITING = ("POST", "PUT", "DELETE")
"""Methods of ``maintenance.md``."""


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


def _tail(request: Request, prefix: str) -> str:
    """The path behind the resource's name, as it came over the wire."""
    path = request.address.partition("?")[0]
    if "://" in path:  # the absolute form that a proxy may send
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    parts = path.split("/")
    depth = prefix.count("/") + 1
    if unquote("/".join(parts[:depth])) != prefix:  # an escaped slash within it: no path of this API
        raise NotFound("address-form", prefix=prefix)
    return "/".join(parts[depth:])


class _Wishes(msgspec.Struct, frozen=True):
    """What follows from the headers and the parameters that win over them, whatever is stored."""

    format: Format
    parameters: Mapping[str, str]
    languages: tuple[str, ...]
    coding: str
    content_type: str


def _wishes(
    offered: Sequence[Format], accept: str | None, language: str | None, encoding: str | None, overrides: Overrides
) -> _Wishes:
    chosen, parameters = negotiation.negotiate(offered, accept, overrides)
    return _Wishes(
        chosen,
        parameters,
        negotiation.languages(language, overrides),
        negotiation.coding(encoding, overrides),
        _content_type(chosen, parameters),
    )


def _content_type(chosen: Format, parameters: Mapping[str, str]) -> str:
    version = [f"version={chosen.version}"] if chosen.version else []
    charset = ["charset=utf-8"] if chosen.charset else []
    return ";".join([chosen.media_type, *version, *(f"{k}={v}" for k, v in parameters.items()), *charset])


_HEADERS = ("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING")
_REMEMBERED = 256
"""Combinations of headers for which what follows from them is kept: clients send few."""

_PARSED_BYTES = 4 * 1024 * 1024
_PARSED, _PARSED_CHARACTER = 2_000, 100
"""Room for the queries of addresses that were asked before, and what one takes: at least, and for each character."""


def _file_stem(path: ArtefactPath) -> str:
    """What a download is called: ``SCI_CPI_1.0.0``, as far as the path names one artefact and an exact version."""
    parts = [next(iter(named)) for named in (path.agencies, path.ids) if named is not None and len(named) == 1]
    exact = [pattern.text for pattern in path.versions.patterns if pattern.wildcard is None]
    if path.ids is not None and len(path.ids) == 1 and len(exact) == len(path.versions.patterns) == 1:
        parts += exact
    return _NOT_IN_NAME.sub("-", "_".join(parts)) or "data"


def data(source: Queries, query: DataQuery, catalogue: Catalogue, chosen: Format) -> OpenData:
    """Open a data query."""
    return source.data.open(query, catalogue, rows=chosen.rows, streamed=chosen.streamed)


def availability(source: Queries, query: AvailabilityQuery, catalogue: Catalogue, _chosen: Format) -> OpenAvailability:
    """Open an availability query."""
    return source.availability.open(query, catalogue)


def _then(source: Queries, moment: dt.datetime | None, present: Catalogue) -> Catalogue:
    """The artefacts as they were at a moment, None for the present ones."""
    return present if moment is None else source.catalogue(moment)


def structures(source: Queries, query: StructureQuery, catalogue: Catalogue, _chosen: Format) -> OpenStructures:
    """Open a structure query."""
    return source.structures.open(query, _then(source, query.as_of, catalogue))


def schemas(source: Queries, query: SchemaQuery, catalogue: Catalogue, _chosen: Format) -> OpenSchema[SchemaAnswer]:
    """Open a schema query for data."""
    return source.schemas.open(query, _then(source, query.as_of, catalogue))


def metadata_schemas(
    source: Queries, query: SchemaQuery, catalogue: Catalogue, _chosen: Format
) -> OpenSchema[MetadataSchemaAnswer]:
    """Open a schema query for reference metadata."""
    return source.schemas.open_metadata(query, _then(source, query.as_of, catalogue))


def metadata(source: Queries, query: MetadataQuery, catalogue: Catalogue, _chosen: Format) -> OpenMetadata:
    """Open a query for reference metadata."""
    return source.metadata.open(query, catalogue)


def registrations(
    source: Queries, query: RegistrationQuery, catalogue: Catalogue, _chosen: Format
) -> OpenRegistrations:
    """Open a query for registrations."""
    return source.registrations.open(query, catalogue)


def structure_writer(_source: Queries, chosen: Format) -> Writer[FoundStructures] | None:
    """Prints artefacts; for SDMX 2.1, whose references are exact, at the versions that they mean."""
    write = chosen.write_structures
    return None if write is None else lambda found, options: write(found.of(chosen.generation), options)


def schema_writer(_source: Queries, chosen: Format) -> Writer[SchemaAnswer]:
    """Prints a schema, or the artefacts that define it, by what the format is for."""

    def write(answer: SchemaAnswer, options: WriteOptions) -> Iterator[bytes]:
        if chosen.write_structures is not None:
            return chosen.write_structures(answer.message(), options)
        assert chosen.write_schema is not None  # noqa: S101 - only formats that write one of the two are offered
        text = chosen.write_schema(
            answer.schema,
            dimension_at_observation=answer.dimension_at_observation,
            context=answer.context,
            validity=answer.validity,
        )
        return iter([text])

    return write


def metadata_schema_writer(_source: Queries, chosen: Format) -> Writer[MetadataSchemaAnswer]:
    """The same for reference metadata."""

    def write(answer: MetadataSchemaAnswer, options: WriteOptions) -> Iterator[bytes]:
        if chosen.write_structures is not None:
            return chosen.write_structures(answer.message(), options)
        assert chosen.write_metadata_schema is not None  # noqa: S101 - only formats that write one of the two are offered
        context = answer.context_in(chosen.generation)
        return iter([chosen.write_metadata_schema(answer.structure, answer.attributes, context)])

    return write


class Views:
    """The resources of one version of the API for one server."""

    def __init__(self, api: Api, server: Server, responder: Responder) -> None:
        self._api = api
        self._server = server
        self._responder = responder
        self._resources: dict[str, View] = {}

    def resource(self, name: str, view: View) -> None:
        """Give ``/name`` and everything below it to a view."""
        self._resources[name] = view

    def reply(self, request: Request) -> Reply:
        """The reply to a request below the prefix of this version; raises what ``errors`` has a message for."""
        if request.method == "OPTIONS":
            return Reply(200, [("Allow", ", ".join(METHODS)), *PREFLIGHT, ("Content-Length", "0")])
        prefix = self._api.prefix
        name, _, below = request.path[len(prefix) + 1 :].partition("/")
        if request.method not in METHODS:
            not_here = request.method in _WRITING and name in self._api.maintained
            raise (NotMaintained if not_here else MethodNotAllowed)(valid_methods=METHODS)
        view = self._resources.get(name)
        if view is None:
            raise NotFound("resource-unknown", api=self._api.name, prefix=prefix, known=tuple(self._resources))
        if below.startswith("/"):
            raise BadQuery("path-gap")
        return view(request, _tail(request, f"{prefix}/{name}"))

    def by_context(self, view: View, others: Mapping[str, View]) -> View:
        """A view that leaves some values of the first part of the path to others."""

        def chosen(request: Request, tail: str) -> Reply:
            return others.get(tail.partition("/")[0], view)(request, tail)

        return chosen

    def schema(self, parse: Callable[[str, str], SchemaQuery], offered: Sequence[Format]) -> View:
        """The view of schema queries, for data and for reference metadata, whose formats differ."""
        structure = [f for f in offered if f.write_structures]
        data = [f for f in offered if f.write_schema]
        metadata = [f for f in offered if f.write_metadata_schema]
        view = self.answered(parse, (*data, *structure), schemas, schema_writer)
        other = self.answered(parse, (*metadata, *structure), metadata_schemas, metadata_schema_writer)
        return self.by_context(view, dict.fromkeys(METADATA_CONTEXTS, other))

    def answered(
        self,
        parse: Callable[[str, str], Q],
        offered: Sequence[Format],
        begin: Callable[[Queries, Q, Catalogue, Format], Open[M]],
        writer: Callable[[Queries, Format], Writer[M] | None],
    ) -> View:
        """A view: parse, negotiate among ``offered``, open, and respond with the format's ``writer``."""
        wishes = lru_cache(maxsize=_REMEMBERED)(partial(_wishes, offered))
        parsed: Remembered[Q] = Remembered(_PARSED_BYTES)

        def view(request: Request, tail: str) -> Reply:
            key = tail, request.query
            query = parsed.get(key)
            if query is None:
                query = parse(*key)
                parsed.put(key, query, _PARSED + _PARSED_CHARACTER * (len(tail) + len(request.query)))
            wished = wishes(*map(request.header, _HEADERS), query.overrides)

            def work(source: Queries) -> Reply:
                catalogue = source.catalogue()
                strict = query.overrides.lang is not None
                languages = source.languages(wished.languages, strict=strict, catalogue=catalogue)
                write = writer(source, wished.format)
                assert write is not None  # noqa: S101 - only formats with that writer are offered
                opened = begin(source, query, catalogue, wished.format)
                answer = self._answer(request, wished, opened, write, languages=languages, path=query.path)
                return self._responder.respond(request, answer, wished.coding)

            return self._server.ask(work, newest=wants_newest(request.header("HTTP_CACHE_CONTROL")))

        return view

    def _answer(
        self,
        request: Request,
        wished: _Wishes,
        opened: Open[M],
        write: Writer[M],
        *,
        languages: tuple[tuple[str, ...], str | None],
        path: ArtefactPath,
    ) -> Answer:
        chosen, root = wished.format, request.root
        options = WriteOptions(
            parameters=wished.parameters,
            languages=languages[0],
            base_url=root + self._api.prefix,
            self_url=root + request.address,
        )
        return Answer(
            seed=(*opened.seed, chosen.name, chosen.writer_version, root, languages[0]),
            updated=opened.updated,
            content_type=wished.content_type,
            language=languages[1],
            chunks=partial(self._chunks, opened, write, options),
            close=opened.close,
            file_name=f"{_file_stem(path)}.{chosen.extension}" if chosen.download else None,
        )

    def _chunks(self, opened: Open[M], write: Writer[M], options: WriteOptions) -> Iterator[bytes]:
        message = opened.message()
        if message is None:
            raise self._api.empty()
        return write(message, options)
