"""The structure store on SQL: artefacts, their references and their revisions, cached per revision in each process.

Several processes share one database. Every call reads the present revision (one indexed row) in the same transaction
as whatever else it reads, so that a cache can never answer for a revision that is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection, Engine

from ..errors import BadSemantics, Conflict, Malformed, NotFound
from ..model.common import Maintainable
from ..model.reference import Reference, reference_to
from ..model.version import parse_version
from ..registry.references import references_of
from ..services.ports import ArtefactRow
from . import cubes
from .artefact_types import fingerprint_of, packed
from .decoded import DecodedArtefacts
from .direct import fetch_alone
from .past_structures import PastStructures, check_kept, keep_past, last_revision
from .structure_tables import artefact, artefact_reference, structure_revision

_AT_ONCE = 500
"""Parameters of one statement; SQLite takes some 32,000, PostgreSQL 65,535."""

_READ_OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}
"""SQLite's read transactions see one state anyway."""

_NEWEST = sa.select(structure_revision.c.revision, structure_revision.c.at).where(
    structure_revision.c.revision == sa.select(sa.func.max(structure_revision.c.revision)).scalar_subquery()
)


class _Stored(NamedTuple):
    key: int
    row: ArtefactRow


class _State(NamedTuple):
    """All that is cached for one revision, artefacts aside."""

    revision: int
    at: dt.datetime
    rows: tuple[ArtefactRow, ...]
    stored: dict[Reference, _Stored]
    references: tuple[tuple[Reference, Reference], ...]


class _Change(NamedTuple):
    """An artefact that differs from what is stored; ``key`` None when it is new."""

    reference: Reference
    key: int | None
    value: Maintainable
    fingerprint: str


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


class SqlStructureStore:
    """``services.ports.StructureStore`` on SQLite and PostgreSQL.

    ``cache_bytes`` bounds the memory for decoded artefacts. Safe for use from many threads.
    """

    def __init__(self, engine: Engine, cache_bytes: int = 64_000_000) -> None:
        self._engine = engine
        self._read_options = _READ_OPTIONS.get(engine.dialect.name, {})
        self._decoded = DecodedArtefacts(cache_bytes)
        self._state: _State | None = None

    # ---- reading -------------------------------------------------------------------------------------------------

    def revision(self) -> tuple[int, dt.datetime]:
        """The present revision and its time (UTC); revision 0 of 1970-01-01 when nothing was ever stored."""
        rows = fetch_alone(self._engine, _NEWEST, {})
        return (rows[0][0], cubes.moment_of(rows[0][1])) if rows else (0, cubes.moment_of(0))

    def rows(self) -> Sequence[ArtefactRow]:
        """All artefacts, sorted by reference; cached per revision."""
        with self._reading() as connection:
            return self._refreshed(connection).rows

    def references(self) -> Sequence[tuple[Reference, Reference]]:
        """All (from, to) pairs between maintainables, ``to`` as written; cached per revision."""
        with self._reading() as connection:
            return self._refreshed(connection).references

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references, in that order; items in them are ignored.

        Raises ``NotFound`` naming the first that is not stored.
        """
        wanted = [reference.maintainable for reference in references]
        with self._reading() as connection:
            state = self._refreshed(connection)
            missing = next((reference for reference in wanted if reference not in state.stored), None)
            if missing is not None:
                raise NotFound("not-stored", reference=missing)
            found: dict[Reference, Maintainable] = {}
            absent: dict[int, Reference] = {}
            for reference in wanted:
                key, row = state.stored[reference]
                value = self._decoded.get(reference, row.fingerprint)
                if value is None:
                    absent[key] = reference
                else:
                    found[reference] = value
            self._fetch(connection, absent, found)
        return [found[reference] for reference in wanted]

    def _fetch(
        self, connection: Connection, absent: Mapping[int, Reference], found: dict[Reference, Maintainable]
    ) -> None:
        query = sa.select(artefact.c.key, artefact.c.fingerprint, artefact.c.payload)
        for keys in _chunks(list(absent)):
            for key, fingerprint, payload in connection.execute(query.where(artefact.c.key.in_(keys))):
                reference = absent[key]
                found[reference] = self._decoded.decode(reference, fingerprint, payload)

    def revision_at(self, moment: dt.datetime) -> tuple[int, dt.datetime]:
        """The last revision at or before a moment and its own time (UTC); revision 0 before the first one.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        with self._reading() as connection:
            found = last_revision(connection, moment)
            check_kept(connection, found[0])
        return found

    def past(self, revision: tuple[int, dt.datetime]) -> PastStructures:
        """The artefacts after a revision that ``revision_at`` gave."""
        return PastStructures(self._reading, self._decoded, revision)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One transaction in which every statement sees the same state."""
        with self._engine.connect().execution_options(**self._read_options) as connection, connection.begin():
            yield connection

    @staticmethod
    def _present(connection: Connection) -> tuple[int, dt.datetime]:
        row = connection.execute(_NEWEST).first()
        return (row.revision, cubes.moment_of(row.at)) if row else (0, cubes.moment_of(0))

    def _refreshed(self, connection: Connection) -> _State:
        revision, at = self._present(connection)
        state = self._state
        if state is None or state.revision != revision:
            state = _read_state(connection, revision, at)
            self._state = state
        return state

    # ---- writing -------------------------------------------------------------------------------------------------

    def put(self, artefacts: Sequence[Maintainable], actor: str) -> list[Reference]:
        """Add or replace artefacts in one transaction; returns those that changed, in the order given.

        An artefact with the content that is stored is left alone and not counted. Raises ``Conflict`` when a stable
        semantic version (``x.y.z``, x > 0) would change or one artefact is given twice with different contents, and
        ``BadSemantics`` for a version that is none; nothing is stored then.
        """
        given = _distinct(artefacts)
        with self._engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("LOCK TABLE structure_revision IN EXCLUSIVE MODE"))
            state = _read_state(connection, *self._present(connection))
            changes = [change for reference, value in given.items() if (change := _changed(state, reference, value))]
            if changes:
                _write(connection, state, changes, actor)
        return [change.reference for change in changes]


def _read_state(connection: Connection, revision: int, at: dt.datetime) -> _State:
    columns = artefact.c
    query = sa.select(
        columns.key, columns.kind, columns.agency, columns.id, columns.version, columns.revision, columns.fingerprint
    )
    stored: dict[Reference, _Stored] = {}
    by_key: dict[int, Reference] = {}
    for row in connection.execute(query):
        reference = Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version)
        stored[reference] = _Stored(row.key, ArtefactRow(reference, row.revision, row.fingerprint))
        by_key[row.key] = reference
    pairs = [
        (by_key[row.source], Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version))
        for row in connection.execute(sa.select(artefact_reference))
    ]
    rows = tuple(stored[reference].row for reference in sorted(stored))
    return _State(revision, at, rows, stored, tuple(sorted(pairs)))


def _distinct(artefacts: Sequence[Maintainable]) -> dict[Reference, Maintainable]:
    given: dict[Reference, Maintainable] = {}
    for value in artefacts:
        reference = reference_to(value)
        try:
            parse_version(value.version)
        except Malformed as error:
            raise BadSemantics("artefact-version", reference=reference, reason=error.texts) from error
        if given.setdefault(reference, value) != value:
            raise Conflict("artefact-twice", reference=reference)
    return given


def _changed(state: _State, reference: Reference, value: Maintainable) -> _Change | None:
    """The change that storing the artefact means, None for none; raises ``Conflict`` for a stable version."""
    fingerprint = fingerprint_of(value)
    stored = state.stored.get(reference)
    if stored is None:
        return _Change(reference, None, value, fingerprint)
    if stored.row.fingerprint == fingerprint:
        return None
    if parse_version(reference.version).stable:
        if value.is_final is False and stored.row.fingerprint == fingerprint_of(replace(value, is_final=None)):
            return None  # a client of 2.1 that does not know that a stable version is final
        raise Conflict("artefact-stable", reference=reference)
    return _Change(reference, stored.key, value, fingerprint)


def _write(connection: Connection, state: _State, changes: Sequence[_Change], actor: str) -> None:
    revision = state.revision + 1
    at = max(cubes.now(), cubes.microseconds(state.at) + 1)  # a clock may go back
    connection.execute(sa.insert(structure_revision).values(revision=revision, at=at, actor=actor, kept=True))
    links: list[dict[str, Any]] = []
    for change in changes:
        content = {
            "revision": revision,
            "fingerprint": change.fingerprint,
            "payload": packed(change.value),
        }
        key = change.key
        if key is None:
            identity = {name: getattr(change.reference, name) for name in ("kind", "agency", "id", "version")}
            inserted = connection.execute(sa.insert(artefact).values(**identity, **content))
            (key,) = inserted.inserted_primary_key or (None,)
        else:
            keep_past(connection, key, revision)
            connection.execute(sa.delete(artefact_reference).where(artefact_reference.c.source == key))
            connection.execute(sa.update(artefact).where(artefact.c.key == key).values(**content))
        targets = dict.fromkeys(target.maintainable for target in references_of(change.value))
        links += [
            {"source": key, "kind": to.kind, "agency": to.agency, "id": to.id, "version": to.version} for to in targets
        ]
    for start in range(0, len(links), _AT_ONCE):
        connection.execute(sa.insert(artefact_reference), links[start : start + _AT_ONCE])
