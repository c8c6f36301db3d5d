"""The cells of data of a table as rows of labels and a text, without a step for each cell that is a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from sdmx_server.loading.api import Source

from .options import Options
from .sheet import Kind, Range, letters, pack, plain
from .table import Table

_EXACT = 1e15


class Cell(NamedTuple):
    """A cell to report: row and column from 0, and what stands there."""

    row: int
    column: int
    shown: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """Tidy rows, row by row of the table: the columns that the options name, as Strings, and the place of each.

    ``numbers`` are the values, NaN where there is none.
    """

    frame: pl.DataFrame
    places: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.float64]


def tidy(source: Source, options: Options, table: Table, number: int) -> Rows | None:
    """The rows of a table, the ``number``-th that is read; None after a finding.

    Findings: cell-text, cell-percent, cell-merged.
    """
    before = source.findings.count
    _report_merged(source, table)
    kinds = table.sheet.kinds[table.rows][:, table.columns].ravel()
    numbers = table.sheet.numbers[table.rows][:, table.columns].ravel()
    texts = table.sheet.texts[table.rows][:, table.columns].ravel()
    height, width = len(table.rows), len(table.columns)
    rows = np.repeat(table.rows, width)
    columns = np.tile(np.array(table.columns, np.int64), height)
    percents = kinds == Kind.PERCENT
    if percents.any() and options.percent == "hundred":
        # Binary noise of the multiplication goes: 0.07 is 7, not 7.000000000000001.
        numbers[percents] = [float(f"{value * 100:.15g}") for value in numbers[percents].tolist()]
    elif percents.any() and options.percent is None:
        at = int(np.flatnonzero(percents)[0])
        shown = f"{plain(float(numbers[at]))} = {float(numbers[at]) * 100:.6g}%"
        _add(source, table, "cell-percent", Cell(rows[at], columns[at], shown), int(percents.sum()))
    written = np.flatnonzero(np.isin(kinds, (Kind.TEXT, Kind.DATE)))
    if not options.numbers_as_text:
        for at in written.tolist():
            if texts[at].strip() not in source.markers:
                _add(source, table, "cell-text", Cell(rows[at], columns[at], texts[at].strip()))
    if source.findings.count > before:
        return None
    values = _shown(numbers, options.empty)
    values = values.scatter(written, [texts[at].strip() for at in written.tolist()]) if len(written) else values
    frame = _frame(options, table, values, height, width)
    return Rows(frame=frame, places=pack(number, rows, columns), numbers=numbers)


def _add(source: Source, table: Table, code: str, cell: Cell, count: int = 1) -> None:
    source.findings.add(
        code,
        file=source.name,
        sheet=table.sheet.name,
        row=int(cell.row) + 1,
        column=letters(int(cell.column)),
        value=cell.shown,
        count=count,
    )


def _shown(numbers: npt.NDArray[np.float64], empty: str | None) -> pl.Series:
    """Numbers as texts by their value: 1395.0 is ``1395``. NaN becomes ``empty``."""
    given = pl.DataFrame({"n": numbers}).with_columns(pl.col("n").fill_nan(None))
    number = pl.col("n")
    whole = (number == number.floor()) & (number.abs() < _EXACT)
    text = pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(number.cast(pl.String))
    return given.select(pl.coalesce(text, pl.lit(empty, pl.String)).alias("value")).to_series()


def _frame(options: Options, table: Table, values: pl.Series, height: int, width: int) -> pl.DataFrame:
    down, across = np.repeat(np.arange(height), width), np.tile(np.arange(width), height)
    columns: list[pl.Series] = []
    if options.sheet_column:
        columns.append(pl.Series(options.sheet_column, [table.sheet.name]).new_from_index(0, height * width))
    if options.sections:
        columns.append(_taken(options.sections.name, table.sections, down))
    columns += [_taken(name, labels, down) for name, labels in table.labels.items()]
    for level, name in enumerate(options.levels):
        if name:
            columns.append(_taken(name, [head[level] for head in table.heads], across))
    return pl.DataFrame([*columns, values.rename(options.value)])


def _taken(name: str, labels: Sequence[str], index: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(name, labels, pl.String).replace("", None).gather(index)


def _report_merged(source: Source, table: Table) -> None:
    """Finding cell-merged: a merged range over several cells of data would give one value to all, or to none."""
    areas = np.array(table.sheet.merged, np.int64).reshape(-1, 4)
    rows, columns = table.rows, np.sort(np.array(table.columns, np.int64))
    down = np.searchsorted(rows, areas[:, 1]) - np.searchsorted(rows, areas[:, 0])
    across = np.searchsorted(columns, areas[:, 3]) - np.searchsorted(columns, areas[:, 2])
    for number in np.flatnonzero(down * across > 1).tolist():
        area = table.sheet.merged[number]
        _add(source, table, "cell-merged", Cell(area[0], area[2], _reference(area)))


def _reference(area: Range) -> str:
    return f"{letters(area[2])}{area[0] + 1}:{letters(area[3] - 1)}{area[1]}"
