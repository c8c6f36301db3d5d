"""Queries for registrations of data sources (REST 2.2.2 ``registration.md``)."""

from __future__ import annotations

import datetime as dt

from ..errors import BadQuery
from ..model.common import Value
from ..model.version import parse_versions
from .parameters import NO_OVERRIDES, Overrides, moment, parse_parameters
from .paths import AGENCY, DATA_CONTEXTS, ID, ArtefactPath, id_set, kinds_named, segments

_PROVIDER_KIND = "DataProviderScheme"


class RegistrationPath(ArtefactPath, frozen=True, kw_only=True):
    """Which registrations a path names: that of an id; those under agreements with a data provider (``kinds`` is
    ``DataProviderScheme``, ``ids`` are providers); or those of the artefacts of the other kinds.
    """

    registration: str | None = None


class RegistrationQuery(Value, frozen=True, kw_only=True):
    """A query for registrations; both moments are exclusive."""

    path: RegistrationPath
    updated_after: dt.datetime | None = None
    updated_before: dt.datetime | None = None
    overrides: Overrides = NO_OVERRIDES


def _by_id(tail: str) -> RegistrationPath:
    parts = segments(tail, ("id", "registrationID"))
    own = parts.get("registrationID", "")
    if not ID.fullmatch(own):
        raise BadQuery("registration-id", text=own)
    return RegistrationPath(kinds=(), ids=frozenset((own,)), versions=parse_versions("*"), registration=own)


def _by_provider(tail: str) -> RegistrationPath:
    parts = segments(tail, ("provider", "providerAgencyID", "providerID"))
    return RegistrationPath(
        kinds=(_PROVIDER_KIND,),
        agencies=id_set(parts, "providerAgencyID", AGENCY),
        ids=id_set(parts, "providerID", ID),
        versions=parse_versions("*"),
    )


def _by_context(tail: str) -> RegistrationPath:
    parts = segments(tail, ("context", "agencyID", "resourceID", "version"))
    context = parts.get("context", "*")
    kinds = tuple(DATA_CONTEXTS.values()) if context == "*" else kinds_named(context, "context", DATA_CONTEXTS)
    return RegistrationPath(
        kinds=kinds,
        agencies=id_set(parts, "agencyID", AGENCY),
        ids=id_set(parts, "resourceID", ID),
        versions=parse_versions(parts.get("version", "*")),
    )


_FORMS = {"id": _by_id, "provider": _by_provider}


def parse_registration_query(tail: str, raw_query: str = "") -> RegistrationQuery:
    """Parse ``/registration{tail}?{raw_query}``; both as they came, percent-encoded.

    The path is ``id/{id}``, ``provider/{agency}/{id}`` or ``{context}/{agency}/{id}/{version}``, parts at the end being
    ``*`` when they are left out. Raises ``BadQuery``.
    """
    path = _FORMS.get(tail.strip("/").partition("/")[0], _by_context)(tail)
    parameters = parse_parameters(raw_query, () if path.registration else ("updatedAfter", "updatedBefore"))
    return RegistrationQuery(
        path=path,
        updated_after=moment(parameters.values, "updatedAfter"),
        updated_before=moment(parameters.values, "updatedBefore"),
        overrides=parameters.overrides,
    )
