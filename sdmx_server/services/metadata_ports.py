"""What the use cases of reference metadata and of registrations need from the outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

import msgspec

from ..model.metadataset import MetadataSet
from ..model.reference import Reference
from ..model.registration import Registration


class MetadataHead(msgspec.Struct, frozen=True):
    """One stored metadata set without its attributes, written by a ``revision`` at a moment (UTC).

    ``key`` is the store's own; ``until`` in a history when the content was replaced or removed, None: it is present.
    """

    key: int
    metadata_set: MetadataSet
    at: dt.datetime
    revision: int
    until: dt.datetime | None = None


class MetadataState(msgspec.Struct, frozen=True):
    """All metadata sets after one revision: what an answer is worked out from, and its ETag."""

    revision: int
    updated: dt.datetime  # UTC
    heads: tuple[MetadataHead, ...]


class MetadataStore(Protocol):
    """Metadata sets. A revision counts every change of any of them; past states stay until they are pruned."""

    def state(self, as_of: dt.datetime | None = None) -> MetadataState:
        """The present state, or that of a moment; revision 0, in which there was nothing, before the first change.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        ...

    def history(self) -> MetadataState:
        """The present revision with all contents that there were and that are kept, the older ones of a set first."""
        ...

    def load(self, heads: Sequence[MetadataHead]) -> list[MetadataSet]:
        """The whole sets of heads that a state gave, in that order.

        Raises ``HistoryPruned`` when they were pruned meanwhile.
        """
        ...

    def put(self, sets: Sequence[MetadataSet], actor: str) -> list[Reference]:
        """Add or replace sets in one transaction; returns those that changed.

        Raises ``Conflict`` where a stable version would change; then nothing is stored.
        """
        ...

    def remove(self, reference: Reference, actor: str) -> None:
        """Take a set away; past states keep it. Raises ``NotFound``."""
        ...


class RegistrationState(msgspec.Struct, frozen=True):
    """All registrations after one revision, sorted by id."""

    revision: int
    updated: dt.datetime  # UTC
    registrations: tuple[Registration, ...]


class RegistrationStore(Protocol):
    """Registrations. A revision counts every change of any of them."""

    def state(self) -> RegistrationState:
        """The present state."""
        ...

    def put(self, registrations: Sequence[Registration], actor: str) -> list[Registration]:
        """Add registrations, or replace those of their ids, in one transaction.

        Returns those that changed, with the moment of this change; their own ``last_updated`` counts for nothing.
        """
        ...

    def remove(self, registration_id: str, actor: str) -> None:
        """Take a registration away. Raises ``NotFound``."""
        ...
