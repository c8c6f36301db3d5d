"""Tables of category schemes, categorisations and reporting taxonomies."""

from __future__ import annotations

from ...model.category import Categorisation, Category, CategoryScheme, ReportingCategory, ReportingTaxonomy
from .engine import URN, Codec, Field, Table, many
from .identity import Children, nameable
from .maintainable import IS_PARTIAL, maintainable

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

CATEGORY_SCHEME = Table(
    CategoryScheme, maintainable("CategoryScheme", IS_PARTIAL, many("categories", "items", _CATEGORY))
)
CATEGORISATION = Table(
    Categorisation,
    maintainable("Categorisation", Field("source", "source", URN), Field("target", "target", URN)),
)
REPORTING_TAXONOMY = Table(
    ReportingTaxonomy,
    maintainable("ReportingTaxonomy", IS_PARTIAL, many("reportingCategories", "items", _REPORTING_CATEGORY)),
)
