"""What a load does to a cube: merge, replace, delete."""

from __future__ import annotations

import itertools

import polars as pl
from sqlalchemy.engine import Engine
from support.observations import everything, structure

from sdmx_server.batches import Action, Delta, ReadPlan
from sdmx_server.services.ports import CommitReport, Progress
from sdmx_server.store.observation_store import PackedObservationStore

SCHEMA = structure(attributes=(("OBS_STATUS", ("*",)),))


def rows(*lines: tuple[str, str, str, str, float | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        lines,
        schema={
            "FREQ": pl.String,
            "REF_AREA": pl.String,
            "SEX": pl.String,
            "TIME_PERIOD": pl.String,
            "OBS_VALUE": pl.Float64,
            "OBS_STATUS": pl.String,
        },
        orient="row",
    )


def test_what_was_loaded_is_read_back(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    with store.staging(SCHEMA, 1) as staging:
        staging.add(
            Delta(
                action=Action.MERGE,
                observations=rows(
                    ("A", "IR", "F", "2016", 39.5, None),
                    ("A", "IR", "M", "2016", 40.5, "E"),
                    ("A", "IR", "F", "2011", 37.25, None),
                ),
            )
        )
        report = staging.commit("tester", "test")
    assert (report.inserted, report.updated, report.deleted, report.revision.data) == (3, 0, 0, 1)
    assert list(everything(store, SCHEMA).items()) == [
        (("A", "IR", "F", "2011"), {"OBS_VALUE": 37.25}),
        (("A", "IR", "F", "2016"), {"OBS_VALUE": 39.5}),
        (("A", "IR", "M", "2016"), {"OBS_VALUE": 40.5, "OBS_STATUS": "E"}),
    ]


def test_attributes_of_the_time_alone_are_read_back_with_every_series(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    schema = structure(attributes=(("OBS_STATUS", ("*",)), ("EVENT", ("TIME_PERIOD",))))
    events = pl.DataFrame({"TIME_PERIOD": ["2016"], "EVENT": ["Census"]})
    found = rows(
        ("A", "IR", "F", "2011", 1.0, None), ("A", "IR", "F", "2016", 2.0, None), ("A", "TR", "M", "2016", 3.0, None)
    )
    with store.staging(schema, 1) as staging:
        staging.add(Delta(action=Action.MERGE, observations=found, groups={("TIME_PERIOD",): events}))
        staging.commit("tester", "test")
    assert list(everything(store, schema).values()) == [
        {"OBS_VALUE": 1.0},
        {"OBS_VALUE": 2.0, "EVENT": "Census"},
        {"OBS_VALUE": 3.0, "EVENT": "Census"},
    ]
    assert list(everything(store, schema, ReadPlan(attributes=("OBS_STATUS",))).values())[1] == {"OBS_VALUE": 2.0}


def test_rows_are_packed_before_the_lock_and_again_when_another_load_was_faster(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    stages: list[str] = []

    def load(area: str, value: float, progress: Progress | None = None) -> CommitReport:
        with store.staging(SCHEMA, 1, progress) as staging:
            observations = rows(("A", "IR", "F", "2016", value, None), ("A", area, "M", "2016", value, None))
            staging.add(Delta(action=Action.MERGE, observations=observations))
            return staging.commit("tester", area)

    def interfere(stage: str, _done: int, _total: int | None) -> None:
        stages.append(stage)
        if stages.count("packing") == 1 and stage == "packing":
            load("AF", 1.0)

    report = load("TJ", 2.0, interfere)
    in_turn = [stage for stage, _ in itertools.groupby(stages)]
    assert in_turn == ["staging", "sorting", "packing", "sorting", "packing", "writing"]
    assert (report.inserted, report.updated, report.revision.data) == (1, 1, 2)
    assert list(everything(store, SCHEMA).items()) == [
        (("A", "AF", "M", "2016"), {"OBS_VALUE": 1.0}),
        (("A", "IR", "F", "2016"), {"OBS_VALUE": 2.0}),
        (("A", "TJ", "M", "2016"), {"OBS_VALUE": 2.0}),
    ]
    assert everything(store, SCHEMA, ReadPlan(as_of=1))["A", "IR", "F", "2016"] == {"OBS_VALUE": 1.0}
