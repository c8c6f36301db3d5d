"""Turns the frames of a delta into columns of ids and numbers, before any transaction.

Ids here are local to one load (from ``FIRST_ID`` on); ``preparing`` maps them to those of the cube. Every row is an
operation on one key: it first keeps or clears what is there (``op``), then sets, marks or deletes single cells.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import ABSENT, FIRST_ID, MISSING, Action, Array
from ..errors import BadSemantics
from ..model.resolved import Storage
from .frames import MEASURE_DTYPES
from .layout import Cell, TableLayout

KEEP, CLEAR, OVERWRITE = 0, 1, 2
"""What an operation does first: keep what the key has, take all its cells away, or only those that it sets itself.

The last differs from the first for texts in languages alone, of which it leaves no language that it does not set.
"""

UNTOUCHED, DELETED_MARK = 0, 3
"""Marks of a measure's presence column in an operation, beside present (1) and missing (2)."""

DELETED = 0xFFFFFFFF
"""The id that deletes a coded cell; 0 leaves it as it is."""

_PRESENT, _INTENTIONALLY_MISSING = 1, 2
_TYPES: dict[Storage, pl.DataType] = {
    Storage.FLOAT: pl.Float64(),
    Storage.INTEGER: pl.Int64(),
    Storage.CODE: pl.String(),
}
_EMPTY = pl.Series([], dtype=pl.String)
_NULL = 0xFFFFFFFF


class LocalCodes:
    """Numbers the texts of one component in the order in which they first appear, from ``FIRST_ID`` on."""

    def __init__(self) -> None:
        self._type = pl.Categorical(pl.Categories.random())
        # Polars forgets the numbers of a category set when no series uses it any more
        self._anchor = _EMPTY.cast(self._type)
        self.texts: list[str] = []
        self._foreign: dict[pl.DataType, _Foreign] = {}

    def encode(self, column: pl.Series) -> npt.NDArray[np.uint32]:
        """Ids of a String or Categorical column; null is 0."""
        if isinstance(column.dtype, pl.Categorical):
            found = self._foreign.get(column.dtype)
            if found is None:
                found = self._foreign[column.dtype] = _Foreign(column)
            return found.translate(column, self._encode)
        return self._encode(column)

    def _encode(self, column: pl.Series) -> npt.NDArray[np.uint32]:
        coded = column.cast(self._type)
        numbers = coded.to_physical()
        highest = numbers.max()
        if isinstance(highest, int) and highest >= len(self.texts):
            self._learn(coded, highest)
        ids: npt.NDArray[np.uint32] = (numbers.cast(pl.UInt32) + FIRST_ID).fill_null(ABSENT).to_numpy()
        return ids

    def _learn(self, coded: pl.Series, highest: int) -> None:
        unique = coded.drop_nulls().unique()
        self.texts.extend([""] * (highest + 1 - len(self.texts)))
        for number, text in zip(unique.to_physical().to_list(), unique.cast(pl.String).to_list(), strict=True):
            self.texts[number] = text


class _Foreign:
    """Translates the numbers of a set of categories, text by text as they first appear."""

    def __init__(self, column: pl.Series) -> None:
        self._anchor = column.clear()
        self._ids: npt.NDArray[np.uint32] = np.zeros(1, np.uint32)  # the last one is that of null, number -1

    def translate(
        self, column: pl.Series, encode: Callable[[pl.Series], npt.NDArray[np.uint32]]
    ) -> npt.NDArray[np.uint32]:
        numbers = _numbers_of(column)
        size = int(numbers.max(initial=-1)) + 1
        if size >= len(self._ids):
            ids = np.zeros(2 * size + 1, np.uint32)
            ids[: len(self._ids) - 1] = self._ids[:-1]
            self._ids = ids
        found: npt.NDArray[np.uint32] = self._ids.take(numbers)
        unknown = found == ABSENT
        if column.null_count():
            unknown &= numbers >= 0
        if unknown.any():
            new = np.unique(numbers[unknown]).astype(np.uint32)
            self._ids[new] = encode(pl.Series(new).cat.to(column.dtype).cast(pl.String))
            found = self._ids.take(numbers)
        return found


def _numbers_of(column: pl.Series) -> npt.NDArray[np.int32]:
    """The numbers of a Categorical column; null is -1."""
    physical = column.to_physical()
    if physical.dtype != pl.UInt32:
        physical = physical.cast(pl.UInt32)
    if physical.null_count():
        physical = physical.fill_null(_NULL)
    return physical.to_numpy().view(np.int32)


class Encoder:
    """Encodes the frames of one table. ``dictionaries`` are shared by the tables of a load."""

    def __init__(self, table: TableLayout, time: str | None, dictionaries: dict[str, LocalCodes]) -> None:
        self._table = table
        self._keys = (*table.dimensions, *((time,) if table.time and time else ()))
        self._dictionaries = dictionaries

    def encode(self, action: Action, frame: pl.DataFrame) -> dict[str, Array]:
        """The operations of a frame: columns ``k0``.. (0 = any, in deletes only), ``op`` and the cells.

        Raises ``BadSemantics`` for a column that the table does not have, or a missing dimension outside of deletes.
        """
        self._check(action, frame)
        out: dict[str, Array] = {}
        for i, name in enumerate(self._keys):
            out[f"k{i}"] = self._ids(name, self._column(frame, name))
        if action is not Action.DELETE:
            for cell in self._table.cells:
                self._given(out, cell, frame)
            replaced = CLEAR if self._table.number == 0 else OVERWRITE
            out["op"] = np.full(frame.height, replaced if action is Action.REPLACE else KEEP, np.uint8)
            return out
        touched = np.zeros(frame.height, bool)
        for cell in self._table.cells:
            touched |= self._deleted(out, cell, frame)
        out["op"] = np.where(touched, KEEP, CLEAR).astype(np.uint8)
        return out

    def _check(self, action: Action, frame: pl.DataFrame) -> None:
        known = {*self._keys, *(c.component for c in self._table.cells)}
        unknown = [c for c in frame.columns if c.removesuffix("?") not in known]
        if unknown:
            raise BadSemantics("column-unknown", name=unknown[0], known=sorted(known))
        self._check_types(action, frame)
        if action is not Action.DELETE:
            for name in self._keys:
                if self._column(frame, name).null_count():
                    raise BadSemantics("dimension-empty", name=name)

    def _check_types(self, action: Action, frame: pl.DataFrame) -> None:
        types: dict[str, pl.DataType] = {name: pl.String() for name in self._keys}
        if action is not Action.DELETE:
            types |= {c.component: _TYPES[c.storage] for c in self._table.cells}
        for name, dtype in types.items():
            if name not in frame.columns or frame[name].dtype in (dtype, pl.Null):
                continue
            if dtype != pl.String or not isinstance(frame[name].dtype, pl.Categorical):
                raise BadSemantics("column-type", name=name, expected=str(dtype), found=str(frame[name].dtype))

    def _column(self, frame: pl.DataFrame, name: str) -> pl.Series:
        if name in frame.columns:
            return frame[name]
        return pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias(name)

    def _ids(self, name: str, column: pl.Series) -> npt.NDArray[np.uint32]:
        if column.dtype == pl.Null:
            return np.zeros(len(column), np.uint32)
        return self._dictionaries.setdefault(name, LocalCodes()).encode(column)

    def _given(self, out: dict[str, Array], cell: Cell, frame: pl.DataFrame) -> None:
        """Add the columns of one cell that rows set, mark as missing, or leave as it is."""
        column = self._column(frame, cell.component)
        presence = frame[f"{cell.component}?"] if f"{cell.component}?" in frame.columns else None
        if cell.storage is Storage.CODE:
            ids = self._ids(cell.component, column)
            if presence is not None:
                marks = _marks(column, presence)
                ids = np.where(marks == _PRESENT, ids, np.where(marks == UNTOUCHED, ABSENT, MISSING)).astype(np.uint32)
            out[cell.column] = ids
            return
        marks = _marks(column, presence)
        out[cell.column] = _numbers(column, marks, cell.storage)
        out[cell.presence or ""] = marks

    def _deleted(self, out: dict[str, Array], cell: Cell, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        """Add the columns of one cell that rows delete or leave as it is; returns which delete it."""
        column = self._column(frame, cell.component)
        said = column.is_not_null().to_numpy()
        if f"{cell.component}?" in frame.columns:
            said = frame[f"{cell.component}?"].fill_null(_PRESENT).to_numpy() != UNTOUCHED
        if cell.storage is Storage.CODE:
            out[cell.column] = np.where(said, DELETED, ABSENT).astype(np.uint32)
        else:
            out[cell.column] = np.zeros(len(said), MEASURE_DTYPES[cell.storage])
            out[cell.presence or ""] = np.where(said, DELETED_MARK, UNTOUCHED).astype(np.uint8)
        return said


def _marks(column: pl.Series, presence: pl.Series | None) -> npt.NDArray[np.uint8]:
    """What rows say of a cell: nothing, a value, or that it is missing on purpose."""
    if column.null_count():
        marks = column.is_not_null().cast(pl.UInt8).to_numpy(writable=True)
    else:
        marks = np.full(len(column), _PRESENT, np.uint8)
    if presence is not None:
        given = presence.fill_null(_PRESENT).to_numpy()
        marks[given == UNTOUCHED] = UNTOUCHED
        marks[given == _INTENTIONALLY_MISSING] = _INTENTIONALLY_MISSING
    return marks


def _numbers(column: pl.Series, marks: Array, storage: Storage) -> Array:
    dtype = MEASURE_DTYPES[storage]
    if not column.dtype.is_numeric():  # nothing but nulls
        return np.zeros(len(column), dtype)
    values: Array = (column.fill_null(0) if column.null_count() else column).to_numpy().astype(dtype, copy=False)
    absent = marks != _PRESENT
    if absent.any():
        values = np.where(absent, dtype.type(0), values)
    return values


def wildcards(columns: dict[str, Array], keys: int) -> npt.NDArray[np.bool_]:
    """Which operations leave a dimension open."""
    found = np.zeros(len(columns["op"]), bool)
    for i in range(keys):
        found |= columns[f"k{i}"] == ABSENT
    return found
