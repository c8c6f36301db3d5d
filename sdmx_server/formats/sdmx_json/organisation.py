"""Tables of organisation schemes, and of the parties that a message names."""

from __future__ import annotations

from typing import Any

from ...model.message import Party
from ...model.organisation import (
    AgencyScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    Organisation,
    OrganisationUnitScheme,
)
from .engine import BOTH, PLAIN, V10, Field, Row, Table, extension, many, texts
from .identity import ID, ParentUrn, nameable
from .maintainable import IS_PARTIAL, maintainable

CONTACT = Table(
    Contact,
    (
        ID,
        texts("name", "names"),
        texts("department", "departments"),
        texts("role", "roles"),
        *(many(key, key, PLAIN) for key in ("telephones", "faxes", "uris", "emails", "x400s")),
    ),
)
PARTY = Table(Party, (ID, texts("name", "names"), many("contacts", "contacts", CONTACT)))

_NO_PARENT: tuple[Row, ...] = (extension("parent", "parent"),)
_UNIT_PARENT: tuple[Row, ...] = (
    Field("parent", "parent", PLAIN, versions=BOTH),
    Field("parent", "parent", ParentUrn("urn:sdmx:org.sdmx.infomodel.base.OrganisationUnit="), versions=(V10,)),
)


def _organisations(cls: Any, item: str, key: str, parent: tuple[Row, ...] = _NO_PARENT) -> Table:
    organisation = Table(
        Organisation,
        nameable("base." + item, *parent, many("contacts", "contacts", CONTACT)),
    )
    return Table(cls, maintainable(cls.kind, IS_PARTIAL, many(key, "items", organisation)))


ORGANISATION_SCHEMES: tuple[tuple[str, Table], ...] = (
    ("agencySchemes", _organisations(AgencyScheme, "Agency", "agencies")),
    ("dataProviderSchemes", _organisations(DataProviderScheme, "DataProvider", "dataProviders")),
    ("dataConsumerSchemes", _organisations(DataConsumerScheme, "DataConsumer", "dataConsumers")),
    ("metadataProviderSchemes", _organisations(MetadataProviderScheme, "MetadataProvider", "metadataProviders")),
    (
        "organisationUnitSchemes",
        _organisations(OrganisationUnitScheme, "OrganisationUnit", "organisationUnits", _UNIT_PARENT),
    ),
)
"""The key and the table of each kind of organisation scheme, in the order of a message."""
