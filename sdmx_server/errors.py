"""Errors of the domain. They know no HTTP; ``web.errors`` maps them to status and SDMX code.

An error names an entry of ``error_texts`` and the values in it: it has a sentence in English and one in Persian.
A ``Problem`` is data, not an exception: one finding about a file or a message, with place, value, rule and way out in
Persian and English. Findings are collected, and one ``Refused`` carries them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from .error_texts import LANGUAGES, texts_of

_PLACES = {"en": ("sheet", "line", "column", "at"), "fa": ("کاربرگ", "سطر", "ستون", "در")}
_COMMAS = {"en": ", ", "fa": "، "}
_STOPS = {"en": "; ", "fa": "؛ "}


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

    def sentence(self, language: str) -> str:
        """The text in a language, behind its place."""
        values = (self.sheet, self.row, self.column, self.path)
        named = zip(_PLACES[language], values, strict=True)
        place = _COMMAS[language].join(f"{name} {value}" for name, value in named if value is not None)
        where = ": ".join(part for part in (self.file or "", place) if part)
        text = self.texts.get(language, self.texts["en"])
        return f"{where}: {text}" if where else text

    def __str__(self) -> str:
        return self.sentence("en")


class SdmxServerError(Exception):
    """Base of all errors that a user may see; the sentence names what is wrong and the way out.

    ``code`` is its entry in ``error_texts``, ``values`` are what stands in it. It is worded when somebody reads it.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    @property
    def texts(self) -> dict[str, str]:
        """The sentence by language, ``en`` and ``fa``."""
        return texts_of(self.code, **self.values)

    def __str__(self) -> str:
        return self.texts["en"]


class Malformed(SdmxServerError, ValueError):
    """A text that is not what it is to be: no version, no reference."""


class NotFound(SdmxServerError):
    """The artefact that was asked for does not exist."""


class BadQuery(SdmxServerError):
    """The query does not follow the standard's syntax."""


class BadSemantics(SdmxServerError):
    """The query is well formed but makes no sense for the structure (an unknown component, say)."""


class NotAcceptable(SdmxServerError):
    """No offered format fits what was asked for; ``offered`` lists the media types that are."""

    def __init__(self, code: str, /, *, offered: Sequence[str] = (), **values: object) -> None:
        super().__init__(code, offered=offered, **values)
        self.offered = tuple(offered)


class NotImplementedYet(SdmxServerError):
    """Part of the standard that this server does not offer."""


class TooLarge(SdmxServerError):
    """The request or its answer is over a limit."""


class Busy(SdmxServerError):
    """The server has no room for this now; ``retry_after`` in seconds."""

    def __init__(self, code: str, /, *, retry_after: int = 5, **values: object) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class Conflict(SdmxServerError):
    """A change contradicts what is stored (a stable version is immutable, say)."""


class HistoryPruned(SdmxServerError):
    """A past was asked for that is no longer kept; ``earliest`` is the first moment that can be asked for (UTC)."""

    def __init__(self, code: str, /, *, earliest: dt.datetime, **values: object) -> None:
        super().__init__(code, earliest=earliest, **values)
        self.earliest = earliest


class Damaged(SdmxServerError):
    """Stored data fails its checksum; the message names the key."""


_QUOTED = 3
"""Findings that the sentence of a refusal has; ``Refused.problems`` are all."""


class Refused(SdmxServerError):
    """An input was refused whole; ``problems`` are all findings, and nothing was changed.

    ``count``: how many there are of a load, which may be more than are kept.
    """

    def __init__(self, problems: Sequence[Problem], count: int | None = None) -> None:
        self.problems = tuple(problems)
        first = self.problems[:_QUOTED]
        findings = {language: _STOPS[language].join(p.sentence(language) for p in first) for language in LANGUAGES}
        if count is None:
            super().__init__("findings", findings=findings)
        else:
            super().__init__("findings-of-load", findings=findings, count=count)
