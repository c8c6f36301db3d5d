"""From cells by name, as a message has them, to columns of components in canonical text."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from sdmx_server.batches import canonical
from sdmx_server.formats.primary_measure import OBS_VALUE, primary_measure
from sdmx_server.formats.values import SEPARATOR
from sdmx_server.loading.api import Source, suggestion
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, Storage

from ..delimited import fields
from ..naming import not_loaded
from .cells import Cells
from .stream import Attributes, Stop

MISSING = "#N/A"
READY = "="
"""Stands before a component's id when the value is canonical already, as it comes from a ``Comp`` element."""

TYPES = ("http://www.w3.org/2001/XMLSchema-instance type", "type")
"""XML attributes that tell the type of an element, not a component of that name."""

_START_DAY, _NEW_YEAR = "REPORTING_YEAR_START_DAY", "--01-01"
_KEYS = (ComponentKind.DIMENSION, ComponentKind.TIME)
_NUMBERS = (Storage.FLOAT, Storage.INTEGER)


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows: their own cells, and those that they share with their series.

    ``explicit`` is the dimension that an observation's type stands for. ``deleting``: a shared attribute is no cell of
    the rows (what is to be deleted of a series is a row of its own), and any text, even an empty one, is a value.
    """

    own: Cells
    shared: Cells
    lines: npt.NDArray[np.int64]
    explicit: str | None = None
    deleting: bool = False


class Columns:
    """Builds the columns of one structure. ``version`` is that of SDMX-ML: 2.1 calls the primary measure OBS_VALUE."""

    def __init__(self, source: Source, version: str) -> None:
        structure = source.structure
        self._source = source
        self._components = {c.id: c for c in structure.components}
        self._dimensions = frozenset(structure.dimension_ids)
        self._ignored = not_loaded(source)
        self._divided = version == "2.1"
        self._anchors: dict[str, pl.Series] = {}
        self._known = dict(self._components)
        primary = primary_measure([m.id for m in structure.measures])
        if version == "2.1" and primary is not None and OBS_VALUE not in self._components:
            self._known[OBS_VALUE] = self._components[primary]

    def component(self, name: str) -> ResolvedComponent | None:
        """The component that a name in the message stands for."""
        return self._known.get(name)

    def carries(self, cells: Attributes) -> bool:
        """Whether there is more than a key among the cells, something that is to be loaded."""
        return any(self._matters(name.removeprefix(READY), text) for name, text in cells.items())

    def _matters(self, name: str, text: str) -> bool:
        if name in self._dimensions or name in self._ignored or " " in name:
            return False
        return name in self._known or not (name in TYPES or (name == _START_DAY and text == _NEW_YEAR))

    def key(self, cells: Attributes) -> Attributes:
        """The dimensions among the cells."""
        return {name: text for name, text in cells.items() if name in self._dimensions}

    def attached(self, cells: Attributes) -> list[str]:
        """The attributes that attach to just these dimensions."""
        return [c.id for c in self._components.values() if c.attached_to and set(c.attached_to) == cells.keys()]

    def frame(self, rows: Gathered) -> pl.DataFrame:
        """The columns of some rows. Findings: column-unknown, too-many-columns; they end the reading."""
        source, lines = self._source, rows.lines
        own, shared = rows.own.names, rows.shared.names
        if rows.deleting:
            shared = shared & self._dimensions
        found, most = len(own | shared), source.limits.columns
        if found > most:
            source.findings.add("too-many-columns", file=source.name, row=int(lines[0]), found=found, most=most)
            raise Stop
        columns: dict[str, pl.Series] = {}
        faults = source.findings.count
        for name in sorted(own | shared):
            component = self._stands_for(name, rows.explicit)
            if name.removeprefix(READY) in self._ignored or (component is None and (" " in name or name in TYPES)):
                continue
            if component is not None and name not in own:
                column = self._canonical(name, rows.shared.flat(name), component, rows.deleting)
                column = rows.shared.spread(self._numbered(component, column))
            else:
                column = rows.own.column(name) if name in own else rows.shared.column(name)
                if name in own and name in shared:
                    column = _either(column, rows.shared.column(name))
                if component is None:
                    self._unknown(name.removeprefix(READY), column, lines)
                    continue
                column = self._canonical(name, column, component, rows.deleting)
            columns[component.id] = _either(columns.get(component.id), column)
        if source.findings.count > faults:
            raise Stop
        return pl.DataFrame([columns[c].rename(c) for c in self._components if c in columns])

    def _stands_for(self, name: str, explicit: str | None) -> ResolvedComponent | None:
        if name in TYPES and name not in self._known:
            return self._known.get(explicit) if explicit else None
        return self._known.get(name.removeprefix(READY))

    def _numbered(self, component: ResolvedComponent, column: pl.Series) -> pl.Series:
        """What rows share, as numbered texts: it is cheaper to number them before they are spread."""
        if component.kind is ComponentKind.MEASURE and component.storage in _NUMBERS:
            return column
        if component.id not in self._anchors:  # Polars forgets the numbers when no series uses them any more
            self._anchors[component.id] = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))
        return column.cast(self._anchors[component.id].dtype)

    def _unknown(self, name: str, column: pl.Series, lines: npt.NDArray[np.int64]) -> None:
        if name == _START_DAY and not (column != _NEW_YEAR).any():
            return  # that day is meant where nothing is said
        hits = column.is_not_null().arg_true()
        if len(hits):
            hint = suggestion(name, self._components)
            row, count = int(lines[hits[0]]), len(hits)
            self._source.findings.add(
                "column-unknown", file=self._source.name, row=row, column=name, hint=hint, count=count
            )

    def _canonical(self, name: str, column: pl.Series, component: ResolvedComponent, deleting: bool) -> pl.Series:
        if name.startswith(READY):
            return column
        if name in TYPES:
            return _each(column, lambda text: text.rpartition(":")[2])
        if component.multi_valued or component.multilingual:
            return _each(column, lambda text: text if text == MISSING else self._wrapped(component, text))
        key = component.kind in _KEYS
        numeric = component.kind is ComponentKind.MEASURE and component.storage in _NUMBERS
        if numeric or component.kind is ComponentKind.TIME:
            column = column.str.strip_chars()
        if numeric and component.storage is Storage.INTEGER and (column == "NaN").any():
            column = _each(column, lambda text: MISSING if text == "NaN" else text)
        may_be_empty = deleting and not key
        if component.enumeration is None and not key and not numeric:
            may_be_empty = True
        if not may_be_empty and (column == "").any():
            column = pl.select(pl.when(column != "").then(column)).to_series()
        return column

    def _wrapped(self, component: ResolvedComponent, text: str) -> str:
        """A plain text as the value of a component that may have several, or texts in languages (English then).

        2.1 has no form for several values; there they are divided as this server joins them (``formats.values``).
        """
        texts = [text]
        if component.multi_valued and self._divided:
            with contextlib.suppress(csv.Error):
                texts = fields(text, SEPARATOR) or texts
        values = [{"en": one} if component.multilingual else one for one in texts]
        return canonical(values if component.multi_valued else values[0])


def _either(first: pl.Series | None, second: pl.Series) -> pl.Series:
    """The first column's values, and the second's where it has none."""
    if first is None:
        return second
    return pl.select(pl.coalesce(first.cast(pl.String), second.cast(pl.String))).to_series()


def _each(column: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """A function of texts, called once for each distinct one."""
    distinct = column.unique().drop_nulls()
    new = pl.Series([function(text) for text in distinct.to_list()], dtype=pl.String)
    return column.replace_strict(distinct, new, default=None, return_dtype=pl.String)
