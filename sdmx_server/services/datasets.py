"""Data sets on their way from the store to a writer: looked into once, and with computed attributes added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec
import numpy as np

from ..batches import FIRST_ID, Batch, DataSet, GroupTable, Ids
from ..model.computed import computed_attributes
from ..model.period import Period
from ..model.resolved import ResolvedComponent, ResolvedStructure
from ..remembered import Remembered, Same

_FEW = 4_096
"""Observations of a batch that is looked through sooner than the store is asked."""


class _Wrapped:
    """Hands everything through to the data set inside."""

    def __init__(self, inner: DataSet) -> None:
        self._inner = inner
        self.schema: ResolvedStructure = inner.schema
        self.prefix: tuple[str, ...] = inner.prefix
        self.suffix: tuple[str, ...] = inner.suffix
        self.measures: tuple[str, ...] = inner.measures
        self.attributes: tuple[str, ...] = inner.attributes
        self.dataset_attributes: Mapping[str, str] = inner.dataset_attributes
        self.dictionaries = inner.dictionaries

    def codes(self, component: str) -> Sequence[str | None]:
        """As in the data set inside."""
        return self._inner.codes(component)

    def periods(self) -> Sequence[Period | None]:
        """As in the data set inside."""
        return self._inner.periods()

    def used(self, component: str) -> Ids:
        """As in the data set inside."""
        return self._inner.used(component)

    def groups(self) -> Iterator[GroupTable]:
        """As in the data set inside."""
        return self._inner.groups()

    def batches(self) -> Iterator[Batch]:
        """As in the data set inside."""
        return self._inner.batches()


class Peeked(_Wrapped):
    """A data set whose first batch has been read already, so that ``empty`` is known before anything is sent.

    ``attributes_only``: one that may hold attributes of the data set or of groups and no batch (``Change``).
    """

    def __init__(self, inner: DataSet, attributes_only: bool = False) -> None:
        super().__init__(inner)
        self._batches = inner.batches()
        self._first = next(self._batches, None)
        self._second: Batch | None = None
        self._used: dict[str, Ids] | None = None
        self._attributes, self._attributes_only = False, attributes_only
        if attributes_only:
            self._attributes = bool(inner.dataset_attributes) or next(inner.groups(), None) is not None

    @property
    def empty(self) -> bool:
        """Whether there is no observation at all, nor any attribute of a data set of attributes."""
        return self._first is None and not self._attributes

    def used(self, component: str) -> Ids:
        """As in the data set inside, which reads once more for it; of one small batch what is in there.

        Attributes by themselves have keys outside of the batches too, and no periods in them.
        """
        first = None if self._attributes_only else self._first
        if self._used is None and first is not None and len(first) <= _FEW and self._second is None:
            self._second = next(self._batches, None)
            self._used = _occurring(self, first) if self._second is None else None
        if self._used is not None and component in self._used:
            return self._used[component]
        return self._inner.used(component)

    def batches(self) -> Iterator[Batch]:
        """The observations."""
        return chain((batch for batch in (self._first, self._second) if batch is not None), self._batches)


def _occurring(dataset: DataSet, batch: Batch) -> dict[str, Ids]:
    """The ids (sorted) of each dimension that occur in a batch."""
    columns = zip((*dataset.prefix, *dataset.suffix), (*batch.prefix, *batch.suffix), strict=True)
    one = len(batch.series) == 1
    found = {name: ids[:1] if one else np.unique(ids) for name, ids in columns}
    if batch.time is not None and dataset.schema.time is not None:
        found[dataset.schema.time.id] = np.unique(batch.time)
    return found


_known: Remembered[tuple[Ids, list[str | None]]] = Remembered(4 * 1024 * 1024)


def _labels(function: Callable[[Period], str | None], periods: Sequence[Period | None]) -> tuple[Ids, list[str | None]]:
    """The id of each period's label, and the labels by id; the same objects for the same dictionary of periods."""
    key = (function, Same(periods))
    found = _known.get(key)
    if found is None:
        labels = [None if p is None else function(p) for p in periods]
        texts: list[str | None] = [None] * FIRST_ID
        texts += dict.fromkeys(label for label in labels if label is not None)
        position = {text: number for number, text in enumerate(texts) if text is not None}
        found = np.array([position.get(label or "", 0) for label in labels], np.uint32), texts
        _known.put(key, found, 200 * len(labels))
    return found


class WithComputed(_Wrapped):
    """Adds attributes that are functions of the period, such as the national label of a Solar Hijri period.

    They are never stored. One look-up table: period id -> dictionary id of the label; then one gather per batch.
    """

    def __init__(self, inner: DataSet, wanted: Sequence[ResolvedComponent]) -> None:
        super().__init__(inner)
        functions = computed_attributes(inner.schema)
        self._tables: dict[str, Ids] = {}
        self._texts: dict[str, list[str | None]] = {}
        for component in wanted:
            self._tables[component.id], self._texts[component.id] = _labels(functions[component.id], inner.periods())
        order = [c.id for c in inner.schema.attributes]
        self.attributes = tuple(a for a in order if a in self._tables or a in inner.attributes)

    def codes(self, component: str) -> Sequence[str | None]:
        """The labels, for a computed attribute; else the dictionary inside."""
        return self._texts[component] if component in self._texts else self._inner.codes(component)

    def groups(self) -> Iterator[GroupTable]:
        """The groups inside, without computed attributes."""
        for table in self._inner.groups():
            kept = {name: ids for name, ids in table.attributes.items() if name not in self._tables}
            if kept:
                yield msgspec.structs.replace(table, attributes=kept)

    def batches(self) -> Iterator[Batch]:
        """The batches inside, with computed attributes on each observation."""
        for batch in self._inner.batches():
            if batch.time is None:
                yield batch
                continue
            added = {name: table[batch.time] for name, table in self._tables.items()}
            yield msgspec.structs.replace(batch, attributes={**batch.attributes, **added})
