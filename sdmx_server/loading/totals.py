"""Totals that the sources lack, computed as the recipe declares them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..batches import canonical
from ..model.resolved import ResolvedStructure, Storage
from .problems import Findings
from .recipe import Derive, Recipe
from .scope import chosen, part_codes
from .values import Rows

_PARTS, _PLACE = "#parts", "#place"
_TEXT = pl.String()


def derive_totals(
    recipe: Recipe, schema: ResolvedStructure, frame: pl.DataFrame, findings: Findings
) -> list[pl.DataFrame]:
    """The computed observations of each derivation in turn, in the columns of ``frame``. Finding part-missing."""
    added: list[pl.DataFrame] = []
    for derive in recipe.derive:
        everything = pl.concat([frame, *added], how="diagonal") if added else frame
        new = _derive(derive, schema, everything, recipe.path.name, findings)
        if len(new):
            added.append(new)
    return added


def add_up(parts: Sequence[tuple[pl.DataFrame, Rows]], schema: ResolvedStructure) -> tuple[pl.DataFrame, Rows]:
    """The typed rows of a source with those that differ in numbers only added up, each at the first one's place.

    Rows that differ in attributes stay apart, so that a part without a value never makes a smaller total.
    """
    frame = pl.concat([part.with_columns(pl.Series(_PLACE, rows)) for part, rows in parts], how="diagonal")
    measures = [m.id for m in schema.measures if m.storage in (Storage.FLOAT, Storage.INTEGER) and m.id in frame]
    others = [c for c in frame.columns if c not in (*measures, _PLACE)]
    none = pl.lit(None)
    sums = [pl.when(pl.col(m).is_not_null().all()).then(pl.col(m).sum()).otherwise(none).alias(m) for m in measures]
    whole = frame.group_by(others, maintain_order=True).agg(*sums, pl.col(_PLACE).first())
    return whole.drop(_PLACE).select(c for c in frame.columns if c != _PLACE), whole[_PLACE].to_numpy()


def _derive(
    derive: Derive, schema: ResolvedStructure, frame: pl.DataFrame, file: str, findings: Findings
) -> pl.DataFrame:
    codes = part_codes(schema, derive.dimension, derive.code, derive.parts)
    others = [d for d in schema.dimension_ids if d != derive.dimension]
    parts = frame.filter(chosen(schema, _without(derive)) & pl.col(derive.dimension).is_in(codes))
    measures = [
        m.id for m in schema.measures if m.storage in (Storage.FLOAT, Storage.INTEGER) and m.id in frame.columns
    ]
    attributes = [a.id for a in schema.attributes if a.id in frame.columns]
    shared = [
        pl.when(pl.col(a).n_unique() == 1).then(pl.col(a).first()).otherwise(pl.lit(None, _TEXT)).alias(a)
        for a in attributes
    ]
    sums = [pl.col(m).sum().alias(m) for m in measures]
    counted = pl.col(measures[0]).is_not_null().sum() if measures else pl.len()
    totals = parts.group_by(others, maintain_order=True).agg(*sums, *shared, counted.alias(_PARTS))
    existing = frame.filter(pl.col(derive.dimension) == derive.code).select(others)
    totals = totals.filter(pl.col(_PARTS) > 0).join(existing, on=others, how="anti", maintain_order="left")
    if derive.require == "all":
        short = totals.filter(pl.col(_PARTS) < len(codes))
        report_lacking(short, others, _PARTS, len(codes), derive.dimension, f"derive {derive.code}", file, findings)
    given = [pl.lit(_attribute(value)).alias(name) for name, value in derive.attributes.items()]
    totals = totals.drop(_PARTS).with_columns(pl.lit(derive.code).alias(derive.dimension), *given)
    return totals.with_columns(pl.col(m).cast(frame.schema[m]) for m in measures)


def _without(derive: Derive) -> dict[str, object]:
    """The scope on the other dimensions: on the summed one it would exclude the parts."""
    return {name: value for name, value in derive.where.items() if name != derive.dimension}


def _attribute(value: object) -> str:
    return value if isinstance(value, str) else canonical(value)


def report_lacking(  # noqa: PLR0917 - what a sentence about missing parts needs
    short: pl.DataFrame,
    others: Sequence[str],
    counted: str,
    wanted: int,
    dimension: str,
    name: str,
    file: str,
    findings: Findings,
) -> None:
    """Finding part-missing for each key that has some parts but not all."""
    for row in short.rows(named=True):
        key = ".".join(row[d] or "" for d in others)
        lacking = wanted - int(row[counted])
        findings.add("part-missing", file=file, value=key, path=name, name=name, lacking=lacking, dimension=dimension)
