"""Strips of text, and how they become lines: each line takes one text of each strip.

A strip is a few texts and, for every line, which of them it takes. Strips are laid side by side as one list of
positions in one list of texts; Polars picks them (a view of 16 bytes each, no text is touched) and writes them one
after the other into one Arrow buffer, which is the output. That is the only time that text is copied for each line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from ..batches import Array, Ids


def take(texts: pl.Series, ids: Array) -> pl.Series:
    """The texts at these positions (a plain index of Polars: its ``gather`` is planned like a query, and slow)."""
    return texts[pl.Series(ids.astype(np.uint32, copy=False))]


class Strip(NamedTuple):
    """``ids`` are positions in ``texts``, None: each line has its own. ``lasting`` texts are asked for again."""

    texts: pl.Series
    ids: Ids | None
    lasting: bool = False

    def column(self) -> pl.Series:
        """The text of each line."""
        return self.texts if self.ids is None else take(self.texts, self.ids)

    def positions(self, size: int) -> Ids:
        """The position of each of ``size`` lines."""
        return np.arange(size, dtype=np.uint32) if self.ids is None else self.ids

    def lifted(self, index: Array | None) -> Strip:
        """The strip of other lines, ``index`` says which of these each one is like; None: the same."""
        if index is None:
            return self
        ids = index.astype(np.uint32, copy=False) if self.ids is None else self.ids[index]
        return Strip(self.texts, ids, self.lasting)


Part = str | Strip
"""Text that all lines share, or a text for each."""


def joined(parts: Sequence[Part]) -> list[Part]:
    """The parts with neighbouring constants in one."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return found


class Assembly:
    """Puts strips together. The lasting texts of one batch are kept at hand for the next."""

    def __init__(self) -> None:
        self._lasting: list[pl.Series] = []
        self._begins: dict[int, int] = {}
        self._texts = pl.Series(dtype=pl.String)

    def render(self, parts: Sequence[Part], size: int) -> bytes:
        """All lines one after the other, in UTF-8."""
        parts = joined(parts)
        if all(isinstance(part, str) for part in parts):
            return "".join(map(str, parts)).encode() * size
        texts, begins = self._together(parts)
        places = np.empty((size, len(parts)), np.uint32)
        for column, (part, begin) in enumerate(zip(parts, begins, strict=True)):
            if isinstance(part, str):
                places[:, column] = begin
            else:
                np.add(part.positions(size), np.uint32(begin), out=places[:, column], casting="same_kind")
        return buffer(take(texts, places.reshape(-1)))

    def _together(self, parts: Sequence[Part]) -> tuple[pl.Series, list[int]]:
        """All texts in one list, and where in it those of each part begin."""
        lasting = {id(p.texts): p.texts for p in parts if isinstance(p, Strip) and p.lasting}
        if list(lasting) != list(self._begins):
            self._lasting = list(lasting.values())  # held, so that their ids stay theirs
            sizes = [0, *map(len, self._lasting)]
            self._begins = dict(zip(lasting, np.cumsum(sizes).tolist(), strict=False))
            self._texts = pl.concat(self._lasting, rechunk=True) if lasting else pl.Series(dtype=pl.String)
        more = [self._texts]
        end = len(self._texts)
        begins = []
        for part in parts:
            if isinstance(part, Strip) and part.lasting:
                begins.append(self._begins[id(part.texts)])
                continue
            more.append(part.texts if isinstance(part, Strip) else pl.Series([part], dtype=pl.String))
            begins.append(end)
            end += len(more[-1])
        return (pl.concat(more, rechunk=True) if len(more) > 1 else self._texts), begins


def concat(parts: Sequence[str | pl.Series], size: int | None = None) -> pl.Series:
    """Text put together row by row; ``size`` is needed when every part may be constant."""
    series = [p for p in parts if isinstance(p, pl.Series)]
    if not series:
        return pl.repeat("".join(str(p) for p in parts), size or 0, dtype=pl.String, eager=True)
    if len(parts) == 1:
        return series[0]
    return pl.select(pl.concat_str([pl.lit(p) for p in parts])).to_series()


def buffer(column: pl.Series) -> bytes:
    """All texts of a column one after the other, in UTF-8, without looking at any of them."""
    array = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    array = array if array.type == pa.large_string() else array.cast(pa.large_string())
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return b""
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return bytes(memoryview(data)[int(bounds[0]) : int(bounds[-1])])
