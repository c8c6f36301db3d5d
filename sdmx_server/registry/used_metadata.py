"""Metadata attributes that a data structure lets be reported with data (SDMX 3.x, ``MetadataAttributeUsage``).

They become attributes flagged ``metadata``: stored, filtered and written like those of the structure itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..errors import BadSemantics
from ..model.datastructure import DataStructure
from ..model.metadatastructure import MetadataAttribute, MetadataStructure
from ..model.reference import reference_to
from ..model.resolved import ComponentKind, ResolvedComponent
from .catalogue import Catalogue
from .components import Resolver, needed

_Above = tuple[MetadataAttribute, ...]


def _with_those_above(
    attributes: Sequence[MetadataAttribute], above: _Above = ()
) -> Iterator[tuple[MetadataAttribute, _Above]]:
    for attribute in attributes:
        yield attribute, above
        yield from _with_those_above(attribute.attributes, (*above, attribute))


def _named_by(usage: str, structure: MetadataStructure) -> list[tuple[MetadataAttribute, _Above]]:
    """The metadata attributes that a usage may mean: by their id, or by their path (``CONTACT.NAME``)."""
    every = _with_those_above(structure.attribute_list)
    if "." not in usage:
        return [(attribute, above) for attribute, above in every if attribute.id == usage]
    return [found for found in every if ".".join(one.id for one in (*found[1], found[0])) == usage]


def used_metadata(
    catalogue: Catalogue, structure: DataStructure, resolver: Resolver, ids: Sequence[str]
) -> Iterator[ResolvedComponent]:
    """The metadata attributes that a structure uses, in the order of their usages; ``ids`` are its dimensions.

    One that may occur several times is multi-valued. None is mandatory: what the metadata structure demands it demands
    of reports. Raises ``BadSemantics`` for what cannot be told with data: a metadata attribute without a value, or with
    one in each of several occurrences of what it stands in.
    """
    if not structure.metadata_attribute_usages:
        return
    held = _metadata_structure(catalogue, structure)
    of_metadata = Resolver(catalogue, held)
    for usage in structure.metadata_attribute_usages:
        attribute, above = _meant(structure, held, usage.metadata_attribute)
        component = of_metadata.component(
            attribute,
            ComponentKind.ATTRIBUTE,
            attached_to=resolver.attachment(attribute.id, usage.relationship, ids),
            group=usage.relationship.group,
        )
        several = _several(attribute)
        if several:
            most = None if attribute.max_occurs == "unbounded" else int(attribute.max_occurs or 1)
            component = msgspec.structs.replace(component, multi_valued=True, max_occurs=most)
        yield msgspec.structs.replace(component, metadata=True, above=tuple(one.id for one in above))


def _metadata_structure(catalogue: Catalogue, structure: DataStructure) -> MetadataStructure:
    name = reference_to(structure)
    if structure.metadata is None:
        raise BadSemantics("used-unnamed", structure=name)
    held = needed(catalogue, structure, structure.metadata)
    if not isinstance(held, MetadataStructure):
        raise BadSemantics("used-of-other-kind", structure=name, kind=held.kind, reference=structure.metadata)
    return held


def _meant(structure: DataStructure, held: MetadataStructure, usage: str) -> tuple[MetadataAttribute, _Above]:
    """The metadata attribute that a usage means, with those above it."""
    name = reference_to(structure)
    found = _named_by(usage, held)
    if len(found) != 1:
        wrong = "used-ambiguous" if found else "used-absent"
        raise BadSemantics(wrong, structure=name, usage=usage, held=reference_to(held))
    attribute, above = found[0]
    if attribute.is_presentational:
        raise BadSemantics("used-presentational", structure=name, usage=usage)
    if repeated := next((one.id for one in above if _several(one)), None):
        raise BadSemantics("used-repeated", structure=name, usage=usage, above=repeated)
    return attribute, above


def _several(attribute: MetadataAttribute) -> bool:
    return attribute.max_occurs not in (None, 1)


def refuse_twice(structure: DataStructure, ids: Sequence[str]) -> None:
    """A metadata attribute needs an id of its own beside the components, for data name both by it alone.

    Raises ``BadSemantics`` for two of one id.
    """
    if structure.metadata_attribute_usages and len(set(ids)) < len(ids):
        twice = next(component for component in ids if ids.count(component) > 1)
        raise BadSemantics("used-twice", structure=reference_to(structure), name=twice)
