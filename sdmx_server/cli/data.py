"""``data load``, ``data export`` and ``data status``."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from .console import out, progress
from .context import prepared, server
from .output import write

app = typer.Typer(no_args_is_help=True, help="Load, export and look at observations.")


@app.command("load")
def load(
    source: Annotated[
        Path,
        typer.Argument(
            help="A recipe (dataflow.toml, or its folder), or a data message: SDMX-ML, SDMX-JSON, SDMX-CSV; "
            "- is standard input."
        ),
    ],
    dataflow: Annotated[
        str | None,
        typer.Option(help="For a message: the dataflow, e.g. 'SCI:CPI(1.0.0)'; without it the one that it names."),
    ] = None,
    validate_only: Annotated[bool, typer.Option("--validate-only", help="Check everything, load nothing.")] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="End with an error when another load is writing, rather than wait for it.")
    ] = False,
) -> None:
    """Load a recipe's files or one data message: everything, or, when a check fails, nothing.

    The format of a message, and whether it is packed (gzip, bzip2, zip), is seen from its content. Every finding is
    shown with file, line, column, value and what to do.

    Example: sdmx-server data load cpi.csv --dataflow 'SCI:CPI(1.0.0)' --validate-only
    """
    with progress() as show, _as_file(source) as file:
        report = prepared().load_data(file, dataflow, validate_only, show, wait=not no_wait)
    out.print(report.summary(), soft_wrap=True)


@contextmanager
def _as_file(source: Path) -> Iterator[Path]:
    """The path, or for ``-`` a temporary file with what standard input gives; messages are read more than once."""
    if str(source) != "-":
        yield source
        return
    with TemporaryDirectory(prefix="sdmx-input-") as folder:
        file = Path(folder, "standard input")
        with file.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy, 1 << 20)
        yield file


@app.command("export")
def export(
    dataflow: Annotated[str, typer.Argument(help="The dataflow, e.g. 'SCI:CPI(1.0.0)'.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default: standard output.")
    ] = None,
    format_: Annotated[
        str,
        typer.Option("--format", help="csv, json or xml (the newest), parquet, xlsx, or one of those below."),
    ] = "csv",
) -> None:
    """Write all observations of a dataflow. SDMX-CSV, SDMX-JSON and SDMX-ML can be loaded again.

    --format also takes csv-2.1, csv-2.0, csv-1.0; json-2.1, json-2.0, json-1.0, json-draft; xml-3.1, xml-3.0,
    xml-2.1-generic, xml-2.1-structure-specific, xml-2.1-generic-time-series, xml-2.1-structure-specific-time-series.

    Example: sdmx-server data export 'SCI:CPI(1.0.0)' -o cpi.csv
    """
    write(server().export_data(dataflow, format_), output)


@app.command("status")
def status() -> None:
    """Show every dataflow with data: observations, series, revision and last change."""
    table = Table("dataflow", "observations", "series", "revision", "updated (UTC)")
    table.columns[0].no_wrap = True
    for cube in server().cubes():
        table.add_row(
            cube.dataflow.short,
            f"{cube.observations:,}",
            f"{cube.series:,}",
            str(cube.revision.data),
            f"{cube.revision.updated:%Y-%m-%d %H:%M:%S}",
        )
    out.print(table)
