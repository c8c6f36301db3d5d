"""Verifies the stored artefacts: their contents, what they held before, and the revisions that both name."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..model.reference import Reference, reference_to
from .artefact_types import DECODERS, fingerprint_of
from .structure_tables import artefact, artefact_history, structure_revision

_BUFFERED = 500


def unsound_artefacts(connection: Connection) -> Iterator[tuple[Reference, str]]:
    """Every stored artefact, in the order of its keys, with what is wrong with it; empty = nothing."""
    revisions = frozenset(connection.scalars(sa.select(structure_revision.c.revision)))
    for row in _streamed(connection, sa.select(artefact).order_by(artefact.c.key)):
        reference = Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version)
        written = "" if row.revision in revisions else f"it names revision {row.revision}, which there never was"
        yield reference, _unsound(reference, row.fingerprint, row.payload) or written


def unsound_history(connection: Connection) -> Iterator[tuple[Reference, int, str]]:
    """Every kept earlier content with the revision that wrote it and what is wrong with it; empty = nothing.

    Contents of one artefact follow one another in time, and the last one ends no later than the present one begins.
    """
    columns, past = artefact.c, artefact_history
    present = {
        Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version): row.revision
        for row in connection.execute(
            sa.select(columns.kind, columns.agency, columns.id, columns.version, columns.revision)
        )
    }
    following: dict[Reference, int] = {}
    latest_first = [column.desc() for column in past.primary_key.columns]
    for row in _streamed(connection, sa.select(past).order_by(*latest_first)):
        reference = Reference(kind=row.kind, agency=row.agency, id=row.id, version=row.version)
        later = following.get(reference, present.get(reference, row.until))
        following[reference] = row.revision
        ordered = row.revision < row.until <= later
        problem = "" if ordered else f"it was replaced by revision {row.until}, but revision {later} follows it"
        yield reference, row.revision, _unsound(reference, row.fingerprint, row.payload) or problem


def _streamed(connection: Connection, query: sa.Select[tuple[object, ...]]) -> Iterator[sa.Row[tuple[object, ...]]]:
    options = {"stream_results": True, "max_row_buffer": _BUFFERED}
    with connection.execute(query, execution_options=options) as result:
        yield from result


def _unsound(reference: Reference, fingerprint: str, payload: bytes) -> str:
    try:
        value = DECODERS[reference.kind].decode(payload)
    except (KeyError, msgspec.DecodeError) as error:
        return f"its content cannot be read ({error})"
    same = reference_to(value) == reference and fingerprint_of(value) == fingerprint
    return "" if same else "its content is not what its fingerprint says"
