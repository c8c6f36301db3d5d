"""Maps of 3.x as the structure sets of 2.1.

A map becomes a structure set of its own id that holds just it, unless it remembers another one (``parts``). A structure
map takes the representation maps that it names along: maps of codes into its set, other values into its pairs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import msgspec

from .common import Maintainable
from .counterparts_mapping import SCHEME_MAPS
from .dataflow import Dataflow
from .datastructure import DataStructure
from .mapping import ItemMap, ItemSchemeMap, MappedList, MappedValue, RepresentationMap, ValueMapping
from .parts import part_fields, place_of, whole_fields
from .reference import Reference, reference_to
from .structure_map import ComponentMap, StructureMap
from .structure_set import MAPS, ComponentName, ComponentPair, SchemeMap, StructureMapping, StructureSet, ValuePair
from .version import resolve_version

Map = ItemSchemeMap | RepresentationMap | StructureMap
MAP_TYPES = (ItemSchemeMap, RepresentationMap, StructureMap)
"""The maps of 3.x."""

OBS_VALUE = "OBS_VALUE"
_ID = re.compile(r"[A-Za-z0-9_@$\-]+")
_PATH = re.compile(rf"{_ID.pattern}(\.{_ID.pattern})*")
_NESTED = ("CategoryScheme", "ReportingTaxonomy")
_FIXED = {
    "TIME_PERIOD": "TimeDimension",
    OBS_VALUE: "PrimaryMeasure",
    "REPORTING_YEAR_START_DAY": "ReportingYearStartDay",
}
_METADATA = ("MetadataStructure", "Metadataflow")


# -- items and values --------------------------------------------------------------------------------------------------


def _item(one: ItemMap, ids: re.Pattern[str]) -> ItemMap | None:
    """The pair as 2.1 can say it: two ids. None for a pattern, a part of a text or an item that becomes nothing."""
    if one.source != MappedValue(value=one.source.value, is_regex=one.source.is_regex) or one.source.is_regex:
        return None
    if one.target is None or not ids.fullmatch(one.source.value) or not ids.fullmatch(one.target):
        return None
    return ItemMap(source=MappedValue(value=one.source.value), target=one.target, annotations=one.annotations)


def _items(items: Iterable[ItemMap], kind: str) -> tuple[ItemMap, ...]:
    ids = _PATH if kind in _NESTED else _ID
    return tuple(held for one in items if (held := _item(one, ids)) is not None)


def _pairs(mappings: Iterable[ValueMapping]) -> list[ItemMap]:
    """The mappings of one value to one as pairs."""
    return [
        ItemMap(source=one.sources[0], target=one.targets[0], annotations=one.annotations)
        for one in mappings
        if len(one.sources) == len(one.targets) == 1
    ]


def _codelist(lists: tuple[MappedList, ...]) -> Reference | None:
    held = lists[0].codelist if len(lists) == 1 else None
    return held if held is not None and held.kind == "Codelist" else None


def _scheme_map(one: ItemSchemeMap | RepresentationMap) -> SchemeMap | None:
    """The map as a part of a structure set; None when 2.1 cannot say it."""
    if isinstance(one, RepresentationMap):
        source, target = _codelist(one.sources), _codelist(one.targets)
        items = _pairs(one.mappings)
    else:
        source, target, items = one.source, one.target, list(one.items)
    if source is None or target is None or "MetadataProviderScheme" in (source.kind, target.kind):
        return None
    held = _items(items, source.kind)
    return SchemeMap(**part_fields(one), source=source, target=target, items=held) if held else None  # type: ignore[arg-type]


# -- structures --------------------------------------------------------------------------------------------------------


class Known:
    """What else there is: the representation maps and the structures that structure maps name."""

    def __init__(self, artefacts: Iterable[Maintainable]) -> None:
        self._held: dict[tuple[str, str, str], dict[str, Maintainable]] = {}
        for one in artefacts:
            self._held.setdefault((one.kind, one.agency, one.id), {})[one.version] = one

    def find(self, reference: Reference | None) -> Maintainable | None:
        """The artefact that a reference means, None when it is not there."""
        if reference is None:
            return None
        held = self._held.get((reference.kind, reference.agency, reference.id), {})
        found = resolve_version(reference.version, held)
        return None if found is None else held[found]

    def component(self, structure: Reference, name: str) -> ComponentName:
        """A component of a structure or flow with its class: by the structure, else as far as its id says it."""
        if structure.kind in _METADATA:
            return ComponentName(id=name, component="MetadataAttribute")
        held = self.find(structure)
        if isinstance(held, Dataflow):
            held = self.find(held.structure)
        named = _named(held, name) if isinstance(held, DataStructure) else None
        return named or ComponentName(id=name, component=_FIXED.get(name, "Dimension"))


def _named(structure: DataStructure, name: str) -> ComponentName | None:
    """A component of a data structure as 2.1 names it: of the measures one is primary, the others are attributes."""
    dimension = next((one for one in structure.dimensions if one.id == name), None)
    if dimension is not None:
        return ComponentName(id=name, component="MeasureDimension" if dimension.is_measure_dimension else "Dimension")
    measures = [one.id for one in structure.measures]
    if name in measures and (name == OBS_VALUE or (name == measures[0] and OBS_VALUE not in measures)):
        return ComponentName(id=OBS_VALUE, component="PrimaryMeasure")
    others = (*measures, *(one.id for one in structure.attributes))
    return ComponentName(id=name, component="DataAttribute") if name in others and name not in _FIXED else None


# -- sets --------------------------------------------------------------------------------------------------------------


class _Set:
    """A structure set in the making."""

    def __init__(self, whole: StructureSet, known: Known) -> None:
        self.whole = whole
        self._known = known

    def add(self, field: str, part: SchemeMap | StructureMapping) -> None:
        """Put a part beside those of its field."""
        self.whole = msgspec.structs.replace(self.whole, **{field: (*getattr(self.whole, field), part)})

    def structure_map(self, one: StructureMap) -> StructureMapping | None:
        """The map as a part; None when 2.1 can say nothing of it. Maps of codes that it names are added."""
        source, target = one.source, one.target
        plain = [held for held in one.component_maps if len(held.sources) == len(held.targets) == 1]
        if source is None or target is None or not plain:
            return None
        pairs = tuple(self._pair(held, source, target) for held in plain)
        return StructureMapping(**part_fields(one), source=source, target=target, components=pairs)  # type: ignore[arg-type]

    def _pair(self, held: ComponentMap, source: Reference, target: Reference) -> ComponentPair:
        values = self._known.find(held.representation_map)
        codes = self._codelist_map(values) if isinstance(values, RepresentationMap) else None
        return ComponentPair(
            source=self._known.component(source, held.sources[0]),
            target=self._known.component(target, held.targets[0]),
            codelist_map=codes,
            values=_values(values) if isinstance(values, RepresentationMap) and codes is None else (),
            annotations=held.annotations,
        )

    def _codelist_map(self, values: RepresentationMap) -> str | None:
        """The id that a map of codes has in this set; None when it is none."""
        part = _scheme_map(values)
        if part is None:
            return None
        if _whole(values) != reference_to(self.whole):
            part = msgspec.structs.replace(part, id=values.id)
        for number in itertools.count(1):
            named = part if number == 1 else msgspec.structs.replace(part, id=f"{part.id}_{number}")
            there = next((one for one in self.whole.codelist_maps if one.id == named.id), None)
            if there is None:
                self.add("codelist_maps", named)
            if there in (None, named):
                return named.id
        return None


def _values(held: RepresentationMap) -> tuple[ValuePair, ...]:
    whole = [one for one in _pairs(held.mappings) if one.source == MappedValue(value=one.source.value)]
    return tuple(ValuePair(source=one.source.value, target=one.target or "") for one in whole)


def _whole(one: Map) -> Reference:
    return Reference(kind=StructureSet.kind, agency=one.agency, id=place_of(one).whole, version=one.version)


def _field(one: Map) -> str:
    if isinstance(one, StructureMap):
        return "structure_maps"
    if isinstance(one, RepresentationMap):
        return MAPS.get(place_of(one).cls or "CodelistMap", "codelist_maps")
    return SCHEME_MAPS[type(one)]


def _says_nothing(one: Map) -> bool:
    """Whether it is a stub of a map that 2.1 can have."""
    if isinstance(one, RepresentationMap):
        return not one.mappings and _codelist(one.sources) is not None and _codelist(one.targets) is not None
    empty = type(one)(agency=one.agency, id=one.id)
    own = (name for name in one.__struct_fields__ if name not in Maintainable.__struct_fields__)
    return all(getattr(one, name) == getattr(empty, name) for name in own if name not in ("source", "target"))


def sets_of(maps: Iterable[Map], known: Known) -> tuple[StructureSet, ...]:
    """The structure sets that hold maps, as far as 2.1 can say them; of a stub just the set."""
    found: dict[Reference, _Set] = {}
    for one in sorted(maps, key=lambda held: (isinstance(held, StructureMap), reference_to(held))):
        place = _whole(one)
        held = found.get(place)
        into = held or _Set(StructureSet(**whole_fields(one, holds=not _says_nothing(one))), known)  # type: ignore[arg-type]
        part = into.structure_map(one) if isinstance(one, StructureMap) else _scheme_map(one)
        if part is not None:
            into.add(_field(one), part)
        if part is not None or _says_nothing(one):
            found[place] = into
    return tuple(one.whole for one in found.values())
