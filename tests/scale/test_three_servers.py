"""Three servers over one database: none of them ever answers with a revision older than one that was acknowledged.

Loads and structure imports go on through the command line while clients ask all three, with the ETags that they know.
A proxy stands before such servers, so they are asked by one host name, and one revision has one ETag.
"""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from support import databases, revisions
from support.live import environment, run, serving

SERVERS, CLIENTS, LOADS = 3, 3, 2
FLOW = "SEEN"
HOST = {"Host": "data.example.org"}
DATA = f"/sdmx/v2/data/dataflow/BENCH/{FLOW}/1.0.0"
STRUCTURES = "/sdmx/v2/structure/codelist/BENCH/CL_SEEN/1.0"
ACCEPT = {DATA: "application/vnd.sdmx.data+csv;version=2.1.0", STRUCTURES: "application/json"}


def codelist(path: Path, n: int) -> None:
    """A codelist that may change, as its version is none of the semantic ones; its name is a number."""
    found = {"id": "CL_SEEN", "agencyID": "BENCH", "version": "1.0", "name": str(n), "names": {"en": str(n)}}
    meta = {"id": "LISTS", "prepared": "2026-01-01T00:00:00Z", "sender": {"id": "BENCH"}}
    content = {"codelists": [found | {"codes": [{"id": "A", "name": "A", "names": {"en": "A"}}]}]}
    path.write_text(json.dumps({"meta": meta, "data": content}), encoding="utf-8")


def number(path: str, answer: requests.Response) -> int:
    """The revision of an answer, which must be whole."""
    if path == DATA:
        return revisions.revision_of(answer.content)
    [found] = answer.json()["data"]["codelists"]
    return int(found["names"]["en"])


class Client(threading.Thread):
    """Asks one server after the other; ``acknowledged`` is by address, ``etags`` by address and revision."""

    def __init__(
        self,
        bases: list[str],
        stop: threading.Event,
        acknowledged: dict[str, int],
        etags: dict[tuple[str, int], set[str]],
    ) -> None:
        super().__init__()
        self._bases, self._stop_asking, self._acknowledged, self._etags = bases, stop, acknowledged, etags
        self._known: dict[str, tuple[str, int]] = {}
        self.wrong: list[str] = []
        self.answers = self.unchanged = 0

    def run(self) -> None:
        try:
            with requests.Session() as session:
                while not self._stop_asking.wait(0.1):  # the loads need some of the processor, too
                    for base in self._bases:
                        for path in ACCEPT:
                            self._ask(session, base, path)
        except Exception as error:
            self.wrong.append(repr(error))

    def _ask(self, session: requests.Session, base: str, path: str) -> None:
        etag, shown = self._known.get(path, ("", 0))
        at_least = max(self._acknowledged[path], shown)
        headers = HOST | {"Accept": ACCEPT[path]} | ({"If-None-Match": etag} if etag else {})
        answer = session.get(base + path, headers=headers, timeout=60)
        self.answers += 1
        if answer.status_code == 304:
            self.unchanged += 1
        else:
            assert answer.status_code == 200, answer.text[:300]
            shown = number(path, answer)
            self._etags.setdefault((path, shown), set()).add(answer.headers["ETag"])
            self._known[path] = answer.headers["ETag"], shown
        assert shown >= at_least, f"{base}{path}: {answer.status_code}, {shown} although {at_least} was there"


def changed(env: dict[str, str], folder: Path, path: str, n: int) -> None:
    """Make revision ``n`` as a user does."""
    if path == DATA:
        revisions.write(folder / "data.csv", FLOW, n)
        run("data", "load", str(folder / "data.csv"), env=env)
    else:
        codelist(folder / "codelist.json", n)
        run("structures", "import", str(folder / "codelist.json"), env=env)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_no_server_answers_with_an_older_revision(kind: str, tmp_path: Path) -> None:
    with databases.fresh_url(kind, tmp_path) as url, ExitStack() as stack:
        env = environment(tmp_path / "staff", url)
        run("init", env=env)
        revisions.structures(tmp_path / "structures.json", [FLOW])
        run("structures", "import", str(tmp_path / "structures.json"), env=env)
        for path in ACCEPT:
            changed(env, tmp_path, path, 1)
        hosts = [environment(tmp_path / f"host{i}", url) for i in range(SERVERS)]
        bases = [stack.enter_context(serving(host, workers=1)) for host in hosts]
        acknowledged, etags = dict.fromkeys(ACCEPT, 1), dict[tuple[str, int], set[str]]()
        stop = threading.Event()
        clients = [Client(bases[i:] + bases[:i], stop, acknowledged, etags) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for n in range(2, LOADS + 2):
                for path in ACCEPT:
                    changed(env, tmp_path, path, n)
                    acknowledged[path] = n
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert [client.wrong for client in clients] == [[]] * CLIENTS
        for path, accept in ACCEPT.items():
            found = {
                (number(path, answer), answer.headers["ETag"], answer.content)
                for answer in (requests.get(b + path, headers=HOST | {"Accept": accept}, timeout=60) for b in bases)
            }
            assert len(found) == 1, "three servers, one answer"
            assert next(iter(found))[0] == LOADS + 1
        # Data are printed with their structures' revision in mind: a change of those gives them a new ETag.
        assert all(len(tags) == 1 for (path, _), tags in etags.items() if path == STRUCTURES)
        assert len({tag for tags in etags.values() for tag in tags}) == sum(len(tags) for tags in etags.values())
        assert sum(client.unchanged for client in clients) > 0
        print(f"\n{kind}: {sum(c.answers for c in clients)} answers, {sum(c.unchanged for c in clients)} unchanged")
