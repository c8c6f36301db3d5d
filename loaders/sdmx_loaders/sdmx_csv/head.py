"""The head of an SDMX-CSV data message: separators, and what each column is (field guide, "Column headers").

A message of 1.0 begins with DATAFLOW, and its OBS_VALUE is the structure's primary measure. Fields there are not
divided by the standard; values of a component that takes several are divided by ``;``, as this server writes them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path

import msgspec

from sdmx_server.formats.primary_measure import OBS_VALUE, primary_measure
from sdmx_server.loading.api import Findings, Source, suggestion
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure

from ..delimited import fields
from ..naming import expected, fits, not_loaded

_FIRST = re.compile(r'"?STRUCTURE(?:\[(?P<sub>[^\]])\])?"?(?P<separator>[^A-Za-z0-9_])')
_FIRST_1_0 = re.compile(r'"?DATAFLOW"?(?P<separator>[^A-Za-z0-9_])')
_START = 100_000
_CELL = re.compile(r"(?P<id>[A-Za-z0-9_@$.-]+)(?:\[(?P<languages>[^\]]*)\])?(?P<name>: .*)?", re.DOTALL)
PROVISION = "dataprovision"
CUSTOM = frozenset(
    {"STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY", "TIME_LABEL", "UPDATED", "PREPARED", "SERIESKEY", "LAST UPDATE"}
)
"""Columns that carry nothing to load: names, keys that repeat the dimensions, and computed or custom ones."""


class HeadColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A component's column. ``bracketed``: the head has ``[]`` or ``[en;fa]``; ``labelled``: cells are ``ID: Name``."""

    index: int
    component: ResolvedComponent
    bracketed: bool = False
    languages: tuple[str, ...] = ()
    labelled: bool = False


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What the first row says. ``action`` is the index of the ACTION column; None = merge.

    ``structure``: how many columns at the front name the structure: its kind and its id, or the dataflow alone (1.0).
    """

    separator: str
    sub: str | None
    structure: int
    width: int
    action: int | None
    columns: tuple[HeadColumn, ...]


def _names_beside(cells: list[str], index: int, known: set[str]) -> bool:
    """Whether this is the column of names that ``labels=name`` puts beside a component."""
    return "STRUCTURE_NAME" in cells and index > 0 and cells[index - 1].partition("[")[0] in known


def begins(text: str) -> bool:
    """Whether a text begins like the head of a message."""
    return bool(_FIRST.match(text) or _FIRST_1_0.match(text))


def unlabelled(identity: str) -> str:
    """``AGENCY:ID(VERSION)`` of a cell that may have a name behind it (``labels=both``)."""
    short, found, _ = identity.partition("): ")
    return short + ")" if found else short


def belongs(kind: str, identity: str, schema: ResolvedStructure) -> bool:
    """Whether ``AGENCY:ID(VERSION)`` of this kind, in any case (Eurostat writes DATAFLOW), names what is loaded.

    A provision agreement is not held against anything, as in SDMX-ML: the components will tell.
    """
    known = {"dataflow": schema.dataflow, "datastructure": schema.structure}
    named = kind.lower()
    return named == PROVISION or fits(known.get(named), *parts(identity))


def parts(identity: str) -> tuple[str, str, str]:
    """Agency, id and version of ``AGENCY:ID(VERSION)``."""
    agency, _, rest = identity.partition(":")
    own, _, version = rest.partition("(")
    return agency, own, version.rstrip(")")


def beginning(path: Path) -> str:
    """The first rows of a file as text, as far as they are UTF-8."""
    with path.open("rb") as file:
        return file.read(_START).removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def first_structure(text: str) -> tuple[str, str]:
    """The kind and ``AGENCY:ID(VERSION)`` of what the first row after the head belongs to; empty without a row."""
    plain = _FIRST_1_0.match(text)
    first = plain or _FIRST.match(text)
    if first is None:
        return "", ""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=first["separator"])
        next(rows)
        cells = [*next(rows), "", ""]
    except (csv.Error, StopIteration):
        return "", ""
    return ("dataflow", unlabelled(cells[0])) if plain else (cells[0], unlabelled(cells[1]))


def read_head(source: Source, record: str) -> Head | None:
    """The head of a file; None after a finding.

    Findings: not-sdmx-csv, column-unknown, column-twice; where columns are unknown because the first row belongs to
    another structure, structure-wrong alone.
    """
    plain = _FIRST_1_0.match(record)
    first = plain or _FIRST.match(record)
    if first is None:
        source.findings.add("not-sdmx-csv", file=source.name, row=1, value=record)
        return None
    separator, sub = first["separator"], None if plain else first["sub"]
    try:
        cells = [cell.strip() for cell in fields(record, separator)]
    except csv.Error:
        cells = []
    if len(cells) < 2 or not (plain or cells[1].startswith("STRUCTURE_ID")):
        source.findings.add("not-sdmx-csv", file=source.name, row=1, value=record)
        return None
    structure = 1 if plain else 2
    tried = msgspec.structs.replace(source, findings=Findings())
    columns = _columns(tried, cells, sub, structure)
    if tried.findings:
        if not _of_another(source):
            _columns(source, cells, sub, structure)
        return None
    action = cells.index("ACTION") if "ACTION" in cells else None
    return Head(
        separator=separator, sub=sub, structure=structure, width=len(cells), action=action, columns=tuple(columns)
    )


def _of_another(source: Source) -> bool:
    """Whether the first row belongs to another structure, after the finding structure-wrong."""
    kind, short = first_structure(beginning(source.path))
    if kind.lower() not in ("dataflow", "datastructure") or belongs(kind, short, source.structure):
        return False
    source.findings.add(
        "structure-wrong",
        file=source.name,
        row=2,
        column="STRUCTURE_ID",
        value=f"{kind} {short}",
        expected=expected(source.structure),
    )
    return True


def _by_name(source: Source, plain: bool) -> dict[str, ResolvedComponent]:
    """The components by the names of their columns."""
    first = primary_measure([m.id for m in source.structure.measures]) if plain else None
    components = source.structure.components
    paths = {} if plain else {c.path: c for c in components if c.above}
    return {OBS_VALUE if c.id == first else c.id: c for c in components} | paths


def _columns(source: Source, cells: list[str], sub: str | None, structure: int) -> list[HeadColumn]:
    plain = structure == 1
    by_name = _by_name(source, plain)
    ignored = CUSTOM | not_loaded(source)
    columns: list[HeadColumn] = []
    for index, cell in enumerate(cells):
        found = _CELL.fullmatch(cell)
        name = found["id"] if found else cell
        if index < structure or name == "ACTION" or name in ignored or cell in ignored:
            continue
        component = by_name.get(name)
        if component is None or found is None:
            if not _names_beside(cells, index, set(by_name)):
                hint = suggestion(name, by_name)
                source.findings.add("column-unknown", file=source.name, row=1, column=name, hint=hint)
            continue
        if any(c.component is component for c in columns):
            source.findings.add("column-twice", file=source.name, row=1, column=name)
            continue
        languages = found["languages"]
        divided = plain and component.multi_valued and not component.multilingual
        columns.append(
            HeadColumn(
                index=index,
                component=component,
                bracketed=languages is not None or divided,
                languages=tuple(x for x in (languages or "").split(sub or ";") if x),
                labelled=bool(found["name"]) and _has_labels(component),
            )
        )
    return columns


def _has_labels(component: ResolvedComponent) -> bool:
    return component.enumeration is not None or component.kind is ComponentKind.TIME
