"""asOf for structures and schemas over HTTP: a draft is revised, and clients look back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from support.asking import STRUCTURE_TYPES, ask, judge_structures, refusal
from support.clock import moment_between
from support.live import environment, run, serving
from support.world import FLOW, LISTS, STRUCTURE, TOPICS, WORLD, codelist, concept

from sdmx_server.formats.sdmx_json.structure import write_pretty
from sdmx_server.model.common import Maintainable

XML_2_1 = "application/vnd.sdmx.structure+xml;version=2.1"
DRAFT = codelist("CL_DRAFT", "A", "B<A", version="1.0.0-draft")
REVISED = codelist("CL_DRAFT", "A", "C<A", version="1.0.0-draft", names={"fa": "پیش‌نویس"})
NAMED = msgspec.structs.replace(
    STRUCTURE,
    attributes=tuple(
        msgspec.structs.replace(one, concept=one.concept or concept("NOTE")) for one in STRUCTURE.attributes
    ),
)
"""The structure with a concept for every attribute, as the schemas require."""

LATER = msgspec.structs.replace(FLOW, version="1.1.0", names={"en": "Prices, revised"})


class Revised(msgspec.Struct, frozen=True):
    """A server, and moments before there was anything, after the first and after the second import."""

    base: str
    moments: tuple[str, str, str]
    env: dict[str, str]


def _written(folder: Path, *artefacts: Maintainable) -> Path:
    folder.mkdir()
    for number, artefact in enumerate(artefacts):
        (folder / f"{number}.json").write_bytes(write_pretty(artefact))
    return folder


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revised]:
    """A server of the small world, with a draft that was revised and a flow that has a new version."""
    folder = tmp_path_factory.mktemp("structures")
    (folder / "none").mkdir()
    first = _written(folder / "first", *(NAMED if one is STRUCTURE else one for one in WORLD), DRAFT)
    env = environment(folder / "db", SDMX_STRUCTURES_DIR=str(first), SDMX_DATAFLOWS_DIR=str(folder / "none"))
    moments = [moment_between()]
    run("bootstrap", env=env)
    moments.append(moment_between())
    run("structures", "import", str(_written(folder / "second", REVISED, LATER)), env=env)
    moments.append(moment_between())
    with serving(env, workers=1) as base:
        yield Revised(base, (moments[0], moments[1], moments[2]), env)


def found(revised: Revised, path: str) -> dict[str, list[dict[str, Any]]]:
    answer = ask(revised.base, f"/structure{path}", STRUCTURE_TYPES[0])
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    data: dict[str, list[dict[str, Any]]] = answer.json()["data"]
    return data


def codes(revised: Revised, query: str) -> set[str]:
    [held] = found(revised, f"/codelist/SCI/CL_DRAFT/~{query}")["codelists"]
    return {code["id"] for code in held["codes"]}


@pytest.mark.proves("v2 structure: asOf")
def test_an_artefact_as_it_was(revised: Revised) -> None:
    before, between, after = revised.moments
    assert codes(revised, "") == codes(revised, f"?asOf={after}") == {"A", "C"}
    assert codes(revised, f"?asOf={between}") == {"A", "B"}
    assert codes(revised, f"/B?asOf={between}") == {"A", "B"}
    refusal(ask(revised.base, f"/structure/codelist/SCI/CL_DRAFT/~/B?asOf={after}"), 404)
    assert ask(revised.base, f"/structure/codelist?asOf={before}").status_code == 204
    assert "no artefact" in refusal(ask(revised.base, f"/structure/codelist/SCI/CL_DRAFT?asOf={before}"), 404)
    assert codes(revised, "?asOf=2999-01-01T00:00:00%2B03:30") == {"A", "C"}


@pytest.mark.proves("v2 structure: asOf")
def test_what_is_around_it_is_of_the_same_moment(revised: Revised) -> None:
    _, between, after = revised.moments
    ask_for = f"/datastructure/SCI/{STRUCTURE.id}?references=parents&asOf="
    assert [flow["version"] for flow in found(revised, ask_for + between)["dataflows"]] == ["1.0.0"]
    assert [flow["version"] for flow in found(revised, ask_for + after)["dataflows"]] == ["1.0.0", "1.1.0"]
    everything = found(revised, f"/*/SCI/*/*?asOf={between}&detail=allstubs")
    assert sum(len(held) for held in everything.values()) == len(WORLD)  # without SDMX's scheme, with the draft
    assert len(everything["codelists"]) == len(LISTS)  # of which one is a value list
    assert everything["categorySchemes"][0]["id"] == TOPICS.id


@pytest.mark.proves("v2 structure: asOf")
def test_the_past_does_not_change(revised: Revised) -> None:
    path = f"/structure/dataflow/SCI/CPI/~?asOf={revised.moments[1]}"
    first, second = (ask(revised.base, path) for _ in range(2))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.content == second.content
    assert ask(revised.base, path, If_None_Match=first.headers["ETag"]).status_code == 304
    assert first.headers["Last-Modified"] <= ask(revised.base, "/structure/dataflow").headers["Last-Modified"]
    older = ask(revised.base, path, XML_2_1)
    judge_structures(older)
    assert [flow.get("version") for flow in etree.fromstring(older.content).iter("{*}Dataflow")] == ["1.0.0"]


@pytest.mark.proves("v2 schema: asOf")
def test_schemas_of_a_moment(revised: Revised) -> None:
    before, between, after = revised.moments
    for moment, status in ((before, 404), (between, 404), (after, 200)):
        answer = ask(revised.base, f"/schema/dataflow/SCI/CPI/1.1.0?asOf={moment}")
        assert answer.status_code == status, answer.text
    assert ask(revised.base, f"/schema/dataflow/SCI/CPI/1.0.0?asOf={between}").status_code == 200


def test_moments_that_cannot_be_read(revised: Revised) -> None:
    for query in ("asOf=yesterday", "asOf=2024-01-01", "asOf=2024-13-01T00:00:00"):
        assert "2024-05-01T12:00:00Z" in refusal(ask(revised.base, f"/structure/codelist?{query}"), 400)
    assert "asOf" in refusal(ask(revised.base, "/codelist?asOf=2024-01-01T00:00:00Z", api="v1"), 400)


def test_a_past_that_is_no_longer_kept(revised: Revised, tmp_path: Path) -> None:
    """The last test of the module: it forgets what the others look at."""
    _, between, after = revised.moments
    time.sleep(1)  # the state at the beginning of a change's second stays
    run("structures", "import", str(_written(tmp_path / "third", codelist("CL_THIRD", "A"))), env=revised.env)
    now = moment_between()
    path = f"/structure/codelist/SCI/CL_DRAFT/~?asOf={between}"
    dry = run("history", "prune", "--before", now, "--dry-run", env=revised.env)
    assert "history of 1 changes would be pruned: 1 contents of artefacts" in dry.stdout
    assert ask(revised.base, path).status_code == 200
    assert "history of 1 changes pruned" in run("history", "prune", "--before", now, env=revised.env).stdout
    assert "the earliest moment that can be asked for" in refusal(ask(revised.base, path), 422)
    assert codes(revised, f"?asOf={after}") == {"A", "C"}
    run("verify", env=revised.env)
