"""Tells the reader of a message what its version could not express."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.common import Maintainable
from ...model.message import FooterMessage
from ...model.reference import reference_to
from ...remembered import Remembered, Same
from .gap import XML
from .structures import GAPS, gaps_of

_NAMED = 10
"""Artefacts that one warning names."""

_FIRST_CODE = 1001
"""Code of the first row: clients read codes as numbers, and those from 1000 on are the service's own (SDMX REST)."""

_HELD = 32 * 1024 * 1024
_AN_ITEM = 1_000
"""Bytes of artefacts whose gaps are kept, and about how many an item of them takes."""

_known: Remembered[tuple[int, ...]] = Remembered(_HELD)


def _numbers(artefact: Maintainable, version: str, family: str) -> tuple[int, ...]:
    """The rows that concern an artefact; looked for once, as the store gives the same object again and again."""
    key = (Same(artefact), version, family)
    found = _known.get(key)
    if found is None:
        found = tuple(GAPS.index(gap) for gap in gaps_of(artefact, version, family))
        _known.put(key, found, _AN_ITEM * (10 + len(getattr(artefact, "items", ()))))
    return found


def told(artefacts: Iterable[Maintainable], version: str, family: str = XML) -> tuple[FooterMessage, ...]:
    """What a message in ``version`` tells of the gaps: one warning for each, with the artefacts that it concerns."""
    concerned: dict[int, list[str]] = {}
    for artefact in artefacts:
        for number in _numbers(artefact, version, family):
            concerned.setdefault(number, []).append(reference_to(artefact).short)
    messages = []
    for number, named in sorted(concerned.items()):
        gap, names = GAPS[number], sorted(named)
        shown = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        texts = {language: f"{gap.field}: {text} ({shown})" for language, text in gap.texts.items()}
        messages.append(FooterMessage(code=str(_FIRST_CODE + number), severity="Warning", texts=texts))
    return tuple(messages)
