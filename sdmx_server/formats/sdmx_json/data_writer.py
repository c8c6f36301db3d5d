"""Writes SDMX-JSON 2.0.0 and 2.1.0 data messages (field guides of sdmx-json).

Structures come first, then the data sets batch by batch. Attributes stand at the level they attach to; those of groups
of dimensions under ``dimensionGroupAttributes``, for the keys whose dimension values occur in the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import orjson
import polars as pl

from ...batches import DataMessage, DataPart, GroupTable, WriteOptions
from ...errors import NotAcceptable
from ...model.reference import reference_to
from ...model.resolved import ComponentKind, ResolvedComponent
from ...number_texts import NumberStyle
from ..api import DataWriter, Format
from ..kept import Kind
from ..lines import Line, Lookup, Number, Opening, Piece, buffer, concat
from ..literals import Frame, Level, group_starts
from ..values import action, is_numeric
from . import envelope
from .data_structure import Plan, links, structure
from .data_values import Values, missing_literal
from .engine import GENERATIONS, V10, V20, V21, Json, Writing
from .listed_values import FigureLookup, Figures, IndexLookup, Listed, ListedTexts, in_one_language

_SCHEMAS = {
    V10: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/1.0/"
    "sdmx-json-data-schema.json",
    V20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/2.0.0/"
    "sdmx-json-data-schema.json",
    V21: "https://json.sdmx.org/2.1/sdmx-json-data-schema.json",
}
_STYLE = NumberStyle(nan='"NaN"', infinity='"INF"', minus_infinity='"-INF"')
_CLOSE = "}},"
_COMPONENTS = ("dimensions", "measures", "attributes")


def write_data(message: DataMessage, options: WriteOptions, *, version: str) -> Iterator[bytes]:
    """Yield ``meta`` and the structures, then each data set batch by batch.

    Names are in the best of ``options.languages``, in all languages when none is wanted; values in languages always
    are complete.
    """
    to = Writing(version, options.languages, options.base_url)
    kind = _kind(message, to)
    plans = [Plan(part, version, kind=kind) for part in message.parts]
    structures = [structure(plan, index, to, options.base_url) for index, plan in enumerate(plans)]
    head = _head(message, structures, to, options.self_url)
    if version == V21:
        head["$schema"] = _SCHEMAS[version]
    yield orjson.dumps(head)[:-1] + b',"data":{"structures":' + orjson.dumps(structures) + b',"dataSets":['
    for index, plan in enumerate(plans):
        yield b"," if index else b""
        yield from _DataSet(plan, f'"structure":{index},', version).chunks(structures[index]["links"][:1])
    yield b"]}}"


def write_one_structure(message: DataMessage, options: WriteOptions, *, draft: bool = False) -> Iterator[bytes]:
    """Yield ``meta``, the data sets batch by batch, and the one ``structure`` of version 1.0.

    It comes last, for the values that it lists are known when the data are written. ``draft`` is the form before 1.0,
    which clients still read: everything lies at the root, ``meta`` is called ``header``, and texts are in one language.
    Raises ``NotAcceptable`` for data sets that differ in structure or in what of it is shown.
    """
    _refuse_several_structures(message.parts)
    to = Writing(V10, options.languages, options.base_url)
    kind = _kind(message, to)
    plans = [Plan(part, V10, message.parts, kind) for part in message.parts]
    for plan in plans[1:]:
        plan.values = plans[0].values
    before = [structure(plan, 0, to, options.base_url) for plan in plans[:1]]
    meta = _head(message, before, to, options.self_url)["meta"]
    head = {"header": in_one_language(meta)} if draft else {"meta": meta}
    yield orjson.dumps(head)[:-1] + (b',"dataSets":[' if draft else b',"data":{"dataSets":[')
    for index, plan in enumerate(plans):
        yield b"," if index else b""
        yield from _DataSet(plan, "", V10).chunks(list(links(plan.part.context, plan.schema, options.base_url))[:1])
    to.one_language = draft
    after = [structure(plan, 0, to, options.base_url) for plan in plans[:1]] or [{"dimensions": {}}]
    yield b'],"structure":'
    yield orjson.dumps(in_one_language(after[0]) if draft else after[0])
    yield b"}" if draft else b"}}"


def _kind(message: DataMessage, to: Writing) -> Kind | None:
    """What small answers share; None for those of several parts."""
    if len(message.parts) != 1:
        return None
    return Kind(message.parts[0], "json", to.version, tuple(to.languages), to.base_url)


def _refuse_several_structures(parts: Sequence[DataPart]) -> None:
    shapes = {
        (reference_to(p.dataset.schema.structure), p.dimension_at_observation, p.dataset.measures, p.dataset.attributes)
        for p in parts
    }
    if len(shapes) > 1:
        raise NotAcceptable("json-structures")


def _head(message: DataMessage, structures: list[Json], to: Writing, self_url: str) -> Json:
    head = envelope.head(message.header, _texts(structures), to, self_url)
    head["meta"]["schema"] = _SCHEMAS[to.version]
    return head


def _texts(structures: list[Json]) -> list[Json]:
    """A text in each of the languages that the names of the structures and of their values are written in."""
    found: Json = {}
    for held in structures:
        found.update(held.get("names", {}))
        for kind in _COMPONENTS:
            for component in (c for group in held.get(kind, {}).values() for c in group):
                found.update(component.names)
    return [{tag: text} for tag, text in found.items()]


class _DataSet:
    """One data set; ``begin`` are its first members."""

    def __init__(self, plan: Plan, begin: str, version: str) -> None:
        self.plan, self.begin = plan, begin
        self.action = action(plan.part, GENERATIONS[version])
        if version == V10 and self.action == "Merge":
            self.action = "Append"  # what 2.1 calls it
        self.dataset = plan.dataset
        time = plan.schema.time
        self.cross = not plan.flat and (time is None or plan.apart != time.id)
        self.tables = {
            name: plan.once(("table", name), partial(values.table, self.dataset))
            for name, values in plan.values.items()
            if isinstance(values, Values | ListedTexts)
        }
        self.positions = plan.positions()

    def chunks(self, links: list[Json]) -> Iterator[bytes]:
        """The object in pieces of a batch each; ``links`` say what was asked for (2.0 demands them)."""
        head = f'\n{{{self.begin}"action":"{self.action}",{self._validity()}"links":'
        yield head.encode() + orjson.dumps(links) + self._own()
        yield from self._groups()
        if self.plan.part.series_only and not self.plan.keys_only:
            yield from self._series_only()
            return
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

    def _series_only(self) -> Iterator[bytes]:
        """The series without their observations."""
        yield b',"series":{'
        if self.plan.key and not self.plan.partial_keys:
            line = Line([*self._series_head(",\n"), "}}"], Level.GROUP)
            skip = 1
            for batch in self.dataset.batches():
                starts = group_starts(self.dataset, batch, str(self.plan.apart)) if self.cross else None
                yield buffer(line.column(Frame(self.dataset, batch, starts)))[skip:]
                skip = 0
        yield b"}}"

    def _validity(self) -> str:
        """Since when and until when a past state was disseminated."""
        held = (("validFrom", self.plan.part.valid_from), ("validTo", self.plan.part.valid_to))
        known = ((name, moment.replace(tzinfo=None)) for name, moment in held if moment is not None)
        return "".join(f'"{name}":"{moment.isoformat()}Z",' for name, moment in known)

    def _own(self) -> bytes:
        """The attributes of the data set."""
        held = self.dataset.dataset_attributes
        texts = []
        for component in self.plan.at_level("dataSet"):
            values = self.plan.values[component.id]
            texts.append(
                "null"
                if isinstance(values, Figures) or component.id not in held
                else values.literal(held[component.id])
            )
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
            some &= self.plan.indices[name].occurs(self.dataset)[ids]
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
        head = self._series_head(f"{_CLOSE}\n")
        return Line([Opening(head, ","), '"', *self._key(self.plan.at), '":', *self._observation()])

    def _series_head(self, before: str) -> list[Piece]:
        head: list[Piece] = [f'{before}"', *self._key(self.plan.key), '":{']
        own = self.plan.at_level("series")
        if own:
            head += ['"attributes":[', *_joined([self._value(c) for c in own], ","), "],"]
        return [*head, '"observations":{']

    def _key(self, group: list[ResolvedComponent]) -> list[Piece]:
        lookups = [Lookup(d.id, self.plan.levels[d.id], self.positions[d.id]) for d in group]
        return _joined(lookups, ":")

    def _observation(self) -> list[Piece]:
        held = [*self.plan.measures, *self.plan.at_level("observation")]
        return ["[", *_joined([self._value(c) for c in held], ","), "]"]

    def _value(self, component: ResolvedComponent | None) -> Piece:
        if component is None:
            return "null"
        values = self.plan.values.get(component.id)
        if isinstance(values, Figures):
            return FigureLookup(component.id, Level.OBSERVATION, values.numbers, measure=True)
        if isinstance(values, Listed):
            level = self.plan.levels.get(component.id, Level.OBSERVATION)
            measure = component.kind is ComponentKind.MEASURE
            return IndexLookup(component.id, level, values.numbers(self.dataset), measure=measure)
        if is_numeric(component):
            return Number(component.id, _STYLE.of(component), absent="null", missing=missing_literal(component))
        level = self.plan.levels.get(component.id, Level.OBSERVATION)
        return Lookup(component.id, level, self.tables[component.id], component.kind is ComponentKind.MEASURE)


def _joined(pieces: list[Any], separator: str) -> list[Piece]:
    return [p for piece in pieces for p in (separator, piece)][1:]


def _format(version: str, write: DataWriter, **other: Any) -> Format:
    given: dict[str, Any] = {
        "name": f"sdmx-json-{version[:3]}-data",
        "media_type": "application/vnd.sdmx.data+json",
        "family": ("jsondata", "json"),
        "generic": ("application/json",),
    }
    return Format(
        **given | other,
        kind="data",
        version=version,
        generation=GENERATIONS[version],
        extension="json",
        charset=False,
        write_data=write,
    )


DATA_FORMATS: tuple[Format, ...] = (
    *(_format(version, partial(write_data, version=version)) for version in (V21, V20)),
    _format(V10, write_one_structure),
    _format(
        V10,
        partial(write_one_structure, draft=True),
        name="sdmx-json-draft-data",
        media_type="application/vnd.sdmx.draft-sdmx-json+json",
        family=("draftjsondata",),
        generic=(),
    ),
)
"""Best first."""
