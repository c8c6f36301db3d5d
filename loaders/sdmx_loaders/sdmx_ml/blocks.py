"""A piece of a message cut at its quotation marks, without a Python step for each of them.

What is between two values is looked up among the patterns; from there on it is arrays of numbers. Nothing is taken for
granted about what stands in front of the piece: who reads it makes sure that a run begins where the parser expects it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from .patterns import AT, OBS, ODD, SAME, SERIES, STATES, Grammar, Pattern

_QUOTE, _LESS, _AMPERSAND, _SPACE, _EQUALS = 34, 60, 38, 32, 61
_ID = ((2, 100), (3, 105))
_MOST_PATTERNS, _MOST_ODD, _FEW_ODD = 250, 4_000, 50
_LEAST = 12
"""A run of fewer items is not worth the way around the parser."""
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which XML excludes (section 2.2)."""

Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The items of a piece. ``runs`` are those (first, behind the last) that are plain, and so is what ends them.

    Of each item: ``starts``, the place of its first tag; ``ends``, that of the series' end tag behind it, 0 without
    one; ``lines`` and ``end_lines`` of both, counted from anywhere; ``numbers``, which observation or series it is.
    ``cells`` and ``heads`` are the values of observations and of series by name, ``owner`` is the series of each
    observation; those of items outside the runs mean nothing. ``texts`` is the first text of each item in ``codes``.
    """

    runs: list[tuple[int, int]]
    is_obs: _Mask
    numbers: Numbers
    starts: Numbers
    ends: Numbers
    lines: Numbers
    end_lines: Numbers
    cells: Mapping[str, pl.Series]
    heads: Mapping[str, pl.Series]
    owner: Numbers
    texts: Numbers
    codes: Codes

    @property
    def series(self) -> int:
        """How many series there are."""
        return len(self.is_obs) - len(self.owner)


class Patterns:
    """The patterns met so far, and their properties as arrays by code; 0 is none of them."""

    def __init__(self, grammar: Grammar, *, generic: bool) -> None:
        self.generic = generic
        self.known: list[Pattern] = []
        self._grammar = grammar
        self._order: list[int] = []
        self._tabulate()

    def _tabulate(self) -> None:
        known = self.known
        self.names = list(dict.fromkeys(p.name for p in known))
        number = {name: i for i, name in enumerate(self.names)}
        self.name = np.array([-1, *(number[p.name] for p in known)], np.int16)
        self.state = np.array([ODD, *(p.state for p in known)], np.int64)
        self.opens = np.array([0, *(p.opens for p in known)], np.uint8)
        figures = [(p.start, p.start_line, p.end, p.end_line, p.lines, p.marks, p.closes) for p in known]
        table = np.array([(0,) * 7, *figures], np.int64)
        self.start, self.start_line, self.end, self.end_line, self.lines, self.marks, self.closes = table.T
        self.fits = np.zeros((len(known) + 1, STATES + 2), np.bool_)
        for code, pattern in enumerate(known, 1):
            self.fits[code, : len(pattern.fits)] = pattern.fits  # the last two, of SAME and ODD, stay False

    def codes(self, texts: pl.Series) -> Codes:
        """The code of each text. The most frequent are looked for first, in what is left of the others."""
        codes = np.zeros(len(texts), np.uint8)
        left, where = texts, np.arange(len(texts))
        for code in self._order:
            left, where = self._mark(codes, left, where, code)
            if not len(left):
                break
        else:
            self._learn(codes, left, where)
        counts = np.bincount(codes, minlength=len(self.known) + 1)
        self._order = (np.argsort(-counts[1:], kind="stable") + 1).tolist()
        return codes

    def _mark(self, codes: Codes, left: pl.Series, where: Numbers, code: int) -> tuple[pl.Series, Numbers]:
        hits = left == self.known[code - 1].text
        if not hits.any():
            return left, where
        found = hits.to_numpy()
        codes[where[found]] = code
        return left.filter(~hits), where[~found]

    def _learn(self, codes: Codes, left: pl.Series, where: Numbers) -> None:
        before = len(self.known)
        for text in left.head(_MOST_ODD).unique(maintain_order=True).to_list():
            if len(self.known) < _MOST_PATTERNS and (pattern := self._grammar.pattern(text)) is not None:
                self.known.append(pattern)
        if len(self.known) > before:
            self._tabulate()
        for code in range(before + 1, len(self.known) + 1):
            left, where = self._mark(codes, left, where, code)


def cut(piece: bytes, patterns: Patterns, at: str) -> Block | None:
    """The items of a piece; None when none of them are plain. ``at`` is the dimension at the observation."""
    begin = piece.find(b"<")
    if begin < 0:
        return None
    data = memoryview(piece)[begin:]
    array = np.frombuffer(data, np.uint8)
    quotes = _quotes(array, generic=patterns.generic)
    if len(quotes) < 2 * _LEAST or not (piece.isascii() or _is_text(bytes(data[: quotes[-1] + 1]))):
        return None
    quotes[::2] += 1  # a text is from the end of a value to the beginning of the next one, with both marks
    offsets = np.concatenate([[0], quotes])
    arrow = pa.LargeStringArray.from_buffers(len(quotes), pa.py_buffer(offsets), pa.py_buffer(data))
    strings = pl.Series(arrow, dtype=pl.String)
    codes = patterns.codes(strings[pl.Series(np.arange(0, len(quotes), 2, dtype=np.uint32))])
    odd = np.flatnonzero(codes == 0)
    opens = patterns.opens[codes]
    at_texts = np.flatnonzero(opens)
    if len(odd) > _MOST_ODD or len(at_texts) < _LEAST:
        return None
    bad = [_unfit(patterns, codes, at_texts), _unclean(array, offsets, patterns.marks[codes], odd, at_texts)]
    items = _Items(strings, codes, at_texts, opens[at_texts] == OBS, len(quotes) // 2)
    cells, heads = items.columns(patterns, at)
    good = np.ones(len(at_texts), np.bool_)
    good[-1] = False  # who knows what follows
    for found in (*bad, *items.twice):
        good[found[found >= 0]] = False
    runs = [(i, j) for i, j in _runs(good) if j - i >= _LEAST]
    if not runs:
        return None
    own, places = codes[at_texts], begin + offsets[2 * at_texts]
    behind = np.roll(own, -1)
    lines = (np.cumsum(patterns.lines[codes]) - patterns.lines[codes])[at_texts]
    ends = np.where(patterns.closes[behind] != 0, np.roll(places, -1) + patterns.end[behind], 0)
    ends[-1] = 0
    return Block(
        runs=runs,
        is_obs=items.is_obs,
        numbers=items.numbers,
        starts=places + patterns.start[own],
        ends=ends,
        lines=lines + patterns.start_line[own],
        end_lines=np.roll(lines, -1) + patterns.end_line[behind],
        cells=cells,
        heads=heads,
        owner=items.owner,
        texts=at_texts,
        codes=codes,
    )


def _quotes(array: npt.NDArray[np.uint8], *, generic: bool) -> Numbers:
    """Where quotation marks are; in generic data without those around an id, which is part of the text there."""
    quotes = np.flatnonzero(array == _QUOTE)
    if not generic:
        return quotes
    first = quotes[::2]
    kept = array[first - 1] != _EQUALS
    for back, byte in _ID:
        kept |= array[first - back] != byte
    kept |= (array[first - 4] > _SPACE) | (first < 4)
    left: Numbers = quotes[np.repeat(kept, 2)[: len(quotes)]]
    return left


def _is_text(data: bytes) -> bool:
    """Whether bytes are UTF-8 and characters that XML allows; those below 32 are looked for elsewhere."""
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)  # several times as fast as decoding
    except pl.exceptions.PolarsError:
        return False
    return not any(sequence in data for sequence in _NO_CHARACTERS)


def _unfit(patterns: Patterns, codes: Codes, at_texts: Numbers) -> Numbers:
    """The items with a text that is no pattern or cannot follow, or that end in one."""
    states = patterns.state[codes]
    known = np.maximum.accumulate(np.where(states != SAME, np.arange(len(codes)), 0))
    states = states[known]
    fits = patterns.fits[codes[1:], states[:-1]]
    return np.searchsorted(at_texts, np.flatnonzero(~fits) + 1, side="left") - 1


def _unclean(
    array: npt.NDArray[np.uint8], offsets: Numbers, marks: Numbers, odd: Numbers, at_texts: Numbers
) -> Numbers:
    """The items with a value that has a line end, a tab, ``<``, ``&`` or what is no character."""
    special = (array < _SPACE) | (array == _LESS) | (array == _AMPERSAND)
    special[offsets[-1] :] = False
    if len(odd) <= _FEW_ODD:
        for text in odd.tolist():
            special[offsets[2 * text] : offsets[2 * text + 1]] = False
        if int(np.count_nonzero(special)) == int(marks.sum()):
            return odd[:0]
    found = np.searchsorted(offsets, np.flatnonzero(special), side="right") - 1
    items: Numbers = np.searchsorted(at_texts, found[found % 2 == 1] // 2, side="right") - 1
    return items


def _runs(good: _Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class _Items:
    """The items of a piece and their values. ``twice``: those that have a value of the same name twice."""

    def __init__(self, strings: pl.Series, codes: Codes, at_texts: Numbers, is_obs: _Mask, values: int) -> None:
        self._strings, self._codes, self._at_texts, self._values = strings, codes, at_texts, values
        self.is_obs = is_obs
        seen = np.cumsum(is_obs)
        self.numbers = np.where(is_obs, seen, np.arange(1, len(is_obs) + 1) - seen) - 1
        self.owner = (np.arange(len(is_obs)) - seen)[is_obs]  # that of the first ones, -1, is not in the piece
        self._counts = {OBS: int(seen[-1]), SERIES: len(is_obs) - int(seen[-1])}
        self.twice: list[Numbers] = []

    def columns(self, patterns: Patterns, at: str) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
        """The values of observations and of series by name, null where there is none."""
        name = patterns.name[self._codes[: self._values]]
        name[: self._at_texts[0]] = -1
        begins = np.zeros(self._values + 1, np.int64)
        begins[self._at_texts] = 1
        of = np.cumsum(begins[: self._values]) - 1
        found: dict[str, list[Numbers]] = {}
        for number in np.flatnonzero(np.bincount(name[name >= 0], minlength=len(patterns.names))).tolist():
            text = patterns.names[number]
            found.setdefault(at if text == AT else text, []).append(np.flatnonzero(name == number))
        cells: dict[str, pl.Series] = {}
        heads: dict[str, pl.Series] = {}
        for text, parts in found.items():
            values = np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0]
            own = self.is_obs[of[values]]
            for kind, chosen, columns in ((OBS, own, cells), (SERIES, ~own, heads)):
                if chosen.any():
                    columns[text] = self._column(text, kind, values[chosen], of[values[chosen]])
        return cells, heads

    def _column(self, name: str, kind: int, values: Numbers, items: Numbers) -> pl.Series:
        again = items[1:] == items[:-1]
        if again.any():
            self.twice.append(items[1:][again])
        rows, count = self.numbers[items], self._counts[kind]
        if len(rows) == count and not again.any():
            return self._strings[pl.Series((2 * values + 1).astype(np.uint32))].rename(name)
        where = np.zeros(count, np.uint32)
        where[rows] = 2 * values + 1
        bits = np.packbits(where != 0, bitorder="little")
        picked = pa.Array.from_buffers(pa.uint32(), count, [pa.py_buffer(bits), pa.py_buffer(where)])
        return self._strings[pl.Series(picked, dtype=pl.UInt32)].rename(name)
