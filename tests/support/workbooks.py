"""Workbooks in the forms of a statistical office, written for tests, and the original ones where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import xlwt

from support.shipped import ROOT, source

REAL_DATA = Path(os.environ.get("SDMX_REAL_DATA", ROOT.parent / "shared" / "data"))
RESIDENCES = {"_T": "جمع", "U": " نقاط شهري", "R": " نقاط روستايي", "UNS": "غير ساکن"}
SEXES = {"_T": "مردوزن", "M": "مرد", "F": "زن"}
"""Labels as the census workbooks write them: with Arabic letters and stray spaces."""

CENSUS = """
dataflow = "SCI:CENSUS_POP(1.0.0)"
[components]
FREQ = "A"
REF_AREA = { column = "county", extract = "([0-9]{2})[0-9]{2}$", prefix = "IR-" }
RESIDENCE = { column = "residence", map = "residence" }
SEX = { column = "sex", map = { "مردوزن" = "_T", "مرد" = "M", "زن" = "F" } }
AGE = { column = "age", map = "age" }
TIME_PERIOD = { value = "1395", calendar = "solar-hijri", frequency = "A" }
OBS_VALUE = { column = "persons" }
UNIT_MEASURE = "PS"
UNIT_MULT = "0"
DECIMALS = "0"
OBS_STATUS = "A"
[components.SOURCE.value]
en = "Statistical Centre of Iran, population and housing censuses"
fa = "مرکز آمار ایران، سرشماری عمومی نفوس و مسکن"
[maps.residence]
"جمع" = "_T"
"نقاط شهری" = "U"
"نقاط روستایی" = "R"
"غیر ساکن" = "UNS"
[maps.age]
"تمامی سنین" = "_T"
"100ساله و بیشتر" = "Y_GE100"
"""

CENSUS_SOURCE = """
[[source]]
file = "{file}"
loader = "excel"
sum = true
where = [{{ column = "age", not_equals = "کمتر از یک ساله", not_matches = "^[0-9]+ ساله$" }}]
[source.options]
sheets = "all"
sheet_column = "county"
head = {{ label = "سن", rows = 2 }}
levels = ["residence", "sex"]
stubs = ["age"]
value = "persons"
empty = "0"
arabic_letters = true
[source.options.expect]
sheets = {sheets}
rows = {rows}
heads = ["جمع|مردوزن", "جمع|مرد", "جمع|زن", "نقاط شهری|مردوزن", "نقاط شهری|مرد", "نقاط شهری|زن", "نقاط روستایی|مردوزن", "نقاط روستایی|مرد", "نقاط روستایی|زن", "غیر ساکن|مردوزن", "غیر ساکن|مرد", "غیر ساکن|زن"]
[[source.options.totals]]
column = "age"
whole = "تمامی سنین"
parts = [{ages}]
[[source.options.totals]]
column = "residence"
whole = "جمع"
parts = ["نقاط شهری", "نقاط روستایی", "غیر ساکن"]
[[source.options.totals]]
column = "sex"
whole = "مردوزن"
parts = ["مرد", "زن"]
"""  # noqa: E501

FIVE_YEARS = [f"Y{low}T{low + 4}" for low in range(0, 100, 5)]
AGES = (*FIVE_YEARS, "Y_GE100")


def age_label(code: str) -> str:
    """An age group as the census workbooks write it."""
    if code == "_T":
        return " تمامي سنين"
    return "100ساله و بيشتر" if code == "Y_GE100" else code[1:].replace("T", "-") + " ساله"


def census_recipe(*files: tuple[str, int, int], extra: str = "") -> str:
    """The recipe of census workbooks, given as file, number of sheets and rows of each; persons by province."""
    groups = [age_label(code) for code in AGES]
    table = "".join(f'"{age_label(code)}" = "{code}"\n' for code in FIVE_YEARS)
    ages = ", ".join(f'"{label}"' for label in groups)
    parts = [CENSUS_SOURCE.format(file=f, sheets=sheets, rows=rows, ages=ages) for f, sheets, rows in files]
    return CENSUS + table + "".join(parts) + extra


def province_1395(province: str) -> pl.DataFrame:
    """The shipped figures of a province by residence, age and the columns _T, M and F."""
    name = "census_1395_province_residence_age.csv"
    frame = source("CENSUS_POP", name, province=pl.String)
    return frame.filter(pl.col("province") == province)


def write_census_xls(path: Path, province: str) -> None:
    """A workbook in the form of the census's: a sheet for each of two counties, a title, merged heads, an empty first
    column, one column in two merged ones, single years, empty cells for zero. The counties add up to the province.
    """
    book = xlwt.Workbook(encoding="utf-8")
    for number, (name, persons) in enumerate(zip(("یکم", "دوم"), _counties(province), strict=True), 1):
        sheet = book.add_sheet(f"{name}{province}{number:02d}")
        top = 5 - number
        if number == 1:
            sheet.write_merge(2, 2, 1, 6, "جدول 1- جمعيت برحسب سن ، جنس و وضع سكونت")
        sheet.write_merge(top, top + 1, 1, 1, "سن")
        for (first, last), label in zip(((2, 4), (5, 8), (9, 11), (12, 14)), RESIDENCES.values(), strict=True):
            sheet.write_merge(top, top, first, last, label)
            for at, sex in zip(_columns(first), SEXES.values(), strict=True):
                _put(sheet, top + 1, at, sex)
        row = top + 2
        for age in ("_T", *AGES):
            sheet.write(row, 1, age_label(age))
            for first, residence in zip((2, 5, 9, 12), RESIDENCES, strict=True):
                for at, sex in zip(_columns(first), SEXES, strict=True):
                    _put(sheet, row, at, persons[residence, sex, age] or "")
            row += 1
            if age == "Y0T4":
                sheet.write(row, 1, "1 ساله")
                row += 1
    book.save(str(path))


def _columns(first: int) -> tuple[int | tuple[int, int], ...]:
    """The columns of both sexes, men and women; of the urban ones one is two merged ones."""
    return (5, (6, 7), 8) if first == 5 else (first, first + 1, first + 2)


def _counties(province: str) -> list[dict[tuple[str, str, str], int]]:
    """A province cut in two; totals are summed from the parts."""
    counties: list[dict[tuple[str, str, str], int]] = [{}, {}]
    for row in province_1395(province).rows(named=True):
        for sex in ("M", "F"):
            if "_T" in (row["residence"], row["age"]):
                continue
            third = row[sex] // 3
            for county, persons in zip(counties, (third, row[sex] - third), strict=True):
                for key in product((row["residence"], "_T"), (sex, "_T"), (row["age"], "_T")):
                    county[key] = county.get(key, 0) + persons
    return counties


def _put(sheet: Any, row: int, column: int | tuple[int, int], value: Any) -> None:
    if isinstance(column, tuple):
        sheet.write_merge(row, row, *column, value)
    elif value != "":
        sheet.write(row, column, value)


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[str] = ()) -> Path:
    """A workbook of plain cells, row by row; ``merged`` are ranges such as ``B1:C1`` in every sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
            for area in merged:
                sheet.merge_range(area, "")
                first = area.partition(":")[0]
                column, row = ord(first[0]) - ord("A"), int(first[1:]) - 1
                if row < len(rows) and column < len(rows[row]) and rows[row][column] is not None:
                    sheet.write(row, column, rows[row][column])
    return path
