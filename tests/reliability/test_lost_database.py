"""The database goes away, or has no connection left: clear errors, health at once, and the server is back by itself."""

from __future__ import annotations

import json
import signal
import statistics
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import requests
from lxml import etree
from support.asking import ask, refusal
from support.in_process import built, silent
from support.live import environment, serving
from support.own_postgresql import OwnPostgresql, own_postgresql
from support.stalling import until

from benchmarks.artefacts import message
from benchmarks.material import Material

EVERYTHING = "/data/dataflow/BENCH/DF_B/1.0.0"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What takes longest to write: the database is still read when the first bytes have come."""

COUNT = 400_000
AT_A_TIME = 90
"""More questions than a worker has threads."""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[OwnPostgresql]:
    with own_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def env(postgresql: OwnPostgresql, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server over many observations in that database."""
    folder: Path = tmp_path_factory.mktemp("lost")
    material = Material("B", COUNT)
    material.write_csv(folder / "source.csv", "2.1")
    (folder / "structures.json").write_text(json.dumps(message(material)), encoding="utf-8")
    server = built(folder, postgresql.url)
    server.import_structures([folder / "structures.json"], silent)
    server.load_data(folder / "source.csv", material.flow, False, silent)
    server.close()
    return environment(folder, postgresql.url)


def health(base: str) -> None:
    """The health check answers, and quickly."""
    took = []
    for _ in range(15):
        began = time.perf_counter()
        assert requests.get(f"{base}/healthz", timeout=10).status_code == 200
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.1, took


def ready(base: str) -> int:
    return requests.get(f"{base}/readyz", timeout=30).status_code


def one_series(base: str, number: int) -> requests.Response:
    path = f"{EVERYTHING}/M.RE{number % 30:03}.*.SE000.AG000.ED000.UN000"
    return requests.get(f"{base}/sdmx/v2{path}?_={number}", timeout=60)


@pytest.mark.proves("v2 http: status=503", "v1 http: status=503", "v1 http: error=503")
def test_the_database_goes_in_the_middle_of_an_answer_and_comes_back(
    postgresql: OwnPostgresql, env: dict[str, str]
) -> None:
    with serving(env) as base:
        before = ask(base, f"{EVERYTHING}?_=0", "text/csv").content
        with requests.get(
            f"{base}/sdmx/v2{EVERYTHING}?_=1", headers={"Accept": EXCEL}, stream=True, timeout=60
        ) as answer:
            assert answer.status_code == 200
            chunks = answer.iter_content(10_000)
            assert next(chunks)
            postgresql.send(signal.SIGQUIT)
            with pytest.raises(requests.RequestException):  # the client sees that it did not get everything
                deque(chunks, maxlen=0)
        health(base)
        assert ready(base) == 503
        for accept in ("application/json", "application/xml"):
            refused = ask(base, f"{EVERYTHING}?_=2", accept)
            assert "database does not answer" in refusal(refused, 503)
            assert int(refused.headers["Retry-After"]) > 0
        old = ask(base, "/data/all", api="v1")
        assert "database does not answer" in refusal(old, 503)
        assert etree.fromstring(old.content).find("{*}ErrorMessage").get("code") == "503"
        postgresql.start()
        until(lambda: ready(base) == 200, 60)
        assert ask(base, f"{EVERYTHING}?_=3", "text/csv").content == before
        parts = Path(env["SDMX_DATA_DIR"]) / "answers"
        until(lambda: not list(parts.glob("*.part")), 60)


def test_no_connection_is_left_and_health_is_answered_at_once(postgresql: OwnPostgresql, env: dict[str, str]) -> None:
    with serving(env, workers=1) as base, ThreadPoolExecutor(AT_A_TIME) as clients:
        assert one_series(base, 0).status_code == 200
        with psycopg.connect(postgresql.url) as other:
            other.execute("LOCK TABLE cube IN ACCESS EXCLUSIVE MODE")
            asked = [clients.submit(one_series, base, number) for number in range(AT_A_TIME)]
            time.sleep(2)
            assert not any(one.done() for one in asked), "all threads wait for the database"
            health(base)
            until(lambda: any(one.done() for one in asked), 60)
            health(base)
        answers = [one.result() for one in asked]
        assert {answer.status_code for answer in answers} == {200, 503}
        for answer in answers:
            if answer.status_code == 503:
                assert "database does not answer" in refusal(answer, 503)
                assert int(answer.headers["Retry-After"]) > 0
        for number in range(AT_A_TIME):
            assert one_series(base, number).status_code == 200
