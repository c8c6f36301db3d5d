"""Hierarchical codelists of 2.1 and hierarchies of 3.x: the one as the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from .hierarchy import CodelistHierarchy, HierarchicalCode, HierarchicalCodelist, Hierarchy
from .parts import artefact_fields, part_fields, part_id, whole_fields
from .reference import Reference, reference_to


def _as_artefact(part: HierarchicalCode, included: Mapping[str | None, Reference]) -> list[HierarchicalCode]:
    """The code named by its reference; one whose alias means no codelist goes, and what is below it moves up."""
    below = tuple(code for one in part.codes for code in _as_artefact(one, included))
    held = part.code
    if held is None and part.codelist_alias in included and part.code_id is not None:
        held = msgspec.structs.replace(included[part.codelist_alias], item=part.code_id)
    if held is None:
        return list(below)
    level = None if part.level is None else part.level.rpartition(".")[2]
    plain = {"codelist_alias": None, "code_id": None, "version": None}
    return [msgspec.structs.replace(part, code=held, codes=below, level=level, **plain)]


def hierarchies_of(codelist: HierarchicalCodelist) -> tuple[Hierarchy, ...]:
    """The hierarchies of a hierarchical codelist as artefacts of its agency and version."""
    included: dict[str | None, Reference] = {one.alias or one.codelist.id: one.codelist for one in codelist.included}
    return tuple(
        Hierarchy(
            **artefact_fields(codelist, held, "Hierarchy"),  # type: ignore[arg-type]
            has_formal_levels=held.has_formal_levels,
            level=held.level,
            codes=tuple(code for one in held.codes for code in _as_artefact(one, included)),
        )
        for held in codelist.hierarchies
    )


def with_hierarchies(codelist: HierarchicalCodelist, ids: frozenset[str] | None) -> HierarchicalCodelist | None:
    """The codelist with the hierarchies that have one of these ids as artefacts (None = any); None without any."""
    held = tuple(one for one in codelist.hierarchies if ids is None or part_id(codelist.id, one.id) in ids)
    return msgspec.structs.replace(codelist, hierarchies=held) if held else None


def codelists_of(hierarchies: Iterable[Hierarchy]) -> tuple[HierarchicalCodelist, ...]:
    """The hierarchical codelists that hold hierarchies: each that which it remembers, else one of its id and names.

    A hierarchy without codes gives its codelist only, which then has no hierarchy for it.
    """
    found: dict[Reference, HierarchicalCodelist] = {}
    for hierarchy in sorted(hierarchies, key=reference_to):
        held = CodelistHierarchy(
            **part_fields(hierarchy),  # type: ignore[arg-type]
            has_formal_levels=hierarchy.has_formal_levels,
            level=hierarchy.level,
            codes=hierarchy.codes,
        )
        whole = HierarchicalCodelist(**whole_fields(hierarchy, holds=bool(hierarchy.codes)))  # type: ignore[arg-type]
        whole = found.setdefault(reference_to(whole), whole)
        if hierarchy.codes:
            found[reference_to(whole)] = msgspec.structs.replace(whole, hierarchies=(*whole.hierarchies, held))
    return tuple(found.values())
