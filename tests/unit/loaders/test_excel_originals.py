"""Workbooks of the office give the same observations as the tidy files, cell by cell.

The original workbooks are not part of the project (``SDMX_REAL_DATA`` names their folder); workbooks of the same form,
written from the shipped figures, are read by the same recipes.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import polars as pl
import pytest
from support.loading import Loaded
from support.shipped import catalogue, source
from support.workbooks import REAL_DATA, RESIDENCES, SEXES, census_recipe, write_census_xls, write_xlsx

from sdmx_server.loading.recipe import read_recipe
from sdmx_server.model.reference import parse_short
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.registry.resolve import resolve_structure

CENSUS_FILES = sorted((REAL_DATA / "census").glob("sci_census2016_p*.xls"))
TIDY = sorted((REAL_DATA / "census").glob("census_1395_province_sex_age_residence.csv"))
CPI_TIDY = sorted((REAL_DATA / "cpi").glob("cpi_monthly_1381_1398_base1395.csv"))
CPI_FILES = sorted((REAL_DATA / "cpi").glob("CPIU.xlsx"))
SHEETS = {"00": 12, "30": 6}


def structure(flow: str, **changes: Any) -> ResolvedStructure:
    found = resolve_structure(catalogue(), parse_short(f"SCI:{flow}(1.0.0)", "Dataflow"))
    return msgspec.structs.replace(found, **changes)


def shipped(province: str) -> dict[tuple[str, ...], float]:
    """The figures that the product ships, by area, residence, sex and age."""
    frame = source("CENSUS_POP", "census_1395_province_residence_age.csv", province=pl.String)
    rows = frame.filter(pl.col("province") == province).rows(named=True)
    return {(f"IR-{province}", r["residence"], sex, r["age"]): r[sex] for r in rows for sex in ("_T", "M", "F")}


def load(tmp_path: Path, recipe: str, schema: ResolvedStructure) -> Loaded:
    (tmp_path / "dataflow.toml").write_text(recipe, encoding="utf-8")
    return Loaded(read_recipe(tmp_path), schema)


def by_key(loaded: Loaded) -> dict[tuple[str, ...], float]:
    rows = loaded.rows
    found = {(r["REF_AREA"], r["RESIDENCE"], r["SEX"], r["AGE"]): r["OBS_VALUE"] for r in rows}
    assert len(found) == len(rows)
    return found


def test_census_workbooks_of_the_same_form_give_the_shipped_figures(tmp_path: Path) -> None:
    for province in ("00", "30"):
        write_census_xls(tmp_path / f"p{province}.xls", province)
    loaded = load(tmp_path, census_recipe(("p00.xls", 2, 23), ("p30.xls", 2, 23)), structure("CENSUS_POP"))
    assert by_key(loaded) == shipped("00") | shipped("30")
    assert loaded.counts.rows == 2 * 2 * 23 * 12


@pytest.mark.parametrize("path", CENSUS_FILES, ids=lambda path: path.stem)
def test_original_census_workbooks_give_the_shipped_figures(tmp_path: Path, path: Path) -> None:
    province = path.stem.split("_p")[1][:2]
    (tmp_path / path.name).symlink_to(path)
    loaded = load(tmp_path, census_recipe((path.name, SHEETS[province], 122)), structure("CENSUS_POP"))
    assert by_key(loaded) == shipped(province)
    assert loaded.counts.rows == SHEETS[province] * 122 * 12


@pytest.mark.parametrize("path", CENSUS_FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("tidy", TIDY, ids=lambda path: path.stem)
def test_original_census_workbooks_give_the_tidy_file(tmp_path: Path, path: Path, tidy: Path) -> None:
    province = path.stem.split("_p")[1][:2]
    residences = {label.replace("ي", "ی").strip(): code for code, label in RESIDENCES.items()}
    sexes = {label: code for code, label in SEXES.items()}
    wanted = {}
    with tidy.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["province_code_sci"] == province:
                residence, sex = residences[row["residence_fa"]], sexes[row["sex_fa"]]
                wanted[f"IR-{province}", residence, sex, row["age"]] = float(row["population"])
    (tmp_path / path.name).symlink_to(path)
    loaded = load(tmp_path, census_recipe((path.name, SHEETS[province], 122)), structure("CENSUS_POP"))
    assert len(wanted) == 264
    assert by_key(loaded) == wanted


GROUPS = {
    "_T": "cpi_total",
    "CP01": "cpi_food_total",
    "CP02": "cpi_tobacco",
    "CP03": "cpi_cloth",
    "CP05": "cpi_furniture",
    "CP06": "cpi_medical",
    "CP07": "cpi_transportation",
    "CP08": "cpi_communication",
    "CP09": "cpi_leisure",
    "CP10": "cpi_education",
    "CP11": "cpi_hotel",
    "CP12": "cpi_otherexp",
}
"""Groups of the price workbook; its housing has no energy, so that it is not CP04."""

TIDY_GROUPS = {
    "_T": "total",
    "CP01": "food",
    "CP02": "cigarrete",
    "CP03": "cloth",
    "CP05": "furniture",
    "CP06": "medicine",
    "CP07": "transportation",
    "CP08": "communication",
    "CP09": "amusement",
    "CP10": "education",
    "CP11": "hotel_rest",
    "CP12": "other",
}
"""The same groups in the tidy monthly file."""

CPI = """
dataflow = "SCI:CPI(1.0.0)"
missing = ["-"]
[components]
FREQ = "A"
REF_AREA = "IR"
RESIDENCE = "U"
ITEM = {{ column = "item", map = {{ {groups} }} }}
TRANSFORMATION = "N"
BASE_PER = "B1400"
TIME_PERIOD = {{ column = "year", calendar = "solar-hijri", frequency = "A" }}
OBS_VALUE = {{ column = "index" }}
UNIT_MEASURE = "IX"
UNIT_MULT = "0"
DECIMALS = "4"
OBS_STATUS = "A"
SOURCE = {{ value = {{ en = "Statistical Centre of Iran", fa = "مرکز آمار ایران" }} }}
[[source]]
file = "CPIU.xlsx"
loader = "excel"
where = [{{ column = "item", equals = [{heads}] }}]
options = {{ stubs = [{{ name = "year", head = "a_year" }}], levels = ["item"], value = "index" }}
""".format(
    groups=", ".join(f'{head} = "{code}"' for code, head in GROUPS.items()),
    heads=", ".join(f'"{head}"' for head in GROUPS.values()),
)


def cpi_small(path: Path) -> Path:
    """A workbook in the form of the price one, from the shipped yearly means, on the base of 1390."""
    means = source("CPI", "cpi_annual_means.csv").filter(pl.col("area") == "IR")
    base = means.filter(pl.col("year") == 1390).row(0, named=True)
    rows: list[list[Any]] = [["a_year", *(f" {head} " for head in GROUPS.values())]]
    for row in means.rows(named=True):
        rows.append([row["year"] - 1300, *("-" if row[c] is None else row[c] / base[c] * 100 for c in GROUPS)])
    return write_xlsx(path, {"Sheet3": rows})


def cpi_load(tmp_path: Path) -> dict[tuple[str, str], tuple[float | None, str]]:
    schema = structure("CPI", cube_regions=())  # the shipped flow allows the base of 1395 only
    rows = load(tmp_path, CPI, schema).rows
    return {(row["ITEM"], row["TIME_PERIOD"]): (row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows}


LEAP = {1383, 1387, 1391, 1395, 1399}
"""The leap years of the official calendar between 1381 and 1402."""


def periods() -> dict[int, str]:
    """The exact periods of Solar Hijri years, counted on from 1 Farvardin 1381 (not from the loader)."""
    start, found = dt.date(2002, 3, 21), {}
    for year in range(1381, 1403):
        days = 366 if year in LEAP else 365
        found[year] = f"{start}/P{days}D"
        start += dt.timedelta(days)
    assert (found[1395], start) == ("2016-03-20/P366D", dt.date(2024, 3, 20))
    return found


@pytest.mark.parametrize("path", [None, *CPI_FILES], ids=lambda path: path.stem if path else "small")
def test_price_workbooks_are_read_as_they_stand(tmp_path: Path, path: Path | None) -> None:
    file = tmp_path / "CPIU.xlsx"
    file.symlink_to(path) if path else cpi_small(file)
    found = cpi_load(tmp_path)
    sheet = openpyxl.load_workbook(file).active
    head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    names = [str(name).strip() for name in head]
    wanted = {}
    for row in rows:
        for code, name in GROUPS.items():
            value = row[names.index(name)]
            wanted[code, periods()[1300 + row[0]]] = (None, "O") if value == "-" else (value, "A")
    assert found == wanted
    assert len(found) == len(rows) * len(GROUPS)
    assert found["CP02", periods()[1381]] == (None, "O")


@pytest.mark.parametrize("path", [None, *CPI_FILES], ids=lambda path: path.stem if path else "small")
def test_price_workbooks_agree_with_the_shipped_index_on_its_base(tmp_path: Path, path: Path | None) -> None:
    """The bases differ: what compares is each year relative to 1395, to the four decimals that are published."""
    file = tmp_path / "CPIU.xlsx"
    file.symlink_to(path) if path else cpi_small(file)
    found = cpi_load(tmp_path)
    years = {
        row["year"]: row
        for row in source("CPI", "cpi_annual_means.csv").filter(pl.col("area") == "IR").rows(named=True)
    }
    compared = 0
    assert sorted(years) == list(range(1381, 1398))
    for year in years:
        for code in GROUPS:
            value, base = found[code, periods()[year]][0], found[code, periods()[1395]][0]
            if value is None or years[year][code] is None:
                assert value is None
                assert years[year][code] is None
                continue
            assert value / base * 100 == pytest.approx(years[year][code], abs=1.1e-4), (code, year)
            compared += 1
    assert compared == 17 * len(GROUPS) - 9  # tobacco by itself begins in 1390


@pytest.mark.parametrize("path", CPI_FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("tidy", CPI_TIDY, ids=lambda path: path.stem)
def test_the_original_price_workbook_gives_the_means_of_the_tidy_months(tmp_path: Path, path: Path, tidy: Path) -> None:
    """Every cell that has twelve months in the tidy file: 17 years by 11 groups, and tobacco from 1390 on."""
    months: dict[tuple[str, int], list[float]] = {}
    with tidy.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["area"] == "Total" and row["index_1395_100"]:
                year = int(row["period_jalali"][:4])
                months.setdefault((row["group"], year), []).append(float(row["index_1395_100"]))
    (tmp_path / "CPIU.xlsx").symlink_to(path)
    found = cpi_load(tmp_path)
    compared = 0
    for code, group in TIDY_GROUPS.items():
        base = found[code, periods()[1395]][0]
        assert base is not None
        for year in range(1381, 1398):
            value = found[code, periods()[year]][0]
            known = months.get((group, year), [])
            assert (value is None) == (len(known) != 12), (code, year)
            if value is not None:
                assert value / base * 100 == pytest.approx(sum(known) / 12, abs=1.1e-4), (code, year)
                compared += 1
    assert compared == 17 * len(GROUPS) - 9
