"""Excel: what its readers find, how the workbook looks, and that nothing in it is a formula."""

from __future__ import annotations

import io
import re
import zipfile

import msgspec
import openpyxl
import pandas as pd
import polars as pl
import pytest
import python_calamine
import xlsxwriter
from lxml import etree
from openpyxl.workbook import Workbook
from support.cases import AREA, CASES, HEADER, Case, attribute, dimension, measure, structure
from support.memory import MemoryDataSet
from support.read_back import expected, in_one_language, read_xlsx

from sdmx_server.batches import DataMessage, DataPart, WriteOptions
from sdmx_server.errors import NotAcceptable
from sdmx_server.formats import lines
from sdmx_server.formats.xlsx import FORMATS, cells, data_writer
from sdmx_server.formats.xlsx.cells import fitting, text_cell
from sdmx_server.formats.xlsx.data_writer import write_data
from sdmx_server.model.common import Annotation
from sdmx_server.model.reference import reference_to

URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:DF_PRICES(1.0.0)"


def write(message: DataMessage, languages: tuple[str, ...] = (), url: str = "", **parameters: str) -> bytes:
    options = WriteOptions(parameters=parameters, languages=languages, self_url=url)
    return b"".join(write_data(message, options))


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("few", [0, 512])
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_cell_is_read_back_in_every_row_order(make, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FEW", few)
    case = make()
    for at in case.packagings:
        data = write(case.message(at), labels="id")
        assert read_xlsx(data, case.schema) == in_one_language(expected(case)), at


def test_names_stand_beside_codes_in_the_wanted_language() -> None:
    page = opened(write(CASES[0]().message(), languages=("fa",))).worksheets[0]
    head, first, *_ = page.iter_rows(values_only=True)
    assert head[:7] == (
        "FREQ",
        "بُعد",
        "REF_AREA",
        "بُعد",
        "ITEM: بُعد",
        "TIME_PERIOD: Time period",
        "OBS_VALUE: Obs_Value",
    )
    assert first[:7] == ("M", "ماهانه", "IR", "ایران", "RICE", "2024-01", 12.5)


def test_labels_both_joins_code_and_name() -> None:
    page = opened(write(CASES[1]().message(), labels="both")).worksheets[0]
    head, first, *_ = page.iter_rows(values_only=True)
    assert head[0] == "REF_AREA: Ref_Area"
    assert first[0] == "IR: Iran"
    assert first[-1] == 'A: Normal;E: Estimated, "about"'


@pytest.mark.parametrize(("language", "notes", "right"), [("fa-IR", "یادداشت‌ها", True), ("en", "Notes", False)])
def test_persian_sheets_run_from_right_to_left(language: str, notes: str, right: bool) -> None:
    book = opened(write(CASES[0]().message(), languages=(language,)))
    assert book.sheetnames == ["DF_PRICES", notes]
    assert [bool(sheet.sheet_view.rightToLeft) for sheet in book] == [right, right]


def test_the_head_is_bold_frozen_and_filtered_and_columns_have_widths() -> None:
    page = opened(write(CASES[0]().message())).worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:O9"
    assert all(cell.font.bold for cell in page[1])
    assert not any(cell.font.bold for cell in page[2])
    widths = [page.column_dimensions[cell.column_letter].width for cell in page[1]]
    assert all(9 <= width <= 50 for width in widths)
    assert widths[1] < widths[3] < widths[-1]


def test_notes_tell_what_the_data_are() -> None:
    case = CASES[0]()
    flow = case.schema.dataflow
    assert flow is not None
    told = (
        Annotation(type="sdmx-server:source", texts={"en": "Census", "fa": "سرشماری"}),
        Annotation(type="sdmx-server:doubt", texts={"en": "=HYPERLINK(1)"}),
        Annotation(type="LICENSE", texts={"en": "CC BY 4.0"}),
        Annotation(type="OTHER", texts={"en": "else"}),
        Annotation(type="NO_TEXT"),
    )
    flow = msgspec.structs.replace(flow, annotations=told, descriptions={"en": "All prices"})
    case.schema = msgspec.structs.replace(case.schema, dataflow=flow)
    page = opened(write(case.message(), url="http://host/sdmx/v2/data?x=1&y=<2>")).worksheets[-1]
    rows = [tuple(cell for cell in row if cell) for row in page.iter_rows(values_only=True)]
    assert rows[:10] == [
        ("Title", "PRICES, data"),
        ("Description", "All prices"),
        ("Source", "Census"),
        ("Doubt", "=HYPERLINK(1)"),
        ("Licence", "CC BY 4.0"),
        ("OTHER", "else"),
        ("Dataflow", "SCI:DF_PRICES(1.0.0)"),
        ("URN", URN),
        ("Data structure", "SCI:DSD_PRICES(1.2.0)"),
        ("Sheets", "DF_PRICES"),
    ]
    assert ("Observations", "8") in rows
    assert ("Last update (UTC)", "2026-11-22T10:00:00Z") in rows
    assert ("Query", "http://host/sdmx/v2/data?x=1&y=<2>") in rows
    assert ("REF_AREA", "Ref_Area", "dimension", "SCI:CL_AREA(1.0.0)") in rows
    assert ("OBS_VALUE", "Obs_Value", "measure") in rows


@pytest.mark.parametrize("few", [0, 512])
def test_a_full_sheet_is_followed_by_another(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FEW", few)
    monkeypatch.setattr(data_writer, "MOST_ROWS", 3)
    case = CASES[0]()
    data = write(case.message(batch=5), labels="id")
    book = opened(data)
    assert book.sheetnames == ["DF_PRICES", "DF_PRICES (2)", "DF_PRICES (3)", "Notes"]
    assert [sheet.max_row - 1 for sheet in book.worksheets[:-1]] == [3, 3, 2]
    assert [sheet.auto_filter.ref for sheet in book.worksheets[:-1]] == ["A1:L4", "A1:L4", "A1:L3"]
    assert {tuple(c.value for c in sheet[1]) for sheet in book.worksheets[:-1]} == {
        tuple(c.value for c in book.worksheets[0][1])
    }
    assert read_xlsx(data, case.schema) == in_one_language(expected(case))
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, None, None, None]


def test_a_sheet_with_too_many_bytes_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_writer, "MOST_BYTES", 1)
    case = CASES[0]()
    data = write(case.message(batch=2), labels="id")
    assert len(opened(data).sheetnames) == len(list(case.part(batch=2).dataset.batches())) + 1
    assert read_xlsx(data, case.schema) == in_one_language(expected(case))


def test_dataflows_have_sheets_of_their_own() -> None:
    prices, census = CASES[0](), CASES[3]()
    parts = (prices.part("AllDimensions"), census.part("AllDimensions"), census.part("AllDimensions"))
    book = opened(write(DataMessage(header=HEADER, parts=parts), labels="id"))
    assert book.sheetnames == ["DF_PRICES", "DF_CENSUS", "DF_CENSUS (2)", "Notes"]
    assert [c.value for c in book["DF_CENSUS"][1]] == [
        "REF_AREA",
        "SEX",
        "AGE",
        "OBS_VALUE",
        "UNIT",
        "NOTE",
        "OBS_STATUS",
    ]


def one(values: list[str], name: str = "NOTES") -> DataMessage:
    """A dataflow of that id, with these texts as an attribute."""
    keys = ("REF_AREA", "TIME_PERIOD")
    schema = structure("X", (dimension("REF_AREA", AREA),), (measure("OBS_VALUE"),), (attribute("NOTE", keys),))
    assert schema.dataflow is not None
    schema = msgspec.structs.replace(schema, dataflow=msgspec.structs.replace(schema.dataflow, id=name))
    rows = {"REF_AREA": ["IR"] * len(values), "TIME_PERIOD": [str(1990 + i) for i in range(len(values))]}
    frame = pl.DataFrame({**rows, "OBS_VALUE": [1.0] * len(values), "NOTE": values})
    assert schema.dataflow is not None
    context = reference_to(schema.dataflow)
    part = DataPart(dataset=MemoryDataSet(schema, frame), context=context, dimension_at_observation="TIME_PERIOD")
    return DataMessage(header=HEADER, parts=(part,))


def test_texts_are_never_formulas() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://host/", "1e5", "TRUE", "_x0041_", "a\x00b"]
    page = opened(write(one(texts), labels="id")).worksheets[0]
    found = [row[3] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in found} == {"s"}
    assert [cell.value for cell in found][:8] == texts[:8]
    assert [cell.value for cell in found][8:] == ["_x005F_x0041_", "a_x0000_b"]
    calamine = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write(one(texts), labels="id")))
    assert [row[3] for row in calamine.get_sheet_by_index(0).to_python()][1:9] == texts[:8]


def test_texts_are_cut_to_what_a_cell_holds() -> None:
    assert fitting("x" * 32_767) == "x" * 32_767
    assert fitting("x" * 32_768) == "x" * 32_766 + "…"
    cut = fitting("😀" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= cells.MOST_CHARACTERS
    assert cut == "😀" * 16_383 + "…"


def test_sheet_names_are_allowed() -> None:
    names = opened(write(one(["x"], "a" * 40), labels="id")).sheetnames
    assert names[0] == "a" * 31
    assert opened(write(one(["x"], "notes"), labels="id")).sheetnames == ["notes (2)", "Notes"]


def test_calamine_and_pandas_find_the_same() -> None:
    case = CASES[0]()
    data = write(case.message(), labels="id")
    for engine in ("calamine", "openpyxl"):
        table = pd.read_excel(io.BytesIO(data), engine=engine, keep_default_na=False)
        assert len(table) == 8
        row = table[(table.REF_AREA == "IR-07") & (table.FREQ == "M")].iloc[0]
        assert (row.OBS_VALUE, row.TIME_PERIOD, row.AREA_NOTE) == (0.1, "2024-01", "x")


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_workbook_is_built_like_one_of_xlsxwriter() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet("DF_PRICES")
        page.write_string(0, 0, "x", book.add_format({"bold": True}))
        page.freeze_panes(1, 0)
        page.set_column(0, 0, 10)
        page.autofilter(0, 0, 1, 1)
        page.ignore_errors({"number_stored_as_text": "A1:B9"})
        book.add_worksheet("Notes").write_string(0, 0, "x")
    model, ours = parts_of(target.getvalue()), parts_of(write(CASES[0]().message()))
    assert set(model) == set(ours)
    for name, text in ours.items():
        root = etree.fromstring(text)
        assert root.tag == etree.fromstring(model[name]).tag
    children = [[child.tag for child in etree.fromstring(p["xl/worksheets/sheet1.xml"])] for p in (model, ours)]
    dimension_tag = next(tag for tag in children[0] if tag.endswith("}dimension"))
    assert [tag for tag in children[0] if tag != dimension_tag] == children[1]
    styles = len(etree.fromstring(ours["xl/styles.xml"]).find("{*}cellXfs"))
    used = {int(s) for s in re.findall(rb' s="(\d+)"', ours["xl/worksheets/sheet1.xml"])}
    assert max(used) < styles


def test_the_first_file_tells_what_the_archive_is() -> None:
    names = list(parts_of(write(CASES[0]().message())))
    assert names[0] == "_rels/.rels"
    assert names.index("xl/worksheets/sheet1.xml") < names.index("[Content_Types].xml")


def test_the_same_data_give_the_same_bytes_and_go_out_piece_by_piece() -> None:
    case = CASES[0]()
    assert write(case.message()) == write(case.message())
    assert len(list(write_data(case.message(batch=2), WriteOptions()))) > 1


def changed(case: Case, **changes: object) -> DataMessage:
    message = case.message()
    return msgspec.structs.replace(message, parts=(msgspec.structs.replace(message.parts[0], **changes),))


def test_changes_and_history_are_refused_before_the_first_byte() -> None:
    with pytest.raises(NotAcceptable, match="what changed"):
        write_data(changed(CASES[3](), action="Delete"), WriteOptions())
    with pytest.raises(NotAcceptable, match="history"):
        write_data(changed(CASES[3](), valid_to=pd.Timestamp("2024-01-01", tz="UTC").to_pydatetime()), WriteOptions())


def test_series_only_leaves_out_what_belongs_to_observations() -> None:
    page = opened(write(changed(CASES[0](), series_only=True), labels="id")).worksheets[0]
    head, *rows = page.iter_rows(values_only=True)
    for name in ("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "TIME_LABEL", "COMMENT"):
        assert {row[head.index(name)] for row in rows} == {None}
    assert rows[0][head.index("SOURCE")] == "Survey <1>"


def test_white_space_is_kept() -> None:
    assert text_cell(" a ") == '<c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>'


def test_it_is_offered_as_xlsx_and_excel() -> None:
    [form] = FORMATS
    assert form.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert (form.family, form.generation) == (("xlsx", "excel"), "")
