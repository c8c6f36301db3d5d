"""Requests and responses of the worker, against gunicorn's own for the same bytes."""

from __future__ import annotations

import socket

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader, InvalidHeaderName, NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import Response
from hypothesis import given
from hypothesis import strategies as st
from support.asking import DATA_TYPES

from sdmx_server.web import wire
from sdmx_server.web.wire import SdmxParser, SdmxResponse

PEER = ("127.0.0.1", 5)
SCHEME = 2


def read(kind: type[RequestParser], data: bytes, peer: object = PEER, **settings: object) -> object:
    config = Config()
    for name, value in settings.items():
        config.set(name, value)
    parser = kind(config, iter([data]), peer)
    try:
        found = next(parser)
        body = found.body.read()
    except (ParseException, NoMoreData) as error:
        return type(error)
    line = found.method, found.uri, found.path, found.query, found.fragment, found.version
    return line, found.headers, found.scheme, found._expected_100_continue, body


NAMES = st.sampled_from(
    [
        "Host",
        "Accept",
        "X-Forwarded-Proto",
        "X_Odd",
        "Expect",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "A b",
    ]
)
VALUES = st.sampled_from(["*/*", "https", "http", "100-continue", "0", "2", "chunked", "close", "\x00", "a\nb", ""])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=4), st.sampled_from(["127.0.0.1", "10.0.0.1"]))
def test_requests_are_read_as_gunicorn_reads_them_also_when_their_headers_are_known(
    headers: list[tuple[str, str]], address: str
) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    data = f"GET /sdmx/v2/data HTTP/1.1\r\n{lines}\r\nab".encode("latin-1")
    expected = read(RequestParser, data, (address, 5))
    assert read(SdmxParser, data, (address, 5)) == expected
    assert read(SdmxParser, data, (address, 5)) == expected


LINES = st.tuples(
    st.sampled_from(["GET", "HEAD", "OPTIONS", "get", "G", "GE:T", "CONNECT"]),
    st.one_of(
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12),
        st.text(st.sampled_from("/?#&=+;:@[]%*.aZ0~|"), min_size=1, max_size=12).map("/".__add__),
        st.sampled_from(["*", "//host/a?b", "http://host/a?b#c", "/a??b?", "/a#b", "/a?b#c", "/?", "a:b"]),
    ),
    st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", ""]),
)


@given(LINES)
def test_request_lines_are_read_as_gunicorn_reads_them(parts: tuple[str, str, str]) -> None:
    data = f"{' '.join(parts)}\r\nHost: a\r\n\r\n".encode("latin-1")
    assert read(SdmxParser, data) == read(RequestParser, data)


def test_the_configuration_is_gunicorns_own() -> None:
    config = Config()
    config.set("limit_request_line", 700)
    settings = wire.Configuration(config)
    for _ in range(2):
        assert (settings.limit_request_line, settings.is_ssl, settings.workers) == (700, None, config.workers)
    with pytest.raises(AttributeError):
        settings.no_such_setting  # noqa: B018 - asked for


def test_headers_that_only_a_proxy_may_send_do_not_count_for_others_that_send_the_same() -> None:
    data = b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n"
    assert read(SdmxParser, data, ("127.0.0.1", 5))[SCHEME] == "https"
    assert read(SdmxParser, data, ("10.0.0.1", 5))[SCHEME] == "http"


def test_known_headers_are_bounded_however_many_there_are() -> None:
    for number in range(3_000):
        read(SdmxParser, b"GET / HTTP/1.1\r\nHost: a\r\nCookie: %0400d\r\n\r\n" % number)
    assert 0 < wire.known_headers.used <= wire.HEADER_BYTES
    before = wire.known_headers.used
    read(SdmxParser, b"GET / HTTP/1.1\r\nCookie: %07000d\r\n\r\n" % 1)
    assert wire.known_headers.used == before


def sent(kind: type[Response], headers: list[tuple[str, str]], body: bytes, method: str = "GET") -> object:
    mine, other = socket.socketpair()
    with mine, other:
        parser = RequestParser(Config(), iter([f"{method} / HTTP/1.1\r\nHost: a\r\n\r\n".encode()]), PEER)
        response = kind(next(parser), mine, Config())
        try:
            response.start_response("200 OK", headers)
        except (InvalidHeader, InvalidHeaderName, Exception) as error:
            return type(error)
        for part in (body[:3], body[3:]) if len(headers) == 1 else (body,):
            response.write(part)
        response.close()
        mine.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: other.recv(65536), b""))
    return [line for line in received.split(b"\r\n") if not line.startswith(b"Date:")], response.should_close()


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["ETag", "Content-Type", "Content-Language", "Set-Cookie", "Connection", "Odd name"]),
        st.sampled_from([*DATA_TYPES, '"1"', "fa", "close", "a\nb", "a\r\nX: y", "\u20ac", "", " a "]),
    ),
    max_size=3,
)


@given(HEADERS, st.booleans(), st.sampled_from(["GET", "HEAD"]))
def test_responses_are_what_gunicorn_would_send(headers: list[tuple[str, str]], whole: bool, method: str) -> None:
    body = b"TIME_PERIOD,OBS_VALUE\r\n"
    given_headers = [*headers, ("Content-Length", str(len(body)))] if whole else headers
    assert sent(SdmxResponse, given_headers, body, method) == sent(Response, given_headers, body, method)


@pytest.mark.parametrize("value", ["a\nSet-Cookie: b", "a\r\nSet-Cookie: b", "a\x00"])
def test_no_value_begins_a_header_of_its_own(value: str) -> None:
    assert isinstance(sent(SdmxResponse, [("Content-Language", value), ("Content-Length", "0")], b""), type)
