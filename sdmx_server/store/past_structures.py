"""Artefacts as they were after an earlier structure revision: what still is as it was, and what history kept.

A change moves what an artefact held into ``artefact_history``. The state of a revision is therefore every artefact
whose content is no younger, and every kept content that was written by then and replaced later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..errors import NotFound
from ..model.common import Maintainable
from ..model.reference import Reference
from ..registry.references import references_of
from ..services.ports import ArtefactRow
from .decoded import DecodedArtefacts
from .revisions import Revisions
from .structure_tables import artefact, artefact_history, artefact_reference, structure_revision

_IDENTITY = ("kind", "agency", "id", "version")
_REVISIONS = Revisions(structure_revision)
_a, _h = artefact.c, artefact_history.c


def last_revision(connection: Connection, moment: dt.datetime) -> tuple[int, dt.datetime]:
    """The last revision at or before a moment, and its own; revision 0, in which there was nothing, before the first.

    It may no longer be kept (``check_kept``).
    """
    return _REVISIONS.at(connection, moment)


def check_kept(connection: Connection, revision: int) -> None:
    """Raise ``HistoryPruned`` when a state is older than the history that is kept; before the first was nothing."""
    _REVISIONS.check_kept(connection, revision, "structures-pruned")


def keep_past(connection: Connection, key: int, until: int) -> None:
    """Move what an artefact holds into history, before the revision ``until`` puts another content in its place."""
    columns = (*_IDENTITY, "revision", "until", "fingerprint", "payload")
    held = (sa.literal(until, sa.BigInteger) if name == "until" else artefact.c[name] for name in columns)
    connection.execute(sa.insert(artefact_history).from_select(columns, sa.select(*held).where(_a.key == key)))


class _Past(NamedTuple):
    """What a revision had: the rows by reference, and the references between them."""

    rows: dict[Reference, ArtefactRow]
    links: list[tuple[Reference, Reference]]


class PastStructures:
    """``registry.catalogue.StructureSource`` as of one revision, which ``check_kept`` has let pass."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        decoded: DecodedArtefacts,
        revision: tuple[int, dt.datetime],
    ) -> None:
        self._reading, self._decoded, self._revision = reading, decoded, revision
        with reading() as connection:
            self._past = self._read(connection)

    def revision(self) -> tuple[int, dt.datetime]:
        """The revision and its moment."""
        return self._revision

    def rows(self) -> Sequence[ArtefactRow]:
        """All artefacts that there were, sorted by reference."""
        return [self._past.rows[reference] for reference in sorted(self._past.rows)]

    def references(self) -> Sequence[tuple[Reference, Reference]]:
        """All (from, to) pairs, ``to`` as written."""
        return self._past.links

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references as they were, in that order; items in them are ignored.

        Raises ``NotFound`` naming the first that was not there, and ``HistoryPruned`` when it was pruned meanwhile.
        """
        wanted = [reference.maintainable for reference in references]
        missing = next((reference for reference in wanted if reference not in self._past.rows), None)
        if missing is not None:
            raise NotFound("not-stored-then", reference=missing)
        with self._reading() as connection:
            return [self._one(connection, self._past.rows[reference]) for reference in wanted]

    def _one(self, connection: Connection, row: ArtefactRow) -> Maintainable:
        known = self._decoded.get(row.reference, row.fingerprint)
        if known is not None:
            return known
        for table in (artefact, artefact_history):  # it may have gone to history since the rows were read
            same = [table.c[name] == getattr(row.reference, name) for name in _IDENTITY]
            query = sa.select(table.c.payload).where(*same, table.c.revision == row.revision)
            payload: bytes | None = connection.scalar(query)
            if payload is not None:
                return self._decoded.decode(row.reference, row.fingerprint, payload)
        check_kept(connection, self._revision[0])
        raise NotFound("not-stored-any-more", reference=row.reference)

    def _read(self, connection: Connection) -> _Past:
        number = self._revision[0]
        rows: dict[Reference, ArtefactRow] = {}
        by_key: dict[int, Reference] = {}
        columns = [*(_a[name] for name in _IDENTITY), _a.revision, _a.fingerprint, _a.key]
        for row in connection.execute(sa.select(*columns).where(_a.revision <= number)):
            reference = _reference(row)
            rows[reference] = ArtefactRow(reference, row.revision, row.fingerprint)
            by_key[row.key] = reference
        links = [
            (by_key[row.source], _reference(row))
            for row in connection.execute(sa.select(artefact_reference))
            if row.source in by_key
        ]
        for reference, value in self._replaced(connection, number, rows).items():
            targets = dict.fromkeys(target.maintainable for target in references_of(value))
            links += [(reference, target) for target in targets]
        return _Past(rows, sorted(links))

    def _replaced(
        self, connection: Connection, number: int, rows: dict[Reference, ArtefactRow]
    ) -> Mapping[Reference, Maintainable]:
        """What has been replaced since, which is added to the rows: its references are read from its content."""
        query = sa.select(artefact_history).where(_h.revision <= number, _h.until > number)
        found: dict[Reference, Maintainable] = {}
        for row in connection.execute(query):
            reference = _reference(row)
            rows[reference] = ArtefactRow(reference, row.revision, row.fingerprint)
            known = self._decoded.get(reference, row.fingerprint)
            found[reference] = known or self._decoded.decode(reference, row.fingerprint, row.payload)
        return found


def _reference(row: Any) -> Reference:
    return Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version)
