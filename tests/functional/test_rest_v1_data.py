"""Data queries of REST 1.5.0 against a running server, in every format of SDMX 2.1."""

from __future__ import annotations

import csv
from typing import Any

import pytest
import requests
from lxml import etree
from support.asking import ask, judge_data, refusal
from support.figures import figures

from sdmx_server.formats.api import Format
from sdmx_server.web import v1

POP = "/data/CENSUS_POP/A.IR._T._T._T"
Y1395 = "startPeriod=2016-03-20&endPeriod=2017-03-20"
CSV = "text/csv"
JSON = "application/vnd.sdmx.data+json;version=1.0.0"
FORMATS = [pytest.param(f, id=f.name) for f in v1.DATA]


def get(base: str, path: str, accept: str | None = None, **more: Any) -> requests.Response:
    return ask(base, path, accept, api="v1", **more)


def media_type(chosen: Format) -> str:
    return f"{chosen.media_type};version={chosen.version}"


def rows(base: str, path: str) -> list[list[str]]:
    """The rows of an answer in SDMX-CSV 1.0 without their head; no field of these holds a comma."""
    answer = get(base, path, CSV)
    assert answer.status_code == 200, answer.text
    return [line.split(",") for line in answer.text.splitlines()[1:]]


# ---- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v1 data: Accept=application/vnd.sdmx.genericdata+xml;version=2.1",
    "v1 data: Accept=application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    "v1 data: Accept=application/vnd.sdmx.generictimeseriesdata+xml;version=2.1",
    "v1 data: Accept=application/vnd.sdmx.structurespecifictimeseriesdata+xml;version=2.1",
    "v1 data: Accept=application/vnd.sdmx.data+json;version=1.0.0",
    "v1 data: Accept=application/vnd.sdmx.data+csv;version=1.0.0",
    "v1 data: startPeriod=Gregorian period",
    "v1 data: startPeriod=with endPeriod",
    "v1 data: endPeriod=Gregorian period",
    "v1 data: startPeriod=reporting period",
    "v1 data: lastNObservations=with startPeriod",
    "v1 data: key={key}",
)
@pytest.mark.parametrize("chosen", FORMATS)
@pytest.mark.parametrize(
    ("periods", "published"),
    [
        (Y1395, [79926270]),
        ("startPeriod=2016&endPeriod=2017", [79926270]),
        ("startPeriod=2011-03-21&endPeriod=2012-03-19", [75149669]),
        ("startPeriod=2006-03-21&endPeriod=2007-03-20", [70495782]),
        ("startPeriod=2011-03&endPeriod=2017-03", [75149669, 79926270]),
        ("startPeriod=2011-Q1&lastNObservations=1", [79926270]),
        ("endPeriod=2017&startPeriod=2011&firstNObservations=1", [75149669]),
    ],
)
def test_the_population_of_the_country(live: str, chosen: Format, periods: str, published: list[int]) -> None:
    answer = get(live, f"{POP}?{periods}", media_type(chosen))
    assert answer.headers["Content-Type"].startswith(media_type(chosen))
    assert figures(answer) == published


@pytest.mark.proves(
    "v1 data: key=A+B",
)
@pytest.mark.parametrize("chosen", FORMATS)
def test_parts_of_1395_add_up(live: str, chosen: Format) -> None:
    for key in ("A.IR._T.M+F._T", "A.IR.U+R+UNS._T._T", "A.IR._T.M%2BF._T"):
        assert sum(figures(get(live, f"/data/SCI,CENSUS_POP,1.0.0/{key}?{Y1395}", media_type(chosen)))) == 79926270


@pytest.mark.proves(
    "v1 data: startPeriod=alone",
    "v1 data: endPeriod=alone",
)
@pytest.mark.parametrize("periods", ["startPeriod=2016&endPeriod=2016", "startPeriod=2017", "endPeriod=1950"])
def test_a_period_that_is_not_within_is_not_found(live: str, periods: str) -> None:
    path = POP.replace("_T._T._T", "U._T._T")
    assert figures(get(live, f"{path}?{Y1395}", CSV)) == [59146847]
    assert "nothing matches" in refusal(get(live, f"{path}?{periods}"), 404)


# ---- which dataflow, keys, providers ------------------------------------------------------------------------------


@pytest.mark.proves(
    "v1 data: flowRef={id}",
    "v1 data: flowRef={agency},{id}",
    "v1 data: flowRef={agency},{id},{version}",
    "v1 data: flowRef={agency},{id},latest",
    "v1 data: key=all",
    "v1 data: key=a position left empty",
    "v1 data: providerRef={id}",
    "v1 data: providerRef={agency},{id}",
    "v1 data: providerRef=A+B",
    "v1 data: providerRef=all",
    "v1 data: parts omitted at the end",
)
@pytest.mark.parametrize(
    "path",
    [
        *("VITAL", "SCI,VITAL", "SCI%2CVITAL", "SCI,VITAL,latest", "SCI%2CVITAL%2C1.0.0", "all,VITAL,LATEST"),
        *("VITAL/all", "VITAL/ALL/ALL/", "VITAL/all/all/", "VITAL/...../", "VITAL/A.%2A.%2A.%2A.%2A.%2A"),
        *("VITAL/all/NOCR", "VITAL/all/SCI,NOCR+X", "VITAL/all/SCI,all", "VITAL/all/all,NOCR"),
    ],
)
def test_the_same_data_by_every_address(live: str, path: str) -> None:
    assert sorted(figures(get(live, f"/data/{path}", CSV))) == [194078, 458848, 470372, 979923]


def test_a_provider_without_an_agreement_has_no_data(live: str) -> None:
    assert "provision" in refusal(get(live, "/data/VITAL/all/NOBODY"), 404)
    assert "provision" in refusal(get(live, "/data/VITAL/all/ECB,all"), 404)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("A.IR", "2 parts"),
        ("A.IR._T._T._T.X", "6 parts"),
        ("A,IR", "join codes"),
        ("A%20IR", "blanks"),
        ("A+.", "empty"),
    ],
)
def test_keys_that_are_wrong(live: str, key: str, word: str) -> None:
    assert word in refusal(get(live, f"/data/CENSUS_POP/{key}"), 400)


def test_codes_that_are_not_there_are_not_found(live: str) -> None:
    refusal(get(live, "/data/CENSUS_POP/A.NOWHERE..."), 404)
    refusal(get(live, "/data/NOTHING"), 404)
    refusal(get(live, "/data/ECB,CENSUS_POP"), 404)
    refusal(get(live, "/data/SCI,CENSUS_POP,9.9.9"), 404)


# ---- how much and how ---------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v1 data: detail=full",
    "v1 data: detail=dataonly",
    "v1 data: detail=serieskeysonly",
    "v1 data: detail=nodata",
)
def test_detail_in_generic_data(live: str) -> None:
    path = f"/data/CENSUS_POP/A.IR+IR-00._T._T._T?{Y1395[:22]}"

    def counts(detail: str) -> tuple[int, int, int]:
        message = etree.fromstring(get(live, f"{path}&detail={detail}").content)
        number = {name: len(list(message.iter(f"{{*}}{name}"))) for name in ("Series", "Obs", "Attributes")}
        return number["Series"], number["Obs"], number["Attributes"]

    series, observations, attributes = counts("full")
    assert series
    assert observations >= series
    assert attributes > series
    assert counts("dataonly") == (series, observations, 0)
    assert counts("serieskeysonly") == (series, 0, 0)
    without = counts("nodata")
    assert without[:2] == (series, 0)
    assert 0 < without[2] < attributes


@pytest.mark.parametrize("chosen", FORMATS)
@pytest.mark.parametrize("detail", ["serieskeysonly", "nodata"])
def test_series_alone_hold_no_figures(live: str, chosen: Format, detail: str) -> None:
    answer = get(live, f"{POP}?detail={detail}", media_type(chosen))
    assert answer.status_code == 200, answer.text
    assert b"79926270" not in answer.content


SECTIONS = ("FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD")
SOME = "/data/CENSUS_POP/A.IR+IR-00._T+U..Y0T4+_T"


def key_of(series: etree._Element) -> dict[str, str]:
    """The key of a series in generic or structure-specific data."""
    written = series.find("{*}SeriesKey")
    if written is not None:
        return {value.get("id"): value.get("value") for value in written}
    return {name: text for name, text in series.attrib.items() if name in SECTIONS}


def json_keys(answer: requests.Response) -> list[dict[str, str]]:
    """The keys of the series of an SDMX-JSON 1.0 message, none of which may have observations."""
    data = answer.json()["data"]
    listed = data["structure"]["dimensions"]["series"]
    [data_set] = data["dataSets"]
    assert all(series["observations"] == {} for series in data_set["series"].values())
    places = [[int(n) for n in key.split(":")] for key in data_set["series"]]
    return [{d["id"]: d["values"][n]["id"] for d, n in zip(listed, key, strict=True)} for key in places]


@pytest.mark.parametrize("detail", ["serieskeysonly", "nodata"])
@pytest.mark.parametrize("at", SECTIONS)
def test_series_alone_whatever_is_at_the_observation(live: str, at: str, detail: str) -> None:
    """Exactly the series that the same query has with its observations, and their attributes with ``nodata``."""
    path = f"{SOME}?dimensionAtObservation={at}"
    for form in ("genericdata", "structurespecificdata"):
        whole = list(etree.fromstring(get(live, f"{path}&format={form}").content).iter("{*}Series"))
        answer = get(live, f"{path}&detail={detail}&format={form}")
        judge_data(live, "CENSUS_POP", answer, at)
        alone = list(etree.fromstring(answer.content).iter("{*}Series"))
        assert [key_of(series) for series in alone] == [key_of(series) for series in whole]
        assert not any(True for series in alone for _ in series.iter("{*}Obs"))
        told = [{v.get("id"): v.get("value") for v in s.iterfind("{*}Attributes/{*}Value")} for s in alone]
        full = [{v.get("id"): v.get("value") for v in s.iterfind("{*}Attributes/{*}Value")} for s in whole]
        assert told == (full if detail == "nodata" else [{} for _ in full])
    keys = [tuple(key_of(series).items()) for series in whole]
    found = json_keys(get(live, f"{path}&detail={detail}", JSON))
    assert {tuple(key.items()) for key in found} == set(keys)
    assert len(found) == len(keys)
    head, *lines = csv.reader(get(live, f"{path}&detail={detail}", CSV).text.splitlines())
    shown = [dict(zip(head, line, strict=True)) for line in lines]
    assert [tuple((name, row[name]) for name, _ in keys[0]) for row in shown] == keys
    assert {(row[at], row["OBS_VALUE"]) for row in shown} == {("", "")}


@pytest.mark.proves(
    "v1 data: dimensionAtObservation=TIME_PERIOD",
    "v1 data: dimensionAtObservation=AllDimensions",
    "v1 data: dimensionAtObservation={dimension}",
)
@pytest.mark.parametrize("name", ["TIME_PERIOD", "SEX", "AllDimensions", "alldimensions"])
def test_any_dimension_at_the_observation(live: str, name: str) -> None:
    answer = get(live, f"/data/CENSUS_POP/A.IR._T.M+F._T?{Y1395}&dimensionAtObservation={name}")
    message = etree.fromstring(answer.content)
    shown = message.find("{*}Header/{*}Structure").get("dimensionAtObservation")
    assert shown.lower() == name.lower()
    assert sum(figures(answer)) == 79926270


@pytest.mark.parametrize("form", ["generictimeseriesdata", "structurespecifictimeseriesdata"])
def test_time_series_have_time_at_the_observation(live: str, form: str) -> None:
    for method in ("GET", "HEAD"):
        answer = get(live, f"{POP}?dimensionAtObservation=SEX&format={form}", method=method)
        assert answer.status_code == 406
    assert "time" in refusal(get(live, f"{POP}?dimensionAtObservation=SEX&format={form}"), 406)


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("startPeriod=yesterday", 400, "2023-Q1"),
        ("startPeriod=2016-03-20/P366D", 400, "startPeriod"),
        ("startPeriod=2018&endPeriod=2016", 400, "after"),
        ("endPeriod=2016-13", 400, "endPeriod"),
        ("firstNObservations=0", 400, "firstNObservations"),
        ("detail=everything", 400, "serieskeysonly"),
        ("dimensionAtObservation=NOPE", 403, "FREQ"),
        ("updatedAfter=today", 400, "updatedAfter"),
        ("includeHistory=1", 400, "includeHistory"),
        ("c[SEX]=F", 400, "startPeriod"),
        ("attributes=none", 400, "detail"),
        ("startperiod=2016", 400, "startPeriod"),
    ],
)
def test_parameters_that_are_refused(live: str, query: str, status: int, word: str) -> None:
    assert word in refusal(get(live, f"{POP}?{query}"), status)


def test_parameters_of_caches_and_campaigns_are_ignored(live: str) -> None:
    assert figures(get(live, f"{POP}?{Y1395}&_=17000&utm_source=x&detail=", CSV)) == [79926270]


@pytest.mark.parametrize(
    "path", ["/data/", "/data", "/data/A,B,C,D", "/data//VITAL", "/data/VITAL//X", "/data/VITAL/all/all/X"]
)
def test_paths_that_are_refused(live: str, path: str) -> None:
    refusal(get(live, path), 400)


def test_languages_and_labels(live: str) -> None:
    text = get(live, f"{POP}?{Y1395}&lang=fa", "application/vnd.sdmx.data+csv;version=1.0.0;labels=both").text
    assert "IR: " in text
    assert "ایران" in text
    assert rows(live, f"{POP}?{Y1395}")[0][:2] == ["SCI:CENSUS_POP(1.0.0)", "A"]
