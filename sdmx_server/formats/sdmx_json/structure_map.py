"""Tables of structure maps (2.x)."""

from __future__ import annotations

from ...model.structure_map import (
    ComponentMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormatMapping,
    MappedComponents,
)
from .engine import PLAIN, URN, Field, Row, Table, many
from .identity import ANNOTATIONS, identifiable

_PACKAGE = "structuremapping."
_PAIR = Table(MappedComponents, (Field("source", "source", PLAIN), Field("target", "target", PLAIN)))
_DATE_MAP: tuple[Row, ...] = (
    many("mappedComponents", "components", _PAIR),
    Field("frequencyDimension", "frequency_dimension", PLAIN),
    many("mappedFrequencies", "mapped_frequencies", PLAIN),
    Field("targetFrequencyID", "target_frequency", PLAIN),
    Field("resolvePeriod", "resolve_period", PLAIN),
)
_EPOCH_MAP = Table(
    EpochMap,
    identifiable(
        _PACKAGE + "EpochMap",
        *_DATE_MAP,
        Field("basePeriod", "base_period", PLAIN),
        Field("epochPeriod", "epoch_period", PLAIN),
    ),
)
_DATE_PATTERN_MAP = Table(
    DatePatternMap,
    identifiable(
        _PACKAGE + "DatePatternMap",
        *_DATE_MAP,
        Field("sourcePattern", "source_pattern", PLAIN),
        Field("locale", "locale", PLAIN),
    ),
)
_FREQUENCY_FORMAT = Table(
    FrequencyFormatMapping,
    identifiable(
        _PACKAGE + "FrequencyFormatMapping",
        Field("frequencyId", "frequency", PLAIN),
        Field("datePattern", "date_pattern", PLAIN),
    ),
)
_COMPONENT_MAP = Table(
    ComponentMap,
    (
        ANNOTATIONS,
        many("source", "sources", PLAIN),
        many("target", "targets", PLAIN),
        Field("representationMap", "representation_map", URN),
    ),
)
_FIXED_VALUE_MAP = Table(
    FixedValueMap,
    (
        ANNOTATIONS,
        Field("source", "source", PLAIN),
        Field("target", "target", PLAIN),
        many("values", "values", PLAIN),
    ),
)
STRUCTURE_MAP_ROWS: tuple[Row, ...] = (
    Field("source", "source", URN),
    Field("target", "target", URN),
    many("epochMaps", "epoch_maps", _EPOCH_MAP),
    many("datePatternMaps", "date_pattern_maps", _DATE_PATTERN_MAP),
    many("frequencyFormatMappings", "frequency_formats", _FREQUENCY_FORMAT),
    many("componentMaps", "component_maps", _COMPONENT_MAP),
    many("fixedValueMaps", "fixed_value_maps", _FIXED_VALUE_MAP),
)
"""What a structure map has beyond any maintainable artefact."""
