"""updatedAfter over HTTP, in both versions of the API: what is new, revised or gone since a moment."""

from __future__ import annotations

import pytest
from lxml import etree
from support.asking import DATA_TYPES, ask, judge_data, refusal
from support.revised import FLOW, Revised

CSV20 = DATA_TYPES[5]


@pytest.mark.proves(
    "v2 data: updatedAfter=added",
    "v2 data: updatedAfter=revised",
    "v2 data: updatedAfter=deleted",
)
def test_what_changed_since_the_first_dissemination(revised: Revised) -> None:
    rows = revised.rows(f"?updatedAfter={revised.moments[0]}")
    told = {(r["ACTION"], r["ITEM"], r["TIME_PERIOD"]): r["OBS_VALUE"] for r in rows if r["ITEM"] != "CP06"}
    assert told == {
        ("R", "_T", "2002-03-21/P31D"): "10.7",
        ("R", "_T", "2002-04-21/P31D"): "10.9",
        ("R", "_T", "2023-03-21/P31D"): "999.5",
        ("R", "SERV", ""): "",
        ("D", "SERV", ""): "",
    }  # deleted and added again as it was: not changed
    assert {r["ACTION"] for r in rows if r["ITEM"] == "CP06"} == {"D"}
    before = revised.rows(f"/M.IR.U.CP06.N.B1395?asOf={revised.moments[0]}")
    gone = [r["TIME_PERIOD"] for r in rows if r["ITEM"] == "CP06" and r["TIME_PERIOD"]]
    assert gone == [r["TIME_PERIOD"] for r in before]
    removed = next(r for r in rows if r["ACTION"] == "D" and r["ITEM"] == "SERV")
    assert (removed["DECIMALS"] != "", removed["UNIT_MULT"]) == (True, "")
    assert {r["ACTION"] for r in revised.rows(f"?updatedAfter={revised.moments[0]}", CSV20)} == {"R", "D"}


def test_of_some_components_changes_are_merged(revised: Revised) -> None:
    query = f"/M.IR.U._T.N.B1395?measures=none&attributes=OBS_STATUS&updatedAfter={revised.moments[0]}"
    assert [(r["ACTION"], r["TIME_PERIOD"], r["OBS_STATUS"]) for r in revised.rows(query)] == [
        ("M", "2002-04-21/P31D", "E"),
        ("M", "2023-03-21/P31D", "A"),
    ]


def test_what_has_none_of_the_components_asked_for_is_no_row(revised: Revised) -> None:
    """A row that merges nothing is none that SDMX 3.1 allows; the new month has no comment."""
    query = f"/M.IR.U._T.N.B1395?measures=none&attributes=COMMENT_OBS&updatedAfter={revised.moments[0]}"
    assert ask(revised.base, f"/data{FLOW}{query}").status_code == 204
    both = revised.rows(query.replace("COMMENT_OBS", "COMMENT_OBS,OBS_STATUS"))
    assert [(r["ACTION"], r["TIME_PERIOD"]) for r in both] == [("M", "2002-04-21/P31D"), ("M", "2023-03-21/P31D")]


def test_nothing_changed(revised: Revised) -> None:
    assert ask(revised.base, f"/data{FLOW}?updatedAfter={revised.moments[2]}").status_code == 204
    assert ask(revised.base, f"/data{FLOW}/A?updatedAfter={revised.moments[1]}").status_code == 204
    nothing = ask(revised.base, f"/data/CPI?updatedAfter={revised.moments[2]}", api="v1")
    assert nothing.status_code == 404


@pytest.mark.proves(
    "v2 data: updatedAfter=without an offset",
)
def test_all_there_is_changed_since_before_the_first_dissemination(revised: Revised) -> None:
    key = "/M.IR.U._T.N.B1395"
    assert revised.rows(f"{key}?updatedAfter=2001-01-01T00:00:00Z") == revised.rows(key)
    with_offset = revised.rows(f"{key}?updatedAfter=2001-01-01T00:00:00+03:30")
    assert with_offset == revised.rows(key)


def test_changes_between_two_moments(revised: Revised) -> None:
    first, second, _ = revised.moments
    rows = revised.rows(f"/M.IR.U._T.N.B1395?updatedAfter={first}&asOf={second}")
    assert [(r["ACTION"], r["TIME_PERIOD"], r["OBS_VALUE"]) for r in rows] == [
        ("R", "2002-03-21/P31D", "10.7"),
        ("R", "2002-04-21/P31D", "10.8"),
        ("D", "2002-05-22/P31D", ""),
    ]
    assert "earlier" in refusal(ask(revised.base, f"/data{FLOW}?updatedAfter={second}&asOf={first}"), 400)


@pytest.mark.parametrize("accept", DATA_TYPES)
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
@pytest.mark.parametrize("asked", ["updatedAfter={0}", "includeHistory=true"])
def test_changes_fit_the_schemas(revised: Revised, accept: str, at: str, asked: str) -> None:
    query = asked.format(revised.moments[0])
    answer = ask(
        revised.base, f"/data{FLOW}/M.IR.U._T.N.B1395,M.IR.U.SERV.N.B1395?{query}&dimensionAtObservation={at}", accept
    )
    assert answer.status_code == 200
    judge_data(revised.base, "CPI", answer, at)


@pytest.mark.proves("v1 availability: updatedAfter", "v2 availability: updatedAfter")
def test_availability_of_what_is_new_changed_or_gone(revised: Revised) -> None:
    def metrics(moment: str) -> tuple[int, int] | None:
        path = f"/availability{FLOW}/M.IR.U?updatedAfter={moment}"
        answer = ask(revised.base, path, "application/vnd.sdmx.structure+xml;version=3.1.0")
        if answer.status_code == 204:
            return None
        found = next(e for e in etree.fromstring(answer.content).iter() if "obsCount" in e.attrib)
        return int(found.attrib["obsCount"]), int(found.attrib["seriesCount"])

    health = len(revised.rows(f"/M.IR.U.CP06.N.B1395?asOf={revised.moments[0]}"))
    assert health > 100
    assert metrics(revised.moments[0]) == (3 + health, 2)
    assert metrics(revised.moments[1]) == (3, 1)
    assert metrics(revised.moments[2]) is None
    assert metrics("2001-01-01T00:00:00Z") != (3 + health, 2)

    def items(moment: str) -> list[str]:
        answer = ask(revised.base, f"/availableconstraint/CPI/M.IR.U.../all/ITEM?updatedAfter={moment}", api="v1")
        assert answer.status_code in (200, 404)
        return sorted(value.text or "" for value in etree.fromstring(answer.content).iter("{*}Value"))

    assert [items(moment) for moment in revised.moments] == [["CP06", "_T"], ["_T"], []]


def test_filters_on_values_in_what_changed(revised: Revised) -> None:
    """What was set is judged as it is now, what is gone as it was."""
    key = "/M.IR.U._T.N.B1395"
    rows = revised.rows(f"{key}?updatedAfter={revised.moments[0]}&c[OBS_STATUS]=E&attributes=OBS_STATUS")
    assert [(r["ACTION"], r["TIME_PERIOD"], r["OBS_STATUS"]) for r in rows] == [("M", "2002-04-21/P31D", "E")]
    first, second, _ = revised.moments
    gone = revised.rows(f"{key}?updatedAfter={first}&asOf={second}&c[OBS_VALUE]=gt:10.85&attributes=none")
    assert [(r["ACTION"], r["TIME_PERIOD"]) for r in gone] == [("D", "2002-05-22/P31D")]
    then = revised.rows(f"{key}?asOf={second}&c[OBS_STATUS]=E")
    assert [r["OBS_VALUE"] for r in then] == ["10.8"]
    assert revised.rows(f"{key}?asOf={first}&c[OBS_STATUS]=E") == []


@pytest.mark.proves(
    "v1 data: updatedAfter=added",
    "v1 data: updatedAfter=revised",
    "v1 data: updatedAfter=deleted",
)
def test_changes_in_rest_1_5(revised: Revised) -> None:
    path = f"/data/CPI/M.IR.U._T+SERV.N.B1395?updatedAfter={revised.moments[0]}"
    kind = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
    xml = etree.fromstring(ask(revised.base, path, kind, api="v1").content)
    found = [
        (obs.get("TIME_PERIOD"), obs.get("OBS_VALUE"))
        for s in xml.iterchildren("{*}DataSet")
        for obs in s.iter("{*}Obs")
    ]
    assert found == [("2002-03-21/P31D", "10.7"), ("2002-04-21/P31D", "10.9"), ("2023-03-21/P31D", "999.5")]
    actions = [v for s in xml.iterchildren("{*}DataSet") for n, v in s.attrib.items() if str(n).endswith("action")]
    assert actions == ["Replace", "Replace", "Delete"]
    refused = ask(revised.base, path, "application/vnd.sdmx.data+csv;version=1.0.0", api="v1")
    assert refused.status_code == 406


def test_series_alone_tell_what_changed_and_never_a_deletion(revised: Revised) -> None:
    """A client would read a deleted key of a series without observations as the deletion of the whole series."""
    key = "M.IR.U._T+CP06.N.B1395"
    asked = f"/data/CPI/{key}?updatedAfter={revised.moments[0]}&detail=serieskeysonly"
    answer = ask(revised.base, asked, "application/vnd.sdmx.structurespecificdata+xml;version=2.1", api="v1")
    root = etree.fromstring(answer.content)
    assert [s.get("ITEM") for s in root.iter("{*}Series")] == ["_T"]
    assert {s.xpath("string(@*[local-name()='action'])") for s in root.iter("{*}DataSet")} == {"Replace"}
