"""Attributes that are functions of the period, as annotations of the data structure say; they are never stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .annotations import COMPUTED
from .period import Period
from .resolved import ResolvedStructure
from .solar_hijri import time_label

Computation = Callable[[Period], str | None]

_COMPUTATIONS: Mapping[str, Computation] = {"solar-hijri": time_label}


def computed_attributes(schema: ResolvedStructure) -> dict[str, Computation]:
    """The computed attributes of a structure by id."""
    found = {}
    for attribute in schema.structure.attributes:
        for annotation in attribute.annotations:
            computation = _COMPUTATIONS.get(annotation.title or "") if annotation.type == COMPUTED else None
            if computation is not None:
                found[attribute.id] = computation
    return found
