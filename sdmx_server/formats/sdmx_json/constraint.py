# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of data constraints: attachments, cube regions, key sets, time ranges; also the selections of codelists."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.codelist import CodelistExtension, CodeSelection, MemberValue
from ...model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
    TimeBound,
    TimeRange,
)
from .engine import (
    ALL,
    BOTH,
    EXTENSION,
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
    until_3_0,
)
from .identity import ANNOTATIONS

_CASCADE = Choice({"true": True, "false": False, "excluderoot": "excluderoot"})
_VALUE = Field("value", "value", PLAIN)
_CASCADES = Field("cascadeValues", "cascade", _CASCADE)
_LANG = Field("lang", "lang", PLAIN)
_VALID: tuple[Row, ...] = (
    Field("validFrom", "valid_from", PLAIN, versions=BOTH),
    Field("validTo", "valid_to", PLAIN, versions=BOTH),
)


@dataclasses.dataclass(frozen=True)
class _MemberOr:
    """A value: an object, or a text where it is alone. Both forms are read everywhere.

    Regions get objects always, for clients in use read no other form there.
    """

    table: Table
    always_object: bool = False

    def write(self, value: Any, to: Writing) -> Any:
        out = self.table.write(value, to)
        return out if self.always_object or len(out) > 1 else value.value

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return MemberValue(value=source) if isinstance(source, str) else self.table.read(source, place, of)


_REGION_KEY_VALUE = _MemberOr(
    Table(
        MemberValue,
        (_VALUE, _CASCADES, Field("lang", "lang", PLAIN, versions=(V20,)), extension("lang", "lang"), *_VALID),
    ),
    always_object=True,
)
_REGION_VALUE = _MemberOr(Table(MemberValue, (_VALUE, _CASCADES, _LANG, *_VALID)), always_object=True)
_KEY_COMPONENT_VALUE = _MemberOr(Table(MemberValue, (_VALUE, _CASCADES, _LANG)))
_SELECTED = _MemberOr(Table(MemberValue, (_VALUE, _CASCADES)))

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

_BY_KIND = {"DataStructure": "dataStructures", "Dataflow": "dataflows", "ProvisionAgreement": "provisionAgreements"}
_PROVIDER = "DataProviderScheme"


@dataclasses.dataclass(frozen=True)
class _References:
    """What a constraint is attached to, under a key for each kind; other kinds go into an extension."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("dataProvider", *_BY_KIND.values(), EXTENSION + "references")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        for reference in value.references:
            if reference.kind == _PROVIDER and "dataProvider" not in out:
                out["dataProvider"] = reference.urn
            elif reference.kind in _BY_KIND:
                out.setdefault(_BY_KIND[reference.kind], []).append(reference.urn)
            elif to.version == V21:
                out.setdefault(EXTENSION + "references", []).append(reference.urn)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        held = []
        for key in self.keys:
            urns = source.get(key, ())
            single = isinstance(urns, str)
            for index, urn in enumerate((urns,) if single else urns):
                held.append(URN.read(urn, place / key if single else place / key / index, of))
        fields["references"] = tuple(held)


_QUERYABLE = Table(
    QueryableDataSource,
    (
        Field("isRESTDatasource", "is_rest", PLAIN, always=True),
        Field("isWebServiceDatasource", "is_web_service", PLAIN, always=True),
        Field("dataURL", "data_url", PLAIN),
        Field("wsdlURL", "wsdl_url", PLAIN),
        Field("wadlURL", "wadl_url", PLAIN),
    ),
)
_DATA_SET = Table(DataSetTarget, (Field("id", "id", PLAIN), Field("dataProvider", "data_provider", URN)))


def _many_until_3_0(key: str, field: str, member: Codec) -> tuple[Row, Row]:
    return many(key, field, member, versions=(V10, V20)), many(EXTENSION + key, field, member, versions=(V21,))


_ATTACHMENT = Table(
    ConstraintAttachment,
    (
        _References(),
        *_many_until_3_0("simpleDataSources", "simple_data_sources", PLAIN),
        *_many_until_3_0("queryableDataSources", "queryable_data_sources", _QUERYABLE),
        *only_1_0("dataSets", "data_sets", Many(_DATA_SET), ()),
    ),
)


@dataclasses.dataclass(frozen=True)
class Attachment:
    """The row of the attachment; one that names nothing that the version knows is an extension."""

    versions: tuple[str, ...] = ALL
    keys: tuple[str, ...] = ("constraintAttachment", EXTENSION + "constraintAttachment")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the attachment."""
        if value.attachment is None:
            return
        written = _ATTACHMENT.write(value.attachment, to)
        if any(not key.startswith(EXTENSION) for key in written):
            out[self.keys[0]] = written
        elif to.version == V21:
            out[self.keys[1]] = written

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the attachment from where it is."""
        for key in self.keys:
            if key in source:
                fields["attachment"] = _ATTACHMENT.read(source[key], place / key, of)


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


CONSTRAINT_ROWS: tuple[Row, ...] = (
    Field("type", "role", _Role(), versions=(V10,), always=True),
    Field("role", "role", _Role(), versions=(V20,), always=True),
    extension("role", "role"),
    Attachment(),
    *until_3_0("releaseCalendar", "release_calendar", _CALENDAR),
    *only_1_0("referencePeriod", "reference_period", _REFERENCE_PERIOD),
    many("dataKeySets", "key_sets", KEY_SET),
    many("cubeRegions", "cube_regions", REGION),
)
"""What a data constraint has beyond any maintainable artefact."""


@dataclasses.dataclass(frozen=True)
class _Members:
    """Values, then patterns; a value that stands among the patterns is a value."""

    versions: tuple[str, ...] = BOTH
    keys: tuple[str, ...] = ("memberValues", "wildcardedMemberValues")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        plain = [_SELECTED.write(member, to) for member in value.members if "%" not in member.value]
        wild = [member.value for member in value.members if "%" in member.value]
        out.update({key: held for key, held in zip(self.keys, (plain, wild), strict=True) if held})

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        held = [
            _SELECTED.read(one, place / key / index, of)
            for key in self.keys
            for index, one in enumerate(source.get(key, ()))
        ]
        fields["members"] = tuple(member for index, member in enumerate(held) if member not in held[:index])


_SELECTION = Table(CodeSelection, (_Members(),))


@dataclasses.dataclass(frozen=True)
class _Selection:
    """The selection of an extension, under the key that says whether it includes or excludes."""

    versions: tuple[str, ...] = BOTH
    keys: tuple[str, ...] = ("exclusiveCodeSelection", "inclusiveCodeSelection")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if value.selection is not None:
            out[self.keys[value.selection.include]] = _SELECTION.write(value.selection, to)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        for include, key in enumerate(self.keys):
            if key in source:
                inner: Json = {"include": bool(include)}
                _Members().read(source[key], inner, place / key, of)
                fields["selection"] = CodeSelection(**inner)


CODELIST_EXTENSION = Table(
    CodelistExtension,
    (Field("prefix", "prefix", PLAIN), Field("codelist", "codelist", URN), _Selection()),
)
