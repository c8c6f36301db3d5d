"""What a read plan selects: keys, filters, ranges of time, first and last observations, orders, columns."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from sqlalchemy.engine import Engine
from support.observations import dataflow, everything, plain, structure

from sdmx_server.batches import Action, Condition, Delta, Filter, Operator, Order, ReadPlan
from sdmx_server.errors import BadSemantics, NotFound
from sdmx_server.store.observation_store import PackedObservationStore

SCHEMA = structure(("FREQ", "REF_AREA"), attributes=(("OBS_STATUS", ("*",)), ("TITLE", ("REF_AREA",))))
PERIODS = {
    "A": ["2014", "2015", "2016-03-20/P366D"],
    "Q": ["2015-Q4", "2016-Q1", "2016-Q2"],
    "M": ["2016-02", "2016-04", "2016-05"],
}


@pytest.fixture
def store(engine: Engine) -> PackedObservationStore:
    store = PackedObservationStore(engine)
    keys = [(f, a, p) for f, periods in PERIODS.items() for a in ("IR", "IR-07", "IR-10", "AF") for p in periods]
    frame = pl.DataFrame(keys, schema=["FREQ", "REF_AREA", "TIME_PERIOD"], orient="row")
    titles = pl.DataFrame({"REF_AREA": ["IR", "AF"], "TITLE": ["Iran", "Afghanistan"]})
    with store.staging(SCHEMA, 1) as staging:
        # the latest periods first: ids are in the order of time within a load, not across loads
        later = pl.col("TIME_PERIOD").is_in(["2016-03-20/P366D", "2016-Q2", "2016-05"])
        values = frame.with_row_index("OBS_VALUE").with_columns(pl.col("OBS_VALUE").cast(pl.Float64))
        staging.add(Delta(action=Action.MERGE, observations=values.filter(later), groups={("REF_AREA",): titles}))
        staging.commit("tester", "first")
    with store.staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=values.filter(~later)))
        staging.commit("tester", "second")
    return store


def ask(component: str, *any_of: tuple[tuple[Operator, str], ...]) -> ReadPlan:
    conditions = tuple(tuple(Condition(o, v) for o, v in all_of) for all_of in any_of)
    return ReadPlan(filters=(Filter(component=component, any_of=conditions),))


def areas(store: PackedObservationStore, plan: ReadPlan) -> set[str]:
    return {key[1] for key in everything(store, SCHEMA, plan)}


def periods(store: PackedObservationStore, plan: ReadPlan) -> set[str]:
    return {key[2] for key in everything(store, SCHEMA, plan)}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ((((Operator.EQ, "IR"),),), {"IR"}),
        ((((Operator.EQ, "IR"),), ((Operator.EQ, "AF"),)), {"IR", "AF"}),
        ((((Operator.NE, "IR"),),), {"IR-07", "IR-10", "AF"}),
        ((((Operator.STARTS_WITH, "IR"), (Operator.NOT_CONTAINS, "1")),), {"IR", "IR-07"}),
        ((((Operator.ENDS_WITH, "0"),), ((Operator.CONTAINS, "F"),)), {"IR-10", "AF"}),
        ((((Operator.GE, "IR-07"),),), {"IR-07", "IR-10"}),
        ((((Operator.LT, "IR"),),), {"AF"}),
        ((((Operator.EQ, "nowhere"),),), set()),
    ],
)
def test_filters_on_a_dimension(
    store: PackedObservationStore, conditions: tuple[tuple[tuple[Operator, str], ...], ...], expected: set[str]
) -> None:
    assert areas(store, ask("REF_AREA", *conditions)) == expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.GT, "2015", {"2016-03-20/P366D", "2016-Q1", "2016-Q2", "2016-02", "2016-04", "2016-05"}),
        (Operator.GE, "2016-04", {"2016-04", "2016-05", "2016-Q2"}),
        (Operator.LT, "2016", {"2014", "2015", "2015-Q4"}),
        (Operator.LE, "2016-03", {"2014", "2015", "2015-Q4", "2016-Q1", "2016-02"}),
        (Operator.EQ, "2016-03-20/P366D", {"2016-03-20/P366D", "2016-Q2", "2016-04", "2016-05"}),
        (Operator.NE, "2016", {"2014", "2015", "2015-Q4", "2016-03-20/P366D"}),
        (Operator.CONTAINS, "-Q", {"2015-Q4", "2016-Q1", "2016-Q2"}),
        (Operator.ENDS_WITH, "P366D", {"2016-03-20/P366D"}),
    ],
)
def test_time_is_filtered_by_ranges_of_moments(
    store: PackedObservationStore, operator: Operator, value: str, expected: set[str]
) -> None:
    assert periods(store, ask("TIME_PERIOD", ((operator, value),))) == expected


def test_reporting_periods_move_with_the_start_of_the_reporting_year(store: PackedObservationStore) -> None:
    plan = ask("TIME_PERIOD", ((Operator.GE, "2016-06"),))
    assert periods(store, plan) == set()
    # the first quarter of a year that starts on 1 July
    filters = (*plan.filters,)
    assert periods(store, ReadPlan(filters=filters, reporting_year_start="--07-01")) == {"2016-Q1", "2016-Q2"}


def test_observations_are_in_the_order_of_time_whenever_they_were_loaded(store: PackedObservationStore) -> None:
    found = [key for key in everything(store, SCHEMA) if key[:2] == ("Q", "IR")]
    assert [key[2] for key in found] == PERIODS["Q"]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (ReadPlan(first_n=1), {"2014", "2015-Q4", "2016-02"}),
        (ReadPlan(last_n=1), {"2016-03-20/P366D", "2016-Q2", "2016-05"}),
        (ReadPlan(first_n=1, last_n=1), {"2014", "2015-Q4", "2016-02", "2016-03-20/P366D", "2016-Q2", "2016-05"}),
    ],
)
def test_first_and_last_observations_of_every_series(
    store: PackedObservationStore, plan: ReadPlan, expected: set[str]
) -> None:
    found = everything(store, SCHEMA, plan)
    assert {key[2] for key in found} == expected
    assert len(found) == len(expected) * 4
    with store.reading(dataflow()) as reading:
        dataset = reading.read(SCHEMA, plan)
        texts = [p.text if p else None for p in dataset.periods()]
        assert {texts[i] for i in dataset.used("TIME_PERIOD")} == expected


def test_another_dimension_can_vary_fastest(store: PackedObservationStore) -> None:
    with store.reading(dataflow()) as reading:
        plan = ReadPlan(order=Order.CROSS, dimension_at_observation="REF_AREA")
        dataset = reading.read(SCHEMA, plan)
        batches = list(dataset.batches())
        found = list(plain(reading.read(SCHEMA, plan)))
    assert (dataset.prefix, dataset.suffix) == ((), ("FREQ", "REF_AREA"))
    runs = [key for i, key in enumerate(found) if i == 0 or key[:2] != found[i - 1][:2]]
    assert sum(len(b.series) for b in batches) == len(runs) > 9
    assert [key[1] for key in found[:4]] == [key[1] for key in found[4:8]]
    assert len({(key[0], key[2]) for key in found[:4]}) == 1


def test_columns_that_were_not_asked_for_are_left_out(store: PackedObservationStore) -> None:
    with store.reading(dataflow()) as reading:
        dataset = reading.read(SCHEMA, ReadPlan(measures=(), attributes=("TITLE",)))
        assert (dataset.measures, dataset.attributes) == ((), ("TITLE",))
        cells = plain(dataset)
    assert cells["A", "IR", "2014"] == {"TITLE": "Iran"}
    assert cells["A", "IR-07", "2014"] == {}


def test_groups_are_cut_to_the_selected_keys(store: PackedObservationStore) -> None:
    with store.reading(dataflow()) as reading:
        dataset = reading.read(SCHEMA, ReadPlan(keys=((None, frozenset(("IR", "IR-07"))),)))
        tables = list(dataset.groups())
        codes = dataset.codes("REF_AREA")
    assert [(t.dimensions, [codes[i] for i in t.keys[0]]) for t in tables] == [(("REF_AREA",), ["IR"])]


def test_a_series_never_crosses_a_batch_and_batches_are_bounded(
    store: PackedObservationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdmx_server.store.scanning.BATCH", 4)
    monkeypatch.setattr("sdmx_server.store.scanning._FETCHED", 1)
    with store.reading(dataflow()) as reading:
        batches = list(reading.read(SCHEMA, ReadPlan()).batches())
    assert len(batches) > 1
    assert sum(len(b.series) for b in batches) == 12


@pytest.mark.parametrize(
    "ask_for",
    [
        lambda: ask("TIME_PERIOD", ((Operator.EQ, "yesterday"),)),
        lambda: ask("NOWHERE", ((Operator.EQ, "A"),)),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    store: PackedObservationStore, ask_for: Callable[[], ReadPlan]
) -> None:
    with store.reading(dataflow()) as reading, pytest.raises(BadSemantics):
        reading.read(SCHEMA, ask_for())


def test_a_dataflow_without_a_cube_is_not_found(store: PackedObservationStore) -> None:
    assert store.revision(dataflow("OTHER")) is None
    with pytest.raises(NotFound), store.reading(dataflow("OTHER")):
        pass
