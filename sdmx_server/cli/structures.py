"""``structures import`` and ``structures export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import SdmxServerError
from .console import out, progress, show_remarks
from .context import prepared, server

app = typer.Typer(no_args_is_help=True, help="Register and export artefacts (codelists, structures, dataflows ...).")


@app.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Structure messages (SDMX-ML 2.1, 3.0, 3.1; SDMX-JSON 1.0, 2.0, 2.1) or folders of them."),
    ],
) -> None:
    """Register the artefacts of files and folders, all of them or, when one is refused, none.

    Example: sdmx-server structures import IMF_ECOFIN_DSD_1.0.xml
    """
    with progress() as show:
        report = prepared().import_structures(paths, show)
    show_remarks(report.remarks)
    for reference in report.changed:
        done = "changed" if reference in report.replaced else "registered"
        out.print(f"{done} {reference.kind} {reference.short}")
    out.print(f"{report.read} artefacts read, {len(report.changed)} registered, {report.unchanged} unchanged.")


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made when missing.")],
    format_: Annotated[
        str,
        typer.Option("--format", help="json (SDMX-JSON 2.1), xml (SDMX-ML 3.1), or one of those below."),
    ] = "json",
) -> None:
    """Write every artefact into a folder: one file each, as in structures/. The folder can be imported again.

    --format takes json (SDMX-JSON 2.1, laid out for people), xml (the newest), and json-2.1, json-2.0, json-1.0,
    xml-3.1, xml-3.0, xml-2.1.
    """
    if folder.exists() and not folder.is_dir():
        raise SdmxServerError("not-a-folder", path=folder)
    with progress() as show:
        written = server().export_structures(folder, format_, show)
    out.print(f"{written} artefacts written to {folder}.")
