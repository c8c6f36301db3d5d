"""``init``, ``bootstrap`` and ``serve``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from ..config import Settings
from ..errors import SdmxServerError
from ..store.database import create_engine
from ..store.upgrade import is_current, upgrade
from .console import out, progress
from .context import prepared


def init() -> None:
    """Create the database, or upgrade it to this release. Safe to repeat."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    changed = upgrade(create_engine(settings.effective_database_url))
    out.print("Database created or upgraded." if changed else "Database is up to date.")


def bootstrap() -> None:
    """Make the database, register the artefacts and load every recipe whose files have changed. Safe to repeat."""
    with progress() as show:
        report = prepared().bootstrap(show)
    for line in report:
        out.print(line, soft_wrap=True)


def _is_current(settings: Settings) -> bool:
    """Whether the database is of this release; its replica is asked when it is away, for that will answer then."""
    try:
        return is_current(create_engine(settings.effective_database_url))
    except OperationalError:
        if not settings.read_database_url:
            raise
        return is_current(create_engine(settings.read_database_url))


def serve(
    host: Annotated[str, typer.Option(envvar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[
        int, typer.Option(envvar="WORKERS", min=1, help="Worker processes; one per core serves well.")
    ] = 2,
) -> None:
    """Serve SDMX REST over HTTP with gunicorn, in the foreground, until Ctrl-C."""
    settings = Settings()
    if not _is_current(settings):
        raise SdmxServerError("database-other")
    base = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - shown, not bound
    out.print(
        f"""
SDMX REST 2.2.2 on {base}/sdmx/v2, 1.5.0 on {base}/sdmx/v1. Try:

  curl -g '{base}/sdmx/v2/structure/dataflow/SCI?detail=allstubs'
  curl -g -H 'Accept: application/vnd.sdmx.data+csv;version=2.0.0' \\
    '{base}/sdmx/v2/data/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T._T._T'
  curl -g '{base}/sdmx/v2/availability/dataflow/SCI/CPI/1.0.0'

Ctrl-C stops the server.
""",
        soft_wrap=True,
    )
    arguments = [
        *(sys.executable, "-m", "gunicorn", "sdmx_server.web:create_app()"),
        *("--bind", f"{host}:{port}", "--workers", str(workers), "--threads", str(settings.threads)),
        *("--worker-class", "sdmx_server.web.worker.SdmxWorker", "--limit-request-line", "8190"),
        *("--keep-alive", "15", "--graceful-timeout", "20", "--log-level", "warning"),
    ]
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # one thread a worker; processes are what scales
    sys.stdout.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - replaces this process, so that signals reach gunicorn itself
