"""Rows of a message wait here until they are enough for a batch.

There is no vectorised XML parser, so rows come one by one, as the attributes that the parser hands over; from here on
everything is done by column.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from sdmx_server.loading.api import RawBatch, Source

from .columns import Columns, Gathered
from .stream import Attributes

OFF = "~"
DELETE = "D"
_ROWS = 100_000


class Rows:
    """The rows since the last batch: cells of their own, and what they share with their series.

    ``heads[i]`` is shared by the rows from ``starts[i]`` on. All rows of a batch have one action; ``explicit`` is the
    dimension that the type of an observation stands for (measures as types in SDMX-ML 2.1), None without such.
    """

    def __init__(self, source: Source, columns: Columns) -> None:
        self._limits = source.limits
        self._columns = columns
        self._dimensions = source.structure.dimension_ids
        self.cells: list[Attributes] = []
        self.lines: list[int] = []
        self.heads: list[Attributes] = [{}]
        self.starts: list[int] = [0]
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
    def count(self) -> int:
        """How many rows there have been, taken ones included."""
        return self._added + len(self.cells)

    def series(self, head: Attributes) -> None:
        """The rows from here on share these cells."""
        self.heads.append(head)
        self.starts.append(len(self.cells))

    def partial(self, cells: Attributes, line: int) -> None:
        """Add a row whose other dimensions are switched off."""
        self.cells.append(dict.fromkeys(self._dimensions, OFF) | cells)
        self.lines.append(line)

    def kind(self, action: str, explicit: str | None) -> None:
        """What the next rows are; those before become a batch when they are something else."""
        if (action, explicit) != (self._action, self._explicit):
            self.take(len(self.cells))
            self._action, self._explicit = action, explicit

    def batches(self, done: int, *, hold: bool = False, last: bool = False) -> Iterator[RawBatch]:
        """The batches that are full after ``done`` bytes; ``hold``: the last row is still being read."""
        if last or len(self.cells) >= _ROWS or done - self._since >= self._limits.block_bytes:
            self._since = done
            self.take(len(self.cells) - hold)
        ready, self._ready = self._ready, []
        for batch in ready:
            yield RawBatch(frame=batch.frame, rows=batch.rows, components=True, done=done)

    def take(self, count: int) -> None:
        """Make a batch of the first rows, if there are any."""
        if count > 0:
            ends = np.minimum([*self.starts[1:], count], count)
            owner = pl.Series(np.repeat(np.arange(len(self.heads)), np.diff(ends, prepend=0)))
            lines = np.array(self.lines[:count], np.int64)
            rows = Gathered(
                cells=self.cells[:count],
                heads=self.heads,
                owner=owner,
                lines=lines,
                explicit=self._explicit,
                deleting=self.deleting,
            )
            frame = self._columns.frame(rows)
            frame = frame.with_columns(pl.repeat(self._action, count, dtype=pl.String).alias("ACTION"))
            self._ready.append(RawBatch(frame=frame, rows=lines, components=True))
            del self.cells[:count], self.lines[:count]
            self._added += count
        self.heads[:], self.starts[:] = self.heads[-1:], [0]
