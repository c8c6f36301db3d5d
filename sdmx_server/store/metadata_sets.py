"""The store of metadata sets on SQL. Heads, which are the sets without attributes, are cached for the present state.

Nothing is overwritten: the state of a revision is every row that was written by then and ended later, or not at all.
Pruning (``pruning_past``) drops the rows that ended before the oldest state that is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ..errors import BadSemantics, Conflict, Malformed, NotFound
from ..model.metadataset import MetadataSet
from ..model.reference import Reference, reference_to
from ..model.version import parse_version
from ..services.metadata_ports import MetadataHead, MetadataState
from .artefact_types import fingerprint_of, packed
from .cubes import moment_of
from .database import read_only
from .metadata_tables import metadata_revision, metadata_set
from .revisions import Revision, Revisions

_AT_ONCE = 500
"""Parameters of one statement; SQLite takes some 32,000, PostgreSQL 65,535."""

_PRUNED = "metadata-pruned"
_SET = msgspec.msgpack.Decoder(MetadataSet)
_c = metadata_set.c


def head_of(reported: MetadataSet) -> MetadataSet:
    """The set without what is reported in it."""
    return msgspec.structs.replace(reported, attributes=())


class SqlMetadataStore:
    """``services.metadata_ports.MetadataStore`` on SQLite and PostgreSQL. Safe for use from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = read_only(engine)
        self._revisions = Revisions(metadata_revision)
        self._state: MetadataState | None = None

    def state(self, as_of: dt.datetime | None = None) -> MetadataState:
        """The present state, or that of a moment; revision 0, in which there was nothing, before the first change.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        state = self._state
        if as_of is None and state is not None and self._revisions.newest(self._engine)[0] == state.revision:
            return state
        with self._reading.connect() as connection, connection.begin():
            revisions = self._revisions
            revision = revisions.present(connection) if as_of is None else revisions.at(connection, as_of)
            revisions.check_kept(connection, revision[0], _PRUNED)
            state = _state(connection, revision)
        if as_of is None:
            self._state = state
        return state

    def history(self) -> MetadataState:
        """The present revision with all contents that there were and that are kept, the older ones of a set first."""
        with self._reading.connect() as connection, connection.begin():
            return _state(connection, self._revisions.present(connection), whole=True)

    def load(self, heads: Sequence[MetadataHead]) -> list[MetadataSet]:
        """The whole sets of heads that a state gave, in that order; rows never change.

        Raises ``HistoryPruned`` when they were pruned meanwhile.
        """
        keys = [head.key for head in heads]
        found: dict[tuple[int, int], MetadataSet] = {}  # by key and revision: a key may be given again
        with self._reading.connect() as connection, connection.begin():
            for start in range(0, len(keys), _AT_ONCE):
                query = sa.select(_c.key, _c.revision, _c.payload).where(_c.key.in_(keys[start : start + _AT_ONCE]))
                found |= {(row.key, row.revision): _SET.decode(row.payload) for row in connection.execute(query)}
            for head in heads:
                if (head.key, head.revision) not in found:
                    self._revisions.check_kept(connection, head.revision, _PRUNED)
        return [found[head.key, head.revision] for head in heads]

    def put(self, sets: Sequence[MetadataSet], actor: str) -> list[Reference]:
        """Add or replace sets in one transaction; returns those that changed, in the order given.

        Raises ``Conflict`` when a stable semantic version would change or one set is given twice with different
        contents, and ``BadSemantics`` for a version that is none; nothing is stored then.
        """
        given = _distinct(sets)
        with self._revisions.writing(self._engine) as connection:
            stored = {reference: (key, mark) for key, reference, mark in _marks(connection)}
            changes = {r: s for r, s in given.items() if _changed(stored.get(r, (0, ""))[1], r, fingerprint_of(s))}
            if changes:
                revision, _ = self._revisions.make(connection, actor)
                for reference, reported in changes.items():
                    if reference in stored:
                        _end(connection, stored[reference][0], revision)
                    connection.execute(sa.insert(metadata_set).values(_row(reported, revision)))
        return list(changes)

    def remove(self, reference: Reference, actor: str) -> None:
        """Take a set away; past states keep it. Raises ``NotFound``."""
        with self._revisions.writing(self._engine) as connection:
            key = next((key for key, stored, _ in _marks(connection) if stored == reference), None)
            if key is None:
                raise NotFound("metadata-set-absent", reference=reference)
            revision, _ = self._revisions.make(connection, actor)
            _end(connection, key, revision)


def _state(connection: Connection, revision: Revision, *, whole: bool = False) -> MetadataState:
    """What there is after a revision; ``whole``: with all that there was before it."""
    number, updated = revision
    ended = metadata_revision.alias()
    there = sa.true() if whole else sa.or_(_c.until.is_(None), _c.until > number)
    query = (
        sa.select(_c.key, _c.head, _c.revision, metadata_revision.c.at, ended.c.at.label("until"))
        .join(metadata_revision, metadata_revision.c.revision == _c.revision)
        .outerjoin(ended, ended.c.revision == _c.until)
        .where(_c.revision <= number, there)
    )
    heads = (
        MetadataHead(
            row.key,
            _SET.decode(row.head),
            moment_of(row.at),
            row.revision,
            moment_of(row.until) if whole and row.until is not None else None,
        )
        for row in connection.execute(query)
    )
    return MetadataState(number, updated, tuple(sorted(heads, key=_order)))


def _order(head: MetadataHead) -> tuple[object, ...]:
    held = head.metadata_set
    return held.agency, held.id, parse_version(held.version).sort_key, head.revision


def _marks(connection: Connection) -> Iterator[tuple[int, Reference, str]]:
    """Key, reference and fingerprint of every present set."""
    query = sa.select(_c.key, _c.agency, _c.id, _c.version, _c.fingerprint).where(_c.until.is_(None))
    for row in connection.execute(query):
        reference = Reference(kind=MetadataSet.kind, agency=row.agency, id=row.id, version=row.version)
        yield row.key, reference, row.fingerprint


def _end(connection: Connection, key: int, revision: int) -> None:
    connection.execute(sa.update(metadata_set).where(_c.key == key).values(until=revision))


def _row(reported: MetadataSet, revision: int) -> dict[str, Any]:
    return {
        **{name: getattr(reported, name) for name in ("agency", "id", "version")},
        "revision": revision,
        "fingerprint": fingerprint_of(reported),
        "head": packed(head_of(reported)),
        "payload": packed(reported),
    }


def _distinct(sets: Sequence[MetadataSet]) -> dict[Reference, MetadataSet]:
    given: dict[Reference, MetadataSet] = {}
    for reported in sets:
        reference = reference_to(reported)
        try:
            parse_version(reported.version)
        except Malformed as error:
            raise BadSemantics("metadata-set-version", reference=reference, reason=error.texts) from error
        if given.setdefault(reference, reported) != reported:
            raise Conflict("metadata-set-twice", reference=reference)
    return given


def _changed(before: str, reference: Reference, fingerprint: str) -> bool:
    """Whether storing the content changes anything; raises ``Conflict`` for a stable version."""
    if before and before != fingerprint and parse_version(reference.version).stable:
        raise Conflict("metadata-set-stable", reference=reference)
    return before != fingerprint


def unsound_sets(connection: Connection) -> Iterator[tuple[Reference, str]]:
    """Every stored set, past ones too, with what is wrong with it; empty = nothing.

    Its revisions are those that there were, and the contents of one set follow one another in time.
    """
    revisions = frozenset(connection.scalars(sa.select(metadata_revision.c.revision)))
    ended: dict[Reference, int | None] = {}
    query = sa.select(metadata_set).order_by(_c.revision, _c.key)
    with connection.execute(query, execution_options={"stream_results": True, "max_row_buffer": _AT_ONCE}) as result:
        for row in result:
            reference = Reference(kind=MetadataSet.kind, agency=row.agency, id=row.id, version=row.version)
            before, ended[reference] = ended.get(reference, 0), row.until
            problem = _unsound(reference, row.fingerprint, row.head, row.payload)
            yield reference, problem or _misplaced(row.revision, row.until, before, revisions)


def _misplaced(revision: int, until: int | None, before: int | None, revisions: frozenset[int]) -> str:
    """What is wrong with the time in which a content was that of its set; ``before``: when the one before ended."""
    unknown = sorted({revision, revision if until is None else until} - revisions)
    if unknown:
        return f"it names revision {unknown[0]}, which there never was"
    if until is not None and until <= revision:
        return f"it was written by revision {revision} and replaced by revision {until}"
    if before is None or before > revision:
        return f"it was written by revision {revision}, before another content of the set ended"
    return ""


def _unsound(reference: Reference, fingerprint: str, head: bytes, payload: bytes) -> str:
    try:
        whole, part = _SET.decode(payload), _SET.decode(head)
    except msgspec.DecodeError as error:
        return f"its content cannot be read ({error})"
    if reference_to(whole) != reference or fingerprint_of(whole) != fingerprint:
        return "its content is not what its fingerprint says"
    return "" if part == head_of(whole) else "its head is not that of its content"
