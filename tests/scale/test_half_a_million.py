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
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

import msgspec
import pytest
from polars.testing import assert_frame_equal
from support import databases
from support.columns import READERS
from support.scale import Material
from support.scale_structures import message

from benchmarks import shapes
from sdmx_server.formats import FORMATS

COUNT, FEW = 500_000, 100_000
ROOT = Path(__file__).parents[2]
VERSIONS = {"2.0": {"csv": "csv-2.0", "json": "json-2.0", "xml": "xml-3.0"}}
VERSIONS["2.1"] = {"csv": "csv-2.1", "json": "json-2.1", "xml": "xml-3.1"}
"""The data formats that go with each version of SDMX-CSV, by extension."""


class Step(msgspec.Struct, frozen=True):
    """What a step of ``support.scale_work`` took; ``peak_mb`` is its process's so far."""

    name: str
    seconds: float
    cpu: float
    peak_mb: float


class Done(msgspec.Struct, frozen=True):
    """A load and its exports: the files, named like their formats, and the steps."""

    material: Material
    version: str
    kind: str
    folder: Path
    steps: dict[str, Step]


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


def _run(material: Material, source: Path, version: str, kind: str, folder: Path) -> dict[str, Step]:
    """Load the source into a fresh database and export everything."""
    structures = folder / "structures.json"
    structures.write_text(json.dumps(message(material)), encoding="utf-8")
    with databases.fresh_url(kind, folder) as url:
        steps = _work("load", url, structures, source, material.flow)
        return steps | _work("export", url, folder, material.flow, *VERSIONS[version].values())


@lru_cache(maxsize=1)
def _material(name: str) -> Material:
    return Material(name, COUNT)


@cache
def _few(name: str, kind: str) -> dict[str, Step]:
    """The steps of a fifth of the observations, by extension, to compare with."""
    material = Material(name, FEW)
    with tempfile.TemporaryDirectory() as folder:
        material.write_csv(Path(folder) / "source.csv", "2.1")
        steps = _run(material, Path(folder) / "source.csv", "2.1", kind, Path(folder))
    return {step.partition("-")[0]: found for step, found in steps.items()}


@pytest.fixture(scope="module", params=product(sorted(shapes.SHAPES), VERSIONS, databases.KINDS), ids="-".join)
def done(request: pytest.FixtureRequest) -> Iterator[Done]:
    """Everything loaded from SDMX-CSV of a version, and exported in the formats that go with it."""
    name, version, kind = request.param
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.csv"
        _material(name).write_csv(source, version)
        yield Done(
            _material(name), version, kind, Path(folder), _run(_material(name), source, version, kind, Path(folder))
        )


def test_all_data_formats_are_tried() -> None:
    known = {f"{f.extension}-{f.version[:3]}" for f in FORMATS if f.write_data}
    assert {name for names in VERSIONS.values() for name in names.values()} == known


@pytest.mark.parametrize("extension", READERS)
def test_the_export_equals_what_was_generated(done: Done, extension: str) -> None:
    found = READERS[extension](done.folder / VERSIONS[done.version][extension], done.material)
    assert len(found) == COUNT
    assert_frame_equal(done.material.numbered(found), done.material.expected, check_exact=True)


def test_memory_does_not_grow_with_the_observations(done: Done) -> None:
    name, kind = done.material.name, done.kind
    for step, took in done.steps.items():
        before = _few(name, kind)[step.partition("-")[0]]
        print(
            f"\n{name} {kind:10} {step:8} {COUNT / took.seconds:>9,.0f} obs/s, {COUNT / took.cpu:>9,.0f} for a second"
            f" of CPU, {took.peak_mb:.0f} MB ({before.peak_mb:.0f} MB for a fifth of it)",
            end="",
        )
        assert took.peak_mb - before.peak_mb < 6000
