"""Hierarchies of codes, what they are associated with, and the hierarchical codelists of 2.1 (information model 8).

From 3.0 on a hierarchy is an artefact; in 2.1 it is a part of a hierarchical codelist. ``counterparts`` turns the one
into the other.
"""

from __future__ import annotations

from typing import ClassVar

from .common import Identifiable, Maintainable, Nameable, Value
from .reference import Reference
from .representation import TextFormat


class Level(Nameable, frozen=True, kw_only=True):
    """A level of a hierarchy, with the level below it; ``coding_format`` is that of the ids of its codes."""

    coding_format: TextFormat | None = None
    level: Level | None = None


class HierarchicalCode(Identifiable, frozen=True, kw_only=True):
    """A code at its place in a hierarchy, with those below it; ``level`` is the id of its level.

    In 2.1 a code may be named by ``codelist_alias`` (of an included codelist) and ``code_id`` instead of ``code``, and
    may have a version. ``valid_from`` and ``valid_to`` are date-times.
    """

    code: Reference | None = None
    codelist_alias: str | None = None
    code_id: str | None = None
    level: str | None = None
    codes: tuple[HierarchicalCode, ...] = ()
    version: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class Hierarchy(Maintainable, frozen=True, kw_only=True):
    """A hierarchy of codes of any codelists (from 3.0 on). ``level`` is the topmost level, the others are within it."""

    kind: ClassVar[str] = "Hierarchy"
    has_formal_levels: bool = False
    level: Level | None = None
    codes: tuple[HierarchicalCode, ...] = ()


class CodelistHierarchy(Nameable, frozen=True, kw_only=True):
    """A hierarchy within a hierarchical codelist (2.1)."""

    has_formal_levels: bool = False
    level: Level | None = None
    codes: tuple[HierarchicalCode, ...] = ()


class IncludedCodelist(Value, frozen=True, kw_only=True):
    """A codelist whose codes the hierarchies of a hierarchical codelist use; ``alias`` is what they call it."""

    codelist: Reference
    alias: str | None = None


class HierarchicalCodelist(Maintainable, frozen=True, kw_only=True):
    """Hierarchies over codes of the included codelists (2.1 only)."""

    kind: ClassVar[str] = "HierarchicalCodelist"
    included: tuple[IncludedCodelist, ...] = ()
    hierarchies: tuple[CodelistHierarchy, ...] = ()


class HierarchyAssociation(Maintainable, frozen=True, kw_only=True):
    """That a hierarchy is to be used with an object, perhaps in a context only (from 3.0 on).

    ``linked_object`` and ``context_object`` name anything identifiable: a dimension and a dataflow, say.
    """

    kind: ClassVar[str] = "HierarchyAssociation"
    linked_hierarchy: Reference | None = None
    linked_object: Reference | None = None
    context_object: Reference | None = None
