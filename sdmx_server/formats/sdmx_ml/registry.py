"""The formats of registrations: registry messages of SDMX-ML 3.1 and 3.0; those of 2.1 are read, too."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .registry_reader import read_registrations
from .registry_writer import write_registrations
from .versions import V30, V31


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-ml-{version}-registration",
        kind="registration",
        media_type="application/vnd.sdmx.registry+xml",
        version=f"{version}.0",
        generation=version,
        family=("registry", "xml"),
        extension="xml",
        generic=("application/xml", "text/xml"),
        write_registrations=partial(write_registrations, version=version),
        read_registrations=read_registrations,
    )


FORMATS: tuple[Format, ...] = (_format(V31), _format(V30))
"""Newest first; the reader is the same for all, since a message names its version."""
