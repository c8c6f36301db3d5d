"""Plain cells found by one scan of the bytes are what the parser of CSV makes of them, and so are their numbers."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmx_loaders.cell_bytes import Cells, scan
from sdmx_loaders.cell_numbers import TextNumbers, UnknownText, categorical, number_columns
from sdmx_loaders.delimited import Block, blocks
from support.loading import load_csv, places, structure

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Findings, Limits, Source
from sdmx_server.loading.prepare import FileJob, prepare

ANY = st.text(st.characters(exclude_characters='\0\r\n",', exclude_categories=["Cs"]), max_size=70)
FEW = st.sampled_from(["", "A", "IR-01", "2016-03-20/P366D", "Note 7 & more", "en:Remark 7;fa:یادداشت ۷"])
HEAD = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE"


def parsed(data: bytes, width: int) -> pl.DataFrame:
    schema = {str(i): pl.String for i in range(width)}
    return pl.read_csv(data, has_header=False, schema=schema, null_values=[""])


def cells_of(data: bytes, width: int) -> Cells:
    found = scan(data, ",", width)
    assert found is not None
    return found


def message(rows: list[list[str]], line_end: str = "\n") -> bytes:
    return "".join(",".join(row) + line_end for row in rows).encode()


@settings(deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda w: st.lists(st.lists(ANY | FEW, min_size=w, max_size=w), min_size=1, max_size=12)),
    st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_those_of_the_parser(rows: list[list[str]], line_end: str) -> None:
    width, data = len(rows[0]), message(rows, line_end)
    cells, expected = cells_of(data, width), parsed(data, width)
    assert cells.records.tolist() == [len(message(rows[: i + 1], line_end)) for i in range(len(rows))]
    for column in range(width):
        starts = cells.starts(column)
        texts = cells.strings(starts, cells.ends(column) - starts)
        assert texts.to_list() == expected[str(column)].to_list()


@settings(deadline=None)
@given(st.lists(st.lists(st.lists(FEW | ANY, min_size=3, max_size=3), min_size=1, max_size=12), min_size=1, max_size=4))
def test_numbers_stand_for_the_same_texts_in_every_block(batches: list[list[list[str]]]) -> None:
    numbers = {column: TextNumbers() for column in range(3)}
    for rows in batches:
        found = number_columns(cells_of(message(rows), 3), numbers)
        frame = categorical({str(column): (numbers[column], found[column]) for column in numbers})
        assert frame.select(pl.all().cast(pl.String)).rows() == [tuple(text or None for text in row) for row in rows]
        for column, texts in numbers.items():
            assert [texts.text(n) or "" for n in found[column].tolist()] == [row[column] for row in rows]


@settings(deadline=None)
@given(st.lists(st.tuples(FEW | ANY, FEW | ANY), min_size=1, max_size=20))
def test_changes_are_where_a_row_differs_from_the_one_before(rows: list[tuple[str, str]]) -> None:
    data = message([["x", *row, "y"] for row in rows])
    expected = [True, *(later != earlier for earlier, later in itertools.pairwise(rows))]
    windows = max(len(",".join(row).encode()) for row in rows) <= 16 * max(1, min(map(_width, rows)))
    found = cells_of(data, 4).changes(1, 2).tolist()
    assert found == expected if windows else all(f >= e for f, e in zip(found, expected, strict=True))


def _width(row: tuple[str, str]) -> int:
    return min(64, 1 << (len(",".join(row).encode()).bit_length() - 1))


def test_columns_that_seldom_change_have_the_numbers_of_all_their_rows() -> None:
    rows = [
        [f"S{i // 200}", "" if i // 300 else "long enough for windows", f"{i}", f"T{i // 500}"] for i in range(5_000)
    ]
    numbers = {column: TextNumbers() for column in (0, 1, 3)}
    found = number_columns(cells_of(message(rows), 4), numbers)
    for column, texts in numbers.items():
        assert [texts.text(n) or "" for n in found[column].tolist()] == [row[column] for row in rows]


def test_texts_that_share_a_place_in_the_table_are_told_apart() -> None:
    texts = TextNumbers()
    rows = [[f"{i:08}", "x"] for i in range(60_000)]  # more than there are places
    cells = cells_of(message(rows), 2)
    for _ in range(2):
        starts = cells.starts(0)
        found = texts.numbers(cells, starts, cells.ends(0) - starts)
        assert len(np.unique(found)) == len(rows)
    assert texts.text(int(found[4_711])) == "00004711"


def test_a_text_without_a_canonical_one_is_told() -> None:
    texts = TextNumbers(
        lambda distinct: pl.Series([None if t == "?" else t.lower() for t in distinct], dtype=pl.String)
    )
    cells = cells_of(b"A,x\nB,x\nA,x\n,x\n", 2)
    starts = cells.starts(0)
    found = texts.numbers(cells, starts, cells.ends(0) - starts)
    assert [texts.text(n) for n in found.tolist()] == ["a", "b", "a", None]
    odd = cells_of(b"?,x\n", 2)
    with pytest.raises(UnknownText):
        texts.numbers(odd, odd.starts(0), odd.ends(0) - odd.starts(0))


@pytest.mark.parametrize(
    "data",
    [
        b'a,"b"\n',
        b"a\nb,c,d\n",
        b"a,b\n\n",
        b"a,b,c\nd\n",
        b"a,b\r\nc,d\n",
        b"a\r,b\r\nc,d\n",
        b"a,b\r\r\n",
        b"",
        b"\r,a\n",
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(data: bytes) -> None:
    assert scan(data, ",", 2) is None


@pytest.mark.parametrize("separator", ["،", '"', "\r", "\n"])
def test_an_odd_separator_is_left_to_the_parser(separator: str) -> None:
    assert scan(b"a,b\n", separator, 2) is None


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["a,b", "c,d\r", '"e\nf",g', "", "h", "i,j,k"]), min_size=1, max_size=30),
    st.integers(1, 40),
)
def test_blocks_hold_all_records_and_their_lines(
    tmp_path_factory: pytest.TempPathFactory, records: list[str], size: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "blocks.csv"
    path.write_text("".join(record + "\n" for record in records), newline="")
    source = Source(
        path=path,
        name="blocks.csv",
        options={},
        structure=structure(),
        findings=Findings(),
        limits=Limits(block_bytes=size),
    )
    found: list[tuple[int, str]] = []
    for block in blocks(source):
        assert isinstance(block, Block)
        block.cells(",", 2)
        found += zip(block.lines.tolist(), (block.record(i) for i in range(len(block))), strict=True)
    lines = np.cumsum([1, *(record.count("\n") + 1 for record in records)])[:-1].tolist()
    assert found == list(zip(lines, (record.rstrip("\r\n") for record in records), strict=True))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("dataflow,SCI:OTHER(1.0.0),M,A,IR,_T,{},1", "structure-wrong"),
        ("dataflow,SCI:T(1.0.0),X,A,IR,_T,{},1", "action-unknown"),
        ("dataflow,SCI:T(1.0.0),M,A,QQ,_T,{},1", "code-unknown"),
        ("dataflow,SCI:T(1.0.0),M,A,IR,_T,{},1 2", "type-wrong"),
    ],
)
def test_findings_are_the_same_with_and_without_quotation_marks(tmp_path: Path, row: str, code: str) -> None:
    good = [f"dataflow,SCI:T(1.0.0),M,A,IR,_T,{year},1" for year in range(1900, 2000)]
    rows = [*good, row.format(2001), row.format(2002)]
    found = []
    for a in ("A", '"A"'):
        with pytest.raises(Refused) as refused:
            load_csv(tmp_path, "\n".join((HEAD, *(line.replace(",A,", f",{a},") for line in rows))) + "\n")
        found.append(refused.value)
    assert found[0].problems == found[1].problems
    assert [(place[0], place[2]) for place in places(found[0])] == [(code, 102)]


def test_a_plain_block_and_a_quoted_one_make_one_load(tmp_path: Path) -> None:
    rows = [f"dataflow,SCI:T(1.0.0),M,A,IR,_T,{year},{year}" for year in range(1900, 2000)]
    rows[50] = rows[50].replace(",A,", ',"A",')
    path = tmp_path / "data.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n")
    with prepare(FileJob(path=path), structure(), limits=Limits(block_bytes=400)) as prepared:
        frames = [delta.observations for delta in prepared.deltas if delta.observations is not None]
    together = pl.concat([frame.with_columns(pl.col(pl.Categorical).cast(pl.String)) for frame in frames])
    assert len(frames) > 5
    assert together["TIME_PERIOD"].to_list() == [str(year) for year in range(1900, 2000)]
    assert together["OBS_VALUE"].to_list() == list(range(1900, 2000))
