"""Staging: gathers the changes of a load in files, plans the writes, then writes in one transaction."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import numpy as np
import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..batches import Action, Delta
from ..errors import BadSemantics, Conflict, Damaged
from ..model.period import parse_period
from ..model.resolved import ResolvedStructure
from ..services.ports import WAITING, CommitReport, Progress
from . import cubes, tables
from .cubes import CubeRow
from .database import busy_when_locked, read_only, shorten_log
from .dictionaries import DictionaryCache, insert_codes, insert_periods
from .encoding import Encoder, LocalCodes, wildcards
from .layout import CubeLayout, TableLayout, dataflow_of, extend, new_layout
from .locking import locked
from .packed_table import add_columns, packed_table, packed_tables
from .packing import DamagedRow
from .planning import Plan, plan_load
from .preparing import Preparation, Staged
from .sorting import write_columns
from .tallies import add_tallies

_GROW_TIMEOUT_MS = 5_000

_LARGE = 100_000
"""Rows of a load after which the database is tidied up."""


class CubeStaging:
    """``services.ports.Staging`` for one cube."""

    def __init__(
        self,
        engine: Engine,
        cache: DictionaryCache,
        schema: ResolvedStructure,
        *,
        structure_revision: int,
        progress: Progress | None,
        storage_order: Sequence[str] | None,
    ) -> None:
        self._engine, self._cache, self._schema = engine, cache, schema
        self._structure_revision, self._progress = structure_revision, progress
        self._dataflow = dataflow_of(schema)
        with engine.connect() as connection:
            cube = cubes.find(connection, self._dataflow)
        self._layout = extend(cube.decoded(), schema) if cube else new_layout(schema, storage_order)
        self._dictionaries: dict[str, LocalCodes] = {}
        self._parsed = 0
        self._step = 0
        self._rows = 0
        self._folder = Path(tempfile.mkdtemp(prefix="sdmx-staging-"))
        self._staged = Staged({}, {}, [])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, delta: Delta) -> None:
        """Take one frame of changes. Raises ``BadSemantics`` for what the structure does not have."""
        self._step += 1
        if delta.observations is not None:
            if delta.action is Action.DELETE and not delta.observations.columns:
                self._staged.cleared.append(self._step)
            else:
                self._take(self._layout.observations, delta.action, delta.observations)
        for dimensions, frame in delta.groups.items():
            table = self._layout.table_of(frozenset(dimensions))
            if table is None or table.number == 0:
                raise BadSemantics("no-attribute-there", dimensions=tuple(dimensions), dataflow=self._dataflow)
            self._take(table, delta.action, frame)

    def _take(self, table: TableLayout, action: Action, frame: pl.DataFrame) -> None:
        columns = Encoder(table, self._layout.time, self._dictionaries).encode(action, frame)
        self._check_periods()
        if action is Action.DELETE:
            is_open = wildcards(columns, table.key_columns)
            if is_open.any():
                rows = {name: values[is_open] for name, values in columns.items()}
                self._staged.open_rows.setdefault(table.number, []).append((self._step, rows))
                columns = {name: values[~is_open] for name, values in columns.items()}
        n = len(columns["op"])
        if not n:
            return
        columns["step"] = np.full(n, self._step, np.uint32)
        path = self._staged.spools.setdefault(table.number, self._folder / f"spool{table.number}")
        with path.open("ab") as file:
            write_columns(file, columns)
        self._rows += n
        self._tell("staging", self._rows, None)

    def _check_periods(self) -> None:
        local = self._dictionaries.get(self._layout.time or "")
        if local is None:
            return
        for text in local.texts[self._parsed :]:
            try:
                parse_period(text)
            except ValueError as error:
                raise BadSemantics("not-a-period", text=text) from error
        self._parsed = len(local.texts)

    def commit(self, actor: str, source: str, wait: bool = True) -> CommitReport:
        """Apply everything at once; ``wait``: for another load that is writing.

        Raises ``Conflict`` when the structure changed meanwhile, ``Busy`` when others hold the database for too long,
        or at all where they are not waited for, and ``Damaged``.
        """
        waiting = (lambda: self._tell(WAITING, 0, None)) if wait else None
        with busy_when_locked("in-use-data", dataflow=self._dataflow):
            return self._commit(actor, source, waiting)

    def _commit(self, actor: str, source: str, waiting: Callable[[], None] | None) -> CommitReport:
        cube = self._ensure_cube(waiting)
        with read_only(self._engine).connect() as connection, connection.begin():
            cube = cubes.find(connection, self._dataflow) or cube
            plan = self._plan(connection, cube)
        with locked(self._engine, self._dataflow, waiting) as (connection, found):
            cube = found or cube
            if not plan.holds(cube):
                plan = self._plan(connection, cube)
            report, changed = self._write(connection, cube, plan, actor, source)
            if changed:
                connection.commit()
        if changed and self._rows >= _LARGE:
            self._settle()
        return report

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        if self._progress is not None:
            self._progress(stage, done, total)

    def _settle(self) -> None:
        """House-keeping after a large load, outside of any transaction."""
        with self._engine.connect() as connection:
            cube = cubes.find(connection, self._dataflow)
        stored = [t for t in packed_tables(cube.id, cube.layout) if t is not None] if cube else []
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                shorten_log(connection.connection.driver_connection)
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in stored:
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {table.rows.name}")

    def _ensure_cube(self, waiting: Callable[[], None] | None) -> CubeRow:
        with locked(self._engine, self._dataflow, waiting) as (connection, found):
            cube = found
            if cube is None:
                cubes.make(connection, self._dataflow, self._structure_revision, self._layout)
                cube = cubes.find(connection, self._dataflow, lock=True)
            if cube is None:
                raise Conflict("cube-not-made", dataflow=self._dataflow)
            wanted = extend(cube.decoded(), self._schema)
            self._same_columns(wanted)
            if wanted != cube.decoded():
                cube = _grow(connection, cube, wanted)
            connection.commit()
        return cube

    def _same_columns(self, stored: CubeLayout) -> None:
        """A load encoded against a layout that another one grew differently would fill the wrong columns."""
        for ours in self._layout.tables:
            theirs = stored.tables[ours.number]
            if ours.dimensions != theirs.dimensions or not set(ours.cells) <= set(theirs.cells):
                raise Conflict("structure-changed", dataflow=self._dataflow)

    def _plan(self, connection: sa.Connection, cube: CubeRow) -> Plan:
        self._tell("sorting", 0, self._rows)
        preparation = Preparation(connection, cube, self._cache, self._schema, self._folder)
        try:
            prepared = preparation.run(self._staged, self._dictionaries)
            return plan_load(connection, cube, prepared, self._folder, self._tell)
        except DamagedRow as error:
            raise Damaged("damaged-data", dataflow=self._dataflow, reason=error.texts) from error

    def _write(
        self, connection: sa.Connection, cube: CubeRow, plan: Plan, actor: str, source: str
    ) -> tuple[CommitReport, bool]:
        main = plan.outcome(0)
        report = CommitReport(
            revision=cube.revision,
            inserted=main.inserted,
            updated=main.updated,
            deleted=main.deleted,
            unchanged=main.unchanged,
            attributes_changed=sum(plan.outcome(n).changed for n in plan.tables if n != 0),
        )
        if not report.changed:
            return report, False
        plan.write(connection, self._tell)
        cube = self._finish(connection, cube, plan)
        _log(connection, cube, report, actor, source)
        return msgspec.structs.replace(report, revision=cube.revision), True

    def _finish(self, connection: sa.Connection, cube: CubeRow, plan: Plan) -> CubeRow:
        prepared, layout, main = plan.prepared, plan.layout, plan.outcome(0)
        for number, texts in prepared.new_codes.items():
            insert_codes(connection, cube.id, number, cube.size(number), texts)
        insert_periods(connection, cube.id, prepared.sizes[0] - len(prepared.new_periods), prepared.new_periods)
        table = layout.observations
        add_tallies(connection, cube.id, layout, table, main.tallies)
        observations = cube.observations + main.inserted - main.deleted
        cube = msgspec.structs.replace(
            cube,
            version=self._dataflow.version,
            structure_rev=self._structure_revision,
            data_rev=cube.data_rev + 1,
            layout_gen=cube.layout_gen + (layout != cube.decoded()),
            updated=max(cubes.now(), cube.updated + 1),  # a moment names one revision, whatever the clock does
            observations=observations,
            series=cube.series + main.series if table.time else observations,
            sizes=cubes.encode_sizes(prepared.sizes),
            layout=msgspec.json.encode(layout).decode(),
        )
        cubes.store(connection, cube)
        return cube


def _grow(connection: sa.Connection, cube: CubeRow, layout: CubeLayout) -> CubeRow:
    """Add the columns that a grown structure needs."""
    if connection.dialect.name == "postgresql":
        # while this waits for readers of the table, new readers would queue up behind it
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_GROW_TIMEOUT_MS}")
    for before, table in zip(packed_tables(cube.id, cube.layout), layout.tables, strict=False):
        if before is not None:
            add_columns(connection, before, packed_table(cube.id, table))
    text = msgspec.json.encode(layout).decode()
    cube = msgspec.structs.replace(cube, layout=text, layout_gen=cube.layout_gen + 1)
    cubes.store(connection, cube)
    return cube


def _log(connection: sa.Connection, cube: CubeRow, report: CommitReport, actor: str, source: str) -> None:
    connection.execute(
        tables.commit.insert().values(
            cube=cube.id,
            seq=cube.data_rev,
            at=cube.updated,
            actor=actor,
            source=source,
            inserted=report.inserted,
            updated=report.updated,
            deleted=report.deleted,
            attributes_changed=report.attributes_changed,
        )
    )
