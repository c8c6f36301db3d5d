"""Hierarchies and maps that are stored within wholes of SDMX 2.1, asked for and referred to in both REST APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from lxml import etree
from support.asking import ask, judge_structures
from support.live import environment, run, serving

FILES = Path(__file__).resolve().parents[1] / "data" / "sdmx_ml"
URN = "urn:sdmx:org.sdmx.infomodel"
ASSOCIATION = {
    "id": "HA_PLANNING",
    "agencyID": "SCI",
    "version": "1.0.0",
    "name": "Planning regions",
    "linkedHierarchy": f"{URN}.codelist.Hierarchy=SCI:HCL_AREA_PLANNING(1.1)",
    "linkedObject": f"{URN}.datastructure.Dataflow=SCI:CPI(1.0.0)",
}
FILED = {
    "id": "CAT_FLAT",
    "agencyID": "SCI",
    "version": "1.0.0",
    "name": "Without regions",
    "source": f"{URN}.codelist.Hierarchy=SCI:HCL_AREA(1.1).FLAT",
    "target": f"{URN}.categoryscheme.Category=SCI:SUBJECTS(1.0.0).ECONOMY",
}
MESSAGE = {
    "meta": {"id": "NEWER", "prepared": "2026-01-01T00:00:00Z", "test": False, "sender": {"id": "SCI"}},
    "data": {"hierarchyAssociations": [ASSOCIATION], "categorisations": [FILED]},
}
ALL_FORMS = (
    *(f"application/vnd.sdmx.structure+json;version={version}" for version in ("2.1.0", "2.0.0")),
    *(f"application/vnd.sdmx.structure+xml;version={version}" for version in ("3.1.0", "3.0.0", "2.1")),
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a hierarchical codelist and structure sets, and with what is of 3.x about their parts."""
    folder = tmp_path_factory.mktemp("mixed")
    newer = folder / "newer.json"
    newer.write_text(json.dumps(MESSAGE), encoding="utf-8")
    env = environment(folder / "data")
    names = ("hierarchies_2_1.xml", "structure_set_2_1.xml")
    run("structures", "import", *(str(FILES / name) for name in names), str(newer), env=env)
    with serving(env, workers=1) as base:
        yield base


def ids(answer: object, kind: str) -> set[str]:
    data = answer.json()["data"]  # type: ignore[attr-defined]
    return {one["id"] for one in data.get(kind, ())}


@pytest.mark.proves("v2 structure: references=children", "v2 structure: references=parents")
def test_associations_and_hierarchies_lead_to_each_other(mixed: str) -> None:
    below = ask(mixed, "/structure/hierarchyassociation/SCI/HA_PLANNING?references=children")
    assert ids(below, "hierarchies") == {"HCL_AREA_PLANNING"}
    above = ask(mixed, "/structure/hierarchy/SCI/HCL_AREA_PLANNING?references=parents")
    assert ids(above, "hierarchyAssociations") == {"HA_PLANNING"}
    assert ids(above, "categorisations") == set()
    filed = ask(mixed, "/structure/hierarchy/SCI/HCL_AREA_FLAT?references=all")
    assert ids(filed, "hierarchyAssociations") == set()
    [found] = filed.json()["data"]["categorisations"]
    assert found["source"] == f"{URN}.codelist.Hierarchy=SCI:HCL_AREA_FLAT(1.1)"


@pytest.mark.parametrize("form", ALL_FORMS)
@pytest.mark.parametrize(
    "path",
    [
        "hierarchyassociation?references=all",
        "hierarchy/SCI/HCL_AREA_FLAT?references=all",
        "structuremap/SCI/SS_CPI_SM_CPI?references=descendants&detail=referencepartial",
        "*/SCI/*/*?references=parentsandsiblings",
        "hierarchy,representationmap?detail=allstubs&references=parents",
    ],
)
def test_answers_are_valid_in_every_version(mixed: str, path: str, form: str) -> None:
    answer = ask(mixed, f"/structure/{path}", form)
    assert answer.status_code == 200, answer.text
    judge_structures(answer)


@pytest.mark.parametrize(
    "path", ["hierarchicalcodelist/SCI/HCL_AREA?references=parents", "categorisation?references=all"]
)
def test_in_2_1_they_are_parts_of_their_wholes(mixed: str, path: str) -> None:
    answer = ask(mixed, f"/{path}", api="v1")
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    assert 'id="CAT_FLAT"' in answer.text
    assert 'id="HCL_AREA"' in answer.text


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("hierarchicalcodelist/SCI/HCL_AREA/1.1", "hierarchy/SCI/*/1.1"),
        ("structureset/SCI/SS_CPI/1.1", "*/SCI/*/1.1"),
        ("structureset/SCI/AREA_CODES/1.0", "representationmap/SCI/AREA_CODES/1.0"),
    ],
)
def test_parts_asked_for_by_2_2_2_in_xml_of_2_1_are_what_was_stored(mixed: str, whole: str, parts: str) -> None:
    def wholes(answer: requests.Response) -> dict[str, bytes]:
        found = etree.fromstring(answer.content)[1].iter("{*}HierarchicalCodelist", "{*}StructureSet")
        return {one.get("urn"): etree.tostring(one, method="c14n") for one in found}

    stored = wholes(ask(mixed, f"/{whole}", ALL_FORMS[-1], api="v1"))
    again = wholes(ask(mixed, f"/structure/{parts}", ALL_FORMS[-1]))
    assert len(stored) == 1
    assert stored.items() <= again.items()


def test_a_part_alone_keeps_what_the_whole_says(mixed: str) -> None:
    text = ask(mixed, "/structure/hierarchy/SCI/HCL_AREA_PLANNING", ALL_FORMS[-1]).text
    assert '<str:IncludedCodelist alias="AREAS">' in text
    assert 'id="TEHRAN" version="1.0"' in text
    assert 'id="FLAT"' not in text


@pytest.mark.parametrize("detail", ["allstubs", "allcompletestubs"])
def test_stubs_of_parts_are_stubs_of_their_wholes_in_2_1(mixed: str, detail: str) -> None:
    answer = ask(mixed, f"/structure/hierarchy/SCI/*?detail={detail}", ALL_FORMS[-1])
    judge_structures(answer)
    found = list(etree.fromstring(answer.content)[1].iter("{*}HierarchicalCodelist"))
    assert sorted(one.get("id", "") for one in found) == ["HCL_AREA", "ITEMS"]
    assert all(one.find("{*}Hierarchy") is None for one in found)
    whole = ask(mixed, f"/hierarchicalcodelist/SCI/all?detail={detail}", ALL_FORMS[-1], api="v1")
    assert [one.attrib for one in etree.fromstring(whole.content)[1].iter("{*}HierarchicalCodelist")] == [
        one.attrib for one in found
    ]


def test_only_references_become_stubs_of_their_wholes(mixed: str) -> None:
    path = "/structure/hierarchyassociation/SCI/HA_PLANNING?references=children&detail=referencestubs"
    assert ids(ask(mixed, path), "hierarchies") == {"HCL_AREA_PLANNING"}
    full = ask(mixed, "/structure/hierarchy/SCI/HCL_AREA_PLANNING?references=all&detail=referencestubs", ALL_FORMS[-1])
    assert 'id="TEHRAN"' in full.text
