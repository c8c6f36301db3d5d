"""The use case of a data query: from a parsed query to data sets inside open read transactions."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack

import msgspec

from ..batches import Change, DataMessage, DataPart, DataSet, Order, ReadPlan
from ..errors import NotFound, NotImplementedYet, TooLarge
from ..model.computed import computed_attributes
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from ..query.data import DataQuery, observation_dimension, plan_of
from ..query.paths import DataPath
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.providers import provides
from ..registry.resolve import resolve_structure
from .datasets import Peeked, Sections, WithComputed
from .headers import header
from .history import Slice, Window, slices, window_of
from .ports import CubeReading, ObservationStore, Revision
from .room import Room

MOST_DATA_SETS = 20
"""Dataflows that one answer may hold: each keeps a read transaction open."""

ROOM = 24
"""Read transactions of answers over several dataflows together; a process needs more connections than that."""

_PATIENCE = 10.0


class OpenPart(msgspec.Struct, frozen=True, kw_only=True):
    """One dataflow of an answer: its resolved structure, its plan and its open reading."""

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

    def data_set(self) -> DataSet:
        """Begin to read; of sections alone, one observation each."""
        found = self._read()
        if self.series_only and self.plan.order is Order.CROSS and not self.slice.attributes_only:
            return Sections(found, self.dimension_at_observation)
        return found

    def _read(self) -> DataSet:
        """What the plan asks for. Attributes that are computed are no part of what was deleted or changed by itself."""
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


class OpenData:
    """A data query with its transactions open. ``close`` ends them; it may be called twice."""

    def __init__(
        self,
        parts: list[OpenPart],
        windows: list[tuple[Revision, Window]],
        structure_revision: int,
        sender: str,
        stack: ExitStack,
    ) -> None:
        self._parts = parts
        self._sender = sender
        self._stack = stack
        self.seed = (structure_revision, *(window_mark(*shown) for shown in windows))
        self.updated = max((window.until.at for _, window in windows), default=dt.datetime.fromtimestamp(0, dt.UTC))

    def message(self) -> DataMessage | None:
        """The message to write, or None when there is not a single observation."""
        opened = [(part, Peeked(part.data_set(), part.slice.attributes_only)) for part in self._parts]
        filled = tuple(
            DataPart(
                dataset=data_set,
                context=part.reference,
                dimension_at_observation=part.dimension_at_observation,
                partial=part.partial,
                action=part.slice.action,
                series_only=part.series_only or part.slice.attributes_only,
                attributes_only=part.slice.attributes_only,
                valid_from=part.slice.valid_from,
                valid_to=part.slice.valid_to,
            )
            for part, data_set in opened
            if not data_set.empty
        )
        if not filled:
            return None
        return DataMessage(header=header(self._sender, self.updated, *self.seed), parts=filled)

    def close(self) -> None:
        """End the read transactions."""
        self._stack.close()


def revision_mark(revision: Revision) -> str:
    """A cube's state as a short text; ids of messages, which hold no dots, are made of it."""
    return f"{revision.cube}_{revision.layout}_{revision.structure}_{revision.data}"


def window_mark(revision: Revision, window: Window) -> str:
    """The same for what an answer shows of a cube.

    Later commits change nothing in a vintage but the dictionaries, whose positions some formats write. A whole history
    begins later after it was pruned.
    """
    begin = f"_{window.oldest.revision}" if window.oldest else ""
    if not window.vintage:
        return revision_mark(revision) + begin
    return f"{revision.cube}_{revision.layout}_{revision.dictionaries}_{window.until.revision}{begin}"


def dataflows_of(catalogue: Catalogue, path: DataPath) -> list[Reference]:
    """The dataflows that a data path names; raises ``NotFound``, and ``NotImplementedYet`` for other contexts.

    Data of a dataflow are not told apart by provider: all of them come from each provider that agreed to provide them.
    """
    if "Dataflow" not in path.kinds:
        raise NotImplementedYet("data are offered for the context dataflow; ask for the dataflow instead")
    found = catalogue.select(("Dataflow",), path.agencies, path.ids, path.versions)
    if not found:
        raise NotFound("there is no such dataflow; a structure query for dataflows lists those that there are")
    provided = [reference for reference in found if provides(catalogue, reference, path.providers)]
    if not provided:
        raise NotFound("none of the providers has agreed to provide these data; see the provision agreements")
    return provided


class DataService:
    """Answers data queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, observations: ObservationStore, sender: str) -> None:
        self._catalogues = catalogues
        self._observations = observations
        self._sender = sender
        self._room = Room(ROOM, _PATIENCE)

    def open(self, query: DataQuery, catalogue: Catalogue | None = None) -> OpenData:
        """Resolve the query and open its read transactions; the caller closes the answer in every case.

        ``catalogue``: what there is, by default that of the present revision.
        """
        catalogue = catalogue or self._catalogues.current()
        references = dataflows_of(catalogue, query.path)
        schemas = [resolve_structure(catalogue, reference) for reference in references]
        with ExitStack() as stack:
            if len(references) > 1:
                stack.enter_context(self._room.taken(min(len(references), MOST_DATA_SETS)))
            parts: list[OpenPart] = []
            windows: list[tuple[Revision, Window]] = []
            for reference, schema in zip(references, schemas, strict=True):
                plan = plan_of(query, schema)
                if len(windows) == MOST_DATA_SETS and self._observations.revision(reference) is not None:
                    raise TooLarge(f"the query names more than {MOST_DATA_SETS} dataflows with data; ask in several")
                try:
                    reading = stack.enter_context(self._observations.reading(reference))
                except NotFound:
                    continue  # nothing was loaded yet
                window = window_of(query, reading)
                windows.append((reading.revision, window))
                parts += (
                    OpenPart(
                        reference=reference,
                        schema=schema,
                        reading=reading,
                        dimension_at_observation=observation_dimension(query.dimension_at_observation, schema),
                        partial=query.partial,
                        series_only=query.series_only,
                        slice=found,
                    )
                    for found in slices(query, plan, window, reading)
                )
            return OpenData(parts, windows, catalogue.revision, self._sender, stack.pop_all())
