"""``python -m benchmarks``: loads, asks and exports four shapes of statistics, on SQLite and PostgreSQL.

Prints a table, keeps the figures as JSON in ``benchmarks/results`` and writes ``docs/performance.md`` from them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks import databases, http, report, shapes
from benchmarks.artefacts import message
from benchmarks.baselines import baselines
from benchmarks.material import Material
from benchmarks.timing import Taken
from sdmx_server.formats.names import writable

FULL = {"A": 10_000_000, "B": 5_000_000, "C": 5_000_000, "D": 2_000_000}
QUICK = 10
"""``--quick`` takes this part of the observations."""

NAMES = tuple(writable("data"))
ROOT = Path(__file__).resolve().parents[1]


def _child(*arguments: object) -> Iterator[Taken]:
    """The steps of ``benchmarks.work`` in a process of its own, as they come."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SDMX_")} | {"POLARS_MAX_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.work", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        yield msgspec.json.decode(line, type=Taken)
    if process.wait():
        raise SystemExit(f"benchmarks.work {arguments[0]} failed")


class Run:
    """One run: its choices, its folder, and the figures so far."""

    def __init__(self, chosen: argparse.Namespace, folder: Path) -> None:
        self.chosen, self.folder = chosen, folder
        self.console = Console(width=120)
        self.figures: list[report.Figure] = []

    def keep(self, database: str, shape: str, count: int, steps: Iterator[Taken] | Sequence[Taken]) -> None:
        """Take note of steps, and show them."""
        for taken in steps:
            figure = report.Figure(database=database, shape=shape, count=count, taken=taken)
            self.figures.append(figure)
            self.console.print(report.line(figure))

    def shape(self, name: str, server: str | None) -> None:
        """Everything over one shape."""
        count = FULL[name] // (QUICK if self.chosen.quick else 1)
        folder = self.folder / name
        folder.mkdir()
        material = Material(name, count, notes=False)  # the baselines write no notes either
        (folder / "structures.json").write_text(json.dumps(message(material)), encoding="utf-8")
        source = folder / "source.csv"
        material.write_csv(source, "2.1")
        del material
        for kind in self.chosen.databases:
            url = databases.fresh(kind, server, folder, f"bench_{name.lower()}")
            self.keep(kind, name, count, _child("load", url, folder, name, count, source))
            self.keep(kind, name, count, _child("ask", url, folder, name, count, *self.chosen.formats))
            if name == "A":
                self.http(kind, url, folder, count)
        self.xml(name, count, folder)
        self.keep("none", name, count, baselines(name, count, source))

    def xml(self, name: str, count: int, folder: Path) -> None:
        """Load the same observations from structure-specific XML, which an export makes."""
        source = folder / "source.xml"
        env = {**os.environ, "SDMX_DATA_DIR": str(folder), "SDMX_DATABASE_URL": f"sqlite:///{folder}/export.db"}
        for _ in _child("load", env["SDMX_DATABASE_URL"], folder, name, count, folder / "source.csv"):
            pass
        command = [Path(sys.executable).with_name("sdmx-server"), "data", "export", f"BENCH:DF_{name}(1.0.0)"]
        with source.open("wb") as out:
            subprocess.run([*command, "--format", "xml-3.1"], env=env, stdout=out, check=True)
        url = databases.fresh("sqlite", None, folder, "from_xml")
        self.keep("sqlite", name, count, _child("load", url, folder, name, count, source))

    def http(self, kind: str, url: str, folder: Path, count: int) -> None:
        """Small answers over HTTP: a different series each time, what is available in an area, a structure."""
        dimensions = list(shapes.radices("A", count))
        frames = itertools.islice(shapes.observations("A", count), 1, 6)  # the first one has lost observations
        keys = [".".join(key) for frame in frames for key in frame.select(dimensions).unique().rows()]
        paths = [f"/sdmx/v2/data/dataflow/BENCH/DF_A/1.0.0/{key}" for key in keys]
        areas = [f"/sdmx/v2/availability/dataflow/BENCH/DF_A/1.0.0/*.{shapes.code('REF_AREA', i)}" for i in range(31)]
        structures = ["/sdmx/v2/structure/datastructure/BENCH/DSD_A/1.0.0" + more for more in ("", "?references=all")]
        xml, js = "application/vnd.sdmx.{}+xml;version=3.1.0", "application/vnd.sdmx.{}+json;version=2.1.0"
        for asked in (
            http.Asked(name="one series over HTTP", paths=paths, clients=1),
            http.Asked(name="one series over HTTP", paths=paths),
            http.Asked(name="one series over HTTP", paths=paths, workers=2),
            http.Asked(name="one series over HTTP, JSON 2.1", paths=paths, accept=js.format("data")),
            http.Asked(name="one series over HTTP, XML 3.1", paths=paths, accept=xml.format("data")),
            http.Asked(name="a series asked for again over HTTP", paths=paths[:50]),
            http.Asked(name="availability of an area over HTTP", paths=areas, accept=js.format("structure")),
            http.Asked(name="a data structure over HTTP", paths=structures[:1], accept=js.format("structure")),
            http.Asked(name="references=all over HTTP", paths=structures[1:], accept=js.format("structure")),
        ):
            self.keep(kind, "A", count, [http.requests(url, folder, asked)])


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the observations")
    parser.add_argument("--shapes", default="ABCD", help="which shapes, e.g. AC")
    parser.add_argument("--databases", default="sqlite,postgresql", help="sqlite, postgresql or both")
    parser.add_argument("--formats", default=",".join(NAMES), help="which formats, e.g. csv-2.1,xml-2.1-generic")
    parser.add_argument("--no-report", action="store_true", help="leave benchmarks/results and docs as they are")
    chosen = parser.parse_args()
    chosen.databases, chosen.formats = chosen.databases.split(","), chosen.formats.split(",")
    with tempfile.TemporaryDirectory(prefix="sdmx-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        wanted = "postgresql" in chosen.databases
        server = stack.enter_context(databases.postgresql(folder / "postgresql")) if wanted else None
        run = Run(chosen, folder)
        for name in chosen.shapes:
            run.shape(name, server)
    if not chosen.no_report:
        report.write(run.figures, ROOT, "quick" if chosen.quick else "full")


if __name__ == "__main__":
    main()
