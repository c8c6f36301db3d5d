"""How far the history of each cube was pruned."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "cube",
        sa.Column(
            "pruned",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="the oldest data revision that can be shown: the commits up to it have no history; 0: all have",
        ),
    )
