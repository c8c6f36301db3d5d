"""``verify``, ``backup``, ``restore`` and ``rebuild``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import err, out, progress
from .context import server

if TYPE_CHECKING:
    from ..store.findings import Verification
    from ..wiring import Server


def verify(
    dataflow: Annotated[
        str | None, typer.Option(help="Only the data of this dataflow, e.g. 'SCI:CPI(1.0.0)'; without it everything.")
    ] = None,
) -> None:
    """Read all that is stored and check it: checksums, counts, indexes, dictionaries, order, history, artefacts.

    Every finding is one line with its key, component and way out; with any, the exit code is 1. Loads and answers go
    on meanwhile.

    Example: sdmx-server verify --dataflow 'SCI:CPI(1.0.0)'
    """
    _verify(server(), dataflow)


def backup(
    file: Annotated[
        Path, typer.Argument(help="File to write; one of that name is replaced once the new one is whole.")
    ],
) -> None:
    """Write the whole database, its history included, to one file; loads and answers go on meanwhile.

    The file shows one moment, and can be restored into SQLite and PostgreSQL alike.

    Example: sdmx-server backup sdmx-2026-11-23.zip
    """
    with progress() as show:
        done = server().backup(file, show)
    out.print(
        f"{done.observations:,} observations of {done.cubes} dataflows, {done.rows:,} rows in all, "
        f"written to {done.path} ({done.bytes:,} bytes).",
        soft_wrap=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    check: Annotated[bool, typer.Option("--verify", help="Verify the database afterwards.")] = False,
) -> None:
    """Fill an empty database from a backup, whichever kind of database that was of: all of it or nothing.

    A database that holds anything is refused.

    Example: SDMX_DATABASE_URL=postgresql://localhost/sdmx sdmx-server restore sdmx-2026-11-23.zip --verify
    """
    target = server()
    with progress() as show:
        done = target.restore(file, show)
    out.print(
        f"{done.observations:,} observations of {done.cubes} dataflows restored, {done.rows:,} rows in all; "
        f"the backup of a {done.database} database was made {done.made}.",
        soft_wrap=True,
    )
    if check:
        _verify(target, None)


def rebuild(
    dataflow: Annotated[str, typer.Argument(help="The dataflow, e.g. 'SCI:CPI(1.0.0)'.")],
) -> None:
    """Write the rows of a dataflow anew, cut to the size that it has now; answers, history and revisions stay.

    Worth it where the first load was much smaller than what is there today. Answers go on meanwhile.

    Example: sdmx-server rebuild 'SCI:CPI(1.0.0)'
    """
    with progress() as show:
        done = server().rebuild(dataflow, show)
    for table in done.tables:
        before, after = table.dimensions[: table.length_before], table.dimensions[: table.length_after]
        out.print(
            f"{table.name}: {table.entries:,} entries in {table.rows_after:,} rows by {', '.join(after) or 'nothing'} "
            f"({table.rows_before:,} by {', '.join(before) or 'nothing'} before)",
            soft_wrap=True,
        )
    if done.left_over:
        out.print(
            f"Answers that began before still read {', '.join(done.left_over)}; the next rebuild drops them.",
            soft_wrap=True,
        )


def _verify(source: Server, dataflow: str | None) -> None:
    with progress() as show:
        found = source.verify(dataflow, show)
    _show(found)
    if found.count:
        raise typer.Exit(1)


def _show(found: Verification) -> None:
    for finding in found.findings:
        err.print(str(finding), soft_wrap=True)
    if found.count > len(found.findings):
        err.print(f"... and {found.count - len(found.findings):,} more findings.")
    read = (
        f"{found.observations:,} observations of {found.cubes} dataflows in {found.rows:,} rows, "
        f"{found.blocks:,} blocks of history, {found.artefacts:,} artefacts, {found.metadata_sets:,} metadata sets, "
        f"{found.registrations:,} registrations read"
    )
    out.print(f"{read}: {f'{found.count:,} findings' if found.count else 'all sound'}.", soft_wrap=True)
