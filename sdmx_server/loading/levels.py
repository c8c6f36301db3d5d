"""Flat rows are taken apart by attachment: observations, and one table for each set of dimensions with attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ..batches import PRESENCE_MISSING
from ..model.resolved import ResolvedComponent, ResolvedStructure, Storage
from .coding import numbered
from .problems import Findings
from .values import Rows

ROW = "#row"
_NUMERIC = {Storage.FLOAT: pl.Float64(), Storage.INTEGER: pl.Int64()}


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of some rows. Frames carry the rows' lines in a column ``#row``, to be dropped before they leave."""

    observations: pl.DataFrame | None
    groups: Mapping[tuple[str, ...], pl.DataFrame]


def _given(names: Sequence[str]) -> pl.Expr:
    """Whether some of the cells have a value, or are marked as intentionally missing."""
    marks = [pl.col(n) == PRESENCE_MISSING if n.endswith("?") else pl.col(n).is_not_null() for n in names]
    return pl.any_horizontal(marks) if marks else pl.lit(False)


class Levels:
    """Takes frames of one structure apart."""

    def __init__(self, schema: ResolvedStructure, findings: Findings) -> None:
        self._schema = schema
        self._findings = findings
        self._dimensions = schema.dimension_ids
        everything = set(self._dimensions)
        self._cells = [c.id for c in schema.measures]
        self._cells += [a.id for a in schema.attributes if set(a.attached_to) == everything]
        self.groups: dict[tuple[str, ...], list[ResolvedComponent]] = {}
        for attribute in schema.attributes:
            if set(attribute.attached_to) != everything:
                key = tuple(d for d in self._dimensions if d in attribute.attached_to)
                self.groups.setdefault(key, []).append(attribute)

    def merge(self, frame: pl.DataFrame, rows: Rows, file: str, keep_empty: bool) -> Parts:
        """Rows to merge or replace. ``keep_empty``: a full key without any cell is an observation all the same.

        Findings: dimension-missing, group-conflict.
        """
        frame = self.complete(frame).with_columns(pl.Series(ROW, rows))
        partial = pl.any_horizontal(pl.col(d).is_null() for d in self._dimensions)
        observations = frame
        if any(frame[d].null_count() for d in self._dimensions):
            self._check_partial(frame.filter(partial), file)
            observations = frame.filter(~partial)
        cells = self._present(frame, self._cells)
        if not keep_empty and cells:
            group_cells = self._present(frame, [a.id for g in self.groups.values() for a in g])
            if group_cells:
                observations = observations.filter(_given(cells) | ~_given(group_cells))
        groups = {}
        for key, attributes in self.groups.items():
            table = self._group(frame, key, self._present(frame, [a.id for a in attributes]), file)
            if table is not None:
                groups[key] = table
        kept = [*self._dimensions, *cells, ROW]
        return Parts(observations=observations.select(kept) if len(observations) else None, groups=groups)

    def delete(self, frame: pl.DataFrame, rows: Rows) -> Parts:
        """Rows to delete, where a null dimension means any value."""
        frame = self.complete(frame).with_columns(pl.Series(ROW, rows))
        cells = [c for c in self._present(frame, self._cells) if not c.endswith("?")]
        groups = {}
        no_group = pl.lit(True)
        for key, attributes in self.groups.items():
            ids = [c for c in self._present(frame, [a.id for a in attributes]) if not c.endswith("?")]
            if not ids:
                continue
            given = pl.any_horizontal(pl.col(i).is_not_null() for i in ids)
            no_group &= ~given
            table = frame.filter(given).select(*key, *ids, ROW)
            if len(table):
                groups[key] = table
        own = pl.any_horizontal(pl.col(c).is_not_null() for c in cells) if cells else pl.lit(False)
        observations = frame.filter(own | no_group).select(*self._dimensions, *cells, ROW)
        observations = observations.with_columns(
            pl.when(pl.col(m.id).is_not_null()).then(1).cast(_NUMERIC[m.storage]).alias(m.id)
            for m in self._schema.measures
            if m.id in cells and m.storage in _NUMERIC
        )
        return Parts(observations=observations if len(observations) else None, groups=groups)

    def complete(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with every dimension; one that it lacks is null."""
        lacking = [d for d in self._dimensions if d not in frame.columns]
        return frame.with_columns(pl.lit(None, pl.String).alias(d) for d in lacking)

    @staticmethod
    def _present(frame: pl.DataFrame, ids: Sequence[str]) -> list[str]:
        """Those of the components that the frame has, each followed by its presence if there is any."""
        names = set(frame.columns)
        return [name for i in ids for name in (i, f"{i}?") if name in names]

    def _check_partial(self, frame: pl.DataFrame, file: str) -> None:
        """A row without some dimension carries attributes that do not attach to that dimension, and at least one."""
        rows = frame[ROW].to_numpy()
        served = unserved = pl.repeat(False, pl.len())  # not one value for all: there may be no groups
        for key, attributes in self.groups.items():
            given = _given(self._present(frame, [a.id for a in attributes]))
            whole = pl.all_horizontal([pl.col(d).is_not_null() for d in key] or [pl.lit(True)])
            served |= given & whole
            unserved |= given & ~whole
        bad = ~served | unserved | _given(self._present(frame, self._cells))
        wrong = frame.select(bad.alias("bad"))["bad"].to_numpy()
        for dimension in self._dimensions:
            column = frame[dimension].filter(pl.Series(wrong))
            self._findings.add_rows("dimension-missing", column, None, rows[wrong], file)

    def _group(self, frame: pl.DataFrame, key: tuple[str, ...], ids: list[str], file: str) -> pl.DataFrame | None:
        """One row for each key that has a value: keys, attributes, first line. Finding: group-conflict."""
        values = [i for i in ids if not i.endswith("?")]
        if not values or not len(frame):
            return None
        given = _given(ids)
        table = frame.select(*key, *ids, ROW)
        columns = [*key, *ids]
        whole = pl.all_horizontal([pl.col(d).is_not_null() for d in key] or [pl.lit(True)])
        # rows of one key mostly follow one another: those that repeat the row before go first, which is cheap
        table = table.filter(pl.Series(_moved(table.select(columns)))).filter(given & whole)
        table = table.unique(subset=columns, keep="first", maintain_order=True)
        if not len(table):
            return None
        if table.select(pl.struct(key).is_duplicated().any() if key else pl.len() > 1).item():
            table = self._one_value(table, key, ids, file)
        return table

    def _one_value(self, table: pl.DataFrame, key: tuple[str, ...], ids: list[str], file: str) -> pl.DataFrame:
        """Rows of the same key that complement each other become one; those that contradict are a finding."""
        by: list[str | pl.Expr] = [*key] or [pl.lit(0).alias("#all")]
        grouped = table.group_by(by, maintain_order=True)
        for name in (i for i in ids if not i.endswith("?")):
            missing = pl.col(f"{name}?") == PRESENCE_MISSING if f"{name}?" in ids else pl.lit(False)
            found = (pl.col(name).drop_nulls().unique().alias("#values"), missing.any().alias("#missing"))
            counts = grouped.agg(*found, pl.col(ROW).max())
            several = pl.col("#values").list.len() + pl.col("#missing").cast(pl.UInt32) > 1
            for row in counts.filter(several).rows(named=True):
                where = ".".join(row[d] or "" for d in key) or "*"
                told = [*map(str, row["#values"]), *(["#N/A"] if row["#missing"] else [])]
                values = ", ".join(sorted(told)[:5])
                line = row[ROW] or None
                self._findings.add(
                    "group-conflict", file=file, row=line, column=name, value=where, key=where, values=values
                )
        kept = [pl.col(i).max() if i.endswith("?") else pl.col(i).drop_nulls().first() for i in ids]
        merged = grouped.agg(*kept, pl.col(ROW).min())
        return merged.select(*key, *ids, ROW)


def _moved(frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows differ from the row before; the first always does."""
    coded = numbered(frame)
    moved = np.zeros(len(frame), np.bool_)
    moved[:1] = True
    for numbers in coded.values():
        moved[1:] |= numbers[1:] != numbers[:-1]
    others = [pl.col(c).ne_missing(pl.col(c).shift(1)) for c in frame.columns if c not in coded]
    if others:
        moved |= frame.select(pl.any_horizontal(others)).to_series().to_numpy()
    return moved


def _empty(frame: pl.DataFrame, name: str) -> pl.Series:
    missing = f"{name}?"
    empty = frame[name].is_null()
    return empty & (frame[missing] != 2) if missing in frame.columns else empty


def report_mandatory(
    schema: ResolvedStructure, frame: pl.DataFrame, rows: Rows, file: str, findings: Findings, *, own_only: bool
) -> None:
    """Finding attribute-missing, for each attribute with its first row."""
    for attribute in schema.attributes:
        if not attribute.mandatory or (own_only and schema.level(attribute) != "observation"):
            continue
        if attribute.id not in frame.columns:
            findings.add("attribute-missing", file=file, column=attribute.id, count=len(frame))
            continue
        hits = _empty(frame, attribute.id).arg_true()
        if len(hits):
            row = int(rows[hits[0]]) or None
            findings.add("attribute-missing", file=file, row=row, column=attribute.id, count=len(hits))
