"""The short ways of a load into an empty table do what the general ones do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdmx_server.batches import MISSING
from sdmx_server.model.resolved import Storage
from sdmx_server.store.encoding import CLEAR, DELETED, DELETED_MARK, KEEP, OVERWRITE
from sdmx_server.store.frames import Frame, empty_frame, stable_order
from sdmx_server.store.languages import Dictionary, Languages
from sdmx_server.store.layout import Cell, TableLayout
from sdmx_server.store.merging import change, result
from sdmx_server.store.sorting import KEY, Columns

TABLE = TableLayout(
    number=0,
    dimensions=("AREA",),
    time=False,
    cells=(
        Cell("OBS_VALUE", "m1", Storage.FLOAT, "x1"),
        Cell("COUNT", "m2", Storage.INTEGER, "x2"),
        Cell("STATUS", "a3", Storage.CODE),
        Cell("COMMENT", "a4", Storage.CODE),
    ),
)
MARKS = st.sampled_from([0, 1, 2, DELETED_MARK])
IDS = st.sampled_from([0, MISSING, 2, 3, DELETED])
ROWS = st.lists(st.tuples(st.sampled_from([KEEP, CLEAR, OVERWRITE]), MARKS, MARKS, IDS, IDS), min_size=1, max_size=12)


def languages() -> Languages:
    return Languages({"COMMENT": Dictionary((None, None, '{"en":"a"}', '{"fa":"b"}'), [])})


def operations(rows: list[tuple[int, int, int, int, int]]) -> Columns:
    op, x1, x2, a3, a4 = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    return {
        KEY: np.arange(10, 10 + n),
        "k0": np.arange(10, 10 + n, dtype=np.uint32),
        "op": op.astype(np.uint8),
        "m1": np.arange(n) + 0.5,
        "x1": x1.astype(np.uint8),
        "m2": np.arange(n) + 7,
        "x2": x2.astype(np.uint8),
        "a3": a3.astype(np.uint32),
        "a4": a4.astype(np.uint32),
    }


@settings(deadline=None)
@given(ROWS)
def test_a_first_load_changes_what_it_would_change_beside_another_entry(
    rows: list[tuple[int, int, int, int, int]],
) -> None:
    asked = operations(rows)
    cells = {"m1": np.ones(1), "x1": np.ones(1, np.uint8), "m2": np.ones(1, np.int64), "x2": np.ones(1, np.uint8)}
    ids = {"a3": np.full(1, 2, np.uint32), "a4": np.full(1, 2, np.uint32)}
    other = Frame((np.ones(1, np.uint32),), {**cells, **ids}, 1)
    nothing = empty_frame(TABLE)
    first = change(TABLE, nothing, np.empty(0, np.int64), asked, languages())
    general = change(TABLE, other, np.ones(1, np.int64), asked, languages())
    for mask in ("hit", "inserted", "updated", "deleted"):
        assert getattr(first, mask).tolist() == getattr(general, mask).tolist()
    new = result(nothing, np.empty(0, np.int64), asked, first)
    both = result(other, np.ones(1, np.int64), asked, general)
    assert (new.n, new.keys[0].tolist()) == (both.n - 1, both.keys[0].tolist()[1:])
    for name, values in both.cells.items():
        assert new.cells[name].dtype == values.dtype
        assert new.cells[name].tolist() == values.tolist()[1:]


@given(st.lists(st.integers(-3, 2**62) | st.integers(0, 5), max_size=50))
def test_an_order_is_the_stable_one(keys: list[int]) -> None:
    key = np.array(keys, np.int64)
    assert stable_order(key).tolist() == np.argsort(key, kind="stable").tolist()


@pytest.mark.parametrize("top", [2**20, 2**55, 2**61])
def test_large_keys_are_ordered_too(top: int) -> None:
    key = np.random.default_rng(7).integers(0, top, 20_000) // 3 * 3
    assert stable_order(key).tolist() == np.argsort(key, kind="stable").tolist()
