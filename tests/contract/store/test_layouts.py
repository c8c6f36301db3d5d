"""Daily, hourly and very skewed data: a look-up reads few rows and hardly more than what it tells.

Counted are statements, stored rows and packed bytes, which no machine changes; the time is bounded generously.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest
from sqlalchemy.engine import Engine
from support.databases import fresh_engine

from benchmarks.layouts import Layout, key, layouts, load, plan
from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store.observation_store import CubeReader, PackedObservationStore
from sdmx_server.store.rebuilding import Rebuilder

PART = 20
BYTES = 30
"""What an observation takes at most: two dimensions, its period, a value, its presence, a status, its checksums."""


class Loaded(msgspec.Struct):
    """A store that holds a layout."""

    engine: Engine
    store: PackedObservationStore
    schema: ResolvedStructure
    layout: Layout


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a look-up took."""

    observations: int
    statements: int
    rows: int
    bytes: int
    cpu: float


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["daily", "hourly", "skewed"])
def loaded(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder: Path = tmp_path_factory.mktemp("layout")
    with fresh_engine(kind, folder) as engine:
        store, layout = PackedObservationStore(engine), layouts(PART)[request.param]
        yield Loaded(engine, store, load(store, layout), layout)


def _listened(reading: CubeReader) -> list[Any]:
    """The rows of each statement to come."""
    fetched: list[Any] = []
    transaction = reading._snapshot.transaction
    fetch = transaction.fetch

    def listening(*given: Any) -> Any:
        fetched.append(fetch(*given))
        return fetched[-1]

    transaction.fetch = listening  # type: ignore[method-assign]
    return fetched


def look(loaded: Loaded, wanted: ReadPlan) -> Counted:
    """Look up once to fill what is kept, then count."""
    assert loaded.schema.dataflow is not None
    flow = reference_to(loaded.schema.dataflow)
    with loaded.store.reading(flow) as reading:
        list(reading.read(loaded.schema, wanted).batches())
    began = time.thread_time()
    with loaded.store.reading(flow) as reading:
        fetched = _listened(reading)
        found = sum(len(batch) for batch in reading.read(loaded.schema, wanted).batches())
    return Counted(
        observations=found,
        statements=len(fetched),
        rows=sum(map(len, fetched)),
        bytes=sum(len(v) for rows in fetched for row in rows for v in row if isinstance(v, bytes)),
        cpu=time.thread_time() - began,
    )


def longest(layout: Layout) -> int:
    return int(np.argmax(layout.lengths))


def test_a_long_series_lies_in_few_rows_of_its_own(loaded: Loaded) -> None:
    series = longest(loaded.layout)
    found = look(loaded, plan(loaded.layout, series, stretch=False))
    length = loaded.layout.lengths[series]
    assert (found.observations, found.statements) == (length, 1)
    assert found.rows <= 20
    assert found.bytes <= 1.2 * BYTES * length
    assert found.cpu < 0.05


def test_a_month_of_a_long_series_reads_the_rows_around_it(loaded: Loaded) -> None:
    series = longest(loaded.layout)
    found = look(loaded, plan(loaded.layout, series, stretch=True))
    assert found.statements == 1
    assert found.observations in (31, 31 * 24)
    assert found.rows <= 3
    assert found.bytes <= loaded.layout.lengths[series] * BYTES / 4
    assert found.cpu < 0.05


def test_short_series_do_not_pay_for_long_ones(loaded: Loaded) -> None:
    lengths = loaded.layout.lengths
    for series in (0, len(lengths) // 3, len(lengths) - 1):
        found = look(loaded, plan(loaded.layout, series, stretch=False))
        assert found.observations == lengths[series]
        assert found.bytes <= max(1.2 * BYTES * lengths[series], BYTES * 10_000)
        assert found.cpu < 0.05


def test_a_cube_whose_series_grew_is_suited_by_a_rebuild(sqlite_engine: Engine) -> None:
    """The first load does not tell how long series will be: a rebuild sees it."""
    days = 400
    daily = layouts(PART)["daily"]
    store = PackedObservationStore(sqlite_engine)
    begin = Layout(lengths=(days,) * len(daily.lengths), periods=daily.periods[:days], stretch=daily.stretch)
    schema = load(store, begin)
    rest = pl.DataFrame({"TIME_PERIOD": daily.periods[days:]}).with_columns(OBS_VALUE=pl.lit(1.0))
    with store.staging(schema, 1) as staging:
        for series in range(len(daily.lengths)):
            codes = [pl.lit(code).alias(dimension) for dimension, code in key(series).items()]
            staging.add(Delta(action=Action.MERGE, observations=rest.with_columns(codes)))
        staging.commit("tester", "growth")
    loaded = Loaded(sqlite_engine, store, schema, daily)
    grown = look(loaded, plan(daily, 0, stretch=False))
    assert schema.dataflow is not None
    Rebuilder(sqlite_engine, reference_to(schema.dataflow), lambda *_: None).run()
    rebuilt = look(loaded, plan(daily, 0, stretch=False))
    assert grown.observations == rebuilt.observations == len(daily.periods)
    assert rebuilt.rows <= 20 < grown.rows
