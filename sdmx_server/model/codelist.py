"""Codelists with extensions, geographic ones among them, and value lists (information model 4.3).

3.0 adds extensions, value lists and geography. A geographic codelist and a grid are codelists: their URNs say
``Codelist`` and ``Code`` (SDMX-ML and SDMX-JSON schemas), so that an id stands for one of the three. What else they say
stands in fields of their own here.
"""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, International, Item, ItemScheme, Maintainable, Value
from .reference import Reference

GEOGRAPHIC, GRID = "GeographicCodelist", "GeoGridCodelist"
"""The classes of codelists that have a geography."""


class Code(Item, frozen=True, kw_only=True):
    """A code; ``parent`` makes a simple hierarchy.

    In a geographic codelist ``feature_set`` describes its points, lines or areas (``GeoFeatureSetCode``), in a grid
    ``cell`` names its cell (``GeoGridCode``); both as the technical notes lay down, and here as text.
    """

    feature_set: str | None = None
    cell: str | None = None


class MemberValue(Value, frozen=True, kw_only=True):
    """A value, or a pattern with ``%``, of a selection. ``cascade`` is ``true``, ``false``, ``excluderoot`` or None."""

    value: str
    cascade: str | None = None
    lang: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class CodeSelection(Value, frozen=True, kw_only=True):
    """Which codes an extension takes (``include``) or leaves out."""

    include: bool
    members: tuple[MemberValue, ...]


class CodelistExtension(Value, frozen=True, kw_only=True):
    """Codes taken over from another codelist, with an optional prefix."""

    codelist: Reference
    prefix: str | None = None
    selection: CodeSelection | None = None


class Codelist(ItemScheme, frozen=True, kw_only=True):
    """A list of codes. ``items`` are its own; ``extensions`` are resolved by the registry (``detail=full``).

    ``geo_type`` is ``GEOGRAPHIC``, ``GRID`` or None; ``grid_definition`` says what the cells of a grid are.
    """

    kind: ClassVar[str] = "Codelist"
    items: tuple[Code, ...] = ()
    extensions: tuple[CodelistExtension, ...] = ()
    geo_type: str | None = None
    grid_definition: str | None = None


class ValueItem(Value, frozen=True, kw_only=True):
    """An item of a value list; its id may be any text, its names may be missing."""

    id: str
    names: International = {}
    descriptions: International = {}
    annotations: tuple[Annotation, ...] = ()


class ValueList(Maintainable, frozen=True, kw_only=True):
    """A list of values that need not be valid ids (``€``, ``<5``)."""

    kind: ClassVar[str] = "ValueList"
    items: tuple[ValueItem, ...] = ()
    is_partial: bool = False


def message_class(artefact: Maintainable) -> str:
    """The class under which messages list an artefact: its kind, but for codelists with a geography."""
    return (artefact.geo_type if isinstance(artefact, Codelist) else None) or artefact.kind
