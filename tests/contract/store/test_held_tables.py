"""Small attribute tables are kept in memory by revision: every answer shows those of its own."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support.observations import dataflow, everything, structure

from sdmx_server.batches import Action, DataMessage, DataPart, Delta, ReadPlan, WriteOptions
from sdmx_server.errors import Damaged
from sdmx_server.formats.sdmx_csv.data_writer import write_data
from sdmx_server.services.headers import header
from sdmx_server.store.direct import fetch_all
from sdmx_server.store.observation_store import PackedObservationStore

SCHEMA = structure(("FREQ", "REF_AREA"), attributes=(("TITLE", ("REF_AREA",)), ("SOURCE", ())))
AREAS = ("IR", "AF")


def load(store: PackedObservationStore, suffix: str) -> None:
    titles = pl.DataFrame({"REF_AREA": AREAS, "TITLE": [f"{area} {suffix}" for area in AREAS]})
    source = pl.DataFrame({"SOURCE": [f"Survey {suffix}"]})
    figures = pl.DataFrame(
        {"FREQ": ["A", "A"], "REF_AREA": AREAS, "TIME_PERIOD": ["2016", "2016"], "OBS_VALUE": [1.0, 2.0]}
    )
    with store.staging(SCHEMA, 1) as staging:
        groups = {("REF_AREA",): titles, (): source}
        staging.add(Delta(action=Action.MERGE, observations=figures, groups=groups))
        staging.commit("tester", "first")


def titles(store: PackedObservationStore, area: str, as_of: int | None = None) -> list[str | None]:
    """The titles of a series, and the source of the data set."""
    plan = ReadPlan(keys=((None, frozenset((area,))),), as_of=as_of)
    with store.reading(dataflow()) as reading:
        data_set = reading.read(SCHEMA, plan)
        codes = data_set.codes("TITLE")
        found = [codes[int(i)] for batch in data_set.batches() for i in batch.series_attributes["TITLE"]]
        return [*found, data_set.dataset_attributes["SOURCE"]]


def test_every_revision_has_its_own(engine: Engine) -> None:
    store, other = PackedObservationStore(engine), PackedObservationStore(engine)
    load(store, "old")
    assert titles(store, "IR") == ["IR old", "Survey old"]
    load(other, "new")
    assert titles(store, "IR") == ["IR new", "Survey new"]
    assert titles(store, "AF", as_of=1) == ["AF old", "Survey old"]
    assert titles(store, "AF") == ["AF new", "Survey new"]


def printed(store: PackedObservationStore, area: str, **parameters: str) -> list[str]:
    """The rows of a series in SDMX-CSV 2.1."""
    with store.reading(dataflow()) as reading:
        data_set = reading.read(SCHEMA, ReadPlan(keys=((None, frozenset((area,))),)))
        part = DataPart(dataset=data_set, context=dataflow(), dimension_at_observation="TIME_PERIOD")
        message = DataMessage(header=header("T", dt.datetime.fromtimestamp(0, dt.UTC)), parts=(part,))
        chunks = list(write_data(message, WriteOptions(parameters=parameters), version="2.1.0"))
    return b"".join(chunks).decode().splitlines()[1:]


def test_kept_lines_show_what_the_answer_shows(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, "old")
    assert printed(store, "IR") == ["dataflow,T:DF(1.0.0),R,A,IR,2016,1,IR old,Survey old"]
    assert printed(store, "AF") == ["dataflow,T:DF(1.0.0),R,A,AF,2016,2,AF old,Survey old"]
    assert printed(store, "AF", keys="series")[0].startswith("dataflow,T:DF(1.0.0),R,A.AF,A,AF,")
    load(store, "new")
    assert printed(store, "IR") == ["dataflow,T:DF(1.0.0),R,A,IR,2016,1,IR new,Survey new"]
    assert printed(store, "AF") == ["dataflow,T:DF(1.0.0),R,A,AF,2016,2,AF new,Survey new"]


def test_attributes_that_are_not_asked_for_stay_away(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    load(store, "old")
    titles(store, "IR")
    with store.reading(dataflow()) as reading:
        data_set = reading.read(SCHEMA, ReadPlan(attributes=("SOURCE",)))
        assert [dict(batch.series_attributes) for batch in data_set.batches()] == [{}]
        assert data_set.dataset_attributes == {"SOURCE": "Survey old"}


def test_damage_in_one_row_leaves_the_others_alone(engine: Engine) -> None:
    load(PackedObservationStore(engine), "old")
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        rows = sa.Table("att_1_1", sa.MetaData(), autoload_with=connection)
        first = connection.execute(sa.select(sa.func.min(rows.c.p0))).scalar_one()
        column = next(c for c in rows.c if c.name.startswith("a"))
        connection.execute(rows.update().where(rows.c.p0 == first).values({column.name: b"\x05\x00\x00\x00"}))
    store = PackedObservationStore(engine)
    assert titles(store, "IR") == ["IR old", "Survey old"]
    with pytest.raises(Damaged, match="REF_AREA=AF"):
        titles(store, "AF")
    with pytest.raises(Damaged, match="REF_AREA=AF"):
        everything(store, SCHEMA)


def test_a_failing_statement_is_told_as_sqlalchemy_tells_it(engine: Engine) -> None:
    nowhere = sa.select(sa.table("nowhere", sa.column("x")).c.x)
    with engine.connect() as connection, connection.begin(), pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        fetch_all(connection, nowhere, {})
    with engine.connect() as connection:
        assert fetch_all(connection, sa.select(sa.literal_column("1")), {}) == [(1,)]
