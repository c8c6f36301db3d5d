"""The use case of pruning: from an age or a moment, as people write them, to what the store is to forget."""

from __future__ import annotations

import datetime as dt
import re

from ..errors import SdmxServerError
from ..model.reference import Reference
from ..query.parameters import moment
from .ports import HistoryPruning, Progress, PruneReport

_AGE = re.compile(r"(\d{1,6})([hdwy])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}


def moment_before(older_than: str | None, before: str | None, now: dt.datetime) -> dt.datetime:
    """The moment that an age (``400d``; also ``h``, ``w``, ``y`` of 365 days) or an ISO moment (UTC) names.

    Raises ``SdmxServerError`` unless exactly one is given, for one that is not understood, and for a moment to come.
    """
    if (older_than is None) == (before is None):
        raise SdmxServerError("prune-when")
    if older_than is not None:
        found = _AGE.fullmatch(older_than.strip())
        if found is None:
            raise SdmxServerError("prune-age", text=older_than)
        try:
            return now - dt.timedelta(hours=int(found[1]) * _HOURS[found[2]])
        except OverflowError as error:
            raise SdmxServerError("prune-age-large", text=older_than) from error
    chosen = moment({"--before": before or ""}, "--before")
    if chosen is None or chosen > now:
        raise SdmxServerError("prune-future", text=before)
    return chosen


class PruningService:
    """Prunes history. Asked for more than the history there is, it does nothing."""

    def __init__(self, store: HistoryPruning) -> None:
        self._store = store

    def prune(
        self,
        older_than: str | None,
        before: str | None,
        dataflow: Reference | None,
        progress: Progress,
        *,
        dry_run: bool = False,
        compact: bool = False,
    ) -> tuple[dt.datetime, PruneReport]:
        """Forget the states before a moment (see ``moment_before``); returns it with what went, or would go.

        Raises ``NotFound`` for a dataflow without data, and ``Busy``.
        """
        until = moment_before(older_than, before, dt.datetime.now(dt.UTC))
        return until, self._store.prune(until, dataflow, progress, dry_run=dry_run, compact=compact)
