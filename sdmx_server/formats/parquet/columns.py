"""The columns of a Parquet file: types, and rows of batches as Arrow arrays without a step per observation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from ...batches import ABSENT, MISSING, PRESENCE_MISSING, PRESENCE_PRESENT, Array, Batch, canonical
from ...batches import Column as Values
from ...errors import NotAcceptable
from ...model.resolved import ComponentKind, ResolvedComponent, Storage
from ..api import DataPart, WriteOptions
from ..flat import lasting
from ..literals import Frame, Level, Table
from ..values import attributes, code_names, decoded, dimensions, is_numeric, measures, missing_text

DATAFLOW, TIME_START, TIME_END = "DATAFLOW", "TIME_START", "TIME_END"
TEXT = pa.dictionary(pa.int32(), pa.large_string())
MOMENT = pa.timestamp("us")


class Column(msgspec.Struct, frozen=True):
    """A column of one data set.

    ``gather`` gives its raw values for a batch, None where there is none; ``build`` makes an Arrow array of the values
    of a row group.
    """

    name: str
    type: pa.DataType
    gather: Callable[[Frame], Array | None]
    build: Callable[[Array], pa.Array]
    component: ResolvedComponent | None = None


def schema_of(parts: Sequence[DataPart], options: WriteOptions) -> pa.Schema:
    """The columns of all parts together; raises ``NotAcceptable`` when two of one name differ in type."""
    fields: dict[str, pa.Field] = {}
    for part in parts:
        for column in columns_of(part, options):
            field = pa.field(column.name, column.type, metadata=_meaning(column.component))
            known = fields.setdefault(column.name, field)
            if known.type != field.type:
                raise NotAcceptable("parquet-types", name=column.name)
    return pa.schema(list(fields.values()))


def _meaning(component: ResolvedComponent | None) -> Mapping[str, str]:
    if component is None:
        return {}
    found = {"kind": component.kind.value, "names": json.dumps(component.names, ensure_ascii=False)}
    return {**found, "concept": component.concept.urn} if component.concept else found


def columns_of(part: DataPart, options: WriteOptions) -> list[Column]:
    """The columns of a data set: dataflow, dimensions, time and its bounds, measures, attributes."""
    found = [_constant(DATAFLOW, part.context.short, None)]
    for component in (*dimensions(part.dataset.schema), *measures(part), *attributes(part)):
        found += _component(part, component, options)
    taken = {c.id for c in part.dataset.schema.components}
    return [c for c in found if c.component is not None or c.name not in taken]


def _component(part: DataPart, component: ResolvedComponent, options: WriteOptions) -> Iterator[Column]:
    gone = part.series_only and not lasting(part, component)
    if component.kind is ComponentKind.TIME:
        yield from _time(part, component, gone)
    elif is_numeric(component):
        yield from _number(component, gone)
    else:
        yield from _text(part, component, options, gone)


def _nothing(_frame: Frame) -> None:
    return None


def _text(part: DataPart, component: ResolvedComponent, options: WriteOptions, gone: bool) -> Iterator[Column]:
    dataset, name = part.dataset, component.id
    if component.kind is ComponentKind.ATTRIBUTE and not component.attached_to:
        yield _constant(name, dataset.dataset_attributes.get(name), component)
        return

    def gather(frame: Frame) -> Array | None:
        if component.kind is ComponentKind.MEASURE:
            return frame.measure_ids(name)
        return frame.ids(name, Level.OBSERVATION)

    codes, missing = dataset.codes(name), missing_text(component)
    table = Table(len(codes), lambda i: missing if i == MISSING else codes[i] or "")
    given = _nothing if gone else gather
    yield Column(name, TEXT, given, _dictionary(table), component)
    if options.parameters.get("labels") == "name" and component.enumeration is not None:
        names = code_names(component, options.languages)
        labels = Table(len(codes), lambda i: missing if i == MISSING else _label(component, names, codes[i] or ""))
        yield Column(f"{name}_NAME", TEXT, given, _dictionary(labels))


def _label(component: ResolvedComponent, names: Mapping[str, str], code: str) -> str:
    """The name of a code, or of each of several; the code where there is none."""
    value = decoded(component, code)
    return canonical([names.get(str(c), c) for c in value]) if isinstance(value, list) else names.get(code, code)


def _time(part: DataPart, component: ResolvedComponent, gone: bool) -> Iterator[Column]:
    periods = part.dataset.periods()
    table = Table(len(periods), lambda i: "" if (p := periods[i]) is None else p.text)
    starts = np.array([0 if p is None else p.start for p in periods], dtype="datetime64[us]")
    ends = np.array([0 if p is None else p.end for p in periods], dtype="datetime64[us]")
    given = _nothing if gone else lambda frame: frame.ids(component.id, Level.OBSERVATION)
    yield Column(component.id, TEXT, given, _dictionary(table), component)
    yield Column(TIME_START, MOMENT, given, lambda ids: _array(MOMENT, starts[ids], ids == ABSENT))
    yield Column(TIME_END, MOMENT, given, lambda ids: _array(MOMENT, ends[ids], ids == ABSENT))


def _number(component: ResolvedComponent, gone: bool) -> Iterator[Column]:
    """Numbers as such. A missing one is NaN; whole numbers have no NaN, so a column of their own tells."""
    name, whole = component.id, component.storage is Storage.INTEGER

    def gather(frame: Frame) -> Array | None:
        column = frame.batch.measures.get(name)
        return None if column is None else _marked(column)

    def build(marked: Array) -> pa.Array:
        shown = marked["presence"] == PRESENCE_PRESENT
        if whole:
            return _array(pa.int64(), marked["value"], ~shown)
        values = np.where(shown, marked["value"], np.nan)
        return _array(pa.float64(), values, marked["presence"] == ABSENT)

    given = _nothing if gone else gather
    yield Column(name, pa.int64() if whole else pa.float64(), given, build, component)
    if whole:
        yield Column(f"{name}_MISSING", pa.bool_(), given, _told_missing)


def _told_missing(marked: Array) -> pa.Array:
    """Whether each value is missing; null where there is none at all."""
    told = np.packbits(marked["presence"] == PRESENCE_MISSING, bitorder="little")
    return _array(pa.bool_(), told, marked["presence"] == ABSENT)


def _marked(column: Values) -> Array:
    marked = np.empty(len(column.values), dtype=[("value", column.values.dtype), ("presence", np.uint8)])
    marked["value"] = column.values
    marked["presence"] = PRESENCE_PRESENT if column.presence is None else column.presence
    return marked


def _constant(name: str, text: str | None, component: ResolvedComponent | None) -> Column:
    texts = ["", "", text or ""]
    return Column(
        name,
        TEXT,
        lambda frame: None if text is None else np.full(frame.size, 2, np.uint32),
        _dictionary(Table(3, texts.__getitem__)),
        component,
    )


def _dictionary(table: Table) -> Callable[[Array], pa.Array]:
    """Ids as a dictionary array that holds the texts that occur; id 0 is null."""

    def build(ids: Array) -> pa.Array:
        occurs = np.zeros(table.size, dtype=bool)
        occurs[ids] = True
        occurs[ABSENT] = False
        used = np.flatnonzero(occurs)
        position = np.zeros(table.size, dtype=np.int32)
        position[used] = np.arange(len(used), dtype=np.int32)
        texts = table.gather(used.astype(np.uint32)).rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
        return pa.DictionaryArray.from_arrays(_array(pa.int32(), position[ids], ids == ABSENT), texts)

    return build


def _array(of: pa.DataType, values: Array, absent: Array) -> pa.Array:
    """An Arrow array of these values as they lie in memory (``pyarrow.array`` would import pandas to look at them)."""
    shown = pa.py_buffer(np.packbits(~absent, bitorder="little")) if absent.any() else None
    return pa.Array.from_buffers(of, len(absent), [shown, pa.py_buffer(np.ascontiguousarray(values))])


class Rows:
    """Rows of one data set, gathered batch by batch until a row group is full."""

    def __init__(self, part: DataPart, schema: pa.Schema, options: WriteOptions) -> None:
        self._part, self._schema = part, schema
        self._columns = {c.name: c for c in columns_of(part, options)}
        self._gathered: dict[str, list[Array | None]] = {name: [] for name in self._columns}
        self._sizes: list[int] = []

    @property
    def size(self) -> int:
        """Rows gathered so far."""
        return sum(self._sizes)

    def add(self, batch: Batch) -> None:
        """Take the observations of a batch."""
        frame = Frame(self._part.dataset, batch)
        for name, column in self._columns.items():
            self._gathered[name].append(column.gather(frame))
        self._sizes.append(frame.size)

    def taken(self) -> pa.Table:
        """The rows gathered so far, which are then forgotten."""
        arrays = [self._array(field) for field in self._schema]
        for parts in self._gathered.values():
            parts.clear()
        self._sizes.clear()
        return pa.Table.from_arrays(arrays, schema=self._schema)

    def _array(self, field: pa.Field) -> pa.Array:
        parts = self._gathered.get(field.name, [])
        sample = next((p for p in parts if p is not None), None)
        if sample is None:
            return pa.nulls(self.size, field.type)
        filled = [np.zeros(size, sample.dtype) if p is None else p for p, size in zip(parts, self._sizes, strict=True)]
        return self._columns[field.name].build(np.concatenate(filled))
