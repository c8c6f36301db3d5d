"""How the databases keep packed rows: compression and upkeep on PostgreSQL, the write-ahead log on SQLite."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support.observations import dataflow, structure

from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.store import staging
from sdmx_server.store.observation_store import PackedObservationStore

SCHEMA = structure(("REF_AREA",), attributes=(("OBS_STATUS", ("*",)),))
GROWN = structure(("REF_AREA",), attributes=(("OBS_STATUS", ("*",)), ("CONF_STATUS", ("*",))))


def load(store: PackedObservationStore, value: float) -> None:
    years = [str(year) for year in range(1900, 2026)]
    frame = pl.DataFrame({"TIME_PERIOD": years}).with_columns(REF_AREA=pl.lit("IR"), OBS_VALUE=pl.lit(value))
    with store.staging(SCHEMA, 1) as load:
        load.add(Delta(action=Action.MERGE, observations=frame))
        load.commit("tester", "test")


def log_of(engine: Engine) -> Path:
    return Path(f"{engine.url.database}-wal")


def test_postgresql_keeps_packed_columns_in_the_row_compressed_as_well_as_it_can(postgresql_engine: Engine) -> None:
    store = PackedObservationStore(postgresql_engine)
    load(store, 1.0)
    with store.staging(GROWN, 2) as grown:
        grown.commit("tester", "grown")
    with postgresql_engine.connect() as connection:
        offered = connection.exec_driver_sql(
            "SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'"
        ).scalar_one()
        kept = connection.exec_driver_sql(
            "SELECT attname, attstorage::text, attcompression::text FROM pg_attribute "
            "WHERE attrelid IN ('obs_1'::regclass, 'rev_1_0'::regclass) AND attname ~ '^[stmxaw][0-9]*$'"
        ).all()
        options = connection.exec_driver_sql("SELECT reloptions FROM pg_class WHERE relname = 'obs_1'").scalar_one()
    assert {name for name, _, _ in kept} == {"s0", "t", "w", "m1", "x1", "a2", "a3"}
    assert {(storage, method) for _, storage, method in kept} == {("m", "l" if "lz4" in offered else "")}
    assert "autovacuum_vacuum_scale_factor=0.02" in options


def test_the_log_is_empty_after_a_large_load(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_LARGE", 1)
    store = PackedObservationStore(sqlite_engine)
    load(store, 1.0)
    assert log_of(sqlite_engine).stat().st_size == 0


def test_a_reader_of_an_old_revision_does_not_hold_up_the_tidying(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_LARGE", 1)
    store = PackedObservationStore(sqlite_engine)
    load(store, 1.0)
    with store.reading(dataflow()) as reading:
        load(store, 2.0)
        assert log_of(sqlite_engine).stat().st_size > 0
        (batch,) = reading.read(SCHEMA, ReadPlan()).batches()
        assert set(batch.measures["OBS_VALUE"].values.tolist()) == {1.0}
    load(store, 3.0)
    assert log_of(sqlite_engine).stat().st_size == 0
    with sqlite_engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA busy_timeout")) == 60_000
