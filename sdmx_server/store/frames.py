"""Entries of a packed table as parallel NumPy columns, and keys that sort and search them.

An entry is an observation, or the attribute values of one key. All work on them is vectorised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import PRESENCE_ABSENT, Array, Ids
from ..model.resolved import Storage
from .layout import Cell, TableLayout

Dtype = np.dtype[Any]

DTYPES: dict[str, Dtype] = {
    "s": np.dtype("<u4"),
    "t": np.dtype("<u4"),
    "a": np.dtype("<u4"),
    "x": np.dtype("u1"),
    "w": np.dtype("u1"),
}
"""Item types by the first letter of a column; measures are in ``measure_dtype``."""

MEASURE_DTYPES: dict[Storage, Dtype] = {
    Storage.FLOAT: np.dtype("<f8"),
    Storage.INTEGER: np.dtype("<i8"),
    Storage.CODE: np.dtype("<u4"),
}


class Frame(msgspec.Struct, frozen=True):
    """n entries. ``keys``: ids of the dimensions in storage order, then of the period where the table has time.

    ``cells``: value and presence columns by column name. An absent value is 0, so that equal entries are equal bytes.
    """

    keys: tuple[Ids, ...]
    cells: dict[str, Array]
    n: int

    def take(self, index: Array) -> Frame:
        """The entries at these positions, or of this mask."""
        places = np.flatnonzero(index) if index.dtype == bool else index
        cells = {c: v.take(places) for c, v in self.cells.items()}
        return Frame(tuple(k.take(places) for k in self.keys), cells, len(places))


def cell_columns(cells: Iterable[Cell]) -> dict[str, Dtype]:
    """The columns of some cells with their item types: the value, then the presence where there is one."""
    columns: dict[str, Dtype] = {}
    for cell in cells:
        columns[cell.column] = MEASURE_DTYPES[cell.storage]
        if cell.presence:
            columns[cell.presence] = DTYPES["x"]
    return columns


def empty_frame(table: TableLayout) -> Frame:
    """No entries."""
    keys = tuple(np.empty(0, DTYPES["s"]) for _ in range(table.key_columns))
    return Frame(keys, {c: np.empty(0, d) for c, d in cell_columns(table.cells).items()}, 0)


def concat(frames: Sequence[Frame]) -> Frame:
    """The frames below one another; there must be at least one."""
    if len(frames) == 1:
        return frames[0]
    first = frames[0]
    keys = tuple(np.concatenate([f.keys[i] for f in frames]) for i in range(len(first.keys)))
    cells = {c: np.concatenate([f.cells[c] for f in frames]) for c in first.cells}
    return Frame(keys, cells, sum(f.n for f in frames))


class KeySpace(msgspec.Struct, frozen=True):
    """Turns several id columns into one column of keys that sorts as they do.

    ``sizes``: an upper bound (exclusive) of each column. The key is an int64 in mixed radix; where that overflows it is
    the ids' big-endian bytes, slower but without limit.
    """

    sizes: tuple[int, ...]

    @property
    def fits(self) -> bool:
        """Whether the product of all sizes stays within int64."""
        product = 1
        for size in self.sizes:
            product *= max(size, 1)
        return product < 2**62

    def pack(self, columns: Sequence[Array], n: int) -> Array:
        """Keys of n entries; with no columns at all every entry has the same key."""
        if not self.fits:
            return big_endian(columns, n)
        key = np.zeros(n, np.int64)
        for column, size in zip(columns, self.sizes, strict=True):
            key *= max(size, 1)
            key += column
        return key

    def unpack(self, key: Array) -> list[Array]:
        """The columns that keys were packed from."""
        if not self.fits:
            return list(key.view(">u4").reshape(len(key), -1).T) if self.sizes else []
        columns: list[Array] = []
        for size in reversed(self.sizes):
            key, column = np.divmod(key, max(size, 1))
            columns.insert(0, column)
        return columns


def big_endian(columns: Sequence[Array], n: int) -> Array:
    """The ids of each entry as bytes, first column first: sorts as the ids do."""
    if not columns:
        return np.zeros(n, "S1")
    table = np.empty((n, len(columns)), ">u4")
    for i, column in enumerate(columns):
        table[:, i] = column
    return table.view(f"S{4 * len(columns)}").ravel()


def starts(columns: Sequence[Array], n: int) -> npt.NDArray[np.bool_]:
    """Where an entry differs from the one before in any column; the first always does."""
    new = np.zeros(n, bool)
    if n:
        new[0] = True
        for column in columns:
            new[1:] |= column[1:] != column[:-1]
    return new


def is_sorted(key: Array) -> bool:
    """Whether keys never descend."""
    return bool((key[1:] >= key[:-1]).all()) if len(key) > 1 else True


def stable_order(key: Array) -> npt.NDArray[np.int64]:
    """The positions of keys in ascending order, of equal ones in theirs.

    Numbers are sorted together with their positions where both fit an int64, which is several times as fast.
    """
    n = len(key)
    bits = n.bit_length()
    if key.dtype.kind != "i" or not n or int(key.min()) < 0 or int(key.max()) >= 1 << (62 - bits):
        return np.argsort(key, kind="stable")
    both = key.astype(np.int64) << bits
    both |= np.arange(n)
    both.sort()
    both &= (1 << bits) - 1
    return both


def exists(table: TableLayout, cells: dict[str, Array], n: int) -> npt.NDArray[np.bool_]:
    """Which entries hold anything: an entry without any cell is not stored."""
    found = np.zeros(n, bool)
    for cell in table.cells:
        found |= cells[cell.presence or cell.column] != PRESENCE_ABSENT
    return found
