"""Regroups observations so that another dimension than time varies fastest, with bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ..batches import Array
from .attributes import flat_keys
from .frames import Dtype, KeySpace, cell_columns, starts
from .layout import Cell
from .scanning import BATCH, Block
from .snapshot import Snapshot
from .sorting import KEY, Columns, Sorter, joined


def cross_blocks(snapshot: Snapshot, blocks: Iterable[Block], cells: Sequence[Cell], varying: str) -> Iterator[Block]:
    """The same observations ordered by the other dimensions, then time, then the varying one.

    A group, in which all keys but the varying one are the same, never crosses a block. Blocks have no prefix, and the
    varying dimension is the last of their suffix.
    """
    layout = snapshot.layout.observations
    sizes = snapshot.key_sizes(layout)
    place = layout.dimensions.index(varying)
    dimensions = len(layout.dimensions)
    order = [i for i in range(layout.key_columns) if i != place] + [place]
    space = KeySpace(tuple(sizes[i] for i in order))
    rank = snapshot.periods().rank if layout.time else None
    types = cell_columns(cells)
    with tempfile.TemporaryDirectory(prefix="sdmx-order-") as folder:
        sorter = Sorter(Path(folder))
        for block in blocks:
            keys = flat_keys(block)
            ranked = [rank[k] if rank is not None and i == dimensions else k for i, k in enumerate(keys)]
            columns: Columns = {KEY: space.pack([ranked[i] for i in order], block.n)}
            columns |= {f"k{i}": k for i, k in enumerate(keys)}
            for name, dtype in types.items():
                columns[name] = block.cells.get(name, _default(name, block, cells, dtype))
            sorter.add(columns)
        sorter.finish()
        fixed = [f"k{i}" for i in order[:-1]]
        for columns in _grouped(sorter.chunks(), fixed):
            n = len(columns[KEY])
            suffix = tuple(columns[f"k{i}"] for i in order if i < dimensions)
            time = columns[f"k{dimensions}"] if layout.time else None
            yield Block((), np.array([n]), suffix, time, {c: columns[c] for c in types}, n)


def _default(name: str, block: Block, cells: Sequence[Cell], dtype: Dtype) -> Array:
    """What a column left out of a block stands for: presence beside values is 1, all else 0."""
    there = any(c.presence == name and c.column in block.cells for c in cells)
    return np.full(block.n, 1 if there else 0, dtype)


def _grouped(chunks: Iterable[Columns], fixed: Sequence[str]) -> Iterator[Columns]:
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
