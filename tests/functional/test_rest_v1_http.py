"""HTTP around REST 1.5.0: its formats and defaults, caching, methods, and its errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from lxml import etree
from support.asking import ask, refusal

from sdmx_server.formats.api import Format
from sdmx_server.web import v1

VITAL = "/data/SCI,VITAL,1.0.0"
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0"
JSON = "application/vnd.sdmx.data+json;version=1.0.0"
STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1"
V2_DEFAULT = "application/vnd.sdmx.data+json;version=2.1.0"


def get(base: str, path: str, accept: str | None = None, **more: Any) -> requests.Response:
    return ask(base, path, accept, api="v1", **more)


def named(chosen: Format) -> str:
    return f"{chosen.media_type};version={chosen.version}"


@pytest.mark.proves(
    "v2 http: format=genericdata",
    "v2 http: format=generictimeseriesdata",
    "v2 http: format=structurespecifictimeseriesdata",
)
@pytest.mark.parametrize("chosen", [pytest.param(f, id=f.name) for f in v1.DATA])
def test_every_format_by_its_name(live: str, chosen: Format) -> None:
    for api, path in (("v1", VITAL), ("v2", "/data/dataflow/SCI/VITAL/1.0.0")):
        answer = ask(live, path, named(chosen), api=api)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith(named(chosen))
    family = chosen.family[0]
    version = f"&formatVersion={chosen.version}" if chosen.generation not in ("2.1", "") else ""
    assert get(live, f"{VITAL}?format={family}{version}").headers["Content-Type"].startswith(named(chosen))


@pytest.mark.proves(
    "v1 http: Accept=none",
    "v1 http: Accept=*/*",
    "v1 http: Accept=application/xml",
    "v1 http: Accept=q-weights",
    "v1 http: Vary",
    "v1 http: status=200",
    "v1 http: method=GET",
)
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", GENERIC),
        ("", GENERIC),
        ("application/*", GENERIC),
        ("application/xml", GENERIC),
        ("text/xml", GENERIC),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", GENERIC),
        ("application/vnd.sdmx.genericdata+xml", GENERIC),
        ("application/vnd.sdmx.structurespecificdata+xml", SPECIFIC),
        ("application/vnd.sdmx.structurespecificdata+xml;version=2.1.0", SPECIFIC),
        ("text/csv", CSV),
        ("application/vnd.sdmx.data+csv;version=1.0;labels=both;timeFormat=normalized", CSV + ";labels=both"),
        ("application/json", JSON),
        ("application/vnd.sdmx.data+json", JSON),
        ("application/vnd.sdmx.data+json;version=1.0.0-wd", JSON),
        ("application/vnd.sdmx.data+xml;version=3.0.0, text/csv;q=0.1", CSV),
        (
            "application/vnd.sdmx.data+json;version=2.0.0, text/csv;q=0.1",
            "application/vnd.sdmx.data+json;version=2.0.0",
        ),
    ],
)
def test_the_accept_header(live: str, accept: str, expected: str) -> None:
    answer = get(live, VITAL, accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(expected)
    assert "Accept" in answer.headers["Vary"]


def test_plain_types_of_v2_mean_its_newest_formats(live: str) -> None:
    path = "/data/dataflow/SCI/VITAL/1.0.0"
    for accept, expected in (
        ("application/xml", "application/vnd.sdmx.data+xml;version=3.1.0"),
        ("text/csv", "application/vnd.sdmx.data+csv;version=2.1.0"),
        ("*/*", V2_DEFAULT),
    ):
        assert ask(live, path, accept).headers["Content-Type"].startswith(expected)


@pytest.mark.proves(
    "v1 structure: Accept=application/vnd.sdmx.structure+xml;version=2.1",
    "v1 availability: Accept=application/vnd.sdmx.structure+xml;version=2.1",
)
@pytest.mark.parametrize("path", ["/codelist/SCI/CL_SEX", "/availableconstraint/VITAL"])
def test_structures_are_xml_unless_asked(live: str, path: str) -> None:
    for accept in ("*/*", "application/xml", "text/xml", STRUCTURE):
        assert get(live, path, accept).headers["Content-Type"].startswith(STRUCTURE)


@pytest.mark.proves(
    "v1 http: Accept=a type that is not offered",
    "v1 http: status=406",
)
@pytest.mark.parametrize(
    ("path", "accept"),
    [
        (VITAL, "application/pdf"),
        (VITAL, "application/vnd.sdmx.data+xml;version=3.1.0"),
        (VITAL, CSV + ";labels=name"),
        (VITAL + "?format=nonsense", "*/*"),
        (VITAL + "?format=csvdata&formatVersion=2.0.0", "*/*"),
    ],
)
def test_what_is_not_offered_is_406_with_what_is(live: str, path: str, accept: str) -> None:
    text = refusal(get(live, path, accept), 406)
    offered = text.rpartition("offered: ")[2]
    assert offered.split(", ") == [named(chosen) for chosen in v1.DATA]
    places = [offered.index(word) for word in ("genericdata", "structurespecificdata", "+json", "+csv")]
    assert places == sorted(places)


# ---- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v1 http: error=100",
    "v1 http: error=140",
    "v1 http: error=150",
    "v1 http: status=400",
    "v1 http: status=403",
    "v1 http: status=404",
    "v1 http: refused: an unknown parameter",
)
@pytest.mark.parametrize(
    ("accept", "json"),
    [
        *(("*/*", False), ("", False), ("application/xml", False), ("text/csv", False)),
        *(("application/json", True), (JSON, True), ("application/json, application/xml", False)),
    ],
)
def test_errors_are_of_2_1(live: str, accept: str, json: bool) -> None:
    for path, status, code in (
        (VITAL + "?nonsense=1", 400, 140),
        (VITAL + "?dimensionAtObservation=X", 403, 150),
        ("/data/NOTHING", 404, 100),
        (VITAL + "/A.NOWHERE....", 404, 100),
        ("/nowhere", 404, 100),
        ("", 404, 100),
    ):
        answer = get(live, path, accept)
        refusal(answer, status)
        if json:
            assert answer.json()["errors"][0]["code"] == code
        else:
            assert answer.headers["Content-Type"] == f"{STRUCTURE};charset=utf-8"
            assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == str(code)


def test_the_format_parameter_decides_on_errors_too(live: str) -> None:
    assert get(live, "/data/NOTHING?format=jsondata").json()["errors"][0]["code"] == 100
    assert get(live, "/data/NOTHING?format=genericdata").headers["Content-Type"] == f"{STRUCTURE};charset=utf-8"


@pytest.mark.proves("v1 http: error=501", "v1 http: status=501")
@pytest.mark.parametrize("parameter", ["detail=serieskeysonly", "detail=nodata"])
def test_what_is_not_offered_is_501(live: str, parameter: str) -> None:
    answer = get(live, f"/metadata/QUALITY_REPORT?{parameter}")
    assert parameter in refusal(answer, 501)
    assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == "501"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_405(live: str, method: str) -> None:
    answer = get(live, VITAL, method=method)
    refusal(answer, 405)
    assert "GET" in answer.headers["Allow"]


# ---- caches, codings, methods -------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v1 http: If-None-Match",
    "v1 http: If-Modified-Since",
    "v1 http: status=304",
)
@pytest.mark.parametrize("path", [VITAL, "/codelist/SCI", "/availableconstraint/CPI", "/schema/dataflow/SCI/CPI"])
def test_what_has_not_changed_is_304(live: str, path: str) -> None:
    first = get(live, path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    for condition in ({"If_None_Match": first.headers["ETag"]}, {"If_Modified_Since": first.headers["Last-Modified"]}):
        again = get(live, path, **condition)
        assert (again.status_code, again.content) == (304, b"")
    assert get(live, path, If_None_Match='"other"').status_code == 200


def test_the_versions_of_the_api_have_tags_of_their_own(live: str) -> None:
    tags = {get(live, VITAL, named(chosen)).headers["ETag"] for chosen in v1.DATA}
    tags.add(ask(live, "/data/dataflow/SCI/VITAL/1.0.0", CSV).headers["ETag"])
    assert len(tags) == len(v1.DATA) + 1


@pytest.mark.proves(
    "v1 http: method=HEAD",
)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((VITAL, 200), (VITAL + "/A.NOWHERE....", 404), ("/codelist/SCI/CL_SEX", 200), ("/codelist/SCI/X", 404)),
        *((VITAL + "?x=1", 400), ("/availableconstraint/VITAL", 200)),
        ("/availableconstraint/VITAL/A.NOWHERE....", 404),
    ],
)
def test_head_is_get_without_the_body(live: str, path: str, status: int) -> None:
    head, found = get(live, path, method="HEAD"), get(live, path)
    assert (head.status_code, found.status_code, head.content) == (status, status, b"")
    for name in ("Content-Type", "ETag", "Vary", "Access-Control-Allow-Origin"):
        assert head.headers.get(name) == found.headers.get(name), name


@pytest.mark.proves(
    "v1 http: method=OPTIONS",
)
def test_browsers_may_ask_from_anywhere(live: str) -> None:
    answer = get(live, VITAL, method="OPTIONS", Origin="https://stat.example")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.proves(
    "v1 http: Accept-Encoding=identity",
    "v1 http: Accept-Encoding=gzip",
    "v1 http: Accept-Encoding=zstd",
    "v1 http: Accept-Encoding=br",
    "v1 http: Accept-Encoding=deflate",
    "v1 http: Accept-Encoding=compress",
    "v1 http: Accept-Encoding=exi",
    "v1 http: Accept-Encoding=pack200-gzip",
)
@pytest.mark.parametrize(
    ("header", "coding"),
    [
        *((coding, coding) for coding in ("gzip", "zstd", "br", "deflate")),
        *((coding, None) for coding in ("identity", "compress", "exi", "pack200-gzip")),
    ],
)
def test_codings(live: str, header: str, coding: str | None) -> None:
    answer = get(live, "/codelist/SCI", Accept_Encoding=header)
    assert answer.headers.get("Content-Encoding") == coding


def test_addresses_within_a_message_are_of_the_api_asked(live: str) -> None:
    text = get(live, VITAL, JSON).text
    assert "/sdmx/v1/" in text
    assert "/sdmx/v2/" not in text


def test_many_answers_over_all_dataflows_do_not_block_each_other(live: str) -> None:
    """Each needs several connections of the database; together they want more than there are."""
    paths = [f"/data/all?detail=serieskeysonly&_={number}" for number in range(16)]
    with ThreadPoolExecutor(len(paths) + 1) as pool:
        answers = [pool.submit(get, live, path) for path in paths]
        meanwhile = pool.submit(get, live, "/codelist/SCI/CL_SEX")
        assert meanwhile.result().status_code == 200
        for answer in (future.result() for future in answers):
            if answer.status_code == 503:
                assert "several dataflows" in refusal(answer, 503)
                assert int(answer.headers["Retry-After"]) > 0
            else:
                assert len(list(etree.fromstring(answer.content).iter("{*}DataSet"))) == 6
