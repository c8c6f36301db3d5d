"""Constraints: cube regions, key sets and time ranges (information model 10).

2.1 has content constraints, which from 3.0 on are data constraints and metadata constraints, and attachment
constraints, which only 2.1 has.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .codelist import MemberValue
from .common import Annotation, Maintainable, Value
from .reference import Reference


class TimeBound(Value, frozen=True, kw_only=True):
    """One end of a time range."""

    period: str
    inclusive: bool = True


class TimeRange(Value, frozen=True, kw_only=True):
    """Before, after, or between ``start`` and ``end``."""

    before: TimeBound | None = None
    after: TimeBound | None = None
    start: TimeBound | None = None
    end: TimeBound | None = None
    valid_from: str | None = None  # SDMX-ML from 3.0 on, SDMX-JSON from 2.1 on
    valid_to: str | None = None


class MemberSelection(Value, frozen=True, kw_only=True):
    """The values of one component that a region holds, or leaves out when ``include`` is false."""

    id: str
    include: bool = True
    values: tuple[MemberValue, ...] = ()
    time_range: TimeRange | None = None
    remove_prefix: bool | None = None
    valid_from: str | None = None
    valid_to: str | None = None


class CubeRegion(Value, frozen=True, kw_only=True):
    """A region of the cube: ``keys`` select dimensions, ``components`` attributes and measures."""

    include: bool = True
    keys: tuple[MemberSelection, ...] = ()
    components: tuple[MemberSelection, ...] = ()
    annotations: tuple[Annotation, ...] = ()


class DataKey(Value, frozen=True, kw_only=True):
    """A full or partial key of a key set."""

    keys: tuple[MemberSelection, ...] = ()
    components: tuple[MemberSelection, ...] = ()
    include: bool = True
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()


class DataKeySet(Value, frozen=True, kw_only=True):
    """A set of keys that are allowed, or forbidden when ``is_included`` is false."""

    is_included: bool
    keys: tuple[DataKey, ...] = ()


class QueryableDataSource(Value, frozen=True, kw_only=True):
    """Where data can be queried (2.1 and 3.0)."""

    data_url: str
    wsdl_url: str | None = None
    wadl_url: str | None = None
    is_rest: bool = False
    is_web_service: bool = False


class DataSetTarget(Value, frozen=True, kw_only=True):
    """A data set or metadata set named by its provider and id (2.1 only)."""

    id: str
    data_provider: Reference


class TargetSelection(Value, frozen=True, kw_only=True):
    """What an object of a metadata target is: values, sets, keys of data, artefacts or times (2.1 only)."""

    id: str
    include: bool = True
    values: tuple[MemberValue, ...] = ()
    data_sets: tuple[DataSetTarget, ...] = ()
    data_keys: tuple[DataKey, ...] = ()
    objects: tuple[Reference, ...] = ()
    time_range: TimeRange | None = None


class MetadataTargetRegion(Value, frozen=True, kw_only=True):
    """A region of metadata: the values of metadata attributes.

    In 2.1 it speaks of one ``report`` about one ``target`` (their ids), and ``keys`` select objects of the target.
    """

    include: bool = True
    components: tuple[MemberSelection, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    report: str | None = None
    target: str | None = None
    keys: tuple[TargetSelection, ...] = ()


class MetadataKey(Value, frozen=True, kw_only=True):
    """A key of a metadata key set: one object of the target each."""

    report: str
    target: str
    keys: tuple[TargetSelection, ...] = ()


class MetadataKeySet(Value, frozen=True, kw_only=True):
    """A set of keys of metadata that are allowed, or forbidden when ``is_included`` is false (2.1 only)."""

    is_included: bool
    keys: tuple[MetadataKey, ...] = ()


class ConstraintAttachment(Value, frozen=True, kw_only=True):
    """What a constraint applies to: references of one kind, sets (2.1), or sources (2.1 and 3.0)."""

    references: tuple[Reference, ...] = ()
    data_sets: tuple[DataSetTarget, ...] = ()
    simple_data_sources: tuple[str, ...] = ()
    queryable_data_sources: tuple[QueryableDataSource, ...] = ()
    metadata_sets: tuple[DataSetTarget, ...] = ()


class ReleaseCalendar(Value, frozen=True, kw_only=True):
    """When data is released (2.1 and 3.0)."""

    periodicity: str
    offset: str
    tolerance: str


class ReferencePeriod(Value, frozen=True, kw_only=True):
    """The period that a 2.1 content constraint speaks of."""

    start: str
    end: str


class Constraint(Maintainable, frozen=True, kw_only=True):
    """What a content constraint of 2.1 holds, of data and of metadata.

    ``role`` is None for what is allowed (written Allowed where a version demands a role), or Actual.
    """

    role: str | None = None
    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    cube_regions: tuple[CubeRegion, ...] = ()
    release_calendar: ReleaseCalendar | None = None
    reference_period: ReferencePeriod | None = None
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()
    metadata_regions: tuple[MetadataTargetRegion, ...] = ()


class DataConstraint(Constraint, frozen=True, kw_only=True):
    """Which data is allowed, or present."""

    kind: ClassVar[str] = "DataConstraint"


class MetadataConstraint(Constraint, frozen=True, kw_only=True):
    """Which metadata is allowed, or present."""

    kind: ClassVar[str] = "MetadataConstraint"


class AttachmentConstraint(Maintainable, frozen=True, kw_only=True):
    """A part of a cube, or of metadata, that attributes attach to: groups of a data structure name it (2.1 only)."""

    kind: ClassVar[str] = "AttachmentConstraint"
    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()


_OF_METADATA = frozenset(
    ("MetadataStructure", "Metadataflow", "MetadataProvisionAgreement", "MetadataProviderScheme", "MetadataSet")
)
_OF_EITHER = frozenset(("DataProviderScheme", "ProvisionAgreement"))


def content_constraint(**fields: Any) -> DataConstraint | MetadataConstraint:
    """The constraint that a content constraint of 2.1 is: by what it is attached to, else by what it holds."""
    attachment = fields.get("attachment") or ConstraintAttachment()
    named = {reference.kind for reference in attachment.references}
    if attachment.metadata_sets or not named.isdisjoint(_OF_METADATA):
        return MetadataConstraint(**fields)
    of_data = attachment.data_sets or named - _OF_EITHER or fields.get("key_sets") or fields.get("cube_regions")
    of_metadata = fields.get("metadata_key_sets") or fields.get("metadata_regions")
    return MetadataConstraint(**fields) if of_metadata and not of_data else DataConstraint(**fields)
