"""Data queries against a running server, each part of the syntax by itself."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from support.asking import PRODUCTS, ask, refusal, rows
from support.oracle import Export

POP = "/dataflow/SCI/CENSUS_POP/1.0.0"
CPI = "/dataflow/SCI/CPI/1.0.0"
Y1395 = "2016-03-20/P366D"
ALL_OF_1395 = f"{POP}/A.IR.*.*._T?c[TIME_PERIOD]={Y1395}"


@pytest.fixture(scope="module")
def exports(live: str) -> dict[str, Export]:
    """Every product as exported."""
    return {f: Export(ask(live, f"/data/dataflow/SCI/{f}/1.0.0", "text/csv").content) for f in PRODUCTS}


def keys(base: str, path: str) -> set[tuple[str, ...]]:
    found = rows(base, path)
    names = list(found[0]) if found else []
    return {tuple(row[n] for n in names[3 : names.index("TIME_PERIOD") + 1]) for row in found}


# ---- which dataflow -----------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 data: agencyID={id}",
    "v2 data: resourceID={id}",
    "v2 data: version={version}",
    "v2 data: version=A,B",
    "v2 data: version=*",
    "v2 data: version=+",
    "v2 data: version=~",
    "v2 data: agencyID=A,B",
    "v2 data: resourceID=A,B",
    "v2 data: key=*",
)
@pytest.mark.parametrize(
    "path",
    [
        "/dataflow/SCI/VITAL/1.0.0",
        "/dataflow/SCI/VITAL/1.0.0/",
        "/dataflow/SCI/VITAL",
        "/dataflow/SCI/VITAL/+",
        "/dataflow/SCI/VITAL/~",
        "/dataflow/SCI/VITAL/*",
        "/dataflow/SCI/VITAL/1.0+.0",
        "/dataflow/SCI/VITAL/1.0.0,2.0.0",
        "/dataflow/*/VITAL",
        "/*/SCI/VITAL",
        "/dataflow/SCI,OTHER/VITAL,NOTHING/1.*.0",
        "/dataflow/SCI/%56ITAL/1%2E0.0/%2A",
    ],
)
def test_the_same_dataflow_by_every_address(live: str, path: str) -> None:
    assert {row["OBS_VALUE"] for row in rows(live, path)} == {"979923", "458848", "470372", "194078"}


def test_one_answer_may_hold_several_dataflows(live: str) -> None:
    found = ask(live, "/data/dataflow/SCI/VITAL,HOUSEHOLDS", "application/vnd.sdmx.data+json;version=2.1.0").json()
    assert len(found["data"]["dataSets"]) == 2
    message = etree.fromstring(ask(live, "/data/dataflow/SCI/VITAL,HOUSEHOLDS", "application/xml").content)
    assert len(message.findall("{*}DataSet")) == 2


# ---- keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 data: key=values omitted at the end",
)
@pytest.mark.parametrize(
    ("same", "other"),
    [
        ("A.IR._T._T._T", "A.IR._T._T._T,A.IR._T._T._T"),
        ("A.IR.*.*._T", "A.IR..._T"),
        ("A.IR", "A.IR.*.*.*"),
        ("A.IR.*", "A.IR"),
        ("*", "*.*.*"),
        ("A.IR.U,A.IR.R", "A.IR.R,A.IR.U"),
        ("A.IR,A.IR.U", "A.IR"),
        ("A.IR._T._T._T", "A%2EIR._T._T._T"),
        ("A.IR.U,A.IR.R", "A.IR.U%2CA.IR.R"),
        ("A.IR,A.NOWHERE", "A.IR"),
    ],
)
def test_keys_that_mean_the_same(live: str, same: str, other: str) -> None:
    period = f"?c[TIME_PERIOD]={Y1395}&attributes=none"
    found = keys(live, f"{POP}/{same}{period}")
    assert found
    assert found == keys(live, f"{POP}/{other}{period}")


@pytest.mark.proves(
    "v2 data: key={key}",
    "v2 data: key=A,B",
    "v2 data: key=A.*.B",
)
@pytest.mark.parametrize("key", ["A.IR", "A.IR.U,A.IR-01.R.M", "*.IR-03..F.Y0T4,A.IR._T._T", "A.NOWHERE"])
def test_keys_select_what_they_say(live: str, exports: dict[str, Export], key: str) -> None:
    expected = exports["CENSUS_POP"].select([part.split(".") for part in key.split(",")])
    assert len(rows(live, f"{POP}/{key}")) == len(expected)


@pytest.mark.parametrize(
    ("key", "word"),
    [("A.IR._T._T._T.X", "6 parts"), ("A.IR._T._T._T.2016", "FREQ.REF_AREA"), ("A.IR.U+R", "commas"), ("A, B", "%20")],
)
def test_keys_that_are_wrong(live: str, key: str, word: str) -> None:
    text = refusal(ask(live, f"/data{POP}/{key.replace(' ', '%20')}"), 400)
    assert word in text or "blanks" in text


# ---- filters ------------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 data: c=of a dimension",
)
@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("c[SEX]=F", {"F"}),
        ("c[SEX]=eq:F", {"F"}),
        ("c[SEX]=ne:F", {"_T", "M"}),
        ("c[SEX]=F,M", {"F", "M"}),
        ("c[SEX]=ge:F+le:M", {"F", "M"}),
        ("c[SEX]=gt:F+lt:_T", {"M"}),
        ("c[SEX]=co:T", {"_T"}),
        ("c[SEX]=nc:T", {"F", "M"}),
        ("c[SEX]=sw:_", {"_T"}),
        ("c[SEX]=ew:T", {"_T"}),
        ("c[SEX]=ne:F,F", {"F", "M", "_T"}),
        ("c[SEX]=ne:F+ne:M", {"_T"}),
        ("c[SEX]=ne:F,ne:M", {"F", "M", "_T"}),
        ("c[SEX]=F+M", set()),
        ("c[SEX]=F%2CM", {"F", "M"}),
        ("c%5BSEX%5D=F", {"F"}),
        ("c%5bSEX%5d=ne%3AF%2Bne%3AM", {"_T"}),
        ("c[SEX]=NOBODY", set()),
        ("c[SEX]=M&c[AGE]=_T", {"M"}),
    ],
)
def test_filters_on_a_dimension(live: str, query: str, places: set[str]) -> None:
    found = rows(live, f"{POP}/A.IR.*.*._T?c[TIME_PERIOD]={Y1395}&{query}")
    assert {row["SEX"] for row in found} == places


CENSUSES = {"2006-03-21/P365D", "2011-03-21/P365D", Y1395}


@pytest.mark.proves(
    "v2 data: c=of TIME_PERIOD",
)
@pytest.mark.parametrize(
    ("condition", "periods"),
    [
        (Y1395, {Y1395}),
        ("eq:" + Y1395, {Y1395}),
        ("2016", set()),
        ("2016-03-20/P2Y", {Y1395}),
        ("ne:" + Y1395, CENSUSES - {Y1395}),
        ("ge:2011", CENSUSES - {"2006-03-21/P365D"}),
        ("ge:2011-03-21", CENSUSES - {"2006-03-21/P365D"}),
        ("ge:2011-03-22", {Y1395}),
        ("gt:2011", {Y1395}),
        ("gt:2011-03-21/P365D", {Y1395}),
        ("le:2012", CENSUSES - {Y1395}),
        ("le:2011", {"2006-03-21/P365D"}),
        ("lt:2012-03-20", CENSUSES - {Y1395}),
        ("lt:2012-03-19", {"2006-03-21/P365D"}),
        ("ge:2011+le:2012", {"2011-03-21/P365D"}),
        ("ge:2006+le:2007,ge:2016+le:2017", {"2006-03-21/P365D", Y1395}),
        ("ge:2011-01-01T00:00:00%2Ble:2012-12-31T00:00:00", {"2011-03-21/P365D"}),
        ("ge:2011-Q1+lt:2013-A1", {"2011-03-21/P365D"}),
    ],
)
def test_filters_on_time_are_ranges(live: str, condition: str, periods: set[str]) -> None:
    found = rows(live, f"{POP}/A.IR._T._T._T?c[TIME_PERIOD]={condition}&attributes=none")
    assert {row["TIME_PERIOD"] for row in found} == periods


def test_a_year_of_another_calendar_holds_its_months(live: str) -> None:
    found = rows(live, f"{CPI}/M.IR.*._T.N.B1395?c[TIME_PERIOD]={Y1395}")
    assert len(found) == 12
    assert {row["TIME_LABEL"] for row in found} == {f"1395-{month:02}" for month in range(1, 13)}


@pytest.mark.proves(
    "v2 data: c=refused: one component twice",
    "v2 data: asOf=refused: before updatedAfter",
)
@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("c[TIME_PERIOD]=", "empty"),
        ("c[SEX]=", "empty"),
        ("c[SEX]=F&c[SEX]=M", "twice"),
        ("c[]=F", "component"),
        ("c=F", "c[COMPONENT]"),
        ("c[SEX]=%FF", "UTF-8"),
        ("c[SEX]=%00", "control"),
        ("firstNObservations=0", "firstNObservations"),
        ("lastNObservations=-1", "lastNObservations"),
        ("lastNObservations=many", "lastNObservations"),
        ("attributes=none,OBS_STATUS", "none"),
        ("measures=all,OBS_VALUE", "all"),
        ("reportingYearStartDay=--02-30", "reportingYearStartDay"),
        ("nonsense=1", "lastNObservations"),
        ("Lang=fa", "lang"),
        ("detail=full", "attributes"),
        ("asOf=yesterday", "asOf"),
        ("updatedAfter=2024-05-01T12:00:00Z&asOf=2024-04-01T12:00:00Z", "earlier"),
        ("sort=a b", "sort"),
        ("limit=0", "limit"),
    ],
)
def test_parameters_that_are_wrong(live: str, query: str, word: str) -> None:
    assert word in refusal(ask(live, f"/data{POP}?{query.replace(' ', '%20')}"), 400)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("c[TIME_PERIOD]=1395x", "time period"),
        ("c[TIME_PERIOD]=ge:last", "time period"),
        ("c[OBS_VALUE]=ge:x", "number"),
    ],
)
def test_values_that_a_component_cannot_have(live: str, query: str, word: str) -> None:
    """Well-formed queries that make no sense for the structure (REST 2.2.2 ``status.md``)."""
    assert word in refusal(ask(live, f"/data{POP}?{query}"), 422)


@pytest.mark.parametrize(
    "query", ["c[COLOUR]=red", "dimensionAtObservation=COLOUR", "attributes=COLOUR", "measures=COLOUR"]
)
def test_components_that_are_not_there(live: str, query: str) -> None:
    text = refusal(ask(live, f"/data{POP}?{query}"), 422)
    assert "'COLOUR'" in text
    assert "SEX" in text or "OBS_STATUS" in text or "OBS_VALUE" in text


@pytest.mark.proves(
    "v2 data: includeHistory=false",
)
def test_tracking_parameters_are_ignored(live: str) -> None:
    assert len(rows(live, "/dataflow/SCI/VITAL?utm_source=x&_=17&includeHistory=false&offset=0")) == 4


# ---- what of it ---------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 data: firstNObservations",
    "v2 data: lastNObservations",
)
@pytest.mark.parametrize(
    ("query", "picked"),
    [
        ("firstNObservations=1", (0,)),
        ("firstNObservations=2", (0, 1)),
        ("lastNObservations=1", (-1,)),
        ("firstNObservations=1&lastNObservations=1", (0, -1)),
        ("firstNObservations=100000", range(1000)),
    ],
)
def test_first_and_last_observations(live: str, query: str, picked: Any) -> None:
    every = [row["TIME_PERIOD"] for row in rows(live, f"{CPI}/M.IR.U._T.N.B1395")]
    assert every == sorted(every)
    some = [row["TIME_PERIOD"] for row in rows(live, f"{CPI}/M.IR.U._T.N.B1395?{query}")]
    assert some == [period for i, period in enumerate(every) if i in picked or i - len(every) in picked]


@pytest.mark.proves(
    "v2 data: attributes=none",
    "v2 data: attributes=obs",
    "v2 data: attributes=A,B",
    "v2 data: measures=none",
    "v2 data: attributes=dataset",
    "v2 data: measures={measure}",
)
@pytest.mark.parametrize(
    ("query", "header"),
    [
        ("attributes=none", "OBS_VALUE"),
        ("attributes=none&measures=none&dimensionAtObservation=AllDimensions", ""),
        ("attributes=OBS_STATUS&measures=none", "OBS_STATUS"),
        ("attributes=TIME_LABEL,OBS_STATUS", "OBS_VALUE,OBS_STATUS,TIME_LABEL"),
        ("attributes=obs", "OBS_VALUE,OBS_STATUS,CONF_STATUS,COMMENT_OBS[fa]"),
        ("attributes=dataset&measures=OBS_VALUE", "OBS_VALUE,SOURCE[fa]"),
    ],
)
def test_attributes_and_measures(live: str, query: str, header: str) -> None:
    [line, *_] = ask(live, f"/data{ALL_OF_1395}&{query}", "text/csv").text.splitlines()
    found = line.split("TIME_PERIOD")[1].lstrip(",")
    assert found.replace("[en;fa]", "[fa]").replace("[en]", "[fa]") == header


@pytest.mark.proves(
    "v2 data: dimensionAtObservation=TIME_PERIOD",
    "v2 data: dimensionAtObservation=AllDimensions",
    "v2 data: dimensionAtObservation={dimension}",
)
@pytest.mark.parametrize("at", ["TIME_PERIOD", "SEX", "AllDimensions"])
def test_the_dimension_at_the_observation(live: str, at: str) -> None:
    answer = ask(live, f"/data{ALL_OF_1395}&dimensionAtObservation={at}", "application/xml")
    message = etree.fromstring(answer.content)
    [structure] = message.iter("{*}Structure")
    assert structure.get("dimensionAtObservation") == at
    series = list(message.iter("Series"))
    assert bool(series) is (at != "AllDimensions")
    assert all(one.get(at) is None for one in series)
    assert all(obs.get(at) for obs in message.iter("Obs") if at != "AllDimensions")
    flat = ask(live, f"/data{ALL_OF_1395}&dimensionAtObservation={at}", "application/json").json()
    dimensions = flat["data"]["structures"][0]["dimensions"]
    at_observation = [d["id"] for d in dimensions["observation"]]
    assert at_observation == (
        [at] if at != "AllDimensions" else ["FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD"]
    )


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/dataflow/SCI/NOTHING", 404, "no such dataflow"),
        ("/dataflow/NOBODY/CPI", 404, "no such dataflow"),
        ("/dataflow/SCI/CPI/9.9.9", 404, "no such dataflow"),
        ("/datastructure/SCI/NOTHING", 404, "no such data structure: SCI:NOTHING(*)"),
        ("/provisionagreement/SCI/NOTHING", 404, "no such provision agreement"),
        ("/datafloe/SCI/CPI", 400, "dataflow"),
        ("/dataflow/SCI//1.0.0", 400, "empty part"),
        ("/dataflow/SCI/CPI/1.+.3", 400, "1.+"),
        ("/dataflow/SCI/CPI/1.0.0/*/more", 400, "too many parts"),
        ("/dataflow/S%00CI", 400, "control"),
        ("/dataflow/SCI/%C3%28", 400, "UTF-8"),
        ("/dataflow/SCI/%zz", 400, "%zz"),
        ("/dataflow/SCI/..%2F..%2Fetc%2Fpasswd", 400, "etc"),
        ("/dataflow/SCI/CPI'%20OR%201=1--", 400, "OR"),
    ],
)
def test_paths_that_are_wrong(live: str, path: str, status: int, word: str) -> None:
    assert word in refusal(ask(live, f"/data{path}"), status)
