"""A checksum for each entry of the dictionaries."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_AT_ONCE = 10_000


def upgrade() -> None:
    """Apply: every entry that is there is taken to be right."""
    connection = op.get_bind()
    for name, component, values in (("code", "component", ("code",)), ("period", "0", ("text", "start", "end"))):
        op.add_column(name, sa.Column("checksum", sa.BigInteger(), nullable=False, server_default="0"))
        every = sa.table(name, *(sa.column(c) for c in ("cube", "component", "id", "checksum", *values)))
        key = [every.c.cube, every.c.id] + ([every.c.component] if component == "component" else [])
        number = every.c.component if component == "component" else sa.literal(0)
        update = every.update().where(*(c == sa.bindparam(f"b_{c.name}") for c in key))
        query = sa.select(number, every.c.id, *(every.c[v] for v in values), *key)
        found = connection.execute(query).all()
        lines = [
            {
                "checksum": zlib.crc32(" ".join(map(str, row[: 2 + len(values)])).encode()),
                **{f"b_{c.name}": value for c, value in zip(key, row[2 + len(values) :], strict=True)},
            }
            for row in found
        ]
        for first in range(0, len(lines), _AT_ONCE):
            connection.execute(update, lines[first : first + _AT_ONCE])
