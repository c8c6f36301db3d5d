"""Forgets old states: drops the reverse deltas that only they need, in short transactions; others read and load on.

A cube that is pruned keeps the state of its revision ``pruned`` and all later ones; the reverse deltas of the commits
up to it are dropped. The number is written first: from then on no new question asks for what is going, while answers
that have begun go on in the state that they see. A pruning that is broken off afterwards leaves rows that nobody reads,
and the next one drops them. The commits themselves, who loaded what and when, stay.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..errors import Busy, NotFound, SdmxServerError
from ..model.reference import Reference
from ..services.ports import WAITING, Commit, Progress, PrunedCube, PrunedPast, PruneReport
from . import cubes
from .commits import last_commit, oldest_commit
from .cubes import CubeRow
from .database import busy_when_locked, means_locked, read_only, shorten_log
from .locking import locked
from .packed_table import packed_tables
from .pruning_past import METADATA, STRUCTURES, Past, count_past, prune_past

AT_ONCE = 200
"""Blocks of history that one transaction drops: some 800,000 entries."""

_PATIENCE_MS = 5_000
"""How long compacting a table of PostgreSQL waits for its readers; new readers would queue up behind it."""


class HistoryPruner:
    """``services.ports.HistoryPruning`` over SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def prune(
        self, before: dt.datetime, dataflow: Reference | None, progress: Progress, *, dry_run: bool, compact: bool
    ) -> PruneReport:
        """Drop what only states before a moment need, of one dataflow, or of all, structures and metadata sets too.

        That of the moment itself stays. ``dry_run``: only count. ``compact``: also give the room back to the disk.
        Raises ``NotFound`` for a dataflow without data, ``Busy`` when others hold the database for too long.
        """
        chosen, found = self._counted(before, dataflow)
        structures = metadata = None
        if dataflow is None:
            structures = self._past(STRUCTURES, "in-use-structures", before, dry_run)
            metadata = self._past(METADATA, "in-use-metadata", before, dry_run)
        if not dry_run:
            for cube in found:
                self._prune(cube, progress)
        touched = chosen if compact else [cube.dataflow for cube in found]
        in_use = () if dry_run else self._settle(touched, compact, progress)
        return PruneReport(
            cubes=tuple(found), structures=structures, metadata=metadata, free=self._free(), in_use=in_use
        )

    def _past(self, past: Past, in_use: str, before: dt.datetime, dry_run: bool) -> PrunedPast | None:
        """Drop what artefacts or metadata sets held before; what went or would. ``in_use``: what ``Busy`` says."""
        with read_only(self._engine).connect() as connection, connection.begin():
            found = count_past(connection, past, before)
        if found is None or dry_run:
            return found
        with (
            busy_when_locked(in_use),
            self._engine.connect().execution_options(sqlite_write=True) as connection,
            connection.begin(),
        ):
            prune_past(connection, past, found)
        return found

    # ---- what there is -------------------------------------------------------------------------------------------

    def _counted(self, before: dt.datetime, dataflow: Reference | None) -> tuple[list[Reference], list[PrunedCube]]:
        """The dataflows that are meant, and what goes of those that have anything to prune."""
        with read_only(self._engine).connect() as connection, connection.begin():
            if dataflow is None:
                chosen = cubes.every(connection)
            else:
                one = cubes.find(connection, dataflow)
                if one is None:
                    raise NotFound("no-data", dataflow=dataflow)
                chosen = [one]
            counted = [_count(connection, cube, before) for cube in chosen]
        return [cube.reference for cube in chosen], [cube for cube in counted if cube is not None]

    def _free(self) -> int | None:
        """Bytes of SQLite's file that hold nothing."""
        if self._engine.dialect.name != "sqlite":
            return None
        with self._engine.connect() as connection:
            pages, size = (connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("freelist_count", "page_size"))
        return int(pages or 0) * int(size or 0)

    # ---- dropping ------------------------------------------------------------------------------------------------

    def _prune(self, found: PrunedCube, tell: Progress) -> None:
        until = found.oldest.revision
        with busy_when_locked("in-use-data", dataflow=found.dataflow):
            with locked(self._engine, found.dataflow, lambda: tell(WAITING, 0, None)) as (connection, cube):
                if cube is None:
                    raise NotFound("data-gone", dataflow=found.dataflow)
                if cube.pruned < until:
                    cubes.store(connection, msgspec.structs.replace(cube, pruned=until))
                    connection.commit()
            done = 0
            for table in _history(cube):
                for dropped in self._drop(table, until):
                    done += dropped
                    tell(f"pruning {found.dataflow.short}", done, found.blocks)

    def _drop(self, table: sa.Table, until: int) -> Iterator[int]:
        """Drop the blocks of the commits up to one, oldest first; yields how many each transaction dropped."""
        seq, block = table.c.seq, table.c.block
        old = seq <= until
        after: sa.ColumnElement[bool] = sa.true()
        while True:
            began = time.monotonic()
            with self._engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
                ordered = sa.select(seq, block).where(old, after).order_by(seq, block)
                last = connection.execute(ordered.offset(AT_ONCE - 1).limit(1)).first()
                some = sa.true() if last is None else _to(table, last)
                dropped = connection.execute(table.delete().where(old, after, some)).rowcount
            yield dropped
            if last is None:
                return
            after = sa.not_(_to(table, last))
            time.sleep(time.monotonic() - began)  # a load that waits for SQLite's one lock shall get it

    # ---- giving room back ----------------------------------------------------------------------------------------

    def _settle(self, dataflows: Sequence[Reference], compact: bool, tell: Progress) -> tuple[str, ...]:
        """House-keeping outside of any transaction; the tables that could not be compacted."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                driver = connection.connection.driver_connection
                if compact:
                    tell("compacting", 0, None)
                    _compact(driver)
                shorten_log(driver)
            return ()
        in_use = []
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in [t for flow in dataflows for t in _history(cubes.find(connection, flow))]:
                tell(f"vacuuming {table.name}", 0, None)
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {table.name}")
                if compact and not _compacted(connection, table):
                    in_use.append(str(table.name))
        return tuple(in_use)


def _history(cube: CubeRow | None) -> list[sa.Table]:
    """The history tables of a cube."""
    return [table.history for table in packed_tables(cube.id, cube.layout) if table is not None] if cube else []


def _to(table: sa.Table, last: Any) -> sa.ColumnElement[bool]:
    """The blocks up to one."""
    seq, block = table.c.seq, table.c.block
    return sa.or_(seq < last.seq, sa.and_(seq == last.seq, block <= last.block))


def _count(connection: sa.Connection, cube: CubeRow, before: dt.datetime) -> PrunedCube | None:
    """What goes of a cube; None when it has nothing to prune, not even left-overs of a pruning that was broken off."""
    oldest = max(_oldest_wanted(connection, cube, before), oldest_commit(connection, cube), key=lambda c: c.revision)
    blocks = entries = size = 0
    for table in _history(cube):
        c = table.c
        lengths = sum(
            (sa.func.coalesce(sa.func.length(c[n.name]), 0) for n in c if n.name not in _NUMBERS), sa.literal(0)
        )
        query = sa.select(sa.func.count(), sa.func.sum(c.n), sa.func.sum(lengths)).where(c.seq <= oldest.revision)
        found = connection.execute(query).one()
        blocks, entries, size = blocks + found[0], entries + int(found[1] or 0), size + int(found[2] or 0)
    commits = oldest.revision - cube.pruned
    if not commits and not blocks:
        return None
    return PrunedCube(
        dataflow=cube.reference, oldest=oldest, commits=commits, blocks=blocks, entries=entries, bytes=size
    )


def _oldest_wanted(connection: sa.Connection, cube: CubeRow, before: dt.datetime) -> Commit:
    """The oldest state that is to stay: that of the moment, and what was there at the beginning of its second.

    Clients that follow the data keep the moment of the last load that they have seen cut to the second (``Prepared`` in
    messages, ``Last-Modified`` in HTTP): however long ago that was, while nothing was loaded since they can go on.
    """
    return last_commit(connection, cube, last_commit(connection, cube, before).at.replace(microsecond=0))


_NUMBERS = ("seq", "block", "n")


def _compact(sqlite: Any) -> None:
    """Write SQLite's file anew without what lies idle in it. A load waits meanwhile, readers do not."""
    kept = sqlite.execute("PRAGMA temp_store").fetchone()[0]
    sqlite.execute("PRAGMA temp_store=FILE")  # the copy would be made in memory
    try:
        sqlite.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Busy("compacting-busy") from error
        raise SdmxServerError("compacting-failed", reason=error) from error
    finally:
        sqlite.execute(f"PRAGMA temp_store={kept}")


def _compacted(connection: sa.Connection, table: sa.Table) -> bool:
    """Write a table of PostgreSQL anew, unless somebody reads from it for long."""
    connection.exec_driver_sql(f"SET lock_timeout = {_PATIENCE_MS}")
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
    except sa.exc.OperationalError as error:
        if not means_locked(error):
            raise
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
    return True
