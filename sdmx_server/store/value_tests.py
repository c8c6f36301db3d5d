"""What observations must pass beside their keys, as operations on the packed columns of many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import Array, Filter
from ..number_texts import NumberStyle
from .blocks import Block
from .frames import KeySpace
from .layout import Cell
from .value_conditions import absent_passes, numbers_mask

Mask = npt.NDArray[np.bool_]


class CellTest(msgspec.Struct, frozen=True):
    """A filter on a measure, or on an attribute of the observation.

    ``passing``: by dictionary id; None for numbers, whose texts are those of ``style``.
    """

    cell: Cell
    wanted: Filter
    passing: Mask | None
    style: NumberStyle = NumberStyle()

    @property
    def absent_passes(self) -> bool:
        """Whether an observation without a value passes."""
        return absent_passes(self.wanted)

    def mask(self, cells: Mapping[str, Array], n: int) -> Mask:
        """Which of n entries pass, given the columns of their cells (as in ``blocks.Block``)."""
        values = cells.get(self.cell.column)
        if values is None:
            return np.full(n, self.absent_passes)
        if self.passing is not None:
            return self.passing[values]
        return numbers_mask(values, cells.get(self.cell.presence or ""), self.wanted, self.style)


class KeyTest(msgspec.Struct, frozen=True):
    """A filter on an attribute of fewer dimensions, as the keys that it leaves, or (not ``kept``) those that it drops.

    ``keys`` are sorted and packed by ``space`` from the ids of ``dimensions`` (time last).
    """

    dimensions: tuple[str, ...]
    space: KeySpace
    keys: Array
    kept: bool

    def mask(self, ids: Mapping[str, Array], n: int) -> Mask:
        """Which of n entries pass, given the ids of their dimensions."""
        if not len(self.keys):
            return np.full(n, not self.kept)
        wanted = self.space.pack([ids[d] for d in self.dimensions], n)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Mask = self.keys[at] == wanted
        return found if self.kept else ~found


class Tests(msgspec.Struct, frozen=True):
    """All tests together. ``time``: the name of the time dimension, where there is one."""

    of_cells: tuple[CellTest, ...] = ()
    of_keys: tuple[KeyTest, ...] = ()
    time: str | None = None

    def __bool__(self) -> bool:
        return bool(self.of_cells or self.of_keys)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that must be read."""
        return tuple(test.cell for test in self.of_cells)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which no entry of a row can pass."""
        return tuple(test.cell.column for test in self.of_cells if not test.absent_passes)

    def passing(self, keys: Mapping[str, Array], cells: Mapping[str, Array], n: int) -> Mask:
        """Which of n entries pass, given all their ids and cells."""
        found = np.ones(n, bool)
        for test in self.of_keys:
            found &= test.mask(keys, n)
        if found.any():
            for cell_test in self.of_cells:
                found &= cell_test.mask(cells, n)
        return found

    def of_block(self, block: Block, prefix: Sequence[str], suffix: Sequence[str]) -> Block:
        """The entries of a block that pass. What does not depend on time is looked up once for each series."""
        found = np.ones(block.n, bool)
        if self.of_keys:
            found &= self._by_keys(block, prefix, suffix)
        if found.any():
            for test in self.of_cells:
                found &= test.mask(block.cells, block.n)
        return block if found.all() else block.where(found)

    def _by_keys(self, block: Block, prefix: Sequence[str], suffix: Sequence[str]) -> Mask:
        begin = block.series()
        length = np.diff(np.append(begin, block.n))
        row = np.searchsorted(block.begin, begin, side="right") - 1
        heads = {d: ids[row] for d, ids in zip(prefix, block.prefix, strict=True)}
        heads |= {d: ids[begin] for d, ids in zip(suffix, block.suffix, strict=True)}
        of_series = np.ones(len(begin), bool)
        for test in self.of_keys:
            if self.time not in test.dimensions:
                of_series &= test.mask(heads, len(begin))
        found = np.repeat(of_series, length)
        for test in self.of_keys:
            if self.time in test.dimensions:
                ids = {d: np.repeat(heads[d], length) for d in test.dimensions if d in heads}
                found &= test.mask(ids if block.time is None else {**ids, self.time or "": block.time}, block.n)
        return found


NO_TESTS = Tests()
"""Every observation passes."""
