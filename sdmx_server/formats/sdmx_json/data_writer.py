"""Writes SDMX-JSON 2.0.0 and 2.1.0 data messages (field guides of sdmx-json).

Structures come first, then the data sets batch by batch. Attributes stand at the level they attach to; those of groups
of dimensions under ``dimensionGroupAttributes``, for the keys whose dimension values occur in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import orjson
import polars as pl

from ...batches import DataMessage, GroupTable, WriteOptions
from ...model.resolved import ComponentKind, ResolvedComponent
from ..api import Format
from ..lines import Line, Lookup, Number, Opening, Piece, buffer, concat
from ..literals import Frame, Level, group_starts
from ..numbers import NumberStyle
from ..values import action, is_numeric, measures
from . import envelope
from .data_structure import Plan, structure
from .data_values import missing_literal
from .engine import GENERATIONS, V20, V21, Json, Writing

_SCHEMAS = {
    V20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json",
    V21: "https://json.sdmx.org/2.1/sdmx-json-data-schema.json",
}
_GENERATIONS = {V20: "3.0", V21: "3.1"}
_STYLE = NumberStyle(nan='"NaN"', infinity='"INF"', minus_infinity='"-INF"')
_CLOSE = "}},"


def write_data(message: DataMessage, options: WriteOptions, *, version: str) -> Iterator[bytes]:
    """Yield ``meta`` and the structures, then each data set batch by batch.

    Names are in the best of ``options.languages``, in all languages when none is wanted; values in languages always
    are complete.
    """
    to = Writing(version, options.languages, options.base_url)
    plans = [Plan(part, version) for part in message.parts]
    structures = [structure(plan, index, to, options.base_url) for index, plan in enumerate(plans)]
    head = envelope.head(message.header, (_languages(structures),), to, options.self_url)
    head["meta"]["schema"] = _SCHEMAS[version]
    if version == V21:
        head["$schema"] = _SCHEMAS[version]
    yield orjson.dumps(head)[:-1] + b',"data":{"structures":' + orjson.dumps(structures) + b',"dataSets":['
    for index, plan in enumerate(plans):
        yield b"," if index else b""
        yield from _DataSet(plan, index, action(plan.part, _GENERATIONS[version])).chunks(
            structures[index]["links"][:1]
        )
    yield b"]}}"


def _languages(structures: list[Json]) -> Json:
    """One text for every language that the names of the structures use."""
    found: Json = {}
    for held in structures:
        found.update(held.get("names", {}))
        for kind in ("dimensions", "measures", "attributes"):
            for component in (c for group in held[kind].values() for c in group):
                found.update(component.get("names", {}))
                for value in component.get("values", ()):
                    found.update(value.get("names", {}))
    return found


class _DataSet:
    """One data set."""

    def __init__(self, plan: Plan, index: int, act: str) -> None:
        self.plan, self.index, self.action = plan, index, act
        self.dataset = plan.dataset
        time = plan.schema.time
        self.cross = not plan.flat and (time is None or plan.apart != time.id)
        self.tables = {name: values.table() for name, values in plan.values.items()}
        self.positions = {name: indices.table() for name, indices in plan.indices.items()}

    def chunks(self, links: list[Json]) -> Iterator[bytes]:
        """The object in pieces of a batch each; ``links`` say what was asked for (2.0 demands them)."""
        yield f'\n{{"structure":{self.index},"action":"{self.action}","links":'.encode() + orjson.dumps(links)
        yield self._own()
        yield from self._groups()
        yield b',"observations":{' if self.plan.flat else b',"series":{'
        line = self._flat_line() if self.plan.flat else self._series_line()
        skip = len("," if self.plan.flat else _CLOSE)
        first = True
        for batch in self.dataset.batches():
            starts = group_starts(self.dataset, batch, str(self.plan.apart)) if self.cross else None
            chunk = line.render(Frame(self.dataset, batch, starts))
            yield chunk[skip:] if first else chunk
            first = False
        yield b"}}" if self.plan.flat or first else b"}}}}"

    def _own(self) -> bytes:
        """The attributes of the data set."""
        held = self.dataset.dataset_attributes
        texts = [
            self.plan.values[c.id].literal(held[c.id]) if c.id in held else "null"
            for c in self.plan.at_level("dataSet")
        ]
        return f',"attributes":[{",".join(texts)}]'.encode() if texts else b""

    def _groups(self) -> Iterator[bytes]:
        selected = self.plan.at_level("dimensionGroup")
        if not selected:
            return
        yield b',"dimensionGroupAttributes":{'
        first = True
        for table in self.dataset.groups():
            text = self._group_table(table, selected)
            if text:
                yield text[1:] if first else text
                first = False
        yield b"}"

    def _group_table(self, table: GroupTable, selected: list[ResolvedComponent]) -> bytes:
        """Entries of one table; keys where nothing is set, or whose dimension values do not occur, are left out."""
        some = np.zeros(len(table.keys[0]), dtype=bool)
        for component in selected:
            if component.id in table.attributes:
                some |= table.attributes[component.id] > 0
        for name, ids in zip(table.dimensions, table.keys, strict=True):
            some &= self.plan.indices[name].occurs[ids]
        rows = np.flatnonzero(some)
        if not len(rows):
            return b""
        keys = dict(zip(table.dimensions, table.keys, strict=True))
        parts: list[str | pl.Series] = [',\n"']
        for index, name in enumerate(self.plan.schema.dimension_ids):
            parts += [":"] if index else []
            parts += [self.positions[name].gather(keys[name][rows])] if name in keys else []
        parts.append('":[')
        for index, component in enumerate(selected):
            parts += [","] if index else []
            held = table.attributes.get(component.id)
            parts.append("null" if held is None else self.tables[component.id].gather(held[rows]))
        return buffer(concat([*parts, "]"]))

    def _flat_line(self) -> Line:
        return Line([',\n"', *self._key(self.plan.at), '":', *self._observation()])

    def _series_line(self) -> Line:
        head: list[Piece] = [f'{_CLOSE}\n"', *self._key(self.plan.key), '":{']
        own = self.plan.at_level("series")
        if own:
            head += ['"attributes":[', *_joined([self._value(c) for c in own], ","), "],"]
        head.append('"observations":{')
        return Line([Opening(head, ","), '"', *self._key(self.plan.at), '":', *self._observation()])

    def _key(self, group: list[ResolvedComponent]) -> list[Piece]:
        lookups = [Lookup(d.id, self.plan.levels[d.id], self.positions[d.id]) for d in group]
        return _joined(lookups, ":")

    def _observation(self) -> list[Piece]:
        held = [*measures(self.plan.part), *self.plan.at_level("observation")]
        return ["[", *_joined([self._value(c) for c in held], ","), "]"]

    def _value(self, component: ResolvedComponent) -> Piece:
        if is_numeric(component):
            return Number(component.id, _STYLE.of(component), absent="null", missing=missing_literal(component))
        level = self.plan.levels.get(component.id, Level.OBSERVATION)
        return Lookup(component.id, level, self.tables[component.id], component.kind is ComponentKind.MEASURE)


def _joined(pieces: list[Any], separator: str) -> list[Piece]:
    return [p for piece in pieces for p in (separator, piece)][1:]


DATA_FORMATS: tuple[Format, ...] = tuple(
    Format(
        name=f"sdmx-json-{version[:3]}-data",
        kind="data",
        media_type="application/vnd.sdmx.data+json",
        version=version,
        generation=GENERATIONS[version],
        family=("jsondata", "json"),
        extension="json",
        generic=("application/json",),
        write_data=partial(write_data, version=version),
    )
    for version in (V21, V20)
)
"""Best first."""
