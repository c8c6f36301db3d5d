"""Errors have a sentence in English and one in Persian, made of what they were raised with."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.error_texts import LANGUAGES, texts_of
from sdmx_server.errors import (
    BadQuery,
    BadSemantics,
    Busy,
    HistoryPruned,
    Malformed,
    NotAcceptable,
    NotFound,
    Problem,
    Refused,
    SdmxServerError,
)
from sdmx_server.model.reference import Reference, parse_short, parse_urn
from sdmx_server.model.version import parse_version, parse_versions

CPI = Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0")
EARLIEST = dt.datetime(2026, 1, 31, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("error", "english", "persian"),
    [
        (
            NotFound("not-stored", reference=CPI),
            "Dataflow SCI:CPI(1.0.0) is not stored here",
            "Dataflow SCI:CPI(1.0.0) اینجا ذخیره نشده است",
        ),
        (
            BadQuery("word", name="detail", text="it's", allowed=("full", "dataonly")),
            'detail="it\'s" is not allowed; use one of full, dataonly',
            "detail=«it's» پذیرفته نیست؛ یکی از این‌ها را بنویسید: full، dataonly",
        ),
        (
            BadSemantics("measure-unknown", name="OBS", known=()),
            "measure 'OBS' is not in the structure; it has none",
            "سنجهٔ «OBS» در ساختار نیست؛ سنجه‌های ساختار: هیچ",
        ),
        (
            NotFound(
                "no-data-context", path="A:B(*)", called=[texts_of("called-dataflow"), texts_of("called-structure")]
            ),
            "there is no such dataflow or data structure: A:B(*); structure queries list those that there are",
            "جریان داده یا ساختار داده با نشان A:B(*) یافت نشد؛ پرس‌وجوهای ساختار آنچه را هست برمی‌شمارند",
        ),
        (
            BadSemantics("refused-of", name="SCI:CPI(1.0.0)", reason=BadQuery("key-empty").texts),
            "SCI:CPI(1.0.0): a key is empty; write * for any value",
            "SCI:CPI(1.0.0): کلیدی خالی است؛ برای هر مقدار * بنویسید",
        ),
    ],
)
def test_both_sentences(error: SdmxServerError, english: str, persian: str) -> None:
    assert error.texts == {"en": english, "fa": persian}
    assert str(error) == english


def test_what_goes_with_an_error_is_there_beside_its_sentence() -> None:
    refused = NotAcceptable("format-not-offered", wanted="format=tiff", offered=["text/csv"])
    assert refused.offered == ("text/csv",)
    assert refused.texts["fa"] == "format=tiff اینجا عرضه نمی‌شود؛ عرضه می‌شود: text/csv"
    assert (Busy("answers-no-room", retry_after=60).retry_after, Busy("answers-too-many").retry_after) == (60, 5)
    pruned = HistoryPruned("data-pruned", dataflow=CPI, earliest=EARLIEST)
    assert pruned.earliest == EARLIEST
    assert all("2026-01-31T08:30:00.000000Z" in text for text in pruned.texts.values())


def test_a_refusal_has_the_findings_of_each_language_with_their_places() -> None:
    texts = {"en": "No such code.", "fa": "چنین کدی نیست."}
    problems = [Problem(code="c", texts=texts, file="a.csv", row=row, column="SEX") for row in range(1, 6)]
    refused = Refused(problems)
    assert refused.problems == tuple(problems)
    assert str(refused) == "; ".join(f"a.csv: line {row}, column SEX: No such code." for row in (1, 2, 3))
    assert refused.texts["fa"] == "؛ ".join(f"a.csv: سطر {row}، ستون SEX: چنین کدی نیست." for row in (1, 2, 3))
    assert str(Refused(problems, 70)).startswith("70 findings, nothing was loaded: a.csv: line 1, column SEX")
    assert Refused(problems, 70).texts["fa"].startswith("70 یافته هست و چیزی بارگذاری نشد: a.csv: سطر 1")


def _short(text: str) -> Reference:
    return parse_short(text, "Dataflow")


def test_a_text_that_is_no_version_or_reference_is_said_in_both_languages() -> None:
    for parse, text in ((parse_version, "1.x"), (parse_version, "1.0-draft"), (parse_urn, "urn:x"), (_short, "CPI")):
        with pytest.raises(Malformed) as caught:
            parse(text)
        assert isinstance(caught.value, ValueError)
        assert all(text in said for said in caught.value.texts.values())


@pytest.mark.parametrize("text", ["", "1.x", "1.0.0.+", "2+", "*.1", "2+.0", "0+.0.0", "1+.0+", "1" * 501, "1.0-draft"])
def test_each_way_to_write_a_version_wrong_has_both_sentences(text: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_versions(text)
    assert set(caught.value.texts) == set(LANGUAGES)
    assert caught.value.texts["en"] != caught.value.texts["fa"]


@given(st.text())
def test_any_value_can_be_quoted(text: str) -> None:
    texts = texts_of("control-characters", text=text)
    assert texts["en"].startswith(repr(text[:100]))
    assert texts["fa"] == f"«{repr(text[:100])[1:-1]}» نویسهٔ کنترلی دارد"
    assert all(said.isprintable() for said in (texts["en"], texts["fa"].replace("\u200c", "")))


def test_a_code_that_is_no_entry_is_a_fault() -> None:
    with pytest.raises(KeyError):
        texts_of("no-such-entry")
