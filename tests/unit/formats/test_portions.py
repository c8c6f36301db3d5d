"""Portions of a batch hold what the batch holds, in its order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.batches import Batch, Column
from sdmx_server.formats.portions import portions


def batch_of(rows: list[list[int]]) -> Batch:
    """A batch of stored rows, each a list of the lengths of its series; every value tells where it stands."""
    lengths = [length for row in rows for length in row]
    size = sum(lengths)
    starts = np.cumsum([0, *lengths[:-1]]).astype(np.int64)
    owner = np.repeat(np.arange(len(lengths)), lengths).astype(np.uint32)
    place = np.arange(size)
    return Batch(
        prefix=(np.arange(len(rows), dtype=np.uint32),),
        count=np.array([sum(row) for row in rows], np.int64),
        suffix=(owner,),
        time=place.astype(np.uint32),
        series=starts,
        measures={"OBS_VALUE": Column(place * 1.5, (place % 3).astype(np.uint8)), "N": Column(place)},
        attributes={"OBS_STATUS": (place % 5).astype(np.uint32)},
        series_attributes={"UNIT": np.arange(len(lengths), dtype=np.uint32) + 7},
    )


def flat(batch: Batch) -> list[tuple[object, ...]]:
    """The observations with everything that applies to them."""
    row = np.repeat(np.arange(len(batch.count)), batch.count)
    series = np.searchsorted(batch.series, np.arange(len(batch)), side="right") - 1
    value = batch.measures["OBS_VALUE"]
    assert value.presence is not None
    assert batch.time is not None
    columns = (
        *(batch.prefix[0][row], batch.suffix[0], batch.time, value.values, value.presence),
        *(batch.measures["N"].values, batch.attributes["OBS_STATUS"], batch.series_attributes["UNIT"][series]),
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=4), min_size=1, max_size=6), st.integers(1, 40))
def test_nothing_is_lost_or_moved(rows: list[list[int]], most: int) -> None:
    whole = batch_of(rows)
    found = list(portions(whole, most))
    assert all(0 < len(part) <= most for part in found)
    assert all(part.series[0] == 0 for part in found)
    assert [line for part in found for line in flat(part)] == flat(whole)


@pytest.mark.parametrize("most", [6, 7])
def test_a_batch_that_is_small_enough_stays_as_it_is(most: int) -> None:
    whole = batch_of([[2, 1], [3]])
    assert list(portions(whole, most)) == [whole]
