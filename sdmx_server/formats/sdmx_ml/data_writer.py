"""Writes structure-specific data of SDMX-ML 3.0.0 and 3.1.0.

Where values stand (base schema ``SDMXDataStructureSpecific``): attributes of the data set on ``DataSet``, those of a
named group on ``Group``, those that do not depend on the dimension at the observation on ``Series``, the others on
``Obs``; in a flat answer everything but the groups on ``Obs``. Values that are no simple text - several, or in
languages - stand in ``Comp`` elements, those of the data set in ``Atts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from ...batches import MISSING, DataMessage, DataPart, GroupTable, WriteOptions
from ...model.datastructure import Group
from ...model.resolved import ComponentKind, ResolvedComponent
from ..lines import Line, Lookup, Number, Opening, Piece, buffer, concat
from ..literals import Frame, Level, Table, group_starts, levels
from ..numbers import NumberStyle
from ..values import action, apart, attributes, decoded, dimensions, is_numeric, measures, missing_text
from .data_header import opening, organisations, prefix
from .data_names import GENERATIONS, attribute, complex_type, flat, is_complex, text

_CLOSE = "</Series>"


def write_data(message: DataMessage, options: WriteOptions, *, version: str) -> Iterator[bytes]:
    """Yield the header, then each data set batch by batch.

    Texts in languages are all written; nothing else of ``options`` matters.
    """
    del options
    known = organisations(message.parts)
    yield opening(message, version).encode()
    for part in message.parts:
        key = (part.context, part.dimension_at_observation)
        generation = GENERATIONS[version].removeprefix("v").replace("_", ".")
        yield from _DataSet(part, prefix(key, list(known)), known[key], action(part, generation)).chunks()
    yield b"</message:StructureSpecificData>"


class _DataSet:
    """One data set; ``name`` is the prefix of its namespace."""

    def __init__(self, part: DataPart, name: str, structure: str, act: str) -> None:
        self.part, self.dataset, self.name, self.structure, self.act = part, part.dataset, name, structure, act
        self.schema = part.dataset.schema
        self.apart = apart(part)
        self.levels = levels(part.dataset, self.apart)
        self.flat = flat(part)
        self.cross = not self.flat and (self.schema.time is None or self.apart != self.schema.time.id)

    def chunks(self) -> Iterator[bytes]:
        """The element in pieces of a batch each."""
        yield self._start().encode()
        for table in self.dataset.groups():
            for group in self.schema.groups:
                yield self._groups(table, group)
        line = self._flat_line() if self.flat else self._series_line()
        first = True
        for batch in self.dataset.batches():
            starts = group_starts(self.dataset, batch, str(self.apart)) if self.cross else None
            chunk = line.render(Frame(self.dataset, batch, starts))
            yield chunk[len(_CLOSE) :] if first and not self.flat else chunk
            first = False
        yield f"{'' if self.flat or first else _CLOSE}</message:DataSet>".encode()

    def _start(self) -> str:
        simple: list[str] = []
        several: list[str] = []
        for component in attributes(self.part):
            value = self.dataset.dataset_attributes.get(component.id)
            if value is not None and not component.attached_to:
                (several if is_complex(component) else simple).append(self._literal(component)(value))
        atts = f"<Atts>{''.join(several)}</Atts>" if several else ""
        return (
            f'<message:DataSet xsi:type="{self.name}:DataSetType" ss:structureRef="{attribute(self.structure)}"'
            f' ss:action="{self.act}"{"".join(simple)}>{atts}'
        )

    def _flat_line(self) -> Line:
        return Line(self._observation(dimensions(self.schema), self._free_attributes()))

    def _series_line(self) -> Line:
        free = self._free_attributes()
        shared = [a for a in free if self.levels[a.id] != Level.OBSERVATION]
        own = [a for a in free if self.levels[a.id] == Level.OBSERVATION]
        key = [d for d in dimensions(self.schema) if d.id != self.apart]
        head: list[Piece] = [f"{_CLOSE}\n<Series"]
        head += [self._lookup(c) for c in (*key, *shared) if not is_complex(c)]
        head += [">", *(self._lookup(c) for c in shared if is_complex(c))]
        at = [d for d in dimensions(self.schema) if d.id == self.apart]
        return Line([Opening(head, ""), *self._observation(at, own)])

    def _free_attributes(self) -> list[ResolvedComponent]:
        """Attributes that stand on series and observations: neither the data set's nor a named group's."""
        return [a for a in attributes(self.part) if a.attached_to and a.group is None]

    def _observation(self, key: list[ResolvedComponent], own: list[ResolvedComponent]) -> list[Piece]:
        values = [*measures(self.part), *own]
        pieces: list[Piece] = ["\n<Obs", *(self._lookup(d) for d in key)]
        pieces += [self._lookup(c) for c in values if not is_complex(c)]
        nested = [self._lookup(c) for c in values if is_complex(c)]
        return [*pieces, ">", *nested, "</Obs>"] if nested else [*pieces, "/>"]

    def _lookup(self, component: ResolvedComponent) -> Piece:
        if is_numeric(component):
            before, missing = f' {component.id}="', missing_text(component)
            style = NumberStyle().of(component)
            return Number(component.id, style, before=before, after='"', missing=f'{before}{missing}"')
        level = self.levels.get(component.id, Level.OBSERVATION)
        return Lookup(component.id, level, self._table(component), component.kind is ComponentKind.MEASURE)

    def _table(self, component: ResolvedComponent) -> Table:
        literal = self._literal(component)
        if component.kind is ComponentKind.TIME:
            periods = self.dataset.periods()
            return Table(len(periods), lambda i: literal(p.text) if (p := periods[i]) is not None else "")
        codes = self.dataset.codes(component.id)
        missing = self._missing(component)
        return Table(
            len(codes), lambda i: literal(c) if (c := codes[i]) is not None else missing if i == MISSING else ""
        )

    def _literal(self, component: ResolvedComponent) -> Callable[[str], str]:
        """From a dictionary text to an XML attribute, or a ``Comp`` element."""
        if not is_complex(component):
            return lambda code: f' {component.id}="{attribute(code)}"'

        def comp(code: str) -> str:
            value = decoded(component, code)
            values = value if isinstance(value, list) else [value]
            return self._comp(component, "".join(f"<Value>{_value(v)}</Value>" for v in values))

        return comp

    def _missing(self, component: ResolvedComponent) -> str:
        mark = missing_text(component)
        if not is_complex(component):
            return f' {component.id}="{mark}"'
        return self._comp(component, f"<Value>{_value({'en': mark} if component.multilingual else mark)}</Value>")

    def _comp(self, component: ResolvedComponent, content: str) -> str:
        return f'<Comp id="{component.id}" xsi:type="{self.name}:{complex_type(component)}">{content}</Comp>'

    def _groups(self, table: GroupTable, group: Group) -> bytes:
        """The ``Group`` elements of a table of values; keys where nothing is set are left out."""
        selected = [a for a in attributes(self.part) if a.id in table.attributes and a.group == group.id]
        some = np.zeros(len(table.keys[0]), dtype=bool)
        for component in selected:
            some |= table.attributes[component.id] > 0
        rows = np.flatnonzero(some)
        if not len(rows):
            return b""
        texts: dict[str, pl.Series] = {}
        for name, ids in (*zip(table.dimensions, table.keys, strict=True), *table.attributes.items()):
            if (found := self.schema.component(name)) is not None:
                texts[name] = self._table(found).gather(ids[rows])
        simple = [texts[a.id] for a in selected if not is_complex(a)]
        nested = [texts[a.id] for a in selected if is_complex(a)]
        begin = f'\n<Group xsi:type="{self.name}:{group.id}"'
        return buffer(concat([begin, *(texts[d] for d in table.dimensions), *simple, ">", *nested, "</Group>"]))


def _value(value: str | dict[str, str]) -> str:
    """The content of a ``Value`` element."""
    if isinstance(value, dict):
        return "".join(
            f'<common:Text xml:lang="{attribute(lang)}">{text(one)}</common:Text>' for lang, one in value.items()
        )
    return text(value)
