"""asOf, updatedAfter and includeHistory over HTTP: the consumer prices are revised, and clients follow from afar."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from support.asking import DATA_TYPES, ask, judge_data, refusal
from support.live import environment, run, serving

JSON, JSON20, XML, XML30, CSV, CSV20 = DATA_TYPES
FLOW = "/dataflow/SCI/CPI/1.0.0"
NAME = "SCI:CPI(1.0.0)"
KEY = ("FREQ", "REF_AREA", "RESIDENCE", "ITEM", "TRANSFORMATION", "BASE_PER", "TIME_PERIOD")
LEVELS = {"OBS_VALUE": KEY, "OBS_STATUS": KEY, "COMMENT_OBS": KEY, "SOURCE": ()}
"""Where components stand; those that are not named here belong to series."""

HEAD = f"STRUCTURE,STRUCTURE_ID,ACTION,{','.join(KEY)},OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS\n"
GENERAL, SERVICES, HEALTH = (f"M,IR,U,{item},N,B1395" for item in ("_T", "SERV", "CP06"))
FIRST = (
    f"M,{GENERAL},2002-03-21/P31D,10.7,A,,",
    f"M,{GENERAL},2002-04-21/P31D,10.8,E,,",
    f"D,{GENERAL},2002-05-22/P31D,,,,",
    f"D,{HEALTH},,,,,",
    f"M,{SERVICES},,,,3,",
)
SECOND = (
    f"M,{GENERAL},2002-05-22/P31D,10.8521,A,,",
    f"M,{GENERAL},2002-04-21/P31D,10.9,E,,",
    f"D,{SERVICES},,,,,-",
    f"M,{GENERAL},2023-03-21/P31D,999.5,A,,",
)

State = dict[tuple[str, ...], dict[str, str]]


class Revised(msgspec.Struct, frozen=True):
    """A server, and moments after each of its three disseminations."""

    base: str
    moments: tuple[str, str, str]

    def rows(self, query: str, accept: str = CSV) -> list[dict[str, str]]:
        """The rows of an answer in SDMX-CSV."""
        answer = ask(self.base, f"/data{FLOW}{query}", accept)
        assert answer.status_code in (200, 204), answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def _now() -> str:
    time.sleep(0.01)
    moment = dt.datetime.now(dt.UTC)
    time.sleep(0.01)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def _load(folder: Path, env: dict[str, str], text: str) -> None:
    file = folder / "changes.csv"
    file.write_text(text, "utf-8", newline="")
    run("data", "load", str(file), "--dataflow", NAME, env=env)


@pytest.fixture(scope="module")
def revised(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revised]:
    """The products, with two revisions of the consumer prices."""
    folder = tmp_path_factory.mktemp("revised")
    shutil.copytree(products["SDMX_DATA_DIR"], folder / "data")
    env = environment(folder / "data")
    moments = [_now()]
    for rows in (FIRST, SECOND):
        lines = []
        for row in rows:
            action, _, rest = row.partition(",")
            lines.append(f"dataflow,{NAME},{action},{rest}\n")
        _load(folder, env, HEAD + "".join(lines))
        moments.append(_now())
    with serving(env) as base:
        yield Revised(base, (moments[0], moments[1], moments[2]))


def _at(component: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """The part of a full key that a component has."""
    names = LEVELS.get(component, KEY[:-1])
    return (component, *(code for name, code in zip(KEY, key, strict=True) if name in names))


def _set(state: State, action: str, key: tuple[str, ...], cells: dict[str, str]) -> None:
    """Apply one row: ``key`` has empty codes where it is partial."""
    whole = all(key)
    if action == "Delete":
        names = set(cells) or {name for name, level in LEVELS.items() if level == KEY}
        for name in names:
            state.pop(_at(name, key), None)
        return
    if whole and action == "Replace":
        for name in (n for n, level in LEVELS.items() if level == KEY):
            state.pop(_at(name, key), None)
    for name, value in cells.items():
        state[_at(name, key)] = {"": value}


def _from_csv(rows: list[dict[str, str]]) -> State:
    state: State = {}
    actions = {"R": "Replace", "M": "Merge", "D": "Delete", "I": "Merge"}
    for row in rows:
        cells = {n.partition("[")[0]: v for n, v in row.items() if v and n not in KEY}
        cells = {n: v for n, v in cells.items() if n in COMPARED}
        _set(state, actions[row["ACTION"]], tuple(row[n] for n in KEY), cells)
    return state


COMPARED = ("OBS_VALUE", "OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE", "DECIMALS")
"""Components that are the same text in every format."""


def _from_xml(content: bytes) -> State:
    state: State = {}
    for data_set in etree.fromstring(content).iterchildren("{*}DataSet"):
        action = next(text for name, text in data_set.attrib.items() if str(name).endswith("action"))
        for series in data_set.iterchildren("Series"):
            of_series = {str(n): str(v) for n, v in series.attrib.items()}
            series_key = tuple(of_series.get(n, "") for n in KEY)
            shared = {n: v for n, v in of_series.items() if n in COMPARED}
            if shared:
                _set(state, "Merge" if action == "Replace" else action, series_key, shared)
            for obs in series.iterchildren("Obs"):
                key = (*series_key[:-1], str(obs.get("TIME_PERIOD")))
                _set(state, action, key, {str(n): str(v) for n, v in obs.attrib.items() if n in COMPARED})
    return state


def _from_json(message: dict[str, Any]) -> State:
    state: State = {}
    structures = message["data"]["structures"]
    for data_set in message["data"]["dataSets"]:
        structure, action = structures[data_set["structure"]], data_set["action"]
        levels, attributes = structure["dimensions"], structure["attributes"]
        of_series = [[v.get("id") or v["value"] for v in d["values"]] for d in levels["series"]]
        periods = [v.get("id") or v["value"] for v in levels["observation"][0].get("values", [])]
        for text, values in data_set.get("dimensionGroupAttributes", {}).items():
            places = text.split(":")
            codes = [own[int(i)] if i else "" for own, i in zip((*of_series, periods), places, strict=True)]
            cells = _json_cells(attributes["dimensionGroup"], values)
            _set(state, "Merge" if action == "Replace" else action, tuple(codes), cells)
        for text, series in data_set["series"].items():
            codes = [own[int(i)] for own, i in zip(of_series, text.split(":"), strict=True)]
            shared = _json_cells(attributes.get("series", []), series.get("attributes", []))
            if shared:
                _set(state, "Merge" if action == "Replace" else action, (*codes, ""), shared)
            for at, values in series["observations"].items():
                own = structure["measures"]["observation"] + attributes.get("observation", [])
                _set(state, action, (*codes, periods[int(at)]), _json_cells(own, values))
    return state


def _json_cells(components: list[dict[str, Any]], values: list[Any]) -> dict[str, str]:
    found = {}
    for component, value in zip(components, values, strict=False):
        if value is not None and component["id"] in COMPARED:
            listed = component.get("values")
            found[component["id"]] = str(listed[value]["id"] if listed else value)
    return found


def _numbers(state: State) -> State:
    """The state with numbers in one form, as an answer shows it: attributes only of series that have observations."""
    series = {k[1:-1] for k in state if k[0] == "OBS_VALUE"}
    state = {k: v for k, v in state.items() if LEVELS.get(k[0]) is not None or k[1:] in series}
    return _plain(state)


def _plain(state: State) -> State:
    return {k: {"": str(float(v[""]))} if k[0] in ("OBS_VALUE", "DECIMALS") else v for k, v in state.items()}


# ---- the past -----------------------------------------------------------------------------------------------------


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


# ---- what changed -------------------------------------------------------------------------------------------------


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


# ---- following from afar ------------------------------------------------------------------------------------------

CHOSEN = "/M.IR.U._T+SERV+CP06.N.B1395".replace("+", ".N.B1395,M.IR.U.")


@pytest.mark.parametrize("start", [0, 1])
def test_a_client_that_applies_the_changes_has_the_data(revised: Revised, start: int) -> None:
    now = _numbers(_from_csv(revised.rows(CHOSEN)))
    held = revised.rows(f"{CHOSEN}?asOf={revised.moments[start]}")
    asked = f"/data{FLOW}{CHOSEN}?updatedAfter={revised.moments[start]}"
    assert _numbers(_from_csv([*held, *revised.rows(f"{CHOSEN}?updatedAfter={revised.moments[start]}")])) == now
    changes = _plain(_from_csv(revised.rows(f"{CHOSEN}?updatedAfter={revised.moments[start]}")))
    assert _plain(_from_xml(ask(revised.base, asked, XML).content)) == changes
    assert _plain(_from_json(ask(revised.base, asked, JSON).json())) == changes


@pytest.mark.proves(
    "v2 data: includeHistory=true with updatedAfter",
)
def test_the_history_replays_every_state(revised: Revised) -> None:
    rows = revised.rows(f"{CHOSEN}?includeHistory=true")
    moments = sorted({r["VALID_FROM"] or r["VALID_TO"] for r in rows})
    assert len(moments) == 3
    shapes = {(r["ACTION"], bool(r["VALID_FROM"]), bool(r["VALID_TO"])) for r in rows}
    assert shapes == {("R", True, False), ("D", False, True)}
    for moment, then in zip(moments, revised.moments, strict=True):
        told = [r for r in rows if (r["VALID_FROM"] or r["VALID_TO"]) <= moment]
        assert _numbers(_from_csv(told)) == _numbers(_from_csv(revised.rows(f"{CHOSEN}?asOf={then}")))
    asked = f"/data{FLOW}{CHOSEN}?includeHistory=true"
    now = _numbers(_from_csv(revised.rows(CHOSEN)))
    assert _numbers(_from_xml(ask(revised.base, asked, XML).content)) == now
    assert _numbers(_from_json(ask(revised.base, asked, JSON).json())) == now
    later = revised.rows(f"{CHOSEN}?includeHistory=true&updatedAfter={revised.moments[0]}")
    assert later == [r for r in rows if (r["VALID_FROM"] or r["VALID_TO"]) > moments[0]]


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


def test_pages_of_what_changed_make_the_whole(revised: Revised) -> None:
    for query in (f"updatedAfter={revised.moments[0]}", "includeHistory=true"):
        asked = f"{CHOSEN}?{query}"
        whole = revised.rows(asked)
        pages = [revised.rows(f"{asked}&offset={place}&limit=100") for place in range(0, len(whole) + 100, 100)]
        assert [row for page in pages for row in page] == whole
        assert len([page for page in pages if page]) > 1
        latest = revised.rows(f"{asked}&sort=TIME_PERIOD:desc&limit=1")
        assert latest[0]["TIME_PERIOD"] >= "2018"


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


def test_a_second_server_is_kept_up_to_date_by_changes(
    revised: Revised, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("replica")
    env = environment(folder / "data")
    run("bootstrap", env=env)
    before = ask(revised.base, f"/data{FLOW}?asOf={revised.moments[0]}", CSV).text
    assert run("data", "export", NAME, env=env).stdout.split() == before.split()
    _load(folder, env, ask(revised.base, f"/data{FLOW}?updatedAfter={revised.moments[0]}", CSV).text)
    after = ask(revised.base, f"/data{FLOW}", CSV).text
    assert run("data", "export", NAME, env=env).stdout.split() == after.split()


# ---- the 2.1 generation -------------------------------------------------------------------------------------------


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
