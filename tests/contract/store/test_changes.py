"""What changed between two revisions, for every pair of them, against a dictionary that keeps every state."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Engine
from support.observations import dataflow, structure
from support.random_loads import load_all, random_loads, random_structure, small_pieces
from support.states import check_changes

from sdmx_server.batches import Action, Change, Delta, ReadPlan
from sdmx_server.store import changed_dataset, cubes
from sdmx_server.store.observation_store import PackedObservationStore

_SETTINGS = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)


def _compare_all(engine: Engine, time: bool, loads: list[Any]) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=time)
    states = load_all(store, schema, loads)
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id)) as reading:
        for first, second in combinations(range(len(states)), 2):
            check_changes(reading, schema, states, first, second)


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


def test_an_attribute_of_the_data_set_that_is_missing_from_now_on_is_told_as_gone(engine: Engine) -> None:
    schema = structure(attributes=(("CONTACT", ()),))
    store = PackedObservationStore(engine)
    replace, delete = Action.REPLACE, Action.DELETE
    for action, text, mark in (
        (replace, "The press office", 1),
        (replace, None, 2),
        (replace, "The library", 1),
        (delete, "-", 1),
    ):
        cells = pl.DataFrame(
            {"CONTACT": [text], "CONTACT?": [mark]}, schema={"CONTACT": pl.String, "CONTACT?": pl.UInt8}
        )
        with store.staging(schema, 1) as staging:
            staging.add(Delta(action=action, groups={(): cells}))
            staging.commit("tester", "contact")
    with store.reading(dataflow()) as reading:
        told = [
            {change: reading.read(schema, ReadPlan(since=since, as_of=since + 1, change=change)).dataset_attributes}
            for since in range(1, 4)
            for change in (Change.ATTRIBUTES_SET, Change.ATTRIBUTES_GONE)
        ]
        both = reading.read(schema, ReadPlan(since=2, as_of=4, change=Change.ATTRIBUTES_GONE)).dataset_attributes
    assert told == [
        {Change.ATTRIBUTES_SET: {}},
        {Change.ATTRIBUTES_GONE: {"CONTACT": "The press office"}},
        {Change.ATTRIBUTES_SET: {"CONTACT": "The library"}},
        {Change.ATTRIBUTES_GONE: {}},
        {Change.ATTRIBUTES_SET: {}},
        {Change.ATTRIBUTES_GONE: {"CONTACT": "The library"}},
    ]
    assert both == {}
