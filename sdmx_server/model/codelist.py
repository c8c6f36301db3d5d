"""Codelists with extensions, and value lists (information model 4.3; 3.0 adds extensions and value lists)."""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, International, Item, ItemScheme, Maintainable, Value
from .reference import Reference


class Code(Item, frozen=True, kw_only=True):
    """A code; ``parent`` makes a simple hierarchy."""


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
    """A list of codes. ``items`` are its own; ``extensions`` are resolved by the registry (``detail=full``)."""

    kind: ClassVar[str] = "Codelist"
    items: tuple[Code, ...] = ()
    extensions: tuple[CodelistExtension, ...] = ()


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
