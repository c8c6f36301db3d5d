"""Parameters of data queries that other tests leave out, against a running server: periods, changes, forms of CSV."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import etree
from support.asking import ask, refusal, rows

POP = "/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T._T._T"
CPI = "/dataflow/SCI/CPI/1.0.0/M.IR.U._T.N.B1395"
V1_XML = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
FORMS = (("v2", "2.1.0"), ("v2", "2.0.0"), ("v1", "1.0.0"))


def table(base: str, api: str, version: str, option: str) -> list[dict[str, str]]:
    path = (
        f"/data{POP}?c[TIME_PERIOD]=2016-03-20/P366D"
        if api == "v2"
        else "/data/CENSUS_POP/A.IR._T._T._T?startPeriod=2016"
    )
    answer = ask(base, path, f"application/vnd.sdmx.data+csv;version={version};{option}", api=api)
    assert answer.status_code == 200, answer.text
    assert option in answer.headers["Content-Type"]
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def _csv(option: str) -> list[object]:
    """Every version with an option, each with the items that it proves."""
    v1 = [] if option.startswith("keys") or option == "labels=name" else [FORMS[2]]
    return [
        pytest.param(
            api,
            version,
            marks=pytest.mark.proves(f"{api} data: Accept=application/vnd.sdmx.data+csv;version={version};{option}"),
            id=f"{version}-{option}",
        )
        for api, version in (*FORMS[:2], *v1)
    ]


@pytest.mark.parametrize(("api", "version"), _csv("labels=id"))
def test_ids(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "labels=id")
    assert (row["REF_AREA"], row["OBS_VALUE"]) == ("IR", "79926270")


@pytest.mark.parametrize(("api", "version"), _csv("labels=name"))
def test_names(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "labels=name")
    assert "79926270" in row.values()
    assert any("Iran" in str(value) or "ایران" in str(value) for value in row.values())


@pytest.mark.parametrize(("api", "version"), _csv("labels=both"))
def test_ids_and_names(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "labels=both")
    assert any(str(value).startswith("IR: ") for value in row.values())


@pytest.mark.parametrize(("api", "version"), _csv("timeFormat=original"))
def test_periods_as_they_are(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "timeFormat=original")
    assert row["TIME_PERIOD"] == "2016-03-20/P366D"


@pytest.mark.parametrize(("api", "version"), _csv("timeFormat=normalized"))
def test_periods_of_one_form(live: str, api: str, version: str) -> None:
    """Written to the finest granularity in the message, at the beginning of the period."""
    [row] = table(live, api, version, "timeFormat=normalized")
    assert row["TIME_PERIOD"].startswith("2016-03-20")


@pytest.mark.parametrize(("api", "version"), _csv("keys=none"))
def test_no_keys(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "keys=none")
    assert not {"SERIES_KEY", "OBS_KEY"} & row.keys()


@pytest.mark.parametrize(("api", "version"), _csv("keys=obs"))
def test_keys_of_observations(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "keys=obs")
    assert row["OBS_KEY"] == "A.IR._T._T._T.2016-03-20/P366D"
    assert "SERIES_KEY" not in row


@pytest.mark.parametrize(("api", "version"), _csv("keys=series"))
def test_keys_of_series(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "keys=series")
    assert row["SERIES_KEY"] == "A.IR._T._T._T"
    assert "OBS_KEY" not in row


@pytest.mark.parametrize(("api", "version"), _csv("keys=both"))
def test_both_keys(live: str, api: str, version: str) -> None:
    [row] = table(live, api, version, "keys=both")
    assert (row["SERIES_KEY"], row["OBS_KEY"]) == ("A.IR._T._T._T", "A.IR._T._T._T.2016-03-20/P366D")


# ---- periods and changes ------------------------------------------------------------------------------------------


def monthly(base: str, query: str) -> list[str]:
    answer = ask(base, f"/data/CPI/M.IR.U._T.N.B1395?{query}", V1_XML, api="v1")
    assert answer.status_code == 200, answer.text
    return [str(obs.get("TIME_PERIOD")) for obs in etree.fromstring(answer.content).iter("{*}Obs")]


@pytest.mark.proves(
    "v1 data: startPeriod=dateTime", "v1 data: endPeriod=dateTime", "v1 data: endPeriod=reporting period"
)
@pytest.mark.parametrize(
    "query",
    [
        "startPeriod=2016-03-20T00:00:00&endPeriod=2016-06-21T00:00:00",
        "startPeriod=2016-03-20&endPeriod=2016-W24",
        "startPeriod=2016-W11&endPeriod=2016-D180",
    ],
)
def test_every_kind_of_period(live: str, query: str) -> None:
    found = monthly(live, query)
    assert found[0] == "2016-03-20/P31D"
    assert found[-1] in ("2016-04-20/P31D", "2016-05-21/P31D")


@pytest.mark.proves("v2 data: reportingYearStartDay")
def test_the_day_on_which_reporting_years_begin(live: str) -> None:
    """The second quarter of a year that begins on 20 March ends on 19 September, before the end of Shahrivar."""
    summer = rows(live, f"{CPI}?c[TIME_PERIOD]=2016-Q2&reportingYearStartDay=--03-20&attributes=none")
    assert [row["TIME_PERIOD"] for row in summer] == ["2016-06-21/P31D", "2016-07-22/P31D"]
    spring = rows(live, f"{CPI}?c[TIME_PERIOD]=2016-Q2&attributes=none")
    assert [row["TIME_PERIOD"] for row in spring] == ["2016-04-20/P31D", "2016-05-21/P31D"]
    assert "--02-30" in refusal(ask(live, f"/data{CPI}?reportingYearStartDay=--02-30"), 400)


@pytest.mark.proves(
    "v1 data: firstNObservations={n}", "v1 data: lastNObservations={n}",
    "v1 data: updatedAfter=with startPeriod and endPeriod",
    "v1 data: firstNObservations=with updatedAfter and startPeriod",
    "v1 data: updatedAfter=without an offset", "v1 data: includeHistory=false",
)  # fmt: skip
def test_parameters_together(live: str) -> None:
    every = monthly(live, "includeHistory=false")
    assert monthly(live, "firstNObservations=2") == every[:2]
    assert monthly(live, "lastNObservations=2") == every[-2:]
    since = "updatedAfter=2001-01-01T00:00:00"
    assert monthly(live, since) == every
    year = monthly(live, f"{since}&startPeriod=2016-03-20&endPeriod=2017-03-20")
    assert len(year) == 12
    assert monthly(live, f"{since}&startPeriod=2016-03-20&firstNObservations=1") == year[:1]
    nothing = ask(live, "/data/CPI?updatedAfter=2999-01-01T00:00:00", api="v1")
    assert nothing.status_code == 404


@pytest.mark.proves("v1 data: dimensionAtObservation=default", "v2 data: dimensionAtObservation=default")
def test_time_is_at_the_observation_by_default(live: str) -> None:
    new = etree.fromstring(ask(live, f"/data{CPI}?measures=OBS_VALUE", "application/xml").content)
    old = etree.fromstring(ask(live, "/data/CPI/M.IR.U._T.N.B1395", api="v1").content)
    shown = [next(message.iter("{*}Structure")).get("dimensionAtObservation") for message in (new, old)]
    assert shown == ["TIME_PERIOD", "TIME_PERIOD"]
