"""R's rsdmx, as an ordinary client of the running server, by REST 1.5.0. Needs Rscript and rsdmx (`make r`)."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("rsdmx.R")


def test_dataflows_figures_and_codes_are_read(live: str) -> None:
    program = shutil.which("Rscript")
    assert program, "no Rscript found; install R with the package rsdmx (Debian: apt-get install r-cran-rsdmx)"
    done = subprocess.run(
        [program, SCRIPT, f"{live}/sdmx/v1"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    parts = [part[part.index('"') :] for part in done.stdout.split("\n\n") if '"' in part]
    flows, figures, sexes = (list(csv.DictReader(io.StringIO(part))) for part in parts)
    assert {flow["id"] for flow in flows} >= {"CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL"}
    assert {row["SEX"]: int(row["obsValue"]) for row in figures} == {"_T": 79926270, "M": 40498442, "F": 39427828}
    assert {row["obsTime"] for row in figures} == {"2016-03-20/P366D"}
    assert {code["id"] for code in sexes} >= {"_T", "M", "F"}
