"""Texts of which some are in one language and some in another: each comes in the best one that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from lxml import etree
from support.asking import ask, judge_structures, refusal
from support.live import environment, run, serving

LIST = "/structure/codelist/SCI/CL_TEXTS/1.0.0"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CODES = {
    "A": {"en": "One", "fa": "یک"},
    "B": {"en": "Two"},
    "C": {"fr": "Trois"},
    "D": {"fa-IR": "چهار", "fr": "Quatre"},
}
CODELIST = {
    "id": "CL_TEXTS",
    "agencyID": "SCI",
    "version": "1.0.0",
    "name": "Texts",
    "names": {"en": "Texts", "fr": "Textes"},
    "codes": [{"id": name, "name": next(iter(names.values())), "names": names} for name, names in CODES.items()],
}
INNER = {
    **CODELIST,
    "id": "CL_INNER",
    "name": "Inner",
    "names": {"en": "Inner"},
    "codes": [{"id": "D", "name": "Four", "names": {"en": "Four", "ps-AF": "څلور"}}],
}
OTHER = {**CODELIST, "id": "CL_OTHER", "names": {"en": "Others", "fa": "دیگرها", "fr": "Autres"}}
MESSAGE = {
    "meta": {"id": "TEXTS", "prepared": "2026-01-01T00:00:00Z", "test": False, "sender": {"id": "SCI"}},
    "data": {"codelists": [CODELIST, OTHER, INNER]},
}
ANSWERS = [
    ("fa", "fa", ["en", "fa", "en", "fr", "fa-IR"]),
    ("fa-IR", "fa", ["en", "fa", "en", "fr", "fa-IR"]),
    ("fa, fr;q=0.5", "fa", ["fr", "fa", "en", "fr", "fa-IR"]),
    ("fr;q=0.9, fa;q=1", "fa", ["fr", "fa", "en", "fr", "fa-IR"]),
    ("fr", "fr", ["fr", "en", "en", "fr", "fr"]),
    ("fr, fa;q=0.5", "fr", ["fr", "fa", "en", "fr", "fr"]),
    ("de", "en", ["en", "en", "en", "fr", "fa-IR"]),
]
"""Accept-Language, Content-Language, and the languages of the names of the list and of its codes."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with that codelist."""
    folder = tmp_path_factory.mktemp("texts")
    file = folder / "texts.json"
    file.write_text(json.dumps(MESSAGE), encoding="utf-8")
    env = environment(folder / "data")
    run("structures", "import", str(file), env=env)
    with serving(env, workers=1) as base:
        yield base


@pytest.mark.proves("v2 http: Accept-Language=q-weights", "v2 http: Content-Language")
@pytest.mark.parametrize(("header", "language", "expected"), ANSWERS)
def test_each_text_in_its_best_language(texts: str, header: str, language: str, expected: list[str]) -> None:
    for version in ("2.1.0", "2.0.0"):
        answer = ask(texts, LIST, f"application/vnd.sdmx.structure+json;version={version}", Accept_Language=header)
        assert answer.headers["Content-Language"] == language
        judge_structures(answer)
        [found] = answer.json()["data"]["codelists"]
        assert [list(one["names"]) for one in (found, *found["codes"])] == [[tag] for tag in expected]
    for version in ("3.1.0", "3.0.0", "2.1"):
        answer = ask(texts, LIST, f"application/vnd.sdmx.structure+xml;version={version}", Accept_Language=header)
        assert answer.headers["Content-Language"] == language
        judge_structures(answer)
        names = etree.fromstring(answer.content).iter("{*}Name")
        assert [name.get(LANGUAGE) for name in names] == expected


def test_answers_that_differ_have_tags_of_their_own(texts: str) -> None:
    """Also where the first language is the same, so that no cache gives one for the other; and only those."""
    found = {}
    for header, _, expected in ANSWERS:
        answer = ask(texts, LIST, Accept_Language=header)
        found.setdefault(answer.headers["ETag"], set()).add(answer.content)
        assert ask(texts, LIST, Accept_Language=header).content == answer.content, expected
    assert all(len(bodies) == 1 for bodies in found.values())
    tags = [ask(texts, LIST, Accept_Language=h).headers["ETag"] for h in ("fa", "fa, en;q=0.9", "FA,en-US;q=0.8,en")]
    assert len(set(tags)) == 1


@pytest.mark.proves("v2 http: lang={language}")
@pytest.mark.parametrize("asked", ["ps", "ps-AF", "PS-af"])
def test_a_language_that_only_codes_have_is_there(texts: str, asked: str) -> None:
    """No artefact is named in it: who asks for it wants the texts that there are."""
    answer = ask(texts, f"/structure/codelist/SCI/CL_INNER/1.0.0?lang={asked}")
    assert answer.headers["Content-Language"] == "ps-AF"
    [found] = answer.json()["data"]["codelists"]
    assert found["names"] == {"en": "Inner"}
    assert found["codes"][0]["names"] == {"ps-AF": "څلور"}


@pytest.mark.proves("v2 http: lang=refused: not there")
def test_a_language_that_nothing_has_is_refused_with_those_that_there_are(texts: str) -> None:
    assert "en, fa, fa-IR, fr, ps-AF" in refusal(ask(texts, f"{LIST}?lang=de-AT"), 406)
