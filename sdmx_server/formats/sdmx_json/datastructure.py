# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of data structures: component lists, components, groups, relationships."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec

from ...model.common import Identity
from ...model.datastructure import (
    Attribute,
    AttributeRelationship,
    Dimension,
    DimensionRelation,
    Group,
    Measure,
    MetadataAttributeUsage,
    TimeDimension,
)
from ..primary_measure import OBS_VALUE
from .engine import (
    ALL,
    BOTH,
    PLAIN,
    URN,
    V10,
    V21,
    Choice,
    Field,
    Json,
    Many,
    Part,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    extension,
    flag,
    many,
    only_1_0,
    read_rows,
)
from .identity import ANNOTATIONS, Links, identifiable
from .representation import (
    DIMENSION_REPRESENTATION,
    FREE_REPRESENTATION,
    MEASURE_DIMENSION_REPRESENTATION,
    TIME_REPRESENTATION,
    RepresentationAt,
)

_USAGE = Field("usage", "mandatory", Choice({True: "mandatory", False: "optional"}), versions=BOTH, always=True)
_ASSIGNMENT = Field(
    "assignmentStatus",
    "mandatory",
    Choice({True: "Mandatory", False: "Conditional"}),
    versions=(V10,),
    always=True,
)
_ID_LIST = Many(PLAIN)
_YEAR_START = "REPORTING_YEAR_START_DAY"
_REPORTING_YEAR = ("REPORTING_YEAR_START_DAY", "REPORTING_YEAR_END_DAY")
TIME_DIMENSION_ID = "TIME_PERIOD"


def _component(cls: str, representation: RepresentationAt, *rows: Row) -> tuple[Row, ...]:
    return identifiable(
        "datastructure." + cls,
        *rows,
        Field("conceptIdentity", "concept", URN),
        many("conceptRoles", "roles", URN),
        Field("localRepresentation", "representation", representation),
    )


def take_id_from_concept(fields: Json) -> None:
    """A component without id has that of its concept (field guide, dataStructure)."""
    if "id" not in fields:
        concept = fields.get("concept")
        fields["id"] = concept.item if concept is not None and concept.item else ""


def _finish_attribute(fields: Json) -> None:
    take_id_from_concept(fields)
    fields.setdefault("mandatory", fields["id"] in _REPORTING_YEAR)


def _finish_time(fields: Json) -> None:
    fields["id"] = TIME_DIMENSION_ID


@dataclasses.dataclass(frozen=True)
class _Mark:
    """A truth value that a fixed value stands for: an empty object, or the id of the primary measure."""

    key: str
    field: str
    versions: tuple[str, ...] = BOTH
    value: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if getattr(value, self.field):
            out[self.key] = {} if self.value is None else self.value

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        fields[self.field] = self.key in source


@dataclasses.dataclass(frozen=True)
class _Said:
    """A key of 1.0 that says what the place says already."""

    key: str
    value: str
    versions: tuple[str, ...] = (V10,)

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        out[self.key] = self.value

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Nothing is to be known from it."""


@dataclasses.dataclass(frozen=True)
class _RelatedDimensions:
    """The dimensions of a relationship, and which of them are optional when any is."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("dimensions", "areDimensionsOptional")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if value.dimensions:
            out["dimensions"] = [dimension.id for dimension in value.dimensions]
        if any(dimension.optional for dimension in value.dimensions):
            out["areDimensionsOptional"] = [dimension.optional for dimension in value.dimensions]

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        ids = source.get("dimensions", [])
        optional = source.get("areDimensionsOptional", [])
        optional = optional + [False] * (len(ids) - len(optional))
        fields["dimensions"] = tuple(
            DimensionRelation(id=one, optional=may_miss) for one, may_miss in zip(ids, optional, strict=False)
        )


RELATIONSHIP = Table(
    AttributeRelationship,
    (
        _Mark("dataflow", "dataflow"),
        _Mark("none", "dataflow", (V10,)),
        _RelatedDimensions(),
        *only_1_0("attachmentGroups", "attachment_groups", _ID_LIST, ()),
        Field("group", "group", PLAIN),
        _Mark("observation", "observation"),
        _Mark("primaryMeasure", "observation", (V10,), OBS_VALUE),
    ),
)
_RELATIONSHIP = Field("attributeRelationship", "relationship", RELATIONSHIP)

_DIMENSION = Table(
    Dimension,
    _component(
        "Dimension",
        DIMENSION_REPRESENTATION,
        Field("position", "position", PLAIN),
        extension("isMeasureDimension", "is_measure_dimension", default=False),
        _Said("type", "Dimension"),
    ),
    take_id_from_concept,
)
_MEASURE_DIMENSION = Table(
    Dimension,
    _component(
        "MeasureDimension",
        MEASURE_DIMENSION_REPRESENTATION,
        Field("position", "position", PLAIN),
        _Said("type", "MeasureDimension"),
    ),
    take_id_from_concept,
)
_TIME = Table(
    TimeDimension,
    identifiable(
        "datastructure.TimeDimension",
        *only_1_0("position", "position"),
        _Said("type", "TimeDimension"),
        Field("conceptIdentity", "concept", URN),
        extension("conceptRoles", "roles", Many(URN), ()),
        Field("localRepresentation", "representation", TIME_REPRESENTATION),
    ),
    _finish_time,
)
_MEASURE = Table(
    Measure,
    _component("Measure", FREE_REPRESENTATION, _USAGE, extension("isPrimary", "is_primary", default=False)),
    take_id_from_concept,
)
_ATTRIBUTE = Table(
    Attribute,
    _component(
        "DataAttribute",
        FREE_REPRESENTATION,
        _USAGE,
        _ASSIGNMENT,
        _RELATIONSHIP,
        Field("measureRelationship", "measures", _ID_LIST, (), BOTH),
    ),
    _finish_attribute,
)
_METADATA_USAGE = Table(
    MetadataAttributeUsage,
    (ANNOTATIONS, Links(None), Field("metadataAttributeReference", "metadata_attribute", PLAIN), _RELATIONSHIP),
)
_GROUP = Table(
    Group,
    identifiable(
        "datastructure.GroupDimensionDescriptor",
        Field("groupDimensions", "dimensions", _ID_LIST, ()),
        *only_1_0("attachmentConstraint", "attachment_constraint", URN),
    ),
)


@dataclasses.dataclass(frozen=True)
class Descriptor:
    """What a component list says of itself: its fixed id, annotations and links."""

    id: str
    versions: tuple[str, ...] = ALL

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the list's identity."""
        return (ANNOTATIONS, Links("datastructure." + self.id, self.id))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the list's identity."""
        return ("id", *(key for row in self.rows for key in row.keys))

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the id, and what the structure keeps under it."""
        out["id"] = self.id
        identity = value.descriptors.get(self.id)
        if identity is not None:
            for row in self.rows:
                row.write(identity, out, to)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Keep annotations and links under the id, if there are any."""
        own: Json = {}
        read_rows(self.rows, {key: source[key] for key in self.keys[1:] if key in source}, own, place, of)
        identity = Identity(**own)
        if identity != Identity():
            fields.setdefault("descriptors", {})[self.id] = identity


_BY_MEASURE = "measureDimensions"


@dataclasses.dataclass(frozen=True)
class _Divided:
    """Components that 1.0 puts into two lists: those of which ``apart`` is true have the key ``other``."""

    field: str
    member: Table
    other: str
    apart: Callable[[Any], bool]
    versions: tuple[str, ...] = (V10,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of most, and that of the others."""
        return (self.field, self.other)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put both lists."""
        for one in getattr(value, self.field):
            key = self.other if self.apart(one) else self.field
            out.setdefault(key, []).append(self._member(key).write(one, to))

    def _member(self, key: str) -> Table:
        return _MEASURE_DIMENSION if key == _BY_MEASURE else self.member

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take both lists; dimensions that are divided stand in the order of their positions."""
        found = []
        for key in self.keys:
            for index, one in enumerate(source.get(key, ())):
                held = self._member(key).read(one, place / key / index, of)
                found.append(msgspec.structs.replace(held, is_measure_dimension=True) if key == _BY_MEASURE else held)
        if source.get(_BY_MEASURE) and all(one.position is not None for one in found):
            found.sort(key=lambda one: one.position)
        fields[self.field] = tuple(found)


@dataclasses.dataclass(frozen=True)
class _OneOf:
    """The only member of a list."""

    member: Table

    def write(self, value: Any, to: Writing) -> Any:
        """The list of one."""
        return [self.member.write(value, to)]

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The first; the standard allows one."""
        return self.member.read(source[0], place / 0, of) if source else None


@dataclasses.dataclass(frozen=True)
class _PrimaryMeasure:
    """The one measure of 1.0."""

    versions: tuple[str, ...] = (V10,)
    keys: tuple[str, ...] = ("primaryMeasure",)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the measure."""
        for measure in value.measures[:1]:
            out["primaryMeasure"] = _MEASURE.write(measure, to)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the measure, which is called primary."""
        if "primaryMeasure" in source:
            measure = _MEASURE.read(source["primaryMeasure"], place / "primaryMeasure", of)
            fields["measures"] = (msgspec.structs.replace(measure, is_primary=True),)


_COMPONENTS = Part(
    "dataStructureComponents",
    (
        Part(
            "attributeList",
            (
                many("attributes", "attributes", _ATTRIBUTE, versions=BOTH),
                _Divided("attributes", _ATTRIBUTE, "reportingYearStartDays", lambda one: one.id == _YEAR_START),
                many("metadataAttributeUsages", "metadata_attribute_usages", _METADATA_USAGE, versions=BOTH),
            ),
            frame=(Descriptor("AttributeDescriptor"),),
        ),
        many("groups", "groups", _GROUP),
        Part(
            "measureList",
            (many("measures", "measures", _MEASURE, versions=BOTH), _PrimaryMeasure()),
            frame=(Descriptor("MeasureDescriptor"),),
        ),
        Part(
            "dimensionList",
            (
                many("dimensions", "dimensions", _DIMENSION, versions=BOTH),
                _Divided("dimensions", _DIMENSION, _BY_MEASURE, lambda one: one.is_measure_dimension),
                Field("timeDimension", "time_dimension", _TIME, versions=BOTH),
                Field("timeDimensions", "time_dimension", _OneOf(_TIME), versions=(V10,)),
            ),
            frame=(Descriptor("DimensionDescriptor"),),
            needed_by=("attributeList", "groups", "measureList"),
        ),
    ),
)

STRUCTURE_ROWS: tuple[Row, ...] = (
    flag("evolvingStructure", "evolving_structure", versions=(V21,)),
    _COMPONENTS,
    Field("metadata", "metadata", URN, versions=BOTH),
)
"""What a data structure has beyond any maintainable artefact."""
