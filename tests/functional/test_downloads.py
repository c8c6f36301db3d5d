"""Parquet, Excel and SDMX-CSV 1.0 over HTTP, in both versions of the API."""

from __future__ import annotations

import csv
import io

import openpyxl
import polars as pl
import pytest
from support.asking import ask, refusal

POP = "/data/dataflow/SCI/CENSUS_POP/1.0.0"
POP_V1 = "/data/SCI,CENSUS_POP,1.0.0/all"
PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV1 = "application/vnd.sdmx.data+csv;version=1.0.0"


@pytest.mark.parametrize(("api", "path"), [("v1", POP_V1), ("v2", POP)])
def test_both_apis_offer_parquet_and_excel(live: str, api: str, path: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(live, POP, CSV1).text)))
    parquet = ask(live, f"{path}?format=parquet", api=api)
    assert parquet.headers["Content-Type"] == f"{PARQUET};version=1.0;labels=id"
    frame = pl.read_parquet(parquet.content)
    assert frame["OBS_VALUE"].to_list() == [float(row["OBS_VALUE"]) for row in rows]
    assert frame["TIME_PERIOD"].to_list() == [row["TIME_PERIOD"] for row in rows]
    for name in ("xlsx", "excel"):
        excel = ask(live, f"{path}?format={name}", api=api)
        assert excel.headers["Content-Type"] == f"{XLSX};version=1.0;labels=name"
        page = openpyxl.load_workbook(io.BytesIO(excel.content)).worksheets[0]
        assert page.max_row == len(rows) + 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "api", "stem"),
    [
        (POP, "v2", "SCI_CENSUS_POP_1.0.0"),
        (POP_V1, "v1", "SCI_CENSUS_POP_1.0.0"),
        ("/data/dataflow/SCI/CENSUS_POP/~", "v2", "SCI_CENSUS_POP"),
        ("/data/dataflow/SCI/CENSUS_POP,VITAL/*", "v2", "SCI"),
    ],
)
def test_downloads_have_a_name(live: str, path: str, api: str, stem: str, method: str) -> None:
    for media_type, extension in ((PARQUET, "parquet"), (XLSX, "xlsx")):
        answer = ask(live, path, media_type, method, api)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{stem}.{extension}"'
    assert "Content-Disposition" not in ask(live, path, CSV1, method, api).headers


def test_the_workbook_is_persian_when_that_is_asked_for(live: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ask(live, f"{POP}?format=xlsx&lang=fa").content))
    assert book.sheetnames == ["CENSUS_POP", "یادداشت‌ها"]
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    notes = [row[:2] for row in book.worksheets[-1].iter_rows(values_only=True)]
    labels = {label for label, _ in notes}
    assert {"عنوان", "شرح", "منبع", "تردید", "توجه", "پرس‌وجو"} <= labels
    assert ("پرس‌وجو", f"{live}/sdmx/v2{POP}?format=xlsx&lang=fa") in notes
    english = openpyxl.load_workbook(io.BytesIO(ask(live, f"{POP}?format=xlsx", Accept_Language="en").content))
    assert not any(sheet.sheet_view.rightToLeft for sheet in english)


@pytest.mark.parametrize("media_type", [PARQUET, XLSX, CSV1])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_a_table_cannot_say_is_not_acceptable(live: str, media_type: str, method: str) -> None:
    for query in ("updatedAfter=2000-01-01T00:00:00Z", "includeHistory=true"):
        answer = ask(live, f"{POP}?{query}", media_type, method)
        assert answer.status_code == 406, query
        if method == "GET":
            told = refusal(answer, 406)
            assert query.partition("=")[0] in told
            assert "SDMX-CSV 2.0 or 2.1" in told


@pytest.mark.parametrize("detail", ["serieskeysonly", "nodata"])
def test_series_without_observations(live: str, detail: str) -> None:
    text = ask(live, f"{POP_V1}?detail={detail}", CSV1, api="v1").text
    series = list(csv.DictReader(io.StringIO(text)))
    every = list(csv.DictReader(io.StringIO(ask(live, POP, CSV1).text)))
    assert {(r["REF_AREA"], r["SEX"]) for r in series} == {(r["REF_AREA"], r["SEX"]) for r in every}
    assert len(series) < len(every)
    assert {(r["TIME_PERIOD"], r["OBS_VALUE"]) for r in series} == {("", "")}
    frame = pl.read_parquet(ask(live, f"{POP_V1}?detail={detail}", PARQUET, api="v1").content)
    assert len(frame) == len(series)
    assert frame["TIME_PERIOD"].null_count() == frame["TIME_START"].null_count() == len(frame)
    assert "OBS_VALUE" not in frame.columns


def test_several_dataflows_in_one_file(live: str) -> None:
    path = "/data/dataflow/SCI/CENSUS_POP,VITAL/*"
    book = openpyxl.load_workbook(io.BytesIO(ask(live, path, XLSX).content))
    assert book.sheetnames == ["CENSUS_POP", "VITAL", "Notes"]
    frame = pl.read_parquet(ask(live, path, PARQUET).content)
    assert set(frame["DATAFLOW"].to_list()) == {"SCI:CENSUS_POP(1.0.0)", "SCI:VITAL(1.0.0)"}
