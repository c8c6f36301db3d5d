"""Forgets what artefacts and metadata sets held before: the contents that only states before a moment need."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..services.ports import PrunedPast
from .metadata_tables import metadata_revision, metadata_set
from .revisions import Revisions
from .structure_tables import artefact_history, structure_revision


class Past(NamedTuple):
    """Tables of a history: ``revisions`` has the column ``kept``; ``contents`` the columns ``until`` and ``payload``.

    A content whose ``until`` is null is a present one.
    """

    revisions: sa.Table
    contents: sa.Table


STRUCTURES = Past(structure_revision, artefact_history)
METADATA = Past(metadata_revision, metadata_set)


def count_past(connection: Connection, past: Past, before: dt.datetime) -> PrunedPast | None:
    """What goes when only the states from a moment on are kept; None for nothing.

    As with data, what there was at the beginning of the moment's second stays: clients keep moments cut to the second.
    """
    revisions, made, held = Revisions(past.revisions), past.revisions.c, past.contents.c
    revision, at = revisions.at(connection, revisions.at(connection, before)[1].replace(microsecond=0))
    gone = connection.scalar(sa.select(sa.func.count()).where(made.kept, made.revision < revision)) or 0
    if not gone or revision <= revisions.oldest(connection)[0]:
        return None
    size = sa.func.sum(sa.func.length(held.payload))
    contents, taken = connection.execute(sa.select(sa.func.count(), size).where(held.until <= revision)).one()
    return PrunedPast(oldest=revision, at=at, revisions=gone, contents=contents, bytes=int(taken or 0))


def prune_past(connection: Connection, past: Past, found: PrunedPast) -> None:
    """Drop it, in the running transaction."""
    connection.execute(sa.update(past.revisions).where(past.revisions.c.revision < found.oldest).values(kept=False))
    connection.execute(sa.delete(past.contents).where(past.contents.c.until <= found.oldest))
