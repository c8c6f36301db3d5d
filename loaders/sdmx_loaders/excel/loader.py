"""The loader ``excel``: crosstabs on the sheets of a workbook become rows of labels and one value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, ClassVar

import msgspec

from sdmx_server.loading.api import Place, RawBatch, Source, match_key, suggestion

from .data import tidy
from .expected import fits
from .options import SCHEMA, Options
from .sheet import Sheet, unpack
from .table import Table, find_table
from .workbook import Workbook, guarded, is_workbook, open_workbook

_SLICE = 100_000


class ExcelLoader:
    """Reads .xls, .xlsx and .xlsm by their content. Options are described in ``docs/recipes.md``."""

    name: ClassVar[str] = "excel"
    options_schema: ClassVar[Mapping[str, Any]] = SCHEMA

    def recognises(self, head: bytes) -> bool:
        """Whether a file begins as a workbook does; without a recipe it is refused for want of options."""
        return is_workbook(head)

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield one row for each cell of data, sheet by sheet, in bounded batches.

        A finding about such a row names sheet, row and column. Findings: those of ``workbook``, ``table``, ``data``
        and ``expected``, sheet-* and recipe-value.
        """
        options = msgspec.convert(dict(source.options), Options)
        faults = list(options.faults())
        for place, value, reason in faults:
            source.findings.add("recipe-value", file=source.name, value=value, place=place, reason=reason)
        book = None if faults else open_workbook(source)
        if book is None:
            return
        try:
            yield from _read(source, options, book)
        finally:
            book.close()


class _Places:
    """Makes a place of the numbers that the batches' rows have."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.tables: list[Table] = []

    def __call__(self, place: int, column: str | None) -> Place:
        number, row, at = unpack(place)
        return self.tables[number].place(self._options, row, at, column)


def _read(source: Source, options: Options, book: Workbook) -> Iterator[RawBatch]:
    places = _Places(options)
    offset = source.findings.locate(places)
    size = source.path.stat().st_size
    numbers = _numbers(source, options, book)
    seen: list[str] = []
    for sheet in _sheets(source, options, book, numbers):
        seen.append(sheet.name)
        table = find_table(source, options, sheet)
        rows = tidy(source, options, table, len(places.tables)) if table is not None else None
        if table is None or rows is None or not fits(source, options, table, rows):
            continue
        places.tables.append(table)
        done = size * min(len(seen), len(numbers)) // len(numbers)
        for start in range(0, len(rows.frame), _SLICE):
            part = slice(start, start + _SLICE)
            yield RawBatch(frame=rows.frame[part], rows=rows.places[part] + offset, done=done)
    expected = options.expect.sheets
    if expected is not None and len(seen) != expected:
        known = ", ".join(seen)
        source.findings.add("sheet-count", file=source.name, found=len(seen), expected=expected, known=known)


def _numbers(source: Source, options: Options, book: Workbook) -> list[int]:
    """The sheets that the options mean: those named, or the visible ones. Findings sheet-missing, sheet-none."""
    names = [name for name, _ in book.sheets]
    if isinstance(options.sheets, list):
        known = {match_key(name): number for number, name in enumerate(names)}
        for wanted in options.sheets:
            if match_key(wanted) not in known:
                hint, listed = suggestion(wanted, names), ", ".join(names)
                source.findings.add("sheet-missing", file=source.name, value=wanted, known=listed, hint=hint)
        return [known[match_key(name)] for name in options.sheets if match_key(name) in known]
    pattern = options.sheets["matches"] if isinstance(options.sheets, dict) else ""
    found = [i for i, (name, hidden) in enumerate(book.sheets) if not hidden and re.search(pattern, name)]
    if not found:
        source.findings.add("sheet-none", file=source.name, value=pattern or "*", known=", ".join(names))
    return found


def _sheets(source: Source, options: Options, book: Workbook, numbers: list[int]) -> Iterator[Sheet]:
    """The sheets with content. Findings: sheet-empty for one that is named or alone, sheet-choice."""
    read = (guarded(source, partial(book.read, number), book.sheets[number][0]) for number in numbers)
    sheets = (sheet for sheet in read if sheet is not None)
    if isinstance(options.sheets, list) or len(numbers) == 1:
        for sheet in sheets:
            if sheet.kinds.size:
                yield sheet
            else:
                source.findings.add("sheet-empty", file=source.name, sheet=sheet.name)
        return
    filled = (sheet for sheet in sheets if sheet.kinds.size)
    if options.sheets is None:
        found = list(islice(filled, 2))
        if len(found) > 1:
            listed = ", ".join(book.sheets[number][0] for number in numbers)
            source.findings.add("sheet-choice", file=source.name, known=listed)
            return
        filled = (sheet for sheet in found)
    before, count = source.findings.count, 0
    for sheet in filled:
        count += 1
        yield sheet
    if numbers and not count and source.findings.count == before:
        listed = ", ".join(name for name, _ in book.sheets)
        source.findings.add("sheet-none", file=source.name, value="*", known=listed)
