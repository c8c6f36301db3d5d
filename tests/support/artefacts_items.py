"""Hypothesis strategies for item schemes: organisations, codes, values, concepts and categories; categorisations."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.category import Categorisation, Category, CategoryScheme
from sdmx_server.model.codelist import (
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    MemberValue,
    ValueItem,
    ValueList,
)
from sdmx_server.model.concept import Concept, ConceptScheme, ISOConcept
from sdmx_server.model.organisation import Contact, Organisation

from .artefact_parts import (
    ANNOTATIONS,
    CODE_IDS,
    IDS,
    INTERNATIONAL,
    MAINTAINABLE,
    NAMEABLE,
    REPRESENTATIONS,
    TEXTS,
    URLS,
    VERSIONED,
    references,
    several,
    unique,
)

CONTACTS = st.builds(
    Contact,
    id=st.none() | IDS,
    names=INTERNATIONAL,
    departments=INTERNATIONAL,
    roles=INTERNATIONAL,
    telephones=several(st.just("+98 21 0000"), 1),
    faxes=several(st.just("+98 21 0001"), 1),
    uris=several(URLS, 1),
    emails=several(st.just("a@example.org"), 1),
)
ORGANISATIONS = st.builds(Organisation, id=IDS, contacts=several(CONTACTS, 1), **NAMEABLE)


def organisation_schemes(cls, fixed_id):
    return st.builds(cls, id=st.just(fixed_id), items=unique(ORGANISATIONS), is_partial=st.booleans(), **VERSIONED)


def _with_parents(items):
    """Make the second item a child of the first."""
    if len(items) < 2:
        return items
    child = type(items[1])(
        **{name: getattr(items[1], name) for name in items[1].__struct_fields__} | {"parent": items[0].id}
    )
    return (items[0], child, *items[2:])


MEMBERS = st.tuples(
    several(st.builds(MemberValue, value=CODE_IDS, cascade=st.sampled_from([None, "true", "false", "excluderoot"]))),
    several(st.builds(MemberValue, value=CODE_IDS.map(lambda text: text + "%")), 1),
).map(lambda both: tuple({member.value: member for member in both[0] + both[1]}.values()))
SELECTIONS = st.builds(CodeSelection, include=st.booleans(), members=MEMBERS.filter(bool))
EXTENSIONS = st.builds(
    CodelistExtension,
    codelist=references("Codelist"),
    prefix=st.none() | st.just("P_"),
    selection=st.none() | SELECTIONS,
)
CODELISTS = st.builds(
    Codelist,
    items=unique(st.builds(Code, id=CODE_IDS, **NAMEABLE)).map(_with_parents),
    extensions=several(EXTENSIONS),
    is_partial=st.booleans(),
    **MAINTAINABLE,
)
VALUE_LISTS = st.builds(
    ValueList,
    items=unique(
        st.builds(
            ValueItem,
            id=TEXTS,
            names=INTERNATIONAL,
            descriptions=INTERNATIONAL,
            annotations=several(ANNOTATIONS, 1),
        )
    ),
    **MAINTAINABLE,
)
CONCEPT_SCHEMES = st.builds(
    ConceptScheme,
    items=unique(
        st.builds(
            Concept,
            id=IDS,
            core_representation=st.none() | REPRESENTATIONS,
            iso_concept=st.none() | st.builds(ISOConcept, agency=IDS, scheme=IDS, concept=IDS),
            **NAMEABLE,
        )
    ).map(_with_parents),
    is_partial=st.booleans(),
    **MAINTAINABLE,
)
CATEGORIES = st.recursive(
    st.builds(Category, id=IDS, **NAMEABLE),
    lambda children: st.builds(Category, id=IDS, items=unique(children, most=2), **NAMEABLE),
    max_leaves=3,
)
CATEGORY_SCHEMES = st.builds(CategoryScheme, items=unique(CATEGORIES), is_partial=st.booleans(), **MAINTAINABLE)
CATEGORISATIONS = st.builds(
    Categorisation,
    source=references("Dataflow"),
    target=references("CategoryScheme", st.sampled_from(["A", "A.B.C"])),
    **MAINTAINABLE,
)
