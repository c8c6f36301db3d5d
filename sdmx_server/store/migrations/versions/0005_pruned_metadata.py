"""How far the history of metadata sets was pruned."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply. Nothing of this history was dropped before now: every state can be shown."""
    op.add_column(
        "metadata_revision",
        sa.Column(
            "kept",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="whether the state that it made can still be shown",
        ),
    )
