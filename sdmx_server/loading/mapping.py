"""A source's raw columns become columns of components, as the recipe says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl
import polars.selectors as cs

from ..batches import canonical
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from .api import RawBatch
from .labels import Labels
from .periods import from_label
from .persian import clean, map_distinct, match_key, number_text
from .problems import Findings, suggestion
from .recipe import ComponentMap, Condition, Recipe, SourceSpec, Wide
from .values import MISSING, SWITCHED_OFF, Rows

STATUS = "OBS_STATUS"
_ROW = "#row"
_KEY = (ComponentKind.DIMENSION, ComponentKind.TIME)


class SourceMapping:
    """The mapping of one source; ``apply`` is called for each of its batches."""

    def __init__(
        self, recipe: Recipe, spec: SourceSpec, schema: ResolvedStructure, labels: Labels, findings: Findings
    ) -> None:
        self._recipe, self._spec, self._schema = recipe, spec, schema
        self._labels, self._findings = labels, findings
        self._reported: set[str] = set()
        self.rows = 0

    def apply(self, batch: RawBatch) -> tuple[pl.DataFrame, Rows]:
        """The components of a batch as Strings, and the line of each row; an empty frame after a finding of columns."""
        self.rows += len(batch.frame)
        frame = batch.frame.drop("ACTION", strict=False) if batch.components else batch.frame
        frame = frame.with_columns(cs.categorical().cast(pl.String), pl.Series(_ROW, batch.rows))
        wide = self._spec.wide
        if not self._has(frame, [c.column for c in self._spec.where] + list(wide.keep if wide else ())):
            return pl.DataFrame(), batch.rows[:0]
        for condition in self._spec.where:
            frame = frame.filter(_mask(frame[condition.column], condition))
        if wide is not None:
            frame = _unpivot(frame, wide)
        components = self._components(frame)
        if not self._has(frame, [name for c in components.values() for name in c.needs]):
            return pl.DataFrame(), batch.rows[:0]
        if batch.components:
            frame = self._observations(frame, components)
        for component in components.values():
            if component.drop and component.column:
                frame = frame.filter(~_among(frame[component.column], component.drop))
        return self._build(frame, components), frame[_ROW].to_numpy()

    def _observations(self, frame: pl.DataFrame, mapped: Mapping[str, ComponentMap]) -> pl.DataFrame:
        """The rows of a message without those that carry attributes of several observations. Finding partial-key."""
        for dimension in self._schema.dimension_ids:
            column = mapped[dimension].column if dimension in mapped else None
            if column is None:
                continue
            several = (frame[column] == SWITCHED_OFF).fill_null(False)
            if several.any():
                rows = frame[_ROW].to_numpy()
                self._findings.add_rows("partial-key", frame[column], SWITCHED_OFF, rows, self._spec.file)
                frame = frame.filter(~several)
        return frame

    def finish(self) -> None:
        """Finding row-count, when the recipe declares how many rows there are."""
        expected = self._spec.rows
        if expected is not None and self.rows != expected:
            self._findings.add("row-count", file=self._spec.file, found=self.rows, expected=expected)

    def _has(self, frame: pl.DataFrame, names: list[str]) -> bool:
        columns = [c for c in frame.columns if c != _ROW]
        lacking = [n for n in dict.fromkeys(names) if n not in columns]
        for name in lacking:
            if name not in self._reported:
                self._reported.add(name)
                shown = ", ".join(columns[:50])
                hint = suggestion(name, columns)
                self._findings.add("column-missing", file=self._spec.file, column=name, columns=shown, hint=hint)
        return not lacking

    def _components(self, frame: pl.DataFrame) -> dict[str, ComponentMap]:
        mapped = dict(self._spec.components)
        for component in self._schema.components:
            if component.id not in mapped and component.id in frame.columns:
                mapped[component.id] = ComponentMap(column=component.id)
        return mapped

    def _build(self, frame: pl.DataFrame, mapped: Mapping[str, ComponentMap]) -> pl.DataFrame:
        columns: dict[str, pl.Series] = {}
        gaps: list[pl.Series] = []
        for component in self._schema.components:
            spec = mapped.get(component.id)
            if spec is None:
                if component.kind in _KEY:
                    columns[component.id] = pl.Series(component.id, [None], pl.String).new_from_index(0, len(frame))
                    self._empty_key(columns[component.id], frame)
                continue
            column = self._column(frame, component, spec)
            if component.kind is ComponentKind.MEASURE:
                column, gap = self._measure(frame, component, spec, column)
                gaps.append(gap)
            columns[component.id] = column.rename(component.id)
        result = pl.DataFrame(list(columns.values()))
        return self._with_status(result, gaps)

    def _with_status(self, frame: pl.DataFrame, gaps: list[pl.Series]) -> pl.DataFrame:
        """Observations whose every measure is a missing marker get the status that says so."""
        if not gaps or self._schema.component(STATUS) is None:
            return frame
        gap = gaps[0]
        for other in gaps[1:]:
            gap = gap & other
        if not gap.any():
            return frame
        old = pl.col(STATUS) if STATUS in frame.columns else pl.lit(None, pl.String)
        return frame.with_columns(pl.when(gap).then(pl.lit(self._recipe.missing_status)).otherwise(old).alias(STATUS))

    def _measure(
        self, frame: pl.DataFrame, component: ResolvedComponent, spec: ComponentMap, column: pl.Series
    ) -> tuple[pl.Series, pl.Series]:
        """The numbers of a measure, and which cells are markers of a missing value. Finding value-empty."""
        markers = self._spec.missing if spec.missing is None else spec.missing
        gap = _among(column, markers)
        rows = frame[_ROW].to_numpy()
        if spec.intentional:
            meant = _among(column, spec.intentional)
            column = pl.select(pl.when(meant).then(pl.lit(MISSING)).otherwise(column).alias(column.name)).to_series()
        if "" not in markers:
            named = column.rename(spec.column or component.id)
            self._findings.add_rows("value-empty", named, None, rows, self._spec.file)
        values = pl.select(pl.when(~gap).then(column).alias(component.id)).to_series()
        if component.storage.value in ("float", "integer"):
            values = map_distinct(values, number_text)
        if spec.scale is not None:
            scaled = (values.cast(pl.Float64, strict=False) * spec.scale).cast(pl.String)
            values = pl.select(pl.coalesce(scaled, values).alias(component.id)).to_series()
        return values, gap

    def _column(self, frame: pl.DataFrame, component: ResolvedComponent, spec: ComponentMap) -> pl.Series:
        rows = frame[_ROW].to_numpy()
        column = _source_column(frame, component, spec)
        if component.kind in _KEY:
            self._empty_key(column.rename(component.id), frame)
        if spec.extract is not None:
            column = self._each(column, rows, "extract-failed", _extractor(spec.extract), pattern=spec.extract)
        if spec.map is not None:
            table, name = self._labels.table(spec.map)
            known = list(table)
            column = self._each(
                column,
                rows,
                "label-unmapped",
                lambda text: table.get(match_key(text), table.get("*")),
                lambda text: {"table": name, "hint": suggestion(match_key(text), known)},
            )
        if spec.match == "name":
            column = self._named(column, rows, component)
        if spec.pad or spec.prefix:
            column = map_distinct(column, lambda text: spec.prefix + text.zfill(spec.pad))
        if component.kind is ComponentKind.TIME:
            return self._period(column, rows, spec)
        return column

    def _empty_key(self, column: pl.Series, frame: pl.DataFrame) -> None:
        self._findings.add_rows("dimension-missing", column, None, frame[_ROW].to_numpy(), self._spec.file)

    def _named(self, column: pl.Series, rows: Rows, component: ResolvedComponent) -> pl.Series:
        names = self._labels.names(component)
        for text in column.unique().drop_nulls().to_list():
            codes = names.get(match_key(text), [])
            if len(codes) > 1:
                listed = ", ".join(codes)
                self._findings.add_rows("label-ambiguous", column, text, rows, self._spec.file, codes=listed)

        def code(text: str) -> str | None:
            return next(iter(names.get(match_key(text), [])), None)

        def advice(text: str) -> dict[str, object]:
            return {"table": component.id, "hint": suggestion(match_key(text), names)}

        return self._each(column, rows, "label-unmapped", code, advice)

    def _period(self, column: pl.Series, rows: Rows, spec: ComponentMap) -> pl.Series:
        if spec.calendar == "gregorian" and spec.frequency is None:
            return column
        reasons: dict[str, str] = {}

        def period(text: str) -> str | None:
            try:
                return from_label(text, spec.calendar, spec.frequency)
            except ValueError as error:
                reasons[text] = str(error)
                return None

        return self._each(column, rows, "period-invalid", period, lambda text: {"reason": reasons[text]})

    def _each(
        self,
        column: pl.Series,
        rows: Rows,
        code: str,
        function: Callable[[str], str | None],
        advice: Callable[[str], dict[str, object]] | None = None,
        **params: object,
    ) -> pl.Series:
        """Apply a function to each distinct text; where it gives None the text is a finding."""
        failed: list[str] = []

        def tried(text: str) -> str | None:
            result = function(text)
            if result is None:
                failed.append(text)
            return result

        result = map_distinct(column, tried)
        for text in failed:
            more = advice(text) if advice else {}
            self._findings.add_rows(code, column, text, rows, self._spec.file, **params, **more)
        return result


def _extractor(pattern: str) -> Callable[[str], str | None]:
    expression = re.compile(pattern)

    def extract(text: str) -> str | None:
        found = expression.search(text)
        return found[1] if found else None

    return extract


def _source_column(frame: pl.DataFrame, component: ResolvedComponent, spec: ComponentMap) -> pl.Series:
    """The column, constant or combination of columns, before any table is applied; empty cells are null."""
    if spec.column is not None:
        return map_distinct(frame[spec.column], clean).replace("", None)
    if spec.columns:
        return frame.select(pl.concat_str([pl.col(c).fill_null("") for c in spec.columns], separator="|")).to_series()
    if spec.parts:
        sub = spec.parts.get("month") or spec.parts.get("quarter")
        mark = pl.lit("-Q" if "quarter" in spec.parts else "-")
        pieces = [pl.col(spec.parts["year"])] + ([mark, pl.col(sub)] if sub else [])
        return frame.select(pl.concat_str(pieces).alias(spec.parts["year"])).to_series()
    if spec.languages:
        return _international(frame, spec.languages)
    value = spec.value
    if isinstance(value, bool):
        value = str(value).lower()
    text = canonical(value) if isinstance(value, list | dict) else str(value)
    if component.multilingual and not isinstance(value, list | dict):
        text = canonical({"en": text})
    if component.multi_valued and not isinstance(value, list):
        text = canonical([value])
    return pl.Series(component.id, [text]).new_from_index(0, len(frame))


def _international(frame: pl.DataFrame, languages: Mapping[str, str]) -> pl.Series:
    """Texts in languages, put together once for each distinct combination."""
    columns = list(dict.fromkeys(languages.values()))
    distinct = frame.select(columns).unique()
    texts = []
    for row in distinct.rows(named=True):
        given = {tag: clean(row[column]) for tag, column in languages.items() if row[column]}
        texts.append(canonical(given) if given else None)
    table = distinct.with_columns(pl.Series("#text", texts, pl.String))
    return frame.select(columns).join(table, on=columns, how="left", nulls_equal=True, maintain_order="left")["#text"]


def _among(column: pl.Series, markers: tuple[str, ...]) -> pl.Series:
    """Which cells are one of the markers; ``""`` is an empty cell."""
    found = column.str.strip_chars().is_in([m for m in markers if m]).fill_null(False)
    return found | column.is_null() if "" in markers else found


def _mask(column: pl.Series, condition: Condition) -> pl.Series:
    keys = map_distinct(column.fill_null(""), match_key)
    mask = pl.Series([True]).new_from_index(0, len(column))
    for given, wanted in ((condition.equals, True), (condition.not_equals, False)):
        if given is not None:
            listed = [match_key(t) for t in ((given,) if isinstance(given, str) else given)]
            mask &= keys.is_in(listed) == wanted
    for pattern, wanted in ((condition.matches, True), (condition.not_matches, False)):
        if pattern is not None:
            expression, texts = re.compile(pattern), column.unique().drop_nulls().to_list()
            hits = [text for text in texts if expression.search(text)]
            empty = column.is_null() if expression.search("") else pl.Series([False]).new_from_index(0, len(column))
            mask &= (column.is_in(hits).fill_null(False) | empty) == wanted
    return mask


def _unpivot(frame: pl.DataFrame, wide: Wide) -> pl.DataFrame:
    kept = [*wide.keep, _ROW]
    others = [c for c in frame.columns if c not in kept]
    if wide.columns is not None:
        others = [c for c in others if re.search(wide.columns, c)]
    long = frame.unpivot(others, index=kept, variable_name="#head", value_name=wide.value)
    for position, name in enumerate(wide.levels):
        if name:
            texts = [(c.split("|") + [""] * len(wide.levels))[position] for c in others]
            level = pl.col("#head").replace_strict(others, texts, default=None, return_dtype=pl.String)
            long = long.with_columns(level.alias(name))
    return long.drop("#head")
