"""Which partial keys occur in an answer, so that attributes are told of these alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ..batches import Array
from .blocks import Block
from .frames import KeySpace
from .layout import TableLayout
from .snapshot import Snapshot

_HELD = 1_000_000
"""Keys that are gathered before those that came twice are dropped."""


class GroupKeys:
    """The keys of some attribute tables that occur in blocks. ``dimensions``: those of the blocks, time left out."""

    def __init__(self, snapshot: Snapshot, tables: Iterable[TableLayout], dimensions: Sequence[str]) -> None:
        self._time = snapshot.layout.time
        self._dimensions = tuple(dimensions)
        self._names = {
            t.number: (*t.dimensions, *((self._time or "",) if t.time else ())) for t in tables if t.key_columns
        }
        self._spaces = {t.number: KeySpace(snapshot.key_sizes(t)) for t in snapshot.layout.tables}
        self._found: dict[int, list[Array]] = {number: [] for number in self._names}

    def add(self, block: Block) -> None:
        """Take the keys of a block."""
        begin = block.series()
        row = np.searchsorted(block.begin, begin, side="right") - 1
        columns = (*(p[row] for p in block.prefix), *(s[begin] for s in block.suffix))
        heads = dict(zip(self._dimensions, columns, strict=True))
        length = np.diff(np.append(begin, block.n))
        for number, names in self._names.items():
            keys: Mapping[str, Array] = heads
            n = len(begin)
            if self._time in names and block.time is not None:
                keys = {d: np.repeat(heads[d], length) for d in names if d in heads} | {self._time or "": block.time}
                n = block.n
            self._take(number, self._spaces[number].pack([keys[d] for d in names], n))

    def _take(self, number: int, keys: Array) -> None:
        held = self._found[number]
        held.append(np.unique(keys))
        if sum(map(len, held)) > _HELD and len(held) > 1:
            self._found[number] = [np.unique(np.concatenate(held))]

    def holds(self, table: TableLayout, keys: Sequence[Array]) -> npt.NDArray[np.bool_]:
        """Which keys of a table occur; ``keys`` are its columns of ids, time last."""
        n = len(keys[0])
        found = self._found[table.number]
        if not found:
            return np.zeros(n, bool)
        return np.isin(self._spaces[table.number].pack(keys, n), np.concatenate(found))
