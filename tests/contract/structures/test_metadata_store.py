"""What every store of metadata sets and of registrations does, on SQLite and on PostgreSQL."""

import datetime as dt
from itertools import pairwise

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import databases
from support.artefacts_metadata import metadata_sets
from support.clock import ticking
from support.in_process import silent

from sdmx_server.errors import BadSemantics, Conflict, HistoryPruned, NotFound
from sdmx_server.model.constraint import QueryableDataSource
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.registration import Registration
from sdmx_server.store.backing_up import back_up
from sdmx_server.store.cubes import moment_of
from sdmx_server.store.database import create_engine
from sdmx_server.store.metadata_sets import SqlMetadataStore, unsound_sets
from sdmx_server.store.metadata_tables import metadata_revision, metadata_set, registration
from sdmx_server.store.pruning import HistoryPruner
from sdmx_server.store.registrations import SqlRegistrationStore, unsound_registrations
from sdmx_server.store.restoring import restore
from sdmx_server.store.upgrade import upgrade
from sdmx_server.store.verifying import Verifier

FLOW = Reference(kind="Metadataflow", agency="SCI", id="QUALITY", version="1.0.0")


def report(version="1.0", text="a", **fields):
    return MetadataSet(
        agency="SCI",
        id="REPORT",
        version=version,
        metadataflow=FLOW,
        attributes=(ReportedAttribute(id="TITLE", texts={"en": text, "fa": "عنوان"}),),
        **fields,
    )


def held(store, as_of=None):
    return store.load(store.state(as_of).heads)


def test_an_empty_store_is_revision_zero(engine):
    state = SqlMetadataStore(engine).state()
    assert (state.revision, state.heads) == (0, ())


def test_what_is_put_is_loaded_and_heads_lack_what_is_reported(engine):
    store = SqlMetadataStore(engine)
    assert store.put([report("1.1.0"), report("1.0.0")], "test") == [
        reference_to(report("1.1.0")),
        reference_to(report("1.0.0")),
    ]
    state = store.state()
    assert [head.metadata_set.version for head in state.heads] == ["1.0.0", "1.1.0"]
    assert all(head.metadata_set.attributes == () for head in state.heads)
    assert held(store) == [report("1.0.0"), report("1.1.0")]
    assert store.load(state.heads[::-1]) == [report("1.1.0"), report("1.0.0")]


def test_the_same_content_is_no_change_and_a_stable_version_never_changes(engine):
    store = SqlMetadataStore(engine)
    store.put([report("1.0.0")], "test")
    assert store.put([report("1.0.0")], "test") == []
    assert store.state().revision == 1
    with pytest.raises(Conflict, match="new version"):
        store.put([report("2.0.0"), report("1.0.0", "b")], "test")
    assert held(store) == [report("1.0.0")]
    with pytest.raises(Conflict, match="twice"):
        store.put([report(), report(text="b")], "test")
    with pytest.raises(BadSemantics):
        store.put([report("one")], "test")


def test_the_past_stays(engine):
    store = SqlMetadataStore(engine)
    store.put([report(text="first")], "test")
    first = store.state().updated
    store.put([report(text="second")], "test")
    second = store.state().updated
    store.remove(reference_to(report()), "test")
    third = store.state().updated
    tick = dt.timedelta(microseconds=1)
    assert held(store) == []
    assert held(store, first - tick) == []
    assert held(store, first) == held(store, second - tick) == [report(text="first")]
    assert held(store, second) == held(store, third - tick) == [report(text="second")]
    assert held(store, third) == []
    store.put([report(text="second")], "test")
    assert held(store) == [report(text="second")]
    with pytest.raises(NotFound, match="REPORT"):
        store.remove(reference_to(report("9.0.0")), "test")


def test_another_process_sees_a_change_at_once(engine):
    one, other = SqlMetadataStore(engine), SqlMetadataStore(engine)
    one.put([report()], "test")
    assert held(other) == [report()]
    one.put([report(text="b")], "test")
    assert held(other) == [report(text="b")]
    assert other.state() is other.state()


def test_a_clock_that_goes_back_makes_no_revision_older(engine):
    store = SqlMetadataStore(engine)
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        future = 4_000_000_000_000_000
        connection.execute(sa.insert(metadata_revision).values(revision=7, at=future, actor="test"))
    store.put([report()], "test")
    state = store.state()
    assert state.revision == 8
    assert state.updated > dt.datetime(2096, 1, 1, tzinfo=dt.UTC)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(metadata_sets(), max_size=4, unique_by=reference_to))
def test_any_set_comes_back(engine, sets):
    store = SqlMetadataStore(engine)
    for head in store.state().heads:
        store.remove(reference_to(head.metadata_set), "test")
    store.put(sets, "test")
    assert {reference_to(one): one for one in held(store)} == {reference_to(one): one for one in sets}
    with engine.connect() as connection:
        assert not any(problem for _, problem in unsound_sets(connection))


def test_what_is_damaged_is_found(engine):
    store = SqlMetadataStore(engine)
    store.put([report(), report("1.0.0")], "test")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.execute(sa.update(metadata_set).where(metadata_set.c.version == "1.0").values(payload=b"\xc1"))
        connection.execute(sa.update(metadata_set).where(metadata_set.c.version == "1.0.0").values(fingerprint="x"))
    found = Verifier(engine, lambda *_: None).run()
    assert found.metadata_sets == 2
    texts = [str(finding) for finding in found.findings]
    assert "REPORT(1.0): its content cannot be read" in texts[0]
    assert "REPORT(1.0.0): its content is not what its fingerprint says" in texts[1]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"revision": 9}, "it names revision 9, which there never was"),
        ({"until": 9}, "it names revision 9, which there never was"),
        ({"until": 1}, "it was written by revision 1 and replaced by revision 1"),
        ({"until": 3}, "it was written by revision 2, before another content of the set ended"),
        ({"until": None}, "it was written by revision 2, before another content of the set ended"),
    ],
)
def test_a_history_out_of_order_is_found(engine, damage, reason):
    store = SqlMetadataStore(engine)
    for text in "abc":
        store.put([report(text=text)], "test")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.execute(sa.update(metadata_set).where(metadata_set.c.revision == 1).values(**damage))
    assert reason in [str(f).partition("1.0): ")[2].partition(";")[0] for f in Verifier(engine, silent).run().findings]


# -- pruning -----------------------------------------------------------------------------------------------------------


def moments(engine):
    """When each revision was made."""
    with engine.connect() as connection:
        return [moment_of(at) for at in connection.scalars(sa.select(metadata_revision.c.at).order_by("revision"))]


def pruned(engine, before, *, dry_run=False):
    return HistoryPruner(engine).prune(before, None, silent, dry_run=dry_run, compact=False).metadata


def changed(store, monkeypatch):
    """Five revisions, one in each second: three contents of one set, which is then removed, and another set."""
    ticking(monkeypatch)
    for text in "abc":
        store.put([report(text=text)], "test")
    store.remove(reference_to(report()), "test")
    store.put([report("1.0.0", "d")], "test")


def test_pruning_forgets_what_sets_were_before(engine, monkeypatch):
    store = SqlMetadataStore(engine)
    changed(store, monkeypatch)
    first, second, third, *later = moments(engine)
    told = pruned(engine, third, dry_run=True)
    assert (told.oldest, told.at, told.revisions, told.contents) == (3, third, 2, 2)
    assert told.bytes > 0
    assert held(store, first) == [report(text="a")]
    assert pruned(engine, third) == told
    for one in (store, SqlMetadataStore(engine)):
        for moment in (first, second):
            with pytest.raises(HistoryPruned, match=f"Metadata sets.*{third:%Y-%m-%dT%H:%M:%S}") as refused:
                one.state(moment)
            assert refused.value.earliest == third
        assert held(one, first - dt.timedelta(seconds=1)) == []
        assert [held(one, at) for at in (third, *later)] == [[report(text="c")], [], [report("1.0.0", "d")]]
        assert held(one) == [report("1.0.0", "d")]
    assert pruned(engine, third) is None
    assert Verifier(engine, silent).run().findings == []
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(metadata_set)) == 2


def test_the_history_is_all_contents_that_are_kept(engine, monkeypatch):
    store = SqlMetadataStore(engine)
    assert store.history().heads == ()
    changed(store, monkeypatch)
    made = moments(engine)
    heads = store.history().heads
    assert store.history().revision == store.state().revision == 5
    assert store.load(heads) == [report(text="a"), report(text="b"), report(text="c"), report("1.0.0", "d")]
    assert [(head.at, head.until) for head in heads] == [*pairwise(made[:4]), (made[4], None)]
    assert all(head.until is None for head in store.state(made[0]).heads)
    pruned(engine, made[2])
    assert store.load(store.history().heads) == [report(text="c"), report("1.0.0", "d")]


def test_pruning_keeps_all_of_the_present_and_who_changed_what(engine, monkeypatch):
    store = SqlMetadataStore(engine)
    changed(store, monkeypatch)
    made = moments(engine)
    assert pruned(engine, dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).oldest == 5
    assert moments(engine) == made
    assert held(store) == held(SqlMetadataStore(engine)) == [report("1.0.0", "d")]
    store.put([report("1.0.0", "d"), report(text="e")], "test")
    assert store.state().revision == 6
    assert [len(held(store, at)) for at in moments(engine)[4:]] == [1, 2]


def test_pruning_has_nothing_to_forget(engine, monkeypatch):
    assert pruned(engine, dt.datetime.now(dt.UTC)) is None
    changed(SqlMetadataStore(engine), monkeypatch)
    first = moments(engine)[0]
    assert pruned(engine, first) is None
    assert pruned(engine, first - dt.timedelta(days=1)) is None
    assert len(held(SqlMetadataStore(engine), first)) == 1


def test_an_answer_whose_sets_are_pruned_meanwhile_says_so(engine, monkeypatch):
    store = SqlMetadataStore(engine)
    changed(store, monkeypatch)
    first, *_, fourth, _last = moments(engine)
    heads = store.state(first).heads
    pruned(engine, fourth)
    with pytest.raises(HistoryPruned, match="Metadata sets"):
        store.load(heads)


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_backup_holds_sets_with_their_past_and_registrations(kinds, tmp_path, monkeypatch):
    with databases.fresh_url(kinds[0], tmp_path) as source, databases.fresh_url(kinds[1], tmp_path) as target:
        engine, other = create_engine(source), create_engine(target)
        upgrade(engine)
        store = SqlMetadataStore(engine)
        changed(store, monkeypatch)
        second, *later = moments(engine)[1:]
        pruned(engine, second)
        SqlRegistrationStore(engine).put([Registration(id="A", provision_agreement=AGREEMENT)], "test")
        back_up(engine, tmp_path / "backup.zip", silent)
        restore(other, tmp_path / "backup.zip", silent)
        copy = SqlMetadataStore(other)
        assert [held(copy, at) for at in (second, *later)] == [held(store, at) for at in (second, *later)]
        with pytest.raises(HistoryPruned):
            copy.state(second - dt.timedelta(microseconds=1))
        assert SqlRegistrationStore(other).state() == SqlRegistrationStore(engine).state()
        found = Verifier(other, silent).run()
        assert (found.metadata_sets, found.findings) == (3, [])
        copy.put([report("2.0.0")], "test")  # keys go on after those that were restored
        assert len(held(copy)) == 2
        engine.dispose()
        other.dispose()


# -- registrations -----------------------------------------------------------------------------------------------------

AGREEMENT = Reference(kind="ProvisionAgreement", agency="SCI", id="PA_CPI", version="1.0.0")
SERVICE = QueryableDataSource(data_url="https://example.org/sdmx", is_rest=True)


def test_registrations_are_added_replaced_and_removed(engine):
    store = SqlRegistrationStore(engine)
    assert store.state().registrations == ()
    [first] = store.put([Registration(id="B", provision_agreement=AGREEMENT, queryable_source=SERVICE)], "test")
    store.put([Registration(id="A", provision_agreement=AGREEMENT, simple_source="https://example.org/a.xml")], "test")
    assert [one.id for one in SqlRegistrationStore(engine).state().registrations] == ["A", "B"]
    other = Registration(id="B", provision_agreement=AGREEMENT, simple_source="https://example.org/b")
    [again] = store.put([other], "test")
    assert store.state().registrations[1] == again
    assert dt.datetime.fromisoformat(again.last_updated) > dt.datetime.fromisoformat(first.last_updated)
    assert store.state().revision == 3
    store.remove("A", "test")
    assert [one.id for one in store.state().registrations] == ["B"]
    with pytest.raises(NotFound, match="registration A"):
        store.remove("A", "test")
    assert store.state().revision == 4


def test_registrations_that_say_the_same_stay_as_they_are(engine):
    store = SqlRegistrationStore(engine)
    both = [
        Registration(id=name, provision_agreement=AGREEMENT, simple_source=f"https://example.org/{name}.xml")
        for name in "AB"
    ]
    before = store.put(both, "test")
    assert [one.id for one in before] == ["A", "B"]
    assert store.state().revision == 1
    assert store.put([*both, *before], "test") == []
    assert store.state().revision == 1
    [changed] = store.put([both[0], msgspec.structs.replace(both[1], index_data_set=True)], "test")
    assert (changed.id, store.state().revision) == ("B", 2)
    assert store.state().registrations == (before[0], changed)


def test_a_damaged_registration_is_found(engine):
    SqlRegistrationStore(engine).put([Registration(id="A", provision_agreement=AGREEMENT)], "test")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.execute(sa.update(registration).values(id="B"))
    with engine.connect() as connection:
        assert list(unsound_registrations(connection)) == [("B", "its content is that of another one")]
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.execute(sa.update(registration).values(id="A", revision=5))
    assert "A: it names revision 5, which there never was" in str(Verifier(engine, silent).run().findings[0])
