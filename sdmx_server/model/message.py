"""The envelope of a message: header and artefacts (SDMX-ML section 3A part I; SDMX-JSON ``meta``)."""

from __future__ import annotations

from ..errors import Problem
from .common import International, Maintainable, Value
from .constraint import DataConstraint
from .organisation import Contact


class Party(Value, frozen=True, kw_only=True):
    """A sender or receiver."""

    id: str
    names: International = {}
    contacts: tuple[Contact, ...] = ()
    timezone: str | None = None  # of a sender, SDMX-ML only


class Header(Value, frozen=True, kw_only=True):
    """A message header. ``prepared`` is an ISO 8601 date-time with offset.

    Id and time of an answer derive from the revision that it shows, never from the clock: else its ETag would lie.
    """

    id: str
    prepared: str
    sender: Party
    test: bool = False
    receivers: tuple[Party, ...] = ()
    names: International = {}
    sources: International = {}
    schema_uri: str | None = None


class FooterMessage(Value, frozen=True, kw_only=True):
    """A remark of the service at the end of a message. ``severity`` is Error, Warning or Information."""

    code: str
    severity: str | None = None
    texts: International = {}


class StructureMessage(Value, frozen=True, kw_only=True):
    """A header and the artefacts of a structure message, in any order.

    ``origins`` are artefacts of a kind of another generation that became some of these: what they lost is told.
    ``remarks``: what a message that was read did not have as the standard wants it, and how it was understood.
    """

    header: Header
    artefacts: tuple[Maintainable, ...] = ()
    footer: tuple[FooterMessage, ...] = ()
    origins: tuple[Maintainable, ...] = ()
    remarks: tuple[Problem, ...] = ()


class Available(Value, frozen=True, kw_only=True):
    """What there is of one artefact's data: a region of its cube, and how many observations and series that are."""

    constraint: DataConstraint  # attachment + one cube region; role Actual
    observations: int | None = None
    series: int | None = None


class AvailabilityMessage(Value, frozen=True, kw_only=True):
    """The answer to an availability query, and the artefacts asked for by ``references``."""

    header: Header
    available: tuple[Available, ...]
    artefacts: tuple[Maintainable, ...] = ()
