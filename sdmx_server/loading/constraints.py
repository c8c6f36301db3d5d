"""Allowed content: cube regions and key sets (information model, "Data Constraints"), judged by distinct values.

Rows must lie in one of the included regions, where there are any, and in none of the excluded ones, and every key set
must hold. Values are written out already (``registry.constraints``). A component without a value is not judged: it is
within what is allowed and outside of what is excluded. Of several values each must be allowed, and none excluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from ..model.constraint import CubeRegion, DataKey, DataKeySet, MemberSelection, TimeRange
from ..model.period import Period
from ..model.resolved import ResolvedStructure
from .periods import parse
from .problems import SHOWN, Findings
from .texts import parts_of

_MANY = 100_000


def _within(period: Period, limits: TimeRange) -> bool:
    after = limits.after or limits.start
    before = limits.before or limits.end
    if after is not None:
        bound = parse(after.period)
        if period.start < (bound.start if after.inclusive else bound.end):
            return False
    if before is not None:
        bound = parse(before.period)
        if period.end > (bound.end if before.inclusive else bound.start):
            return False
    return True


def _is_period(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


class Constraints:
    """The constraints of a structure, ready to be applied to frames of typed components."""

    def __init__(self, schema: ResolvedStructure) -> None:
        self._schema = schema
        self._regions = schema.cube_regions
        self._key_sets = schema.key_sets
        self._several = {c.id: c for c in schema.components if c.multi_valued or c.multilingual}

    def __bool__(self) -> bool:
        return bool(self._regions or self._key_sets)

    def _holds(self, frame: pl.DataFrame, selection: MemberSelection, allowed: bool) -> pl.Series | None:
        """Which rows a selection of allowed or of excluded content holds; None when the frame has no such column."""
        if selection.id not in frame.columns:
            return None
        column = frame[selection.id].cast(pl.String)
        if selection.time_range is not None:
            texts = column.unique().drop_nulls().to_list()
            chosen = [t for t in texts if _is_period(t) and _within(parse(t), selection.time_range)]
        else:
            chosen = [member.value for member in selection.values]
        if component := self._several.get(selection.id):
            quantifier, single = all if selection.include is allowed else any, frozenset(chosen)
            texts = column.unique().drop_nulls().to_list()
            chosen = [t for t in texts if quantifier(part in single for part in parts_of(t, component) or ())]
        hit = column.is_in(chosen)
        return (hit if selection.include else ~hit).fill_null(allowed)

    def _inside(
        self, frame: pl.DataFrame, selections: Sequence[MemberSelection], allowed: bool
    ) -> npt.NDArray[np.bool_]:
        inside = np.ones(len(frame), np.bool_)
        for selection in selections:
            held = self._holds(frame, selection, allowed)
            inside &= allowed if held is None else held.to_numpy()
        return inside

    def check(self, frame: pl.DataFrame, rows: npt.NDArray[np.int64], file: str, findings: Findings) -> None:
        """Report the rows that are not allowed: ``constraint``, with the component or with the whole key."""
        included = [r for r in self._regions if r.include]
        if len(included) == 1:
            self._check_one(frame, rows, file, findings, included[0])
            included = []
        good = np.ones(len(frame), np.bool_)
        if included:
            good = np.zeros(len(frame), np.bool_)
            for region in included:
                good |= self._inside(frame, (*region.keys, *region.components), allowed=True)
        for region in self._regions:
            if not region.include:
                good &= ~self._inside(frame, (*region.keys, *region.components), allowed=False)
        good &= self._in_key_sets(frame)
        if not good.all():
            self._report_keys(frame, ~good, rows, file, findings)

    def _check_one(
        self, frame: pl.DataFrame, rows: npt.NDArray[np.int64], file: str, findings: Findings, region: CubeRegion
    ) -> None:
        for selection in (*region.keys, *region.components):
            held = self._holds(frame, selection, allowed=True)
            if held is None or held.all():
                continue
            column = frame[selection.id].cast(pl.String)
            for text in column.filter(~held).unique().sort().to_list():
                findings.add_rows("constraint", column, text, rows, file)

    def _report_keys(
        self,
        frame: pl.DataFrame,
        bad: npt.NDArray[np.bool_],
        rows: npt.NDArray[np.int64],
        file: str,
        findings: Findings,
    ) -> None:
        dimensions = [d for d in self._schema.dimension_ids if d in frame.columns]
        keys = (
            frame.filter(bad)
            .select(pl.concat_str(pl.col(dimensions).cast(pl.String).fill_null(""), separator="."))
            .to_series()
        )
        findings.more(len(keys) - SHOWN)
        for key, row in zip(keys.head(SHOWN).to_list(), rows[bad][:SHOWN].tolist(), strict=True):
            findings.add("constraint", file=file, row=row or None, column="key", value=key)

    def _in_key_sets(self, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        good = np.ones(len(frame), np.bool_)
        for key_set in self._key_sets:
            matched = self._match_keys(frame, key_set)
            good &= matched if key_set.is_included else ~matched
        return good

    def _match_keys(self, frame: pl.DataFrame, key_set: DataKeySet) -> npt.NDArray[np.bool_]:
        """Rows that match some key of the set: plain keys by joins, one for each set of components."""
        matched = np.zeros(len(frame), np.bool_)
        plain: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for key in key_set.keys:
            selections = (*key.keys, *key.components)
            rows = None if any(s.id in self._several for s in selections) else _plain_rows(key)
            if rows is None:
                matched |= self._inside(frame, selections, allowed=key_set.is_included)
            else:
                plain.setdefault(tuple(s.id for s in selections), []).extend(rows)
        for ids, values in plain.items():
            present = [i for i in ids if i in frame.columns]
            if len(present) < len(ids) and not key_set.is_included:
                continue
            wanted = pl.DataFrame(values, schema=dict.fromkeys(ids, pl.String), orient="row").select(present).unique()
            numbered = frame.select(pl.col(present).cast(pl.String)).with_row_index("#")
            matched[numbered.join(wanted, on=present, how="semi")["#"].to_numpy()] = True
        return matched


def _plain_rows(key: DataKey) -> list[tuple[str, ...]] | None:
    """The value combinations of a key that lists plain values only; None for any other."""
    size = 1
    for selection in (*key.keys, *key.components):
        if not selection.include or selection.time_range is not None or not selection.values:
            return None
        size *= len(selection.values)
    if size > _MANY:
        return None
    return list(product(*([v.value for v in s.values] for s in (*key.keys, *key.components))))
