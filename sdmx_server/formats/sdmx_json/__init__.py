"""SDMX-JSON 1.0.0, 2.0.0 and 2.1.0, the JSON formats of SDMX 2.1, 3.0 and 3.1."""

from ..api import Format
from .data_writer import DATA_FORMATS
from .metadata import FORMATS as _METADATA
from .schema_formats import SCHEMA_FORMATS
from .structure import FORMATS as _STRUCTURE

FORMATS: tuple[Format, ...] = (*_STRUCTURE, *DATA_FORMATS, *SCHEMA_FORMATS, *_METADATA)
"""The formats of this folder, the default of each kind first."""
