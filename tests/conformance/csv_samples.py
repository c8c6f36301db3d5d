"""The official samples of SDMX-CSV read plainly, and structures that they could be data of.

The samples speak of structures that nobody has; what they need to be is guessed from names and values.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple

from support.cases import attribute, codelist, dimension, measure

from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage

FIXED = ("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY", "UPDATED")
NAMES = {"Y": "Yes", "N": "No", "A": "Value A", "B": "Value B"}


class Column(NamedTuple):
    """A component's column: its id, its head without the label, and its place."""

    id: str
    title: str
    place: int


class Sample:
    """A message as its cells."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8-sig")
        separator = ";" if ";STRUCTURE_ID" in text.partition("\n")[0] else ","
        self.head, *self.rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        self.options = {"decimal": ","} if "12,4" in text else {}
        self.named = "STRUCTURE_NAME" in self.head  # each column has one with names behind it
        self.labelled = self.named or any(": " in title for title in self.head)
        self.columns = list(self._columns())

    def _columns(self) -> Any:
        for place, cell in enumerate(self.head):
            title = cell.partition(": ")[0]
            name = title.partition("[")[0]
            if name not in FIXED and (not self.named or name == name.upper()):
                yield Column(name, title, place)

    def text(self, row: list[str], column: Column) -> str:
        """The id or value in a cell, without its label."""
        return row[column.place].partition(": ")[0] if self.labelled else row[column.place]

    def structure(self) -> ResolvedStructure:
        """A structure that the message fits."""
        kind, whole = self.rows[0][:2]
        agency, _, own = whole.partition(": ")[0].partition(":")
        name, _, version = own.rstrip(")").partition("(")
        own = {"agency": agency, "id": name, "version": version or "1.0"}
        given = {column.id for column in self.columns if column.id.startswith("DIM")}
        dimensions = sorted({"DIM_1", "DIM_2", "DIM_3"} | given) if "DIM_3" in given else sorted(given)
        listed = codelist("CL", {code: {"en": text} for code, text in NAMES.items()}) if self.labelled else None
        return ResolvedStructure(
            structure=DataStructure(**(own if kind == "datastructure" else {**own, "id": "DSD"})),
            dataflow=None if kind == "datastructure" else Dataflow(**own),
            dimensions=tuple(dimension(name, listed) for name in dimensions if name != "DIM_3"),
            time=_time() if "DIM_3" in dimensions else None,
            measures=tuple(measure(c.id) for c in self.columns if c.id.startswith(("OBS", "MEAS"))),
            attributes=tuple(
                attribute(
                    column.id,
                    self._attached(column, dimensions),
                    many="[]" in column.title,
                    multilingual="[en" in column.title,
                    enumeration=listed if all(self.text(row, column) in NAMES for row in self.rows) else None,
                )
                for column in self.columns
                if not column.id.startswith(("DIM", "OBS", "MEAS"))
            ),
        )

    def _attached(self, column: Column, dimensions: list[str]) -> tuple[str, ...]:
        """The dimensions that stand wherever the attribute does."""
        places = {c.id: c.place for c in self.columns}
        rows = [row for row in self.rows if row[column.place]]
        return tuple(d for d in dimensions if d in places and all(row[places[d]] for row in rows))


def _time() -> ResolvedComponent:
    text_format = TextFormat(text_type="ObservationalTimePeriod")
    return ResolvedComponent(id="DIM_3", kind=ComponentKind.TIME, storage=Storage.PERIOD, text_format=text_format)
