"""What ordinary tools do with the same observations on the same machine, in the same run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import orjson
import polars as pl
from lxml import etree

from benchmarks import shapes
from benchmarks.timing import Taken, once, repeatedly

MOST = 500_000
"""Observations that the slow ones get."""

LOOKUPS = 60


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


def _duckdb_csv(connection: duckdb.DuckDBPyConnection, target: Path) -> int:
    connection.execute("COPY observations TO ? (FORMAT csv)", [str(target)])
    return target.stat().st_size


def _duckdb(name: str, count: int, folder: Path) -> Iterator[Taken]:
    """DuckDB with one thread: a table in a file, sorted by key; loaded, asked for one series, written as CSV."""
    dimensions = list(shapes.radices(name, count))
    with duckdb.connect(folder / "baseline.duckdb", config={"threads": 1}) as connection:

        def load() -> tuple[int, int]:
            connection.execute(
                "CREATE TABLE observations AS SELECT * EXCLUDE ('STRUCTURE[;]', STRUCTURE_ID, ACTION) "
                f"FROM read_csv(?, header = true) ORDER BY {', '.join(dimensions)}, TIME_PERIOD",
                [str(folder / "source.csv")],
            )
            connection.execute("CHECKPOINT")
            return count, 0

        yield once("DuckDB, loading CSV without checks", load)
        frame = next(iter(shapes.observations(name, count)))
        keys = frame.select(dimensions).unique(maintain_order=True).head(LOOKUPS).rows()
        where = " AND ".join(f"{d} = ?" for d in dimensions)
        statement = f"SELECT * FROM observations WHERE {where} ORDER BY TIME_PERIOD"
        yield repeatedly(
            "DuckDB, one series", [lambda key=key: len(connection.execute(statement, key).fetchall()) for key in keys]
        )
        yield once("DuckDB, writing CSV", lambda: (count, _duckdb_csv(connection, folder / "baseline.csv")))


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
    found.append(once("csv module, reading", lambda: (_read_csv(file), file.stat().st_size)))
    return [*found, *_duckdb(name, count, file.parent)]
