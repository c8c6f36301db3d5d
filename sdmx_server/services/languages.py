"""In which languages there are texts at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..model.languages import languages_within

_AT_ONCE = 100
"""So many artefacts are in memory together."""

T = TypeVar("T")


def languages_within_all(held: Sequence[T], load: Callable[[Sequence[T]], Sequence[Any]]) -> frozenset[str]:
    """The languages of all texts of what ``load`` gives."""
    portions = (held[begin : begin + _AT_ONCE] for begin in range(0, len(held), _AT_ONCE))
    return frozenset().union(*(languages_within(load(portion)) for portion in portions))
