"""The lock of writers: one for each cube on PostgreSQL, one for the whole file on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ..errors import Busy
from ..model.reference import Reference
from . import cubes
from .cubes import CubeRow
from .database import means_locked


@contextmanager
def locked(
    engine: Engine, dataflow: Reference, waiting: Callable[[], None] | None
) -> Iterator[tuple[Connection, CubeRow | None]]:
    """A write transaction, and the dataflow's cube as no other writer can change it until the end of that.

    Another writer is waited for, after one call of ``waiting``; raises ``Busy`` at once where that is None. What is
    not committed within is undone.
    """
    try:
        connection, cube = _begun(engine, dataflow, patient=False)
    except sa.exc.OperationalError as error:
        if not means_locked(error):
            raise
        if waiting is None:
            one = "load-writing" if engine.dialect.name == "sqlite" else "load-writing-flow"
            raise Busy(one, retry_after=30, dataflow=dataflow) from error
        waiting()
        connection, cube = _begun(engine, dataflow, patient=True)
    with connection:
        yield connection, cube


def _begun(engine: Engine, dataflow: Reference, *, patient: bool) -> tuple[Connection, CubeRow | None]:
    """A connection of its own for each attempt: after one that failed, SQLAlchemy would not begin again on it."""
    connection = engine.connect().execution_options(sqlite_write=True)
    try:
        with nullcontext() if patient else _impatient(connection):
            return connection, cubes.find(connection, dataflow, lock=True)
    except BaseException:
        connection.close()
        raise


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """Locks within are there at once or not at all; the transaction begins with it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 1")
        yield
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        return
    driver: Any = connection.connection.driver_connection
    [patience] = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience}")
