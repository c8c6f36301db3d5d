"""The data sets of an answer, each with its open reading and what of it is read."""

from __future__ import annotations

import msgspec

from ..batches import Change, DataSet, ReadPlan
from ..model.computed import computed_attributes
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from .datasets import WithComputed
from .history import Slice
from .ports import CubeReading


class OpenPart(msgspec.Struct, frozen=True, kw_only=True):
    """One data set of an answer: what was asked for, its resolved structure, its open reading and what of it."""

    reference: Reference
    schema: ResolvedStructure
    reading: CubeReading
    dimension_at_observation: str
    partial: bool
    series_only: bool
    slice: Slice

    @property
    def plan(self) -> ReadPlan:
        """What it reads."""
        return self.slice.plan

    def with_page(self, offset: int, limit: int | None) -> OpenPart:
        """The same with another page of its observations."""
        plan = msgspec.structs.replace(self.plan, offset=offset, limit=limit)
        return msgspec.structs.replace(self, slice=msgspec.structs.replace(self.slice, plan=plan))

    def data_set(self) -> DataSet:
        """Begin to read. Attributes that are computed are no part of what was deleted or changed by itself."""
        if self.plan.since is not None and self.plan.change is not Change.SET:
            return self.reading.read(self.schema, self.plan)
        computed = computed_attributes(self.schema)
        wanted = [
            c
            for c in self.schema.attributes
            if c.id in computed and (self.plan.attributes is None or c.id in self.plan.attributes)
        ]
        data_set = self.reading.read(self.schema, self.plan)
        return WithComputed(data_set, wanted) if wanted else data_set
