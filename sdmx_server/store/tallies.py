"""The index behind availability: how many observations each code of each dimension, and each period, has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..batches import Ids
from ..errors import Damaged
from . import tables
from .cubes import CubeRow
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
    sa.select(tables.tally.c.component, tables.tally.c.id, tables.tally.c.observations)
    .where(tables.tally.c.cube == sa.bindparam("cube"), tables.tally.c.observations > 0)
    .order_by(tables.tally.c.component, tables.tally.c.id)
)


def occurring(connection: sa.Connection, cube: CubeRow) -> dict[int, Ids]:
    """The ids that occur, sorted, by component number.

    Raises ``Damaged`` where those of a component do not add up to the observations that there are.
    """
    rows = np.array(list(connection.execute(_counts, {"cube": cube.id})), np.int64).reshape(-1, 3)
    by_number = {int(number): rows[rows[:, 0] == number] for number in np.unique(rows[:, 0])}
    layout = cube.decoded()
    counted = {layout.numbers[d] for d in layout.dimensions} | ({PERIODS} if layout.time else set())
    for number in counted:
        if by_number.get(number, rows[:0])[:, 2].sum() != cube.observations:
            name = next((n for n, i in layout.numbers.items() if i == number), layout.time)
            observations = cube.observations
            raise Damaged("damaged-index", dataflow=cube.reference, name=name, observations=observations)
    return {number: found[:, 1].astype(np.uint32) for number, found in by_number.items()}
