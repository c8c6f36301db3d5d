"""``replica``: how far the replica of the database is behind."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import SdmxServerError
from .console import out
from .context import server


def replica(
    wait: Annotated[
        float, typer.Option(min=0, help="Wait up to so many seconds until the replica lacks no commit.")
    ] = 0.0,
) -> None:
    """Show how far the replica in SDMX_READ_DATABASE_URL is behind the database in SDMX_DATABASE_URL.

    The exit code is 0 only when the replica answers queries and lacks no commit: behind a load, in a script, this says
    when every reader sees it.

    Example: sdmx-server data load cpi.csv && sdmx-server replica --wait 60
    """
    found = server().replica(wait)
    if found is None:
        raise SdmxServerError("replica-none")
    out.print(f"replica: {found.state.value}; the database itself {'answers' if found.primary else 'does not answer'}")
    if found.commits_behind is not None:
        out.print(
            f"behind: {found.commits_behind:,} commits, {found.seconds_behind or 0:,.1f} seconds, "
            f"{found.bytes_behind or 0:,} bytes of log"
        )
    if found.replayed_at is not None:
        out.print(f"last transaction replayed: of {found.replayed_at:%Y-%m-%d %H:%M:%S} UTC")
    if found.commits_behind != 0 or not found.asked:
        raise typer.Exit(1)
