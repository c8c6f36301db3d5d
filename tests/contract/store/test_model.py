"""Random loads against a plain dictionary: every revision, every level of attributes, every way of reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import MISSING_VALUE, dataflow, plain
from support.random_loads import CODES, State, answer_of, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Order, ReadPlan
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store import frames
from sdmx_server.store.observation_store import PackedObservationStore


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)


def _check(store: PackedObservationStore, schema: ResolvedStructure, states: list[State], wanted: Any) -> None:
    assert schema.dataflow is not None
    every = schema.dimension_ids
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for revision, state in enumerate(states):
            dataset = reading.read(schema, ReadPlan(as_of=revision))
            expected = answer_of(state, every)
            assert plain(dataset) == expected
            assert dataset.dataset_attributes == {
                name: v for name, v in state.get((), {}).get((), {}).items() if v != MISSING_VALUE
            }
            for dimension in every:
                codes = dataset.codes(dimension)
                if dimension == "TIME_PERIOD":
                    codes = [p.text if p else None for p in dataset.periods()]
                used = {codes[i] for i in dataset.used(dimension)}
                assert used == {key[every.index(dimension)] for key in expected}
        expected = answer_of(states[-1], every)
        assert plain(reading.read(schema, ReadPlan(order=Order.CROSS, dimension_at_observation="REF_AREA"))) == expected
        keys = tuple(tuple(frozenset(c) if c else None for c in pattern) for pattern in wanted)
        chosen = {
            k: v
            for k, v in expected.items()
            if not keys or any(all(w is None or c in w for w, c in zip(p, k, strict=False)) for p in keys)
        }
        assert plain(reading.read(schema, ReadPlan(keys=keys))) == chosen
        available = reading.availability(schema, ReadPlan(keys=keys))
        assert available.observations == len(chosen)
        assert available.series == len({k[:3] for k in chosen} if schema.time else chosen)
        for i, dimension in enumerate(every[:3]):
            assert set(available.codes[dimension]) == {k[i] for k in chosen}
    status = next(s for s in store.status() if s.dataflow.id == schema.dataflow.id)
    assert status.observations == len(expected)
    assert status.series == len({k[:3] for k in expected} if schema.time else expected)


_PATTERNS = st.lists(
    st.tuples(
        *(st.one_of(st.none(), st.sets(st.sampled_from([*CODES[d], "nowhere"]))) for d in ("FREQ", "REF_AREA", "SEX"))
    ),
    max_size=2,
)
_SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@_SETTINGS
@given(loads=random_loads(time=True), wanted=_PATTERNS)
def test_the_store_agrees_with_a_dictionary(engine: Engine, loads: list[Any], wanted: Any) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=True)
    states = load_all(store, schema, loads)
    _check(store, schema, states, wanted)


@_SETTINGS
@given(loads=random_loads(time=False), wanted=_PATTERNS)
def test_the_store_agrees_with_a_dictionary_without_time(engine: Engine, loads: list[Any], wanted: Any) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=False)
    states = load_all(store, schema, loads)
    _check(store, schema, states, wanted)


@settings(_SETTINGS, max_examples=20)
@given(loads=random_loads(time=True), wanted=_PATTERNS)
def test_keys_too_wide_for_a_number_give_the_same_answers(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, loads: list[Any], wanted: Any
) -> None:
    monkeypatch.setattr(frames.KeySpace, "fits", False)
    store, schema = PackedObservationStore(sqlite_engine), random_structure(time=True)
    states = load_all(store, schema, loads)
    _check(store, schema, states, wanted)
