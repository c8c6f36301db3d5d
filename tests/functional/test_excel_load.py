"""Workbooks loaded by the command line into a store of their own, and asked for by query."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from support.asking import rows
from support.live import environment, run, serving
from support.shipped import ROOT, source
from support.workbooks import REAL_DATA, census_recipe, write_census_xls, write_xlsx

ORIGINALS = sorted((REAL_DATA / "census").glob("sci_census2016_p*.xls"))
PROVINCES = {"00": 12, "30": 6}
"""Provinces of the workbooks, and how many counties have a sheet."""


def recipe(folder: Path, originals: bool) -> Path:
    files = []
    for province, counties in PROVINCES.items():
        file = folder / f"p{province}.xls"
        if originals:
            file.symlink_to(next(path for path in ORIGINALS if f"_p{province}_" in path.name))
            files.append((file.name, counties, 122))
        else:
            write_census_xls(file, province)
            files.append((file.name, 2, 23))
    path = folder / "dataflow.toml"
    path.write_text(census_recipe(*files), encoding="utf-8")
    return path


def figures() -> dict[tuple[str, ...], float]:
    frame = source("CENSUS_POP", "census_1395_province_residence_age.csv", province=pl.String)
    chosen = frame.filter(pl.col("province").is_in(list(PROVINCES))).rows(named=True)
    return {(f"IR-{r['province']}", r["residence"], s, r["age"]): r[s] for r in chosen for s in ("_T", "M", "F")}


@pytest.mark.parametrize("originals", [False, *([True] if len(ORIGINALS) == len(PROVINCES) else [])])
def test_census_workbooks_answer_queries_like_the_tidy_figures(tmp_path: Path, originals: bool) -> None:
    env = environment(tmp_path / "data")
    run("structures", "import", str(ROOT / "structures"), env=env)
    assert "528 observations new" in run("data", "load", str(recipe(tmp_path, originals)), env=env).stdout
    with serving(env, workers=1) as base:
        found = rows(base, "/dataflow/SCI/CENSUS_POP/1.0.0/*")
    assert {(r["REF_AREA"], r["RESIDENCE"], r["SEX"], r["AGE"]): float(r["OBS_VALUE"]) for r in found} == figures()
    assert {r["TIME_PERIOD"] for r in found} == {"2016-03-20/P366D"}


def test_a_bad_workbook_changes_nothing(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    run("structures", "import", str(ROOT / "structures"), env=env)
    table = [["سال", "شهری", "روستایی"], [1395, 17_000_000, 7_000_000]]
    write_xlsx(tmp_path / "households.xlsx", {"خانوار": table})
    (tmp_path / "dataflow.toml").write_text(HOUSEHOLDS, encoding="utf-8")
    run("data", "load", str(tmp_path), env=env)
    before = run("data", "export", "SCI:HOUSEHOLDS(1.0.0)", env=env).stdout
    assert "17000000" in before
    book = openpyxl.load_workbook(tmp_path / "households.xlsx")
    book["خانوار"]["B2"], book["خانوار"]["C1"] = 18_000_000, "روستائي"
    book.save(tmp_path / "households.xlsx")
    done = run("data", "load", str(tmp_path), env=env, check=False)
    assert done.returncode == 1
    for word in ("households.xlsx", "خانوار", "letter-arabic", "روستائي", "arabic_letters = true"):
        assert word in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert run("data", "export", "SCI:HOUSEHOLDS(1.0.0)", env=env).stdout == before


HOUSEHOLDS = """
dataflow = "SCI:HOUSEHOLDS(1.0.0)"
[components]
FREQ = "A"
REF_AREA = "IR"
RESIDENCE = { column = "residence", map = { "شهری" = "U", "روستایی" = "R" } }
TIME_PERIOD = { column = "year", calendar = "solar-hijri", frequency = "A" }
OBS_VALUE = { column = "households" }
UNIT_MEASURE = "HH"
UNIT_MULT = "0"
OBS_STATUS = "A"
[[source]]
file = "households.xlsx"
loader = "excel"
options = { stubs = ["year"], levels = ["residence"], value = "households" }
"""
