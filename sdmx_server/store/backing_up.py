"""Writes a whole database into one file, in one read transaction: loads and answers go on meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from .. import __version__
from ..errors import SdmxServerError
from ..services.ports import Progress
from . import cubes, load_log, metadata_tables, structure_tables  # noqa: F401  the others register their tables
from .archive import FORMAT, VERSION, ArchiveWriter, Manifest, Member, kind_of
from .database import metadata, read_only
from .packed_table import packed_tables
from .upgrade import release_of

_FETCHED = 200


class BackupReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: ``bytes`` is the size of its file."""

    path: Path
    bytes: int
    cubes: int
    observations: int
    rows: int


def member_of(table: sa.Table) -> Member:
    """A table as a backup names it."""
    columns = list(table.columns)
    names = tuple(str(c.name) for c in columns)
    return Member(table=str(table.name), columns=names, kinds=tuple(kind_of(c) for c in columns))


def stored_tables(connection: sa.Connection) -> Iterator[sa.Table]:
    """All tables, so that none refers to a later one: the fixed ones, then those of each cube."""
    yield from metadata.sorted_tables
    for cube in cubes.every(connection):
        for table in packed_tables(cube.id, cube.layout):
            if table is not None:
                yield table.rows
                yield table.history


def back_up(engine: Engine, path: Path, progress: Progress) -> BackupReport:
    """Write a backup; a file of that name is replaced once the new one is whole.

    Raises ``SdmxServerError`` for a database that has no tables yet.
    """
    with ArchiveWriter(path) as archive, read_only(engine).connect() as connection, connection.begin():
        release = release_of(connection)
        if release is None:
            raise SdmxServerError("nothing-to-back-up")
        every = cubes.every(connection)
        rows = sum(_table(archive, connection, table, progress) for table in stored_tables(connection))
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            schema=release,
            server=__version__,
            database=engine.dialect.name,
            made=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            tables=(),
        )
        size = archive.finish(manifest)
    observations = sum(cube.observations for cube in every)
    return BackupReport(path=path, bytes=size, cubes=len(every), observations=observations, rows=rows)


def _table(archive: ArchiveWriter, connection: sa.Connection, table: sa.Table, progress: Progress) -> int:
    total: Any = connection.scalar(sa.select(sa.func.count()).select_from(table))
    options = {"stream_results": True, "max_row_buffer": _FETCHED}
    query = sa.select(table).order_by(*table.primary_key.columns)
    done = 0
    with connection.execute(query, execution_options=options) as result:
        for done in archive.write(member_of(table), result):
            progress(f"writing {table.name}", done, total)
    return done
