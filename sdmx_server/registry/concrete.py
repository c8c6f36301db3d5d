"""Puts concrete versions in place of wildcards, for answers that must stand on their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from ..model.datastructure import Component, DataStructure
from ..model.reference import Reference
from ..model.representation import Representation
from .catalogue import Catalogue

C = TypeVar("C", bound=Component)


def _reference(catalogue: Catalogue, written: Reference | None) -> Reference | None:
    """The same reference with the version that it means; unchanged when nothing stored fits."""
    if written is None:
        return None
    found = catalogue.resolve(written)
    return written if found is None else msgspec.structs.replace(written, version=found.version)


def _representation(catalogue: Catalogue, held: Representation | None) -> Representation | None:
    if held is None or held.enumeration is None:
        return held
    return msgspec.structs.replace(held, enumeration=_reference(catalogue, held.enumeration))


def _components(catalogue: Catalogue, components: Iterable[C]) -> tuple[C, ...]:
    return tuple(
        msgspec.structs.replace(
            component,
            concept=_reference(catalogue, component.concept),
            representation=_representation(catalogue, component.representation),
            roles=tuple(_reference(catalogue, role) or role for role in component.roles),
        )
        for component in components
    )


def concrete(catalogue: Catalogue, structure: DataStructure) -> DataStructure:
    """The data structure with every reference of its components at the version that it means now.

    A stored structure refers to ``1.0+.0``; a client that looks its codelists up by their exact URN, within one answer,
    needs ``1.0.0``.
    """
    time = (structure.time_dimension,) if structure.time_dimension else ()
    return msgspec.structs.replace(
        structure,
        dimensions=_components(catalogue, structure.dimensions),
        time_dimension=next(iter(_components(catalogue, time)), None),
        attributes=_components(catalogue, structure.attributes),
        measures=_components(catalogue, structure.measures),
    )
