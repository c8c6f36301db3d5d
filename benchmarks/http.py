"""One series over HTTP, from several clients at once: requests a second, waiting times, CPU of the server a request."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.timing import Taken, own_megabytes

_TICK = os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu(pids: Sequence[int]) -> float:
    """Seconds of CPU that the processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the clients ask for: addresses in turn, in a format."""

    name: str
    paths: Sequence[str]
    accept: str = "text/csv"
    workers: int = 1
    clients: int = 4
    seconds: float = 5.0


class _Client(threading.Thread):
    """Asks on one connection until the time is over."""

    def __init__(self, port: int, asked: Asked, share: slice, until: float) -> None:
        super().__init__()
        self._port, self._paths, self._until = port, asked.paths[share] or asked.paths, until
        self._headers = {"Accept": asked.accept}
        self.times: list[float] = []
        self.refused = 0

    def run(self) -> None:
        """Ask."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        number = 0
        while time.perf_counter() < self._until:
            began = time.perf_counter()
            connection.request("GET", self._paths[number % len(self._paths)], headers=self._headers)
            response = connection.getresponse()
            response.read()
            self.refused += response.status != 200
            self.times.append(time.perf_counter() - began)
            number += 1
        connection.close()


def requests(url: str, folder: Path, asked: Asked) -> Taken:
    """Serve with so many workers, and ask; the clients are threads of this process. ``peak_mb`` is of one worker."""
    port = _free_port()
    environment = {**os.environ, "SDMX_DATABASE_URL": url, "SDMX_DATA_DIR": str(folder)}
    command = [
        Path(sys.executable).with_name("sdmx-server"),
        "serve",
        "--port",
        str(port),
        "--workers",
        str(asked.workers),
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        part = len(asked.paths) // asked.clients
        shares = [slice(i * part, (i + 1) * part) for i in range(asked.clients)]
        _all([_Client(port, asked, share, time.perf_counter() + 1) for share in shares])
        pids = _children(server.pid)
        cpu, began = _cpu(pids), time.perf_counter()
        asking = [_Client(port, asked, share, time.perf_counter() + asked.seconds) for share in shares]
        _all(asking)
        took, used, peak = time.perf_counter() - began, _cpu(pids) - cpu, max(map(own_megabytes, pids))
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert not sum(client.refused for client in asking), "answers other than 200"
    times = sorted(t for client in asking for t in client.times)
    return Taken(
        name=f"{asked.name}, {_several(asked.workers, 'worker')}, {_several(asked.clients, 'client')}",
        seconds=took,
        cpu=used,
        observations=len(times),
        median_ms=times[len(times) // 2] * 1e3,
        p99_ms=times[int(len(times) * 0.99)] * 1e3,
        cpu_ms=used / len(times) * 1e3,
        peak_mb=peak,
    )


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _all(clients: Sequence[_Client]) -> None:
    for client in clients:
        client.start()
    for client in clients:
        client.join()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.1)
