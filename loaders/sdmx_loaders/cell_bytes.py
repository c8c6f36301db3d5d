"""The cells of plain records where they stand: one scan of the bytes finds them, and whole columns are compared, read
as words or turned into Series without a Python step for each row.

Plain are blocks without quotation marks in which every record has the same number of cells; all others are parsed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Words = list[npt.NDArray[np.uint64]]

_NEWLINE, _RETURN = 10, 13
_WINDOW = 64
_PADDING = 64
_PIECE = 1 << 17
"""Zero bytes behind the block, so that a window may begin at any of its bytes."""

WORD = 8
INLINE = 12
"""Bytes of the longest text that an Arrow string view holds itself."""

_MOST_WINDOWS = 16
_WORD_MASKS = np.array([(1 << (8 * length)) - 1 for length in range(WORD + 1)], np.uint64)


class Cells:
    """The cells of n records; ``width`` of them each. No byte of a cell is NUL, a quotation mark or a line end."""

    def __init__(self, padded: Bytes, ends: Places, last: Places) -> None:
        self._padded, self._ends, self._last = padded, ends, last
        self.width = ends.shape[1]

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def records(self) -> Places:
        """Where each record ends, after its newline."""
        return self._ends[:, -1] + 1

    def starts(self, column: int, rows: Places | None = None) -> Places:
        """Where the cells of a column begin; ``rows``: in these records only."""
        if column:
            return (self._ends[:, column - 1] if rows is None else self._ends[rows, column - 1]) + 1
        starts = np.empty(len(self), np.int64)
        starts[:1] = 0
        starts[1:] = self._ends[:-1, -1] + 1
        return starts if rows is None else starts[rows]

    def ends(self, column: int, rows: Places | None = None) -> Places:
        """Where the cells of a column end."""
        ends = self._last if column == self.width - 1 else self._ends[:, column]
        return ends if rows is None else ends[rows]

    def changes(self, first: int, last: int) -> npt.NDArray[np.bool_]:
        """Where a record differs from the one before it in a range of columns; the first always does."""
        changed = np.ones(len(self), np.bool_)
        starts = self.starts(first)
        changed[1:] = self._different(starts, self.ends(last) - starts, 1)
        return changed

    def steadiness(self, column: int, rows: Places) -> float:
        """In which part of these records (not the first one) a column is as in the record before."""
        both = np.stack([rows - 1, rows], axis=1).ravel()
        starts = self.starts(column, both)
        return 1 - float(self._different(starts, self.ends(column, both) - starts, 2).mean())

    def _different(self, starts: Places, lengths: Places, step: int) -> npt.NDArray[np.bool_]:
        """Whether bytes differ from those one before, for every ``step``-th from the second on.

        They are compared in windows that fit the shortest; the last window of each ends with it.
        """
        changed: npt.NDArray[np.bool_] = lengths[1::step] != lengths[:-1:step]
        least, most = int(lengths.min()), int(lengths.max())
        if not least:
            same = np.flatnonzero(~changed & (lengths[1::step] > 0))
            if len(same):
                pairs = np.stack([same * step, same * step + 1], axis=1).ravel()
                changed[same] = self._different(starts[pairs], lengths[pairs], 2)
            return changed
        width = min(_WINDOW, 1 << (least.bit_length() - 1))
        if most > width * _MOST_WINDOWS:
            return np.ones_like(changed)  # taken for different, which is never wrong
        last = lengths - width
        for offset in (*range(0, most - width, width), most):
            seen = _whole(self._windows(starts + np.minimum(offset, last), width))
            for part in seen.T:
                changed |= part[1::step] != part[:-1:step]
        return changed

    def _windows(self, starts: Places, width: int) -> npt.NDArray[np.void]:
        size = len(self._padded) - width + 1
        return np.ndarray((size,), f"V{width}", self._padded, strides=(1,))[starts]

    def words(self, starts: Places, lengths: Places, count: int) -> Words:
        """Texts of at most ``count * WORD`` bytes as numbers, filled up with zeros: equal numbers are equal texts."""
        seen = self._windows(starts, count * WORD).view(np.uint64).reshape(-1, count)
        if count == 1:
            return [seen[:, 0] & _WORD_MASKS.take(lengths)]
        return [seen[:, i] & _WORD_MASKS.take(np.clip(lengths - i * WORD, 0, WORD)) for i in range(count)]

    def strings(self, starts: Places, lengths: Places) -> pl.Series:
        """Texts as a String Series; an empty one is null. Long ones stay where they are: the Series holds the block."""
        n = len(starts)
        low, high = self.words(starts, np.minimum(lengths, INLINE), 2)
        views = np.empty((n, 2), np.uint64)
        views[:, 0] = lengths.astype(np.uint64) | (low << np.uint64(32))
        views[:, 1] = (low >> np.uint64(32)) | (high << np.uint64(32))
        buffers = [_validity(lengths), pa.py_buffer(views)]
        long = np.flatnonzero(lengths > INLINE)
        if len(long):
            views[long, 1] = starts[long].astype(np.uint64) << np.uint64(32)
            buffers.append(pa.py_buffer(self._padded))
        return pl.Series(pa.Array.from_buffers(pa.string_view(), n, buffers))


def _whole(windows: npt.NDArray[np.void]) -> npt.NDArray[np.unsignedinteger]:
    """Windows as columns of the widest numbers that they hold."""
    size = min(windows.dtype.itemsize, WORD)
    return windows.view(f"u{size}").reshape(len(windows), -1)


def _validity(lengths: Places) -> pa.Buffer | None:
    given = lengths > 0
    return None if given.all() else pa.py_buffer(np.packbits(given, bitorder="little"))


def _marks(array: Bytes, separator: int) -> tuple[Places, int]:
    """Where separators and newlines stand, and how many newlines there are; in pieces that the cache holds."""
    found, newlines = [], 0
    marks, others = np.empty(_PIECE, np.bool_), np.empty(_PIECE, np.bool_)
    for begin in range(0, len(array), _PIECE):
        piece = array[begin : begin + _PIECE]
        here, more = marks[: len(piece)], others[: len(piece)]
        np.equal(piece, _NEWLINE, out=here)
        newlines += int(np.count_nonzero(here))
        here |= np.equal(piece, separator, out=more)
        found.append(np.flatnonzero(here) + begin)
    return np.concatenate(found) if found else np.empty(0, np.int64), newlines


def scan(data: bytes, separator: str, width: int) -> Cells | None:
    """The cells of whole records; None where they are not plain, or a record has not ``width`` (two or more) cells.

    ``data`` holds no NUL and is UTF-8. A carriage return is no part of a line end only in what is not plain.
    """
    if width < 2 or not separator.isascii() or separator in '\r\n"' or b'"' in data or len(data) >= 1 << 31:
        return None
    padded = np.empty(len(data) + _PADDING, np.uint8)
    padded[len(data) :] = 0
    array = padded[: len(data)]
    array[:] = np.frombuffer(data, np.uint8)
    places, n = _marks(array, ord(separator))
    if len(places) != n * width or not n:
        return None
    ends = places.reshape(n, width)
    newlines = ends[:, -1]
    if not (array[newlines] == _NEWLINE).all():
        return None
    last = newlines.copy()
    if b"\r" in data:
        returns = array == _RETURN
        if not returns[newlines - 1].all() or int(np.count_nonzero(returns)) != n:
            return None
        last -= 1
    return Cells(padded, ends, last)
