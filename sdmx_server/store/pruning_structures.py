"""Forgets what artefacts held before: the contents that only states before a moment need."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..services.ports import PrunedStructures
from .past_structures import last_revision, oldest_revision
from .structure_tables import artefact_history, structure_revision

_h, _r = artefact_history.c, structure_revision.c


def count_past(connection: Connection, before: dt.datetime) -> PrunedStructures | None:
    """What goes when only the states from a moment on are kept; None for nothing.

    As with data, what there was at the beginning of the moment's second stays: clients keep moments cut to the second.
    """
    revision, at = last_revision(connection, last_revision(connection, before)[1].replace(microsecond=0))
    gone = connection.scalar(sa.select(sa.func.count()).where(_r.kept, _r.revision < revision)) or 0
    if not gone or revision <= oldest_revision(connection)[0]:
        return None
    size = sa.func.sum(sa.func.length(_h.payload))
    contents, taken = connection.execute(sa.select(sa.func.count(), size).where(_h.until <= revision)).one()
    return PrunedStructures(oldest=revision, at=at, revisions=gone, contents=contents, bytes=int(taken or 0))


def prune_past(connection: Connection, found: PrunedStructures) -> None:
    """Drop it, in the running transaction."""
    connection.execute(sa.update(structure_revision).where(_r.revision < found.oldest).values(kept=False))
    connection.execute(sa.delete(artefact_history).where(_h.until <= found.oldest))
