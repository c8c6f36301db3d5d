"""What the application makes of an exception: status, SDMX code and both languages, without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask, abort
from lxml import etree
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sdmx_server.errors import BadSemantics, Busy, Conflict, HistoryPruned, Problem, Refused, SdmxServerError, TooLarge
from sdmx_server.model.reference import Reference
from sdmx_server.web import errors

CPI = Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0")
SEX = Problem(code="c", texts={"en": "No such code.", "fa": "چنین کدی نیست."}, row=7)
AWAY = "پایگاه داده در این لحظه پاسخ نمی‌دهد"
RAISED: dict[str, tuple[Exception, int, int, str]] = {
    "semantics": (BadSemantics("holds-no-data", reference=CPI), 422, 403, "Dataflow SCI:CPI(1.0.0) داده ندارد"),
    "large": (TooLarge("flows-many", most=5), 413, 413, "بیش از 5 جریان داده"),
    "busy": (Busy("too-many-queries"), 503, 503, "پرس‌وجوهایی که چند جریان داده"),
    "conflict": (Conflict("artefact-stable", reference=CPI), 409, 403, "پایدار است"),
    "pruned": (HistoryPruned("data-pruned", dataflow=CPI, earliest=dt.datetime.now(dt.UTC)), 422, 403, "هرس شده است"),
    "refused": (Refused([SEX, SEX]), 422, 403, "سطر 7: چنین کدی نیست.؛ سطر 7"),
    "database": (OperationalError("SELECT 1", {}, Exception("password")), 503, 503, AWAY),
    "pool": (PoolTimeout("limit"), 503, 503, AWAY),
    "unexpected": (ValueError("password"), 500, 500, "خطایی پیش‌بینی‌نشده روی داد"),
}
"""What is raised: its status in REST 2.2.2 and in 1.5.0, and what its Persian sentence has."""


@pytest.fixture(scope="module")
def client() -> Any:
    """A client of an application whose addresses raise."""
    app = Flask("errors")
    errors.register(app)

    @app.get("/sdmx/<api>/<name>")
    def _raise(api: str, name: str) -> str:
        raise RAISED[name][0]

    @app.get("/tea")
    def _tea() -> str:
        abort(418)

    return app.test_client()


@pytest.mark.parametrize("accept", ["application/json", "application/xml"])
@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("name", RAISED)
def test_each_kind_of_error_has_its_status_and_both_languages(client: Any, name: str, api: str, accept: str) -> None:
    error, *statuses, persian = RAISED[name]
    answer = client.get(f"/sdmx/{api}/{name}", headers={"Accept": accept, "Accept-Language": "fa"})
    assert answer.status_code == statuses[api == "v1"]
    if accept.endswith("json"):
        [entry] = answer.json["errors"]
        texts, first = entry["titles"], entry["title"]
    else:
        nodes = etree.fromstring(answer.data).find("{*}ErrorMessage")
        texts, first = (
            {node.get("{http://www.w3.org/XML/1998/namespace}lang"): node.text for node in nodes},
            nodes[0].text,
        )
    assert persian in texts["fa"]
    assert first == texts["fa"]
    assert "password" not in answer.text
    assert not isinstance(error, SdmxServerError) or texts == error.texts
    assert (answer.headers["Content-Language"], answer.headers["Cache-Control"]) == ("fa", "no-store")
    assert answer.headers.get("Retry-After") == ("5" if answer.status_code == 503 else None)


def test_what_the_web_framework_refuses_is_in_our_words(client: Any) -> None:
    [missing] = client.get("/nothing").json["errors"]
    assert missing["title"].startswith("There is nothing at this address")
    [wrong] = client.post("/tea").json["errors"]
    assert wrong["titles"]["fa"].startswith("این متد برای این نشانی پذیرفته نیست")
    [other] = client.get("/tea").json["errors"]
    assert other["titles"] == {
        "en": "The request cannot be answered: I'm a teapot (418).",
        "fa": "به این درخواست نمی‌توان پاسخ داد: I'm a teapot (418).",
    }
