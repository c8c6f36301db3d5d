"""Parquet: what its readers find, the types of its columns, and that it comes out piece by piece."""

from __future__ import annotations

import io
import json

import duckdb
import msgspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.cases import AREA, CASES, Case, dimension, measure, structure
from support.memory import MemoryDataSet
from support.read_back import expected, read_parquet

from sdmx_server.batches import DataMessage, DataPart, WriteOptions
from sdmx_server.errors import NotAcceptable
from sdmx_server.formats.parquet import FORMATS, data_writer
from sdmx_server.formats.parquet.data_writer import write_data
from sdmx_server.model.common import Annotation
from sdmx_server.model.reference import reference_to


def write(case: Case, at: str | None = None, languages: tuple[str, ...] = (), **parameters: str) -> bytes:
    return b"".join(write_data(case.message(at), WriteOptions(parameters=parameters, languages=languages)))


@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_cell_is_read_back_in_every_row_order(make) -> None:
    case = make()
    for at in case.packagings:
        assert read_parquet(write(case, at), case.schema) == expected(case), at


def test_types_of_columns() -> None:
    found = {f.name: f.type for f in pq.read_schema(io.BytesIO(write(CASES[1]())))}
    text = pa.dictionary(pa.int32(), pa.string())
    assert list(found)[:5] == ["DATAFLOW", "REF_AREA", "TIME_PERIOD", "TIME_START", "TIME_END"]
    assert (found["RATE"], found["POP"], found["POP_MISSING"]) == (pa.float64(), pa.int64(), pa.bool_())
    assert found["TIME_START"] == found["TIME_END"] == pa.timestamp("us")
    assert found["REF_AREA"] == found["QUALITY"] == found["READINGS"] == found["TIME_PERIOD"] == text


def test_polars_pandas_and_duckdb_find_the_same() -> None:
    data = write(CASES[0]())
    rows = [("IR", "RICE", 12.5), ("IR", "RICE", 13.0), ("IR-07", "RICE", 0.1)]
    frame = pl.read_parquet(data).filter(pl.col("FREQ") == "M", pl.col("ITEM") == "RICE")
    frame = frame.filter(pl.col("OBS_VALUE").is_not_nan()).sort("REF_AREA", "TIME_START")
    assert frame.select("REF_AREA", "ITEM", "OBS_VALUE").rows() == rows
    table = pd.read_parquet(io.BytesIO(data))
    table = table[(table.FREQ == "M") & (table.ITEM == "RICE") & table.OBS_VALUE.notna()]
    assert list(table[["REF_AREA", "ITEM", "OBS_VALUE"]].itertuples(index=False, name=None)) == rows
    arrow = pq.read_table(io.BytesIO(data))
    with duckdb.connect() as database:
        database.register("answer", arrow)
        sql = "SELECT REF_AREA::VARCHAR, ITEM::VARCHAR, OBS_VALUE FROM answer WHERE FREQ = 'M' AND ITEM = 'RICE' "
        found = database.sql(sql + "AND NOT isnan(OBS_VALUE) ORDER BY REF_AREA::VARCHAR, TIME_START").fetchall()
    assert found == rows


def test_duckdb_reads_the_file_and_its_times(tmp_path) -> None:
    path = tmp_path / "answer.parquet"
    path.write_bytes(write(CASES[2]()))
    with duckdb.connect() as database:
        sql = "SELECT TIME_PERIOD, date_diff('day', TIME_START, TIME_END) "
        sql += f"FROM '{path}' WHERE REF_AREA = 'IR' ORDER BY TIME_START"
        assert database.sql(sql).fetchall() == [("2020-Q1", 91), ("2020-Q2", 91)]


def test_names_stand_beside_codes_when_asked_for() -> None:
    frame = pl.read_parquet(write(CASES[0](), languages=("fa",), labels="name"))
    assert frame["REF_AREA_NAME"].unique().sort().to_list() == ["Türkiye", "ایران", "فارس"]
    assert frame["OBS_STATUS_NAME"].to_list()[2] is None
    assert "ITEM_NAME" not in frame.columns
    assert pl.read_parquet(write(CASES[1](), labels="name"))["FLAGS_NAME"][0] == '["Normal","Estimated, \\"about\\""]'


def test_the_file_says_what_it_is() -> None:
    case = CASES[0]()
    flow = case.schema.dataflow
    assert flow is not None
    source = Annotation(id="SOURCE", type="sdmx-server:source", texts={"en": "Census", "fa": "سرشماری"})
    case.schema = msgspec.structs.replace(case.schema, dataflow=msgspec.structs.replace(flow, annotations=(source,)))
    data = b"".join(write_data(case.message(), WriteOptions(self_url="http://host/sdmx/v2/data")))
    schema = pq.read_schema(io.BytesIO(data))
    about = json.loads(schema.metadata[b"sdmx"])
    assert about["prepared"] == "2026-11-22T10:00:00Z"
    assert about["query"] == "http://host/sdmx/v2/data"
    [shown] = about["dataflows"]
    assert shown["urn"] == "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:DF_PRICES(1.0.0)"
    assert shown["structure"] == "SCI:DSD_PRICES(1.2.0)"
    assert shown["names"] == {"en": "PRICES, data", "fa": "داده"}
    assert shown["notes"] == [{"type": "sdmx-server:source", "texts": {"en": "Census", "fa": "سرشماری"}}]
    assert json.loads(schema.field("FREQ").metadata[b"names"])["fa"] == "بُعد"


def test_row_groups_go_out_as_they_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_writer, "ROW_GROUP", 3)
    chunks = list(write_data(CASES[0]().message(batch=2), WriteOptions()))
    file = pq.ParquetFile(io.BytesIO(b"".join(chunks)))
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sum(sizes) == 8
    assert len(sizes) == len(chunks) - 1 > 1
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def joined(*cases: Case) -> DataMessage:
    return DataMessage(header=cases[0].message().header, parts=tuple(c.part("AllDimensions") for c in cases))


def test_dataflows_share_a_file_where_types_agree() -> None:
    prices, languages = CASES[0](), CASES[2]()
    measured = prices.schema.measures[0]
    census = CASES[3]()
    with pytest.raises(NotAcceptable, match="OBS_VALUE of different types"):
        write_data(joined(prices, languages), WriteOptions())
    assert measured.id == "OBS_VALUE"
    data = b"".join(write_data(joined(languages, census), WriteOptions()))
    frame = pl.read_parquet(data)
    assert frame["DATAFLOW"].to_list() == ["SCI:DF_LANGUAGES(1.0.0)"] * 3 + ["SCI:DF_CENSUS(1.0.0)"] * 6
    assert frame["SEX"].to_list()[:4] == [None, None, None, "F"]
    assert frame["OBS_VALUE"].to_list() == [1, 2, 3, 0, 1, 2, 10, 11, 12]


def changed(case: Case, **changes: object) -> DataMessage:
    message = case.message()
    return msgspec.structs.replace(message, parts=(msgspec.structs.replace(message.parts[0], **changes),))


def test_changes_and_history_are_refused_before_the_first_byte() -> None:
    case = CASES[3]()
    with pytest.raises(NotAcceptable, match="what changed"):
        write_data(changed(case, action="Delete"), WriteOptions())
    with pytest.raises(NotAcceptable, match="history"):
        write_data(changed(case, valid_from=pd.Timestamp("2024-01-01", tz="UTC").to_pydatetime()), WriteOptions())


def test_series_only_leaves_out_what_belongs_to_observations() -> None:
    frame = pl.read_parquet(b"".join(write_data(changed(CASES[0](), series_only=True), WriteOptions())))
    for name in ("TIME_PERIOD", "TIME_START", "TIME_END", "OBS_VALUE", "OBS_STATUS", "TIME_LABEL", "COMMENT"):
        assert frame[name].null_count() == len(frame)
    assert frame["SOURCE"].to_list()[0] == "Survey <1>"
    assert frame["AREA_NOTE"].to_list()[0] == "country; whole"


def test_columns_of_ours_give_way_to_components() -> None:
    schema = structure("OWN", (dimension("REF_AREA", AREA), dimension("TIME_START")), (measure("OBS_VALUE"),))
    rows = pl.DataFrame({"REF_AREA": ["IR"], "TIME_START": ["x"], "TIME_PERIOD": ["2024"], "OBS_VALUE": [1.0]})
    part = DataPart(
        dataset=MemoryDataSet(schema, rows),
        context=reference_to(schema.structure),
        dimension_at_observation="TIME_PERIOD",
    )
    message = DataMessage(header=CASES[0]().message().header, parts=(part,))
    assert pl.read_parquet(b"".join(write_data(message, WriteOptions())))["TIME_START"].to_list() == ["x"]


def test_it_is_offered_as_parquet() -> None:
    [form] = FORMATS
    assert (form.media_type, form.family, form.generation) == ("application/vnd.apache.parquet", ("parquet",), "")
