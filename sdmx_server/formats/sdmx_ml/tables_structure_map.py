"""Tables of structure maps (XSD ``SDMXStructureStructureMappings`` of 3.x)."""

from __future__ import annotations

from typing_extensions import override

from ...model.common import Value
from ...model.structure_map import (
    ComponentMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormatMapping,
    MappedComponents,
    StructureMap,
)
from .engine import Element, Reading, Row, Shape, Values, Writing, sub
from .rows import TEXT, Attribute, Child, Text
from .rows_reference import Refers
from .tables import ANNOTATIONS, IDENTIFIABLE, MAINTAINABLE, version_of_urn
from .versions import qualified

_SOURCE, _TARGET = "str:Source", "str:Target"


class _Pairs(Row):
    """Sources and targets by turns: each two are a pair."""

    @property
    @override
    def elements(self) -> tuple[str, ...]:
        return (_SOURCE, _TARGET)

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        pairs, text = values.setdefault(self.field, []), TEXT.parse(element.text or "")
        if element.tag == qualified(to.version, _SOURCE):
            pairs.append(MappedComponents(source=text, target=""))
        else:
            pairs[-1] = MappedComponents(source=pairs[-1].source, target=text)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        for pair in getattr(holder, self.field):
            sub(parent, _SOURCE, to).text = TEXT.show(pair.source)
            sub(parent, _TARGET, to).text = TEXT.show(pair.target)


_DATE_MAP: tuple[Row, ...] = (
    *IDENTIFIABLE,
    _Pairs("components", _SOURCE),
    Text("frequency_dimension", "str:FrequencyDimension"),
    Text("mapped_frequencies", "str:MappedFrequencies", many=True),
    Text("target_frequency", "str:TargetFrequencyID"),
    Attribute("resolve_period", "resolvePeriod"),
)
_EPOCH_MAP = Shape(
    EpochMap,
    *_DATE_MAP,
    Attribute("base_period", "basePeriod"),
    Attribute("epoch_period", "epochPeriod"),
    urn="structuremapping.EpochMap",
)
_DATE_PATTERN_MAP = Shape(
    DatePatternMap,
    *_DATE_MAP,
    Attribute("source_pattern", "sourcePattern"),
    Attribute("locale", "locale"),
    urn="structuremapping.DatePatternMap",
)
_FREQUENCY_FORMAT = Shape(
    FrequencyFormatMapping,
    *IDENTIFIABLE,
    Text("frequency", "str:FrequencyId"),
    Text("date_pattern", "str:DatePattern"),
    urn="structuremapping.FrequencyFormatMapping",
)
_COMPONENT_MAP = Shape(
    ComponentMap,
    ANNOTATIONS,
    Text("sources", _SOURCE, many=True),
    Text("targets", _TARGET, many=True),
    Refers("representation_map", "str:RepresentationMap", "RepresentationMap"),
)
_FIXED_VALUE_MAP = Shape(
    FixedValueMap, ANNOTATIONS, Text("source", _SOURCE), Text("target", _TARGET), Text("values", "str:Value", many=True)
)
_STRUCTURES = ("Dataflow", "MetadataStructure", "Metadataflow")
STRUCTURE_MAP = Shape(
    StructureMap,
    *MAINTAINABLE,
    Refers("source", _SOURCE, "DataStructure", others=_STRUCTURES),
    Refers("target", _TARGET, "DataStructure", others=_STRUCTURES),
    Child("epoch_maps", "str:EpochMap", _EPOCH_MAP, many=True),
    Child("date_pattern_maps", "str:DatePatternMap", _DATE_PATTERN_MAP, many=True),
    Child("frequency_formats", "str:FrequencyFormatMapping", _FREQUENCY_FORMAT, many=True),
    Child("component_maps", "str:ComponentMap", _COMPONENT_MAP, many=True),
    Child("fixed_value_maps", "str:FixedValueMap", _FIXED_VALUE_MAP, many=True),
    urn="structuremapping.StructureMap",
    finish=version_of_urn,
)
