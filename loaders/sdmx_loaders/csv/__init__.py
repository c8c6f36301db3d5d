"""Delimited text (CSV, TSV) with any head, as offices export it."""

from .loader import CsvLoader

__all__ = ["CsvLoader"]
