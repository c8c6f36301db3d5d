"""asOf and includeHistory over HTTP: the data as they were at a moment, and every state that they had."""

from __future__ import annotations

import pytest
from lxml import etree
from support.asking import DATA_TYPES, ask
from support.revised import FLOW, Revised

_, JSON20, _, XML30, CSV, _ = DATA_TYPES


@pytest.mark.proves(
    "v2 data: asOf={moment}",
)
def test_as_of_gives_the_data_as_they_were(revised: Revised) -> None:
    query = "/M.IR.U._T.N.B1395?c[TIME_PERIOD]=le:2002-06-21"
    values = [
        {r["TIME_PERIOD"]: r["OBS_VALUE"] for r in revised.rows(f"{query}&asOf={moment}")} for moment in revised.moments
    ]
    first, second, third = "2002-03-21/P31D", "2002-04-21/P31D", "2002-05-22/P31D"
    assert values[0] == {first: "10.6936", second: "10.7941", third: "10.8521"}
    assert values[1] == {first: "10.7", second: "10.8"}
    assert values[2] == {first: "10.7", second: "10.9", third: "10.8521"}
    assert revised.rows(query) == revised.rows(f"{query}&asOf={revised.moments[2]}")
    assert revised.rows(query) == revised.rows(f"{query}&asOf=9999-12-31T00:00:00Z")
    multipliers = [{r["UNIT_MULT"] for r in revised.rows(f"/M.IR.U.SERV.N.B1395?asOf={m}")} for m in revised.moments]
    assert multipliers == [{"0"}, {"3"}, {"3"}]


def test_before_the_first_dissemination_there_is_nothing(revised: Revised) -> None:
    assert ask(revised.base, f"/data{FLOW}?asOf=2001-01-01T00:00:00Z").status_code == 204
    assert ask(revised.base, f"/data{FLOW}?asOf=2001-01-01T00:00:00&includeHistory=true").status_code == 204


def test_a_vintage_keeps_its_etag(revised: Revised) -> None:
    path = f"/data{FLOW}/M.IR.U._T.N.B1395?asOf={revised.moments[0]}"
    answer = ask(revised.base, path, CSV)
    again = ask(revised.base, path, CSV, If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304
    later = ask(revised.base, path.replace(revised.moments[0], revised.moments[1]), CSV)
    assert later.headers["ETag"] != answer.headers["ETag"]
    assert later.headers["Last-Modified"] != answer.headers["Last-Modified"] or later.content != answer.content


@pytest.mark.proves("v2 data: includeHistory=true")
def test_the_history_of_the_last_observations(revised: Revised) -> None:
    """Of each data set no more than so many of a series; what is gone is told whole."""
    rows = revised.rows("/M.IR.U._T.N.B1395?includeHistory=true&lastNObservations=2&attributes=none")
    told = [(r["ACTION"], r["TIME_PERIOD"], r["OBS_VALUE"]) for r in rows]
    before = revised.rows(f"/M.IR.U._T.N.B1395?asOf={revised.moments[0]}&lastNObservations=2")
    assert [period for _, period, _ in told[:2]] == [r["TIME_PERIOD"] for r in before]
    assert told[2:] == [
        ("M", "2002-03-21/P31D", "10.7"),
        ("M", "2002-04-21/P31D", "10.8"),
        ("D", "2002-05-22/P31D", ""),
        ("M", "2002-05-22/P31D", "10.8521"),
        ("M", "2023-03-21/P31D", "999.5"),
    ]
    first = revised.rows("/M.IR.U._T.N.B1395?includeHistory=true&firstNObservations=1&attributes=none")
    assert [(r["ACTION"], r["TIME_PERIOD"], r["OBS_VALUE"]) for r in first] == [
        ("M", "2002-03-21/P31D", "10.6936"),
        ("M", "2002-03-21/P31D", "10.7"),
        ("D", "2002-05-22/P31D", ""),
        ("M", "2002-04-21/P31D", "10.9"),
    ]


@pytest.mark.proves("v1 data: includeHistory=true")
@pytest.mark.parametrize("detail", ["full", "dataonly", "serieskeysonly", "nodata"])
def test_the_history_in_every_detail(revised: Revised, detail: str) -> None:
    path = f"/data/CPI/M.IR.U._T.N.B1395?includeHistory=true&detail={detail}&endPeriod=2002-06-21"
    kind = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
    root = etree.fromstring(ask(revised.base, path, kind, api="v1").content)
    sets = list(root.iter("{*}DataSet"))
    actions = [s.xpath("string(@*[local-name()='action'])") for s in sets]
    alone = detail in ("serieskeysonly", "nodata")
    assert actions == (["Replace"] * 3 if alone else ["Replace", "Replace", "Delete", "Replace"])
    kept = [s for s, action in zip(sets, actions, strict=True) if action == "Replace"]
    values = [[obs.get("OBS_VALUE") for obs in s.iter("{*}Obs")] for s in kept]
    whole = [["10.6936", "10.7941", "10.8521"], ["10.7", "10.8"], ["10.9", "10.8521"]]
    assert values == ([[], [], []] if alone else whole)
    assert all(
        bool(one.get("UNIT_MULT")) is (detail in ("full", "nodata")) for s in kept for one in s.iter("{*}Series")
    )


def test_data_sets_say_from_when_until_when(revised: Revised) -> None:
    path = f"/data{FLOW}/M.IR.U._T.N.B1395?includeHistory=true"
    xml = etree.fromstring(ask(revised.base, path, XML30).content)
    sets = [{etree.QName(n).localname: v for n, v in s.attrib.items()} for s in xml.iterchildren("{*}DataSet")]
    assert [s["action"] for s in sets] == ["Replace", "Replace", "Delete", "Replace"]
    assert [("validFromDate" in s, "validToDate" in s) for s in sets] == [
        (True, False),
        (True, False),
        (False, True),
        (True, False),
    ]
    found = ask(revised.base, path, JSON20).json()["data"]["dataSets"]
    assert [s.get("validFrom") for s in found] == [s.get("validFromDate") for s in sets]
    assert [s.get("validTo") for s in found] == [s.get("validToDate") for s in sets]
