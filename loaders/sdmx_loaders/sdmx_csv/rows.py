"""The rows of an SDMX-CSV message as columns of components: numbered texts where records are plain, else texts.

What is wrong with some row is looked for by the slower way alone: a plain block with anything odd goes there too.
"""

from __future__ import annotations

import csv

import numpy as np
import polars as pl

from sdmx_server.loading.api import RawBatch, Source
from sdmx_server.model.resolved import ResolvedComponent, Storage

from ..cell_bytes import Cells
from ..cell_numbers import Convert, Numbers, TextNumbers, UnknownText, categorical, number_columns
from ..delimited import Block, Positions, parse
from ..naming import expected
from .cells import converter, plain_languages
from .head import Head, HeadColumn, belongs, unlabelled

_ACTIONS = {"I": "M", "A": "M", "M": "M", "R": "R", "D": "D"}
_ACTION = "ACTION"
_NUMBERS = (Storage.FLOAT, Storage.INTEGER)


def _known_actions(distinct: pl.Series) -> pl.Series:
    return pl.Series([_ACTIONS.get(text) for text in distinct.to_list()], dtype=pl.String)


class RowReader:
    """Reads the blocks of one message, whose head is known."""

    def __init__(self, source: Source, head: Head) -> None:
        self._source, self._head = source, head
        self._names = [str(i) for i in range(head.width)]
        self._numbered = {
            c.index: TextNumbers(self._converted(c)) for c in head.columns if c.component.storage not in _NUMBERS
        }
        self._structure = {i: TextNumbers() for i in range(head.structure)}
        self._known: set[tuple[int, ...]] = set()
        self._action = {} if head.action is None else {head.action: TextNumbers(_known_actions)}

    def read(self, block: Block) -> RawBatch:
        """The rows of a block.

        Findings: those of ``delimited.parse``; structure-wrong, action-unknown, subfield.
        """
        cells = block.cells(self._head.separator, self._head.width)
        frame = None if cells is None else self._plain(cells)
        if frame is not None:
            return RawBatch(frame=frame, rows=block.lines, components=True, done=block.done)
        text, lines = parse(self._source, block, self._head.separator, self._names)
        self._check_structure(text, lines)
        columns = [self._column(text, lines, column) for column in self._head.columns]
        if self._head.action is not None:
            columns.append(self._actions(text, lines, self._head.action))
        return RawBatch(frame=pl.DataFrame(columns), rows=lines, components=True, done=block.done)

    def _plain(self, cells: Cells) -> pl.DataFrame | None:
        """The components of plain records; None where a row is of another structure, or a text cannot be read."""
        try:
            numbers = number_columns(cells, {**self._numbered, **self._structure, **self._action})
        except UnknownText:
            return None
        if not self._of_structure([numbers[i] for i in self._structure]):
            return None
        ids = {head.index: head.component.id for head in self._head.columns}
        coded = {ids[i]: (texts, numbers[i]) for i, texts in self._numbered.items()}
        for i, texts in self._action.items():
            coded[_ACTION] = (texts, numbers[i])
        frame = categorical(coded)
        if self._action and frame[_ACTION].null_count():
            frame = frame.with_columns(pl.col(_ACTION).cast(pl.String).fill_null("M"))
        plain = []
        for head in self._head.columns:
            if head.index not in self._numbered:
                starts = cells.starts(head.index)
                column = cells.strings(starts, cells.ends(head.index) - starts)
                plain.append(self._decimal(column, head.component).rename(head.component.id))
        return frame.with_columns(plain)

    def _of_structure(self, numbers: list[Numbers]) -> bool:
        """Whether the first columns name the structure that is loaded; each combination is judged once."""
        changed = np.zeros(len(numbers[0]), np.bool_)
        changed[0] = True
        for column in numbers:
            changed[1:] |= column[1:] != column[:-1]
        rows = np.flatnonzero(changed)
        new = set(zip(*(column[rows].tolist() for column in numbers), strict=True)) - self._known
        for combination in new:
            texts = [self._structure[i].text(number) for i, number in enumerate(combination)]
            if not self._is_loaded(*(texts if len(texts) > 1 else ("dataflow", *texts))):
                return False
            self._known.add(combination)
        return True

    def _is_loaded(self, kind: str | None, identity: str | None) -> bool:
        return belongs(kind or "", unlabelled(identity or ""), self._source.structure)

    def _check_structure(self, frame: pl.DataFrame, lines: Positions) -> None:
        source = self._source
        if self._head.structure == 1:  # 1.0: the first column is the dataflow
            frame = frame.select(pl.lit("dataflow").alias("0"), pl.col("0").alias("1"))
        pairs = frame.select("0", "1").unique(maintain_order=True)
        for kind, identity in pairs.rows():
            if not self._is_loaded(kind, identity):
                joined = pl.concat_str(frame["0"].fill_null(""), pl.lit(" "), frame["1"].fill_null(""))
                column = frame.select(joined.alias("STRUCTURE_ID"))["STRUCTURE_ID"]
                name, wanted = f"{kind or ''} {identity or ''}", expected(source.structure)
                source.findings.add_rows("structure-wrong", column, name, lines, source.name, expected=wanted)

    def _actions(self, frame: pl.DataFrame, lines: Positions, index: int) -> pl.Series:
        column = frame[str(index)].rename(_ACTION)
        for text in column.unique().to_list():
            if text is not None and text not in _ACTIONS:
                self._source.findings.add_rows("action-unknown", column, text, lines, self._source.name)
        return column.fill_null("M").replace_strict(_ACTIONS, default="M", return_dtype=pl.String).rename(_ACTION)

    def _column(self, frame: pl.DataFrame, lines: Positions, head: HeadColumn) -> pl.Series:
        name = head.component.id
        column = frame[str(head.index)].rename(name)
        distinct = column.unique().drop_nulls()
        new, faults = self._canonical(distinct, head)
        for text, fault in faults.items():
            self._source.findings.add_rows("subfield", column, text, lines, self._source.name, reason=fault)
        if new is not None:
            column = column.replace_strict(distinct, new, default=None, return_dtype=pl.String)
        numbered = self._numbered.get(head.index)
        if numbered is not None:
            return numbered.encode(column).rename(name)
        return self._decimal(column, head.component).rename(name)

    def _converted(self, head: HeadColumn) -> Convert | None:
        if converter(head, self._head.sub) is None:
            return None

        def convert(distinct: pl.Series) -> pl.Series:
            canonical, _ = self._canonical(distinct, head)
            return distinct if canonical is None else canonical

        return convert

    def _canonical(self, distinct: pl.Series, head: HeadColumn) -> tuple[pl.Series | None, dict[str, str]]:
        """Distinct cells as canonical texts (None: as they are), and why some cannot be: these are null."""
        convert = converter(head, self._head.sub)
        if convert is None:
            return None, {}
        canonical, faults = plain_languages(distinct, head, self._head.sub).to_list(), {}
        for place, (text, plain) in enumerate(zip(distinct.to_list(), canonical, strict=True)):
            if plain is None:
                try:
                    canonical[place] = convert(text)
                except (ValueError, csv.Error) as error:
                    faults[text] = str(error)
        return pl.Series(canonical, dtype=pl.String), faults

    def _decimal(self, column: pl.Series, component: ResolvedComponent) -> pl.Series:
        if self._source.options.get("decimal") == "," and component.storage is Storage.FLOAT:
            return column.str.replace(",", ".", literal=True)
        return column
