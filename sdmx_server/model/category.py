"""Category schemes, categorisations and reporting taxonomies (information model 4.8, 9)."""

from __future__ import annotations

from typing import ClassVar

from .common import ItemScheme, Maintainable, Nameable
from .reference import Reference


class Category(Nameable, frozen=True, kw_only=True):
    """A category with its sub-categories; referred to by its dotted path."""

    items: tuple[Category, ...] = ()


class CategoryScheme(ItemScheme, frozen=True, kw_only=True):
    """A scheme of nested categories."""

    kind: ClassVar[str] = "CategoryScheme"
    items: tuple[Category, ...] = ()


class Categorisation(Maintainable, frozen=True, kw_only=True):
    """Puts ``source`` (any artefact) into ``target`` (a category)."""

    kind: ClassVar[str] = "Categorisation"
    source: Reference | None = None
    target: Reference | None = None


class ReportingCategory(Nameable, frozen=True, kw_only=True):
    """A chapter of a publication with those within it; it shows the data of ``structures`` or of ``usages`` (flows)."""

    items: tuple[ReportingCategory, ...] = ()
    structures: tuple[Reference, ...] = ()
    usages: tuple[Reference, ...] = ()


class ReportingTaxonomy(ItemScheme, frozen=True, kw_only=True):
    """How data is presented in a publication: nested reporting categories."""

    kind: ClassVar[str] = "ReportingTaxonomy"
    items: tuple[ReportingCategory, ...] = ()
