"""Errors over HTTP in Persian and English: both are in every message, and the client's language stands first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from lxml import etree
from support.asking import ask, refusal
from support.live import serving
from support.raw_http import raw, request

CASES = {
    ("v2", 400): ("/data/dataflow/SCI/CPI/1.0.0?nonsense=1", "unknown parameter 'nonsense'", "پارامتر «nonsense»"),
    ("v2", 404): ("/structure/codelist/SCI/CL_NOTHING", "no artefact matches SCI:CL_NOTHING", "با SCI:CL_NOTHING"),
    ("v2", 406): ("/structure/codelist/SCI/CL_SEX?lang=tlh", "no texts in tlh", "متنی به زبان tlh نیست"),
    ("v2", 413): ("/data/dataflow/SCI/CPI/1.0.0", "63,661 cells", "پاسخ 63,661 خانه دارد"),
    ("v2", 422): ("/data/dataflow/SCI/CPI/1.0.0?c[NOPE]=1", "the component of c 'NOPE'", "مؤلفهٔ «NOPE»"),
    ("v1", 400): ("/data/CPI?startPeriod=spring", "startPeriod='spring'", "دورهٔ زمانی مانند 2023"),
    ("v1", 404): ("/data/NOTHING", "there is no such dataflow: *:NOTHING(~)", "جریان داده با نشان *:NOTHING(~)"),
    ("v1", 406): ("/codelist/SCI/CL_SEX?lang=tlh", "no texts in tlh", "متنی به زبان tlh نیست"),
    ("v1", 413): ("/data/CPI", "63,661 cells", "پاسخ 63,661 خانه دارد"),
    ("v1", 403): ("/data/CPI?dimensionAtObservation=NOPE", "dimensionAtObservation 'NOPE'", "با مقدار «NOPE»"),
    ("v1", 501): ("/metadata/QUALITY_REPORT?detail=nodata", "detail=nodata", "پارامتر detail=nodata را عرضه نمی‌کند"),
}
"""API and status: a query, and what the message has in each language."""


@pytest.fixture(scope="module")
def narrow(products: dict[str, str]) -> Iterator[str]:
    """A server over the products that gives few cells at once and has little room for large answers."""
    with serving({**products, "SDMX_MAX_CELLS": "100", "SDMX_SPOOL_BYTES": "1000000"}, workers=1) as base:
        yield base


def told(answer: requests.Response, status: int) -> tuple[str, str]:
    """The language of an error message and its text in that language, which is the first of the message."""
    text = refusal(answer, status)
    assert "Accept-Language" in answer.headers["Vary"]
    return answer.headers["Content-Language"], text


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize(("api", "status"), CASES)
def test_the_client_chooses_the_language_that_stands_first(narrow: str, api: str, status: int, kind: str) -> None:
    path, english, persian = CASES[api, status]
    for wanted, language, part in (
        ("fa", "fa", persian),
        ("fa-IR, en;q=0.5", "fa", persian),
        ("de, fa;q=0.3", "fa", persian),
        ("en, fa;q=0.9", "en", english),
        ("de", "en", english),
        ("*", "en", english),
    ):
        answer = ask(narrow, path, f"application/{kind}", api=api, Accept_Language=wanted)
        found, text = told(answer, status)
        assert kind in answer.headers["Content-Type"]
        assert (found, part in text) == (language, True), (wanted, text)


def test_the_parameter_lang_wins_over_the_header(live: str) -> None:
    path = "/data/dataflow/SCI/CPI/1.0.0?c[NOPE]=1"
    assert told(ask(live, f"{path}&lang=fa", Accept_Language="en"), 422)[0] == "fa"
    assert told(ask(live, f"{path}&lang=en", Accept_Language="fa"), 422)[0] == "en"
    for no_tag in ("", "all", "de", "%00", "a" * 300):
        found, _ = told(ask(live, f"/nowhere?lang={no_tag}"), 404)
        assert found == "en"


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize(
    ("api", "path"), [("v2", "/data/dataflow/SCI/CENSUS_COUNTY/1.0.0"), ("v1", "/data/CENSUS_COUNTY")]
)
def test_a_service_without_room_says_so(narrow: str, api: str, path: str, kind: str) -> None:
    accept = f"text/csv, application/{kind};q=0.1"
    answer = ask(narrow, path, accept, api=api, Accept_Language="fa")
    assert told(answer, 503) == ("fa", "جای پاسخ‌های بزرگ پر است؛ لطفاً یک دقیقه دیگر دوباره بپرسید.")
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("method", "path", "status", "persian"),
    [
        ("GET", "/nowhere", 404, "زیر /sdmx/v2"),
        ("PATCH", "/structure/codelist", 405, "سرآیند Allow"),
        ("POST", "/structure/codelist", 501, "از راه HTTP چیزی نوشته نمی‌شود"),
    ],
)
def test_addresses_and_methods(live: str, method: str, path: str, status: int, persian: str) -> None:
    for kind in ("json", "xml"):
        found, text = told(ask(live, path, f"application/{kind}", method=method, Accept_Language="fa"), status)
        assert (found, persian in text) == ("fa", True)


def test_what_is_beside_the_api_is_said_in_both_too(live: str) -> None:
    answer = requests.get(f"{live}/no/such/page", headers={"Accept-Language": "fa"}, timeout=60)
    assert told(answer, 404)[0] == "fa"
    answer = requests.get(f"{live}/?lang=de", headers={"Accept-Language": "fa"}, timeout=60)
    assert refusal(answer, 400) == "lang یکی از این‌ها نیست: en، fa"


@pytest.mark.parametrize(
    "header",
    [
        b"fa" * 20_00,
        b"fa;q=" + b"9" * 1_000,
        b"fa;q=-1",
        b"fa;q=nan",
        b",;=,,q=,*;;",
        b"*;q=0",
        b"\xd9\x81\xd8\xa7",
        b"fa\x80\xff",
        b"<script>alert(1)</script>",
        b"{0.__class__}",
        b"%0d%0aX-Bad: 1",
        b", ".join(b"x%d" % i for i in range(1_000)),
    ],
)
def test_hostile_languages_do_no_harm(live: str, header: bytes) -> None:
    for path in (b"/nowhere", b"/data/dataflow/SCI/CPI/1.0.0?nonsense=1"):
        answer = raw(live, request(path, b"Accept-Language: " + header))
        found, _ = told(answer, 404 if path == b"/nowhere" else 400)
        assert found in ("en", "fa")
        assert "X-Bad" not in answer.headers


def test_values_stand_as_data(live: str) -> None:
    """What a client sends is quoted in both sentences: no placeholder, no markup, nothing that turns lines around."""
    query = "/data/dataflow/SCI/CPI/1.0.0?%7Bcode.__class__%7D%3Cb%3E%E2%80%AE=1"
    error = ask(live, query).json()["errors"][0]
    assert "'{code.__class__}<b>\\u202e'" in error["titles"]["en"]
    assert "«{code.__class__}<b>\\u202e»" in error["titles"]["fa"]
    message = etree.fromstring(ask(live, query, "application/xml").content).find("{*}ErrorMessage")
    assert [node.text for node in message] == [error["titles"]["en"], error["titles"]["fa"]]


def test_what_the_server_itself_cannot_read_is_said_in_both(live: str) -> None:
    answer = raw(live, b"NONSENSE\r\n\r\n")
    assert refusal(answer, 400) == "The request is not valid HTTP."
    assert answer.json()["errors"][0]["titles"]["fa"] == "درخواست مطابق HTTP نیست."
