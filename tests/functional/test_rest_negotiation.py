"""Which answer is given: formats and languages are negotiated by headers and parameters."""

from __future__ import annotations

import pytest
from support.asking import DATA_TYPES, STRUCTURE_TYPES, ask, refusal

VITAL = "/data/dataflow/SCI/VITAL/1.0.0"
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
