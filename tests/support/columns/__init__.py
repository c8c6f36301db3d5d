"""Quick readers of large data messages into columns; they share no code with the writers.

Each gives one row for each observation with every component of the material: numbers as numbers, all else as text,
texts in languages as ``material.text_of`` writes them, what is absent as null. Attributes of series, groups and the
data set stand at each observation that they apply to. Formats that have texts in one language give these as they are.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.material import Material

from .json import read_json, read_json_1
from .tables import read_csv, read_csv_1, read_parquet, read_xlsx
from .xml import read_generic, read_xml

Reader = Callable[[Path, Material], pl.DataFrame]
READERS: dict[str, Reader] = {
    "json-2.1": read_json,
    "json-2.0": read_json,
    "json-1.0": read_json_1,
    "json-draft": read_json_1,
    "xml-3.1": read_xml,
    "xml-3.0": read_xml,
    "xml-2.1-generic": read_generic,
    "xml-2.1-structure-specific": read_xml,
    "xml-2.1-generic-time-series": read_generic,
    "xml-2.1-structure-specific-time-series": read_xml,
    "csv-2.1": read_csv,
    "csv-2.0": read_csv,
    "csv-1.0": read_csv_1,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
}
"""By the short name of the format."""

IN_ENGLISH = {name for name in READERS if name.startswith("xml-2.1")} | {"json-draft", "csv-1.0", "xlsx"}
"""Formats that have texts in one language, which is English unless another one is asked for."""


def read(path: Path, name: str, material: Material) -> pl.DataFrame:
    """The columns of a message; without Python's search for cycles, which takes longer than reading does."""
    gc.disable()
    try:
        return READERS[name](path, material)
    finally:
        gc.enable()
