"""Hypothesis strategies for hierarchies, hierarchical codelists and hierarchy associations."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.hierarchy import (
    CodelistHierarchy,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    Level,
)
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import TextFormat

from .artefact_parts import (
    COUNTS,
    DATES,
    IDENTITY,
    IDS,
    MAINTAINABLE,
    NAMEABLE,
    references,
    several,
    unique,
)

CODE_IDS = st.sampled_from(["0", "1", "2", "IR", "IR-07", "A_B", "$"])
CODING_FORMATS = st.builds(
    TextFormat,
    text_type=st.sampled_from([None, "Alpha", "AlphaNumeric", "Numeric"]),
    facets=st.fixed_dictionaries({}, optional={"maxLength": COUNTS, "isSequence": st.just("true")}),
)


def levels(nameable):
    below = st.builds(Level, id=st.just("PROVINCE"), names=st.just({"fa": "استان"}), coding_format=CODING_FORMATS)
    return st.builds(Level, id=st.just("REGION"), level=st.none() | below, **nameable)


def codes(identity, named, more):
    """Trees of codes, two deep; ``named`` is a strategy of what names a code."""

    def one(below, own):
        own = own | more | {"valid_from": st.none() | DATES, "valid_to": st.none() | DATES}
        return st.builds(
            lambda name, **fields: HierarchicalCode(**name, **fields),
            named,
            id=CODE_IDS,
            level=st.sampled_from([None, "REGION", "PROVINCE"]),
            codes=below,
            **own,
        )

    return one(unique(one(st.just(()), {}), most=2), identity)


BY_REFERENCE = references("Codelist", CODE_IDS).map(lambda code: {"code": code})
BY_ALIAS = CODE_IDS.map(lambda code: {"codelist_alias": "AREAS", "code_id": code})
CONTENT = {
    "has_formal_levels": st.booleans(),
    "level": st.none() | levels(NAMEABLE),
    "codes": unique(codes(IDENTITY, BY_REFERENCE, {}), least=1, most=2),
}
HIERARCHIES = st.builds(Hierarchy, **CONTENT, **MAINTAINABLE)


def hierarchical_codelists(identity, nameable, maintainable, code_references, lists):
    """Hierarchical codelists of 2.1; the arguments are the fields that every artefact has, and its references."""
    more = {"version": st.sampled_from([None, "1.0", "2.1"])}
    hierarchy = st.builds(
        CodelistHierarchy,
        id=IDS,
        has_formal_levels=st.booleans(),
        level=st.none() | levels(nameable),
        codes=unique(codes(identity, code_references | BY_ALIAS, more), least=1, most=2),
        **nameable,
    )
    included = st.builds(IncludedCodelist, alias=st.just("AREAS"), codelist=lists)
    return st.builds(
        HierarchicalCodelist, included=several(included, 1), hierarchies=unique(hierarchy, most=2), **maintainable
    )


OBJECTS = st.one_of(
    references("Codelist"),
    references("Dataflow"),
    references("ConceptScheme", IDS),
    st.builds(
        Reference,
        kind=st.just("DataStructure"),
        agency=st.just("SCI"),
        id=IDS,
        version=st.just("1.0.0"),
        item=IDS,
        part=st.sampled_from(["Dimension", "DataAttribute"]),
    ),
)
ASSOCIATIONS = st.builds(
    HierarchyAssociation,
    linked_hierarchy=references("Hierarchy"),
    linked_object=OBJECTS,
    context_object=st.none() | OBJECTS,
    **MAINTAINABLE,
)
BY_KIND_HIERARCHY = {
    "Hierarchy": HIERARCHIES,
    "HierarchyAssociation": ASSOCIATIONS,
    "HierarchicalCodelist": hierarchical_codelists(
        IDENTITY, NAMEABLE, MAINTAINABLE, BY_REFERENCE, references("Codelist")
    ),
}
