"""The data and schema formats of SDMX-ML."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .data_writer import write_data
from .schema_writer import write_schema

_VERSIONS = ("3.1.0", "3.0.0")

DATA_FORMATS: tuple[Format, ...] = (
    *(
        Format(
            name=f"sdmx-ml-{version[:3]}-data",
            kind="data",
            media_type="application/vnd.sdmx.data+xml",
            version=version,
            generation=version[:3],
            family=("structurespecificdata", "xml"),
            extension="xml",
            generic=("application/xml", "text/xml"),
            write_data=partial(write_data, version=version),
        )
        for version in _VERSIONS
    ),
    *(
        Format(
            name=f"sdmx-ml-{version[:3]}-schema",
            kind="schema",
            media_type="application/vnd.sdmx.schema+xml",
            version=version,
            generation=version[:3],
            family=("schema", "xml"),
            extension="xsd",
            generic=("application/xml", "text/xml"),
            write_schema=partial(write_schema, version=version),
        )
        for version in _VERSIONS
    ),
)
"""Best first."""
