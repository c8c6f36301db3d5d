"""Hypothesis strategies for structure maps."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.structure_map import (
    ComponentMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormatMapping,
    MappedComponents,
    StructureMap,
)

from .artefact_parts import ANNOTATIONS, IDENTITY, IDS, MAINTAINABLE, TEXTS, references, several

COMPONENTS = st.sampled_from(["AREA", "ITEM", "TIME_PERIOD", "OBS_VALUE"])
PAIRS = st.lists(
    st.builds(MappedComponents, source=COMPONENTS, target=COMPONENTS), min_size=1, max_size=2, unique=True
).map(tuple)
FREQUENCIES = st.builds(
    lambda dimension, mapped: {"frequency_dimension": dimension, "mapped_frequencies": mapped},
    IDS,
    several(IDS),
) | IDS.map(lambda code: {"target_frequency": code})


def date_maps(cls, **own):
    periods = st.sampled_from([None, "startOfPeriod", "midPeriod", "endOfPeriod"])
    one = st.builds(
        lambda frequency, **fields: cls(**frequency, **fields),
        FREQUENCIES,
        id=st.none() | IDS,
        components=PAIRS,
        resolve_period=periods,
        **IDENTITY,
        **own,
    )
    return several(one, 1)


FORMATS = st.builds(
    FrequencyFormatMapping, id=st.none() | IDS, frequency=IDS, date_pattern=st.just("yyyy-MM"), **IDENTITY
)
NAMED = st.lists(COMPONENTS, min_size=1, max_size=2, unique=True).map(tuple)
NOTES = several(ANNOTATIONS, 1)
COMPONENT_MAPS = st.builds(
    ComponentMap,
    sources=NAMED,
    targets=NAMED,
    representation_map=st.none() | references("RepresentationMap"),
    annotations=NOTES,
)
VALUES = several(TEXTS)
FIXED = st.builds(FixedValueMap, source=COMPONENTS, values=VALUES, annotations=NOTES) | st.builds(
    FixedValueMap, target=COMPONENTS, values=VALUES, annotations=NOTES
)
STRUCTURES = st.one_of(*map(references, ("DataStructure", "Dataflow", "MetadataStructure", "Metadataflow")))
BY_KIND_STRUCTURE_MAP = {
    "StructureMap": st.builds(
        StructureMap,
        source=STRUCTURES,
        target=STRUCTURES,
        epoch_maps=date_maps(EpochMap, base_period=st.just("1970"), epoch_period=st.sampled_from(["second", "day"])),
        date_pattern_maps=date_maps(
            DatePatternMap, source_pattern=st.just("dd/MM/yyyy"), locale=st.sampled_from(["en", "fa"])
        ),
        frequency_formats=several(FORMATS, 1),
        component_maps=several(COMPONENT_MAPS),
        fixed_value_maps=several(FIXED),
        **MAINTAINABLE,
    )
}
