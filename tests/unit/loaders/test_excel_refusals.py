"""Bad tables are refused whole, each with exact findings: file, sheet, row, column, value, rule, way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from support.loading import Loaded, structure
from support.refused_workbook import EXPECT, MERGED, RECIPE, Grid, good, load, refused
from support.workbooks import write_xlsx

from sdmx_server.errors import Refused
from sdmx_server.loading.recipe import read_recipe


def changed(
    folder: Path, change: Callable[[Grid], Any], merged: tuple[str, ...] = MERGED, options: str = EXPECT
) -> Any:
    grid = good()
    change(grid)
    write_xlsx(folder / "table.xlsx", {"جدول": grid}, merged)
    return refused(folder, options)


def put(row: int, column: int, value: Any) -> Callable[[Grid], None]:
    def change(grid: Grid) -> None:
        grid[row - 1][column] = value

    return change


def test_the_good_workbook_is_read_to_the_cell(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "table.xlsx", {"جدول": good()}, MERGED)
    rows = {(r["REF_AREA"], r["SEX"], r["TIME_PERIOD"]): r["OBS_VALUE"] for r in load(tmp_path).rows}
    assert len(rows) == 18
    assert rows["IR", "_T", "2016-03-20/P366D"] == 30
    assert rows["IR-01", "F", "2017-03-21/P365D"] == 11


def shift_values(grid: Grid) -> None:
    """The values of 1396 slip down by one row."""
    for column in (4, 5, 6):
        grid[6][column], grid[5][column], grid[4][column] = grid[5][column], grid[4][column], grid[6][column]


Found = list[tuple[str, int | None, str | None, str | None]]
CASES: dict[str, tuple[Callable[[Grid], Any], Found]] = {
    "values that slip down by a row": (
        shift_values,
        [
            ("total-wrong", 5, "E", "1396|مرد و زن"),
            ("total-wrong", 5, "F", "1396|مرد"),
            ("total-wrong", 5, "G", "1396|زن"),
        ],
    ),
    "a row lost": (
        lambda grid: grid.pop(5),
        [("rows-expected", 6, None, None), ("label-unexpected", 6, "A", "گیلان")],
    ),
    "two rows exchanged": (lambda grid: grid.insert(5, grid.pop(6)), [("label-unexpected", 6, "A", "گیلان")]),
    "a row twice": (lambda grid: grid.insert(7, list(grid[6])), [("label-twice", 8, "A", "گیلان")]),
    "a year twice": (
        put(3, 4, 1395),
        [
            ("head-twice", 4, "E", "1395|مرد و زن"),
            ("head-twice", 4, "F", "1395|مرد"),
            ("head-twice", 4, "G", "1395|زن"),
        ],
    ),
    "an Arabic kaf in a label": (put(6, 0, "مركزی"), [("letter-arabic", 6, "A", "مركزی")]),
    "an Arabic yeh in a head": (put(3, 4, "سال آتي"), [("letter-arabic", 3, c, "سال آتي") for c in "EFG"]),
    "a label unknown": (put(6, 0, "مرکز"), [("label-unexpected", 6, "A", "مرکز")]),
    "a label lost": (put(6, 0, None), [("label-missing", 6, "A", None)]),
    "a total that does not hold": (
        put(6, 2, 5),
        [("total-wrong", 5, "C", "1395|مرد"), ("total-wrong", 6, "B", "مرکزی|1395")],
    ),
    "a comma in a number": (put(6, 2, "12,5"), [("cell-text", 6, "C", "12,5")]),
    "a number in text": (put(6, 2, "12 345"), [("cell-text", 6, "C", "12 345")]),
    "Persian digits in text": (put(6, 2, "۴"), [("cell-text", 6, "C", "۴")]),
    "a mark that the recipe does not know": (put(6, 2, "×"), [("cell-text", 6, "C", "×")]),
    "another head": (put(3, 0, "شهر"), [("head-not-found", None, None, "استان")]),
    "no rows": (lambda grid: grid.__delitem__(slice(4, 8)), [("table-empty", 5, None, None)]),
    "data without a head": (lambda grid: grid[5].append(7), [("head-missing", 3, "H", None)]),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_tables(tmp_path: Path, case: str) -> None:
    change, expected = CASES[case]
    found = changed(tmp_path, change)
    assert [(code, row, column, value) for code, _, row, column, value in found] == expected


def test_the_finding_of_an_arabic_letter_names_it_and_the_way_out(tmp_path: Path) -> None:
    grid = good()
    grid[5][0] = "مركزی"
    write_xlsx(tmp_path / "table.xlsx", {"جدول": grid}, MERGED)
    with pytest.raises(Refused) as caught:
        load(tmp_path)
    [problem] = caught.value.problems
    assert "ك (U+0643)" in problem.texts["en"]
    assert "ک (U+06A9)" in problem.texts["fa"]
    assert all("arabic_letters = true" in text for text in problem.texts.values())
    rows = load(tmp_path, "arabic_letters = true\n" + EXPECT).rows
    assert sum(row["REF_AREA"] == "IR-00" for row in rows) == 6


def test_a_merged_head_that_was_taken_apart(tmp_path: Path) -> None:
    found = changed(tmp_path, lambda grid: None, merged=("B3:D3", "A3:A4"))
    assert found == [("head-missing", "جدول", 3, column, None) for column in "FG"]
    rows = load(tmp_path, "fill_heads = true\n" + EXPECT).rows
    assert len(rows) == 18


def test_merged_cells_over_data(tmp_path: Path) -> None:
    found = changed(tmp_path, lambda grid: grid[5].__setitem__(3, None), merged=(*MERGED, "C6:D6"))
    assert found == [("cell-merged", "جدول", 6, "C", "C6:D6")]


def test_findings_of_the_mapping_name_sheet_and_cell(tmp_path: Path) -> None:
    grid = good()
    grid[5][0], grid[3][2] = "مازندران", "پسر"
    write_xlsx(tmp_path / "table.xlsx", {"جدول": grid}, MERGED)
    assert refused(tmp_path, "") == [
        ("label-unmapped", "جدول", 4, "C", "پسر"),
        ("label-unmapped", "جدول", 6, "A", "مازندران"),
    ]


def test_duplicates_between_sheets_name_both_cells(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "table.xlsx", {"یک": good(), "دو": good()}, MERGED)
    with pytest.raises(Refused) as caught:
        load(tmp_path, 'sheets = "all"\n' + EXPECT)
    first = caught.value.problems[0]
    assert (first.code, first.sheet, first.row, first.column) == ("duplicate-key", "دو", 5, "B")
    assert "table.xlsx:یک!B5" in first.texts["en"]
    assert len(caught.value.problems) == 18


def hide(path: Path, row: int | None = None, column: str | None = None, sheet: bool = False) -> None:
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    if row:
        table.row_dimensions[row].hidden = True
    if column:
        table.column_dimensions[column].hidden = True
    if sheet:
        table.sheet_state = "hidden"
        book.create_sheet("دیگر")["A1"] = "هیچ"
        book.active = 1
    book.save(path)


def test_hidden_rows_and_columns_are_refused_or_read_or_skipped(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", {"جدول": good()}, MERGED)
    hide(path, row=6, column="C")
    assert refused(tmp_path) == [("hidden", "جدول", 5, "C", "C"), ("hidden", "جدول", 6, "A", "6")]
    assert len(load(tmp_path, 'hidden = "read"\n' + EXPECT).rows) == 18
    assert len(load(tmp_path, 'hidden = "skip"\n').rows) == 10


def test_hidden_sheets_are_read_only_when_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "table.xlsx", {"جدول": good()}, MERGED)
    hide(path, sheet=True)
    assert refused(tmp_path) == [("head-not-found", "دیگر", None, None, "استان")]
    assert len(load(tmp_path, 'sheets = ["جدول"]\n' + EXPECT).rows) == 18


def test_sheets(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "table.xlsx", {"جدول": good(), "یادداشت": [["متن"]], "Sheet3": []}, MERGED[:0])
    assert refused(tmp_path) == [("sheet-choice", None, None, None, None)]
    assert refused(tmp_path, 'sheets = ["جدل"]\n') == [("sheet-missing", None, None, None, "جدل")]
    assert refused(tmp_path, 'sheets = ["Sheet3"]\n') == [("sheet-empty", "Sheet3", None, None, None)]
    assert refused(tmp_path, 'sheets = { matches = "^[0-9]+$" }\n') == [("sheet-none", None, None, None, "^[0-9]+$")]
    expect = 'sheets = { matches = "^ج" }\nfill_heads = true\nexpect = { sheets = 2 }\n'
    assert refused(tmp_path, expect) == [("sheet-count", None, None, None, None)]
    assert len(load(tmp_path, expect.replace("2", "1")).rows) == 18


def formula(path: Path, write: Callable[[Any, Any], None]) -> None:
    grid = good()
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("جدول")
        for number, row in enumerate(grid):
            sheet.write_row(number, 0, ["" if value is None else value for value in row])
        for column, value in zip("BE", (1395, 1396), strict=True):
            sheet.merge_range(f"{column}3:{chr(ord(column) + 2)}3", value)
        write(book, sheet)


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_formula_errors(tmp_path: Path, error: str) -> None:
    formula(tmp_path / "table.xlsx", lambda _, sheet: sheet.write_formula("C6", "=A1/0", None, error))
    assert refused(tmp_path) == [("cell-error", "جدول", 6, "C", error)]


def test_formulas_give_their_saved_result_or_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    formula(path, lambda _, sheet: sheet.write_formula("C6", "=2+2", None, 4))
    assert len(load(tmp_path).rows) == 18
    openpyxl.load_workbook(path).save(path)  # openpyxl writes formulas without their results
    assert refused(tmp_path) == [("formula-unsaved", "جدول", 6, "C", None)]


def test_percents_are_read_as_the_recipe_says(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_number("C6", 0.07, book.add_format({"num_format": "0.0%"}))

    formula(tmp_path / "table.xlsx", write)
    assert refused(tmp_path, "") == [("cell-percent", "جدول", 6, "C", "0.07 = 7%")]

    def value(option: str) -> float:
        rows = load(tmp_path, f'percent = "{option}"\n').rows
        [found] = [
            r["OBS_VALUE"] for r in rows if (r["REF_AREA"], r["SEX"]) == ("IR-00", "M") and "P366D" in r["TIME_PERIOD"]
        ]
        return float(found)

    assert (value("fraction"), value("hundred")) == (0.07, 7.0)


def test_dates_are_iso_texts_in_both_epochs(tmp_path: Path) -> None:
    for epoch in (False, True):
        with xlsxwriter.Workbook(str(tmp_path / "table.xlsx"), {"date_1904": epoch}) as book:
            sheet = book.add_worksheet("جدول")
            shape = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, ["استان"])
            sheet.write_datetime(0, 1, date(2016, 3, 20), shape)
            sheet.write(1, 0, "مرد")
            sheet.write(2, 0, "ایران")
            sheet.write(1, 1, "مرد")
            sheet.write_datetime(2, 1, date(2020, 1, 1), shape)
        assert refused(tmp_path, "") == [("cell-text", "جدول", 3, "B", "2020-01-01")]


def test_marks_are_missing_or_intentionally_missing_as_the_recipe_says(tmp_path: Path) -> None:
    grid = good()
    grid[5][2], grid[6][2] = "-", "×"
    write_xlsx(tmp_path / "table.xlsx", {"جدول": grid}, MERGED)
    measure = 'OBS_VALUE = { column = "persons", intentional = ["×"] }'
    (tmp_path / "dataflow.toml").write_text(RECIPE.replace('OBS_VALUE = { column = "persons" }', measure), "utf-8")
    rows = {(r["REF_AREA"], r["SEX"], r["TIME_PERIOD"]): r for r in Loaded(read_recipe(tmp_path), structure()).rows}
    absent, meant = (rows[area, "M", "2016-03-20/P366D"] for area in ("IR-00", "IR-01"))
    assert (absent["OBS_VALUE"], absent["OBS_STATUS"]) == (None, "O")
    assert (meant["OBS_VALUE"], meant["OBS_STATUS"]) == (None, "A")
    assert meant["OBS_VALUE?"] != absent["OBS_VALUE?"]


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ('levels = ["year"]\nhead = { rows = 2, label = "استان" }', "levels"),
        ('until = "("', "/"),
        ('totals = [{ column = "nothing", whole = "a", parts = ["b"] }]', "totals"),
        ('value = "sex"', "stubs"),
    ],
)
def test_options_that_contradict_each_other(tmp_path: Path, options: str, place: str) -> None:
    write_xlsx(tmp_path / "table.xlsx", {"جدول": good()}, MERGED)
    given = dict(line.split(" = ", 1) for line in options.splitlines())
    kept = [line for line in RECIPE.splitlines() if line.split(" = ")[0] not in given]
    (tmp_path / "dataflow.toml").write_text("\n".join([*kept, options]), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        Loaded(read_recipe(tmp_path), structure())
    assert [p.code for p in caught.value.problems] == ["recipe-value"]
    assert place in caught.value.problems[0].texts["en"]
