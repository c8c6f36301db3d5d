"""A shape loaded, read, asked for and revised at the store, in a process of its own: ``python -m support.store_work``.

``URL SHAPE COUNT`` prints the peak of the process's memory in MB.
"""

from __future__ import annotations

import sys

from benchmarks import shapes
from benchmarks.timing import peak_kilobytes
from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.model.reference import reference_to
from sdmx_server.store.database import create_engine, metadata
from sdmx_server.store.observation_store import PackedObservationStore


def work(url: str, name: str, count: int) -> None:
    """Load, read everything, read a code of the second dimension, revise ten thousand observations."""
    engine = create_engine(url)
    metadata.create_all(engine)
    store = PackedObservationStore(engine)
    schema, deltas = shapes.shape(name, count)
    assert schema.dataflow is not None
    with store.staging(schema, 1) as staging:
        for delta in deltas:
            staging.add(delta)
        staging.commit("tester", name)
    sizes = shapes.radices(name, count)
    area = tuple(frozenset((shapes.code(d, 0),)) if i == 1 else None for i, d in enumerate(sizes))
    with store.reading(reference_to(schema.dataflow)) as reading:
        for plan in (ReadPlan(), ReadPlan(keys=(area,))):
            assert sum(len(batch) for batch in reading.read(schema, plan).batches())
    revised = next(iter(shapes.observations(name, count))).head(10_000)
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=revised.with_columns(OBS_VALUE=revised["OBS_VALUE"] + 1)))
        staging.commit("tester", "revision")


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    print(peak_kilobytes() // 1024)
