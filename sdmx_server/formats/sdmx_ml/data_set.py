"""What the data sets of all SDMX-ML data messages have in common: their parts in order, and the tables of literals."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import polars as pl

from ...batches import MISSING, PRESENCE_MISSING, Batch, DataPart, GroupTable
from ...model.datastructure import Group
from ...model.resolved import ComponentKind, ResolvedComponent
from ..kept import Kind, Lines
from ..lines import Line, Lookup, Number, Opening, Piece, buffer, concat
from ..literals import Frame, Level, Table, group_starts, levels
from ..values import action, apart, attributes, dimensions, is_numeric, measures
from .data_forms import DataForm
from .data_names import attribute, flat
from .data_values import Values

Literal = Callable[[str], str]
"""From a dictionary text to what is written of it."""

_ACTIONS = {"2.1": {"Merge": "Append"}}
"""What the actions of later generations are called (the 2.1 Append adds and updates, as Merge does)."""


class DataSetWriter(abc.ABC):
    """Writes one data set. A subclass says how a literal, a key, a group and an observation look.

    ``missing`` tells after ``chunks`` whether an intentionally missing value was written.
    """

    close: str  # the end tag of a series

    def __init__(self, part: DataPart, form: DataForm, structure: str, languages: Sequence[str]) -> None:
        self.kind: Kind | None = None  # what small answers share, for those of one part
        self.part, self.dataset, self.form, self.structure = part, part.dataset, form, structure
        self.schema = part.dataset.schema
        self.values = Values(self.schema, form.version, languages)
        self.apart = apart(part)
        self.flat = flat(part)
        self.cross = not self.flat and (self.schema.time is None or self.apart != self.schema.time.id)
        self.in_series = not self.flat and not self.cross
        self.alone = part.attributes_only and form.generation != "2.1"  # 2.1 has no place for partial keys
        self.missing = False

    @cached_property
    def levels(self) -> dict[str, Level]:
        """The coarsest level at which each component is the same throughout."""
        return levels(self.dataset, self.apart)

    def chunks(self) -> Iterator[bytes]:
        """The element in pieces of a batch each."""
        yield (self.kind.once("start", self.start) if self.kind else self.start()).encode()
        for table in self.dataset.groups():
            for group in (*self.schema.groups, *((None,) if self._is_alone(table) else ())):
                yield self._groups(table, group)
        strip = 0 if self.flat or self.part.series_only else len(self.close)
        lines = Lines(self.kind, self._line)
        first = True
        for batch in self.dataset.batches() if self.in_series or not self.alone else ():
            starts = group_starts(self.dataset, batch, str(self.apart)) if self.cross else None
            self.missing = self.missing or _has_missing(batch)
            chunk = lines.render(Frame(self.dataset, batch, starts))
            yield chunk[strip:] if first else chunk
            first = False
        yield f"{'' if first or not strip else self.close}</message:DataSet>".encode()

    def _is_alone(self, table: GroupTable) -> bool:
        """Whether values that are told by themselves have a key that no series of the data set has."""
        return self.alone and not (self.in_series and set(table.dimensions) == {d.id for d in self.schema.dimensions})

    def _line(self) -> Line:
        """The line of the data set, whose first text may close a series before it."""
        own = self._free_attributes()
        key = dimensions(self.schema)
        if self.flat:
            values = [] if self.part.series_only else [*measures(self.part), *own]
            return Line(self.observation(key, values))
        shared = [a for a in own if self.levels[a.id] != Level.OBSERVATION]
        head = self.series([d for d in key if d.id != self.apart], shared)
        if self.part.series_only:
            return Line([*head, self.close], Level.GROUP)
        values = [*measures(self.part), *(a for a in own if a not in shared)]
        at = [d for d in key if d.id == self.apart]
        return Line([Opening([self.close, *head], ""), *self.observation(at, values)])

    def _free_attributes(self) -> list[ResolvedComponent]:
        """Attributes that stand on series and observations: neither the data set's nor a named group's."""
        return [a for a in attributes(self.part) if a.attached_to and a.group is None]

    def own_attributes(self) -> Iterator[tuple[ResolvedComponent, str]]:
        """The values of the data set itself, as dictionary texts."""
        for component in attributes(self.part):
            value = self.dataset.dataset_attributes.get(component.id)
            if value is not None and not component.attached_to:
                yield component, value

    def about(self) -> dict[str, str]:
        """What the standard's attributes of the data set say, by their names without prefix."""
        act = action(self.part, self.form.generation)
        found = {"structureRef": self.structure, "action": _ACTIONS.get(self.form.generation, {}).get(act, act)}
        for name, moment in (("validFromDate", self.part.valid_from), ("validToDate", self.part.valid_to)):
            if moment is not None:
                found[name] = f"{moment.replace(tzinfo=None).isoformat()}Z"
        return {name: attribute(text) for name, text in found.items()}

    @abc.abstractmethod
    def start(self) -> str:
        """The start tag and what belongs to the whole data set."""

    @abc.abstractmethod
    def series(self, key: list[ResolvedComponent], shared: list[ResolvedComponent]) -> list[Piece]:
        """The beginning of a series up to its observations."""

    @abc.abstractmethod
    def observation(self, key: list[ResolvedComponent], values: list[ResolvedComponent]) -> list[Piece]:
        """A whole observation: key, measures and attributes."""

    @abc.abstractmethod
    def literal(self, component: ResolvedComponent) -> Literal:
        """From a dictionary text to what is written of it."""

    @abc.abstractmethod
    def missing_literal(self, component: ResolvedComponent) -> str:
        """What is written of an intentionally missing value."""

    @abc.abstractmethod
    def number(self, component: ResolvedComponent) -> Number:
        """The piece of a numeric measure."""

    @abc.abstractmethod
    def group(
        self, group: Group | None, key: list[pl.Series], values: list[tuple[ResolvedComponent, pl.Series]]
    ) -> list[str | pl.Series]:
        """The elements of a group, or of keys that are no named group's, from the literals of keys and values."""

    def lookup(self, component: ResolvedComponent, literal: Literal | None = None) -> Piece:
        """The piece of a component; ``literal`` where another than the usual one is wanted."""
        if is_numeric(component):
            return self.number(component)
        level = self.levels.get(component.id, Level.OBSERVATION)
        return Lookup(component.id, level, self.table(component, literal), component.kind is ComponentKind.MEASURE)

    def table(self, component: ResolvedComponent, literal: Literal | None = None) -> Table:
        """The literals of a component by dictionary id."""
        literal = literal or self.literal(component)
        if component.kind is ComponentKind.TIME:
            periods = self.dataset.periods()
            return Table(len(periods), lambda i: literal(p.text) if (p := periods[i]) is not None else "")
        codes = self.dataset.codes(component.id)
        missing = self.missing_literal(component)
        return Table(
            len(codes), lambda i: literal(c) if (c := codes[i]) is not None else missing if i == MISSING else ""
        )

    def _groups(self, table: GroupTable, group: Group | None) -> bytes:
        """The ``Group`` elements of a table of values; keys where nothing is set are left out."""
        name_of_group = group.id if group else None
        selected = [a for a in attributes(self.part) if a.id in table.attributes and a.group == name_of_group]
        some = np.zeros(len(table.keys[0]), dtype=bool)
        for component in selected:
            some |= table.attributes[component.id] > 0
            self.missing = self.missing or bool((table.attributes[component.id] == MISSING).any())
        rows = np.flatnonzero(some)
        if not len(rows):
            return b""
        texts: dict[str, pl.Series] = {}
        for name, ids in (*zip(table.dimensions, table.keys, strict=True), *table.attributes.items()):
            if (found := self.schema.component(name)) is not None:
                texts[name] = self.table(found).gather(ids[rows])
        values = [(a, texts[a.id]) for a in selected]
        return buffer(concat(self.group(group, [texts[d] for d in table.dimensions], values)))


def _has_missing(batch: Batch) -> bool:
    """Whether a batch holds intentionally missing values."""
    marks = (c.presence for c in batch.measures.values() if c.presence is not None)
    ids = (*batch.attributes.values(), *batch.series_attributes.values())
    return any((p == PRESENCE_MISSING).any() for p in marks) or any((i == MISSING).any() for i in ids)
