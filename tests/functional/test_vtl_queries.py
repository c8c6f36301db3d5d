"""The VTL schemes on a running server: registered, exported, asked for by both APIs in every format."""

from __future__ import annotations

import filecmp
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pysdmx.api.fmr import RegistryClient
from pysdmx.io.format import StructureFormat
from pysdmx.model.vtl import VtlMappingScheme
from support.asking import STRUCTURE_TYPES, ask, judge_structures, refusal
from support.in_process import built, silent
from support.live import environment, run, serving

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "tests" / "data" / "sdmx_ml" / "vtl_3_1.xml"
OLD_FILE = FILE.with_name("vtl_2_1.xml")
JSON_FILE = ROOT / "tests" / "data" / "sdmx_json" / "structure-vtl-2.1.json"
XML_21 = "application/vnd.sdmx.structure+xml;version=2.1"
JSON_10 = "application/vnd.sdmx.structure+json;version=1.0.0"
KINDS = {
    "customtypescheme": ("CustomTypeScheme", "VTL_TYPES", 2),
    "vtlmappingscheme": ("VtlMappingScheme", "VTL_ALIASES", 5),
    "namepersonalisationscheme": ("NamePersonalisationScheme", "VTL_NAMES", 1),
    "rulesetscheme": ("RulesetScheme", "POP_RULES", 2),
    "transformationscheme": ("TransformationScheme", "RATES", 4),
    "userdefinedoperatorscheme": ("UserDefinedOperatorScheme", "RATE_OPERATORS", 2),
}
"""Element, id and items of each scheme of the sample by its REST name."""
EVERY_KIND = pytest.mark.parametrize("resource", KINDS)


def for_pysdmx() -> str:
    """The sample in SDMX-JSON as of another agency, as pysdmx reads it.

    It knows no mapping for all dataflows, and every scheme has to say its version of VTL.
    """
    message = json.loads(JSON_FILE.read_text(encoding="utf-8"))
    [aliases] = message["data"]["vtlMappingSchemes"]
    aliases["vtlMappings"] = [one for one in aliases["vtlMappings"] if "genericDataflow" not in one]
    for rules in message["data"]["rulesetSchemes"]:
        rules["vtlVersion"] = "2.1"
    text = json.dumps(message).replace('"SCI"', '"STATS"')
    return re.sub(r"(transformation\.\w+)=SCI:", r"\1=STATS:", text)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    env = environment(tmp_path_factory.mktemp("vtl"))
    other = tmp_path_factory.mktemp("rates") / "rates.json"
    other.write_text(for_pysdmx(), encoding="utf-8")
    said = run("structures", "import", str(ROOT / "structures"), str(FILE), str(other), env=env).stdout
    assert "registered VtlMappingScheme SCI:VTL_ALIASES(1.0.0)" in said
    with serving(env, workers=1) as address:
        yield address


def schemes(answer: Any, element: str) -> list[etree._Element]:
    """The schemes in an answer in SDMX-ML, which is judged."""
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    return [one for one in etree.fromstring(answer.content).iter("{*}" + element) if one.get("agencyID")]


@pytest.mark.parametrize("name", ["json", "xml-3.1", "xml-3.0", "xml-2.1", "json-2.0"])
def test_they_survive_import_and_export(tmp_path: Path, name: str) -> None:
    first, second = built(tmp_path / "first"), built(tmp_path / "second")
    source = OLD_FILE if name == "xml-2.1" else FILE
    assert len(first.import_structures([source], silent).changed) == 6
    first.export_structures(tmp_path / "out", name, silent)
    assert len(second.import_structures([tmp_path / "out"], silent).changed) == 6
    first.export_structures(tmp_path / "kept", "json", silent)
    second.export_structures(tmp_path / "again", "json", silent)
    files = sorted(path.relative_to(tmp_path / "kept") for path in (tmp_path / "kept").rglob("*.json"))
    assert len(files) == 6
    assert filecmp.cmpfiles(tmp_path / "kept", tmp_path / "again", files, shallow=False)[1:] == ([], [])


@EVERY_KIND
@pytest.mark.parametrize("accept", STRUCTURE_TYPES)
@pytest.mark.proves(
    "v2 structure: artefactType=transformationscheme",
    "v2 structure: artefactType=rulesetscheme",
    "v2 structure: artefactType=userdefinedoperatorscheme",
    "v2 structure: artefactType=customtypescheme",
    "v2 structure: artefactType=namepersonalisationscheme",
    "v2 structure: artefactType=vtlmappingscheme",
)
def test_each_is_answered_in_every_format(base: str, resource: str, accept: str) -> None:
    element, own, items = KINDS[resource]
    answer = ask(base, f"/structure/{resource}/SCI/{own}/1.0.0", accept)
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    if "json" in accept:
        [[found]] = answer.json()["data"].values()
        held = next(
            value
            for key, value in found.items()
            if key.endswith("s") and isinstance(value, list) and value and "names" in value[0]
        )
        assert (found["id"], len(held)) == (own, items)
    else:
        [found] = schemes(answer, element)
        assert (found.get("id"), len(found.findall("{*}" + element.removesuffix("Scheme")))) == (own, items)


@EVERY_KIND
@pytest.mark.proves(
    "v1 structure: resource=transformationscheme",
    "v1 structure: resource=rulesetscheme",
    "v1 structure: resource=userdefinedoperatorscheme",
    "v1 structure: resource=customtypescheme",
    "v1 structure: resource=namepersonalisationscheme",
    "v1 structure: resource=vtlmappingscheme",
)
def test_the_older_api_answers_in_sdmx_ml_2_1(base: str, resource: str) -> None:
    element, own, items = KINDS[resource]
    [found] = schemes(ask(base, f"/{resource}/SCI/{own}/latest", XML_21, api="v1"), element)
    assert len(found.findall("{*}" + element.removesuffix("Scheme"))) == items
    assert {ref.get("version") for ref in found.iter("Ref") if ref.get("version")} <= {"1.0.0"}
    [one] = schemes(ask(base, f"/{resource}/SCI/{own}/1.0.0?detail=allstubs", XML_21, api="v1"), element)
    assert one.findall("{*}" + element.removesuffix("Scheme")) == []
    assert one.get("vtlVersion") == found.get("vtlVersion")


def test_items_of_several_transformations(base: str) -> None:
    for api, path in (
        ("v2", "/structure/transformationscheme/SCI/RATES/~/TOTAL,WOMEN"),
        ("v1", "/transformationscheme/SCI/RATES/latest/TOTAL+WOMEN"),
    ):
        [found] = schemes(
            ask(base, path, XML_21 if api == "v1" else STRUCTURE_TYPES[2], api=api), "TransformationScheme"
        )
        assert found.get("isPartial") == "true"
        assert [one.get("id") for one in found.findall("{*}Transformation")] == ["TOTAL", "WOMEN"]
    refusal(ask(base, "/structure/transformationscheme/SCI/RATES/~/NOWHERE"), 404)


@pytest.mark.proves(
    "v2 structure: references=transformationscheme",
    "v2 structure: references=rulesetscheme",
    "v2 structure: references=userdefinedoperatorscheme",
    "v2 structure: references=customtypescheme",
    "v2 structure: references=namepersonalisationscheme",
    "v2 structure: references=vtlmappingscheme",
)
def test_each_can_be_named_in_references(base: str) -> None:
    for resource, (_, own, _) in KINDS.items():
        start = (
            "/structure/vtlmappingscheme/SCI"
            if resource == "transformationscheme"
            else ("/structure/transformationscheme/SCI")
        )
        answer = ask(base, f"{start}?references={resource}", STRUCTURE_TYPES[0])
        judge_structures(answer)
        assert own in {one["id"] for held in answer.json()["data"].values() for one in held}


@pytest.mark.proves(
    "v1 structure: references=transformationscheme",
    "v1 structure: references=rulesetscheme",
    "v1 structure: references=userdefinedoperatorscheme",
    "v1 structure: references=customtypescheme",
    "v1 structure: references=namepersonalisationscheme",
    "v1 structure: references=vtlmappingscheme",
)
def test_each_can_be_named_in_references_of_the_older_api(base: str) -> None:
    for resource, (element, own, _) in KINDS.items():
        start = "/vtlmappingscheme/SCI" if resource == "transformationscheme" else "/transformationscheme/SCI"
        [found] = schemes(ask(base, f"{start}?references={resource}", XML_21, api="v1"), element)
        assert found.get("id") == own


def test_a_program_comes_with_all_that_it_draws_on(base: str) -> None:
    answer = ask(base, "/structure/transformationscheme/SCI/RATES?references=descendants", STRUCTURE_TYPES[0])
    judge_structures(answer)
    found = answer.json()["data"]
    assert {one["id"] for one in found["dataflows"]} == {"CENSUS_POP", "CPI"}
    assert {one["id"] for one in found["dataStructures"]} == {"CENSUS", "CPI"}
    assert set(found) >= {"vtlMappingSchemes", "rulesetSchemes", "customTypeSchemes", "codelists", "conceptSchemes"}


def test_sdmx_json_1_0_has_none_of_them(base: str) -> None:
    answer = ask(base, "/transformationscheme/SCI/RATES", JSON_10, api="v1")
    judge_structures(answer)
    assert "transformationSchemes" not in answer.json()["data"]
    [told] = answer.json()["meta"]["x-sdmx-ml-footer"]
    assert told["texts"]["en"] == "artefact: there are no VTL schemes; it is left out (SCI:RATES(1.0.0))"


def test_the_registry_client_of_pysdmx_gets_a_program_whole(base: str) -> None:
    client = RegistryClient(f"{base}/sdmx/v2/", StructureFormat.SDMX_JSON_2_0_0)
    program = client.get_vtl_transformation_scheme("STATS", "RATES")
    assert [one.full_expression for one in program.items] == [
        'BIRTH_RATE <- VITAL[sub VITAL_EVENT = "BIRTH"] / POP * 1000;',
        "CHECKED := check_datapoint(POP, NOT_NEGATIVE);",
    ]
    assert (program.version, program.vtl_version) == ("1.1.0", "2.1")
    assert isinstance(program.vtl_mapping_scheme, VtlMappingScheme)
    assert [one.id for one in program.vtl_mapping_scheme.items] == ["VITAL", "EVENTS", "EVENT"]
    assert [one.id for scheme in program.ruleset_schemes for one in scheme.items] == ["NOT_NEGATIVE"]
