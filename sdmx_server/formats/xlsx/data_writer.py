"""Writes Excel workbooks: the rows of each dataflow in a sheet of its own, several where one is full, then the notes.

The answer streams: rows are literals (``cells``) that go into the archive as they come, and what depends on their
number comes last. Nothing but a portion of the current batch is kept.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import IO, Self

from ...model.resolved import ComponentKind, ResolvedComponent
from ..api import DataMessage, DataPart, WriteOptions
from ..flat import refuse_changes
from ..lines import Line, buffer
from ..literals import Frame
from ..portions import portions
from ..sink import Sink
from ..values import code_names, is_numeric
from .cells import Rows, columns_of, heads
from .notes import Sheet
from .skeleton import Skeleton

MOST_ROWS = 1_048_575
"""Rows of a sheet beside its head (Excel's limit)."""

MOST_BYTES = 1 << 30
"""Bytes of a sheet before the next is begun: far below 4 GiB, where archives change to a form that Excel repairs."""

PORTION = 8_192
"""Rows that are put together at once: a row has kilobytes of text where attributes are many."""

LEVEL = 1
"""Of compression: see the decision in ``docs/decisions``."""

_LOOKED_AT = 2_000
_NARROWEST, _WIDEST = 9, 45


def write_data(message: DataMessage, options: WriteOptions) -> Iterator[bytes]:
    """Yield the workbook piece by piece.

    ``options.parameters``: ``labels`` name (a column of names beside each column of codes), id, both (``ID: Name``).
    Raises ``NotAcceptable`` for changes and history.
    """
    refuse_changes(message, "Excel")
    return _written(message, options)


def _written(message: DataMessage, options: WriteOptions) -> Iterator[bytes]:
    rows = [Rows(part, options) for part in message.parts]
    skeleton = Skeleton(message, options, [r.heads for r in rows], [_widths(part, options) for part in message.parts])
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for path, data in skeleton.common.items():
            _put(archive, path, data)
        sheets: list[Sheet] = []
        for number, part in enumerate(message.parts):
            with _Pages(archive, skeleton, sheets, number) as pages:
                for data, count in _pieces(part, rows[number].line, pages):
                    pages.write(data, count)
                    if sink.waiting:
                        yield sink.taken()
        done = set(archive.namelist())
        for path, data in skeleton.parts(sheets).items():
            if path not in done:
                _put(archive, path, data)
    yield sink.taken()


def _put(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    """Add a file; opened by its name it gets a constant date, so that the same data give the same bytes."""
    with archive.open(path, "w") as target:
        target.write(data)


def _pieces(part: DataPart, line: Line, pages: _Pages) -> Iterator[tuple[bytes, int]]:
    """The rows of a part and their number, in pieces that fit what room there is on the page."""
    for batch in chain.from_iterable(portions(batch, PORTION) for batch in part.dataset.batches()):
        frame = Frame(part.dataset, batch)
        if frame.size <= pages.room:
            yield line.render(frame), frame.size
            continue
        column, begin = line.column(frame), 0
        while begin < frame.size:
            some = column[begin : begin + pages.room]
            begin += len(some)
            yield buffer(some), len(some)


class _Pages:
    """The sheets of one part, one after the other; a new one is begun when something is written to a full one."""

    def __init__(self, archive: zipfile.ZipFile, skeleton: Skeleton, sheets: list[Sheet], part: int) -> None:
        self._archive, self._skeleton, self._sheets, self._part = archive, skeleton, sheets, part
        self._target: IO[bytes] | None = None
        self._sheet = Sheet(part=part, name="")
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def room(self) -> int:
        """How many rows the current sheet, or the next where it is full, can take."""
        left = MOST_ROWS - self._sheet.rows
        return left if left and self._size < MOST_BYTES else MOST_ROWS

    def write(self, data: bytes, count: int) -> None:
        """Write rows, not more than there is room for."""
        if self._target is None or self._sheet.rows + count > MOST_ROWS or self._size >= MOST_BYTES:
            self._end()
            self._begin()
        assert self._target is not None  # noqa: S101 - begun just now
        self._target.write(data)
        self._size += len(data)
        self._sheet.rows += count

    def _begin(self) -> None:
        self._sheet = Sheet(part=self._part, name=self._skeleton.name(self._part))
        self._sheets.append(self._sheet)
        self._target = self._archive.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w")
        self._target.write(self._skeleton.before(self._part, first=len(self._sheets) == 1))
        self._size = 0

    def _end(self) -> None:
        if self._target is not None:
            self._target.write(self._skeleton.after(self._sheet))
            self._target.close()
            self._target = None


def _widths(part: DataPart, options: WriteOptions) -> list[int]:
    """Widths of the columns, by the texts of a good number of their values."""
    widths: list[int] = []
    for component in columns_of(part):
        for head, texts in zip(heads(component, options), _texts(part, component, options), strict=False):
            longest = max((len(text) for text in texts), default=0)
            widths.append(min(max(longest, min(len(head), _WIDEST // 2), _NARROWEST) + 2, _WIDEST))
    return widths


def _texts(part: DataPart, component: ResolvedComponent, options: WriteOptions) -> tuple[list[str], list[str]]:
    """Some of the codes, periods or texts of a component, and the names of its codes."""
    if component.kind is ComponentKind.TIME:
        return [p.text for p in part.dataset.periods()[:_LOOKED_AT] if p is not None], []
    if is_numeric(component):
        return [], []
    codes = [c for c in part.dataset.codes(component.id)[:_LOOKED_AT] if c is not None]
    names = code_names(component, options.languages)
    return codes, [names.get(code, code) for code in codes]
