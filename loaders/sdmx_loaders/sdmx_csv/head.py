"""The head of an SDMX-CSV data message: separators, and what each column is (field guide, "Column headers")."""

from __future__ import annotations

import csv
import re

import msgspec

from sdmx_server.loading.api import Source, suggestion
from sdmx_server.model.annotations import COMPUTED
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent

from ..delimited import fields

_FIRST = re.compile(r'"?STRUCTURE(?:\[(?P<sub>[^\]])\])?"?(?P<separator>[^A-Za-z0-9_])')
_CELL = re.compile(r"(?P<id>[A-Za-z0-9_@$.-]+)(?:\[(?P<languages>[^\]]*)\])?(?P<name>: .*)?", re.DOTALL)
CUSTOM = frozenset({"STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY", "TIME_LABEL", "UPDATED", "PREPARED"})
"""Columns that carry nothing to load: names, keys that repeat the dimensions, and computed or custom ones."""


class HeadColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A component's column. ``bracketed``: the head has ``[]`` or ``[en;fa]``; ``labelled``: cells are ``ID: Name``."""

    index: int
    component: ResolvedComponent
    bracketed: bool = False
    languages: tuple[str, ...] = ()
    labelled: bool = False


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What the first row says. ``action`` is the index of the ACTION column; None = merge."""

    separator: str
    sub: str | None
    width: int
    action: int | None
    columns: tuple[HeadColumn, ...]


def _names_beside(cells: list[str], index: int, known: set[str]) -> bool:
    """Whether this is the column of names that ``labels=name`` puts beside a component."""
    return "STRUCTURE_NAME" in cells and index > 0 and cells[index - 1].partition("[")[0] in known


def _computed(source: Source) -> set[str]:
    attributes = source.structure.structure.attributes
    return {a.id for a in attributes if any(n.type == COMPUTED for n in a.annotations)}


def read_head(source: Source, record: str) -> Head | None:
    """The head of a file; None after a finding (not-sdmx-csv, column-unknown, column-twice, column-missing)."""
    first = _FIRST.match(record)
    if first is None:
        source.findings.add("not-sdmx-csv", file=source.name, row=1, value=record)
        return None
    separator, sub = first["separator"], first["sub"]
    try:
        cells = [cell.strip() for cell in fields(record, separator)]
    except csv.Error:
        cells = []
    if len(cells) < 2 or not cells[1].startswith("STRUCTURE_ID"):
        source.findings.add("not-sdmx-csv", file=source.name, row=1, value=record)
        return None
    before = source.findings.count
    columns = _columns(source, cells, sub)
    if source.findings.count > before:
        return None
    action = cells.index("ACTION") if "ACTION" in cells else None
    return Head(separator=separator, sub=sub, width=len(cells), action=action, columns=tuple(columns))


def _columns(source: Source, cells: list[str], sub: str | None) -> list[HeadColumn]:
    by_id = {c.id: c for c in source.structure.components}
    ignored = CUSTOM | _computed(source) | set(source.options.get("ignore", ()))
    columns: list[HeadColumn] = []
    for index, cell in enumerate(cells):
        found = _CELL.fullmatch(cell)
        name = found["id"] if found else cell
        if index < 2 or name == "ACTION" or name in ignored or cell in ignored:
            continue
        component = by_id.get(name)
        if component is None or found is None:
            if not _names_beside(cells, index, set(by_id)):
                hint = suggestion(name, by_id)
                source.findings.add("column-unknown", file=source.name, row=1, column=name, hint=hint)
            continue
        if any(c.component.id == name for c in columns):
            source.findings.add("column-twice", file=source.name, row=1, column=name)
            continue
        languages = found["languages"]
        columns.append(
            HeadColumn(
                index=index,
                component=component,
                bracketed=languages is not None,
                languages=tuple(x for x in (languages or "").split(sub or ";") if x),
                labelled=bool(found["name"]) and _has_labels(component),
            )
        )
    return columns


def _has_labels(component: ResolvedComponent) -> bool:
    return component.enumeration is not None or component.kind is ComponentKind.TIME
