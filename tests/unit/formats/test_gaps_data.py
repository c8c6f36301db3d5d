"""What 2.1 cannot say of data: the table is documented, and answers are told what concerns them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from support.cases import CASES

from sdmx_server.formats.gaps.data import DATA_GAPS, table, told

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "gaps.md"


def test_the_document_shows_the_table() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")


def test_every_gap_is_told_in_both_languages() -> None:
    assert all(gap.texts["en"] and gap.texts["fa"] for gap in DATA_GAPS)


def test_an_answer_is_told_what_concerns_it_with_the_components() -> None:
    prices, measures, languages = (make().part() for make in CASES[:3])
    assert told((prices,), "2.1") == ()
    assert [m.texts["en"] for m in told((measures,), "2.1")] == [
        "there is one measure; the others are written as attributes of the observation"
        " (POP, AMOUNT, QUALITY, NOTE, READINGS)",
        "the measure is called OBS_VALUE (RATE)",
        "several values are joined to one text, with ; between them (READINGS, FLAGS)",
    ]
    assert [m.code for m in told((languages,), "2.1")] == ["2003", "2004"]
    assert [m.code for m in told((prices, languages), "2.1", missing=True)] == ["2003", "2004", "2005"]


def test_attributes_that_changed_by_themselves_are_told_where_no_element_can_hold_them() -> None:
    part = msgspec.structs.replace(CASES[0]().part(), attributes_only=True, series_only=True)
    [message] = told((part,), "2.1")
    assert (message.code, message.severity) == ("2006", "Warning")
    assert message.texts["en"].endswith("(AREA_NOTE, TIME_LABEL)")


def test_later_generations_have_no_gaps() -> None:
    for make in CASES:
        assert told((make().part(),), "3.0", missing=True) == told((make().part(),), "3.1", missing=True) == ()
