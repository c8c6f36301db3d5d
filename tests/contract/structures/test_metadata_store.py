"""What every store of metadata sets and of registrations does, on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.artefacts_metadata import metadata_sets

from sdmx_server.errors import BadSemantics, Conflict, NotFound
from sdmx_server.model.constraint import QueryableDataSource
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.registration import Registration
from sdmx_server.store.metadata_sets import SqlMetadataStore, unsound_sets
from sdmx_server.store.metadata_tables import metadata_revision, metadata_set, registration
from sdmx_server.store.registrations import SqlRegistrationStore, unsound_registrations
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


# -- registrations -----------------------------------------------------------------------------------------------------

AGREEMENT = Reference(kind="ProvisionAgreement", agency="SCI", id="PA_CPI", version="1.0.0")
SERVICE = QueryableDataSource(data_url="https://example.org/sdmx", is_rest=True)


def test_registrations_are_added_replaced_and_removed(engine):
    store = SqlRegistrationStore(engine)
    assert store.state().registrations == ()
    first = store.put(Registration(id="B", provision_agreement=AGREEMENT, queryable_source=SERVICE), "test")
    store.put(Registration(id="A", provision_agreement=AGREEMENT, simple_source="https://example.org/a.xml"), "test")
    assert [one.id for one in SqlRegistrationStore(engine).state().registrations] == ["A", "B"]
    again = store.put(
        Registration(id="B", provision_agreement=AGREEMENT, simple_source="https://example.org/b"), "test"
    )
    assert store.state().registrations[1] == again
    assert dt.datetime.fromisoformat(again.last_updated) > dt.datetime.fromisoformat(first.last_updated)
    assert store.state().revision == 3
    store.remove("A", "test")
    assert [one.id for one in store.state().registrations] == ["B"]
    with pytest.raises(NotFound, match="registration A"):
        store.remove("A", "test")
    assert store.state().revision == 4


def test_a_damaged_registration_is_found(engine):
    SqlRegistrationStore(engine).put(Registration(id="A", provision_agreement=AGREEMENT), "test")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        connection.execute(sa.update(registration).values(id="B"))
    with engine.connect() as connection:
        assert list(unsound_registrations(connection)) == [("B", "its content is that of another one")]
