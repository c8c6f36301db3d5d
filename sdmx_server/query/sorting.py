"""The parameter ``sort`` of data queries (REST 2.2.2 ``data.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..batches import SortKey
from ..errors import BadQuery, BadSemantics
from ..model.common import Value
from ..model.resolved import ResolvedStructure

ALL_DIMENSIONS = "AllDimensions"
"""The value of ``dimensionAtObservation`` for a flat answer."""

_EVERY, _SERIES = "*", "series_key"
_TERM = re.compile(r"(?P<name>\*|[A-Za-z][A-Za-z0-9_-]*)(:(?P<way>asc|desc))?")


class SortTerm(Value, frozen=True, kw_only=True):
    """A component, ``*`` or ``series_key``, and its direction."""

    name: str
    descending: bool = False


def parse_sort(text: str | None) -> tuple[SortTerm, ...]:
    """The terms in their order; none when the parameter is not given. Raises ``BadQuery``."""
    found: list[SortTerm] = []
    if not text:
        return ()
    for part in text.split("+"):
        term = _TERM.fullmatch(part)
        if term is None:
            raise BadQuery("sort-form", text=text, part=part)
        if any(other.name == term["name"] for other in found):
            raise BadQuery("sort-twice", name=term["name"])
        found.append(SortTerm(name=term["name"], descending=term["way"] == "desc"))
    return tuple(found)


def sort_keys(terms: Sequence[SortTerm], schema: ResolvedStructure, dimension: str) -> tuple[SortKey, ...]:
    """The components to sort by, in their order: what names several does so in the order of the structure.

    ``dimension`` is that at the observation, or ``AllDimensions``. A component that two terms name counts where it
    comes first. Raises ``BadSemantics``.
    """
    keys: dict[str, SortKey] = {}
    for term in terms:
        for name in _named(term.name, schema, dimension):
            keys.setdefault(name, SortKey(name, term.descending))
    return tuple(keys.values())


def _named(name: str, schema: ResolvedStructure, dimension: str) -> Sequence[str]:
    if name == _EVERY:
        return schema.dimension_ids
    if schema.component(name) is not None:
        return (name,)
    if name != _SERIES:
        raise BadSemantics("sort-unknown", name=name, known=[c.id for c in schema.components])
    if dimension == ALL_DIMENSIONS:
        raise BadSemantics("sort-series")
    return [d for d in schema.dimension_ids if d != dimension]
