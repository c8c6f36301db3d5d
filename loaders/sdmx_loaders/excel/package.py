"""What an .xlsx file is as a ZIP of XML: its bounds, and what openpyxl's streaming reader does not tell of a sheet.

Parts are XML, so a DTD with its entities could stand in any of them: none may have one (ECMA-376 part 2, 8.2.2).
"""

from __future__ import annotations

import re
import zipfile
from typing import Any, NoReturn
from xml.parsers import expat

from .sheet import COLUMNS, ROWS, Range, column_of

_PARTS = 10_000
_PIECE = 65_536
_TRUE = ("1", "true")
_DIGITS = "0123456789"
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Unfit(Exception):
    """A workbook that is not read; ``code`` and ``params`` are a finding's."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def check_package(package: zipfile.ZipFile, most: int) -> None:
    """Judge the parts before anything is unpacked: at most ``most`` bytes in all, and no DTD.

    Raises ``Unfit`` with workbook-too-large or workbook-dtd, and ``BadZipFile``.
    """
    parts = package.infolist()
    size = sum(part.file_size for part in parts)
    if size > most or len(parts) > _PARTS:
        raise Unfit("workbook-too-large", size=size, most=most)
    for part in parts:
        if not part.is_dir():
            _check_prolog(package, part)


class _Seen(Exception):
    """The first element: nothing after it can be a DTD."""


def _check_prolog(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    def element(_name: str, _attributes: dict[str, str]) -> NoReturn:
        raise _Seen

    def doctype(*_: object) -> NoReturn:
        raise Unfit("workbook-dtd", part=part.filename)

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    with package.open(part) as file:
        try:
            while piece := file.read(_PIECE):
                parser.Parse(piece)
        except (_Seen, expat.ExpatError):
            return  # what is not XML is judged by whoever needs it


class Scan:
    """Merged cells, hidden rows and columns and formulas without a result of one sheet part.

    Rows and columns count from 0. Raises ``Unfit`` with too-many-cells or workbook-dtd, and ``expat.ExpatError``.
    """

    def __init__(self, package: zipfile.ZipFile, part: str, cells: int) -> None:
        self.merged: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.unsaved: set[tuple[int, int]] = set()
        self._left = self._most = cells
        self._row = self._column = -1
        self._value = self._is_text = False
        self._inside = ""
        self._locals: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        with package.open(part) as file:
            self._parser.ParseFile(file)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._locals.get(name) or self._locals.setdefault(name, name.rpartition(" ")[2])
        self._inside = local
        if local == "c":
            self._cell(attributes)
        elif local == "f":
            self._listen(on=True)
        elif local == "row":
            self._begin_row(attributes)
        elif local == "mergeCell":
            self.merged.append(area(attributes["ref"]))
        elif local == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes["min"]), min(int(attributes["max"]), COLUMNS)
            self.hidden_columns.update(range(first - 1, last))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 2)) - 1
        self._column = -1
        if not 0 <= self._row < ROWS:
            raise Unfit("workbook-damaged", reason=f"row {self._row + 1}")
        if attributes.get("hidden") in _TRUE:
            self.hidden_rows.add(self._row)

    def _cell(self, attributes: dict[str, str]) -> None:
        before, name = self._column, attributes.get("r", "").rstrip(_DIGITS)
        column = self._columns.get(name, -1) if name else before + 1
        if column < 0:
            column = self._columns[name] = column_of(name) if _LETTERS.fullmatch(name) else COLUMNS
        if column >= COLUMNS:
            raise Unfit("workbook-damaged", reason=f"column {name or column + 1}")
        self._column = column
        self._left -= max(1, column - before)  # a reader pads the gap
        if self._left < 0:
            raise Unfit("too-many-cells", most=self._most)
        self._value = False
        self._is_text = attributes.get("t") == "str"

    def _listen(self, *, on: bool) -> None:
        """Only within a cell with a formula does it count what the result is."""
        self._parser.CharacterDataHandler = self._characters if on else None
        self._parser.EndElementHandler = self._end if on else None

    def _characters(self, text: str) -> None:
        if self._inside == "v" and text:
            self._value = True

    def _end(self, name: str) -> None:
        self._inside = ""
        if self._locals.get(name) == "c":
            self._listen(on=False)
            if not self._value and not self._is_text:
                self.unsaved.add((self._row, self._column))


def area(reference: str) -> Range:
    """The range of a reference such as ``B2:D4``; raises ``Unfit`` with workbook-damaged."""
    first, _, last = reference.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
    if start is None or end is None:
        raise Unfit("workbook-damaged", reason=reference[:50])
    return int(start[2]) - 1, int(end[2]), column_of(start[1]), column_of(end[1]) + 1
