"""The database: engine, its settings for SQLite and PostgreSQL, and the metadata that all tables belong to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import Format
from sqlalchemy.engine import URL, Engine, make_url

from ..errors import Busy
from .kept_pool import KeepingPool

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_TRUNCATE_MS = 200
"""How long emptying SQLite's log may wait for readers of old revisions."""

_LOG_BYTES = 64 * 1024 * 1024
"""What SQLite cuts its log back to whenever it begins it anew."""


_POOL_SECONDS = 10
"""How long a request may wait until another one gives its connection back."""

_SEEN, _TRUSTED = "sdmx_seen", 0.5
"""Where a connection keeps when it was last given back, and for how many seconds it is then taken to be alive: asking
the server would take as long as a look-up."""

_PATIENCE = {"connect_timeout": 10, "tcp_user_timeout": 60_000}
"""After how many seconds a PostgreSQL server that does not answer, and milliseconds one that was lost, is given up."""


def normalise_url(url: str) -> URL:
    """The URL with our drivers: ``postgresql://`` means psycopg 3.

    Raises ``sqlalchemy.exc.ArgumentError`` for what is no URL, or names a database that is neither of the two.
    """
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise sa.exc.ArgumentError(
            f"the URL of a database begins with sqlite or postgresql, not with {parsed.drivername!r}"
        )
    return parsed


class _BinaryCursor(psycopg.Cursor[Any]):
    """Takes results in binary form: as text, packed columns would travel twice as long and be decoded again."""

    format = Format.BINARY


class _BinaryServerCursor(psycopg.ServerCursor[Any]):
    """The same for results that are streamed."""

    format = Format.BINARY


def _postgresql_engine(url: URL, pool_size: int) -> Engine:
    arguments: dict[str, Any] = {"options": "-c timezone=utc", "cursor_factory": _BinaryCursor}
    arguments |= {name: value for name, value in _PATIENCE.items() if name not in url.query}
    engine = sa.create_engine(url, pool_size=pool_size, pool_timeout=_POOL_SECONDS, connect_args=arguments)

    @sa.event.listens_for(engine, "connect")
    def _binary(connection: Any, record: Any) -> None:
        connection.server_cursor_factory = _BinaryServerCursor
        record.info[_SEEN] = monotonic()

    @sa.event.listens_for(engine, "checkin")
    def _seen(_connection: Any, record: Any) -> None:
        record.info[_SEEN] = monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _alive(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info[_SEEN] > _TRUSTED:
            try:
                engine.dialect.do_ping(connection)
            except psycopg.Error as error:
                raise sa.exc.InvalidatePoolError from error

    return engine


def create_engine(url: str, pool_size: int = 5, busy_timeout_ms: int = 60_000) -> Engine:
    """An engine with the settings that the store relies on (WAL and full sync on SQLite, UTC on PostgreSQL).

    SQLite transactions begin explicitly: pysqlite's own rules would leave reads outside of any transaction.
    """
    parsed = normalise_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _postgresql_engine(parsed, pool_size)
    engine = sa.create_engine(
        parsed,
        poolclass=KeepingPool,
        pool_size=pool_size,
        pool_timeout=_POOL_SECONDS,
        connect_args={"timeout": busy_timeout_ms / 1000},
    )

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "mmap_size=8000000000",
            "cache_size=-65536",
            "temp_store=MEMORY",
            f"journal_size_limit={_LOG_BYTES}",
            f"busy_timeout={busy_timeout_ms}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("sqlite_write", False)
        if writing:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            driver: Any = connection.connection.driver_connection
            if not driver.in_transaction:  # a look-up has begun it already, in ``transaction``
                driver.execute("BEGIN")  # past SQLAlchemy, which would take longer for it than for a look-up

    return engine


_LOCKED = ("database is locked", "lock timeout")
"""How SQLite and PostgreSQL say that they waited for a lock in vain."""


def means_locked(error: sa.exc.OperationalError) -> bool:
    """Whether the database says that it waited for a lock in vain."""
    return any(words in str(error.orig) for words in _LOCKED)


@contextmanager
def busy_when_locked(code: str, **values: object) -> Iterator[None]:
    """Turn the database's refusal to wait any longer for a lock into ``Busy``, which says what is in use."""
    try:
        yield
    except sa.exc.OperationalError as error:
        if means_locked(error):
            raise Busy(code, retry_after=30, **values) from error
        raise


def read_only(engine: Engine) -> Engine:
    """The same engine for transactions that read: none sees the commits of others once it has read its first row."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def shorten_log(sqlite: Any) -> None:
    """Copy SQLite's write-ahead log into the database, and empty it when nobody reads from it just now.

    Constant readers keep SQLite's own checkpoints from finishing, and the log would only grow. ``sqlite`` is a
    connection of the driver's without a transaction.
    """
    timeout = sqlite.execute("PRAGMA busy_timeout").fetchone()[0]
    sqlite.execute("PRAGMA wal_checkpoint(PASSIVE)")  # holds up nobody, and leaves little to the next
    try:
        sqlite.execute(f"PRAGMA busy_timeout={_TRUNCATE_MS}")
        sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # keeps writers out while it waits for readers
    finally:
        sqlite.execute(f"PRAGMA busy_timeout={timeout}")
