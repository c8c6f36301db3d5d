"""Creates or upgrades the fixed tables of a database, by Alembic.

Alembic is imported only when there is something to do: every start of a process asks whether there is.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def releases() -> list[str]:
    """The revisions of the tables, the newest last: the files of their scripts begin with them, numbered upwards."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def release_of(connection: sa.Connection) -> str | None:
    """The revision of the tables of a database; None when there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables of this release."""
    with engine.connect() as connection:
        return release_of(connection) == releases()[-1]


def upgrade(engine: Engine) -> bool:
    """Bring the tables to this release, in one transaction; returns whether anything was to do."""
    if is_current(engine):
        return False
    with engine.connect().execution_options(sqlite_write=True) as connection, connection.begin():
        upgrade_to(connection, releases()[-1])
    return True


def upgrade_to(connection: sa.Connection, release: str) -> None:
    """Bring the tables to a release, in the running transaction."""
    from alembic import command  # noqa: PLC0415 - see the module
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, release)
