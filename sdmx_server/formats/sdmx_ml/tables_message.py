"""Tables of the message: its header and footer, and where each kind of artefact stands in it."""

from __future__ import annotations

from typing import NamedTuple

from ...model.message import FooterMessage, Header, Party
from .engine import Shape
from .rows import FLAG, Attribute, Child, Text, Texts
from .tables import (
    AGENCY_SCHEME,
    CATEGORISATION,
    CATEGORY_SCHEME,
    CODELIST,
    CONCEPT_SCHEME,
    DATA_CONSUMER_SCHEME,
    DATA_PROVIDER_SCHEME,
    DATAFLOW,
    ID,
    METADATA_PROVIDER_SCHEME,
    NAMES,
    ORGANISATION_UNIT_SCHEME,
    PROVISION_AGREEMENT,
    REPORTING_TAXONOMY,
    VALUE_LIST,
    contact,
)
from .tables_constraint import ATTACHMENT_CONSTRAINT, CONTENT_CONSTRAINT, DATA_CONSTRAINT, METADATA_CONSTRAINT
from .tables_datastructure import DATA_STRUCTURE
from .tables_geography import GEO_GRID_CODELIST, GEOGRAPHIC_CODELIST
from .tables_hierarchy import HIERARCHICAL_CODELIST, HIERARCHY, HIERARCHY_ASSOCIATION
from .tables_mapping import (
    CATEGORY_SCHEME_MAP,
    CONCEPT_SCHEME_MAP,
    ORGANISATION_SCHEME_MAP,
    REPORTING_TAXONOMY_MAP,
    REPRESENTATION_MAP,
)
from .tables_metadata import METADATA_PROVISION_AGREEMENT, METADATA_STRUCTURE, METADATAFLOW
from .tables_process import PROCESS
from .tables_structure_map import STRUCTURE_MAP
from .tables_structure_set import STRUCTURE_SET
from .tables_transformation import (
    CUSTOM_TYPE_SCHEME,
    NAME_PERSONALISATION_SCHEME,
    RULESET_SCHEME,
    TRANSFORMATION_SCHEME,
    USER_DEFINED_OPERATOR_SCHEME,
    VTL_MAPPING_SCHEME,
)
from .versions import V21, V30, V31

PARTY = Shape(
    Party, ID, NAMES, Child("contacts", "mes:Contact", contact("mes"), many=True), Text("timezone", "mes:Timezone")
)
HEADER = Shape(
    Header,
    Text("id", "mes:ID"),
    Text("test", "mes:Test", FLAG),
    Text("prepared", "mes:Prepared"),
    Child("sender", "mes:Sender", PARTY),
    Child("receivers", "mes:Receiver", PARTY, many=True),
    NAMES,
    Texts("sources", "mes:Source"),
)
FOOTER_MESSAGE = Shape(
    FooterMessage, Attribute("code", "code"), Attribute("severity", "severity"), Texts("texts", "com:Text")
)


class Section(NamedTuple):
    """Where artefacts of a kind stand in ``mes:Structures``: container and element by version."""

    kind: str
    shape: Shape
    elements: dict[str, tuple[str, str]]


def _section(kind: str, shape: Shape, old: tuple[str, str] | None, container: str | None) -> Section:
    elements = {}
    if container is not None:
        elements = {version: (f"str:{container}", f"str:{kind}") for version in (V30, V31)}
    if old is not None:
        elements[V21] = (f"str:{old[0]}", f"str:{old[1]}")
    return Section(kind, shape, elements)


def _organisations(kind: str, shape: Shape) -> Section:
    return _section(kind, shape, ("OrganisationSchemes", kind), f"{kind}s")


SECTIONS: tuple[Section, ...] = (
    _organisations("AgencyScheme", AGENCY_SCHEME),
    _organisations("DataProviderScheme", DATA_PROVIDER_SCHEME),
    _organisations("DataConsumerScheme", DATA_CONSUMER_SCHEME),
    _section("MetadataProviderScheme", METADATA_PROVIDER_SCHEME, None, "MetadataProviderSchemes"),
    _organisations("OrganisationUnitScheme", ORGANISATION_UNIT_SCHEME),
    _section("Codelist", CODELIST, ("Codelists", "Codelist"), "Codelists"),
    _section("GeographicCodelist", GEOGRAPHIC_CODELIST, None, "GeographicCodelists"),
    _section("GeoGridCodelist", GEO_GRID_CODELIST, None, "GeoGridCodelists"),
    _section("ValueList", VALUE_LIST, None, "ValueLists"),
    _section("Hierarchy", HIERARCHY, None, "Hierarchies"),
    _section("HierarchyAssociation", HIERARCHY_ASSOCIATION, None, "HierarchyAssociations"),
    _section("HierarchicalCodelist", HIERARCHICAL_CODELIST, ("HierarchicalCodelists", "HierarchicalCodelist"), None),
    _section("ConceptScheme", CONCEPT_SCHEME, ("Concepts", "ConceptScheme"), "ConceptSchemes"),
    _section("DataStructure", DATA_STRUCTURE, ("DataStructures", "DataStructure"), "DataStructures"),
    _section("Dataflow", DATAFLOW, ("Dataflows", "Dataflow"), "Dataflows"),
    _section(
        "MetadataStructure", METADATA_STRUCTURE, ("MetadataStructures", "MetadataStructure"), "MetadataStructures"
    ),
    _section("Metadataflow", METADATAFLOW, ("Metadataflows", "Metadataflow"), "Metadataflows"),
    _section("CategoryScheme", CATEGORY_SCHEME, ("CategorySchemes", "CategoryScheme"), "CategorySchemes"),
    _section("Categorisation", CATEGORISATION, ("Categorisations", "Categorisation"), "Categorisations"),
    _section(
        "ReportingTaxonomy", REPORTING_TAXONOMY, ("ReportingTaxonomies", "ReportingTaxonomy"), "ReportingTaxonomies"
    ),
    _section(
        "ProvisionAgreement", PROVISION_AGREEMENT, ("ProvisionAgreements", "ProvisionAgreement"), "ProvisionAgreements"
    ),
    _section("MetadataProvisionAgreement", METADATA_PROVISION_AGREEMENT, None, "MetadataProvisionAgreements"),
    _section("DataConstraint", DATA_CONSTRAINT, None, "DataConstraints"),
    _section("DataConstraint", CONTENT_CONSTRAINT, ("Constraints", "ContentConstraint"), None),
    _section("MetadataConstraint", METADATA_CONSTRAINT, None, "MetadataConstraints"),
    _section("MetadataConstraint", CONTENT_CONSTRAINT, ("Constraints", "ContentConstraint"), None),
    _section("AttachmentConstraint", ATTACHMENT_CONSTRAINT, ("Constraints", "AttachmentConstraint"), None),
    _section("StructureSet", STRUCTURE_SET, ("StructureSets", "StructureSet"), None),
    *(
        _section(kind, shape, None, f"{kind}s")
        for kind, shape in (
            ("StructureMap", STRUCTURE_MAP),
            ("RepresentationMap", REPRESENTATION_MAP),
            ("ConceptSchemeMap", CONCEPT_SCHEME_MAP),
            ("CategorySchemeMap", CATEGORY_SCHEME_MAP),
            ("OrganisationSchemeMap", ORGANISATION_SCHEME_MAP),
            ("ReportingTaxonomyMap", REPORTING_TAXONOMY_MAP),
        )
    ),
    _section("Process", PROCESS, ("Processes", "Process"), "Processes"),
    *(
        _section(f"{name}Scheme", shape, (f"{name}s", f"{name}Scheme"), f"{name}Schemes")
        for name, shape in (
            ("CustomType", CUSTOM_TYPE_SCHEME),
            ("VtlMapping", VTL_MAPPING_SCHEME),
            ("NamePersonalisation", NAME_PERSONALISATION_SCHEME),
            ("Ruleset", RULESET_SCHEME),
            ("Transformation", TRANSFORMATION_SCHEME),
            ("UserDefinedOperator", USER_DEFINED_OPERATOR_SCHEME),
        )
    ),
)
"""All kinds that the server holds, in the order of ``model.kinds``, which 3.x leaves open."""

_CONTAINERS_21 = (
    *("OrganisationSchemes", "Dataflows", "Metadataflows", "CategorySchemes", "Categorisations", "Codelists"),
    "HierarchicalCodelists",
    *("Concepts", "MetadataStructures", "DataStructures", "StructureSets"),
    *("ReportingTaxonomies", "Processes", "Constraints", "ProvisionAgreements"),
    *("CustomTypes", "VtlMappings", "NamePersonalisations", "Rulesets", "Transformations", "UserDefinedOperators"),
)


def sections(version: str) -> list[Section]:
    """The sections of a version, in the order in which a message has them (2.1: XSD ``StructuresType``)."""
    ours = [section for section in SECTIONS if version in section.elements]
    if version != V21:
        return ours
    return sorted(ours, key=lambda section: _CONTAINERS_21.index(section.elements[V21][0].removeprefix("str:")))
