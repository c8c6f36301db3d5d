"""The formats of reference metadata in SDMX-ML: 3.1, 3.0, generic and structure-specific metadata of 2.1."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .metadata_reader import read_metadata
from .metadata_writer import write_metadata
from .versions import V21, V30, V31

_MEDIA_TYPES = {V21: "application/vnd.sdmx.genericmetadata+xml"}


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-ml-{version}-metadata",
        kind="metadata",
        media_type=_MEDIA_TYPES.get(version, "application/vnd.sdmx.metadata+xml"),
        version=version if version == V21 else f"{version}.0",
        generation=version,
        family=("genericmetadata", "metadata", "xml"),
        extension="xml",
        generic=("application/xml", "text/xml"),
        write_metadata=partial(write_metadata, version=version),
        read_metadata=read_metadata,
    )


_SPECIFIC = Format(
    name="sdmx-ml-2.1-structurespecific-metadata",
    kind="metadata",
    media_type="application/vnd.sdmx.structurespecificmetadata+xml",
    version=V21,
    generation=V21,
    family=("structurespecificmetadata",),
    extension="xml",
    write_metadata=partial(write_metadata, version=V21, specific=True),
    read_metadata=read_metadata,
)

FORMATS: tuple[Format, ...] = (_format(V31), _format(V30), _format(V21), _SPECIFIC)
"""Newest first; the reader is the same for all, since a message names its version and kind."""
