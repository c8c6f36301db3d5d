"""What changed between two revisions, for every pair of them, against a dictionary that keeps every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Engine
from support.observations import MISSING_VALUE, dataflow, plain, structure
from support.random_loads import OBSERVED, State, answer_of, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import MISSING, Action, Change, DataSet, Delta, Order, ReadPlan
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.ports import CubeReading
from sdmx_server.store import changed_dataset, cubes
from sdmx_server.store.observation_store import PackedObservationStore

Level = tuple[str, ...]
Values = dict[tuple[Level, tuple[str, ...], str], str]
"""Attribute values that attach to fewer dimensions, by level, key and attribute."""

_SETTINGS = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)


def _values(state: State, every: Level) -> Values:
    return {
        (level, key, name): value
        for level, entries in state.items()
        if level != every
        for key, cells in entries.items()
        for name, value in cells.items()
        if level or value != MISSING_VALUE  # a missing attribute of the data set is not shown
    }


def _listed(dataset: DataSet) -> Values:
    found: Values = {((), (), name): text for name, text in dataset.dataset_attributes.items()}
    periods = [p.text if p else None for p in dataset.periods()]
    texts: Mapping[str, Any] = {d: dataset.codes(d) for d in dataset.schema.dimension_ids} | {"TIME_PERIOD": periods}
    for table in dataset.groups():
        order = [d for d in dataset.schema.dimension_ids if d in table.dimensions]
        columns = dict(zip(table.dimensions, table.keys, strict=True))
        for i in range(len(table.keys[0])):
            key = tuple(texts[d][int(columns[d][i])] for d in order)
            for name, ids in table.attributes.items():
                if ids[i]:
                    value = MISSING_VALUE if ids[i] == MISSING else dataset.codes(name)[int(ids[i])]
                    assert value is not None
                    assert ((*order,), key, name) not in found
                    found[(*order,), key, name] = value
    return found


def _series(dataset: DataSet) -> Values:
    """The attributes of series as ``batches`` of a data set of attributes give them."""
    found: Values = {}
    level = tuple(d.id for d in dataset.schema.dimensions)
    for batch in dataset.batches():
        columns = dict(zip(dataset.suffix, batch.suffix, strict=True))
        for i in range(len(batch)):
            key = tuple(str(dataset.codes(d)[int(columns[d][i])]) for d in level)
            for name, ids in batch.series_attributes.items():
                if ids[i]:
                    found[level, key, name] = MISSING_VALUE if ids[i] == MISSING else str(dataset.codes(name)[ids[i]])
    return found


def _pairs(states: list[State]) -> Iterator[tuple[int, int]]:
    yield from combinations(range(len(states)), 2)


def _check(reading: CubeReading, schema: ResolvedStructure, states: list[State], first: int, second: int) -> None:
    every = schema.dimension_ids

    def read(change: Change, **more: Any) -> DataSet:
        return reading.read(schema, ReadPlan(since=first, as_of=second, change=change, **more))

    before, after = states[first], states[second]
    old, new = before.get(every, {}), after.get(every, {})
    changed = {k for k, cells in new.items() if old.get(k) != cells}
    answer = answer_of(after, every)
    expected = {k: answer[k] for k in changed}
    assert plain(read(Change.SET)) == expected
    assert plain(read(Change.SET, order=Order.CROSS, dimension_at_observation="REF_AREA")) == expected
    gone = read(Change.GONE)
    assert plain(gone) == {k: {} for k in old.keys() - new.keys()}
    assert {gone.codes("SEX")[i] for i in gone.used("SEX")} == {k[2] for k in old.keys() - new.keys()}
    available = reading.availability(schema, ReadPlan(since=first, as_of=second))
    moved = changed | (old.keys() - new.keys())
    assert available.observations == len(moved)
    assert available.series == len({k[:3] for k in moved} if schema.time else moved)
    had, has = _values(before, every), _values(after, every)
    added = _listed(read(Change.ATTRIBUTES_SET))
    wanted = {k[:2] for k, v in has.items() if had.get(k) != v}
    assert added == {k: v for k, v in has.items() if k[:2] in wanted}
    removed = _listed(read(Change.ATTRIBUTES_GONE))
    assert removed == {k: v for k, v in had.items() if k not in has}
    assert {k: v for k, v in had.items() if k not in removed} | added == has
    series = tuple(d.id for d in schema.dimensions)
    if schema.time:
        assert _series(read(Change.ATTRIBUTES_SET)) == {k: v for k, v in added.items() if k[0] == series}
    chosen = {"measures": ("OBS_VALUE",), "attributes": ("OBS_STATUS",)}
    names = ("OBS_VALUE", "OBS_STATUS")
    assert plain(read(Change.SET, **chosen)) == {
        k: _some(new[k], names) for k in new if k not in old or _some(new[k], names) != _some(old[k], names)
    }
    assert plain(read(Change.CELLS_GONE, **chosen)) == {
        k: lost for k in old.keys() & new.keys() if (lost := _lost(old[k], new[k], names))
    }
    assert {n for cells in plain(read(Change.CELLS_GONE)).values() for n in cells} <= set(OBSERVED)
    one = (frozenset(("IR", "AF")),)
    keys = ((None, *one),)
    assert plain(read(Change.SET, keys=keys)) == {k: v for k, v in expected.items() if k[1] in ("IR", "AF")}


def _some(cells: dict[str, Any], names: Level) -> dict[str, Any]:
    return {n: v for n, v in cells.items() if n in names}


def _lost(old: dict[str, Any], new: dict[str, Any], names: Level) -> dict[str, Any]:
    return {n: v for n, v in old.items() if n in names and n not in new}


def _compare_all(engine: Engine, time: bool, loads: list[Any]) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=time)
    states = load_all(store, schema, loads)
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for first, second in _pairs(states):
            _check(reading, schema, states, first, second)


@_SETTINGS
@given(loads=random_loads(time=True))
def test_changes_between_any_two_revisions(engine: Engine, loads: list[Any]) -> None:
    _compare_all(engine, True, loads)


@_SETTINGS
@given(loads=random_loads(time=False))
def test_changes_without_time(engine: Engine, loads: list[Any]) -> None:
    _compare_all(engine, False, loads)


@settings(_SETTINGS, max_examples=15)
@given(loads=random_loads(time=True))
def test_changes_that_are_too_many_to_keep(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, loads: list[Any]
) -> None:
    monkeypatch.setattr(changed_dataset, "HELD", 0)
    _compare_all(sqlite_engine, True, loads)


def test_a_moment_names_the_last_commit_before_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store, schema = PackedObservationStore(engine), structure(name="MOMENTS")
    monkeypatch.setattr(cubes, "now", lambda: 1_700_000_000_000_000)  # a clock that stands still
    for value in ("1", "2", "3"):
        with store.staging(schema, 1) as staging:
            key = {"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016"}
            staging.add(Delta(action=Action.MERGE, observations=pl.DataFrame([key | {"OBS_VALUE": float(value)}])))
            staging.commit("tester", value)
    with store.reading(dataflow("MOMENTS")) as reading:
        found = reading.commits(0, 3, 10)
        assert [commit.revision for commit in found] == [1, 2, 3]
        for commit in found:
            assert reading.revision_at(commit.at) == commit
            assert reading.revision_at(commit.at - dt.timedelta(microseconds=1)).revision == commit.revision - 1
        assert reading.revision_at(dt.datetime(9999, 12, 31, tzinfo=dt.UTC)).revision == 3
        assert reading.revision_at(dt.datetime(1, 1, 1, tzinfo=dt.UTC)).revision == 0
        assert list(reading.commits(1, 2, 10)) == [found[1]]
        assert list(reading.commits(0, 3, 2)) == list(found[:2])
        assert reading.revision.updated == found[-1].at
