# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of constraints: cube regions, key sets and regions of metadata, time ranges."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.codelist import MemberValue
from ...model.constraint import (
    AttachmentConstraint,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    MemberSelection,
    MetadataConstraint,
    MetadataKey,
    MetadataKeySet,
    MetadataTargetRegion,
    ReferencePeriod,
    ReleaseCalendar,
    TargetSelection,
    TimeBound,
    TimeRange,
    content_constraint,
)
from .attachment import DATA_ATTACHMENT, DATA_SET, METADATA_ATTACHMENT
from .engine import (
    ALL,
    BOTH,
    PLAIN,
    URN,
    V10,
    V20,
    V21,
    Choice,
    Codec,
    Field,
    Json,
    Many,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    extension,
    many,
    only_1_0,
    read_rows,
    until_3_0,
)
from .identity import ANNOTATIONS
from .maintainable import maintainable

_CASCADE = Choice({"true": True, "false": False, "excluderoot": "excluderoot"})
_VALUE = Field("value", "value", PLAIN)
CASCADES = Field("cascadeValues", "cascade", _CASCADE)
_LANG = Field("lang", "lang", PLAIN)
_VALID: tuple[Row, ...] = (
    Field("validFrom", "valid_from", PLAIN, versions=BOTH),
    Field("validTo", "valid_to", PLAIN, versions=BOTH),
)


@dataclasses.dataclass(frozen=True)
class MemberOr:
    """A value: an object, or a text where it is alone. Both forms are read everywhere.

    Regions get objects always, for clients in use read no other form there.
    """

    table: Table
    always_object: bool = False

    def write(self, value: Any, to: Writing) -> Any:
        """The object, or the text."""
        out = self.table.write(value, to)
        return out if self.always_object or len(out) > 1 else value.value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        """The value of either form."""
        return MemberValue(value=source) if isinstance(source, str) else self.table.read(source, place, of)


_REGION_KEY_VALUE = MemberOr(
    Table(
        MemberValue,
        (_VALUE, CASCADES, Field("lang", "lang", PLAIN, versions=(V20,)), extension("lang", "lang"), *_VALID),
    ),
    always_object=True,
)
_REGION_VALUE = MemberOr(Table(MemberValue, (_VALUE, CASCADES, _LANG, *_VALID)), always_object=True)
_KEY_COMPONENT_VALUE = MemberOr(Table(MemberValue, (_VALUE, CASCADES, _LANG)))

_BOUND = Table(TimeBound, (Field("period", "period", PLAIN), Field("isInclusive", "inclusive", PLAIN, True)))
_TIME_RANGE = Table(
    TimeRange,
    (
        Field("beforePeriod", "before", _BOUND),
        Field("afterPeriod", "after", _BOUND),
        Field("startPeriod", "start", _BOUND),
        Field("endPeriod", "end", _BOUND),
        Field("validFrom", "valid_from", PLAIN, versions=(V21,)),
        Field("validTo", "valid_to", PLAIN, versions=(V21,)),
    ),
)


@dataclasses.dataclass(frozen=True)
class _PlainValues:
    """Values as texts; those that stand for all below them are listed once more."""

    versions: tuple[str, ...] = (V10,)
    keys: tuple[str, ...] = ("values", "cascadeValues")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        cascading = [member.value for member in value.values if member.cascade == "true"]
        for key, held in zip(self.keys, ([member.value for member in value.values], cascading), strict=True):
            if held:
                out[key] = held

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        cascading = source.get("cascadeValues", [])
        values = dict.fromkeys((*source.get("values", ()), *cascading))
        fields["values"] = tuple(MemberValue(value=one, cascade="true" if one in cascading else None) for one in values)


def _selection(value: Codec, *rows: Row) -> Table:
    return Table(
        MemberSelection,
        (
            Field("id", "id", PLAIN),
            Field("include", "include", PLAIN, True, BOTH),
            Field("removePrefix", "remove_prefix", PLAIN, versions=BOTH),
            *rows,
            Field("timeRange", "time_range", _TIME_RANGE),
            many("values", "values", value, versions=BOTH),
            _PlainValues(),
        ),
    )


_NO_ANNOTATIONS_IN_1_0 = dataclasses.replace(ANNOTATIONS, versions=BOTH)
REGION = Table(
    CubeRegion,
    (
        Field("include", "include", PLAIN, True, BOTH),
        Field("isIncluded", "include", PLAIN, versions=(V10,), always=True),
        _NO_ANNOTATIONS_IN_1_0,
        many("keyValues", "keys", _selection(_REGION_KEY_VALUE, *_VALID)),
        many("components", "components", _selection(_REGION_VALUE), versions=BOTH),
        many("attributes", "components", _selection(_REGION_VALUE), versions=(V10,)),
    ),
)


@dataclasses.dataclass(frozen=True)
class _KeyValue:
    """The value, or from 2.1 on the values, of a dimension in a key."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("value", "values")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        held = [member.value for member in value.values]
        if len(held) == 1:
            out["value"] = held[0]
        elif held:
            out["values"] = held

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        held = source.get("values", [source["value"]] if "value" in source else [])
        fields["values"] = tuple(MemberValue(value=one) for one in held)


_KEY_VALUE = Table(
    MemberSelection,
    (
        Field("id", "id", PLAIN),
        Field("include", "include", PLAIN, True, BOTH),
        Field("removePrefix", "remove_prefix", PLAIN, versions=BOTH),
        _KeyValue(),
    ),
)
_KEY = Table(
    DataKey,
    (
        Field("include", "include", PLAIN, True, BOTH),
        _NO_ANNOTATIONS_IN_1_0,
        *_VALID,
        many("keyValues", "keys", _KEY_VALUE),
        many("components", "components", _selection(_KEY_COMPONENT_VALUE), versions=BOTH),
    ),
)


KEY_SET = Table(DataKeySet, (Field("isIncluded", "is_included", PLAIN), many("keys", "keys", _KEY)))

_CALENDAR = Table(
    ReleaseCalendar,
    tuple(Field(name, name, PLAIN) for name in ("periodicity", "offset", "tolerance")),
)
_REFERENCE_PERIOD = Table(ReferencePeriod, (Field("startTime", "start", PLAIN), Field("endTime", "end", PLAIN)))


class _Role:
    """The role of a constraint. Allowed is what a constraint without a role means, and the model holds it as none."""

    def write(self, value: Any, _to: Writing) -> Any:
        """The word."""
        return value or "Allowed"

    def read(self, source: Any, _place: Place, _of: Reading) -> Any:
        """None for Allowed."""
        return None if source == "Allowed" else source


class _PlainText:
    """A value that is just a text."""

    def write(self, value: MemberValue, _to: Writing) -> str:
        return value.value

    def read(self, source: Any, _place: Place, _of: Reading) -> MemberValue:
        return MemberValue(value=source)


@dataclasses.dataclass(frozen=True)
class _One:
    """The one member of a list."""

    member: Codec

    def write(self, value: Any, to: Writing) -> Any:
        return self.member.write(value[0], to)

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return (self.member.read(source, place, of),)


_INCLUDED = Field("include", "include", PLAIN, True, BOTH)
_REGION_KEY = Table(
    TargetSelection,
    (
        Field("id", "id", PLAIN),
        _INCLUDED,
        Field("timeRange", "time_range", _TIME_RANGE),
        many("values", "values", _PlainText()),
        many("dataSets", "data_sets", DATA_SET),
        many("dataKeys", "data_keys", _KEY),
        many("objects", "objects", URN),
    ),
)
_METADATA_KEY = Table(
    MetadataKey,
    (
        Field("report", "report", PLAIN),
        Field("metadataTarget", "target", PLAIN),
        many(
            "keyValues",
            "keys",
            Table(
                TargetSelection,
                (
                    Field("id", "id", PLAIN),
                    _INCLUDED,
                    Field("value", "values", _One(_PlainText()), ()),
                    Field("dataSet", "data_sets", _One(DATA_SET), ()),
                    Field("dataKey", "data_keys", _One(_KEY), ()),
                    Field("object", "objects", _One(URN), ()),
                ),
            ),
        ),
    ),
)
_METADATA_KEY_SETS = Many(
    Table(MetadataKeySet, (Field("isIncluded", "is_included", PLAIN), many("keys", "keys", _METADATA_KEY)))
)
_METADATA_REGIONS = Many(
    Table(
        MetadataTargetRegion,
        (
            Field("include", "include", PLAIN, True),
            _NO_ANNOTATIONS_IN_1_0,
            *_VALID,
            *only_1_0("report", "report"),
            *only_1_0("metadataTarget", "target"),
            *only_1_0("keyValues", "keys", Many(_REGION_KEY), ()),
            many("components", "components", _selection(_REGION_VALUE), versions=BOTH),
            many("attributes", "components", _selection(_REGION_VALUE), versions=(V10,)),
        ),
    )
)
_CALENDARS: tuple[Row, ...] = (
    *until_3_0("releaseCalendar", "release_calendar", _CALENDAR),
    *only_1_0("referencePeriod", "reference_period", _REFERENCE_PERIOD),
)
_ROLES: tuple[Row, ...] = (
    Field("type", "role", _Role(), versions=(V10,), always=True),
    Field("role", "role", _Role(), versions=(V20,), always=True),
    extension("role", "role"),
)


@dataclasses.dataclass(frozen=True)
class _ContentConstraints(Table):
    """Data constraints; those of 1.0 may be of metadata."""

    def read(self, source: Json, place: Place, of: Reading) -> Any:
        """The constraint of an object."""
        fields: Json = {}
        read_rows(self.rows, source, fields, place, of)
        return (content_constraint if of.version == V10 else DataConstraint)(**fields)


DATA_CONSTRAINT = _ContentConstraints(
    DataConstraint,
    maintainable(
        "DataConstraint",
        *_ROLES,
        DATA_ATTACHMENT,
        *_CALENDARS,
        many("dataKeySets", "key_sets", KEY_SET),
        many("cubeRegions", "cube_regions", REGION),
        *only_1_0("metadataKeySets", "metadata_key_sets", _METADATA_KEY_SETS, ()),
        *only_1_0("metadataTargetRegions", "metadata_regions", _METADATA_REGIONS, ()),
    ),
)
"""In 1.0 it writes metadata constraints too, which there are content constraints as well."""

METADATA_CONSTRAINT = Table(
    MetadataConstraint,
    maintainable(
        "MetadataConstraint",
        *_ROLES,
        METADATA_ATTACHMENT,
        *_CALENDARS,
        extension("dataKeySets", "key_sets", Many(KEY_SET), ()),
        extension("cubeRegions", "cube_regions", Many(REGION), ()),
        extension("metadataKeySets", "metadata_key_sets", _METADATA_KEY_SETS, ()),
        Field("metadataTargetRegions", "metadata_regions", _METADATA_REGIONS, (), BOTH),
    ),
)
ATTACHMENT_CONSTRAINT = Table(
    AttachmentConstraint,
    maintainable(
        "AttachmentConstraint",
        DATA_ATTACHMENT,
        many("dataKeySets", "key_sets", KEY_SET),
        Field("metadataKeySets", "metadata_key_sets", _METADATA_KEY_SETS, ()),
    ),
)
