"""The schemes of organisations: agencies, providers, consumers and units (information model 4.7)."""

from __future__ import annotations

from typing import ClassVar

from .common import International, Item, ItemScheme, Value


class Contact(Value, frozen=True, kw_only=True):
    """How to reach an organisation."""

    id: str | None = None
    names: International = {}
    departments: International = {}
    roles: International = {}
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    x400s: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class Organisation(Item, frozen=True, kw_only=True):
    """An agency, a provider, a consumer or a unit, by the scheme that holds it; only a unit has a ``parent``."""

    contacts: tuple[Contact, ...] = ()


class OrganisationScheme(ItemScheme, frozen=True, kw_only=True):
    """Base of the organisation schemes, whose ids are fixed (``AGENCIES`` ...) but for those of units."""

    items: tuple[Organisation, ...] = ()


class AgencyScheme(OrganisationScheme, frozen=True, kw_only=True):
    """The agencies below an agency; its id is always ``AGENCIES``."""

    kind: ClassVar[str] = "AgencyScheme"


class DataProviderScheme(OrganisationScheme, frozen=True, kw_only=True):
    """Data providers; its id is always ``DATA_PROVIDERS``."""

    kind: ClassVar[str] = "DataProviderScheme"


class DataConsumerScheme(OrganisationScheme, frozen=True, kw_only=True):
    """Data consumers; its id is always ``DATA_CONSUMERS``."""

    kind: ClassVar[str] = "DataConsumerScheme"


class MetadataProviderScheme(OrganisationScheme, frozen=True, kw_only=True):
    """Providers of reference metadata (from 3.0 on); its id is always ``METADATA_PROVIDERS``."""

    kind: ClassVar[str] = "MetadataProviderScheme"


class OrganisationUnitScheme(OrganisationScheme, frozen=True, kw_only=True):
    """The units of an organisation, each perhaps within another."""

    kind: ClassVar[str] = "OrganisationUnitScheme"
