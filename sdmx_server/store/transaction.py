"""Transactions that read: begun together with their first statement, their rows taken from the driver itself.

A look-up is nothing but three short statements, and what SQLAlchemy and psycopg do around each of them takes longer
than the database needs. So their texts are made once, PostgreSQL plans them once for each connection, and its
transaction travels with the first statement. Whatever else is asked within the same transaction goes through
SQLAlchemy's connection, which is made when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from psycopg import OperationalError
from psycopg import errors as psycopg_errors
from psycopg.pq import ConnStatus, DiagnosticField, Escaping, ExecStatus, TransactionStatus
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import PoolProxiedConnection

from .direct import failure, fetch_all, ready, told
from .kept_pool import give, take

_BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_PREPARED = "sdmx_prepared"
"""Where a connection of the pool keeps the names of the statements that it has prepared; a new one begins anew."""

_MOST_PREPARED = 200

_UNKNOWN = b"26000"
"""SQLSTATE: there is no prepared statement of this name."""

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)

_BINARY = 1

_DECODE: dict[int, Callable[[bytes], Any]] = {
    17: bytes,  # bytea
    20: lambda data: int.from_bytes(data, "big", signed=True),  # int8
    23: lambda data: int.from_bytes(data, "big", signed=True),  # int4
    25: bytes.decode,  # text
    1043: bytes.decode,  # varchar
}
"""From PostgreSQL's binary form by the number of a type: all that the store's tables have in look-ups."""

_DECODE_TEXT: dict[int, Callable[[bytes], Any]] = {
    17: lambda data: bytes.fromhex(data[2:].decode()),
    20: int,
    23: int,
    25: bytes.decode,
    1043: bytes.decode,
}
"""The same from its texts."""

_numbered = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class ReadTransaction:
    """The running transaction of a connection, which whoever opened that one ends.

    All of it sees the same revision, and none of it locks anything. One thread uses it at a time.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> sa.Connection:
        """The transaction for SQLAlchemy."""
        return self._connection

    def fetch(self, statement: sa.Select[Any], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement.

        ``statement`` must be one of few that are kept, with a value in ``values`` for each of its parameters and none
        that expands. Its columns are numbers, texts and packed columns. What fails is raised as SQLAlchemy raises it.
        """
        return fetch_all(self._connection, statement, values)


class _OwnTransaction(ReadTransaction):
    """A transaction on a connection taken from the pool, begun with its first statement."""

    def __init__(self, engine: sa.Engine, pooled: PoolProxiedConnection) -> None:
        self._engine, self._pooled = engine, pooled
        self._driver: Any = pooled.driver_connection
        self._begun = False
        self._made: sa.Connection | None = None

    @property
    def connection(self) -> sa.Connection:
        """The transaction for SQLAlchemy, whose connection is made when it is first needed."""
        if self._made is None:
            if not self._begun:
                self._begin()
            self._made = sa.Connection(self._engine, connection=self._pooled)
            self._made.begin()  # SQLAlchemy only takes note of it: see ``database``
        return self._made

    def fetch(self, statement: sa.Select[Any], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement, past SQLAlchemy."""
        try:
            return self._rows(statement, values)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise told(error, self._pooled, self._engine.dialect, str(statement), values) from error

    def close(self) -> None:
        """Give the connection back, which ends the transaction."""
        if self._made is not None:
            self._made.close()
            return
        if self._pooled.is_valid:
            self._rollback()
        give(self._engine, self._pooled)

    def _rollback(self) -> None:
        self._driver.rollback()

    def _begin(self) -> None:
        self._driver.execute("BEGIN")
        self._begun = True

    def _rows(self, statement: sa.Select[Any], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """SQLite's module keeps its statements ready by their text."""
        if not self._begun:
            self._begin()
        text, order = ready(statement, self._engine.dialect)
        found: list[Any] = self._driver.execute(text, [values[name] for name in order or ()]).fetchall()
        return found


class _PostgresqlTransaction(_OwnTransaction):
    """The same, with statements that are prepared on each connection.

    They go past psycopg, whose every execution takes longer than the server; libpq lets other threads run meanwhile.
    """

    def _begin(self) -> None:
        _checked(self._driver, self._driver.pgconn.exec_(_BEGIN))
        self._begun = True

    def _rows(self, statement: sa.Select[Any], values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        pgconn = self._driver.pgconn
        text, order = _numbered_text(statement)
        parameters = [_text(values[name]) for name in order]
        prepared = self._prepared(text)
        if prepared is None:
            if not self._begun:
                self._begin()
            return _decoded(
                _checked(self._driver, pgconn.exec_params(text, parameters, result_format=_BINARY)), _DECODE
            )
        if not self._begun:
            return self._first(prepared, text, parameters)
        found = pgconn.exec_prepared(prepared, parameters, result_format=_BINARY)
        return _decoded(_checked(self._driver, found), _DECODE)

    def _first(self, prepared: bytes, text: bytes, parameters: Sequence[bytes]) -> Sequence[Sequence[Any]]:
        """Begin, and execute a prepared statement, in one trip to the server."""
        pgconn = self._driver.pgconn
        literals = b",".join(Escaping(pgconn).escape_literal(p) for p in parameters)
        result = pgconn.exec_(b"%b;EXECUTE %b%b" % (_BEGIN, prepared, b"(%b)" % literals if literals else b""))
        self._begun = True
        if result.error_field(DiagnosticField.SQLSTATE) == _UNKNOWN:  # psycopg drops all with its own
            self._pooled.info.pop(_PREPARED, None)
            _checked(self._driver, pgconn.exec_(b"ROLLBACK"))
            self._begin()
            result = pgconn.exec_params(text, parameters)
        return _decoded(_checked(self._driver, result), _DECODE_TEXT)

    def close(self) -> None:
        """Give the connection back. The transaction ends past psycopg, which would drop prepared statements with it."""
        if self._made is not None and self._pooled.is_valid:
            self._rollback()
        super().close()

    def _rollback(self) -> None:
        if self._driver.pgconn.transaction_status in _OPEN:
            self._driver.pgconn.exec_(b"ROLLBACK")

    def _prepared(self, text: bytes) -> bytes | None:
        """The name of a statement on this connection; None where there are many, or none are wanted."""
        known: dict[bytes, bytes] = self._pooled.info.setdefault(_PREPARED, {})
        name = known.get(text)
        if name is None and len(known) < _MOST_PREPARED and self._driver.prepare_threshold is not None:
            name = b"sdmx_%d" % len(known)
            _checked(self._driver, self._driver.pgconn.prepare(name, text))
            known[text] = name
        return name


@contextmanager
def read_transaction(engine: sa.Engine) -> Iterator[ReadTransaction]:
    """A transaction on a connection of the pool, to which it returns in any case. Raises what ``connect`` would."""
    try:
        pooled = take(engine)
    except engine.dialect.loaded_dbapi.Error as error:  # there is no database to connect to
        raise failure(error, engine.dialect) from error
    kind = _PostgresqlTransaction if engine.dialect.name == "postgresql" else _OwnTransaction
    transaction = kind(engine, pooled)
    try:
        yield transaction
    finally:
        transaction.close()


@lru_cache(maxsize=512)
def _numbered_text(statement: sa.Select[Any]) -> tuple[bytes, tuple[str, ...]]:
    """The text of a statement with numbered parameters, and their names in that order."""
    compiled: Any = statement.compile(dialect=_numbered)
    return str(compiled).encode(), tuple(compiled.positiontup)


def _checked(driver: Any, result: Any) -> Any:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        if driver.pgconn.status == ConnStatus.BAD:  # a server that has gone gave no SQLSTATE, which names the class
            raise OperationalError(result.error_message.decode(driver.info.encoding, "replace"))
        raise psycopg_errors.error_from_result(result, driver.info.encoding)
    return result


def _decoded(result: Any, decode: Mapping[int, Callable[[bytes], Any]]) -> list[Any]:
    columns = [(j, decode[result.ftype(j)]) for j in range(result.nfields)]
    value = result.get_value
    return [[None if (data := value(i, j)) is None else of(data) for j, of in columns] for i in range(result.ntuples)]


def _text(value: Any) -> bytes:
    return b"\\x" + value.hex().encode() if isinstance(value, bytes) else str(value).encode()
