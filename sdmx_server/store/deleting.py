"""Deletes that leave dimensions open: matched against what is staged and what is stored, they become single deletes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from ..batches import ABSENT, Array
from .encoding import CLEAR, DELETED, DELETED_MARK, KEEP, UNTOUCHED
from .frames import DTYPES, KeySpace, cell_columns
from .layout import Cell, TableLayout
from .packed_table import PackedTable
from .sorting import Columns

_LISTED = 500
_FETCHED = 500


class Pattern(msgspec.Struct, frozen=True):
    """Deletes that fix the same key columns and name the same cells (none = the whole entry).

    ``step``: how many deltas came before it; it acts on what came earlier.
    """

    step: int
    fixed: tuple[int, ...]
    ids: tuple[Array, ...]  # one column per fixed key column
    sizes: tuple[int, ...]
    cells: tuple[Cell, ...]

    def matches(self, keys: Sequence[Array], n: int) -> Array:
        """Which entries it deletes, as a mask."""
        if not self.fixed:
            return np.ones(n, bool)
        space = KeySpace(self.sizes)
        wanted = space.pack(self.ids, len(self.ids[0]))
        found = space.pack([keys[i] for i in self.fixed], n)
        return found == wanted[0] if len(wanted) == 1 else np.isin(found, wanted)


def patterns(table: TableLayout, step: int, rows: Columns, sizes: tuple[int, ...]) -> list[Pattern]:
    """Group rows with open dimensions by what they fix and what they delete."""
    n = len(rows["op"])
    signature = np.zeros((n, table.key_columns + len(table.cells)), bool)
    for i in range(table.key_columns):
        signature[:, i] = rows[f"k{i}"] != ABSENT
    for j, cell in enumerate(table.cells):
        signature[:, table.key_columns + j] = rows[cell.presence or cell.column] != UNTOUCHED
    kinds, which = np.unique(signature, axis=0, return_inverse=True)
    found = []
    for number, kind in enumerate(kinds):
        chosen = which.ravel() == number
        fixed = tuple(np.flatnonzero(kind[: table.key_columns]).tolist())
        found.append(
            Pattern(
                step,
                fixed,
                tuple(rows[f"k{i}"][chosen] for i in fixed),
                tuple(sizes[i] for i in fixed),
                tuple(c for c, named in zip(table.cells, kind[table.key_columns :], strict=True) if named),
            )
        )
    return found


def everything(step: int) -> Pattern:
    """The delete of all there is."""
    return Pattern(step, (), (), (), ())


def strike(table: TableLayout, staged: Columns, found: Sequence[Pattern]) -> Columns:
    """Staged operations (with their ``step``) after the deletes that came later."""
    for pattern in found:
        keys = [staged[f"k{i}"] for i in range(table.key_columns)]
        hit = pattern.matches(keys, len(staged["op"])) & (staged["step"] < pattern.step)
        if not hit.any():
            continue
        if not pattern.cells:
            staged = {name: values[~hit] for name, values in staged.items()}
            continue
        staged = dict(staged)
        for cell in pattern.cells:
            _delete_cell(staged, cell, hit)
    return staged


def _delete_cell(columns: Columns, cell: Cell, hit: Array) -> None:
    name = cell.presence or cell.column
    values = columns[name].copy()
    values[hit] = DELETED_MARK if cell.presence else DELETED
    columns[name] = values


def stored_deletes(connection: sa.Connection, table: PackedTable, found: Sequence[Pattern]) -> Iterator[Columns]:
    """Single deletes for every stored entry that the patterns match; reads keys only."""
    for pattern in found:
        for keys, n in _keys(connection, table, pattern):
            hit = pattern.matches(keys, n)
            if hit.any():
                yield _operations(table.layout, pattern, [k[hit] for k in keys], int(hit.sum()))


def _operations(table: TableLayout, pattern: Pattern, keys: Sequence[Array], n: int) -> Columns:
    columns: Columns = {f"k{i}": key for i, key in enumerate(keys)}
    columns["op"] = np.full(n, KEEP if pattern.cells else CLEAR, np.uint8)
    for name, dtype in cell_columns(table.cells).items():
        columns[name] = np.zeros(n, dtype)
    for cell in pattern.cells:
        _delete_cell(columns, cell, np.ones(n, bool))
    return columns


def _keys(connection: sa.Connection, table: PackedTable, pattern: Pattern) -> Iterator[tuple[list[Array], int]]:
    time = ("t",) if table.layout.time else ()
    names = (*table.prefix, "n", *table.suffix, *time)
    query = sa.select(*(table.rows.c[c] for c in names))
    for position, ids in zip(pattern.fixed, pattern.ids, strict=True):
        unique = np.unique(ids)
        if position < len(table.prefix) and len(unique) <= _LISTED:
            query = query.where(table.rows.c[table.prefix[position]].in_(unique.tolist()))
    # options of a connection last; those of a statement end with it
    result = connection.execute(query, execution_options={"stream_results": True})
    for rows in result.partitions(_FETCHED):
        by: dict[str, Any] = dict(zip(names, zip(*rows, strict=True), strict=True))
        count = np.array(by["n"], np.int64)
        keys = [np.repeat(np.array(by[p], DTYPES["s"]), count) for p in table.prefix]
        keys += [np.frombuffer(b"".join(by[c]), DTYPES["s"]) for c in (*table.suffix, *time)]
        yield keys, int(count.sum())
