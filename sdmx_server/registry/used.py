"""``detail=referencepartial``: which items of related schemes an answer uses (REST 2.2.2 ``structures.md``, tables).

A scheme is cut when something in the answer refers to it by its items alone. One that is referred to as a whole stays
whole, and so does one that nothing in the answer refers to: it is there because it refers to what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from ..model.category import CategoryScheme, ReportingTaxonomy
from ..model.codelist import Codelist, ValueList
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.datastructure import DataStructure
from ..model.hierarchy import HierarchicalCode, HierarchicalCodelist
from ..model.mapping import ItemMap, ItemSchemeMap, RepresentationMap
from ..model.metadatastructure import MetadataStructure
from ..model.organisation import AgencyScheme, OrganisationScheme
from ..model.reference import Reference, reference_to
from ..model.structure_set import MAPS, SchemeMap, StructureSet
from .catalogue import WILD, Catalogue, agency_item
from .partial import cut_to_used
from .references import references_of

Codes = Mapping[Reference, frozenset[str] | None]
"""The codes of lists that constraints allow; None or no entry = all."""

_CUT = (ConceptScheme, CategoryScheme, ReportingTaxonomy, OrganisationScheme, HierarchicalCodelist)
"""What is cut, codelists aside; value lists are none of the schemes that the table names."""

_ENUMERATING = (ConceptScheme, DataStructure, MetadataStructure)
_BY_ITEMS = (ItemSchemeMap, RepresentationMap, HierarchicalCodelist, StructureSet)
"""Kinds that name the scheme apart from the items of it that they use."""

_Named = tuple[Reference, str | None]
"""A scheme as written and one of its items; None = any of them."""


def _of_pairs(source: Reference | None, target: Reference | None, items: Iterable[ItemMap]) -> Iterator[_Named]:
    for item in items:
        if source is not None:
            yield source, None if item.source.is_regex else item.source.value
        if target is not None and item.target is not None:
            yield target, item.target


def _of_representation_map(artefact: RepresentationMap) -> Iterator[_Named]:
    for mapping in artefact.mappings:
        for side, value in zip(artefact.sources, mapping.sources, strict=False):
            if side.codelist is not None:
                yield side.codelist, None if value.is_regex else value.value
        for side, text in zip(artefact.targets, mapping.targets, strict=False):
            if side.codelist is not None:
                yield side.codelist, text


def _by_alias(codes: Iterable[HierarchicalCode], included: Mapping[str | None, Reference]) -> Iterator[_Named]:
    for code in codes:
        if code.code is None and code.codelist_alias in included and code.code_id is not None:
            yield included[code.codelist_alias], code.code_id
        yield from _by_alias(code.codes, included)


def _named_apart(artefact: Maintainable) -> Iterator[_Named]:
    """The items that an artefact names apart from their scheme."""
    if isinstance(artefact, ItemSchemeMap):
        yield from _of_pairs(artefact.source, artefact.target, artefact.items)
    elif isinstance(artefact, RepresentationMap):
        yield from _of_representation_map(artefact)
    elif isinstance(artefact, HierarchicalCodelist):
        included: dict[str | None, Reference] = {
            one.alias or one.codelist.id: one.codelist for one in artefact.included
        }
        for hierarchy in artefact.hierarchies:
            yield from _by_alias(hierarchy.codes, included)
    elif isinstance(artefact, StructureSet):
        maps = (held for field in MAPS.values() for held in getattr(artefact, field))
        for held in maps:
            if isinstance(held, SchemeMap):
                yield from _of_pairs(held.source, held.target, held.items)


class _Uses:
    """What some artefacts use: whole schemes, lists of values as a representation, and single items."""

    def __init__(self, catalogue: Catalogue, artefacts: Iterable[Maintainable]) -> None:
        self._catalogue = catalogue
        self._whole: set[Reference] = set()
        self._listed: set[Reference] = set()
        self._items: dict[Reference, set[str]] = {}
        for artefact in artefacts:
            self._take(artefact)

    def _take(self, artefact: Maintainable) -> None:
        enumerates, apart = isinstance(artefact, _ENUMERATING), isinstance(artefact, _BY_ITEMS)
        for written in references_of(artefact):
            for target in self._catalogue.targets(written):
                if written.item is not None:
                    self._item(target, written.item)
                elif apart:
                    self._items.setdefault(target, set())
                elif enumerates and target.kind in (Codelist.kind, ValueList.kind):
                    self._listed.add(target)
                else:
                    self._whole.add(target)
        for scheme, item in _named_apart(artefact) if apart else ():
            for target in self._catalogue.targets(scheme):
                self._item(target, WILD if item is None else item)

    def _item(self, scheme: Reference, item: str) -> None:
        if WILD in item:
            self._whole.add(scheme)
        elif scheme.kind == HierarchicalCodelist.kind:  # a code within it is named by the path from its hierarchy on
            self._items.setdefault(scheme, set()).add(item.partition(".")[0])
        else:
            self._items.setdefault(scheme, set()).add(item)

    def maintained(self, artefacts: Iterable[Maintainable]) -> None:
        """Count the agencies that maintain artefacts among the items."""
        for artefact in artefacts:
            scheme = self._catalogue.agency_scheme(reference_to(artefact))
            if scheme is not None:
                self._item(scheme, agency_item(artefact.agency))

    def known(self, others: _Uses) -> None:
        """Count what others refer to as referred to, although nothing of it is used."""
        for reference in (*others._whole, *others._listed, *others._items):
            self._items.setdefault(reference, set())

    def cut(self, artefact: Maintainable, codes: Codes) -> Maintainable:
        """A scheme with what is used of it."""
        reference = reference_to(artefact)
        known = self._items.keys() | self._listed
        if reference in self._whole or reference not in known:
            return artefact
        used = self._items.get(reference, set())
        if reference in self._listed:
            allowed = codes.get(reference)
            if allowed is None:
                return artefact
            used = used | allowed
        key = ("cut", reference, frozenset(used))  # formats remember what they made of the same artefact
        return self._catalogue.once(key, partial(cut_to_used, artefact, used))


def cut_to_answer(
    catalogue: Catalogue,
    matching: Sequence[Maintainable],
    related: Sequence[Maintainable],
    between: Sequence[Maintainable],
    codes: Codes,
) -> list[Maintainable]:
    """The related artefacts with item schemes cut to what the answer uses of them.

    ``between`` are artefacts through which the related ones were found although they are not in the answer. Concept
    schemes are cut first: of a list that only concepts refer to that nobody uses nothing is used.
    """
    others = [*related, *between]
    cutting = [one for one in others if isinstance(one, _CUT)]
    fixed = [*matching, *(one for one in others if not isinstance(one, (*_CUT, Codelist)))]
    first = _Uses(catalogue, fixed)
    cut = {reference_to(one): first.cut(one, codes) for one in cutting if not isinstance(one, AgencyScheme)}
    second = _Uses(catalogue, [*fixed, *cut.values()])
    second.known(_Uses(catalogue, cutting))
    found = [
        second.cut(one, codes) if isinstance(one, Codelist) else cut.get(reference_to(one), one) for one in related
    ]
    first.maintained([*matching, *found])
    return [first.cut(one, codes) if isinstance(one, AgencyScheme) else one for one in found]
