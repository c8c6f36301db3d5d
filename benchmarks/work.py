"""The measured steps over one shape in one database, in a process of their own: ``python -m benchmarks.work``.

``load URL FOLDER SHAPE COUNT FILE`` registers the artefacts and loads a message with all checks;
``ask URL FOLDER SHAPE COUNT FORMAT...`` looks up, filters, exports, revises and looks back. One JSON line a step.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import shapes
from benchmarks.timing import Taken, once, repeatedly, tell
from sdmx_server.batches import Action, Delta, KeyPattern, ReadPlan
from sdmx_server.config import Settings
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.names import format_named
from sdmx_server.model.reference import Reference
from sdmx_server.query.data import DataQuery
from sdmx_server.query.paths import parse_data_path
from sdmx_server.query.structure import parse_schema_query, parse_structure_query
from sdmx_server.services.ports import CubeReading
from sdmx_server.store.database import create_engine
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.web.compression import encode
from sdmx_server.wiring import Server, build, prepare_database

LOOKUPS = 300
REVISED, DELETED = 10_000, 5_000
CODED = ("csv-2.1", "xml-3.1")
"""Formats that are also exported in each content coding."""


def _silent(*_: object) -> None:
    """Takes no notice of progress."""


def _server(url: str, folder: str) -> Server:
    return build(Settings(database_url=url, data_dir=Path(folder)))


def load(url: str, folder: str, name: str, count: str, file: str) -> None:
    """Create the database, register the artefacts, load the file with all checks."""
    prepare_database(Settings(database_url=url, data_dir=Path(folder)))
    server = _server(url, folder)
    server.import_structures([Path(folder) / "structures.json"], _silent)
    flow = f"BENCH:DF_{name}(1.0.0)"

    def work() -> tuple[int, int]:
        server.load_data(Path(file), flow, False, _silent)
        return int(count), Path(file).stat().st_size

    tell(once(f"load {Path(file).suffix[1:]}", work))


class Asker:
    """Steps over a loaded shape."""

    def __init__(self, url: str, folder: str, name: str, count: int) -> None:
        self.name, self.count = name, count
        self.server = _server(url, folder)
        self.store = PackedObservationStore(create_engine(url))
        self.sizes = shapes.radices(name, count)
        self.flow = Reference(kind="Dataflow", agency="BENCH", id=f"DF_{name}", version="1.0.0")
        self.schema = self.server.schemas.open(parse_schema_query(f"/dataflow/BENCH/DF_{name}/1.0.0")).message().schema
        self.random = np.random.default_rng(1)

    def _query(self, **more: object) -> DataQuery:
        path = parse_data_path(f"dataflow/BENCH/DF_{self.name}/1.0.0")
        return DataQuery(path=path, **more)  # type: ignore[arg-type]

    def _key(self, *given: str) -> KeyPattern:
        """A random key with these dimensions, any in the others."""
        return tuple(
            frozenset((shapes.code(d, int(self.random.integers(size))),)) if d in given else None
            for d, size in self.sizes.items()
        )

    def _reading(self, look: Callable[[CubeReading], int]) -> int:
        with self.store.reading(self.flow) as reading:
            return look(reading)

    def _count(self, plan: ReadPlan) -> int:
        return self._reading(lambda r: sum(len(batch) for batch in r.read(self.schema, plan).batches()))

    def _available(self, plan: ReadPlan) -> int:
        return self._reading(lambda r: r.availability(self.schema, plan).observations)

    def append(self) -> Taken:
        """One period more for every series."""
        frames = shapes.observations(self.name, self.count)
        last = pl.concat([f.unique(list(self.sizes), keep="first", maintain_order=True) for f in frames])
        more = last.unique(list(self.sizes)).with_columns(TIME_PERIOD=pl.lit("2031-01"))
        return once("append a period", lambda: self._commit(Delta(action=Action.MERGE, observations=more)))

    def looks(self, as_of: int | None = None) -> Iterator[Taken]:
        """Look-ups and filters at the store's interface."""
        tail = "" if as_of is None else ", one commit back"
        dimensions = list(self.sizes)
        plans = {
            "one series": (LOOKUPS, lambda: ReadPlan(keys=(self._key(*dimensions),), as_of=as_of)),
            "filter on the area": (20, lambda: ReadPlan(keys=(self._key("REF_AREA"),), as_of=as_of)),
            "filter on the last dimension": (5, lambda: ReadPlan(keys=(self._key(dimensions[-1]),), as_of=as_of)),
        }
        for what, (times, plan) in plans.items():
            made = [plan() for _ in range(times + 3)]
            yield repeatedly(what + tail, [partial(self._count, p) for p in made])
        yield once("scan" + tail, lambda: (self._count(ReadPlan(as_of=as_of)), 0))

    def availability(self) -> Iterator[Taken]:
        """Availability, of everything and filtered."""
        yield repeatedly("availability", [partial(self._available, ReadPlan()) for _ in range(23)])
        keys = [ReadPlan(keys=(self._key("REF_AREA"),)) for _ in range(23)]
        yield repeatedly("availability of an area", [partial(self._available, plan) for plan in keys])
        yield repeatedly("last value of every series", [partial(self._count, ReadPlan(last_n=1)) for _ in range(6)])

    def export(self, name: str, coding: str = "identity") -> Taken:
        """Everything in a format, as the server would send it."""
        writer = format_named(name, "data").write_data
        assert writer is not None
        first: list[float] = []

        def work() -> tuple[int, int]:
            began, size = time.perf_counter(), 0
            opened = self.server.data.open(self._query())
            message = opened.message()
            assert message is not None
            for chunk in encode(writer(message, WriteOptions()), coding):
                size += len(chunk)
                first.append(time.perf_counter() - began)
                del first[1:]
            opened.close()
            return self.count, size

        taken = once(f"export {name}" + ("" if coding == "identity" else f", {coding}"), work)
        taken.first_byte_ms = first[0] * 1e3
        return taken

    def changes(self) -> Iterator[Taken]:
        """Revise, delete, append, each in a commit of its own."""
        frame = next(iter(shapes.observations(self.name, self.count)))
        revised = frame.head(REVISED).with_columns(OBS_VALUE=pl.col("OBS_VALUE").fill_null(0) + 1)
        yield once(f"revise {REVISED:,}", lambda: self._commit(Delta(action=Action.MERGE, observations=revised)))
        gone = frame.tail(DELETED).select(*self.sizes, "TIME_PERIOD")
        yield once(f"delete {DELETED:,}", lambda: self._commit(Delta(action=Action.DELETE, observations=gone)))
        yield once("what changed since the load", lambda: (self._count(ReadPlan(since=1)), 0))

    def _commit(self, delta: Delta) -> tuple[int, int]:
        with self.store.staging(self.schema, 1) as staging:
            staging.add(delta)
            report = staging.commit("benchmark", "change")
        return report.inserted + report.updated + report.deleted, 0

    def structure(self) -> Taken:
        """The data structure with everything around it."""
        query = parse_structure_query(f"/datastructure/BENCH/DSD_{self.name}/1.0.0", "references=all")
        writer = format_named("xml-3.1", "structure").write_structures
        assert writer is not None

        def work() -> int:
            found = self.server.structures.open(query).message()
            assert found is not None
            return sum(len(c) for c in writer(found.message, WriteOptions())) and 0

        return repeatedly("structure with references=all", [work] * 13)


def ask(url: str, folder: str, name: str, count: str, *formats: str) -> None:
    """All steps over a loaded shape."""
    asker = Asker(url, folder, name, int(count))
    for taken in asker.looks():
        tell(taken)
    for taken in asker.availability():
        tell(taken)
    tell(asker.structure())
    for one in formats:
        for coding in ("identity", "gzip", "zstd") if one in CODED else ("identity",):
            tell(asker.export(one, coding))
    for taken in asker.changes():
        tell(taken)
    tell(asker.append())
    for taken in asker.looks(as_of=3):  # the load, the revision and the deletion, not the last commit
        tell(taken)


if __name__ == "__main__":
    {"load": load, "ask": ask}[sys.argv[1]](*sys.argv[2:])
