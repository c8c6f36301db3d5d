"""Lines of text: the bulk way and the small way print the same, and codes are rendered only when asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from support.cases import AREA, dimension, measure, structure

from sdmx_server.batches import Batch, Column, Ids
from sdmx_server.formats import lines
from sdmx_server.formats.lines import Line, Lookup, Number, Opening, buffer
from sdmx_server.formats.literals import Frame, Level, Table
from sdmx_server.formats.numbers import NumberStyle


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
        prefix=(np.arange(2, 2 + rows, dtype=np.uint32),),
        count=np.full(rows, 4),
        suffix=(np.tile(ids(2, 2, 3, 3), rows),),
        time=np.tile(ids(2, 3), 2 * rows),
        series=np.arange(0, size, 2),
        measures={"V": Column(np.arange(size, dtype=np.float64))},
        attributes={"STATUS": np.arange(size, dtype=np.uint32) % 4},
        series_attributes={"UNIT": np.arange(2 * rows, dtype=np.uint32) % 3},
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
