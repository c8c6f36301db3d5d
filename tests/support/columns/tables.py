"""Columns of the flat formats: SDMX-CSV, Parquet, Excel."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from benchmarks.material import Material, each, text_of

from .shared import dtype_of, numbers, texts


def read_csv(path: Path, material: Material) -> pl.DataFrame:
    """SDMX-CSV 2.x of one data set."""
    frame = pl.read_csv(path, infer_schema=False)
    names = {name: name.partition("[")[0] for name in frame.columns}
    assert list(names.values())[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert frame.select(pl.nth(0, 1)).unique().rows() == [("dataflow", material.flow)]
    assert {n for n in names if n.endswith("[en;fa]")} == {f"{n}[en;fa]" for n in material.in_languages}
    frame = frame.rename(names)
    assert set(frame.columns[3:]) == {*material.key, *material.measures, *material.attributes}
    return frame.select(
        *material.key,
        *(numbers(material, m, frame[m].to_list()) for m in material.measures),
        *(each(frame[a], _divided) if a in material.in_languages else frame[a] for a in material.attributes),
    )


def _divided(field: str) -> str:
    [parts] = csv.reader([field], delimiter=";", strict=True)
    return text_of(dict(part.split(":", 1) for part in parts))


def read_csv_1(path: Path, material: Material) -> pl.DataFrame:
    """SDMX-CSV 1.0, with texts in one language."""
    frame = pl.read_csv(path, infer_schema=False)
    assert frame.columns == ["DATAFLOW", *material.key, *material.measures, *material.attributes]
    assert frame["DATAFLOW"].unique().to_list() == [material.flow]
    return frame.with_columns(numbers(material, m, frame[m].to_list()) for m in material.measures)


def read_parquet(path: Path, material: Material) -> pl.DataFrame:
    """Parquet, with texts in languages as JSON."""
    frame = pl.read_parquet(path)
    assert frame["DATAFLOW"].cast(pl.String).unique().to_list() == [material.flow]
    assert not any(frame[f"{m}_MISSING"].any() for m in material.measures if dtype_of(material, m) == pl.Int64)
    assert frame.select((pl.col("TIME_START") < pl.col("TIME_END")).all()).item()
    found = frame.select(pl.col(*material.key, *material.attributes).cast(pl.String), *material.measures)
    assert {m: found[m].dtype for m in material.measures} == {m: dtype_of(material, m) for m in material.measures}
    return found.with_columns(each(found[a], lambda text: text_of(json.loads(text))) for a in material.in_languages)


def read_xlsx(path: Path, material: Material) -> pl.DataFrame:
    """The sheets of an Excel workbook but its notes; texts are in one language, whole numbers of 16 digits are text."""
    *sheets, notes = (book := CalamineWorkbook.from_path(str(path))).sheet_names
    assert notes == "Notes"
    frames = []
    for sheet in sheets:
        head, *rows = book.get_sheet_by_name(sheet).to_python()
        columns = dict(zip((str(cell).partition(":")[0] for cell in head), zip(*rows, strict=True), strict=True))
        frames.append(pl.DataFrame([_cells(columns[name], name, material) for name in _names(material)]))
    return pl.concat(frames)


def _names(material: Material) -> tuple[str, ...]:
    return (*material.key, *material.measures, *material.attributes)


def _cells(cells: Sequence[Any], name: str, material: Material) -> pl.Series:
    """A column of a sheet, whose empty cells are empty text."""
    values = [None if cell == "" else cell for cell in cells]
    return numbers(material, name, values) if name in material.measures else texts(name, values)
