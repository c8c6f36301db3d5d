"""What structures were at an earlier moment, on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import databases
from support.clock import ticking
from support.in_process import silent

from sdmx_server.errors import Conflict, HistoryPruned, NotFound
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.registry.catalogue import CatalogueCache
from sdmx_server.store.archive import ArchiveReader
from sdmx_server.store.backing_up import back_up
from sdmx_server.store.database import create_engine
from sdmx_server.store.pruning import HistoryPruner
from sdmx_server.store.restoring import restore
from sdmx_server.store.structure_tables import artefact, artefact_history, structure_revision
from sdmx_server.store.structures import SqlStructureStore
from sdmx_server.store.upgrade import is_current, upgrade, upgrade_to
from sdmx_server.store.verifying import Verifier

BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    ticking(monkeypatch)


@pytest.fixture
def store(engine):
    return SqlStructureStore(engine)


def codelist(*codes, version="1.0", artefact_id="CL_SEX"):
    return Codelist(agency="SCI", id=artefact_id, version=version, items=tuple(Code(id=code) for code in codes))


def flow(structure):
    target = Reference(kind="DataStructure", agency="SCI", id=structure, version="1.0")
    return Dataflow(agency="SCI", id="CPI", version="1.0", structure=target)


def moments(engine):
    with engine.connect() as connection:
        found = connection.scalars(sa.select(structure_revision.c.at).order_by(structure_revision.c.revision))
        return [BEGINNING + dt.timedelta(microseconds=at) for at in found]


def state(store, moment):
    """All that a store says about a moment."""
    past = store.past(store.revision_at(moment))
    references = [row.reference for row in past.rows()]
    return past.load(references), past.references(), [row.revision for row in past.rows()]


def test_every_state_is_as_it_was(store, engine):
    store.put([codelist("F")], "test")
    store.put([flow("A")], "test")
    store.put([codelist("F", "M"), codelist("X", artefact_id="CL_X")], "test")
    store.put([flow("B")], "test")
    first, second, third, fourth = moments(engine)
    assert state(store, first - SECOND) == ([], [], [])
    assert state(store, first) == ([codelist("F")], [], [1])
    assert state(store, second + SECOND / 2) == (
        [codelist("F"), flow("A")],
        [(reference_to(flow("A")), flow("A").structure)],
        [1, 2],
    )
    lists = [codelist("F", "M"), codelist("X", artefact_id="CL_X")]
    assert state(store, third) == ([*lists, flow("A")], [(reference_to(flow("A")), flow("A").structure)], [3, 3, 2])
    for moment in (fourth, fourth + dt.timedelta(days=1)):
        assert state(store, moment) == ([*lists, flow("B")], list(store.references()), [3, 3, 4])


def test_a_past_that_was_opened_stays_what_it_was(store, engine):
    store.put([codelist("F")], "test")
    past = store.past(store.revision_at(moments(engine)[0]))
    SqlStructureStore(engine).put([codelist("M")], "test")
    assert past.load([reference_to(codelist())]) == [codelist("F")]
    with pytest.raises(NotFound, match=r"Dataflow SCI:CPI\(1\.0\) was not stored here then"):
        past.load([reference_to(flow("A"))])


def test_a_change_back_is_a_state_of_its_own(store, engine):
    for codes in ("F", "M", "F"):
        store.put([codelist(codes)], "test")
    assert [state(store, moment)[0] for moment in moments(engine)] == [
        [codelist("F")],
        [codelist("M")],
        [codelist("F")],
    ]


def test_a_clock_that_goes_back_does_not_mix_up_revisions(store, engine):
    store.put([codelist("F")], "test")
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.update(structure_revision).values(at=4_000_000_000_000_000))
    store.put([codelist("M")], "test")
    before, after = moments(engine)
    assert after - before == dt.timedelta(microseconds=1)
    assert state(store, before)[0] == [codelist("F")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("ABC"), st.lists(st.sampled_from("FMX"), unique=True), min_size=1), max_size=5
    )
)
def test_any_sequence_of_changes_is_remembered(store, engine, changes):
    known = len(moments(engine))
    held = {value.id: value for value in store.load([row.reference for row in store.rows()])}
    expected = []
    for change in changes:
        given_now = [codelist(*codes, artefact_id=name) for name, codes in change.items()]
        if store.put(given_now, "test"):
            held = held | {value.id: value for value in given_now}
            expected.append(sorted(held.values(), key=reference_to))
    found = [state(store, moment)[0] for moment in moments(engine)[known:]]
    assert found == expected


def test_the_catalogue_of_a_moment(store, engine):
    store.put([codelist("F")], "test")
    store.put([codelist("M")], "test")
    first, second = moments(engine)
    catalogues = CatalogueCache(store)
    assert catalogues.at(second) is catalogues.current()
    past = catalogues.at(first)
    assert (past.revision, past.updated) == (1, first)
    assert past.load(past.all()) == [codelist("F")]
    assert catalogues.at(first + SECOND / 2) is past
    assert not catalogues.at(first - SECOND).all()


# ---- keeping and forgetting ---------------------------------------------------------------------------------------


def changed(store):
    for codes in ("F", "M", "X", "Y"):
        store.put([codelist(codes)], "test")
    store.put([codelist("Z", version="1.0.0")], "test")


def test_pruning_forgets_what_was_before(store, engine):
    changed(store)
    first, second, third, *_ = moments(engine)
    pruner = HistoryPruner(engine)
    report = pruner.prune(third, None, silent, dry_run=True, compact=False).structures
    assert (report.oldest, report.at, report.revisions, report.contents) == (3, third, 2, 2)
    assert report.bytes > 0
    assert state(store, first)[0] == [codelist("F")]
    assert pruner.prune(third, None, silent, dry_run=False, compact=False).structures == report
    assert store.revision_at(first - SECOND)[0] == 0
    for moment in (first, second):
        with pytest.raises(HistoryPruned, match=f"{third:%Y-%m-%dT%H:%M:%S}") as refused:
            store.revision_at(moment)
        assert refused.value.earliest == third
    assert state(store, third)[0] == [codelist("X")]
    assert pruner.prune(third, None, silent, dry_run=False, compact=False).structures is None
    assert Verifier(engine, silent).run().findings == []


def test_a_past_that_is_pruned_meanwhile_says_so(store, engine):
    changed(store)
    first, *_, last = moments(engine)
    past = store.past(store.revision_at(first))
    HistoryPruner(engine).prune(last, None, silent, dry_run=False, compact=True)
    fresh = SqlStructureStore(engine).past((5, last))
    assert fresh.load([reference_to(codelist())]) == [codelist("Y")]
    past._decoded = type(past._decoded)(0)
    with pytest.raises(HistoryPruned):
        past.load([reference_to(codelist())])


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_backup_holds_the_past(kind, tmp_path):
    with databases.fresh_url(kind, tmp_path) as url:
        engine = create_engine(url)
        upgrade(engine)
        changed(SqlStructureStore(engine))
        expected = [state(SqlStructureStore(engine), moment) for moment in moments(engine)]
        back_up(engine, tmp_path / "backup.zip", silent)
        engine.dispose()
    with ArchiveReader(tmp_path / "backup.zip") as archive:
        assert {member.table: member.rows for member in archive.manifest.tables}["artefact_history"] == 3
    copy = create_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    restore(copy, tmp_path / "backup.zip", silent)
    assert [state(SqlStructureStore(copy), moment) for moment in moments(copy)] == expected
    copy.dispose()


def test_an_older_database_begins_with_what_it_has(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        upgrade_to(connection, "0002")
        for revision in (1, 2):
            connection.exec_driver_sql(
                "INSERT INTO structure_revision (revision, at, actor) VALUES (?, ?, 'test')",
                (revision, revision * 10**6),
            )
    assert upgrade(engine)
    assert is_current(engine)
    store = SqlStructureStore(engine)
    assert store.revision_at(BEGINNING + 2 * SECOND) == (2, BEGINNING + 2 * SECOND)
    assert store.revision_at(BEGINNING)[0] == 0
    with pytest.raises(HistoryPruned, match="1970-01-01T00:00:02"):
        store.revision_at(BEGINNING + SECOND)
    engine.dispose()


@pytest.mark.parametrize(
    ("table", "values", "word"),
    [
        (artefact_history, {"fingerprint": "0"}, "not what its fingerprint says"),
        (artefact_history, {"payload": b"\xc1"}, "cannot be read"),
        (artefact_history, {"until": 9}, "replaced by revision 9, but revision 4 follows"),
        (artefact, {"revision": 77}, "names revision 77, which there never was"),
    ],
)
def test_verifying_reads_the_past(store, engine, table, values, word):
    changed(store)
    assert Verifier(engine, silent).run().findings == []
    rows = table.c.revision == (3 if table is artefact_history else 4)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.update(table).where(rows).values(**values))
    [finding] = Verifier(engine, silent).run().findings
    assert "Codelist SCI:CL_SEX(1.0)" in str(finding)
    assert word in str(finding)


def test_what_was_refused_leaves_no_past(store, engine):
    changed(store)
    with pytest.raises(Conflict):
        store.put([codelist("new"), codelist("other", version="1.0.0")], "test")
    assert len(moments(engine)) == 5
    assert state(store, moments(engine)[-1])[0][0] == codelist("Y")
