"""Tables of maps between item schemes and between representations (2.x)."""

from __future__ import annotations

from ...model.mapping import ItemMap, MappedList, MappedValue, ValueMapping
from .engine import PLAIN, URN, Field, Row, Table, many
from .identity import ANNOTATIONS, Moment

_VALUE = Table(
    MappedValue,
    (
        Field("value", "value", PLAIN, always=True),
        Field("isRegEx", "is_regex", PLAIN),
        Field("startIndex", "start_index", PLAIN),
        Field("endIndex", "end_index", PLAIN),
    ),
)
_MAPPING: tuple[Row, ...] = (ANNOTATIONS, Moment("validFrom", "valid_from"), Moment("validTo", "valid_to"))
_ITEM_MAP = Table(ItemMap, (*_MAPPING, Field("sourceValue", "source", _VALUE), Field("targetValue", "target", PLAIN)))
SCHEME_MAP_ROWS: tuple[Row, ...] = (
    Field("source", "source", URN),
    Field("target", "target", URN),
    many("itemMaps", "items", _ITEM_MAP),
)
"""What a map between two item schemes has beyond any maintainable artefact."""

_LIST = Table(MappedList, (Field("codelist", "codelist", URN), Field("dataType", "data_type", PLAIN)))
_VALUE_MAPPING = Table(
    ValueMapping, (*_MAPPING, many("sourceValues", "sources", _VALUE), many("targetValues", "targets", PLAIN))
)
REPRESENTATION_MAP_ROWS: tuple[Row, ...] = (
    many("source", "sources", _LIST),
    many("target", "targets", _LIST),
    many("representationMappings", "mappings", _VALUE_MAPPING),
)
"""What a representation map has beyond any maintainable artefact."""
