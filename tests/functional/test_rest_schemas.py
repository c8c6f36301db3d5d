"""Schema queries against a running server: our own data are valid by our own schemas, in every packaging."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import requests
from lxml import etree
from support.asking import PRODUCTS, STRUCTURE_TYPES, ask, judge_structures, refusal
from support.cases import HEADER
from support.live import environment, run, serving
from support.quality import QUALITY

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_json.structure import write_structures
from sdmx_server.formats.sdmx_ml.schema_writer import validator
from sdmx_server.model.message import StructureMessage

XS = "{http://www.w3.org/2001/XMLSchema}"
SCHEMA = "application/vnd.sdmx.schema"
JSON, JSON20 = f"{SCHEMA}+json;version=2.1.0", f"{SCHEMA}+json;version=2.0.0"
XML, XML30, XML21 = (f"{SCHEMA}+xml;version={version}" for version in ("3.1.0", "3.0.0", "2.1"))
SPECIFIC, SPECIFIC_TIME = (
    f"application/vnd.sdmx.structurespecific{form}data+xml;version=2.1" for form in ("", "timeseries")
)
DATA = {
    "application/vnd.sdmx.data+json;version=2.1.0": JSON,
    "application/vnd.sdmx.data+json;version=2.0.0": JSON20,
    "application/vnd.sdmx.data+xml;version=3.1.0": XML,
    "application/vnd.sdmx.data+xml;version=3.0.0": XML30,
    SPECIFIC: XML21,
    SPECIFIC_TIME: XML21,
}
"""Types of data messages that have schemas of their own, with the types of these; generic data need none."""

CUTS = {"CENSUS_COUNTY": "&c[REF_AREA]=IR,ew:01", "CPI": "&c[REF_AREA]=IR,ew:01"}


@functools.cache
def schema(base: str, path: str, media_type: str) -> Any:
    """What judges messages by the schema for a path below ``/schema``."""
    answer = ask(base, f"/schema{path}", media_type)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(media_type)
    if "json" in media_type:
        found = answer.json()
        jsonschema_rs.meta.validate(found)
        return jsonschema_rs.Draft201909Validator(found, validate_formats=True)
    namespace = etree.fromstring(answer.content).get("targetNamespace")
    return validator({str(namespace): answer.content}, media_type.rpartition("=")[2])


def is_valid(judge: Any, content: bytes) -> bool:
    if isinstance(judge, etree.XMLSchema):
        return bool(judge.validate(etree.fromstring(content)))
    return bool(judge.is_valid(json.loads(content)))


def dimensions(base: str, flow: str) -> list[str]:
    answer = ask(base, f"/structure/dataflow/SCI/{flow}/1.0.0?references=datastructure")
    [structure] = answer.json()["data"]["dataStructures"]
    lists = structure["dataStructureComponents"]["dimensionList"]
    return [d["id"] for d in lists["dimensions"]]


@pytest.mark.proves(
    *(f"{v} schema: dimensionAtObservation={at}" for v in ("v1", "v2") for at in ("TIME_PERIOD", "AllDimensions")),
    "v2 schema: dimensionAtObservation={dimension}",
    *(f"v2 schema: Accept={media_type}" for media_type in (JSON, JSON20, XML, XML30)),
    "v1 schema: Accept=application/vnd.sdmx.schema+xml;version=2.1",
    "v2 schema: context=dataflow",
)
@pytest.mark.parametrize("flow", PRODUCTS)
@pytest.mark.parametrize("media_type", DATA)
def test_data_are_valid_in_every_organisation(live: str, flow: str, media_type: str) -> None:
    path = f"/dataflow/SCI/{flow}/1.0.0"
    for asked in ("TIME_PERIOD", "AllDimensions", *dimensions(live, flow)):
        cut = CUTS.get(flow, "") if asked == "TIME_PERIOD" else "&c[REF_AREA]=IR,ew:01&lastNObservations=2"
        answer = ask(live, f"/data{path}?dimensionAtObservation={asked}{cut}", media_type)
        if media_type == SPECIFIC_TIME and asked not in ("TIME_PERIOD", "AllDimensions"):
            assert answer.status_code == 406
            continue
        at = "TIME_PERIOD" if media_type == SPECIFIC_TIME else asked
        judge = schema(live, f"{path}?dimensionAtObservation={at}", DATA[media_type])
        judge.assertValid(etree.fromstring(answer.content)) if "xml" in media_type else judge.validate(answer.json())
    other = schema(live, f"{path}?dimensionAtObservation=REF_AREA", DATA[media_type])
    assert is_valid(other, answer.content) is (at == "REF_AREA"), "each organisation has a schema of its own"


@pytest.mark.proves(
    "v1 schema: context=dataflow",
    "v1 schema: context=datastructure",
    "v1 schema: context=provisionagreement",
    "v1 schema: version={version}",
    "v1 schema: agencyID",
    "v1 schema: resourceID",
)
@pytest.mark.parametrize(
    "context", ["dataflow/SCI/VITAL/1.0.0", "datastructure/SCI/VITAL/1.0.0", "provisionagreement/SCI/PA_VITAL/1.0.0"]
)
def test_the_same_schemas_of_2_1_in_both_apis(live: str, context: str) -> None:
    for query in ("", "?dimensionAtObservation=SEX", "?dimensionAtObservation=AllDimensions"):
        one, other = (ask(live, f"/schema/{context}{query}", XML21, api=api) for api in ("v1", "v2"))
        assert one.status_code == 200, one.text
        assert one.content == other.content


@pytest.mark.proves("v1 schema: version=latest", "v1 schema: version=default")
def test_the_latest_version_of_1_5(live: str) -> None:
    exact, latest, default = (ask(live, f"/schema/dataflow/SCI/VITAL{v}", api="v1") for v in ("/1.0.0", "/latest", ""))
    assert exact.content == latest.content == default.content


@pytest.mark.proves(
    *(f"v2 schema: version={version}" for version in ("{version}", "+", "~", "default")),
    "v2 schema: agencyID",
    "v2 schema: resourceID",
)
@pytest.mark.parametrize("version", ["/+", "/~", "", "/", "/1+.0.0", "/1.0+.0"])
def test_versions(live: str, version: str) -> None:
    exact, found = (ask(live, f"/schema/dataflow/SCI/VITAL{v}") for v in ("/1.0.0", version))
    assert found.status_code == 200, found.text
    assert found.json() == exact.json()


# ---- constraints --------------------------------------------------------------------------------------------------


def codes_of(xsd: bytes, component: str) -> set[str | None]:
    root = etree.fromstring(xsd)
    [found] = root.iterfind(f"{XS}simpleType[@name='{component}.Type']")
    base = found.find(f"{XS}restriction").get("base", "")
    if not base.startswith("xs:"):
        [found] = root.iterfind(f"{XS}simpleType[@name='{base}']")
    return {one.get("value") for one in found.iter(f"{XS}enumeration")}


@pytest.mark.proves(
    "v1 schema: constraints=of the context and of what it refers to",
    "v2 schema: constraints=of the context and of what it refers to",
    "v2 schema: context=datastructure",
)
@pytest.mark.parametrize("media_type", [XML, XML30, XML21])
def test_schemas_list_what_the_constraints_of_the_context_leave(live: str, media_type: str) -> None:
    whole = ask(live, "/schema/datastructure/SCI/CPI/1.0.0", media_type).content
    for context in ("dataflow/SCI/CPI", "provisionagreement/SCI/PA_CPI"):
        cut = ask(live, f"/schema/{context}/1.0.0", media_type).content
        assert codes_of(cut, "BASE_PER") == {"B1395"} < codes_of(whole, "BASE_PER")
        assert len(codes_of(cut, "REF_AREA")) == 32 < len(codes_of(whole, "REF_AREA"))
        assert codes_of(cut, "ITEM") == codes_of(whole, "ITEM")


def listed(found: dict[str, Any]) -> dict[str, Any]:
    return {f"{section} {one['id']}": one for section, held in found.items() for one in held}


@pytest.mark.proves(
    "v1 schema: constraints=restricted items in structure messages",
    "v2 schema: constraints=restricted items in structure messages",
    "v2 schema: context=provisionagreement",
    *(f"v2 schema: Accept={media_type}" for media_type in STRUCTURE_TYPES),
)
@pytest.mark.parametrize("context", ["dataflow/SCI/CPI", "provisionagreement/SCI/PA_CPI", "datastructure/SCI/CPI"])
def test_structures_of_a_schema_are_those_that_count(live: str, context: str) -> None:
    for media_type in STRUCTURE_TYPES:
        answer = ask(live, f"/schema/{context}/1.0.0", media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
    found = ask(live, f"/schema/{context}/1.0.0", STRUCTURE_TYPES[0]).json()["data"]
    kinds = {"dataStructures", "codelists", "conceptSchemes", "agencySchemes"}
    restricted = not context.startswith("datastructure")
    assert set(found) == kinds | ({"dataConstraints"} if restricted else set())
    held = listed(found)
    assert "codelists CL_SEX" not in held, "a list that only other structures use"
    areas = {code["id"] for code in held["codelists CL_AREA"]["codes"]}
    assert len(areas) == 32 if restricted else len(areas) > 32
    assert bool(held["codelists CL_AREA"].get("isPartial")) is restricted
    used = {d["id"] for d in found["dataStructures"][0]["dataStructureComponents"]["dimensionList"]["dimensions"]}
    concepts = {concept["id"] for concept in held["conceptSchemes CONCEPTS"]["concepts"]}
    assert used < concepts
    assert "SEX" not in concepts
    assert {agency["id"] for agency in held["agencySchemes AGENCIES"]["agencies"]} == {"SCI", "SDMX"}
    assert "1.0+.0" not in json.dumps(found["dataStructures"]), "references are at the versions of the answer"


# ---- deletion, explicit measures ----------------------------------------------------------------------------------


@pytest.mark.proves("v2 schema: deletion=true", "v2 schema: deletion=false")
@pytest.mark.parametrize("media_type", list(DATA)[:4])
def test_deletions_may_leave_out_dimensions(live: str, media_type: str) -> None:
    path = "/dataflow/SCI/VITAL/1.0.0"
    content = ask(live, f"/data{path}/A.IR", media_type).content
    if "json" in media_type:
        message = json.loads(content)
        message["data"]["structures"][0]["dimensions"]["series"].pop()
        data_set = message["data"]["dataSets"][0]
        data_set["action"] = "Delete"
        data_set["series"] = {key.rpartition(":")[0]: value for key, value in data_set["series"].items()}
        content = json.dumps(message).encode()
    else:
        content = content.replace(b' AGE="_T"', b"").replace(b' AGE="_Z"', b"")
    assert b'AGE="' not in content
    for deletion, valid in (("true", True), ("false", False)):
        assert is_valid(schema(live, f"{path}?deletion={deletion}", DATA[media_type]), content) is valid
    assert not is_valid(schema(live, f"{path}?deletion=true", DATA[media_type]), content.replace(b"BIRTH", b"BORN"))


@pytest.mark.proves("v1 schema: explicitMeasure=true", "v1 schema: explicitMeasure=false")
def test_explicit_measures_need_a_measure_dimension(live: str) -> None:
    path = "/schema/dataflow/SCI/VITAL?dimensionAtObservation=VITAL_EVENT"
    answers = [ask(live, f"{path}&explicitMeasure={word}", api="v1").content for word in ("true", "false", "TRUE")]
    assert len(set(answers)) == 1
    assert "explicitMeasure" in refusal(ask(live, f"{path}&explicitMeasure=2", api="v1"), 400)


# ---- negotiation --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("*/*", "", JSON),
        ("application/json", "", JSON),
        ("application/schema+json", "", JSON),
        ("application/xml", "", XML),
        (f"{SCHEMA}+xml", "", XML),
        (f"{SCHEMA}+xml;version=3.0", "", XML30),
        (f"{SCHEMA}+json;version=2.0.0", "", JSON20),
        (f"{SCHEMA}+xml;version=2.1", "", XML21),
        (f"{SCHEMA}+json;version=2.0+.0", "", JSON),
        ("application/vnd.sdmx.structure+xml;version=3.1.0", "", "application/vnd.sdmx.structure+xml;version=3.1.0"),
        ("*/*", "?format=schema", XML),
        ("*/*", "?format=schema&formatVersion=2.1", XML21),
        ("*/*", "?format=jsonschema&formatVersion=2.0.0", JSON20),
        ("*/*", "?format=structure&formatVersion=2.1", "application/vnd.sdmx.structure+xml;version=2.1"),
        ("*/*", "?format=jsonstructure", "application/vnd.sdmx.structure+json;version=2.1.0"),
    ],
)
def test_formats_of_schemas(live: str, accept: str, query: str, expected: str) -> None:
    answer: requests.Response = ask(live, f"/schema/dataflow/SCI/VITAL{query}", accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(expected)


# ---- reference metadata -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a metadata structure, its flow and an agreement."""
    folder = tmp_path_factory.mktemp("quality")
    env = environment(folder / "data")
    file = folder / "quality.json"
    message = StructureMessage(header=HEADER, artefacts=QUALITY)
    file.write_bytes(b"".join(write_structures(message, WriteOptions(), "2.1.0")))
    run("structures", "import", str(file), env=env)
    with serving(env, workers=1) as base:
        yield base


CONTEXTS = (
    "metadatastructure/SCI/QUALITY/1.0.0",
    "metadataflow/SCI/QUALITY/1.0.0",
    "metadataprovisionagreement/SCI/QUALITY_OF_PRICES/1.0.0",
)
SETS = "urn:sdmx:org.sdmx.infomodel.metadatastructure."
REPORT = {
    "meta": {"id": "R1", "prepared": "2026-11-23T10:00:00Z", "sender": {"id": "SCI"}},
    "data": {
        "metadataSets": [
            {
                "id": "R1",
                "agencyID": "SCI",
                "version": "1.0.0",
                "name": "Report",
                "metadataflow": f"{SETS}Metadataflow=SCI:QUALITY(1.0.0)",
                "targets": ["urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)"],
                "attributes": [
                    {"id": "CONTACT", "attributes": [{"id": "NAME", "value": "Desk"}]},
                    {"id": "GRADE", "value": "B"},
                    {"id": "COVERAGE", "value": 98.5},
                    {"id": "METHOD", "value": {"en": "Survey", "fa": "آمارگیری"}},
                ],
            }
        ]
    },
}


@pytest.mark.proves(
    "v2 schema: context=metadatastructure",
    "v2 schema: context=metadataflow",
    "v2 schema: context=metadataprovisionagreement",
)
@pytest.mark.parametrize("context", CONTEXTS)
def test_schemas_of_reference_metadata(quality: str, context: str) -> None:
    judge = schema(quality, f"/{context}", JSON)
    judge.validate(REPORT)
    for number, value in (
        (0, {"id": "CONTACT", "value": "Desk"}),
        (0, {"id": "CONTACT", "attributes": [{"id": "TELEPHONE", "value": "1"}]}),
        (0, {"id": "CONTACT"}),
        (1, {"id": "GRADE", "value": "Z"}),
        (2, {"id": "COVERAGE", "value": True}),
        (2, {"id": "GRADE", "value": "A"}),
        (3, {"id": "METHOD", "value": 5}),
        (3, {"id": "REMARK", "value": "x"}),
    ):
        changed = json.loads(json.dumps(REPORT))
        changed["data"]["metadataSets"][0]["attributes"][number] = value
        assert not judge.is_valid(changed), value
    changed = json.loads(json.dumps(REPORT))
    changed["data"]["metadataSets"][0]["attributes"].pop(1)
    assert not judge.is_valid(changed), "the grade is mandatory"
    other = json.loads(json.dumps(REPORT).replace("=SCI:QUALITY(", "=SCI:OTHER("))
    assert judge.is_valid(other) is not context.startswith("metadataflow")


def test_in_2_1_what_is_reported_under_an_agreement_is_reported_for_its_flow(quality: str) -> None:
    """Such messages have the namespace of the metadataflow, since 2.1 has no metadata provision agreements."""
    found = [etree.fromstring(ask(quality, f"/schema/{context}", XML21).content) for context in CONTEXTS]
    spaces = [root.get("targetNamespace") for root in found]
    assert spaces == [f"{SETS}MetadataStructure=SCI:QUALITY(1.0.0)", *[f"{SETS}Metadataflow=SCI:QUALITY(1.0.0)"] * 2]
    assert etree.tostring(found[1]) == etree.tostring(found[2])


@pytest.mark.proves("v1 schema: context=metadatastructure", "v1 schema: context=metadataflow")
@pytest.mark.parametrize("context", CONTEXTS)
def test_structures_of_reference_metadata(quality: str, context: str) -> None:
    for media_type in STRUCTURE_TYPES:
        answer = ask(quality, f"/schema/{context}", media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
        assert "CL_GRADE" in answer.text
        assert "CL_OTHER" not in answer.text
    if not context.startswith("metadataprovision"):
        answer = ask(quality, f"/schema/{context}?format=structure", api="v1")
        assert answer.headers["Content-Type"] == "application/vnd.sdmx.structure+xml;version=2.1;charset=utf-8"
        judge_structures(answer)
        default = ask(quality, f"/schema/{context}", api="v1")
        assert default.headers["Content-Type"].startswith(XML21)


@pytest.mark.parametrize("media_type", [XML, XML30])
def test_from_3_0_on_metadata_of_sdmx_ml_are_generic_and_have_no_schema_of_their_own(
    quality: str, media_type: str
) -> None:
    text = refusal(ask(quality, f"/schema/{CONTEXTS[0]}", media_type), 406)
    offered = text.partition("offered: ")[2]
    assert JSON in offered
    assert XML21 in offered
    assert media_type not in offered
