"""Structure sets of 2.1: maps between item schemes and between structures in one artefact (information model 2.1, 9).

From 3.0 on each map is an artefact; ``counterparts_mapping`` turns the one into the other.
"""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, Maintainable, Nameable, Value
from .mapping import ItemMap
from .reference import Reference
from .representation import TextFormat


class SchemeMap(Nameable, frozen=True, kw_only=True):
    """A map between two item schemes within a structure set.

    Items are named within their schemes: nested ones by their path, hierarchical codes by that from their hierarchy on.
    """

    source: Reference
    target: Reference
    items: tuple[ItemMap, ...] = ()


class ComponentName(Value, frozen=True, kw_only=True):
    """A component by its id and its class (``Dimension``, ``DataAttribute`` ... ``MetadataAttribute``).

    ``container`` is the id of the list that holds it where the class does not say so: a report structure, a target.
    """

    id: str
    component: str = "Dimension"
    container: str | None = None


class ValuePair(Value, frozen=True, kw_only=True):
    """A value of a source component and what it becomes."""

    source: str
    target: str


class ComponentPair(Value, frozen=True, kw_only=True):
    """A component and what it becomes, its values by one way at most.

    By ``codelist_map``, the id of a map in the same set; as ``to_value_type`` (``Value``, ``Name``, ``Description``) of
    the source's codes in the format ``to_text_format``; or by the pairs of ``values``.
    """

    source: ComponentName
    target: ComponentName
    codelist_map: str | None = None
    to_text_format: TextFormat | None = None
    to_value_type: str | None = None
    values: tuple[ValuePair, ...] = ()
    annotations: tuple[Annotation, ...] = ()


class StructureMapping(Nameable, frozen=True, kw_only=True):
    """A structure map within a structure set; ``is_extension``: the source extends the target."""

    source: Reference
    target: Reference
    is_extension: bool = False
    components: tuple[ComponentPair, ...] = ()


class StructureSet(Maintainable, frozen=True, kw_only=True):
    """Maps between item schemes and structures (2.1 only); ``related`` are structures and flows that it is about."""

    kind: ClassVar[str] = "StructureSet"
    related: tuple[Reference, ...] = ()
    organisation_scheme_maps: tuple[SchemeMap, ...] = ()
    category_scheme_maps: tuple[SchemeMap, ...] = ()
    codelist_maps: tuple[SchemeMap, ...] = ()
    concept_scheme_maps: tuple[SchemeMap, ...] = ()
    reporting_taxonomy_maps: tuple[SchemeMap, ...] = ()
    hybrid_codelist_maps: tuple[SchemeMap, ...] = ()
    structure_maps: tuple[StructureMapping, ...] = ()


MAPS: dict[str, str] = {
    "OrganisationSchemeMap": "organisation_scheme_maps",
    "CategorySchemeMap": "category_scheme_maps",
    "CodelistMap": "codelist_maps",
    "ConceptSchemeMap": "concept_scheme_maps",
    "ReportingTaxonomyMap": "reporting_taxonomy_maps",
    "HybridCodelistMap": "hybrid_codelist_maps",
    "StructureMap": "structure_maps",
}
"""The classes of the maps of a structure set, with the fields that hold them."""

CONTAINERS: dict[str, str] = {
    **dict.fromkeys(("Dimension", "MeasureDimension", "TimeDimension"), "DimensionDescriptor"),
    **dict.fromkeys(("DataAttribute", "ReportingYearStartDay"), "AttributeDescriptor"),
    "PrimaryMeasure": "MeasureDescriptor",
    "MetadataAttribute": "METADATA_REPORT",
}
"""The component lists of a data structure by the class of their components.

Metadata attributes stand in a report structure, by default the one that an attribute list of 3.x becomes.
"""
