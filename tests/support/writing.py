"""A writer in a process of its own, for tests of several writers side by side."""

from __future__ import annotations

import polars as pl

from sdmx_server.batches import Action, Delta
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from support.observations import structure

AREA_SCHEMA = structure(("FREQ", "REF_AREA"))


def write(url: str, name: str, loads: int) -> None:
    """Load one observation after the other, each with a new code."""
    store = PackedObservationStore(create_engine(url))
    for i in range(loads):
        row = {"FREQ": ["A"], "REF_AREA": [f"{name}{i}"], "TIME_PERIOD": ["2016"], "OBS_VALUE": [float(i)]}
        with store.staging(AREA_SCHEMA, 1) as staging:
            staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame(row)))
            staging.commit(name, "test")
