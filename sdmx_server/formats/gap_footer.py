"""Tells the reader of a message what its version could not express."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.common import Maintainable
from ..model.message import FooterMessage
from ..model.reference import reference_to
from .gap import XML
from .gaps import GAPS, gaps_of

_NAMED = 10
"""Artefacts that one warning names."""

_FIRST_CODE = 1001
"""Code of the first row: clients read codes as numbers, and those from 1000 on are the service's own (SDMX REST)."""


def told(artefacts: Iterable[Maintainable], version: str, family: str = XML) -> tuple[FooterMessage, ...]:
    """What a message in ``version`` tells of the gaps: one warning for each, with the artefacts that it concerns."""
    concerned: dict[int, list[str]] = {}
    for artefact in artefacts:
        for gap in gaps_of(artefact, version, family):
            concerned.setdefault(GAPS.index(gap), []).append(reference_to(artefact).short)
    messages = []
    for number, names in sorted(concerned.items()):
        gap = GAPS[number]
        shown = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        texts = {language: f"{gap.field}: {text} ({shown})" for language, text in gap.texts.items()}
        messages.append(FooterMessage(code=str(_FIRST_CODE + number), severity="Warning", texts=texts))
    return tuple(messages)
