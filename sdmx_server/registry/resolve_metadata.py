"""A metadata structure with everything that it refers to put in place (``model.resolved_metadata``)."""

from __future__ import annotations

from functools import partial

from ..errors import BadSemantics, NotFound
from ..model.metadataset import MetadataSet
from ..model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
)
from ..model.reference import Reference
from ..model.resolved import ComponentKind
from ..model.resolved_metadata import ResolvedMetadataAttribute, ResolvedMetadataStructure
from .catalogue import Catalogue
from .components import Resolver


def _attribute(resolver: Resolver, attribute: MetadataAttribute) -> ResolvedMetadataAttribute:
    most = attribute.max_occurs
    least = 1 if attribute.min_occurs is None else attribute.min_occurs
    return ResolvedMetadataAttribute(
        component=resolver.component(attribute, ComponentKind.ATTRIBUTE, mandatory=least > 0),
        min_occurs=least,
        max_occurs=None if most == "unbounded" else 1 if most is None else int(most),
        is_presentational=attribute.is_presentational,
        attributes=tuple(_attribute(resolver, one) for one in attribute.attributes),
    )


def _resolve(catalogue: Catalogue, reference: Reference) -> ResolvedMetadataStructure:
    flow = catalogue.get(reference, Metadataflow)
    if flow.structure is None:
        raise BadSemantics("stub-of-structure", reference=reference)
    found = catalogue.resolve(flow.structure)
    if found is None:
        raise BadSemantics("refers-to-absent", by=reference, reference=flow.structure)
    structure = catalogue.get(found, MetadataStructure)
    return ResolvedMetadataStructure(
        structure=structure, flow=flow, attributes=metadata_attributes(catalogue, structure)
    )


def metadata_attributes(catalogue: Catalogue, structure: MetadataStructure) -> tuple[ResolvedMetadataAttribute, ...]:
    """The attributes of a metadata structure as one list, all that they refer to in place.

    Raises ``BadSemantics`` naming both ends when something is missing.
    """
    resolver = Resolver(catalogue, structure)
    return tuple(_attribute(resolver, one) for one in structure.attribute_list)


def resolve_metadataflow(catalogue: Catalogue, written: Reference) -> ResolvedMetadataStructure:
    """The metadata structure of a metadataflow; worked out once per catalogue.

    Raises ``NotFound`` when the flow is not stored, ``BadSemantics`` naming both ends when something is missing.
    """
    reference = catalogue.resolve(written)
    if reference is None:
        raise NotFound("not-stored", reference=written)
    return catalogue.once(("resolved", reference), partial(_resolve, catalogue, reference))


def agreement_of(catalogue: Catalogue, reported: MetadataSet) -> MetadataProvisionAgreement | None:
    """The stored agreement under which a set is reported; None when it names none, or one that is not stored."""
    if reported.provision_agreement is None:
        return None
    found = catalogue.resolve(reported.provision_agreement)
    held = catalogue.load([found])[0] if found is not None else None
    return held if isinstance(held, MetadataProvisionAgreement) else None


def flow_of(catalogue: Catalogue, reported: MetadataSet) -> Reference | None:
    """The stored metadataflow that a set is reported for, at its exact version; None when it is not stored."""
    agreement = agreement_of(catalogue, reported)
    written = reported.metadataflow or (agreement.metadataflow if agreement else None)
    return None if written is None else catalogue.resolve(written)


def provider_of(catalogue: Catalogue, reported: MetadataSet) -> tuple[str | None, str]:
    """The agency of the provider's scheme, None when that is not known, and the provider's id.

    They are those of the agreement's metadata provider, or else what the set's own agency says: ``A.B`` is the provider
    ``B`` of ``A``.
    """
    agreement = agreement_of(catalogue, reported)
    provider = agreement.metadata_provider if agreement else None
    if provider is not None and provider.item is not None:
        return provider.agency, provider.item
    agency, _, own = reported.agency.rpartition(".")
    return agency or None, own
