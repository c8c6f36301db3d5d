"""Measures the observation store: ``python -m benchmarks.store URL SHAPE COUNT`` prints one JSON line.

load, scan: million observations per second; lookup_ms: median and 99th percentile of one series; peak_mb: memory.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import shapes
from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.model.reference import reference_to
from sdmx_server.store.database import create_engine, metadata
from sdmx_server.store.observation_store import PackedObservationStore

LOOKUPS = 500


def peak_kilobytes() -> int:
    """The most memory that this program had. Linux counts the parent's into ru_maxrss, so its own mark goes first."""
    status = Path("/proc/self/status")
    if status.exists():
        marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        if marks:
            return int(marks[0].split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(url: str, name: str, count: int) -> dict[str, float]:
    """Load a shape into an empty database, then read it."""
    engine = create_engine(url)
    metadata.create_all(engine)
    store = PackedObservationStore(engine)
    schema = shapes.structure(name, count)
    assert schema.dataflow is not None
    flow = reference_to(schema.dataflow)
    frames = list(shapes.deltas(name, count)) if count <= 1_000_000 else shapes.deltas(name, count)
    began = time.perf_counter()
    with store.staging(schema, 1) as staging:
        for delta in frames:
            staging.add(delta)
        staging.commit("benchmark", name)
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    with store.reading(flow) as reading:
        seen = sum(len(batch) for batch in reading.read(schema, ReadPlan()).batches())
    scanned = time.perf_counter() - began
    assert seen == count
    sizes = shapes.radices(name, count)
    random = np.random.default_rng(1)
    times = []
    for _ in range(LOOKUPS):
        key = tuple(frozenset((shapes.code(d, int(random.integers(size))),)) for d, size in sizes.items())
        began = time.perf_counter()
        with store.reading(flow) as reading:
            sum(len(batch) for batch in reading.read(schema, ReadPlan(keys=(key,))).batches())
        times.append(time.perf_counter() - began)
    revised = next(iter(shapes.observations(name, count))).head(10_000)
    began = time.perf_counter()
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=revised.with_columns(OBS_VALUE=revised["OBS_VALUE"] + 1)))
        staging.commit("benchmark", "revision")
    revision = time.perf_counter() - began
    return {
        "load": round(count / loaded / 1e6, 2),
        "scan": round(count / scanned / 1e6, 1),
        "lookup_ms": round(statistics.median(times) * 1e3, 3),
        "lookup_p99_ms": round(sorted(times)[int(LOOKUPS * 0.99)] * 1e3, 3),
        "revise_10k_s": round(revision, 2),
        "peak_mb": round(peak_kilobytes() / 1024),
    }


def main(arguments: Sequence[str]) -> None:
    """Measure what the command line asks for."""
    url, name, count = arguments
    print(json.dumps({"shape": name, "count": int(count), **measure(url, name, int(count))}))


if __name__ == "__main__":
    main(sys.argv[1:])
