"""Item schemes cut to the items that are asked for or used: item queries and ``detail=referencepartial``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TypeVar

import msgspec

from ..errors import BadSemantics
from ..model.category import Category, CategoryScheme, ReportingCategory, ReportingTaxonomy
from ..model.codelist import Codelist, ValueList
from ..model.common import Maintainable, Nameable
from ..model.concept import ConceptScheme
from ..model.hierarchy import HierarchicalCodelist, Hierarchy
from ..model.organisation import OrganisationScheme
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from ..model.transformation import VtlDefinitionScheme, VtlMappingScheme
from .catalogue import Catalogue, agency_item
from .codes import cut_enumeration, cut_scheme, extended
from .constraints import allowed_codes
from .references import references_of
from .resolve import resolve_structure

Nested = TypeVar("Nested", Category, ReportingCategory)

ITEM_SCHEMES = (CategoryScheme, ReportingTaxonomy, Codelist, ValueList, ConceptScheme, OrganisationScheme)
"""Those whose references name items by an id, or a path of ids, alone."""


def items_used(catalogue: Catalogue, artefacts: Iterable[Maintainable]) -> dict[Reference, set[str]]:
    """The items of stored schemes that the artefacts refer to, and the agencies that maintain the artefacts."""
    uses: dict[Reference, set[str]] = {}
    for artefact in artefacts:
        for written in references_of(artefact):
            found = catalogue.resolve(written) if written.item is not None else None
            if found is not None and written.item is not None:
                uses.setdefault(found, set()).add(written.item)
        scheme = catalogue.agency_scheme(reference_to(artefact))
        if scheme is not None:
            uses.setdefault(scheme, set()).add(agency_item(artefact.agency))
    return uses


def _categories(items: Iterable[Nested], wanted: Collection[str], above: str = "") -> tuple[Nested, ...]:
    """The wanted categories (dotted paths) and those above them, without what is below."""
    kept: list[Nested] = []
    for item in items:
        path = f"{above}{item.id}"
        below = _categories(item.items, wanted, f"{path}.")
        if below or path in wanted:
            kept.append(msgspec.structs.replace(item, items=below))
    return tuple(kept)


def _nested(
    scheme: CategoryScheme | ReportingTaxonomy, wanted: Collection[str]
) -> tuple[Category, ...] | tuple[ReportingCategory, ...]:
    if isinstance(scheme, CategoryScheme):
        return _categories(scheme.items, wanted)
    return _categories(scheme.items, wanted)


def _hierarchies(artefact: Hierarchy | HierarchicalCodelist, wanted: Collection[str]) -> Maintainable | None:
    """The wanted hierarchies; an artefact is the one hierarchy of the hierarchical codelist of its id."""
    if isinstance(artefact, Hierarchy):
        return artefact if artefact.id in wanted else None
    held = tuple(one for one in artefact.hierarchies if one.id in wanted)
    return msgspec.structs.replace(artefact, hierarchies=held) if held else None


def _listed(
    artefact: Codelist | ValueList | ConceptScheme | OrganisationScheme, wanted: Collection[str]
) -> Maintainable | None:
    """The scheme or list with the wanted items, and those that they are within."""
    there = {item.id for item in artefact.items}.intersection(wanted)
    if not there:
        return None
    if isinstance(artefact, Codelist | ValueList):
        return msgspec.structs.replace(cut_enumeration(artefact, there), is_partial=True)
    return msgspec.structs.replace(cut_scheme(artefact, there), is_partial=True)


def _of_vtl(scheme: VtlDefinitionScheme | VtlMappingScheme, wanted: Collection[str]) -> Maintainable | None:
    """The scheme with the wanted items; none of them is within another."""
    held: Iterable[Nameable] = scheme.items  # type: ignore[union-attr] # every VTL scheme has items
    kept = tuple(item for item in held if item.id in wanted)
    return msgspec.structs.replace(scheme, items=kept, is_partial=True) if kept else None


def cut_to_items(artefact: Maintainable, wanted: Collection[str]) -> Maintainable | None:
    """The item scheme or value list with the wanted items and their ancestors, marked partial.

    None when it holds none of them, or is no list of items. Nested items go by their dotted path.
    """
    if isinstance(artefact, CategoryScheme | ReportingTaxonomy):
        kept = _nested(artefact, wanted)
        return msgspec.structs.replace(artefact, items=kept, is_partial=True) if kept else None
    if isinstance(artefact, Hierarchy | HierarchicalCodelist):
        return _hierarchies(artefact, wanted)
    if isinstance(artefact, VtlDefinitionScheme | VtlMappingScheme):
        return _of_vtl(artefact, wanted)
    if isinstance(artefact, Codelist | ValueList | ConceptScheme | OrganisationScheme):
        return _listed(artefact, wanted)
    return None


def cut_to_used(artefact: Maintainable, used: Collection[str]) -> Maintainable:
    """The item scheme with the items used, and those that they are within; marked partial unless that is all of it.

    Of a hierarchical codelist the hierarchies; other artefacts as they are.
    """
    if isinstance(artefact, Codelist | ValueList):
        return cut_enumeration(artefact, used)
    if isinstance(artefact, ConceptScheme | OrganisationScheme):
        return cut_scheme(artefact, used)
    if isinstance(artefact, CategoryScheme | ReportingTaxonomy):
        items = _nested(artefact, used)
        return artefact if items == artefact.items else msgspec.structs.replace(artefact, items=items, is_partial=True)
    if isinstance(artefact, HierarchicalCodelist):
        return _hierarchies(artefact, used) or artefact
    return artefact


def codes_by_list(
    schema: ResolvedStructure, codes: Mapping[str, Collection[str] | None]
) -> dict[Reference, frozenset[str] | None]:
    """Codes of components as codes of their lists; a list that a component uses without restriction is None."""
    found: dict[Reference, frozenset[str] | None] = {}
    for component in schema.components:
        if component.enumeration is None:
            continue
        reference = reference_to(component.enumeration)
        own = codes.get(component.id)
        other = found.get(reference, frozenset())
        found[reference] = None if own is None or other is None else other | frozenset(own)
    return found


def codes_in_contexts(catalogue: Catalogue, contexts: Iterable[Reference]) -> dict[Reference, frozenset[str] | None]:
    """The codes of each list that the constraints on dataflows, structures and agreements allow.

    Nothing is restricted when one of the contexts cannot be resolved: a structure query answers all the same.
    """
    merged: dict[Reference, frozenset[str] | None] = {}
    for context in contexts:
        try:
            schema = resolve_structure(catalogue, context)
        except BadSemantics:
            return {}
        own = catalogue.once(("codes", context), partial(_codes_of, schema))
        for reference, codes in own.items():
            other = merged.get(reference, frozenset())
            merged[reference] = None if codes is None or other is None else other | codes
    return merged


def _codes_of(schema: ResolvedStructure) -> dict[Reference, frozenset[str] | None]:
    return codes_by_list(schema, allowed_codes(schema))


def whole(catalogue: Catalogue, artefact: Maintainable) -> Maintainable:
    """The artefact as ``detail=full`` shows it: a codelist with its extensions put in place."""
    if not isinstance(artefact, Codelist) or not artefact.extensions:
        return artefact
    make: Callable[[], Codelist] = partial(extended, catalogue, artefact)
    return catalogue.once(("extended", reference_to(artefact)), make)


def shown(catalogue: Catalogue, artefact: Maintainable) -> Maintainable:
    """The artefact as ``whole`` gives it; a codelist whose extensions cannot be put in place shows them instead.

    So one that came before the list that it extends keeps no answer about others from being given.
    """
    try:
        return whole(catalogue, artefact)
    except BadSemantics:
        return artefact
