"""Texts of components become typed columns; each distinct text is judged once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import PRESENCE_ABSENT, PRESENCE_MISSING, PRESENCE_PRESENT
from ..model.annotations import CALENDAR
from ..model.period import Period
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage
from ..model.solar_hijri import time_label
from .coding import Coding, Numbers, numbered
from .constraints import Constraints
from .periods import EARLIEST_YEAR, has_shape, parse, undeclared_calendar
from .problems import Findings, suggestion
from .texts import CONTROL, PLAIN_LANGUAGES, Fault, bounds, is_unrestricted, judge

MISSING = "#N/A"
SWITCHED_OFF = "~"
_INFINITE = ("INF", "-INF", "+INF")
_NUMBERS = (Storage.FLOAT, Storage.INTEGER)
_KEYS = (ComponentKind.DIMENSION, ComponentKind.TIME)

Rows = npt.NDArray[np.int64]


def code_judge(component: ResolvedComponent) -> Callable[[str], Fault | None] | None:
    """What finds a single code that is not in the list of an enumerated component; None for any other component."""
    enumeration = component.enumeration
    if enumeration is None:
        return None
    codes = frozenset(item.id for item in enumeration.items)
    name = f"{enumeration.agency}:{enumeration.id}({enumeration.version})"

    def judged(text: str) -> Fault | None:
        return None if text in codes else ("code-unknown", {"codelist": name, "hint": suggestion(text, codes)})

    return judged


def _is_solar_hijri(schema: ResolvedStructure) -> bool:
    """Whether the data structure declares by an annotation that its periods are Solar Hijri ones."""
    time = schema.structure.time_dimension
    return time is not None and any(a.type == CALENDAR and a.title == "solar-hijri" for a in time.annotations)


def _calendar_fault(period: Period, solar_hijri: bool) -> Fault | None:
    if undeclared_calendar(period.text):
        return "period-calendar", {"earliest": EARLIEST_YEAR}
    if solar_hijri and ("/" not in period.text or time_label(period) is None):
        return "period-solar-hijri", {}
    return None


def _time_judge(component: ResolvedComponent, solar_hijri: bool, text: str) -> Fault | None:
    if not has_shape(text, component.text_type):
        return "period-shape", {"type": component.text_type}
    try:
        period = parse(text)
        if fault := _calendar_fault(period, solar_hijri):
            return fault
        facets = component.text_format.facets
        if "startTime" in facets and period.start < parse(facets["startTime"]).start:
            return "facet", {"facet": "startTime", "limit": facets["startTime"]}
        if "endTime" in facets and period.end > parse(facets["endTime"]).end:
            return "facet", {"facet": "endTime", "limit": facets["endTime"]}
    except ValueError as error:
        return "period-invalid", {"reason": str(error)}
    return None


class ValueChecker:
    """Judges and types the columns of one structure."""

    def __init__(self, schema: ResolvedStructure, findings: Findings) -> None:
        self._schema = schema
        self._findings = findings
        self._constraints = Constraints(schema)
        self._codings: dict[str, Coding] = {}
        self._judges: dict[str, Callable[[str], Fault | None] | None] = {}
        for component in schema.components:
            if component.kind is ComponentKind.TIME:
                self._judges[component.id] = partial(_time_judge, component, _is_solar_hijri(schema))
            elif component.storage not in _NUMBERS:
                self._judges[component.id] = judge(component, code_judge(component))

    def typed(self, frame: pl.DataFrame, rows: Rows, file: str) -> pl.DataFrame:
        """The components of a frame of texts, typed as ``batches.Delta`` wants them, with presence where needed.

        Columns that are numbered (``coded``) stay so; where all texts are plain they need no work by row.

        Findings: code-unknown, type-wrong, facet, period-*, occurrences, control-character, constraint. A dimension
        that is switched off comes back as null, a wrong one as it is; other wrong values are null.
        """
        columns: list[pl.Series] = []
        keys: list[pl.Series] = []
        coded = numbered(frame)
        for component in self._schema.components:
            if component.id not in frame.columns:
                continue
            column = frame[component.id]
            if component.id in coded and self._is_plain(component, coded[component.id]):
                columns.append(column)
                continue
            column = column.cast(pl.String)
            if component.storage in _NUMBERS and component.kind is ComponentKind.MEASURE:
                columns += self._number(component, column, rows, file)
            elif component.kind in _KEYS:
                keys.append(_on(column))
                columns.append(self._text(component, keys[-1], rows, file))
            else:
                columns += self._value(component, column, rows, file)
        result = pl.DataFrame(columns)
        if self._constraints and len(result):
            self._constraints.check(result, rows, file, self._findings)
        return self._recoded(result.with_columns(keys), frame)

    def coded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the texts of all components but numeric measures numbered, the same way in every call."""
        columns = []
        for component in self._schema.components:
            numeric = component.storage in _NUMBERS and component.kind is ComponentKind.MEASURE
            if component.id in frame.columns and not numeric:
                column = frame[component.id]
                columns.append(self._codings.setdefault(component.id, Coding(column.dtype)).encode(column))
        return frame.with_columns(columns)

    def _is_plain(self, component: ResolvedComponent, numbers: Numbers) -> bool:
        marks = (SWITCHED_OFF,) if component.kind in _KEYS else (MISSING,)
        return self._codings[component.id].is_plain(
            numbers, lambda texts: (*marks, *(text for text, _ in self._faults(component, texts)))
        )

    def _recoded(self, result: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
        """Columns that were numbered are so again."""
        names = [n for n in given.columns if isinstance(given[n].dtype, pl.Categorical) and n in result.columns]
        return result.with_columns(self._codings[n].encode(result[n]) for n in names)

    def dimensions(self, frame: pl.DataFrame, rows: Rows, file: str) -> pl.DataFrame:
        """The dimensions of rows to delete, where null means any value, and the other columns as they are."""
        columns = []
        for column in frame.iter_columns():
            component = self._schema.component(column.name)
            if component is not None and component.kind in _KEYS:
                columns.append(self._text(component, _on(column), rows, file))
            else:
                columns.append(column)
        return pl.DataFrame(columns)

    def recheck(self, frame: pl.DataFrame, rows: Rows, file: str) -> None:
        """Judge the dimensions of computed rows, and their constraints."""
        for dimension in self._schema.dimensions:
            self._text(dimension, frame[dimension.id], rows, file)
        if self._constraints and len(frame):
            self._constraints.check(frame, rows, file, self._findings)

    def _faults(self, component: ResolvedComponent, distinct: pl.Series) -> list[tuple[str, Fault]]:
        """What is wrong with distinct texts."""
        judged = self._judges[component.id]
        if component.multilingual and is_unrestricted(component):
            distinct = distinct.filter(~distinct.str.contains(PLAIN_LANGUAGES))  # most texts need no closer look
        if judged is None:
            bad = distinct.filter(distinct.str.contains(CONTROL)).to_list()
            return [(text, ("control-character", {})) for text in bad]
        return [(text, fault) for text in distinct.to_list() if (fault := judged(text))]

    def _text(self, component: ResolvedComponent, column: pl.Series, rows: Rows, file: str) -> pl.Series:
        faults = self._faults(component, column.unique().drop_nulls())
        for text, (code, params) in faults:
            self._findings.add_rows(code, column, text, rows, file, **params)
        if not faults:
            return column
        wrong = [text for text, _ in faults]
        return pl.select(pl.when(~column.is_in(wrong)).then(column).alias(column.name)).to_series()

    def _value(self, component: ResolvedComponent, column: pl.Series, rows: Rows, file: str) -> list[pl.Series]:
        missing = (column == MISSING).fill_null(False)
        if not missing.any():
            return [self._text(component, column, rows, file)]
        given = pl.select(pl.when(~missing).then(column).alias(column.name)).to_series()
        return [self._text(component, given, rows, file), _presence(given, missing)]

    def _number(self, component: ResolvedComponent, column: pl.Series, rows: Rows, file: str) -> list[pl.Series]:
        whole = component.storage is Storage.INTEGER
        numbers = column.cast(pl.Int64 if whole else pl.Float64, strict=False)
        odd = numbers.is_null() & column.is_not_null()
        if not whole:
            odd |= (~numbers.is_finite()).fill_null(False)
        presence: list[pl.Series] = []
        if odd.any():
            numbers, presence = self._odd_numbers(component, column, numbers, rows, file)
        for facet, limit, lower in bounds(component):
            beyond = (numbers < limit) if lower else (numbers > limit)
            for text in column.filter(beyond.fill_null(False)).unique().sort().to_list():
                self._findings.add_rows("facet", column, text, rows, file, facet=facet, limit=limit)
        return [numbers, *presence]

    def _odd_numbers(
        self, component: ResolvedComponent, column: pl.Series, numbers: pl.Series, rows: Rows, file: str
    ) -> tuple[pl.Series, list[pl.Series]]:
        """What is no finite number: intentionally missing (``NaN``, ``#N/A``), infinite, or wrong."""
        floating = numbers.dtype == pl.Float64
        missing = ((column == MISSING) | ((column == "NaN") & floating)).fill_null(False)
        infinite = column.is_in(_INFINITE).fill_null(False) & floating
        finite = numbers.is_finite().fill_null(False) if floating else numbers.is_not_null()
        wrong = column.is_not_null() & ~finite & ~missing & ~infinite
        for text in column.filter(wrong).unique().sort().to_list():
            self._findings.add_rows("type-wrong", column, text, rows, file, type=component.text_type)
        expression = pl.when(~missing & ~wrong).then(numbers)
        numbers = pl.select(expression.alias(column.name)).to_series()
        return numbers, [_presence(numbers, missing)] if missing.any() else []


def _on(column: pl.Series) -> pl.Series:
    off = (column == SWITCHED_OFF).fill_null(False)
    return pl.select(pl.when(~off).then(column).alias(column.name)).to_series() if off.any() else column


def _presence(values: pl.Series, missing: pl.Series) -> pl.Series:
    given = pl.when(values.is_not_null()).then(PRESENCE_PRESENT).otherwise(PRESENCE_ABSENT)
    chosen = pl.when(missing).then(PRESENCE_MISSING).otherwise(given)
    return pl.select(chosen.cast(pl.UInt8).alias(f"{values.name}?")).to_series()
