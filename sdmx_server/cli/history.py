"""``history prune``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from .console import out, progress
from .context import server

if TYPE_CHECKING:
    from ..services.ports import PrunedCube, PrunedPast

app = typer.Typer(no_args_is_help=True, help="Look after past states: of data, structures and metadata.")


@app.callback()
def _group() -> None:
    """Look after past states: of data, structures and metadata."""


@app.command("prune")
def prune(
    older_than: Annotated[
        str | None, typer.Option("--older-than", help="Age of the states to forget: 36h, 400d, 52w, 2y (365 days).")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", help="The same as a moment: 2025-01-01T00:00:00Z; UTC without an offset.")
    ] = None,
    dataflow: Annotated[
        str | None,
        typer.Option(
            help="Only the data of this dataflow, e.g. 'SCI:CPI(1.0.0)'; without it all data, structures and metadata."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and change nothing.")] = False,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact",
            help="Also give the room back to the disk. On SQLite loads wait meanwhile, and the disk needs room for the "
            "database twice; on PostgreSQL questions for past states wait.",
        ),
    ] = False,
) -> None:
    """Forget what data, structures and metadata were before a moment; everything from that moment on stays exact.

    Answers, loads and questions for later moments go on meanwhile. asOf, updatedAfter and includeHistory for an earlier
    moment are answered with an error that names the earliest one that is left. There is no way back but a backup.

    Example: sdmx-server history prune --older-than 400d --dry-run
    """
    with progress() as show:
        until, report = server().prune_history(older_than, before, dataflow, show, dry_run=dry_run, compact=compact)
    if not (report.cubes or report.structures or report.metadata):
        out.print(f"There is no history of states before {_moment(until)}.", soft_wrap=True)
    done = "would be pruned" if dry_run else "pruned"
    for cube in report.cubes:
        out.print(_line(cube, done), soft_wrap=True)
    for name, what, past in (("structures", "artefacts", report.structures), ("metadata", "sets", report.metadata)):
        if past is not None:
            out.print(f"{name}: {_past_line(past, what, done)}", soft_wrap=True)
    if report.free is not None and not dry_run:
        tip = "" if compact else "; later loads use them, --compact gives them back to the disk"
        out.print(f"{report.free:,} bytes lie idle in the database's file{tip}.", soft_wrap=True)
    if report.in_use:
        names = ", ".join(report.in_use)
        out.print(f"Not compacted, for they are being read: {names}; try again later.", soft_wrap=True)


def _line(cube: PrunedCube, done: str) -> str:
    return (
        f"{cube.dataflow.short}: history of {cube.commits:,} loads {done}: {cube.entries:,} entries in {cube.blocks:,} "
        f"blocks, {cube.bytes:,} bytes; the earliest moment that can be asked for: {_moment(cube.oldest.at)}"
    )


def _past_line(found: PrunedPast, what: str, done: str) -> str:
    return (
        f"history of {found.revisions:,} changes {done}: {found.contents:,} contents of {what}, "
        f"{found.bytes:,} bytes; the earliest moment that can be asked for: {_moment(found.at)}"
    )


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
