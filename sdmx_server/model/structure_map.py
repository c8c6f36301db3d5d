"""Structure maps: how data of one structure becomes data of another (information model 10, from 3.0 on)."""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, Identity, Maintainable, Value
from .reference import Reference


class MappedComponents(Value, frozen=True, kw_only=True):
    """A component of the source and the one of the target that it becomes, by their ids."""

    source: str
    target: str


class DateMap(Identity, frozen=True, kw_only=True):
    """Base of the maps of times. The frequency is that of ``frequency_dimension`` of the target, or always the same.

    ``mapped_frequencies`` are ids of frequency format mappings; ``resolve_period`` is ``startOfPeriod``,
    ``midPeriod``, ``endOfPeriod`` or None.
    """

    id: str | None = None
    components: tuple[MappedComponents, ...] = ()
    frequency_dimension: str | None = None
    mapped_frequencies: tuple[str, ...] = ()
    target_frequency: str | None = None
    resolve_period: str | None = None


class EpochMap(DateMap, frozen=True, kw_only=True):
    """Times that count ``epoch_period`` (``second``, ``day`` ...) since ``base_period``."""

    base_period: str
    epoch_period: str


class DatePatternMap(DateMap, frozen=True, kw_only=True):
    """Times written by a pattern of letters (``dd/MM/yyyy``) in the language of a locale."""

    source_pattern: str
    locale: str


class FrequencyFormatMapping(Identity, frozen=True, kw_only=True):
    """The pattern that times of a frequency are written by."""

    id: str | None = None
    frequency: str
    date_pattern: str


class ComponentMap(Value, frozen=True, kw_only=True):
    """Components that together become others: alike, or by a representation map."""

    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    representation_map: Reference | None = None
    annotations: tuple[Annotation, ...] = ()


class FixedValueMap(Value, frozen=True, kw_only=True):
    """A component of the source or of the target that always has these values."""

    source: str | None = None
    target: str | None = None
    values: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


class StructureMap(Maintainable, frozen=True, kw_only=True):
    """A map between two structures or flows of data or metadata."""

    kind: ClassVar[str] = "StructureMap"
    source: Reference | None = None
    target: Reference | None = None
    epoch_maps: tuple[EpochMap, ...] = ()
    date_pattern_maps: tuple[DatePatternMap, ...] = ()
    frequency_formats: tuple[FrequencyFormatMapping, ...] = ()
    component_maps: tuple[ComponentMap, ...] = ()
    fixed_value_maps: tuple[FixedValueMap, ...] = ()
