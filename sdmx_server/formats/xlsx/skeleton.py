"""Everything of a workbook but its rows, made by XlsxWriter: styles, heads, widths, panes, filters, the sheet of notes.

A workbook is made twice: before the rows, for what stands in front of them, and after them, when the sheets and their
lengths are known. See ``docs/decisions`` for why the rows are not XlsxWriter's.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format as Style
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ...errors import Busy
from ..api import DataMessage, WriteOptions
from ..texts import best_text
from ..values import context_names
from .cells import fitting
from .notes import Sheet, is_right_to_left, language_of, note_lines, word

_DIMENSION = re.compile(r"<dimension [^>]*/>")
_SELECTED = ' tabSelected="1"'
_END = "</sheetData>"
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_EVERYWHERE = "A1:XFD1048576"
_OPTIONS = {
    "constant_memory": True,  # which also makes all text inline, as in the rows
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Skeleton:
    """The workbook around the rows. ``heads`` and ``widths`` are those of the columns of each part."""

    def __init__(
        self,
        message: DataMessage,
        options: WriteOptions,
        heads: Sequence[Sequence[str]],
        widths: Sequence[Sequence[int]],
    ) -> None:
        self._message, self._options = message, options
        self._heads, self._widths = heads, widths
        self._language = language_of(message, options)
        self._right_to_left = is_right_to_left(self._language)
        self._taken: set[str] = {word("notes", self._language).lower()}
        first = self.parts([Sheet(part=i, name=f"s{i}") for i in range(len(message.parts))])
        self.common = {name: first[name] for name in ("_rels/.rels", "docProps/core.xml", "xl/styles.xml")}
        self._sheets = [first[_path(i + 1)].decode().partition(_END) for i in range(len(message.parts))]

    def name(self, part: int) -> str:
        """A name for one more sheet of a part: the dataflow's id, from the second sheet on with a number."""
        base = _NOT_IN_NAME.sub("_", self._message.parts[part].context.id)
        number, name = 1, base[:_LONGEST_NAME]
        while name.lower() in self._taken:
            number += 1
            tail = f" ({number})"
            name = base[: _LONGEST_NAME - len(tail)] + tail
        self._taken.add(name.lower())
        return name

    def before(self, part: int, first: bool) -> bytes:
        """What stands in front of the rows of a sheet, its head included."""
        text = _DIMENSION.sub("", self._sheets[part][0], count=1)
        return (text if first else text.replace(_SELECTED, "", 1)).encode()

    def after(self, sheet: Sheet) -> bytes:
        """What stands behind them."""
        found = xl_range(0, 0, sheet.rows, len(self._heads[sheet.part]) - 1)
        text = re.sub(r'<autoFilter ref="[^"]*"/>', f'<autoFilter ref="{found}"/>', self._sheets[sheet.part][2])
        return (_END + text).encode()

    def parts(self, sheets: Sequence[Sheet]) -> Mapping[str, bytes]:
        """The files of a workbook with these sheets, without their rows, by their paths in it.

        Raises ``Busy`` where the temporary files that XlsxWriter makes find no room.
        """
        try:
            target = self._written(sheets)
        except (FileCreateError, OSError) as error:
            raise Busy("workbook-no-room", reason=error) from error
        with zipfile.ZipFile(target) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _written(self, sheets: Sequence[Sheet]) -> io.BytesIO:
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, _OPTIONS) as book:
            prepared = dt.datetime.fromisoformat(self._message.header.prepared).astimezone(dt.UTC).replace(tzinfo=None)
            title = best_text(context_names(self._message.parts[0]), self._options.languages) or ""
            book.set_properties({"title": title, "author": self._message.header.sender.id, "created": prepared})
            bold = {"bold": True, "text_wrap": True, "valign": "top"}
            head = book.add_format({**bold, "bg_color": "#DDEBF7", "bottom": 1})
            for sheet in sheets:
                self._data(book.add_worksheet(sheet.name), sheet, head)
            notes = book.add_worksheet(word("notes", self._language))
            self._notes(notes, sheets, book.add_format(bold), book.add_format({"text_wrap": True, "valign": "top"}))
        return target

    def _data(self, page: Worksheet, sheet: Sheet, head: Style) -> None:
        if self._right_to_left:
            page.right_to_left()
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": _EVERYWHERE})  # codes like 01 are meant as text
        heads = self._heads[sheet.part]
        for column, width in enumerate(self._widths[sheet.part]):
            page.set_column(column, column, width)
        for column, text in enumerate(heads):
            page.write_string(0, column, fitting(text), head)
        page.autofilter(0, 0, max(sheet.rows, 1), len(heads) - 1)

    def _notes(self, page: Worksheet, sheets: Sequence[Sheet], label: Style, wrapped: Style) -> None:
        if self._right_to_left:
            page.right_to_left()
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        page.set_column(2, 3, 24)
        for row, line in enumerate(note_lines(self._message, self._options, sheets)):
            for column, text in enumerate(line):
                page.write_string(row, column, fitting(text), label if column == 0 else wrapped)


def _path(number: int) -> str:
    """Where the sheet of a number (from 1) is in a workbook."""
    return f"xl/worksheets/sheet{number}.xml"
