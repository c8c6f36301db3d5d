"""One query about several structures: which of them it makes no sense for is said with their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..errors import BadQuery, BadSemantics
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure

_NAMED = 10
"""Structures that one message names."""

_Made = TypeVar("_Made")


def for_each(
    asked: Iterable[tuple[Reference, ResolvedStructure]], make: Callable[[ResolvedStructure], _Made]
) -> list[_Made]:
    """What ``make`` gives for each structure; the references are what was asked for, as messages name it.

    Raises ``BadQuery`` or ``BadSemantics`` as ``make`` does, with the names of those that refuse where the others do
    not, or for another reason.
    """
    made: list[_Made] = []
    refused: dict[str, BadQuery | BadSemantics] = {}
    for reference, schema in asked:
        try:
            made.append(make(schema))
        except (BadQuery, BadSemantics) as error:
            refused[reference.short] = error
    if refused:
        raise _named(refused, everyone=not made)
    return made


def _named(refused: dict[str, BadQuery | BadSemantics], *, everyone: bool) -> BadQuery | BadSemantics:
    (name, first), *others = refused.items()
    if everyone and len({str(error) for error in refused.values()}) == 1:
        return first
    if not others:
        return type(first)("refused-of", name=name, reason=first.texts)
    shown = [other for other, _ in others[:_NAMED]]
    wrong = "refused-of-many" if len(others) > _NAMED else "refused-of-several"
    return type(first)(wrong, name=name, reason=first.texts, others=shown)
