"""Half a million observations of each shape, loaded and read back to equality, with bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy.engine import Engine
from support import databases

from benchmarks import shapes
from sdmx_server.batches import DataSet, ReadPlan
from sdmx_server.model.reference import reference_to
from sdmx_server.store.observation_store import PackedObservationStore

COUNT = 500_000
ROOT = Path(__file__).parents[3]


def _text(codes: Sequence[str | None], ids: np.ndarray) -> pl.Series:  # type: ignore[type-arg]
    return pl.Series(codes, dtype=pl.String).gather(ids)


def frames(dataset: DataSet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The whole answer as texts and numbers: observations, and the attributes of series."""
    observations, series = [], []
    codes = {c.id: dataset.codes(c.id) for c in dataset.schema.components}
    periods = [p.text if p else None for p in dataset.periods()]
    for batch in dataset.batches():
        row = np.repeat(np.arange(len(batch.count)), batch.count)
        ids = {d: p[row] for d, p in zip(dataset.prefix, batch.prefix, strict=True)}
        ids |= dict(zip(dataset.suffix, batch.suffix, strict=True))
        columns = {d.id: _text(codes[d.id], ids[d.id]) for d in dataset.schema.dimensions}
        heads = {d: values.gather(batch.series) for d, values in columns.items()}
        assert batch.time is not None
        columns["TIME_PERIOD"] = _text(periods, batch.time)
        for name, column in batch.measures.items():
            values = pl.Series(column.values)
            if column.presence is not None:
                values = pl.select(pl.when(pl.Series(column.presence == 1)).then(values)).to_series()
            columns[name] = values
        for a in dataset.schema.attributes:
            if dataset.schema.level(a) == "observation":
                columns[a.id] = _text(codes[a.id], batch.attributes.get(a.id, np.zeros(len(batch), np.uint32)))
            else:
                empty = np.zeros(len(batch.series), np.uint32)
                heads[a.id] = _text(codes[a.id], batch.series_attributes.get(a.id, empty))
        observations.append(pl.DataFrame(columns))
        series.append(pl.DataFrame(heads))
    return pl.concat(observations), pl.concat(series)


@pytest.mark.parametrize("name", ["A", "B", "C", "D"])
def test_half_a_million_observations_are_read_back_as_they_were(engine: Engine, name: str) -> None:
    store = PackedObservationStore(engine)
    schema, deltas = shapes.shape(name, COUNT)
    assert schema.dataflow is not None
    with store.staging(schema, 1) as staging:
        for delta in deltas:
            staging.add(delta)
        report = staging.commit("tester", name)
    assert report.inserted == COUNT
    with store.reading(reference_to(schema.dataflow)) as reading:
        dataset = reading.read(schema, ReadPlan())
        assert max(len(batch) for batch in dataset.batches()) < 60_000
        found, series = frames(dataset)
    expected = pl.concat(list(shapes.observations(name, COUNT)))
    key = list(schema.dimension_ids)
    assert_frame_equal(found.sort(key), expected.sort(key), check_column_order=False)
    if shapes.SHAPES[name].series_attributes:
        attached = pl.concat(list(shapes.series_attributes(name, COUNT)))
        assert_frame_equal(series.sort(key[:-1]), attached.sort(key[:-1]), check_column_order=False)
    status = store.status()[0]
    assert (status.observations, status.series) == (COUNT, len(series))


@pytest.mark.parametrize("kind", databases.KINDS)
def test_memory_stays_bounded(kind: str, tmp_path: Path) -> None:
    with databases.fresh_url(kind, tmp_path) as url:
        done = subprocess.run(
            [sys.executable, "-m", "support.store_work", url, "D", str(COUNT)],
            cwd=ROOT / "tests",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert int(done.stdout) < 400
