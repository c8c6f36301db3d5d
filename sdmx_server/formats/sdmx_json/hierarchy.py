# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of hierarchies, hierarchical codelists (1.0) and hierarchy associations."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.hierarchy import CodelistHierarchy, HierarchicalCode, IncludedCodelist, Level
from ..text_formats import LEVEL
from .engine import (
    BOTH,
    PLAIN,
    URN,
    V10,
    Codec,
    Field,
    Json,
    Place,
    Reading,
    Row,
    Table,
    Writing,
    flag,
    many,
    only_1_0,
)
from .identity import Child, Children, Moment, identifiable, nameable
from .representation import Format

_LEVEL_URN = "urn:sdmx:org.sdmx.infomodel.codelist.Level="


class _LevelOf:
    """The level of a code: its id, which is a URN in 1.0 and so needs the path of the hierarchy."""

    def write(self, value: str, to: Writing) -> str:
        if to.version != V10:
            return value
        return f"{_LEVEL_URN}{to.owner}.{to.parents[0] if to.parents else ''}.{value}"

    def read(self, source: str, place: Place, of: Reading) -> str:
        if of.version != V10:
            return source
        item = source.partition(").")[2] or source
        hierarchy = f"{of.parents[0]}." if of.parents else ""
        return item.removeprefix(hierarchy)


class _Included:
    """The included codelists of 1.0: an object of their URNs by alias."""

    def write(self, value: tuple[IncludedCodelist, ...], to: Writing) -> Json:
        return {one.alias or one.codelist.id: one.codelist.urn for one in value}

    def read(self, source: Json, place: Place, of: Reading) -> tuple[IncludedCodelist, ...]:
        found = ((alias, URN.read(urn, place / alias, of)) for alias, urn in source.items())
        return tuple(IncludedCodelist(alias=alias, codelist=codelist) for alias, codelist in found if codelist)


@dataclasses.dataclass(frozen=True)
class _IncludedList:
    """The included codelists where an extension keeps them: a list, since one may have no alias."""

    def write(self, value: tuple[IncludedCodelist, ...], to: Writing) -> list[Json]:
        return [_INCLUDED.write(one, to) for one in value]

    def read(self, source: Any, place: Place, of: Reading) -> tuple[IncludedCodelist, ...]:
        return tuple(_INCLUDED.read(one, place / index, of) for index, one in enumerate(source))


_INCLUDED = Table(IncludedCodelist, (Field("alias", "alias", PLAIN), Field("codelist", "codelist", URN)))

_LEVELS: list[Codec] = []


class _LevelBelow:
    """The next level. A level's URN does not hold the levels above it."""

    def write(self, value: Level, to: Writing) -> Any:
        return _LEVELS[0].write(value, to)

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return _LEVELS[0].read(source, place, of)


_LEVEL_TABLE = Table(
    Level,
    nameable(
        "codelist.Level",
        Field("codingFormat", "coding_format", Format(LEVEL)),
        Field("level", "level", _LevelBelow()),
    ),
)
_LEVELS.append(_LEVEL_TABLE)

_CODES: list[Codec] = []
_CODE = Table(
    HierarchicalCode,
    identifiable(
        "codelist.HierarchicalCode",
        *only_1_0("version", "version"),
        Moment("validFrom", "valid_from"),
        Moment("validTo", "valid_to"),
        Field("code", "code", URN),
        *only_1_0("codeID", "code_id"),
        *only_1_0("codelistAliasRef", "codelist_alias"),
        Field("level", "level", _LevelOf()),
        Children("hierarchicalCodes", "codes", _CODES),
    ),
)
_CODES.append(_CODE)

HIERARCHY_ROWS: tuple[Row, ...] = (
    flag("hasFormalLevels", "has_formal_levels"),
    Field("level", "level", _LEVEL_TABLE),
    many("hierarchicalCodes", "codes", _CODE),
)
"""What a hierarchy has beyond any maintainable artefact."""

_HIERARCHY = Table(
    CodelistHierarchy,
    nameable(
        "codelist.Hierarchy",
        flag("leveled", "has_formal_levels"),
        Child("level", "level", _LEVELS),
        Children("hierarchicalCodes", "codes", _CODES),
    ),
)
HIERARCHICAL_CODELIST_ROWS: tuple[Row, ...] = (
    Field("includedCodelists", "included", _Included(), (), (V10,)),
    Field("includedCodelists", "included", _IncludedList(), (), BOTH),
    many("hierarchies", "hierarchies", _HIERARCHY),
)
"""What a hierarchical codelist has beyond any maintainable artefact."""

ASSOCIATION_ROWS: tuple[Row, ...] = (
    Field("linkedHierarchy", "linked_hierarchy", URN),
    Field("linkedObject", "linked_object", URN),
    Field("contextObject", "context_object", URN),
)
"""What a hierarchy association has beyond any maintainable artefact."""
