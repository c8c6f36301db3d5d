"""The kinds of maintainable artefact: their names in URNs and REST paths (information model, ``structures.md``)."""

from __future__ import annotations

from .common import Value


class Kind(Value, frozen=True, kw_only=True):
    """One maintainable class. ``item`` is the class of its items in URNs; ``resource`` its REST 2.x name."""

    name: str
    package: str
    resource: str
    item: str | None = None


KINDS: tuple[Kind, ...] = (
    Kind(name="AgencyScheme", package="base", resource="agencyscheme", item="Agency"),
    Kind(name="DataProviderScheme", package="base", resource="dataproviderscheme", item="DataProvider"),
    Kind(name="DataConsumerScheme", package="base", resource="dataconsumerscheme", item="DataConsumer"),
    Kind(name="MetadataProviderScheme", package="base", resource="metadataproviderscheme", item="MetadataProvider"),
    Kind(name="OrganisationUnitScheme", package="base", resource="organisationunitscheme", item="OrganisationUnit"),
    Kind(name="Codelist", package="codelist", resource="codelist", item="Code"),
    Kind(name="ValueList", package="codelist", resource="valuelist"),
    Kind(name="Hierarchy", package="codelist", resource="hierarchy", item="HierarchicalCode"),
    Kind(name="HierarchyAssociation", package="codelist", resource="hierarchyassociation"),
    Kind(name="HierarchicalCodelist", package="codelist", resource="hierarchicalcodelist", item="Hierarchy"),
    Kind(name="ConceptScheme", package="conceptscheme", resource="conceptscheme", item="Concept"),
    Kind(name="DataStructure", package="datastructure", resource="datastructure"),
    Kind(name="Dataflow", package="datastructure", resource="dataflow"),
    Kind(name="MetadataStructure", package="metadatastructure", resource="metadatastructure"),
    Kind(name="Metadataflow", package="metadatastructure", resource="metadataflow"),
    Kind(name="CategoryScheme", package="categoryscheme", resource="categoryscheme", item="Category"),
    Kind(name="Categorisation", package="categoryscheme", resource="categorisation"),
    Kind(name="ReportingTaxonomy", package="categoryscheme", resource="reportingtaxonomy", item="ReportingCategory"),
    Kind(name="ProvisionAgreement", package="registry", resource="provisionagreement"),
    Kind(name="MetadataProvisionAgreement", package="registry", resource="metadataprovisionagreement"),
    Kind(name="DataConstraint", package="registry", resource="dataconstraint"),
    Kind(name="MetadataConstraint", package="registry", resource="metadataconstraint"),
    Kind(name="AttachmentConstraint", package="registry", resource="attachmentconstraint"),
    Kind(name="StructureSet", package="mapping", resource="structureset"),
    Kind(name="StructureMap", package="structuremapping", resource="structuremap"),
    Kind(name="RepresentationMap", package="structuremapping", resource="representationmap"),
    Kind(name="ConceptSchemeMap", package="structuremapping", resource="conceptschememap"),
    Kind(name="CategorySchemeMap", package="structuremapping", resource="categoryschememap"),
    Kind(name="OrganisationSchemeMap", package="structuremapping", resource="organisationschememap"),
    Kind(name="ReportingTaxonomyMap", package="structuremapping", resource="reportingtaxonomymap"),
    Kind(name="Process", package="process", resource="process", item="ProcessStep"),
    Kind(name="CustomTypeScheme", package="transformation", resource="customtypescheme", item="CustomType"),
    Kind(name="VtlMappingScheme", package="transformation", resource="vtlmappingscheme", item="VtlMapping"),
    Kind(
        name="NamePersonalisationScheme",
        package="transformation",
        resource="namepersonalisationscheme",
        item="NamePersonalisation",
    ),
    Kind(name="RulesetScheme", package="transformation", resource="rulesetscheme", item="Ruleset"),
    Kind(name="TransformationScheme", package="transformation", resource="transformationscheme", item="Transformation"),
    Kind(
        name="UserDefinedOperatorScheme",
        package="transformation",
        resource="userdefinedoperatorscheme",
        item="UserDefinedOperator",
    ),
)
"""The kinds that this server stores, in the order in which a message lists them."""

METADATA_SET = Kind(name="MetadataSet", package="metadatastructure", resource="metadataset")
"""Sets of reference metadata: they have URNs as artefacts do, and are asked for at ``/metadata``, not as structures."""

BY_NAME: dict[str, Kind] = {k.name: k for k in (*KINDS, METADATA_SET)}
BY_RESOURCE: dict[str, Kind] = {k.resource: k for k in KINDS}
BY_ITEM: dict[str, Kind] = {k.item: k for k in KINDS if k.item}
STORED: frozenset[str] = frozenset(k.name for k in KINDS)

ALIASES: dict[str, str] = {
    "ContentConstraint": "DataConstraint",
    "DataProvisionAgreement": "ProvisionAgreement",
    **dict.fromkeys(("GeographicCodelist", "GeoGridCodelist"), "Codelist"),
    **dict.fromkeys(("GeoFeatureSetCode", "GeoGridCode"), "Code"),
}
"""Other class names for the same kind: 2.1 ``ContentConstraint`` is 3.x ``DataConstraint``; kinds of codelists."""

_MAPS = ("StructureMap", "ConceptSchemeMap", "CategorySchemeMap", "OrganisationSchemeMap", "ReportingTaxonomyMap")
_PARTS: dict[str, tuple[str, ...]] = {
    "DataStructure": (
        *("DimensionDescriptor", "Dimension", "MeasureDimension", "TimeDimension", "GroupDimensionDescriptor"),
        *("AttributeDescriptor", "DataAttribute", "ReportingYearStartDay", "MetadataAttributeUsage"),
        *("MeasureDescriptor", "Measure", "PrimaryMeasure"),
    ),
    "MetadataStructure": (
        *("MetadataAttributeDescriptor", "MetadataAttribute", "MetadataTarget", "ReportStructure"),
        *("IdentifiableObjectTarget", "DimensionDescriptorValuesTarget", "KeyDescriptorValuesTarget"),
        *("DataSetTarget", "ConstraintContentTarget", "ReportPeriodTarget"),
    ),
    "Hierarchy": ("Level",),
    "StructureSet": (*_MAPS, "CodelistMap", "HybridCodelistMap"),
    "VtlMappingScheme": ("VtlDataflowMapping", "VtlCodelistMapping", "VtlConceptMapping", "VtlConceptSchemeMapping"),
    "Process": ("Transition",),
}
PARTS: dict[str, str] = {part: kind for kind, parts in _PARTS.items() for part in parts}
"""Identifiable classes that are neither artefacts nor items of a scheme, with the kind of artefact that holds them.

The items of a VTL mapping scheme are among them: their class says what is mapped.
"""

OLDER: dict[str, str] = {
    "Hierarchy": "HierarchicalCodelist",
    **dict.fromkeys((*_MAPS, "RepresentationMap"), "StructureSet"),
}
"""Kinds of 3.x with the kind of 2.1 that says the same (``model.counterparts``)."""


def kind_of_class(cls: str, has_item: bool, package: str | None = None) -> Kind | None:
    """The kind of artefact that a class of the information model is, or is in; None for an unknown class.

    ``Hierarchy`` is a kind from 3.0 on and an item of a hierarchical codelist in 2.1: there its reference has an item.
    ``StructureMap`` and other maps are parts of a structure set there, by which ``package`` differs.
    """
    named = ALIASES.get(cls, cls)
    inner = BY_ITEM.get(named) or BY_NAME.get(PARTS.get(named, ""))
    whole = BY_NAME.get(named)
    if has_item and inner is not None and package in (None, inner.package):
        return inner
    return whole or inner
