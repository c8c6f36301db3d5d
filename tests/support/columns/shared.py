"""What the readers of columns have in common: typed columns, and attributes of all levels at each observation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from benchmarks.material import AREA_NOTE, SOURCE, Material, each
from sdmx_server.model.resolved import Storage

Held = dict[str, str]
_TYPES = {Storage.FLOAT: (float, pl.Float64), Storage.INTEGER: (int, pl.Int64)}


def numbers(material: Material, name: str, values: Iterable[Any]) -> pl.Series:
    """A measure from its texts, or from numbers."""
    number, dtype = _TYPES[material.measures[name]]
    return pl.Series(name, [None if v is None else number(v) for v in values], dtype=dtype)


def dtype_of(material: Material, name: str) -> pl.DataType | type[pl.DataType]:
    return _TYPES[material.measures[name]][1]


def texts(name: str, values: Sequence[str | None]) -> pl.Series:
    return pl.Series(name, values, dtype=pl.String)


def together(
    frame: pl.DataFrame, series: pl.DataFrame, owner: Sequence[int], notes: Held, data_set: Held
) -> pl.DataFrame:
    """All levels at each observation. ``owner``: the series of each; ``notes`` by area."""
    assert data_set.keys() == {SOURCE}
    series = series.with_columns(each(series["REF_AREA"], notes.get).alias(AREA_NOTE))
    of_series = series[pl.Series(owner, dtype=pl.UInt32)]
    return pl.concat([frame, of_series], how="horizontal").with_columns(pl.lit(data_set[SOURCE]).alias(SOURCE))
