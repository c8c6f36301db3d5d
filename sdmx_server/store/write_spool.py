"""What a load is going to write into one packed table, kept in a file until the cube is locked.

Rows are packed and summed up before the lock; under it they only have to be read back and handed to the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from .frames import DTYPES
from .packed_table import PackedTable
from .row_io import Units, delete_units, insert

_LENGTH = 8  # bytes before each record that say how long it is


class _Deleted(msgspec.Struct, tag="d", array_like=True):
    """Units of storage of which all rows go."""

    prefix: list[list[int]]
    bucket: list[int] | None
    n: int


class _Inserted(msgspec.Struct, tag="i", array_like=True):
    """Rows with every column of the table, or of its history; ``entries``: how many a reader counts as written."""

    history: bool
    entries: int
    rows: list[tuple[Any, ...]]


_decoder = msgspec.msgpack.Decoder(_Deleted | _Inserted)
_encoder = msgspec.msgpack.Encoder()


class WriteSpool:
    """Deletes and inserts in the order in which they have to happen. A new one empties its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_bytes(b"")
        self.entries = 0
        self.rows = 0

    def delete(self, units: Units) -> None:
        """All rows of some units."""
        bucket = None if units.bucket is None else units.bucket.tolist()
        self._append(_Deleted([p.tolist() for p in units.prefix], bucket, units.n))

    def insert(self, rows: Sequence[tuple[Any, ...]], entries: int) -> None:
        """Packed rows that hold so many entries."""
        self.entries += entries
        self.rows += len(rows)
        self._append(_Inserted(False, entries, list(rows)))

    def insert_history(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows of the history table."""
        self._append(_Inserted(True, 0, list(rows)))

    def _append(self, record: _Deleted | _Inserted) -> None:
        line = _encoder.encode(record)
        with self._path.open("ab") as file:
            file.write(len(line).to_bytes(_LENGTH, "little"))
            file.write(line)

    def write(self, connection: sa.Connection, table: PackedTable) -> Iterator[int]:
        """Do everything, in the running transaction; yields how many entries were written so far."""
        done = 0
        with self._path.open("rb") as file:
            while length := file.read(_LENGTH):
                record = _decoder.decode(file.read(int.from_bytes(length, "little")))
                if isinstance(record, _Deleted):
                    prefix = tuple(np.array(p, DTYPES["s"]) for p in record.prefix)
                    bucket = None if record.bucket is None else np.array(record.bucket, np.int64)
                    delete_units(connection, table, Units(prefix, bucket, record.n))
                else:
                    insert(connection, table.history if record.history else table.rows, record.rows)
                    done += record.entries
                    yield done
