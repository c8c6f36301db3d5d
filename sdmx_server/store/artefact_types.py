"""How artefacts are packed: the kinds that the structure store holds, and the reading of their MessagePack."""

from __future__ import annotations

import hashlib

import msgspec

from ..model.category import Categorisation, CategoryScheme, ReportingTaxonomy
from ..model.codelist import Codelist, ValueList
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.constraint import AttachmentConstraint, DataConstraint, MetadataConstraint
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.datastructure import DataStructure
from ..model.hierarchy import HierarchicalCodelist, Hierarchy, HierarchyAssociation
from ..model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
)
from ..model.metadatastructure import Metadataflow, MetadataProvisionAgreement, MetadataStructure
from ..model.organisation import (
    AgencyScheme,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    OrganisationUnitScheme,
)
from ..model.process import Process
from ..model.structure_map import StructureMap
from ..model.structure_set import StructureSet
from ..model.transformation import VTL_SCHEMES

TYPES: tuple[type[Maintainable], ...] = (
    AgencyScheme,
    DataProviderScheme,
    DataConsumerScheme,
    MetadataProviderScheme,
    OrganisationUnitScheme,
    Codelist,
    ValueList,
    Hierarchy,
    HierarchyAssociation,
    HierarchicalCodelist,
    ConceptScheme,
    DataStructure,
    Dataflow,
    MetadataStructure,
    Metadataflow,
    CategoryScheme,
    Categorisation,
    ReportingTaxonomy,
    ProvisionAgreement,
    MetadataProvisionAgreement,
    DataConstraint,
    MetadataConstraint,
    AttachmentConstraint,
    StructureSet,
    StructureMap,
    RepresentationMap,
    ConceptSchemeMap,
    CategorySchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    Process,
    *VTL_SCHEMES,
)
"""The kinds that are stored."""

DECODERS = {type_.kind: msgspec.msgpack.Decoder(type_) for type_ in TYPES}
"""What reads the content of each kind."""

_ENCODER = msgspec.msgpack.Encoder()
_CANONICAL = msgspec.msgpack.Encoder(order="deterministic")


def packed(value: Maintainable) -> bytes:
    """The content of an artefact as it is stored."""
    return _ENCODER.encode(value)


def fingerprint_of(value: Maintainable) -> str:
    """SHA-256 of the content, the same in any order of languages."""
    return hashlib.sha256(_CANONICAL.encode(value)).hexdigest()
