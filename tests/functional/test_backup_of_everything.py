"""A backup holds all that a server keeps: structures, data, metadata, registrations, and the past of each of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import databases
from support.asking import DATA_TYPES, STRUCTURE_TYPES, ask
from support.clock import moment_between
from support.in_process import built, silent
from support.live import bootstrapped, environment, run, serving
from support.metadata import GENERIC, SPECIFIC, TYPES
from support.world import codelist

from sdmx_server.formats.sdmx_json.structure import write_pretty
from sdmx_server.services.registrations import RegistrationRequest

ROOT = Path(__file__).resolve().parents[2]
REGISTRY_TYPES = tuple(f"application/vnd.sdmx.registry+xml;version={version}" for version in ("3.1.0", "3.0.0"))
CSV = DATA_TYPES[4]
CPI_SET = "SCI:QUALITY_CPI(1.0.0)"
VITAL = "SCI:VITAL(1.0.0)"
REVISION = (
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,RESIDENCE,VITAL_EVENT,SEX,AGE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,"
    "UNIT_MULT,OBS_STATUS\n"
    f"dataflow,{VITAL},M,A,IR,_T,BIRTH,_T,_T,2024-03-20/P366D,979924,NUM,0,A\n"
)
SERVICE = RegistrationRequest(
    agreement="SCI:PA_CPI(1.0.0)",
    id="SERVICE",
    query_url="https://example.org/sdmx/v2",
    wadl_url="https://example.org/wadl",
    valid_from="2026-01-01T00:00:00Z",
    valid_to="2027-01-01T00:00:00+03:30",
    index_data_set=True,
)

Answer = tuple[int, str | None, str | None, bytes]
"""Status, ETag, Last-Modified and body."""


class Kept(msgspec.Struct, frozen=True):
    """A server's backup, a moment in the midst of its past, and what it answers and lists."""

    file: Path
    then: str
    answers: dict[tuple[str, str], Answer]
    lists: list[str]


def later_version(folder: Path, version: str, grade: str) -> Path:
    """The shipped report on consumer prices in another version with another name."""
    whole = json.loads((ROOT / "dataflows" / "CPI" / "metadata.json").read_text("utf-8"))
    [held] = whole["data"]["metadataSets"]
    held |= {"version": version, "name": grade, "names": {"en": grade, "fa": f"«{grade}»"}}
    file = folder / f"report-{version}.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


def draft(folder: Path, *codes: str) -> Path:
    file = folder / "draft.json"
    file.write_bytes(write_pretty(codelist("CL_DRAFT", *codes, version="1.0.0-draft", names={"fa": "پیش‌نویس"})))
    return file


def registration(name: str) -> RegistrationRequest:
    return RegistrationRequest(agreement="SCI:PA_VITAL(1.0.0)", id=name, file_url=f"https://example.org/{name}.xml")


def queries(then: str) -> Iterator[tuple[str, str, str]]:
    """(version of the API, path, media type) of questions about all that is kept, now and as it was."""
    past = f"asOf={then}"
    for accept in STRUCTURE_TYPES:
        yield "v2", "/structure/*/*/*/*", accept
    yield "v2", f"/structure/codelist/SCI/CL_DRAFT/*?{past}", STRUCTURE_TYPES[0]
    yield "v1", "/dataflow/SCI/CPI?references=all", "application/vnd.sdmx.structure+xml;version=2.1"
    for accept in TYPES:
        yield "v2", "/metadata/metadataset/*/*/*", accept
    yield "v2", f"/metadata/metadataset/*/*/*?{past}", TYPES[0]
    yield "v2", "/metadata/metadataflow/SCI", TYPES[0]
    for accept in (GENERIC, SPECIFIC):
        yield "v1", "/metadata/QUALITY_REPORT", accept
    for accept in REGISTRY_TYPES:
        yield "v2", "/registration/id/FILE", accept
        yield "v2", "/registration/provider/SCI", accept
        yield "v2", "/registration/dataflow/SCI/VITAL", accept
    for flow in ("CPI", "VITAL", "HOUSEHOLDS"):
        yield "v2", f"/data/dataflow/SCI/{flow}/1.0.0?attributes=all", CSV
        yield "v2", f"/availability/dataflow/SCI/{flow}/1.0.0", STRUCTURE_TYPES[0]
        yield "v2", f"/schema/dataflow/SCI/{flow}/1.0.0", "application/vnd.sdmx.schema+xml;version=3.1.0"
    for query in (past, f"updatedAfter={then}", "includeHistory=true"):
        yield "v2", f"/data/dataflow/SCI/VITAL/1.0.0?{query}", CSV


def answers(base: str, then: str) -> dict[tuple[str, str], Answer]:
    """What a server answers, asked by a name that every server has."""
    found = {}
    for api, path, accept in queries(then):
        answer = ask(base, path, accept, api=api, Host="data.example")
        assert answer.status_code == 200, (api, path, accept, answer.text[:300])
        headers = answer.headers
        found[f"{api}{path}", accept] = 200, headers.get("ETag"), headers.get("Last-Modified"), answer.content
    return found


def lists(env: dict[str, str]) -> list[str]:
    return [run(*command, env=env).stdout for command in (("registrations", "list"), ("metadata", "list"))]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """All products, a draft that was changed, reports that came and went, and registrations."""
    folder = tmp_path_factory.mktemp("everything")
    env = bootstrapped(folder / "first")
    server = built(folder / "first")
    server.import_structures([draft(folder, "A", "B<A")], silent)
    server.metadata_loads.load([later_version(folder, "1.1.0", "First")], silent)
    server.registration_desk.add(registration("GONE"))
    then = moment_between()
    server.import_structures([draft(folder, "A", "C<A")], silent)
    server.metadata_loads.load([later_version(folder, "2.0.0", "Second")], silent)
    server.metadata_loads.remove(CPI_SET)
    server.metadata_loads.load([ROOT / "dataflows" / "CPI" / "metadata.json"], silent)
    server.registration_desk.remove("GONE")
    server.registration_desk.add(registration("FILE"))
    server.registration_desk.add(SERVICE)
    changed = folder / "vital.csv"
    changed.write_text(REVISION, encoding="utf-8")
    server.load_data(changed, VITAL, False, silent)
    server.close()
    file = folder / "first.zip"
    run("backup", str(file), env=env)
    with serving(env, workers=1) as base:
        return Kept(file, then, answers(base, then), lists(env))


def check(env: dict[str, str], kept: Kept, file: Path) -> None:
    """Restored from the file, a server is sound, and answers and lists the same to the byte."""
    said = run("restore", str(file), "--verify", env=env).stdout
    assert "all sound" in said
    counted = re.search(r"([\d,]+) artefacts, (\d+) metadata sets, (\d+) registrations read", said)
    assert counted is not None, said
    assert (int(counted[1].replace(",", "")) > 50, counted[2], counted[3]) == (True, "5", "2")
    assert lists(env) == kept.lists
    with serving(env, workers=1) as base:
        found = answers(base, kept.then)
    assert [key for key in kept.answers if found[key] != kept.answers[key]] == []


def test_what_is_asked_tells_what_is_kept(kept: Kept) -> None:
    def sets(path: str) -> set[tuple[str, str]]:
        held: list[dict[str, Any]] = json.loads(kept.answers[path, TYPES[0]][3])["data"]["metadataSets"]
        return {(one["id"], one["version"]) for one in held}

    both = {("QUALITY_CPI", "1.0.0"), ("QUALITY_CENSUS_POP", "1.0.0"), ("QUALITY_CPI", "1.1.0")}
    assert sets("v2/metadata/metadataset/*/*/*") == {*both, ("QUALITY_CPI", "2.0.0")}
    assert sets(f"v2/metadata/metadataset/*/*/*?asOf={kept.then}") == both
    draft_then = kept.answers[f"v2/structure/codelist/SCI/CL_DRAFT/*?asOf={kept.then}", STRUCTURE_TYPES[0]][3]
    assert [code["id"] for code in json.loads(draft_then)["data"]["codelists"][0]["codes"]] == ["A", "B"]
    assert b"https://example.org/wadl" in kept.answers["v2/registration/provider/SCI", REGISTRY_TYPES[0]][3]
    assert b"979924" not in kept.answers[f"v2/data/dataflow/SCI/VITAL/1.0.0?asOf={kept.then}", CSV][3]
    assert b"979924" in kept.answers[f"v2/data/dataflow/SCI/VITAL/1.0.0?updatedAfter={kept.then}", CSV][3]


@pytest.fixture(scope="module")
def moved(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The URL of a database of PostgreSQL to which everything was moved, and a backup of it."""
    folder = tmp_path_factory.mktemp("moved")
    with databases.fresh_url("postgresql", folder) as url:
        env = environment(folder, url)
        check(env, kept, kept.file)
        run("backup", str(folder / "second.zip"), env=env)
        yield url, folder / "second.zip"


def test_everything_moves_to_postgresql_and_goes_on(moved: tuple[str, Path], tmp_path: Path) -> None:
    goes_on(tmp_path, moved[0])


def test_everything_moves_back_to_sqlite_and_goes_on(kept: Kept, moved: tuple[str, Path], tmp_path: Path) -> None:
    check(environment(tmp_path), kept, moved[1])
    goes_on(tmp_path)


def goes_on(folder: Path, url: str = "") -> None:
    """A restored server takes whatever is written next, and stays sound."""
    server = built(folder, url)
    server.import_structures([draft(folder, "A", "D<A")], silent)
    server.metadata_loads.load([later_version(folder, "3.0.0", "Third")], silent)
    server.metadata_loads.remove(CPI_SET)
    server.registration_desk.add(registration("NEXT"))
    server.registration_desk.remove("FILE")
    server.load_data(ROOT / "dataflows" / "VITAL", None, False, silent)
    found = server.verify(None, silent)
    assert (found.metadata_sets, found.registrations, found.findings) == (6, 2, [])
    server.close()
