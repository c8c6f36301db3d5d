"""The use cases of registrations: where the data of provision agreements are."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence

import msgspec

from ..errors import Malformed, NotFound, SdmxServerError
from ..model.constraint import QueryableDataSource
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.reference import Reference, parse_short
from ..model.registration import Registration, RegistrationMessage
from ..query.registration import RegistrationQuery
from ..registry.catalogue import Catalogue, CatalogueCache
from .headers import header
from .metadata_ports import RegistrationState, RegistrationStore

_ACTOR = "command line"
_ID = re.compile(r"[A-Za-z0-9_@$-]+")
_URL = re.compile(r"(https?|ftps?|file)://\S+", re.IGNORECASE)


class OpenRegistrations:
    """A query for registrations whose revision is known and whose work is yet to be done."""

    def __init__(self, catalogue: Catalogue, state: RegistrationState, query: RegistrationQuery, sender: str) -> None:
        self._catalogue, self._state, self._query, self._sender = catalogue, state, query, sender
        self.updated: dt.datetime = max(state.updated, catalogue.updated)
        self.seed = ("registration", catalogue.revision, state.revision)

    def message(self) -> RegistrationMessage | None:
        """The registrations asked for; None when there is none."""
        found = tuple(one for one in self._state.registrations if self._fits(one) and self._in_time(one))
        if not found:
            return None
        return RegistrationMessage(header=header(self._sender, self.updated, *self.seed[1:]), registrations=found)

    def _in_time(self, one: Registration) -> bool:
        updated = dt.datetime.fromisoformat(one.last_updated or "1970-01-01T00:00:00Z")
        after, before = self._query.updated_after, self._query.updated_before
        return (after is None or updated > after) and (before is None or updated < before)

    def _fits(self, one: Registration) -> bool:
        path = self._query.path
        if path.registration is not None:
            return one.id == path.registration
        agreement = self._catalogue.resolve(one.provision_agreement)
        if agreement is None:
            return False
        if path.kinds == ("DataProviderScheme",):
            return self._provided(agreement, path.agencies, path.ids)
        selected = self._catalogue.select(path.kinds, path.agencies, path.ids, path.versions)
        return not frozenset(selected).isdisjoint(self._above(agreement))

    def _provided(self, agreement: Reference, agencies: frozenset[str] | None, ids: frozenset[str] | None) -> bool:
        provider = self._catalogue.get(agreement, ProvisionAgreement).data_provider
        return (
            provider is not None
            and (agencies is None or provider.agency in agencies)
            and (ids is None or provider.item in ids)
        )

    def _above(self, agreement: Reference) -> Sequence[Reference]:
        """The agreement, its dataflow and the data structure of that."""
        found = [agreement]
        written = self._catalogue.get(agreement, ProvisionAgreement).dataflow
        flow = None if written is None else self._catalogue.resolve(written)
        if flow is not None:
            found.append(flow)
            named = self._catalogue.get(flow, Dataflow).structure
            structure = None if named is None else self._catalogue.resolve(named)
            found += [] if structure is None else [structure]
        return found

    def close(self) -> None:
        """Nothing stays open."""


class RegistrationService:
    """Answers queries for registrations. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, store: RegistrationStore, sender: str) -> None:
        self._catalogues, self._store, self._sender = catalogues, store, sender

    def open(self, query: RegistrationQuery, catalogue: Catalogue | None = None) -> OpenRegistrations:
        """Begin with a catalogue, by default that of the present revision."""
        return OpenRegistrations(catalogue or self._catalogues.current(), self._store.state(), query, self._sender)

    def all(self) -> RegistrationMessage | None:
        """Every registration, whatever it is about; None when there is none."""
        state, updated = self._store.state(), self._catalogues.current().updated
        if not state.registrations:
            return None
        head = header(self._sender, max(state.updated, updated), self._catalogues.current().revision, state.revision)
        return RegistrationMessage(header=head, registrations=tuple(state.registrations))


class RegistrationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be registered: the address of a file, of a service, or both; ``id`` None = a new one.

    ``agreement`` is ``AGENCY:ID(VERSION)``; moments are ``xs:dateTime``.
    """

    agreement: str
    id: str | None = None
    file_url: str | None = None
    query_url: str | None = None
    wsdl_url: str | None = None
    wadl_url: str | None = None
    is_web_service: bool = False
    valid_from: str | None = None
    valid_to: str | None = None
    index_time_series: bool = False
    index_data_set: bool = False
    index_attributes: bool = False
    index_reporting_period: bool = False


class RegistrationDesk:
    """Writes registrations."""

    def __init__(self, catalogues: CatalogueCache, store: RegistrationStore) -> None:
        self._catalogues, self._store = catalogues, store

    def add(self, request: RegistrationRequest) -> Registration:
        """Register a source, or replace the registration of that id; one that says the same already stays.

        Raises ``NotFound`` for an agreement that is not stored, ``SdmxServerError`` for anything else that is wrong.
        """
        agreement = _agreement(request.agreement)
        given = checked(_registration(request.id or uuid.uuid4().hex, agreement, request), self._catalogues.current())
        self._store.put([given], _ACTOR)
        return given

    def remove(self, registration_id: str) -> None:
        """Take a registration away. Raises ``NotFound``."""
        self._store.remove(registration_id, _ACTOR)

    def all(self) -> Sequence[Registration]:
        """Every registration, by id."""
        return self._store.state().registrations


def _agreement(text: str) -> Reference:
    try:
        return parse_short(text, ProvisionAgreement.kind)
    except Malformed as error:
        raise SdmxServerError("reference-wrong", reason=error.texts, example="SCI:PA_CPI(1.0.0)") from error


def checked(given: Registration, catalogue: Catalogue) -> Registration:
    """The registration with its moments in one form.

    Raises ``NotFound`` for an agreement that is not stored, ``SdmxServerError`` for anything else that is wrong.
    """
    if catalogue.resolve(given.provision_agreement) is None:
        raise NotFound("agreement-absent", reference=given.provision_agreement)
    queryable = given.queryable_source
    if given.simple_source is None and queryable is None:
        raise SdmxServerError("registration-source")
    of_service = () if queryable is None else (queryable.data_url, queryable.wsdl_url, queryable.wadl_url)
    for url in (given.simple_source, *of_service):
        if url is not None and not _URL.fullmatch(url):
            raise SdmxServerError("registration-address", url=url)
    if not _ID.fullmatch(given.id):
        raise SdmxServerError("registration-id-wrong", text=given.id)
    return msgspec.structs.replace(
        given, valid_from=_moment("validFrom", given.valid_from), valid_to=_moment("validTo", given.valid_to)
    )


def _moment(name: str, text: str | None) -> str | None:
    """A moment as ``xs:dateTime`` in UTC where it has no offset."""
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise SdmxServerError("registration-moment", name=name, text=text) from error
    known = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return known.isoformat().replace("+00:00", "Z")


def _registration(own: str, agreement: Reference, request: RegistrationRequest) -> Registration:
    queryable = None
    if request.query_url is not None:
        queryable = QueryableDataSource(
            data_url=request.query_url,
            wsdl_url=request.wsdl_url,
            wadl_url=request.wadl_url,
            is_rest=not request.is_web_service,
            is_web_service=request.is_web_service,
        )
    return Registration(
        id=own,
        provision_agreement=agreement,
        simple_source=request.file_url,
        queryable_source=queryable,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
        index_time_series=request.index_time_series,
        index_data_set=request.index_data_set,
        index_attributes=request.index_attributes,
        index_reporting_period=request.index_reporting_period,
    )
