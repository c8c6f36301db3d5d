"""A checksum for the row of each cube."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_SUMMED = (
    "id",
    "agency",
    "dataflow",
    "version",
    "structure_rev",
    "data_rev",
    "layout_gen",
    "updated",
    "observations",
    "series",
    "sizes",
    "layout",
    "pruned",
)


def upgrade() -> None:
    """Apply: every row that is there is taken to be right."""
    connection = op.get_bind()
    op.add_column("cube", sa.Column("checksum", sa.BigInteger(), nullable=False, server_default="0"))
    cube = sa.table("cube", *(sa.column(c) for c in (*_SUMMED, "checksum")))
    for row in connection.execute(sa.select(*(cube.c[c] for c in _SUMMED))).all():
        checksum = zlib.crc32(" ".join(map(str, row)).encode())
        connection.execute(cube.update().where(cube.c.id == row.id).values(checksum=checksum))
