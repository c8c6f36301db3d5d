"""Fills an empty database from a backup, whichever kind of database that was made of, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..error_texts import texts_of
from ..errors import Conflict
from ..services.ports import Progress
from . import cubes
from .archive import ArchiveReader, BadArchive, Member, read_value
from .backing_up import member_of
from .database import busy_when_locked, metadata, shorten_log
from .layout import CubeLayout
from .packed_table import create, packed_tables
from .row_io import insert
from .tables import Blob
from .upgrade import release_of, releases, upgrade_to

_PACKED = re.compile(r"(obs_\d+|att_\d+_\d+)(_g\d+)?|rev_\d+_\d+")
_VALUE, _PRESENCE = re.compile(r"[ma]\d+"), re.compile(r"x\d+")
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "int": sa.BigInteger(),
    "text": sa.Text(),
    "bytes": Blob(),
    "bool": sa.Boolean(),
    "moment": sa.DateTime(timezone=True),
}


class RestoreReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was restored, and of what: ``made`` is the moment of the backup, ``database`` the kind that it was of."""

    made: str
    database: str
    cubes: int
    observations: int
    rows: int


def restore(engine: Engine, path: Path, progress: Progress) -> RestoreReport:
    """Restore a backup. Nothing is visible, or left, until all of it is there and has proved to be whole.

    Raises ``archive.BadArchive`` for a file that is no sound backup or one of a newer release, ``Conflict`` for a
    database that holds anything.
    """
    with ArchiveReader(path) as archive, busy_when_locked("in-use-database"):
        manifest = archive.manifest
        if manifest.schema not in releases():
            raise BadArchive("backup-newer", path=path, server=manifest.server)
        with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
            _prepare(connection, manifest.schema)
            report = _Restore(connection, archive, progress).run()
    _settle(engine)
    return report


def _prepare(connection: sa.Connection, release: str) -> None:
    """Make the tables as they were, where the database has none; refuse one that holds anything."""
    names = sa.inspect(connection).get_table_names()
    ours = [n for n in names if n in metadata.tables or _PACKED.fullmatch(n)]
    full = [n for n in ours if n not in metadata.tables or _holds_rows(connection, metadata.tables[n])]
    if full:
        raise Conflict("backup-database-full", tables=sorted(full)[:5])
    known = release_of(connection)
    if known is None:
        upgrade_to(connection, release)
    elif known != release:
        raise Conflict("backup-older")


def _holds_rows(connection: sa.Connection, table: sa.Table) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


class _Restore:
    """One restoring: the fixed tables, then the packed tables of the cubes that those name."""

    def __init__(self, connection: sa.Connection, archive: ArchiveReader, progress: Progress) -> None:
        self._connection, self._archive, self._tell = connection, archive, progress
        self._left = {member.table: member for member in archive.manifest.tables}
        self._rows = 0

    def run(self) -> RestoreReport:
        """Restore all tables, each of them once, and none beside them."""
        there = set(sa.inspect(self._connection).get_table_names())  # a release before this one may have had fewer
        for table in metadata.sorted_tables:
            if table.name in there:
                self._fixed(self._member(table.name))
        upgrade_to(self._connection, releases()[-1])
        every = self._cubes()
        for cube in every:
            for packed in packed_tables(cube.id, cube.layout):
                if packed is not None:
                    create(self._connection, packed)
                    self._packed(packed.rows)
                    self._packed(packed.history)
        if self._left:
            raise self._wrong("backup-tables-left", tables=sorted(self._left)[:5])
        if self._connection.dialect.name == "postgresql":
            self._sequences()
        return RestoreReport(
            made=self._archive.manifest.made,
            database=self._archive.manifest.database,
            cubes=len(every),
            observations=sum(cube.observations for cube in every),
            rows=self._rows,
        )

    def _wrong(self, why: str, **values: object) -> BadArchive:
        return BadArchive("backup-wrong", reason=texts_of(why, **values))

    def _member(self, name: str) -> Member:
        member = self._left.pop(name, None)
        if member is None:
            raise self._wrong("backup-table-missing", table=name)
        return member

    def _portions(self, member: Member) -> Iterator[list[list[Any]]]:
        done = 0
        for rows in self._archive.rows(member):
            yield rows
            done += len(rows)
            self._rows += len(rows)
            self._tell(f"restoring {member.table}", done, member.rows)

    def _fixed(self, member: Member) -> None:
        there = {c["name"] for c in sa.inspect(self._connection).get_columns(member.table)}
        if set(member.columns) != there or not set(member.kinds) <= set(_TYPES):
            raise self._wrong("backup-columns", table=member.table)
        columns = [sa.column(c, _TYPES[kind]) for c, kind in zip(member.columns, member.kinds, strict=True)]
        statement = sa.table(member.table, *columns).insert()
        for rows in self._portions(member):
            lines = [
                {c: read_value(kind, v) for c, kind, v in zip(member.columns, member.kinds, row, strict=True)}
                for row in rows
            ]
            try:
                self._connection.execute(statement, lines)
            except (sa.exc.IntegrityError, sa.exc.DataError) as error:
                raise self._wrong("backup-contradiction", table=member.table) from error

    def _cubes(self) -> list[cubes.CubeRow]:
        every = cubes.every(self._connection)
        for cube in every:
            try:
                _check_layout(cube.decoded())
            except (msgspec.DecodeError, ValueError) as error:
                raise self._wrong("backup-layout", cube=f"{cube.agency}:{cube.dataflow}") from error
        return every

    def _packed(self, table: sa.Table) -> None:
        member, wanted = self._member(table.name), member_of(table)
        if (member.columns, member.kinds) != (wanted.columns, wanted.kinds):
            raise self._wrong("backup-columns", table=table.name)
        for rows in self._portions(member):
            insert(self._connection, table, [tuple(row) for row in rows])

    def _sequences(self) -> None:
        """Let PostgreSQL number on from the highest key."""
        for table in metadata.sorted_tables:
            for column in table.primary_key.columns:
                text = sa.text("SELECT pg_get_serial_sequence(:name, :key)")
                sequence = self._connection.scalar(text, {"name": table.name, "key": column.name})
                highest = self._connection.scalar(sa.select(sa.func.max(column))) if sequence else None
                if highest is not None:
                    self._connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _check_layout(layout: CubeLayout) -> None:
    """Raises ``ValueError`` where columns are not named as this store names them."""
    for table in layout.tables:
        for cell in table.cells:
            if not _VALUE.fullmatch(cell.column) or (cell.presence and not _PRESENCE.fullmatch(cell.presence)):
                raise ValueError(cell.column)


def _settle(engine: Engine) -> None:
    """House-keeping outside of any transaction: statistics for PostgreSQL's plans, a short log for SQLite."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            shorten_log(connection.connection.driver_connection)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
