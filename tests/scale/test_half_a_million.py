"""Half a million observations of each shape are loaded with all checks and exported, as a user does it.

What comes out is compared, to equality, with what the generator made: every key, period, measure and attribute of every
level, read back by readers of the tests' own. That is the newest formats for each shape and database, and every other
one for one of them, and at a fifth of the size for every shape. Loads and exports run in processes of their own, whose
memory may not grow with the number of observations. ``-s`` shows speeds and memory.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path

import msgspec
import pytest
from polars.testing import assert_frame_equal
from support import databases
from support.columns import IN_ENGLISH, READERS, read
from support.programs import command, surroundings

from benchmarks import shapes
from benchmarks.artefacts import message
from benchmarks.material import Material
from sdmx_server.formats.names import writable

COUNT, FEW = 500_000, 100_000
PEAK_MB, GROWTH_MB, GROWTH_OF_LOAD_MB = 450, 110, 60
"""How much memory of its own a process may take, and how much more five times the observations may: a group of rows of
Parquet, which fewer do not fill (76 MB over D; two million take 20 MB more), and what allocators keep for later, which
levels off after some ten batches. The files themselves have up to 500 MB."""

ROOT = Path(__file__).parents[2]
STAPLES = {"2.0": ("csv-2.0", "json-2.0", "xml-3.0"), "2.1": ("csv-2.1", "json-2.1", "xml-3.1")}
"""The formats that go with each version of SDMX-CSV: at half a million of every shape."""

SLOW_TO_READ = {"xlsx": "D"}
"""Of the smaller numbers only this shape."""

OTHERS = tuple(
    sorted(set(writable("data")) - {*STAPLES["2.0"], *STAPLES["2.1"]}, key=lambda name: (name in SLOW_TO_READ, name))
)
"""The rest: half a million of one shape each, and fewer of every shape; on one database each. What takes most memory is
last, for some of it stays with the process."""

SHAPES = tuple(sorted(shapes.SHAPES))


class Step(msgspec.Struct, frozen=True):
    """What a step of ``support.scale_work`` took; ``peak_mb`` is its process's meanwhile."""

    name: str
    seconds: float
    cpu: float
    peak_mb: float


class Run(msgspec.Struct, frozen=True):
    """A shape loaded from one version of SDMX-CSV. ``part``: that version, or ``few`` for the smaller number."""

    shape: str
    part: str

    @property
    def count(self) -> int:
        """Observations."""
        return FEW if self.part == "few" else COUNT

    @property
    def version(self) -> str:
        """The version of the SDMX-CSV that is loaded."""
        return "2.1" if self.part == "few" else self.part

    def read(self, kind: str) -> tuple[str, ...]:
        """The formats whose exports from a kind of database are compared, number by number."""
        at, mine = SHAPES.index(self.shape), databases.KINDS.index(kind)
        others = {name: i for i, name in enumerate(OTHERS) if (i + at) % 2 == mine}
        if self.part == "few":
            return tuple(name for name in others if SLOW_TO_READ.get(name, self.shape) == self.shape)
        if self.part == "2.1":
            return STAPLES["2.1"] + tuple(name for name, i in others.items() if i % len(SHAPES) == at)
        return tuple(name for i, name in enumerate(STAPLES["2.0"]) if (i + at) % 2 == mine)

    def exported(self, kind: str) -> tuple[str, ...]:
        """Those that are exported: of the smaller number also those whose memory is compared with this."""
        if self.part != "few":
            return self.read(kind)
        larger = (name for part in STAPLES for name in Run(self.shape, part).read(kind))
        return tuple(dict.fromkeys((*larger, *self.read(kind))))


RUNS = [Run(shape, part) for shape in SHAPES for part in ("few", *STAPLES)]
Steps = dict[str, dict[str, "Step"]]
"""By kind of database and name."""


class Done(msgspec.Struct, frozen=True):
    """A run and what came of it: the files, named like their formats in a folder for each kind, and the steps."""

    run: Run
    folder: Path
    steps: Steps


def _work(*arguments: object) -> dict[str, Step]:
    done = subprocess.run(
        command("support.scale_work", *arguments),
        env=surroundings(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    steps = [msgspec.json.decode(line, type=Step) for line in done.stdout.splitlines()]
    return {step.name: step for step in steps}


def _load_and_export(run: Run, folder: Path, kind: str) -> dict[str, Step]:
    """Load the source into a fresh database and export everything."""
    flow, into = _material(run.shape, run.count).flow, folder / kind
    into.mkdir()
    with databases.fresh_url(kind, into) as url:
        loaded = _work("load", url, folder / "structures.json", folder / "source.csv", flow)
        return loaded | _work("export", url, into, flow, *run.exported(kind))


def _on_all_databases(run: Run, folder: Path) -> Steps:
    """The steps on each kind of database, which have a core each."""
    material = _material(run.shape, run.count)
    material.write_csv(folder / "source.csv", run.version)
    (folder / "structures.json").write_text(json.dumps(message(material)), encoding="utf-8")
    with ThreadPoolExecutor(len(databases.KINDS)) as threads:
        done = threads.map(partial(_load_and_export, run, folder), databases.KINDS)
        return dict(zip(databases.KINDS, done, strict=True))


@lru_cache(maxsize=2)
def _material(name: str, count: int) -> Material:
    return Material(name, count)


_few: dict[str, Steps] = {}
"""The steps of the smaller number by shape, to compare with."""


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: f"{run.shape}-{run.part}")
def done(request: pytest.FixtureRequest) -> Iterator[Done]:
    """A run, whose files are there for the tests of it."""
    run = request.param
    with tempfile.TemporaryDirectory() as folder:
        steps = _on_all_databases(run, Path(folder))
        if run.part == "few":
            _few[run.shape] = steps
        yield Done(run, Path(folder), steps)


def _steps_of_few(shape: str) -> Steps:
    """From the run before, or, where that was not asked for, of one for this."""
    if shape not in _few:
        with tempfile.TemporaryDirectory() as folder:
            _few[shape] = _on_all_databases(Run(shape, "few"), Path(folder))
    return _few[shape]


def test_every_data_format_is_read_at_both_sizes() -> None:
    names = set(writable("data"))
    assert names == set(READERS)
    for count, expected in (COUNT, names), (FEW, set(OTHERS)):
        runs = [run for run in RUNS if run.count == count]
        assert {name for run in runs for kind in databases.KINDS for name in run.read(kind)} == expected
        assert all(run.read(kind) for run in runs for kind in databases.KINDS)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_the_exports_equal_what_was_generated(done: Done, kind: str) -> None:
    material = _material(done.run.shape, done.run.count)
    for name in done.run.read(kind):
        print(name)  # stands in the report of a failure
        found = read(done.folder / kind / name, name, material)
        assert len(found) == done.run.count
        expected = material.in_english if name in IN_ENGLISH else material.expected
        assert_frame_equal(material.numbered(found), expected, check_exact=True)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_memory_is_bounded_and_does_not_grow_with_the_observations(done: Done, kind: str) -> None:
    shape, before = done.run.shape, _steps_of_few(done.run.shape)[kind]
    for name, took in done.steps[kind].items():
        print(
            f"\n{shape} {kind:10} {name:38} {done.run.count / took.cpu:>9,.0f} obs/s of CPU, {took.peak_mb:.0f} MB"
            f" ({before[name].peak_mb:.0f} MB for {FEW:,})",
            end="",
        )
        assert took.peak_mb < PEAK_MB
        assert took.peak_mb - before[name].peak_mb < (GROWTH_OF_LOAD_MB if name == "load" else GROWTH_MB)
