"""What ordinary tools do with the same observations on the same machine, in the same run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import orjson
import polars as pl
from lxml import etree

from benchmarks import shapes
from benchmarks.timing import Taken, once

MOST = 500_000
"""Observations that the slow ones get."""


def _csv(frame: pl.DataFrame) -> int:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows(frame.iter_rows())
    return out.tell()


def _orjson(frame: pl.DataFrame) -> int:
    return len(orjson.dumps(list(frame.iter_rows(named=True))))


def _xmlfile(frame: pl.DataFrame) -> int:
    out = io.BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml, xml.element("DataSet"):
        for row in frame.iter_rows(named=True):
            xml.write(etree.Element("Obs", {name: str(value) for name, value in row.items() if value is not None}))
    return out.tell()


def _polars(frame: pl.DataFrame) -> int:
    out = io.BytesIO()
    frame.write_csv(out)
    return out.tell()


def _read_csv(file: Path) -> int:
    with file.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream))


BASELINES: dict[str, Callable[[pl.DataFrame], int]] = {
    "csv module, writing": _csv,
    "orjson on dicts": _orjson,
    "lxml.xmlfile": _xmlfile,
    "Polars write_csv": _polars,
}


def baselines(name: str, count: int, file: Path) -> list[Taken]:
    """Write the observations of a shape with each, and read its CSV file with the csv module."""
    frame = pl.concat(list(shapes.observations(name, min(count, MOST))))
    found = [once(title, lambda work=work: (len(frame), work(frame))) for title, work in BASELINES.items()]  # type: ignore[misc]
    return [*found, once("csv module, reading", lambda: (_read_csv(file), file.stat().st_size))]
