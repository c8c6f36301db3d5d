"""Sorting more rows than fit in memory."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from sdmx_server.store.frames import KeySpace, big_endian
from sdmx_server.store.sorting import KEY, Sorter


@pytest.mark.parametrize("limit", [10, 1_000, 1_000_000])
@pytest.mark.parametrize("wide", [False, True])
def test_rows_come_back_sorted_and_stable(tmp_path: Path, limit: int, wide: bool) -> None:
    random = np.random.default_rng(7)
    sorter = Sorter(tmp_path, limit)
    numbers = random.integers(0, 300, 5_000)
    for begin in range(0, 5_000, 700):
        part = numbers[begin : begin + 700]
        key = big_endian([part], len(part)) if wide else part
        sorter.add({KEY: key, "number": part, "arrival": np.arange(begin, begin + len(part))})
    sorter.finish()
    for _ in range(2):
        chunks = list(sorter.chunks())
        arrival = np.concatenate([c["arrival"] for c in chunks])
        assert arrival.tolist() == np.argsort(numbers, kind="stable").tolist()
        edges = [(a["number"][-1], b["number"][0]) for a, b in itertools.pairwise(chunks)]
        assert all(a < b for a, b in edges)


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    sorter = Sorter(tmp_path)
    sorter.finish()
    assert list(sorter.chunks()) == []


def test_keys_in_mixed_radix_and_in_bytes_sort_alike() -> None:
    random = np.random.default_rng(7)
    columns = [random.integers(0, 300, 1_000).astype(np.uint32) for _ in range(3)]
    narrow, wide = KeySpace((300, 300, 300)), KeySpace((2**32, 2**32, 2**32))
    assert narrow.fits
    assert not wide.fits
    orders = [np.argsort(space.pack(columns, 1_000), kind="stable").tolist() for space in (narrow, wide)]
    assert orders[0] == orders[1]
