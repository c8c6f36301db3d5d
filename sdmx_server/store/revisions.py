"""A table of revisions: one row for each change, the highest is the present one.

Where old states may be pruned the table says of each whether it is ``kept``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ..errors import HistoryPruned
from . import cubes
from .cubes import microseconds, moment_of
from .direct import fetch_alone

Revision = tuple[int, dt.datetime]
"""A number and its moment (UTC); 0 of 1970-01-01 when nothing was ever stored."""

NONE: Revision = (0, moment_of(0))


class Revisions:
    """The revisions in one table with the columns ``revision``, ``at`` and ``actor``."""

    def __init__(self, table: sa.Table) -> None:
        self._table = table
        c = table.c
        newest = sa.select(sa.func.max(c.revision)).scalar_subquery()
        self._newest = sa.select(c.revision, c.at).where(c.revision == newest)

    def newest(self, engine: Engine) -> Revision:
        """The present revision; one short read."""
        rows = fetch_alone(engine, self._newest, {})
        return (rows[0][0], moment_of(rows[0][1])) if rows else NONE

    def present(self, connection: Connection) -> Revision:
        """The same within a transaction."""
        row = connection.execute(self._newest).first()
        return (row.revision, moment_of(row.at)) if row else NONE

    def at(self, connection: Connection, moment: dt.datetime) -> Revision:
        """The last revision at or before a moment."""
        c = self._table.c
        query = sa.select(c.revision, c.at).where(c.at <= microseconds(moment)).order_by(c.revision.desc()).limit(1)
        row = connection.execute(query).first()
        return (row.revision, moment_of(row.at)) if row else NONE

    def oldest(self, connection: Connection) -> Revision:
        """The oldest revision that can be shown: 0 where all of them can. The table needs the column ``kept``."""
        c = self._table.c
        query = sa.select(c.revision, c.at).where(c.kept).order_by(c.revision).limit(1)
        row = connection.execute(query).first()
        return (row.revision, moment_of(row.at)) if row and row.revision > 1 else NONE

    def check_kept(self, connection: Connection, revision: int, code: str) -> None:
        """Raise ``HistoryPruned`` when a state is older than the history that is kept; before the first was nothing.

        ``code`` is the entry of ``error_texts`` that says so of what the table is about.
        """
        oldest, at = self.oldest(connection)
        if 0 < revision < oldest:
            raise HistoryPruned(code, earliest=at)

    @contextmanager
    def writing(self, engine: Engine) -> Iterator[Connection]:
        """A transaction in which nobody else makes a revision."""
        with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"LOCK TABLE {self._table.name} IN EXCLUSIVE MODE"))
            yield connection

    def make(self, connection: Connection, actor: str) -> Revision:
        """The next revision, made now, within ``writing``."""
        before, at = self.present(connection)
        now = max(cubes.now(), microseconds(at) + 1)  # a clock may go back
        connection.execute(sa.insert(self._table).values(revision=before + 1, at=now, actor=actor))
        return before + 1, moment_of(now)
