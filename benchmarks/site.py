"""``make bench-site``: a site of many dataflows, each with its own data structure, in one database.

Loads them one after another through every check, then asks: a series of any dataflow, what is available, structures,
over HTTP and at the store. The figures go to ``benchmarks/results/site.json`` and ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks import databases, http, report, shapes
from benchmarks.artefacts import message
from benchmarks.material import Material
from benchmarks.timing import Taken, once, repeatedly
from sdmx_server.batches import ReadPlan
from sdmx_server.config import Settings
from sdmx_server.model.reference import Reference
from sdmx_server.query.structure import parse_schema_query
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.wiring import build, prepare_database

ROOT = Path(__file__).resolve().parents[1]
TURN = "ABCA"
"""Shapes of the dataflows, in turn; the last is often a table of monthly series in an office."""


def _silent(*_: object) -> None:
    """Takes no notice of progress."""


class Site:
    """The dataflows of one database."""

    def __init__(self, url: str, folder: Path, flows: int, each: int) -> None:
        self.url, self.folder, self.each = url, folder, each
        self.flows = {f"BENCH{i:03}": TURN[i % len(TURN)] for i in range(flows)}
        settings = Settings(database_url=url, data_dir=folder)
        prepare_database(settings)
        self.server = build(settings)
        self.random = np.random.default_rng(1)

    def load(self) -> Taken:
        """Register and load all; only the loading is measured."""
        seconds = cpu = peak = 0.0
        for agency, shape in self.flows.items():
            material = Material(shape, self.each, notes=False, agency=agency)
            structures, source = self.folder / "structures.json", self.folder / "source.csv"
            structures.write_text(json.dumps(message(material)), encoding="utf-8")
            material.write_csv(source, "2.1")
            flow = material.flow
            del material
            self.server.import_structures([structures], _silent)
            taken = once("load", partial(self._load, source, flow))
            seconds, cpu, peak = seconds + taken.seconds, cpu + taken.cpu, max(peak, taken.peak_mb)
        count = self.each * len(self.flows)
        return Taken(name="load csv, one by one", seconds=seconds, cpu=cpu, observations=count, peak_mb=peak)

    def _load(self, source: Path, flow: str) -> tuple[int, int]:
        self.server.load_data(source, flow, False, _silent)
        return self.each, source.stat().st_size

    def _key(self, agency: str) -> tuple[str, ...]:
        return shapes.key(self.flows[agency], self.each, int(self.random.integers(self.each)))

    def _any(self, count: int) -> list[str]:
        return [str(agency) for agency in self.random.choice(list(self.flows), count)]

    def looks(self) -> Taken:
        """One series of any dataflow, at the store."""
        store = PackedObservationStore(create_engine(self.url))
        schemas = {
            agency: self.server.schemas.open(parse_schema_query(f"/dataflow/{agency}/DF_{shape}/1.0.0"))
            .message()
            .schema
            for agency, shape in self.flows.items()
        }

        def look(agency: str) -> int:
            flow = Reference(kind="Dataflow", agency=agency, id=f"DF_{self.flows[agency]}", version="1.0.0")
            plan = ReadPlan(keys=(tuple(frozenset((code,)) for code in self._key(agency)),))
            with store.reading(flow) as reading:
                return sum(len(batch) for batch in reading.read(schemas[agency], plan).batches())

        return repeatedly("one series", [partial(look, agency) for agency in self._any(1_100)], warm=100)

    def http(self) -> Iterator[Taken]:
        """Small answers of any dataflow, over HTTP."""
        js = "application/vnd.sdmx.{}+json;version=2.1.0"

        def paths(what: str, tail: str = "") -> list[str]:
            found = []
            for agency in self._any(2_000):
                key = "/" + ".".join(self._key(agency)) if what == "data" else ""
                found.append(f"/sdmx/v2/{what}/dataflow/{agency}/DF_{self.flows[agency]}/1.0.0{key}{tail}")
            return found

        for asked in (
            http.Asked(name="one series over HTTP", paths=paths("data"), workers=2, seconds=15),
            http.Asked(
                name="availability over HTTP", paths=paths("availability"), accept=js.format("structure"), workers=2
            ),
            http.Asked(
                name="a dataflow with all references over HTTP",
                paths=paths("structure", "?references=all"),
                accept=js.format("structure"),
                workers=2,
                seconds=15,
            ),
        ):
            yield http.requests(self.url, self.folder, asked)

    def size(self) -> float:
        """Megabytes of the database."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                return float(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()) / 1e6
            return float(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()) / 1e6


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--flows", type=int, default=100, help="how many dataflows")
    parser.add_argument("--each", type=int, default=1_000_000, help="observations of each")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--no-report", action="store_true", help="leave benchmarks/results and docs as they are")
    chosen = parser.parse_args()
    console, figures = Console(width=120), []
    with tempfile.TemporaryDirectory(prefix="sdmx-site-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        wanted = chosen.database == "postgresql"
        server = stack.enter_context(databases.postgresql(folder / "postgresql")) if wanted else None
        site = Site(databases.fresh(chosen.database, server, folder, "site"), folder, chosen.flows, chosen.each)

        def keep(taken: Taken) -> None:
            figure = report.Figure(
                database=chosen.database,
                shape=f"{chosen.flows} dataflows",
                count=chosen.flows * chosen.each,
                taken=taken,
            )
            figures.append(figure)
            console.print(report.line(figure))

        began = time.perf_counter()
        keep(site.load())
        console.print(f"made and loaded in {time.perf_counter() - began:.0f} s; the database has {site.size():,.0f} MB")
        keep(Taken(name="database", seconds=0, cpu=0, bytes=int(site.size() * 1e6)))
        keep(site.looks())
        for taken in site.http():
            keep(taken)
    if not chosen.no_report:
        report.write(figures, ROOT, "site")


if __name__ == "__main__":
    main()
