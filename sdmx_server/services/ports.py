"""What the use cases need from the outside: a store of structures and a store of observations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from ..batches import Availability, DataSet, Delta, ReadPlan
from ..model.common import Maintainable
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure

Progress = Callable[[str, int, int | None], None]
"""Called with a stage's name, what is done and what there is in all (None when unknown)."""

WAITING = "waiting for another load"
"""The stage of a load that another one keeps from writing."""


class ArtefactRow(msgspec.Struct, frozen=True):
    """One stored artefact without its content. ``revision`` is the structure revision that wrote it."""

    reference: Reference
    revision: int
    fingerprint: str


class PastStructures(Protocol):
    """The artefacts after one revision, whatever has changed since."""

    def revision(self) -> tuple[int, dt.datetime]:
        """The revision and its moment (UTC)."""
        ...

    def rows(self) -> Sequence[ArtefactRow]:
        """All artefacts that there were, sorted."""
        ...

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references as they were; raises NotFound, and HistoryPruned."""
        ...

    def references(self) -> Sequence[tuple[Reference, Reference]]:
        """All (from, to) pairs between maintainables, ``to`` as written."""
        ...


class StructureStore(Protocol):
    """Artefacts and the references between them. A revision counts every change of any artefact."""

    def revision(self) -> tuple[int, dt.datetime]:
        """The current revision and when it was made (UTC)."""
        ...

    def rows(self) -> Sequence[ArtefactRow]:
        """All artefacts, sorted; cached per revision."""
        ...

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references, in that order; raises NotFound for one that is not there."""
        ...

    def references(self) -> Sequence[tuple[Reference, Reference]]:
        """All (from, to) pairs between maintainables, ``to`` as written (it may hold a wildcard or not be stored)."""
        ...

    def revision_at(self, moment: dt.datetime) -> tuple[int, dt.datetime]:
        """The last revision at or before a moment and its own time; revision 0, with nothing, before the first one.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        ...

    def past(self, revision: tuple[int, dt.datetime]) -> PastStructures:
        """The artefacts after a revision that ``revision_at`` gave."""
        ...

    def put(self, artefacts: Sequence[Maintainable], actor: str) -> list[Reference]:
        """Add or replace artefacts in one transaction; returns those that changed. Raises Conflict."""
        ...


class Revision(msgspec.Struct, frozen=True):
    """The state that an answer shows: caches and ETags derive from it and from nothing else."""

    cube: int
    structure: int
    data: int
    layout: int
    updated: dt.datetime  # UTC, of the last change of data
    dictionaries: int = 0  # entries of all dictionaries; they only grow, so the number says which they are


class Commit(msgspec.Struct, frozen=True):
    """One dissemination: the data revision that a commit made, and the moment from which it was there (UTC)."""

    revision: int
    at: dt.datetime


class CommitReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a load changed. All counts zero: nothing did, and no commit was made (``revision`` is the old one)."""

    revision: Revision
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    attributes_changed: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.inserted or self.updated or self.deleted or self.attributes_changed)


class CubeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A cube as ``data status`` shows it."""

    dataflow: Reference
    revision: Revision
    observations: int
    series: int


class CubeReading(Protocol):
    """One read transaction over one cube; everything it returns shows the same revision."""

    revision: Revision

    def revision_at(self, moment: dt.datetime) -> Commit:
        """The last commit at or before a moment; revision 0, in which there was nothing, before the first one.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        ...

    def oldest(self) -> Commit:
        """The oldest state that can be shown; revision 0, in which there was nothing, where no history was pruned."""
        ...

    def commits(self, after: int, until: int, most: int) -> Sequence[Commit]:
        """The commits after one revision up to another, oldest first; no more than ``most``.

        Raises ``HistoryPruned`` where the state after which they came is no longer kept.
        """
        ...

    def read(self, schema: ResolvedStructure, plan: ReadPlan) -> DataSet:
        """The observations that the plan selects, or what changed in them (``ReadPlan.since``).

        Raises ``HistoryPruned`` when the plan names a revision that is no longer kept.
        """
        ...

    def count(self, schema: ResolvedStructure, plan: ReadPlan) -> int:
        """How many observations ``read`` would give; from the index or the keys, without reading values."""
        ...

    def availability(self, schema: ResolvedStructure, plan: ReadPlan) -> Availability:
        """What exists for the plan's keys and filters; from the index, without scanning values."""
        ...


class Staging(Protocol):
    """Changes being gathered outside any write transaction; leaving the context without commit drops them."""

    def add(self, delta: Delta) -> None:
        """Take one frame of changes; may be called many times. Later rows win over earlier ones for the same key."""
        ...

    def commit(self, actor: str, source: str, wait: bool = True) -> CommitReport:
        """Pack, lock, apply and make visible everything at once.

        Another load that is writing is waited for, with progress in the stage ``WAITING``; without ``wait`` raises
        ``Busy``.
        """
        ...


class ObservationStore(Protocol):
    """Cubes of observations."""

    def revision(self, dataflow: Reference) -> Revision | None:
        """The state of the dataflow's cube; None when it has none yet. One short read."""
        ...

    def reading(self, dataflow: Reference) -> AbstractContextManager[CubeReading]:
        """Open a read transaction on a dataflow's cube; raises NotFound when there is none yet."""
        ...

    def staging(
        self, schema: ResolvedStructure, structure_revision: int, progress: Progress | None = None
    ) -> AbstractContextManager[Staging]:
        """Begin a load into the dataflow's cube, which is made when it does not exist."""
        ...

    def status(self) -> Sequence[CubeStatus]:
        """All cubes."""
        ...


class PrunedCube(msgspec.Struct, frozen=True, kw_only=True):
    """What pruning took from one cube, or would take; ``bytes`` are those of the packed columns.

    ``oldest`` is the oldest state that can be shown afterwards.
    """

    dataflow: Reference
    oldest: Commit
    commits: int
    blocks: int
    entries: int
    bytes: int


class PrunedPast(msgspec.Struct, frozen=True, kw_only=True):
    """What pruning took from the history of structures or of metadata sets, or would take.

    ``contents`` of artefacts or sets went; ``bytes`` are those of the packed contents.

    ``oldest`` is the oldest revision that can be shown afterwards, made at the moment ``at``.
    """

    oldest: int
    at: dt.datetime
    revisions: int
    contents: int
    bytes: int


class PruneReport(msgspec.Struct, frozen=True, kw_only=True):
    """The cubes that had history to prune, the structures and the metadata sets, None when they had not.

    ``free``: bytes that lie idle in SQLite's file, None for PostgreSQL. ``in_use``: history tables that
    others read from when they were to be compacted.
    """

    cubes: tuple[PrunedCube, ...]
    structures: PrunedPast | None = None
    metadata: PrunedPast | None = None
    free: int | None = None
    in_use: tuple[str, ...] = ()


class HistoryPruning(Protocol):
    """Makes the store forget old states."""

    def prune(
        self, before: dt.datetime, dataflow: Reference | None, progress: Progress, *, dry_run: bool, compact: bool
    ) -> PruneReport:
        """Drop what only states before a moment need, of one dataflow, or of all, structures and metadata sets too.

        That of the moment itself stays, and so does that of the second in which it was loaded: clients keep moments
        cut to the second.

        ``dry_run``: only count. ``compact``: also give the room back to the disk, for which others may have to wait.
        Raises ``NotFound`` for a dataflow without data, ``Busy``.
        """
        ...


class LoadLog(Protocol):
    """Which sources were loaded, with their reports."""

    def last(self, source: str) -> str | None:
        """The fingerprint of the last accepted load of a source; None when there was none."""
        ...

    def record(self, source: str, fingerprint: str, accepted: bool, report: str) -> None:
        """Keep the report of a load."""
        ...
