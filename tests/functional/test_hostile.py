"""A server under attack: loads while it answers, lost clients, a locked database, a killed worker, a full disk."""

from __future__ import annotations

import csv
import io
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from support.asking import ask, refusal
from support.live import COMMAND, free_port, run, serving
from support.stalling import opened, until

FLOW = "SCI:HOUSEHOLDS(1.0.0)"
HOUSEHOLDS = "/data/dataflow/SCI/HOUSEHOLDS/1.0.0"
COUNTY = "/data/dataflow/SCI/CENSUS_COUNTY/1.0.0"


@pytest.fixture(scope="module")
def mine(own: dict[str, str]) -> Iterator[str]:
    """A running server whose data these tests may change."""
    with serving(own) as base:
        yield base


def values(text: str) -> list[int]:
    return [int(row["OBS_VALUE"]) for row in csv.DictReader(io.StringIO(text))]


def test_every_answer_is_a_whole_revision_while_loads_run(own: dict[str, str], mine: str, tmp_path: Path) -> None:
    original = ask(mine, HOUSEHOLDS, "text/csv").text
    first = values(original)
    revisions = {tuple(v + step for v in first) for step in range(3)}
    paths = [
        *((HOUSEHOLDS, accept) for accept in ("text/csv", "text/csv", "application/xml", "application/json")),
        ("/availability/dataflow/SCI/HOUSEHOLDS", "*/*"),
        ("/structure/dataflow/SCI?references=descendants", "*/*"),
        ("/data/dataflow/SCI/CPI/1.0.0/M.IR", "application/xml"),
    ]
    stop, wrong, seen = threading.Event(), [], set()

    def client(number: int) -> None:
        with requests.Session() as session:
            while not stop.is_set():
                number += 1
                path, accept = paths[number % len(paths)]
                try:
                    answer = session.get(f"{mine}/sdmx/v2{path}", headers={"Accept": accept}, timeout=60)
                except requests.RequestException as error:
                    wrong.append(repr(error))
                    return
                if answer.status_code != 200:
                    wrong.append(f"{path} {answer.status_code} {answer.text[:300]}")
                elif accept == "text/csv":
                    found = tuple(values(answer.text))
                    seen.add(found)
                    if found not in revisions:
                        wrong.append(f"torn: {found}")

    clients = [threading.Thread(target=client, args=(n,)) for n in range(20)]
    for one in clients:
        one.start()
    try:
        for step in (1, 2, 0):
            file = tmp_path / f"{step}.csv"
            rows = list(csv.DictReader(io.StringIO(original)))
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, rows[0])
                writer.writeheader()
                writer.writerows({**r, "OBS_VALUE": v + step} for r, v in zip(rows, first, strict=True))
            run("data", "load", str(file), "--dataflow", FLOW, env=own)
    finally:
        stop.set()
        for one in clients:
            one.join()
    assert wrong == []
    assert len(seen) > 1
    assert values(ask(mine, HOUSEHOLDS, "text/csv").text) == first


def test_readers_do_not_notice_a_writer_that_holds_the_database(own: dict[str, str], mine: str) -> None:
    with sqlite3.connect(Path(own["SDMX_DATA_DIR"]) / "sdmx.db", isolation_level=None) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            for path in (HOUSEHOLDS, "/structure/codelist", "/availability/dataflow/SCI/CPI", COUNTY):
                began = time.perf_counter()
                assert ask(mine, path, "application/xml").status_code == 200
                assert time.perf_counter() - began < 5
        finally:
            database.execute("ROLLBACK")
    database.close()


def test_a_load_waits_for_another_one_or_ends_with_an_error(own: dict[str, str], mine: str, tmp_path: Path) -> None:
    file = tmp_path / "households.csv"
    file.write_bytes(ask(mine, HOUSEHOLDS, "text/csv").content.replace(b",I,", b",M,"))
    load = ("data", "load", str(file), "--dataflow", FLOW)
    with sqlite3.connect(Path(own["SDMX_DATA_DIR"]) / "sdmx.db", isolation_level=None) as database:
        database.execute("BEGIN IMMEDIATE")
        refused = run(*load, "--no-wait", env=own, check=False)
        assert refused.returncode == 1
        assert "Error: Another load is writing" in refused.stderr
        with subprocess.Popen([COMMAND, *load], env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
            assert waiting.stderr is not None
            assert waiting.stderr.readline() == b"waiting for another load ...\n"
            database.execute("ROLLBACK")
            out, errors = waiting.communicate(timeout=60)
    database.close()
    assert waiting.returncode == 0, errors
    assert b"nothing has changed" in out


def test_clients_that_leave_take_nothing_with_them(own: dict[str, str], mine: str) -> None:
    for coding in ("identity", "gzip", "zstd") * 10:
        client = opened(
            mine, f"GET /sdmx/v2{COUNTY} HTTP/1.1\r\nHost: {coding}\r\nAccept-Encoding: {coding}\r\n\r\n", window=65536
        )
        client.recv(100)
        client.close()
    parts = Path(own["SDMX_DATA_DIR"]) / "answers"
    until(lambda: not list(parts.glob("*.part")))
    for _ in range(40):
        assert ask(mine, COUNTY, "text/csv").status_code == 200


def children(process: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    return [int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@contextmanager
def started(env: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server of two workers; yields its address and the id of its first process."""
    port = free_port()
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(base: str) -> bool:
    try:
        return requests.get(f"{base}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_a_killed_worker_is_replaced(own: dict[str, str]) -> None:
    with started(own) as (base, process):
        until(lambda: answers(base) and len(children(process)) == 2, 60)
        workers = children(process)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        until(lambda: len(children(process)) == 2 and not set(children(process)) & set(workers), 60)
        until(lambda: answers(base), 60)
        for _ in range(6):
            assert len(values(ask(base, HOUSEHOLDS, "text/csv").text)) == 27


def test_a_full_spool_is_503_and_the_rest_goes_on(own: dict[str, str], tmp_path: Path) -> None:
    answers_folder = Path(own["SDMX_DATA_DIR"]) / "answers"
    with serving({**own, "SDMX_SPOOL_BYTES": "1000000"}, workers=1) as base:
        for accept in ("application/xml", "application/json"):
            answer = ask(base, COUNTY, accept)
            assert "try again" in refusal(answer, 503)
            assert int(answer.headers["Retry-After"]) > 0
            assert requests.get(f"{base}/healthz", timeout=5).status_code == 200
            assert ask(base, HOUSEHOLDS, accept).status_code == 200
        for _ in range(18):  # more than there are slots
            ask(base, COUNTY, "text/csv")
        assert ask(base, COUNTY, "text/csv").status_code == 503, "and not because slots were lost"
    assert list(answers_folder.glob("*.part")) == []
