"""What a server remembers is never of a revision that is gone, whoever changed it, and takes no more than its room."""

from __future__ import annotations

import csv
import io
import json
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.asking import DATA_TYPES
from support.in_process import silent
from support.live import run
from support.shipped import ROOT
from werkzeug.test import Client

from sdmx_server.config import Settings
from sdmx_server.web.app import create_app
from sdmx_server.wiring import Server, build, prepare_database

FLOW = "SCI:HOUSEHOLDS(1.0.0)"
V2, V1 = "/sdmx/v2/data/dataflow/SCI/HOUSEHOLDS/1.0.0", "/sdmx/v1/data/SCI,HOUSEHOLDS,1.0.0"
V1_TYPES = ("application/vnd.sdmx.data+json;version=1.0.0", "application/vnd.sdmx.genericdata+xml;version=2.1")
ASKED = [*((V2, accept) for accept in DATA_TYPES), *((V1, accept) for accept in V1_TYPES)]


class World:
    """A server, a client of it that keeps what it was told, and the folder of its database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(data_dir=folder, cache_bytes=16_000_000)
        prepare_database(self.settings)
        self.server: Server = build(self.settings)
        self.server.import_structures([ROOT / "structures"], silent)
        self.server.load_data(ROOT / "dataflows" / "HOUSEHOLDS", None, False, silent)
        self.client: Client = create_app(self.settings, self.server).test_client()

    def ask(self, path: str, accept: str, **headers: str) -> tuple[int, str, str]:
        """Status, ETag and text of an answer."""
        answer = self.client.get(path, headers={"Accept": accept, **headers})
        return answer.status_code, answer.headers.get("ETag", ""), answer.get_data(as_text=True)

    def elsewhere(self, *arguments: str) -> None:
        """Let another process work on the same database."""
        run(*arguments, env={"SDMX_DATA_DIR": str(self.folder), "COLUMNS": "400"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.server.close()


def changed_csv(world: World, step: int) -> Path:
    """The stored observations, each greater by ``step``."""
    text = world.ask(V2, "application/vnd.sdmx.data+csv;version=2.0.0")[2]
    found = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "OBS_VALUE": int(row["OBS_VALUE"]) + step} for row in found)
    file = world.folder / f"more-by-{step}.csv"
    file.write_text(out.getvalue(), encoding="utf-8", newline="")
    return file


def load_here(world: World, file: Path) -> None:
    world.server.load_data(file, FLOW, False, silent)


def load_elsewhere(world: World, file: Path) -> None:
    world.elsewhere("data", "load", str(file), "--dataflow", FLOW)


@pytest.mark.parametrize("load", [load_here, load_elsewhere])
def test_after_a_load_no_answer_is_an_old_one(world: World, load: Callable[[World, Path], None]) -> None:
    before = {asked: [world.ask(*asked) for _ in range(3)][-1] for asked in ASKED}
    assert {status for status, _, _ in before.values()} == {200}
    load(world, changed_csv(world, 1_000_003))
    for asked, (_, etag, text) in before.items():
        status, new, now = world.ask(*asked, **{"If-None-Match": etag})
        assert (status, new == etag, now == text) == (200, False, False), asked
        assert world.ask(*asked) == (200, new, now)
        assert world.ask(*asked, **{"If-None-Match": new})[0] == 304


def test_what_other_answers_left_behind_changes_no_answer(world: World) -> None:
    """Asked in any order, and by a server that has answered nothing yet."""
    keys = sorted({row["AREA"] for row in rows(world)}) if "AREA" in rows(world)[0] else ["*"]
    paths = [V2, f"{V2}?lastNObservations=1", f"{V2}?attributes=none", *(f"{V2}/*.{key}" for key in keys[:3])]
    asked = [(path, accept) for path in paths for accept in DATA_TYPES]
    first = [world.ask(*one) for one in asked]
    again = [world.ask(*one) for one in reversed(asked)][::-1]
    fresh = World.__new__(World)
    fresh.client = create_app(world.settings, build(world.settings)).test_client()
    assert first == again == [fresh.ask(*one) for one in asked]


def rows(world: World) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(world.ask(V2, "text/csv")[2])))


def test_after_an_import_no_answer_is_an_old_one(world: World) -> None:
    flow = json.loads((ROOT / "structures/dataflows/SCI/HOUSEHOLDS/1.0.0.json").read_text(encoding="utf-8"))
    held = flow["data"]["dataflows"][0]
    held["version"], held["names"] = "1.1.0-draft", {"en": "Households, first"}
    structures = "/sdmx/v2/structure/dataflow/SCI/HOUSEHOLDS/*"
    kinds = ("application/vnd.sdmx.structure+json;version=2.0.0", "application/vnd.sdmx.structure+xml;version=3.1.0")
    file = world.folder / "flow.json"
    old = [world.ask(structures, kind) for kind in kinds]
    for name, put in (
        ("Households, first", lambda: world.server.import_structures([file], silent)),
        ("Households, second", lambda: world.elsewhere("structures", "import", str(file))),
    ):
        held["names"] = {"en": name}
        file.write_text(json.dumps(flow), encoding="utf-8")
        put()
        now = [world.ask(structures, kind) for kind in kinds]
        assert all(name in text and etag != other[1] for (_, etag, text), other in zip(now, old, strict=True))
        assert now == [world.ask(structures, kind) for kind in kinds]
        old = now


def test_many_addresses_and_headers_take_no_more_than_their_room(world: World) -> None:
    """Memory stays where it is, however many different things are asked, long ones too."""

    def attack(first: int, times: int) -> None:
        for number in range(first, first + times):
            long = f"{number:0{1 + number % 2 * 3_000}d}"
            for path in (f"{V2}/{long}", f"{V2}?c[TIME_PERIOD]=ge:{number % 3000:04d}&_={long}", f"{V2}?_={long}"):
                world.ask(path, "text/csv", **{"If-None-Match": f'"{long}"', "Accept-Language": f"fa, x-{number}"})
            world.ask(f"/sdmx/v2/structure/codelist/SCI/{long}", f"application/{long}, */*")

    attack(0, 1_000)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    attack(1_000, 2_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000, f"{grown} kB more in {time.monotonic() - began:.0f} s"
