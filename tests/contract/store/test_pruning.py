"""History that is pruned: what is left is exact, what is gone is refused, and nobody is held up."""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support import databases
from support.clock import ticking
from support.in_process import silent
from support.observations import dataflow, everything, plain, structure

from sdmx_server.batches import Action, Change, Delta, ReadPlan
from sdmx_server.errors import Busy, HistoryPruned, NotFound
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.ports import Commit, PruneReport
from sdmx_server.store import pruning
from sdmx_server.store.archive import ArchiveReader, ArchiveWriter, read_value
from sdmx_server.store.backing_up import back_up
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.pruning import HistoryPruner
from sdmx_server.store.restoring import restore
from sdmx_server.store.upgrade import is_current, upgrade
from sdmx_server.store.verifying import Verifier

SCHEMA = structure(("FREQ", "REF_AREA"), attributes=(("TITLE", ("REF_AREA",)),))
OTHER = structure(("FREQ", "REF_AREA"), attributes=(("TITLE", ("REF_AREA",)),), name="OTHER")
AREAS = [f"A{i}" for i in range(40)]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that shows another full second whenever it is looked at."""
    ticking(monkeypatch)


def load(store: PackedObservationStore, value: float, schema: ResolvedStructure = SCHEMA) -> None:
    """Give all observations, and the titles of all areas, a value."""
    frame = (
        pl.DataFrame({"REF_AREA": AREAS})
        .join(pl.DataFrame({"TIME_PERIOD": [str(year) for year in range(2000, 2020)]}), how="cross")
        .with_columns(FREQ=pl.lit("A"), OBS_VALUE=pl.lit(value))
    )
    titles = pl.DataFrame({"REF_AREA": AREAS, "TITLE": [f"{area}, {value}" for area in AREAS]})
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=frame, groups={("REF_AREA",): titles}))
        staging.commit("tester", "test")


def commits(store: PackedObservationStore, name: str = "DF") -> list[Commit]:
    with store.reading(dataflow(name)) as reading:
        oldest = reading.oldest()
        return [oldest, *reading.commits(oldest.revision, 10**6, 10**6)]


def prune(engine: Engine, before: dt.datetime, name: str | None = None, **more: bool) -> PruneReport:
    chosen = {"dry_run": False, "compact": False} | more
    return HistoryPruner(engine).prune(before, dataflow(name) if name else None, silent, **chosen)


def blocks(engine: Engine) -> dict[str, int]:
    """How many blocks each history table holds."""
    names = [n for n in sa.inspect(engine).get_table_names() if n.startswith("rev_")]
    with engine.connect() as connection:
        return {n: connection.exec_driver_sql(f"SELECT count(*) FROM {n}").scalar_one() for n in names}


def past(store: PackedObservationStore, revisions: Sequence[int]) -> list[Any]:
    """The states of some revisions, and what changed between them."""
    with store.reading(dataflow()) as reading:
        states: list[Any] = [plain(reading.read(SCHEMA, ReadPlan(as_of=n))) for n in revisions]
        for since in revisions:
            for change in (Change.SET, Change.ATTRIBUTES_SET):
                states.append(plain(reading.read(SCHEMA, ReadPlan(since=since, change=change))))
    return states


def test_what_is_left_is_exact_and_what_went_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    store = PackedObservationStore(engine)
    for value in range(6):
        load(store, float(value))
        load(store, float(value), OTHER)
    before, made = past(store, range(3, 7)), commits(store)
    there = blocks(engine)
    report = prune(engine, made[3].at, "DF")
    [cube] = report.cubes
    assert (cube.dataflow, cube.oldest, cube.commits) == (dataflow(), made[3], 3)
    assert cube.entries == 2 * (len(AREAS) * 20 + len(AREAS)), "what the second and the third load overwrote"
    assert cube.bytes > cube.entries
    assert cube.blocks == sum(n - blocks(engine)[name] for name, n in there.items())
    assert past(store, range(3, 7)) == before
    for other in (store, PackedObservationStore(engine)):
        with other.reading(dataflow()) as reading:
            assert reading.oldest() == made[3]
            assert reading.revision_at(made[4].at - dt.timedelta(microseconds=1)) == made[3]
            with pytest.raises(HistoryPruned, match=f"T:DF.*{made[3].at:%Y-%m-%dT%H:%M:%S.%f}Z") as refused:
                reading.revision_at(made[3].at - dt.timedelta(microseconds=1))
            assert refused.value.earliest == made[3].at
            for plan in (ReadPlan(as_of=2), ReadPlan(since=2)):
                with pytest.raises(HistoryPruned):
                    reading.read(SCHEMA, plan)
                with pytest.raises(HistoryPruned):
                    reading.availability(SCHEMA, plan)
            assert reading.revision_at(dt.datetime(1999, 1, 1, tzinfo=dt.UTC)).revision == 0
    with store.reading(dataflow("OTHER")) as reading:
        assert reading.oldest().revision == 0
    assert everything(store, OTHER, ReadPlan(as_of=1))[("A", "A0", "2000")]["OBS_VALUE"] == 0.0
    assert Verifier(engine, silent).run().findings == []
    assert [c.commits for c in prune(engine, made[5].at).cubes] == [2, 4]
    assert prune(engine, made[4].at).cubes == (), "history does not come back"
    load(store, 9.0)
    assert everything(store, SCHEMA, ReadPlan(as_of=6))[("A", "A0", "2000")]["OBS_VALUE"] == 5.0
    assert Verifier(engine, silent).run().findings == []


def test_clients_that_keep_full_seconds_can_go_on_while_nothing_is_loaded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticking(monkeypatch, fraction=400_000)
    store = PackedObservationStore(engine)
    for value in range(4):
        load(store, float(value))
    made = commits(store)
    assert prune(engine, made[4].at + dt.timedelta(days=9000)).cubes[0].oldest == made[3]
    prepared = made[4].at.replace(microsecond=0)
    with store.reading(dataflow()) as reading:
        since = reading.revision_at(prepared).revision
        told = plain(reading.read(SCHEMA, ReadPlan(since=since, change=Change.SET)))
        assert len(told) == len(AREAS) * 20, "what was loaded within that second may come twice"
        with pytest.raises(HistoryPruned):
            reading.revision_at(made[3].at.replace(microsecond=0))


def test_a_dry_run_tells_the_same_and_changes_nothing(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    for value in range(4):
        load(store, float(value))
    made, there = commits(store), blocks(engine)
    told = prune(engine, made[3].at, dry_run=True)
    assert blocks(engine) == there
    assert commits(store) == made
    assert prune(engine, made[3].at).cubes == told.cubes
    assert prune(engine, made[1].at - dt.timedelta(seconds=1), dry_run=True).cubes == ()
    with pytest.raises(NotFound, match="OTHER"):
        prune(engine, made[3].at, "OTHER")


def test_readers_and_loads_go_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reader keeps an old state open all the time, others come and go, and loads go on."""
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    store = PackedObservationStore(engine)
    for value in range(8):
        load(store, float(value))
    made = commits(store)
    first = ("A", "A0", "2000")
    pruned = threading.Event()

    def reading_on() -> None:
        mine = PackedObservationStore(engine)
        while not pruned.is_set():
            for revision in (7, 8):
                found = everything(mine, SCHEMA, ReadPlan(as_of=revision))
                assert {cells["OBS_VALUE"] for cells in found.values()} == {float(revision - 1)}

    def loading_on() -> None:
        for value in range(8, 14):
            load(PackedObservationStore(engine), float(value))

    with store.reading(dataflow()) as old, ThreadPoolExecutor(2) as others:
        assert old.revision.data == 8
        running = [others.submit(work) for work in (reading_on, loading_on)]
        prune(engine, made[7].at)
        pruned.set()
        for one in running:
            one.result()
        assert plain(old.read(SCHEMA, ReadPlan(as_of=2)))[first]["OBS_VALUE"] == 1.0, "it sees the state it began with"
    assert [everything(store, SCHEMA, ReadPlan(as_of=n))[first]["OBS_VALUE"] for n in (7, 10, 14)] == [6.0, 9.0, 13.0]
    assert commits(store)[0] == made[7]
    assert Verifier(engine, silent).run().findings == []


def test_a_pruning_that_was_broken_off_is_finished_by_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PackedObservationStore(engine)
    for value in range(5):
        load(store, float(value))
    made, there = commits(store), blocks(engine)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(HistoryPruner, "_drop", broken)
        with pytest.raises(KeyboardInterrupt):
            prune(engine, made[4].at)
    assert blocks(engine) == there
    assert commits(store)[0] == made[4]
    assert Verifier(engine, silent).run().findings == []
    [rest] = prune(engine, made[4].at).cubes
    assert (rest.commits, rest.oldest) == (0, made[4])
    assert rest.blocks == sum(there.values()) - sum(blocks(engine).values()) > 0
    assert Verifier(engine, silent).run().findings == []


def test_history_that_is_missing_without_having_been_pruned_is_found(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    for value in range(3):
        load(store, float(value))
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM rev_1_0 WHERE seq = 2")
    [finding] = Verifier(engine, silent).run().findings
    assert "commit 2" in str(finding)
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE cube SET pruned = 7")
    assert any("it is said to begin with revision 7" in str(f) for f in Verifier(engine, silent).run().findings)


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_carries_how_far_history_was_pruned(kinds: tuple[str, str], tmp_path: Path) -> None:
    with databases.fresh_url(kinds[0], tmp_path) as source, databases.fresh_url(kinds[1], tmp_path) as target:
        engine, other = create_engine(source), create_engine(target)
        upgrade(engine)
        store = PackedObservationStore(engine)
        for value in range(5):
            load(store, float(value))
        made = commits(store)
        prune(engine, made[3].at)
        expected = past(store, range(3, 6))
        back_up(engine, tmp_path / "backup.zip", silent)
        restore(other, tmp_path / "backup.zip", silent)
        copy = PackedObservationStore(other)
        assert past(copy, range(3, 6)) == expected
        assert commits(copy) == [made[3], *made[4:]]
        with copy.reading(dataflow()) as reading, pytest.raises(HistoryPruned):
            reading.revision_at(made[2].at)
        assert Verifier(other, silent).run().findings == []
        engine.dispose()
        other.dispose()


LATER_COLUMNS = {
    ("cube", "pruned"),
    ("structure_revision", "kept"),
    ("metadata_revision", "kept"),
    ("cube", "checksum"),
    ("code", "checksum"),
    ("period", "checksum"),
}
LATER_TABLES = {"artefact_history", "metadata_revision", "metadata_set", "registration", "registration_revision"}
"""What the first release did not have."""


def of_the_first_release(path: Path, target: Path) -> None:
    """Copy a backup as the release would have made it that did not know of pruning, nor of earlier structures."""
    with ArchiveReader(path) as archive, ArchiveWriter(target) as copy:
        for member in archive.manifest.tables:
            if member.table in LATER_TABLES:
                continue
            kept = [i for i, column in enumerate(member.columns) if (member.table, column) not in LATER_COLUMNS]
            columns, kinds = (tuple(names[i] for i in kept) for names in (member.columns, member.kinds))
            rows = [
                ["0001"] if member.table == "alembic_version" else [read_value(member.kinds[i], row[i]) for i in kept]
                for portion in archive.rows(member)
                for row in portion
            ]
            deque(copy.write(msgspec.structs.replace(member, columns=columns, kinds=kinds), rows), maxlen=0)
        copy.finish(msgspec.structs.replace(archive.manifest, schema="0001", tables=()))


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_backup_of_the_first_release_is_restored_with_its_whole_history(tmp_path: Path, kind: str) -> None:
    with databases.fresh_url("sqlite", tmp_path) as source, databases.fresh_url(kind, tmp_path) as target:
        engine, other = create_engine(source), create_engine(target)
        upgrade(engine)
        store = PackedObservationStore(engine)
        for value in range(3):
            load(store, float(value))
        back_up(engine, tmp_path / "new.zip", silent)
        of_the_first_release(tmp_path / "new.zip", tmp_path / "old.zip")
        restore(other, tmp_path / "old.zip", silent)
        assert is_current(other)
        assert past(PackedObservationStore(other), range(1, 4)) == past(store, range(1, 4))
        made = commits(PackedObservationStore(other))
        assert [commit.revision for commit in made] == [0, 1, 2, 3]
        assert Verifier(other, silent).run().findings == []
        assert len(prune(other, made[2].at).cubes) == 1
        engine.dispose()
        other.dispose()


def test_compacting_gives_the_room_back(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    for value in range(30):
        load(store, float(value))
    made = commits(store)
    idle = prune(engine, made[30].at)
    size = size_of(engine)
    before = past(store, [30])
    done = prune(engine, made[30].at, compact=True)
    assert (done.cubes, done.in_use) == ((), ())
    assert size_of(engine) < size / 2
    assert past(store, [30]) == before
    if engine.dialect.name == "sqlite":
        assert idle.free is not None
        assert idle.free > size / 2
        assert done.free == 0
    else:
        assert idle.free is done.free is None


def size_of(engine: Engine) -> int:
    """Bytes of SQLite's file, or of the history of the observations on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        return Path(engine.url.database or "").stat().st_size
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT pg_total_relation_size('rev_1_0')").scalar_one()


def test_a_table_that_is_read_from_is_left_as_it_is(postgresql_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_PATIENCE_MS", 50)
    store = PackedObservationStore(postgresql_engine)
    for value in range(3):
        load(store, float(value))
    made = commits(store)
    with store.reading(dataflow()) as reading:
        assert plain(reading.read(SCHEMA, ReadPlan(as_of=2)))
        report = prune(postgresql_engine, made[3].at, compact=True)
    assert report.in_use == ("rev_1_0", "rev_1_1")
    assert prune(postgresql_engine, made[3].at, compact=True).in_use == ()
    assert blocks(postgresql_engine) == {"rev_1_0": 0, "rev_1_1": 0}


def test_pruning_that_cannot_get_the_database_says_busy(sqlite_engine: Engine) -> None:
    store = PackedObservationStore(sqlite_engine)
    for value in range(3):
        load(store, float(value))
    hasty = create_engine(str(sqlite_engine.url), busy_timeout_ms=50)
    with sqlite_engine.connect().execution_options(sqlite_write=True) as other, other.begin():
        with pytest.raises(Busy, match="in use"):
            prune(hasty, commits(store)[3].at)
        with pytest.raises(Busy, match="compacted"):
            prune(hasty, dt.datetime(1999, 1, 1, tzinfo=dt.UTC), compact=True)
    hasty.dispose()
