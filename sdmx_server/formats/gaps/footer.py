"""Tells the reader of a message what its version could not express."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...model.common import Maintainable
from ...model.message import FooterMessage
from ...model.reference import reference_to
from ...remembered import Remembered, Same
from .gap import XML
from .known import expressible
from .structures import GAPS, gaps_of
from .structures_21 import SAME_VERSION
from .versions import expressible_once

_NAMED = 10
"""Artefacts that one warning names."""

_FIRST_CODE = 1001
"""Code of the first row: clients read codes as numbers, and those from 1000 on are the service's own (SDMX REST)."""

_SAME_VERSION = GAPS.index(SAME_VERSION)
"""The row of what is left out because another version of it has the same version there."""

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


def _left_out(artefacts: Sequence[Maintainable], version: str, family: str) -> frozenset[int]:
    """Those for which another version of them stands, by identity."""
    renamed = {
        _kind(one) for one in artefacts if (held := expressible(one, version, family)) and held.version != one.version
    }
    if not renamed:
        return frozenset()
    same = [one for one in artefacts if _kind(one) in renamed]
    stand = {_kind(one): set[str]() for one in same}
    for one, _ in expressible_once(same, version, family).values():
        stand[_kind(one)].add(one.version)
    return frozenset(id(one) for one in same if stand[_kind(one)] and one.version not in stand[_kind(one)])


def _kind(artefact: Maintainable) -> tuple[str, str, str]:
    return artefact.kind, artefact.agency, artefact.id


def told(artefacts: Iterable[Maintainable], version: str, family: str = XML) -> tuple[FooterMessage, ...]:
    """What a message in ``version`` tells of the gaps: one warning for each, with the artefacts that it concerns."""
    artefacts = tuple(artefacts)
    concerned: dict[int, list[str]] = {}
    left_out = _left_out(artefacts, version, family)
    for artefact in artefacts:
        if id(artefact) in left_out:
            concerned.setdefault(_SAME_VERSION, []).append(reference_to(artefact).short)
            continue
        for number in _numbers(artefact, version, family):
            concerned.setdefault(number, []).append(reference_to(artefact).short)
    messages = []
    for number, named in sorted(concerned.items()):
        gap, names = GAPS[number], sorted(named)
        shown = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        texts = {language: f"{gap.field}: {text} ({shown})" for language, text in gap.texts.items()}
        messages.append(FooterMessage(code=str(_FIRST_CODE + number), severity="Warning", texts=texts))
    return tuple(messages)
