"""Hypothesis strategies: random artefacts of every kind, holding what the 3.x generations of the model can hold.

Fields that only SDMX 2.1 has stay at their defaults, and members of a code selection come plain first, patterns last.
"""

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
from sdmx_server.model.common import Identity, Maintainable
from sdmx_server.model.concept import Concept, ConceptScheme, ISOConcept
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    MemberSelection,
    TimeBound,
    TimeRange,
)
from sdmx_server.model.dataflow import Dataflow, ProvisionAgreement
from sdmx_server.model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Group,
    Measure,
    MetadataAttributeUsage,
    TimeDimension,
)
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.metadatastructure import MetadataAttribute, Metadataflow, MetadataStructure
from sdmx_server.model.organisation import AgencyScheme, Contact, DataConsumerScheme, DataProviderScheme, Organisation

from .artefact_parts import (
    ANNOTATIONS,
    CODE_IDS,
    CONCEPT_REFERENCES,
    DATES,
    DIMENSION_REPRESENTATIONS,
    IDENTITY,
    IDS,
    INTERNATIONAL,
    LINKS,
    MAINTAINABLE,
    METADATA_REPRESENTATIONS,
    NAMEABLE,
    PERIODS,
    PROVIDERS,
    REPRESENTATIONS,
    TEXTS,
    TIME_REPRESENTATIONS,
    URLS,
    VERSIONED,
    references,
    several,
    unique,
)
from .artefacts_constraint import constraints_of_2_1, metadata_constraints
from .artefacts_geography import geo_codelists
from .artefacts_hierarchy import BY_KIND_HIERARCHY
from .artefacts_mapping import BY_KIND_MAPPING
from .artefacts_organisation import BY_KIND_ORGANISATION
from .artefacts_process import BY_KIND_PROCESS
from .artefacts_structure_map import BY_KIND_STRUCTURE_MAP
from .artefacts_structure_set import BY_KIND_STRUCTURE_SET
from .artefacts_transformation import BY_KIND_VTL

# -- item schemes -----------------------------------------------------------------------------------------------------

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

# -- structures and flows ---------------------------------------------------------------------------------------------

COMPONENT = IDENTITY | {"concept": CONCEPT_REFERENCES, "roles": several(CONCEPT_REFERENCES, 1)}
IDENTITIES = st.builds(Identity, annotations=several(ANNOTATIONS, 1), links=several(LINKS, 1)).filter(
    lambda identity: identity != Identity()
)


@st.composite
def data_structures(draw):
    """A consistent data structure: relationships and groups name components that exist."""
    ids = draw(st.lists(IDS.filter(lambda text: text != "TIME_PERIOD"), min_size=6, max_size=6, unique=True))
    dimension_ids, measure_id, attribute_ids, group_id = ids[:2], ids[2], ids[3:5], ids[5]
    dimensions = tuple(
        draw(
            st.builds(
                Dimension,
                id=st.just(dimension_id),
                position=st.just(position),
                representation=st.none() | DIMENSION_REPRESENTATIONS,
                **COMPONENT,
            )
        )
        for position, dimension_id in enumerate(dimension_ids, 1)
    )
    time = draw(
        st.none()
        | st.builds(
            TimeDimension,
            id=st.just("TIME_PERIOD"),
            concept=CONCEPT_REFERENCES,
            representation=TIME_REPRESENTATIONS,
            **IDENTITY,
        )
    )
    groups = draw(
        several(st.builds(Group, id=st.just(group_id), dimensions=st.just((dimension_ids[0],)), **IDENTITY), 1)
    )
    measures = draw(
        several(
            st.builds(
                Measure,
                id=st.just(measure_id),
                representation=st.none() | REPRESENTATIONS,
                mandatory=st.booleans(),
                **COMPONENT,
            ),
            1,
        )
    )
    relationships = [
        st.just(AttributeRelationship(dataflow=True)),
        st.just(AttributeRelationship(observation=True)),
        st.lists(st.sampled_from(dimension_ids), min_size=1, unique=True).map(
            lambda chosen: AttributeRelationship(dimensions=tuple(DimensionRelation(id=one) for one in chosen))
        ),
    ]
    if groups:
        relationships.append(st.just(AttributeRelationship(group=group_id)))
    attributes = tuple(
        draw(
            st.builds(
                Attribute,
                id=st.just(attribute_id),
                relationship=st.one_of(relationships),
                representation=st.none() | REPRESENTATIONS,
                mandatory=st.booleans(),
                measures=st.just(()) | st.just((measure_id,) if measures else ()),
                **COMPONENT,
            )
        )
        for attribute_id in attribute_ids[: draw(st.integers(0, 2))]
    )
    usages = ()
    metadata = draw(st.none() | references("MetadataStructure"))
    if metadata:
        usages = draw(
            several(st.builds(MetadataAttributeUsage, metadata_attribute=IDS, relationship=st.one_of(relationships)), 1)
        )
    present = ["DimensionDescriptor"]
    present += ["AttributeDescriptor"] if attributes or usages else []
    present += ["MeasureDescriptor"] if measures else []
    return draw(
        st.builds(
            DataStructure,
            dimensions=st.just(dimensions),
            time_dimension=st.just(time),
            groups=st.just(groups),
            attributes=st.just(attributes),
            metadata_attribute_usages=st.just(usages),
            measures=st.just(measures),
            metadata=st.just(metadata),
            descriptors=st.dictionaries(st.sampled_from(present), IDENTITIES, max_size=2),
            **MAINTAINABLE,
        )
    )


DATAFLOWS = st.builds(Dataflow, structure=references("DataStructure"), **MAINTAINABLE)
METADATA_ATTRIBUTE = {
    **IDENTITY,
    "id": IDS,
    "concept": CONCEPT_REFERENCES,
    "representation": st.none() | METADATA_REPRESENTATIONS,
    "min_occurs": st.none() | st.integers(0, 2),
    "max_occurs": st.none() | st.integers(2, 5) | st.just("unbounded"),
    "is_presentational": st.booleans(),
}
METADATA_ATTRIBUTES = st.builds(
    MetadataAttribute,
    attributes=unique(st.builds(MetadataAttribute, **METADATA_ATTRIBUTE), most=1),
    **METADATA_ATTRIBUTE,
)
METADATA_STRUCTURES = st.builds(
    MetadataStructure,
    attributes=unique(METADATA_ATTRIBUTES, most=2, least=1),
    descriptors=st.just({}) | IDENTITIES.map(lambda identity: {"MetadataAttributeDescriptor": identity}),
    **MAINTAINABLE,
)
METADATAFLOWS = st.builds(
    Metadataflow,
    structure=references("MetadataStructure"),
    targets=st.lists(
        st.sampled_from(
            [
                "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=*:*(*)",
                "urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_AREA(1.0.0).*",
            ]
        ),
        min_size=1,
        unique=True,
    ).map(tuple),
    **MAINTAINABLE,
)
PROVISION_AGREEMENTS = st.builds(
    ProvisionAgreement, dataflow=references("Dataflow"), data_provider=PROVIDERS, **MAINTAINABLE
)

# -- constraints ------------------------------------------------------------------------------------------------------

BOUNDS = st.builds(TimeBound, period=PERIODS, inclusive=st.booleans())
TIME_RANGES = (
    st.builds(TimeRange, before=BOUNDS)
    | st.builds(TimeRange, after=BOUNDS)
    | st.builds(TimeRange, start=BOUNDS, end=BOUNDS)
)
VALUES = st.builds(MemberValue, value=CODE_IDS, cascade=st.sampled_from([None, "true", "excluderoot"]))
SELECTION = {"id": IDS, "include": st.booleans(), "remove_prefix": st.sampled_from([None, True])}
VALUE_SELECTIONS = st.builds(
    MemberSelection,
    values=st.lists(VALUES, min_size=1, max_size=3, unique_by=lambda v: v.value).map(tuple),
    **SELECTION,
)
MEMBER_SELECTIONS = VALUE_SELECTIONS | st.builds(MemberSelection, time_range=TIME_RANGES, **SELECTION)
KEY_PARTS = st.builds(MemberSelection, id=IDS, values=CODE_IDS.map(lambda text: (MemberValue(value=text),)))
REGIONS = st.builds(
    CubeRegion,
    include=st.booleans(),
    keys=unique(MEMBER_SELECTIONS, least=1),
    components=unique(MEMBER_SELECTIONS, most=1),
    annotations=several(ANNOTATIONS, 1),
)
KEY_SETS = st.builds(
    DataKeySet,
    is_included=st.booleans(),
    keys=st.lists(
        st.builds(DataKey, keys=unique(KEY_PARTS, least=1), components=unique(VALUE_SELECTIONS, most=1)),
        min_size=1,
        max_size=2,
    ).map(tuple),
)
ATTACHMENTS = st.builds(
    ConstraintAttachment,
    references=st.one_of(
        [
            st.lists(references(kind), min_size=1, max_size=2, unique=True).map(tuple)
            for kind in ("DataStructure", "Dataflow", "ProvisionAgreement")
        ]
        + [PROVIDERS.map(lambda provider: (provider,))]
    ),
)
DATA_CONSTRAINTS = st.builds(
    DataConstraint,
    attachment=st.none() | ATTACHMENTS,
    key_sets=several(KEY_SETS, 1),
    cube_regions=several(REGIONS),
    **MAINTAINABLE,
)

PLAIN_KEYS = st.builds(DataKey, keys=unique(KEY_PARTS, least=1))
_, ATTACHMENT_CONSTRAINTS = constraints_of_2_1(
    MAINTAINABLE,
    references,
    PLAIN_KEYS,
    TIME_RANGES,
    st.builds(DataKeySet, is_included=st.booleans(), keys=st.tuples(PLAIN_KEYS)),
)

BY_KIND: dict[str, st.SearchStrategy[Maintainable]] = {
    "AgencyScheme": organisation_schemes(AgencyScheme, "AGENCIES"),
    "DataProviderScheme": organisation_schemes(DataProviderScheme, "DATA_PROVIDERS"),
    "DataConsumerScheme": organisation_schemes(DataConsumerScheme, "DATA_CONSUMERS"),
    "Codelist": CODELISTS | geo_codelists(EXTENSIONS),
    "ValueList": VALUE_LISTS,
    **BY_KIND_HIERARCHY,
    **BY_KIND_ORGANISATION,
    **BY_KIND_MAPPING,
    **BY_KIND_STRUCTURE_MAP,
    **BY_KIND_STRUCTURE_SET,
    **BY_KIND_PROCESS,
    **BY_KIND_VTL,
    "ConceptScheme": CONCEPT_SCHEMES,
    "DataStructure": data_structures(),
    "Dataflow": DATAFLOWS,
    "MetadataStructure": METADATA_STRUCTURES,
    "Metadataflow": METADATAFLOWS,
    "CategoryScheme": CATEGORY_SCHEMES,
    "Categorisation": CATEGORISATIONS,
    "ProvisionAgreement": PROVISION_AGREEMENTS,
    "DataConstraint": DATA_CONSTRAINTS,
    "MetadataConstraint": metadata_constraints(TIME_RANGES),
    "AttachmentConstraint": ATTACHMENT_CONSTRAINTS,
}
"""One strategy for each kind that the server stores."""

PARTIES = st.builds(Party, id=IDS, names=INTERNATIONAL)
HEADERS = st.builds(
    Header, id=IDS, prepared=DATES, sender=PARTIES, test=st.booleans(), receivers=several(PARTIES), names=INTERNATIONAL
)


def messages(*kinds, most=3):
    """Structure messages with artefacts of these kinds (all when none is named), each reference once."""
    artefacts = st.one_of([BY_KIND[kind] for kind in kinds or BY_KIND])
    return st.builds(
        StructureMessage,
        header=HEADERS,
        artefacts=st.lists(
            artefacts, min_size=1, max_size=most, unique_by=lambda a: (a.kind, a.agency, a.id, a.version)
        ).map(tuple),
    )
