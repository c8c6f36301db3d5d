"""Formats: one folder each, the same file names in all; this table lists them."""

from __future__ import annotations

from . import parquet, sdmx_csv, sdmx_json, sdmx_ml, xlsx
from .api import Format

FORMATS: tuple[Format, ...] = (*sdmx_json.FORMATS, *sdmx_ml.FORMATS, *sdmx_csv.FORMATS, *parquet.FORMATS, *xlsx.FORMATS)
"""All formats; of one kind the best comes first within its family."""
