"""HTTP around the queries: caching, codings, methods, and addresses that are written otherwise."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import requests
import zstandard
from lxml import etree
from support.asking import DATA_TYPES, ask, judge_structures, refusal
from support.live import serving
from support.raw_http import raw, request

VITAL = "/data/dataflow/SCI/VITAL/1.0.0"
LARGE = "/data/dataflow/SCI/CENSUS_POP/1.0.0?attributes=none"
JSON, JSON20, XML, XML30, CSV, CSV20 = DATA_TYPES
FORMS = (("json", None), ("xml", "utf-8"), ("csv", "utf-8"))
TYPED = (
    *((VITAL, form, charset) for form, charset in FORMS),
    *(("/structure/codelist/SCI/CL_SEX", form, charset) for form, charset in FORMS[:2]),
    *(("/schema/dataflow/SCI/VITAL/1.0.0", form, charset) for form, charset in FORMS[:2]),
    *(("/metadata/metadataflow/SCI/QUALITY_REPORT", form, charset) for form, charset in FORMS),
    *(("/availability/dataflow/SCI/VITAL/1.0.0", form, charset) for form, charset in FORMS[:2]),
)
"""Addresses with a format, and the charset of its media type."""


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


@pytest.mark.parametrize(
    ("path", "charset"),
    [
        *((f"/v2{path}?format={form}", charset) for path, form, charset in TYPED),
        ("/v2/data/dataflow/SCI/NOTHING", None),
        ("/v2/data/dataflow/SCI/NOTHING?format=xml", "utf-8"),
        ("/v1/data/NOTHING", "utf-8"),
        ("/v1/data/NOTHING?format=jsondata", None),
    ],
)
def test_text_names_its_charset_and_json_has_none(live: str, path: str, charset: str | None) -> None:
    """By RFC 8259, section 11, JSON has no such parameter; the media types of SDMX-JSON define none."""
    answer = requests.get(f"{live}/sdmx{path}", timeout=60)
    assert answer.headers["Content-Type"].partition("charset=")[2] == (charset or "")
    assert ("json" in answer.headers["Content-Type"]) == (charset is None)


def test_no_content_has_no_type(live: str) -> None:
    answer = ask(live, f"{VITAL}/A.NOWHERE")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert "Accept" in answer.headers["Vary"]


# ---- addresses ----------------------------------------------------------------------------------------------------


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
