"""``registrations add``, ``import``, ``export``, ``list`` and ``remove``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from .console import out
from .context import prepared, server
from .output import write

app = typer.Typer(no_args_is_help=True, help="Register where the data of provision agreements are.")


@app.command("add")
def add(
    agreement: Annotated[str, typer.Argument(help="The provision agreement, e.g. 'SCI:PA_CPI(1.0.0)'.")],
    *,
    file: Annotated[str | None, typer.Option(help="Address of a file with a data message.")] = None,
    query: Annotated[str | None, typer.Option(help="Address of a service that is queried.")] = None,
    web_service: Annotated[bool, typer.Option("--web-service", help="It takes SOAP; without it, REST.")] = False,
    wsdl: Annotated[str | None, typer.Option(help="Address of its WSDL.")] = None,
    wadl: Annotated[str | None, typer.Option(help="Address of its WADL.")] = None,
    registration_id: Annotated[
        str | None, typer.Option("--id", help="Id; that of a registration replaces it, without it a new one is made.")
    ] = None,
    valid_from: Annotated[str | None, typer.Option(help="From when on it counts: 2026-01-31T00:00:00Z.")] = None,
    valid_to: Annotated[str | None, typer.Option(help="Until when it counts.")] = None,
    index_time_series: Annotated[bool, typer.Option("--index-time-series", help="Series may be indexed.")] = False,
    index_data_set: Annotated[bool, typer.Option("--index-data-set", help="Values may be indexed.")] = False,
    index_attributes: Annotated[bool, typer.Option("--index-attributes", help="Attributes may be indexed.")] = False,
    index_reporting_period: Annotated[
        bool, typer.Option("--index-reporting-period", help="Periods may be indexed.")
    ] = False,
) -> None:
    """Register a data source: a file, a service that is queried, or both.

    Example: sdmx-server registrations add 'SCI:PA_CPI(1.0.0)' --file https://example.org/cpi.xml
    """
    from ..services.registrations import RegistrationRequest  # noqa: PLC0415 - the help shall be quick

    request = RegistrationRequest(
        agreement=agreement,
        id=registration_id,
        file_url=file,
        query_url=query,
        wsdl_url=wsdl,
        wadl_url=wadl,
        is_web_service=web_service,
        valid_from=valid_from,
        valid_to=valid_to,
        index_time_series=index_time_series,
        index_data_set=index_data_set,
        index_attributes=index_attributes,
        index_reporting_period=index_reporting_period,
    )
    done = prepared().registration_desk.add(request)
    out.print(f"registered {done.id} under {done.provision_agreement.short}")


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Registry messages (SDMX-ML 3.1, 3.0, 2.1): answers to queries for registrations, or submissions."
        ),
    ],
) -> None:
    """Add or replace the registrations of files, all of them or, when one is refused, none.

    One that says what is there already stays as it is. Their provision agreements have to be there.

    Example: sdmx-server registrations import registrations.xml
    """
    report = prepared().registration_loads.load(files)
    for one in report.changed:
        done = "changed" if one.id in report.replaced else "registered"
        out.print(f"{done} {one.id} under {one.provision_agreement.short}", soft_wrap=True)
    out.print(report.summary(), soft_wrap=True)


@app.command("export")
def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default: standard output.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="xml (the newest), xml-3.1 or xml-3.0.")] = "xml",
) -> None:
    """Write every registration as one registry message of SDMX-ML, which can be imported again.

    Example: sdmx-server registrations export -o registrations.xml
    """
    write(server().export_registrations(format_), output)


@app.command("list")
def list_() -> None:
    """Show every registration, its agreement, its sources and its last change."""
    table = Table("id", "provision agreement", "source", "updated (UTC)")
    for one in server().registration_desk.all():
        queryable = one.queryable_source.data_url if one.queryable_source else None
        sources = "\n".join(source for source in (one.simple_source, queryable) if source)
        table.add_row(one.id, one.provision_agreement.short, sources, one.last_updated)
    out.print(table)


@app.command("remove")
def remove(registration_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the registration.")]) -> None:
    """Take a registration away.

    Example: sdmx-server registrations remove 5f0c0a2e
    """
    prepared().registration_desk.remove(registration_id)
    out.print(f"removed {registration_id}")
