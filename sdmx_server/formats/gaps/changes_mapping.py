"""The changes of gaps of maps and structure sets: each function gives the artefact as it can be written."""

from __future__ import annotations

from typing import Any

import msgspec

from ...model.common import Maintainable
from ...model.counterparts import of_generation
from ...model.mapping import ItemMap, ItemSchemeMap, MappedValue, RepresentationMap, ValueMapping
from ...model.rebuild import rebuild
from ...model.structure_map import (
    ComponentMap,
    DateMap,
    FixedValueMap,
    FrequencyFormatMapping,
    MappedComponents,
    StructureMap,
)
from ...model.structure_set import MAPS, ComponentPair, StructureSet
from ..text_formats import TO_TEXT
from .changes_json import moment

_with = msgspec.structs.replace


def _dated(artefact: Maintainable, edit: Any) -> Maintainable:
    def change(mapping: ItemMap | ValueMapping) -> Any:
        dates = {name: text and edit(text) for name in ("valid_from", "valid_to") if (text := getattr(mapping, name))}
        return _with(mapping, **dates) if dates else mapping

    result: Maintainable = rebuild(artefact, (ItemMap, ValueMapping), change)
    return result


def dates_only(artefact: Maintainable) -> Maintainable:
    """Mappings valid by day."""
    return _dated(artefact, lambda text: text.partition("T")[0])


def whole_moments(artefact: Maintainable) -> Maintainable:
    """Mappings valid by moment."""
    return _dated(artefact, moment)


def whole_scheme_map(artefact: ItemSchemeMap | StructureMap) -> ItemSchemeMap | StructureMap | None:
    """None when it lacks the source or the target."""
    return artefact if artefact.source and artefact.target else None


def whole_representation_map(artefact: RepresentationMap) -> RepresentationMap | None:
    """None when it lacks sources or targets, or a mapping has no source value."""
    whole = artefact.sources and artefact.targets and all(one.sources for one in artefact.mappings)
    return artefact if whole else None


def _plain(part: Any) -> bool:
    """Whether a part of a structure map names no component within another."""
    if isinstance(part, ComponentMap):
        return not any("." in one for one in (*part.sources, *part.targets))
    if isinstance(part, MappedComponents | FixedValueMap):
        return "." not in (part.source or "") + (part.target or "")
    return not isinstance(part, DateMap) or all(_plain(pair) for pair in part.components)


def plain_components(artefact: StructureMap) -> StructureMap:
    """Maps of components that are not within others."""
    names = ("epoch_maps", "date_pattern_maps", "component_maps", "fixed_value_maps")
    kept = {name: tuple(one for one in getattr(artefact, name) if _plain(one)) for name in names}
    return _with(artefact, **kept)


def no_uri_without_id(artefact: StructureMap) -> StructureMap:
    """Parts without id without uri."""

    def plain(part: DateMap | FrequencyFormatMapping) -> Any:
        return part if part.id is not None else _with(part, uri=None)

    result: StructureMap = rebuild(artefact, (DateMap, FrequencyFormatMapping), plain)
    return result


# -- structure sets ----------------------------------------------------------------------------------------------------


def _in_order(held: StructureSet) -> StructureSet:
    fields = {name: tuple(sorted(getattr(held, name), key=lambda one: str(one.id))) for name in MAPS.values()}
    return _with(held, **fields)


def loses_set(held: StructureSet) -> bool:
    """Whether its maps as artefacts say less than the set."""
    again = of_generation(of_generation((held,), "3.1"), "2.1")
    return again != (_in_order(held),)


def loses_items(held: ItemSchemeMap) -> bool:
    """Whether a pair of items says more than the two ids."""
    plain = (ItemMap(source=MappedValue(value=one.source.value), target=one.target or "") for one in held.items)
    return any(_with(one, annotations=()) != other for one, other in zip(held.items, plain, strict=True))


def loses_values(held: RepresentationMap) -> bool:
    """Whether it is anything else than a map of the codes of one codelist to those of another."""
    lists = [one.codelist for one in (*held.sources, *held.targets)]
    if len(held.sources) != 1 or len(lists) != 2 or any(one is None or one.kind != "Codelist" for one in lists):
        return True
    return any(
        one.sources != tuple(MappedValue(value=value.value) for value in one.sources)
        or (len(one.sources), len(one.targets), one.valid_from, one.valid_to) != (1, 1, None, None)
        for one in held.mappings
    )


def has_components(held: StructureMap) -> bool:
    """Whether it maps components, of which 2.1 names the class."""
    return bool(held.component_maps)


def loses_parts(held: StructureMap) -> bool:
    """Whether it has more than maps of one component to one."""
    whole = held.epoch_maps or held.date_pattern_maps or held.frequency_formats or held.fixed_value_maps
    return bool(whole) or any((len(one.sources), len(one.targets)) != (1, 1) for one in held.component_maps)


def whole_parts(held: StructureSet) -> StructureSet:
    """The set without maps that are empty; of a pair of components one way of its values."""

    def one_way(pair: ComponentPair) -> ComponentPair:
        return _with(pair, **_WAYS[_way(pair)])

    chosen: StructureSet = rebuild(held, ComponentPair, one_way)
    kept = {
        name: tuple(one for one in getattr(chosen, name) if (one.components if name == "structure_maps" else one.items))
        for name in MAPS.values()
    }
    return _with(chosen, **kept)


_WAYS: dict[str, dict[str, Any]] = {
    "codes": {"to_text_format": None, "to_value_type": None, "values": ()},
    "text": {"codelist_map": None, "values": ()},
    "values": {"codelist_map": None, "to_text_format": None, "to_value_type": None},
}


def _way(pair: ComponentPair) -> str:
    if pair.codelist_map is not None:
        return "codes"
    return "text" if pair.to_text_format is not None and pair.to_value_type is not None else "values"


def fitting_texts(held: StructureSet) -> StructureSet:
    """Pairs of components with what their formats may say."""

    def fit(pair: ComponentPair) -> ComponentPair:
        text = pair.to_text_format
        return pair if text is None else _with(pair, to_text_format=TO_TEXT.fitting(text))

    result: StructureSet = rebuild(held, ComponentPair, fit)
    return result
