"""What is available for a selection is told from an index of the series, as it would be from the observations."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import dataflow, plain, structure
from support.random_loads import CODES, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Action, Availability, Condition, Delta, Filter, Operator, ReadPlan
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.ports import CubeReading
from sdmx_server.store import series_index
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.scanning import Scanner
from sdmx_server.store.selection import Selection

DIMENSIONS = ("FREQ", "REF_AREA", "SEX")
_SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_KEYS = st.lists(
    st.tuples(
        *(
            st.one_of(st.none(), st.frozensets(st.sampled_from([*CODES[d], "nowhere"]), min_size=1, max_size=3))
            for d in DIMENSIONS
        )
    ),
    max_size=2,
)
_OPERATORS = st.sampled_from([Operator.GE, Operator.LT, Operator.EQ, Operator.NE])
_TIMES = st.lists(st.tuples(_OPERATORS, st.sampled_from([*CODES["TIME_PERIOD"], "2015", "2099"])), max_size=2)


def of_observations(reading: CubeReading, schema: ResolvedStructure, plan: ReadPlan) -> Availability:
    """What occurs in the observations themselves."""
    keys = list(plain(reading.read(schema, plan)))
    names = schema.dimension_ids
    time = names.index(schema.time.id) if schema.time else len(names)
    codes = {name: tuple(sorted({key[i] for key in keys})) for i, name in enumerate(names) if i != time}
    periods = {p.text: p for p in reading.read(schema, plan).periods() if p is not None}
    used = {key[time] for key in keys} if schema.time else set()
    return Availability(
        codes=codes,
        periods=tuple(sorted((periods[text] for text in used), key=lambda p: (p.start, p.text))),
        observations=len(keys),
        series=len({(*key[:time], *key[time + 1 :]) for key in keys}),
    )


def sorted_codes(found: Availability) -> Availability:
    """The same with codes and periods in an order of their own."""
    return Availability(
        codes={name: tuple(sorted(codes)) for name, codes in found.codes.items()},
        periods=tuple(sorted(found.periods, key=lambda p: (p.start, p.text))),
        observations=found.observations,
        series=found.series,
    )


@pytest.mark.parametrize("time", [True, False])
@_SETTINGS
@given(data=st.data())
def test_it_tells_what_the_observations_tell(engine: Engine, time: bool, data: st.DataObject) -> None:
    loads: list[Any] = data.draw(random_loads(time=time))
    keys, times = data.draw(_KEYS), data.draw(_TIMES) if time else []
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch)
        patch.setattr(Selection, "few_rows", lambda *_: False)  # so few rows as here are not read past the index
        store, schema = PackedObservationStore(engine), random_structure(time=time)
        if len(load_all(store, schema, loads)) == 1:
            return
        assert schema.dataflow is not None
        filters = tuple(Filter(component="TIME_PERIOD", any_of=((Condition(o, v),),)) for o, v in times)
        plan = ReadPlan(keys=tuple(keys), filters=filters)
        with store.reading(dataflow(schema.dataflow.id)) as reading:
            expected = of_observations(reading, schema, plan)
            for _ in range(3):
                assert sorted_codes(reading.availability(schema, plan)) == expected


SCHEMA = structure(("FREQ", "REF_AREA"))


def load(store: PackedObservationStore, areas: list[str], period: str) -> None:
    n = len(areas)
    figures = pl.DataFrame({"FREQ": ["A"] * n, "REF_AREA": areas, "TIME_PERIOD": [period] * n, "OBS_VALUE": [1.0] * n})
    with store.staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=figures, groups={}))
        staging.commit("tester", "load")


def count(store: PackedObservationStore, *areas: str) -> tuple[int, int, tuple[str, ...]]:
    """Observations and series of some areas, and their periods."""
    with store.reading(dataflow()) as reading:
        found = reading.availability(SCHEMA, ReadPlan(keys=((None, frozenset(areas)),)))
        return found.observations, found.series, tuple(p.text for p in found.periods)


def test_rows_are_read_no_more_once_it_is_there(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Selection, "few_rows", lambda *_: False)
    store = PackedObservationStore(engine)
    load(store, ["IR", "AF", "TR"], "2016")
    load(store, ["IR"], "2017")
    for _ in range(2):
        assert count(store, "IR", "TR") == (3, 2, ("2016", "2017"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scanner, "blocks", lambda *_, **__: pytest.fail("rows were read"))
        assert count(store, "IR", "TR") == (3, 2, ("2016", "2017"))
        assert count(store, "AF") == (1, 1, ("2016",))
        assert count(store, "nowhere") == (0, 0, ())
    load(store, ["AF"], "2018")  # another revision has its own
    for _ in range(3):
        assert count(store, "AF", "TR") == (3, 2, ("2016", "2018"))


@pytest.mark.parametrize("of_series", [1, 0.5])  # too many series; a run of each, which are too many runs
def test_a_cube_of_too_many_series_is_counted_from_its_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, of_series: float
) -> None:
    monkeypatch.setattr(Selection, "few_rows", lambda *_: False)
    store = PackedObservationStore(engine)
    load(store, ["IR", "AF", "TR"], "2016")
    load(store, ["IR"], "2099")
    monkeypatch.setattr(series_index, "MOST_RUNS", 2)
    monkeypatch.setattr(series_index, "_OF_SERIES", of_series)
    monkeypatch.setattr(series_index.SeriesIndex, "count", lambda *_: pytest.fail("an index was made"))
    for _ in range(3):
        assert count(store, "IR", "TR") == (3, 2, ("2016", "2099"))


def test_sets_of_periods_that_look_alike_are_told_apart(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Selection, "few_rows", lambda *_: False)
    plain_random = series_index.np.random.default_rng

    class Alike:
        def integers(self, *arguments: Any) -> Any:
            return plain_random(1).integers(*arguments) * 0

    monkeypatch.setattr(series_index.np.random, "default_rng", lambda _: Alike())
    store = PackedObservationStore(engine)
    load(store, ["IR"], "2016")
    load(store, ["AF"], "2017")
    for _ in range(3):
        assert count(store, "IR") == (1, 1, ("2016",))
