"""The schema formats of SDMX-JSON, for data and for reference metadata."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .engine import GENERATIONS, V20, V21
from .metadata_schema import write_metadata_schema
from .schema_writer import write_schema


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-json-{version[:3]}-schema",
        kind="schema",
        media_type="application/vnd.sdmx.schema+json",
        version=version,
        generation=GENERATIONS[version],
        family=("jsonschema", "json"),
        extension="json",
        generic=("application/json", "application/schema+json"),
        charset=False,
        write_schema=partial(write_schema, version=version),
        write_metadata_schema=partial(write_metadata_schema, version=version),
    )


SCHEMA_FORMATS: tuple[Format, ...] = tuple(map(_format, (V21, V20)))
"""The newest first."""
