"""Brings blocks into another order, with bounded memory, and cuts them anew between groups."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from ..batches import Array
from .blocks import BATCH, Block
from .dictionaries import Periods
from .frames import Dtype, KeySpace, cell_columns, starts
from .layout import Cell, TableLayout
from .sorting import KEY, Columns, Sorter, joined


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order of the entries of a table. ``columns``: positions of all key columns, the first counts most; the
    leading ``fixed`` ones make a group. ``sizes`` bound the ids of the key columns, ``periods`` rank those of time.
    """

    table: TableLayout
    sizes: tuple[int, ...]
    columns: tuple[int, ...]
    fixed: int
    periods: Periods | None


def regroup(blocks: Iterable[Block], cells: Sequence[Cell], order: Order, limit: int | None = None) -> Iterator[Block]:
    """The same entries in another order, in blocks without prefix, which no group crosses.

    Above ``limit`` entries (None: ``sorting.IN_MEMORY``) they are sorted on disk.
    """
    dimensions = len(order.table.dimensions)
    space = KeySpace(tuple(order.sizes[i] for i in order.columns))
    with tempfile.TemporaryDirectory(prefix="sdmx-order-") as folder:
        sorter = Sorter(Path(folder), limit)
        for block in blocks:
            ranked = list(block.keys())
            if order.periods is not None:
                ranked[-1] = order.periods.rank[ranked[-1]]
            columns: Columns = {KEY: space.pack([ranked[i] for i in order.columns], block.n)}
            columns |= columns_of(block, cells)
            sorter.add(columns)
        sorter.finish()
        fixed = [f"k{i}" for i in order.columns[: order.fixed]]
        suffix = [i for i in order.columns if i < dimensions]
        for columns in portions(sorter.chunks(), fixed):
            yield block_of(columns, suffix, dimensions if order.table.time else None, cells)


def columns_of(block: Block, cells: Sequence[Cell]) -> Columns:
    """A block as columns: ``k0``, ``k1`` ... its keys (time last), and all of the cells."""
    columns: Columns = {f"k{i}": key for i, key in enumerate(block.keys())}
    for name, dtype in cell_columns(cells).items():
        columns[name] = filled(block, name, cells, dtype)
    return columns


def block_of(columns: Columns, suffix: Iterable[int], time: int | None, cells: Sequence[Cell]) -> Block:
    """The same back: a block without prefix. ``suffix`` and ``time`` say which of the keys are which."""
    n = len(columns["k0"])
    return Block(
        (),
        np.array([n]),
        tuple(columns[f"k{i}"] for i in suffix),
        None if time is None else columns[f"k{time}"],
        {c: columns[c] for c in cell_columns(cells)},
        n,
    )


def filled(block: Block, name: str, cells: Sequence[Cell], dtype: Dtype) -> Array:
    """A column of a block. One that is left out stands for 1 where it is the presence beside values, else for 0."""
    if name in block.cells:
        return block.cells[name]
    there = any(c.presence == name and c.column in block.cells for c in cells)
    return np.full(block.n, 1 if there else 0, dtype)


def portions(chunks: Iterable[Columns], fixed: Sequence[str]) -> Iterator[Columns]:
    """Portions of about a batch that end where a group ends."""
    rest: Columns | None = None
    for chunk in chunks:
        whole = chunk if rest is None else joined([rest, chunk])
        groups = np.flatnonzero(starts([whole[c] for c in fixed], len(whole[KEY])))
        last = 0
        while last < len(groups) - 1:
            following = int(np.searchsorted(groups, groups[last] + BATCH))
            following = min(max(following, last + 1), len(groups) - 1)
            begin, end = groups[last], groups[following]
            yield {c: v[begin:end] for c, v in whole.items()}
            last = following
        rest = {c: v[groups[last] :] for c, v in whole.items()}
    if rest is not None:
        yield rest
