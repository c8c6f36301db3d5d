"""What artefacts held before they were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "artefact_history",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "revision",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="the structure revision that wrote this content",
        ),
        sa.Column(
            "until", sa.BigInteger(), nullable=False, comment="the structure revision that put another in its place"
        ),
        sa.Column(
            "fingerprint", sa.Text(), nullable=False, comment="SHA-256 of the content, in any order of languages"
        ),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the model value as MessagePack"),
        sa.PrimaryKeyConstraint("kind", "agency", "id", "version", "revision", name=op.f("pk_artefact_history")),
        comment="what artefacts held before; names no row of artefact, so that it outlives them",
    )
    op.add_column(
        "structure_revision",
        sa.Column(
            "kept",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="whether the state that it made can still be shown",
        ),
    )
    # What was replaced before now is gone: the present state is the oldest that can be shown.
    op.execute(
        "UPDATE structure_revision SET kept = true WHERE revision = (SELECT max(revision) FROM structure_revision)"
    )
