"""Text columns of one load as numbered texts (Polars ``Categorical``): each distinct text is read and judged once.

Numbers are good for one load: they hold as long as the ``Coding`` that gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

_UNKNOWN, _PLAIN, _ODD = 0, 1, 2
_EMPTY = 0xFFFFFFFF

Numbers = npt.NDArray[np.int32]

Odd = Callable[[pl.Series], Iterable[str]]
"""From distinct texts (String, without nulls) to those that need a closer look in their rows."""


class Coding:
    """The numbers of one component's texts, and which texts are known to be plain: right, and nothing but a value."""

    def __init__(self, given: pl.DataType) -> None:
        self.type = given if isinstance(given, pl.Categorical) else pl.Categorical(pl.Categories.random())
        # Polars forgets the numbers of a category set when no series uses it any more
        self._anchor = pl.Series([], dtype=pl.String).cast(self.type)
        self._states = np.full(1, _PLAIN, np.uint8)

    def encode(self, column: pl.Series) -> pl.Series:
        """The column with its texts numbered."""
        if column.dtype == self.type:
            return column
        return column.cast(pl.String).cast(self.type)

    def is_plain(self, places: Numbers, odd: Odd) -> bool:
        """Whether the numbers of a column (``numbered``) are those of plain texts only; ``odd`` is asked about those
        not seen before.
        """
        if not len(places):
            return True
        self._grow(int(places.max()) + 1)
        states = self._states.take(places)  # the last state is that of an empty cell
        if int(states.max()) == _ODD:
            return False
        unknown = states == _UNKNOWN
        if unknown.any():
            self._learn(np.unique(places[unknown]).astype(np.uint32), odd)
            return bool((self._states.take(places) == _PLAIN).all())
        return True

    def _grow(self, size: int) -> None:
        if size >= len(self._states):
            states = np.zeros(2 * size + 1, np.uint8)
            states[: len(self._states) - 1] = self._states[:-1]
            states[-1] = _PLAIN
            self._states = states

    def _learn(self, unknown: npt.NDArray[np.uint32], odd: Odd) -> None:
        texts = pl.Series(unknown).cat.to(self.type).cast(pl.String)
        found = list(odd(texts))
        self._states[unknown] = np.where(texts.is_in(found).to_numpy(), _ODD, _PLAIN) if found else _PLAIN


def numbered(frame: pl.DataFrame) -> dict[str, Numbers]:
    """The numbers of the columns of numbered texts, by name; -1 is an empty cell: the last place of any table."""
    given = frame.select(pl.col(pl.Categorical))
    physical = given.select(pl.all().to_physical().cast(pl.UInt32).fill_null(_EMPTY))
    return {column.name: column.to_numpy().view(np.int32) for column in physical.iter_columns()}


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with numbered texts as texts again."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
