"""Values of attributes that are told by themselves (``DataPart.attributes_only``), with their partial keys, for tables.

Each set of dimensions that attributes attach to becomes a small data set, whose rows have these dimensions alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from ..batches import Batch, DataPart, DataSet, GroupTable, Ids
from ..model.period import Period


class PartialKeys:
    """The values of one attachment group as a ``DataSet`` of one batch; ``suffix`` may name the time dimension."""

    def __init__(self, whole: DataSet, table: GroupTable, dataset_attributes: Mapping[str, str]) -> None:
        self._whole, self._table = whole, table
        self.schema, self.dictionaries = whole.schema, whole.dictionaries
        self.prefix: tuple[str, ...] = ()
        self.suffix = table.dimensions
        self.measures: tuple[str, ...] = ()
        held = {*table.attributes, *dataset_attributes}
        self.attributes = tuple(a for a in whole.attributes if a in held)
        self.dataset_attributes = dataset_attributes

    def codes(self, component: str) -> Sequence[str | None]:
        """The dictionary of a component."""
        return self._whole.codes(component)

    def periods(self) -> Sequence[Period | None]:
        """The period dictionary."""
        return self._whole.periods()

    def used(self, component: str) -> Ids:
        """The ids that occur in the whole data set."""
        return self._whole.used(component)

    def groups(self) -> Iterator[GroupTable]:
        """None: they are the rows."""
        return iter(())

    def batches(self) -> Iterator[Batch]:
        """One entry for each key."""
        n = len(self._table.keys[0]) if self._table.keys else 1
        yield Batch(
            prefix=(),
            count=np.array([n]),
            suffix=self._table.keys,
            time=None,
            series=np.arange(n),
            measures={},
            attributes=self._table.attributes,
            series_attributes={},
        )


def by_key(part: DataPart) -> Iterator[DataPart]:
    """The parts to print one after the other: the part itself, or one for each set of dimensions with keys."""
    if not part.attributes_only:
        yield part
        return
    own = part.dataset.dataset_attributes
    if own:
        none = GroupTable(dimensions=(), keys=(), attributes={})
        yield _with(part, PartialKeys(part.dataset, none, own))
    for table in part.dataset.groups():
        yield _with(part, PartialKeys(part.dataset, table, {}))


def _with(part: DataPart, dataset: DataSet) -> DataPart:
    return msgspec.structs.replace(part, dataset=dataset, series_only=False)
