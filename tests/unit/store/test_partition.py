"""Where rows are cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.store import partition
from sdmx_server.store.frames import Frame
from sdmx_server.store.layout import TableLayout
from sdmx_server.store.partition import BUCKET, LONGEST, RowCount, buckets, choose_k, rows_of


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
        whole = RowCount(layout, buckets(94))
        whole.add(tuple(columns), columns.shape[1])
        pieces = RowCount(layout, buckets(94))
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
