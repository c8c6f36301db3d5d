"""Tables of maps (XSD ``SDMXStructureStructureMappings`` of 3.x)."""

from __future__ import annotations

from ...model.mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    ItemMap,
    ItemSchemeMap,
    MappedList,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    ValueMapping,
)
from .engine import Row, Shape
from .rows import FLAG, NUMBER, Attribute, Child, Content, OneOf, Text
from .rows_reference import ReferenceItself, Refers
from .tables import ANNOTATIONS, MAINTAINABLE, version_of_urn

_VALUE = Shape(
    MappedValue,
    Content("value", exact=True),
    Attribute("is_regex", "isRegEx", FLAG),
    Attribute("start_index", "startIndex", NUMBER),
    Attribute("end_index", "endIndex", NUMBER),
)
_MAPPING: tuple[Row, ...] = (ANNOTATIONS, Attribute("valid_from", "validFrom"), Attribute("valid_to", "validTo"))
_ITEM_MAP = Shape(ItemMap, *_MAPPING, Child("source", "str:SourceValue", _VALUE), Text("target", "str:TargetValue"))


def _scheme_map(model: type[ItemSchemeMap], *kinds: str) -> Shape:
    """The shape of a map between schemes of these kinds."""
    first, *others = kinds
    return Shape(
        model,
        *MAINTAINABLE,
        Refers("source", "str:Source", first, others=tuple(others)),
        Refers("target", "str:Target", first, others=tuple(others)),
        Child("items", "str:ItemMap", _ITEM_MAP, many=True),
        urn=f"structuremapping.{model.kind}",
        finish=version_of_urn,
    )


CONCEPT_SCHEME_MAP = _scheme_map(ConceptSchemeMap, "ConceptScheme")
CATEGORY_SCHEME_MAP = _scheme_map(CategorySchemeMap, "CategoryScheme")
ORGANISATION_SCHEME_MAP = _scheme_map(
    OrganisationSchemeMap,
    *("AgencyScheme", "DataConsumerScheme", "DataProviderScheme", "MetadataProviderScheme", "OrganisationUnitScheme"),
)
REPORTING_TAXONOMY_MAP = _scheme_map(ReportingTaxonomyMap, "ReportingTaxonomy")

_LISTED = Shape(MappedList, ReferenceItself("codelist", "Codelist", others=("ValueList",)))
_TYPED = Shape(MappedList, Content("data_type"))


def _lists(field: str, side: str) -> OneOf:
    """The lists and types of one side, in their order."""
    shapes = {f"str:{side}Codelist": _LISTED, f"str:{side}DataType": _TYPED}
    return OneOf(field, shapes, lambda one: f"str:{side}{'DataType' if one.codelist is None else 'Codelist'}")


_VALUE_MAPPING = Shape(
    ValueMapping,
    *_MAPPING,
    Child("sources", "str:SourceValue", _VALUE, many=True),
    Text("targets", "str:TargetValue", many=True),
)
REPRESENTATION_MAP = Shape(
    RepresentationMap,
    *MAINTAINABLE,
    _lists("sources", "Source"),
    _lists("targets", "Target"),
    Child("mappings", "str:RepresentationMapping", _VALUE_MAPPING, many=True),
    urn="structuremapping.RepresentationMap",
    finish=version_of_urn,
)
