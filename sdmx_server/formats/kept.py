"""Lines kept for the next answer of the same kind: for a small one it takes longer to plan them than to print.

Everything that a line is made from is part of its key, by identity where it is large: structures and dictionaries of a
revision are the same objects as long as they are asked for. What is kept holds on to them, so that no other object can
have the identity of one. Large batches have lines of their own, whose tables of literals go with the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from ..batches import DataPart
from ..model.resolved import Storage
from ..remembered import Remembered
from .lines import FEW, Line
from .literals import Frame
from .values import attributes, dimensions, measures

BUDGET = 32 * 1024 * 1024
"""Bytes that what is kept may take in a process."""

_A_LITERAL = 120
"""About how many bytes a literal takes with its place."""

_AN_ENTRY = 10
"""Literals that take as much room as what every entry has beside its own."""

_kept: Remembered[Any] = Remembered(BUDGET)

V = TypeVar("V")


class _Shared:
    """Stands for a kind of answers in the keys of all that they share, and holds on to what the kind is told by."""

    __slots__ = ("_told_by",)

    def __init__(self, told_by: Sequence[object]) -> None:
        self._told_by = told_by


class Kind:
    """What answers have in common that can share a line; ``more`` is what the format knows beside the data set."""

    def __init__(self, part: DataPart, *more: Hashable) -> None:
        dataset = part.dataset
        key = (
            *more,
            (part.context, part.dimension_at_observation, part.partial, part.action),
            (part.series_only, part.attributes_only, part.valid_from, part.valid_to),
            (dataset.prefix, dataset.suffix, dataset.measures, dataset.attributes),
            tuple(sorted(dataset.dataset_attributes.items())),
            (id(dataset.schema), id(dataset.dictionaries)),
        )
        shared: _Shared | None = _kept.get(key)
        if shared is None:
            shared = _Shared((dataset.schema, dataset.dictionaries))
            _kept.put(key, shared, _A_LITERAL * _AN_ENTRY)
        self._shared = shared
        self._part = part

    def once(self, name: Hashable, make: Callable[[], V], literals: int | None = None) -> V:
        """What ``make`` gives, which must hold on to nothing of the answer itself, worked out once for this kind.

        ``literals``: about how many there are in it; by default as many as there are codes and periods.
        """
        key = name, self._shared
        found: V | None = _kept.get(key)
        if found is None:
            found = make()
            if literals is None:
                literals = 100 + self._entries()
            _kept.put(key, found, _A_LITERAL * (literals + _AN_ENTRY))
        return found

    def _entries(self) -> int:
        """How many codes and periods there are in all dictionaries."""
        dataset = self._part.dataset
        components = (*dimensions(dataset.schema), *measures(self._part), *attributes(self._part))
        coded = (dataset.codes(c.id) for c in components if c.storage is Storage.CODE)
        return len(dataset.periods()) + sum(map(len, coded))


class Lines:
    """The line of a data set: of small batches the one that is kept, of others the answer's own."""

    def __init__(self, kind: Kind | None, make: Callable[[], Line]) -> None:
        self._kind, self._make = kind, make
        self._own: Line | None = None

    def render(self, frame: Frame) -> bytes:
        """The text of a batch, in UTF-8."""
        if self._own is None and self._kind is not None and frame.size <= FEW:
            return self._kind.once("line", self._make).render(frame)
        if self._own is None:
            self._own = self._make()
        return self._own.render(frame)
