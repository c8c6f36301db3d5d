"""The npm package sdmx-rest, as an ordinary client of the running server, by REST 1.5.0 and 2.0."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

NPM = Path(__file__).resolve().parents[1] / "npm"
V1, V2 = "v1.5.0", "v2.0.0"


def asked(live: str, api: str, kind: str, query: dict[str, Any], accept: str | None = None) -> dict[str, Any]:
    """What the client got: url, status, type, body."""
    request = json.dumps({"api": api, "kind": kind, "query": query, "accept": accept})
    command = ["node", "sdmx-rest.mjs", f"{live}/sdmx/{api[:2]}", request]
    done = subprocess.run(command, cwd=NPM, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["status"] == 200
    return answer


def test_data_by_the_older_api_are_generic_xml_with_the_published_figures(live: str) -> None:
    query = {"flow": "CENSUS_POP", "key": "A.IR._T.M+F._T", "start": "2016-03-20", "end": "2017-03-20"}
    answer = asked(live, V1, "DataQuery", query)
    assert answer["type"].startswith("application/vnd.sdmx.genericdata+xml;version=2.1")
    values = etree.fromstring(answer["body"].encode()).iter("{*}ObsValue")
    assert {int(value.get("value")) for value in values} == {40498442, 39427828}


@pytest.mark.parametrize(
    ("api", "kind", "query"),
    [
        (V1, "DataQuery", {"flow": "SCI,CENSUS_POP,1.0.0", "key": "A.IR._T._T._T", "lastNObs": 1}),
        (V2, "DataQuery2", {"context": "dataflow=SCI:CENSUS_POP(1.0.0)", "key": "A.IR._T._T._T", "lastNObs": 1}),
    ],
    ids=["1.5.0", "2.0"],
)
def test_csv_has_the_published_figure_by_both_apis(live: str, api: str, kind: str, query: dict[str, Any]) -> None:
    version = {V1: "1.0.0", V2: "2.0.0"}[api]
    accept = f"application/vnd.sdmx.data+csv;version={version}"
    answer = asked(live, api, kind, query, accept)
    assert answer["type"].startswith(accept)
    [row] = csv.DictReader(io.StringIO(answer["body"]))
    assert row["OBS_VALUE"] == "79926270"


@pytest.mark.parametrize(
    ("accept", "parts"),
    [
        ("application/vnd.sdmx.data+json;version=1.0.0", 2),
        ("application/vnd.sdmx.structurespecificdata+xml;version=2.1", 2),
        ("application/vnd.sdmx.structurespecifictimeseriesdata+xml;version=2.1", 2),
        ("application/vnd.sdmx.generictimeseriesdata+xml;version=2.1", 2),
    ],
)
def test_every_media_type_that_it_knows_is_answered_by_the_older_api(live: str, accept: str, parts: int) -> None:
    query = {"flow": "CENSUS_POP", "key": "A.IR._T.M+F._T", "start": "2016-03-20", "end": "2017-03-20"}
    answer = asked(live, V1, "DataQuery", query, accept)
    assert answer["type"].startswith(accept)
    assert sum(figure in answer["body"] for figure in ("40498442", "39427828")) == parts


@pytest.mark.parametrize(
    "accept",
    [
        "application/vnd.sdmx.data+json;version=2.0.0",
        "application/vnd.sdmx.data+json;version=1.0.0",
        "application/vnd.sdmx.data+xml;version=3.0.0",
        "application/vnd.sdmx.data+csv;version=2.0.0",
        "application/vnd.sdmx.data+csv;version=1.0.0",
        "application/vnd.sdmx.genericdata+xml;version=2.1",
        "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    ],
)
def test_every_media_type_that_it_knows_is_answered_by_the_newer_api(live: str, accept: str) -> None:
    query = {
        "context": "dataflow=SCI:CENSUS_POP(1.0.0)",
        "key": "A.IR._T.*._T",
        "filters": ["TIME_PERIOD=ge:2016", "SEX=M,F"],
        "attributes": "dsd",
    }
    answer = asked(live, V2, "DataQuery2", query, accept)
    assert answer["type"].startswith(accept)
    found = [figure in answer["body"] for figure in ("40498442", "39427828", "79926270")]
    assert found == [True, True, False]


def test_what_changed_is_told_by_both_apis(live: str) -> None:
    later = "2016-01-01T00:00:00Z"
    old = asked(live, V1, "DataQuery", {"flow": "VITAL", "updatedAfter": later})
    new = asked(live, V2, "DataQuery2", {"context": "dataflow=SCI:VITAL(1.0.0)", "updatedAfter": later})
    for figure in ("979923", "458848", "470372", "194078"):
        assert figure in old["body"]
        assert figure in new["body"]


@pytest.mark.parametrize(("api", "mark"), [(V1, "str:Dataflow "), (V2, '"dataflows":')])
def test_dataflows_are_listed_by_both_apis(live: str, api: str, mark: str) -> None:
    answer = asked(live, api, "MetadataQuery", {"resource": "dataflow", "agency": "SCI"})
    assert mark in answer["body"]
    for flow in ("CENSUS_POP", "CPI", "VITAL"):
        assert f'id="{flow}"' in answer["body"] or f'"id":"{flow}"' in answer["body"]


@pytest.mark.parametrize("references", ["none", "children", "descendants", "all", "parents", "parentsandsiblings"])
def test_structures_with_their_references_are_answered(live: str, references: str) -> None:
    query = {"resource": "datastructure", "agency": "SCI", "id": "CPI", "references": references}
    root = etree.fromstring(asked(live, V1, "MetadataQuery", query)["body"].encode())
    codelists = {code.get("id") for code in root.iter("{*}Codelist")}
    assert ("CL_ITEM" in codelists) == (references in ("children", "descendants", "all"))
    flows = {flow.get("id") for flow in root.iter("{*}Dataflow")}
    assert ("CPI" in flows) == (references in ("all", "parents", "parentsandsiblings"))


@pytest.mark.parametrize(
    "references", ["none", "children", "descendants", "all", "parents", "parentsandsiblings", "ancestors", "codelist"]
)
@pytest.mark.parametrize(
    "accept",
    ["application/vnd.sdmx.structure+json;version=2.0.0", "application/vnd.sdmx.structure+xml;version=3.0.0"],
)
def test_structures_with_their_references_are_answered_by_the_newer_api(
    live: str, accept: str, references: str
) -> None:
    query = {"resource": "datastructure", "agency": "SCI", "id": "CPI", "references": references}
    answer = asked(live, V2, "MetadataQuery", query, accept)
    assert answer["type"].startswith(accept)
    if accept.partition(";")[0].endswith("json"):
        data = json.loads(answer["body"])["data"]
        codelists, flows = ({one["id"] for one in data.get(key, ())} for key in ("codelists", "dataflows"))
    else:
        root = etree.fromstring(answer["body"].encode())
        codelists, flows = ({one.get("id") for one in root.iter(f"{{*}}{key}")} for key in ("Codelist", "Dataflow"))
    assert ("CL_ITEM" in codelists) == (references in ("children", "descendants", "all", "codelist"))
    assert ("CPI" in flows) == (references in ("all", "parents", "parentsandsiblings", "ancestors"))


@pytest.mark.parametrize(
    ("api", "kind", "query"),
    [
        (V1, "AvailabilityQuery", {"flow": "CPI", "component": "REF_AREA"}),
        (V2, "AvailabilityQuery2", {"context": "dataflow=SCI:CPI(1.0.0)", "component": "REF_AREA"}),
    ],
    ids=["1.5.0", "2.0"],
)
def test_availability_names_the_areas_that_have_data(live: str, api: str, kind: str, query: dict[str, Any]) -> None:
    body = asked(live, api, kind, query)["body"]
    assert all(area in body for area in ("IR-00", "IR-30", "IR-07"))


@pytest.mark.parametrize("api", [V1, V2])
def test_schemas_are_answered(live: str, api: str) -> None:
    query = {"context": "dataflow", "agency": "SCI", "id": "CENSUS_POP"}
    body = asked(live, api, "SchemaQuery", query, "application/xml" if api == V2 else None)["body"]
    assert etree.QName(etree.fromstring(body.encode())).localname == "schema"
