"""Structure queries: which artefacts an answer holds, and how much of each (REST 2.2.2 ``structures.md``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from ..model.codelist import Codelist
from ..model.common import Maintainable, Value
from ..model.constraint import Constraint
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.datastructure import DataStructure
from ..model.hierarchy import Hierarchy, HierarchyAssociation
from ..model.kinds import KINDS
from ..model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
)
from ..model.metadatastructure import Metadataflow, MetadataProvisionAgreement
from ..model.reference import Reference, reference_to
from ..model.structure_map import StructureMap
from ..model.transformation import VTL_SCHEMES, VtlDefinitionScheme
from ..query.structure import Detail, Scope, StructureQuery
from .catalogue import WILD, Catalogue, agency_item
from .counterparts import asked, in_kinds_of, origins_of, stored_otherwise
from .generations import seen_in
from .partial import codes_in_contexts, cut_to_items, shown
from .references import references_of
from .used import cut_to_answer

_ORDER = {kind.name: position for position, kind in enumerate(KINDS)}
_CONTEXTS = (ProvisionAgreement.kind, Dataflow.kind, DataStructure.kind)
_STUBS = {
    Detail.ALL_STUBS: (True, False),
    Detail.ALL_COMPLETE_STUBS: (True, True),
    Detail.REFERENCE_STUBS: (False, False),
    Detail.REFERENCE_COMPLETE_STUBS: (False, True),
}
"""For the details that return stubs: whether of the matching artefacts too, and whether complete ones."""

_KEPT_IN_STUBS: Mapping[str, tuple[str, ...]] = {
    Codelist.kind: ("geo_type", "grid_definition"),
    ProvisionAgreement.kind: ("dataflow", "data_provider"),
    Metadataflow.kind: ("targets",),
    MetadataProvisionAgreement.kind: ("metadataflow", "metadata_provider"),
    RepresentationMap.kind: ("sources", "targets"),
    **{
        cls.kind: ("source", "target")
        for cls in (StructureMap, ConceptSchemeMap, CategorySchemeMap, OrganisationSchemeMap, ReportingTaxonomyMap)
    },
    HierarchyAssociation.kind: ("linked_hierarchy", "linked_object"),
    **{cls.kind: ("vtl_version",) for cls in VTL_SCHEMES if issubclass(cls, VtlDefinitionScheme)},
}
"""Fields that the schemas require of an artefact even as a stub."""

_WITH_MAINTAINER = frozenset(cls.kind for cls in VTL_SCHEMES)
"""Kinds for which the table of REST 1.5.0 lists the scheme of their agency; that of 2.2.2 does for all."""

_OF_2_1: Mapping[str, frozenset[str]] = {
    "Codelist": frozenset(),
    "DataStructure": frozenset(("Codelist", "ConceptScheme", "AttachmentConstraint")),
    "Metadataflow": frozenset(("MetadataStructure",)),
}
"""What some kinds refer to in SDMX 2.1; the other references of theirs there are from 3.0 on."""

_Step = Callable[[Reference], Iterable[Reference]]


class StructureAnswer(Value, frozen=True, kw_only=True):
    """The artefacts that match, and those that ``references`` adds; both sorted by kind, agency, id and version.

    ``origins`` are stored artefacts, of a kind of another generation, that became some of these.
    """

    matching: tuple[Maintainable, ...]
    related: tuple[Maintainable, ...] = ()
    origins: tuple[Maintainable, ...] = ()

    @property
    def artefacts(self) -> tuple[Maintainable, ...]:
        """All of them, kinds in the order in which a message lists them."""
        return tuple(sorted((*self.matching, *self.related), key=_sort_key))


def _sort_key(artefact: Maintainable) -> tuple[int, Reference]:
    return _ORDER[artefact.kind], reference_to(artefact)


def stub(artefact: Maintainable, complete: bool = False) -> Maintainable:
    """Identification and names only; a complete stub has descriptions and annotations as well."""
    kept = {name: getattr(artefact, name) for name in _KEPT_IN_STUBS.get(artefact.kind, ())}
    if isinstance(artefact, Hierarchy):  # the schemas require a code
        kept["codes"] = tuple(msgspec.structs.replace(code, codes=()) for code in artefact.codes[:1])
    return type(artefact)(
        **kept,
        agency=artefact.agency,
        id=artefact.id,
        version=artefact.version,
        is_final=artefact.is_final,
        uri=artefact.uri,
        valid_from=artefact.valid_from,
        valid_to=artefact.valid_to,
        names=artefact.names,
        descriptions=artefact.descriptions if complete else {},
        annotations=artefact.annotations if complete else (),
    )


class _Graph:
    """The references around the artefacts of a query, as its detail and its items make them."""

    def __init__(self, catalogue: Catalogue, query: StructureQuery, matching: Mapping[Reference, Maintainable]) -> None:
        self._catalogue = catalogue
        self._raw = query.detail is Detail.RAW
        self._maintainers = query.maintainers
        self._known = query.known
        self._items = query.path.items is not None
        self._matching = matching

    def children(self, reference: Reference) -> Iterable[Reference]:
        """What the artefact refers to. Extended codelists hold the inherited codes themselves, unless raw.

        What fits the wildcards of a target is among it only for the artefacts that were asked for: else everything that
        a metadataflow may be about would come with each one of it.
        """
        asked = reference in self._matching
        held = self._catalogue.children(reference) if asked else self._catalogue.named(reference)
        children = [one for one in held if self._seen(reference, one)]
        if not self._maintainers and reference.kind not in _WITH_MAINTAINER:
            children = [child for child in children if not self._catalogue.only_maintains(child, reference)]
        artefact = self._matching.get(reference)
        if self._items and artefact is not None:
            kept: set[Reference | None] = set()
            for written in references_of(artefact):
                kept.update(self._catalogue.targets(written))
            kept.add(self._catalogue.agency_scheme(reference))
            children = [child for child in children if child in kept]
        if self._raw or reference.kind != Codelist.kind:
            return children
        return [child for child in children if child.kind != Codelist.kind]

    def parents(self, reference: Reference) -> Iterable[Reference]:
        """What refers to the artefact; in an item query, only what refers to one of its items or to all of it."""
        parents = [one for one in self._catalogue.parents(reference) if self._seen(one, reference)]
        if not self._maintainers:
            parents = [parent for parent in parents if not self._catalogue.only_maintains(reference, parent)]
        artefact = self._matching.get(reference)
        if not self._items or artefact is None:
            return parents
        users = (parent for parent in self._catalogue.load(parents) if self._uses(parent, artefact))
        return [reference_to(parent) for parent in users]

    def _seen(self, source: Reference, target: Reference) -> bool:
        """Whether the API knows of a reference: it has both kinds, and SDMX 2.1 the reference."""
        if self._known is None:
            return True
        if source.kind not in self._known or target.kind not in self._known:
            return False
        return target.kind in _OF_2_1.get(source.kind, self._known)

    def _uses(self, parent: Maintainable, artefact: Maintainable) -> bool:
        target, source = reference_to(artefact), reference_to(parent)
        named = {written.item for written in references_of(parent) if target in self._catalogue.targets(written)}
        if self._catalogue.agency_scheme(source) == target:
            named.add(agency_item(source.agency))
        return any(item is None or WILD in item or cut_to_items(artefact, (item,)) for item in named)


def _of_role(artefact: Maintainable, role: str | None) -> bool:
    """Whether a constraint has a role, which is Allowed unless it says otherwise; other artefacts pass."""
    return role is None or not isinstance(artefact, Constraint) or (artefact.role or "Allowed") == role


def _of_geography(artefact: Maintainable, geo_types: Collection[str] | None) -> bool:
    """Whether a codelist has one of these types of geography; other artefacts pass."""
    return geo_types is None or not isinstance(artefact, Codelist) or artefact.geo_type in geo_types


def _all_steps(start: Iterable[Reference], step: _Step) -> set[Reference]:
    """Everything that is reached in one step or more."""
    found: set[Reference] = set()
    waiting = list(start)
    while waiting:
        for reached in step(waiting.pop()):
            if reached not in found:
                found.add(reached)
                waiting.append(reached)
    return found


def _one_step(start: Iterable[Reference], step: _Step) -> set[Reference]:
    return {reached for reference in start for reached in step(reference)}


def _around(graph: _Graph, start: Sequence[Reference], scope: Scope) -> set[Reference]:
    if scope is Scope.CHILDREN:
        return _one_step(start, graph.children)
    if scope is Scope.DESCENDANTS:
        return _all_steps(start, graph.children)
    if scope is Scope.ANCESTORS:
        return _all_steps(start, graph.parents)
    if scope is Scope.NONE:
        return set()
    parents = _one_step(start, graph.parents)
    if scope is Scope.PARENTS:
        return parents
    siblings = parents | _one_step(parents, graph.children)
    return siblings if scope is Scope.PARENTS_AND_SIBLINGS else siblings | _all_steps(start, graph.children)


def _related(graph: _Graph, start: Sequence[Reference], query: StructureQuery) -> list[Reference]:
    """The artefacts that ``references`` adds. A concrete type means those of it above or below, at any level."""
    found: set[Reference] = set()
    for scope in query.scopes:
        found |= _around(graph, start, scope)
    if query.kinds:
        near = _all_steps(start, graph.parents) | _all_steps(start, graph.children)
        found |= {reference for reference in near if reference.kind in query.kinds}
    return sorted(found.difference(start))


def _matching(catalogue: Catalogue, query: StructureQuery) -> list[Maintainable]:
    path = query.path
    found = catalogue.load(catalogue.select(path.kinds, path.agencies, path.ids, path.versions))
    found.extend(stored_otherwise(catalogue, path))
    found = [one for one in found if _of_role(one, path.role) and _of_geography(one, path.geo_types)]
    if query.detail is not Detail.RAW:
        found = [shown(catalogue, artefact) for artefact in found]
    if path.items is None:
        return found
    cut = (cut_to_items(artefact, path.items) for artefact in found)
    return [artefact for artefact in cut if artefact is not None]


def _partial(
    catalogue: Catalogue,
    graph: _Graph,
    query: StructureQuery,
    matching: Sequence[Maintainable],
    related: Sequence[Maintainable],
) -> list[Maintainable]:
    """The related artefacts with item schemes cut to what the answer uses."""
    between: list[Maintainable] = []
    if query.kinds:  # what lies on the way to artefacts of the kinds named
        start = [reference_to(one) for one in matching]
        held = {*start, *(reference_to(one) for one in related)}
        between = catalogue.load(sorted(_all_steps(start, graph.children) - held))
    contexts = [reference_to(one) for one in matching if one.kind in _CONTEXTS]
    if not contexts:
        there = {reference_to(one) for one in (*related, *between) if one.kind in _CONTEXTS}
        below = {child for one in there for child in catalogue.children(one)}
        contexts = sorted(there - below)  # a structure is there for the flows that use it
    return cut_to_answer(catalogue, matching, related, between, codes_in_contexts(catalogue, contexts))


def answer_structure_query(catalogue: Catalogue, query: StructureQuery) -> StructureAnswer:
    """The artefacts of a structure query; none at all when nothing matches.

    Item queries return the items with their ancestors, and the scheme marked partial; schemes without any of the items
    are left out. A codelist that extends one that is not stored is shown with its extensions, as ``detail=raw`` does.
    """
    stored = catalogue
    catalogue, wholes = seen_in(query.generation, stored)
    matching = _matching(catalogue, query)
    by_reference = {reference_to(artefact): artefact for artefact in matching}
    graph = _Graph(catalogue, query, by_reference)
    related = [a for a in catalogue.load(_related(graph, list(by_reference), query)) if _of_role(a, query.role)]
    if query.detail is not Detail.RAW:
        related = [shown(catalogue, artefact) for artefact in related]
    if query.detail is Detail.REFERENCE_PARTIAL:
        related = _partial(catalogue, graph, query, matching, related)
    turned = in_kinds_of(query.generation, catalogue, matching)
    chosen = {key: one for key, one in turned.items() if asked(query.path, one)}
    added = in_kinds_of(query.generation, catalogue, related)
    there = turned.keys() | added.keys()
    origins = [one for one in (*matching, *related) if reference_to(one) not in there]
    held = origins_of(stored, wholes, sorted(there))  # they may be written in that order
    matching, related = list(chosen.values()), [one for key, one in added.items() if key not in chosen]
    if query.detail in _STUBS:
        everything, complete = _STUBS[query.detail]
        related = [stub(artefact, complete) for artefact in related]
        shown_whole = {wholes.get(reference_to(artefact)) for artefact in matching if not everything}
        held = [one if reference_to(one) in shown_whole else stub(one, complete) for one in held]
        if everything:
            matching = [stub(artefact, complete) for artefact in matching]
    first, second = (tuple(sorted(part, key=_sort_key)) for part in (matching, related))
    return StructureAnswer(matching=first, related=second, origins=(*origins, *held))
