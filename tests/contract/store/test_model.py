"""Random loads against a plain dictionary: every revision, every level of attributes, every way of reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import dataflow
from support.random_loads import CODES, State, load_all, random_loads, random_structure, small_pieces
from support.states import check_present, check_state

from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store import frames
from sdmx_server.store.observation_store import PackedObservationStore


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)


def _check(store: PackedObservationStore, schema: ResolvedStructure, states: list[State], wanted: Any) -> None:
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for revision, state in enumerate(states):
            check_state(reading, schema, revision, state)
    check_present(store, schema, states[-1], wanted)


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
