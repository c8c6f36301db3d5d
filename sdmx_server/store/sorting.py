"""Sorts more rows than fit in memory: by a key column, stable, in chunks of bounded size."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..batches import Array
from .frames import is_sorted

Columns = dict[str, Array]
KEY = "key"
"""The name of the key column, int64 or bytes."""

IN_MEMORY = 2_000_000
"""Rows that are sorted without touching the disk."""

_SAMPLE = 997


class Sorter:
    """Takes columns in any order and gives them back sorted by ``KEY``; equal keys keep the order of arrival.

    Above ``limit`` rows (None: ``IN_MEMORY``) they go to files below ``folder``: first as they come, then by ranges of
    keys, of which each is sorted alone. Equal keys are always in the same chunk.
    """

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._limit = limit or IN_MEMORY
        self._held: list[Columns] = []
        self._count = 0
        self._samples: list[Array] = []
        self._spool: BinaryIO | None = None
        self._ranges: list[Path] = []
        self.rows = 0

    def add(self, columns: Columns) -> None:
        """Take some rows: equally long columns, the same ones in every call."""
        n = len(columns[KEY])
        if not n:
            return
        self.rows += n
        self._held.append(columns)
        self._count += n
        self._samples.append(columns[KEY][:: min(_SAMPLE, max(1, n // 16))])
        if self._count > self._limit:
            self._spill()

    def _spill(self) -> None:
        if self._spool is None:
            self._spool = (self._folder / "spool").open("wb")
        for columns in self._held:
            write_columns(self._spool, columns)
        self._held, self._count = [], 0

    def finish(self) -> None:
        """Sort. Called once, after the last ``add``."""
        if self._spool is None:
            self._held = [_sorted(joined(self._held))] if self._held else []
            return
        self._spill()
        self._spool.close()
        self._distribute()

    def _distribute(self) -> None:
        sample = np.sort(np.concatenate(self._samples))
        pieces = 1 + 2 * self.rows // self._limit
        splitters = np.unique(sample[np.linspace(0, len(sample) - 1, pieces + 1).astype(np.int64)[1:-1]])
        self._ranges = [self._folder / f"range{i}" for i in range(len(splitters) + 1)]
        files = [path.open("wb") for path in self._ranges]
        for columns in read_columns(self._folder / "spool"):
            target = np.searchsorted(splitters, columns[KEY], side="right")
            for i in np.unique(target).tolist():
                write_columns(files[i], {name: values[target == i] for name, values in columns.items()})
        for file in files:
            file.close()
        (self._folder / "spool").unlink()
        for path in self._ranges:
            parts = list(read_columns(path))
            if parts:
                whole = _sorted(joined(parts))
                with path.open("wb") as file:
                    write_columns(file, whole)

    def chunks(self) -> Iterator[Columns]:
        """The rows in order; may be called again."""
        yield from self._held
        for path in self._ranges:
            yield from read_columns(path)


def joined(parts: list[Columns]) -> Columns:
    """Columns below one another."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _sorted(columns: Columns) -> Columns:
    if is_sorted(columns[KEY]):
        return columns
    order = np.argsort(columns[KEY], kind="stable")
    return {name: values[order] for name, values in columns.items()}


def write_columns(file: BinaryIO, columns: Columns) -> None:
    """Append columns to a file."""
    np.save(file, np.array(list(columns)))
    for values in columns.values():
        np.save(file, values)


def read_columns(path: Path) -> Iterator[Columns]:
    """What ``write_columns`` appended, in the same portions."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while file.tell() < size:
            names = np.load(file).tolist()
            yield {name: np.load(file) for name in names}
