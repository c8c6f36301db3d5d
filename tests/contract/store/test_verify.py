"""Verification: sound databases have no findings, and every kind of damage is found, by its key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Engine
from support import databases
from support.in_process import silent
from support.observations import dataflow, everything, structure
from support.random_loads import load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Action, Change, Delta, ReadPlan
from sdmx_server.errors import Damaged, NotFound
from sdmx_server.model.codelist import Codelist
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store import cubes
from sdmx_server.store.database import create_engine
from sdmx_server.store.dictionaries import checksum
from sdmx_server.store.findings import Verification
from sdmx_server.store.layout import PERIODS
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.rebuilding import Rebuilder
from sdmx_server.store.structures import SqlStructureStore
from sdmx_server.store.verifying import Verifier

SCHEMA = structure(("REF_AREA", "FREQ"), attributes=(("TITLE", ("REF_AREA",)), ("OBS_STATUS", ("*",))))
FLOW = "T:DF(1.0.0)"


def verify(engine: Engine, name: str | None = None) -> Verification:
    return Verifier(engine, silent).run(dataflow(name) if name else None)


def texts(engine: Engine) -> list[str]:
    return [str(finding) for finding in verify(engine).findings]


def load(engine: Engine, rows: Sequence[tuple[str, str, float | None]], action: Action = Action.MERGE) -> None:
    frame = pl.DataFrame(rows, schema=["REF_AREA", "TIME_PERIOD", "OBS_VALUE"], orient="row")
    frame = frame.with_columns(FREQ=pl.lit("A"))
    delta = Delta(action=action, observations=frame)
    if action is Action.MERGE:
        frame = frame.with_columns(OBS_STATUS=pl.lit("A"))
        areas = frame["REF_AREA"].unique().sort()
        titles = pl.DataFrame({"REF_AREA": areas, "TITLE": [f"{area} {rows[0][2]}" for area in areas]})
        delta = Delta(action=action, observations=frame, groups={("REF_AREA",): titles})
    with PackedObservationStore(engine).staging(SCHEMA, 1) as staging:
        staging.add(delta)
        staging.commit("tester", "test")


def revise(engine: Engine) -> Engine:
    """A cube with three areas, of which one was revised, one lost an observation and one came late."""
    load(engine, [(area, str(year), 1.5) for area in ("IR", "AF") for year in range(1950, 2020)])
    load(engine, [("IR", "2001", 2.5), ("TR", "2001", 2.5)])
    load(engine, [("AF", "1990", None)], Action.DELETE)
    return engine


@pytest.fixture
def revised(engine: Engine) -> Engine:
    return revise(engine)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same cube in a SQLite file that tests may copy."""
    with databases.fresh_engine("sqlite", tmp_path_factory.mktemp("revised")) as engine:
        revise(engine)
        assert engine.url.database is not None
        return Path(engine.url.database)


@pytest.fixture
def copied(template: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{shutil.copy(template, tmp_path)}")
    yield engine
    engine.dispose()


def change(engine: Engine, statement: str, **values: Any) -> None:
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        done = connection.execute(sa.text(statement), values)
        assert done.rowcount == 1


def value(engine: Engine, query: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.text(query)).scalar_one()


def written(text: str, start: int, end: int) -> str:
    """The columns of the period of id 5 as the store would have written it."""
    return f"text = '{text}', start = {start}, \"end\" = {end}, checksum = {checksum(PERIODS, 5, text, start, end)}"


FIRST = "p0 = 3 AND part = (SELECT min(part) FROM obs_1)"
LAST = "p0 = 2 AND part = (SELECT max(part) FROM obs_1)"


def test_a_sound_database_has_no_findings(revised: Engine) -> None:
    found = verify(revised)
    assert found.findings == []
    assert (found.cubes, found.observations, found.count) == (1, 140, 0)
    assert (found.rows, found.blocks) == (8, 7)
    Rebuilder(revised, dataflow(), silent).run()
    assert texts(revised) == []


def test_damaged_rows_are_named_by_key_component_and_way_out(revised: Engine) -> None:
    blob = bytearray(value(revised, f"SELECT m1 FROM obs_1 WHERE {LAST}"))
    blob[3] ^= 1
    change(revised, f"UPDATE obs_1 SET m1 = :blob WHERE {LAST}", blob=bytes(blob))
    change(revised, "UPDATE att_1_1 SET a2 = NULL WHERE p0 = 3")
    found = verify(revised, "DF")
    assert [str(f) for f in found.findings] == [
        f"{FLOW}: observations, REF_AREA=AF, FREQ=A, periods within 1986 to 2019: OBS_VALUE fails its checksum; "
        "restore the database from a backup",
        f"{FLOW}: attributes of REF_AREA, REF_AREA=IR: TITLE fails its checksum; restore the database from a backup",
    ]
    assert found.count == 2
    with pytest.raises(Damaged, match="REF_AREA="):
        everything(PackedObservationStore(revised), SCHEMA)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE obs_1 SET n = n + 1 WHERE {FIRST}", "its key, length or checksum is damaged"),
        (f"UPDATE obs_1 SET checksum = x'' WHERE {FIRST}", "its key, length or checksum is damaged"),
        (f"UPDATE obs_1 SET part = part + 1 WHERE {FIRST}", "its key, length or checksum is damaged"),
        (f"UPDATE obs_1 SET t_lo = t_lo + 1 WHERE {FIRST}", "first and last moments"),
        (f"UPDATE obs_1 SET a3 = NULL WHERE {FIRST}", "OBS_STATUS fails its checksum"),
        ("UPDATE rev_1_0 SET hi = (SELECT max(hi) FROM rev_1_0) WHERE seq = 2 AND block = 1", "lo and hi"),
        ("UPDATE rev_1_0 SET n = 1 WHERE n = 0", "its key, length or checksum is damaged"),
        ("UPDATE rev_1_0 SET n = 0 WHERE seq = 3", "its key, length or checksum is damaged"),
        ("UPDATE rev_1_1 SET seq = 3 WHERE n = 0", "its key, length or checksum is damaged"),
        ("UPDATE rev_1_0 SET w = NULL WHERE seq = 3", "marks of what was there fails its checksum"),
        ("UPDATE rev_1_0 SET m1 = NULL WHERE seq = 3", "OBS_VALUE fails its checksum"),
        ("UPDATE rev_1_0 SET seq = 9 WHERE seq = 3", "there is no such commit"),
        ("UPDATE cube SET observations = 7", "number of observations: the cube says 7, there are 140"),
        ("UPDATE cube SET series = 9", "number of series: the cube says 9, there are 3"),
        ("UPDATE cube SET updated = updated + 1", "was not made when the cube was last changed"),
        ("UPDATE data_commit SET inserted = 5 WHERE seq = 2", "history of observations, commit 2"),
        ("DELETE FROM data_commit WHERE seq = 3", "there are 2 up to 2, the cube is at 3"),
        ("UPDATE tally SET observations = 0 WHERE component = 1 AND id = 2", "index of REF_AREA: REF_AREA="),
        ("DELETE FROM tally WHERE component = 0 AND id = 3", "index of TIME_PERIOD: 1951: 0 said, 2 there"),
        ("DELETE FROM code WHERE component = 1 AND id = 2", "dictionary of REF_AREA: it has 2 entries"),
        ("UPDATE code SET code = 'IQ' WHERE component = 1 AND id = 2", "entry 2 ('IQ') fails its checksum"),
        ("UPDATE period SET start = start + 1 WHERE id = 5", "entry 5 ('1953') fails its checksum"),
        (f"UPDATE period SET {written('1953', 1, 2)} WHERE id = 5", "does not begin and end when it says"),
        (f"UPDATE period SET {written('soon', 1, 2)} WHERE id = 5", "'soon' is no SDMX time period"),
        ("UPDATE cube SET layout = 'x'", "the cube's own row: it cannot be read"),
        ("UPDATE cube SET structure_rev = 9", "the cube's own row: it fails its checksum"),
        ("UPDATE cube SET checksum = 0", "the cube's own row: it fails its checksum"),
        ("UPDATE cube SET line = '2.*'", "the cube's own row: it is not found by its version"),
    ],
)
def test_every_kind_of_damage_is_found(copied: Engine, statement: str, said: str) -> None:
    change(copied, statement)
    found = texts(copied)
    assert any(said in text for text in found), found
    assert all(text.startswith(FLOW) for text in found)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE code SET code = 'IQ' WHERE component = 1 AND id = 2",
            r"REF_AREA entry 2 \('IQ'\) fails its checksum",
        ),
        ("DELETE FROM code WHERE component = 1 AND id = 2", "REF_AREA entry 2 .* fails its checksum"),
        ("DELETE FROM code WHERE component = 1 AND id = 4", "REF_AREA there are 2 entries of 3"),
        ("UPDATE period SET text = '1800' WHERE id = 9", r"of periods entry 9 \('1800'\) fails"),
        ("DELETE FROM period WHERE id = 9", "of periods entry 9 "),
    ],
)
def test_a_damaged_dictionary_is_never_served_nor_added_to(revised: Engine, statement: str, said: str) -> None:
    change(revised, statement)
    for plan in (ReadPlan(), ReadPlan(as_of=1), ReadPlan(keys=((frozenset({"AF"}), None),))):
        with pytest.raises(Damaged, match=rf"T:DF\(1\.0\.0\).*{said}.*backup"):
            everything(PackedObservationStore(revised), SCHEMA, plan)
    with pytest.raises(Damaged, match=said):
        load(revised, [("AF", "1950", 9.0)])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE tally SET observations = observations + 1 WHERE component = 1 AND id = 2", "REF_AREA"),
        ("DELETE FROM tally WHERE component = 0 AND id = 9", "TIME_PERIOD"),
        ("UPDATE cube SET observations = 7", "7 observations"),
    ],
)
def test_a_damaged_index_is_never_served(revised: Engine, statement: str, said: str) -> None:
    change(revised, statement)
    with revised.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        for cube in cubes.every(connection):
            cubes.store(connection, cube)  # with a checksum that is right
    store = PackedObservationStore(revised)
    with store.reading(dataflow()) as reading:
        with pytest.raises(Damaged, match=said):
            reading.availability(SCHEMA, ReadPlan())
        with pytest.raises(Damaged, match=said):
            reading.read(SCHEMA, ReadPlan()).used("REF_AREA")
    assert len(everything(store, SCHEMA)) == 140


@pytest.mark.parametrize("said", ["layout = replace(layout, 'REF_AREA', 'FREQ')", "series = 9", "checksum = 0"])
def test_a_cube_whose_own_row_is_damaged_is_never_served_nor_loaded_into(revised: Engine, said: str) -> None:
    store = PackedObservationStore(revised)
    assert len(everything(store, SCHEMA)) == 140
    change(revised, f"UPDATE cube SET {said}")
    with pytest.raises(Damaged, match=r"T:DF\(1\.0\.0\) as a whole fails its checksum.*backup"):
        everything(store, SCHEMA)
    with pytest.raises(Damaged, match="as a whole"):
        load(revised, [("IR", "1950", 9.0)])
    assert f"{FLOW}: the cube's own row: it fails its checksum" in "".join(
        str(f) for f in verify(revised, "DF").findings
    )


def test_marks_of_an_earlier_release_have_no_checksum(revised: Engine) -> None:
    change(revised, "UPDATE rev_1_0 SET checksum = :empty WHERE n = 0", empty=b"")
    assert texts(revised) == []
    assert everything(PackedObservationStore(revised), SCHEMA, ReadPlan(as_of=0)) == {}


def test_rows_of_a_lost_database_page_are_missed(copied: Engine) -> None:
    change(copied, f"DELETE FROM obs_1 WHERE {FIRST}")
    found = texts(copied)
    assert any("number of observations" in text for text in found)
    assert any("index of TIME_PERIOD" in text for text in found)


def test_history_that_is_damaged_is_not_served(revised: Engine) -> None:
    change(revised, "UPDATE rev_1_0 SET m1 = NULL WHERE seq = 3")
    store = PackedObservationStore(revised)
    assert len(everything(store, SCHEMA)) == 140
    with pytest.raises(Damaged, match=r"T:DF\(1\.0\.0\)"):
        everything(store, SCHEMA, ReadPlan(as_of=2))
    with pytest.raises(Damaged, match=r"T:DF\(1\.0\.0\)"):
        everything(store, SCHEMA, ReadPlan(since=2, change=Change.GONE))


def test_a_load_onto_damage_is_refused(copied: Engine) -> None:
    blob = np.arange(3, dtype="<u4").tobytes()
    change(copied, f"UPDATE obs_1 SET t = :blob WHERE {FIRST}", blob=blob)
    with pytest.raises(Damaged, match="restore"):
        load(copied, [("IR", "1950", 9.0), ("AF", "1950", 9.0), ("TR", "1950", 9.0)])
    assert PackedObservationStore(copied).status()[0].revision.data == 3


def test_artefacts_are_verified(engine: Engine) -> None:
    store = SqlStructureStore(engine)
    store.put([Codelist(agency="T", id=f"CL{i}", version="1.0.0", names={"en": "x"}) for i in range(3)], "tester")
    found = verify(engine)
    assert (found.artefacts, found.findings) == (3, [])
    change(engine, "UPDATE artefact SET fingerprint = 'x' WHERE id = 'CL1'")
    change(engine, "UPDATE artefact SET payload = :empty WHERE id = 'CL2'", empty=b"")
    one, other = texts(engine)
    assert one.startswith("Codelist T:CL1(1.0.0): its content is not what its fingerprint says")
    assert other.startswith("Codelist T:CL2(1.0.0): its content cannot be read")
    with pytest.raises(NotFound):
        verify(engine, "OTHER")


def _structures() -> list[ResolvedStructure]:
    return [random_structure(time=True), random_structure(time=False)]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(timed=random_loads(time=True), timeless=random_loads(time=False))
def test_whatever_is_loaded_is_sound(engine: Engine, timed: list[Any], timeless: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch)
        for schema, loads in zip(_structures(), (timed, timeless), strict=True):
            load_all(PackedObservationStore(engine), schema, loads)
        assert texts(engine) == []


def test_a_bit_that_the_disk_flipped_is_found(template: Path, tmp_path: Path) -> None:
    content = bytearray(template.read_bytes())
    at = content.find(np.full(20, 1.5).tobytes())
    assert at > 0
    content[at + 77] ^= 4
    path = tmp_path / "flipped.db"
    path.write_bytes(content)
    engine = create_engine(f"sqlite:///{path}")
    (found,) = texts(engine)
    assert "OBS_VALUE fails its checksum" in found
    with pytest.raises(Damaged):
        everything(PackedObservationStore(engine), SCHEMA)
    engine.dispose()
