"""Which artefacts an artefact refers to (information model; REST ``structures.md``, table of references)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from ..model.category import Categorisation, ReportingCategory, ReportingTaxonomy
from ..model.codelist import Codelist
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.constraint import AttachmentConstraint, Constraint, DataConstraint, MetadataConstraint, TargetSelection
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.datastructure import Component, DataStructure
from ..model.hierarchy import HierarchicalCode, HierarchicalCodelist, Hierarchy, HierarchyAssociation
from ..model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    ItemSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
)
from ..model.metadatastructure import MetadataAttribute, Metadataflow, MetadataProvisionAgreement, MetadataStructure
from ..model.process import Process, ProcessStep
from ..model.reference import Reference, parse_urn
from ..model.representation import Representation
from ..model.structure_map import StructureMap
from ..model.structure_set import MAPS, StructureSet
from ..model.transformation import RulesetScheme, TransformationScheme, UserDefinedOperatorScheme, VtlMappingScheme

ANY = "Any"
"""The kind of a target that may be of any kind."""

_ANY_TARGET = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.base\.Any="
    r"(?P<agency>[^:()]+):(?P<id>[^()]+)\((?P<version>[^()]*)\)(?:\.(?P<item>.+))?"
)

_Written = Iterator[Reference | None]


def _of_representation(representation: Representation | None) -> Reference | None:
    return representation.enumeration if representation else None


def _of_components(components: Iterable[Component]) -> _Written:
    for component in components:
        yield component.concept
        yield _of_representation(component.representation)
        yield from component.roles


def _of_codelist(artefact: Codelist) -> _Written:
    for extension in artefact.extensions:
        yield extension.codelist


def _of_hierarchical_codes(codes: Iterable[HierarchicalCode]) -> _Written:
    for code in codes:
        yield code.code
        yield from _of_hierarchical_codes(code.codes)


def _of_hierarchy(artefact: Hierarchy) -> _Written:
    yield from _of_hierarchical_codes(artefact.codes)


def _of_hierarchical_codelist(artefact: HierarchicalCodelist) -> _Written:
    for included in artefact.included:
        yield included.codelist
    for hierarchy in artefact.hierarchies:
        yield from _of_hierarchical_codes(hierarchy.codes)


def _of_hierarchy_association(artefact: HierarchyAssociation) -> _Written:
    yield artefact.linked_hierarchy
    yield artefact.linked_object
    yield artefact.context_object


def _of_concept_scheme(artefact: ConceptScheme) -> _Written:
    for concept in artefact.items:
        yield _of_representation(concept.core_representation)


def _of_structure(artefact: DataStructure) -> _Written:
    time = (artefact.time_dimension,) if artefact.time_dimension else ()
    yield from _of_components((*artefact.dimensions, *time, *artefact.measures, *artefact.attributes))
    for group in artefact.groups:
        yield group.attachment_constraint
    yield artefact.metadata


def _of_dataflow(artefact: Dataflow) -> _Written:
    yield artefact.structure


def _of_metadata_attributes(attributes: Iterable[MetadataAttribute]) -> _Written:
    for attribute in attributes:
        yield from _of_components((attribute,))
        yield from _of_metadata_attributes(attribute.attributes)


def _of_metadata_structure(artefact: MetadataStructure) -> _Written:
    yield from _of_metadata_attributes(artefact.attributes)
    for report in artefact.reports:
        yield from _of_metadata_attributes(report.attributes)
    for target in artefact.targets:
        for thing in target.objects:
            yield _of_representation(thing.representation)


def _of_targets(urns: Iterable[str]) -> _Written:
    """What metadata may be attached to, wildcards included; a text that is no URN of a known class names nothing."""
    for urn in urns:
        found = _ANY_TARGET.fullmatch(urn.strip())
        if found is not None:
            yield Reference(kind=ANY, **found.groupdict())
            continue
        with suppress(ValueError):
            yield parse_urn(urn)


def _of_metadataflow(artefact: Metadataflow) -> _Written:
    yield artefact.structure
    yield from _of_targets(artefact.targets)


def _of_provision_agreement(artefact: ProvisionAgreement) -> _Written:
    yield artefact.dataflow
    yield artefact.data_provider


def _of_categorisation(artefact: Categorisation) -> _Written:
    yield artefact.source
    yield artefact.target


def _of_metadata_provision_agreement(artefact: MetadataProvisionAgreement) -> _Written:
    yield artefact.metadataflow
    yield artefact.metadata_provider
    yield from _of_targets(artefact.targets)


def _of_reporting_categories(categories: Iterable[ReportingCategory]) -> _Written:
    for category in categories:
        yield from (*category.structures, *category.usages)
        yield from _of_reporting_categories(category.items)


def _of_reporting_taxonomy(artefact: ReportingTaxonomy) -> _Written:
    yield from _of_reporting_categories(artefact.items)


def _of_target_selections(selections: Iterable[TargetSelection]) -> _Written:
    for selection in selections:
        yield from selection.objects
        for target in selection.data_sets:
            yield target.data_provider


def _of_constraint(artefact: Constraint | AttachmentConstraint) -> _Written:
    if artefact.attachment:
        yield from artefact.attachment.references
        for target in (*artefact.attachment.data_sets, *artefact.attachment.metadata_sets):
            yield target.data_provider
    for key_set in artefact.metadata_key_sets:
        for key in key_set.keys:
            yield from _of_target_selections(key.keys)
    if isinstance(artefact, Constraint):
        for region in artefact.metadata_regions:
            yield from _of_target_selections(region.keys)


def _of_scheme_map(artefact: ItemSchemeMap) -> _Written:
    yield artefact.source
    yield artefact.target


def _of_structure_map(artefact: StructureMap) -> _Written:
    yield artefact.source
    yield artefact.target
    for component_map in artefact.component_maps:
        yield component_map.representation_map


def _of_structure_set(artefact: StructureSet) -> _Written:
    yield from artefact.related
    for field in MAPS.values():
        for held in getattr(artefact, field):
            yield held.source
            yield held.target


def _of_representation_map(artefact: RepresentationMap) -> _Written:
    for side in (*artefact.sources, *artefact.targets):
        yield side.codelist


def _of_vtl_mapping_scheme(artefact: VtlMappingScheme) -> _Written:
    for mapping in artefact.items:
        yield mapping.target


def _of_ruleset_scheme(artefact: RulesetScheme) -> _Written:
    yield artefact.vtl_mapping_scheme


def _of_operator_scheme(artefact: UserDefinedOperatorScheme) -> _Written:
    yield artefact.vtl_mapping_scheme
    yield from artefact.ruleset_schemes


def _of_transformation_scheme(artefact: TransformationScheme) -> _Written:
    yield artefact.vtl_mapping_scheme
    yield artefact.name_personalisation_scheme
    yield artefact.custom_type_scheme
    yield from artefact.ruleset_schemes
    yield from artefact.user_defined_operator_schemes


def _of_steps(steps: Iterable[ProcessStep]) -> _Written:
    for step in steps:
        for thing in (*step.inputs, *step.outputs):
            yield thing.artefact
        yield from _of_steps(step.steps)


def _of_process(artefact: Process) -> _Written:
    yield from _of_steps(artefact.steps)


_BY_TYPE: dict[type[Maintainable], Callable[..., _Written]] = {
    Codelist: _of_codelist,
    Hierarchy: _of_hierarchy,
    HierarchicalCodelist: _of_hierarchical_codelist,
    HierarchyAssociation: _of_hierarchy_association,
    ConceptScheme: _of_concept_scheme,
    DataStructure: _of_structure,
    Dataflow: _of_dataflow,
    MetadataStructure: _of_metadata_structure,
    Metadataflow: _of_metadataflow,
    ProvisionAgreement: _of_provision_agreement,
    Categorisation: _of_categorisation,
    MetadataProvisionAgreement: _of_metadata_provision_agreement,
    ReportingTaxonomy: _of_reporting_taxonomy,
    DataConstraint: _of_constraint,
    MetadataConstraint: _of_constraint,
    AttachmentConstraint: _of_constraint,
    StructureSet: _of_structure_set,
    StructureMap: _of_structure_map,
    RepresentationMap: _of_representation_map,
    ConceptSchemeMap: _of_scheme_map,
    CategorySchemeMap: _of_scheme_map,
    OrganisationSchemeMap: _of_scheme_map,
    ReportingTaxonomyMap: _of_scheme_map,
    Process: _of_process,
    VtlMappingScheme: _of_vtl_mapping_scheme,
    RulesetScheme: _of_ruleset_scheme,
    UserDefinedOperatorScheme: _of_operator_scheme,
    TransformationScheme: _of_transformation_scheme,
}
"""The kinds that hold references; organisation and category schemes and value lists hold none."""


def references_of(artefact: Maintainable) -> list[Reference]:
    """Every reference that the artefact holds, as written (items and wildcards kept), each once, in document order.

    The reference to the scheme of its agency is implied by ``agencyID`` and not listed here.
    """
    walk = _BY_TYPE.get(type(artefact))
    return list(dict.fromkeys(found for found in walk(artefact) if found is not None)) if walk else []
