"""A small table, the recipe that reads it, and what its loader finds when something is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdmx_server.errors import Refused
from sdmx_server.loading.recipe import read_recipe
from support.loading import Loaded, structure

RECIPE = """
dataflow = "SCI:T(1.0.0)"
missing = ["-"]
[components]
FREQ = "A"
REF_AREA = { column = "area", match = "name" }
SEX = { column = "sex", map = { "مرد" = "M", "زن" = "F", "مرد و زن" = "_T" } }
TIME_PERIOD = { column = "year", calendar = "solar-hijri", frequency = "A" }
OBS_VALUE = { column = "persons" }
OBS_STATUS = "A"
[[source]]
file = "table.xlsx"
loader = "excel"
[source.options]
head = { label = "استان" }
stubs = [{ name = "area", head = "استان" }]
levels = ["year", "sex"]
value = "persons"
until = "^مأخذ"
"""
EXPECT = """
[source.options.expect]
labels = { area = ["ایران", "مرکزی", "گیلان"] }
heads = ["1395|مرد و زن", "1395|مرد", "1395|زن", "1396|مرد و زن", "1396|مرد", "1396|زن"]
rows = 3
[[source.options.totals]]
column = "area"
whole = "ایران"
parts = ["مرکزی", "گیلان"]
[[source.options.totals]]
column = "sex"
whole = "مرد و زن"
parts = ["مرد", "زن"]
"""
MERGED = ("B3:D3", "E3:G3", "A3:A4")
Grid = list[list[Any]]


def good() -> Grid:
    """A table with a title, a head of two rows, three rows and a source line."""
    return [
        ["جمعیت استان‌ها (نفر)"],
        [],
        ["استان", 1395, None, None, 1396, None, None],
        [None, "مرد و زن", "مرد", "زن", "مرد و زن", "مرد", "زن"],
        ["ایران", 30, 14, 16, 36, 17, 19],
        ["مرکزی", 10, 4, 6, 15, 7, 8],
        ["گیلان", 20, 10, 10, 21, 10, 11],
        ["مأخذ: نمونه"],
    ]


def load(folder: Path, options: str = EXPECT, file: str = "table.xlsx", **more: Any) -> Loaded:
    (folder / "dataflow.toml").write_text(RECIPE.replace("table.xlsx", file) + options, encoding="utf-8")
    return Loaded(read_recipe(folder), structure(), **more)


def refused(folder: Path, options: str = EXPECT, file: str = "table.xlsx", **more: Any) -> list[tuple[Any, ...]]:
    """Each finding as code, sheet, row, column, value; both languages tell a way out."""
    with pytest.raises(Refused) as caught:
        load(folder, options, file, **more)
    for problem in caught.value.problems:
        assert problem.file == file
        assert set(problem.texts) == {"en", "fa"}
        assert all(text and "{" not in text for text in problem.texts.values())
    return [(p.code, p.sheet, p.row, p.column, p.value) for p in caught.value.problems]
