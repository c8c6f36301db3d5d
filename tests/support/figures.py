"""The figures of a data answer, read by its media type in the plainest way."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import polars as pl
import requests
from lxml import etree


def _of_csv(data: bytes) -> list[str]:
    return [row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(data.decode("utf-8")))]


def _of_xml(data: bytes) -> list[str | None]:
    message = etree.fromstring(data)
    generic = [value.get("value") for value in message.iter("{*}ObsValue")]
    return generic or [observation.get("OBS_VALUE") for observation in message.iter("{*}Obs", "Obs")]


def _of_json(message: dict[str, Any]) -> list[Any]:
    sets = message.get("data", message)["dataSets"]
    groups = [series["observations"] for one in sets for series in one.get("series", {}).values()]
    groups += [one["observations"] for one in sets if "observations" in one]
    return [values[0] for observations in groups for values in observations.values()]


def _of_sheet(data: bytes) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    place = [str(name).partition(":")[0] for name in head].index("OBS_VALUE")
    return [row[place] for row in rows]


def figures(answer: requests.Response) -> list[float]:
    """The values of OBS_VALUE in the order of the answer."""
    assert answer.status_code == 200, answer.text[:500]
    kind = answer.headers["Content-Type"].split(";")[0]
    found: list[Any]
    if kind.endswith("+csv"):
        found = _of_csv(answer.content)
    elif kind.endswith("+xml"):
        found = list(_of_xml(answer.content))
    elif kind.endswith("+json"):
        found = _of_json(answer.json())
    elif kind.endswith("parquet"):
        found = pl.read_parquet(io.BytesIO(answer.content))["OBS_VALUE"].to_list()
    else:
        found = _of_sheet(answer.content)
    return [float(value) for value in found]
