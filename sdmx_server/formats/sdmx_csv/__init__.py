"""SDMX-CSV: data messages 2.1.0 (SDMX 3.1), 2.0.0 (SDMX 3.0) and 1.0.0 (SDMX 2.1), metadata messages 2.1.0, 2.0.0."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .data_writer import write_data
from .metadata_reader import read_metadata
from .metadata_writer import write_metadata

_TIMES = ("original", "normalized")
_PARAMETERS = {
    "labels": ("id", "name", "both"),
    "timeFormat": _TIMES,
    "keys": ("none", "obs", "series", "both"),
}
_VERSIONS = (
    ("2.1.0", "3.1", _PARAMETERS),
    ("2.0.0", "3.0", _PARAMETERS),
    ("1.0.0", "2.1", {"labels": ("id", "both"), "timeFormat": _TIMES}),
)

_DATA = tuple(
    Format(
        name=f"sdmx-csv-{version[:3]}-data",
        kind="data",
        media_type="application/vnd.sdmx.data+csv",
        version=version,
        generation=generation,
        family=("csvdata", "csv"),
        extension="csv",
        generic=("text/csv",),
        rows=True,
        streamed=True,
        parameters=parameters,
        write_data=partial(write_data, version=version),
    )
    for version, generation, parameters in _VERSIONS
)
_METADATA = tuple(
    Format(
        name=f"sdmx-csv-{version[:3]}-metadata",
        kind="metadata",
        media_type="application/vnd.sdmx.metadata+csv",
        version=version,
        generation=generation,
        family=("metadata", "csvmetadata", "csv"),
        extension="csv",
        generic=("text/csv",),
        parameters={"labels": _PARAMETERS["labels"]},
        write_metadata=partial(write_metadata, version=version),
        read_metadata=read_metadata,
    )
    for version, generation in (("2.1.0", "3.1"), ("2.0.0", "3.0"))
)

FORMATS: tuple[Format, ...] = (*_DATA, *_METADATA)
"""Best first within each kind."""
