"""A PostgreSQL primary with a streaming replica that answers the queries: what is promised of it in docs/scale-out.md.

Both are real servers that the tests start, pause, kill and promote; the tests build on each other's state as an
office's day does, and leave both following. ``-s`` shows what was measured.
"""

from __future__ import annotations

import json
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import psycopg.errors
import pytest
import requests
from support import revisions
from support.asking import refusal
from support.crash_work import load
from support.in_process import silent
from support.live import environment, run, serving
from support.own_postgresql import OwnPostgresql, own_postgresql
from support.stalling import until

from benchmarks.artefacts import message
from benchmarks.material import Material
from sdmx_server.batches import WriteOptions
from sdmx_server.config import Settings
from sdmx_server.errors import SdmxServerError
from sdmx_server.formats.names import format_named
from sdmx_server.query.data import DataQuery
from sdmx_server.query.paths import parse_data_path
from sdmx_server.wiring import Queries, Server, build, prepare_database

FLOW = "SEEN"
PATH = f"/sdmx/v2/data/dataflow/BENCH/{FLOW}/1.0.0"
LARGE = Material("B", 200_000)
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.1.0"}
NEWEST = {"Cache-Control": "no-cache"}
ADDRESSES = (
    (PATH, "application/vnd.sdmx.data+csv;version=2.1.0"),
    (PATH, "application/vnd.sdmx.data+json;version=2.1.0"),
    (PATH, "application/vnd.sdmx.data+xml;version=3.1.0"),
    (f"/sdmx/v1/data/BENCH,{FLOW}", "application/vnd.sdmx.genericdata+xml;version=2.1"),
    (f"/sdmx/v2/availability/dataflow/BENCH/{FLOW}/1.0.0", "application/json"),
    ("/sdmx/v2/structure/dataflow/BENCH?references=all", "application/json"),
    ("/sdmx/v2/schema/dataflow/BENCH/" + FLOW, "application/xml"),
    ("/", "text/html"),
)


class Site(NamedTuple):
    """A primary, its replica and the server over both, whose last load made revision ``last``."""

    primary: OwnPostgresql
    replica: OwnPostgresql
    folder: Path
    server: Server
    last: list[int]

    def load(self) -> int:
        """Load the next revision; its number."""
        self.last[0] += 1
        load(self.server, self.folder, FLOW, self.last[0])
        return self.last[0]

    def env(self, **more: str) -> dict[str, str]:
        return environment(self.folder, self.primary.url, SDMX_READ_DATABASE_URL=self.replica.url, **more)

    def on_replica(self, statement: str) -> Any:
        with psycopg.connect(self.replica.url, autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchone() if done.description else None

    def caught_up(self) -> bool:
        found = self.server.replica(10)
        return found is not None and found.commits_behind == 0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The replica takes no commits meanwhile."""
        self.on_replica("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.on_replica("SELECT pg_wal_replay_resume()")


def load_large(server: Server, folder: Path) -> None:
    """A dataflow whose answer takes a while, of another agency, as its concepts have the same ids."""
    structures, data = folder / "large.json", folder / "large.csv"
    structures.write_text(json.dumps(message(LARGE)).replace("BENCH", "WIDE"), encoding="utf-8")
    LARGE.write_csv(data, "2.1")
    data.write_bytes(data.read_bytes().replace(b"BENCH:", b"WIDE:"))
    server.import_structures([structures], silent)
    server.load_data(data, None, False, silent)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with own_postgresql() as primary:
        prepare_database(Settings(database_url=primary.url, data_dir=folder))
        alone = build(Settings(database_url=primary.url, data_dir=folder))
        revisions.structures(folder / "structures.json", [FLOW])
        alone.import_structures([folder / "structures.json"], silent)
        load_large(alone, folder)
        load(alone, folder, FLOW, 1)
        alone.close()
        began = time.perf_counter()
        with own_postgresql(primary) as replica:
            print(f"\nbase backup, and the replica answers: {time.perf_counter() - began:.1f} s")
            settings = Settings(database_url=primary.url, read_database_url=replica.url, data_dir=folder)
            server = build(settings)
            yield Site(primary, replica, folder, server, [1])
            server.close()


def ask(base: str, path: str = PATH, **headers: str) -> requests.Response:
    return requests.get(base + path, headers=headers, timeout=60)


def shown(base: str, **headers: str) -> int:
    """The revision that is answered with."""
    answer = ask(base, **CSV, **headers)
    assert answer.status_code == 200, answer.text[:500]
    return revisions.revision_of(answer.content)


def status(base: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(base, "/status").json()
    return found


def followed(base: str) -> None:
    """Wait until queries go to the replica."""
    ask(base)
    until(lambda: status(base)["state"] == "following", 30)


def test_a_commit_is_on_the_replica_at_once_and_nothing_can_be_written_there(site: Site) -> None:
    took = []
    for _ in range(5):
        site.load()
        began = time.perf_counter()
        assert site.caught_up()
        took.append(time.perf_counter() - began)
    print(f"\nafter a load until it is on the replica: {1000 * statistics.median(took):.0f} ms, most {max(took):.2f} s")
    assert statistics.median(took) < 5
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        site.on_replica("UPDATE cube SET data_rev = data_rev + 1")
    assert "all sound" in run("verify", env=environment(site.folder, site.replica.url)).stdout
    refused = run("bootstrap", env=environment(site.folder, site.replica.url), check=False)
    assert refused.returncode == 1
    assert "is a replica, which takes no writes" in refused.stderr


def test_both_give_the_same_answers_with_the_same_etags(site: Site) -> None:
    with serving(site.env(), workers=1) as base:
        followed(base)
        for path, accept in ADDRESSES:
            ours, newest = ask(base, path, Accept=accept), ask(base, path, Accept=accept, **NEWEST)
            assert (ours.status_code, newest.status_code) == (200, 200), path
            assert ours.headers["ETag"] == newest.headers["ETag"]
            assert ours.content == newest.content
            again = ask(base, path, Accept=accept, **NEWEST, **{"If-None-Match": ours.headers["ETag"]})
            assert again.status_code == 304


def test_staff_read_their_own_writes_while_the_replica_is_behind(site: Site) -> None:
    with serving(site.env(), workers=1) as base:
        followed(base)
        before = site.last[0]
        with site.paused():
            after = site.load()
            site.load()
            assert shown(base) == before
            assert shown(base, **NEWEST) == after + 1
            assert ask(base, **CSV).headers["ETag"] != ask(base, **CSV, **NEWEST).headers["ETag"]
            until(lambda: status(base)["commits_behind"] == 2)
            found = status(base)
            assert found["state"] == "following"
            assert 0 < found["seconds_behind"] < 60
            assert found["bytes_behind"] > 0
            assert found["replayed_at"] is not None
            told = run("replica", "--wait", "0.5", env=site.env(), check=False)
            assert told.returncode == 1
            assert "behind: 2 commits" in told.stdout
        assert "behind: 0 commits" in run("replica", "--wait", "30", env=site.env()).stdout
        assert shown(base) == after + 1


def test_a_replica_that_lacks_commits_for_long_is_not_asked_until_it_has_caught_up(site: Site) -> None:
    with serving(site.env(SDMX_READ_MAX_LAG="1.5"), workers=1) as base:
        followed(base)
        before = site.last[0]
        with site.paused():
            after = site.load()
            assert shown(base) == before
            until(lambda: status(base)["state"] == "behind")
            assert shown(base) == after
        followed(base)
        assert shown(base) == after


def test_the_replica_is_killed_under_queries_and_comes_back(site: Site) -> None:
    stop, wrong, answers = threading.Event(), [], [0]
    newest = site.last[0]
    etag = None

    def go_on(base: str) -> None:
        with requests.Session() as session:
            while not stop.is_set():
                answer = session.get(base + PATH, headers=CSV, timeout=60)
                answers[0] += 1
                if answer.status_code != 200 or answer.headers["ETag"] != etag:
                    wrong.append(f"{answer.status_code} {answer.text[:200]}")

    with serving(site.env(), workers=1) as base:
        followed(base)
        etag = ask(base, **CSV).headers["ETag"]
        clients = [threading.Thread(target=go_on, args=(base,)) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            until(lambda: answers[0] > 50)
            site.replica.send(signal.SIGKILL)
            until(lambda: status(base)["state"] == "away")
            health(base)
            assert shown(base) == newest
            seen = answers[0]
            until(lambda: answers[0] > seen + 50)
            assert run("replica", env=site.env(), check=False).stdout.startswith("replica: away; the database itself a")
            site.replica.start()
            followed(base)
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert wrong == []
        with site.paused():
            site.load()
            assert shown(base) == newest, "queries go to the replica again"
    print(f"\n{answers[0]} answers around the loss of the replica, none of them wrong")


def health(base: str) -> None:
    took = []
    for _ in range(15):
        began = time.perf_counter()
        assert ask(base, "/healthz").status_code == 200
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.1, took


def test_the_replica_goes_in_the_middle_of_a_large_answer(site: Site) -> None:
    path = "/sdmx/v2/data/dataflow/WIDE/DF_B/1.0.0?_=1"
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # takes longest to write
    with serving(site.env(), workers=1) as base:
        followed(base)
        with requests.get(base + path, headers={"Accept": excel}, stream=True, timeout=60) as answer:
            chunks = answer.iter_content(10_000)
            assert next(chunks)
            site.replica.send(signal.SIGKILL)
            with pytest.raises(requests.RequestException):  # cut off: nobody takes it for the whole
                for _ in chunks:
                    pass
        whole = ask(base, path, **CSV)
        assert whole.status_code == 200
        assert whole.content.count(b"\r\n" if b"\r\n" in whole.content[:500] else b"\n") == LARGE.count + 1
        site.replica.start()
        followed(base)


def test_the_primary_goes_and_the_replica_answers(site: Site) -> None:
    with serving(site.env(), workers=1) as base:
        followed(base)
        newest = site.last[0]
        site.primary.send(signal.SIGKILL)
        assert shown(base) == newest
        refused = ask(base, Accept="application/json", **NEWEST)
        assert "database does not answer" in refusal(refused, 503)
        assert int(refused.headers["Retry-After"]) > 0
        assert ask(base, "/readyz").status_code == 200
        until(lambda: status(base)["primary"] is False)
        assert shown(base) == newest
        failed = run("data", "load", str(site.folder / f"{FLOW}.csv"), env=site.env(), check=False)
        assert failed.returncode == 1
        assert "the database does not answer" in failed.stderr
        with serving(site.env(), workers=1) as started_meanwhile:
            until(lambda: shown(started_meanwhile) == newest)
        site.replica.send(signal.SIGKILL)
        refused = ask(base, Accept="application/json")
        assert "database does not answer" in refusal(refused, 503)
        assert int(refused.headers["Retry-After"]) > 0
        assert ask(base, "/readyz").status_code == 503
        health(base)
        site.primary.start()
        assert shown(base) == newest
        site.replica.start()
        followed(base)
        assert site.caught_up()


def everything(source: Queries, between: Any) -> bytes:
    """A whole dataflow in SDMX-CSV; something happens when the transaction is open and nothing was read yet."""
    opened = source.data.open(DataQuery(path=parse_data_path(f"dataflow/BENCH/{FLOW}/1.0.0")))
    try:
        between(source)
        found = opened.message()
        write = format_named("csv", "data").write_data
        assert found is not None
        assert write is not None
        return b"".join(write(found, WriteOptions()))
    finally:
        opened.close()


def test_what_the_replica_cancels_the_primary_answers(site: Site) -> None:
    """The primary clears rows away that an answer from the replica still needs (a conflict with recovery)."""
    until(lambda: site.server.ask(lambda source: source is not site.server))
    asked: list[Queries] = []
    newest = site.last[0]

    def clear_away(source: Queries) -> None:
        asked.append(source)
        if source is site.server:
            return
        site.load()
        with psycopg.connect(site.primary.url, autocommit=True) as connection:
            connection.execute("VACUUM")
            [written] = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or (None,)
        until(lambda: site.on_replica(f"SELECT pg_last_wal_replay_lsn() >= '{written}'")[0], 60)

    site.on_replica("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    site.on_replica("SELECT pg_reload_conf()")
    try:
        text = site.server.ask(lambda source: everything(source, clear_away))
    finally:
        site.on_replica("ALTER SYSTEM RESET max_standby_streaming_delay")
        site.on_replica("SELECT pg_reload_conf()")
    assert len(asked) == 2
    assert asked[0] is not site.server
    assert asked[1] is site.server
    assert revisions.revision_of(text) == newest + 1


def test_a_database_that_is_no_replica_of_the_primary_is_never_asked(site: Site, tmp_path: Path) -> None:
    with own_postgresql() as other:
        prepare_database(Settings(database_url=other.url, data_dir=tmp_path))
        env = environment(tmp_path, site.primary.url, SDMX_READ_DATABASE_URL=other.url)
        with serving(env, workers=1) as base:
            ask(base)
            until(lambda: status(base)["state"] == "foreign")
            assert shown(base) == site.last[0]
        assert run("replica", env=env, check=False).stdout.startswith("replica: foreign")
    with pytest.raises(SdmxServerError, match="goes with PostgreSQL"):
        build(Settings(database_url=f"sqlite:///{tmp_path}/x.db", read_database_url=site.replica.url))


def test_the_replica_is_promoted_and_takes_the_primary_s_place(site: Site) -> None:
    with serving(site.env(), workers=1) as base:
        followed(base)
        newest = site.last[0]
        assert site.caught_up()
        assert site.on_replica("SELECT pg_promote()") == (True,)
        until(lambda: status(base)["state"] == "promoted")
        assert shown(base) == newest == site.load() - 1
        assert shown(base) == newest + 1, "the primary is asked, for the other one follows no more"
    promoted = environment(site.folder, site.replica.url)
    assert "all sound" in run("verify", env=promoted).stdout
    revisions.write(site.folder / f"{FLOW}.csv", FLOW, newest + 1)
    run("data", "load", str(site.folder / f"{FLOW}.csv"), env=promoted)
    with serving(promoted, workers=1) as base:
        assert shown(base) == newest + 1
