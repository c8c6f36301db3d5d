"""A metadata structure with everything it refers to put in place, ready for the checks and the writers.

Built once per structure revision by ``registry.resolve_metadata``; plain data here so that every layer can read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from .common import International, Value
from .message import FooterMessage, Header
from .metadataset import MetadataSet
from .metadatastructure import Metadataflow, MetadataStructure
from .reference import Reference
from .resolved import ResolvedComponent


class ResolvedMetadataAttribute(Value, frozen=True, kw_only=True):
    """A metadata attribute: what a single value is (``component``), how often it occurs, and its sub-attributes.

    ``max_occurs`` None = unbounded. ``is_presentational``: it takes no value and only holds others.
    """

    component: ResolvedComponent
    min_occurs: int = 1
    max_occurs: int | None = 1
    is_presentational: bool = False
    attributes: tuple[ResolvedMetadataAttribute, ...] = ()

    @property
    def id(self) -> str:
        """The id of the attribute."""
        return self.component.id


class ResolvedMetadataStructure(Value, frozen=True, kw_only=True):
    """A resolved metadata structure, seen through a metadataflow."""

    structure: MetadataStructure
    flow: Metadataflow
    attributes: tuple[ResolvedMetadataAttribute, ...]

    def paths(self) -> Iterator[tuple[tuple[ResolvedMetadataAttribute, ...], ResolvedMetadataAttribute]]:
        """Every attribute with those above it, in the order of the structure."""
        return _paths((), self.attributes)


def _paths(
    above: tuple[ResolvedMetadataAttribute, ...], attributes: tuple[ResolvedMetadataAttribute, ...]
) -> Iterator[tuple[tuple[ResolvedMetadataAttribute, ...], ResolvedMetadataAttribute]]:
    for one in attributes:
        yield above, one
        yield from _paths((*above, one), one.attributes)


class MetadataPart(Value, frozen=True, kw_only=True):
    """A metadata set of a message.

    When it is to be written: the structure that it follows, the flow that it belongs to at its exact version, and the
    names of what it is reported for and about; ``wildcards`` are the URNs of what targets with wildcards mean. ``row``
    is its line in a file that has one for each set.
    """

    metadata_set: MetadataSet
    structure: ResolvedMetadataStructure | None = None
    flow: Reference | None = None
    context_names: International = {}
    target_names: tuple[International, ...] = ()
    wildcards: dict[str, tuple[str, ...]] = {}
    row: int | None = None


class MetadataMessage(Value, frozen=True, kw_only=True):
    """A message of metadata sets.

    ``language`` is that of single texts of attributes that have texts in languages; ``labelled``: codes may be followed
    by ``: `` and their names (SDMX-CSV). ``remarks``: as those of a ``StructureMessage``.
    """

    header: Header
    parts: tuple[MetadataPart, ...] = ()
    footer: tuple[FooterMessage, ...] = ()
    language: str = "en"
    labelled: bool = False
    remarks: tuple[Problem, ...] = ()
