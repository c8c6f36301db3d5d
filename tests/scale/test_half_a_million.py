"""Half a million observations of each shape are loaded with all checks and exported in every format, as a user does it.

What comes out is compared, to equality, with what the generator made: every key, period, measure and attribute of every
level, read back by readers of the tests' own. Loads and exports run in processes of their own, whose memory may not
grow with the number of observations. ``-s`` shows speeds and memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache, partial
from itertools import product
from pathlib import Path

import msgspec
import pytest
from polars.testing import assert_frame_equal
from support import databases
from support.columns import EXTENSIONS, read

from benchmarks import shapes
from benchmarks.artefacts import message
from benchmarks.material import Material
from sdmx_server.formats import FORMATS

COUNT, FEW = 500_000, 100_000
GROWTH_MB, GROWTH_OF_LOAD_MB = 80, 60
"""How much more memory five times the observations may take: the database file, which SQLite maps (up to 20 MB here),
and what allocators keep for later, which levels off after some ten batches. The files themselves have up to 246 MB."""

ROOT = Path(__file__).parents[2]
FORMATS_WITH = {"2.0": {"csv": "csv-2.0", "json": "json-2.0", "xml": "xml-3.0"}}
FORMATS_WITH["2.1"] = {"csv": "csv-2.1", "json": "json-2.1", "xml": "xml-3.1"}
"""The data formats that go with each version of SDMX-CSV, by extension."""


class Step(msgspec.Struct, frozen=True):
    """What a step of ``support.scale_work`` took; ``peak_mb`` is its process's so far."""

    name: str
    seconds: float
    cpu: float
    peak_mb: float


class Done(msgspec.Struct, frozen=True):
    """A load and its exports on each kind of database: the files, named like their formats, and the steps."""

    material: Material
    formats: dict[str, str]  # by extension
    folder: Path  # with a folder for each kind
    steps: dict[str, dict[str, Step]]


def _work(*arguments: object) -> dict[str, Step]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-m", "support.scale_work", *map(str, arguments)],
        env={**{k: v for k, v in os.environ.items() if not k.startswith("SDMX_")}, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    steps = [msgspec.json.decode(line, type=Step) for line in done.stdout.splitlines()]
    return {step.name: step for step in steps}


def _run(structures: Path, source: Path, flow: str, names: Iterable[str], kind: str) -> dict[str, Step]:
    """Load the source into a fresh database and export everything."""
    folder = source.parent / kind
    folder.mkdir()
    with databases.fresh_url(kind, folder) as url:
        return _work("load", url, structures, source, flow) | _work("export", url, folder, flow, *names)


def _on_all_databases(material: Material, version: str, folder: Path) -> dict[str, dict[str, Step]]:
    """The steps on each kind of database, which have a core each."""
    source, structures = folder / "source.csv", folder / "structures.json"
    material.write_csv(source, version)
    structures.write_text(json.dumps(message(material)), encoding="utf-8")
    run = partial(_run, structures, source, material.flow, FORMATS_WITH[version].values())
    with ThreadPoolExecutor(len(databases.KINDS)) as threads:
        return dict(zip(databases.KINDS, threads.map(run, databases.KINDS), strict=True))


@lru_cache(maxsize=1)
def _material(name: str) -> Material:
    return Material(name, COUNT)


@cache
def _few(name: str) -> dict[str, dict[str, Step]]:
    """The steps of a fifth of the observations, to compare with; formats by their extension only."""
    with tempfile.TemporaryDirectory() as folder:
        found = _on_all_databases(Material(name, FEW), "2.1", Path(folder))
    return {kind: {step.partition("-")[0]: took for step, took in steps.items()} for kind, steps in found.items()}


@pytest.fixture(scope="module", params=product(sorted(shapes.SHAPES), FORMATS_WITH), ids="-".join)
def done(request: pytest.FixtureRequest) -> Iterator[Done]:
    """A shape loaded from SDMX-CSV of a version, and exported in the formats that go with it."""
    name, version = request.param
    with tempfile.TemporaryDirectory() as folder:
        steps = _on_all_databases(_material(name), version, Path(folder))
        yield Done(_material(name), FORMATS_WITH[version], Path(folder), steps)


def test_all_data_formats_are_tried() -> None:
    known = {f"{f.extension}-{f.version[:3]}" for f in FORMATS if f.write_data}
    assert {name for names in FORMATS_WITH.values() for name in names.values()} == known


@pytest.mark.parametrize("kind", databases.KINDS)
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_export_equals_what_was_generated(done: Done, kind: str, extension: str) -> None:
    found = read(done.folder / kind / done.formats[extension], extension, done.material)
    assert len(found) == COUNT
    assert_frame_equal(done.material.numbered(found), done.material.expected, check_exact=True)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_memory_does_not_grow_with_the_observations(done: Done, kind: str) -> None:
    name = done.material.name
    for step, took in done.steps[kind].items():
        before = _few(name)[kind][step.partition("-")[0]]
        print(
            f"\n{name} {kind:10} {step:8} {COUNT / took.seconds:>9,.0f} obs/s, {COUNT / took.cpu:>9,.0f} for a second"
            f" of CPU, {took.peak_mb:.0f} MB ({before.peak_mb:.0f} MB for a fifth of it)",
            end="",
        )
        assert took.peak_mb - before.peak_mb < (GROWTH_OF_LOAD_MB if step == "load" else GROWTH_MB)
