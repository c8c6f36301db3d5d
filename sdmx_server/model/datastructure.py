"""Data structure definitions (information model 5): dimensions, groups, measures, attributes."""

from __future__ import annotations

from typing import ClassVar

from .common import Identifiable, Identity, Maintainable, Value
from .reference import Reference
from .representation import Representation


class Component(Identifiable, frozen=True, kw_only=True):
    """A component of a structure: its id, the concept that it takes its meaning from, its roles and values.

    When a message gives no id, the id is that of the concept.
    """

    concept: Reference | None = None
    representation: Representation | None = None
    roles: tuple[Reference, ...] = ()


class Dimension(Component, frozen=True, kw_only=True):
    """A dimension; ``position`` as written (1-based), None when the message has none.

    ``is_measure_dimension`` is the 2.1 MeasureDimension, whose enumeration is a concept scheme.
    """

    position: int | None = None
    is_measure_dimension: bool = False


class TimeDimension(Component, frozen=True, kw_only=True):
    """The time dimension; its id is always ``TIME_PERIOD``."""

    position: int | None = None  # 2.1 only


class Group(Identifiable, frozen=True, kw_only=True):
    """A named subset of dimensions that attributes may attach to."""

    dimensions: tuple[str, ...] = ()
    attachment_constraint: Reference | None = None  # 2.1 only


class DimensionRelation(Value, frozen=True, kw_only=True):
    """One dimension of an attribute relationship; ``optional`` exists from 3.1 on."""

    id: str
    optional: bool = False


class AttributeRelationship(Value, frozen=True, kw_only=True):
    """What an attribute attaches to: exactly one of the four fields is set.

    ``dataflow`` (2.1 ``None``), ``dimensions`` (2.1 with ``attachment_groups``), ``group``, ``observation``
    (2.1 ``PrimaryMeasure``).
    """

    dataflow: bool = False
    dimensions: tuple[DimensionRelation, ...] = ()
    attachment_groups: tuple[str, ...] = ()
    group: str | None = None
    observation: bool = False


class Attribute(Component, frozen=True, kw_only=True):
    """A data attribute. ``mandatory`` is 2.1 ``assignmentStatus="Mandatory"``, 3.x ``usage="mandatory"``.

    ``measures`` is the measure relationship (3.x). The 2.1 element ReportingYearStartDay is an Attribute with the id
    ``REPORTING_YEAR_START_DAY``.
    """

    relationship: AttributeRelationship
    mandatory: bool = False
    measures: tuple[str, ...] = ()


class MetadataAttributeUsage(Identity, frozen=True, kw_only=True):
    """A metadata attribute of the attached metadata structure, used in data (3.x)."""

    metadata_attribute: str
    relationship: AttributeRelationship


class Measure(Component, frozen=True, kw_only=True):
    """A measure. ``is_primary`` is the 2.1 PrimaryMeasure; in 3.x it is a measure like any other."""

    mandatory: bool = False
    is_primary: bool = False


class DataStructure(Maintainable, frozen=True, kw_only=True):
    """A data structure definition.

    ``descriptors`` keeps annotations and links of the component lists under their fixed ids (``DimensionDescriptor``,
    ``AttributeDescriptor``, ``MeasureDescriptor``) where a message has any. A stub has no components at all.
    """

    kind: ClassVar[str] = "DataStructure"
    dimensions: tuple[Dimension, ...] = ()
    time_dimension: TimeDimension | None = None
    groups: tuple[Group, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    metadata_attribute_usages: tuple[MetadataAttributeUsage, ...] = ()
    measures: tuple[Measure, ...] = ()
    metadata: Reference | None = None
    evolving_structure: bool = False  # 3.1
    descriptors: dict[str, Identity] = {}
