"""Tables of the structure store: artefacts as packed values, the references between them, and the revisions."""

from __future__ import annotations

import sqlalchemy as sa

from .database import metadata

structure_revision = sa.Table(
    "structure_revision",
    metadata,
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False, comment="microseconds since 1970-01-01 UTC"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column(
        "kept",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="whether the state that it made can still be shown",
    ),
    comment="one row per change of structures; the highest revision is the present one",
)

artefact = sa.Table(
    "artefact",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False, comment="as written: 1.0 and 1.0.0 are two versions"),
    sa.Column("revision", sa.BigInteger, nullable=False, comment="the structure revision that wrote this content"),
    sa.Column("fingerprint", sa.Text, nullable=False, comment="SHA-256 of the content, in any order of languages"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="the model value as MessagePack"),
    sa.UniqueConstraint("kind", "agency", "id", "version"),
)

artefact_history = sa.Table(
    "artefact_history",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column(
        "revision",
        sa.BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="the structure revision that wrote this content",
    ),
    sa.Column("until", sa.BigInteger, nullable=False, comment="the structure revision that put another in its place"),
    sa.Column("fingerprint", sa.Text, nullable=False, comment="SHA-256 of the content, in any order of languages"),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="the model value as MessagePack"),
    comment="what artefacts held before; names no row of artefact, so that it outlives them",
)

artefact_reference = sa.Table(
    "artefact_reference",
    metadata,
    sa.Column("source", sa.Integer, sa.ForeignKey("artefact.key"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True, comment="as written: it may hold a wildcard"),
    sa.Index(None, "kind", "agency", "id"),
    comment="what an artefact refers to; the target need not be stored",
)
