"""What a verification finds: each finding with its place, and how much was looked at."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from ..batches import FIRST_ID
from .layout import PERIODS, TableLayout
from .partition import ids_of
from .snapshot import Snapshot

MOST = 1_000
"""Findings that are kept with their text; more are only counted."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it should be. ``about``: a dataflow or artefact; ``place``: where in it."""

    about: str
    place: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.about, self.place, self.text) if part)


class Verification(msgspec.Struct, kw_only=True):
    """The findings so far, and what was read. ``damaged`` of ``rows`` and ``blocks`` fail their checksum."""

    findings: list[Finding] = []
    count: int = 0
    artefacts: int = 0
    metadata_sets: int = 0
    registrations: int = 0
    cubes: int = 0
    observations: int = 0
    rows: int = 0
    blocks: int = 0

    def add(self, about: str, place: str, text: str) -> None:
        """Take down one finding."""
        self.count += 1
        if len(self.findings) < MOST:
            self.findings.append(Finding(about, place, text))


class Places:
    """Names tables, rows and columns of one cube as its users know them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def table(self, table: TableLayout) -> str:
        """What a table holds."""
        if table.number == 0:
            return "observations"
        time = (self._snapshot.layout.time or "",) if table.time else ()
        names = (*table.dimensions, *time)
        return f"attributes of {', '.join(names)}" if names else "attributes of the data set"

    def row(self, table: TableLayout, prefix: Sequence[int], bucket: int | None) -> str:
        """The key of a stored row: codes of the dimensions that it shares, and the periods of its bucket."""
        parts = [self.key(table.prefix, prefix)]
        if bucket is not None:
            parts.append(self._periods(table, bucket))
        return ", ".join(part for part in parts if part) or "the only row"

    def key(self, dimensions: Sequence[str], ids: Sequence[int]) -> str:
        """Codes by dimension; an id that no code has stands for itself."""
        found = []
        for dimension, i in zip(dimensions, ids, strict=False):
            texts = self._snapshot.codes(dimension).texts
            found.append(f"{dimension}={texts[i] if FIRST_ID <= i < len(texts) else f'#{i}'}")
        return ", ".join(found)

    def _periods(self, table: TableLayout, bucket: int) -> str:
        known = self._snapshot.periods()
        meant = ids_of(table, bucket)
        ids = np.array([i for i in meant if FIRST_ID <= i < len(known)], np.int64)
        if not len(ids):
            return f"periods #{meant[0]} to #{meant[-1]}"
        ids = ids[np.argsort(known.rank[ids])]
        first, last = (p.text if (p := known.periods[i]) else "?" for i in (int(ids[0]), int(ids[-1])))
        return f"period {first}" if first == last else f"periods within {first} to {last}"

    def column(self, table: TableLayout, column: str) -> str:
        """The component that a packed column belongs to."""
        if column == "t":
            return self._snapshot.layout.time or "time"
        if column == "w":
            return "marks of what was there"
        if column.startswith("s"):
            return table.dimensions[int(column[1:])]
        for cell in table.cells:
            if cell.column == column:
                return cell.component
            if cell.presence == column:
                return f"presence of {cell.component}"
        return column

    def component(self, number: int) -> str:
        """The component of a dictionary."""
        if number == PERIODS:
            return self._snapshot.layout.time or "periods"
        return next((name for name, n in self._snapshot.layout.numbers.items() if n == number), f"number {number}")
