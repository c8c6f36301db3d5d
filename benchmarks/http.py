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

from benchmarks.timing import Taken

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


class _Client(threading.Thread):
    """Asks on one connection until the time is over."""

    def __init__(self, port: int, paths: Sequence[str], until: float) -> None:
        super().__init__()
        self._port, self._paths, self._until = port, paths, until
        self.times: list[float] = []

    def run(self) -> None:
        """Ask."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        number = 0
        while time.perf_counter() < self._until:
            began = time.perf_counter()
            connection.request("GET", self._paths[number % len(self._paths)], headers={"Accept": "text/csv"})
            response = connection.getresponse()
            response.read()
            assert response.status == 200, response.status
            self.times.append(time.perf_counter() - began)
            number += 1
        connection.close()


def requests(url: str, folder: Path, paths: Sequence[str], *, workers: int, clients: int, seconds: float) -> Taken:
    """Serve with so many workers, and ask these addresses in turn; the clients are threads of this process."""
    port = _free_port()
    environment = {**os.environ, "SDMX_DATABASE_URL": url, "SDMX_DATA_DIR": str(folder)}
    command = [Path(sys.executable).with_name("sdmx-server"), "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        share = len(paths) // clients
        warm = [_Client(port, paths[i * share : (i + 1) * share], time.perf_counter() + 1) for i in range(clients)]
        _all(warm)
        pids = _children(server.pid)
        cpu, began = _cpu(pids), time.perf_counter()
        asking = [
            _Client(port, paths[i * share : (i + 1) * share], time.perf_counter() + seconds) for i in range(clients)
        ]
        _all(asking)
        took, used = time.perf_counter() - began, _cpu(pids) - cpu
    finally:
        server.terminate()
        server.wait(timeout=30)
    times = sorted(t for client in asking for t in client.times)
    return Taken(
        name=f"one series over HTTP, {workers} worker{'s' if workers > 1 else ''}, {clients} clients",
        seconds=took,
        cpu=used,
        observations=len(times),
        median_ms=times[len(times) // 2] * 1e3,
        p99_ms=times[int(len(times) * 0.99)] * 1e3,
        cpu_ms=used / len(times) * 1e3,
    )


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
