"""What a schema says beyond a data structure itself: the codes that constraints leave, and what messages it is for."""

from __future__ import annotations

from collections.abc import Mapping

from .common import Value
from .resolved import ResolvedComponent


class Validity(Value, frozen=True, kw_only=True):
    """Rules for data of a structure (REST 2.2.2 ``schema.md``; REST 1.5.0, section 4.6.1).

    ``allowed``: per component the codes or values that its constraints leave; None or no entry = not restricted.
    ``deletion``: the schema is for deletion messages, where dimensions may be left out (any value) and, from 3.1 on,
    switched off. ``explicit_measures``: the measures of a 2.1 measure dimension, each with the values that its own
    concept gives it, when observations are to name their measure as their type; empty = they do not.
    """

    allowed: Mapping[str, frozenset[str] | None] = {}
    deletion: bool = False
    explicit_measures: tuple[ResolvedComponent, ...] = ()


ANYTHING = Validity()
"""Nothing beyond the structure."""

SWITCHED_OFF = "~"
"""The value of a dimension that does not count, in messages of SDMX 3.1."""
