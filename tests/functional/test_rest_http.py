"""HTTP around the queries: negotiation, languages, caching, codings, methods, and errors that are never HTML."""

from __future__ import annotations

import gzip
import http.client
import socket
import zlib
from urllib.parse import urlsplit

import brotli
import pytest
import requests
import zstandard
from lxml import etree
from support.asking import DATA_TYPES, STRUCTURE_TYPES, ask, judge_structures, refusal
from support.live import serving

VITAL = "/data/dataflow/SCI/VITAL/1.0.0"
LARGE = "/data/dataflow/SCI/CENSUS_POP/1.0.0?attributes=none"
JSON, JSON20, XML, XML30, CSV, CSV20 = DATA_TYPES


# ---- formats ------------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 http: Accept=none",
    "v2 http: Accept=*/*",
    "v2 http: Accept=q-weights",
    "v2 http: Accept=a wildcard in the version",
    "v2 http: Accept=a version of two parts",
    "v2 http: Vary",
    "v2 http: status=200",
    "v2 http: method=GET",
)
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        *((name, name) for name in DATA_TYPES),
        ("*/*", JSON),
        ("", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/xml", XML),
        ("text/csv", CSV),
        ("application/vnd.sdmx.data+csv", CSV),
        ("application/vnd.sdmx.data+csv;version=2.0", CSV20),
        ("application/vnd.sdmx.data+xml;version=3.0", XML30),
        ("application/vnd.sdmx.data+xml;version=3.0+.0", XML),
        ("application/vnd.sdmx.data+json;version=2.~.0", JSON),
        ("APPLICATION/VND.SDMX.DATA+CSV; VERSION=2.0.0", CSV20),
        ("text/csv;q=0.5, application/xml;q=0.9", XML),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", XML),
        ("application/pdf, text/csv;q=0.1", CSV),
        ("application/vnd.sdmx.data+json;version=9.0.0, text/csv;q=0.2", CSV),
        ("application/vnd.sdmx.data+json;q=0, */*", XML),
        ("application/vnd.sdmx.data+csv;version=2.0.0;urn=true;file=true", CSV20),
        (";;;,,=", JSON),
    ],
)
def test_the_accept_header(live: str, accept: str, expected: str) -> None:
    answer = ask(live, VITAL, accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(expected)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("media_type", STRUCTURE_TYPES)
def test_media_types_of_structures(live: str, media_type: str) -> None:
    for path in ("/structure/codelist/SCI/CL_SEX", "/availability/dataflow/SCI/VITAL"):
        assert ask(live, path, media_type).headers["Content-Type"].startswith(media_type)


@pytest.mark.proves(
    "v2 http: format=jsondata",
    "v2 http: format=csvdata",
    "v2 http: format=structurespecificdata",
    "v2 http: formatVersion",
    "v2 http: a parameter wins over its header",
)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("format=csvdata", CSV),
        ("format=csv", CSV),
        ("format=jsondata", JSON),
        ("format=json", JSON),
        ("format=xml", XML),
        ("format=structurespecificdata", XML),
        ("format=csvdata&formatVersion=2.0", CSV20),
        ("format=jsondata&formatVersion=2.0.0", JSON20),
        ("format=structurespecificdata&formatVersion=3.0.0", XML30),
        ("formatVersion=2.0.0", XML),
    ],
)
def test_the_format_parameter_wins(live: str, query: str, expected: str) -> None:
    assert ask(live, f"{VITAL}?{query}", "application/xml").headers["Content-Type"].startswith(expected)


@pytest.mark.proves(
    "v2 http: Accept=a type that is not offered",
    "v2 http: status=406",
)
@pytest.mark.parametrize(
    ("path", "accept", "offered"),
    [
        (VITAL, "application/pdf", DATA_TYPES),
        (VITAL, "application/vnd.sdmx.data+csv;version=9.0.0", DATA_TYPES),
        (VITAL, "application/vnd.sdmx.data+csv;version=2.1.0;labels=loud", DATA_TYPES),
        (VITAL, "application/vnd.sdmx.structure+json;version=2.1.0", DATA_TYPES),
        (VITAL + "?format=nonsense", "*/*", DATA_TYPES),
        (VITAL + "?format=jsondata&formatVersion=7", "*/*", DATA_TYPES),
        ("/structure/codelist/SCI/CL_SEX", "text/csv", STRUCTURE_TYPES),
        ("/availability/dataflow/SCI/VITAL", "text/csv", STRUCTURE_TYPES),
        ("/schema/dataflow/SCI/VITAL", "text/csv", ("application/vnd.sdmx.schema+xml;version=3.1.0",)),
    ],
)
def test_what_is_not_offered_is_406_with_what_is(live: str, path: str, accept: str, offered: tuple[str, ...]) -> None:
    text = refusal(ask(live, path, accept), 406)
    assert all(name in text for name in offered)


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_parameters_of_the_csv_media_type(live: str, version: str) -> None:
    media_type = f"application/vnd.sdmx.data+csv;version={version}"
    path = f"{VITAL}/A.IR._T.BIRTH?attributes=none&lang=en"
    head, row = ask(live, path, media_type + ";labels=both;keys=both").text.splitlines()
    assert head.startswith("STRUCTURE,STRUCTURE_ID,ACTION,SERIES_KEY,OBS_KEY,FREQ: Frequency,")
    assert ",A.IR._T.BIRTH._T._T,A.IR._T.BIRTH._T._T.2024-03-20/P366D,A: Annual,IR: " in row
    names, row = ask(live, path, media_type + ";labels=name").text.splitlines()
    assert ",STRUCTURE_NAME," in names
    assert ",A,Annual," in row
    row = ask(live, path, media_type + ";timeFormat=normalized").text.splitlines()[1]
    assert ",2024-03-20,979923" in row


# ---- languages ----------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 http: Accept-Language={language}",
    "v2 http: Accept-Language=q-weights",
    "v2 http: Accept-Language=a language that is not there",
    "v2 http: Content-Language",
    "v2 http: lang={language}",
)
@pytest.mark.parametrize(
    ("header", "query", "language", "name"),
    [
        ("fa", "", "fa", "زن"),
        ("en", "", "en", "Female"),
        ("fa-IR, en;q=0.5", "", "fa", "زن"),
        ("de, fa;q=0.3, en;q=0.7", "", "en", "Female"),
        ("de", "", "en", "Female"),
        ("en", "?lang=fa", "fa", "زن"),
        ("en", "?lang=fa-IR", "fa", "زن"),
    ],
)
def test_languages(live: str, header: str, query: str, language: str, name: str) -> None:
    answer = ask(live, f"/structure/codelist/SCI/CL_SEX{query}", Accept_Language=header)
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    names = {code["id"]: code["name"] for code in answer.json()["data"]["codelists"][0]["codes"]}
    assert names["F"] == name


@pytest.mark.proves(
    "v2 http: lang=all",
)
def test_all_languages_unless_one_is_asked_for(live: str) -> None:
    for query in ("", "?lang=all"):
        answer = ask(live, f"/structure/codelist/SCI/CL_SEX{query}")
        assert "Content-Language" not in answer.headers
        codes = answer.json()["data"]["codelists"][0]["codes"]
        assert all(set(code["names"]) == {"en", "fa"} for code in codes)


@pytest.mark.proves(
    "v2 http: lang=refused: not there",
)
def test_a_language_that_is_not_there(live: str) -> None:
    assert "en, fa" in refusal(ask(live, f"{VITAL}?lang=de"), 406)
    assert "language tag" in refusal(ask(live, f"{VITAL}?lang=%2B"), 400)


# ---- caches -------------------------------------------------------------------------------------------------------


def test_entity_tags_are_strong_and_of_one_representation(live: str) -> None:
    tags = set()
    asked = [
        *((VITAL, name, "identity", "en") for name in DATA_TYPES),
        (VITAL, CSV + ";labels=both", "identity", "en"),
        (VITAL, JSON, "gzip", "en"),
        (VITAL, JSON, "zstd", "en"),
        (VITAL, JSON, "identity", "fa"),
        (VITAL + "?firstNObservations=1", JSON, "identity", "en"),
    ]
    for path, accept, coding, language in asked:
        answer = ask(live, path, accept, Accept_Encoding=coding, Accept_Language=language)
        tag = answer.headers["ETag"]
        assert tag.startswith('"')
        assert {"Last-Modified", "Vary", "Cache-Control"} <= set(answer.headers)
        tags.add(tag)
    assert len(tags) == len(asked)


def test_answers_are_the_same_in_every_worker_and_after_a_restart(live: str, products: dict[str, str]) -> None:
    def answers(base: str) -> set[tuple[str, bytes]]:
        found = set()
        for _ in range(8):  # a connection each, so that several workers take part
            answer = requests.get(f"{base}/sdmx/v2{VITAL}", headers={"Host": "data.example"}, timeout=30)
            found.add((answer.headers["ETag"], answer.content))
        return found

    first = answers(live)
    assert len(first) == 1
    with serving(products, workers=1) as other:
        assert answers(other) == first


@pytest.mark.proves(
    "v2 http: If-None-Match",
    "v2 http: If-Modified-Since",
    "v2 http: status=304",
)
@pytest.mark.parametrize("path", [VITAL, LARGE, "/structure/codelist", "/availability/dataflow/SCI/CPI"])
def test_what_has_not_changed_is_304(live: str, path: str) -> None:
    first = ask(live, path)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in ({"If_None_Match": tag}, {"If_None_Match": f'"other", {tag}'}, {"If_Modified_Since": modified}):
        again = ask(live, path, **condition)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    for condition in ({"If_None_Match": '"other"'}, {"If_None_Match": '"other"', "If_Modified_Since": modified}):
        assert ask(live, path, **condition).status_code == 200


# ---- codings and methods ------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 http: Accept-Encoding=identity",
    "v2 http: Accept-Encoding=gzip",
    "v2 http: Accept-Encoding=zstd",
    "v2 http: Accept-Encoding=br",
    "v2 http: Accept-Encoding=deflate",
)
@pytest.mark.parametrize("path", [VITAL, LARGE, "/structure/*/*/*/*"])
@pytest.mark.parametrize("again", [False, True])
def test_codings_hold_the_same(live: str, path: str, again: bool) -> None:
    plain = ask(live, path, Accept_Encoding="identity")
    assert "Content-Encoding" not in plain.headers
    for coding, unpack in (
        ("gzip", gzip.decompress),
        ("zstd", zstandard.ZstdDecompressor().stream_reader),
        ("br", brotli.decompress),
        ("deflate", zlib.decompress),
    ):
        with requests.get(
            f"{live}/sdmx/v2{path}", headers={"Accept-Encoding": coding}, stream=True, timeout=60
        ) as answer:
            assert answer.headers["Content-Encoding"] == coding
            packed = answer.raw.read(decode_content=False)
        unpacked = unpack(packed)
        assert (unpacked if isinstance(unpacked, bytes) else unpacked.read()) == plain.content
        assert len(packed) < len(plain.content) / 2


@pytest.mark.proves(
    "v2 http: compression=gzip",
    "v2 http: compression=br",
    "v2 http: compression=deflate",
    "v2 http: Accept-Encoding=compress",
    "v2 http: Accept-Encoding=exi",
    "v2 http: Accept-Encoding=pack200-gzip",
)
@pytest.mark.parametrize(
    ("header", "query", "coding"),
    [
        ("gzip, zstd", "", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "", "gzip"),
        ("br", "", "br"),
        ("deflate", "", "deflate"),
        ("gzip, deflate, br", "", "gzip"),
        ("compress, exi, pack200-gzip", "", None),
        ("", "", None),
        ("*", "", "zstd"),
        ("gzip", "?compression=br", "br"),
        ("gzip", "?compression=deflate", "deflate"),
        ("identity", "?compression=gzip", "gzip"),
        ("gzip", "?compression=identity", None),
    ],
)
def test_the_coding_is_negotiated(live: str, header: str, query: str, coding: str | None) -> None:
    assert ask(live, VITAL + query, Accept_Encoding=header).headers.get("Content-Encoding") == coding


@pytest.mark.proves(
    "v2 http: compression=compress",
    "v2 http: compression=refused: not offered",
)
def test_codings_that_are_not_offered(live: str) -> None:
    for name in ("compress", "rar"):
        assert "zstd" in refusal(ask(live, f"{VITAL}?compression={name}"), 406)
    refusal(ask(live, VITAL, Accept_Encoding="identity;q=0, *;q=0"), 406)


@pytest.mark.proves(
    "v2 http: method=HEAD",
    "v2 http: status=404",
    "v2 http: status=204",
    "v2 http: status=400",
)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (VITAL, 200),
        (LARGE, 200),
        ("/structure/codelist/SCI/CL_SEX", 200),
        ("/schema/dataflow/SCI/VITAL", 200),
        ("/availability/dataflow/SCI/VITAL", 200),
        (VITAL + "/A.NOWHERE", 204),
        ("/availability/dataflow/SCI/VITAL/1.0.0/A.NOWHERE", 204),
        ("/structure/codelist/SCI/NOTHING", 404),
        (VITAL + "?nonsense=1", 400),
    ],
)
def test_head_is_get_without_the_body(live: str, path: str, status: int) -> None:
    head, get = ask(live, path, method="HEAD"), ask(live, path)
    assert (head.status_code, get.status_code, head.content) == (status, status, b"")
    for name in ("Content-Type", "ETag", "Last-Modified", "Vary", "Access-Control-Allow-Origin"):
        assert head.headers.get(name) == get.headers.get(name), name


@pytest.mark.proves(
    "v2 http: method=OPTIONS",
)
@pytest.mark.parametrize("path", [VITAL, "/structure", "/availability/dataflow/SCI/CPI", "/schema/dataflow/SCI/CPI"])
def test_browsers_may_ask_from_anywhere(live: str, path: str) -> None:
    answer = ask(
        live, path, method="OPTIONS", Origin="https://stat.example", Access_Control_Request_Headers="If-None-Match"
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert "html" not in answer.headers.get("Content-Type", "")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "ETag" in ask(live, path).headers["Access-Control-Expose-Headers"]


def test_no_content_has_no_type(live: str) -> None:
    answer = ask(live, f"{VITAL}/A.NOWHERE")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert "Accept" in answer.headers["Vary"]


# ---- errors -------------------------------------------------------------------------------------------------------


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


def raw(base: str, data: bytes) -> requests.Response:
    """What comes back for bytes as they stand."""
    where = urlsplit(base)
    with socket.create_connection((where.hostname, where.port), timeout=20) as client:
        client.sendall(data)
        found = http.client.HTTPResponse(client)
        found.begin()
        answer = requests.Response()
        answer.status_code = found.status
        answer.headers.update(dict(found.getheaders()))
        answer._content = found.read()
        return answer


def request(path: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"GET /sdmx/v2" + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers, b"", b""))


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
    assert answer.headers["Content-Type"] == "application/vnd.sdmx.structure+xml;version=2.1"
    assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == "140"
    assert raw(live, data).json()["errors"][0]["code"] == 140


def test_addresses_up_to_the_limit_are_read(live: str) -> None:
    key = ",".join(["A.IR._T.BIRTH"] * 500)
    assert ask(live, f"{VITAL}/{key}", CSV).text.count("979923") == 1


@pytest.mark.proves(
    "v2 http: path=percent-encoded",
)
@pytest.mark.parametrize("path", ["/sdmx/v2/%64ata/dataflow/SCI/VITAL", "http://x/sdmx/v2/data/dataflow/SCI/VITAL"])
def test_the_same_address_written_otherwise(live: str, path: str) -> None:
    answer = raw(live, f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n".encode())
    assert len(answer.text.splitlines()) == 5


def test_an_escaped_slash_does_not_make_a_path(live: str) -> None:
    refusal(raw(live, b"GET /sdmx%2Fv2/data/dataflow/SCI/VITAL HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 404)


def test_a_strange_host_does_no_harm(live: str) -> None:
    data = request(b"/structure/codelist/SCI/CL_SEX", b"Accept: application/xml").replace(b"Host: x", b'Host: a"><&b')
    answer = raw(live, data)
    if answer.status_code == 200:
        judge_structures(answer)
        assert etree.fromstring(answer.content) is not None
    else:
        refusal(answer, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_plain_pages_are_plain(live: str, path: str) -> None:
    answer = requests.get(live + path, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
