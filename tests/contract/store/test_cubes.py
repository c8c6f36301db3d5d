"""Cubes through their life: versions that share one, growing structures, several writers, damage."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support import databases
from support.observations import dataflow, everything, structure
from support.writing import write

from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.errors import BadSemantics, Busy, Conflict, Damaged
from sdmx_server.model.resolved import ResolvedStructure, Storage
from sdmx_server.store import staging
from sdmx_server.store.database import create_engine, metadata
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.verifying import Verifier

SCHEMA = structure(("FREQ", "REF_AREA"))


def load(
    store: PackedObservationStore, schema: ResolvedStructure, action: Action = Action.MERGE, **columns: list[object]
) -> int:
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=action, observations=pl.DataFrame(columns)))
        return staging.commit("tester", "test").revision.data


def one(area: str, value: float, **more: object) -> dict[str, list[object]]:
    cells = {"FREQ": "A", "REF_AREA": area, "TIME_PERIOD": "2016", "OBS_VALUE": value, **more}
    return {name: [v] for name, v in cells.items()}


def test_compatible_versions_share_a_cube_and_others_do_not(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    grown = structure(("FREQ", "REF_AREA"), version="1.1.0")
    load(store, grown, **one("AF", 2.0))
    assert len(everything(store, SCHEMA)) == len(everything(store, grown)) == 2
    for version in ("2.0.0", "1.0", "1.2.0-draft"):
        assert store.revision(dataflow(version=version)) is None
    load(store, structure(("FREQ", "REF_AREA"), version="1.0"), **one("IR", 3.0))
    assert [(s.dataflow.version, s.observations, s.series) for s in store.status()] == [("1.1.0", 2, 2), ("1.0", 1, 1)]


def test_a_grown_structure_adds_columns_and_keeps_what_is_there(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    grown = structure(
        ("FREQ", "REF_AREA"),
        measures=(("OBS_VALUE", Storage.FLOAT), ("COUNT", Storage.INTEGER)),
        attributes=(("OBS_STATUS", ("*",)), ("TITLE", ("REF_AREA",))),
        version="1.1.0",
    )
    key = ("A", "IR", "2016")
    assert everything(store, grown) == {key: {"OBS_VALUE": 1.0}}
    load(store, grown, **one("AF", 2.0, COUNT=2**53 + 1, OBS_STATUS="E"))
    assert everything(store, grown) == {
        key: {"OBS_VALUE": 1.0},
        ("A", "AF", "2016"): {"OBS_VALUE": 2.0, "COUNT": 2**53 + 1, "OBS_STATUS": "E"},
    }
    load(store, grown, **one("IR", 1.0, COUNT=5))
    assert everything(store, grown)[key] == {"OBS_VALUE": 1.0, "COUNT": 5}
    assert everything(store, grown, ReadPlan(as_of=2))[key] == {"OBS_VALUE": 1.0}
    assert everything(store, SCHEMA)[key] == {"OBS_VALUE": 1.0}


@pytest.mark.parametrize(
    "other",
    [
        structure(("FREQ", "SEX")),
        structure(("FREQ", "REF_AREA"), time=False),
        structure(("FREQ", "REF_AREA"), measures=(("OBS_VALUE", Storage.INTEGER),)),
    ],
)
def test_a_structure_that_contradicts_the_data_is_refused(engine: Engine, other: ResolvedStructure) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    with pytest.raises(Conflict):
        store.staging(other, 1)
    with store.reading(dataflow()) as reading, pytest.raises(Conflict):
        reading.read(other, ReadPlan())


def test_the_same_data_again_changes_nothing_and_says_so(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", float("nan")))
    before = store.revision(dataflow())
    with store.staging(SCHEMA, 2) as staging:
        staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame(one("IR", float("nan")))))
        report = staging.commit("tester", "again")
    assert not report.changed
    assert (report.unchanged, report.revision) == (1, before)
    assert store.revision(dataflow()) == before


def test_a_full_reload_within_one_load_records_only_the_differences(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **{k: v * 2 for k, v in one("IR", 1.0).items()} | {"REF_AREA": ["IR", "AF"]})
    with store.staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=Action.DELETE, observations=pl.DataFrame()))
        staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame(one("IR", 1.0))))
        staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame(one("TR", 3.0))))
        report = staging.commit("tester", "reload")
    assert (report.inserted, report.deleted, report.updated, report.unchanged) == (1, 1, 0, 1)


def test_a_deleted_series_comes_back_when_looking_back(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    load(store, SCHEMA, Action.DELETE, FREQ=["A"], REF_AREA=["IR"], TIME_PERIOD=pl.Series([None], dtype=pl.String))
    load(store, SCHEMA, **one("AF", 2.0))
    assert everything(store, SCHEMA, ReadPlan(as_of=0)) == {}
    assert everything(store, SCHEMA, ReadPlan(as_of=1)) == {("A", "IR", "2016"): {"OBS_VALUE": 1.0}}
    assert everything(store, SCHEMA, ReadPlan(as_of=2)) == {}
    assert everything(store, SCHEMA) == {("A", "AF", "2016"): {"OBS_VALUE": 2.0}}


def test_a_reader_keeps_its_revision_while_others_write(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    with store.reading(dataflow()) as reading:
        load(store, SCHEMA, **one("AF", 2.0))
        dataset = reading.read(SCHEMA, ReadPlan())
        assert reading.revision.data == 1
        assert len(dataset.codes("REF_AREA")) == 3
        assert sum(len(b) for b in dataset.batches()) == 1
    assert len(everything(store, SCHEMA)) == 2


def test_writers_side_by_side_lose_nothing(engine: Engine) -> None:
    """Each writer has a store of its own, as in another process: new codes meet under the lock."""
    errors: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for i in range(5):
                load(PackedObservationStore(engine), SCHEMA, **one(f"{name}{i}", float(i)))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "XYZ"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    store = PackedObservationStore(engine)
    assert everything(store, SCHEMA) == {
        ("A", f"{name}{i}", "2016"): {"OBS_VALUE": float(i)} for name in "XYZ" for i in range(5)
    }
    assert store.status()[0].revision.data == 15


def test_first_loads_at_the_same_moment_make_one_cube(engine: Engine) -> None:
    """Each has seen that there is no cube and no table yet, and has planned to make them."""
    at_once = threading.Barrier(4)

    def first(name: str) -> int:
        store = PackedObservationStore(engine)
        with store.staging(SCHEMA, 1) as staging:
            staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame(one(name, 1.0))))
            at_once.wait(60)
            return staging.commit("tester", "first").revision.data

    with ThreadPoolExecutor(4) as writers:
        made = sorted(writers.map(first, "WXYZ"))
    assert made == [1, 2, 3, 4]
    assert sorted(key[1] for key in everything(PackedObservationStore(engine), SCHEMA)) == ["W", "X", "Y", "Z"]


def test_a_first_load_that_breaks_off_leaves_no_table_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(staging, "add_tallies", broken)  # by then tables, rows and codes are written
        with pytest.raises(KeyboardInterrupt):
            load(PackedObservationStore(engine), SCHEMA, **one("IR", 1.0))
    assert not [name for name in sa.inspect(engine).get_table_names() if name.startswith(("obs_", "rev_"))]
    assert load(PackedObservationStore(engine), SCHEMA, **one("IR", 1.0)) == 1
    assert Verifier(engine, lambda *_: None).run().findings == []


def test_writers_in_several_processes_lose_nothing(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write, args=(url, name, 4)) for name in "XYZ"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    store = PackedObservationStore(engine)
    assert everything(store, SCHEMA) == {
        ("A", f"{name}{i}", "2016"): {"OBS_VALUE": float(i)} for name in "XYZ" for i in range(4)
    }


def test_a_load_that_cannot_get_the_database_says_busy(tmp_path: Path) -> None:
    with databases.fresh_url("sqlite", tmp_path) as url:
        engine = create_engine(url, busy_timeout_ms=50)
        metadata.create_all(engine)
        store = PackedObservationStore(engine)
        with engine.connect().execution_options(sqlite_write=True) as other, other.begin(), pytest.raises(Busy):
            load(store, SCHEMA, **one("IR", 1.0))
        engine.dispose()


def test_a_grown_structure_does_not_keep_readers_waiting(
    postgresql_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdmx_server.store.staging._GROW_TIMEOUT_MS", 100)
    store = PackedObservationStore(postgresql_engine)
    load(store, SCHEMA, **one("IR", 1.0))
    grown = structure(("FREQ", "REF_AREA"), attributes=(("OBS_STATUS", ("*",)),), version="1.1.0")
    with store.reading(dataflow()) as reading:
        assert sum(len(b) for b in reading.read(SCHEMA, ReadPlan()).batches()) == 1
        with pytest.raises(Busy):
            load(store, grown, **one("AF", 2.0, OBS_STATUS="E"))
    load(store, grown, **one("AF", 2.0, OBS_STATUS="E"))
    assert len(everything(store, grown)) == 2


def test_damage_is_found_and_named(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, SCHEMA, **one("IR", 1.0))
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        rows = sa.Table("obs_1", sa.MetaData(), autoload_with=connection)
        connection.execute(rows.update().values(m1=b"\x00" * 8))
    with pytest.raises(Damaged, match=r"T:DF\(1\.0\.0\).*FREQ=A"):
        everything(store, SCHEMA)


@pytest.mark.parametrize(
    "columns",
    [
        one("IR", 1.0, NOWHERE="x"),
        one("IR", 1.0) | {"TIME_PERIOD": ["yesterday"]},
        one("IR", 1.0) | {"OBS_VALUE": [1]},
        one("IR", 1.0) | {"FREQ": pl.Series([None], dtype=pl.String)},
    ],
)
def test_a_frame_that_does_not_fit_is_refused(engine: Engine, columns: dict[str, list[object]]) -> None:
    store = PackedObservationStore(engine)
    with pytest.raises(BadSemantics):
        load(store, SCHEMA, **columns)
    assert store.revision(dataflow()) is None
