"""Tables of metadata structures and metadataflows.

SDMX-JSON has one list of metadata attributes. The targets and reports of 2.1 stand in extensions beside it, from which
the list follows; reading them, the list is not kept twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ...model.metadatastructure import MetadataAttribute, MetadataTarget, ReportStructure, TargetObject
from .datastructure import Descriptor, take_id_from_concept
from .engine import (
    PLAIN,
    URN,
    Codec,
    Field,
    Json,
    Many,
    Part,
    Row,
    Table,
    Writing,
    extension,
    flag,
    many,
)
from .identity import Children, identifiable
from .representation import METADATA_REPRESENTATION, TARGET_REPRESENTATION

_PACKAGE = "metadatastructure."

_WITHIN: list[Codec] = []
_ATTRIBUTE = Table(
    MetadataAttribute,
    identifiable(
        _PACKAGE + "MetadataAttribute",
        flag("isPresentational", "is_presentational", always=True),  # some clients require it
        Field("minOccurs", "min_occurs", PLAIN),
        Field("maxOccurs", "max_occurs", PLAIN),
        Field("conceptIdentity", "concept", URN),
        Field("localRepresentation", "representation", METADATA_REPRESENTATION),
        Children("metadataAttributes", "attributes", _WITHIN),
    ),
    take_id_from_concept,
)
_WITHIN.append(_ATTRIBUTE)

_TARGET = Table(
    MetadataTarget,
    identifiable(
        _PACKAGE + "MetadataTarget",
        many(
            "objects",
            "objects",
            Table(
                TargetObject,
                identifiable(
                    None,
                    Field("element", "element", PLAIN),
                    Field("objectType", "object_type", PLAIN),
                    Field("localRepresentation", "representation", TARGET_REPRESENTATION),
                ),
            ),
        ),
    ),
)
_REPORT = Table(
    ReportStructure,
    identifiable(
        _PACKAGE + "ReportStructure",
        Children("metadataAttributes", "attributes", _WITHIN),
        many("metadataTargets", "targets", PLAIN),
    ),
)


@dataclasses.dataclass(frozen=True)
class _AttributeList(Field):
    """The attributes; where the structure has reports the list that follows from them, for readers of the standard."""

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the list."""
        if value.attribute_list:
            out[self.key] = self.codec.write(value.attribute_list, to)


def _without_list(fields: Json) -> None:
    """Reports say all of their attributes."""
    if fields.get("reports"):
        fields.pop("attributes", None)


def metadata_structure(cls: Any, rows: Sequence[Row]) -> Table:
    """The table of metadata structures; ``rows`` are those of every maintainable artefact."""
    return Table(cls, (*rows, *_METADATA_STRUCTURE_ROWS), _without_list)


_METADATA_STRUCTURE_ROWS: tuple[Row, ...] = (
    Part(
        "metadataStructureComponents",
        (
            Part(
                "metadataAttributeList",
                (_AttributeList("metadataAttributes", "attributes", Many(_ATTRIBUTE)),),
                frame=(Descriptor("MetadataAttributeDescriptor"),),
            ),
            extension("metadataTargets", "targets", Many(_TARGET), ()),
            extension("reportStructures", "reports", Many(_REPORT), ()),
        ),
    ),
)

METADATAFLOW_ROWS: tuple[Row, ...] = (Field("structure", "structure", URN), many("targets", "targets", PLAIN))
"""What a metadataflow has beyond any maintainable artefact."""
