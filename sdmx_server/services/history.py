"""What the moments of a data query ask for: a past state, what changed since, or every dissemination (``data.md``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from ..batches import Change, ReadPlan
from ..errors import TooLarge
from ..query.data import DataQuery
from .ports import Commit, CubeReading

MOST_DISSEMINATIONS = 100
"""Commits that one answer with ``includeHistory`` may hold."""

_DELETED = frozenset((Change.GONE, Change.CELLS_GONE, Change.ATTRIBUTES_GONE))
_OF_ATTRIBUTES = frozenset((Change.ATTRIBUTES_SET, Change.ATTRIBUTES_GONE))


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """One data set of an answer; the fields are those of ``batches.DataPart``."""

    plan: ReadPlan
    action: str | None = None
    attributes_only: bool = False
    valid_from: dt.datetime | None = None
    valid_to: dt.datetime | None = None


class Window(msgspec.Struct, frozen=True):
    """From which revision (None: from nothing, and nothing is compared) to which commit an answer goes."""

    since: int | None
    until: Commit
    vintage: bool  # later commits cannot change the answer
    oldest: Commit | None = None  # with which a whole history begins, where what was before is no longer kept


def window_of(query: DataQuery, reading: CubeReading) -> Window:
    """The revisions that the query's moments name. A moment to come is the present.

    Raises ``HistoryPruned`` for a moment whose state is no longer kept.
    """
    until = Commit(reading.revision.data, reading.revision.updated)
    vintage = False
    if query.as_of is not None:
        found = reading.revision_at(query.as_of)
        vintage, until = found.revision < until.revision, found
    since = None if query.updated_after is None else reading.revision_at(query.updated_after).revision
    oldest = reading.oldest() if query.include_history and since is None else None
    return Window(since, until, vintage, oldest if oldest and oldest.revision else None)


def slices(query: DataQuery, plan: ReadPlan, window: Window, reading: CubeReading, *, partial: bool) -> list[Slice]:
    """The data sets that answer the query; none where there is nothing to tell. ``partial``: ``query.data.is_partial``.

    The first and last observations of each series are those of each data set: of a state, or of what came or changed;
    what is gone is told whole. Raises ``TooLarge`` for more disseminations than an answer may hold.
    """
    if query.include_history:
        return [found for found in _disseminations(plan, window, reading, partial) if _told(query, found)]
    until = window.until.revision
    if until <= (window.since or 0):
        return []
    now = msgspec.structs.replace(plan, as_of=until if window.vintage else None)
    if window.since is None:
        return [Slice(plan=now)]
    if window.since == 0:  # all there is is new
        return [Slice(plan=now, action="Replace")]
    return [change for change in _changes(now, window.since, partial) if _told(query, change)]


def _told(query: DataQuery, found: Slice) -> bool:
    """Series alone tell no deletions: a deleted key without observations would be read as the whole series."""
    return not (query.series_only and found.action == "Delete")


def _disseminations(plan: ReadPlan, window: Window, reading: CubeReading, partial: bool) -> Iterator[Slice]:
    """The first state that is known, then what each commit changed."""
    since = window.since or 0
    if window.oldest is not None:
        if window.until.revision < window.oldest.revision:  # before the first commit
            return
        since = window.oldest.revision
        yield Slice(plan=msgspec.structs.replace(plan, as_of=since), action="Replace", valid_from=window.oldest.at)
    commits = reading.commits(since, window.until.revision, MOST_DISSEMINATIONS + 1)
    if len(commits) > MOST_DISSEMINATIONS:
        first = commits[MOST_DISSEMINATIONS - 1].at.isoformat()
        raise TooLarge("disseminations-many", most=MOST_DISSEMINATIONS, first=first)
    for commit in commits:
        then = msgspec.structs.replace(plan, as_of=commit.revision)
        if since == 0:
            yield Slice(plan=then, action="Replace", valid_from=commit.at)
        else:
            yield from _changes(then, since, partial, commit.at)
        since = commit.revision


def _changes(plan: ReadPlan, since: int, partial: bool, at: dt.datetime | None = None) -> Iterator[Slice]:
    """Replace and Delete data sets. What is there is valid from the commit on, what is gone was so until then.

    Cells that are gone are told only of a part of the components: of a whole observation Replace says it.
    """
    for change in Change:
        if change is Change.CELLS_GONE and not partial:
            continue
        deleted = change in _DELETED
        yield Slice(
            plan=msgspec.structs.replace(plan, since=since, change=change),
            action="Delete" if deleted else "Replace",
            attributes_only=change in _OF_ATTRIBUTES,
            valid_from=None if deleted else at,
            valid_to=at if deleted else None,
        )
