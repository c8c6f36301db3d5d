"""Error messages in SDMX-JSON: the ``errors`` of a message without data (field guide, statusInformation)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson

from ...model.message import Header, Party
from ..api import ErrorEntry
from . import envelope
from .engine import V21, Writing

_SENDER = Party(id="sdmx-server")


def write_error(entries: Sequence[ErrorEntry], version: str) -> bytes:
    """An error message; its time is that of the failure, for errors are not cached."""
    message: dict[str, Any] = {}
    if version == V21:  # there meta is required
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        message = envelope.head(Header(id="error", prepared=now, sender=_SENDER), (), Writing(version))
    message["errors"] = [
        {"code": entry.code, "title": next(iter(entry.texts.values()), ""), "titles": dict(entry.texts)}
        for entry in entries
    ]
    return orjson.dumps(message)
