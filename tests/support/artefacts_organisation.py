"""Hypothesis strategies for organisation units, metadata providers and their agreements, and reporting taxonomies."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.category import ReportingCategory, ReportingTaxonomy
from sdmx_server.model.metadatastructure import MetadataProvisionAgreement
from sdmx_server.model.organisation import MetadataProviderScheme, Organisation, OrganisationUnitScheme
from sdmx_server.model.reference import Reference

from .artefact_parts import IDS, MAINTAINABLE, NAMEABLE, VERSIONED, references, unique

TARGETS = st.sampled_from(
    [
        (),
        ("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:*(*)",),
        (
            "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=*:*(*)",
            "urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_AREA(1.0.0).*",
        ),
    ]
)


def _within(units):
    """Make the second unit a part of the first."""
    if len(units) < 2:
        return units
    fields = {name: getattr(units[1], name) for name in units[1].__struct_fields__}
    return (units[0], Organisation(**fields | {"parent": units[0].id}), *units[2:])


def unit_schemes(nameable, maintainable):
    units = unique(st.builds(Organisation, id=IDS, **nameable)).map(_within)
    return st.builds(OrganisationUnitScheme, items=units, is_partial=st.booleans(), **maintainable)


def taxonomies(nameable, maintainable, references_to):
    """Taxonomies of two levels; ``references_to`` gives the references to a kind."""

    def several(*kinds):
        return st.lists(st.one_of(*map(references_to, kinds)), min_size=1, max_size=2, unique=True).map(tuple)

    content = st.one_of(
        st.just({}),
        several("DataStructure", "MetadataStructure").map(lambda held: {"structures": held}),
        several("Dataflow", "Metadataflow").map(lambda held: {"usages": held}),
    )

    def categories(below):
        own = {"id": IDS, "items": below, **nameable}
        return unique(st.builds(lambda held, **fields: ReportingCategory(**held, **fields), content, **own), most=2)

    items = categories(categories(st.just(())))
    return st.builds(ReportingTaxonomy, items=items, is_partial=st.booleans(), **maintainable)


PROVIDERS = st.builds(
    Reference,
    kind=st.just("MetadataProviderScheme"),
    agency=st.just("SCI"),
    id=st.just("METADATA_PROVIDERS"),
    version=st.just("1.0"),
    item=IDS,
)
BY_KIND_ORGANISATION = {
    "MetadataProviderScheme": st.builds(
        MetadataProviderScheme,
        id=st.just("METADATA_PROVIDERS"),
        items=unique(st.builds(Organisation, id=IDS, **NAMEABLE)),
        is_partial=st.booleans(),
        **VERSIONED,
    ),
    "OrganisationUnitScheme": unit_schemes(NAMEABLE, VERSIONED | {"id": IDS}),
    "ReportingTaxonomy": taxonomies(NAMEABLE, MAINTAINABLE, references),
    "MetadataProvisionAgreement": st.builds(
        MetadataProvisionAgreement,
        metadataflow=references("Metadataflow"),
        metadata_provider=PROVIDERS,
        targets=TARGETS,
        **MAINTAINABLE,
    ),
}
