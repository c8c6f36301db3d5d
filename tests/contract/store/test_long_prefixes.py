"""A prefix with far more observations than a batch comes in batches all the same, in order and cut between series."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sqlalchemy.engine import Engine
from support.observations import dataflow, structure

from sdmx_server.batches import Action, Batch, Delta, ReadPlan
from sdmx_server.store import regrouping, scanning
from sdmx_server.store.observation_store import PackedObservationStore

SERIES = 900
MONTHS = [f"{1990 + i // 12}-{i % 12 + 1:02}" for i in range(120)]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """About a hundred batches of the observations below, and a sort that has to go to the disk."""
    monkeypatch.setattr(scanning, "BATCH", 1_000)
    monkeypatch.setattr(regrouping, "BATCH", 1_000)
    monkeypatch.setattr(scanning, "_SORTED_AT_ONCE", 20_000)


def batches_of(engine: Engine, *, time: bool, plan: ReadPlan) -> tuple[list[Batch], list[tuple[str, ...]]]:
    """The batches of a plan, and the keys in their order; two series come first, so that a short prefix is chosen."""
    schema = structure(("FREQ", "ITEM"), time=time)
    store = PackedObservationStore(engine)
    items = pl.DataFrame({"ITEM": [f"I{i:03}" for i in range(SERIES)]})
    if time:
        items = items.join(pl.DataFrame({"TIME_PERIOD": MONTHS}), how="cross")
    many = items.with_row_index("OBS_VALUE").with_columns(pl.col("OBS_VALUE").cast(pl.Float64), FREQ=pl.lit("M"))
    for frame in (many.gather_every(len(MONTHS) if time else 1).head(2), many):
        with store.staging(schema, 1) as staging:
            staging.add(Delta(action=Action.MERGE, observations=frame))
            staging.commit("tester", "test")
    with store.reading(dataflow()) as reading:
        dataset = reading.read(schema, plan)
        batches = list(dataset.batches())
        assert (dataset.prefix, dataset.suffix) == (("FREQ",), ("ITEM",))
        codes, periods = dataset.codes("ITEM"), dataset.periods()
    keys = []
    for batch in batches:
        parts = [[codes[i] or "" for i in batch.suffix[0].tolist()]]
        if batch.time is not None:
            parts.append([str(getattr(periods[i], "text", "")) for i in batch.time.tolist()])
        keys += list(zip(*parts, strict=True))
        for values, key in zip(batch.measures["OBS_VALUE"].values.tolist(), keys[-len(batch) :], strict=True):
            month = MONTHS.index(key[1]) if time else 0
            assert values == int(key[0][1:]) * (len(MONTHS) if time else 1) + month
    return batches, keys


def test_series_are_whole_and_in_order(engine: Engine) -> None:
    batches, keys = batches_of(engine, time=True, plan=ReadPlan())
    assert keys == [(f"I{i:03}", month) for i in range(SERIES) for month in MONTHS]
    assert max(len(batch) for batch in batches) < 1_000 + len(MONTHS)
    assert len(batches) > 100
    assert sum(len(batch.series) for batch in batches) == SERIES
    assert all(len(batch.count) == 1 and batch.count.sum() == len(batch.suffix[0]) for batch in batches)
    assert all(np.array_equal(batch.series % len(MONTHS), np.zeros(len(batch.series))) for batch in batches)


def test_the_last_observations_of_every_series(engine: Engine) -> None:
    _, keys = batches_of(engine, time=True, plan=ReadPlan(last_n=1, keys=((None, frozenset(("I000", "I899"))),)))
    assert keys == [("I000", MONTHS[-1]), ("I899", MONTHS[-1])]


def test_without_time_every_observation_is_a_series(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "BATCH", 10)
    monkeypatch.setattr("sdmx_server.store.partition.LONGEST", 10)
    batches, keys = batches_of(engine, time=False, plan=ReadPlan())
    assert keys == [(f"I{i:03}",) for i in range(SERIES)]
    assert max(len(batch) for batch in batches) <= 60
