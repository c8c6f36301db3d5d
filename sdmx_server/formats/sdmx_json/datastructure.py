# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of data structures: component lists, components, groups, relationships."""

from __future__ import annotations

import dataclasses
from typing import Any

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
from .engine import (
    BOTH,
    PLAIN,
    URN,
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
    read_rows,
)
from .identity import ANNOTATIONS, Links, identifiable
from .representation import (
    DIMENSION_REPRESENTATION,
    FREE_REPRESENTATION,
    TIME_REPRESENTATION,
    RepresentationAt,
)

_USAGE = Field("usage", "mandatory", Choice({True: "mandatory", False: "optional"}), always=True)
_ID_LIST = Many(PLAIN)
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
    """A truth value that an empty object stands for."""

    key: str
    field: str
    versions: tuple[str, ...] = BOTH

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if getattr(value, self.field):
            out[self.key] = {}

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        fields[self.field] = self.key in source


@dataclasses.dataclass(frozen=True)
class _RelatedDimensions:
    """The dimensions of a relationship, and which of them are optional when any is."""

    versions: tuple[str, ...] = BOTH
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
        _RelatedDimensions(),
        extension("attachmentGroups", "attachment_groups", _ID_LIST, ()),
        Field("group", "group", PLAIN),
        _Mark("observation", "observation"),
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
    ),
    take_id_from_concept,
)
_TIME = Table(
    TimeDimension,
    identifiable(
        "datastructure.TimeDimension",
        extension("position", "position"),
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
        _RELATIONSHIP,
        Field("measureRelationship", "measures", _ID_LIST, ()),
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
        extension("attachmentConstraint", "attachment_constraint", URN),
    ),
)


@dataclasses.dataclass(frozen=True)
class Descriptor:
    """What a component list says of itself: its fixed id, annotations and links."""

    id: str
    versions: tuple[str, ...] = BOTH

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


_COMPONENTS = Part(
    "dataStructureComponents",
    (
        Part(
            "attributeList",
            (
                many("attributes", "attributes", _ATTRIBUTE),
                many("metadataAttributeUsages", "metadata_attribute_usages", _METADATA_USAGE),
            ),
            frame=(Descriptor("AttributeDescriptor"),),
        ),
        many("groups", "groups", _GROUP),
        Part(
            "measureList",
            (many("measures", "measures", _MEASURE),),
            frame=(Descriptor("MeasureDescriptor"),),
        ),
        Part(
            "dimensionList",
            (
                many("dimensions", "dimensions", _DIMENSION),
                Field("timeDimension", "time_dimension", _TIME),
            ),
            frame=(Descriptor("DimensionDescriptor"),),
            needed_by=("attributeList", "groups", "measureList"),
        ),
    ),
)

STRUCTURE_ROWS: tuple[Row, ...] = (
    flag("evolvingStructure", "evolving_structure", versions=(V21,)),
    _COMPONENTS,
    Field("metadata", "metadata", URN),
)
"""What a data structure has beyond any maintainable artefact."""
