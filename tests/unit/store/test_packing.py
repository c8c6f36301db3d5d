"""Blobs and their checksums."""

from __future__ import annotations

import numpy as np
import pytest

from sdmx_server.model.resolved import Storage
from sdmx_server.store.layout import Cell, TableLayout
from sdmx_server.store.packing import DamagedRow, join, join_presence, pack, verify

TABLE = TableLayout(
    number=0,
    dimensions=("AREA",),
    time=False,
    cells=(Cell("V", "m1", Storage.FLOAT, "x1"), Cell("S", "a2", Storage.CODE)),
)
COLUMNS = {
    "s0": np.array([2, 3, 4, 5], "<u4"),
    "m1": np.array([0.0, 1.5, 0.0, 0.0], "<f8"),
    "x1": np.array([1, 1, 0, 0], "u1"),
    "a2": np.array([0, 0, 2, 1], "<u4"),
}
BEGIN, END = np.array([0, 2]), np.array([2, 4])
SEEDS = np.array([[7, 0, 2], [7, 1, 2]])


def test_columns_that_say_nothing_are_null() -> None:
    blobs, _ = pack(TABLE, COLUMNS, BEGIN, END, SEEDS)
    assert [b is None for b in blobs["m1"]] == [False, True]
    assert [b is None for b in blobs["x1"]] == [True, True]
    assert [b is None for b in blobs["a2"]] == [True, False]


def test_packed_columns_come_back() -> None:
    packed, _ = pack(TABLE, COLUMNS, BEGIN, END, SEEDS)
    blobs = {name: [None if b is None else bytes(b) for b in column] for name, column in packed.items()}
    for name, column in COLUMNS.items():
        if name == "x1":
            found = join_presence(blobs["x1"], blobs["m1"], [2, 2])
        else:
            found = join(blobs[name], [2, 2], column.dtype)
        assert found is not None
        assert found.tolist() == column.tolist()


@pytest.mark.parametrize("name", list(COLUMNS))
@pytest.mark.parametrize("row", [0, 1])
def test_any_changed_blob_is_found(name: str, row: int) -> None:
    packed, sums = pack(TABLE, COLUMNS, BEGIN, END, SEEDS)
    names = list(packed)
    blobs = {n: [None if b is None else bytes(b) for b in column] for n, column in packed.items()}
    verify(names, range(len(names)), [blobs[n] for n in names], sums, SEEDS)
    blob = blobs[name][row]
    blobs[name][row] = b"\x01" if blob is None else bytes([blob[0] ^ 1]) + blob[1:]
    with pytest.raises(DamagedRow) as found:
        verify(names, range(len(names)), [blobs[n] for n in names], sums, SEEDS)
    assert (found.value.row, found.value.column) == (row, name)


def test_a_row_in_the_wrong_place_is_found() -> None:
    packed, sums = pack(TABLE, COLUMNS, BEGIN, END, SEEDS)
    names = list(packed)
    blobs = [[None if b is None else bytes(b) for b in packed[n]] for n in names]
    with pytest.raises(DamagedRow):
        verify(names, range(len(names)), blobs, sums, SEEDS + 1)


def test_a_column_newer_than_a_row_has_no_checksum_there() -> None:
    packed, sums = pack(TABLE, COLUMNS, BEGIN, END, SEEDS)
    names = [*packed, "a3"]
    blobs = [[None if b is None else bytes(b) for b in packed[n]] for n in packed]
    verify(names, range(5), [*blobs, [None, None]], sums, SEEDS)
    longer = [sums[0], sums[1] + sums[1][:4]]
    with pytest.raises(DamagedRow):
        verify(names, range(5), [*blobs, [None, b"\x01\x00\x00\x00" * 2]], longer, SEEDS)
