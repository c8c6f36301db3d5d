"""Checks what a cube keeps beside its rows: dictionaries, the index behind availability, counts and commits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ..batches import FIRST_ID
from ..model.period import parse_period
from . import tables
from .dictionaries import DamagedEntry
from .findings import Places, Verification
from .layout import PERIODS
from .snapshot import Snapshot
from .verify_history import HistoryCheck
from .verify_rows import WAY_OUT, RowCheck

_LOAD_AGAIN = (
    "releases of before allowed it, and it is read as it was loaded; to mend it, delete the series that have it "
    "(a Delete that names no period) and load them with the spelling of the standard (2016-M01, not 2016-M1)"
)
"""What to do about a period that is spelt as no message allows. Its checksum is right: it was written so."""

_SHOWN = 5
"""Entries of an index that are named; more are counted."""


class IndexCheck:
    """Checks of one cube that need no row, or what its rows added up to."""

    def __init__(self, snapshot: Snapshot, found: Verification) -> None:
        self._snapshot, self._found = snapshot, found
        self._cube, self._connection = snapshot.cube, snapshot.connection
        self._about = snapshot.cube.reference.short
        self._places = Places(snapshot)

    def _add(self, place: str, text: str) -> None:
        self._found.add(self._about, place, text)

    # ---- dictionaries --------------------------------------------------------------------------------------------

    def dictionaries(self) -> bool:
        """Whether every dictionary is dense, without doubles, as long as the cube says, and its entries are right."""
        before = self._found.count
        c = tables.code.c
        counts = (sa.func.count(), sa.func.min(c.id), sa.func.max(c.id), sa.func.count(c.code.distinct()))
        query = sa.select(c.component, *counts).where(c.cube == self._cube.id).group_by(c.component)
        sizes = {row[0]: tuple(row[1:]) for row in self._connection.execute(query)}
        names = {number: name for name, number in self._snapshot.layout.numbers.items()}
        for number in sorted({*names, *sizes}):
            if self._dense(number, sizes.get(number, (0, None, None, 0))) and number in names:
                self._right(number, lambda name=names[number]: self._snapshot.codes(name))  # type: ignore[misc]
        p = tables.period.c
        counts = (sa.func.count(), sa.func.min(p.id), sa.func.max(p.id), sa.func.count(p.text.distinct()))
        found = self._connection.execute(sa.select(*counts).where(p.cube == self._cube.id)).one()
        if self._dense(PERIODS, tuple(found)) and self._right(PERIODS, self._snapshot.periods):
            self._periods()
        return self._found.count == before

    def _dense(self, number: int, found: tuple[Any, ...]) -> bool:
        n, low, high, distinct = found
        size = self._cube.size(number)
        if n == distinct == size - FIRST_ID and (not n or (low, high) == (FIRST_ID, size - 1)):
            return True
        place = f"dictionary of {self._places.component(number)}"
        self._add(place, f"it has {n} entries ({distinct} different), the cube says {size - FIRST_ID}; {WAY_OUT}")
        return False

    def _right(self, number: int, read: Callable[[], object]) -> bool:
        """Whether a dictionary can be read, which compares its checksums."""
        try:
            read()
        except DamagedEntry as error:
            self._add(f"dictionary of {self._places.component(number)}", f"{error.said}; {WAY_OUT}")
            return False
        return True

    def _periods(self) -> None:
        for period in self._snapshot.periods().periods[FIRST_ID:]:
            if period is None:
                continue
            try:
                right = parse_period(period.text)
            except ValueError:
                self._add("dictionary of periods", f"{period.text!r} is no SDMX time period; {_LOAD_AGAIN}")
                continue
            if (right.start, right.end) != (period.start, period.end):
                self._add("dictionary of periods", f"{period.text} does not begin and end when it says; {WAY_OUT}")

    # ---- what the rows add up to ---------------------------------------------------------------------------------

    def counts(self, rows: RowCheck | None) -> None:
        """Compare the numbers in the cube row, and the index behind availability, with the rows."""
        n = rows.n if rows else 0
        series = n if rows is None or not self._snapshot.layout.time else rows.series
        for name, said, there in (
            ("observations", self._cube.observations, n),
            ("series", self._cube.series, series),
        ):
            if said != there:
                self._add(f"number of {name}", f"the cube says {said:,}, there are {there:,}; {WAY_OUT}")
        index = self._index()
        layout = self._snapshot.layout
        numbers = [layout.numbers[d] for d in layout.dimensions] + ([PERIODS] if layout.time else [])
        for i, number in enumerate(numbers):
            size = self._cube.size(number)
            there_by_id = rows.tallies[i] if rows else np.zeros(size, np.int64)
            self._compare(number, index.pop(number, {}), there_by_id)
        for number in index:
            self._add(f"index of {self._places.component(number)}", f"it should not be there; {WAY_OUT}")

    def _index(self) -> dict[int, dict[int, int]]:
        t = tables.tally.c
        found: dict[int, dict[int, int]] = {}
        query = sa.select(t.component, t.id, t.observations).where(t.cube == self._cube.id)
        for number, i, n in self._connection.execute(query):
            found.setdefault(number, {})[i] = n
        return found

    def _compare(self, number: int, said: Mapping[int, int], there: npt.NDArray[np.int64]) -> None:
        actual = {int(i): int(there[i]) for i in np.flatnonzero(there)}
        wrong = sorted(i for i in {*said, *actual} if said.get(i, 0) != actual.get(i, 0))
        if not wrong:
            return
        some = "; ".join(
            f"{self._name(number, i)}: {said.get(i, 0):,} said, {actual.get(i, 0):,} there" for i in wrong[:_SHOWN]
        )
        more = f"; and {len(wrong) - _SHOWN:,} more" if len(wrong) > _SHOWN else ""
        self._add(f"index of {self._places.component(number)}", f"{some}{more}; {WAY_OUT}")

    def _name(self, number: int, i: int) -> str:
        if number == PERIODS:
            known = self._snapshot.periods().periods
            period = known[i] if i < len(known) else None
            return period.text if period else f"#{i}"
        return self._places.key([self._places.component(number)], [i])

    # ---- commits -------------------------------------------------------------------------------------------------

    def commits(self) -> Mapping[int, Any]:
        """The commits of the cube by number, checked among themselves."""
        c = tables.commit.c
        query = sa.select(c.seq, c.at, c.inserted, c.updated, c.deleted, c.attributes_changed)
        found = {row.seq: row for row in self._connection.execute(query.where(c.cube == self._cube.id).order_by(c.seq))}
        last = max(found, default=0)
        if last != self._cube.data_rev or len(found) != last - min(found, default=1) + 1:
            self._add(
                "commits", f"there are {len(found)} up to {last}, the cube is at {self._cube.data_rev}; {WAY_OUT}"
            )
        if not 0 <= self._cube.pruned <= self._cube.data_rev or self._cube.pruned not in {0, *found}:
            self._add("history", f"it is said to begin with revision {self._cube.pruned}, which is none; {WAY_OUT}")
        moments = [row.at for row in found.values()]
        if any(a >= b for a, b in itertools.pairwise(moments)):
            self._add("commits", f"their moments do not ascend; {WAY_OUT}")
        if found and found[last].at != self._cube.updated:
            self._add("commits", f"the last one was not made when the cube was last changed; {WAY_OUT}")
        if 1 in found:
            left = sum(row.inserted - row.deleted for row in found.values())
            if left != self._cube.observations:
                self._add("commits", f"they leave {left:,} observations, not {self._cube.observations:,}; {WAY_OUT}")
        return found

    def agreement(self, commits: Mapping[int, Any], history: HistoryCheck) -> None:
        """Compare the history of the observations with what each commit says that it changed.

        One before which there was nothing needs no entries.
        """
        for seq, commit in commits.items():
            if seq <= self._cube.pruned or seq in history.emptied:
                continue
            changed, new = history.entries.get(seq, 0), history.absent.get(seq, 0)
            said = commit.inserted + commit.updated + commit.deleted
            if (changed, new) != (said, commit.inserted):
                self._add(
                    f"history of observations, commit {seq}",
                    f"it knows {changed:,} changes, {new:,} of them new observations; the commit says {said:,} and "
                    f"{commit.inserted:,}; {WAY_OUT}",
                )
