"""Rebuilding, pruning and restoring that are killed at random moments: all of it has happened, or nothing."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from support import crash_work, databases, revisions, upkeep_work
from support.in_process import silent
from support.own_postgresql import own_postgresql

from sdmx_server.config import Settings
from sdmx_server.errors import HistoryPruned
from sdmx_server.model.reference import Reference
from sdmx_server.services.ports import Commit
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.upgrade import release_of
from sdmx_server.store.verifying import Verifier
from sdmx_server.wiring import Server, build, prepare_database

CRASHES = max(2, int(os.environ.get("SDMX_CRASHES", "3")) // 10)
"""Of each kind, on each database."""

REVISIONS = 6
FLOW = Reference(kind="Dataflow", agency="BENCH", id="CRASH", version="1.0.0")
NAME = "BENCH:CRASH(1.0.0)"


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Server]:
    server = build(Settings(database_url=url, data_dir=folder))
    yield server
    server.close()


class Place:
    """Where databases of a kind are made."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self.folder, self._made = folder, 0
        self._own = stack.enter_context(own_postgresql()) if kind == "postgresql" else None

    def url(self) -> str:
        """The URL of a new database."""
        self._made += 1
        if self._own is None:
            return f"sqlite:///{self.folder}/crash{self._made}.db"
        with psycopg.connect(self._own.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE crash{self._made}")
        return self._own.url.replace("/postgres?", f"/crash{self._made}?")


@pytest.fixture(params=databases.KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(request.param, tmp_path, stack)


@pytest.fixture
def filled(place: Place) -> str:
    """The URL of a database with some revisions, all of them more than a second apart in history."""
    url = place.url()
    prepare_database(Settings(database_url=url, data_dir=place.folder))
    with opened(url, place.folder) as server:
        revisions.structures(place.folder / "structures.json", [FLOW.id])
        server.import_structures([place.folder / "structures.json"], silent)
        for n in range(1, REVISIONS + 1):
            crash_work.load(server, place.folder, FLOW.id, n)
            time.sleep(1.1)
    return url


def killed(url: str, folder: Path, what: str, argument: str, longest: float) -> bool:
    """Begin the work and kill it at a random moment; returns whether it had said that it was done."""
    worker = upkeep_work.started(url, folder, what, argument)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "begun\n"
    time.sleep(random.uniform(0, longest))
    worker.kill()
    rest, errors = worker.communicate(timeout=120)
    assert worker.returncode in (-signal.SIGKILL, 0), errors
    return "done" in rest


def took(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def history(url: str) -> list[Commit]:
    """The oldest state that can be asked for, and the commits after it."""
    engine = create_engine(url)
    try:
        with PackedObservationStore(engine).reading(FLOW) as reading:
            oldest = reading.oldest()
            return [oldest, *reading.commits(oldest.revision, REVISIONS, REVISIONS)]
    finally:
        engine.dispose()


def check(url: str, folder: Path) -> int:
    """Everything is sound, and each state that is left is whole; returns the oldest one."""
    engine = create_engine(url)
    found = Verifier(engine, silent).run()
    engine.dispose()
    assert found.findings == []
    assert found.observations == revisions.OBSERVATIONS
    left = history(url)
    with opened(url, folder) as server:
        assert revisions.shown(server, FLOW.id) == REVISIONS
        for commit in left[0 if left[0].revision else 1 :]:
            assert revisions.shown(server, FLOW.id, as_of=commit.at) == commit.revision
    return left[0].revision


def test_a_rebuild_that_is_killed(place: Place, filled: str) -> None:
    with opened(filled, place.folder) as server:
        longest = took(lambda: server.rebuild(NAME, silent))
        done = 0
        for _ in range(CRASHES):
            done += killed(filled, place.folder, "rebuild", NAME, longest)
            assert check(filled, place.folder) == 0
        assert server.rebuild(NAME, silent).left_over == ()
        assert check(filled, place.folder) == 0
    print(f"{CRASHES} kills, {done} of them after the end")


def test_a_pruning_that_is_killed(place: Place, filled: str) -> None:
    """What is pruned is refused, whether its rows are gone already or not."""
    made, oldest = history(filled), 0
    for revision in range(2, REVISIONS + 1):
        moment = made[revision].at
        before = oldest
        done = killed(filled, place.folder, "prune", moment.isoformat(), 0.15)
        oldest = check(filled, place.folder)
        assert oldest in ({revision - 1} if done else {before, revision - 1})
        if oldest > 1:
            with opened(filled, place.folder) as server, pytest.raises(HistoryPruned):
                revisions.shown(server, FLOW.id, as_of=made[oldest - 1].at)
    with opened(filled, place.folder) as server:
        server.prune_history(None, made[REVISIONS].at.isoformat(), None, silent)
        assert server.prune_history("0h", None, None, silent)[1].cubes == ()
    assert check(filled, place.folder) == REVISIONS - 1


def test_a_restoring_that_is_killed(place: Place, filled: str) -> None:
    file = place.folder / "backup.zip"
    with opened(filled, place.folder) as server:
        server.backup(file, silent)
    first = place.url()
    with opened(first, place.folder) as server:
        longest = took(lambda: server.restore(file, silent))
    assert check(first, place.folder) == 0
    whole = 0
    for _ in range(CRASHES):
        url = place.url()
        done = killed(url, place.folder, "restore", str(file), longest)
        if holds_anything(url):
            whole += 1
        else:
            assert not done
            with opened(url, place.folder) as server:
                server.restore(file, silent)
        assert check(url, place.folder) == 0
    print(f"{CRASHES} kills, {whole} of them after the commit")


def holds_anything(url: str) -> bool:
    """Whether a database has tables."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return release_of(connection) is not None
    finally:
        engine.dispose()
