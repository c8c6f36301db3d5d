"""Files that are no workbooks, damaged ones, hostile ones: each refused with one finding."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlwt
from support.refused_workbook import MERGED, good, load, refused
from support.workbooks import write_xlsx

from sdmx_server.loading.api import Limits


def xlsx_bytes(tmp_path: Path) -> bytes:
    return write_xlsx(tmp_path / "good.xlsx", {"جدول": good()}, MERGED).read_bytes()


def xls_bytes() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("جدول")
    for row, values in enumerate(good()):
        for column, value in enumerate(values):
            if value is not None and row != 2:
                sheet.write(row, column, value)
    sheet.write_merge(2, 2, 1, 3, 1395)
    sheet.write_merge(2, 2, 4, 6, 1396)
    sheet.write(2, 0, "استان")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def encrypted_xlsx(tmp_path: Path) -> bytes:
    stream = io.BytesIO()
    with (tmp_path / "good.xlsx").open("rb") as plain:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("1234", stream)
    return stream.getvalue()


def encrypted_xls() -> bytes:
    """The record after BOF becomes FILEPASS, which is how an encrypted workbook begins."""
    content = bytearray(xls_bytes())
    start = content.index(struct.pack("<HH", 0x0809, 16))
    content[start + 20 : start + 22] = struct.pack("<H", 0x002F)
    return bytes(content)


def repacked(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return stream.getvalue()


ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SHEET = "xl/worksheets/sheet1.xml"


def with_dtd(encoding: str) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        _, body = part.split(b"?>", 1)
        text = (b'<?xml version="1.0"?>' + ENTITY + body).decode()
        return text.encode(encoding)

    return change


@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_part_may_have_a_dtd(tmp_path: Path, part: str, encoding: str) -> None:
    (tmp_path / "table.xlsx").write_bytes(repacked(xlsx_bytes(tmp_path), part, with_dtd(encoding)))
    assert refused(tmp_path) == [("workbook-dtd", None, None, None, None)]


def test_the_content_decides_not_the_extension(tmp_path: Path) -> None:
    (tmp_path / "table.xls").write_bytes(xlsx_bytes(tmp_path))
    assert len(load(tmp_path, file="table.xls").rows) == 18
    (tmp_path / "table.xlsx").write_bytes(xls_bytes())
    assert len(load(tmp_path).rows) == 18


def test_files_that_are_no_readable_workbook(tmp_path: Path) -> None:
    content = xlsx_bytes(tmp_path)
    cases = {
        "workbook-empty": b"",
        "workbook-kind": b"a;b\n1;2\n",
        "workbook-password": encrypted_xlsx(tmp_path),
    }
    for code, data in cases.items():
        (tmp_path / "table.xlsx").write_bytes(data)
        assert refused(tmp_path) == [(code, None, None, None, None)]
    (tmp_path / "table.xls").write_bytes(encrypted_xls())
    assert refused(tmp_path, file="table.xls") == [("workbook-password", None, None, None, None)]
    (tmp_path / "table.xls").write_bytes(b"<html><table></table></html>")
    assert refused(tmp_path, file="table.xls") == [("workbook-kind", None, None, None, None)]
    binary = io.BytesIO(content)
    with zipfile.ZipFile(binary, "a") as package:
        package.writestr("xl/workbook.bin", b"")
    (tmp_path / "table.xlsx").write_bytes(binary.getvalue())
    assert refused(tmp_path) == [("workbook-kind", None, None, None, None)]
    (tmp_path / "table.xlsx").unlink()
    assert refused(tmp_path)[0][0] == "file-missing"


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
@pytest.mark.parametrize("share", range(1, 20))
def test_truncated_files(tmp_path: Path, kind: str, share: int) -> None:
    content = xls_bytes() if kind == "xls" else xlsx_bytes(tmp_path)
    (tmp_path / "table.xlsx").write_bytes(content[: len(content) * share // 20])
    assert {code for code, *_ in refused(tmp_path)} == {"workbook-damaged"}


def test_workbooks_that_unpack_to_too_much(tmp_path: Path) -> None:
    bomb = repacked(xlsx_bytes(tmp_path), SHEET, lambda part: part + b" " * 20_000_000)
    assert len(bomb) < 100_000
    (tmp_path / "table.xlsx").write_bytes(bomb)
    limits = Limits(workbook_bytes=10_000_000)
    assert refused(tmp_path, limits=limits) == [("workbook-too-large", None, None, None, None)]
    (tmp_path / "table.xlsx").write_bytes(xls_bytes())
    assert refused(tmp_path, limits=Limits(workbook_bytes=10_000)) == [("workbook-too-large", None, None, None, None)]


@pytest.mark.parametrize("corner", ["XFD1048576", "XFD20", "A900000"])
def test_sheets_that_reach_too_far(tmp_path: Path, corner: str) -> None:
    book = openpyxl.Workbook()
    book.active.title = "جدول"
    for row in good():
        book.active.append(row)
    book.active[corner] = 1
    book.save(tmp_path / "table.xlsx")
    assert refused(tmp_path, limits=Limits(cells=10_000)) == [("too-many-cells", "جدول", None, None, None)]
