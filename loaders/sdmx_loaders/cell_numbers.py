"""Numbers for the texts of plain cells (Polars ``Categorical``), by comparing bytes with those of texts seen before.

Only a text that is new, long or unlucky in the table becomes a string at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from .cell_bytes import WORD, Cells, Places, Words

Numbers = npt.NDArray[np.uint32]
Convert = Callable[[pl.Series], pl.Series]
"""From distinct texts (String, no nulls) to their canonical texts; null where a text has none."""

EMPTY = 0
"""Stands for an empty cell; texts begin at 1."""

_BITS = 15
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_STEADY = 0.9
_SAMPLE = 64
_FEW = 1_000
"""Records below which looking for runs takes longer than it saves."""


class UnknownText(ValueError):
    """A text that has no canonical one."""


class _Table:
    """The last text with each hash, as words, and its number. No words at all are the empty text."""

    def __init__(self, count: int) -> None:
        self._words = [np.zeros(1 << _BITS, np.uint64) for _ in range(count)]
        self._numbers = np.zeros(1 << _BITS, np.uint32)

    def look_up(self, words: Words) -> tuple[Numbers, Places, Places]:
        """The numbers of texts, their places in the table, and which texts are not in it."""
        mixed = words[0] * np.uint64(_FACTORS[0])
        for word, factor in zip(words[1:], _FACTORS[1:], strict=False):
            mixed ^= word * np.uint64(factor)
            mixed ^= mixed >> np.uint64(29)
        place = (mixed >> np.uint64(64 - _BITS)).view(np.int64)
        unknown = self._words[0].take(place) != words[0]
        for known, word in zip(self._words[1:], words[1:], strict=True):
            unknown |= known.take(place) != word
        return self._numbers.take(place), place, np.flatnonzero(unknown)

    def learn(self, words: Words, place: Places, numbers: Numbers) -> None:
        """Keep texts in their places, of several with the same place one."""
        place, first = np.unique(place, return_index=True)
        for known, word in zip(self._words, words, strict=True):
            known[place] = word[first]
        self._numbers[place] = numbers[first]


class TextNumbers:
    """The numbers of one column's texts, the same in every block. ``type`` is that of the columns they make."""

    def __init__(self, convert: Convert | None = None) -> None:
        self.type = pl.Categorical(pl.Categories.random())
        # Polars forgets the numbers of a category set when no series uses it any more
        self._anchor = pl.Series([], dtype=pl.String).cast(self.type)
        self._convert = convert
        self._tables: dict[int, _Table] = {}  # by how many words its texts have

    def numbers(self, cells: Cells, starts: Places, lengths: Places) -> Numbers:
        """The numbers of some cells, ``EMPTY`` included; raises ``UnknownText``."""
        count = max(1, -(-int(lengths.max(initial=0)) // WORD))
        if count > len(_FACTORS):
            return self._of_strings(cells.strings(starts, lengths))
        if count not in self._tables:
            self._tables[count] = _Table(count)
        words, table = cells.words(starts, lengths, count), self._tables[count]
        found, place, unknown = table.look_up(words)
        if len(unknown):
            new = self._of_strings(cells.strings(starts[unknown], lengths[unknown]))
            found[unknown] = new
            table.learn([word[unknown] for word in words], place[unknown], new)
        return found

    def text(self, number: int) -> str | None:
        """The text of a number; None for an empty cell."""
        if number == EMPTY:
            return None
        found: str = pl.Series([number - 1], dtype=pl.UInt32).cat.to(self.type)[0]
        return found

    def encode(self, texts: pl.Series) -> pl.Series:
        """Canonical texts (String) as a Series of the same type."""
        return texts.cast(self.type)

    def _of_strings(self, texts: pl.Series) -> Numbers:
        if self._convert is None:
            return _shifted(texts.cast(self.type))
        distinct = texts.unique().drop_nulls()
        canonical = self._convert(distinct)
        if canonical.null_count():
            raise UnknownText
        known = _shifted(canonical.cast(self.type))
        numbers = texts.replace_strict(distinct, pl.Series(known), default=EMPTY, return_dtype=pl.UInt32)
        return numbers.fill_null(EMPTY).to_numpy()


def _shifted(coded: pl.Series) -> Numbers:
    return (coded.to_physical().cast(pl.UInt32) + 1).fill_null(EMPTY).to_numpy()


def categorical(numbers: dict[str, tuple[TextNumbers, Numbers]]) -> pl.DataFrame:
    """Numbers as Categorical columns, by name; empty cells are null."""
    columns: dict[str, pa.Array] = {}
    for name, (_, given) in numbers.items():
        present = given != EMPTY
        validity = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little"))
        places = pa.py_buffer(given - np.uint32(1))
        columns[name] = pa.Array.from_buffers(pa.uint32(), len(given), [validity, places])
    frame = pl.DataFrame({name: pl.Series(column) for name, column in columns.items()})
    return frame.with_columns(pl.col(name).cat.to(texts.type) for name, (texts, _) in numbers.items())


def number_columns(cells: Cells, columns: dict[int, TextNumbers]) -> dict[int, Numbers]:
    """The numbers of several columns; those that seldom change are looked at only where they do.

    Raises ``UnknownText``.
    """
    found: dict[int, Numbers] = {}
    for steady, group in _groups(cells, sorted(columns)):
        if not steady:
            for column in group:
                starts = cells.starts(column)
                found[column] = columns[column].numbers(cells, starts, cells.ends(column) - starts)
            continue
        rows = np.flatnonzero(cells.changes(group[0], group[-1]))
        times = np.diff(rows, append=len(cells))
        for column in group:
            starts = cells.starts(column, rows)
            distinct = columns[column].numbers(cells, starts, cells.ends(column, rows) - starts)
            found[column] = np.repeat(distinct, times)
    return found


def _groups(cells: Cells, columns: Sequence[int]) -> list[tuple[bool, list[int]]]:
    """Columns side by side that are steady together, as a sample has it, and the others."""
    if len(cells) < _FEW:
        return [(False, list(columns))]
    rows = np.linspace(1, len(cells) - 1, _SAMPLE).astype(np.int64)
    steady = {column: cells.steadiness(column, rows) >= _STEADY for column in columns}
    # neighbours have the same difference between their column and their place in the list
    keyed = [(column, steady[column], column - place) for place, column in enumerate(columns)]
    return [
        (is_steady, [column for column, _, _ in group])
        for (is_steady, _), group in groupby(keyed, key=lambda entry: entry[1:])
    ]
