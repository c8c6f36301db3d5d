"""Backups: taken while loads go on, restored into either kind of database; what is no whole backup is refused."""

from __future__ import annotations

import io
import itertools
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support import databases
from support.in_process import silent
from support.observations import dataflow, everything, plain, structure

from sdmx_server.batches import Action, Change, Delta, ReadPlan
from sdmx_server.errors import Conflict, SdmxServerError
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.store import archive
from sdmx_server.store.archive import BadArchive
from sdmx_server.store.backing_up import back_up
from sdmx_server.store.database import create_engine
from sdmx_server.store.load_log import SqlLoadLog
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.rebuilding import Rebuilder
from sdmx_server.store.restoring import restore
from sdmx_server.store.structures import SqlStructureStore
from sdmx_server.store.upgrade import upgrade
from sdmx_server.store.verifying import Verifier

SCHEMA = structure(
    ("REF_AREA", "SEX"),
    attributes=(("TITLE", ("REF_AREA",)), ("OBS_STATUS", ("*",)), ("CONTACT", ())),
)
CHANGES = (Change.SET, Change.GONE, Change.CELLS_GONE)
_numbers = itertools.count()


@pytest.fixture(params=databases.KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with databases.fresh_url(request.param, tmp_path) as url:
        engine = create_engine(url)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=databases.KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    with databases.fresh_url(request.param, tmp_path) as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


def load(engine: Engine, areas: list[str], value: float, action: Action = Action.MERGE) -> int:
    frame = (
        pl.DataFrame({"REF_AREA": areas})
        .join(pl.DataFrame({"SEX": ["M", "F"]}), how="cross")
        .join(pl.DataFrame({"TIME_PERIOD": [str(y) for y in range(2000, 2020)]}), how="cross")
    )
    delta = Delta(action=action, observations=frame)
    if action is Action.MERGE:
        titles = pl.DataFrame({"REF_AREA": areas, "TITLE": [f"«{a}», {value}" for a in areas]})
        contact = pl.DataFrame({"CONTACT": [canonical] if (canonical := f'{{"en":"{value}","fa":"تماس"}}') else []})
        frame = frame.with_columns(OBS_VALUE=pl.lit(value), OBS_STATUS=pl.lit("A"))
        delta = Delta(action=action, observations=frame, groups={("REF_AREA",): titles, (): contact})
    with PackedObservationStore(engine).staging(SCHEMA, 1) as staging:
        staging.add(delta)
        return staging.commit("tester", "test").revision.data


def fill(engine: Engine) -> None:
    """Two artefacts, a log, and a cube with four revisions of which the last follows a rebuild."""
    names = {"en": "Areas", "fa": "مناطق"}
    areas = Codelist(agency="T", id="CL_AREA", version="1.0.0", names=names, items=(Code(id="IR"),))
    SqlStructureStore(engine).put([areas, Codelist(agency="T", id="CL_SEX", version="1.0.0")], "tester")
    SqlLoadLog(engine).record("one.csv", "abc", True, "گزارش")
    SqlLoadLog(engine).record("two.csv", "def", False, "")
    load(engine, ["IR"], 1.0)
    load(engine, ["IR", "AF", "TR"], 2.5)
    load(engine, ["AF"], 0.0, Action.DELETE)
    Rebuilder(engine, dataflow(), silent).run()
    load(engine, ["AF", "IQ"], float("nan"))


def shown(engine: Engine) -> list[Any]:
    """Everything that can be asked: every past moment, what changed since each, structures, the log."""
    store = PackedObservationStore(engine)
    found: list[Any] = [repr(everything(store, SCHEMA, ReadPlan(as_of=n))) for n in range(5)]
    with store.reading(dataflow()) as reading:
        for since in range(4):
            found += [repr(plain(reading.read(SCHEMA, ReadPlan(since=since, change=c)))) for c in CHANGES]
        found.append(reading.revision)
        found.append(reading.commits(0, 9, 9))
        found.append(reading.availability(SCHEMA, ReadPlan()))
        found.append(dict(reading.read(SCHEMA, ReadPlan()).dataset_attributes))
    structures = SqlStructureStore(engine)
    rows = structures.rows()
    found += [rows, structures.revision(), structures.load([r.reference for r in rows]), structures.references()]
    return [*found, SqlLoadLog(engine).last("one.csv"), SqlLoadLog(engine).last("two.csv"), store.status()]


def test_a_backup_restores_everything_into_either_kind(source: Engine, target: Engine, tmp_path: Path) -> None:
    fill(source)
    file = tmp_path / "backup.zip"
    taken = back_up(source, file, silent)
    assert (taken.cubes, taken.observations, taken.bytes) == (1, 160, file.stat().st_size)
    done = restore(target, file, silent)
    assert (done.cubes, done.observations, done.rows) == (1, 160, taken.rows)
    assert done.database == source.dialect.name
    assert shown(target) == shown(source)
    assert Verifier(target, silent).run().findings == []
    again = tmp_path / "again.zip"
    back_up(target, again, silent)
    assert digests(again) == digests(file)
    # life goes on: new rows get new numbers, new loads merge with what was restored
    assert load(target, ["IR", "XX"], 7.0) == 5
    SqlLoadLog(target).record("three.csv", "ghi", True, "")
    SqlStructureStore(target).put([Codelist(agency="T", id="CL_NEW", version="1.0.0")], "tester")
    assert Verifier(target, silent).run().findings == []
    with pytest.raises(Conflict, match="not empty"):
        restore(target, file, silent)
    assert PackedObservationStore(target).status()[0].revision.data == 5


def digests(file: Path) -> dict[str, str]:
    manifest = json.loads(zipfile.ZipFile(file).read(archive.MANIFEST))
    return {member["table"]: member["digest"] for member in manifest["tables"]}


def test_a_backup_while_loads_go_on_shows_one_moment(source: Engine, sqlite_engine: Engine, tmp_path: Path) -> None:
    load(source, ["IR"], 1.0)
    stop = threading.Event()
    errors: list[BaseException] = []

    def writing() -> None:
        try:
            for value in itertools.count(2):
                if stop.is_set():
                    return
                load(source, ["IR", f"A{value % 5}"], float(value))
        except BaseException as error:
            errors.append(error)

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        for i in range(3):
            file = tmp_path / f"{i}.zip"
            back_up(source, file, silent)
            fresh = create_engine(f"sqlite:///{tmp_path / f'{i}.db'}")
            restore(fresh, file, silent)
            assert Verifier(fresh, silent).run().findings == []
            values = {
                cells["OBS_VALUE"]
                for key, cells in everything(PackedObservationStore(fresh), SCHEMA).items()
                if key[0] == "IR"
            }
            assert len(values) == 1
            fresh.dispose()
    finally:
        stop.set()
        writer.join()
    assert not errors


def test_an_empty_database_that_was_made_already_is_filled(source: Engine, tmp_path: Path) -> None:
    with databases.fresh_engine("sqlite", tmp_path) as bare, pytest.raises(SdmxServerError, match="empty"):
        back_up(bare, tmp_path / "none.zip", silent)
    assert not list(tmp_path.glob("none.zip*"))
    back_up(source, tmp_path / "empty.zip", silent)
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    upgrade(made)
    assert restore(made, tmp_path / "empty.zip", silent).cubes == 0
    made.dispose()


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a backup."""
    folder = tmp_path_factory.mktemp("taken")
    engine = create_engine(f"sqlite:///{folder / 'source.db'}")
    upgrade(engine)
    fill(engine)
    back_up(engine, folder / "backup.zip", silent)
    engine.dispose()
    return (folder / "backup.zip").read_bytes()


def rewritten(taken: bytes, folder: Path, **changes: bytes | None) -> Path:
    """The backup with members replaced, or left out."""
    original = folder / "original.zip"
    original.write_bytes(taken)
    path = folder / f"changed{next(_numbers)}.zip"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            key = name.removeprefix("tables/").partition(".")[0]
            body = changes.get(key, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return path


def manifest(taken: bytes, folder: Path, **fields: Any) -> Path:
    (folder / "m.zip").write_bytes(taken)
    known = json.loads(zipfile.ZipFile(folder / "m.zip").read(archive.MANIFEST))
    return rewritten(taken, folder, manifest=json.dumps({**known, **fields}).encode())


def refused(engine: Engine, path: Path) -> str:
    """Why a file is refused; the database is as empty as before."""
    with pytest.raises(BadArchive) as error:
        restore(engine, path, silent)
    assert sa.inspect(engine).get_table_names() == []
    return str(error.value)


def test_what_is_no_whole_backup_is_refused(target: Engine, taken: bytes, tmp_path: Path) -> None:
    def file(content: bytes) -> Path:
        path = tmp_path / f"file{next(_numbers)}.zip"
        path.write_bytes(content)
        return path

    assert "is no backup" in refused(target, file(b"STRUCTURE,STRUCTURE_ID\n"))
    assert "is no backup" in refused(target, file(b""))
    for length in (2, 100, len(taken) // 2, len(taken) - 1):
        assert "take another backup" in refused(target, file(taken[:length]))
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr("word/document.xml", "<w/>")
    assert "has no manifest.json" in refused(target, other)
    assert "is no backup" in refused(target, manifest(taken, tmp_path, format="theirs"))
    assert "cannot be read" in refused(target, rewritten(taken, tmp_path, manifest=b"{"))
    assert "version 9" in refused(target, manifest(taken, tmp_path, version=9))
    assert "newer release" in refused(target, manifest(taken, tmp_path, schema="9999"))
    assert "is missing" in refused(target, manifest(taken, tmp_path, tables=[]))


def test_damage_anywhere_in_a_backup_is_found(target: Engine, taken: bytes, tmp_path: Path) -> None:
    names = [n for n in digests_of(taken, tmp_path) if n.startswith(("obs_", "rev_", "code", "cube"))]
    assert len(names) > 5
    for name in names[:: max(1, len(names) // 6)]:
        assert name in refused(target, rewritten(taken, tmp_path, **{name: b""}))
        assert name in refused(target, rewritten(taken, tmp_path, **{name: None}))
    with zipfile.ZipFile(io.BytesIO(taken)) as whole:
        members = [member for member in whole.infolist() if member.file_size > 9]  # the others hold no rows
    for member in members[:: max(1, len(members) // 9)]:
        start = member.header_offset
        head = 30 + len(member.filename) + int.from_bytes(taken[start + 28 : start + 30], "little")
        at = start + head + member.compress_size // 2  # in what it holds
        broken = bytearray(taken)
        broken[at] ^= 0xFF
        path = tmp_path / "broken.zip"
        path.write_bytes(bytes(broken))
        assert "take another backup" in refused(target, path)


def digests_of(taken: bytes, folder: Path) -> dict[str, str]:
    (folder / "d.zip").write_bytes(taken)
    return digests(folder / "d.zip")
