"""Hypothesis strategies for structures of data and of metadata, the flows of both, and provision agreements."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.common import Identity
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
from sdmx_server.model.metadatastructure import MetadataAttribute, Metadataflow, MetadataStructure

from .artefact_parts import (
    ANNOTATIONS,
    CONCEPT_REFERENCES,
    DIMENSION_REPRESENTATIONS,
    IDENTITY,
    IDS,
    LINKS,
    MAINTAINABLE,
    METADATA_REPRESENTATIONS,
    PROVIDERS,
    REPRESENTATIONS,
    TIME_REPRESENTATIONS,
    references,
    several,
    unique,
)

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
