"""What was loaded last from which source, so that a start loads nothing that has not changed, and reports are kept."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from .database import metadata

load_log = sa.Table(
    "load_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
)


class SqlLoadLog:
    """``services.ports.LoadLog`` in a table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def last(self, source: str) -> str | None:
        """The fingerprint of the last accepted load of a source; None when there was none."""
        query = (
            sa.select(load_log.c.fingerprint)
            .where(load_log.c.source == source, load_log.c.accepted)
            .order_by(load_log.c.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            found: str | None = connection.scalar(query)
        return found

    def record(self, source: str, fingerprint: str, accepted: bool, report: str) -> None:
        """Keep the report of a load."""
        with self._engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
            connection.execute(
                load_log.insert().values(
                    source=source,
                    fingerprint=fingerprint,
                    at=dt.datetime.now(dt.UTC),
                    accepted=accepted,
                    report=report,
                )
            )
