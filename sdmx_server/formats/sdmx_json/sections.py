"""The sections of a structure message: which key of SDMX-JSON 1.0, 2.0 and 2.1 lists which kind, by which table.

Made from the JSON Schemas of the versions and the field guide of structure messages 2.1.0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from ...model.codelist import GEOGRAPHIC, GRID, message_class
from ...model.common import Maintainable
from ...model.dataflow import Dataflow, ProvisionAgreement
from ...model.datastructure import DataStructure
from ...model.hierarchy import HierarchicalCodelist, Hierarchy, HierarchyAssociation
from ...model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
)
from ...model.metadatastructure import Metadataflow, MetadataProvisionAgreement, MetadataStructure
from ...model.process import Process
from ...model.structure_map import StructureMap
from ...model.structure_set import StructureSet
from .category import CATEGORISATION, CATEGORY_SCHEME, REPORTING_TAXONOMY
from .codelist import CODELIST, GEO_GRID_CODELIST, GEOGRAPHIC_CODELIST, VALUE_LIST
from .concept import CONCEPT_SCHEME
from .constraint import ATTACHMENT_CONSTRAINT, DATA_CONSTRAINT, METADATA_CONSTRAINT
from .datastructure import STRUCTURE_ROWS
from .engine import BOTH, EXTENSION, PLAIN, URN, V10, V21, Field, Json, Many, Row, Table, many
from .hierarchy import ASSOCIATION_ROWS, HIERARCHICAL_CODELIST_ROWS, HIERARCHY_ROWS
from .maintainable import maintainable
from .mapping import REPRESENTATION_MAP_ROWS, SCHEME_MAP_ROWS
from .metadatastructure import METADATAFLOW_ROWS, metadata_structure
from .organisation import ORGANISATION_SCHEMES
from .process import PROCESS_ROWS
from .structure_map import STRUCTURE_MAP_ROWS
from .structure_set import STRUCTURE_SET_ROWS
from .transformation import VTL_SCHEMES


def _table(cls: Any, *rows: Row) -> Table:
    return Table(cls, maintainable(cls.kind, *rows))


_DATAFLOW = _table(
    Dataflow,
    Field("structure", "structure", URN),
    Field("dimensionConstraint", "dimension_constraint", Many(PLAIN), (), (V21,)),
)
_PROVISION_AGREEMENT = _table(
    ProvisionAgreement,
    Field("dataflow", "dataflow", URN, versions=BOTH),
    Field("structureUsage", "dataflow", URN, versions=(V10,)),
    Field("dataProvider", "data_provider", URN),
)
_METADATA_PROVISION_AGREEMENT = _table(
    MetadataProvisionAgreement,
    Field("metadataflow", "metadataflow", URN),
    Field("metadataProvider", "metadata_provider", URN),
    many("targets", "targets", PLAIN),
)


@dataclasses.dataclass(frozen=True)
class Section:
    """One key of ``data``: the list of all artefacts of a class."""

    key: str
    table: Table

    @property
    def kind(self) -> str:
        """The kind of artefact."""
        return str(self.table.cls.kind)  # type: ignore[attr-defined]

    @property
    def cls(self) -> str:
        """The class by which messages list the artefacts."""
        return _CLASSES.get(self.key, self.kind)

    def key_in(self, version: str) -> str | None:
        """The key in a version; None where it has no such kind.

        A kind that only 1.0 has stands in an extension in 2.1, which keeps it in files.
        """
        if self.kind in _ONLY_1_0 and version != V10:
            return EXTENSION + self.key if version == V21 else None
        return _KEYS_1_0.get(self.cls, self.key) if version == V10 else self.key


_CLASSES = {"geographicCodelists": GEOGRAPHIC, "geoGridCodelists": GRID}
_INSTEAD = {GEOGRAPHIC: "Codelist", GRID: "Codelist", "MetadataConstraint": "DataConstraint"}
"""Classes that 1.0 lacks, with those that stand for them there."""
_ONLY_1_0 = frozenset({"HierarchicalCodelist", "StructureSet", "AttachmentConstraint"})
_KEYS_1_0: dict[str, str | None] = {
    "DataConstraint": "contentConstraints",
    **dict.fromkeys((*_INSTEAD, "ValueList", "MetadataStructure", "Metadataflow", "Hierarchy", "HierarchyAssociation")),
    **dict.fromkeys(("MetadataProviderScheme", "MetadataProvisionAgreement", "RepresentationMap", "StructureMap")),
    **dict.fromkeys(("ConceptSchemeMap", "CategorySchemeMap", "OrganisationSchemeMap", "ReportingTaxonomyMap")),
    **{table.cls.kind: None for _, table in VTL_SCHEMES},  # type: ignore[attr-defined]
}

SECTIONS: tuple[Section, ...] = tuple(
    Section(key, table)
    for key, table in (
        *ORGANISATION_SCHEMES,
        ("codelists", CODELIST),
        ("geographicCodelists", GEOGRAPHIC_CODELIST),
        ("geoGridCodelists", GEO_GRID_CODELIST),
        ("valueLists", VALUE_LIST),
        ("hierarchies", _table(Hierarchy, *HIERARCHY_ROWS)),
        ("hierarchyAssociations", _table(HierarchyAssociation, *ASSOCIATION_ROWS)),
        ("hierarchicalCodelists", _table(HierarchicalCodelist, *HIERARCHICAL_CODELIST_ROWS)),
        ("conceptSchemes", CONCEPT_SCHEME),
        ("dataStructures", _table(DataStructure, *STRUCTURE_ROWS)),
        ("dataflows", _DATAFLOW),
        ("metadataStructures", metadata_structure(MetadataStructure, maintainable("MetadataStructure"))),
        ("metadataflows", _table(Metadataflow, *METADATAFLOW_ROWS)),
        ("categorySchemes", CATEGORY_SCHEME),
        ("categorisations", CATEGORISATION),
        ("reportingTaxonomies", REPORTING_TAXONOMY),
        ("provisionAgreements", _PROVISION_AGREEMENT),
        ("metadataProvisionAgreements", _METADATA_PROVISION_AGREEMENT),
        ("dataConstraints", DATA_CONSTRAINT),
        ("metadataConstraints", METADATA_CONSTRAINT),
        ("attachmentConstraints", ATTACHMENT_CONSTRAINT),
        ("structureSets", _table(StructureSet, *STRUCTURE_SET_ROWS)),
        ("structureMaps", _table(StructureMap, *STRUCTURE_MAP_ROWS)),
        ("representationMaps", _table(RepresentationMap, *REPRESENTATION_MAP_ROWS)),
        ("conceptSchemeMaps", _table(ConceptSchemeMap, *SCHEME_MAP_ROWS)),
        ("categorySchemeMaps", _table(CategorySchemeMap, *SCHEME_MAP_ROWS)),
        ("organisationSchemeMaps", _table(OrganisationSchemeMap, *SCHEME_MAP_ROWS)),
        ("reportingTaxonomyMaps", _table(ReportingTaxonomyMap, *SCHEME_MAP_ROWS)),
        ("processes", _table(Process, *PROCESS_ROWS)),
        *VTL_SCHEMES,
    )
)
"""In the order in which a message lists them, which is that of ``model.kinds.KINDS``."""

BY_CLASS: dict[str, Section] = {section.cls: section for section in SECTIONS}


def owner(source: Json) -> str:
    """``AGENCY:ID(VERSION)`` of a maintainable artefact's object."""
    return f"{source.get('agencyID')}:{source.get('id')}({source.get('version', '1.0')})"


def section_of(artefact: Maintainable, version: str) -> Section:
    """The section that lists an artefact in a version; ``key_in`` is None where there is none."""
    cls = message_class(artefact)
    found = BY_CLASS[cls]
    return found if found.key_in(version) is not None else BY_CLASS[_INSTEAD.get(cls, cls)]


def by_section(artefacts: Iterable[Maintainable], version: str) -> dict[str, list[Maintainable]]:
    """The artefacts by the class whose section lists them in a version."""
    found: dict[str, list[Maintainable]] = {}
    for artefact in artefacts:
        found.setdefault(section_of(artefact, version).cls, []).append(artefact)
    return found
