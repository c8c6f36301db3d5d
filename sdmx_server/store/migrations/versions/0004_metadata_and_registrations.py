"""Reference metadata and registrations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _revisions(name: str) -> None:
    op.create_table(
        name,
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970-01-01 UTC"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f(f"pk_{name}")),
        comment="one row per change; the highest revision is the present one",
    )


def upgrade() -> None:
    """Apply."""
    _revisions("metadata_revision")
    _revisions("registration_revision")
    op.create_table(
        "metadata_set",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False, comment="the metadata provider"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False, comment="the metadata revision that wrote this content"),
        sa.Column(
            "until",
            sa.BigInteger(),
            nullable=True,
            comment="the one that replaced or removed it; null: it is the present content",
        ),
        sa.Column(
            "fingerprint", sa.Text(), nullable=False, comment="SHA-256 of the content, in any order of languages"
        ),
        sa.Column("head", sa.LargeBinary(), nullable=False, comment="the set without its attributes, as MessagePack"),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the whole set as MessagePack"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_metadata_set")),
        sa.UniqueConstraint(
            "agency", "id", "version", "revision", name=op.f("uq_metadata_set_agency_id_version_revision")
        ),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "revision", sa.BigInteger(), nullable=False, comment="the registration revision that wrote this content"
        ),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="the model value as MessagePack"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
