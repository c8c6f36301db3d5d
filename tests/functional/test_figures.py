"""Published figures, asked of a running server as a user would ask."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
import requests
from lxml import etree

CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
FLOW = "/sdmx/v2/data/dataflow/SCI"
Y1395, Y1390, Y1385 = "2016-03-20/P366D", "2011-03-21/P365D", "2006-03-21/P365D"


def rows(base: str, path: str) -> list[dict[str, str]]:
    answer = requests.get(base + FLOW + path, headers={"Accept": CSV}, timeout=60)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"))))


def total(base: str, path: str) -> Decimal:
    found = rows(base, path)
    assert found
    return sum((Decimal(row["OBS_VALUE"]) for row in found), Decimal(0))


def year(period: str) -> str:
    return f"?c[TIME_PERIOD]={period}"


def test_the_population_of_1395_in_csv_json_and_xml(live: str) -> None:
    path = f"{live}{FLOW}/CENSUS_POP/1.0.0/A.IR._T._T._T{year(Y1395)}"
    [row] = rows(live, f"/CENSUS_POP/1.0.0/A.IR._T._T._T{year(Y1395)}")
    assert (row["OBS_VALUE"], row["TIME_PERIOD"], row["TIME_LABEL"]) == ("79926270", Y1395, "1395")
    json = requests.get(path, headers={"Accept": "application/vnd.sdmx.data+json;version=2.0.0"}, timeout=60).json()
    [series] = json["data"]["dataSets"][0]["series"].values()
    [observation] = series["observations"].values()
    assert observation[0] == 79926270
    for version in ("3.0.0", "3.1.0"):
        accept = {"Accept": f"application/vnd.sdmx.data+xml;version={version}"}
        xml = etree.fromstring(requests.get(path, headers=accept, timeout=60).content)
        [obs] = xml.iter("Obs")
        assert (obs.get("OBS_VALUE"), obs.get("TIME_PERIOD")) == ("79926270", Y1395)


@pytest.mark.parametrize(
    "key",
    ["A.IR._T.M,A.IR._T.F", "A.IR.U._T,A.IR.R._T,A.IR.UNS._T"],
    ids=["men and women", "urban, rural and unsettled"],
)
def test_parts_of_1395_add_up(live: str, key: str) -> None:
    key = ",".join(part + "._T" for part in key.split(","))
    assert total(live, f"/CENSUS_POP/1.0.0/{key}{year(Y1395)}") == 79926270


def test_ages_and_provinces_of_1395_add_up(live: str) -> None:
    ages = rows(live, f"/CENSUS_POP/1.0.0/A.IR._T._T.*{year(Y1395)}&c[AGE]=ne:_T")
    assert sum(int(r["OBS_VALUE"]) for r in ages) == 79926270
    provinces = rows(live, f"/CENSUS_POP/1.0.0/A.*._T._T._T{year(Y1395)}&c[REF_AREA]=sw:IR-")
    assert len(provinces) == 31
    assert sum(int(r["OBS_VALUE"]) for r in provinces) == 79926270


def test_detail_of_1395(live: str) -> None:
    for key, published in {
        "A.IR._T.M._T": 40498442, "A.IR._T.F._T": 39427828,
        "A.IR.U._T._T": 59146847, "A.IR.R._T._T": 20730625, "A.IR.UNS._T._T": 48798,
    }.items():  # fmt: skip
        assert total(live, f"/CENSUS_POP/1.0.0/{key}{year(Y1395)}") == published, key


def test_earlier_censuses(live: str) -> None:
    assert total(live, f"/CENSUS_POP/1.0.0/A.IR._T._T._T{year(Y1390)}") == 75149669
    assert total(live, f"/CENSUS_POP/1.0.0/A.IR._T._T._T{year(Y1385)}") == 70495782


def test_counties_add_up_to_the_country(live: str) -> None:
    for period, published in ((Y1395, 79926270), (Y1390, 75149669)):
        found = rows(live, f"/CENSUS_COUNTY/1.0.0/A.*._T._T._T{year(period)}&c[REF_AREA]=ne:IR")
        counties = [r for r in found if len(r["REF_AREA"]) > len("IR-00")]
        assert sum(int(r["OBS_VALUE"]) for r in counties) == published


def test_the_months_of_1395_average_one_hundred(live: str) -> None:
    found = rows(live, f"/CPI/1.0.0/M.IR.*._T.N.B1395{year(Y1395)}")
    assert len(found) == 12
    assert abs(sum(Decimal(r["OBS_VALUE"]) for r in found) / 12 - 100) <= Decimal("0.00005")


def test_households_and_vital_events(live: str) -> None:
    assert total(live, f"/HOUSEHOLDS/1.0.0/A.IR._T{year(Y1395)}") == 24196035
    values = sorted(int(r["OBS_VALUE"]) for r in rows(live, "/VITAL/1.0.0?c[TIME_PERIOD]=2024-03-20/P366D"))
    assert values == [194078, 458848, 470372, 979923]


def test_the_labour_force_survey_is_as_published(live: str) -> None:
    found = {r["RESIDENCE"]: int(r["OBS_VALUE"]) for r in rows(live, "/LFS_POP/1.0.0/A.IR.*.*._T._T")}
    assert found["_T"] == 83646763
    assert found["U"] + found["R"] == 83646762
