"""The npm package sdmx-json-parser, as portals use it on SDMX-JSON 2.0 and 2.1."""

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


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
def test_data_have_the_published_figures(live: str, version: str, at: str) -> None:
    path = "/sdmx/v2/data/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T.*._T?c[TIME_PERIOD]=2016-03-20/P366D"
    coded = "attributes=UNIT_MEASURE,OBS_STATUS"  # it stops at attributes without codes, see docs/clients.md
    found = parsed(f"{live}{path}&{coded}&dimensionAtObservation={at}&formatVersion={version}&lang=en")
    figures = {row["SEX"]: row["value"] for row in found["data"]}
    assert figures == {"Total": 79926270, "Male": 40498442, "Female": 39427828}
    assert found["name"] == "Population by province, residence, sex and age (census)"
    assert set(found["dimensions"]) == {"FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD"}
    assert set(found["attributes"]) == {"UNIT_MEASURE", "OBS_STATUS"}
