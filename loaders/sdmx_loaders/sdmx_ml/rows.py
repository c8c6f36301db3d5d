"""Rows of a message wait here until they are enough for a batch.

They come one by one, as the attributes that the XML parser hands over, or as columns of a block that is plain.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import polars as pl

from sdmx_server.loading.api import RawBatch, Source

from .blocks import Block, Numbers
from .cells import Cells
from .columns import Columns, Gathered
from .stream import Attributes

OFF = "~"
DELETE = "D"
_ROWS = 100_000


class _Part(msgspec.Struct, frozen=True):
    """Some rows that stand together: observations of a block from ``first`` on, or single ones (``block`` None).

    ``headed``: what they share is in the block, too.
    """

    block: Block | None
    first: int
    lines: Numbers
    headed: bool = False

    def last(self) -> _Part:
        """The last row alone."""
        return _Part(self.block, self.first + len(self.lines) - 1, self.lines[-1:], self.headed)


class Rows:
    """The rows since the last batch: cells of their own, and what they share with their series.

    ``heads[i]`` is shared by the rows from ``starts[i]`` on. All rows of a batch have one action; ``explicit`` is the
    dimension that the type of an observation stands for (measures as types in SDMX-ML 2.1), None without such.
    ``cells`` and ``lines`` are single rows; ``_parts`` say where they stand among those of blocks.
    """

    def __init__(self, source: Source, columns: Columns) -> None:
        self._limits = source.limits
        self._columns = columns
        self._dimensions = source.structure.dimension_ids
        self.cells: list[Attributes] = []
        self.lines: list[int] = []
        self.heads: list[Attributes] = [{}]
        self.starts: list[int] = [0]
        self._parts: list[_Part] = []
        self._single = 0
        self._blocked = 0
        self._action = "M"
        self._explicit: str | None = None
        self._since = 0
        self._added = 0
        self._ready: list[RawBatch] = []

    @property
    def deleting(self) -> bool:
        """Whether the rows say what is to be deleted."""
        return self._action == DELETE

    @property
    def waiting(self) -> int:
        """How many rows there are since the last batch."""
        return self._blocked + len(self.cells)

    @property
    def count(self) -> int:
        """How many rows there have been, taken ones included."""
        return self._added + self.waiting

    def series(self, head: Attributes) -> None:
        """The rows from here on share these cells."""
        self.heads.append(head)
        self.starts.append(self.waiting)

    def partial(self, cells: Attributes, line: int) -> None:
        """Add a row whose other dimensions are switched off."""
        self.cells.append(dict.fromkeys(self._dimensions, OFF) | cells)
        self.lines.append(line)

    def add(self, block: Block, first: int, lines: Numbers, *, headed: bool) -> None:
        """Add observations of a block, from its ``first``; ``headed``: with their series, which are in it, too."""
        self._close_single()
        self._parts.append(_Part(block, first, lines, headed))
        self._blocked += len(lines)

    def _close_single(self) -> None:
        if len(self.cells) > self._single:
            self._parts.append(_Part(None, self._single, np.array(self.lines[self._single :], np.int64)))
            self._single = len(self.cells)

    def kind(self, action: str, explicit: str | None) -> None:
        """What the next rows are; those before become a batch when they are something else."""
        if (action, explicit) != (self._action, self._explicit):
            self.take(self.waiting)
            self._action, self._explicit = action, explicit

    def batches(self, done: int, *, hold: bool = False, last: bool = False) -> Iterator[RawBatch]:
        """The batches that are full after ``done`` bytes; ``hold``: the last row is still being read."""
        if last or self.waiting >= _ROWS or done - self._since >= self._limits.block_bytes:
            self._since = done
            self.take(self.waiting - hold)
        ready, self._ready = self._ready, []
        for batch in ready:
            yield RawBatch(frame=batch.frame, rows=batch.rows, components=True, done=done)

    def take(self, count: int) -> None:
        """Make a batch of the first rows, all or all but one, if there are any."""
        self._close_single()
        kept = [self._parts[-1].last()] if count < self.waiting else []
        if count > 0:
            rows = self._gathered(count, alone=self.cells[: len(self.cells) - sum(p.block is None for p in kept)])
            frame = self._columns.frame(rows)
            frame = frame.with_columns(pl.repeat(self._action, count, dtype=pl.String).alias("ACTION"))
            self._ready.append(RawBatch(frame=frame, rows=rows.lines, components=True))
            self._added += count
        self._keep(kept)
        self.heads[:], self.starts[:] = self.heads[-1:], [0]

    def _keep(self, parts: list[_Part]) -> None:
        """Forget all rows but these."""
        single = sum(part.block is None for part in parts)
        del self.cells[: len(self.cells) - single], self.lines[: len(self.lines) - single]
        self._single = 0
        self._parts = [part for part in parts if part.block is not None]
        self._blocked = len(self._parts)

    def _gathered(self, count: int, alone: list[Attributes]) -> Gathered:
        blocks = list({id(part.block): part.block for part in self._parts if part.block is not None}.values())
        cells_at, heads_at = {}, {}
        cells, heads = len(alone), len(self.heads)
        for block in blocks:
            cells_at[id(block)], heads_at[id(block)] = cells, heads
            cells, heads = cells + len(block.owner), heads + block.series
        ends = np.minimum([*self.starts[1:], self.waiting], self.waiting)
        owner = np.repeat(np.arange(len(self.heads)), np.diff(ends, prepend=0))
        of: list[Numbers] = []
        row = 0
        for part in self._parts:
            rows = np.arange(part.first, part.first + len(part.lines))
            if part.headed and part.block is not None:
                owner[row : row + len(rows)] = part.block.owner[rows] + heads_at[id(part.block)]
            of.append(rows + cells_at.get(id(part.block), 0))
            row += len(rows)
        return Gathered(
            own=Cells(alone, [(len(b.owner), b.cells) for b in blocks], np.concatenate(of)[:count]),
            shared=Cells(self.heads, [(b.series, b.heads) for b in blocks], owner[:count]),
            lines=np.concatenate([part.lines for part in self._parts])[:count],
            explicit=self._explicit,
            deleting=self.deleting,
        )
