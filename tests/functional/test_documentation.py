"""The documentation page and the OpenAPI files: what they say is true of the running server."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import yaml
from lxml import html
from support.asking import ask

from sdmx_server.query import paths, v1_paths
from sdmx_server.web.openapi import PERSIAN, RESOURCES, document, path_of
from sdmx_server.web.openapi.page_texts import TEXTS

VERSIONS = ("v1", "v2")


def page(live: str, language: str) -> html.HtmlElement:
    answer = requests.get(f"{live}/docs", params={"lang": language}, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return html.fromstring(answer.content)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_tells_every_resource_and_parameter_in_both_languages(live: str, language: str) -> None:
    found = page(live, language)
    text = found.text_content()
    for version in VERSIONS:
        whole = document(version)
        assert [
            tag for tag in whole["tags"] if not found.xpath(f"//article[@id='{version}-{tag['name'].strip('{}')}']")
        ] == []
        for parameter in whole["components"]["parameters"].values():
            assert found.xpath("//dt/code[text()=$name]", name=parameter["name"])
            said = parameter[PERSIAN if language == "fa" else "description"].replace("`", "")
            assert said in text, said
    assert TEXTS[language]["lead"] in text


def test_both_languages_have_the_same_words() -> None:
    assert TEXTS["en"].keys() == TEXTS["fa"].keys()


def test_every_type_of_artefact_is_on_the_page(live: str) -> None:
    """Although the form with an item has only some of them."""
    for section, part, types in (
        ("v2-structure", "artefactType", paths.STRUCTURE_TYPES),
        ("v1-resource", "resource", v1_paths.RESOURCES),
    ):
        found = page(live, "en").xpath("//*[@id=$id]//dt[code=$part]/following-sibling::dd[1]", id=section, part=part)
        assert len(found) == 1
        assert sorted(set(types) - {*found[0].xpath(".//code/text()")}) == []


def test_every_example_on_the_page_has_an_answer(live: str) -> None:
    addresses = [a for a in page(live, "en").xpath("//p[@class='try']/a/@href")]
    assert len(addresses) == sum(map(len, RESOURCES.values()))
    for address in addresses:
        answer = requests.get(live + address, timeout=60)
        none = "/registration/" in address  # the products have none
        assert answer.status_code == (204 if none else 200), (address, answer.text)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_is_served_and_links_are_there(live: str, version: str) -> None:
    answer = requests.get(f"{live}/openapi-{version}.yaml", timeout=30)
    assert answer.headers["Content-Type"] == "application/yaml"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert yaml.safe_load(answer.content) == document(version)
    again = requests.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=30)
    assert (again.status_code, again.content) == (304, b"")
    assert page(live, "en").xpath("//a[@href=$href]", href=f"/openapi-{version}.yaml")
    assert html.fromstring(requests.get(live, timeout=30).content).xpath("//a[starts-with(@href, '/docs')]")


def _sent(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).replace("+", "%2B")


def _query(name: str, example: Any) -> str:
    if isinstance(example, dict):
        return "&".join(f"{name}[{component}]={text}" for component, text in example.items())
    return f"{name}={_sent(example)}"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_of_a_parameter_has_an_answer(live: str, version: str) -> None:
    whole = document(version)
    parameters = whole["components"]["parameters"]
    for resource in RESOURCES[version]:
        path = path_of(version, resource, resource.parts)
        references = whole["paths"][path]["get"]["parameters"]
        told = {p["name"]: p for p in (parameters[r["$ref"].rpartition("/")[2]] for r in references)}
        where = path.format_map({name: _sent(p["example"]) for name, p in told.items() if p["in"] == "path"})
        for name, parameter in told.items():
            if parameter["in"] == "query" and "example" in parameter:
                answer = ask(live, f"{where}?{_query(name, parameter['example'])}", api=version)
                assert answer.status_code in (200, 204), (answer.url, answer.text)
