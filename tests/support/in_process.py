"""A server in the process of a test, with its use cases and without HTTP."""

from __future__ import annotations

from pathlib import Path

from sdmx_server.config import Settings
from sdmx_server.wiring import Server, build, prepare_database


def silent(*_: object) -> None:
    """Takes no notice of progress."""


def built(folder: Path, url: str = "") -> Server:
    """A server over a database that has its tables: that of the URL, else a file of SQLite in the folder."""
    settings = Settings(database_url=url, data_dir=folder)
    prepare_database(settings)
    return build(settings)
