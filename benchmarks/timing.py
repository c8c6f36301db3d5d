"""What a step took: wall time, CPU time of the process with all its threads, and memory."""

from __future__ import annotations

import json
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec


class Taken(msgspec.Struct, kw_only=True):
    """One measured step. Seconds; ``observations`` is how many it handled.

    ``peak_mb`` is the most memory of the process in it, without mapped files: SQLite's database is one, and its pages
    are the system's cache, which it takes back when it needs them.
    """

    name: str
    seconds: float
    cpu: float
    observations: int = 0
    peak_mb: float = 0.0
    bytes: int = 0
    first_byte_ms: float | None = None
    median_ms: float | None = None
    p99_ms: float | None = None
    cpu_ms: float | None = None  # of one of several repetitions

    @property
    def per_second(self) -> float:
        """Million observations per second of CPU."""
        return self.observations / self.cpu / 1e6 if self.cpu else 0.0


def peak_kilobytes() -> int:
    """The most memory that this program had. Linux counts the parent's into ru_maxrss, so its own mark goes first."""
    status = Path("/proc/self/status")
    if status.exists():
        marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        if marks:
            return int(marks[0].split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def own_megabytes(pid: int | str = "self") -> float:
    """The most memory that a process had, without the files that are mapped into it now."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return peak_kilobytes() / 1024
    found = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return (int(found["VmHWM"].split()[0]) - int(found["RssFile"].split()[0])) / 1024


def forget_peak() -> None:
    """Begin a new peak, where the system can (Linux); elsewhere that of the steps before stays in."""
    marks = Path("/proc/self/clear_refs")
    if marks.exists():
        marks.write_text("5")


def once(name: str, work: Callable[[], tuple[int, int]]) -> Taken:
    """Do something once; ``work`` returns how many observations and bytes it handled."""
    forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    observations, size = work()
    return Taken(
        name=name,
        seconds=time.perf_counter() - began,
        cpu=time.process_time() - cpu,
        observations=observations,
        bytes=size,
        peak_mb=own_megabytes(),
    )


def repeatedly(name: str, works: Sequence[Callable[[], int]], warm: int = 3) -> Taken:
    """Do many things of a kind, the first few unmeasured; each returns how many observations it saw."""
    for work in works[:warm]:
        work()
    forget_peak()
    times, seen, cpu = [], 0, time.process_time()
    for work in works[warm:]:
        began = time.perf_counter()
        seen += work()
        times.append(time.perf_counter() - began)
    cpu = time.process_time() - cpu
    times.sort()
    return Taken(
        name=name,
        seconds=sum(times),
        cpu=cpu,
        observations=seen,
        median_ms=statistics.median(times) * 1e3,
        p99_ms=times[int(len(times) * 0.99)] * 1e3,
        cpu_ms=cpu / len(times) * 1e3,
        peak_mb=own_megabytes(),
    )


def tell(taken: Taken) -> None:
    """Print a step for the parent process to read."""
    print(json.dumps(msgspec.to_builtins(taken)), flush=True)
