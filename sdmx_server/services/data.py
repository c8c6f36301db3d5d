"""The use case of a data query: from a parsed query to data sets inside open read transactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

from ..batches import DataMessage, DataPart
from ..errors import NotFound, TooLarge
from ..model.resolved import ResolvedStructure
from ..query.data import DataQuery, fits, is_partial, observation_dimension, plan_of
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.contexts import DataContext, data_contexts
from ..registry.resolve import resolve_structure
from .datasets import Peeked
from .headers import header
from .history import Window, slices, window_of
from .paging import check_cells, page_of
from .parts import OpenPart
from .ports import CubeReading, ObservationStore, Revision
from .refusals import for_each
from .room import Room

MOST_DATA_SETS = 20
"""Dataflows that one answer may hold: each keeps a read transaction open."""

ROOM = 24
"""Read transactions of answers over several dataflows together; a process needs more connections than that."""

_PATIENCE = 10.0


class OpenData:
    """A data query with its transactions open. ``close`` ends them; it may be called twice.

    ``most``: cells that the answer may have; None = any number.
    """

    def __init__(
        self,
        parts: list[OpenPart],
        windows: list[tuple[Revision, Window]],
        structure_revision: int,
        sender: str,
        stack: ExitStack,
        *,
        most: int | None,
        can_page: bool,
    ) -> None:
        self._parts = parts
        self._sender = sender
        self._stack = stack
        self._most, self._can_page = most, can_page
        self.seed = (structure_revision, *(window_mark(*shown) for shown in windows))
        self.updated = max((window.until.at for _, window in windows), default=dt.datetime.fromtimestamp(0, dt.UTC))

    def message(self) -> DataMessage | None:
        """The message to write, or None when there is not a single observation. Raises ``TooLarge``."""
        parts = page_of(self._parts)
        if self._most is not None:
            check_cells(parts, self._most, self._can_page)
        opened = [(part, Peeked(part.data_set(), part.slice.attributes_only)) for part in parts]
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


class DataService:
    """Answers data queries. ``sender`` is the id in message headers; ``most_cells`` those of an answer, 0 = any number.

    The limit is not for formats that are read as a stream.
    """

    def __init__(
        self, catalogues: CatalogueCache, observations: ObservationStore, sender: str, most_cells: int = 0
    ) -> None:
        self._catalogues = catalogues
        self._observations = observations
        self._sender = sender
        self._most_cells = most_cells
        self._room = Room(ROOM, _PATIENCE)

    def open(
        self, query: DataQuery, catalogue: Catalogue | None = None, *, rows: bool = False, streamed: bool = True
    ) -> OpenData:
        """Resolve the query and open its read transactions; the caller closes the answer in every case.

        ``catalogue``: what there is, by default that of the present revision. ``rows``, ``streamed``: what the format
        of the answer is like (``formats.api.Format``).
        """
        catalogue = catalogue or self._catalogues.current()
        asked = _fitting(
            query,
            [
                _Asked(context, resolve_structure(catalogue, context.asked))
                for context in data_contexts(catalogue, query.path)
            ],
        )
        plans = for_each(
            ((one.context.asked, one.schema) for one in asked), lambda schema: plan_of(query, schema, rows)
        )
        flows = sum(len(one.context.dataflows) for one in asked)
        with ExitStack() as stack:
            if flows > 1:
                stack.enter_context(self._room.taken(min(flows, MOST_DATA_SETS)))
            parts: list[OpenPart] = []
            windows: list[tuple[Revision, Window]] = []
            for one, plan in zip(asked, plans, strict=True):
                partial = is_partial(query, one.schema)
                for reading in self._readings(one.context, stack, len(windows)):
                    window = window_of(query, reading)
                    windows.append((reading.revision, window))
                    parts += (
                        OpenPart(
                            reference=one.context.asked,
                            schema=one.schema,
                            reading=reading,
                            dimension_at_observation=observation_dimension(query.dimension_at_observation, one.schema),
                            partial=partial,
                            series_only=query.series_only,
                            slice=found,
                        )
                        for found in slices(query, plan, window, reading, partial=partial)
                    )
            return OpenData(
                parts,
                windows,
                catalogue.revision,
                self._sender,
                stack.pop_all(),
                most=self._most_cells if self._most_cells and not streamed else None,
                can_page=query.can_page,
            )

    def _readings(self, context: DataContext, stack: ExitStack, opened: int) -> Iterator[CubeReading]:
        """The data of a context: of each of its dataflows that has any, once where versions share them."""
        cubes: set[int] = set()
        for flow in reversed(context.dataflows):
            if opened + len(cubes) >= MOST_DATA_SETS and self._observations.revision(flow) is not None:
                raise TooLarge("flows-many", most=MOST_DATA_SETS)
            try:
                reading = stack.enter_context(self._observations.reading(flow))
            except NotFound:
                continue  # nothing was loaded yet
            if reading.revision.cube not in cubes:
                cubes.add(reading.revision.cube)
                yield reading


class _Asked(NamedTuple):
    context: DataContext
    schema: ResolvedStructure


def _fitting(query: DataQuery, asked: list[_Asked]) -> list[_Asked]:
    """Of several artefacts those whose structures have what the query filters by; all where none does."""
    if len(asked) == 1:
        return asked
    return [one for one in asked if fits(query, one.schema)] or asked
