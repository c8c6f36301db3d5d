"""Entries that two revisions hold differently."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import Array, Ids
from .frames import Frame
from .merging import bits

Mask = npt.NDArray[np.bool_]
Cells = dict[str, Array]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that are not what they were, sorted by dimensions and the start of the period.

    ``was``, ``here``: whether there was one before and is one after; cells of one that is not there are absent.
    """

    keys: tuple[Ids, ...]
    was: Mask
    here: Mask
    before: Cells
    after: Cells
    n: int

    def differs(self, columns: Iterable[str]) -> Mask:
        """Where some of these cell columns are not what they were."""
        found = np.zeros(self.n, bool)
        for name in columns:  # absent cells are zero, so that equal cells are equal bits
            found |= bits(self.before[name]) != bits(self.after[name])
        return found

    def take(self, index: Array) -> Changed:
        """The entries at these positions, or of this mask."""
        before = Frame(self.keys, self.before, self.n).take(index)
        after = {name: values[index] for name, values in self.after.items()}
        return Changed(
            keys=before.keys, was=self.was[index], here=self.here[index], before=before.cells, after=after, n=before.n
        )
