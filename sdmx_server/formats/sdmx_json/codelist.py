# rows and codecs have one signature, of which each uses what it needs
"""Tables of codelists, those with a geography, and value lists."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ...model.codelist import (
    GEOGRAPHIC,
    GRID,
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    MemberValue,
    ValueItem,
    ValueList,
)
from .constraint import CASCADES, MemberOr
from .engine import BOTH, PLAIN, URN, Field, Json, Place, Reading, Row, Table, Writing, extension, many, texts
from .identity import ANNOTATIONS, ID, nameable
from .maintainable import IS_PARTIAL, maintainable

_SELECTED = MemberOr(Table(MemberValue, (Field("value", "value", PLAIN), CASCADES)))


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


_CODELIST_EXTENSION = Table(
    CodelistExtension,
    (Field("prefix", "prefix", PLAIN), Field("codelist", "codelist", URN), _Selection()),
)
_CODE = Table(Code, nameable("codelist.Code", Field("parent", "parent", PLAIN)))
_VALUE_ITEM = Table(ValueItem, (ID, texts("name", "names"), texts("description", "descriptions"), ANNOTATIONS))


class _Given:
    """A text that must be there: an empty one stands for none."""

    def write(self, value: Any, _to: Writing) -> str:
        return value or ""

    def read(self, source: Any, _place: Place, _of: Reading) -> str | None:
        return source or None


def _codelist(key: str, code: Table, *rows: Row, finish: Callable[[Json], None] | None = None) -> Table:
    return Table(
        Codelist,
        maintainable(
            "Codelist",
            IS_PARTIAL,
            many(key, "items", code),
            many("codelistExtensions", "extensions", _CODELIST_EXTENSION, versions=BOTH),
            *rows,
        ),
        finish,
    )


def _geo(geo_type: str, key: str, code: Row, *rows: Row) -> Table:
    """A codelist that says its type, in a section that says so too."""
    table = Table(Code, (*_CODE.rows, code))
    own = Field("geoType", "geo_type", PLAIN)
    return _codelist(key, table, own, *rows, finish=lambda fields: fields.update(geo_type=geo_type))


CODELIST = _codelist("codes", _CODE)
GEOGRAPHIC_CODELIST = _geo(GEOGRAPHIC, "geoFeatureSetCodes", Field("value", "feature_set", _Given(), always=True))
GEO_GRID_CODELIST = _geo(
    GRID,
    "geoGridCodes",
    Field("geoCell", "cell", _Given(), always=True),
    Field("gridDefinition", "grid_definition", PLAIN),
)
VALUE_LIST = Table(
    ValueList,
    maintainable(
        "ValueList",
        extension("isPartial", "is_partial", default=False),
        many("valueItems", "items", _VALUE_ITEM),
    ),
)
