"""Works out all that a load writes, ahead of the write transaction: under the lock only the writing is left.

A plan holds as long as the row of its cube stays as it was; else it is made again, then under the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import sqlalchemy as sa

from .applying import Outcome, TableWriter, slices
from .cubes import CubeRow
from .layout import CubeLayout, TableLayout
from .packed_table import PackedTable, create, packed_table, packed_tables
from .partition import choose_k, with_bucket
from .preparing import Prepared, key_sizes
from .sorting import KEY, Columns, Sorter
from .write_spool import WriteSpool

_SAMPLE = 1_000_000
"""Entries from which the length of the prefix is chosen."""

Tell = Callable[[str, int, int], None]
"""Told the stage, how many entries are done, and of how many."""


class TablePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a load does to one packed table, which does not exist yet when it is ``new``."""

    table: PackedTable
    new: bool
    outcome: Outcome
    spool: WriteSpool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a load does to the cube as its row says that it is. ``layout`` is that after the load."""

    cube: CubeRow
    prepared: Prepared
    layout: CubeLayout
    tables: dict[int, TablePlan]

    def holds(self, cube: CubeRow) -> bool:
        """Whether nobody changed the data or the layout meanwhile."""
        return (cube.data_rev, cube.layout_gen) == (self.cube.data_rev, self.cube.layout_gen)

    def outcome(self, number: int) -> Outcome:
        """What becomes of the entries of a table."""
        found = self.tables.get(number)
        return found.outcome if found else Outcome([])

    def write(self, connection: sa.Connection, tell: Tell) -> None:
        """Write everything but the cube's own row and dictionaries, in the running transaction."""
        done, total = 0, sum(planned.spool.entries for planned in self.tables.values())
        for planned in self.tables.values():
            if planned.new:
                create(connection, planned.table)
            for written in planned.spool.write(connection, planned.table):
                tell("writing", done + written, total)
            done += planned.spool.entries


def plan_load(connection: sa.Connection, cube: CubeRow, prepared: Prepared, folder: Path, tell: Tell) -> Plan:
    """Merge prepared operations with what is stored, and pack the rows. Raises ``packing.DamagedRow``.

    All reads of the connection must show the same revision.
    """
    layout, planned = cube.decoded(), {}
    for number in sorted(prepared.operations, reverse=True):
        sorter = prepared.operations[number]
        stored = packed_tables(cube.id, cube.layout)[number]
        new = stored is None
        if stored is None:
            chosen = _with_prefix(layout.tables[number], sorter)
            layout = layout.with_table(chosen)
            stored = packed_table(cube.id, chosen)
        spool = WriteSpool(folder / f"writes{number}")
        writer = TableWriter(
            connection,
            stored,
            key_sizes(layout, stored.layout, prepared.sizes),
            spool=spool,
            periods=prepared.periods,
            seq=cube.data_rev + 1,
            empty=new or _is_empty(connection, stored),
            languages=prepared.languages,
        )
        done = 0
        for part in slices(stored, sorter.chunks()):
            writer.apply(part)
            done += len(part[KEY])
            tell("packing", done, sorter.rows)
        planned[number] = TablePlan(table=stored, new=new, outcome=writer.outcome, spool=spool)
    for number, texts in prepared.new_codes.items():
        prepared.sizes[number] = cube.size(number) + len(texts)  # merging texts has made new ones
    return Plan(cube=cube, prepared=prepared, layout=layout, tables=planned)


def _with_prefix(table: TableLayout, sorter: Sorter) -> TableLayout:
    chunk: Columns = next(sorter.chunks())
    n = min(len(chunk[KEY]), _SAMPLE)
    keys = tuple(chunk[f"k{i}"][:n] for i in range(table.key_columns))
    table = with_bucket(table, keys, n)
    return msgspec.structs.replace(table, k=choose_k(table, keys, n))


def _is_empty(connection: sa.Connection, table: PackedTable) -> bool:
    return connection.execute(sa.select(table.rows.c.part).limit(1)).first() is None
