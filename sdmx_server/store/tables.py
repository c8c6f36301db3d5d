"""The fixed tables of the observation store; each cube has its packed tables beside them (``packed_table``)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from .database import metadata


class Blob(sa.LargeBinary):
    """Bytes that go to the driver and come from it as they are: no conversion per value."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> None:
        """Nothing to convert."""

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> None:
        """Nothing to convert."""


cube = sa.Table(
    "cube",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("dataflow", sa.Text, nullable=False),
    sa.Column("line", sa.Text, nullable=False, comment="versions that share the cube: 1.* or one exact version"),
    sa.Column("version", sa.Text, nullable=False, comment="of the dataflow, at the last load"),
    sa.Column("structure_rev", sa.BigInteger, nullable=False),
    sa.Column("data_rev", sa.BigInteger, nullable=False),
    sa.Column("layout_gen", sa.Integer, nullable=False),
    sa.Column("updated", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    sa.Column("observations", sa.BigInteger, nullable=False),
    sa.Column("series", sa.BigInteger, nullable=False),
    sa.Column("sizes", sa.Text, nullable=False, comment="JSON: next free id of each dictionary, by component number"),
    sa.Column("layout", sa.Text, nullable=False, comment="JSON: layout.CubeLayout"),
    sa.Column(
        "pruned",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="the oldest data revision that can be shown: the commits up to it have no history; 0: all have",
    ),
    sa.Column("checksum", sa.BigInteger, nullable=False, server_default="0", comment="cubes.checksum"),
    sa.UniqueConstraint("agency", "dataflow", "line"),
)
"""One row per cube: the one row that an answer reads first and that every cache key derives from."""

commit = sa.Table(
    "data_commit",
    metadata,
    sa.Column("cube", sa.Integer, sa.ForeignKey("cube.id"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, comment="the data revision that it made"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("inserted", sa.BigInteger, nullable=False),
    sa.Column("updated", sa.BigInteger, nullable=False),
    sa.Column("deleted", sa.BigInteger, nullable=False),
    sa.Column("attributes_changed", sa.BigInteger, nullable=False),
)
"""One row per change of a cube."""

code = sa.Table(
    "code",
    metadata,
    sa.Column("cube", sa.Integer, sa.ForeignKey("cube.id"), primary_key=True),
    sa.Column("component", sa.Integer, primary_key=True),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("checksum", sa.BigInteger, nullable=False, server_default="0", comment="dictionaries.checksum"),
)
"""The dictionaries: dense, append-only, an id is never used again; real values from 2 on."""

period = sa.Table(
    "period",
    metadata,
    sa.Column("cube", sa.Integer, sa.ForeignKey("cube.id"), primary_key=True),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False, comment="first moment, microseconds since 1970"),
    sa.Column("end", sa.BigInteger, nullable=False, comment="first moment after it"),
    sa.Column("checksum", sa.BigInteger, nullable=False, server_default="0", comment="dictionaries.checksum"),
)
"""The period dictionary of each cube."""

tally = sa.Table(
    "tally",
    metadata,
    sa.Column("cube", sa.Integer, sa.ForeignKey("cube.id"), primary_key=True),
    sa.Column("component", sa.Integer, primary_key=True),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("observations", sa.BigInteger, nullable=False),
)
"""How many observations each code of each dimension, and each period, has: the index behind availability."""
