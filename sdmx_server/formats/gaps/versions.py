"""Versions of one artefact that a generation writes as one, as 2.1 does a draft and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.common import Maintainable
from ...model.reference import Reference, reference_to
from ...model.version import parse_version
from .gap import XML
from .known import expressible


def expressible_once(
    artefacts: Iterable[Maintainable], version: str, family: str = XML
) -> dict[Reference, tuple[Maintainable, Maintainable]]:
    """The artefacts as far as ``version`` can express them, each before and after, by what they are called there.

    Where versions of one artefact become the same (a pre-release in 2.1) the highest stands for them.
    """
    found: dict[Reference, tuple[Maintainable, Maintainable]] = {}
    for artefact in artefacts:
        held = expressible(artefact, version, family)
        if held is None:
            continue
        before, _ = found.get(reference_to(held), (artefact, held))
        if not parse_version(artefact.version) < parse_version(before.version):
            found[reference_to(held)] = artefact, held
    return found
