"""Queries for reference metadata against a running server, in every format of both versions of the API."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree
from support.asking import ask, refusal
from support.metadata import (
    GENERIC,
    SPECIFIC,
    TYPES,
    XHTML,
    Facts,
    csv_facts,
    json_facts,
    json_schema,
    judge_xml,
    xml_facts,
)

from sdmx_server.formats.sdmx_ml.schema_writer import validator

ROOT = Path(__file__).resolve().parents[2]
CPI = "/metadata/metadataset/SCI/QUALITY_CPI/1.0.0"


def facts(answer: requests.Response) -> Facts:
    """What an answer says; it is judged by the official schema first."""
    assert answer.status_code == 200, answer.text[:500]
    kind = answer.headers["Content-Type"]
    generation = kind.partition("version=")[2].replace(".", "")[:2]
    if "+json" in kind:
        json_schema(generation).validate(answer.json())
        return json_facts(answer.json())
    if "+xml" in kind:
        if not kind.startswith("application/vnd.sdmx.structurespecific"):  # which has a schema for each flow
            judge_xml(answer.content, generation)
        return xml_facts(answer.content)
    return csv_facts(answer.content)


def shipped(product: str) -> Facts:
    return json_facts(json.loads((ROOT / "dataflows" / product / "metadata.json").read_text("utf-8")))


def sets(base: str, path: str) -> set[str]:
    """The sets that a query finds."""
    answer = ask(base, f"/metadata{path}")
    if answer.status_code == 204:
        return set()
    assert answer.status_code == 200, answer.text
    return {f"{one['id']}({one['version']})" for one in answer.json()["data"]["metadataSets"]}


XML_SCHEMA = "application/vnd.sdmx.schema+xml;version=2.1"
BOTH = {"QUALITY_CPI(1.0.0)", "QUALITY_CENSUS_POP(1.0.0)"}
ONE = {"QUALITY_CPI(1.0.0)"}


@pytest.mark.proves(
    "v2 metadata: Accept=application/vnd.sdmx.metadata+json;version=2.1.0",
    "v2 metadata: Accept=application/vnd.sdmx.metadata+json;version=2.0.0",
    "v2 metadata: Accept=application/vnd.sdmx.metadata+xml;version=3.1.0",
    "v2 metadata: Accept=application/vnd.sdmx.metadata+xml;version=3.0.0",
    "v2 metadata: Accept=application/vnd.sdmx.metadata+csv;version=2.1.0",
    "v2 metadata: Accept=application/vnd.sdmx.metadata+csv;version=2.0.0",
    "v2 metadata: detail=full",
)
@pytest.mark.parametrize("accept", [*TYPES, GENERIC, SPECIFIC])
@pytest.mark.parametrize("product", ["CPI", "CENSUS_POP"])
def test_a_quality_report_says_the_same_in_every_format(live: str, product: str, accept: str) -> None:
    answer = ask(live, f"/metadata/metadataset/SCI/QUALITY_{product}/1.0.0?detail=full", accept)
    assert answer.headers["Content-Type"].startswith(accept)
    assert facts(answer) == shipped(product)


def test_json_is_the_default_and_plain_types_mean_the_newest(live: str) -> None:
    for accept, expected in (
        (None, TYPES[0]),
        ("application/json", TYPES[0]),
        ("application/xml", TYPES[2]),
        ("text/csv", TYPES[4]),
        ("application/vnd.sdmx.metadata+json;version=2.0", TYPES[1]),
    ):
        assert ask(live, CPI, accept).headers["Content-Type"].startswith(expected)
    assert "metadata+csv" in refusal(ask(live, CPI, "application/vnd.sdmx.data+csv"), 406)


@pytest.mark.proves(
    "v2 metadata: metadataset: providerID={id}",
    "v2 metadata: metadataset: providerID=A,B",
    "v2 metadata: metadataset: providerID=*",
    "v2 metadata: metadataset: metadatasetID={id}",
    "v2 metadata: metadataset: metadatasetID=A,B",
    "v2 metadata: metadataset: metadatasetID=*",
    "v2 metadata: metadataset: version={version}",
    "v2 metadata: metadataset: version=A,B",
    "v2 metadata: metadataset: version=*",
    "v2 metadata: metadataset: version=+",
    "v2 metadata: metadataset: version=~",
    "v2 metadata: parts omitted at the end",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/SCI/QUALITY_CPI/1.0.0", ONE),
        ("/SCI/QUALITY_CPI", ONE),
        ("/SCI/QUALITY_CPI/", ONE),
        ("/SCI", BOTH),
        ("", BOTH),
        ("/*/*/*", BOTH),
        ("/ECB,SCI/QUALITY_CPI,QUALITY_CENSUS_POP/1.0.0,2.0.0", BOTH),
        ("/ECB%2CSCI/QUALITY_CPI/%2B", ONE),
        ("/SCI/QUALITY_CPI/+", ONE),
        ("/SCI/QUALITY_CPI/~", ONE),
        ("/SCI/QUALITY_CPI/1.0+.0", ONE),
        ("/ECB", set()),
        ("/SCI/NOTHING", set()),
        ("/SCI/QUALITY_CPI/2.0.0", set()),
    ],
)
def test_sets_by_their_own_ids(live: str, path: str, expected: set[str]) -> None:
    assert sets(live, f"/metadataset{path}") == expected


@pytest.mark.proves(
    "v2 metadata: metadataflow: flowAgencyID={id}",
    "v2 metadata: metadataflow: flowAgencyID=A,B",
    "v2 metadata: metadataflow: flowAgencyID=*",
    "v2 metadata: metadataflow: flowID={id}",
    "v2 metadata: metadataflow: flowID=A,B",
    "v2 metadata: metadataflow: flowID=*",
    "v2 metadata: metadataflow: flowVersion={version}",
    "v2 metadata: metadataflow: flowVersion=A,B",
    "v2 metadata: metadataflow: flowVersion=*",
    "v2 metadata: metadataflow: flowVersion=+",
    "v2 metadata: metadataflow: flowVersion=~",
    "v2 metadata: metadataflow: providerRef={provider}",
    "v2 metadata: metadataflow: providerRef={agency}.{provider}",
    "v2 metadata: metadataflow: providerRef=A,B",
    "v2 metadata: metadataflow: providerRef=*",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/SCI/QUALITY_REPORT/1.0.0/SCI", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/SCI.SCI", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/*.SCI", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/ECB,SCI", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/*", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/SCI.*", BOTH),
        ("/SCI/QUALITY_REPORT/1.0.0/ECB.*", set()),
        ("/SCI/QUALITY_REPORT/1.0.0/ECB", set()),
        ("/SCI/QUALITY_REPORT/1.0.0/ECB.SCI", set()),
        ("/SCI/QUALITY_REPORT", BOTH),
        ("/ECB,SCI/OTHER,QUALITY_REPORT/1.0.0,1.1.0", BOTH),
        ("/*/*/*", BOTH),
        ("/*/QUALITY_REPORT/+", BOTH),
        ("/*/QUALITY_REPORT/~", BOTH),
        ("", BOTH),
        ("/SCI/QUALITY_REPORT/2.0.0", set()),
        ("/ECB", set()),
    ],
)
def test_sets_by_their_metadataflow(live: str, path: str, expected: set[str]) -> None:
    assert sets(live, f"/metadataflow{path}") == expected


@pytest.mark.proves(
    "v2 metadata: structure: agencyID={id}",
    "v2 metadata: structure: agencyID=A,B",
    "v2 metadata: structure: agencyID=*",
    "v2 metadata: structure: resourceID={id}",
    "v2 metadata: structure: resourceID=A,B",
    "v2 metadata: structure: resourceID=*",
    "v2 metadata: structure: version={version}",
    "v2 metadata: structure: version=A,B",
    "v2 metadata: structure: version=*",
    "v2 metadata: structure: version=+",
    "v2 metadata: structure: version=~",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dataflow/SCI/CPI/1.0.0", ONE),
        ("/dataflow/SCI/CPI", ONE),
        ("/dataflow/SCI,ECB/CPI,CENSUS_POP/1.0.0,2.0.0", BOTH),
        ("/dataflow/*/CPI/*", ONE),
        ("/dataflow/SCI/*/+", BOTH),
        ("/dataflow/SCI/CPI/~", ONE),
        ("/*/SCI/CPI", ONE),
        ("/dataflow,codelist", BOTH),
        ("", BOTH),
        ("/dataflow/SCI/CPI/2.0.0", set()),
        ("/dataflow/SCI/VITAL", set()),
        ("/datastructure/SCI/CPI", set()),
        ("/codelist", set()),
    ],
)
def test_sets_by_what_they_are_about(live: str, path: str, expected: set[str]) -> None:
    assert sets(live, f"/structure{path}") == expected


@pytest.mark.proves("v2 metadata: detail=allstubs")
@pytest.mark.parametrize("accept", TYPES)
def test_stubs_have_names_and_nothing_that_is_reported(live: str, accept: str) -> None:
    answer = ask(live, f"{CPI}?detail=allStubs", accept)
    assert answer.status_code == 200
    if "+xml" in accept:
        judge_xml(answer.content, accept[-5:].replace(".", "")[:2])
        [found] = etree.fromstring(answer.content).findall("{*}MetadataSet")
        assert (found.get("id"), found.get("version"), found.get("agencyID")) == ("QUALITY_CPI", "1.0.0", "SCI")
        assert {etree.QName(child).localname for child in found} == {"Name"}
    elif "+json" in accept:
        [one] = answer.json()["data"]["metadataSets"]
        assert one.keys() - {"links"} == {"id", "version", "agencyID", "isExternalReference", "name", "names"}
    else:
        [line] = csv.DictReader(io.StringIO(answer.text))
        assert line["METADATASET_ID"] == "SCI:QUALITY_CPI(1.0.0)"
        assert {name for name in line if name.isupper()} == set(line)


@pytest.mark.parametrize(("labels", "expected"), [("id", "M;A"), ("both", "M: Monthly;A: Annual"), ("name", "M;A")])
def test_labels_of_sdmx_csv(live: str, labels: str, expected: str) -> None:
    accept = f"application/vnd.sdmx.metadata+csv;version=2.1.0;labels={labels}"
    [line] = csv.DictReader(io.StringIO(ask(live, CPI, accept, Accept_Language="en").text))
    head = next(name for name in line if name.startswith("FREQ_DISS"))
    assert line[head] == expected
    assert (head == "FREQ_DISS[]: Frequency of dissemination") == (labels == "both")
    if labels == "name":
        assert line["Frequency of dissemination"] == "Monthly;Annual"
        assert line["METADATASET_NAME"].startswith("Quality report")
        assert line["TARGET_NAMES"] == "Consumer price index of urban households"


def test_a_wanted_language_cuts_names_and_values(live: str) -> None:
    answer = ask(live, CPI, TYPES[0], Accept_Language="fa")
    assert answer.headers["Content-Language"] == "fa"
    [one] = answer.json()["data"]["metadataSets"]
    assert one["isPartialLanguage"] is True
    assert {language for *_, language, _ in facts(answer)} == {"fa", ""}
    [found] = etree.fromstring(ask(live, CPI, TYPES[2], Accept_Language="fa").content).findall("{*}MetadataSet")
    assert found.get("isPartialLanguage") == "true"
    assert facts(ask(live, CPI, TYPES[4], Accept_Language="fa")) == shipped("CPI")  # all languages, always


def test_caching_and_methods(live: str) -> None:
    first = ask(live, CPI)
    etag = first.headers["ETag"]
    assert first.headers["Vary"]
    assert ask(live, CPI, If_None_Match=etag).status_code == 304
    assert ask(live, CPI, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    assert ask(live, CPI, TYPES[2]).headers["ETag"] != etag
    head = ask(live, CPI, method="HEAD")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", etag)
    assert ask(live, CPI, method="OPTIONS").status_code == 200
    refusal(ask(live, CPI, method="POST"), 405)


@pytest.mark.proves("v2 metadata: asOf")
def test_the_past_before_anything_was_loaded_is_empty(live: str) -> None:
    assert ask(live, f"{CPI}?asOf=2001-01-01T00:00:00Z").status_code == 204
    assert ask(live, f"{CPI}?asOf=2999-01-01T00:00:00%2B03:30").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/metadata", 400, "metadataset"),
        ("/metadata/dataflow/SCI/CPI", 400, "structure"),
        ("/metadata/metadataset/S CI", 400, "providerID"),
        ("/metadata/metadataset/SCI/X/1.0.0/more", 400, "too many parts"),
        ("/metadata/metadataset/SCI/X/abc", 400, "abc"),
        ("/metadata/structure/nothing/SCI", 400, "nothing"),
        ("/metadata/metadataflow/SCI/X/1.0.0/a.b.c.!", 400, "providerRef"),
        ("/metadata/metadataset?detail=some", 400, "allstubs"),
        ("/metadata/metadataset?references=all", 400, "detail"),
        ("/metadata/metadataset?asOf=yesterday", 400, "asOf"),
        ("/metadata/metadataset/SCI//1.0.0", 400, "empty part"),
    ],
)
def test_wrong_queries_are_refused(live: str, path: str, status: int, word: str) -> None:
    assert word in refusal(ask(live, path), status)


# -- REST 1.5.0 --------------------------------------------------------------------------------------------------------


def v1(base: str, path: str, accept: str | None = None, **headers: str) -> requests.Response:
    return ask(base, f"/metadata{path}", accept, api="v1", **headers)


@pytest.mark.proves(
    "v1 metadata: flowRef={id}",
    "v1 metadata: flowRef={agency},{id}",
    "v1 metadata: flowRef={agency},{id},{version}",
    "v1 metadata: flowRef={agency},{id},latest",
    "v1 metadata: providerRef={id}",
    "v1 metadata: providerRef={agency},{id}",
    "v1 metadata: providerRef=A+B",
    "v1 metadata: providerRef=all",
    "v1 metadata: key=all",
    "v1 metadata: parts omitted at the end",
    "v1 metadata: detail=full",
    "v1 metadata: includeHistory=false",
    "v1 metadata: Accept=application/vnd.sdmx.genericmetadata+xml;version=2.1",
)
@pytest.mark.parametrize(
    "path",
    [
        "/QUALITY_REPORT",
        "/SCI,QUALITY_REPORT",
        "/SCI,QUALITY_REPORT,1.0.0/all/SCI",
        "/SCI,QUALITY_REPORT,latest/ALL/SCI,SCI?detail=full&includeHistory=false",
        "/all/all/SCI+ECB",
        "/all/all/SCI,all",
        "/QUALITY_REPORT/all/all",
    ],
)
def test_generic_metadata_of_2_1(live: str, path: str) -> None:
    answer = v1(live, path)
    assert answer.headers["Content-Type"].startswith(GENERIC)
    assert facts(answer) == shipped("CPI") | shipped("CENSUS_POP")
    root: Any = etree.fromstring(answer.content)
    [flow] = root.findall("{*}Header/{*}Structure/{*}StructureUsage/Ref")
    assert (flow.get("agencyID"), flow.get("id"), flow.get("version")) == ("SCI", "QUALITY_REPORT", "1.0.0")
    targets = {node.text for node in root.iter("URN")}
    assert targets == {
        f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:{p}(1.0.0)" for p in ("CPI", "CENSUS_POP")
    }
    footer = "".join(root.find("{*}Footer").itertext())
    assert "metadata set has no version" in footer


@pytest.mark.proves("v1 metadata: key={key}", "v1 metadata: updatedAfter")
@pytest.mark.parametrize(
    "path",
    ["/OTHER", "/QUALITY_REPORT/A.B", "/QUALITY_REPORT/all/ECB", "/QUALITY_REPORT?updatedAfter=2999-01-01T00:00:00Z"],
)
def test_nothing_found_is_404_in_1_5(live: str, path: str) -> None:
    refusal(v1(live, path), 404)


@pytest.mark.proves(
    "v1 metadata: Accept=application/vnd.sdmx.structurespecificmetadata+xml;version=2.1",
    "v1 schema: context=metadataflow",
    "v1 schema: context=metadatastructure",
    "v2 http: format=structurespecificmetadata",
)
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_structure_specific_metadata_are_valid_by_our_schema(live: str, api: str) -> None:
    path = "/metadata/SCI,QUALITY_REPORT/all/SCI" if api == "v1" else "/metadata/metadataflow/SCI/QUALITY_REPORT/+"
    answer = ask(live, path, SPECIFIC, api=api)
    assert answer.headers["Content-Type"].startswith(SPECIFIC)
    assert facts(answer) == shipped("CPI") | shipped("CENSUS_POP")
    assert ask(live, f"{path}?format=structurespecificmetadata", api=api).content == answer.content
    flow, structure = (
        ask(live, f"/schema/{context}/SCI/QUALITY_REPORT{version}", XML_SCHEMA, api=api)
        for context, version in (("metadataflow", "/1.0.0"), ("metadatastructure", ""))
    )
    targets = [str(etree.fromstring(one.content).get("targetNamespace")) for one in (flow, structure)]
    assert [target.partition("=")[0].rpartition(".")[2] for target in targets] == ["Metadataflow", "MetadataStructure"]
    markup = (ROOT / "schemas/xhtml.xsd").read_bytes()
    schema = validator({targets[0]: flow.content, XHTML[1:-1]: markup}, "2.1")
    schema.assertValid(etree.fromstring(answer.content))
    for before, after in (
        (b'value="M"', b'value="QQ"'),
        (b"</CONTACT>", b"</CONTACT><NOTHING/>"),
        (b":METADATA_REPORT.", b":OTHER."),
    ):
        assert before in answer.content
        assert not schema.validate(etree.fromstring(answer.content.replace(before, after, 1)))
    other = validator({targets[1]: structure.content, XHTML[1:-1]: markup}, "2.1")
    assert not other.validate(etree.fromstring(answer.content)), "each context has a namespace of its own"
    other.assertValid(etree.fromstring(answer.content.replace(targets[0].encode(), targets[1].encode())))


def test_what_1_5_has_and_this_server_does_not(live: str) -> None:
    assert GENERIC in refusal(v1(live, "/QUALITY_REPORT", "application/vnd.sdmx.metadata+json"), 406)
    assert "nodata" in refusal(v1(live, "/QUALITY_REPORT?detail=nodata"), 501)
    assert "startPeriod" in refusal(v1(live, "/QUALITY_REPORT?startPeriod=never"), 400)
    assert "names no dataflow" in refusal(v1(live, ""), 400)
