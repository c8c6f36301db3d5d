"""Concept schemes (information model 4.4)."""

from __future__ import annotations

from typing import ClassVar

from .common import Item, ItemScheme, Value
from .representation import Representation


class ISOConcept(Value, frozen=True, kw_only=True):
    """Reference to a concept of an ISO 11179 registry."""

    agency: str
    scheme: str
    concept: str


class Concept(Item, frozen=True, kw_only=True):
    """A concept with its core representation, which a component may override."""

    core_representation: Representation | None = None
    iso_concept: ISOConcept | None = None


class ConceptScheme(ItemScheme, frozen=True, kw_only=True):
    """A scheme of concepts."""

    kind: ClassVar[str] = "ConceptScheme"
    items: tuple[Concept, ...] = ()
