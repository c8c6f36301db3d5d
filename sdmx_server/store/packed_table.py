"""The packed tables of one cube as SQLAlchemy tables, with their history tables.

Column names are surrogates: SDMX ids collide in SQLite's case folding and PostgreSQL's 63 bytes. They live in a
metadata of their own: migrations know only the fixed tables.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
import sqlalchemy as sa

from .frames import cell_columns
from .layout import TableLayout, read_layout
from .tables import Blob

PART_CUTS = 65_536
"""Part numbers are ``bucket * PART_CUTS + cut``."""

_UPKEEP = "SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
"""A packed row holds hundreds of observations: by PostgreSQL's default of a fifth its tables would bloat for long."""


class PackedTable(msgspec.Struct, frozen=True):
    """One table of a cube: its layout, its rows, and its history.

    ``blobs``: packed columns of a row in the order of their checksums; ``history_blobs`` those of a history block.
    """

    layout: TableLayout
    rows: sa.Table
    history: sa.Table
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]
    blobs: tuple[str, ...]
    history_blobs: tuple[str, ...]


def packed_table(cube: int, table: TableLayout) -> PackedTable:
    """The tables of one table layout whose ``k`` is known."""
    metadata = sa.MetaData()
    k = table.k or 0
    prefix = tuple(f"p{i}" for i in range(k))
    suffix = tuple(f"s{i}" for i in range(k, len(table.dimensions)))
    time = ("t",) if table.time else ()
    cells = tuple(cell_columns(table.cells))
    name = f"obs_{cube}" if table.number == 0 else f"att_{cube}_{table.number}"
    if table.generation:
        name = f"{name}_g{table.generation}"
    rows = sa.Table(
        name,
        metadata,
        *(sa.Column(p, sa.Integer, nullable=False) for p in prefix),
        sa.Column("part", sa.BigInteger, nullable=False),
        sa.Column("t_lo", sa.BigInteger, nullable=False),
        sa.Column("t_hi", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        *(sa.Column(c, Blob) for c in (*suffix, *time, *cells)),
        sa.Column("checksum", Blob, nullable=False),
        sa.PrimaryKeyConstraint(*prefix, "part", name=f"pk_{name}"),
        *(sa.Index(f"ix_{name}_{p}", p) for p in prefix[1:]),
    )
    dimensions = tuple(f"s{i}" for i in range(len(table.dimensions)))
    past = f"rev_{cube}_{table.number}"
    history = sa.Table(
        past,
        metadata,
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("lo", Blob),
        sa.Column("hi", Blob),
        sa.Column("n", sa.Integer, nullable=False),
        *(sa.Column(c, Blob) for c in (*dimensions, *time, "w", *cells)),
        sa.Column("checksum", Blob, nullable=False),
        sa.PrimaryKeyConstraint("seq", "block", name=f"pk_{past}"),
        sa.Index(f"ix_{past}_range", "seq", "lo", "hi"),
    )
    return PackedTable(
        layout=table,
        rows=rows,
        history=history,
        prefix=prefix,
        suffix=suffix,
        blobs=(*suffix, *time, *cells),
        history_blobs=(*dimensions, *time, "w", *cells),
    )


@lru_cache(maxsize=256)
def _tables(cube: int, layout: str) -> tuple[PackedTable | None, ...]:
    decoded = read_layout(layout)
    return tuple(packed_table(cube, t) if t.k is not None else None for t in decoded.tables)


def packed_tables(cube: int, layout: str) -> tuple[PackedTable | None, ...]:
    """The packed tables of a cube by number, from its stored layout; None where nothing was ever loaded."""
    return _tables(cube, layout)


def create(connection: sa.Connection, table: PackedTable, history: bool = True) -> None:
    """Make the tables of a packed table, in the running transaction; without ``history`` that one is there already."""
    made_of = [(table.rows, table.blobs), *([(table.history, table.history_blobs)] if history else [])]
    table.rows.metadata.create_all(connection, [made for made, _ in made_of], checkfirst=False)
    if connection.dialect.name == "postgresql":
        kept = _kept(connection)
        for made, blobs in made_of:
            columns = [f"ALTER COLUMN {column} SET {how}" for column in blobs for how in kept]
            connection.exec_driver_sql(f"ALTER TABLE {made.name} {', '.join((*columns, _UPKEEP))}")


def _kept(connection: sa.Connection) -> list[str]:
    """How PostgreSQL keeps packed columns: in the row, compressed by lz4 where the server was built with it."""
    known = connection.exec_driver_sql(
        "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    ).scalar()
    return ["STORAGE MAIN", "COMPRESSION lz4"] if known else ["STORAGE MAIN"]


def add_columns(connection: sa.Connection, before: PackedTable, after: PackedTable) -> None:
    """Add the columns that a grown layout has more; stored rows hold NULL there, which means absent everywhere."""
    new = [c for c in after.blobs if c not in before.blobs]
    kept = _kept(connection) if new and connection.dialect.name == "postgresql" else ()
    for table in (after.rows, after.history):
        for column in new:
            kind = Blob().compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column} {kind}")
            for how in kept:
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ALTER COLUMN {column} SET {how}")
