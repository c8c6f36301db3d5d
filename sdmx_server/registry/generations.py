"""The stored artefacts as a generation of SDMX has them: what is a part of a whole in 2.1 is an artefact from 3.0 on.

What is stored is in kinds of the generation in which it came. Whoever asks in kinds of 3.x finds each part of a stored
whole as an artefact, with the references of its own; in kinds of 2.1 a reference to a part leads to its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from ..model.common import Maintainable
from ..model.counterparts import of_generation
from ..model.hierarchy import Hierarchy
from ..model.kinds import OLDER
from ..model.mapping import RepresentationMap
from ..model.parts import part_id
from ..model.rebuild import rebuild
from ..model.reference import Reference, reference_to
from .catalogue import WILD, Catalogue
from .references import references_of

_LATEST = "3.1"
_WHOLES = frozenset(OLDER.values())
_NAMING = frozenset((*_WHOLES, Hierarchy.kind))
"""Kinds of references to parts of wholes: a code in a hierarchy has the same class in 2.1 as later."""

_Link = tuple[Reference, Reference]


class Seen(NamedTuple):
    """A catalogue in kinds of a generation; ``wholes``: the artefacts in it that are stored as parts, and of which."""

    catalogue: Catalogue
    wholes: Mapping[Reference, Reference]


def seen_in(generation: str, catalogue: Catalogue) -> Seen:
    """The catalogue as a generation (``2.1``, ``3.0``, ``3.1``) has it, worked out once per revision.

    It is the same one where nothing of another generation is stored or named. Hierarchies and maps of 3.x are stored as
    themselves and stay so in 2.1, whose kinds they are turned into when the answer is known (``counterparts``).
    """
    old = generation == "2.1"
    return catalogue.once(("seen", old), partial(_seen, catalogue, old))


def _seen(catalogue: Catalogue, old: bool) -> Seen:
    stored = any(one.kind in _WHOLES for one in catalogue.all())
    if not stored and not any(written.kind in _NAMING for _, written in catalogue.open):
        return Seen(catalogue, {})
    return _earlier(catalogue) if old else _Parts(catalogue).seen()


def part_named(written: Reference) -> Reference | None:
    """What a reference to a part of a whole of 2.1 names from 3.0 on; None for any other reference.

    A code of a hierarchy has there the path that begins with the id of the hierarchy, and is of the class that it has
    from 3.0 on too.
    """
    if written.item is None or written.kind not in _NAMING:
        return None
    part, _, item = written.item.partition(".")
    kind = Hierarchy.kind
    if written.kind == "StructureSet":
        kind, item = written.part if written.part in OLDER else RepresentationMap.kind, ""
    return Reference(
        kind=kind or Hierarchy.kind,
        agency=written.agency,
        id=part_id(written.id, part),
        version=written.version,
        item=item or None,
    )


def later_name(later: Catalogue, written: Reference) -> Reference:
    """A reference as 3.x writes it, where it is to a part of a whole of 2.1; ``later`` is the catalogue of 3.x."""
    named = part_named(written)
    if named is None or later.resolve(written) is not None or later.resolve(named) is None:
        return written
    return named


def meant_by(catalogue: Catalogue, written: Reference) -> list[Reference]:
    """The stored artefacts that a reference means; those that are stored as parts of a whole of 2.1 count, too."""
    stored = catalogue.targets(written)
    if stored and WILD not in (written.agency, written.id, written.version):
        return list(stored)
    later = seen_in(_LATEST, catalogue).catalogue
    return list(dict.fromkeys((*stored, *later.targets(later_name(later, written)))))


class _Parts:
    """The parts of the stored wholes, and what names them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._base = catalogue
        self._stored = frozenset(catalogue.all())
        self._wholes: dict[Reference, Reference] = {}
        self._links: list[_Link] = []
        for whole in catalogue.load(one for one in catalogue.all() if one.kind in _WHOLES):
            for part in of_generation((whole,), _LATEST):
                self._add(part, reference_to(whole))
        references = [*(one for one in catalogue.all() if one.kind not in _WHOLES), *self._wholes]
        self._plain = catalogue.with_others(references, (), self._load)
        self._users = frozenset(source for source, written in self._known() if self._of_2_1(written))

    def _add(self, part: Maintainable, whole: Reference) -> None:
        reference = reference_to(part)
        if reference in self._stored or reference in self._wholes:
            return
        self._wholes[reference] = whole
        self._links += [(reference, written.maintainable) for written in references_of(part)]

    def _known(self) -> Iterator[_Link]:
        """The references of artefacts that are no wholes."""
        return (link for link in self._base.links() if link[0].kind not in _WHOLES)

    def _of_2_1(self, written: Reference) -> bool:
        """Whether a reference may be to a part of a whole as 2.1 names it."""
        return written.kind in _WHOLES or (written.kind == Hierarchy.kind and self._plain.resolve(written) is None)

    def seen(self) -> Seen:
        """The catalogue with the parts in place of the wholes; what refers to a whole refers to all its parts."""
        links = [*self._links, *(link for link in self._known() if link[1].kind not in _WHOLES)]
        below: dict[Reference, list[Reference]] = {}
        for one, whole in self._wholes.items():
            below.setdefault(whole, []).append(one)
        for user in self._load(sorted(self._users)):
            for written in references_of(user):
                meant = [written.maintainable]
                if written.kind in _WHOLES and written.item is None:
                    meant = [one for whole in self._base.targets(written) for one in below.get(whole, ())]
                links += [(reference_to(user), one) for one in meant]
        references = self._plain.all()
        return Seen(self._plain.with_others(references, links, self._load), self._wholes)

    def _load(self, wanted: Iterable[Reference]) -> list[Maintainable]:
        wanted = list(wanted)
        stored = dict.fromkeys(self._wholes.get(one, one) for one in wanted)
        held = dict(zip(stored, self._base.load(stored), strict=True))
        turned = {
            (whole, reference_to(part)): part
            for whole in dict.fromkeys(self._wholes[one] for one in wanted if one in self._wholes)
            for part in of_generation((held[whole],), _LATEST)
        }
        return [
            turned[self._wholes[one], one] if one in self._wholes else self._renamed(one, held[one]) for one in wanted
        ]

    def _renamed(self, reference: Reference, artefact: Maintainable) -> Maintainable:
        """The artefact with the references that 3.x has; always the same object, by which formats remember it."""
        if reference not in self._users:
            return artefact
        renamed: Maintainable = self._base.once(
            ("renamed", reference), partial(rebuild, artefact, Reference, partial(later_name, self._plain))
        )
        return renamed


def _earlier(catalogue: Catalogue) -> Seen:
    """The stored artefacts, and who names a part of a whole refers to the whole."""
    later, wholes = seen_in(_LATEST, catalogue)
    named = ((source, wholes.get(target, target)) for source, target in later.links() if source not in wholes)
    links = [*catalogue.links(), *named]
    return Seen(catalogue.with_others(catalogue.all(), links, catalogue.load), {})
