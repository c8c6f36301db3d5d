"""The CSV loader by itself: heads, encodings, line numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdmx_loaders.csv import CsvLoader
from support.loading import structure

from sdmx_server.loading.api import Findings, Limits, Source


def read(
    path: Path, data: bytes, limits: Limits | None = None, **options: Any
) -> tuple[pl.DataFrame, list[int], Findings]:
    path.write_bytes(data)
    findings = Findings()
    source = Source(
        path=path,
        name="x.csv",
        options=options,
        structure=structure(),
        findings=findings,
        limits=limits or Limits(),
    )
    batches = list(CsvLoader().read(source))
    frame = pl.concat([b.frame for b in batches]) if batches else pl.DataFrame()
    return frame, [row for b in batches for row in b.rows.tolist()], findings


def found(findings: Findings) -> list[tuple[str, int | None]]:
    return [(p.code, p.row) for p in findings.problems()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    frame, rows, findings = read(tmp_path / "x", "سال,تعداد\n1395,80\n".encode(encoding), encoding=encoding)
    assert frame.rows(named=True) == [{"سال": "1395", "تعداد": "80"}]
    assert (rows, bool(findings)) == ([2], False)


def test_utf8_is_not_taken_for_windows_1256(tmp_path: Path) -> None:
    assert found(read(tmp_path / "x", "سال\n1\n".encode(), encoding="windows-1256")[2]) == [("encoding", 1)]


def test_several_head_rows_are_joined_and_filled(tmp_path: Path) -> None:
    data = b"Title of the table\n,Urban,,Rural,\nage,M,F,M,F\n0-4,1,2,3,4\n"
    frame, rows, _ = read(tmp_path / "x", data, skip_rows=1, header_rows=2, fill_heads=True)
    assert frame.columns == ["|age", "Urban|M", "Urban|F", "Rural|M", "Rural|F"]
    assert rows == [4]


def test_blank_lines_and_comments_are_left_out_and_lines_stay_right(tmp_path: Path) -> None:
    frame, rows, findings = read(tmp_path / "x", b'a,b\r\n\r\n1,"x\r\ny"\r\n# no\r\n2,z', comment="#")
    assert frame["a"].to_list() == ["1", "2"]
    assert (rows, bool(findings)) == ([3, 6], False)


@pytest.mark.parametrize("data", [b"a,b\n1,2,3\n1\n5,6\n", b"a,b\n1,2,3\n4,5\n7\n"])
def test_ragged_rows_that_make_up_for_each_other_are_found(tmp_path: Path, data: bytes) -> None:
    frame, _, findings = read(tmp_path / "x", data)
    lines = [number for number, line in enumerate(data.splitlines(), 1) if line.count(b",") != 1]
    assert found(findings) == [("ragged-row", line) for line in lines]
    assert len(frame) <= 1


@pytest.mark.parametrize("data", [b'a,b,c\n"1,2",3\n4,5,6\n', b'a,b,c\n4,5,6\nx"1,2",3\n'])
def test_a_separator_within_quotes_does_not_make_up_for_one_that_lacks(tmp_path: Path, data: bytes) -> None:
    _, _, findings = read(tmp_path / "x", data)
    line = next(number for number, line in enumerate(data.splitlines(), 1) if b'"' in line)
    assert found(findings) == [("ragged-row", line)]


@pytest.mark.parametrize(
    ("data", "limits", "expected"),
    [
        (b"a,a\n1,2\n", Limits(), ("column-twice", 1)),
        (b"a,b,c\n", Limits(columns=2), ("too-many-columns", None)),
        (b"a,b\n1,2\n", Limits(file_bytes=5), ("file-too-large", None)),
        (b"a,b\n1,22222222222222222222\n", Limits(record_bytes=10), ("line-too-long", 2)),
    ],
)
def test_bounds(tmp_path: Path, data: bytes, limits: Limits, expected: tuple[str, int | None]) -> None:
    assert found(read(tmp_path / "x", data, limits)[2]) == [expected]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["", '"', "a\nb", ",", "\r\n", "=1+1"]
)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=20), st.integers(1, 60))
def test_whatever_is_quoted_comes_back_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], block: int
) -> None:
    text, line, lines = "a,b\n", 2, []
    for row in rows:
        record = ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n"
        lines.append(line)
        line += record.count("\n")
        text += record
    path = tmp_path_factory.getbasetemp() / "quoted.csv"
    frame, numbers, findings = read(path, text.encode(), Limits(block_bytes=block))
    assert not findings
    assert numbers == lines
    assert [tuple(cell or "" for cell in row) for row in frame.rows()] == rows
