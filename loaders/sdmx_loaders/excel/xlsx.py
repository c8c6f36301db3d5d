"""Workbooks of Office Open XML (.xlsx, .xlsm), by openpyxl in its streaming mode."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import ExitStack
from datetime import date, time, timedelta
from pathlib import Path

import openpyxl

from .package import Scan, Unfit, check_package
from .sheet import Cells, Kind, Sheet, iso


class XlsxBook:
    """An opened workbook. ``sheets`` are name and whether hidden; charts are no sheets."""

    def __init__(self, path: Path, most_bytes: int, most_cells: int) -> None:
        self._cells = most_cells
        with ExitStack() as opened:
            file = opened.enter_context(path.open("rb"))  # the libraries judge a path by its extension
            self._package = opened.enter_context(zipfile.ZipFile(file))
            names = set(self._package.namelist())
            if "[Content_Types].xml" not in names or any(name.endswith("workbook.bin") for name in names):
                raise Unfit("workbook-kind")
            check_package(self._package, most_bytes)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of parts that are not read: validations, print settings
                self._book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            opened.callback(self._book.close)
            self._opened = opened.pop_all()
        self.sheets = [(sheet.title, sheet.sheet_state != "visible") for sheet in self._book.worksheets]

    def read(self, number: int) -> Sheet:
        """The sheet of that number from 0; raises ``Unfit``, and what openpyxl raises on a damaged file."""
        found = self._book.worksheets[number]
        scan = Scan(self._package, found._worksheet_path, self._cells)  # type: ignore[attr-defined]  # of the streaming class
        found.reset_dimensions()  # the declared size may be wrong
        cells = Cells()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for row, values in enumerate(found.iter_rows()):
                for column, cell in enumerate(values):
                    value = cell.value
                    if value is not None:
                        cells.add(row, column, *_judged(value, cell.data_type, cell.number_format))
        for row, column in scan.unsaved:
            cells.add(row, column, Kind.FORMULA, "")
        if cells.area > self._cells:
            raise Unfit("too-many-cells", most=self._cells)
        return cells.sheet(found.title, scan.merged, frozenset(scan.hidden_rows), frozenset(scan.hidden_columns))

    def close(self) -> None:
        """Close the file."""
        self._opened.close()


def _judged(value: object, data_type: str, number_format: str | None) -> tuple[Kind, float | str]:
    """A cell's kind and its number or text."""
    if isinstance(value, bool):
        return Kind.TEXT, str(value).upper()
    if isinstance(value, int | float):
        return Kind.PERCENT if "%" in (number_format or "") else Kind.NUMBER, float(value)
    if data_type == "e":
        return Kind.ERROR, str(value)
    if isinstance(value, date | time):
        return Kind.DATE, iso(value)
    return Kind.DATE if isinstance(value, timedelta) else Kind.TEXT, str(value)
