"""Cells of SDMX-CSV as canonical texts: names cut off, several values and languages taken apart.

Each distinct text is taken apart once (field guide, "Multi-valued components", "Non-coded multi-lingual components").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import polars as pl

from sdmx_server.batches import canonical

from .head import HeadColumn

Cell = Callable[[str], str]
MISSING = "#N/A"
DELETED = "-"
"""Stands for any value in rows that delete; no text in languages is written so."""


def _split(text: str, sub: str) -> list[str]:
    if '"' not in text:
        return text.split(sub)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sub))
    if len(rows) != 1:
        raise ValueError("a line break outside quotation marks")
    return rows[0]


def _unlabelled(text: str) -> str:
    return text.partition(": ")[0]


def _languages(text: str, sub: str, known: tuple[str, ...]) -> dict[str, str]:
    """``en:Value;fa:مقدار``; a piece without a known tag is the rest of the text before it."""
    texts: dict[str, str] = {}
    last = ""
    for piece in _split(text, sub):
        tag, colon, value = piece.partition(":")
        if colon and tag in known:
            texts[tag], last = value, tag
        elif last:
            texts[last] += sub + piece
        else:
            raise ValueError(piece)
    return texts


def converter(column: HeadColumn, sub: str | None) -> Cell | None:
    """What turns a cell of the column into its canonical text; None when cells stand for themselves.

    The function raises ``ValueError`` or ``csv.Error`` for a text that cannot be taken apart.
    """
    component, between = column.component, sub or ";"
    many, international = component.multi_valued, component.multilingual
    strip: Cell | None = _unlabelled if column.labelled else None
    if not column.bracketed:
        return _plain(strip, many, international)

    def values(text: str) -> list[object]:
        if not international:
            return [strip(v) if strip else v for v in _split(text, between)]
        if not many:
            return [_languages(text, between, column.languages)]
        return [_languages(v, between, column.languages) for v in _split(text, between)]

    def cell(text: str) -> str:
        if text == MISSING or (international and text == DELETED):
            return text
        found = values(text)
        if many:
            return canonical(found)
        if len(found) != 1:
            raise ValueError(f"{len(found)} values where one is allowed")
        return canonical(found[0]) if international else str(found[0])

    return cell


def plain_languages(distinct: pl.Series, column: HeadColumn, sub: str | None) -> pl.Series:
    """Canonical texts of cells with every language of the head in its order and nothing to escape; null for others."""
    between = re.escape(sub or ";")
    tags = column.languages
    if column.component.multi_valued or not column.component.multilingual or len(set(tags)) != len(tags) or not tags:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(distinct))
    text = rf'([^"\\\x00-\x1f\x7f{between}]*)'
    pattern = f"^{between.join(f'{re.escape(tag)}:{text}' for tag in tags)}$"
    numbered = sorted((tag, number) for number, tag in enumerate(tags, 1))
    template = "{" + ",".join(f'"{tag}":"${{{number}}}"' for tag, number in numbered) + "}"
    simple = distinct.str.contains(pattern)
    return pl.select(pl.when(simple).then(distinct.str.replace(pattern, template))).to_series()


def _plain(strip: Cell | None, many: bool, international: bool) -> Cell | None:
    if not many and not international:
        return strip

    def cell(text: str) -> str:
        if text == MISSING:
            return text
        value: object = {"en": text} if international else (strip(text) if strip else text)
        return canonical([value] if many else value)

    return cell
