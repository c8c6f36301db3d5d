"""Delimited text in blocks of whole records, with the line that each record begins on (RFC 4180).

Polars parses the fields; what it would not tell (ragged rows, lines within quotes, cut-off quotes) is found first on
the bytes, without a Python step for each row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from sdmx_server.loading.api import Source

from .cell_bytes import Cells, scan
from .encodings import is_utf8, pieces

_NEWLINE, _QUOTE = 10, 34
_LISTED = 1000

Positions = npt.NDArray[np.int64]


class Block:
    """Whole records: their bytes, where each ends (after its newline), the line each begins on, bytes read so far.

    ``line`` is that of the first record; where records end is looked for when it is asked for.
    """

    def __init__(
        self, data: bytes, line: int, done: int, ends: Positions | None = None, lines: Positions | None = None
    ) -> None:
        self.data, self.line, self.done = data, line, done
        self._ends, self._lines = ends, lines

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def ends(self) -> Positions:
        """Where records end."""
        if self._ends is None:
            self._ends = _ends(self.data)[0]
        return self._ends

    @property
    def lines(self) -> Positions:
        """The lines that records begin on."""
        if self._lines is None:
            self._lines = np.arange(self.line, self.line + len(self.ends))
        return self._lines

    def record(self, index: int) -> str:
        """The text of one record, without its line end."""
        start = int(self.ends[index - 1]) if index else 0
        return self.data[start : int(self.ends[index])].decode("utf-8", "replace").rstrip("\r\n")

    def after(self, count: int) -> Block:
        """The block without its first records."""
        if not count:
            return self
        cut = int(self.ends[count - 1])
        line = int(self.lines[count]) if count < len(self) else self.line
        return Block(self.data[cut:], line, self.done, self.ends[count:] - cut, self.lines[count:])

    def cells(self, separator: str, width: int) -> Cells | None:
        """The cells of the records where they are plain and each has ``width`` of them (``cell_bytes.scan``)."""
        found = scan(self.data, separator, width)
        if found is not None:
            self._ends = found.records
        return found


def _outside_quotes(array: npt.NDArray[np.uint8], byte: int) -> tuple[Positions, Positions]:
    """Where a byte stands with an even number of quotation marks before it, and where it stands at all."""
    found = np.flatnonzero((array == byte) | (array == _QUOTE))
    here = array[found] == byte
    quotes = np.cumsum(~here, dtype=np.uint8)  # that it overflows leaves even and odd as they are
    return found[here & (quotes & 1 == 0)], found[here]


def _ends(data: bytes) -> tuple[Positions, Positions]:
    """Where records end, and where lines do; the two differ only when a quoted field holds a newline."""
    array = np.frombuffer(data, np.uint8)
    if b'"' not in data:
        newlines = np.flatnonzero(array == _NEWLINE)
        return newlines + 1, newlines + 1
    records, lines = _outside_quotes(array, _NEWLINE)
    return records + 1, lines + 1


def blocks(source: Source, encoding: str = "utf-8") -> Iterator[Block]:
    """The file in blocks of whole records.

    Findings: those of ``encodings``, nul-byte, line-too-long, truncated-quote. It stops at the first of them, since
    what follows could not be placed.
    """
    rest, line, done = b"", 1, 0
    for piece in pieces(source, encoding):
        done += len(piece)
        whole = rest + piece
        block = _cut(whole, line, done)
        rest = whole if block is None else whole[len(block.data) :]
        del whole
        if block is not None:
            if not _sound(source, block):
                return
            yield block
            line += len(block) if b'"' not in block.data else _count(np.frombuffer(block.data, np.uint8), _NEWLINE)
        if len(rest) > source.limits.record_bytes:
            source.findings.add("line-too-long", file=source.name, row=line, most=source.limits.record_bytes)
            return
    if rest:
        yield from _last(source, rest, line, done)


def _last(source: Source, rest: bytes, line: int, done: int) -> Iterator[Block]:
    if rest.count(b'"') % 2:
        source.findings.add("truncated-quote", file=source.name, row=line)
        return
    block = _cut(rest + b"\n", line, done)
    if block is not None and _sound(source, block):
        yield block


def _cut(data: bytes, line: int, done: int) -> Block | None:
    if b'"' not in data:
        end = data.rfind(b"\n") + 1
        return Block(data[:end], line, done) if end else None
    ends, breaks = _ends(data)
    if not len(ends):
        return None
    starts = np.concatenate([[0], ends[:-1]])
    lines = line + (np.arange(len(ends)) if len(ends) == len(breaks) else np.searchsorted(breaks, starts, side="right"))
    return Block(data[: int(ends[-1])], line, done, ends, lines.astype(np.int64))


def _surely_short(data: bytes, most: int) -> bool:
    """Whether no record is longer: there is a line end in every stretch of half that length."""
    half = max(1, most // 2)
    return b'"' not in data and all(data.find(b"\n", i, i + half) >= 0 for i in range(0, len(data), half))


def _sound(source: Source, block: Block) -> bool:
    place = block.data.find(b"\0")
    if place >= 0:
        row = block.line + block.data.count(b"\n", 0, place)
        source.findings.add("nul-byte", file=source.name, row=row)
        return False
    if not _surely_short(block.data, source.limits.record_bytes):
        lengths = np.diff(block.ends, prepend=0)
        longest = int(lengths.argmax())
        if lengths[longest] > source.limits.record_bytes:
            row = int(block.lines[longest])
            source.findings.add("line-too-long", file=source.name, row=row, most=source.limits.record_bytes)
            return False
    return is_utf8(source, block.data, block.line)


def fields(record: str, separator: str) -> list[str]:
    """The fields of one record; raises ``csv.Error``."""
    return next(csv.reader(io.StringIO(record, newline=""), delimiter=separator), [])


def _count(array: npt.NDArray[np.uint8], byte: int) -> int:
    return int(np.count_nonzero(array == byte))


def _surely_even(block: Block, separator: str, width: int) -> bool:
    """Whether no row can be ragged: none is blank, the total fits, and a row too long (beside one too short) the parser
    refuses.
    """
    if width < 2 or int(np.diff(block.ends, prepend=0).min()) <= len("\r\n"):
        return False
    array, byte = np.frombuffer(block.data, np.uint8), ord(separator)
    quoted = b'"' in block.data
    found = len(_outside_quotes(array, byte)[0]) if quoted else _count(array, byte)
    return found == len(block.ends) * (width - 1)


def _begins_with(array: npt.NDArray[np.uint8], starts: Positions, prefix: bytes) -> npt.NDArray[np.bool_]:
    found = np.ones(len(starts), np.bool_)
    for offset, byte in enumerate(prefix):
        found &= array[np.minimum(starts + offset, len(array) - 1)] == byte
    return found


def _even(source: Source, block: Block, separator: str, width: int, comment: bytes) -> Block:
    """The block without blank records and comments, and without ragged ones, which are findings."""
    array = np.frombuffer(block.data, np.uint8)
    separators = np.flatnonzero(array == ord(separator))
    if b'"' in block.data:
        separators, _ = _outside_quotes(array, ord(separator))
    counts = np.diff(np.searchsorted(separators, block.ends), prepend=0) + 1
    starts = np.concatenate([[0], block.ends[:-1]])
    lengths = block.ends - starts
    skipped = (lengths == 1) | ((lengths == 2) & (array[starts] == 13))
    if comment:
        skipped |= _begins_with(array, starts, comment)
    ragged = np.flatnonzero((counts != width) & ~skipped)
    for index in ragged[:_LISTED]:
        row = int(block.lines[index])
        source.findings.add("ragged-row", file=source.name, row=row, found=int(counts[index]), expected=width)
    if len(ragged) > _LISTED:
        source.findings.add("ragged-row", file=source.name, count=len(ragged) - _LISTED, found="?", expected=width)
    keep = (counts == width) & ~skipped
    if keep.all():
        return block
    data = array[np.repeat(keep, lengths)].tobytes()
    return Block(data, block.line, block.done, np.cumsum(lengths[keep]), block.lines[keep])


def parse(
    source: Source, block: Block, separator: str, names: list[str], comment: str = ""
) -> tuple[pl.DataFrame, Positions]:
    """The fields of a block as String columns (empty = null) and the lines of its records.

    Findings: ragged-row, malformed-quote.
    """
    schema = dict.fromkeys(names, pl.String)
    if not len(block.ends):
        return pl.DataFrame(schema=schema), block.lines
    if not comment and _surely_even(block, separator, len(names)):
        frame = _read(block.data, separator, schema)
        if frame is not None and len(frame) == len(block.ends):
            return frame, block.lines
    block = _even(source, block, separator, len(names), comment.encode())
    if not len(block.ends):
        return pl.DataFrame(schema=schema), block.lines
    frame = _read(block.data, separator, schema)
    if frame is None or len(frame) != len(block.ends):
        _malformed(source, block, separator, schema)
        return pl.DataFrame(schema=schema), block.lines[:0]
    return frame, block.lines


def _read(data: bytes, separator: str, schema: dict[str, type[pl.String]]) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            data,
            has_header=False,
            schema=schema,
            separator=separator,
            null_values=[""],
        )
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None


def _malformed(source: Source, block: Block, separator: str, schema: dict[str, type[pl.String]]) -> None:
    """Find the first record that cannot be parsed, by halving."""
    low, high = 0, len(block.ends)
    while high - low > 1:
        middle = (low + high) // 2
        begin = int(block.ends[low - 1]) if low else 0
        frame = _read(block.data[begin : int(block.ends[middle - 1])], separator, schema)
        if frame is None or len(frame) != middle - low:
            high = middle
        else:
            low = middle
    source.findings.add("malformed-quote", file=source.name, row=int(block.lines[low]))
