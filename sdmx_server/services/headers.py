"""Message headers. They derive from the revision that an answer shows, never from the clock: else an ETag would lie."""

from __future__ import annotations

import datetime as dt

from ..model.message import Header, Party


def header(sender: str, updated: dt.datetime, *revisions: object) -> Header:
    """The header of an answer about the state ``revisions``, which came to be at ``updated`` (UTC)."""
    marks = "-".join(str(revision) for revision in revisions)
    return Header(
        id=f"{sender}-{marks}" if marks else sender,
        prepared=updated.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        sender=Party(id=sender),
    )
