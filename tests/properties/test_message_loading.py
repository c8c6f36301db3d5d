"""Whatever a writer of SDMX-ML prints, the loader reads: the same cells, however the data are laid out."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cases import Case
from support.loading import Loaded
from support.read_back import Cells, expected
from test_data_round_trip import cases, few, message, seams

from sdmx_server.loading.api import Limits
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.resolved import Storage

NOW = {"0987-12": "1987-12", "1402-01-01/P1Y": "2002-01-01/P1Y"}
"""Periods before 1700 are refused as an undeclared calendar."""

VERSIONS = ("3.0", "3.1", "2.1-generic", "2.1-structure-specific")


def recent(case: Case) -> Case:
    frames = {key: _recent(frame) for key, frame in case.groups.items()}
    return Case(
        name=case.name,
        schema=case.schema,
        observations=_recent(case.observations),
        groups=frames,
        dataset_attributes=case.dataset_attributes,
    )


def _recent(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("TIME_PERIOD").replace(NOW)) if "TIME_PERIOD" in frame.columns else frame


def loaded(case: Case, text: bytes, block: int) -> Case:
    """What the loader hands over, as a case again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "message.xml")
        file.write_bytes(text)
        found = Loaded(FileJob(path=file), case.schema, limits=Limits(block_bytes=block))
    frames = [d.observations for d in found.deltas if d.observations is not None]
    keys = {key for d in found.deltas for key in d.groups}
    groups = {key: pl.concat([d.groups[key] for d in found.deltas if key in d.groups], how="diagonal") for key in keys}
    shared: dict[str, str] = {}
    for row in groups.pop((), pl.DataFrame()).iter_rows(named=True):
        shared |= {n: v for n, v in row.items() if v is not None and not n.endswith("?")}
    return Case(
        name=case.name,
        schema=case.schema,
        observations=pl.concat(frames, how="diagonal"),
        groups=groups,
        dataset_attributes=shared,
    )


def plain(case: Case, cells: Cells) -> dict[Any, Any]:
    """What SDMX 2.1 can hold as it is: texts in one language, intentionally missing numbers."""
    lost = {c.id for c in case.schema.components if c.multilingual}
    numbers = {m.id for m in case.schema.measures if m.storage is not Storage.CODE}
    return {
        key: {n: v for n, v in found.items() if n not in lost and (n in numbers or v not in ("NaN", "#N/A"))}
        for key, found in cells.items()
    }


@few
@given(cases(), seams, st.sampled_from(VERSIONS), st.sampled_from([1, 10_000]), st.randoms())
def test_what_is_written_is_read(
    case: Case, how: dict[str, int], version: str, block: int, chance: random.Random
) -> None:
    case = recent(case)
    names = [d.id for d in case.schema.dimensions]
    assume(not case.observations.select(pl.any_horizontal(pl.col(names) == "~").any()).item())
    at = chance.choice(case.packagings)
    again = loaded(case, message(case, at, f"sdmx-ml-{version}-data", **how), block)
    found, wanted = expected(again), expected(case)
    if version.startswith("2.1"):
        found, wanted = plain(case, found), plain(case, wanted)
    own = {a.id for a in case.schema.attributes if case.schema.level(a) == "observation"}
    own |= {m.id for m in case.schema.measures}
    for key in wanted.keys() - found.keys():
        assert not own & wanted[key].keys()  # merging an observation that has nothing of its own changes nothing
    assert found == {key: wanted[key] for key in found}
