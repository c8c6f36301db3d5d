"""Order and pages of data against a running server, the contexts of a query, and the limit on cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree
from support.asking import DATA_TYPES, ask, judge_data, refusal, rows
from support.live import serving

JSON, _, XML, _, CSV, _ = DATA_TYPES
POP = "/dataflow/SCI/CENSUS_POP/1.0.0"
CPI = "/dataflow/SCI/CPI/1.0.0"
GENERAL = f"{CPI}/M.IR.U._T.N.B1395"
"""The monthly index of all items: 10.6936 in Farvardin 1381, 10.7941 a month later."""


def series_of(message: bytes) -> list[tuple[str, list[str]]]:
    """Each series of an XML message by its item, with its periods."""
    found = etree.fromstring(message).iter("Series")
    return [(str(one.get("ITEM")), [str(obs.get("TIME_PERIOD")) for obs in one.iter("Obs")]) for one in found]


# ---- order --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("v2 data: sort={component}", "v2 data: sort=:asc", "v2 data: sort=:desc")
@pytest.mark.parametrize("way", ["", ":asc", ":desc"])
def test_by_time(live: str, way: str) -> None:
    natural = [(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in rows(live, GENERAL)]
    found = [(row["TIME_PERIOD"], row["OBS_VALUE"]) for row in rows(live, f"{GENERAL}?sort=TIME_PERIOD{way}")]
    assert natural[0] == ("2002-03-21/P31D", "10.6936")
    assert found == (natural[::-1] if way == ":desc" else natural)


@pytest.mark.proves("v2 data: sort=A+B", "v2 data: sort=series_key")
@pytest.mark.parametrize("sort", ["series_key+TIME_PERIOD:desc", "series_key:asc%2BTIME_PERIOD:desc"])
@pytest.mark.parametrize("accept", [XML, JSON, CSV])
def test_by_series_the_latest_first(live: str, sort: str, accept: str) -> None:
    key = f"{CPI}/M.IR.U._T.N.B1395,M.IR.U.CP01.N.B1395"
    answer = ask(live, f"/data{key}?lastNObservations=2&sort={sort}&attributes=none", accept)
    latest = [row["TIME_PERIOD"] for row in rows(live, f"{GENERAL}?lastNObservations=2")][::-1]
    if accept == XML:
        assert series_of(answer.content) == [("CP01", latest), ("_T", latest)]
    elif accept == CSV:
        shown = [line.split(",")[6:10:3] for line in answer.text.splitlines()[1:]]
        assert shown == [["CP01", latest[0]], ["CP01", latest[1]], ["_T", latest[0]], ["_T", latest[1]]]
    else:
        structure, [data_set] = answer.json()["data"]["structures"][0], answer.json()["data"]["dataSets"]
        items = next(d["values"] for d in structure["dimensions"]["series"] if d["id"] == "ITEM")
        found = [items[int(key.split(":")[3])]["id"] for key in data_set["series"]]
        assert found == ["CP01", "_T"]
        periods = structure["dimensions"]["observation"][0]["values"]
        shown = [periods[int(at)] for at in next(iter(data_set["series"].values()))["observations"]]
        assert [p.get("id") or p["value"] for p in shown] == latest


@pytest.mark.proves("v2 data: sort=*")
def test_by_all_dimensions(live: str) -> None:
    names = ["FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE"]
    for way, descending in (("", False), (":asc", False), (":desc", True)):
        path = f"{POP}?c[TIME_PERIOD]=2016-03-20/P366D&attributes=none&sort=*{way}"
        found = [tuple(row[n] for n in names) for row in rows(live, path)]
        assert len(found) > 8_000
        assert found == sorted(found, reverse=descending)


def test_by_figures_codes_and_texts(live: str) -> None:
    path = f"{POP}/A.*._T._T._T?c[TIME_PERIOD]=2016-03-20/P366D&c[REF_AREA]=ne:IR&sort=OBS_VALUE:desc&limit=3"
    first, *others = rows(live, path)
    assert (first["REF_AREA"], first["OBS_VALUE"], len(others)) == ("IR-23", "13267637", 2)  # Tehran
    found = [int(r["OBS_VALUE"]) for r in rows(live, path.replace("&limit=3", ""))]
    assert found == sorted(found, reverse=True)
    assert len(found) > 30
    commented = rows(live, f"{CPI}/*.IR.U._T.N.B1395?c[TIME_PERIOD]=2016-03-20/P366D&sort=COMMENT_OBS:desc")
    assert [row["FREQ"] for row in commented] == ["A", *["M"] * 12]  # what has none comes last in either direction
    labelled = [row["TIME_LABEL"] for row in rows(live, f"{GENERAL}?sort=TIME_LABEL:desc&limit=5")]
    assert labelled == sorted(labelled, reverse=True)


@pytest.mark.parametrize("accept", DATA_TYPES)
@pytest.mark.parametrize("at", ["TIME_PERIOD", "ITEM", "AllDimensions"])
def test_sorted_pages_fit_the_schemas(live: str, accept: str, at: str) -> None:
    path = f"/data{CPI}?sort=OBS_VALUE:desc&offset=3&limit=40&dimensionAtObservation={at}"
    answer = ask(live, path, accept)
    assert answer.status_code == 200
    judge_data(live, "CPI", answer, at)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("sort=NOTHING", 422, ("'NOTHING' is not in the structure", "OBS_VALUE")),
        ("sort=series_key&dimensionAtObservation=AllDimensions", 422, ("AllDimensions", "sort by *")),
        ("sort=ITEM:up", 400, ("'ITEM:up'", "COMPONENT:desc+COMPONENT")),
        ("sort=ITEM,FREQ", 400, ("ITEM,FREQ", "COMPONENT:desc+COMPONENT")),
        ("sort=ITEM+ITEM:desc", 400, ("ITEM twice",)),
        ("limit=0", 400, ("limit='0'", "from 1 on")),
        ("limit=-5", 400, ("limit", "whole number")),
        ("offset=x", 400, ("offset='x'", "from 0 on")),
    ],
)
def test_refusals(live: str, query: str, status: int, words: tuple[str, ...]) -> None:
    text = refusal(ask(live, f"/data{CPI}?{query}"), status)
    assert all(word in text for word in words)


@pytest.mark.parametrize("query", ["sort=ITEM", "dimensionAtObservation=ITEM", "sort=SEX"])
def test_of_several_dataflows_those_are_named_that_lack_a_component(live: str, query: str) -> None:
    text = refusal(ask(live, f"/data/dataflow/SCI/CPI,CENSUS_POP/*?{query}"), 422)
    assert "is not in the structure; it has" in text
    assert ("SCI:CPI(1.0.0): " in text) == query.endswith("SEX")
    assert ("SCI:CENSUS_POP(1.0.0): " in text) == query.endswith("ITEM")


# ---- pages --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("v2 data: offset", "v2 data: limit")
@pytest.mark.parametrize("sort", ["", "&sort=OBS_VALUE:desc%2B*", "&sort=*"])
def test_pages_make_the_whole(live: str, sort: str) -> None:
    asked = f"{POP}/*.*.U?c[SEX]=F{sort}"
    whole = rows(live, asked)
    size = len(whole) // 3 + 1
    pages = [rows(live, f"{asked}&offset={place}&limit={size}") for place in range(0, len(whole), size)]
    assert [row for page in pages for row in page] == whole
    assert len(pages) == 3
    assert rows(live, f"{asked}&offset={len(whole) - 2}") == whole[-2:]
    assert ask(live, f"/data{asked}&offset={len(whole)}").status_code == 204
    assert rows(live, f"{asked}&limit=1000000000000") == whole


def test_pages_go_on_through_several_data_sets(live: str) -> None:
    asked = "/dataflow/SCI/VITAL,HOUSEHOLDS,LFS_POP?attributes=none"
    whole = [(row["STRUCTURE_ID"], row["OBS_VALUE"]) for row in rows(live, "/dataflow/SCI/HOUSEHOLDS?attributes=none")]
    whole += [(row["STRUCTURE_ID"], row["OBS_VALUE"]) for row in rows(live, "/dataflow/SCI/LFS_POP?attributes=none")]
    whole += [(row["STRUCTURE_ID"], row["OBS_VALUE"]) for row in rows(live, "/dataflow/SCI/VITAL?attributes=none")]
    found: list[tuple[str, str]] = []
    for place in range(0, len(whole), 40):
        message = ask(live, f"/data{asked}&offset={place}&limit=40", XML).content
        for data_set in etree.fromstring(message).iter("{*}DataSet"):
            name = next(v for n, v in data_set.attrib.items() if str(n).endswith("structureRef"))
            flow = next(n for n in ("HOUSEHOLDS", "LFS_POP", "VITAL") if n in str(name))
            found += [(f"SCI:{flow}(1.0.0)", str(obs.get("OBS_VALUE"))) for obs in data_set.iter("Obs")]
    assert [(flow, float(value)) for flow, value in found] == [(flow, float(value)) for flow, value in whole]


def test_a_page_holds_what_belongs_to_it_alone(live: str) -> None:
    found = ask(live, f"/data{CPI}?limit=3&offset=20000", JSON).json()["data"]
    sizes = {d["id"]: len(d["values"]) for d in found["structures"][0]["dimensions"]["series"]}
    assert sizes["ITEM"] <= 3
    assert sizes["REF_AREA"] <= 3
    assert len(found["structures"][0]["dimensions"]["observation"][0]["values"]) <= 3


def test_pages_have_etags_of_their_own(live: str) -> None:
    first = ask(live, f"/data{CPI}?limit=10", JSON)
    second = ask(live, f"/data{CPI}?limit=10&offset=10", JSON)
    assert first.headers["ETag"] != second.headers["ETag"]
    again = ask(live, f"/data{CPI}?limit=10", JSON, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_series_are_counted_where_only_they_are_asked_for(live: str) -> None:
    every = rows(live, f"{CPI}?attributes=none&measures=none")
    assert {row["TIME_PERIOD"] for row in every} == {""}
    page = rows(live, f"{CPI}?attributes=none&measures=none&offset=5&limit=7&sort=series_key")
    names = ("FREQ", "REF_AREA", "RESIDENCE", "ITEM", "TRANSFORMATION", "BASE_PER")
    keys = sorted(tuple(row[n] for n in names) for row in every)
    assert len(set(keys)) == len(keys)
    assert [tuple(row[n] for n in names) for row in page] == keys[5:12]
    across = ask(live, f"/data{CPI}?attributes=none&measures=none&dimensionAtObservation=ITEM&limit=4", XML)
    sections = list(etree.fromstring(across.content).iter("Series"))
    assert len(sections) == 4
    assert not any(list(section) for section in sections)


# ---- contexts -----------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 data: context=dataflow", "v2 data: context=datastructure", "v2 data: context=provisionagreement"
)
@pytest.mark.parametrize("accept", DATA_TYPES)
@pytest.mark.parametrize(
    ("context", "flow"),
    [("dataflow/SCI/CPI", "CPI"), ("datastructure/SCI/CPI", "CPI"), ("provisionagreement/SCI/PA_CPI", "CPI")],
)
def test_data_of_every_context(live: str, context: str, flow: str, accept: str) -> None:
    """The same figures, under the name that was asked for."""
    query = "/1.0.0/M.IR.U._T.N.B1395?firstNObservations=1&attributes=none"
    answer = ask(live, f"/data/{context}{query}", accept)
    assert answer.status_code == 200
    assert "10.6936" in answer.text
    kind = context.partition("/")[0]
    urn = {"dataflow": "Dataflow", "datastructure": "DataStructure", "provisionagreement": "ProvisionAgreement"}[kind]
    name = {"dataflow": "dataflow", "datastructure": "datastructure", "provisionagreement": "dataprovision"}[kind]
    assert (f"{urn}=SCI:" if "csv" not in accept else f"\n{name},SCI:") in answer.text


@pytest.mark.proves("v2 data: context=*")
def test_any_context_means_dataflows(live: str) -> None:
    assert rows(live, "/*/SCI/VITAL/1.0.0") == rows(live, "/dataflow/SCI/VITAL/1.0.0")


def test_one_data_set_for_each_agreement(live: str) -> None:
    message = etree.fromstring(ask(live, "/data/provisionagreement/SCI/PA_VITAL,PA_HOUSEHOLDS", XML).content)
    assert len(list(message.iter("{*}DataSet"))) == 2
    assert "PA_VITAL" in etree.tostring(message).decode()


def test_the_data_of_a_structure_are_those_of_its_dataflows(live: str) -> None:
    found = rows(live, "/datastructure/SCI/CENSUS/1.0.0?attributes=none&c[AGE]=_T&c[SEX]=_T")
    flows = [
        rows(live, f"/dataflow/SCI/{f}/1.0.0?attributes=none&c[AGE]=_T&c[SEX]=_T")
        for f in ("CENSUS_POP", "CENSUS_COUNTY")
    ]
    names = ("REF_AREA", "RESIDENCE", "TIME_PERIOD", "OBS_VALUE")
    assert sorted(tuple(r[n] for n in names) for r in found) == sorted(
        tuple(r[n] for n in names) for flow in flows for r in flow
    )
    assert {row["STRUCTURE_ID"] for row in found} == {"SCI:CENSUS(1.0.0)"}
    message = etree.fromstring(ask(live, "/data/datastructure/SCI/CENSUS/1.0.0?c[AGE]=_T&c[SEX]=_T", XML).content)
    assert len(list(message.iter("{*}DataSet"))) == 2
    urns = {node.text for node in message.iterfind("{*}Header/{*}Structure/{*}Structure")}
    assert urns == {"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=SCI:CENSUS(1.0.0)"}


# ---- the limit on cells -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def limited(products: dict[str, str]) -> Iterator[str]:
    """A server over the products that gives no more than a hundred cells."""
    with serving({**products, "SDMX_MAX_CELLS": "100"}, workers=1) as base:
        yield base


@pytest.mark.proves("v2 http: status=413")
@pytest.mark.parametrize("accept", [JSON, XML, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
def test_too_many_cells_are_refused_with_their_number(limited: str, accept: str) -> None:
    text = refusal(ask(limited, f"/data{CPI}", accept), 413)
    assert "63,661 cells" in text
    assert "limit is 100" in text
    assert "limit and offset" in text
    assert "SDMX-CSV" in text
    assert ask(limited, f"/data{CPI}", accept, method="HEAD").status_code == 413


def test_the_ways_out_of_the_limit(limited: str, live: str) -> None:
    page = ask(limited, f"/data{CPI}?limit=100", JSON)
    assert page.status_code == 200
    assert ask(limited, f"/data{CPI}?limit=101", JSON).status_code == 413
    assert ask(limited, f"/data{GENERAL}?lastNObservations=100", JSON).status_code == 200
    assert ask(limited, f"/data{CPI}?c[OBS_VALUE]=gt:376", JSON).status_code == 200
    assert (
        ask(limited, f"/data{CPI}?measures=none&attributes=none&lastNObservations=1&limit=3", JSON).status_code == 200
    )
    assert ask(limited, f"/data{CPI}", CSV).content == ask(live, f"/data{CPI}", CSV).content


@pytest.mark.proves("v1 http: status=413", "v1 http: error=510", "v1 http: error=130")
def test_the_limit_in_rest_1_5(limited: str) -> None:
    """A limit of the service has a code of its own; 130 would be one that the client set."""
    answer = ask(limited, "/data/CPI", api="v1")
    text = refusal(answer, 413)
    assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == "510"
    assert "63,661 cells" in text
    assert "startPeriod" in text
    assert "offset" not in text
    assert ask(limited, "/data/CPI?startPeriod=2024&endPeriod=2024", api="v1").status_code in (200, 404)


def test_the_limit_counts_what_changed_and_what_was(limited: str) -> None:
    assert "63,661" in refusal(ask(limited, f"/data{CPI}?updatedAfter=2001-01-01T00:00:00Z", JSON), 413)
    assert "63,661" in refusal(ask(limited, f"/data{CPI}?includeHistory=true", JSON), 413)
    found: dict[str, Any] = json.loads(ask(limited, f"/data{CPI}?includeHistory=true&limit=5", JSON).text)
    assert len(found["data"]["dataSets"]) == 1
