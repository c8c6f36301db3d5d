"""The server that a command works on. Its parts are imported on first use: ``--help`` and ``serve`` start quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..config import Settings

if TYPE_CHECKING:
    from ..wiring import Server


def server(settings: Settings | None = None) -> Server:
    """The use cases over the database that the settings name."""
    from ..wiring import build  # noqa: PLC0415 - see the module

    return build(settings or Settings())


def prepared(settings: Settings | None = None) -> Server:
    """The same, after the database was created or upgraded."""
    from ..wiring import prepare_database  # noqa: PLC0415 - see the module

    settings = settings or Settings()
    prepare_database(settings)
    return server(settings)
