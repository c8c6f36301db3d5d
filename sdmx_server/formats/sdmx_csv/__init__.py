"""SDMX-CSV: data messages 2.1.0 (SDMX 3.1), 2.0.0 (SDMX 3.0) and 1.0.0 (SDMX 2.1)."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .data_writer import write_data

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
        parameters=parameters,
        write_data=partial(write_data, version=version),
    )
    for version, generation, parameters in _VERSIONS
)
"""Best first."""
