"""Packs sorted columns into the blobs of stored rows and back, with a checksum for every blob.

An attribute column without any value is NULL. A measure without any value is NULL with a NULL presence; a presence
that is NULL beside values means that all of them are there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from ..batches import PRESENCE_ABSENT, PRESENCE_PRESENT, Array
from ..errors import Damaged
from .frames import DTYPES, Dtype
from .layout import TableLayout

Blobs = list[bytes | memoryview | None]
_ITEM = 4  # bytes of a checksum


class DamagedRow(Damaged):
    """A blob fails its checksum; ``row`` is its position among the rows that were read."""

    def __init__(self, row: int, column: str) -> None:
        super().__init__("damaged-column", row=row, column=column)  # whoever knows the key says it in its place
        self.row, self.column = row, column


def _cut(column: Array, begin: Array, end: Array) -> Blobs:
    whole = column.tobytes()  # slices of bytes, unlike views, are nothing for the garbage collector to follow
    width = column.dtype.itemsize
    return [whole[i:j] for i, j in zip((begin * width).tolist(), (end * width).tolist(), strict=True)]


def _drop(blobs: Blobs, drop: npt.NDArray[np.bool_]) -> Blobs:
    if not drop.any():
        return blobs
    return [None if gone else blob for blob, gone in zip(blobs, drop.tolist(), strict=True)]


def pack(
    table: TableLayout, columns: Mapping[str, Array], begin: Array, end: Array, seeds: Array
) -> tuple[dict[str, Blobs], list[bytes]]:
    """The blobs of each row, by column, and each row's checksums.

    ``begin`` and ``end`` bound the rows (none is empty); ``seeds`` are int64, one line per row: the numbers that
    identify it, so that a blob in the wrong row is found out too.
    """
    packed = {name: _cut(column, begin, end) for name, column in columns.items()}
    if len(begin):
        for cell in table.cells:
            if cell.presence is None:
                none = ~np.logical_or.reduceat(columns[cell.column] != 0, begin)
                packed[cell.column] = _drop(packed[cell.column], none)
            else:
                marks = columns[cell.presence]
                none = ~np.logical_or.reduceat(marks != PRESENCE_ABSENT, begin)
                every = ~np.logical_or.reduceat(marks != PRESENCE_PRESENT, begin)
                packed[cell.column] = _drop(packed[cell.column], none)
                packed[cell.presence] = _drop(packed[cell.presence], none | every)
    sums = checksums(list(packed.values()), seeds)
    return packed, [sums[i].tobytes() for i in range(len(begin))]


def checksums(blobs: Sequence[Sequence[bytes | memoryview | None]], seeds: Array) -> npt.NDArray[np.uint32]:
    """One CRC-32 per row and column, started with the row's own numbers; a NULL leaves the start as it is."""
    crc = isal_zlib.crc32
    lines = _cut(np.ascontiguousarray(seeds, "<i8").ravel(), *_bounds(seeds.shape))
    start = [crc(line) for line in lines]
    sums = np.empty((len(start), len(blobs)), "<u4")
    for i, column in enumerate(blobs):
        sums[:, i] = [s if b is None else crc(b, s) for b, s in zip(column, start, strict=True)]
    return sums


def _bounds(shape: tuple[int, ...]) -> tuple[Array, Array]:
    begin = np.arange(shape[0], dtype=np.int64) * shape[1]
    return begin, begin + shape[1]


def mismatches(
    positions: Sequence[int], blobs: Sequence[Sequence[bytes | None]], stored: Sequence[bytes], seeds: Array
) -> npt.NDArray[np.bool_]:
    """Where the blobs of some columns are not what the stored checksums say: one line per row, one place per column.

    ``positions`` say where each column's checksum stands. A column that is newer than the row has none: it is NULL. A
    row without any checksum is damaged.
    """
    found = checksums(blobs, seeds)
    lengths = {len(s) for s in stored}
    if len(lengths) == 1 and not min(lengths) % _ITEM and max(positions, default=-1) < min(lengths) // _ITEM:
        table = np.frombuffer(b"".join(stored), "<u4").reshape(len(stored), -1)
        return np.asarray(found != table[:, list(positions)])
    wrong = np.ones(found.shape, bool)
    for row, line in enumerate(stored):
        if line and not len(line) % _ITEM:
            one = np.frombuffer(line, "<u4")
            pairs = zip(positions, blobs, found[row].tolist(), strict=True)
            wrong[row] = [one[p] != sum_ if p < len(one) else b[row] is not None for p, b, sum_ in pairs]
    return wrong


def verify(
    names: Sequence[str],
    positions: Sequence[int],
    blobs: Sequence[Sequence[bytes | None]],
    stored: Sequence[bytes],
    seeds: Array,
) -> None:
    """Compare the blobs of some columns with the stored checksums; raises ``DamagedRow`` (see ``mismatches``)."""
    wrong = mismatches(positions, blobs, stored, seeds)
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        raise DamagedRow(row, names[column])


def join(blobs: Sequence[bytes | None], counts: Sequence[int], dtype: Dtype) -> Array | None:
    """The values of a column over all rows; NULL gives zeros, and None when every row is NULL."""
    if len(blobs) == 1:
        return None if blobs[0] is None else np.frombuffer(blobs[0], dtype)
    if None not in blobs:
        return np.frombuffer(b"".join(blobs), dtype)  # type: ignore[arg-type]
    if not any(blobs):
        return None
    width = dtype.itemsize
    return np.frombuffer(b"".join(b or bytes(n * width) for b, n in zip(blobs, counts, strict=True)), dtype)


def join_presence(blobs: Sequence[bytes | None], values: Sequence[bytes | None], counts: Sequence[int]) -> Array | None:
    """The presence of a measure over all rows; None when every value is present."""
    if not any(blobs) and None not in values:
        return None
    present = bytes([PRESENCE_PRESENT])
    filled = [
        b if b is not None else (bytes(n) if v is None else present * n)
        for b, v, n in zip(blobs, values, counts, strict=True)
    ]
    return np.frombuffer(b"".join(filled), DTYPES["x"])
