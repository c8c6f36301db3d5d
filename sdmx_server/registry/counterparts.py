"""Artefacts that are stored in the kinds of one generation and asked for in those of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model.common import Maintainable
from ..model.counterparts import of_generation, parts_asked
from ..model.dataflow import Dataflow
from ..model.kinds import OLDER
from ..model.parts import place_of
from ..model.reference import Reference, reference_to
from ..model.structure_map import StructureMap
from ..query.paths import StructurePath
from .catalogue import Catalogue
from .references import references_of


def stored_otherwise(catalogue: Catalogue, path: StructurePath) -> list[Maintainable]:
    """The stored artefacts that become what a path asks for, though they are of another kind or id.

    Those of 2.1 have just the parts that are asked for.
    """
    wanted = frozenset(path.kinds)
    older = {OLDER[kind] for kind in wanted if kind in OLDER} - wanted
    held = catalogue.load(catalogue.select(older, path.agencies, None, path.versions)) if older else ()
    found = [cut for one in held if (cut := parts_asked(one, wanted, path.ids)) is not None]
    newer = [kind for kind in wanted if OLDER.get(kind) in wanted]
    if path.ids is not None and newer:
        parts = catalogue.load(catalogue.select(newer, path.agencies, None, path.versions))
        found.extend(one for one in parts if one.id not in path.ids and place_of(one).whole in path.ids)
    return found


def asked(path: StructurePath, artefact: Maintainable) -> bool:
    """Whether an artefact that others became is one that the path asks for."""
    return artefact.kind in path.kinds and (path.ids is None or artefact.id in path.ids)


def in_kinds_of(
    generation: str, catalogue: Catalogue, artefacts: Sequence[Maintainable]
) -> dict[Reference, Maintainable]:
    """The artefacts in kinds that the generation has; what is stored goes before what becomes the same."""
    known = _beside(catalogue, artefacts) if generation == "2.1" else ()
    found = {reference_to(one): one for one in of_generation(artefacts, generation, known)}
    found.update((reference, one) for one in artefacts if (reference := reference_to(one)) in found)
    return found


def turned_with_origins(
    generation: str, catalogue: Catalogue, artefacts: Sequence[Maintainable]
) -> list[tuple[Maintainable, tuple[Maintainable, ...]]]:
    """The artefacts in kinds that the generation has, each with those of other kinds that it was made from."""
    origins: dict[Reference, list[Maintainable]] = {}
    for one in artefacts:
        for made in in_kinds_of(generation, catalogue, (one,)):
            if made != reference_to(one):
                origins.setdefault(made, []).append(one)
    turned = in_kinds_of(generation, catalogue, artefacts)
    return [(one, tuple(origins.get(reference, ()))) for reference, one in turned.items()]


def _beside(catalogue: Catalogue, artefacts: Iterable[Maintainable]) -> list[Maintainable]:
    """What structure maps of 3.x name: representation maps, and structures whose components have classes in 2.1."""
    named = [written for one in artefacts if isinstance(one, StructureMap) for written in references_of(one)]
    found = _stored(catalogue, named)
    flows = [one.structure for one in found if isinstance(one, Dataflow) and one.structure is not None]
    return [*found, *_stored(catalogue, flows)]


def _stored(catalogue: Catalogue, written: Iterable[Reference]) -> list[Maintainable]:
    found = dict.fromkeys(map(catalogue.resolve, written))
    return catalogue.load([one for one in found if one is not None])
