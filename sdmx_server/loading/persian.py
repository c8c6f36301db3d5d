"""Persian text as it comes from keyboards, workbooks and old code pages, made comparable.

``clean`` is for values that are kept, ``match_key`` for comparing labels only: there a zero width non-joiner equals a
space and case does not count. Each has a vectorised twin that works on distinct texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import polars as pl

_MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0640\ufeff"
_TABLE: dict[int, str | None] = {ord(mark): None for mark in _MARKS}
_TABLE |= {ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"}
_DIGITS: dict[int, str | None] = {ord("۰") + i: str(i) for i in range(10)}
_DIGITS |= {ord("٠") + i: str(i) for i in range(10)}
_NUMBER: dict[int, str | None] = _TABLE | _DIGITS | {ord("٬"): ",", ord("٫"): ".", ord("\u2212"): "-"}
_KEY: dict[int, str | None] = _TABLE | _DIGITS | {ord("٬"): ",", ord("٫"): ".", 0x200C: " "}
_SPACES = re.compile(r"\s+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?")


def clean(text: str) -> str:
    """The text with one yeh and one kaf, without marks of direction, tatweel and byte order, trimmed (NFKC)."""
    return unicodedata.normalize("NFKC", text).translate(_TABLE).strip()


def match_key(text: str) -> str:
    """The key under which labels are compared; equal for texts that a reader takes to be the same."""
    folded = unicodedata.normalize("NFKC", text).translate(_KEY).lower()
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", folded)).strip()


def number_text(text: str) -> str:
    """A number with Latin digits and a point, without thousands separators; other texts come back as they are."""
    plain = unicodedata.normalize("NFKC", text).translate(_NUMBER).strip()
    found = _THOUSANDS.fullmatch(plain)
    return plain.replace(found[1], "") if found else plain


def map_distinct(column: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """Apply a function of texts to a String column, called once per distinct text; null stays null."""
    distinct = column.unique().drop_nulls()
    old = distinct.to_list()
    new = [function(text) for text in old]
    if new == old:
        return column
    return column.replace_strict(
        distinct, pl.Series(new, dtype=pl.String), default=None, return_dtype=pl.String
    ).rename(column.name)
