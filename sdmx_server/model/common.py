"""What every artefact of the SDMX information model shares: texts in languages, annotations, links, identity.

The classes hold the UNION of SDMX 2.1, 3.0 and 3.1 (information model, section 2). They are plain frozen values: no
parsing, no storage. A field that a generation lacks keeps its default there.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

International = dict[str, str]
"""A text in languages, ``{"en": "Sex", "fa": "جنس"}``, by BCP 47 tag; a text without a tag is ``en`` (XSD default)."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all model values: frozen, compared by content."""


class AnnotationURL(Value, frozen=True, kw_only=True):
    """One address of an annotation; several, each with a language, exist from 3.0 on."""

    href: str
    lang: str | None = None


class Link(Value, frozen=True, kw_only=True):
    """A link of an artefact. SDMX-ML 3.1 carries rel, href, urn and type; SDMX-JSON all fields."""

    rel: str
    href: str | None = None
    urn: str | None = None
    uri: str | None = None
    type: str | None = None
    titles: International = {}
    hreflang: str | None = None


class Annotation(Value, frozen=True, kw_only=True):
    """Free information attached to any annotable artefact (information model 3.2)."""

    id: str | None = None
    title: str | None = None
    type: str | None = None
    urls: tuple[AnnotationURL, ...] = ()
    texts: International = {}
    value: str | None = None  # from 3.0 on
    links: tuple[Link, ...] = ()  # SDMX-JSON only: links that say more than an address and its language


class Identity(Value, frozen=True, kw_only=True):
    """What an identifiable thing has beside its id: also used alone for component lists, which have a fixed id."""

    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    uri: str | None = None


class Identifiable(Identity, frozen=True, kw_only=True):
    """An artefact with an id. Its URN is computed (``model.reference``), never stored."""

    id: str


class Nameable(Identifiable, frozen=True, kw_only=True):
    """An identifiable artefact with names and descriptions in languages."""

    names: International = {}
    descriptions: International = {}


class Maintainable(Nameable, frozen=True, kw_only=True):
    """An artefact maintained by an agency. ``version`` is the text as it came: ``1.0`` stays ``1.0``.

    Organisation schemes have no version in 3.x; there the model holds ``1.0``, as their URNs do.
    """

    kind: ClassVar[str] = ""
    agency: str
    version: str = "1.0"
    is_final: bool | None = None  # 2.1 only; from 3.0 on a version without extension is stable
    valid_from: str | None = None
    valid_to: str | None = None
    is_external_reference: bool = False
    service_url: str | None = None
    structure_url: str | None = None
    is_partial_language: bool = False  # 3.1


class Item(Nameable, frozen=True, kw_only=True):
    """An item of an item scheme. ``parent`` is the id of another item of the same scheme."""

    parent: str | None = None


class ItemScheme(Maintainable, frozen=True, kw_only=True):
    """Base of item schemes; sub-classes declare ``items``."""

    is_partial: bool = False
