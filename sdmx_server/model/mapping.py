"""Maps between item schemes and between representations (information model 10, from 3.0 on)."""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, Maintainable, Value
from .reference import Reference


class MappedValue(Value, frozen=True, kw_only=True):
    """A value to be mapped, a regular expression when ``is_regex``; the indexes choose a part of the text.

    ``start_index`` and ``end_index`` count characters from 0; None when the source does not say.
    """

    value: str
    is_regex: bool | None = None
    start_index: int | None = None
    end_index: int | None = None


class ItemMap(Value, frozen=True, kw_only=True):
    """An item of one scheme and what it is in the other (nothing without ``target``); the dates are ISO 8601."""

    source: MappedValue
    target: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()


class ItemSchemeMap(Maintainable, frozen=True, kw_only=True):
    """Base of the maps between two item schemes of one kind; None in a stub."""

    source: Reference | None = None
    target: Reference | None = None
    items: tuple[ItemMap, ...] = ()


class ConceptSchemeMap(ItemSchemeMap, frozen=True, kw_only=True):
    """A map between two concept schemes."""

    kind: ClassVar[str] = "ConceptSchemeMap"


class CategorySchemeMap(ItemSchemeMap, frozen=True, kw_only=True):
    """A map between two category schemes."""

    kind: ClassVar[str] = "CategorySchemeMap"


class OrganisationSchemeMap(ItemSchemeMap, frozen=True, kw_only=True):
    """A map between two organisation schemes, perhaps of different kinds."""

    kind: ClassVar[str] = "OrganisationSchemeMap"


class ReportingTaxonomyMap(ItemSchemeMap, frozen=True, kw_only=True):
    """A map between two reporting taxonomies."""

    kind: ClassVar[str] = "ReportingTaxonomyMap"


class MappedList(Value, frozen=True, kw_only=True):
    """What values of a representation map are of: a codelist or value list, or a data type."""

    codelist: Reference | None = None
    data_type: str | None = None


class ValueMapping(Value, frozen=True, kw_only=True):
    """One value for each source, and one for each target, in the order in which the map lists them."""

    sources: tuple[MappedValue, ...] = ()
    targets: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()


class RepresentationMap(Maintainable, frozen=True, kw_only=True):
    """Which values of ``sources`` together become which values of ``targets``."""

    kind: ClassVar[str] = "RepresentationMap"
    sources: tuple[MappedList, ...] = ()
    targets: tuple[MappedList, ...] = ()
    mappings: tuple[ValueMapping, ...] = ()
