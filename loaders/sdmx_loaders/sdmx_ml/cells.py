"""Cells of rows as columns, whether they come as the attributes of one element after the other or as whole columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from .stream import Attributes


class Cells:
    """Columns by name over rows. ``of[row]`` is where its cells are: in ``single`` or, counted on, in ``several``.

    ``several`` are columns of equal length each, null where a cell is absent. ``names`` are those of the columns that
    have some cell; single ones count even when no row has them.
    """

    def __init__(
        self,
        single: Sequence[Attributes],
        several: Sequence[tuple[int, Mapping[str, pl.Series]]],
        of: npt.NDArray[np.int64],
    ) -> None:
        self._single, self._several = single, several
        self._of = pl.Series(of, dtype=pl.UInt32)  # the one type that picks without a detour
        self._whole = len(of) == self.count and bool((of == np.arange(len(of))).all())
        self._flat: dict[str, pl.Series] = {}
        self.names: set[str] = set().union(*single)
        for name in set().union(*(columns for _, columns in several)) - self.names:
            column = self.flat(name)
            if not column.null_count() or self.spread(column).null_count() < len(of):
                self.names.add(name)

    @property
    def count(self) -> int:
        """How many cells a whole column has, those of no row included."""
        return len(self._single) + sum(count for count, _ in self._several)

    def flat(self, name: str) -> pl.Series:
        """A whole column, to be spread over the rows."""
        if name in self._flat:
            return self._flat[name]
        parts = [pl.Series(name, [cells.get(name) for cells in self._single], dtype=pl.String)]
        for count, columns in self._several:
            column = columns.get(name)
            parts.append(
                pl.Series(name, [None], dtype=pl.String).new_from_index(0, count) if column is None else column
            )
        self._flat[name] = pl.concat([part for part in parts if len(part)] or parts[:1], rechunk=True)
        return self._flat[name]

    def spread(self, column: pl.Series) -> pl.Series:
        """A whole column's cells, one for each row."""
        return column if self._whole else column[self._of]

    def column(self, name: str) -> pl.Series:
        """The cells of a name, one for each row, null where there is none."""
        return self.spread(self.flat(name))
