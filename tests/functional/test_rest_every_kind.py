"""Structure queries of both versions over HTTP, with an artefact of every kind: paths, versions, details, formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import requests
from lxml import etree
from support.asking import STRUCTURE_TYPES, ask, judge_structures, refusal
from support.every_kind import every_kind, every_kind_of_2_1, named
from support.live import environment, serving
from support.world import codelist

from sdmx_server.model.kinds import OLDER, STORED
from sdmx_server.query.paths import STRUCTURE_TYPES as TYPES
from sdmx_server.query.v1_paths import RESOURCES
from sdmx_server.store.database import create_engine
from sdmx_server.store.structures import SqlStructureStore
from sdmx_server.store.upgrade import upgrade

EVERY = {one.kind for one in every_kind()}
VERSIONS = (
    *("1", "2", "1.0", "1.1", "2.1", "0.1.0", "1.0.0", "1.0.1", "1.2.0", "1.2.3", "1.2.5-draft", "1.3.0"),
    *("2.0.0", "2.3.1", "2.3.4", "2.4.0", "3.0.0-alpha"),
)
JSON_2_1 = STRUCTURE_TYPES[0]
JSON_1_0 = "application/vnd.sdmx.structure+json;version=1.0.0"
XML_2_1 = "application/vnd.sdmx.structure+xml;version=2.1"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with an artefact of every kind, and a codelist in many versions."""
    env = environment(tmp_path_factory.mktemp("kinds"))
    engine = create_engine(f"sqlite:///{env['SDMX_DATA_DIR']}/sdmx.db")
    upgrade(engine)
    versions = [codelist("CL_MANY", "A", version=version) for version in VERSIONS]
    other = msgspec.structs.replace(codelist("CL_MANY", "B"), agency="ECB")
    held = [one for one in every_kind() if not one.id.endswith("_ValueList")]  # SDMX-JSON 2.0 has no such URN
    only_old = ("HierarchicalCodelist", "StructureSet", "AttachmentConstraint")
    old = [one for one in every_kind_of_2_1() if one.kind in only_old]
    SqlStructureStore(engine).put([*held, *old, *versions, other], "test")
    engine.dispose()
    with serving(env, workers=1) as base:
        yield base


def found(base: str, path: str, accept: str = JSON_2_1) -> set[str]:
    """The artefacts of an answer of 2.2.2 as ``Class=AGENCY:ID(VERSION)``."""
    answer = ask(base, f"/structure{path}", accept)
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    held = (one for section in answer.json()["data"].values() for one in section)
    return {one["links"][0]["urn"].rpartition("infomodel.")[2].partition(".")[2] for one in held}


def found_v1(base: str, path: str, accept: str = XML_2_1) -> set[str]:
    answer = ask(base, path, accept, api="v1")
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    [structures] = etree.fromstring(answer.content).iterfind("{*}Structures")
    urns = (one.get("urn", "") for section in structures for one in section)
    return {urn.rpartition("infomodel.")[2].partition(".")[2] for urn in urns}


def many(*versions: str) -> set[str]:
    return {f"Codelist=SCI:CL_MANY({version})" for version in versions}


# ---- types ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(one, marks=pytest.mark.proves(f"v2 structure: artefactType={one}"))
        for one in TYPES
        if TYPES[one] in EVERY
    ],
)
def test_an_artefact_of_every_type(kinds: str, resource: str) -> None:
    own = named(TYPES[resource])
    path = f"/{resource}/{own.agency}/{own.id}/{own.version}"
    assert found(kinds, path) == {own.urn.rpartition("infomodel.")[2].partition(".")[2]}
    answers = {accept: ask(kinds, f"/structure{path}", accept) for accept in STRUCTURE_TYPES}
    for accept, answer in answers.items():
        assert (answer.status_code, answer.headers["Content-Type"].partition(";charset")[0]) == (200, accept)
        judge_structures(answer)
    every = found(kinds, f"/{resource}")
    assert all(one.partition("=")[0] == own.urn.partition("=")[0].rpartition(".")[2] for one in every)


@pytest.mark.proves(
    "v2 structure: artefactType=*",
    "v2 structure: agencyID={id}",
    "v2 structure: agencyID=A,B",
    "v2 structure: agencyID=*",
    "v2 structure: resourceID={id}",
    "v2 structure: resourceID=A,B",
    "v2 structure: resourceID=*",
    "v2 structure: parts omitted at the end",
)
def test_several_of_each_part_and_parts_left_out(kinds: str) -> None:
    own, other = "Codelist=SCI:CL_MANY(3.0.0-alpha)", "Codelist=ECB:CL_MANY(1.0.0)"
    base = {"Codelist=SCI:CL_BASE(1.0.0)"}
    assert found(kinds, "/codelist/SCI/CL_MANY") == {own}
    assert found(kinds, "/codelist/SCI,ECB/CL_MANY") == found(kinds, "/codelist/*/CL_MANY/~") == {own, other}
    assert found(kinds, "/codelist/SCI/CL_MANY,CL_BASE,NONE") == {own} | base
    assert found(kinds, "/codelist/ECB") == found(kinds, "/codelist/ECB/*") == found(kinds, "/*/ECB/*/~/") == {other}
    assert found(kinds, "/codelist") == found(kinds, "/codelist/*/*/~") >= {own, other} | base
    everything = found(kinds, "")
    assert everything == found(kinds, "/*") == found(kinds, "/*/*/*/~") == found(kinds, "/all")
    assert {one.partition("=")[0] for one in everything} >= {"Codelist", "Dataflow", "Process", "AgencyScheme"}
    assert ask(kinds, "/structure/codelist/NOBODY").status_code == 204
    assert "no artefact" in refusal(ask(kinds, "/structure/codelist/NOBODY/CL"), 404)


@pytest.mark.parametrize(
    "accept", [pytest.param(a, marks=pytest.mark.proves(f"v2 structure: Accept={a}")) for a in STRUCTURE_TYPES]
)
def test_everything_in_every_format(kinds: str, accept: str) -> None:
    for detail in ("full", "allcompletestubs"):
        answer = ask(kinds, f"/structure/*/*/*/*?detail={detail}", accept)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)


# ---- versions ------------------------------------------------------------------------------------------------------

FORMS = {
    "X": ("1", "1"),
    "X.Y": ("2.1", "2.1"),
    "X.Y.Z": ("1.2.0", "1.2.0"),
    "X.Y.Z-EXT": ("1.2.5-draft", "1.2.5-draft"),
    "+": ("+", "2.4.0"),
    "+.0.0": ("+.0.0", "2.4.0"),
    "X.+.0": ("1.+.0", "1.3.0"),
    "X.Y.+": ("1.2.+", "1.2.3"),
    "X+.Y.Z": ("1+.2.3", "2.4.0"),
    "X.Y+.Z": ("1.2+.1", "1.3.0"),
    "X.Y.Z+": ("2.3.2+", "2.3.4"),
    "~": ("~", "3.0.0-alpha"),
    "~.0": ("~.0", "2.1"),
    "~.0.0": ("~.0.0", "3.0.0-alpha"),
    "X.~": ("1.~", "1.1"),
    "X.~.0": ("1.~.0", "1.3.0"),
    "X.Y.~": ("1.2.~", "1.2.5-draft"),
    "X~.Y": ("1~.1", "2.1"),
    "X~.Y.Z": ("2~.4.1", "3.0.0-alpha"),
    "X.Y~": ("1.0~", "1.1"),
    "X.Y~.Z": ("2.3~.5", "2.4.0"),
    "X.Y.Z~": ("1.2.4~", "1.2.5-draft"),
    "*": ("*", " ".join(VERSIONS)),
    "*.0": ("*.0", "1.0 1.1 2.1"),
    "*.0.0": ("*.0.0", " ".join(VERSIONS[5:])),
    "X.*": ("1.*", "1.0 1.1"),
    "X.*.0": ("2.*.0", "2.0.0 2.3.1 2.3.4 2.4.0"),
    "X.Y.*": ("2.3.*", "2.3.1 2.3.4"),
    "X*.Y": ("1*.1", "1.1 2.1"),
    "X*.Y.Z": ("2*.3.2", "2.3.4 2.4.0 3.0.0-alpha"),
    "X.Y*": ("1.1*", "1.1"),
    "X.Y*.Z": ("1.2*.1", "1.2.3 1.2.5-draft 1.3.0"),
    "X.Y.Z*": ("1.2.1*", "1.2.3 1.2.5-draft"),
    "A,B": ("1~.2.0,1.2.0+", "3.0.0-alpha 1.2.3"),
}
REFUSED = {
    "refused: a number after a wildcarded part": ("+.2.3", "1.+.3", "~.2", "~.2.3", "1.~.3", "*.2", "*.2.3", "1.*.3"),
    "refused: + with two parts": ("+.0", "2.3+"),
    "refused: two wildcards": ("~.0.*", "3.2*.1+", "3.2+.1+"),
}


@pytest.mark.parametrize(
    ("expression", "versions"),
    [pytest.param(*pair, marks=pytest.mark.proves(f"v2 structure: version={form}")) for form, pair in FORMS.items()],
)
def test_every_form_of_a_version(kinds: str, expression: str, versions: str) -> None:
    assert found(kinds, f"/codelist/SCI/CL_MANY/{expression}?detail=allstubs") == many(*versions.split())


@pytest.mark.parametrize(
    "expressions",
    [pytest.param(them, marks=pytest.mark.proves(f"v2 structure: version={form}")) for form, them in REFUSED.items()],
)
def test_every_form_that_the_page_forbids(kinds: str, expressions: tuple[str, ...]) -> None:
    for expression in expressions:
        assert expression in refusal(ask(kinds, f"/structure/codelist/SCI/CL_MANY/{expression}"), 400)


# ---- detail --------------------------------------------------------------------------------------------------------


def shown(base: str, api: str, path: str, detail: str) -> dict[str, tuple[bool, bool]]:
    """Of each codelist and concept scheme of an answer whether it has items, and a description or annotation."""
    answer = ask(base, f"{path}&detail={detail}", JSON_2_1 if api == "v2" else JSON_1_0, api=api)
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    data = answer.json()["data"]
    lists = [one for name in ("codelists", "conceptSchemes") for one in data.get(name, ())]
    return {
        one["id"]: (bool(one.get("codes") or one.get("concepts")), "description" in one or "annotations" in one)
        for one in lists
    }


DETAILS = {
    "full": (True, True),
    "referencepartial": (True, True),
    "referencestubs": (True, False),
    "referencecompletestubs": (True, False),
    "allstubs": (False, False),
    "allcompletestubs": (False, False),
}


@pytest.mark.parametrize(
    ("api", "detail"),
    [
        pytest.param(api, detail, marks=pytest.mark.proves(f"{api} structure: detail={detail}"))
        for api in ("v1", "v2")
        for detail in DETAILS
    ],
)
def test_how_much_is_shown(kinds: str, api: str, detail: str) -> None:
    path = "/structure/conceptscheme" if api == "v2" else "/conceptscheme"
    held = shown(kinds, api, f"{path}/SCI/ConceptScheme/1.0.0?references=children", detail)
    asked, referred = DETAILS[detail]
    assert (held["ConceptScheme"][0], held["Codelist"][0]) == (asked, referred)


@pytest.mark.proves("v2 structure: detail=raw", "v2 structure: detail=full")
def test_extensions_as_they_are_stored(kinds: str) -> None:
    path = "/structure/codelist/SCI/Codelist/1.0.0?references=descendants&detail="
    raw, full = (ask(kinds, path + detail, JSON_2_1).json()["data"]["codelists"] for detail in ("raw", "full"))
    assert {one["id"]: [code["id"] for code in one["codes"]] for one in raw} == {"CL_BASE": ["X"], "Codelist": [*"ABC"]}
    assert {one["id"]: [code["id"] for code in one["codes"]] for one in full} == {"Codelist": [*"XABC"]}
    assert [bool(one.get("codelistExtensions")) for one in (*raw, *full)] == [False, True, False]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/structure/codelist?detail=stub", "allcompletestubs"),
        ("/structure/codelist?references=codelists", "parentsandsiblings"),
        ("/structure/codelist?references=children,", "parentsandsiblings"),
        ("/structure/coodelist", "codelist"),
        ("/structure/hierarchicalcodelist", "hierarchy"),
        ("/structure/codelist/SCI/CL%20MANY", "CL MANY"),
        ("/structure/codelist//CL_MANY", "empty part"),
        ("/structure/dataflow/SCI/Dataflow/1.0.0/ITEM", "no items"),
        ("/structure/codelist/SCI/CL_MANY/latest", "latest"),
        ("/structure/codelist?detail=full&detail=raw", "twice"),
    ],
)
def test_what_is_wrong_is_named(kinds: str, path: str, word: str) -> None:
    assert word in refusal(ask(kinds, path), 400)


# ---- REST 1.5.0 ----------------------------------------------------------------------------------------------------


def older(kind: str) -> str:
    constraints = dict.fromkeys(("DataConstraint", "MetadataConstraint"), "ContentConstraint")
    return constraints.get(OLDER.get(kind, kind), OLDER.get(kind, kind))


@pytest.mark.parametrize(
    "resource", [pytest.param(one, marks=pytest.mark.proves(f"v1 structure: resource={one}")) for one in RESOURCES]
)
def test_every_resource_of_1_5(kinds: str, resource: str) -> None:
    answer = ask(kinds, f"/{resource}/all/all/all?detail=allstubs", XML_2_1, api="v1")
    if resource == "actualconstraint":  # there is none
        refusal(answer, 404)
        return
    classes = {one.partition("=")[0] for one in found_v1(kinds, f"/{resource}/all/all/all?detail=allstubs")}
    assert classes == {older(kind) for kind in RESOURCES[resource] if kind in STORED}


@pytest.mark.proves(
    "v1 structure: agencyID={id}",
    "v1 structure: agencyID=A+B",
    "v1 structure: agencyID=all",
    "v1 structure: resourceID={id}",
    "v1 structure: resourceID=A+B",
    "v1 structure: resourceID=all",
    "v1 structure: version={version}",
    "v1 structure: version=A+B",
    "v1 structure: version=all",
    "v1 structure: version=latest",
    "v1 structure: parts omitted at the end",
)
def test_several_of_each_part_in_1_5(kinds: str) -> None:
    own, other = "Codelist=SCI:CL_MANY(2.4.0)", "Codelist=ECB:CL_MANY(1.0.0)"
    base = {"Codelist=SCI:CL_BASE(1.0.0)"}
    assert found_v1(kinds, "/codelist/SCI/CL_MANY/2.4.0") == {own}
    assert found_v1(kinds, "/codelist/SCI/CL_MANY/2.4.0+1.0") == {own, *many("1.0")}
    assert found_v1(kinds, "/codelist/SCI+ECB/CL_MANY+CL_BASE/1.0.0") == {other, *many("1.0.0")} | base
    assert found_v1(kinds, "/codelist/ECB") == found_v1(kinds, "/codelist/ECB/all/latest/all/") == {other}
    assert found_v1(kinds, "/codelist/all/CL_MANY/latest") == found_v1(kinds, "/codelist/all/CL_MANY")
    assert found_v1(kinds, "/codelist/SCI/CL_MANY/all") >= many("1", "1.0", "1.0.0", "2.4.0")
    assert found_v1(kinds, "/codelist") == found_v1(kinds, "/codelist/all/all/latest") >= base | {other}


@pytest.mark.parametrize(
    "accept", [pytest.param(a, marks=pytest.mark.proves(f"v1 structure: Accept={a}")) for a in (XML_2_1, JSON_1_0)]
)
def test_everything_in_every_format_of_2_1(kinds: str, accept: str) -> None:
    for detail in ("full", "allcompletestubs"):
        answer: requests.Response = ask(kinds, f"/structure/all/all/all?detail={detail}", accept, api="v1")
        assert answer.status_code == 200, answer.text
        judge_structures(answer)


V1_WORDS: dict[str, Any] = {
    "none": set(),
    "parents": {
        "Categorisation",
        "Process",
        "ContentConstraint",
        "StructureSet",
        "ProvisionAgreement",
        "ReportingTaxonomy",
        "VtlMappingScheme",
    },
    "children": {"DataStructure"},
    "descendants": {"DataStructure", "Codelist", "ConceptScheme"},
}


@pytest.mark.parametrize(
    ("word", "classes"),
    [pytest.param(w, c, marks=pytest.mark.proves(f"v1 structure: references={w}")) for w, c in V1_WORDS.items()],
)
def test_references_in_1_5(kinds: str, word: str, classes: set[str]) -> None:
    answer = found_v1(kinds, f"/dataflow/SCI/Dataflow/1.0.0?references={word}&detail=allstubs")
    assert {one.partition("=")[0] for one in answer} == {"Dataflow"} | classes
