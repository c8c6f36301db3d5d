"""SDMX-ML: structures (3.1, 3.0; 2.1 is read), structure-specific data 3.1.0 and 3.0.0, and its schemas."""

from __future__ import annotations

from ..api import Format
from .data_formats import DATA_FORMATS
from .metadata import FORMATS as METADATA_FORMATS
from .registry import FORMATS as REGISTRY_FORMATS
from .structure import FORMATS as STRUCTURE_FORMATS

FORMATS: tuple[Format, ...] = (*STRUCTURE_FORMATS, *DATA_FORMATS, *METADATA_FORMATS, *REGISTRY_FORMATS)
"""Best first within each kind."""
