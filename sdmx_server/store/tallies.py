"""The index behind availability: how many observations each code of each dimension, and each period, has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..batches import Ids
from . import tables
from .layout import PERIODS, CubeLayout, TableLayout


def add_tallies(
    connection: sa.Connection,
    cube: int,
    layout: CubeLayout,
    table: TableLayout,
    changes: Sequence[npt.NDArray[np.int64]],
) -> None:
    """Add what a commit changed, per key column of the observations, in the running transaction."""
    numbers = [layout.numbers[d] for d in table.dimensions] + ([PERIODS] if table.time else [])
    lines = [
        {"cube": cube, "component": number, "id": i, "observations": int(change[i])}
        for number, change in zip(numbers, changes, strict=False)
        for i in np.flatnonzero(change).tolist()
    ]
    if not lines:
        return
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(tables.tally)
    statement = insert.on_conflict_do_update(
        index_elements=["cube", "component", "id"],
        set_={"observations": tables.tally.c.observations + insert.excluded.observations},
    )
    connection.execute(statement, lines)


_counts = (
    sa.select(tables.tally.c.component, tables.tally.c.id)
    .where(tables.tally.c.cube == sa.bindparam("cube"), tables.tally.c.observations > 0)
    .order_by(tables.tally.c.component, tables.tally.c.id)
)


def occurring(connection: sa.Connection, cube: int) -> dict[int, Ids]:
    """The ids that occur, sorted, by component number."""
    found = np.array(list(connection.execute(_counts, {"cube": cube})), np.int64).reshape(-1, 2)
    return {int(c): found[found[:, 0] == c, 1].astype(np.uint32) for c in np.unique(found[:, 0])}
