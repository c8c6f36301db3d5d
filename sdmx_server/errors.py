"""Errors of the domain. They know no HTTP; ``web.errors`` maps them to status and SDMX code.

A ``Problem`` is data, not an exception: one finding about a file or a message, with place, value, rule and way out in
Persian and English. Findings are collected, and one ``Refused`` carries them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding. ``code`` is the catalogue entry; ``texts`` hold the sentence in ``en`` and ``fa``."""

    code: str
    texts: dict[str, str]
    file: str | None = None
    sheet: str | None = None
    row: int | None = None  # 1-based line of the file, as an editor shows it
    column: str | None = None
    path: str | None = None  # XPath or JSON pointer in a message
    value: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            f"{name} {value}"
            for name, value in (("sheet", self.sheet), ("line", self.row), ("column", self.column), ("at", self.path))
            if value is not None
        )
        where = ": ".join(part for part in (self.file or "", place) if part)
        return f"{where}: {self.texts['en']}" if where else self.texts["en"]


class SdmxServerError(Exception):
    """Base of all errors that a user may see; the message names what is wrong and the way out."""


class NotFound(SdmxServerError):
    """The artefact that was asked for does not exist."""


class BadQuery(SdmxServerError):
    """The query does not follow the standard's syntax."""


class BadSemantics(SdmxServerError):
    """The query is well formed but makes no sense for the structure (an unknown component, say)."""


class NotAcceptable(SdmxServerError):
    """No offered format fits what was asked for; ``offered`` lists the media types that are."""

    def __init__(self, message: str, offered: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.offered = tuple(offered)


class NotImplementedYet(SdmxServerError):
    """Part of the standard that this server does not offer."""


class TooLarge(SdmxServerError):
    """The request or its answer is over a limit."""


class Busy(SdmxServerError):
    """The server has no room for this now; ``retry_after`` in seconds."""

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(SdmxServerError):
    """A change contradicts what is stored (a stable version is immutable, say)."""


class HistoryPruned(SdmxServerError):
    """A past was asked for that is no longer kept; ``earliest`` is the first moment that can be asked for (UTC)."""

    def __init__(self, message: str, earliest: dt.datetime) -> None:
        super().__init__(message)
        self.earliest = earliest


class Damaged(SdmxServerError):
    """Stored data fails its checksum; the message names the key."""


class Refused(SdmxServerError):
    """An input was refused whole; ``problems`` are all findings, and nothing was changed."""

    def __init__(self, problems: Sequence[Problem], summary: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__(summary or "; ".join(str(p) for p in self.problems[:3]))
