"""Message headers. They derive from the revision that an answer shows, never from the clock: else an ETag would lie."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ..model.message import Header, Party


def header(sender: str, updated: dt.datetime, *revisions: object) -> Header:
    """The header of an answer about the state ``revisions``, which came to be at ``updated`` (UTC)."""
    marks = "-".join(str(revision) for revision in revisions)
    return Header(
        id=f"{sender}-{marks}" if marks else sender,
        prepared=_prepared(updated),
        sender=_party(sender),
    )


@lru_cache(maxsize=256)
def _prepared(updated: dt.datetime) -> str:
    return updated.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(maxsize=16)
def _party(sender: str) -> Party:
    return Party(id=sender)
