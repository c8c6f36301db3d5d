"""The npm package sdmx-json-parser, as portals use it on SDMX-JSON 2.0 and 2.1, by both versions of the API."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

NPM = Path(__file__).resolve().parents[1] / "npm"


def parsed(url: str) -> dict[str, Any]:
    """What the parser makes of an answer."""
    done = subprocess.run(
        ["node", "sdmx-json-parser.mjs", url],
        cwd=NPM,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-600:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


FIGURES = {"Total": 79926270, "Male": 40498442, "Female": 39427828}
NAME = "Population by province, residence, sex and age (census)"
DIMENSIONS = {"FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD"}


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
def test_data_have_the_published_figures(live: str, version: str, at: str) -> None:
    path = "/sdmx/v2/data/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T.*._T?c[TIME_PERIOD]=2016-03-20/P366D"
    coded = "attributes=UNIT_MEASURE,OBS_STATUS"  # it stops at attributes without codes, see docs/clients.md
    found = parsed(f"{live}{path}&{coded}&dimensionAtObservation={at}&formatVersion={version}&lang=en")
    assert {row["SEX"]: row["value"] for row in found["data"]} == FIGURES
    assert (found["name"], set(found["dimensions"])) == (NAME, DIMENSIONS)
    assert set(found["attributes"]) == {"UNIT_MEASURE", "OBS_STATUS"}


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
def test_data_of_the_older_api_have_the_published_figures(live: str, version: str, at: str) -> None:
    path = "/sdmx/v1/data/SCI,CENSUS_POP,1.0.0/A.IR._T.._T?startPeriod=2016&endPeriod=2017"
    plain = "detail=dataonly"  # without attributes, of which 1.5.0 cannot choose some
    found = parsed(f"{live}{path}&{plain}&dimensionAtObservation={at}&formatVersion={version}&lang=en")
    assert {row["SEX"]: row["value"] for row in found["data"]} == FIGURES
    assert (found["name"], set(found["dimensions"]), found["attributes"]) == (NAME, DIMENSIONS, [])


@pytest.mark.parametrize(
    "path",
    [
        "/v2/data/dataflow/SCI/VITAL/1.0.0?attributes=none",
        "/v1/data/VITAL/all?detail=dataonly&formatVersion=2.0.0",
    ],
)
def test_names_are_in_the_language_that_was_asked_for(live: str, path: str) -> None:
    found = parsed(f"{live}/sdmx{path}&lang=fa")
    figures = {row["VITAL_EVENT"]: row["value"] for row in found["data"]}
    published = {"ولادت": 979923, "فوت": 458848, "ازدواج": 470372, "طلاق": 194078}
    assert figures == {f"{event} ثبت\u200cشده": figure for event, figure in published.items()}
