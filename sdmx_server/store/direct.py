"""Statements of look-ups, made ready once and handed to the driver itself.

SQLAlchemy takes longer to execute a statement than SQLite takes to find a series, and a look-up is nothing but a few
statements. What it does for every execution - compile, bind, wrap the rows - is done here once a statement, and what
fails is raised as it would raise it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from .kept_pool import give, take


@lru_cache(maxsize=512)
def ready(statement: sa.Select[Any], dialect: sa.Dialect) -> tuple[str, tuple[str, ...] | None]:
    """The text of a statement, and the order of its parameters where they have no names."""
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), None if compiled.positiontup is None else tuple(compiled.positiontup)


def fetch_all(connection: sa.Connection, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement as tuples, inside the connection's transaction.

    ``statement`` must be one of few that are kept, with a value in ``values`` for each of its parameters and none that
    expands; its columns come as the driver gives them. Raises what ``connection.execute`` would.
    """
    return _fetch(connection.connection, connection.dialect, statement, values)


def fetch_alone(engine: sa.Engine, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Any]:
    """The same outside of any transaction, on a connection for this alone."""
    try:
        pooled = take(engine)
    except engine.dialect.loaded_dbapi.Error as error:  # there is no database to connect to
        raise failure(error, engine.dialect) from error
    try:
        if engine.dialect.name != "postgresql":  # there no transaction begins by itself
            return _fetch(pooled, engine.dialect, statement, values)
        driver: Any = pooled.driver_connection
        driver.autocommit = True
        try:
            return _fetch(pooled, engine.dialect, statement, values)
        finally:
            if not driver.closed:
                driver.autocommit = False
    finally:
        give(engine, pooled)


def _fetch(
    pooled: PoolProxiedConnection, dialect: sa.Dialect, statement: sa.Select[Any], values: Mapping[str, Any]
) -> list[Any]:
    text, order = ready(statement, dialect)
    parameters: Any = values if order is None else [values[name] for name in order]
    driver: Any = pooled.driver_connection
    try:
        cursor = driver.execute(text, parameters)
        rows: list[Any] = cursor.fetchall()
        cursor.close()
    except dialect.loaded_dbapi.Error as error:
        raise told(error, pooled, dialect, text, parameters) from error
    return rows


def told(
    error: Exception, pooled: PoolProxiedConnection, dialect: sa.Dialect, text: str, parameters: Any
) -> BaseException:
    """A driver's error as SQLAlchemy's; a connection that was lost leaves its pool."""
    lost = dialect.is_disconnect(error, pooled, None)  # type: ignore[arg-type]
    if lost:
        pooled.invalidate(error)
    return failure(error, dialect, text, parameters, lost)


def failure(
    error: Exception, dialect: sa.Dialect, text: str | None = None, parameters: Any = None, lost: bool = False
) -> BaseException:
    """A driver's error as SQLAlchemy's."""
    return DBAPIError.instance(
        text, parameters, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
