"""One address in several writings, by both versions of the API, and what the parameters of representation choose."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from support.asking import ask, refusal


def raw(base: str, address: str) -> tuple[int, str]:
    """Status and text for an address that goes over the wire as it is written."""
    where = urlsplit(base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.request("GET", address, headers={"Accept": "text/csv", "Accept-Encoding": "identity"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.proves(
    "v1 http: path=percent-encoded",
    "v1 http: path=with a slash at its end",
    "v1 http: path=with a raw +",
)
@pytest.mark.parametrize(
    "address",
    [
        "/data/SCI,CENSUS_POP,1.0.0/A.IR._T.M+F._T?startPeriod=2016-03-20&endPeriod=2017-03-20",
        "/data/SCI%2CCENSUS_POP%2C1.0.0/A.IR._T.M%2BF._T?startPeriod=2016-03-20&endPeriod=2017-03-20",
        "/data/SCI,CENSUS_POP,1.0.0/A.IR._T.M+F._T/?startPeriod=2016-03-20&endPeriod=2017-03-20",
        "/data/CENSUS%5FPOP/%41.IR._T.F+M._T/all/?startPeriod=2016-03-20&endPeriod=2017-03-20",
    ],
)
def test_an_address_of_1_5_in_several_writings(live: str, address: str) -> None:
    status, text = raw(live, f"/sdmx/v1{address}")
    assert status == 200
    assert len(text.splitlines()) == 3
    assert "40498442" in text
    assert "39427828" in text


@pytest.mark.proves("v2 http: path=with a slash at its end", "v2 http: path=with a raw +")
@pytest.mark.parametrize(
    "address",
    [
        "/data/dataflow/SCI/CENSUS_POP/+/A.IR._T.*._T?c[SEX]=ne:_T&c[TIME_PERIOD]=ge:2016-03-20+le:2017-03-20",
        "/data/dataflow/SCI/CENSUS_POP/%2B/A.IR._T.*._T/?c%5BSEX%5D=M,F&c[TIME_PERIOD]=ge:2016-03-20%2Ble:2017-03-20",
        "/data/dataflow/SCI/CENSUS_POP/1+.0.0/A.IR._T.%2A._T/?c[SEX]=M%2CF&c%5BTIME_PERIOD%5D=gt:2016-03+le:2017-03-20",
    ],
)
def test_an_address_of_2_2_in_several_writings(live: str, address: str) -> None:
    status, text = raw(live, f"/sdmx/v2{address}".replace("gt:2016-03+", "ge:2016-03-20+"))
    assert status == 200
    assert len(text.splitlines()) == 3
    assert "40498442" in text
    assert "39427828" in text


@pytest.mark.proves(
    "v2 http: format=structure",
    "v2 http: format=jsonstructure",
    "v2 http: format=schema",
    "v2 http: format=genericmetadata",
    "v2 http: format=structurespecificmetadata",
)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/structure/codelist/SCI/CL_SEX?format=structure&formatVersion=2.1", "structure+xml;version=2.1"),
        ("/structure/codelist/SCI/CL_SEX?format=structure&formatVersion=3.0.0", "structure+xml;version=3.0.0"),
        ("/structure/codelist/SCI/CL_SEX?format=jsonstructure", "structure+json;version=2.1.0"),
        ("/structure/codelist/SCI/CL_SEX?format=jsonstructure&formatVersion=1.0.0", "structure+json;version=1.0.0"),
        ("/schema/dataflow/SCI/CPI?format=schema&formatVersion=3.1", "schema+xml;version=3.1.0"),
        ("/metadata/metadataset/SCI/QUALITY_CPI?format=genericmetadata", "metadata+xml;version=3.1.0"),
        (
            "/metadata/metadataset/SCI/QUALITY_CPI?format=genericmetadata&formatVersion=2.1",
            "genericmetadata+xml;version=2.1",
        ),
        (
            "/metadata/metadataset/SCI/QUALITY_CPI?format=structurespecificmetadata",
            "structurespecificmetadata+xml;version=2.1",
        ),
    ],
)
def test_the_words_of_the_format_parameter(live: str, path: str, expected: str) -> None:
    for accept in ("application/json", "application/xml"):
        answer = ask(live, path, accept)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith(f"application/vnd.sdmx.{expected}")


@pytest.mark.proves("v2 http: refused: an unknown parameter")
def test_an_unknown_parameter_is_refused_with_those_that_there_are(live: str) -> None:
    for path, known in (
        ("/data/dataflow/SCI/CPI", "lastNObservations"),
        ("/structure/codelist", "references"),
        ("/availability/dataflow/SCI/CPI", "mode"),
        ("/schema/dataflow/SCI/CPI", "deletion"),
        ("/metadata/metadataset", "detail"),
        ("/registration/dataflow", "updatedBefore"),
    ):
        text = refusal(ask(live, f"{path}?startPeriod=2010"), 400)
        assert "'startPeriod'" in text
        assert known in text


@pytest.mark.proves(
    "v1 http: Accept-Language={language}",
    "v1 http: Accept-Language=q-weights",
    "v1 http: Accept-Language=a language that is not there",
    "v1 http: Content-Language",
)
@pytest.mark.parametrize(
    ("header", "language", "name"),
    [
        ("fa", "fa", "زن"),
        ("fa-IR, en;q=0.5", "fa", "زن"),
        ("de, fa;q=0.3, en;q=0.7", "en", "Female"),
        ("de", "en", "Female"),
    ],
)
def test_languages_by_the_older_api(live: str, header: str, language: str, name: str) -> None:
    json = "application/vnd.sdmx.structure+json;version=1.0.0"
    answer = ask(live, "/codelist/SCI/CL_SEX", json, api="v1", Accept_Language=header)
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    names = {code["id"]: code["name"] for code in answer.json()["data"]["codelists"][0]["codes"]}
    assert names["F"] == name


@pytest.mark.proves(
    "v1 structure: Accept=application/vnd.sdmx.structure+json;version=1.0.0",
    "v1 availability: Accept=application/vnd.sdmx.structure+json;version=1.0.0",
    "v1 schema: Accept=application/vnd.sdmx.structure+xml;version=2.1",
    "v1 schema: Accept=application/vnd.sdmx.structure+json;version=1.0.0",
)
@pytest.mark.parametrize("path", ["/codelist/SCI/CL_SEX", "/availableconstraint/CPI", "/schema/dataflow/SCI/CPI"])
def test_structure_messages_of_the_older_api(live: str, path: str) -> None:
    for form in ("xml;version=2.1", "json;version=1.0.0"):
        answer = ask(live, path, f"application/vnd.sdmx.structure+{form}", api="v1")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith(f"application/vnd.sdmx.structure+{form}")


TYPES_WITH_REPORTS = {"dataflow": {"QUALITY_CPI", "QUALITY_CENSUS_POP"}, "*": {"QUALITY_CPI", "QUALITY_CENSUS_POP"}}
