"""Filters on measures and attributes of every level against a plain dictionary: now, once, and of what changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import MISSING_VALUE, dataflow, plain
from support.random_loads import TEXTS, VALUES, answer_of, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Change, Condition, DataSet, Filter, Operator, Order, ReadPlan
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.ports import CubeReading
from sdmx_server.store.observation_store import PackedObservationStore

LEVELS = ("OBS_STATUS", "TITLE", "REGION", "SOURCE", "CONTACT", "NOTE")
SEVERAL = {"OBS_STATUS": (True, False), "TITLE": (False, True), "REGION": (True, True)}
"""Which of them hold several values, and which texts in languages."""


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)


def _structure(time: bool) -> ResolvedStructure:
    plainly = random_structure(time)
    attributes = [
        msgspec.structs.replace(a, multi_valued=SEVERAL[a.id][0], multilingual=SEVERAL[a.id][1])
        if a.id in SEVERAL
        else a
        for a in plainly.attributes
    ]
    types = {"OBS_VALUE": "Double", "COUNT": "Long"}
    measures = [msgspec.structs.replace(m, text_format=TextFormat(text_type=types.get(m.id))) for m in plainly.measures]
    return msgspec.structs.replace(plainly, attributes=tuple(attributes), measures=tuple(measures))


# ---- the oracle ---------------------------------------------------------------------------------------------------

TEXT: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "lt": lambda value, wanted: value < wanted,
    "le": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "ge": lambda value, wanted: value >= wanted,
    "co": lambda value, wanted: wanted in value,
    "sw": lambda value, wanted: value.startswith(wanted),
    "ew": lambda value, wanted: value.endswith(wanted),
}


_ON_TEXT = ("co", "nc", "sw", "ew")


def _printed(value: float) -> str:
    """A number as answers have it: whole ones without ``.0``, and INF as in XML Schema."""
    return repr(value).removesuffix(".0").replace("inf", "INF").replace("nan", "NaN")


def _values(component: str, value: Any) -> list[Any]:
    if value in (None, MISSING_VALUE):
        return []
    multi, languages = SEVERAL.get(component, (False, False))
    if multi and value.startswith("["):
        return list(json.loads(value))
    if languages and value.startswith("{"):
        return list(json.loads(value).values())
    return [value]


def _passes(component: str, value: Any, wanted: Filter) -> bool:
    def one(condition: Condition) -> bool:
        name = condition.operator.value
        other: Any = condition.value
        opposite = {"ne": "eq", "nc": "co"}.get(name)
        values = _values(component, value)
        if component in VALUES and name in _ON_TEXT:
            values = [_printed(v) for v in values]
        elif component in VALUES:
            other = float(other) if component == "OBS_VALUE" else int(other)
        found = any(TEXT[opposite or name](v, other) for v in values)
        return found if opposite is None else not found

    return any(all(one(condition) for condition in all_of) for all_of in wanted.any_of)


def _conditions(component: str) -> st.SearchStrategy[Condition]:
    if component in VALUES:
        texts = [repr(v).replace("inf", "INF") for v in VALUES[component]] + ["7", "-1"]
        on_text = [Operator(name) for name in _ON_TEXT]
        digits = st.builds(
            Condition, st.sampled_from(on_text), st.sampled_from([*texts, "1", ".", "-", "N", "2.", "00"])
        )
        compared = [operator for operator in Operator if operator not in on_text]
        return st.one_of(st.builds(Condition, st.sampled_from(compared), st.sampled_from(texts)), digits)
    texts = ["E", "a", "b", "Provisional", "موقت", "rov", *TEXTS]
    return st.builds(Condition, st.sampled_from(list(Operator)), st.sampled_from(texts))


def _filter(component: str) -> st.SearchStrategy[Filter]:
    all_of = st.lists(_conditions(component), min_size=1, max_size=2).map(tuple)
    return st.builds(Filter, component=st.just(component), any_of=st.lists(all_of, min_size=1, max_size=2).map(tuple))


_FILTERS = st.lists(st.sampled_from([*LEVELS, *VALUES]), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.tuples(*(_filter(name) for name in names))
)
_SETTINGS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _expected(answer: dict[tuple[str, ...], dict[str, Any]], contact: Any, filters: tuple[Filter, ...]) -> Any:
    return {
        key: cells
        for key, cells in answer.items()
        if all(_passes(f.component, ({"CONTACT": contact} | cells).get(f.component), f) for f in filters)
    }


def _check(reading: CubeReading, schema: ResolvedStructure, states: list[Any], filters: tuple[Filter, ...]) -> None:
    every = schema.dimension_ids
    chosen = []
    for revision, state in enumerate(states):
        contact = state.get((), {}).get((), {}).get("CONTACT")
        expected = _expected(answer_of(state, every), contact, filters)
        chosen.append(expected)
        assert plain(reading.read(schema, ReadPlan(as_of=revision, filters=filters))) == expected
    expected = chosen[-1]
    across = ReadPlan(filters=filters, order=Order.CROSS, dimension_at_observation="REF_AREA")
    assert plain(reading.read(schema, across)) == expected
    available = reading.availability(schema, ReadPlan(filters=filters))
    assert available.observations == len(expected)
    assert available.series == len({k[:3] for k in expected} if schema.time else expected)
    for i, dimension in enumerate(every[:3]):
        assert set(available.codes[dimension]) == {k[i] for k in expected}
    _check_groups(reading.read(schema, ReadPlan(filters=filters)), states[-1], expected)
    for since in range(len(states) - 1):
        _check_changes(reading, schema, states, since, chosen=chosen, filters=filters)


def _check_groups(dataset: DataSet, state: Any, expected: Any) -> None:
    """The attributes of those areas that the answer has."""
    codes = dataset.codes("REF_AREA")
    listed = {codes[i] for t in dataset.groups() if t.dimensions == ("REF_AREA",) for i in t.keys[0].tolist()}
    assert listed == {k[1] for k in expected} & {k[0] for k in state.get(("REF_AREA",), {})}


def _check_changes(
    reading: CubeReading, schema: ResolvedStructure, states: list[Any], since: int, *, chosen: list[Any], filters: Any
) -> None:
    every, last = schema.dimension_ids, len(states) - 1
    old, new = states[since].get(every, {}), states[last].get(every, {})

    def read(change: Change) -> Any:
        return plain(reading.read(schema, ReadPlan(since=since, change=change, filters=filters)))

    assert read(Change.SET) == {k: v for k, v in chosen[last].items() if old.get(k) != new[k]}
    assert set(read(Change.GONE)) == {k for k in chosen[since] if k not in new}
    moved = {k for k in chosen[last] if old.get(k) != new[k]} | {k for k in chosen[since] if k not in new}
    assert reading.availability(schema, ReadPlan(since=since, filters=filters)).observations == len(moved)


@_SETTINGS
@given(loads=random_loads(time=True), filters=_FILTERS)
def test_filters_on_values_agree_with_a_dictionary(engine: Engine, loads: list[Any], filters: Any) -> None:
    store, schema = PackedObservationStore(engine), _structure(time=True)
    states = load_all(store, schema, loads)
    if len(states) > 1:
        with store.reading(dataflow(schema.dataflow.id if schema.dataflow else "")) as reading:
            _check(reading, schema, states, filters)


@_SETTINGS
@given(loads=random_loads(time=False), filters=_FILTERS)
def test_filters_on_values_without_time(engine: Engine, loads: list[Any], filters: Any) -> None:
    store, schema = PackedObservationStore(engine), _structure(time=False)
    known = {c.id for c in schema.components}
    states = load_all(store, schema, loads)
    if len(states) > 1 and all(f.component in known for f in filters):
        with store.reading(dataflow(schema.dataflow.id if schema.dataflow else "")) as reading:
            _check(reading, schema, states, filters)
