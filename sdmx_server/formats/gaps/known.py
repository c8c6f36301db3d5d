"""What was found to be expressible, kept: the same artefacts are written again and again, and seldom change."""

from __future__ import annotations

from ...model.common import Maintainable
from ...remembered import Remembered, Same
from . import structures
from .gap import XML

BUDGET = 16 * 1024 * 1024
_ARTEFACT, _ITEM = 8_000, 2_000
"""Bytes for all that is kept, and about how many an artefact takes, and each of its items."""

_known: Remembered[tuple[Maintainable | None]] = Remembered(BUDGET)


def expressible(artefact: Maintainable, version: str, family: str = XML) -> Maintainable | None:
    """The artefact as ``version`` can express it, None when it has to be left out; artefacts never change."""
    key = (Same(artefact), version, family)
    known = _known.get(key)
    if known is None:
        known = (structures.expressible(artefact, version, family),)
        items = getattr(artefact, "items", ())
        _known.put(key, known, _ARTEFACT + _ITEM * len(items))
    return known[0]
