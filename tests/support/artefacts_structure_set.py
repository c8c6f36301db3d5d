"""Hypothesis strategies for the structure sets of 2.1."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.mapping import ItemMap, MappedValue
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.structure_set import (
    ComponentName,
    ComponentPair,
    SchemeMap,
    StructureMapping,
    StructureSet,
    ValuePair,
)

from .artefact_parts import ANNOTATIONS, IDS, MAINTAINABLE, NAMEABLE, TEXTS, references, several, unique

PATHS = st.sampled_from(["A", "A.B", "C.D.E"])
COMPONENTS = st.one_of(
    st.builds(ComponentName, id=IDS, component=st.sampled_from(["Dimension", "MeasureDimension", "DataAttribute"])),
    st.sampled_from(
        [
            ComponentName(id="TIME_PERIOD", component="TimeDimension"),
            ComponentName(id="OBS_VALUE", component="PrimaryMeasure"),
            ComponentName(id="CONTACT.NAME", component="MetadataAttribute"),
            ComponentName(id="CONTACT", component="MetadataAttribute", container="REPORT"),
            ComponentName(id="OBJECT", component="IdentifiableObjectTarget", container="TARGET"),
        ]
    ),
)
FORMATS = st.builds(
    TextFormat,
    text_type=st.sampled_from([None, "String", "Integer"]),
    facets=st.fixed_dictionaries({}, optional={"maxLength": st.just("9"), "isMultiLingual": st.just("true")}),
)
PAIRS = several(st.builds(ValuePair, source=TEXTS, target=TEXTS))
WAYS = st.one_of(
    IDS.map(lambda held: {"codelist_map": held}),
    st.builds(
        lambda held, word: {"to_text_format": held, "to_value_type": word},
        FORMATS,
        st.sampled_from(["Value", "Name", "Description"]),
    ),
    PAIRS.map(lambda held: {"values": held}),
)


def structure_sets(nameable, maintainable, named, notes=ANNOTATIONS):
    """Structure sets; the arguments are what every artefact has, its references and its annotations."""
    marks = several(notes, 1)

    def schemes(items, *kinds):
        pair = st.builds(ItemMap, source=st.builds(MappedValue, value=items), target=items, annotations=marks)
        side = st.one_of(*map(named, kinds))
        held = st.builds(
            SchemeMap,
            id=IDS,
            source=side,
            target=side,
            items=st.lists(pair, min_size=1, max_size=2).map(tuple),
            **nameable,
        )
        return unique(held, most=1)

    sides = st.one_of(*map(named, ("DataStructure", "Dataflow", "MetadataStructure", "Metadataflow")))
    component = st.builds(
        lambda way, **fields: ComponentPair(**way, **fields),
        WAYS,
        source=COMPONENTS,
        target=COMPONENTS,
        annotations=marks,
    )
    structures = st.builds(
        StructureMapping,
        id=IDS,
        source=sides,
        target=sides,
        is_extension=st.booleans(),
        components=st.lists(component, min_size=1, max_size=2).map(tuple),
        **nameable,
    )
    return st.builds(
        StructureSet,
        related=several(sides, 1),
        organisation_scheme_maps=schemes(IDS, "OrganisationUnitScheme"),
        category_scheme_maps=schemes(PATHS, "CategoryScheme"),
        codelist_maps=schemes(IDS, "Codelist"),
        concept_scheme_maps=schemes(IDS, "ConceptScheme"),
        reporting_taxonomy_maps=schemes(PATHS, "ReportingTaxonomy"),
        hybrid_codelist_maps=schemes(PATHS, "Codelist", "HierarchicalCodelist"),
        structure_maps=unique(structures, most=2),
        **maintainable,
    )


BY_KIND_STRUCTURE_SET = {"StructureSet": structure_sets(NAMEABLE, MAINTAINABLE, references)}
