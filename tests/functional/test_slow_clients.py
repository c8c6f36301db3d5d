"""Clients that take nothing, or send nothing, cannot stop the server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest
import requests
from support.asking import ask
from support.live import serving
from support.stalling import drained, opened, stalled, until, waiting

COUNTY = "/data/dataflow/SCI/CENSUS_COUNTY/1.0.0"
SLOTS = 4
PATIENCE = 3.0


@pytest.fixture(scope="module")
def impatient(products: dict[str, str]) -> Iterator[str]:
    """A server of one worker with few slots that drops clients soon."""
    env = {**products, "SDMX_SEND_TIMEOUT": str(PATIENCE), "SDMX_BULK_SLOTS": str(SLOTS)}
    with serving(env, workers=1) as base:
        yield base


def times(base: str, asked: int = 20) -> list[float]:
    """How long the health check takes, in seconds."""
    found = []
    for _ in range(asked):
        began = time.perf_counter()
        assert requests.get(f"{base}/healthz", timeout=10).status_code == 200
        found.append(time.perf_counter() - began)
    return found


def test_health_stays_quick_with_fifty_stalled_downloads(live: str) -> None:
    assert len(ask(live, COUNTY, "application/xml", Host="x", Accept_Encoding="identity").content) > 10_000_000
    kept = [stalled(live, COUNTY) for _ in range(42)]
    made = [stalled(live, f"{COUNTY}?_={n}") for n in range(8)]  # their answers grow while they are sent
    clients = kept + made
    try:
        until(lambda: all(waiting(client) for client in clients), 60)
        time.sleep(1)
        before = [waiting(client) for client in clients]
        took = times(live)
        assert statistics.median(took) < 0.1, took
        assert max(took) < 2, took
        assert ask(live, "/structure/dataflow/SCI/CPI/1.0.0").status_code == 200
        assert ask(live, "/data/dataflow/SCI/VITAL/1.0.0").status_code == 200
        assert [waiting(client) for client in clients] == before, "nothing moves: the server's sends are blocked"
        heads = [client.recv(12) for client in clients]
        assert set(heads) <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert heads.count(b"HTTP/1.1 200") >= 16, "large answers hold slots; those beyond are asked to come back"
    finally:
        for client in clients:
            client.close()


def test_a_stalled_client_is_dropped_and_its_slot_is_free_again(impatient: str) -> None:
    clients = [stalled(impatient, COUNTY) for _ in range(SLOTS)]
    try:
        until(lambda: all(waiting(client) for client in clients))
        refused = ask(impatient, COUNTY, "application/xml")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert ask(impatient, "/data/dataflow/SCI/VITAL/1.0.0").status_code == 200
        until(lambda: ask(impatient, COUNTY, "application/xml").status_code == 200)
        size = len(ask(impatient, COUNTY, "application/xml").content)
        assert size > 10_000_000
        assert max(times(impatient)) < 1, "dropping them holds up nobody"
        assert all(len(drained(client)) < size for client in clients)
    finally:
        for client in clients:
            client.close()


def test_slots_come_back_after_every_kind_of_download(impatient: str) -> None:
    for _ in range(3 * SLOTS):
        assert ask(impatient, COUNTY, "text/csv").status_code == 200
    for _ in range(3 * SLOTS):
        with requests.get(f"{impatient}/sdmx/v2{COUNTY}", stream=True, timeout=30) as answer:
            assert answer.status_code == 200
            next(answer.iter_content(10_000))  # and leave
        until(lambda: ask(impatient, COUNTY, "text/csv").status_code == 200)


def test_clients_that_do_not_finish_their_request_are_dropped(impatient: str) -> None:
    clients = [opened(impatient, "GET /sdmx/v2/data HTTP/1.1\r\nHost: x\r\n") for _ in range(80)]
    try:
        time.sleep(PATIENCE)
        until(lambda: max(times(impatient, 3)) < 1)
        assert all(drained(client) == b"" for client in clients), "the server has closed them"
    finally:
        for client in clients:
            client.close()


def test_a_slow_client_gets_everything(impatient: str) -> None:
    plain = ask(impatient, COUNTY, "application/xml").content
    client = opened(
        impatient, f"GET /sdmx/v2{COUNTY} HTTP/1.0\r\nHost: x\r\nAccept: application/xml\r\n\r\n", window=65536
    )
    try:
        found = bytearray()
        for _ in range(3):
            time.sleep(PATIENCE / 3)  # slow, but it goes on
            found += client.recv(65536)
        found += drained(client)
    finally:
        client.close()
    body = bytes(found).split(b"\r\n\r\n", 1)[1]
    assert len(body) == len(plain)
