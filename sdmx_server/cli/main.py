"""The command ``sdmx-server``: its sub-commands, and how errors end it."""

from __future__ import annotations

import errno
import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DatabaseError

from .. import __version__
from ..error_texts import texts_of
from ..errors import Refused, SdmxServerError
from . import data, history, metadata, registrations, replica, serve, structures, upkeep
from .console import show_error, show_problems

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="""An SDMX exchange server for statistical offices.

    Begin with [bold]sdmx-server bootstrap[/bold]: it makes the database, registers the artefacts and loads the data of
    every recipe; then [bold]sdmx-server serve[/bold] answers SDMX REST queries.

    Settings are environment variables: SDMX_DATA_DIR (default ./var), SDMX_DATABASE_URL (default SQLite in the data
    folder), SDMX_STRUCTURES_DIR, SDMX_DATAFLOWS_DIR, and those in docs/settings.md.""",
)
app.command("init")(serve.init)
app.command("bootstrap")(serve.bootstrap)
app.command("serve")(serve.serve)
app.command("verify")(upkeep.verify)
app.command("backup")(upkeep.backup)
app.command("restore")(upkeep.restore)
app.command("rebuild")(upkeep.rebuild)
app.command("replica")(replica.replica)
app.add_typer(structures.app, name="structures")
app.add_typer(data.app, name="data")
app.add_typer(metadata.app, name="metadata")
app.add_typer(registrations.app, name="registrations")
app.add_typer(history.app, name="history")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sdmx-server {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""


_FULL = ("disk is full", "No space left")
"""How SQLite and PostgreSQL say that their disk takes no more."""

_NOT_MADE = ("no such table", "no such column")
_UNDEFINED = ("UndefinedTable", "UndefinedColumn")
"""How both say that there is no such table or column: SQLite by its words, PostgreSQL by the class of the error."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _of_database(error: DatabaseError) -> dict[str, str]:
    from ..store.replica import means_no_writes  # noqa: PLC0415 - a command that goes well shall start quickly

    if means_no_writes(error):
        return texts_of("database-read-only")
    if any(words in str(error.orig) for words in _FULL):
        return texts_of("database-full", reason=error.orig)
    if type(error.orig).__name__ in _UNDEFINED or any(words in str(error.orig) for words in _NOT_MADE):
        return texts_of("database-lacks", reason=error.orig)
    return texts_of("database-fails", reason=error.orig)


def _of_system(error: OSError) -> dict[str, str]:
    """What a file, a folder or a disk refuses, in one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    code = "system-full" if error.errno in _NO_ROOM else "system"
    return texts_of(code, reason=f"{error.strerror or error}{where}")


def main() -> None:
    """Run the command line; the exit code is 0 only on success, and an expected error prints no traceback."""
    try:
        app()
    except Refused as refused:
        show_problems(refused)
        sys.exit(1)
    except SdmxServerError as error:
        show_error(error.texts)
        sys.exit(1)
    except OSError as error:
        show_error(_of_system(error))
        sys.exit(1)
    except DatabaseError as error:
        show_error(_of_database(error))
        sys.exit(1)
    except (ArgumentError, ValidationError) as error:
        show_error(texts_of("setting-wrong", reason=error))
        sys.exit(2)
