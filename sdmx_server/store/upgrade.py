"""Creates or upgrades the fixed tables of a database, by Alembic.

Alembic is imported only when there is something to do: every start of a process asks whether there is.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def _newest() -> str:
    """The newest script: their files begin with their revision, numbered upwards."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables of this release."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return bool(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == _newest())


def upgrade(engine: Engine) -> bool:
    """Bring the tables to this release, in one transaction; returns whether anything was to do."""
    if is_current(engine):
        return False
    from alembic import command  # noqa: PLC0415 - see the module
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
