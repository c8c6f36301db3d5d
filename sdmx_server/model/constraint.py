"""Data constraints: cube regions, key sets and time ranges (information model 10; 2.1 ContentConstraint)."""

from __future__ import annotations

from typing import ClassVar

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
    """A data set named by its provider and id (2.1 only)."""

    id: str
    data_provider: Reference


class ConstraintAttachment(Value, frozen=True, kw_only=True):
    """What a constraint applies to: references of one kind, or sources (2.1 and 3.0)."""

    references: tuple[Reference, ...] = ()
    data_sets: tuple[DataSetTarget, ...] = ()
    simple_data_sources: tuple[str, ...] = ()
    queryable_data_sources: tuple[QueryableDataSource, ...] = ()


class ReleaseCalendar(Value, frozen=True, kw_only=True):
    """When data is released (2.1 and 3.0)."""

    periodicity: str
    offset: str
    tolerance: str


class ReferencePeriod(Value, frozen=True, kw_only=True):
    """The period that a 2.1 content constraint speaks of."""

    start: str
    end: str


class DataConstraint(Maintainable, frozen=True, kw_only=True):
    """Which data is allowed (``role`` None, written Allowed where a version demands a role), or present (Actual)."""

    kind: ClassVar[str] = "DataConstraint"
    role: str | None = None
    attachment: ConstraintAttachment | None = None
    key_sets: tuple[DataKeySet, ...] = ()
    cube_regions: tuple[CubeRegion, ...] = ()
    release_calendar: ReleaseCalendar | None = None
    reference_period: ReferencePeriod | None = None
