"""Excel workbooks: data for people, with names beside codes and a sheet of notes."""

from __future__ import annotations

from ..api import Format
from .data_writer import write_data

FORMATS: tuple[Format, ...] = (
    Format(
        name="xlsx-data",
        kind="data",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        version="1.0",
        family=("xlsx", "excel"),
        extension="xlsx",
        charset=False,
        rows=True,
        download=True,
        parameters={"labels": ("name", "id", "both")},
        write_data=write_data,
    ),
)
