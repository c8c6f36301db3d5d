"""Cells of a sheet as literals: text and numbers in SpreadsheetML (ECMA-376 part 1, section 18.3.1).

Text is always inline text, never a formula, whatever it begins with. Cells carry no address - the standard lets it out,
and counts - so that one literal serves every row. What Excel would round or cannot hold, whole numbers of more than 15
digits and numbers that are not finite, is text.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import numpy as np
import polars as pl
from typing_extensions import override

from ...batches import MISSING, PRESENCE_PRESENT, Array
from ...model.resolved import ComponentKind, ResolvedComponent
from ...number_texts import NumberStyle, number_text
from ..api import DataPart, WriteOptions
from ..flat import in_language, lasting
from ..lines import Line, Lookup, Number, Piece, concat
from ..literals import Frame, Level, Table, levels
from ..strips import Part, Strip
from ..texts import best_text
from ..values import Decoded, attributes, code_names, decoded, dimensions, is_numeric, joined, measures, missing_text

EMPTY = "<c/>"
MOST_CHARACTERS = 32_767
"""UTF-16 units of a cell's text (Excel's limit)."""

_MOST_DIGITS = 10**15
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def fitting(text: str) -> str:
    """The text, cut to what a cell can hold."""
    if len(text) * 2 <= MOST_CHARACTERS:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * MOST_CHARACTERS - 2].decode("utf-16-le", "ignore") + "…"


def text_cell(text: str) -> str:
    """A cell of text; characters that XML has not are written as ``_x000D_`` (type ST_Xstring)."""
    shown = _LIKE_ESCAPE.sub("_x005F_", fitting(text))
    shown = escape(_NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", shown))
    keep = ' xml:space="preserve"' if shown != shown.strip() or "\n" in shown else ""
    return f'<c t="inlineStr"><is><t{keep}>{shown}</t></is></c>'


class Figure(Number):
    """A numeric measure as numeric cells, and as text where Excel has no such number."""

    whole = True

    def __init__(self, component: ResolvedComponent) -> None:
        missing = text_cell(missing_text(component))
        style = NumberStyle().of(component)
        super().__init__(component.id, style, before="<c><v>", after="</v></c>", absent=EMPTY, missing=missing)

    @override
    def special(self, frame: Frame) -> bool:
        column = frame.batch.measures.get(self.component)
        return super().special(frame) or column is None or not _plain(column.values).all()

    @override
    def texts(self, frame: Frame) -> list[str]:
        return self._cells(frame).to_list() if self.special(frame) else super().texts(frame)

    @override
    def parts(self, frame: Frame) -> list[Part]:
        return [Strip(self._cells(frame), None)]

    def _cells(self, frame: Frame) -> pl.Series:
        parts = super().parts(frame)
        found = concat([p if isinstance(p, str) else p.column() for p in parts], frame.size)
        column = frame.batch.measures.get(self.component)
        if column is None:
            return found
        odd = ~_plain(column.values)
        if column.presence is not None:
            odd &= column.presence == PRESENCE_PRESENT
        if not odd.any():
            return found
        some = number_text(column.values[odd], self.style)
        cells = found.to_frame("cell").with_columns(pl.Series("odd", odd)).with_row_index()
        cells = cells.with_columns(pl.col("index").cast(pl.UInt32))
        told = pl.DataFrame(
            {"index": np.flatnonzero(odd).astype(np.uint32), "told": [text_cell(t) for t in some.to_list()]}
        )
        joined = cells.join(told, on="index", how="left", maintain_order="left")
        return joined.select(pl.coalesce("told", "cell"))["told"]


def _plain(values: Array) -> Array:
    """Which values Excel holds as they are."""
    if values.dtype == np.float64:
        return np.isfinite(values)
    return (values < _MOST_DIGITS) & (values > -_MOST_DIGITS)


class Rows:
    """The rows of one data set as a line of cells."""

    def __init__(self, part: DataPart, options: WriteOptions) -> None:
        self._part, self._options = part, options
        self._labels = options.parameters.get("labels", "name")
        schema = part.dataset.schema
        self._levels = levels(part.dataset, schema.time.id if schema.time else None)
        pieces: list[Piece] = ["<row>"]
        self.heads: list[str] = []
        for component in columns_of(part):
            pieces += self._column(component)
            self.heads += heads(component, options)
        self.line = Line([*pieces, "</row>"])

    def _column(self, component: ResolvedComponent) -> list[Piece]:
        dataset, several = self._part.dataset, len(heads(component, self._options))
        if self._part.series_only and not lasting(self._part, component):
            return [EMPTY * several]
        if component.kind is ComponentKind.TIME:
            periods = dataset.periods()
            table = Table(len(periods), lambda i: EMPTY if (p := periods[i]) is None else text_cell(p.text))
            return [Lookup(component.id, self._levels[component.id], table)]
        if is_numeric(component):
            return [Figure(component)]
        names = code_names(component, self._options.languages) if self._labels != "id" else {}
        if component.kind is ComponentKind.ATTRIBUTE and not component.attached_to:
            text = dataset.dataset_attributes.get(component.id)
            return [EMPTY * several if text is None else self._cells(component, text, names, several)]
        codes = dataset.codes(component.id)
        missing = text_cell(missing_text(component)) + EMPTY * (several - 1)

        def render(index: int) -> str:
            code = codes[index]
            if code is None:
                return missing if index == MISSING else EMPTY * several
            return self._cells(component, code, names, several)

        level = self._levels.get(component.id, Level.OBSERVATION)
        return [Lookup(component.id, level, Table(len(codes), render), component.kind is ComponentKind.MEASURE)]

    def _cells(self, component: ResolvedComponent, code: str, names: dict[str, str], several: int) -> str:
        value = in_language(decoded(component, code), self._options.languages)
        if several == 2:
            return text_cell(_listed(value)) + text_cell(_listed(_each(value, names, "{name}")))
        return text_cell(_listed(_each(value, names, "{code}: {name}") if self._labels == "both" else value))


def columns_of(part: DataPart) -> list[ResolvedComponent]:
    """The components that have columns: dimensions, time, measures, attributes."""
    return [*dimensions(part.dataset.schema), *measures(part), *attributes(part)]


def heads(component: ResolvedComponent, options: WriteOptions) -> list[str]:
    """The heads of a component's column, or of its two: the code, and its name."""
    labels = options.parameters.get("labels", "name")
    name = best_text(component.names, options.languages)
    if labels == "name" and component.enumeration is not None:
        return [component.id, name or f"{component.id}_NAME"]
    return [component.id if labels == "id" or not name else f"{component.id}: {name}"]


def _each(value: Decoded, names: dict[str, str], form: str) -> Decoded:
    """The value with the name of each code put in; codes without a name stay as they are."""
    if isinstance(value, list):
        return [str(_each(str(v), names, form)) for v in value]
    code = str(value)
    return form.format(code=code, name=names[code]) if code in names else code


def _listed(value: Decoded) -> str:
    """The text of a value."""
    return joined(str(v) for v in value) if isinstance(value, list) else str(value)
