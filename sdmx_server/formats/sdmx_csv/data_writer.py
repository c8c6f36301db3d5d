"""Writes SDMX-CSV 1.0.0, 2.0.0 and 2.1.0 data messages (field guides of sdmx-csv 1.0 and 2.1).

One row is one observation, and every attribute that applies to it is repeated there. All data sets of a message share
one table, whose columns are those of all structures. 1.0 knows neither actions nor several values or languages in a
field, and its one measure is called OBS_VALUE; further measures stand as the attributes that they are in SDMX 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from ...batches import MISSING
from ...model.resolved import ComponentKind, ResolvedComponent
from ...number_texts import NumberStyle
from ..api import DataMessage, DataPart, WriteOptions
from ..flat import in_language, lasting, refuse_changes
from ..kept import Kind, Lines
from ..lines import Line, Lookup, Number, Piece
from ..literals import Frame, Level, Table, levels
from ..partial_keys import by_key
from ..primary_measure import OBS_VALUE, primary_measure
from ..texts import best_text
from ..values import (
    SEPARATOR,
    action,
    apart,
    attributes,
    code_names,
    context_names,
    decoded,
    dimensions,
    is_numeric,
    measures,
    missing_text,
)
from .fields import Column, column, name_text, needs_quotes, normalized, plain_column, quoted, value_text

END = "\r\n"
_STRUCTURE = {"Dataflow": "dataflow", "DataStructure": "datastructure", "ProvisionAgreement": "dataprovision"}
_ACTION = {"Information": "I", "Append": "A", "Merge": "M", "Replace": "R", "Delete": "D"}
_KEYS = {"series": ("SERIES_KEY",), "obs": ("OBS_KEY",), "both": ("SERIES_KEY", "OBS_KEY")}


class _Version(msgspec.Struct, frozen=True):
    """What tells the versions apart; ``tabular``: a plain table of one flow, as in 1.0."""

    generation: str
    tabular: bool = False


_VERSIONS = {"1.0.0": _Version("2.1", tabular=True), "2.0.0": _Version("3.0"), "2.1.0": _Version("3.1")}


def write_data(message: DataMessage, options: WriteOptions, *, version: str) -> Iterator[bytes]:
    """Yield the header row, then the rows of each batch.

    ``options.parameters``: ``labels`` id, name, both; ``timeFormat`` original, normalized; ``keys`` none, obs, series,
    both. The series key leaves out the dimension at the observation, in a flat answer time. 1.0 has labels id and both,
    no keys, and raises ``NotAcceptable`` for changes and history.
    """
    rules = _VERSIONS[version]
    if rules.tabular:
        refuse_changes(message, "SDMX-CSV 1.0")
    return _written(message, options, rules)


def _written(message: DataMessage, options: WriteOptions, rules: _Version) -> Iterator[bytes]:
    kind = _kind(message.parts, options, rules)
    parts = message.parts
    validity = ("valid_from", "valid_to") if any(p.valid_from or p.valid_to for p in parts) else ()

    def begin() -> tuple[list[Column], bytes]:
        columns = _columns(parts, options.languages, rules)
        return columns, _header(columns, options, rules, validity).encode()

    columns, first = kind.once("begin", begin) if kind else begin()
    yield first
    for part in (piece for whole in parts for piece in by_key(whole)):
        lines = Lines(kind, partial(_line, part, columns, options, rules, validity))
        for batch in part.dataset.batches():
            yield lines.render(Frame(part.dataset, batch))


def _kind(parts: Sequence[DataPart], options: WriteOptions, rules: _Version) -> Kind | None:
    """What small answers share; None for those that are put together of several parts, or of the periods used."""
    if len(parts) > 1 or parts[0].attributes_only or options.parameters.get("timeFormat") == "normalized":
        return None
    return Kind(parts[0], "csv", rules, options.languages, tuple(sorted(options.parameters.items())))


def _line(
    part: DataPart, columns: Sequence[Column], options: WriteOptions, rules: _Version, validity: Sequence[str]
) -> Line:
    return _Rows(part, columns, options, rules, validity).line


def _named(part: DataPart, rules: _Version) -> dict[str, ResolvedComponent]:
    """The selected components by the names of their columns."""
    first = primary_measure([m.id for m in part.dataset.schema.measures]) if rules.tabular else None
    components = (*dimensions(part.dataset.schema), *measures(part), *attributes(part))
    return {OBS_VALUE if c.id == first else c.id: c for c in components}


def _columns(parts: Sequence[DataPart], languages: Sequence[str], rules: _Version) -> list[Column]:
    """Columns of all structures, grouped by dimensions, measures and attributes, each in DSD order."""
    found: dict[ComponentKind, dict[str, Column]] = {}
    if rules.tabular:  # the column of the value is there even if no measure is
        found[ComponentKind.MEASURE] = {OBS_VALUE: Column(id=OBS_VALUE)}
    for part in parts:
        for name, component in _named(part, rules).items():
            kind = ComponentKind.DIMENSION if component.kind is ComponentKind.TIME else component.kind
            group = found.setdefault(kind, {})
            new = (
                plain_column(name, component, languages)
                if rules.tabular
                else column(component, part.dataset, languages)
            )
            group[name] = group[name].joined(new) if name in group else new
    order = (ComponentKind.DIMENSION, ComponentKind.MEASURE, ComponentKind.ATTRIBUTE)
    return [c for kind in order for c in found.get(kind, {}).values()]


def _header(columns: Sequence[Column], options: WriteOptions, rules: _Version, custom: Sequence[str]) -> str:
    labels = options.parameters.get("labels", "id")
    if rules.tabular:
        return ",".join(["DATAFLOW", *(c.id if c.id == OBS_VALUE else c.header(labels) for c in columns)]) + END
    first = f"STRUCTURE[{SEPARATOR}]" if any(c.divided for c in columns) else "STRUCTURE"
    fields = [first, "STRUCTURE_ID"]
    if labels == "name":
        fields.append("STRUCTURE_NAME")
    fields += ["ACTION", *_KEYS.get(options.parameters.get("keys", "none"), ())]
    return ",".join([*fields, *(c.header(labels) for c in columns), *(name.upper() for name in custom)]) + END


class _Rows:
    """The rows of one data set as a line of pieces."""

    def __init__(
        self,
        part: DataPart,
        columns: Sequence[Column],
        options: WriteOptions,
        rules: _Version,
        validity: Sequence[str],
    ) -> None:
        self.rules = rules
        self.part, self.dataset = part, part.dataset
        self.labels = options.parameters.get("labels", "id")
        self.languages = options.languages
        time = part.dataset.schema.time  # rows share what a time series shares, in whatever order they come
        self.levels = levels(part.dataset, time.id if time else None)
        self.times = self._times(options.parameters.get("timeFormat", "original") == "normalized")
        pieces: list[Piece] = [self._structure()]
        for key in _KEYS.get(options.parameters.get("keys", "none"), ()):
            pieces += [",", *(() if part.attributes_only else self._key(whole=key == "OBS_KEY"))]
        selected = {name: c for name, c in _named(part, rules).items() if self._is_told(c)}
        for field in columns:
            pieces.append(",")
            component = selected.get(field.id)
            if component is not None:
                pieces += self._field(component)
            elif self.labels == "name":
                pieces.append(",")
        for name in validity:
            moment = getattr(part, name)
            pieces.append("," if moment is None else f",{moment.isoformat().replace('+00:00', 'Z')}")
        self.line = Line([*pieces, END])

    def _is_told(self, component: ResolvedComponent) -> bool:
        """Whether rows have the component: of a series what lasts, of a partial key its dimensions."""
        if self.part.attributes_only and component.kind is not ComponentKind.ATTRIBUTE:
            return component.id in self.dataset.suffix
        return not self.part.series_only or lasting(self.part, component)

    def _structure(self) -> str:
        name = best_text(context_names(self.part), self.languages) or ""
        identity = self.part.context.short
        if self.labels == "both" and name:
            identity += f": {name}"
        if self.rules.tabular:
            return quoted(identity)
        fields = [_STRUCTURE[self.part.context.kind], identity]
        if self.labels == "name":
            fields.append(name)
        letter = _ACTION[action(self.part, self.rules.generation)]
        return ",".join([*(quoted(f) if f else "" for f in fields), letter])

    def _times(self, normalize: bool) -> list[str]:
        time = self.dataset.schema.time
        if time is None:
            return []
        periods = self.dataset.periods()
        return normalized(periods, self.dataset.used(time.id)) if normalize else [p.text if p else "" for p in periods]

    def _key(self, whole: bool) -> list[Piece]:
        """A key; quoted in every row when any of its codes asks for it."""
        parts = [d for d in dimensions(self.dataset.schema) if whole or d.id != apart(self.part)]
        texts = {d.id: self.times if d.kind is ComponentKind.TIME else self.dataset.codes(d.id) for d in parts}
        quote = any(needs_quotes(t) for t in texts.values())
        pieces: list[Piece] = []
        for dimension in parts:
            codes = [(t or "").replace('"', '""') if quote else (t or "") for t in texts[dimension.id]]
            pieces += [".", Lookup(dimension.id, self.levels[dimension.id], Table(len(codes), codes.__getitem__))]
        return ['"', *pieces[1:], '"'] if quote else pieces[1:]

    def _field(self, component: ResolvedComponent) -> list[Piece]:
        extra: list[Piece] = [","] if self.labels == "name" else []
        if component.kind is ComponentKind.TIME:
            texts = [quoted(t) if t else "" for t in self.times]
            return [Lookup(component.id, self.levels[component.id], Table(len(texts), texts.__getitem__)), *extra]
        if is_numeric(component):
            return [Number(component.id, NumberStyle().of(component), missing=missing_text(component)), *extra]
        if component.kind is ComponentKind.ATTRIBUTE and not component.attached_to:
            text = self.dataset.dataset_attributes.get(component.id)
            return ["" if text is None else self._renderer(component)(text), *(extra if text is None else ())]
        codes = self.dataset.codes(component.id)
        table = Table(len(codes), self._render(component, codes))
        level = self.levels.get(component.id, Level.OBSERVATION)
        return [Lookup(component.id, level, table, component.kind is ComponentKind.MEASURE)]

    def _render(self, component: ResolvedComponent, codes: Sequence[str | None]) -> Callable[[int], str]:
        text = self._renderer(component)
        tail = "," if self.labels == "name" else ""
        missing = missing_text(component) + tail

        def render(index: int) -> str:
            code = codes[index]
            return text(code) if code is not None else missing if index == MISSING else tail

        return render

    def _renderer(self, component: ResolvedComponent) -> Callable[[str], str]:
        """From a dictionary text to its field, or fields."""
        labels, languages, tabular = self.labels, self.languages, self.rules.tabular  # the line may outlive the answer
        names = code_names(component, languages) if labels != "id" else {}
        shown = names if labels == "both" else None

        def text(code: str) -> str:
            value = decoded(component, code)
            if tabular:
                value = in_language(value, languages)
            field = quoted(value_text(value, component.multi_valued, shown))
            return f"{field},{name_text(value, names)}" if labels == "name" else field

        return text
