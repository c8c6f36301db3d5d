"""The data and schema formats of SDMX-ML."""

from __future__ import annotations

from functools import partial

from ..api import Format
from .data_forms import (
    GENERIC,
    GENERIC_TIME_SERIES,
    STRUCTURE_SPECIFIC,
    STRUCTURE_SPECIFIC_TIME_SERIES,
    V30_DATA,
    V31_DATA,
    DataForm,
)
from .data_writer import write_data
from .metadata_schema import write_metadata_schema
from .schema_writer import write_schema
from .versions import V21

_XML = ("application/xml", "text/xml")


def _data(name: str, form: DataForm, kind: str, family: tuple[str, ...], generic: tuple[str, ...] = ()) -> Format:
    """A data format; ``kind`` is the middle of its media type."""
    return Format(
        name=f"sdmx-ml-{form.generation}-{name}",
        kind="data",
        media_type=f"application/vnd.sdmx.{kind}+xml",
        version=form.version,
        generation=form.generation,
        family=family,
        extension="xml",
        generic=generic,
        write_data=partial(write_data, form=form),
    )


def _data_21(name: str, form: DataForm, *more: str, generic: tuple[str, ...] = ()) -> Format:
    """A data format of 2.1, whose media types and families are the names of the forms."""
    return _data(name, form, name.replace("-", ""), (name.replace("-", ""), *more), generic)


DATA_FORMATS: tuple[Format, ...] = (
    _data("data", V31_DATA, "data", ("structurespecificdata", "xml"), _XML),
    _data("data", V30_DATA, "data", ("structurespecificdata", "xml"), _XML),
    _data_21("generic-data", GENERIC, "xml", generic=_XML),
    _data_21("structure-specific-data", STRUCTURE_SPECIFIC),
    _data_21("generic-time-series-data", GENERIC_TIME_SERIES),
    _data_21("structure-specific-time-series-data", STRUCTURE_SPECIFIC_TIME_SERIES),
    *(
        Format(
            name=f"sdmx-ml-{version[:3]}-schema",
            kind="schema",
            media_type="application/vnd.sdmx.schema+xml",
            version=version,
            generation=version[:3],
            family=("schema", "xml"),
            extension="xsd",
            generic=_XML,
            write_schema=partial(write_schema, version=version),
            write_metadata_schema=write_metadata_schema if version == V21 else None,
        )
        for version in ("3.1.0", "3.0.0", "2.1")
    ),
)
"""Best first."""
