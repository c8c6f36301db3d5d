"""Findings are collected, not thrown: one entry per distinct fault, with its first place and how often it occurs."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ..errors import Problem, Refused
from .catalogue import CATALOGUE

SHOWN = 1000
"""How many distinct findings are kept; the count stays exact."""

_VALUE_SHOWN = 200
_SLOT = 52
_OFTEN = (" (in {count} rows)", " (در {count} سطر)")


def shorten(value: str) -> str:
    """A value as it can be shown: cut at 200 characters."""
    return value if len(value) <= _VALUE_SHOWN else value[:_VALUE_SHOWN] + "…"


def suggestion(word: str, known: Iterable[str]) -> dict[str, str]:
    """``did you mean`` in both languages, as texts ``en`` and ``fa``; empty when nothing is near."""
    by_folded = {k.lower(): k for k in known}
    near = difflib.get_close_matches(word.lower(), by_folded, n=1)
    if not near:
        return {"en": "", "fa": ""}
    return {"en": f"; did you mean {by_folded[near[0]]}?", "fa": f"؛ شاید {by_folded[near[0]]}؟"}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a file that has more than lines: sheet, row (1-based) and column as the file's user sees them, or
    ``path``, a JSON pointer.
    """

    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        return self.path if self.path is not None else f"{self.sheet or ''}!{self.column or ''}{self.row or ''}"


Locator = Callable[[int, str | None], Place]
"""From a row's number in a ``RawBatch`` and the name of a column or component to the place in the file."""


class _Entry:
    __slots__ = ("code", "column", "count", "file", "params", "path", "row", "sheet", "value")

    def __init__(self, code: str, file: str | None, row: int | None, column: str | None, value: str | None) -> None:
        self.code, self.file, self.row, self.column, self.value = code, file, row, column, value
        self.path: str | None = None
        self.sheet: str | None = None
        self.count = 0
        self.params: dict[str, object] = {}

    def problem(self, place: Place) -> Problem:
        given = {"value": self.value, "column": self.column, "file": self.file, **self.params}
        texts = {}
        for language, template, often in zip(("en", "fa"), CATALOGUE[self.code], _OFTEN, strict=True):
            local = {k: v[language] if isinstance(v, dict) else v for k, v in given.items()}
            more = often.format(count=self.count) if self.count > 1 else ""
            texts[language] = template.format(**local) + more
        return Problem(
            code=self.code,
            texts=texts,
            file=self.file,
            sheet=self.sheet or place.sheet,
            row=place.row,
            column=self.column if place.path is not None else place.column,
            value=self.value,
            path=self.path or place.path,
        )


class Findings:
    """All findings of one load. ``count`` counts rows and is exact; at most ``SHOWN`` distinct ones are kept."""

    def __init__(self, shown: int = SHOWN) -> None:
        self.count = 0
        self._shown = shown
        self._entries: dict[tuple[str | None, ...], _Entry] = {}
        self._locators: list[Locator] = []

    def locate(self, locator: Locator) -> int:
        """For rows that are more than lines: what to add to each number (below 2 to the 52) that ``locator`` makes a
        place of.
        """
        self._locators.append(locator)
        return len(self._locators) << _SLOT

    def _place(self, row: int | None, column: str | None) -> Place:
        slot = (row or 0) >> _SLOT
        if row is None or not slot:
            return Place(row=row, column=column)
        return self._locators[slot - 1](row - (slot << _SLOT), column)

    def place(self, file: str, row: int) -> str:
        """How a sentence names a row of a file."""
        place = self._place(row, None)
        return f"{file}:{row if place.sheet is None and place.path is None else place}"

    def add(
        self,
        code: str,
        *,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        path: str | None = None,
        count: int = 1,
        **params: Any,
    ) -> None:
        """Add a finding of the catalogue.

        The same code, file, column and value adds to the count of the first one; findings about a place (without a
        value) are told apart by their row. A parameter that is a dict holds a text per language. A count of 0 adds
        nothing.
        """
        if not count:
            return
        self.count += count
        value = None if value is None else shorten(value)
        key = (code, file, sheet, column, path, value if value is not None else str(row))
        entry = self._entries.get(key)
        if entry is None:
            if len(self._entries) >= self._shown:
                return
            entry = self._entries[key] = _Entry(code, file, row, column, value)
            entry.params, entry.path, entry.sheet = params, path, sheet
        entry.count += count
        if row is not None and (entry.row is None or row < entry.row):
            entry.row = row

    def add_rows(
        self, code: str, column: pl.Series, text: str | None, rows: npt.NDArray[np.int64], file: str, **params: Any
    ) -> None:
        """Add a finding about all cells of a column that hold ``text`` (None: are empty), named by the column."""
        hits = (column.is_null() if text is None else column == text).arg_true()
        if len(hits):
            row = int(rows[hits[0]]) or None
            self.add(code, file=file, row=row, column=column.name, value=text, count=len(hits), **params)

    def more(self, count: int) -> None:
        """Count findings that are beyond what can be shown."""
        self.count += max(0, count)

    def __bool__(self) -> bool:
        return self.count > 0

    def problems(self) -> tuple[Problem, ...]:
        """The findings in the order of files and rows."""
        entries = sorted(self._entries.values(), key=lambda e: (e.file or "", e.row or 0))
        return tuple(entry.problem(self._place(entry.row, entry.column)) for entry in entries)

    def refuse(self) -> None:
        """Raise ``Refused`` with everything found, if there is anything."""
        if not self:
            return
        raise Refused(self.problems(), self.count)
