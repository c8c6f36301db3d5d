"""Writes the rows of a cube anew, with prefixes chosen from all that it holds, into tables of a new generation.

The length of the prefix is otherwise that of the first load, which may have been small. Everything is read, sorted and
packed before the lock, as in a load; the new tables, their rows and the new layout become visible in one transaction.
History is keyed by dimensions and not by rows: it stays as it is, and so do the dictionaries, revisions and commits.
"""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..batches import Array
from ..errors import NotFound
from ..model.reference import Reference
from ..services.ports import Progress
from . import cubes
from .applying import TableWriter, slices
from .cubes import CubeRow
from .database import busy_when_locked, read_only, shorten_log
from .dictionaries import DictionaryCache
from .frames import Frame, KeySpace, cell_columns
from .layout import CubeLayout, TableLayout
from .packed_table import PackedTable, create, packed_table
from .packing import DamagedRow
from .partition import RowCount, buckets, with_bucket
from .row_io import entries
from .snapshot import Snapshot
from .sorting import KEY, Columns, Sorter
from .write_spool import WriteSpool

_FETCHED = 200

_PATIENCE = 60.0
"""Seconds for which PostgreSQL's old tables wait for the answers that still read from them."""

_POLL = 0.2


class RebuiltTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table before and after. ``dimensions`` are in storage order; lengths count those that a row shares."""

    name: str
    dimensions: tuple[str, ...]
    entries: int
    length_before: int
    length_after: int
    rows_before: int
    rows_after: int


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a cube; ``left_over`` names old tables that others still read: the next rebuild drops them."""

    dataflow: Reference
    tables: tuple[RebuiltTable, ...]
    left_over: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table that is packed anew."""

    table: PackedTable
    spool: WriteSpool
    report: RebuiltTable


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All tables of the cube as its row says that it is; ``layout`` is that after the rebuild."""

    cube: CubeRow
    layout: CubeLayout
    tables: tuple[_Table, ...]

    def holds(self, cube: CubeRow) -> bool:
        """Whether nobody changed the data or the layout meanwhile."""
        return (cube.data_rev, cube.layout_gen) == (self.cube.data_rev, self.cube.layout_gen)


class Rebuilder:
    """Rebuilds one cube."""

    def __init__(self, engine: Engine, dataflow: Reference, progress: Progress) -> None:
        self._engine, self._dataflow, self._tell = engine, dataflow, progress
        self._cache = DictionaryCache()

    def run(self) -> Rebuilt:
        """Rebuild. Raises ``NotFound`` for a dataflow without data, ``Damaged`` (and then nothing was changed)."""
        folder = Path(tempfile.mkdtemp(prefix="sdmx-rebuild-"))
        try:
            plan = self._rebuilt(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        left_over = self._tidy()
        return Rebuilt(dataflow=plan.cube.reference, tables=tuple(t.report for t in plan.tables), left_over=left_over)

    def _rebuilt(self, folder: Path) -> _Plan:
        with busy_when_locked("in-use-data", dataflow=self._dataflow):
            with read_only(self._engine).connect() as connection, connection.begin():
                plan = self._plan(connection, self._found(connection), folder)
            with self._engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
                locked = self._found(connection, lock=True)
                if not plan.holds(locked):
                    plan = self._plan(connection, locked, folder)
                self._swap(connection, locked, plan)
        return plan

    def _found(self, connection: sa.Connection, lock: bool = False) -> CubeRow:
        cube = cubes.find(connection, self._dataflow, lock)
        if cube is None:
            raise NotFound("no-data", dataflow=self._dataflow)
        return cube

    def _plan(self, connection: sa.Connection, cube: CubeRow, folder: Path) -> _Plan:
        snapshot = Snapshot(connection, cube, self._cache)
        layout, done = snapshot.layout, []
        for stored in snapshot.tables:
            if stored is not None:
                packed = self._packed(snapshot, stored, folder)
                layout = layout.with_table(packed.table.layout)
                done.append(packed)
        return _Plan(cube=cube, layout=layout, tables=tuple(done))

    def _packed(self, snapshot: Snapshot, stored: PackedTable, folder: Path) -> _Table:
        before, sizes = stored.layout, snapshot.key_sizes(stored.layout)
        sorter, rows = self._sorted(snapshot, stored, folder)
        after = msgspec.structs.replace(_suited(before, sizes, sorter), generation=snapshot.cube.layout_gen + 1)
        table = packed_table(snapshot.cube.id, after)
        spool = WriteSpool(folder / f"rows{before.number}")
        writer = TableWriter(
            snapshot.connection, table, sizes, spool=spool, periods=snapshot.periods(), seq=0, empty=True
        )
        for part in slices(table, sorter.chunks()):
            writer.insert(_frame(after, part))
            self._tell("packing", spool.entries, sorter.rows)
        report = RebuiltTable(
            name=stored.rows.name,
            dimensions=before.dimensions,
            entries=sorter.rows,
            length_before=before.k or 0,
            length_after=after.k or 0,
            rows_before=rows,
            rows_after=spool.rows,
        )
        return _Table(table=table, spool=spool, report=report)

    def _sorted(self, snapshot: Snapshot, stored: PackedTable, folder: Path) -> tuple[Sorter, int]:
        """All entries of a table in total order, and how many rows held them."""
        names = (*stored.prefix, "part", "n", *stored.blobs, "checksum")
        options = {"stream_results": True, "max_row_buffer": _FETCHED}
        query = sa.select(*(stored.rows.c[n] for n in names)).order_by(
            *(stored.rows.c[p] for p in (*stored.prefix, "part"))
        )
        space, sorter, count = KeySpace(snapshot.key_sizes(stored.layout)), Sorter(folder), 0
        total = snapshot.cube.observations if stored.layout.number == 0 else None
        with snapshot.connection.execute(query, execution_options=options) as result:
            for rows in result.partitions(_FETCHED):
                sorter.add(_columns(snapshot, stored, rows, space))
                count += len(rows)
                self._tell("reading", sorter.rows, total)
        sorter.finish()
        return sorter, count

    def _swap(self, connection: sa.Connection, cube: CubeRow, plan: _Plan) -> None:
        done, total = 0, sum(t.spool.entries for t in plan.tables)
        for planned in plan.tables:
            create(connection, planned.table, history=False)
            for written in planned.spool.write(connection, planned.table):
                self._tell("writing", done + written, total)
            done += planned.spool.entries
        layout = msgspec.json.encode(plan.layout).decode()
        cubes.store(connection, msgspec.structs.replace(cube, layout=layout, layout_gen=cube.layout_gen + 1))

    # ---- the old tables ------------------------------------------------------------------------------------------

    def _tidy(self) -> tuple[str, ...]:
        """Drop the tables of older generations once nobody can read from them; returns those that had to stay."""
        if self._engine.dialect.name == "sqlite":  # whoever reads an old state goes on seeing the table in it
            self._drop(0)
            with self._engine.connect() as connection:
                shorten_log(connection.connection.driver_connection)
            return ()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in self._current(connection):
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {name}")
            if not _alone(connection, self._tell):
                return tuple(self._old(connection))
        return self._drop(round(_PATIENCE * 1000))

    def _current(self, connection: sa.Connection) -> set[str]:
        cube = self._found(connection)
        return {packed_table(cube.id, t).rows.name for t in cube.decoded().tables if t.k is not None}

    def _old(self, connection: sa.Connection) -> list[str]:
        cube = self._found(connection)
        ours = re.compile(rf"(obs_{cube.id}|att_{cube.id}_\d+)(_g\d+)?")
        current = self._current(connection)
        return sorted(n for n in sa.inspect(connection).get_table_names() if ours.fullmatch(n) and n not in current)

    def _drop(self, patience_ms: int) -> tuple[str, ...]:
        with self._engine.connect().execution_options(sqlite_write=True) as connection:
            transaction = connection.begin()
            self._found(connection, lock=True)  # no other rebuild makes tables meanwhile
            old = self._old(connection)
            try:
                if patience_ms:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
                for name in old:
                    connection.exec_driver_sql(f"DROP TABLE {name}")
                transaction.commit()
            except sa.exc.OperationalError:
                transaction.rollback()
                return tuple(old)
        return ()


_OLDER = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND xact_start < :moment"
)


def _alone(connection: sa.Connection, tell: Progress) -> bool:
    """Wait until no transaction of PostgreSQL is left that began before now: it may read the old tables yet."""
    moment = connection.scalar(sa.text("SELECT clock_timestamp()"))
    until = time.monotonic() + _PATIENCE
    while (others := connection.scalar(_OLDER, {"moment": moment})) and time.monotonic() < until:
        tell("waiting for readers", 0, None)
        time.sleep(_POLL)
    return not others


def _columns(snapshot: Snapshot, stored: PackedTable, rows: Sequence[Any], space: KeySpace) -> Columns:
    """Stored rows as they are sorted."""
    try:
        frame = entries(stored, rows)
    except DamagedRow as error:
        key = rows[error.row][: len(stored.prefix)]
        raise snapshot.damaged(stored.layout, key, error.column) from error
    keys: list[Array] = list(frame.keys)
    if stored.layout.time:
        keys[-1] = snapshot.periods().rank[keys[-1]]
    columns: Columns = {KEY: space.pack(keys, frame.n)}
    columns |= {f"k{i}": key for i, key in enumerate(frame.keys)}
    return columns | frame.cells


def _suited(table: TableLayout, sizes: tuple[int, ...], sorter: Sorter) -> TableLayout:
    """The table with the buckets and the length of the prefix that suit all entries."""
    names = [f"k{i}" for i in range(table.key_columns)]
    for chunk in itertools.islice(sorter.chunks(), 1):
        table = with_bucket(table, tuple(chunk[name] for name in names), len(chunk[KEY]))
    count = RowCount(table, buckets(table, sizes[-1] if table.time else 0))
    for chunk in sorter.chunks():
        count.add(tuple(chunk[name] for name in names), len(chunk[KEY]))
    return msgspec.structs.replace(table, k=count.best())


def _frame(table: TableLayout, columns: Columns) -> Frame:
    keys = tuple(np.asarray(columns[f"k{i}"]) for i in range(table.key_columns))
    return Frame(keys, {name: columns[name] for name in cell_columns(table.cells)}, len(columns[KEY]))
