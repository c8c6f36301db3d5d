"""Queries for reference metadata (REST 2.2.2 ``metadata.md``)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from ..errors import BadQuery
from ..model.common import Value
from ..model.kinds import METADATA_SET
from ..model.version import parse_versions
from .parameters import NO_OVERRIDES, Overrides, choice, moment, parse_parameters
from .paths import (
    AGENCY,
    ID,
    STRUCTURE_TYPES,
    ArtefactPath,
    ProviderName,
    id_set,
    kinds_named,
    segments,
    several,
)

_PROVIDER = re.compile(
    r"((?P<agency>\*|[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*)\.)?(?P<id>\*|[A-Za-z0-9_@$-]+)"
)
_DETAILS = ("full", "allstubs")
_ORGANISATIONS = "agencyscheme,dataproviderscheme,dataconsumerscheme,metadataproviderscheme,organisationunitscheme"
"""What ``organisationscheme`` means, a type that the specification has in queries for metadata alone."""


class MetadataPath(ArtefactPath, frozen=True, kw_only=True):
    """Which metadata sets a path names.

    ``kinds`` are ``MetadataSet``, whose agency is the provider, or ``Metadataflow``, with the ``providers`` asked for
    (None = any); else they are kinds of artefacts that the sets are about, when ``about``.
    """

    providers: tuple[ProviderName, ...] | None = None
    about: bool = False


class MetadataQuery(Value, frozen=True, kw_only=True):
    """A query for reference metadata. ``stubs``: without the reported attributes.

    Of REST 1.5.0: ``updated_after``, ``start_period`` and ``end_period`` of what is reported, ``keyed``: only what is
    reported about keys of data, ``include_history``: all contents that sets had, and ``annotated``: with annotations.
    """

    path: MetadataPath
    stubs: bool = False
    as_of: dt.datetime | None = None
    updated_after: dt.datetime | None = None
    start_period: str | None = None
    end_period: str | None = None
    keyed: bool = False
    include_history: bool = False
    annotated: bool = True
    overrides: Overrides = NO_OVERRIDES


def _providers(parts: Mapping[str, str]) -> tuple[ProviderName, ...] | None:
    found = several(parts, "providerRef", _PROVIDER)
    if found is None:
        return None
    names = []
    for text in found:
        agency, _, own = text.rpartition(".")
        names.append(ProviderName(agency=None if agency in ("", "*") else agency, id=None if own == "*" else own))
    return tuple(names)


def _by_set(tail: str) -> MetadataPath:
    parts = segments(tail, ("metadataset", "providerID", "metadatasetID", "version"))
    return MetadataPath(
        kinds=(METADATA_SET.name,),
        agencies=id_set(parts, "providerID", AGENCY),
        ids=id_set(parts, "metadatasetID", ID),
        versions=parse_versions(parts.get("version", "~")),
    )


def _by_flow(tail: str) -> MetadataPath:
    parts = segments(tail, ("metadataflow", "flowAgencyID", "flowID", "flowVersion", "providerRef"))
    return MetadataPath(
        kinds=("Metadataflow",),
        agencies=id_set(parts, "flowAgencyID", AGENCY),
        ids=id_set(parts, "flowID", ID),
        versions=parse_versions(parts.get("flowVersion", "~")),
        providers=_providers(parts),
    )


def _by_structure(tail: str) -> MetadataPath:
    parts = segments(tail, ("structure", "artefactType", "agencyID", "resourceID", "version"))
    text = parts.get("artefactType", "*")
    any_type = text == "*"
    named = ",".join(_ORGANISATIONS if one == "organisationscheme" else one for one in text.split(","))
    return MetadataPath(
        kinds=tuple(STRUCTURE_TYPES.values()) if any_type else kinds_named(named, "artefactType", STRUCTURE_TYPES),
        agencies=id_set(parts, "agencyID", AGENCY),
        ids=id_set(parts, "resourceID", ID),
        versions=parse_versions(parts.get("version", "~")),
        about=True,
    )


_FORMS = {"structure": _by_structure, "metadataflow": _by_flow, "metadataset": _by_set}


def parse_metadata_path(tail: str) -> MetadataPath:
    """``structure/{type}/{agency}/{id}/{version}``, ``metadataflow/{agency}/{id}/{version}/{provider}`` or
    ``metadataset/{provider}/{id}/{version}``; parts at the end are ``*``, versions ``~``, when they are left out.

    Raises ``BadQuery``.
    """
    form = tail.strip("/").partition("/")[0]
    if form not in _FORMS:
        raise BadQuery("metadata-form", form=form, allowed=tuple(_FORMS))
    return _FORMS[form](tail)


def parse_metadata_query(tail: str, raw_query: str = "") -> MetadataQuery:
    """Parse ``/metadata{tail}?{raw_query}``; both as they came, percent-encoded. Raises ``BadQuery``."""
    path = parse_metadata_path(tail)
    parameters = parse_parameters(raw_query, ("detail", "asOf"))
    values = parameters.values
    words = values | ({"detail": values["detail"].lower()} if "detail" in values else {})  # a page writes allStubs
    return MetadataQuery(
        path=path,
        stubs=choice(words, "detail", _DETAILS) == "allstubs",
        as_of=moment(values, "asOf"),
        overrides=parameters.overrides,
    )
