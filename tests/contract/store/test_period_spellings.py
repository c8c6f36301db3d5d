"""Periods that releases of before let be loaded as no message spells them: read as they are, told by verify, mended."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support.in_process import silent
from support.observations import everything, structure

from sdmx_server.batches import Action, Condition, Delta, Filter, Operator, ReadPlan
from sdmx_server.store.dictionaries import checksum
from sdmx_server.store.layout import PERIODS
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.verifying import Verifier

SCHEMA = structure(("REF_AREA", "FREQ"))
ODD = "2016-M1"


def load(engine: Engine, action: Action, **columns: list[str | float]) -> None:
    with PackedObservationStore(engine).staging(SCHEMA, 1) as staging:
        staging.add(Delta(action=action, observations=pl.DataFrame(columns)))
        staging.commit("tester", "test")


def periods(engine: Engine, plan: ReadPlan | None = None) -> list[str]:
    return [key[-1] for key in everything(PackedObservationStore(engine), SCHEMA, plan)]


def findings(engine: Engine) -> list[str]:
    return [str(finding) for finding in Verifier(engine, silent).run(None).findings]


def within(operator: Operator, value: str, year_start: str) -> ReadPlan:
    wanted = Filter(component="TIME_PERIOD", any_of=((Condition(operator, value),),))
    return ReadPlan(filters=(wanted,), reporting_year_start=year_start)


def test_an_odd_spelling_is_read_told_and_mended(engine: Engine) -> None:
    rows = {"REF_AREA": ["IR", "IR"], "FREQ": ["M", "M"]}
    load(engine, Action.MERGE, **rows, TIME_PERIOD=["2016-M01", "2016-M02"], OBS_VALUE=[1.0, 2.0])
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        entry = connection.execute(sa.text("SELECT id, start, \"end\" FROM period WHERE text = '2016-M01'")).one()
        written = {"text": ODD, "sum": checksum(PERIODS, entry[0], ODD, entry[1], entry[2]), "id": entry[0]}
        connection.execute(sa.text("UPDATE period SET text = :text, checksum = :sum WHERE id = :id"), written)
    assert periods(engine) == [ODD, "2016-M02"]
    for year_start in ("--01-01", "--07-01"):
        assert ODD in periods(engine, within(Operator.LE, "2016-06", year_start))
    told, _ = findings(engine)  # the other one: its rows are not looked at
    assert "2016-M1" in told
    assert "Delete" in told
    assert "backup" not in told
    load(engine, Action.DELETE, REF_AREA=["IR"], FREQ=["M"])
    load(engine, Action.MERGE, **rows, TIME_PERIOD=["2016-M01", "2016-M02"], OBS_VALUE=[1.0, 2.0])
    assert periods(engine) == ["2016-M01", "2016-M02"]
