"""Fifty clients that take nothing cannot stop the server."""

from __future__ import annotations

import socket
import statistics
import time
from urllib.parse import urlsplit

import requests


def stall(base: str, path: str) -> socket.socket:
    """Ask for something large with the smallest window there is, and read nothing."""
    where = urlsplit(base)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.connect((where.hostname, where.port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: application/xml\r\n\r\n".encode())
    return client


def test_health_stays_quick_with_fifty_stalled_downloads(live: str) -> None:
    clients = [stall(live, "/sdmx/v2/data/dataflow/SCI/CENSUS_COUNTY/1.0.0") for _ in range(50)]
    try:
        time.sleep(3)
        times = []
        for _ in range(20):
            began = time.perf_counter()
            assert requests.get(f"{live}/healthz", timeout=5).status_code == 200
            times.append(time.perf_counter() - began)
        assert statistics.median(times) < 0.1, times
        small = requests.get(f"{live}/sdmx/v2/structure/dataflow/SCI/CPI/1.0.0", timeout=10)
        assert small.status_code == 200
    finally:
        for client in clients:
            client.close()
