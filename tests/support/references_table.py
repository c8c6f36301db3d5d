"""The tables of references of both specifications, written down from their pages.

REST 2.2.2, ``structures.md``, "Applicability and meaning of references"; REST 1.5.0, section 4.3, the same. A row is an
artefact, then what it refers to, then what refers to it. ``All`` is any artefact.
"""

from __future__ import annotations

_ANY_V2 = "Categorisation HierarchyAssociation Metadataflow MetadataProvisionAgreement Process"
_NO_HA = "Categorisation Metadataflow MetadataProvisionAgreement Process"
V2_ROWS = {
    "AgencyScheme": ("", "All"),
    "Categorisation": ("All", "HierarchyAssociation Metadataflow MetadataProvisionAgreement Process"),
    "CategoryScheme": ("AgencyScheme", f"CategorySchemeMap {_NO_HA}"),
    "CategorySchemeMap": ("AgencyScheme CategoryScheme ReportingTaxonomy", _ANY_V2),
    "Codelist": (
        "AgencyScheme Codelist",
        "Codelist ConceptScheme DataStructure Hierarchy MetadataStructure RepresentationMap VtlMappingScheme "
        + _ANY_V2,
    ),
    "ConceptScheme": (
        "AgencyScheme Codelist",
        f"ConceptSchemeMap DataStructure MetadataStructure VtlMappingScheme {_ANY_V2}",
    ),
    "ConceptSchemeMap": ("AgencyScheme ConceptScheme", _ANY_V2),
    "CustomTypeScheme": ("AgencyScheme", f"TransformationScheme {_ANY_V2}"),
    "DataConstraint": ("AgencyScheme Dataflow DataProviderScheme DataStructure ProvisionAgreement", _ANY_V2),
    "DataConsumerScheme": ("AgencyScheme", f"OrganisationSchemeMap {_ANY_V2}"),
    "Dataflow": (
        "AgencyScheme DataStructure",
        f"DataConstraint ProvisionAgreement ReportingTaxonomy StructureMap VtlMappingScheme {_ANY_V2}",
    ),
    "DataProviderScheme": ("AgencyScheme", f"DataConstraint OrganisationSchemeMap ProvisionAgreement {_ANY_V2}"),
    "DataStructure": (
        "AgencyScheme Codelist ConceptScheme MetadataStructure ValueList",
        f"DataConstraint Dataflow StructureMap {_ANY_V2}",
    ),
    "Hierarchy": ("AgencyScheme Codelist", _ANY_V2),
    "HierarchyAssociation": ("All", _NO_HA),
    "MetadataConstraint": (
        "AgencyScheme Metadataflow MetadataProviderScheme MetadataProvisionAgreement MetadataStructure",
        _ANY_V2,
    ),
    "Metadataflow": ("All", f"MetadataConstraint ReportingTaxonomy {_ANY_V2}"),
    "MetadataProviderScheme": ("AgencyScheme", f"MetadataConstraint OrganisationSchemeMap {_ANY_V2}"),
    "MetadataProvisionAgreement": ("All", f"MetadataConstraint {_ANY_V2}"),
    "MetadataStructure": (
        "AgencyScheme Codelist ConceptScheme ValueList",
        f"DataStructure MetadataConstraint {_ANY_V2}",
    ),
    "NamePersonalisationScheme": ("AgencyScheme", f"TransformationScheme {_NO_HA}"),
    "OrganisationSchemeMap": (
        "AgencyScheme DataConsumerScheme DataProviderScheme MetadataProviderScheme OrganisationUnitScheme",
        _ANY_V2,
    ),
    "OrganisationUnitScheme": ("AgencyScheme", f"OrganisationSchemeMap {_NO_HA}"),
    "Process": ("All", "Categorisation HierarchyAssociation Metadataflow MetadataProvisionAgreement"),
    "ProvisionAgreement": ("AgencyScheme Dataflow DataProviderScheme", f"DataConstraint {_ANY_V2}"),
    "ReportingTaxonomy": (
        "AgencyScheme Dataflow Metadataflow",
        f"CategorySchemeMap ReportingTaxonomyMap {_ANY_V2}",
    ),
    "ReportingTaxonomyMap": ("AgencyScheme ReportingTaxonomy", _ANY_V2),
    "RepresentationMap": ("AgencyScheme Codelist ValueList", _ANY_V2),
    "RulesetScheme": ("AgencyScheme VtlMappingScheme", f"TransformationScheme {_ANY_V2}"),
    "StructureMap": ("AgencyScheme Dataflow DataStructure", _ANY_V2),
    "TransformationScheme": (
        "AgencyScheme CustomTypeScheme NamePersonalisationScheme RulesetScheme UserDefinedOperatorScheme "
        "VtlMappingScheme",
        _ANY_V2,
    ),
    "UserDefinedOperatorScheme": ("AgencyScheme VtlMappingScheme", f"TransformationScheme {_ANY_V2}"),
    "ValueList": ("AgencyScheme", f"ConceptScheme DataStructure MetadataStructure RepresentationMap {_NO_HA}"),
    "VtlMappingScheme": (
        "AgencyScheme Codelist ConceptScheme Dataflow",
        f"RulesetScheme TransformationScheme UserDefinedOperatorScheme {_ANY_V2}",
    ),
}

_ANY_V1 = "Categorisation Process"
V1_ROWS = {
    "AgencyScheme": ("", f"MetadataStructure StructureSet {_ANY_V1}"),
    "Categorisation": ("All", ""),
    "CategoryScheme": ("", f"StructureSet {_ANY_V1}"),
    "Codelist": (
        "",
        "HierarchicalCodelist ConceptScheme DataStructure MetadataStructure StructureSet VtlMappingScheme " + _ANY_V1,
    ),
    "ConceptScheme": ("Codelist", f"DataStructure MetadataStructure StructureSet VtlMappingScheme {_ANY_V1}"),
    "Constraint": (
        "DataProviderScheme DataStructure Dataflow MetadataStructure Metadataflow ProvisionAgreement",
        _ANY_V1,
    ),
    "DataConsumerScheme": ("", f"MetadataStructure StructureSet {_ANY_V1}"),
    "Dataflow": (
        "DataStructure",
        f"Constraint ProvisionAgreement ReportingTaxonomy StructureSet VtlMappingScheme {_ANY_V1}",
    ),
    "DataProviderScheme": ("", f"Constraint ProvisionAgreement MetadataStructure StructureSet {_ANY_V1}"),
    "DataStructure": ("Codelist ConceptScheme", f"Constraint Dataflow StructureSet {_ANY_V1}"),
    "HierarchicalCodelist": ("Codelist", f"StructureSet {_ANY_V1}"),
    "Metadataflow": ("MetadataStructure", f"Constraint ProvisionAgreement ReportingTaxonomy StructureSet {_ANY_V1}"),
    "MetadataStructure": (
        "ConceptScheme Codelist DataProviderScheme DataConsumerScheme AgencyScheme OrganisationUnitScheme",
        f"Constraint Metadataflow StructureSet {_ANY_V1}",
    ),
    "OrganisationUnitScheme": ("", f"Constraint MetadataStructure StructureSet {_ANY_V1}"),
    "Process": ("All", ""),
    "ProvisionAgreement": ("DataProviderScheme Dataflow Metadataflow", f"Constraint {_ANY_V1}"),
    "ReportingTaxonomy": ("Dataflow Metadataflow", f"StructureSet {_ANY_V1}"),
    "StructureSet": (
        "DataStructure MetadataStructure CategoryScheme DataProviderScheme DataConsumerScheme AgencyScheme "
        "OrganisationUnitScheme ConceptScheme Codelist ReportingTaxonomy HierarchicalCodelist Dataflow Metadataflow",
        _ANY_V1,
    ),
    "CustomTypeScheme": ("AgencyScheme", "Categorisation TransformationScheme"),
    "NamePersonalisationScheme": ("AgencyScheme", "Categorisation TransformationScheme"),
    "RulesetScheme": ("AgencyScheme VtlMappingScheme", "Categorisation TransformationScheme"),
    "TransformationScheme": (
        "AgencyScheme CustomTypeScheme NamePersonalisationScheme RulesetScheme UserDefinedOperatorScheme "
        "VtlMappingScheme",
        "Categorisation",
    ),
    "UserDefinedOperatorScheme": ("AgencyScheme VtlMappingScheme", "Categorisation TransformationScheme"),
    "VtlMappingScheme": (
        "AgencyScheme Codelist ConceptScheme Dataflow",
        "Categorisation RulesetScheme TransformationScheme UserDefinedOperatorScheme",
    ),
}


def closure(start, step):
    """All that is reached from ``start`` by steps: ``step`` says what is one step from each."""
    found, waiting = set(), [start]
    while waiting:
        new = step[waiting.pop()] - found
        found |= new
        waiting += new
    return found
