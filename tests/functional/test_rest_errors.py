"""Errors over HTTP are SDMX messages and never HTML, however wrong a request is; methods that are not offered."""

from __future__ import annotations

import pytest
from lxml import etree
from support.asking import DATA_TYPES, ask, refusal
from support.raw_http import raw, request

VITAL = "/data/dataflow/SCI/VITAL/1.0.0"
XML30 = DATA_TYPES[3]


@pytest.mark.parametrize("accept", ["*/*", "application/xml", XML30, "application/json", "text/csv", "text/html"])
def test_errors_come_in_the_family_that_was_asked_for(live: str, accept: str) -> None:
    for path, status in ((VITAL + "?nonsense=1", 400), ("/structure/nonsense", 400), ("/nowhere", 404)):
        answer = ask(live, path, accept)
        refusal(answer, status)
        assert ("xml" in answer.headers["Content-Type"]) is ("xml" in accept)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (VITAL, ("POST", "PUT", "DELETE", "PATCH", "BREW")),
        ("/metadata/metadataset", ("POST", "PUT", "DELETE", "PATCH", "BREW")),
        ("/structure/codelist/SCI/CL_SEX", ("PATCH", "BREW")),
    ],
)
def test_other_methods_are_405(live: str, path: str, methods: tuple[str, ...]) -> None:
    for method in methods:
        answer = ask(live, path, method=method)
        refusal(answer, 405)
        assert "GET" in answer.headers["Allow"]


@pytest.mark.proves(
    *(f"v2 maintenance: method={method}" for method in ("POST", "PUT", "DELETE")),
    *(f"v2 maintenance: status={status}" for status in (200, 201, 207, 404, 409, 422)),
    "v2 maintenance: answer=SubmitStructureResponse",
    "v2 maintenance: partial item schemes",
    "v2 maintenance: submission of registrations",
    "v2 http: status=501",
)
@pytest.mark.parametrize("accept", ["application/json", "application/xml"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/structure"),
        ("POST", "/structure/"),
        ("POST", "/structure/codelist"),
        ("PUT", "/structure/codelist/SCI/CL_SEX/1.0.0"),
        ("PUT", "/structure/codelist/SCI/CL_NEW/1.0.0"),
        ("DELETE", "/structure/codelist/SCI/CL_SEX/1.0.0"),
        ("POST", "/registration"),
        ("DELETE", "/registration/id/CPI"),
    ],
)
def test_nothing_is_written_over_http(live: str, method: str, path: str, accept: str) -> None:
    """Whatever is sent, and whether or not it is there: 501 says which methods there are, and the way to load."""
    before = ask(live, "/structure/codelist/SCI/CL_SEX").headers["ETag"]
    answer = ask(live, path, accept, method=method)
    text = refusal(answer, 501)
    assert "structures import" in text
    assert answer.headers["Allow"].split(", ") == ["GET", "HEAD", "OPTIONS"]
    assert ask(live, "/structure/codelist/SCI/CL_SEX").headers["ETag"] == before


@pytest.mark.proves("v1 http: status=401", "v1 http: error=110", "v2 http: status=401", "v2 http: status=403")
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_credentials_change_nothing(live: str, api: str) -> None:
    for path in ({"v1": "/data/VITAL", "v2": VITAL}[api], "/nowhere"):
        plain = ask(live, path, api=api)
        for credentials in ("Basic bm9ib2R5Om5vdGhpbmc=", "Bearer nothing"):
            answer = ask(live, path, api=api, Authorization=credentials)
            assert (answer.status_code, answer.content) == (plain.status_code, plain.content)
            assert "WWW-Authenticate" not in answer.headers
            assert "Authorization" not in answer.headers.get("Vary", "")


@pytest.mark.proves(
    "v2 http: status=414",
)
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (request(b"/data", b"Transfer-Encoding: bogus"), 400),
        (request(b"/data", b"Content-Length: -5"), 400),
        (request(b"/data", b"Content-Length: 5, 6"), 400),
        (request(b"/data", b"no colon"), 400),
        (request(b"/data/\x00"), 400),
        (request(b"/data/\xff\xfe"), 400),
        (request(b"/data/dataflow/SCI/%00"), 400),
        (request(b"/data/dataflow/SCI/%ff"), 400),
        (request(b"/data/dataflow/SCI/%"), 400),
        (request(b"/data/dataflow/SCI/VITAL?%ff=1"), 400),
        (request(b"/data/dataflow/SCI/VITAL?c[=1"), 400),
        (request(b"/data/dataflow/SCI/VITAL?&=&"), 400),
        (request(b"/../../etc/passwd"), 404),
        (request(b"//data"), 404),
        (request(b"/data/dataflow/SCI/VITAL?c[SEX]=" + b"F," * 50_000), 414),
        (request(b"/data/dataflow/SCI/VITAL/1.0.0/" + b"A.IR," * 1_700), 414),
        (request(b"/data", b"X-Long: " + b"a" * 100_000), 431),
        (request(b"/data", *(b"X-%d: a" % i for i in range(1_000))), 431),
    ],
)
def test_malformed_requests_are_sdmx_errors(live: str, data: bytes, status: int) -> None:
    refusal(raw(live, data), status)


@pytest.mark.proves("v1 http: status=414")
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request(b"/data/VITAL/" + b"A+" * 5_000), 414),
        (request(b"/data/VITAL", b"X-Long: " + b"a" * 100_000), 431),
        (request(b"/data/VITAL", b"no colon"), 400),
        (request(b"/data/VITAL\x00"), 400),
        (b"GET /sdmx/v2/data \n\n", 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_api_that_was_asked(live: str, data: bytes, status: int) -> None:
    answer = raw(live, data.replace(b"/sdmx/v2", b"/sdmx/v1"))
    refusal(answer, status)
    assert answer.headers["Content-Type"] == "application/vnd.sdmx.structure+xml;version=2.1;charset=utf-8"
    assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == "140"
    assert raw(live, data).json()["errors"][0]["code"] == 140
