"""Allowed content: cube regions and key sets (information model, "Data Constraints"), judged by distinct values.

Rows must lie in one of the included regions, where there are any, and in none of the excluded ones; likewise for key
sets. A component without a value is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from ..model.codelist import Codelist, MemberValue
from ..model.constraint import CubeRegion, DataKey, DataKeySet, MemberSelection, TimeRange
from ..model.period import Period
from ..model.resolved import ResolvedStructure
from .periods import parse
from .problems import Findings

_MANY = 100_000


def _below(codelist: Codelist, code: str) -> set[str]:
    """All descendants of a code."""
    found: set[str] = set()
    wave = {code}
    while wave:
        wave = {item.id for item in codelist.items if item.parent in wave} - found
        found |= wave
    return found


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


class Constraints:
    """The constraints of a structure, ready to be applied to frames of typed components."""

    def __init__(self, schema: ResolvedStructure) -> None:
        self._schema = schema
        self._regions = schema.cube_regions
        self._key_sets = schema.key_sets
        self._expanded: dict[int, set[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._regions or self._key_sets)

    def _members(self, selection: MemberSelection, texts: Iterable[str]) -> list[str]:
        """Those of the texts that the values of a selection name."""
        named = self._expanded.get(id(selection))
        if named is None:
            component = self._schema.component(selection.id)
            codelist = component.enumeration if component else None
            named = set()
            for member in selection.values:
                named |= self._codes(member, codelist if isinstance(codelist, Codelist) else None)
            self._expanded[id(selection)] = named
        patterns = [v.value for v in selection.values if "%" in v.value]
        wild = [re.compile(".*".join(map(re.escape, pattern.split("%")))) for pattern in patterns]
        return [t for t in texts if t in named or any(w.fullmatch(t) for w in wild)]

    @staticmethod
    def _codes(member: MemberValue, codelist: Codelist | None) -> set[str]:
        if member.cascade in (None, "false") or codelist is None:
            return {member.value}
        below = _below(codelist, member.value)
        return below if member.cascade == "excluderoot" else below | {member.value}

    def _holds(self, frame: pl.DataFrame, selection: MemberSelection) -> pl.Series | None:
        """Which rows a selection holds; None when the frame has no such column."""
        if selection.id not in frame.columns:
            return None
        column = frame[selection.id].cast(pl.String)
        texts = column.unique().drop_nulls().to_list()
        if selection.time_range is not None:
            chosen = [t for t in texts if _within(parse(t), selection.time_range)]
        elif selection.values:
            chosen = self._members(selection, texts)
        else:
            chosen = texts
        everything = len(chosen) == len(texts)
        hit = column.is_in(texts if everything else chosen)
        return (hit if selection.include else ~hit).fill_null(True) | column.is_null()

    def _inside(self, frame: pl.DataFrame, selections: Sequence[MemberSelection]) -> npt.NDArray[np.bool_]:
        inside = np.ones(len(frame), np.bool_)
        for selection in selections:
            held = self._holds(frame, selection)
            if held is not None:
                inside &= held.to_numpy()
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
                good |= self._inside(frame, (*region.keys, *region.components))
        for region in self._regions:
            if not region.include:
                good &= ~self._inside(frame, (*region.keys, *region.components))
        good &= self._in_key_sets(frame)
        if not good.all():
            self._report_keys(frame, ~good, rows, file, findings)

    def _check_one(
        self, frame: pl.DataFrame, rows: npt.NDArray[np.int64], file: str, findings: Findings, region: CubeRegion
    ) -> None:
        for selection in (*region.keys, *region.components):
            held = self._holds(frame, selection)
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
        keys = frame.filter(bad).select(pl.concat_str(pl.col(dimensions).fill_null(""), separator=".")).to_series()
        for key, row in zip(keys.to_list(), rows[bad].tolist(), strict=True):
            findings.add("constraint", file=file, row=row or None, column="key", value=key)

    def _in_key_sets(self, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        good = np.ones(len(frame), np.bool_)
        included = [k for k in self._key_sets if k.is_included]
        if included:
            good &= self._match_keys(frame, included)
        excluded = [k for k in self._key_sets if not k.is_included]
        return good & ~self._match_keys(frame, excluded) if excluded else good

    def _match_keys(self, frame: pl.DataFrame, key_sets: Sequence[DataKeySet]) -> npt.NDArray[np.bool_]:
        """Rows that match some key: plain keys by one join for each set of components, the others one by one."""
        matched = np.zeros(len(frame), np.bool_)
        plain: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for key in (key for key_set in key_sets for key in key_set.keys):
            selections = (*key.keys, *key.components)
            rows = _plain_rows(key)
            if rows is None:
                matched |= self._inside(frame, selections)
            else:
                plain.setdefault(tuple(s.id for s in selections), []).extend(rows)
        for ids, values in plain.items():
            present = [i for i in ids if i in frame.columns]
            wanted = pl.DataFrame(values, schema=dict.fromkeys(ids, pl.String), orient="row").select(present).unique()
            numbered = frame.select(pl.col(present).cast(pl.String)).with_row_index("#")
            matched[numbered.join(wanted, on=present, how="semi")["#"].to_numpy()] = True
        return matched


def _plain_rows(key: DataKey) -> list[tuple[str, ...]] | None:
    """The value combinations of a key that lists plain values only; None for any other."""
    size = 1
    for selection in (*key.keys, *key.components):
        simple = selection.include and selection.time_range is None and selection.values
        if not simple or any("%" in v.value or v.cascade not in (None, "false") for v in selection.values):
            return None
        size *= len(selection.values)
    if size > _MANY:
        return None
    return list(product(*([v.value for v in s.values] for s in (*key.keys, *key.components))))
