"""Numbered texts: each distinct one is judged once, wherever it comes again."""

from __future__ import annotations

import polars as pl

from sdmx_server.loading.coding import Coding, Numbers, numbered, plain


def test_a_text_keeps_its_number_in_every_batch() -> None:
    coding = Coding(pl.String())
    first = coding.encode(pl.Series("REF_AREA", ["IR", "AF", None, "IR"]))
    numbers = dict(zip(first.to_list(), first.to_physical().to_list(), strict=True))
    del first
    again = coding.encode(pl.Series("REF_AREA", ["AF", "TR", "IR"]))
    assert again.to_physical().to_list()[::2] == [numbers["AF"], numbers["IR"]]
    assert again.cast(pl.String).to_list() == ["AF", "TR", "IR"]
    assert coding.encode(again) is again


def test_each_text_is_asked_about_once() -> None:
    asked: list[str] = []

    def odd(texts: pl.Series) -> list[str]:
        asked.extend(texts.sort().to_list())
        return [text for text in texts.to_list() if text == "~"]

    coding = Coding(pl.String())

    def places(texts: list[str | None]) -> Numbers:
        column = coding.encode(pl.Series("A", texts, dtype=pl.String))
        return numbered(column.to_frame())["A"]

    assert coding.is_plain(places(["b", "a", None, "b"]), odd)
    assert not coding.is_plain(places(["a", "~"]), odd)
    assert coding.is_plain(places(["a", "c"]), odd)
    assert not coding.is_plain(places(["~"]), odd)
    assert coding.is_plain(places([None]), odd)
    assert asked == ["a", "b", "~", "c"]


def test_numbered_texts_become_texts_again() -> None:
    frame = pl.DataFrame([Coding(pl.String()).encode(pl.Series("A", ["x", None])), pl.Series("B", [1.5, 2.0])])
    assert plain(frame).schema == {"A": pl.String(), "B": pl.Float64()}
    assert plain(frame).rows() == [("x", 1.5), (None, 2.0)]
