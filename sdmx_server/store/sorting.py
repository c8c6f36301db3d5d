"""Sorts more rows than fit in memory: by a key column, stable, in chunks of bounded size."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from ..batches import Array
from .frames import is_sorted, stable_order

Columns = dict[str, Array]
KEY = "key"
"""The name of the key column, int64 or bytes."""

IN_MEMORY = 2_000_000
"""Rows that are sorted without touching the disk."""

_SAMPLE = 997


class Sorter:
    """Takes columns in any order and gives them back sorted by ``KEY``; equal keys keep the order of arrival.

    What it is given is its own: the columns of a dict are taken out of it as soon as they are not needed any more.

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
            self._held = [_sorted(self._held)] if self._held else []
            return
        self._spill()
        self._spool.close()
        self._distribute()

    def close(self) -> None:
        """Let go of the file of a sorting that was given up; its folder is the caller's."""
        if self._spool is not None:
            self._spool.close()

    def _distribute(self) -> None:
        sample = np.sort(np.concatenate(self._samples))
        pieces = 1 + 2 * self.rows // self._limit
        splitters = np.unique(sample[np.linspace(0, len(sample) - 1, pieces + 1).astype(np.int64)[1:-1]])
        self._ranges = [self._folder / f"range{i}" for i in range(len(splitters) + 1)]
        files = [path.open("wb") for path in self._ranges]
        for columns in read_columns(self._folder / "spool"):
            target = np.searchsorted(splitters, columns[KEY], side="right").astype(np.uint16)
            order = np.argsort(target, kind="stable")
            bounds = np.searchsorted(target.take(order), np.arange(len(files) + 1)).tolist()
            ranged = {name: values.take(order) for name, values in columns.items()}
            for file, begin, end in zip(files, bounds[:-1], bounds[1:], strict=True):
                if begin < end:
                    write_columns(file, {name: values[begin:end] for name, values in ranged.items()})
        for file in files:
            file.close()
        (self._folder / "spool").unlink()
        for path in self._ranges:
            parts = list(read_columns(path))
            if parts:
                whole = _sorted(parts)
                del parts
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


def _sorted(parts: list[Columns]) -> Columns:
    """All rows in one piece, sorted; takes the columns out of the parts one after another."""
    names = [name for name in parts[0] if name != KEY]
    key = np.concatenate([part.pop(KEY) for part in parts])
    order = None if is_sorted(key) else stable_order(key)
    out = {KEY: key if order is None else key.take(order)}
    for name in names:
        whole = np.concatenate([part.pop(name) for part in parts])
        out[name] = whole if order is None else whole.take(order)
    return out


_LENGTH = 8  # bytes before each portion that say how long its description is
_ALIGNED = 8


class _Portion(msgspec.Struct, array_like=True):
    """What follows in a file: so many rows of these columns, each filled up to whole multiples of ``_ALIGNED``."""

    rows: int
    columns: dict[str, str]  # item types by name


_decoder = msgspec.msgpack.Decoder(_Portion)


def write_columns(file: BinaryIO, columns: Columns) -> None:
    """Append equally long columns to a file."""
    rows = len(next(iter(columns.values()), ()))
    head = msgspec.msgpack.encode(_Portion(rows, {name: values.dtype.str for name, values in columns.items()}))
    file.write(len(head).to_bytes(_LENGTH, "little"))
    file.write(head)
    for values in columns.values():
        file.write(np.ascontiguousarray(values).view(np.uint8).data)
        file.write(bytes(-values.nbytes % _ALIGNED))


def read_columns(path: Path) -> Iterator[Columns]:
    """What ``write_columns`` appended, in the same portions; the columns are not to be written to."""
    with path.open("rb") as file:
        while length := file.read(_LENGTH):
            portion = _decoder.decode(file.read(int.from_bytes(length, "little")))
            columns: Columns = {}
            for name, text in portion.columns.items():
                dtype = np.dtype(text)
                size = portion.rows * dtype.itemsize
                columns[name] = np.frombuffer(file.read(size + -size % _ALIGNED), dtype, portion.rows)
            yield columns
