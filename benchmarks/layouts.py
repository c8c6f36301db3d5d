"""Look-ups in data that are not monthly: ``python -m benchmarks.layouts [--databases sqlite,postgresql]``.

daily: 20 years of days; hourly: 20 years of hours; skewed: a few series of 100,000 observations among thousands that
have one to ten. Measures look-ups, of a whole series and of a month of it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from benchmarks import databases, report
from benchmarks.shapes import structure
from benchmarks.timing import Taken, repeatedly
from sdmx_server.batches import Action, Condition, Delta, Filter, Operator, ReadPlan
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store.database import create_engine, metadata
from sdmx_server.store.observation_store import PackedObservationStore

LOOKUPS = 200
AREAS, UNITS = 31, 4

_DAYS = np.datetime_as_string(np.arange("2001-01-01", "2020-12-27", dtype="datetime64[D]")).tolist()
_HOURS = np.datetime_as_string(np.arange("2001-01-01T00", "2020-12-27T00", dtype="datetime64[h]"), unit="s").tolist()


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Series with their lengths, over one list of periods; ``stretch``: start and end of what is also asked for."""

    lengths: tuple[int, ...]
    periods: list[str]
    stretch: tuple[str, str]


def layouts(part: int = 1) -> dict[str, Layout]:
    """The three kinds of data; ``part`` divides the number of series, and of the observations of hourly ones."""
    hours = _HOURS[: len(_HOURS) // part]
    middle = len(hours) // 48 * 24
    small = np.random.default_rng(7).integers(1, 11, 4_000 // part).tolist()
    return {
        "daily": Layout(lengths=(len(_DAYS),) * (60 // part), periods=_DAYS, stretch=("2012-03-01", "2012-03-31")),
        "hourly": Layout(lengths=(len(hours),) * 4, periods=hours, stretch=("2001-03-01", "2001-03-31")),
        "skewed": Layout(
            lengths=(*small[: len(small) // 2], *(min(100_000, len(hours)),) * 4, *small[len(small) // 2 :]),
            periods=hours,
            stretch=(hours[middle][:10], hours[middle + 743][:10]),  # within each long one
        ),
    }


def key(series: int) -> dict[str, str]:
    """The codes of a series."""
    place, unit = divmod(series, UNITS)
    indicator, area = divmod(place, AREAS)
    return {
        "FREQ": "M",
        "REF_AREA": f"RE{area:03}",
        "INDICATOR": f"IN{indicator:03}",
        "ADJUSTMENT": "AD000",
        "UNIT_MEASURE": f"UN{unit:03}",
    }


def deltas(layout: Layout) -> Iterator[Delta]:
    """Everything as changes to merge, some series at a time; short series begin at any period."""
    random = np.random.default_rng(8)
    held: list[pl.DataFrame] = []
    for series, length in enumerate(layout.lengths):
        begin = int(random.integers(len(layout.periods) - length + 1))
        columns = {
            "TIME_PERIOD": layout.periods[begin : begin + length],
            "OBS_VALUE": np.arange(length, dtype=np.float64) + series,
        }
        held.append(pl.DataFrame(columns).with_columns(**{d: pl.lit(c) for d, c in key(series).items()}))
        if sum(map(len, held)) > 100_000 or series == len(layout.lengths) - 1:
            yield Delta(action=Action.MERGE, observations=pl.concat(held))
            held = []


def load(store: PackedObservationStore, layout: Layout) -> ResolvedStructure:
    """Load a layout; the structure that it was loaded through."""
    schema = structure("A", 1_000_000)
    with store.staging(schema, 1) as staging:
        for delta in deltas(layout):
            staging.add(delta)
        staging.commit("benchmark", "load")
    return schema


def plan(layout: Layout, series: int, stretch: bool) -> ReadPlan:
    """A look-up of a series, or of a stretch of it."""
    pattern = tuple(frozenset((code,)) for code in key(series).values())
    start, end = layout.stretch
    conditions = ((Condition(Operator.GE, start), Condition(Operator.LE, end)),)
    filters = (Filter(component="TIME_PERIOD", any_of=conditions),) if stretch else ()
    return ReadPlan(keys=(pattern,), filters=filters)


def looks(store: PackedObservationStore, schema: ResolvedStructure, layout: Layout) -> Iterator[Taken]:
    """Look-ups of a kind; the name says how many observations one sees."""
    assert schema.dataflow is not None
    flow = reference_to(schema.dataflow)
    random = np.random.default_rng(9)
    lengths = np.array(layout.lengths)
    long = np.flatnonzero(lengths > 1_000)
    kinds: dict[str, tuple[np.ndarray, bool]] = {"a long series": (long, False), "a month of it": (long, True)}  # type: ignore[type-arg]
    if len(long) < len(lengths):
        kinds["a short series"] = (np.flatnonzero(lengths <= 1_000), False)

    def look(wanted: ReadPlan) -> int:
        with store.reading(flow) as reading:
            return sum(len(batch) for batch in reading.read(schema, wanted).batches())

    for what, (series, stretch) in kinds.items():
        works: list[Callable[[], int]] = [
            partial(look, plan(layout, int(random.choice(series)), stretch)) for _ in range(LOOKUPS + 3)
        ]
        taken = repeatedly(what, works)
        taken.name = f"{what}, {taken.observations / LOOKUPS:,.0f} observations"
        yield taken


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layouts", description=__doc__)
    parser.add_argument("--databases", default="sqlite", help="sqlite, postgresql or both")
    parser.add_argument("--part", type=int, default=1, help="divides the number of series")
    parser.add_argument("--layouts", default="daily,hourly,skewed", help="which layouts")
    parser.add_argument("--no-report", action="store_true", help="leave benchmarks/results and docs as they are")
    chosen = parser.parse_args()
    kinds, figures = chosen.databases.split(","), []
    with tempfile.TemporaryDirectory(prefix="sdmx-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        server = stack.enter_context(databases.postgresql(folder / "pg")) if "postgresql" in kinds else None
        for name in chosen.layouts.split(","):
            layout = layouts(chosen.part)[name]
            for kind in kinds:
                engine = create_engine(databases.fresh(kind, server, folder, f"layout_{name}"))
                metadata.create_all(engine)
                store = PackedObservationStore(engine)
                schema = load(store, layout)
                for taken in looks(store, schema, layout):
                    figure = report.Figure(database=kind, shape=name, count=sum(layout.lengths), taken=taken)
                    figures.append(figure)
                    print(report.line(figure), flush=True)
                engine.dispose()
    if not chosen.no_report:
        report.write(figures, Path(__file__).resolve().parents[1], "layouts")


if __name__ == "__main__":
    main()
