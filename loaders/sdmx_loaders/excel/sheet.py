"""A sheet as arrays, whatever file it came from, and how its cells are addressed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import IntEnum

import msgspec
import numpy as np
import numpy.typing as npt

Range = tuple[int, int, int, int]
"""First row, row after the last, first column, column after the last; all from 0."""

ROWS = 1_048_576
"""The most rows that a sheet of any kind has."""

COLUMNS = 16_384
"""The most columns that a sheet of any kind has."""

_COLUMN_BITS, _ROW_BITS = 15, 22


class Kind(IntEnum):
    """What a cell holds."""

    BLANK = 0
    NUMBER = 1
    PERCENT = 2
    TEXT = 3
    DATE = 4
    ERROR = 5
    FORMULA = 6  # whose result was not saved


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The used part of a sheet from A1 on.

    ``kinds`` are of ``Kind``; ``numbers`` are NaN where there is none; ``texts`` (str or None) hold texts, ISO dates
    and error codes. All three have the shape (rows, columns).
    """

    name: str
    kinds: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.float64]
    texts: npt.NDArray[np.object_]
    merged: Sequence[Range] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def label(self, row: int, column: int) -> str:
        """A cell as the text of a label; blank is the empty text."""
        if row >= self.kinds.shape[0] or column >= self.kinds.shape[1]:
            return ""
        if self.kinds[row, column] in (Kind.NUMBER, Kind.PERCENT):
            return plain(float(self.numbers[row, column]))
        text: str | None = self.texts[row, column]
        return " ".join(text.split()) if text else ""


class Cells:
    """Collects the cells of a sheet, row by row and column by column from 0, and makes its arrays."""

    def __init__(self) -> None:
        self._at: list[tuple[int, int]] = []
        self._kinds: list[int] = []
        self._numbers: list[float] = []
        self._texts: list[str | None] = []

    def add(self, row: int, column: int, kind: Kind, value: float | str) -> None:
        """Add one cell that is not blank; a text of spaces is blank."""
        if isinstance(value, str):
            if not value.strip() and kind is Kind.TEXT:
                return
            self._numbers.append(np.nan)
            self._texts.append(value)
        else:
            self._numbers.append(value)
            self._texts.append(None)
        self._at.append((row, column))
        self._kinds.append(kind)

    @property
    def area(self) -> int:
        """How many cells the rectangle from A1 has."""
        return (max(r for r, _ in self._at) + 1) * (max(c for _, c in self._at) + 1) if self._at else 0

    def sheet(
        self, name: str, merged: Sequence[Range], hidden_rows: frozenset[int], hidden_columns: frozenset[int]
    ) -> Sheet:
        """The sheet with all cells added; raises ``ValueError`` when merged ranges lie over each other."""
        at = np.array(self._at, dtype=np.int64).reshape(-1, 2)
        shape = (int(at[:, 0].max()) + 1, int(at[:, 1].max()) + 1) if len(at) else (0, 0)
        kinds = np.zeros(shape, np.uint8)
        numbers = np.full(shape, np.nan)
        texts = np.full(shape, None, dtype=np.object_)
        if sum(_within(area, shape) for area in merged) > shape[0] * shape[1]:
            raise ValueError("merged ranges lie over each other")
        index = (at[:, 0], at[:, 1])
        kinds[index], numbers[index], texts[index] = self._kinds, self._numbers, self._texts
        return Sheet(
            name=name,
            kinds=kinds,
            numbers=numbers,
            texts=texts,
            merged=merged,
            hidden_rows=hidden_rows,
            hidden_columns=hidden_columns,
        )


def owners(sheet: Sheet) -> npt.NDArray[np.int32]:
    """For each cell of the used part the number from 1 of the merged range that it is in, else 0."""
    found = np.zeros(sheet.kinds.shape, np.int32)
    for number, (top, below, left, right) in enumerate(sheet.merged, 1):
        found[top:below, left:right] = number
    return found


def plain(number: float) -> str:
    """A number by its value: 1395.0 is ``1395``, others have as many digits as tell them apart."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _within(area: Range, shape: tuple[int, int]) -> int:
    """How many cells of a range are in the used part."""
    height, width = min(area[1], shape[0]) - area[0], min(area[3], shape[1]) - area[2]
    return max(height, 0) * max(width, 0)


def iso(value: date | time) -> str:
    """A date without its midnight, as ISO 8601."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B .. Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_of(text: str) -> int:
    """The number from 0 of a column given by its letters."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def pack(sheet: int, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Places as one number each, in the order of sheets, rows (from 0) and columns (from 0); never zero."""
    return ((sheet << _ROW_BITS) + rows + 1 << _COLUMN_BITS) + columns


def unpack(place: int) -> tuple[int, int, int]:
    """Sheet, row and column of a packed place, all from 0."""
    rest, column = divmod(place, 1 << _COLUMN_BITS)
    sheet, row = divmod(rest, 1 << _ROW_BITS)
    return sheet, row - 1, column
