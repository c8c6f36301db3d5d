"""Requests and replies of the API right over WSGI, against what the framework makes of the same environments."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as Reference

from sdmx_server.web.exchange import OPEN, Reply, Request


def environment(
    path: str = "/sdmx/v2/data/dataflow", base: str = "http://stat.example/", **more: str
) -> dict[str, str]:
    return EnvironBuilder(path=path, base_url=base).get_environ() | more


@pytest.mark.parametrize(
    ("base", "more"),
    [
        ("http://stat.example/", {}),
        ("http://stat.example:8080/", {}),
        ("https://stat.example:443/", {}),
        ("http://[::1]:8000/", {}),
        ("http://آمار.ایران/", {}),
        ("http://stat.example/", {"HTTP_HOST": "not a host<>"}),
        ("http://stat.example/", {"HTTP_HOST": ""}),
    ],
)
def test_the_root_is_that_of_the_framework(base: str, more: dict[str, str]) -> None:
    given = environment(base=base, **more)
    assert Request(given).root == Reference(given).host_url.rstrip("/")


def test_without_a_host_header_the_root_is_that_of_the_server() -> None:
    given = environment()
    del given["HTTP_HOST"]
    assert Request(given).root == Reference(given).host_url.rstrip("/") == "http://stat.example"


def test_the_address_is_as_it_came_over_the_wire() -> None:
    given = environment("/sdmx/v2/data/%64ataflow/A%2FB?c[AREA]=%D8%A7", RAW_URI="/sdmx/v2/data/%64ataflow/A%2FB?x=%D8")
    assert Request(given).address == "/sdmx/v2/data/%64ataflow/A%2FB?x=%D8"
    del given["RAW_URI"]
    given["PATH_INFO"] = "/sdmx/v2/data/dataflow/آ".encode().decode("latin-1")
    given["QUERY_STRING"] = "c[AREA]=%D8%A7"
    assert Request(given).address == "/sdmx/v2/data/dataflow/%D8%A2?c[AREA]=%D8%A7"


def test_a_reply_tells_its_status_its_headers_and_those_of_every_response() -> None:
    told: list[object] = []
    body = Reply(304, [("ETag", '"1"')]).send(lambda status, headers, _=None: told.extend((status, headers)))
    assert b"".join(body) == b""
    assert told == ["304 Not Modified", [("ETag", '"1"'), *OPEN]]


def test_what_is_to_be_done_at_the_end_is_done_once_and_after_the_body_is_closed() -> None:
    done: list[str] = []

    class Body:
        def __iter__(self):
            return iter((b"a", b"b"))

        def close(self) -> None:
            done.append("body")

    sent = Reply(200, [], Body(), (lambda: done.append("slot"),)).send(lambda *_: None)
    assert b"".join(sent) == b"ab"
    sent.close()
    sent.close()
    assert done == ["body", "slot"]
