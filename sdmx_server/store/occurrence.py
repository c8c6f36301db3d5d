"""Counts which ids occur in blocks of keys, and how many observations and series there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..batches import Array, Availability, Ids
from .blocks import Block
from .frames import KeySpace
from .layout import PERIODS
from .snapshot import Snapshot


class Occurrence:
    """What occurs in the observations of a cube, by component number.

    ``dimensions``: those of the blocks in their order, time left out; None = storage order.
    """

    def __init__(self, snapshot: Snapshot, dimensions: Sequence[str] | None = None) -> None:
        layout = snapshot.layout.observations
        names = tuple(dimensions or layout.dimensions)
        numbers = [snapshot.layout.numbers[d] for d in names]
        known = snapshot.key_sizes(layout)
        sizes = (*(known[layout.dimensions.index(d)] for d in names), *known[len(names) :])
        self._numbers = numbers
        self._seen: dict[int, npt.NDArray[np.bool_]] = {
            number: np.zeros(size, bool)
            for number, size in zip((*numbers, *((PERIODS,) if layout.time else ())), sizes, strict=True)
        }
        self._space = KeySpace(sizes[: len(numbers)])
        self.observations = 0
        self.series = 0

    def add(self, block: Block) -> None:
        """Count the entries of a block."""
        runs = block.series()
        heads = [suffix[runs] for suffix in block.suffix]  # the others of a run have the same ones
        for number, ids in zip(self._numbers, (*block.prefix, *heads), strict=True):
            self._seen[number][ids] = True
        if block.time is not None:
            self._seen[PERIODS][block.time] = True
        self.observations += block.n
        self.series += self._count(block, runs, heads)

    def _count(self, block: Block, runs: npt.NDArray[np.int64], heads: Sequence[Ids]) -> int:
        """How many series a block has, whose runs begin there; each may stand in several."""
        if len(runs) == len(block.count) or block.time is None:  # one run of each prefix, or nothing but series
            return len(runs)
        row = np.searchsorted(block.begin, runs, side="right") - 1
        keys = [*(p[row] for p in block.prefix), *heads]
        return len(np.unique(self._space.pack(keys, len(runs))))

    def ids(self) -> dict[int, Ids]:
        """The ids that occur, sorted, by component number."""
        return {number: np.flatnonzero(seen).astype(np.uint32) for number, seen in self._seen.items()}


def describe(snapshot: Snapshot, found: dict[int, Ids], observations: int, series: int) -> Availability:
    """What occurs, in codes and periods."""
    codes = {}
    for dimension in snapshot.layout.dimensions:
        texts = snapshot.codes(dimension).texts
        ids = found.get(snapshot.layout.numbers[dimension], np.empty(0, np.uint32))
        codes[dimension] = tuple(text for i in ids.tolist() if (text := texts[i]) is not None)
    periods = snapshot.periods()
    used: Array = found.get(PERIODS, np.empty(0, np.uint32))
    by_time = used[np.argsort(periods.rank[used])] if len(used) else used
    return Availability(
        codes=codes,
        periods=tuple(p for i in by_time.tolist() if (p := periods.periods[i]) is not None),
        observations=observations,
        series=series,
    )
