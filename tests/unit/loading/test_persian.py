"""Persian text as keyboards and code pages give it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.loading.persian import clean, map_distinct, match_key, number_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مركزي", "مرکزی"),
        ("غیر‌ساکن", "غیر ساکن"),
        ("سال ۱۳۹۵", "سال 1395"),
        ("سال ١٣٩٥", "سال 1395"),
        ("\u200fگیلان ", "گیلان"),
        ("گیـــلان", "گیلان"),
        ("\ufeffMale", "male"),
        ("ﻣﺮﮐﺰی", "مرکزی"),
    ],
)
def test_labels_that_look_alike_match(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


def test_a_part_of_a_label_does_not_match() -> None:
    assert match_key("مسکن") != match_key("مسکن، آب و برق")


def test_a_kept_text_keeps_its_joiner_and_case() -> None:
    assert clean("\u200eنمي‌شود A ") == "نمی‌شود A"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("۴۲٫۴", "42.4"),
        ("۷۹٬۹۲۶٬۲۷۰", "79926270"),
        ("79,926,270.5", "79926270.5"),
        ("1 234", "1234"),
        ("\u200e-۵", "-5"),
        ("\u22125", "-5"),
        ("1,5", "1,5"),
        ("12,34", "12,34"),
        ("1,234 567", "1,234 567"),
        ("1e5", "1e5"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert number_text(text) == number


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert match_key(match_key(text)) == match_key(text)
    assert clean(clean(text)) == clean(text)


@given(st.integers(-(10**15), 10**15))
def test_persian_digits_are_the_number(number: int) -> None:
    persian = f"{number:,}".translate({ord(str(i)): chr(ord("۰") + i) for i in range(10)}).replace(",", "٬")
    assert int(number_text(persian)) == number


@given(st.lists(st.none() | st.text(max_size=5)))
def test_the_vectorised_form_agrees_with_the_scalar_one(texts: list[str | None]) -> None:
    result = map_distinct(pl.Series("x", texts, pl.String), match_key)
    assert result.to_list() == [None if t is None else match_key(t) for t in texts]
