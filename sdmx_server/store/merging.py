"""Merges sorted operations into sorted entries, and tells what changed. Pure and vectorised."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..batches import ABSENT, PRESENCE_ABSENT, PRESENCE_PRESENT, Array
from .encoding import CLEAR, DELETED, DELETED_MARK, KEEP, OVERWRITE, UNTOUCHED
from .frames import Frame, exists, is_sorted, stable_order, starts
from .languages import WHOLE, Languages
from .layout import Cell, TableLayout
from .sorting import KEY, Columns

Mask = npt.NDArray[np.bool_]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What operations do to the entries of the same keys.

    ``after``: the new cells of each operation's key; ``before``: the old ones (zero where ``hit`` is false). The masks
    say which operations insert, update or delete; the others change nothing.
    """

    position: npt.NDArray[np.int64]  # of the old entry, where hit
    hit: Mask
    inserted: Mask
    updated: Mask
    deleted: Mask
    before: dict[str, Array]
    after: dict[str, Array]

    @property
    def changed(self) -> Mask:
        """The operations that do anything."""
        return self.inserted | self.updated | self.deleted


def fold(table: TableLayout, operations: Columns, languages: Languages) -> Columns:
    """One operation for each key, that does what all operations of the key do one after the other.

    Texts that are not to be merged with those from before are marked ``languages.WHOLE``.
    """
    n = len(operations[KEY])
    new = starts([operations[KEY]], n)
    first = np.flatnonzero(new)
    if len(first) == n:
        return operations
    at = np.arange(n)
    cleared = np.maximum.reduceat(np.where(operations["op"] == CLEAR, at, -1), first)
    group = np.cumsum(new) - 1
    alive = at >= cleared[group]
    out = {name: operations[name][first] for name in operations if name == KEY or name.startswith("k")}
    out["op"] = np.where(cleared >= 0, CLEAR, KEEP).astype(np.uint8)
    for cell in table.cells:
        touched = alive & (operations[cell.presence or cell.column] != UNTOUCHED)
        if cell.component in languages.dictionaries:
            asked = operations[cell.column]
            asked = np.where(operations["op"] == OVERWRITE, asked | np.uint32(WHOLE), asked)
            out[cell.column] = _texts(cell, asked, group, touched, languages)
            continue
        last = np.maximum.reduceat(np.where(touched, at, -1), first)
        for name in filter(None, (cell.column, cell.presence)):
            values = operations[name][last]
            values[last < 0] = 0
            out[name] = values
    return out


def _texts(cell: Cell, values: Array, group: Array, touched: Mask, languages: Languages) -> Array:
    """What is left of the texts in languages that each key gets one after the other."""
    out = np.zeros(group[-1] + 1, values.dtype)
    rest = np.flatnonzero(touched)
    while len(rest):
        first = starts([group[rest]], len(rest))
        at, value = group[rest[first]], values[rest[first]]
        begun = out[at] != UNTOUCHED
        out[at[~begun]] = value[~begun]
        out[at[begun]] = languages.follow(cell.component, out[at[begun]], value[begun])
        rest = rest[~first]
    return out


def change(table: TableLayout, old: Frame, old_key: Array, operations: Columns, languages: Languages) -> Change:
    """What folded operations do to sorted entries."""
    if not old.n:
        return _first(table, operations, languages)
    key = operations[KEY]
    position = np.searchsorted(old_key, key)
    hit = old_key[np.minimum(position, old.n - 1)] == key
    before: dict[str, Array] = {}
    after: dict[str, Array] = {}
    keep, join = hit & (operations["op"] != CLEAR), hit & (operations["op"] == KEEP)
    for cell in table.cells:
        for name in filter(None, (cell.column, cell.presence)):
            before[name] = np.zeros(len(key), operations[name].dtype)
            before[name][hit] = old.cells[name][position[hit]]
        asked = operations[cell.column]
        if cell.component in languages.dictionaries:
            joined = np.where(join, before[cell.column], before[cell.column].dtype.type(ABSENT))
            asked = languages.merge(cell.component, joined, asked)
        _apply(cell, {**operations, cell.column: asked}, before, keep, after)
    here = exists(table, after, len(key))
    different = np.zeros(len(key), bool)
    for name, values in before.items():
        different |= bits(values) != bits(after[name])
    return Change(
        position=position,
        hit=hit,
        inserted=~hit & here,
        updated=hit & here & different,
        deleted=hit & ~here,
        before=before,
        after=after,
    )


def _first(table: TableLayout, operations: Columns, languages: Languages) -> Change:
    """The change where there is no entry yet: nothing is looked up, and only what exists afterwards counts."""
    n = len(operations[KEY])
    nothing, before, after = np.zeros(n, bool), {}, {}
    for cell in table.cells:
        asked = operations[cell.column]
        before[cell.column] = np.zeros(n, asked.dtype)
        if cell.component in languages.dictionaries:
            asked = languages.merge(cell.component, before[cell.column], asked)
        if cell.presence is None:
            gone = asked == DELETED
            after[cell.column] = np.where(gone, asked.dtype.type(ABSENT), asked) if gone.any() else asked
            continue
        mark = operations[cell.presence]
        before[cell.presence] = np.zeros(n, mark.dtype)
        marks = np.where(mark == DELETED_MARK, mark.dtype.type(PRESENCE_ABSENT), mark)
        unset = marks != PRESENCE_PRESENT
        after[cell.column] = np.where(unset, asked.dtype.type(0), asked) if unset.any() else asked
        after[cell.presence] = marks
    here = exists(table, after, n)
    position = np.zeros(n, np.int64)
    return Change(
        position=position, hit=nothing, inserted=here, updated=nothing, deleted=nothing, before=before, after=after
    )


def bits(values: Array) -> npt.NDArray[Any]:
    """Floats by their bits, so that NaN equals NaN."""
    return values.view(np.int64) if values.dtype.kind == "f" else values


def _apply(cell: Cell, operations: Columns, before: dict[str, Array], keep: Mask, after: dict[str, Array]) -> None:
    asked = operations[cell.column]
    start = np.where(keep, before[cell.column], before[cell.column].dtype.type(0))
    if cell.presence is None:
        value = np.where(asked == UNTOUCHED, start, asked)
        value[asked == DELETED] = ABSENT
        after[cell.column] = value.astype(asked.dtype)
        return
    mark = operations[cell.presence]
    marks = np.where(mark == UNTOUCHED, np.where(keep, before[cell.presence], PRESENCE_ABSENT), mark)
    marks[mark == DELETED_MARK] = PRESENCE_ABSENT
    value = np.where(mark == UNTOUCHED, start, asked)
    value[marks != PRESENCE_PRESENT] = 0
    after[cell.column] = value.astype(asked.dtype)
    after[cell.presence] = marks.astype(np.uint8)


def result(old: Frame, old_key: Array, operations: Columns, done: Change) -> Frame:
    """The entries after the operations, sorted."""
    if not old.n:
        frame = Frame(tuple(operations[f"k{i}"] for i in range(len(old.keys))), done.after, len(operations[KEY]))
        return frame if done.inserted.all() else frame.take(done.inserted)
    keep = np.ones(old.n, bool)
    keep[done.position[done.deleted]] = False
    fresh = done.inserted
    keys = tuple(np.concatenate((k[keep], operations[f"k{i}"][fresh])) for i, k in enumerate(old.keys))
    cells = {}
    for name, values in old.cells.items():
        changed = values.copy()
        changed[done.position[done.updated]] = done.after[name][done.updated]
        cells[name] = np.concatenate((changed[keep], done.after[name][fresh]))
    key = np.concatenate((old_key[keep], operations[KEY][fresh]))
    frame = Frame(keys, cells, len(key))
    if not fresh.any():
        return frame
    return frame if is_sorted(key) else frame.take(stable_order(key))
