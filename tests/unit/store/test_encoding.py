"""Texts of a load become ids, whether they come as Strings or as the categories of somebody else."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.batches import FIRST_ID
from sdmx_server.store.encoding import LocalCodes

COLUMNS = st.lists(st.tuples(st.booleans(), st.lists(st.none() | st.sampled_from("abcdefg"))), max_size=8)


@given(COLUMNS)
def test_ids_stand_for_the_same_texts_in_both_types(columns: list[tuple[bool, list[str | None]]]) -> None:
    categories = pl.Categorical(pl.Categories.random())
    # numbered before the load begins, and in another order than the texts are met
    numbering = pl.Series(list("gxfedcba")).cast(categories)
    codes = LocalCodes()
    for coded, texts in columns:
        column = pl.Series(texts, dtype=pl.String)
        ids = codes.encode(column.cast(categories) if coded else column).tolist()
        assert [codes.texts[i - FIRST_ID] if i else None for i in ids] == texts
    met = [text for _, texts in columns for text in texts if text is not None]
    assert sorted(codes.texts) == sorted(set(met))
    assert numbering.len() == 8
