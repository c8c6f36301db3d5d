"""The structure formats of SDMX-ML: 3.1, 3.0 and 2.1, read and written."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .structure_reader import read_structures
from .structure_writer import write_availability, write_error, write_structures
from .versions import V21, V30, V31

_MEDIA_TYPE = "application/vnd.sdmx.structure+xml"


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-ml-{version}-structure",
        kind="structure",
        media_type=_MEDIA_TYPE,
        version=version if version == V21 else f"{version}.0",
        generation=version,
        family=("structure", "xml"),
        extension="xml",
        generic=("application/xml", "text/xml"),
        write_structures=partial(write_structures, version=version),
        write_availability=partial(write_availability, version=version),
        write_error=partial(write_error, version=version),
        read_structures=read_structures,
    )


FORMATS: tuple[Format, ...] = (_format(V31), _format(V30), _format(V21))
"""Newest first; the reader is the same for all, since a message names its version."""
