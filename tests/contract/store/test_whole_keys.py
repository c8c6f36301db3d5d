"""One series has a path of its own in the store: it gives what the general one gives, and reads only what it must."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import Plain, dataflow, plain, structure
from support.random_loads import CODES, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Action, Condition, DataSet, Delta, Filter, Operator, ReadPlan
from sdmx_server.errors import BadSemantics, Damaged
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store.dataset import StoredDataSet
from sdmx_server.store.observation_store import CubeReader, PackedObservationStore
from sdmx_server.store.series import StoredSeries

DIMENSIONS = ("FREQ", "REF_AREA", "SEX")
_SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_KEYS = st.tuples(*(st.sampled_from([*CODES[d], "nowhere"]) for d in DIMENSIONS))
_RANGES = st.lists(
    st.tuples(
        st.sampled_from([Operator.GE, Operator.LE, Operator.GT, Operator.LT, Operator.EQ, Operator.NE]),
        st.sampled_from([*CODES["TIME_PERIOD"], "2015", "2016-05-01T12:00:00"]),
    ),
    max_size=2,
)
_LENGTHS = st.one_of(st.none(), st.integers(0, 2))
_CUT = st.fixed_dictionaries({"first_n": _LENGTHS, "last_n": _LENGTHS})
_CHOSEN = st.sampled_from([{}, {"measures": ("OBS_VALUE",), "attributes": ("REGION", "SOURCE")}])


def whole(key: Sequence[str], **more: Any) -> ReadPlan:
    return ReadPlan(keys=(tuple(frozenset((code,)) for code in key),), **more)


def filtered(conditions: Sequence[tuple[Operator, str]]) -> tuple[Filter, ...]:
    """Conditions that must all hold, in two filters where there are two."""
    return tuple(Filter(component="TIME_PERIOD", any_of=((Condition(o, v),),)) for o, v in conditions)


def told(found: DataSet) -> tuple[Plain, Any, Any, Any]:
    """Everything that a data set tells but in which pieces."""
    codes = {c.id: found.codes(c.id) for c in found.schema.components}
    groups = sorted(
        (t.dimensions, *(codes[d][int(k[i])] for d, k in zip(t.dimensions, t.keys, strict=True)), name, codes[name][v])
        for t in found.groups()
        for name, ids in t.attributes.items()
        for i, v in enumerate(ids.tolist())
        if v > 1
    )
    used = {c: found.used(c).tolist() for c in found.schema.dimension_ids}
    return plain(found), groups, dict(found.dataset_attributes), used


def agree(reading: CubeReader, schema: ResolvedStructure, plan: ReadPlan) -> None:
    """Both paths give the same, in the same order."""
    found = reading.read(schema, plan)
    assert isinstance(found, StoredSeries)
    expected = StoredDataSet(reading._snapshot, schema, plan)
    assert told(found) == told(expected)
    assert list(plain(found)) == list(plain(expected))
    assert (found.prefix, found.suffix) == (expected.prefix, expected.suffix)
    assert (found.measures, found.attributes) == (expected.measures, expected.attributes)
    assert found.availability() == expected.availability()
    assert [len(b.series) for b in found.batches()] in ([], [1])


@_SETTINGS
@given(random_loads(time=True), st.lists(_KEYS, min_size=1, max_size=3), _RANGES, st.tuples(_CUT, _CHOSEN))
def test_a_whole_key_gives_what_any_key_gives(
    engine: Engine, loads: list[Any], keys: Any, ranges: Any, more: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    cut, chosen = more
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch)
        store, schema = PackedObservationStore(engine), random_structure(time=True)
        states = load_all(store, schema, loads)
    if len(states) == 1:
        return
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for key, as_of in itertools.product(keys, (None, *range(len(states)))):
            agree(reading, schema, whole(key, as_of=as_of, **chosen))
            agree(reading, schema, whole(key, as_of=as_of, filters=filtered(ranges), **cut, **chosen))


@_SETTINGS
@given(loads=random_loads(time=False), keys=st.lists(_KEYS, min_size=1, max_size=3))
def test_a_whole_key_without_time(sqlite_engine: Engine, loads: list[Any], keys: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch)
        store, schema = PackedObservationStore(sqlite_engine), random_structure(time=False)
        states = load_all(store, schema, loads)
    if len(states) == 1:
        return
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for key, as_of in itertools.product(keys, (None, *range(len(states)))):
            agree(reading, schema, whole(key, as_of=as_of))


SCHEMA = structure(("FREQ", "REF_AREA"), attributes=(("OBS_STATUS", ("*",)), ("TITLE", ("REF_AREA",))))


@pytest.fixture
def store(engine: Engine) -> PackedObservationStore:
    store = PackedObservationStore(engine)
    months = [f"{year}-{month:02}" for year in range(2010, 2020) for month in range(1, 13)]
    keys = pl.DataFrame({"REF_AREA": [f"A{i}" for i in range(8)]}).join(
        pl.DataFrame({"TIME_PERIOD": months}), how="cross"
    )
    frame = keys.with_columns(pl.lit("M").alias("FREQ")).with_row_index("OBS_VALUE")
    with store.staging(SCHEMA, 1) as staging:
        titles = pl.DataFrame({"REF_AREA": ["A1"], "TITLE": ["One"]})
        values = frame.with_columns(pl.col("OBS_VALUE").cast(pl.Float64))
        staging.add(Delta(action=Action.MERGE, observations=values, groups={("REF_AREA",): titles}))
        staging.commit("tester", "first")
    return store


def figures(store: PackedObservationStore, plan: ReadPlan) -> list[float]:
    with store.reading(dataflow()) as reading:
        return [v for b in reading.read(SCHEMA, plan).batches() for v in b.measures["OBS_VALUE"].values.tolist()]


def test_any_other_plan_goes_the_general_way(store: PackedObservationStore) -> None:
    key = (frozenset(("M",)), frozenset(("A1",)))
    others = [
        ReadPlan(),
        ReadPlan(keys=((None, frozenset(("A1",))),)),
        ReadPlan(keys=((frozenset(("M",)), frozenset(("A1", "A2"))),)),
        ReadPlan(keys=(key, key)),
        whole(("M", "A1"), filters=(Filter(component="TIME_PERIOD", any_of=((Condition(Operator.CONTAINS, "6"),),)),)),
        whole(("M", "A1"), filters=(Filter(component="REF_AREA", any_of=((Condition(Operator.EQ, "A1"),),)),)),
    ]
    with store.reading(dataflow()) as reading:
        assert all(isinstance(reading.read(SCHEMA, plan), StoredDataSet) for plan in others)
        assert isinstance(reading.read(SCHEMA, ReadPlan(keys=(key,))), StoredSeries)
        with pytest.raises(BadSemantics, match="yesterday"):
            reading.read(SCHEMA, whole(("M", "A1"), filters=filtered([(Operator.GE, "yesterday")])))


@contextmanager
def fetched(reading: CubeReader, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The rows that a transaction fetches; SQLAlchemy is not asked at all."""
    rows: list[Any] = []
    transaction = reading._snapshot.transaction
    fetch = transaction.fetch

    def counted(*arguments: Any) -> Any:
        found = fetch(*arguments)
        rows.append(found)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "fetch", counted)
        patch.setattr(type(transaction), "connection", property(lambda _: pytest.fail("SQLAlchemy was asked")))
        yield rows


def test_a_look_up_is_two_statements(store: PackedObservationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures(store, whole(("M", "A3"))) == [float(360 + i) for i in range(120)]
    with store.reading(dataflow()) as reading, fetched(reading, monkeypatch) as statements:
        [batch] = reading.read(SCHEMA, whole(("M", "A1"))).batches()
        assert len(statements) == 1  # beside that for the cube, which had been read already
        assert len(batch) == 120
        assert list(batch.series_attributes) == ["TITLE"]
        assert list(reading.read(SCHEMA, whole(("M", "nowhere"))).batches()) == []
        assert len(statements) == 1


def test_a_transaction_sees_one_revision_on_both_ways(store: PackedObservationStore, engine: Engine) -> None:
    other = PackedObservationStore(engine)
    plan, any_area = whole(("M", "A0")), ReadPlan(keys=((None, frozenset(("A0",))),))
    with store.reading(dataflow()) as reading:
        with other.staging(SCHEMA, 1) as staging:
            changed = pl.DataFrame({"FREQ": ["M"], "REF_AREA": ["A0"], "TIME_PERIOD": ["2010-01"], "OBS_VALUE": [77.0]})
            staging.add(Delta(action=Action.MERGE, observations=changed))
            staging.commit("tester", "second")
        for wanted in (plan, any_area, plan):
            [batch] = reading.read(SCHEMA, wanted).batches()
            assert batch.measures["OBS_VALUE"].values[0] == 0.0
    assert figures(store, plan)[0] == figures(store, any_area)[0] == 77.0
    assert figures(store, whole(("M", "A0"), as_of=1))[0] == 0.0


@pytest.mark.parametrize("column", ["m1", "t"])
def test_a_damaged_row_is_never_served(store: PackedObservationStore, engine: Engine, column: str) -> None:
    assert len(figures(store, whole(("M", "A1")))) == 120
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        rows = sa.Table("obs_1", sa.MetaData(), autoload_with=connection)
        keys = list(rows.primary_key)
        row = connection.execute(sa.select(rows).order_by(*keys)).mappings().first()
        assert row is not None
        wrong = bytes((*row[column][:-1], 9))
        areas = ["A0"] if "p1" in rows.c else [f"A{i}" for i in range(8)]
        place = [rows.c[c.name] == row[c.name] for c in keys]
        connection.execute(rows.update().where(*place).values({column: wrong}))
    for area in areas:
        with pytest.raises(Damaged, match="fails its checksum at FREQ=M"):
            figures(store, whole(("M", area)))


def test_the_history_of_a_series_that_is_damaged_is_never_served(store: PackedObservationStore, engine: Engine) -> None:
    changed = pl.DataFrame({"FREQ": ["M"], "REF_AREA": ["A0"], "TIME_PERIOD": ["2010-01"], "OBS_VALUE": [77.0]})
    with store.staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=changed))
        staging.commit("tester", "second")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        past = sa.Table("rev_1_0", sa.MetaData(), autoload_with=connection)
        connection.execute(past.update().where(past.c.n > 0).values(m1=np.array([5.0]).tobytes()))
    with pytest.raises(Damaged, match="history"):
        figures(store, whole(("M", "A0"), as_of=1))
    assert figures(store, whole(("M", "A0")))[0] == 77.0
    assert figures(store, whole(("M", "A1"), as_of=1))[0] == 120.0


def test_statements_that_the_driver_forgot_are_prepared_again(postgresql_engine: Engine) -> None:
    store = PackedObservationStore(postgresql_engine)
    assert store.revision(dataflow()) is None
    with postgresql_engine.connect() as connection:  # the only one that the pool has
        connection.exec_driver_sql("DEALLOCATE ALL")
    assert store.revision(dataflow()) is None
