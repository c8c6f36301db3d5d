"""What the recipe expects of each sheet: labels in order, numbers of rows, totals, two languages that agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from sdmx_server.loading.api import Source, match_key

from .data import Rows
from .options import Agree, Options, Total
from .sheet import letters, plain, unpack
from .table import Table

_AT, _NUMBER = "#at", "#number"


def fits(source: Source, options: Options, table: Table, rows: Rows) -> bool:
    """Whether a table is what is expected. Totals are compared only where every label is in its place.

    Findings: rows-expected, label-unexpected, total-wrong, part-missing, labels-disagree.
    """
    expect = options.expect
    before = source.findings.count
    if expect.rows is not None and len(table.rows) != expect.rows:
        row = int(table.rows[-1]) + 1
        place: dict[str, Any] = {"file": source.name, "sheet": table.sheet.name, "row": row}
        source.findings.add("rows-expected", **place, found=len(table.rows), expected=expect.rows)
    for name, labels in expect.labels.items():
        at = [(row, table.stubs.get(name, 0)) for row in table.rows.tolist()]
        found = table.labels.get(name, table.sections)
        _in_order(source, table, labels, found, at)
    if expect.heads:
        named = [level for level, name in enumerate(options.levels) if name]
        heads = ["|".join(head[level] for level in named) for head in table.heads]
        bottom = table.top + options.depth - 1
        _in_order(source, table, expect.heads, heads, [(bottom, column) for column in table.columns])
    for pair in options.agree:
        _agree(source, options, table, pair, rows)
    for total in options.totals if source.findings.count == before else ():
        _total(source, options, table, total, rows)
    return source.findings.count == before


def _in_order(
    source: Source, table: Table, expected: Sequence[str], found: Sequence[str], at: Sequence[tuple[int, int]]
) -> None:
    """The first place where labels differ from those expected; after it everything would."""
    for number in range(max(len(expected), len(found))):
        wanted = expected[number] if number < len(expected) else "-"
        given = found[number] if number < len(found) else "-"
        if match_key(wanted) != match_key(given):
            row, column = at[min(number, len(at) - 1)]
            where: dict[str, Any] = {"row": row + 1, "column": letters(column), "value": given}
            source.findings.add("label-unexpected", file=source.name, sheet=table.sheet.name, expected=wanted, **where)
            return


def _agree(source: Source, options: Options, table: Table, pair: Agree, rows: Rows) -> None:
    """Each label of one column stands beside the same label of the other, and the other way round."""
    first, second = pair.columns
    pairs = rows.frame.select(first, second).with_columns(pl.Series(_AT, rows.places)).drop_nulls()
    distinct = pairs.group_by(first, second, maintain_order=True).agg(pl.col(_AT).first())
    forth = {match_key(label): match_key(other) for label, other in pair.table.items()}
    shown = {match_key(label): label for label in (*pair.table, *pair.table.values())}
    back = {other: label for label, other in forth.items()}
    for label, other, at in distinct.rows():
        keys = match_key(label), match_key(other)
        shown.setdefault(keys[0], label)
        shown.setdefault(keys[1], other)
        wanted = forth.setdefault(keys[0], keys[1])
        owner = back.setdefault(keys[1], keys[0])
        if wanted != keys[1] or owner != keys[0]:
            expected = shown[wanted] if wanted != keys[1] else shown[owner]
            value, found = (label, other) if wanted != keys[1] else (other, label)
            place = table.place(options, *unpack(at)[1:], first if wanted != keys[1] else second)
            source.findings.add(
                "labels-disagree",
                file=source.name,
                sheet=place.sheet,
                row=place.row,
                column=place.column,
                value=value,
                found=found,
                expected=expected,
            )


def _total(source: Source, options: Options, table: Table, total: Total, rows: Rows) -> None:
    """A whole equals the sum of its parts, for each combination of the other labels."""
    others = [name for name in options.columns[:-1] if name != total.column]
    whole, parts = match_key(total.whole), [match_key(part) for part in total.parts]
    labels = rows.frame[total.column].unique().drop_nulls().to_list()
    keys = pl.col(total.column).replace_strict(labels, [match_key(label) for label in labels], default=None)
    frame = rows.frame.with_columns(keys, pl.Series(_AT, rows.places), pl.Series(_NUMBER, rows.numbers).fill_nan(0.0))
    for label in [part for part in (whole, *parts) if part not in map(match_key, labels)]:
        source.findings.add(
            "part-missing",
            file=source.name,
            sheet=table.sheet.name,
            value=table.sheet.name,
            name=f"{total.column} {total.whole}",
            lacking=label,
            dimension=total.column,
        )
        return
    by: list[str | pl.Expr] = [*others] or [pl.lit(0).alias("#all")]
    sums = frame.filter(pl.col(total.column).is_in(parts)).group_by(by).agg(pl.col(_NUMBER).sum().alias("#parts"))
    wholes = frame.filter(pl.col(total.column) == whole)
    if not others:
        wholes = wholes.with_columns(pl.lit(0).alias("#all"))
    both = wholes.join(sums, on=others or ["#all"], how="left", maintain_order="left", nulls_equal=True)
    gap = pl.col(_NUMBER) - pl.col("#parts").fill_null(0.0)
    noise = 1e-9 * pl.col(_NUMBER).abs().clip(lower_bound=1.0)
    for row in both.filter(gap.abs() > total.tolerance + noise).rows(named=True):
        _, at, column = unpack(row[_AT])
        source.findings.add(
            "total-wrong",
            file=source.name,
            sheet=table.sheet.name,
            row=at + 1,
            column=letters(column),
            value="|".join(row[name] or "" for name in others) or total.whole,
            name=f"{total.column} {total.whole}",
            whole=plain(row[_NUMBER]),
            parts=plain(row["#parts"] or 0.0),
            difference=plain(row[_NUMBER] - (row["#parts"] or 0.0)),
            tolerance=total.tolerance,
        )
