"""``metadata load``, ``metadata list``, ``metadata export`` and ``metadata remove``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from .console import out, progress, show_remarks
from .context import prepared, server
from .output import write

app = typer.Typer(no_args_is_help=True, help="Load, export and look at reference metadata (quality reports ...).")


@app.command("load")
def load(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Metadata messages (SDMX-ML 3.1, 3.0, 2.1; SDMX-JSON 2.1, 2.0; SDMX-CSV 2.1, 2.0) or folders."
        ),
    ],
    validate_only: Annotated[bool, typer.Option("--validate-only", help="Check everything, load nothing.")] = False,
) -> None:
    """Load the metadata sets of files and folders, all of them or, when a check fails, none.

    Each set is checked against the structure of its metadataflow: required attributes, occurrences, codes, types,
    markup, targets. Every finding is shown with file, place, value and what to do.

    Example: sdmx-server metadata load quality_report.json --validate-only
    """
    with progress() as show:
        report = prepared().metadata_loads.load(paths, show, validate_only=validate_only)
    show_remarks(report.remarks)
    for reference in report.changed:
        out.print(f"{'changed' if reference in report.replaced else 'stored'} {reference.short}")
    out.print(report.summary(), soft_wrap=True)


@app.command("list")
def list_() -> None:
    """Show every metadata set, what it is reported for, and what it is about."""
    table = Table("metadata set", "reported for", "about")
    for one in server().metadata_list():
        context = one.provision_agreement or one.metadataflow
        about = "\n".join(urn.rpartition(".infomodel.")[2] for urn in one.targets)
        table.add_row(f"{one.agency}:{one.id}({one.version})", context.short if context else "", about)
    out.print(table)


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default: standard output.")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", help="json, xml or csv (the newest), or one of those below.")
    ] = "json",
) -> None:
    """Write every metadata set, in all its versions, as one message, which can be loaded again.

    --format also takes json-2.1, json-2.0, xml-3.1, xml-3.0, xml-2.1 (generic metadata), xml-2.1-structurespecific,
    csv-2.1, csv-2.0. SDMX-CSV leaves out the names and annotations of the sets, SDMX-ML 2.1 their versions.

    Example: sdmx-server metadata export -o metadata.json
    """
    write(server().export_metadata(format_), output)


@app.command("remove")
def remove(
    metadata_set: Annotated[str, typer.Argument(help="The set, e.g. 'SCI:QUALITY_CPI(1.0.0)'.")],
) -> None:
    """Take a metadata set away. Questions for an earlier moment (asOf) still find it.

    Example: sdmx-server metadata remove 'SCI:QUALITY_CPI(1.0.0)'
    """
    out.print(f"removed {prepared().metadata_loads.remove(metadata_set).short}")
