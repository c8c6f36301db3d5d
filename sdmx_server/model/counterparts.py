"""What one generation says by other kinds of artefact than another: hierarchical codelists (2.1), hierarchies (3.x).

A hierarchy becomes a hierarchical codelist of its own id that holds just it, and back. The hierarchies of any other
hierarchical codelist get the ids ``CODELIST_HIERARCHY``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from .common import Maintainable, Nameable
from .hierarchy import CodelistHierarchy, HierarchicalCode, HierarchicalCodelist, Hierarchy
from .reference import Reference

_NAMED = Nameable.__struct_fields__
_MAINTAINED = tuple(name for name in Maintainable.__struct_fields__ if name not in _NAMED)


def _fields(value: object, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def hierarchy_id(codelist: HierarchicalCodelist, hierarchy: CodelistHierarchy) -> str:
    """The id that a hierarchy of a hierarchical codelist has as an artefact."""
    return hierarchy.id if hierarchy.id == codelist.id else f"{codelist.id}_{hierarchy.id}"


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
            **_fields(codelist, _MAINTAINED)  # type: ignore[arg-type]
            | _fields(held, _NAMED)
            | {
                "id": hierarchy_id(codelist, held),
                "has_formal_levels": held.has_formal_levels,
                "level": held.level,
                "codes": tuple(code for one in held.codes for code in _as_artefact(one, included)),
            },
        )
        for held in codelist.hierarchies
    )


def with_hierarchies(codelist: HierarchicalCodelist, ids: frozenset[str] | None) -> HierarchicalCodelist | None:
    """The codelist with the hierarchies that have one of these ids as artefacts (None = any); None without any."""
    held = tuple(one for one in codelist.hierarchies if ids is None or hierarchy_id(codelist, one) in ids)
    return msgspec.structs.replace(codelist, hierarchies=held) if held else None


def codelist_of(hierarchy: Hierarchy) -> HierarchicalCodelist:
    """The hierarchical codelist that holds a hierarchy, with its names; empty when the hierarchy has no codes."""
    named = _fields(hierarchy, _NAMED)
    held = CodelistHierarchy(
        **named,  # type: ignore[arg-type]
        has_formal_levels=hierarchy.has_formal_levels,
        level=hierarchy.level,
        codes=hierarchy.codes,
    )
    if hierarchy.codes:
        named |= {"annotations": (), "links": (), "uri": None}  # they stand at the hierarchy
    return HierarchicalCodelist(
        **named | _fields(hierarchy, _MAINTAINED),  # type: ignore[arg-type]
        hierarchies=(held,) if hierarchy.codes else (),
    )


def of_generation(artefacts: Iterable[Maintainable], version: str) -> tuple[Maintainable, ...]:
    """The artefacts in kinds that a generation (``2.1``, ``3.0``, ``3.1``) has; those of other kinds as they are."""
    found: list[Maintainable] = []
    for artefact in artefacts:
        if version == "2.1" and isinstance(artefact, Hierarchy):
            found.append(codelist_of(artefact))
        elif version != "2.1" and isinstance(artefact, HierarchicalCodelist):
            found.extend(hierarchies_of(artefact))
        else:
            found.append(artefact)
    return tuple(found)
