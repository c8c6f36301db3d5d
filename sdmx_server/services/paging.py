"""Pages of an answer that may have several data sets, and the limit on its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..batches import ReadPlan
from ..errors import TooLarge
from .parts import OpenPart


def page_of(parts: Sequence[OpenPart]) -> list[OpenPart]:
    """The parts of the page that their plans ask for, each with what of it the page has.

    Observations are counted through all data sets, in the order of the message. Attributes by themselves stand on the
    page where they are met.
    """
    if len(parts) < 2 or not (parts[0].plan.offset or parts[0].plan.limit is not None):
        return list(parts)
    return list(_paged(parts, parts[0].plan.offset, parts[0].plan.limit))


def _paged(parts: Sequence[OpenPart], begin: int, limit: int | None) -> Iterator[OpenPart]:
    position, end = 0, None if limit is None else begin + limit
    for part in parts:
        if end is not None and position >= end:
            return
        if part.slice.attributes_only:
            if position >= begin:
                yield part
            continue
        n = _count(part)
        offset = max(begin - position, 0)
        left = n - offset if end is None else min(n, end - position) - offset
        position += n
        if left > 0:
            yield part.with_page(offset, left)


def _count(part: OpenPart) -> int:
    """The observations of a part without its page."""
    return part.reading.count(part.schema, msgspec.structs.replace(part.plan, sort=(), offset=0, limit=None))


def check_cells(parts: Sequence[OpenPart], most: int, can_page: bool) -> None:
    """Raise ``TooLarge`` for an answer of more cells, that is observations times measures, than ``most``.

    They are counted in the store's index, or among the keys of a selection; not at all where nothing is so large.
    """
    if sum(_bound(part) * _measures(part) for part in parts) <= most:
        return
    cells = sum(_shown(part) * _measures(part) for part in parts)
    if cells > most:
        raise TooLarge("cells-many-pages" if can_page else "cells-many", cells=cells, most=most)


def _measures(part: OpenPart) -> int:
    wanted = part.plan.measures
    return max(1, len(part.schema.measures if wanted is None else wanted))


def _bound(part: OpenPart) -> int:
    """No more observations than these, where that is known without looking."""
    if part.slice.attributes_only:
        return 0
    whole = part.reading.count(part.schema, ReadPlan())
    if part.plan.since is not None or part.plan.as_of is not None:  # there may have been more
        return part.plan.limit if part.plan.limit is not None else _count(part)
    return whole if part.plan.limit is None else min(whole, part.plan.limit)


def _shown(part: OpenPart) -> int:
    if part.slice.attributes_only:
        return 0
    left = max(_count(part) - part.plan.offset, 0)
    return left if part.plan.limit is None else min(left, part.plan.limit)
