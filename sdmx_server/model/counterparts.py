"""What one generation says by other kinds of artefact than another (``kinds.OLDER``).

Hierarchical codelists and structure sets of 2.1 hold what are artefacts from 3.0 on: hierarchies and maps.
"""

from __future__ import annotations

from collections.abc import Iterable

from .common import Maintainable
from .counterparts_hierarchy import codelists_of, hierarchies_of, with_hierarchies
from .counterparts_mapping import maps_of, with_maps
from .counterparts_set import MAP_TYPES, Known, sets_of
from .hierarchy import HierarchicalCodelist, Hierarchy
from .structure_set import StructureSet


def of_generation(
    artefacts: Iterable[Maintainable], version: str, known: Iterable[Maintainable] = ()
) -> tuple[Maintainable, ...]:
    """The artefacts in kinds that a generation (``2.1``, ``3.0``, ``3.1``) has; those of other kinds as they are.

    ``known`` are other artefacts that they refer to: 2.1 says in a structure map what stands beside it in 3.x.
    """
    artefacts = tuple(artefacts)
    return _older(artefacts, known) if version == "2.1" else _newer(artefacts)


def _newer(artefacts: tuple[Maintainable, ...]) -> tuple[Maintainable, ...]:
    found: list[Maintainable] = []
    for artefact in artefacts:
        if isinstance(artefact, HierarchicalCodelist):
            found.extend(hierarchies_of(artefact))
        elif isinstance(artefact, StructureSet):
            found.extend(maps_of(artefact))
        else:
            found.append(artefact)
    return tuple(found)


def _older(artefacts: tuple[Maintainable, ...], known: Iterable[Maintainable]) -> tuple[Maintainable, ...]:
    hierarchies = [one for one in artefacts if isinstance(one, Hierarchy)]
    maps = [one for one in artefacts if isinstance(one, MAP_TYPES)]
    if not hierarchies and not maps:
        return artefacts
    others = (one for one in artefacts if not isinstance(one, (Hierarchy, *MAP_TYPES)))
    return (*others, *codelists_of(hierarchies), *sets_of(maps, Known((*artefacts, *known))))


def parts_asked(artefact: Maintainable, kinds: frozenset[str], ids: frozenset[str] | None) -> Maintainable | None:
    """An artefact of 2.1 with the parts that are of these kinds and ids (None = any) from 3.0 on; None without any."""
    if isinstance(artefact, HierarchicalCodelist):
        return with_hierarchies(artefact, ids) if Hierarchy.kind in kinds else None
    return with_maps(artefact, kinds, ids) if isinstance(artefact, StructureSet) else None
