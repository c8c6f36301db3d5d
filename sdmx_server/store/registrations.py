"""The store of registrations on SQL; all of them are cached for the present revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..model.registration import Registration
from ..services.metadata_ports import RegistrationState
from .database import read_only
from .metadata_tables import registration, registration_revision
from .revisions import Revisions

_DECODER = msgspec.msgpack.Decoder(Registration)
_ENCODER = msgspec.msgpack.Encoder()


class SqlRegistrationStore:
    """``services.metadata_ports.RegistrationStore`` on SQLite and PostgreSQL. Safe for use from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = read_only(engine)
        self._revisions = Revisions(registration_revision)
        self._state: RegistrationState | None = None

    def state(self) -> RegistrationState:
        """The present state."""
        state = self._state
        if state is not None and self._revisions.newest(self._engine)[0] == state.revision:
            return state
        with self._reading.connect() as connection, connection.begin():
            revision, updated = self._revisions.present(connection)
            rows = connection.execute(sa.select(registration.c.payload).order_by(registration.c.id))
            state = RegistrationState(revision, updated, tuple(_DECODER.decode(row.payload) for row in rows))
        self._state = state
        return state

    def put(self, registrations: Sequence[Registration], actor: str) -> list[Registration]:
        """Add registrations, or replace those of their ids, in one transaction; returns those that changed.

        They come back with the moment of this change; their own ``last_updated`` counts for nothing.
        """
        c = registration.c
        with self._revisions.writing(self._engine) as connection:
            there = {row.id: _DECODER.decode(row.payload) for row in connection.execute(sa.select(c.id, c.payload))}
            changed = [one for one in registrations if one.id not in there or not _same(one, there[one.id])]
            if not changed:
                return []
            revision, at = self._revisions.make(connection, actor)
            moment = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
            written = [msgspec.structs.replace(one, last_updated=moment) for one in changed]
            for one in written:
                connection.execute(sa.delete(registration).where(c.id == one.id))
                content = {"id": one.id, "revision": revision, "payload": _ENCODER.encode(one)}
                connection.execute(sa.insert(registration).values(content))
        return written

    def remove(self, registration_id: str, actor: str) -> None:
        """Take a registration away. Raises ``NotFound``."""
        with self._revisions.writing(self._engine) as connection:
            gone = connection.execute(sa.delete(registration).where(registration.c.id == registration_id))
            if not gone.rowcount:
                raise NotFound("registration-absent", name=registration_id)
            self._revisions.make(connection, actor)


def _same(given: Registration, there: Registration) -> bool:
    return msgspec.structs.replace(given, last_updated=there.last_updated) == there


def unsound_registrations(connection: Connection) -> Iterator[tuple[str, str]]:
    """The id of every registration, with what is wrong with it; empty = nothing."""
    revisions = frozenset(connection.scalars(sa.select(registration_revision.c.revision)))
    for row in connection.execute(sa.select(registration)):
        try:
            sound = _DECODER.decode(row.payload).id == row.id
        except msgspec.DecodeError as error:
            yield row.id, f"its content cannot be read ({error})"
            continue
        written = "" if row.revision in revisions else f"it names revision {row.revision}, which there never was"
        yield row.id, written if sound else "its content is that of another one"
