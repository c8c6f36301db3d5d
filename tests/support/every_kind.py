"""A world with one artefact of every kind, which refers to all that its kind can refer to, and is referred to.

What can refer to anything - categorisations, hierarchy associations, targets of metadata, processes - has one artefact
for each kind, named after it: ``CAT_Codelist`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sdmx_server.model.category import (
    Categorisation,
    Category,
    CategoryScheme,
    ReportingCategory,
    ReportingTaxonomy,
)
from sdmx_server.model.codelist import Code, Codelist, CodelistExtension, ValueItem, ValueList
from sdmx_server.model.common import Maintainable
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.constraint import (
    AttachmentConstraint,
    ConstraintAttachment,
    DataConstraint,
    MetadataConstraint,
)
from sdmx_server.model.dataflow import Dataflow, ProvisionAgreement
from sdmx_server.model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    Group,
    Measure,
)
from sdmx_server.model.hierarchy import (
    CodelistHierarchy,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
)
from sdmx_server.model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    ItemMap,
    MappedList,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    ValueMapping,
)
from sdmx_server.model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
)
from sdmx_server.model.organisation import (
    AgencyScheme,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    Organisation,
    OrganisationUnitScheme,
)
from sdmx_server.model.process import Process, ProcessArtefact, ProcessStep
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.representation import Representation
from sdmx_server.model.structure_map import ComponentMap, StructureMap
from sdmx_server.model.structure_set import ComponentName, ComponentPair, SchemeMap, StructureMapping, StructureSet
from sdmx_server.model.transformation import (
    CustomTypeScheme,
    NamePersonalisationScheme,
    RulesetScheme,
    TransformationScheme,
    UserDefinedOperatorScheme,
    VtlMapping,
    VtlMappingScheme,
)

ORGANISATION_SCHEMES = {
    "DataProviderScheme": "DATA_PROVIDERS",
    "DataConsumerScheme": "DATA_CONSUMERS",
    "MetadataProviderScheme": "METADATA_PROVIDERS",
    "OrganisationUnitScheme": "UNITS",
}
"""Kinds that have no version but 1.0, with the ids that the standard gives them."""


def named(kind: str, item: str | None = None) -> Reference:
    """The reference of the artefact of a kind."""
    if kind == "AgencyScheme":
        return Reference(kind=kind, agency="SDMX", id="AGENCIES", version="1.0", item=item)
    version = "1.0" if kind in ORGANISATION_SCHEMES else "1.0.0"
    return Reference(kind=kind, agency="SCI", id=ORGANISATION_SCHEMES.get(kind, kind), version=version, item=item)


def _made(cls: type[Maintainable], **fields: Any) -> Maintainable:
    own = named(cls.kind)
    return cls(agency=own.agency, id=own.id, version=own.version, names={"en": cls.kind}, **fields)


def _listed(kind: str) -> Representation:
    return Representation(enumeration=named(kind))


_CONCEPT = named("ConceptScheme", "AREA")
_SIGN = named("ConceptScheme", "SIGN")
_PAIR = (ItemMap(source=MappedValue(value="A"), target="B"),)


def _codelists() -> list[Maintainable]:
    base = Codelist(agency="SCI", id="CL_BASE", version="1.0.0", items=(Code(id="X"),))
    return [
        base,
        _made(
            Codelist,
            items=tuple(Code(id=code) for code in ("A", "B", "C")),
            extensions=(CodelistExtension(codelist=reference_to(base)),),
        ),
        _made(ValueList, items=(ValueItem(id="1"), ValueItem(id="2"))),
        _made(
            Hierarchy,
            codes=(HierarchicalCode(id="A", code=named("Codelist", "A")),),
        ),
        _made(
            RepresentationMap,
            sources=(MappedList(codelist=named("Codelist")),),
            targets=(MappedList(codelist=named("ValueList")),),
            mappings=(ValueMapping(sources=(MappedValue(value="C"),), targets=("2",)),),
        ),
    ]


def _schemes() -> list[Maintainable]:
    organisations = (Organisation(id="A"), Organisation(id="B"), Organisation(id="C"))
    return [
        _made(
            AgencyScheme,
            items=(Organisation(id="SDMX"), Organisation(id="SCI"), Organisation(id="NOBODY")),
        ),
        AgencyScheme(agency="SCI", id="AGENCIES", version="1.0", items=(Organisation(id="PART"),)),
        _made(DataProviderScheme, items=organisations),
        _made(DataConsumerScheme, items=organisations),
        _made(MetadataProviderScheme, items=organisations),
        _made(OrganisationUnitScheme, items=organisations),
        _made(
            ConceptScheme,
            items=(
                Concept(id="AREA", core_representation=_listed("Codelist")),
                Concept(id="SIGN", core_representation=_listed("ValueList")),
                Concept(id="UNUSED"),
            ),
        ),
        _made(
            CategoryScheme,
            items=(Category(id="A", items=(Category(id="A1", items=(Category(id="A1A"),)),)), Category(id="B")),
        ),
        _made(
            ReportingTaxonomy,
            items=(
                ReportingCategory(
                    id="A",
                    usages=(named("Dataflow"), named("Metadataflow")),
                    items=(ReportingCategory(id="A1"),),
                ),
                ReportingCategory(id="B", structures=(named("DataStructure"), named("MetadataStructure"))),
            ),
        ),
        _made(ConceptSchemeMap, source=named("ConceptScheme"), target=named("ConceptScheme")),
        _made(CategorySchemeMap, source=named("CategoryScheme"), target=named("CategoryScheme"), items=_PAIR),
        _made(ReportingTaxonomyMap, source=named("ReportingTaxonomy"), target=named("ReportingTaxonomy"), items=_PAIR),
        _made(
            OrganisationSchemeMap, source=named("DataProviderScheme"), target=named("DataConsumerScheme"), items=_PAIR
        ),
        OrganisationSchemeMap(
            agency="SCI",
            id="UNITS",
            version="1.0.0",
            source=named("MetadataProviderScheme"),
            target=named("OrganisationUnitScheme"),
            items=_PAIR,
        ),
    ]


def _structures() -> list[Maintainable]:
    reported = MetadataAttribute(id="NOTE", concept=_CONCEPT, representation=_listed("Codelist"))
    signed = MetadataAttribute(id="SIGN", concept=_SIGN, representation=_listed("ValueList"))
    flow = AttributeRelationship(dataflow=True)
    return [
        _made(
            DataStructure,
            dimensions=(Dimension(id="AREA", position=1, concept=_CONCEPT, representation=_listed("Codelist")),),
            measures=(Measure(id="OBS_VALUE", concept=_CONCEPT),),
            attributes=(Attribute(id="SIGN", concept=_SIGN, representation=_listed("ValueList"), relationship=flow),),
            metadata=named("MetadataStructure"),
        ),
        _made(Dataflow, structure=named("DataStructure")),
        _made(MetadataStructure, attributes=(reported, signed)),
        _made(Metadataflow, structure=named("MetadataStructure")),
        _made(ProvisionAgreement, dataflow=named("Dataflow"), data_provider=named("DataProviderScheme", "A")),
        _made(
            MetadataProvisionAgreement,
            metadataflow=named("Metadataflow"),
            metadata_provider=named("MetadataProviderScheme", "A"),
        ),
        *_constraints(),
        _made(
            StructureMap,
            source=named("DataStructure"),
            target=named("DataStructure"),
            component_maps=(
                ComponentMap(sources=("AREA",), targets=("SIGN",), representation_map=named("RepresentationMap")),
            ),
        ),
        StructureMap(agency="SCI", id="FLOWS", version="1.0.0", source=named("Dataflow"), target=named("Dataflow")),
    ]


def _constraints() -> Iterable[Maintainable]:
    """For each kind that a constraint can be attached to one constraint; the first of each kind bears its name."""
    data = ("Dataflow", "DataStructure", "ProvisionAgreement")
    metadata = ("Metadataflow", "MetadataStructure", "MetadataProvisionAgreement")
    yield from _attached(DataConstraint, "DC", [*map(named, data), named("DataProviderScheme", "B")])
    yield from _attached(MetadataConstraint, "MC", [*map(named, metadata), named("MetadataProviderScheme", "B")])


def _attached(cls: type[Any], prefix: str, targets: list[Reference]) -> Iterable[Maintainable]:
    for number, target in enumerate(targets):
        own = f"{prefix}_{target.kind}" if number else cls.kind
        attachment = ConstraintAttachment(references=(target,))
        yield cls(agency="SCI", id=own, version="1.0.0", names={"en": own}, attachment=attachment)


def _vtl() -> list[Maintainable]:
    mapped = (named("Codelist"), named("ConceptScheme", "AREA"), named("Dataflow"))
    mappings = tuple(VtlMapping(id=f"M{n}", alias=f"m{n}", target=target) for n, target in enumerate(mapped))
    return [
        _made(VtlMappingScheme, items=mappings),
        _made(CustomTypeScheme),
        _made(NamePersonalisationScheme),
        _made(RulesetScheme, vtl_mapping_scheme=named("VtlMappingScheme")),
        _made(
            UserDefinedOperatorScheme,
            vtl_mapping_scheme=named("VtlMappingScheme"),
            ruleset_schemes=(named("RulesetScheme"),),
        ),
        _made(
            TransformationScheme,
            vtl_mapping_scheme=named("VtlMappingScheme"),
            name_personalisation_scheme=named("NamePersonalisationScheme"),
            custom_type_scheme=named("CustomTypeScheme"),
            ruleset_schemes=(named("RulesetScheme"),),
            user_defined_operator_schemes=(named("UserDefinedOperatorScheme"),),
        ),
    ]


def _about(target: Reference) -> list[Maintainable]:
    """One artefact of each kind that can refer to anything, about one thing."""
    own: dict[str, Any] = {"agency": "SCI", "version": "1.0.0"}
    held = ProcessStep(id="S", inputs=(ProcessArtefact(artefact=target),))
    return [
        Categorisation(id=f"CAT_{target.kind}", source=target, target=named("CategoryScheme", "A.A1"), **own),
        HierarchyAssociation(id=f"HA_{target.kind}", linked_hierarchy=named("Hierarchy"), linked_object=target, **own),
        Metadataflow(id=f"MDF_{target.kind}", targets=(target.urn,), **own),
        MetadataProvisionAgreement(id=f"MPA_{target.kind}", targets=(target.urn,), **own),
        Process(id=f"PROC_{target.kind}", steps=(held,), **own),
    ]


ABOUT_ANYTHING = Metadataflow(
    agency="SCI",
    id="MDF_ANY",
    version="1.0.0",
    structure=named("MetadataStructure"),
    targets=("urn:sdmx:org.sdmx.infomodel.base.Any=SCI:*(1.0.0)", "urn:sdmx:org.sdmx.infomodel.codelist.Code=*:*(*).*"),
)
"""Its targets have wildcards."""


def every_kind() -> list[Maintainable]:
    """The whole world."""
    held = [*_codelists(), *_schemes(), *_structures(), *_vtl()]
    held += [_made(Categorisation), _made(HierarchyAssociation), _made(Process)]
    main = [one for one in held if reference_to(one) == named(one.kind)]
    return [*held, *(other for one in main for other in _about(reference_to(one)))]


def every_kind_of_2_1() -> list[Maintainable]:
    """What SDMX 2.1 has beside or instead: hierarchical codelists, structure sets, and references of its own."""
    schemes = ("AgencyScheme", "DataProviderScheme", "DataConsumerScheme", "OrganisationUnitScheme")
    objects = tuple(
        TargetObject(id=kind, element="IdentifiableObjectTarget", representation=_listed(kind)) for kind in schemes
    )
    by_concept = MetadataAttribute(id="NOTE", concept=_CONCEPT, representation=_listed("Codelist"))
    maps = {
        "organisation_scheme_maps": (("AgencyScheme", "DataProviderScheme"), ("DataConsumerScheme", schemes[-1])),
        "category_scheme_maps": (("CategoryScheme", "CategoryScheme"),),
        "codelist_maps": (("Codelist", "Codelist"),),
        "hybrid_codelist_maps": (("HierarchicalCodelist", "Codelist"),),
        "concept_scheme_maps": (("ConceptScheme", "ConceptScheme"),),
        "reporting_taxonomy_maps": (("ReportingTaxonomy", "ReportingTaxonomy"),),
    }
    alike = ComponentPair(source=ComponentName(id="AREA"), target=ComponentName(id="AREA"))
    structure_maps = (("DataStructure", "MetadataStructure"), ("Dataflow", "Metadataflow"))
    attachment = ConstraintAttachment(references=(named("Metadataflow"), named("MetadataStructure")))
    grouped = Group(id="G", attachment_constraint=named("AttachmentConstraint"))
    held = [
        _made(
            HierarchicalCodelist,
            included=(IncludedCodelist(codelist=named("Codelist"), alias="own"),),
            hierarchies=(
                CodelistHierarchy(id="H1", codes=(HierarchicalCode(id="A", codelist_alias="own", code_id="B"),)),
                CodelistHierarchy(id="H2", codes=(HierarchicalCode(id="A", code=named("Codelist", "A")),)),
            ),
        ),
        _made(
            StructureSet,
            **{field: tuple(_mapped(SchemeMap, *pair, items=_PAIR) for pair in pairs) for field, pairs in maps.items()},
            structure_maps=tuple(_mapped(StructureMapping, *pair, components=(alike,)) for pair in structure_maps),
        ),
        MetadataStructure(
            agency="SCI",
            id="TARGETS",
            version="1.0.0",
            targets=(MetadataTarget(id="T", objects=objects),),
            reports=(ReportStructure(id="R", attributes=(by_concept,), targets=("T",)),),
        ),
        ProvisionAgreement(agency="SCI", id="PA_METADATA", version="1.0.0", dataflow=named("Metadataflow")),
        MetadataConstraint(agency="SCI", id="MC_OF_TWO", version="1.0.0", attachment=attachment),
        _made(AttachmentConstraint, attachment=ConstraintAttachment(references=(named("DataStructure"),))),
        DataStructure(agency="SCI", id="GROUPED", version="1.0.0", groups=(grouped,)),
    ]
    own = ("HierarchicalCodelist", "StructureSet", "AttachmentConstraint")
    return [*held, *(other for kind in own for other in _about(named(kind)))]


def _mapped(cls: type[Any], source: str, target: str, **fields: Any) -> Any:
    return cls(id=f"{source}_{target}", source=named(source), target=named(target), **fields)
