"""Tables of reference metadata and of registrations: packed values, and the revisions that made them.

Nothing is overwritten: what a revision replaces or removes stays with the revision that ended it, so that every past
state can be shown until it is pruned.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from .database import metadata


def _revisions(name: str, *more: sa.Column[Any]) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False, comment="microseconds since 1970-01-01 UTC"),
        sa.Column("actor", sa.Text, nullable=False),
        *more,
        comment="one row per change; the highest revision is the present one",
    )


metadata_revision = _revisions(
    "metadata_revision",
    sa.Column(
        "kept",
        sa.Boolean,
        nullable=False,
        server_default=sa.true(),
        comment="whether the state that it made can still be shown",
    ),
)
registration_revision = _revisions("registration_revision")

metadata_set = sa.Table(
    "metadata_set",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("agency", sa.Text, nullable=False, comment="the metadata provider"),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False, comment="the metadata revision that wrote this content"),
    sa.Column("until", sa.BigInteger, comment="the one that replaced or removed it; null: it is the present content"),
    sa.Column("fingerprint", sa.Text, nullable=False, comment="SHA-256 of the content, in any order of languages"),
    sa.Column("head", sa.LargeBinary, nullable=False, comment="the set without its attributes, as MessagePack"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="the whole set as MessagePack"),
    sa.UniqueConstraint("agency", "id", "version", "revision"),
)

registration = sa.Table(
    "registration",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False, comment="the registration revision that wrote this content"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="the model value as MessagePack"),
)
