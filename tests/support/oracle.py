"""What a data query must return, worked out over a whole export by means that share nothing with the server's."""

from __future__ import annotations

import datetime as dt
import io
import operator
from collections.abc import Callable, Sequence

import polars as pl

_COMPARED: dict[str, Callable[[pl.Expr, object], pl.Expr]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "co": lambda column, text: column.str.contains(str(text), literal=True),
    "nc": lambda column, text: ~column.str.contains(str(text), literal=True),
    "sw": lambda column, text: column.str.starts_with(str(text)),
    "ew": lambda column, text: column.str.ends_with(str(text)),
}

NUMBERS = ("OBS_VALUE",)
"""Components that compare as numbers."""

Condition = tuple[str, str]
"""Operator and value."""


def span(period: str) -> tuple[dt.date, dt.date]:
    """First day, and the day after the last, of a year, a month or days such as ``2016-03-20/P366D``."""
    if "/" in period:
        start, days = period.split("/")
        first = dt.date.fromisoformat(start)
        return first, first + dt.timedelta(days=int(days[1:-1]))
    year, _, month = period.partition("-")
    if month:
        following = (int(year) + int(month) // 12, int(month) % 12 + 1)
        return dt.date(int(year), int(month), 1), dt.date(*following, 1)
    return dt.date(int(year), 1, 1), dt.date(int(year) + 1, 1, 1)


class Export:
    """All observations of a product as text columns. ``dimensions`` are in DSD order, time left out."""

    def __init__(self, text: bytes) -> None:
        table = pl.read_csv(io.BytesIO(text), infer_schema=False)
        names = table.columns
        self.dimensions = names[3 : names.index("TIME_PERIOD")]
        spans = [span(period) for period in table["TIME_PERIOD"]]
        self.table = table.with_columns(
            pl.Series("start", [s for s, _ in spans]), pl.Series("end", [e for _, e in spans])
        )

    def condition(self, component: str, condition: Condition) -> pl.Expr:
        """One condition of ``c[component]``."""
        name, value = condition
        if component in NUMBERS:
            return self._or_nothing(name, _COMPARED[name](pl.col(component).cast(pl.Float64), float(value)))
        if component != "TIME_PERIOD":
            return self._or_nothing(name, _COMPARED[name](pl.col(component), value))
        first, after = span(value)
        start, end = pl.col("start"), pl.col("end")
        within = (start >= first) & (end <= after)
        return {
            "eq": within, "ne": ~within, "lt": end <= first, "le": end <= after, "gt": start >= after,
            "ge": start >= first,
        }[name]  # fmt: skip

    def _or_nothing(self, name: str, found: pl.Expr) -> pl.Expr:
        """What has no value is not equal to any, and does not contain any."""
        return found.fill_null(name in ("ne", "nc"))

    def ordered(self, found: pl.DataFrame, sort: Sequence[tuple[str, bool]]) -> pl.DataFrame:
        """Rows by components, each descending or not; what has no value comes last."""
        columns: list[tuple[pl.Expr, bool]] = []
        for name, descending in sort:
            if name == "TIME_PERIOD":
                columns += [(pl.col("start"), descending), (pl.col("end"), descending)]
            else:
                columns.append((pl.col(name).cast(pl.Float64) if name in NUMBERS else pl.col(name), descending))
        return found.sort([c for c, _ in columns], descending=[d for _, d in columns], nulls_last=True)

    def select(
        self,
        keys: Sequence[Sequence[str]] = (),
        filters: Sequence[tuple[str, Sequence[Sequence[Condition]]]] = (),
        first: int | None = None,
        last: int | None = None,
    ) -> pl.DataFrame:
        """The rows of a query: any of the keys (``*`` or a missing end = any), all filters, each any of its groups."""
        found = self.table.sort("start", maintain_order=True)
        if keys:
            found = found.filter(pl.any_horizontal([self._key(key) for key in keys]))
        for component, groups in filters:
            alternatives = [pl.all_horizontal([self.condition(component, one) for one in group]) for group in groups]
            found = found.filter(pl.any_horizontal(alternatives))
        place = pl.int_range(pl.len()).over(self.dimensions)
        size = pl.len().over(self.dimensions)
        if first is None and last is None:
            return found
        wanted = [place < first] if first is not None else []
        wanted += [place >= size.cast(pl.Int64) - last] if last is not None else []
        return found.filter(pl.any_horizontal(wanted))

    def _key(self, key: Sequence[str]) -> pl.Expr:
        parts = [pl.col(d) == code for d, code in zip(self.dimensions, key, strict=False) if code not in ("*", "")]
        return pl.all_horizontal([pl.lit(True), *parts])
