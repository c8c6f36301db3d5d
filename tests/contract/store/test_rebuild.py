"""A cube whose rows are written anew: other rows, the same answers, whoever reads and writes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Engine
from support.in_process import silent
from support.observations import dataflow, everything, plain, structure
from support.random_loads import answer_of, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Action, Change, Delta, ReadPlan
from sdmx_server.errors import Busy, Damaged, NotFound
from sdmx_server.store import rebuilding
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.rebuilding import Rebuilder, Rebuilt

SCHEMA = structure(("FREQ", "REF_AREA", "ITEM"), attributes=(("TITLE", ("REF_AREA",)),))


def rebuild(engine: Engine, name: str = "DF") -> Rebuilt:
    return Rebuilder(engine, dataflow(name), silent).run()


def load(store: PackedObservationStore, areas: Sequence[str], items: int, years: range, value: float = 1.0) -> None:
    frame = (
        pl.DataFrame({"REF_AREA": list(areas)})
        .join(pl.DataFrame({"ITEM": [f"I{i}" for i in range(items)]}), how="cross")
        .join(pl.DataFrame({"TIME_PERIOD": [str(y) for y in years]}), how="cross")
        .with_columns(FREQ=pl.lit("A"), OBS_VALUE=pl.lit(value))
    )
    titles = pl.DataFrame({"REF_AREA": list(areas), "TITLE": [f"{a}, {value}" for a in areas]})
    with store.staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=frame, groups={("REF_AREA",): titles}))
        staging.commit("tester", "test")


def tables(engine: Engine) -> list[str]:
    return [n for n in sa.inspect(engine).get_table_names() if n.startswith(("obs_", "att_"))]


def changed(store: PackedObservationStore, since: int) -> list[Any]:
    with store.reading(dataflow()) as reading:
        return [
            plain(reading.read(SCHEMA, ReadPlan(since=since, change=change)))
            for change in (Change.SET, Change.GONE, Change.CELLS_GONE)
        ]


def test_a_cube_that_began_small_gets_the_rows_of_its_size(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, ["IR"], 1, range(2020, 2022))
    load(store, [f"A{i}" for i in range(40)], 30, range(2000, 2020))
    load(store, ["A1", "IR"], 3, range(2010, 2025), 2.0)
    before = store.status()
    past = [everything(store, SCHEMA, ReadPlan(as_of=revision)) for revision in range(4)]
    changes = [changed(store, since) for since in range(3)]
    done = rebuild(engine)
    assert done.left_over == ()
    observations, titles = done.tables
    assert (observations.length_before, observations.length_after) == (3, 2)
    assert observations.entries == before[0].observations
    assert observations.rows_after < observations.rows_before / 10
    assert titles.entries == 41
    generation = store.status()[0].revision.layout
    assert sorted(tables(engine)) == [f"att_1_1_g{generation}", f"obs_1_g{generation}"]
    for one in (store, PackedObservationStore(engine)):
        assert [everything(one, SCHEMA, ReadPlan(as_of=revision)) for revision in range(4)] == past
        assert [changed(one, since) for since in range(3)] == changes
        (after,) = one.status()
        assert (after.observations, after.series) == (before[0].observations, before[0].series)
        assert after.revision.data == 3
        assert after.revision.layout > before[0].revision.layout
    load(store, ["A1"], 2, range(2024, 2026), 3.0)
    assert everything(store, SCHEMA, ReadPlan(as_of=3)) == past[3]
    assert rebuild(engine).tables[0].length_before == 2


def test_whoever_reads_goes_on_in_the_state_it_began_with(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_PATIENCE", 0.3)
    store = PackedObservationStore(engine)
    load(store, ["IR", "AF"], 3, range(2000, 2020))
    expected = everything(store, SCHEMA)
    with store.reading(dataflow()) as reading:
        done = rebuild(engine)
        load(store, ["IR"], 1, range(2000, 2001), 9.0)
        assert plain(reading.read(SCHEMA, ReadPlan())) == expected
    if engine.dialect.name == "postgresql":
        assert done.left_over == ("att_1_1", "obs_1")
    assert rebuild(engine).left_over == ()
    assert len(tables(engine)) == 2
    assert len(everything(store, SCHEMA)) == len(expected)


def test_a_load_and_a_rebuild_side_by_side_lose_nothing(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, ["IR", "AF"], 3, range(2000, 2020))
    errors: list[BaseException] = []

    def writing() -> None:
        try:
            for i in range(6):
                load(PackedObservationStore(engine), [f"X{i}"], 2, range(2000, 2003))
        except BaseException as error:
            errors.append(error)

    writer = threading.Thread(target=writing)
    writer.start()
    for _ in range(3):
        rebuild(engine)
    writer.join()
    assert not errors
    assert len(everything(store, SCHEMA)) == 2 * 3 * 20 + 6 * 2 * 3
    assert store.status()[0].revision.data == 7


def test_damage_stops_a_rebuild_and_changes_nothing(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, ["IR", "AF"], 3, range(2000, 2020))
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE obs_1 SET n = n + 1 WHERE part = (SELECT max(part) FROM obs_1)")
    before = tables(engine)
    with pytest.raises(Damaged, match="FREQ=A"):
        rebuild(engine)
    assert tables(engine) == before
    with pytest.raises(NotFound):
        rebuild(engine, "OTHER")


def test_a_rebuild_that_cannot_get_the_database_says_busy(sqlite_engine: Engine) -> None:
    load(PackedObservationStore(sqlite_engine), ["IR"], 1, range(2000, 2001))
    hasty = create_engine(str(sqlite_engine.url), busy_timeout_ms=50)
    with (
        sqlite_engine.connect().execution_options(sqlite_write=True) as other,
        other.begin(),
        pytest.raises(Busy, match="in use"),
    ):
        rebuild(hasty)
    hasty.dispose()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(loads=random_loads(time=True))
def test_every_past_moment_survives(engine: Engine, loads: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch)
        store, schema = PackedObservationStore(engine), random_structure(time=True)
        states = load_all(store, schema, loads)
        assert schema.dataflow is not None
        name = schema.dataflow.id
        if store.revision(dataflow(name)) is None:
            return
        rebuild(engine, name)
        with store.reading(dataflow(name)) as reading:
            for revision, state in enumerate(states):
                found = plain(reading.read(schema, ReadPlan(as_of=revision)))
                assert found == answer_of(state, schema.dimension_ids)
