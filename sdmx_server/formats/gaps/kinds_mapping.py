"""The gaps of maps."""

from __future__ import annotations

from typing import Any

import msgspec

from ...model.common import Maintainable
from ...model.mapping import ItemMap, ItemSchemeMap, RepresentationMap, ValueMapping
from ...model.rebuild import rebuild
from ...model.structure_map import (
    ComponentMap,
    DateMap,
    FixedValueMap,
    FrequencyFormatMapping,
    MappedComponents,
    StructureMap,
)
from .changes_json import left_out, moment
from .gap import ALL_30, BOTH, ONLY_21, ONLY_30, ONLY_JSON, ONLY_XML, Change, Gap, row

_SCHEME_MAPS = ("ConceptSchemeMap", "CategorySchemeMap", "OrganisationSchemeMap", "ReportingTaxonomyMap")


def _dated(artefact: Maintainable, edit: Any) -> Maintainable:
    def change(mapping: ItemMap | ValueMapping) -> Any:
        dates = {name: text and edit(text) for name in ("valid_from", "valid_to") if (text := getattr(mapping, name))}
        return msgspec.structs.replace(mapping, **dates) if dates else mapping

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
    return msgspec.structs.replace(artefact, **kept)


def no_uri_without_id(artefact: StructureMap) -> StructureMap:
    """Parts without id without uri."""

    def plain(part: DateMap | FrequencyFormatMapping) -> Any:
        return part if part.id is not None else msgspec.structs.replace(part, uri=None)

    result: StructureMap = rebuild(artefact, (DateMap, FrequencyFormatMapping), plain)
    return result


def _of(kind: str, whole: Change) -> tuple[Gap, ...]:
    return (
        row(
            kind,
            "artefact",
            (ONLY_21, BOTH),
            (
                "a map stands in a structure set, which this server does not write; it is left out",
                "نگاشت در مجموعهٔ ساختار می‌آید که این کارساز نمی‌نویسد؛ نوشته نمی‌شود",
            ),
            left_out,
        ),
        row(
            kind,
            "source, target",
            (ALL_30, ONLY_XML),
            ("a map that lacks its source or its target is left out", "نگاشتی که مبدأ یا مقصد ندارد نوشته نمی‌شود"),
            whole,
        ),
        row(
            kind,
            "mappings.valid_from, mappings.valid_to",
            (ALL_30, ONLY_XML),
            ("a mapping is valid by day; the time is left out", "اعتبار نگاشت با روز است؛ ساعت نوشته نمی‌شود"),
            dates_only,
        ),
        row(
            kind,
            "mappings.valid_from, mappings.valid_to",
            (ONLY_30, ONLY_JSON),
            ("a date is completed to a date-time in UTC", "تاریخ به تاریخ و زمان UTC کامل می‌شود"),
            whole_moments,
        ),
    )


MAPS: tuple[Gap, ...] = (
    *_of("RepresentationMap", whole_representation_map),
    *_of("StructureMap", whole_scheme_map)[:2],
    row(
        "StructureMap",
        "component_maps.sources, component_maps.targets",
        (ALL_30, ONLY_XML),
        (
            "a map that names a metadata attribute within another is left out",
            "نگاشتی که ویژگی فراداده‌ای درون ویژگی دیگر را می‌نامد نوشته نمی‌شود",
        ),
        plain_components,
    ),
    row(
        "StructureMap",
        "epoch_maps.uri, date_pattern_maps.uri, frequency_formats.uri",
        (ONLY_30, ONLY_JSON),
        ("the uri of a part without id is left out", "uri بخش بدون شناسه نوشته نمی‌شود"),
        no_uri_without_id,
    ),
    *(gap for kind in _SCHEME_MAPS for gap in _of(kind, whole_scheme_map)),
)
"""In the order in which they are applied."""
