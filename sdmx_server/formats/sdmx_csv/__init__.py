"""SDMX-CSV: data messages 2.0.0 (SDMX 3.0) and 2.1.0 (SDMX 3.1)."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .data_writer import write_data

_PARAMETERS = {
    "labels": ("id", "name", "both"),
    "timeFormat": ("original", "normalized"),
    "keys": ("none", "obs", "series", "both"),
}

FORMATS: tuple[Format, ...] = tuple(
    Format(
        name=f"sdmx-csv-{version[:3]}-data",
        kind="data",
        media_type="application/vnd.sdmx.data+csv",
        version=version,
        generation=generation,
        family=("csvdata", "csv"),
        extension="csv",
        generic=("text/csv",),
        parameters=_PARAMETERS,
        write_data=partial(write_data, version=version),
    )
    for version, generation in (("2.1.0", "3.1"), ("2.0.0", "3.0"))
)
"""Best first."""
