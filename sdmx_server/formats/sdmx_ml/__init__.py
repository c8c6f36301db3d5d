"""SDMX-ML: structure-specific data 3.1.0 and 3.0.0, and the schemas of such data."""

from __future__ import annotations

from ..api import Format
from .data_formats import DATA_FORMATS

FORMATS: tuple[Format, ...] = (*DATA_FORMATS,)
"""Best first."""
