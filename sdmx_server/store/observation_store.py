"""The observation store: ``services.ports.ObservationStore`` over SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

from ..batches import Availability, Change, ReadPlan
from ..errors import NotFound
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from ..services.ports import Commit, CubeStatus, Progress, Revision
from . import cubes
from .changed_dataset import ChangedAttributes, ChangedObservations
from .commits import check_kept, commits_between, last_commit, oldest_commit
from .database import read_only
from .dataset import StoredDataSet
from .dictionaries import DictionaryCache
from .series import StoredSeries, whole_key
from .snapshot import Snapshot
from .staging import CubeStaging
from .transaction import read_transaction


class CubeReader:
    """``services.ports.CubeReading``: everything that it returns shows the revision of its transaction."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.revision = snapshot.cube.revision

    def revision_at(self, moment: dt.datetime) -> Commit:
        """The last commit at or before a moment; revision 0 before the first one. Raises ``HistoryPruned``."""
        found = last_commit(self._snapshot.connection, self._snapshot.cube, moment)
        if found.revision:  # before the first one there was nothing, which needs no history
            check_kept(self._snapshot.connection, self._snapshot.cube, found.revision)
        return found

    def oldest(self) -> Commit:
        """The oldest state that can be shown; revision 0 where no history was pruned."""
        return oldest_commit(self._snapshot.connection, self._snapshot.cube)

    def commits(self, after: int, until: int, most: int) -> Sequence[Commit]:
        """The commits after one revision up to another, oldest first; no more than ``most``.

        Raises ``HistoryPruned`` where the state after which they came is no longer kept.
        """
        check_kept(self._snapshot.connection, self._snapshot.cube, after)
        return commits_between(self._snapshot.connection, self._snapshot.cube, after, until, most)

    def read(self, schema: ResolvedStructure, plan: ReadPlan) -> StoredDataSet | StoredSeries:
        """The observations that the plan selects, or what changed in them.

        Raises ``BadSemantics`` for a filter that makes no sense, ``Conflict`` when the schema does not fit the data,
        ``HistoryPruned`` for a revision that is no longer kept.
        """
        return _data_set(self._snapshot, schema, plan)

    def count(self, schema: ResolvedStructure, plan: ReadPlan) -> int:
        """How many observations ``read`` would give: from the index, or from the keys alone."""
        found = _data_set(self._snapshot, schema, plan)
        return found.count() if isinstance(found, StoredDataSet) else found.availability().observations

    def availability(self, schema: ResolvedStructure, plan: ReadPlan) -> Availability:
        """What exists for the plan's keys and filters: from the index, or for a selection from the keys alone."""
        return _data_set(self._snapshot, schema, plan).availability()


def _data_set(snapshot: Snapshot, schema: ResolvedStructure, plan: ReadPlan) -> StoredDataSet | StoredSeries:
    for revision in (plan.as_of, plan.since):
        if revision is not None and revision < snapshot.cube.pruned:
            check_kept(snapshot.connection, snapshot.cube, revision)
    if plan.since is None:
        snapshot.check(schema)
        arranged = plan.sort or plan.offset or plan.limit is not None
        key = None if arranged else whole_key(snapshot, schema, plan)
        return StoredDataSet(snapshot, schema, plan) if key is None else StoredSeries(snapshot, schema, plan, key)
    kind = ChangedAttributes if plan.change in (Change.ATTRIBUTES_SET, Change.ATTRIBUTES_GONE) else ChangedObservations
    return kind(snapshot, schema, plan)


class PackedObservationStore:
    """Cubes of packed rows. One object serves all threads of a process."""

    def __init__(self, engine: Engine, cache_bytes: int = 128 * 1024 * 1024) -> None:
        self._engine = engine
        self._cache = DictionaryCache(cache_bytes)
        self._readers = read_only(engine)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._readers.connect() as connection, connection.begin():
            yield connection

    def revision(self, dataflow: Reference) -> Revision | None:
        """The state of the dataflow's cube; None when it has none yet."""
        with read_transaction(self._engine) as transaction:
            cube = cubes.see(transaction, dataflow)
        return cube.revision if cube else None

    @contextmanager
    def reading(self, dataflow: Reference) -> Iterator[CubeReader]:
        """Open a read transaction on a dataflow's cube; raises ``NotFound`` when there is none yet."""
        with read_transaction(self._engine) as transaction:
            cube = cubes.see(transaction, dataflow)
            if cube is None:
                raise NotFound("no-data", dataflow=dataflow)
            yield CubeReader(Snapshot(transaction, cube, self._cache))

    def staging(
        self,
        schema: ResolvedStructure,
        structure_revision: int,
        progress: Progress | None = None,
        storage_order: Sequence[str] | None = None,
    ) -> CubeStaging:
        """Begin a load into the dataflow's cube, which is made when it does not exist.

        ``storage_order``: all dimensions without time, the most filtered first; only the first load heeds it.
        """
        return CubeStaging(
            self._engine,
            self._cache,
            schema,
            structure_revision=structure_revision,
            progress=progress,
            storage_order=storage_order,
        )

    def status(self) -> Sequence[CubeStatus]:
        """All cubes that were ever loaded, by agency and dataflow; a first load that broke off leaves an empty one."""
        with self._transaction() as connection:
            found = [c for c in cubes.every(connection) if c.data_rev]
        return [
            CubeStatus(dataflow=c.reference, revision=c.revision, observations=c.observations, series=c.series)
            for c in found
        ]
