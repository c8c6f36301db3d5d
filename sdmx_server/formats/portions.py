"""Batches cut into smaller ones, for formats whose rows take much more memory than the observations in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from ..batches import Array, Batch, Column, Ids


def portions(batch: Batch, most: int) -> Iterator[Batch]:
    """The batch as batches of at most ``most`` observations, one after the other.

    A series may go on in the next one, as it never does between the batches of a data set: this is for writers of plain
    rows.
    """
    size = len(batch)
    if size <= most:
        yield batch
        return
    row = np.repeat(np.arange(len(batch.count), dtype=np.int64), batch.count)
    for begin in range(0, size, most):
        yield _portion(batch, row, slice(begin, min(begin + most, size)))


def _portion(batch: Batch, row: Array, part: slice) -> Batch:
    rows = slice(int(row[part.start]), int(row[part.stop - 1]) + 1)
    first = int(np.searchsorted(batch.series, part.start, side="right")) - 1
    series = slice(first, int(np.searchsorted(batch.series, part.stop, side="left")))
    return msgspec.structs.replace(
        batch,
        prefix=tuple(ids[rows] for ids in batch.prefix),
        count=np.bincount(row[part] - rows.start, minlength=rows.stop - rows.start).astype(np.int64),
        suffix=tuple(ids[part] for ids in batch.suffix),
        time=None if batch.time is None else batch.time[part],
        series=np.maximum(batch.series[series] - part.start, 0),
        measures={name: _cut(column, part) for name, column in batch.measures.items()},
        attributes=_all(batch.attributes, part),
        series_attributes=_all(batch.series_attributes, series),
    )


def _cut(column: Column, part: slice) -> Column:
    return Column(column.values[part], None if column.presence is None else column.presence[part])


def _all(columns: Mapping[str, Ids], part: slice) -> dict[str, Ids]:
    return {name: ids[part] for name, ids in columns.items()}
