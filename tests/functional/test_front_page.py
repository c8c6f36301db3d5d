"""The front page: what it lists is true, every link works, every piece of code runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from lxml import html
from support.live import environment, run, serving

from sdmx_server.formats import FORMATS
from sdmx_server.web.front_texts import TEXTS

FLOWS = ("CENSUS_COUNTY", "CENSUS_POP", "CPI", "HOUSEHOLDS", "LFS_POP", "VITAL")
SNIPPETS = ("curl", "pandas", "sdmx1", "pysdmx")
FIGURES = {"CENSUS_POP": "79926270", "VITAL": "979923"}
"""A published figure in the series that the page shows of some dataflows."""


def page(base: str, language: str) -> html.HtmlElement:
    response = requests.get(f"{base}/", params={"lang": language}, timeout=30)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Language"] == language
    return html.fromstring(response.content)


def card(document: html.HtmlElement, flow: str) -> html.HtmlElement:
    (found,) = document.xpath("//article[@id=$id]", id=f"SCI.{flow}")
    return found


def plain(text: str) -> str:
    """Latin digits, one space between words."""
    return " ".join(text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٬", "0123456789,")).split())


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fa", "rtl")])
def test_it_lists_the_dataflows_in_both_languages(live: str, language: str, direction: str) -> None:
    document = page(live, language)
    assert (document.get("lang"), document.get("dir")) == (language, direction)
    assert sorted(a.get("id") for a in document.iter("article")) == [f"SCI.{flow}" for flow in FLOWS]
    census = plain(card(document, "CENSUS_POP").text_content())
    assert "8,637" in census  # observations, as the command line counts them
    assert "8,451" in census
    assert "1385 – 1395" in census
    title = {"en": "Population by province, residence, sex and age", "fa": "جمعیت بر حسب استان"}[language]
    assert title in census
    assert TEXTS[language]["download"] in census


def test_both_languages_have_the_same_words() -> None:
    assert TEXTS["en"].keys() == TEXTS["fa"].keys()
    assert all(text for words in TEXTS.values() for text in words.values())


def test_counts_are_those_of_the_availability_answer(live: str) -> None:
    document = page(live, "en")
    for flow in FLOWS:
        answer = requests.get(
            f"{live}/sdmx/v2/availability/dataflow/SCI/{flow}/1.0.0",
            headers={"Accept": "application/vnd.sdmx.structure+xml;version=3.1.0"},
            timeout=30,
        ).text
        text = plain(card(document, flow).text_content())
        for name in ("obsCount", "seriesCount"):
            found = re.search(rf'{name}="(\d+)"', answer)
            assert found
            assert f"{int(found[1]):,}" in text


@pytest.mark.parametrize(
    ("header", "language"), [("fa-IR,fa;q=0.9,en;q=0.5", "fa"), ("de,en;q=0.7", "en"), ("de", "en"), ("", "en")]
)
def test_the_language_follows_the_browser(live: str, header: str, language: str) -> None:
    response = requests.get(f"{live}/", headers={"Accept-Language": header}, timeout=30)
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("wrong", ["xx", "<script>", "en'--", "%00", "fa-IR,en"])
def test_an_unknown_language_is_refused(live: str, wrong: str) -> None:
    response = requests.get(f"{live}/", params={"lang": wrong}, timeout=30)
    assert response.status_code == 400
    assert "html" not in response.headers["Content-Type"]


def test_it_asks_nothing_of_other_hosts_and_needs_no_script(live: str) -> None:
    document = page(live, "fa")
    assert not list(document.iter("script", "iframe", "form"))
    for element in document.xpath("//*[@src or @href]"):
        address = element.get("src") or element.get("href")
        assert address.startswith(("/", "#", "data:,")), address
    policy = requests.get(f"{live}/", timeout=30).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    sheet = requests.get(f"{live}/static/front.css", timeout=30)
    assert sheet.headers["Content-Type"].startswith("text/css")
    for font in re.findall(r'url\("([^"]+)"\)', sheet.text):
        found = requests.get(f"{live}/static/{font}", timeout=30)
        assert found.status_code == 200
        assert found.content.startswith(b"wOF2")
        assert "max-age" in found.headers["Cache-Control"]
    assert "max-age" not in requests.get(f"{live}/static/nothing.css", timeout=30).headers["Cache-Control"]


def test_it_is_not_sent_again_unchanged(live: str) -> None:
    first = requests.get(f"{live}/", timeout=30)
    again = requests.get(f"{live}/", headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("flow", FLOWS)
def test_every_link_works(live: str, flow: str) -> None:
    links = [a.get("href") for a in card(page(live, "en"), flow).iter("a")]
    assert len(links) > 10
    for link in links:
        response = requests.get(live + link, timeout=60)
        assert response.status_code == 200, link
        assert response.content, link


def test_every_data_format_can_be_downloaded_as_itself(live: str) -> None:
    links = [a.get("href") for a in card(page(live, "en"), "VITAL").xpath(".//ul[@class='downloads']//a")]
    types = {requests.get(live + link, timeout=60).headers["Content-Type"].split(";charset")[0] for link in links}
    wanted = {one.media_type for one in FORMATS if one.write_data}
    assert {kind.split(";")[0] for kind in types} == wanted
    assert len(links) == len([one for one in FORMATS if one.write_data])


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("kind", SNIPPETS)
def test_every_piece_of_code_runs(live: str, flow: str, kind: str, tmp_path: Path) -> None:
    (block,) = card(page(live, "en"), flow).xpath(".//pre[@data-snippet=$kind]", kind=kind)
    code = block.text_content()
    command = ["bash", "-ec", code] if kind == "curl" else [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1
    if flow in FIGURES:
        assert FIGURES[flow] in done.stdout.replace(".0", "").replace(",", " ")


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[str]:
    """A server with one dataflow that has a hostile name, and no data."""
    hostile = '<script>alert("x")</script> & \'"'
    folder = tmp_path / "structures"
    folder.mkdir()
    (folder / "flow.json").write_text(_dataflow(hostile), encoding="utf-8")
    env = environment(tmp_path / "var", SDMX_DATAFLOWS_DIR=str(tmp_path / "none"), SDMX_STRUCTURES_DIR=str(folder))
    os.makedirs(tmp_path / "none")
    run("bootstrap", env=env)
    with serving(env, workers=1) as base:
        yield base


def _dataflow(name: str) -> str:
    return json.dumps(
        {
            "$schema": "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json",
            "meta": {"id": "x", "prepared": "2026-01-01T00:00:00Z", "sender": {"id": "SCI"}, "test": False},
            "data": {
                "dataflows": [
                    {
                        "id": "DF",
                        "agencyID": "X",
                        "version": "1.0.0",
                        "name": name,
                        "names": {"en": name},
                        "structure": "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=X:GONE(1.0.0)",
                    }
                ]
            },
        }
    )


def test_names_are_only_text_and_a_dataflow_without_structure_is_listed(bare: str) -> None:
    response = requests.get(f"{bare}/", timeout=30)
    assert response.status_code == 200
    document = html.fromstring(response.content)
    assert not list(document.iter("script"))
    assert document.xpath("string(//article/h3)") == '<script>alert("x")</script> & \'"'
    assert TEXTS["en"]["no_data"] in document.text_content()
