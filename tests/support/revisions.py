"""Data whose every revision is known: what a store shows is one revision whole, or something was lost or torn.

Revision ``n`` has the value ``n`` in all observations, ``n`` in the attributes of all levels, and one series that no
other revision near it has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.artefacts import message
from benchmarks.material import Material
from sdmx_server.batches import WriteOptions
from sdmx_server.formats.names import format_named
from sdmx_server.query.data import DataQuery
from sdmx_server.query.paths import parse_data_path
from sdmx_server.wiring import Server

MATERIAL = Material("A", 2_000)
"""The structure and its codes; of the series that it has not, one comes and another one goes with each revision."""

_KEYS = MATERIAL.frame.select(*MATERIAL.sizes).unique(maintain_order=True)
SERIES = len(_KEYS)
PERIODS = MATERIAL.periods[:36]
OBSERVATIONS = (SERIES + 1) * len(PERIODS)


def _passing(n: int) -> pl.DataFrame:
    """The key of the series that revision ``n`` alone has."""
    every = pl.DataFrame({d: MATERIAL.codes(d) for d in ("REF_AREA",)})
    for dimension in MATERIAL.sizes:
        if dimension not in every.columns:
            every = every.join(pl.DataFrame({dimension: MATERIAL.codes(dimension)}), how="cross")
    spare = every.join(_KEYS, on=list(MATERIAL.sizes), how="anti", maintain_order="left")
    return spare.select(*MATERIAL.sizes)[n % len(spare)]


def structures(path: Path, flows: Sequence[str]) -> None:
    """Write the artefacts of dataflows ``BENCH:<name>(1.0.0)`` that share a structure."""
    found = message(MATERIAL)
    [first] = found["data"]["dataflows"]
    found["data"]["dataflows"] = [first | {"id": name} for name in flows]
    path.write_text(json.dumps(found), encoding="utf-8")


def _rows(flow: str, action: str, keys: pl.DataFrame, n: int) -> pl.DataFrame:
    text = pl.lit(f"en:{n};fa:{n}")
    return keys.join(pl.DataFrame({"TIME_PERIOD": PERIODS}), how="cross").select(
        pl.lit("dataflow").alias("STRUCTURE[;]"),
        pl.lit(f"BENCH:{flow}(1.0.0)").alias("STRUCTURE_ID"),
        pl.lit(action).alias("ACTION"),
        *MATERIAL.key,
        pl.lit(str(n)).alias("OBS_VALUE"),
        pl.lit("EM"[n % 2]).alias("OBS_STATUS"),
        text.alias("AREA_NOTE[en;fa]"),
        text.alias("SOURCE[en;fa]"),
    )


def write(path: Path, flow: str, n: int) -> None:
    """Write what makes revision ``n`` of the one before as SDMX-CSV."""
    frames = [_rows(flow, "R", pl.concat([_KEYS, _passing(n)]), n)]
    if n > 1:
        gone = _rows(flow, "D", _passing(n - 1), n)
        empty = [pl.lit(None, pl.String).alias(name) for name in gone.columns if name not in MATERIAL.key][3:]
        frames.insert(0, gone.with_columns(empty))
    pl.concat(frames).write_csv(path)


def write_series(path: Path, flow: str, series: Sequence[int], n: int) -> None:
    """Write the value ``n`` for some series, to be merged into whatever is there."""
    rows = _rows(flow, "M", _KEYS[series], n)
    rows.select(*rows.columns[:3], *MATERIAL.key, "OBS_VALUE").write_csv(path)


def values_of(text: bytes) -> list[int]:
    """The value of each series in an answer in SDMX-CSV; fails when one has more than one, or not all periods."""
    frame = pl.read_csv(BytesIO(text), infer_schema=False)
    found = frame.group_by(*MATERIAL.sizes).agg(pl.col("OBS_VALUE").unique(), pl.len())
    assert found["len"].unique().to_list() == [len(PERIODS)]
    return [int(value) for [value] in found["OBS_VALUE"].to_list()]


def shown(server: Server, flow: str, **more: Any) -> int:
    """The revision that a dataflow shows, whole; 0 when there is nothing."""
    opened = server.data.open(DataQuery(path=parse_data_path(f"dataflow/BENCH/{flow}/1.0.0"), **more))
    try:
        found = opened.message()
        if found is None:
            return 0
        writer = format_named("csv", "data").write_data
        assert writer is not None
        return revision_of(b"".join(writer(found, WriteOptions())))
    finally:
        opened.close()


def revision_of(text: bytes) -> int:
    """The revision of an answer in SDMX-CSV; fails when that is not one revision whole."""
    frame = pl.read_csv(BytesIO(text), infer_schema=False)
    [n] = frame["OBS_VALUE"].unique().to_list()
    number = int(n)
    assert len(frame) == OBSERVATIONS
    assert frame.select(MATERIAL.key).n_unique() == OBSERVATIONS
    expected = _rows("", "", pl.concat([_KEYS, _passing(number)]), number)
    for column in ("OBS_STATUS", "AREA_NOTE[en;fa]", "SOURCE[en;fa]"):
        assert frame[column].unique().to_list() == expected[column].unique().to_list()
    assert len(frame.join(expected, on=list(MATERIAL.key), how="anti")) == 0
    return number
