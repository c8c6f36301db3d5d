"""Checks that a recipe declares: totals, means of months, published figures."""

from __future__ import annotations

import polars as pl

from ..model.resolved import ResolvedStructure, Storage
from .periods import parse
from .problems import Findings
from .recipe import Check, Recipe
from .scope import chosen, part_codes
from .totals import report_lacking

_WHOLE, _PARTS, _COUNT = "#whole", "#parts", "#count"
_FREQUENCY = "FREQ"


def run_checks(recipe: Recipe, schema: ResolvedStructure, frame: pl.DataFrame, findings: Findings) -> None:
    """Run all declared checks over typed observations (dimensions and numeric measures)."""
    measure = next((m.id for m in schema.measures if m.storage in (Storage.FLOAT, Storage.INTEGER)), None)
    if measure is None or measure not in frame.columns:
        return
    file = recipe.path.name
    for number, check in enumerate(recipe.check, 1):
        scoped = frame.filter(chosen(schema, check.where))
        name = check.name or f"check {number}"
        if check.kind == "total":
            _total(check, name, schema, scoped, measure, file, findings)
        elif check.kind == "mean":
            _mean(check, name, schema, scoped, measure, file, findings)
        else:
            _figure(check, name, scoped, measure, file, findings)


def _off(tolerance: float) -> pl.Expr:
    """A difference beyond the tolerance; the last bits of a sum of decimals do not count."""
    noise = 1e-9 * pl.col(_WHOLE).abs().clip(lower_bound=1.0)
    return (pl.col(_WHOLE) - pl.col(_PARTS)).abs() > tolerance + noise


def _show(number: float) -> str:
    return f"{number:.10g}" if abs(number) < 1e10 else f"{number:.0f}"


def _total(  # noqa: PLR0917 - a check over a frame, and where it reports
    check: Check,
    name: str,
    schema: ResolvedStructure,
    frame: pl.DataFrame,
    measure: str,
    file: str,
    findings: Findings,
) -> None:
    codes = part_codes(schema, check.dimension, check.whole, check.parts)
    others = [d for d in schema.dimension_ids if d != check.dimension]
    given = frame.filter(pl.col(measure).is_not_null())
    wholes = given.filter(pl.col(check.dimension) == check.whole).select(*others, pl.col(measure).alias(_WHOLE))
    parts = given.filter(pl.col(check.dimension).is_in(codes)).group_by(others)
    sums = parts.agg(pl.col(measure).sum().alias(_PARTS), pl.len().alias(_COUNT))
    both = wholes.join(sums, on=others, how="inner", maintain_order="left")
    if check.require == "all":
        short = both.filter(pl.col(_COUNT) < len(codes))
        report_lacking(short, others, _COUNT, len(codes), check.dimension, name, file, findings)
        both = both.filter(pl.col(_COUNT) == len(codes))
    for row in both.filter(_off(check.tolerance)).rows(named=True):
        key = ".".join((check.whole if d == check.dimension else row[d]) or "" for d in schema.dimension_ids)
        findings.add(
            "total-wrong",
            file=file,
            value=key,
            path=name,
            name=name,
            whole=_show(row[_WHOLE]),
            parts=_show(row[_PARTS]),
            difference=_show(row[_WHOLE] - row[_PARTS]),
            tolerance=check.tolerance,
        )


def _mean(  # noqa: PLR0917 - as above
    check: Check,
    name: str,
    schema: ResolvedStructure,
    frame: pl.DataFrame,
    measure: str,
    file: str,
    findings: Findings,
) -> None:
    if schema.time is None or _FREQUENCY not in frame.columns:
        return
    time = schema.time.id
    others = [d for d in schema.dimension_ids if d not in (time, _FREQUENCY)]
    given = frame.filter(pl.col(measure).is_not_null())
    texts = given[time].unique().to_list()
    periods = [parse(text) for text in texts]
    spans = pl.DataFrame({time: texts, "#start": [p.start for p in periods], "#end": [p.end for p in periods]})
    given = given.join(spans, on=time, how="left")
    years = given.filter(pl.col(_FREQUENCY) == "A").select(
        *others, time, "#start", "#end", pl.col(measure).alias(_WHOLE)
    )
    months = given.filter(pl.col(_FREQUENCY) == "M").select(
        *others, pl.col("#start").alias("#from"), pl.col("#end").alias("#to"), pl.col(measure).alias(_PARTS)
    )
    pairs = years.join(months, on=others, how="inner") if others else years.join(months, how="cross")
    inside = pairs.filter((pl.col("#from") >= pl.col("#start")) & (pl.col("#to") <= pl.col("#end")))
    means = inside.group_by([*others, time, _WHOLE]).agg(pl.col(_PARTS).mean(), pl.len().alias(_COUNT))
    wrong = means.filter((pl.col(_COUNT) >= check.count) & _off(check.tolerance)).sort(time)
    for row in wrong.rows(named=True):
        key = ".".join("A" if d == _FREQUENCY else row[d] or "" for d in schema.dimension_ids)
        findings.add(
            "mean-wrong",
            file=file,
            value=key,
            path=name,
            name=name,
            whole=_show(row[_WHOLE]),
            parts=_show(row[_PARTS]),
            tolerance=check.tolerance,
        )


def _figure(  # noqa: PLR0917 - as above
    check: Check, name: str, frame: pl.DataFrame, measure: str, file: str, findings: Findings
) -> None:
    values = frame[measure].drop_nulls()
    if not len(values):
        findings.add("figure-none", file=file, path=name, name=name)
        return
    results = {"sum": values.sum, "mean": values.mean, "count": values.len}
    found = float(results[check.aggregate]())  # type: ignore[arg-type]  # of numbers, and never empty
    if abs(found - check.value) > check.tolerance + 1e-9 * max(1.0, abs(check.value)):
        findings.add(
            "figure-wrong",
            file=file,
            value=_show(check.value),
            path=name,
            name=name,
            found=_show(found),
            aggregate=check.aggregate,
            tolerance=check.tolerance,
        )
