"""Parts that are artefacts of their own from 3.0 on: their ids, and how they remember what they are parts of.

A part whose id is that of the whole keeps it; any other gets the id ``WHOLE_PART``. Where the whole cannot be told from
that, the artefact has an annotation of the type ``annotations.PART``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .annotations import PART
from .common import Annotation, International, Maintainable, Nameable
from .kinds import OLDER
from .reference import Reference, parse_urn

_NAMED = Nameable.__struct_fields__
_MAINTAINED = tuple(name for name in Maintainable.__struct_fields__ if name not in _NAMED)


def fields(value: object, names: Iterable[str] = _NAMED) -> dict[str, object]:
    """Fields of a value by name; by default those of a nameable artefact."""
    return {name: getattr(value, name) for name in names}


def part_id(whole: str, part: str) -> str:
    """The id that a part has as an artefact."""
    return part if part == whole else f"{whole}_{part}"


def artefact_fields(whole: Maintainable, part: Nameable, cls: str, *, own_class: bool = True) -> dict[str, object]:
    """The fields of a part as an artefact of the agency and version of the whole.

    ``cls`` is its class in 2.1; ``own_class`` whether the artefact says by its kind that it is of this class.
    """
    held = fields(part) | {"id": part_id(whole.id, part.id)} | fields(whole, _MAINTAINED)
    if part.id != whole.id or part.names != whole.names or not own_class:
        place = Reference(
            kind=whole.kind,
            agency=whole.agency,
            id=whole.id,
            version=whole.version,
            item=part.id,
            part=None if cls == "Hierarchy" else cls,
        )
        held["annotations"] = (*part.annotations, Annotation(type=PART, title=place.urn, texts=whole.names))
    return held


class Place(NamedTuple):
    """Where an artefact stands in 2.1: the whole's id and names, the part's id and class (None: that of its kind).

    ``remembered``: the artefact says so itself.
    """

    whole: str
    names: International
    part: str
    cls: str | None = None
    remembered: bool = False


def _remembered(annotation: Annotation, kind: str) -> Reference | None:
    if annotation.type != PART or annotation.title is None:
        return None
    try:
        found = parse_urn(annotation.title)
    except ValueError:
        return None
    return found if found.kind == OLDER.get(kind) and found.item else None


def place_of(artefact: Maintainable) -> Place:
    """Where an artefact of 3.x stands in 2.1: where it remembers, else in a whole of its own id and names."""
    for annotation in artefact.annotations:
        found = _remembered(annotation, artefact.kind)
        if found is not None and found.item is not None:
            return Place(found.id, annotation.texts, found.item, found.part, remembered=True)
    return Place(artefact.id, artefact.names, artefact.id)


def part_fields(artefact: Maintainable) -> dict[str, object]:
    """The fields of an artefact of 3.x as a nameable part in 2.1, without what it remembers."""
    kept = tuple(one for one in artefact.annotations if _remembered(one, artefact.kind) is None)
    return fields(artefact) | {"id": place_of(artefact).part, "annotations": kept}


def whole_fields(artefact: Maintainable, *, holds: bool) -> dict[str, object]:
    """The fields of the whole that an artefact of 3.x stands in; ``holds``: it holds the artefact as its part.

    Annotations, links and address stand at the part if there is one.
    """
    place = place_of(artefact)
    held = fields(artefact, _MAINTAINED) | {"id": place.whole, "names": place.names}
    if not place.remembered:
        held["descriptions"] = artefact.descriptions
    if not holds:
        held |= {name: part_fields(artefact)[name] for name in ("annotations", "links", "uri")}
    return held
