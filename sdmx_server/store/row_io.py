"""Reads and writes rows of packed tables by key, in each database's fastest way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from ..batches import Array, Ids
from .frames import DTYPES, Frame, cell_columns, concat, empty_frame
from .packed_table import PART_CUTS, PackedTable
from .packing import join, join_presence, verify

AT_ONCE = 1_000
"""Units looked up by one statement."""


class Units(msgspec.Struct, frozen=True):
    """Units of storage: the prefix ids of each, and its bucket (None: all buckets of the prefix)."""

    prefix: tuple[Ids, ...]
    bucket: Array | None
    n: int

    def slices(self) -> Iterator[Units]:
        """The same in portions that fit one statement."""
        for i in range(0, self.n, AT_ONCE):
            j = min(i + AT_ONCE, self.n)
            yield Units(tuple(p[i:j] for p in self.prefix), None if self.bucket is None else self.bucket[i:j], j - i)

    def bounds(self) -> list[list[int]]:
        """Columns: the prefix ids, then the lowest and the highest part."""
        low = np.zeros(self.n, np.int64) if self.bucket is None else self.bucket * PART_CUTS
        high = np.full(self.n, 2**62) if self.bucket is None else low + PART_CUTS - 1
        return [*(p.tolist() for p in self.prefix), low.tolist(), high.tolist()]


def _wanted(connection: sa.Connection, table: PackedTable, units: Units) -> tuple[sa.FromClause, list[Any]]:
    """The units as a table of the database, and the conditions that join the rows to it."""
    names = (*table.prefix, "lo", "hi")
    columns = units.bounds()
    if connection.dialect.name == "postgresql":
        kinds = [sa.Integer] * len(table.prefix) + [sa.BigInteger, sa.BigInteger]
        arrays = [sa.literal(c, sa.ARRAY(kind)) for c, kind in zip(columns, kinds, strict=True)]
        wanted: Any = sa.func.unnest(*arrays).table_valued(*names, name="u").render_derived()
        fields = [wanted.c[name] for name in names]
    else:
        text = msgspec.json.encode(list(zip(*columns, strict=True))).decode()
        wanted = sa.func.json_each(text).table_valued("value", name="u")
        fields = [sa.func.json_extract(wanted.c.value, f"$[{i}]", type_=sa.BigInteger) for i in range(len(names))]
    conditions = [table.rows.c[p] == f for p, f in zip(table.prefix, fields, strict=False)]
    return wanted, [*conditions, table.rows.c.part.between(fields[-2], fields[-1])]


def _select(connection: sa.Connection, table: PackedTable, units: Units, columns: Sequence[str]) -> list[Any]:
    wanted, conditions = _wanted(connection, table, units)
    order = [table.rows.c[c] for c in (*table.prefix, "part")]
    query = sa.select(*(table.rows.c[c] for c in columns)).select_from(wanted).join(table.rows, sa.and_(*conditions))
    return list(connection.execute(query.order_by(*order)))


def read_units(connection: sa.Connection, table: PackedTable, units: Units) -> Frame:
    """All entries of some units, in the order of the rows; raises ``packing.DamagedRow``."""
    columns = (*table.prefix, "part", "n", *table.blobs, "checksum")
    frames = [entries(table, rows) for part in units.slices() if (rows := _select(connection, table, part, columns))]
    return concat(frames) if frames else empty_frame(table.layout)


def read_dimensions(connection: sa.Connection, table: PackedTable, units: Units) -> Frame:
    """The dimension ids alone of all entries of some units: no time, no cells. Raises ``packing.DamagedRow``."""
    columns = (*table.prefix, "part", "n", *table.suffix, "checksum")
    positions = [table.blobs.index(s) for s in table.suffix]
    frames = []
    for part in units.slices():
        if rows := _select(connection, table, part, columns):
            by = dict(zip(columns, zip(*rows, strict=True), strict=True))
            seeds = np.array([by[c] for c in (*table.prefix, "part", "n")], np.int64).T
            verify(table.suffix, positions, [by[s] for s in table.suffix], by["checksum"], seeds)
            count = np.array(by["n"], np.int64)
            keys = [np.repeat(np.array(by[p], DTYPES["s"]), count) for p in table.prefix]
            keys += [np.frombuffer(b"".join(by[s]), DTYPES["s"]) for s in table.suffix]
            frames.append(Frame(tuple(keys), {}, int(count.sum())))
    if frames:
        return concat(frames)
    return Frame(tuple(np.empty(0, DTYPES["s"]) for _ in table.layout.dimensions), {}, 0)


def entries(table: PackedTable, rows: Sequence[Any]) -> Frame:
    """Whole rows (prefix, part, n, blobs, checksum) as entries, every cell filled in; verified."""
    names = (*table.prefix, "part", "n", *table.blobs, "checksum")
    by = dict(zip(names, zip(*rows, strict=True), strict=True))
    seeds = np.array([by[c] for c in (*table.prefix, "part", "n")], np.int64).T
    verify(table.blobs, range(len(table.blobs)), [by[b] for b in table.blobs], by["checksum"], seeds)
    counts = by["n"]
    lengths = np.array(counts, np.int64)
    keys = [np.repeat(np.array(by[p], DTYPES["s"]), lengths) for p in table.prefix]
    keys += [np.frombuffer(b"".join(by[s]), DTYPES["s"]) for s in table.suffix]
    if table.layout.time:
        keys.append(np.frombuffer(b"".join(by["t"]), DTYPES["t"]))
    return Frame(tuple(keys), full_cells(table, by, counts), int(lengths.sum()))


def full_cells(table: PackedTable, by: dict[str, Any], counts: Sequence[int]) -> dict[str, Array]:
    """All cell columns of some rows or blocks, with zeros and marks where they hold NULL."""
    cells: dict[str, Array] = {}
    types = cell_columns(table.layout.cells)
    n = sum(counts)
    for cell in table.layout.cells:
        found = join(by[cell.column], counts, types[cell.column])
        cells[cell.column] = np.zeros(n, types[cell.column]) if found is None else found
        if cell.presence:
            marks = join_presence(by[cell.presence], by[cell.column], counts)
            cells[cell.presence] = np.ones(n, np.uint8) if marks is None else marks
    return cells


def delete_units(connection: sa.Connection, table: PackedTable, units: Units) -> None:
    """Delete all rows of some units."""
    for part in units.slices():
        if connection.dialect.name == "postgresql":
            wanted, conditions = _wanted(connection, table, part)
            connection.execute(table.rows.delete().where(sa.exists().select_from(wanted).where(*conditions)))
        else:
            names = (*table.prefix, "lo", "hi")
            conditions = [table.rows.c[p] == sa.bindparam(f"b_{p}") for p in table.prefix]
            between = table.rows.c.part.between(sa.bindparam("b_lo"), sa.bindparam("b_hi"))
            lines = [
                {f"b_{n}": v for n, v in zip(names, line, strict=True)} for line in zip(*part.bounds(), strict=True)
            ]
            connection.execute(table.rows.delete().where(*conditions, between), lines)


_COPY_TYPES = {"INTEGER": "int4", "BIGINT": "int8"}


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows that give every column of the table in order; PostgreSQL takes them by COPY."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        statement = str(table.insert().compile(dialect=connection.dialect))
        connection.exec_driver_sql(statement, list(rows))
        return
    types = [_COPY_TYPES.get(str(c.type.compile(dialect=connection.dialect)), "bytea") for c in table.columns]
    names = ", ".join(c.name for c in table.columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
