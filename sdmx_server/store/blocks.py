"""Entries on their way out of a packed table, in blocks."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import Array, Ids
from .frames import starts

BATCH = 50_000
"""Entries that a block should hold."""


class Block(msgspec.Struct, frozen=True):
    """Selected entries in total order. ``prefix`` has one id per group of ``count`` entries that share it.

    ``cells``: columns of the cells that were asked for; a missing value column = absent everywhere, a missing presence
    beside values = present everywhere.
    """

    prefix: tuple[Ids, ...]
    count: npt.NDArray[np.int64]
    suffix: tuple[Ids, ...]
    time: Ids | None
    cells: dict[str, Array]
    n: int

    @property
    def row(self) -> npt.NDArray[np.int64]:
        """The group of each entry."""
        return np.repeat(np.arange(len(self.count)), self.count)

    @property
    def begin(self) -> npt.NDArray[np.int64]:
        """The first entry of each group."""
        return np.cumsum(self.count) - self.count

    def keys(self) -> tuple[Array, ...]:
        """All key columns at full length, time last."""
        row = self.row
        time = () if self.time is None else (self.time,)
        return (*(p[row] for p in self.prefix), *self.suffix, *time)

    def series(self) -> npt.NDArray[np.int64]:
        """The first entry of each series; without time every entry is one."""
        if self.time is None:
            return np.arange(self.n)
        new = starts(self.suffix, self.n)
        new[self.begin] = True
        return np.flatnonzero(new)

    def where(self, keep: npt.NDArray[np.bool_]) -> Block:
        """The entries of a mask."""
        if not self.n:
            return self
        count = np.add.reduceat(keep.astype(np.int64), self.begin)
        left = count > 0
        return Block(
            tuple(p[left] for p in self.prefix),
            count[left],
            tuple(s[keep] for s in self.suffix),
            None if self.time is None else self.time[keep],
            {name: values[keep] for name, values in self.cells.items()},
            int(count.sum()),
        )
