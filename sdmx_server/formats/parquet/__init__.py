"""Apache Parquet: data as a typed table for DuckDB, pandas, Polars, Spark and R."""

from __future__ import annotations

from ..api import Format
from .data_writer import write_data

FORMATS: tuple[Format, ...] = (
    Format(
        name="parquet-data",
        kind="data",
        media_type="application/vnd.apache.parquet",
        version="1.0",
        family=("parquet",),
        extension="parquet",
        charset=False,
        rows=True,
        streamed=True,
        download=True,
        parameters={"labels": ("id", "name")},
        write_data=write_data,
    ),
)
