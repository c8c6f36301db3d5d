"""Where rows are cut."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.store import partition
from sdmx_server.store.frames import Frame
from sdmx_server.store.layout import TableLayout
from sdmx_server.store.partition import BUCKET, LONGEST, RowCount, buckets, choose_k, rows_of, with_bucket


def table(*dimensions: str, k: int | None = None, time: bool = True) -> TableLayout:
    return TableLayout(number=0, dimensions=dimensions, time=time, cells=(), k=k)


def grid(*sizes: int) -> tuple[np.ndarray, ...]:  # type: ignore[type-arg]
    """All combinations of ids, sorted."""
    axes = np.meshgrid(*(np.arange(2, 2 + s, dtype=np.uint32) for s in sizes), indexing="ij")
    return tuple(a.ravel() for a in axes)


def test_k_brings_rows_near_512_observations() -> None:
    keys = grid(31, 20, 10, 36)
    assert choose_k(table("AREA", "PRODUCT", "UNIT"), keys, len(keys[0])) == 2


def test_k_counts_the_parts_of_long_series() -> None:
    # 120 months fill four buckets: ten series together make rows of 360, one alone rows of 36
    keys = grid(31, 10, 120)
    assert choose_k(table("AREA", "PRODUCT"), keys, len(keys[0])) == 1


def test_long_series_lie_in_few_rows_of_their_own() -> None:
    keys = grid(31, 4, 7_300)
    layout = with_bucket(table("AREA", "UNIT"), keys, len(keys[0]))
    assert layout.bucket == 16 * BUCKET
    assert choose_k(layout, keys, len(keys[0])) == 2
    found = msgspec.structs.replace(layout, k=2)
    one = tuple(column[:7_300] for column in keys)
    assert len(rows_of(found, (33, 6, 7_302), Frame(one, {}, 7_300)).begin) == 13


def test_short_series_keep_short_buckets() -> None:
    keys = grid(31, 20, 120)
    assert with_bucket(table("AREA", "PRODUCT"), keys, len(keys[0])).bucket is None
    keys = grid(31, 20, 1)
    assert with_bucket(table("AREA", "PRODUCT", "SEX", time=False), keys, len(keys[0])).bucket is None


@pytest.mark.parametrize("before", [0, 7, 100])
def test_short_series_do_not_lie_among_long_ones(before: int) -> None:
    """One product of each area has 20,000 observations, the others have three."""
    long = [(area, 2 + before) for area in range(2, 6)]
    lengths = {(area, product): 3 for area in range(2, 6) for product in range(2, 103)} | dict.fromkeys(long, 20_000)
    entries = [(*key, time) for key, length in sorted(lengths.items()) for time in range(2, 2 + length)]
    keys = tuple(np.array(column, np.uint32) for column in zip(*entries, strict=True))
    layout = with_bucket(table("AREA", "PRODUCT"), keys, len(entries))
    assert choose_k(layout, keys, len(entries)) == 2
    pieces = RowCount(layout, buckets(layout, 20_002))
    for begin in range(0, len(entries), 999):
        part = tuple(column[begin : begin + 999] for column in keys)
        pieces.add(part, len(part[0]))
    assert pieces.best() == 2


def test_a_table_without_dimensions_has_no_prefix() -> None:
    assert choose_k(table(time=False), (), 1) == 0


def test_rows_are_cut_by_prefix_bucket_and_length() -> None:
    keys = grid(2, 6000, 1)
    frame = Frame(keys, {}, len(keys[0]))
    rows = rows_of(table("AREA", "COUNTY", k=1), (4, 6002, 3), frame)
    assert (rows.end - rows.begin).tolist() == [LONGEST, 6000 - LONGEST] * 2
    assert rows.part.tolist() == [0, 1, 0, 1]


def test_periods_of_one_prefix_go_to_their_buckets() -> None:
    keys = grid(1, 2, 72)
    rows = rows_of(table("AREA", "SEX", k=1), (3, 4, 74), Frame(keys, {}, 144))
    assert rows.order is not None
    assert (keys[2][rows.order][rows.begin]).tolist() == [2, 38]
    assert (rows.end - rows.begin).tolist() == [72, 72]


@given(
    st.lists(st.tuples(*(st.integers(2, 2 + size) for size in (2, 3, 4, 90))), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_rows_are_counted_the_same_in_portions(entries: list[tuple[int, ...]], cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "LONGEST", 3)
        patch.setattr(partition, "TARGET", 2)
        columns = np.array(sorted(entries), np.uint32).T
        layout = table("AREA", "SEX", "AGE")
        whole = RowCount(layout, buckets(layout, 94))
        whole.add(tuple(columns), columns.shape[1])
        pieces = RowCount(layout, buckets(layout, 94))
        for piece in np.split(columns, sorted(c for c in cuts if c <= columns.shape[1]), axis=1):
            pieces.add(tuple(piece), piece.shape[1])
        counted = pieces.rows()
        assert counted == whole.rows()
        for k, rows in enumerate(counted):
            units: dict[tuple[int, ...], int] = {}
            for entry in entries:
                unit = (*entry[:k], (entry[-1] - 2) // BUCKET)
                units[unit] = units.get(unit, 0) + 1
            assert rows == sum(-(-n // 3) for n in units.values())
        assert pieces.best() == choose_k(layout, tuple(columns), columns.shape[1])
