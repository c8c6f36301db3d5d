"""Artefacts that are stored in the kinds of one generation and asked for in those of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..model.common import Maintainable
from ..model.counterparts import of_generation, parts_asked
from ..model.dataflow import Dataflow
from ..model.kinds import OLDER
from ..model.parts import place_of
from ..model.reference import Reference, reference_to
from ..model.structure_map import StructureMap
from ..query.paths import StructurePath
from .catalogue import Catalogue
from .generations import seen_in
from .references import references_of


def stored_otherwise(catalogue: Catalogue, path: StructurePath) -> list[Maintainable]:
    """The stored artefacts of 3.x that stand in the wholes of 2.1 that a path names, where they remember them."""
    wanted = frozenset(path.kinds)
    newer = [kind for kind in wanted if OLDER.get(kind) in wanted]
    if path.ids is None or not newer:
        return []
    parts = catalogue.load(catalogue.select(newer, path.agencies, None, path.versions))
    return [one for one in parts if one.id not in path.ids and place_of(one).whole in path.ids]


def origins_of(
    base: Catalogue, wholes: Mapping[Reference, Reference], artefacts: Iterable[Reference]
) -> list[Maintainable]:
    """The stored wholes that hold artefacts of an answer as their parts, each with just these.

    ``wholes``: of parts, as ``generations.Seen`` has them.
    """
    parts: dict[Reference, list[Reference]] = {}
    for one in artefacts:
        if one in wholes:
            parts.setdefault(wholes[one], []).append(one)
    held = zip(base.load(parts), parts.values(), strict=True)
    cut = (parts_asked(one, frozenset(p.kind for p in own), frozenset(p.id for p in own)) for one, own in held)
    return [one for one in cut if one is not None]


def asked(path: StructurePath, artefact: Maintainable) -> bool:
    """Whether an artefact that others became is one that the path asks for."""
    return artefact.kind in path.kinds and (path.ids is None or artefact.id in path.ids)


def in_kinds_of(
    generation: str, catalogue: Catalogue, artefacts: Sequence[Maintainable], origins: Iterable[Maintainable] = ()
) -> dict[Reference, Maintainable]:
    """The artefacts in kinds that the generation has; what is stored goes before what becomes the same.

    ``origins``: among them stored wholes with just those of their parts that are among the artefacts (``origins_of``),
    for which they stand, unless others that are stored as themselves belong to the same whole.
    """
    wholes = seen_in("3.1", catalogue).wholes
    meant = {wholes.get(reference_to(one)) for one in artefacts}
    held = {reference: one for one in origins if (reference := reference_to(one)) in meant}
    others = [one for one in artefacts if wholes.get(reference_to(one)) not in held]
    found = _of_kinds_in(generation, catalogue, others)
    return found | held if not held.keys() & found.keys() else _of_kinds_in(generation, catalogue, artefacts)


def _of_kinds_in(
    generation: str, catalogue: Catalogue, artefacts: Sequence[Maintainable]
) -> dict[Reference, Maintainable]:
    known = _beside(seen_in("3.1", catalogue).catalogue, artefacts) if generation == "2.1" else ()
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
