"""The tables: which key of SDMX-JSON 1.0, 2.0 and 2.1 carries which field, for every kind that the server stores.

Made from the JSON Schemas of the versions and the field guide of structure messages 2.1.0.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.category import Categorisation, Category, CategoryScheme, ReportingCategory, ReportingTaxonomy
from ...model.codelist import Code, Codelist, ValueItem, ValueList
from ...model.concept import Concept, ConceptScheme, ISOConcept
from ...model.constraint import DataConstraint
from ...model.dataflow import Dataflow, ProvisionAgreement
from ...model.datastructure import DataStructure
from ...model.hierarchy import HierarchicalCodelist, Hierarchy, HierarchyAssociation
from ...model.kinds import BY_NAME
from ...model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
)
from ...model.message import Party
from ...model.metadatastructure import Metadataflow, MetadataProvisionAgreement, MetadataStructure
from ...model.organisation import (
    AgencyScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    Organisation,
    OrganisationUnitScheme,
)
from ...model.structure_map import StructureMap
from .constraint import CODELIST_EXTENSION, CONSTRAINT_ROWS
from .datastructure import STRUCTURE_ROWS
from .engine import (
    BOTH,
    EXTENSION,
    PLAIN,
    URN,
    V10,
    V20,
    V21,
    Codec,
    Field,
    Json,
    Many,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    extension,
    flag,
    many,
    texts,
)
from .hierarchy import ASSOCIATION_ROWS, HIERARCHICAL_CODELIST_ROWS, HIERARCHY_ROWS
from .identity import ANNOTATIONS, ID, NAMES, Children, Links, Moment, nameable
from .mapping import REPRESENTATION_MAP_ROWS, SCHEME_MAP_ROWS
from .metadatastructure import METADATAFLOW_ROWS, metadata_structure
from .representation import FREE_REPRESENTATION
from .structure_map import STRUCTURE_MAP_ROWS

CONTACT = Table(
    Contact,
    (
        ID,
        texts("name", "names"),
        texts("department", "departments"),
        texts("role", "roles"),
        *(many(key, key, PLAIN) for key in ("telephones", "faxes", "uris", "emails", "x400s")),
    ),
)
PARTY = Table(Party, (ID, texts("name", "names"), many("contacts", "contacts", CONTACT)))

_PARENT = Field("parent", "parent", PLAIN)
_NO_PARENT: tuple[Row, ...] = (extension("parent", "parent"),)
_IS_PARTIAL = flag("isPartial", "is_partial")


def _maintainable(kind: str, *rows: Row) -> tuple[Row, ...]:
    """The rows of every maintainable artefact, then those of the kind."""
    return (
        ID,
        Field("version", "version", PLAIN),
        Field("agencyID", "agency", PLAIN),
        flag("isPartialLanguage", "is_partial_language", versions=(V21,)),
        flag("isExternalReference", "is_external_reference"),
        Field("isFinal", "is_final", PLAIN, versions=(V10, V20)),  # not in 2.0, but its open schema lets it pass
        extension("isFinal", "is_final"),
        extension("serviceURL", "service_url"),
        extension("structureURL", "structure_url"),
        Moment("validFrom", "valid_from"),
        Moment("validTo", "valid_to"),
        *NAMES,
        ANNOTATIONS,
        Links(f"{BY_NAME[kind].package}.{kind}", maintainable=True),
        *rows,
    )


def _organisations(cls: Any, item: str, key: str, parent: tuple[Row, ...] = _NO_PARENT) -> Table:
    organisation = Table(
        Organisation,
        nameable("base." + item, *parent, many("contacts", "contacts", CONTACT)),
    )
    return Table(cls, _maintainable(cls.kind, _IS_PARTIAL, many(key, "items", organisation)))


_CODE = Table(Code, nameable("codelist.Code", _PARENT))
_VALUE_ITEM = Table(ValueItem, (ID, texts("name", "names"), texts("description", "descriptions"), ANNOTATIONS))
_ISO_CONCEPT = Table(
    ISOConcept,
    (
        Field("conceptAgency", "agency", PLAIN),
        Field("conceptSchemeID", "scheme", PLAIN),
        Field("conceptID", "concept", PLAIN),
    ),
)
_CONCEPT_URN = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept="


@dataclasses.dataclass(frozen=True)
class _ParentUrn:
    """The parent of an item, which 1.0 names by URN (``begin`` is its beginning); both are in one scheme."""

    begin: str

    def write(self, value: str, to: Writing) -> str:
        return f"{self.begin}{to.owner}.{value}"

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        reference = URN.read(source, place, of)
        return None if reference is None else reference.item


class _IsoUrn:
    """A concept of an ISO 11179 registry, which 1.0 names by URN."""

    def write(self, value: ISOConcept, _to: Writing) -> str:
        return f"{_CONCEPT_URN}{value.agency}:{value.scheme}(1.0).{value.concept}"

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        reference = URN.read(source, place, of)
        if reference is None:
            return None
        return ISOConcept(agency=reference.agency, scheme=reference.id, concept=reference.item or "")


_CONCEPT = Table(
    Concept,
    nameable(
        "conceptscheme.Concept",
        Field("parent", "parent", PLAIN, versions=BOTH),
        Field("parent", "parent", _ParentUrn(_CONCEPT_URN), versions=(V10,)),
        Field("coreRepresentation", "core_representation", FREE_REPRESENTATION),
        Field("isoConceptReference", "iso_concept", _ISO_CONCEPT, versions=BOTH),
        Field("isoConceptReference", "iso_concept", _IsoUrn(), versions=(V10,)),
    ),
)
_WITHIN: list[Codec] = []
_CATEGORY = Table(Category, nameable("categoryscheme.Category", Children("categories", "items", _WITHIN)))
_WITHIN.append(_CATEGORY)
_REPORTED: list[Codec] = []
_REPORTING_CATEGORY = Table(
    ReportingCategory,
    nameable(
        "categoryscheme.ReportingCategory",
        Children("reportingCategories", "items", _REPORTED),
        many("structuralMetadata", "structures", URN),
        many("provisioningMetadata", "usages", URN),
    ),
)
_REPORTED.append(_REPORTING_CATEGORY)
_UNIT_PARENT: tuple[Row, ...] = (
    Field("parent", "parent", PLAIN, versions=BOTH),
    Field("parent", "parent", _ParentUrn("urn:sdmx:org.sdmx.infomodel.base.OrganisationUnit="), versions=(V10,)),
)


@dataclasses.dataclass(frozen=True)
class Section:
    """One key of ``data``: the list of all artefacts of a kind."""

    kind: str
    key: str
    table: Table

    def key_in(self, version: str) -> str | None:
        """The key in a version; None where it has no such kind.

        A kind that only 1.0 has stands in an extension in 2.1, which keeps it in files.
        """
        if self.kind in _ONLY_1_0 and version != V10:
            return EXTENSION + self.key if version == V21 else None
        return _KEYS_1_0.get(self.kind, self.key) if version == V10 else self.key


_ONLY_1_0 = frozenset({"HierarchicalCodelist"})
_KEYS_1_0: dict[str, str | None] = {
    "DataConstraint": "contentConstraints",
    **dict.fromkeys(("ValueList", "MetadataStructure", "Metadataflow", "Hierarchy", "HierarchyAssociation")),
    **dict.fromkeys(("MetadataProviderScheme", "MetadataProvisionAgreement", "RepresentationMap", "StructureMap")),
    **dict.fromkeys(("ConceptSchemeMap", "CategorySchemeMap", "OrganisationSchemeMap", "ReportingTaxonomyMap")),
}


SECTIONS: tuple[Section, ...] = tuple(
    Section(kind, key, table)
    for kind, key, table in (
        ("AgencyScheme", "agencySchemes", _organisations(AgencyScheme, "Agency", "agencies")),
        (
            "DataProviderScheme",
            "dataProviderSchemes",
            _organisations(DataProviderScheme, "DataProvider", "dataProviders"),
        ),
        (
            "DataConsumerScheme",
            "dataConsumerSchemes",
            _organisations(DataConsumerScheme, "DataConsumer", "dataConsumers"),
        ),
        (
            "MetadataProviderScheme",
            "metadataProviderSchemes",
            _organisations(MetadataProviderScheme, "MetadataProvider", "metadataProviders"),
        ),
        (
            "OrganisationUnitScheme",
            "organisationUnitSchemes",
            _organisations(OrganisationUnitScheme, "OrganisationUnit", "organisationUnits", _UNIT_PARENT),
        ),
        (
            "Codelist",
            "codelists",
            Table(
                Codelist,
                _maintainable(
                    "Codelist",
                    _IS_PARTIAL,
                    many("codes", "items", _CODE),
                    many("codelistExtensions", "extensions", CODELIST_EXTENSION, versions=BOTH),
                ),
            ),
        ),
        (
            "ValueList",
            "valueLists",
            Table(
                ValueList,
                _maintainable(
                    "ValueList",
                    extension("isPartial", "is_partial", default=False),
                    many("valueItems", "items", _VALUE_ITEM),
                ),
            ),
        ),
        ("Hierarchy", "hierarchies", Table(Hierarchy, _maintainable("Hierarchy", *HIERARCHY_ROWS))),
        (
            "HierarchyAssociation",
            "hierarchyAssociations",
            Table(HierarchyAssociation, _maintainable("HierarchyAssociation", *ASSOCIATION_ROWS)),
        ),
        (
            "HierarchicalCodelist",
            "hierarchicalCodelists",
            Table(HierarchicalCodelist, _maintainable("HierarchicalCodelist", *HIERARCHICAL_CODELIST_ROWS)),
        ),
        (
            "ConceptScheme",
            "conceptSchemes",
            Table(ConceptScheme, _maintainable("ConceptScheme", _IS_PARTIAL, many("concepts", "items", _CONCEPT))),
        ),
        ("DataStructure", "dataStructures", Table(DataStructure, _maintainable("DataStructure", *STRUCTURE_ROWS))),
        (
            "Dataflow",
            "dataflows",
            Table(
                Dataflow,
                _maintainable(
                    "Dataflow",
                    Field("structure", "structure", URN),
                    Field("dimensionConstraint", "dimension_constraint", Many(PLAIN), (), (V21,)),
                ),
            ),
        ),
        (
            "MetadataStructure",
            "metadataStructures",
            metadata_structure(MetadataStructure, _maintainable("MetadataStructure")),
        ),
        ("Metadataflow", "metadataflows", Table(Metadataflow, _maintainable("Metadataflow", *METADATAFLOW_ROWS))),
        (
            "CategoryScheme",
            "categorySchemes",
            Table(CategoryScheme, _maintainable("CategoryScheme", _IS_PARTIAL, many("categories", "items", _CATEGORY))),
        ),
        (
            "Categorisation",
            "categorisations",
            Table(
                Categorisation,
                _maintainable("Categorisation", Field("source", "source", URN), Field("target", "target", URN)),
            ),
        ),
        (
            "ReportingTaxonomy",
            "reportingTaxonomies",
            Table(
                ReportingTaxonomy,
                _maintainable(
                    "ReportingTaxonomy", _IS_PARTIAL, many("reportingCategories", "items", _REPORTING_CATEGORY)
                ),
            ),
        ),
        (
            "ProvisionAgreement",
            "provisionAgreements",
            Table(
                ProvisionAgreement,
                _maintainable(
                    "ProvisionAgreement",
                    Field("dataflow", "dataflow", URN, versions=BOTH),
                    Field("structureUsage", "dataflow", URN, versions=(V10,)),
                    Field("dataProvider", "data_provider", URN),
                ),
            ),
        ),
        (
            "MetadataProvisionAgreement",
            "metadataProvisionAgreements",
            Table(
                MetadataProvisionAgreement,
                _maintainable(
                    "MetadataProvisionAgreement",
                    Field("metadataflow", "metadataflow", URN),
                    Field("metadataProvider", "metadata_provider", URN),
                    many("targets", "targets", PLAIN),
                ),
            ),
        ),
        (
            "DataConstraint",
            "dataConstraints",
            Table(DataConstraint, _maintainable("DataConstraint", *CONSTRAINT_ROWS)),
        ),
        ("StructureMap", "structureMaps", Table(StructureMap, _maintainable("StructureMap", *STRUCTURE_MAP_ROWS))),
        (
            "RepresentationMap",
            "representationMaps",
            Table(RepresentationMap, _maintainable("RepresentationMap", *REPRESENTATION_MAP_ROWS)),
        ),
        *(
            (cls.kind, key, Table(cls, _maintainable(cls.kind, *SCHEME_MAP_ROWS)))
            for cls, key in (
                (ConceptSchemeMap, "conceptSchemeMaps"),
                (CategorySchemeMap, "categorySchemeMaps"),
                (OrganisationSchemeMap, "organisationSchemeMaps"),
                (ReportingTaxonomyMap, "reportingTaxonomyMaps"),
            )
        ),
    )
)
"""In the order in which a message lists them, which is that of ``model.kinds.KINDS``."""

BY_KIND: dict[str, Section] = {section.kind: section for section in SECTIONS}


def owner(source: Json) -> str:
    """``AGENCY:ID(VERSION)`` of a maintainable artefact's object."""
    return f"{source.get('agencyID')}:{source.get('id')}({source.get('version', '1.0')})"
