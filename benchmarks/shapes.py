"""Synthetic observations of four shapes that real statistics have, the same ones every time.

A monthly, 108 months per series; B annual, 10 years per series, 7 dimensions; C a census: one period, 6 dimensions;
D monthly with two measures, twelve series attributes and bilingual text. Series come in a scattered order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import polars as pl

from sdmx_server.batches import Action, Delta, canonical
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Measure,
    TimeDimension,
)
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage

FRAME = 100_000
"""Rows of a delta."""

_STATUS = np.array([None, "E", "M"], dtype=object)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a shape looks like. ``sizes``: codes of each dimension; None = as many as it takes."""

    sizes: dict[str, int | None]
    periods: tuple[str, ...]
    measures: tuple[tuple[str, Storage], ...] = (("OBS_VALUE", Storage.FLOAT),)
    series_attributes: int = 0


def _months(count: int) -> tuple[str, ...]:
    return tuple(f"{2010 + i // 12}-{i % 12 + 1:02}" for i in range(count))


SHAPES: dict[str, Shape] = {
    "A": Shape(
        sizes={"FREQ": 1, "REF_AREA": 31, "INDICATOR": None, "ADJUSTMENT": 3, "UNIT_MEASURE": 4}, periods=_months(108)
    ),
    "B": Shape(
        sizes={"FREQ": 1, "REF_AREA": 40, "ACTIVITY": None, "SEX": 3, "AGE": 12, "EDUCATION": 5, "UNIT_MEASURE": 2},
        periods=tuple(str(2010 + i) for i in range(10)),
    ),
    "C": Shape(
        sizes={"FREQ": 1, "REF_AREA": None, "URBANISATION": 3, "SEX": 3, "AGE": 21, "MARITAL_STATUS": 6},
        periods=("2016-03-20/P366D",),
    ),
    "D": Shape(
        sizes={"FREQ": 1, "REF_AREA": 31, "INDICATOR": None, "UNIT_MEASURE": 4},
        periods=_months(60),
        measures=(("OBS_VALUE", Storage.FLOAT), ("SAMPLE_SIZE", Storage.INTEGER)),
        series_attributes=12,
    ),
}


def code(dimension: str, i: int) -> str:
    """The i-th code of a dimension."""
    return "M" if dimension == "FREQ" else f"{dimension[:2]}{i:03}"


def radices(name: str, observations: int) -> dict[str, int]:
    """How many codes each dimension has at a size."""
    shape = SHAPES[name]
    series = -(-observations // len(shape.periods))
    others = math.prod(size for size in shape.sizes.values() if size)
    return {d: size or -(-series // others) for d, size in shape.sizes.items()}


def key(name: str, observations: int, series: int) -> tuple[str, ...]:
    """The key of the n-th series of a shape at a size; ``series`` wraps around."""
    sizes = radices(name, observations)
    rest = series % -(-observations // len(SHAPES[name].periods))
    codes = []
    for dimension, size in reversed(sizes.items()):
        codes.append(code(dimension, rest % size))
        rest //= size
    return tuple(reversed(codes))


def structure(name: str, observations: int) -> ResolvedStructure:
    """The resolved structure of a shape at a size."""
    shape = SHAPES[name]
    sizes = radices(name, observations)
    dimensions = tuple(sizes)
    text = TextFormat(facets={"isMultiLingual": "true"})
    notes = tuple(f"NOTE_{i}" for i in range(1, shape.series_attributes + 1))
    relation = AttributeRelationship(dimensions=tuple(DimensionRelation(id=d) for d in dimensions))
    definition = DataStructure(
        agency="BENCH",
        id=f"DSD_{name}",
        version="1.0.0",
        dimensions=tuple(Dimension(id=d, position=i) for i, d in enumerate(dimensions, start=1)),
        time_dimension=TimeDimension(id="TIME_PERIOD"),
        measures=tuple(Measure(id=m) for m, _ in shape.measures),
        attributes=(
            Attribute(id="OBS_STATUS", relationship=AttributeRelationship(observation=True)),
            *(Attribute(id=n, relationship=relation) for n in notes),
        ),
    )
    return ResolvedStructure(
        structure=definition,
        dataflow=Dataflow(agency="BENCH", id=f"DF_{name}", version="1.0.0"),
        dimensions=tuple(
            ResolvedComponent(
                id=d,
                kind=ComponentKind.DIMENSION,
                storage=Storage.CODE,
                names={"en": d.title()},
                enumeration=Codelist(
                    agency="BENCH",
                    id=f"CL_{d}",
                    version="1.0.0",
                    items=tuple(Code(id=code(d, i), names={"en": f"{d.title()} {i}"}) for i in range(size)),
                ),
            )
            for d, size in sizes.items()
        ),
        time=ResolvedComponent(id="TIME_PERIOD", kind=ComponentKind.TIME, storage=Storage.PERIOD),
        measures=tuple(
            ResolvedComponent(
                id=m,
                kind=ComponentKind.MEASURE,
                storage=s,
                text_format=TextFormat(text_type="Double" if s is Storage.FLOAT else "Long"),
            )
            for m, s in shape.measures
        ),
        attributes=(
            ResolvedComponent(
                id="OBS_STATUS",
                kind=ComponentKind.ATTRIBUTE,
                storage=Storage.CODE,
                attached_to=(*dimensions, "TIME_PERIOD"),
            ),
            *(
                ResolvedComponent(
                    id=n,
                    kind=ComponentKind.ATTRIBUTE,
                    storage=Storage.CODE,
                    attached_to=dimensions,
                    text_format=text if i % 4 == 0 else TextFormat(),
                    multilingual=i % 4 == 0,
                )
                for i, n in enumerate(notes)
            ),
        ),
    )


def _texts(dimension: str, ids: np.ndarray, size: int) -> pl.Series:  # type: ignore[type-arg]
    table = pl.Series([code(dimension, i) for i in range(size)])
    return table.gather(ids).rename(dimension)


def _key_columns(sizes: dict[str, int], series: np.ndarray) -> list[pl.Series]:  # type: ignore[type-arg]
    columns: list[pl.Series] = []
    rest = series
    for dimension, size in reversed(sizes.items()):
        columns.insert(0, _texts(dimension, rest % size, size))
        rest = rest // size
    return columns


def _scatter(count: int) -> int:
    """A step that visits all of ``count`` series in a scattered order."""
    step = max(1, int(count * 0.618))
    while math.gcd(step, count) != 1:
        step += 1
    return step


def observations(name: str, count: int) -> Iterator[pl.DataFrame]:
    """The observations of a shape: ``count`` of them, in frames of at most ``FRAME`` rows."""
    shape = SHAPES[name]
    sizes = radices(name, count)
    per_series = len(shape.periods)
    total = -(-count // per_series)
    step = _scatter(total)
    periods = pl.Series("TIME_PERIOD", shape.periods)
    for begin in range(0, count, FRAME):
        at = np.arange(begin, min(begin + FRAME, count))
        series, period = (at // per_series) * step % total, at % per_series
        number = series * per_series + period
        status = np.where(number % 97 == 0, 2, np.where(number % 13 == 0, 1, 0))
        columns = [*_key_columns(sizes, series), periods.gather(period)]
        for place, (measure, storage) in enumerate(shape.measures):
            value = (number * 2_654_435_761 + place) % 1_000_003
            values = pl.Series(measure, value / 100 if storage is Storage.FLOAT else value + 2**53)
            if place == 0:
                values = pl.select(pl.when(pl.Series(status != 2)).then(values)).to_series().rename(measure)
            columns.append(values)
        columns.append(pl.Series("OBS_STATUS", _STATUS[status].tolist(), dtype=pl.String))
        yield pl.DataFrame(columns)


def series_attributes(name: str, count: int) -> Iterator[pl.DataFrame]:
    """The series attributes of a shape, keyed by all dimensions but time; nothing where it has none."""
    shape = SHAPES[name]
    sizes = radices(name, count)
    total = -(-count // len(shape.periods))
    for begin in range(0, total, FRAME) if shape.series_attributes else ():
        series = np.arange(begin, min(begin + FRAME, total))
        columns = _key_columns(sizes, series)
        for i in range(shape.series_attributes):
            spread = [7, 50, 3, 900][i % 4]
            text: Callable[[int], str] = _bilingual if i % 4 == 0 else _plain
            table = pl.Series([text(j) for j in range(spread)])
            columns.append(table.gather((series * (i + 3)) % spread).rename(f"NOTE_{i + 1}"))
        yield pl.DataFrame(columns)


def _plain(i: int) -> str:
    return f"Note {i} & more"


def _bilingual(i: int) -> str:
    return canonical({"en": f"Remark {i}", "fa": f"یادداشت {i}"})


def deltas(name: str, count: int) -> Iterator[Delta]:
    """Everything as changes to merge."""
    dimensions = tuple(SHAPES[name].sizes)
    for frame in series_attributes(name, count):
        yield Delta(action=Action.MERGE, groups={dimensions: frame})
    for frame in observations(name, count):
        yield Delta(action=Action.MERGE, observations=frame)


def shape(name: str, count: int) -> tuple[ResolvedStructure, Iterator[Delta]]:
    """The structure of a shape (A, B, C, D) and ``count`` observations of it."""
    return structure(name, count), deltas(name, count)
