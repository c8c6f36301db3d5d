"""Killed at random moments: the loading process, and PostgreSQL's first process.

What is found afterwards are whole revisions: every one that was acknowledged, and at most one more, whose
acknowledgement died with the loader. ``SDMX_CRASHES`` says how many times (``make crash``: 100).
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import crash_work, revisions
from support.in_process import built, silent
from support.own_postgresql import OwnPostgresql, own_postgresql

from sdmx_server.model.reference import Reference
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.verifying import Verifier
from sdmx_server.wiring import Server

CRASHES = int(os.environ.get("SDMX_CRASHES", "3"))
FLOW = Reference(kind="Dataflow", agency="BENCH", id="CRASH", version="1.0.0")


@contextmanager
def prepared(url: str, folder: Path) -> Iterator[Server]:
    server = built(folder, url)
    revisions.structures(folder / "structures.json", [FLOW.id])
    server.import_structures([folder / "structures.json"], silent)
    yield server
    server.close()


def crash(url: str, folder: Path, first: int, database: OwnPostgresql | None) -> int:
    """Load from a revision on until the kill, at a random moment; returns the last one that was acknowledged.

    Where the database is killed the loader has to end by itself, with an error.
    """
    loader = crash_work.started(url, folder, FLOW.id, first)
    assert loader.stdout is not None
    last = int(loader.stdout.readline() or first - 1)  # from the first one on it is at work
    time.sleep(random.uniform(0, 0.7))
    if database is None:
        loader.kill()
    else:
        database.send(signal.SIGKILL)
    rest, errors = loader.communicate(timeout=120)
    assert loader.returncode == (-signal.SIGKILL if database is None else 1), errors
    if database is not None:
        database.start()
    return max([last, *map(int, rest.split())])


def revision_found(server: Server, url: str) -> int:
    """The revision that is there: whole, with all before it, and nothing that fails its checks."""
    n = revisions.shown(server, FLOW.id)
    engine = create_engine(url)
    try:
        with PackedObservationStore(engine).reading(FLOW) as reading:
            assert reading.revision.data == n
            past = reading.commits(0, n, n)
        assert [commit.revision for commit in past] == list(range(1, n + 1))
        for commit in past[-4:-1]:
            assert revisions.shown(server, FLOW.id, as_of=commit.at) == commit.revision
        found = Verifier(engine, silent).run()
        assert found.count == 0, found.findings
        assert found.observations == revisions.OBSERVATIONS
    finally:
        engine.dispose()
    return n


def crashes(server: Server, url: str, folder: Path, database: OwnPostgresql | None = None) -> None:
    """Crash again and again; each time look at what is there."""
    found = unacknowledged = 0
    for _ in range(CRASHES):
        last = crash(url, folder, found + 1, database)
        found = revision_found(server, url)
        assert found in (last, last + 1), f"revision {last} was acknowledged, {found} is there"
        unacknowledged += found - last
    print(f"{found} revisions, {CRASHES} crashes, {unacknowledged} between commit and acknowledgement")
    crash_work.load(server, folder, FLOW.id, found + 1)
    assert revision_found(server, url) == found + 1


def test_a_loader_that_is_killed_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/crash.db"
    with prepared(url, tmp_path) as server:
        crashes(server, url, tmp_path)


@pytest.fixture
def postgresql() -> Iterator[OwnPostgresql]:
    """A server of the test's own."""
    with own_postgresql() as server:
        yield server


def test_a_loader_that_is_killed_on_postgresql(postgresql: OwnPostgresql, tmp_path: Path) -> None:
    with prepared(postgresql.url, tmp_path) as server:
        crashes(server, postgresql.url, tmp_path)


def test_postgresql_that_is_killed(postgresql: OwnPostgresql, tmp_path: Path) -> None:
    with prepared(postgresql.url, tmp_path) as server:
        crashes(server, postgresql.url, tmp_path, postgresql)
