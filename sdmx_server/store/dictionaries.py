"""Dictionaries of codes, texts and periods: read within a snapshot, cached once committed, extended by commits.

An id is a position: entries 0 and 1 are reserved (absent, intentionally missing), real values start at 2. Entries are
only ever added, so a cached dictionary can serve every older snapshot too; the sizes in the cube row say how far a
snapshot may see. Each has a checksum, which is compared when it is read: one wrong code would be wrong in every row.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import FIRST_ID, Ids
from ..error_texts import texts_of
from ..errors import Damaged
from ..model.period import Period
from ..remembered import Remembered
from . import tables
from .frames import is_sorted
from .layout import PERIODS, read_layout

Moments = npt.NDArray[np.int64]


class Codes:
    """The values of one component by id."""

    def __init__(self, texts: Sequence[str | None]) -> None:
        self.texts = tuple(texts)

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The id of each value."""
        return {text: i for i, text in enumerate(self.texts) if text is not None}

    @cached_property
    def weight(self) -> int:
        """About how many bytes it takes in memory, its index included."""
        return sum(len(t) for t in self.texts if t is not None) + 180 * len(self.texts)


class Periods:
    """The periods by id, with arrays of their moments and of their rank in time."""

    def __init__(self, periods: Sequence[Period | None]) -> None:
        self.periods = tuple(periods)
        self.start: Moments = np.array([p.start if p else 0 for p in self.periods], np.int64)
        self.end: Moments = np.array([p.end if p else 0 for p in self.periods], np.int64)
        order = np.lexsort((np.arange(len(self.periods)), self.end, self.start))
        self.rank = np.empty(len(self.periods), np.uint32)
        self.rank[order] = np.arange(len(self.periods), dtype=np.uint32)
        self._ascending = b""

    def ascending(self, time: Ids) -> bool:
        """Whether ids of periods follow each other in time. Series share their periods: the last ones are known."""
        told = time.tobytes()
        if told == self._ascending:
            return True
        if not is_sorted(self.rank[time]):
            return False
        self._ascending = told
        return True

    def __len__(self) -> int:
        return len(self.periods)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The id of each period by its text."""
        return {p.text: i for i, p in enumerate(self.periods) if p is not None}

    @cached_property
    def weight(self) -> int:
        """About how many bytes it takes in memory, its index included."""
        return 400 * len(self.periods)


class DictionaryCache:
    """Dictionaries of all cubes under one budget in bytes, the least recently used dropped first; thread-safe.

    ``tables`` are small attribute tables by revision (``attributes``), under a budget of a quarter beside it.
    """

    def __init__(self, budget: int = 128 * 1024 * 1024) -> None:
        self._budget = budget
        self.tables: Remembered[object] = Remembered(budget // 4)
        self._entries: OrderedDict[tuple[int, int], Codes | Periods] = OrderedDict()
        self._lock = threading.Lock()

    def held(self, cube: int, number: int, size: int) -> Codes | Periods | None:
        """A dictionary of exactly this size, if it is in memory."""
        found = self._get((cube, number))
        return found if found is not None and len(found) == size else None

    def codes(self, connection: sa.Connection, cube: int, number: int, size: int) -> Codes:
        """The dictionary of a component as the connection's snapshot sees it: ``size`` is from its cube row."""
        known = self._get((cube, number))
        if not isinstance(known, Codes):
            known = Codes((None,) * FIRST_ID)
        if len(known) < size:
            known = Codes(known.texts + _read_codes(connection, cube, number, len(known), size))
            self._keep((cube, number), known)
        return known if len(known) == size else Codes(known.texts[:size])

    def periods(self, connection: sa.Connection, cube: int, size: int) -> Periods:
        """The periods of a cube, likewise."""
        known = self._get((cube, PERIODS))
        if not isinstance(known, Periods):
            known = Periods((None,) * FIRST_ID)
        if len(known) < size:
            known = Periods(known.periods + _read_periods(connection, cube, len(known), size))
            self._keep((cube, PERIODS), known)
        return known if len(known) == size else Periods(known.periods[:size])

    def _get(self, key: tuple[int, int]) -> Codes | Periods | None:
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def _keep(self, key: tuple[int, int], entry: Codes | Periods) -> None:
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > 1 and sum(e.weight for e in self._entries.values()) > self._budget:
                self._entries.popitem(last=False)


_codes = (
    sa.select(tables.code.c.code, tables.code.c.checksum)
    .where(
        tables.code.c.cube == sa.bindparam("cube"),
        tables.code.c.component == sa.bindparam("number"),
        tables.code.c.id >= sa.bindparam("first"),
        tables.code.c.id < sa.bindparam("size"),
    )
    .order_by(tables.code.c.id)
)
_periods = (
    sa.select(tables.period.c.text, tables.period.c.start, tables.period.c.end, tables.period.c.checksum)
    .where(
        tables.period.c.cube == sa.bindparam("cube"),
        tables.period.c.id >= sa.bindparam("first"),
        tables.period.c.id < sa.bindparam("size"),
    )
    .order_by(tables.period.c.id)
)


def checksum(number: int, entry: int, *values: object) -> int:
    """The CRC-32 of an entry with the numbers of its dictionary and its own: one in another's place is found out too.

    ``values``: the code, or the text and the two moments of a period.
    """
    return zlib.crc32(" ".join(map(str, (number, entry, *values))).encode())


class DamagedEntry(Damaged):
    """An entry of a dictionary is lost, or is not what was written; ``said`` without where and what to do."""

    def __init__(self, flow: str, of: str | Mapping[str, str], said: Mapping[str, str]) -> None:
        super().__init__("damaged-dictionary", dataflow=flow, dictionary=of, reason=said)
        self.said = said["en"]


def _read(connection: sa.Connection, cube: int, number: int, first: int, size: int) -> list[Any]:
    """The entries from an id on; raises ``DamagedEntry``."""
    values = {"cube": cube, "first": first, "size": size}
    query = _periods if number == PERIODS else _codes
    found = list(connection.execute(query, values if number == PERIODS else values | {"number": number}))
    for i, (*entry, said) in enumerate(found, start=first):
        if said and checksum(number, i, *entry) != said:  # 0: a loader of a release before checksums wrote it
            raise _damaged(connection, cube, number, texts_of("damaged-entry", entry=i, text=entry[0]))
    if len(found) != size - first:
        raise _damaged(connection, cube, number, texts_of("lost-entries", found=len(found), expected=size - first))
    return found


def _damaged(connection: sa.Connection, cube: int, number: int, said: Mapping[str, str]) -> DamagedEntry:
    row = connection.execute(_cube, {"cube": cube}).one()
    components = {i: name for name, i in read_layout(row.layout).numbers.items()}
    of = texts_of("damaged-periods") if number == PERIODS else components.get(number, str(number))
    return DamagedEntry(f"{row.agency}:{row.dataflow}({row.version})", of, said)


_cube = sa.select(tables.cube).where(tables.cube.c.id == sa.bindparam("cube"))


def _read_codes(connection: sa.Connection, cube: int, number: int, first: int, size: int) -> tuple[str, ...]:
    return tuple(text for text, _ in _read(connection, cube, number, first, size))


def _read_periods(connection: sa.Connection, cube: int, first: int, size: int) -> tuple[Period, ...]:
    found = _read(connection, cube, PERIODS, first, size)
    return tuple(Period(text=text, start=start, end=end) for text, start, end, _ in found)


def insert_codes(connection: sa.Connection, cube: int, number: int, first: int, texts: Sequence[str]) -> None:
    """Append values to a dictionary, in the running transaction."""
    rows = [
        {"cube": cube, "component": number, "id": i, "code": text, "checksum": checksum(number, i, text)}
        for i, text in enumerate(texts, start=first)
    ]
    if rows:
        connection.execute(tables.code.insert(), rows)


def insert_periods(connection: sa.Connection, cube: int, first: int, periods: Sequence[Period]) -> None:
    """Append periods, likewise."""
    rows = [
        {"cube": cube, "id": i, "text": p.text, "start": p.start, "end": p.end}
        | {"checksum": checksum(PERIODS, i, p.text, p.start, p.end)}
        for i, p in enumerate(periods, start=first)
    ]
    if rows:
        connection.execute(tables.period.insert(), rows)
