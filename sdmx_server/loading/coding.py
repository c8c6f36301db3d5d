"""Text columns of one load as numbered texts (Polars ``Categorical``): each distinct text is read and judged once.

Numbers are good for one load: they hold as long as the ``Coding`` that gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

_UNKNOWN, _PLAIN, _ODD = 0, 1, 2

Odd = Callable[[pl.Series], Iterable[str]]
"""From distinct texts (String, without nulls) to those that need a closer look in their rows."""


class Coding:
    """The numbers of one component's texts, and which texts are known to be plain: right, and nothing but a value."""

    def __init__(self, given: pl.DataType) -> None:
        self.type = given if isinstance(given, pl.Categorical) else pl.Categorical(pl.Categories.random())
        # Polars forgets the numbers of a category set when no series uses it any more
        self._anchor = pl.Series([], dtype=pl.String).cast(self.type)
        self._states: npt.NDArray[np.uint8] = np.zeros(0, np.uint8)

    def encode(self, column: pl.Series) -> pl.Series:
        """The column with its texts numbered."""
        if column.dtype == self.type:
            return column
        return column.cast(pl.String).cast(self.type)

    def is_plain(self, column: pl.Series, odd: Odd) -> bool:
        """Whether a numbered column has plain texts only; ``odd`` is asked about those not seen before."""
        numbers = column.to_physical().unique().drop_nulls().to_numpy()
        if not len(numbers):
            return True
        self._grow(int(numbers.max()) + 1)
        unknown = numbers[self._states[numbers] == _UNKNOWN]
        if len(unknown):
            self._learn(unknown, odd)
        return bool((self._states[numbers] == _PLAIN).all())

    def _grow(self, size: int) -> None:
        if size > len(self._states):
            states = np.zeros(max(size, 2 * len(self._states)), np.uint8)
            states[: len(self._states)] = self._states
            self._states = states

    def _learn(self, unknown: npt.NDArray[np.uint32], odd: Odd) -> None:
        texts = pl.Series(unknown).cat.to(self.type).cast(pl.String)
        found = list(odd(texts))
        self._states[unknown] = np.where(texts.is_in(found).to_numpy(), _ODD, _PLAIN) if found else _PLAIN


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with numbered texts as texts again."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))
