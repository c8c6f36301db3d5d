"""Hypothesis strategies: random artefacts that hold just what SDMX 2.1 can say, fields of 2.1 alone included."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.category import Categorisation
from sdmx_server.model.codelist import Code, Codelist, MemberValue
from sdmx_server.model.common import Annotation, AnnotationURL, Maintainable
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
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
    TimeDimension,
)
from sdmx_server.model.finality import from_flag
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
)
from sdmx_server.model.organisation import DataProviderScheme, Organisation
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, TextFormat

from .artefact_parts import (
    AGENCIES,
    CODE_IDS,
    CODED_FORMATS,
    DATES,
    IDS,
    INTERNATIONAL,
    NAMES,
    PROVIDERS,
    TEXTS,
    TIME_REPRESENTATIONS,
    URLS,
    several,
    unique,
)
from .artefacts import TIME_RANGES
from .artefacts_constraint import constraints_of_2_1, metadata_content
from .artefacts_hierarchy import hierarchical_codelists
from .artefacts_items import CONTACTS
from .artefacts_organisation import taxonomies, unit_schemes
from .artefacts_process import processes
from .artefacts_structure_set import structure_sets
from .artefacts_transformation import schemes_of_vtl

HEADER = Header(id="H", prepared="2024-01-01T00:00:00Z", sender=Party(id="SCI"))
VERSIONS = st.sampled_from(["1.0", "2.1", "1.0.0", "2.3.1", "3"])


def references(kind, item=None):
    return st.builds(
        Reference,
        kind=st.just(kind),
        agency=AGENCIES,
        id=IDS,
        version=VERSIONS,
        item=st.none() if item is None else item,
    )


ANNOTATIONS = st.builds(
    Annotation,
    id=st.none() | IDS,
    title=st.none() | TEXTS,
    type=st.none() | IDS,
    urls=several(st.builds(AnnotationURL, href=URLS), 1),
    texts=INTERNATIONAL,
)
IDENTITY = {"annotations": several(ANNOTATIONS, 1), "uri": st.none() | URLS}
NAMEABLE = IDENTITY | {"names": NAMES, "descriptions": INTERNATIONAL}
ORGANISED = NAMEABLE | {
    "agency": AGENCIES,
    "valid_from": st.none() | DATES,
    "is_external_reference": st.booleans(),
    "structure_url": st.none() | URLS,
}
MAINTAINABLE = ORGANISED | {"id": IDS, "version": VERSIONS, "is_final": st.sampled_from([None, True])}
CONCEPTS = references("ConceptScheme", IDS)
COMPONENT = IDENTITY | {"concept": CONCEPTS}
FACETS = st.fixed_dictionaries(
    {}, optional={"maxLength": st.just("5"), "minValue": st.sampled_from(["-1.5", "0"]), "pattern": st.just("A|B")}
)
TYPES = st.sampled_from(["String", "Double", "Integer", "Month"])
REPRESENTATIONS = st.builds(
    Representation, text_format=st.builds(TextFormat, text_type=st.none() | TYPES, facets=FACETS)
) | st.builds(Representation, enumeration=references("Codelist"), enumeration_format=st.none() | CODED_FORMATS)

# -- structures -------------------------------------------------------------------------------------------------------

MEASURE_DIMENSIONS = st.builds(
    Dimension,
    id=st.just("MEASURE"),
    is_measure_dimension=st.just(True),
    representation=st.builds(Representation, enumeration=references("ConceptScheme")),
    **COMPONENT,
)
RELATIONSHIPS = st.sampled_from(
    [
        AttributeRelationship(dataflow=True),
        AttributeRelationship(observation=True),
        AttributeRelationship(group="GROUP"),
        AttributeRelationship(dimensions=(DimensionRelation(id="FREQ"),), attachment_groups=("GROUP",)),
        AttributeRelationship(dimensions=(DimensionRelation(id="FREQ"), DimensionRelation(id="AREA"))),
    ]
)
START_DAYS = st.builds(
    Attribute,
    id=st.just("REPORTING_YEAR_START_DAY"),
    relationship=RELATIONSHIPS,
    mandatory=st.booleans(),
    representation=st.just(Representation(text_format=TextFormat(text_type="MonthDay"))),
    **COMPONENT,
)


def _dimensions(position):
    return st.builds(
        Dimension,
        id=st.just(("FREQ", "AREA")[position - 1]),
        position=st.none() | st.just(position),
        representation=st.none() | REPRESENTATIONS,
        roles=several(CONCEPTS, 1),
        **COMPONENT,
    )


DATA_STRUCTURES = st.builds(
    DataStructure,
    dimensions=st.one_of(
        st.tuples(_dimensions(1), _dimensions(2)), st.tuples(_dimensions(1), MEASURE_DIMENSIONS, _dimensions(2))
    ),
    time_dimension=st.none()
    | st.builds(
        TimeDimension,
        id=st.just("TIME_PERIOD"),
        position=st.none() | st.just(4),
        representation=TIME_REPRESENTATIONS,
        **COMPONENT,
    ),
    groups=st.tuples(
        st.builds(Group, id=st.just("GROUP"), dimensions=st.just(("AREA",)), **IDENTITY),
    )
    | st.tuples(
        st.builds(Group, id=st.just("GROUP"), dimensions=st.just(("AREA",)), **IDENTITY),
        st.builds(Group, id=st.just("OTHER"), attachment_constraint=references("AttachmentConstraint"), **IDENTITY),
    ),
    attributes=st.tuples(
        st.builds(
            Attribute,
            id=st.just("STATUS"),
            relationship=RELATIONSHIPS,
            mandatory=st.booleans(),
            representation=st.none() | REPRESENTATIONS,
            roles=several(CONCEPTS, 1),
            **COMPONENT,
        ),
    )
    | st.tuples(START_DAYS),
    measures=st.tuples(
        st.builds(
            Measure,
            id=st.just("OBS_VALUE"),
            is_primary=st.just(True),
            representation=st.none() | REPRESENTATIONS,
            **COMPONENT,
        )
    ),
    **MAINTAINABLE,
)
METADATA_ATTRIBUTE = COMPONENT | {
    "id": IDS,
    "representation": st.none() | REPRESENTATIONS,
    "min_occurs": st.none() | st.just(0),
    "max_occurs": st.none() | st.just(3) | st.just("unbounded"),
    "is_presentational": st.booleans(),
}
METADATA_ATTRIBUTES = st.builds(
    MetadataAttribute,
    attributes=unique(st.builds(MetadataAttribute, **METADATA_ATTRIBUTE), most=1),
    **METADATA_ATTRIBUTE,
)
METADATA_STRUCTURES = st.builds(
    MetadataStructure,
    targets=st.tuples(
        st.builds(
            MetadataTarget,
            id=st.just("TARGET"),
            objects=st.tuples(
                st.builds(
                    TargetObject,
                    id=IDS,
                    element=st.just("IdentifiableObjectTarget"),
                    object_type=st.sampled_from(["Dataflow", "Category", "Any"]),
                    representation=st.just(Representation(text_format=TextFormat(text_type="IdentifiableReference")))
                    | st.builds(Representation, enumeration=references("CategoryScheme")),
                    annotations=several(ANNOTATIONS, 1),
                )
            ),
        )
    ),
    reports=unique(
        st.builds(
            ReportStructure,
            id=IDS,
            attributes=unique(METADATA_ATTRIBUTES, least=1, most=2),
            targets=st.just(("TARGET",)),
        ),
        least=1,
        most=2,
    ),
    **MAINTAINABLE,
)

# -- constraints ------------------------------------------------------------------------------------------------------

SELECTIONS = st.builds(
    MemberSelection,
    id=IDS,
    include=st.booleans(),
    values=st.lists(
        st.builds(MemberValue, value=CODE_IDS, cascade=st.sampled_from([None, "true"])),
        min_size=1,
        max_size=3,
        unique_by=lambda value: value.value,
    ).map(tuple),
) | st.builds(MemberSelection, id=IDS, time_range=TIME_RANGES)
KEY_PARTS = st.builds(MemberSelection, id=IDS, values=CODE_IDS.map(lambda text: (MemberValue(value=text),)))
KEYS = st.builds(DataKey, keys=unique(KEY_PARTS, least=1))
SOURCES = st.builds(QueryableDataSource, data_url=URLS, wadl_url=st.none() | URLS, is_rest=st.booleans())
ATTACHMENTS = st.one_of(
    PROVIDERS.map(lambda provider: ConstraintAttachment(references=(provider,))),
    URLS.map(lambda url: ConstraintAttachment(simple_data_sources=(url,))),
    st.builds(DataSetTarget, id=IDS, data_provider=PROVIDERS).map(lambda one: ConstraintAttachment(data_sets=(one,))),
    *(
        st.builds(
            ConstraintAttachment,
            references=st.lists(references(kind), min_size=1, max_size=2, unique=True).map(tuple),
            queryable_data_sources=several(SOURCES, 1),
        )
        for kind in ("DataStructure", "Dataflow", "ProvisionAgreement")
    ),
)
KEY_SETS = st.builds(DataKeySet, is_included=st.booleans(), keys=st.lists(KEYS, min_size=1, max_size=2).map(tuple))
OF_METADATA = metadata_content(references, KEYS, TIME_RANGES)
METADATA_CONSTRAINTS, ATTACHMENT_CONSTRAINTS = constraints_of_2_1(MAINTAINABLE, references, KEYS, TIME_RANGES, KEY_SETS)
DATA_CONSTRAINTS = st.builds(
    DataConstraint,
    role=st.sampled_from([None, "Actual"]),
    attachment=st.none() | ATTACHMENTS,
    key_sets=several(KEY_SETS, 1),
    cube_regions=several(
        st.builds(
            CubeRegion, include=st.booleans(), keys=unique(SELECTIONS, least=1), components=unique(SELECTIONS, most=1)
        ),
        3,
    ),
    release_calendar=st.none() | st.just(ReleaseCalendar(periodicity="P1M", offset="P1D", tolerance="P2D")),
    reference_period=st.none() | st.builds(ReferencePeriod, start=DATES, end=DATES),
    **MAINTAINABLE,
) | st.builds(
    DataConstraint,
    attachment=references("Dataflow").map(lambda flow: ConstraintAttachment(references=(flow,))),
    metadata_key_sets=several(OF_METADATA[0], 1),
    metadata_regions=several(OF_METADATA[1], 1),
    **MAINTAINABLE,
)

_OF_21: dict[str, st.SearchStrategy[Maintainable]] = {
    "DataProviderScheme": st.builds(
        DataProviderScheme,
        id=st.just("DATA_PROVIDERS"),
        items=unique(st.builds(Organisation, id=IDS, contacts=several(CONTACTS, 1), **NAMEABLE)),
        **ORGANISED,
    ),
    "Codelist": st.builds(
        Codelist, items=unique(st.builds(Code, id=CODE_IDS, **NAMEABLE)), is_partial=st.booleans(), **MAINTAINABLE
    ),
    "OrganisationUnitScheme": unit_schemes(NAMEABLE, MAINTAINABLE),
    **schemes_of_vtl(NAMEABLE, MAINTAINABLE, references, older=True),
    "ReportingTaxonomy": taxonomies(NAMEABLE, MAINTAINABLE, references),
    "HierarchicalCodelist": hierarchical_codelists(
        IDENTITY,
        NAMEABLE,
        MAINTAINABLE,
        references("Codelist", CODE_IDS).map(lambda code: {"code": code}),
        references("Codelist"),
    ),
    "StructureSet": structure_sets(NAMEABLE, MAINTAINABLE, references, ANNOTATIONS),
    "ConceptScheme": st.builds(
        ConceptScheme,
        items=unique(st.builds(Concept, id=IDS, core_representation=st.none() | REPRESENTATIONS, **NAMEABLE)),
        **MAINTAINABLE,
    ),
    "Process": processes(IDENTITY, NAMEABLE, MAINTAINABLE, references, NAMES),
    "DataStructure": DATA_STRUCTURES,
    "Dataflow": st.builds(Dataflow, structure=st.none() | references("DataStructure"), **MAINTAINABLE),
    "MetadataStructure": METADATA_STRUCTURES,
    "Metadataflow": st.builds(Metadataflow, structure=st.none() | references("MetadataStructure"), **MAINTAINABLE),
    "Categorisation": st.builds(
        Categorisation,
        source=references("Dataflow") | references("Codelist", CODE_IDS) | references("DataConstraint"),
        target=references("CategoryScheme", st.sampled_from(["A", "A.B.C"])),
        **MAINTAINABLE,
    ),
    "ProvisionAgreement": st.builds(
        ProvisionAgreement, dataflow=references("Dataflow"), data_provider=PROVIDERS, **MAINTAINABLE
    ),
    "DataConstraint": DATA_CONSTRAINTS,
    "MetadataConstraint": METADATA_CONSTRAINTS,
    "AttachmentConstraint": ATTACHMENT_CONSTRAINTS,
}
BY_KIND_21 = {kind: strategy.map(from_flag) for kind, strategy in _OF_21.items()}
"""One strategy for each kind of which 2.1 has something of its own."""
