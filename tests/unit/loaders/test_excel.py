"""Forms of crosstabs: blocks, sections, two languages, blank rows and columns, notes, letters; and what is written
comes back.
"""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import polars as pl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmx_loaders.excel import ExcelLoader
from support.loading import structure
from support.shipped import ROOT
from support.workbooks import write_xlsx

from sdmx_server.loading.api import Findings, Limits, Source


def read(
    path: Path, markers: tuple[str, ...] = (), limits: Limits | None = None, **options: Any
) -> tuple[Any, list[Any]]:
    """The rows as tuples, and the findings as code, row, column, value."""
    findings = Findings()
    source = Source(
        path=path,
        name=path.name,
        options=options,
        structure=structure(),
        findings=findings,
        limits=limits or Limits(),
        markers=frozenset(markers),
    )
    batches = list(ExcelLoader().read(source))
    found = [(p.code, p.row, p.column, p.value) for p in findings.problems()]
    frame = pl.concat([batch.frame for batch in batches]) if batches else pl.DataFrame()
    return frame, found


def rows(path: Path, **options: Any) -> list[tuple[Any, ...]]:
    frame, found = read(path, **options)
    assert found == []
    return frame.rows()


def test_a_year_written_once_over_a_block(tmp_path: Path) -> None:
    table = [
        ["سال", "ماه", "شاخص"],
        [1395, "فروردین ", 98.5],
        [None, "اردیبهشت ", 99],
        [None, None, None],
        [1396, "فروردین ", 108.25],
        [None, "اردیبهشت ", "-"],
    ]
    plain = write_xlsx(tmp_path / "plain.xlsx", {"a": table})
    merged = write_xlsx(tmp_path / "merged.xlsx", {"a": table}, ("A2:A4", "A5:A6"))
    expected = [
        ("1395", "فروردین", "شاخص", "98.5"),
        ("1395", "اردیبهشت", "شاخص", "99"),
        ("1396", "فروردین", "شاخص", "108.25"),
        ("1396", "اردیبهشت", "شاخص", "-"),
    ]
    more = {"levels": ["item"], "markers": ("-",)}
    assert rows(merged, stubs=["year", "month"], **more) == expected
    assert rows(plain, stubs=[{"name": "year", "fill": True}, "month"], **more) == expected
    assert read(plain, stubs=["year", "month"], **more)[1] == [
        ("label-missing", 3, "A", None),
        ("label-missing", 6, "A", None),
    ]


BILINGUAL = [
    ["جدول ۱ - جمعیت", None, None, None, None, None],
    [None, None, None, None, None, None],
    [None, "استان", "شهری", "روستایی", None, "Province"],
    [None, None, "Urban", "Rural", None, None],
    [None, "مرکزی", 1, 2, None, "Markazi"],
    [None, None, None, None, None, None],
    [None, "گیلان", 3, 4, None, "Gilan"],
    [None, "یادداشت: موقت", None, None, None, "Note: provisional"],
]
"""Titles, blank rows and columns, labels in two languages above and beside."""
TWO_LANGUAGES: dict[str, Any] = {
    "head": {"label": "استان"},
    "stubs": ["area", {"name": "area_en", "head": "Province"}],
    "levels": ["residence", "residence_en"],
    "skip": ["^یادداشت"],
}


def test_two_languages_in_neighbouring_rows_and_columns(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"a": BILINGUAL})
    names = {"columns": ["area", "area_en"], "table": {"مرکزی": "Markazi", "گیلان": "Gilan"}}
    heads = {"columns": ["residence", "residence_en"]}
    assert rows(path, **TWO_LANGUAGES, agree=[names, heads]) == [
        ("مرکزی", "Markazi", "شهری", "Urban", "1"),
        ("مرکزی", "Markazi", "روستایی", "Rural", "2"),
        ("گیلان", "Gilan", "شهری", "Urban", "3"),
        ("گیلان", "Gilan", "روستایی", "Rural", "4"),
    ]
    names["table"] = {"مرکزی": "Gilan"}
    assert read(path, **TWO_LANGUAGES, agree=[names])[1] == [
        ("labels-disagree", 5, "B", "مرکزی"),
        ("labels-disagree", 7, "F", "Gilan"),
    ]


def test_labels_that_disagree_are_found_without_a_table(tmp_path: Path) -> None:
    table = [["", "a", "a", "b"], ["", "x", "y", "x"], ["k", 1, 2, 3]]
    path = write_xlsx(tmp_path / "a.xlsx", {"a": table})
    given_ = {"head": {"row": 1}, "stubs": [{"name": "key", "column": "A"}], "levels": ["first", "second"]}
    found = read(path, **given_, agree=[{"columns": ["first", "second"]}])[1]
    assert found == [("labels-disagree", 1, "C", "a"), ("labels-disagree", 2, "D", "x")]


def test_sections_that_stand_alone_in_a_row(tmp_path: Path) -> None:
    table = [["سن", "مرد", "زن"], ["شهری"], ["0-4", 1, 2], ["5-9", 3, 4], ["روستایی"], ["0-4", 5, 6], ["5-9", 7, 8]]
    path = write_xlsx(tmp_path / "a.xlsx", {"a": table})
    sections = {"name": "residence", "labels": ["شهری", "روستایی"]}
    found = rows(path, stubs=["age"], levels=["sex"], sections=sections)
    assert found[0] == ("شهری", "0-4", "مرد", "1")
    assert found[-1] == ("روستایی", "5-9", "زن", "8")
    assert len(found) == 8
    assert [code for code, *_ in read(path, stubs=["age"], levels=["sex"])[1]] == ["label-twice", "label-twice"]


def test_columns_left_out_and_empty_cells(tmp_path: Path) -> None:
    table = [["key", "a", "note", "b"], ["x", 1, "text", None], ["y", None, None, None]]
    path = write_xlsx(tmp_path / "a.xlsx", {"a": table})
    given_ = {"stubs": ["key"], "levels": ["head"], "ignore": ["C"]}
    assert rows(path, **given_) == [("x", "a", "1"), ("x", "b", None), ("y", "a", None), ("y", "b", None)]
    assert [row[2] for row in rows(path, **given_, empty="0")] == ["1", "0", "0", "0"]


def test_numbers_in_text_when_the_recipe_allows_them(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"a": [["key", "a"], ["x", "۱۲۳٬۴۵۶"]]})
    assert rows(path, stubs=["key"], levels=["head"], numbers_as_text=True) == [("x", "a", "۱۲۳٬۴۵۶")]


def test_an_old_workbook_has_dates_percents_errors_and_truth(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = True
    sheet = book.add_sheet("a")
    percent, day = xlwt.easyxf(num_format_str="0.0%"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, value in enumerate(("key", "a", "b", "c")):
        sheet.write(0, column, value)
    sheet.write(1, 0, 42000, day)
    sheet.write(1, 1, 0.125, percent)
    sheet.write(1, 2, 7)
    book.save(str(tmp_path / "a.xls"))
    more = {"stubs": ["key"], "levels": ["head"]}
    assert rows(tmp_path / "a.xls", **more, percent="hundred")[0] == ("2018-12-28", "a", "12.5")
    assert rows(tmp_path / "a.xls", **more, percent="fraction")[0] == ("2018-12-28", "a", "0.125")
    assert read(tmp_path / "a.xls", **more)[1] == [("cell-percent", 2, "B", "0.125 = 12.5%")]
    sheet.write(1, 3, True)
    book.save(str(tmp_path / "a.xls"))
    assert read(tmp_path / "a.xls", **more, percent="hundred")[1] == [("cell-text", 2, "D", "TRUE")]
    sheet.write(2, 0, "x")
    sheet.row(2).set_cell_error(1, "#DIV/0!")
    book.save(str(tmp_path / "a.xls"))
    assert read(tmp_path / "a.xls", **more)[1] == [("cell-error", 3, "B", "#DIV/0!")]


def test_columns_far_to_the_right_have_two_letters(tmp_path: Path) -> None:
    table = [["key", *range(100)], ["x", *([1] * 98), "?", 1]]
    path = write_xlsx(tmp_path / "a.xlsx", {"a": table})
    assert read(path, stubs=["key"], levels=["head"])[1] == [("cell-text", 2, "CV", "?")]


LABELS = st.text("abcdefgابپ یک‌۱۲", min_size=1, max_size=6).map(str.strip).filter(lambda text: bool(text.strip()))
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9).map(lambda x: round(x, 6))


@settings(deadline=None)
@given(
    st.lists(LABELS, min_size=1, max_size=5, unique_by=lambda text: text.replace("\u200c", " ").replace("۱", "1")),
    st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=6),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.sampled_from(["xls", "xlsx"]),
)
def test_whatever_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], values: Any, start: tuple[int, int], kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"table.{kind}"
    columns, (down, right) = [f"c{i}" for i in range(3)], start
    table: list[list[Any]] = [[]] * down + [[None] * right + ["#", *columns]]
    stubs = [f"{i} {labels[i % len(labels)]}" for i in range(len(values))]
    table += [[None] * right + [label, *line] for label, line in zip(stubs, values, strict=True)]
    if kind == "xlsx":
        write_xlsx(path, {"a": table})
    else:
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("a")
        for number, line in enumerate(table):
            for column, value in enumerate(line):
                if value is not None:
                    sheet.write(number, column, value)
        book.save(str(path))
    found = rows(path, stubs=["key"], levels=["column"])
    wanted = [
        (label, c, v) for label, line in zip(stubs, values, strict=True) for c, v in zip(columns, line, strict=True)
    ]
    assert [(" ".join(label.split()), c) for label, c, _ in wanted] == [(label, c) for label, c, _ in found]
    assert [float(v) for _, _, v in wanted] == [float(v) for _, _, v in found]
    assert all("." not in text for (_, _, v), (_, _, text) in zip(wanted, found, strict=True) if isinstance(v, int))


def test_a_hundred_thousand_cells_take_seconds(tmp_path: Path) -> None:
    table = [["key", *(f"c{i}" for i in range(100))], *([f"r{i}", *range(i, i + 100)] for i in range(1000))]
    path = write_xlsx(tmp_path / "a.xlsx", {"a": table})
    start = time.process_time()  # of this process: others may be at work too
    frame, found = read(path, stubs=["key"], levels=["head"])
    assert time.process_time() - start < 10
    assert (len(frame), found) == (100_000, [])
    assert frame.select(pl.col("value").cast(pl.Int64).sum()).item() == sum(range(100)) * 1000 + 100 * sum(range(1000))


def test_a_styled_but_empty_sheet_is_no_large_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["key", "a"], ["x", 1]]:
        book.active.append(row)
    book.active["Z5000"].number_format = "0.0"
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx", stubs=["key"], levels=["head"], limits=Limits(cells=5_000)) == [("x", "a", "1")]


SMALL: dict[str, bytes] = {}


def small(folder: Path, kind: str) -> bytes:
    if kind not in SMALL:
        table = [["key", "a"], ["x", 1], ["y", 2.5]]
        if kind == "xlsx":
            SMALL[kind] = write_xlsx(folder / "small.xlsx", {"a": table}).read_bytes()
        else:
            book = xlwt.Workbook(encoding="utf-8")
            sheet = book.add_sheet("a")
            for row, (label, value) in enumerate(table):
                sheet.write(row, 0, label)
                sheet.write(row, 1, value)
            book.save(str(folder / "small.xls"))
            SMALL[kind] = (folder / "small.xls").read_bytes()
    return SMALL[kind]


@given(st.data(), st.sampled_from(["xls", "xlsx"]))
def test_damaged_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = bytearray(small(folder, kind))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "damaged"
    path.write_bytes(content)
    frame, found = read(path, stubs=["key"], levels=["head"], limits=Limits(cells=10_000))
    assert found or frame.columns == ["key", "head", "value"]


def documented() -> list[dict[str, Any]]:
    """The sources of the examples in the documentation of crosstabs."""
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    section = text.split("\n## Crosstabs in workbooks\n")[1].split("\n## ")[0]
    return [tomllib.loads(block)["source"][0] for block in re.findall("```toml\n(.*?)```", section, re.DOTALL)]


def test_the_documented_options_are_those_that_are_known() -> None:
    section = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8").split("\n## Crosstabs in workbooks\n")[1]
    listed = set(re.findall(r"^\| `(\w+)` \|", section.split("\n### ")[0], re.MULTILINE))
    assert listed == set(ExcelLoader.options_schema["properties"])
    examples = documented()
    assert len(examples) == 2
    for example in examples:
        jsonschema.validate(example["options"], ExcelLoader.options_schema)


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    table = [
        ["Table 1. Population by age"],
        [None, "سن", "شهری", None, "روستایی", None],
        [None, None, "مرد", "زن", "مرد", "زن"],
        [None, "0-4", 10, 9, 5, "-"],
        [None, "5-9", 12, 11, 6, 6],
    ]
    example = documented()[0]
    path = write_xlsx(tmp_path / "age.xls", {"a": table}, ("B2:B3", "C2:D2", "E2:F2"))
    found = rows(path, markers=tuple(example["missing"]), **example["options"])
    assert found[0] == ("0-4", "شهری", "مرد", "10")
    assert found[3] == ("0-4", "روستایی", "زن", "-")
    assert len(found) == 8


def test_merged_ranges_over_each_other_are_a_damaged_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["key", "a", "b"], ["x", 1, 2], ["y", 3, 4]):
        book.active.append(row)
    for area in ("A1:B3", "B1:C3", "A2:C3", "A1:C2"):
        book.active.merged_cells.add(area)
    book.save(tmp_path / "a.xlsx")
    [(code, *place)] = read(tmp_path / "a.xlsx", stubs=["key"], levels=["head"])[1]
    assert (code, place) == ("workbook-damaged", [None, None, None])
