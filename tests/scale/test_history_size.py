"""How much room history takes when a period is appended to every series, which is what most loads of an office do."""

from __future__ import annotations

import os

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support.in_process import silent

from benchmarks import shapes
from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.services.ports import Progress
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.verifying import Verifier

COUNT = int(os.environ.get("SDMX_HISTORY_OBSERVATIONS", "1000000"))
"""Observations of shape A; in full 10 million."""

MOST = 3_000_000 / 92_593
"""Bytes for each series: 3 MB for all of shape A in full size."""

tell: Progress = silent


def pages(engine: Engine, table: str) -> int:
    """Bytes of the pages of a table and its indexes in SQLite's file."""
    names = [
        table,
        *(str(index["name"]) for index in sa.inspect(engine).get_indexes(table)),
        f"sqlite_autoindex_{table}_1",
    ]
    query = sa.text("SELECT sum(pgsize) FROM dbstat WHERE name IN :names").bindparams(
        sa.bindparam("names", names, expanding=True)
    )
    with engine.connect() as connection:
        return int(connection.scalar(query) or 0)


def test_a_period_more_for_every_series_costs_little_history(sqlite_engine: Engine) -> None:
    store, schema = PackedObservationStore(sqlite_engine), shapes.structure("A", COUNT)
    dimensions = [d.id for d in schema.dimensions]
    with store.staging(schema, 1) as staging:
        for delta in shapes.deltas("A", COUNT):
            staging.add(delta)
        staging.commit("tester", "everything")
    series = store.status()[0].series
    before = pages(sqlite_engine, "rev_1_0")
    frames = shapes.observations("A", COUNT)
    last = pl.concat([f.unique(dimensions, keep="first", maintain_order=True) for f in frames]).unique(dimensions)
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=last.with_columns(TIME_PERIOD=pl.lit("2031-01"))))
        report = staging.commit("tester", "one period more")
    assert (report.inserted, report.updated) == (series, 0)
    size = pages(sqlite_engine, "rev_1_0") - before
    print(f"{size:,} bytes of history for {series:,} series: {size / series:.1f} bytes for each")
    assert size < MOST * series
    assert schema.dataflow is not None
    flow = store.status()[0].dataflow
    with store.reading(flow) as reading:
        then = sum(len(batch) for batch in reading.read(schema, ReadPlan(as_of=1)).batches())
        now = reading.read(schema, ReadPlan(last_n=1))
        assert sum(len(batch) for batch in now.batches()) == series
    assert then == COUNT
    assert Verifier(sqlite_engine, tell).run().findings == []
