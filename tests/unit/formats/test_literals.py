"""Lines of text: the bulk way and the small way print the same, and codes are rendered only when asked for."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cases import AREA, dimension, measure, structure

from sdmx_server.batches import Batch, Column, Ids
from sdmx_server.formats import lines
from sdmx_server.formats.lines import Enclosed, Line, Lookup, Number, Opening, buffer
from sdmx_server.formats.literals import Frame, Level, Table
from sdmx_server.number_texts import NumberStyle


class Held:
    """What a frame asks of a data set."""

    prefix, suffix = ("A",), ("B",)
    schema = structure("L", (dimension("A", AREA), dimension("B")), (measure("V"),))


def ids(*values: int) -> Ids:
    return np.array(values, dtype=np.uint32)


def frame(rows: int = 3) -> Frame:
    """Two series of two periods in each row."""
    size = 4 * rows
    batch = Batch(
        prefix=(2 + np.arange(rows, dtype=np.uint32) % 6,),
        count=np.full(rows, 4),
        suffix=(np.tile(ids(2, 2, 3, 3), rows),),
        time=np.tile(ids(2, 3), 2 * rows),
        series=np.arange(0, size, 2),
        measures={"V": Column(np.arange(size, dtype=np.float64))},
        attributes={"STATUS": np.arange(size, dtype=np.uint32) % 4},
        series_attributes={"UNIT": np.arange(2 * rows, dtype=np.uint32) % 3},
    )
    return Frame(Held, batch)  # type: ignore[arg-type]


def single(rows: int = 3) -> Frame:
    """Series of one period, with figures that are absent, missing, and of many digits."""
    size = 4 * rows
    batch = Batch(
        prefix=(2 + np.arange(rows, dtype=np.uint32) % 6,),
        count=np.full(rows, 4),
        suffix=(np.tile(ids(2, 3, 4, 5), rows),),
        time=np.full(size, 2, np.uint32),
        series=np.arange(size),
        measures={
            "V": Column(np.arange(size) * -1234.5 + np.where(np.arange(size) == 5, 1 / 3, 0), np.arange(size) % 3)
        },
        attributes={"STATUS": np.arange(size, dtype=np.uint32) % 4},
        series_attributes={"UNIT": np.arange(size, dtype=np.uint32) % 3},
    )
    return Frame(Held, batch)  # type: ignore[arg-type]


def table(name: str, size: int = 8) -> Table:
    return Table(size, lambda i: f"{name}{i}é")


def line() -> Line:
    head = [
        "<",
        Lookup("A", Level.ROW, table("a")),
        Lookup("B", Level.GROUP, table("b")),
        Lookup("UNIT", Level.GROUP, table("u")),
        ">",
    ]
    return Line(
        [
            Opening(head, "-"),
            Lookup("TIME_PERIOD", Level.OBSERVATION, table("t")),
            Number("V", NumberStyle(), before="=", after=";", missing="?"),
            Lookup("STATUS", Level.OBSERVATION, table("s")),
            Lookup("NOTHING", Level.OBSERVATION, table("n")),
            "\n",
        ]
    )


@pytest.mark.parametrize("few", [0, 512])
def test_a_line_of_all_pieces(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FEW", few)
    printed = line().render(frame()).decode().splitlines()
    assert printed[:5] == [
        "<a2éb2éu0é>t2é=0;s0én0é",
        "-t3é=1;s1én0é",
        "<a2éb3éu1é>t2é=2;s2én0é",
        "-t3é=3;s3én0é",
        "<a3éb2éu2é>t2é=4;s0én0é",
    ]
    assert len(printed) == 12


def test_both_ways_print_the_same_however_often_they_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = line(), line()
    for rows in (1, 2, 5, 3):  # the bulk way fuses its tables once that pays
        monkeypatch.setattr(lines, "FEW", 512)
        small = one.render(frame(rows))
        monkeypatch.setattr(lines, "FEW", 0)
        assert many.render(frame(rows)) == small


@pytest.mark.parametrize("around", ["", "="])
@pytest.mark.parametrize("tail", ["", "\n", Lookup("STATUS", Level.OBSERVATION, table("s"))])
def test_groups_of_one_and_figures_that_are_not_there(
    around: str, tail: str | Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> Line:
        head = ["<", Lookup("A", Level.ROW, table("a")), Lookup("B", Level.GROUP, table("b"))]
        notes = Enclosed(
            [Lookup("UNIT", Level.GROUP, gaps), "", Lookup("NONE", Level.GROUP, gaps)], "{", "}", Level.GROUP
        )
        number = Number("V", NumberStyle(decimals=2), before=around, after=around and ";", missing=f"{around}?")
        return Line([Opening([*head, notes], "-"), Lookup("TIME_PERIOD", Level.OBSERVATION, table("t")), number, tail])

    gaps = Table(8, lambda i: f"u{i}" if i > 1 else "")
    one, many = made(), made()
    for rows in (3, 30_000, 15_000, 3):  # the last digits and what follows are fused once that pays
        for maker in (single, frame):
            monkeypatch.setattr(lines, "FEW", 10**6)
            small = one.render(maker(rows))
            monkeypatch.setattr(lines, "FEW", 0)
            assert many.render(maker(rows)) == small


def test_enclosed_text_is_left_out_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FEW", 0)
    gaps = Table(4, lambda i: f"u{i}" if i > 1 else "")
    two = [Lookup("STATUS", Level.OBSERVATION, gaps), Number("W", NumberStyle(), missing="?")]
    assert Line([Enclosed(two, "{", "}", Level.OBSERVATION), ";"]).render(frame(1)) == b";;{u2};{u3};"
    assert Line([Enclosed(two[1:], "{", "}", Level.OBSERVATION), ";"]).render(frame(1)) == b";;;;"
    whole = Lookup("STATUS", Level.OBSERVATION, table("s"))
    assert (
        Line([Enclosed([whole, two[0]], "{", "}", Level.OBSERVATION)])
        .render(frame(1))
        .decode()
        .startswith("{s0é}{s1é}")
    )


def test_a_large_dictionary_is_rendered_only_where_it_is_asked_for() -> None:
    asked: list[int] = []
    big = Table(100_000, lambda i: (asked.append(i), f"{i},")[1])
    assert big.gather(ids(70_000, 5, 70_000)).to_list() == ["70000,", "5,", "70000,"]
    assert big.few(ids(5, 6)) == ["5,", "6,"]
    assert sorted(set(asked)) == [5, 6, 70_000]


def test_the_buffer_is_the_concatenation_of_slices_too() -> None:
    texts = pl.Series(["سلام", "", "a long text that is not kept in the view", "x"])
    assert buffer(texts) == "".join(texts).encode()
    assert buffer(texts[1:3]) == texts[2].encode()
    assert buffer(texts.head(0)) == b""


def _one_series() -> Frame:
    whole = frame(1).batch
    batch = msgspec.structs.replace(
        whole, suffix=(ids(3, 3, 3, 3),), series=np.zeros(1, np.int64), series_attributes={"UNIT": ids(2)}
    )
    return Frame(Held, batch)  # type: ignore[arg-type]


_EMPTY = Table(8, lambda _: "")
_GAPS = Table(8, lambda i: f"g{i}%" if i % 2 else "")
_PIECES = [
    "",
    "text",
    "%s",
    Lookup("A", Level.ROW, table("a")),
    Lookup("B", Level.GROUP, _GAPS),
    Lookup("UNIT", Level.GROUP, _EMPTY),
    Lookup("NOTHING", Level.OBSERVATION, _EMPTY),
    Lookup("STATUS", Level.OBSERVATION, _GAPS),
    Lookup("TIME_PERIOD", Level.OBSERVATION, table("t")),
    Number("V", NumberStyle(), before="<", after=">", missing="?"),
    Number("W", NumberStyle(), missing="?"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=7))
def test_small_batches_print_what_large_ones_do_whatever_the_pieces(pieces: list[lines.Piece]) -> None:
    for made in (frame, single, _one_series):
        asked, line = made(), Line(pieces)
        large = "".join(Line(pieces).column(asked).to_list())
        for _ in range(3):  # pieces are merged when a line is used again
            texts = line.texts(asked)
            assert len(texts) == asked.size
            assert line.render(asked).decode() == "".join(texts) == large
