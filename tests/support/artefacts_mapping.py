"""Hypothesis strategies for maps between item schemes and between representations."""

from __future__ import annotations

from hypothesis import strategies as st

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
from sdmx_server.model.reference import Reference

from .artefact_parts import ANNOTATIONS, MAINTAINABLE, TEXTS, references, several

VALUES = st.builds(
    MappedValue,
    value=TEXTS,
    is_regex=st.sampled_from([None, True, False]),
    start_index=st.none() | st.integers(0, 9),
    end_index=st.none() | st.integers(1, 9),
)
DATES = st.none() | st.sampled_from(["2016-03-20", "2021-03-21Z", "2021-01-01T12:30:00+03:30"])
OWN = {"valid_from": DATES, "valid_to": DATES, "annotations": several(ANNOTATIONS, 1)}
ITEM_MAPS = st.builds(ItemMap, source=VALUES, target=st.none() | TEXTS, **OWN)
MAPPINGS = st.builds(
    ValueMapping,
    sources=st.lists(VALUES, min_size=1, max_size=2).map(tuple),
    targets=st.lists(TEXTS, max_size=2).map(tuple),
    **OWN,
)
LISTS = st.lists(
    st.builds(MappedList, codelist=references("Codelist") | references("ValueList"))
    | st.builds(MappedList, data_type=st.sampled_from(["String", "Integer", "XHTML"])),
    min_size=1,
    max_size=3,
).map(tuple)


def scheme_maps(cls, schemes):
    return st.builds(cls, source=schemes, target=schemes, items=several(ITEM_MAPS), **MAINTAINABLE)


ORGANISATION_SCHEMES = references("OrganisationUnitScheme") | st.builds(
    Reference,
    kind=st.just("DataProviderScheme"),
    agency=st.just("SCI"),
    id=st.just("DATA_PROVIDERS"),
    version=st.just("1.0"),
)
BY_KIND_MAPPING = {
    "RepresentationMap": st.builds(
        RepresentationMap, sources=LISTS, targets=LISTS, mappings=several(MAPPINGS), **MAINTAINABLE
    ),
    "ConceptSchemeMap": scheme_maps(ConceptSchemeMap, references("ConceptScheme")),
    "CategorySchemeMap": scheme_maps(CategorySchemeMap, references("CategoryScheme")),
    "OrganisationSchemeMap": scheme_maps(OrganisationSchemeMap, ORGANISATION_SCHEMES),
    "ReportingTaxonomyMap": scheme_maps(ReportingTaxonomyMap, references("ReportingTaxonomy")),
}
