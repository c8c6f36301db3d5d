"""Connections that go from one look-up to the next: the same ones, without a transaction, never more than a few."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from sdmx_server.store.database import create_engine
from sdmx_server.store.direct import fetch_alone
from sdmx_server.store.kept_pool import KeepingPool, give, take
from sdmx_server.store.transaction import read_transaction

ONE = sa.select(sa.column("n")).select_from(sa.table("numbers"))
WRONG = sa.select(sa.column("n")).select_from(sa.table("nowhere"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = create_engine(f"sqlite:///{tmp_path}/numbers.db", pool_size=2)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO numbers VALUES (7)")
    yield made
    made.dispose()


def pool(engine: sa.Engine) -> KeepingPool:
    assert isinstance(engine.pool, KeepingPool)
    return engine.pool


def used(engine: sa.Engine) -> Any:
    with read_transaction(engine) as transaction:
        assert transaction.fetch(ONE, {}) == [(7,)]
        return transaction.connection.connection.driver_connection


def test_a_connection_stays_for_the_next_look_up_without_a_transaction(engine: sa.Engine) -> None:
    with read_transaction(engine) as transaction:
        transaction.fetch(ONE, {})
    first = take(engine)
    assert not first.driver_connection.in_transaction  # type: ignore[union-attr]
    give(engine, first)
    assert fetch_alone(engine, ONE, {}) == [(7,)]
    assert take(engine) is first


def test_nothing_is_read_from_the_past_after_a_commit_and_the_log_can_be_emptied(engine: sa.Engine) -> None:
    assert fetch_alone(engine, ONE, {}) == [(7,)]
    with read_transaction(engine) as transaction:
        transaction.fetch(ONE, {})
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE numbers SET n = 8")
    with read_transaction(engine) as transaction:
        assert transaction.fetch(ONE, {}) == [(8,)]
    with sqlite3.connect(str(engine.url.database)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_what_fails_leaves_the_connection_fit_for_others(engine: sa.Engine) -> None:
    for _ in range(3):
        with pytest.raises(OperationalError, match="nowhere"), read_transaction(engine) as transaction:
            transaction.fetch(WRONG, {})
        with pytest.raises(OperationalError, match="nowhere"):
            fetch_alone(engine, WRONG, {})
        assert fetch_alone(engine, ONE, {}) == [(7,)]
    assert pool(engine).checkedout() == 1


def test_a_transaction_that_went_on_through_sqlalchemy_goes_back_to_the_pool(engine: sa.Engine) -> None:
    used(engine)
    assert pool(engine).checkedout() == 0


def test_many_threads_have_a_connection_each_and_few_are_kept(engine: sa.Engine) -> None:
    together = Barrier(8)

    def ask() -> int:
        with read_transaction(engine) as transaction:
            transaction.fetch(ONE, {})
            together.wait(20)
            return id(transaction.connection.connection.driver_connection)

    with ThreadPoolExecutor(8) as threads:
        assert len({done.result() for done in [threads.submit(ask) for _ in range(8)]}) == 8
    taken = [take(engine) for _ in range(8)]
    for one in taken:
        give(engine, one)
    assert pool(engine).checkedout() == 4


def test_disposing_closes_those_that_are_kept(engine: sa.Engine) -> None:
    kept = take(engine)
    driver = kept.driver_connection
    give(engine, kept)
    engine.dispose()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")  # type: ignore[union-attr]
    assert fetch_alone(engine, ONE, {}) == [(7,)]
