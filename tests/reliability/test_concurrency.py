"""Many at once: two processes of four writers with a dataflow each and four on one that all share, and eight readers.

Nothing may be lost, nobody may wait for ever, no question may fail, and every answer is one whole revision with the
ETag of that revision. ``SDMX_ROUNDS`` says how many loads each writer makes (``make crash``: 30).
"""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
import requests
from support import databases, revisions
from support.busy_work import SHARED, load_series, own_flow
from support.crash_work import load
from support.in_process import built, silent
from support.live import environment, serving
from support.programs import command, surroundings

from sdmx_server.store.database import create_engine
from sdmx_server.store.verifying import Verifier
from sdmx_server.wiring import Server

ROUNDS = int(os.environ.get("SDMX_ROUNDS", "2"))
PROCESSES, WRITERS, READERS = 2, 4, 8
OWN = [own_flow(process, writer) for process in range(PROCESSES) for writer in range(WRITERS)]
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.1.0"}


def prepared(url: str, folder: Path) -> Server:
    """A server with the first revision of everything."""
    server = built(folder, url)
    revisions.structures(folder / "structures.json", [SHARED, *OWN])
    server.import_structures([folder / "structures.json"], silent)
    for flow in OWN:
        load(server, folder, flow, 1)
    load_series(server, folder, list(range(PROCESSES * WRITERS)), 1)
    return server


def revision(flow: str, text: bytes) -> int:
    """The revision of an answer, which must be whole."""
    if flow != SHARED:
        return revisions.revision_of(text)
    values = revisions.values_of(text)
    assert len(values) == PROCESSES * WRITERS
    return 1 + sum(value - 1 for value in values)  # the first one counted all to one, each further one one of them


class Reader(threading.Thread):
    """Asks for one dataflow after the other; ``bodies`` by dataflow and ETag are shared by all readers."""

    bodies: dict[tuple[str, str], bytes]

    def __init__(self, base: str, number: int, bodies: dict[tuple[str, str], bytes], stop: threading.Event) -> None:
        super().__init__()
        self._base, self._number, self.bodies, self._stop_reading = base, number, bodies, stop
        self.wrong: list[str] = []
        self.last: dict[str, tuple[int, str]] = {}  # by dataflow: revision and ETag
        self.answers = 0

    def run(self) -> None:
        flows = [SHARED, *OWN]
        try:
            with requests.Session() as session:
                while not self._stop_reading.is_set() or self.answers < len(flows):
                    self._number += 1
                    self._ask(session, flows[self._number % len(flows)])
        except Exception as error:
            self.wrong.append(repr(error))

    def _ask(self, session: requests.Session, flow: str) -> None:
        before, etag = self.last.get(flow, (0, ""))
        headers = CSV | ({"If-None-Match": etag} if etag else {})
        answer = session.get(f"{self._base}/sdmx/v2/data/dataflow/BENCH/{flow}/1.0.0", headers=headers, timeout=120)
        self.answers += 1
        if answer.status_code == 304:
            assert answer.headers["ETag"] == etag
            return
        assert answer.status_code == 200, answer.text[:300]
        number = revision(flow, answer.content)
        assert number > before, f"{flow}: an answer with another ETag than revision {before} has revision {number}"
        found = self.bodies.setdefault((flow, answer.headers["ETag"]), answer.content)
        assert found == answer.content, "one ETag, two answers"
        self.last[flow] = number, answer.headers["ETag"]


def written(url: str, folder: Path) -> list[subprocess.CompletedProcess[str]]:
    """Run all writers to their end."""
    running = [
        subprocess.Popen(
            command("support.busy_work", url, folder, process, WRITERS, ROUNDS),
            env=surroundings(),
            stderr=subprocess.PIPE,
            text=True,
        )
        for process in range(PROCESSES)
    ]
    ended = [(process, *process.communicate(timeout=60 + 60 * ROUNDS)) for process in running]
    return [subprocess.CompletedProcess(p.args, p.returncode, out, errors) for p, out, errors in ended]


@pytest.mark.parametrize("kind", databases.KINDS)
def test_many_writers_and_readers(kind: str, tmp_path: Path) -> None:
    with databases.fresh_url(kind, tmp_path) as url:
        server = prepared(url, tmp_path)
        stop = threading.Event()
        bodies: dict[tuple[str, str], bytes] = {}
        with serving(environment(tmp_path, url)) as base:
            readers = [Reader(base, number, bodies, stop) for number in range(READERS)]
            for reader in readers:
                reader.start()
            try:
                ended = written(url, tmp_path)
            finally:
                stop.set()
                for reader in readers:
                    reader.join()
        assert [process.returncode for process in ended] == [0] * PROCESSES, [process.stderr for process in ended]
        assert [reader.wrong for reader in readers] == [[]] * READERS
        assert len({etag for _, etag in bodies}) == len(bodies) > len(OWN) + 1
        assert len(set(bodies.values())) == len(bodies), "one revision, two ETags"
        assert [revisions.shown(server, flow) for flow in OWN] == [ROUNDS + 1] * len(OWN)
        counts = {status.dataflow.id: status.revision.data for status in server.cubes()}
        assert counts == {flow: ROUNDS + 1 for flow in OWN} | {SHARED: 1 + PROCESSES * WRITERS * ROUNDS}
        text = b"".join(server.export_data(f"BENCH:{SHARED}(1.0.0)", "csv"))
        assert revisions.values_of(text) == [ROUNDS + 1] * PROCESSES * WRITERS
        server.close()
        engine = create_engine(url)
        assert Verifier(engine, silent).run().findings == []
        engine.dispose()
        print(f"{kind}: {sum(reader.answers for reader in readers)} answers, {len(bodies)} revisions seen")
