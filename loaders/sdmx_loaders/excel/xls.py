"""Workbooks of Excel 97 to 2003 (.xls), by xlrd."""

from __future__ import annotations

import io
from pathlib import Path

import xlrd
from xlrd.biffh import (
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
    XLRDError,
    error_text_from_code,
)
from xlrd.compdoc import CompDoc

from .package import Unfit
from .sheet import Cells, Kind, Sheet, iso

_STREAMS = ("Workbook", "Book")


class XlsBook:
    """An opened workbook. ``sheets`` are name and whether hidden; charts and macro sheets are no sheets."""

    def __init__(self, path: Path, most_bytes: int, most_cells: int) -> None:
        self._cells = most_cells
        size = path.stat().st_size
        if size > most_bytes:
            raise Unfit("workbook-too-large", size=size, most=most_bytes)
        content = path.read_bytes()
        log = io.StringIO()
        document = CompDoc(content, logfile=log)
        if document.get_named_stream("EncryptedPackage") is not None:
            raise Unfit("workbook-password")
        if all(document.get_named_stream(name) is None for name in _STREAMS):
            raise Unfit("workbook-kind")
        try:
            self._book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=log
            )
        except XLRDError as error:
            if "encrypted" in str(error).lower():
                raise Unfit("workbook-password") from error
            raise
        hidden: list[int] = self._book._sheet_visibility  # type: ignore[attr-defined]  # known before sheets are read
        self.sheets = [(name, hidden[i] != 0) for i, name in enumerate(self._book.sheet_names())]

    def read(self, number: int) -> Sheet:
        """The sheet of that number from 0; raises ``Unfit``, and what xlrd raises on a damaged file."""
        found = self._book.sheet_by_index(number)
        if sum(found.row_len(row) for row in range(found.nrows)) > self._cells:
            raise Unfit("too-many-cells", most=self._cells)
        percents = {key for key, format_ in self._book.format_map.items() if "%" in (format_.format_str or "")}
        percent_styles = {i for i, style in enumerate(self._book.xf_list) if style.format_key in percents}
        cells = Cells()
        for row in range(found.nrows):
            kinds, values = found.row_types(row), found.row_values(row)
            for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
                if kind == XL_CELL_NUMBER:
                    shown = Kind.PERCENT if found.cell_xf_index(row, column) in percent_styles else Kind.NUMBER
                    cells.add(row, column, shown, value)
                elif kind == XL_CELL_TEXT:
                    cells.add(row, column, Kind.TEXT, value)
                elif kind == XL_CELL_DATE:
                    cells.add(row, column, Kind.DATE, iso(xlrd.xldate_as_datetime(float(value), self._book.datemode)))
                elif kind == XL_CELL_BOOLEAN:
                    cells.add(row, column, Kind.TEXT, "TRUE" if value else "FALSE")
                elif kind == XL_CELL_ERROR:
                    cells.add(row, column, Kind.ERROR, error_text_from_code.get(int(value), f"#{value}"))
        merged = list(found.merged_cells)
        rows = frozenset(i for i, info in found.rowinfo_map.items() if info.hidden)
        columns = frozenset(i for i, info in found.colinfo_map.items() if info.hidden)
        if cells.area > self._cells:
            raise Unfit("too-many-cells", most=self._cells)
        self._book.unload_sheet(number)
        return cells.sheet(found.name, merged, rows, columns)

    def close(self) -> None:
        """Free the file."""
        self._book.release_resources()
