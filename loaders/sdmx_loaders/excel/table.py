"""Where the table lies on a sheet: its head, its columns of row labels and of data, its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from sdmx_server.loading.api import Place, Source, match_key

from .options import Options, Stub
from .sheet import Kind, Sheet, column_of, letters, owners

_ARABIC = {"ي": "ی", "ى": "ی", "ك": "ک"}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table on its sheet; rows and columns count from 0.

    ``stubs`` are columns of row labels by name, ``columns`` those of data and ``rows`` those of data. ``heads`` has the
    label of each level (a tuple for each column), ``labels`` those of each stub, for each row, and ``sections`` the
    section of each row.
    """

    sheet: Sheet
    top: int
    stubs: dict[str, int]
    columns: list[int]
    rows: npt.NDArray[np.int64]
    heads: list[tuple[str, ...]]
    labels: dict[str, list[str]]
    sections: list[str]

    def place(self, options: Options, row: int, column: int, name: str | None) -> Place:
        """Where the text of the column ``name`` stands for the cell of data at a row and column."""
        levels = [level for level, of in enumerate(options.levels) if of and of == name]
        if levels:
            row = self.top + levels[0]
        elif name is not None:
            column = self.stubs.get(name, column)
        return Place(sheet=self.sheet.name, row=row + 1, column=letters(column))


def find_table(source: Source, options: Options, sheet: Sheet) -> Table | None:
    """The table; None after a finding: what follows from a table that is not understood would only confuse.

    Findings: head-not-found, table-empty, stub-column, head-missing, head-twice, label-missing, label-twice,
    letter-arabic, hidden, cell-error, formula-unsaved.
    """
    before = source.findings.count
    table = _Finder(source, options, sheet).find()
    return table if source.findings.count == before else None


class _Finder:
    def __init__(self, source: Source, options: Options, sheet: Sheet) -> None:
        self._source, self._options, self._sheet = source, options, sheet
        self._filled = sheet.kinds != Kind.BLANK
        self._owners = owners(sheet)

    def _add(self, code: str, row: int, column: int, value: str | None = None, **params: Any) -> None:
        self._source.findings.add(
            code,
            file=self._source.name,
            sheet=self._sheet.name,
            row=row + 1,
            column=letters(column),
            value=value,
            **params,
        )

    def _first(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the merged range that a cell is in, else the cell itself."""
        owner = self._owners[row, column] if row < self._owners.shape[0] and column < self._owners.shape[1] else 0
        if not owner:
            return row, column
        area = self._sheet.merged[owner - 1]
        return area[0], area[2]

    def _label(self, row: int, column: int) -> str:
        """A cell's label; every cell of a merged range has that of the first."""
        return self._sheet.label(*self._first(row, column))

    def find(self) -> Table | None:
        top = self._top()
        if top is None:
            return None
        body = top + self._options.depth
        self._report_broken(top)
        rows = self._rows(body)
        used = np.flatnonzero(self._filled[top:].any(axis=0)).tolist()
        used = [column for column in used if letters(column) not in self._options.ignore]
        used = self._visible(used, rows)
        stubs = self._stubs(top, used)
        if stubs is None:
            return None
        columns = [c for c in used if c not in stubs.values() and not self._is_tail(c, body, rows)]
        rows, sections = self._body(rows, stubs, columns)
        if not len(rows) or not columns:
            self._source.findings.add("table-empty", file=self._source.name, sheet=self._sheet.name, row=body + 1)
            return None
        heads = self._heads(top, columns)
        labels = self._labels(stubs, rows, sections)
        return Table(
            sheet=self._sheet,
            top=top,
            stubs=stubs,
            columns=columns,
            rows=rows,
            heads=heads,
            labels=labels,
            sections=sections,
        )

    def _top(self) -> int | None:
        """The head's first row: given, found by its label, or the first row that has content."""
        head, sheet = self._options.head, self._sheet
        if head.row is not None:
            return head.row - 1
        if head.label is None:
            return int(np.flatnonzero(self._filled.any(axis=1))[0])
        wanted = match_key(head.label)
        for row, column in np.argwhere(np.isin(sheet.kinds, (Kind.TEXT, Kind.NUMBER, Kind.DATE))).tolist():
            if match_key(sheet.label(row, column)) == wanted:
                return int(row)
        self._source.findings.add("head-not-found", file=self._source.name, sheet=sheet.name, value=head.label)
        return None

    def _report_broken(self, top: int) -> None:
        kinds = self._sheet.kinds[top:]
        for kind, code in ((Kind.ERROR, "cell-error"), (Kind.FORMULA, "formula-unsaved")):
            for row, column in np.argwhere(kinds == kind).tolist():
                self._add(code, row + top, column, self._sheet.texts[row + top, column] or None)

    def _visible(self, used: list[int], rows: npt.NDArray[np.int64]) -> list[int]:
        """The used columns without the hidden ones, if those are skipped. Finding hidden."""
        if self._options.hidden == "read":
            return used
        concealed = [column for column in used if column in self._sheet.hidden_columns]
        if self._options.hidden == "skip":
            return [column for column in used if column not in concealed]
        for column in concealed:
            self._add("hidden", int(rows[0]) if len(rows) else 0, column, letters(column))
        return used

    def _rows(self, body: int) -> npt.NDArray[np.int64]:
        """Rows below the head that have content, without the hidden ones if those are skipped. Finding hidden."""
        rows = np.flatnonzero(self._filled[body:].any(axis=1)) + body
        if self._options.hidden == "read" or not self._sheet.hidden_rows:
            return rows
        concealed = np.isin(rows, list(self._sheet.hidden_rows))
        if self._options.hidden == "skip":
            return rows[~concealed]
        for row in rows[concealed].tolist():
            self._add("hidden", row, 0, str(row + 1))
        return rows

    def _stubs(self, top: int, used: list[int]) -> dict[str, int] | None:
        """The column of each stub. Finding stub-column."""
        found: dict[str, int] = {}
        free = list(used)
        for given in self._options.stubs:
            stub = Stub(name=given) if isinstance(given, str) else given
            column = self._stub(stub, top, free)
            if column is None:
                shown = stub.column or stub.head or stub.name
                self._source.findings.add(
                    "stub-column", file=self._source.name, sheet=self._sheet.name, row=top + 1, value=shown
                )
                return None
            found[stub.name] = column
            free.remove(column)
        return found

    def _stub(self, stub: Stub, top: int, free: list[int]) -> int | None:
        if stub.column is not None:
            column = column_of(stub.column)
            return column if column in free else None
        if stub.head is None:
            return free[0] if free else None
        wanted = match_key(stub.head)
        levels = range(top, top + self._options.depth)
        fitting = (c for c in free if any(match_key(self._label(row, c)) == wanted for row in levels))
        return next(fitting, None)

    def _is_tail(self, column: int, body: int, rows: npt.NDArray[np.int64]) -> bool:
        """Whether a column is only the rest of the one to its left, merged with it in the head and empty below."""
        return self._first(body - 1, column)[1] < column and not self._filled[rows, column].any()

    def _body(
        self, rows: npt.NDArray[np.int64], stubs: dict[str, int], columns: list[int]
    ) -> tuple[npt.NDArray[np.int64], list[str]]:
        """The rows of data, and the section of each; notes, skipped rows and section heads are none."""
        options = self._options
        used = [*stubs.values(), *columns]
        first = next(iter(stubs.values()))
        skip = [re.compile(pattern) for pattern in options.skip]
        until = re.compile(options.until) if options.until else None
        titles = {match_key(label): label for label in (options.sections.labels if options.sections else ())}
        has_data = self._filled[rows][:, columns].any(axis=1).tolist()
        kept: list[int] = []
        sections: list[str] = []
        section = ""
        for row, data, filled in zip(
            rows.tolist(), has_data, self._filled[rows][:, used].any(axis=1).tolist(), strict=True
        ):
            text = self._label(row, first)
            if until is not None and until.search(text):
                break
            if not filled or any(pattern.search(text) for pattern in skip):
                continue
            if not data and match_key(text) in titles:
                section = titles[match_key(text)]
                continue
            kept.append(row)
            sections.append(section)
        return np.array(kept, np.int64), sections

    def _heads(self, top: int, columns: list[int]) -> list[tuple[str, ...]]:
        """The head of each column. Findings: head-missing, head-twice."""
        depth = self._options.depth
        levels = [[self._label(top + level, column) for column in columns] for level in range(depth)]
        if self._options.fill_heads:
            levels[:-1] = [_filled_right(level) for level in levels[:-1]]
        seen: dict[tuple[str, ...], int] = {}
        heads: list[tuple[str, ...]] = []
        for column, head in zip(columns, zip(*levels, strict=True), strict=True):
            heads.append(head)
            lacking = [level for level, text in enumerate(head) if not text]
            if lacking:
                self._add("head-missing", top + lacking[0], column)
                continue
            key = tuple(map(match_key, head))
            if key in seen:
                self._add("head-twice", top + depth - 1, column, "|".join(head), first=letters(seen[key]))
            seen.setdefault(key, column)
            for level, text in enumerate(head):
                self._report_arabic(top + level, column, text)
        return heads

    def _labels(self, stubs: dict[str, int], rows: npt.NDArray[np.int64], sections: list[str]) -> dict[str, list[str]]:
        """The label of each row in each stub. Findings: label-missing, label-twice, letter-arabic."""
        fill = {stub.name for stub in self._options.stubs if isinstance(stub, Stub) and stub.fill}
        found: dict[str, list[str]] = {}
        for name, column in stubs.items():
            labels = [self._label(row, column) for row in rows.tolist()]
            if name in fill:
                labels = _filled_right(labels)
            for row, text in zip(rows.tolist(), labels, strict=True):
                if not text:
                    self._add("label-missing", row, column)
                self._report_arabic(row, column, text)
            found[name] = labels
        seen: dict[tuple[str, ...], int] = {}
        last = next(reversed(stubs.values()))
        for row, key in zip(rows.tolist(), zip(sections, *found.values(), strict=True), strict=True):
            folded = tuple(map(match_key, key))
            if all(key[1:]) and folded in seen:
                self._add("label-twice", row, last, "|".join(filter(None, key)), first=seen[folded] + 1)
            seen.setdefault(folded, row)
        return found

    def _report_arabic(self, row: int, column: int, text: str) -> None:
        if self._options.arabic_letters:
            return
        for letter, persian in _ARABIC.items():
            if letter in text:
                shown = f"{letter} (U+{ord(letter):04X})"
                self._add("letter-arabic", row, column, text, letter=shown, persian=f"{persian} (U+{ord(persian):04X})")


def _filled_right(texts: Iterable[str]) -> list[str]:
    """Each empty text takes the one before it."""
    result: list[str] = []
    for text in texts:
        result.append(text or (result[-1] if result else ""))
    return result
