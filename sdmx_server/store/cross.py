"""Regroups observations so that another dimension than time varies fastest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .blocks import Block
from .layout import Cell
from .regrouping import Order, regroup
from .snapshot import Snapshot


def cross_blocks(snapshot: Snapshot, blocks: Iterable[Block], cells: Sequence[Cell], varying: str) -> Iterator[Block]:
    """The same observations ordered by the other dimensions, then time, then the varying one.

    A group, in which all keys but the varying one are the same, never crosses a block. Blocks have no prefix, and the
    varying dimension is the last of their suffix.
    """
    layout = snapshot.layout.observations
    place = layout.dimensions.index(varying)
    order = Order(
        table=layout,
        sizes=snapshot.key_sizes(layout),
        columns=(*(i for i in range(layout.key_columns) if i != place), place),
        fixed=layout.key_columns - 1,
        periods=snapshot.periods() if layout.time else None,
    )
    return regroup(blocks, cells, order)
