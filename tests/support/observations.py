"""Small structures for tests of the observation store, and answers as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdmx_server.batches import ABSENT, MISSING, DataSet, ReadPlan
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.reference import Reference
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage
from sdmx_server.store.observation_store import PackedObservationStore

MISSING_VALUE = "#missing"
"""Stands for an intentionally missing value in plain answers."""

Key = tuple[str, ...]
Plain = dict[Key, dict[str, object]]


def structure(
    dimensions: Sequence[str] = ("FREQ", "REF_AREA", "SEX"),
    time: bool = True,
    measures: Sequence[tuple[str, Storage]] = (("OBS_VALUE", Storage.FLOAT),),
    attributes: Sequence[tuple[str, Sequence[str]]] = (),
    version: str = "1.0.0",
    name: str = "DF",
) -> ResolvedStructure:
    """A structure with these components. Attributes name the dimensions that they attach to; ``*`` = all of them."""
    every = (*dimensions, *(("TIME_PERIOD",) if time else ()))

    def attached(names: Sequence[str]) -> tuple[str, ...]:
        return every if tuple(names) == ("*",) else tuple(d for d in every if d in names)

    return ResolvedStructure(
        structure=DataStructure(agency="T", id="DSD", version=version),
        dataflow=Dataflow(agency="T", id=name, version=version),
        dimensions=tuple(
            ResolvedComponent(id=d, kind=ComponentKind.DIMENSION, storage=Storage.CODE) for d in dimensions
        ),
        time=ResolvedComponent(id="TIME_PERIOD", kind=ComponentKind.TIME, storage=Storage.PERIOD) if time else None,
        measures=tuple(ResolvedComponent(id=m, kind=ComponentKind.MEASURE, storage=s) for m, s in measures),
        attributes=tuple(
            ResolvedComponent(id=a, kind=ComponentKind.ATTRIBUTE, storage=Storage.CODE, attached_to=attached(names))
            for a, names in attributes
        ),
    )


def dataflow(name: str = "DF", version: str = "1.0.0") -> Reference:
    """The reference of the structure's dataflow."""
    return Reference(kind="Dataflow", agency="T", id=name, version=version)


def _text(codes: Sequence[str | None], i: int) -> object:
    return MISSING_VALUE if i == MISSING else codes[i]


def plain(dataset: DataSet) -> Plain:
    """All observations by key (dimensions in DSD order, time last), in the order of the answer: cells that are there."""
    found: Plain = {}
    order = dataset.schema.dimension_ids
    codes = {c.id: dataset.codes(c.id) for c in dataset.schema.components}
    periods = dataset.periods()
    for batch in dataset.batches():
        row = np.repeat(np.arange(len(batch.count)), batch.count)
        series = np.searchsorted(batch.series, np.arange(len(batch)), side="right") - 1
        ids = {d: p[row] for d, p in zip(dataset.prefix, batch.prefix, strict=True)}
        ids |= dict(zip(dataset.suffix, batch.suffix, strict=True))
        for i in range(len(batch)):
            key = []
            for d in order:
                if dataset.schema.time is not None and d == dataset.schema.time.id:
                    assert batch.time is not None
                    period = periods[batch.time[i]]
                    assert period is not None
                    key.append(period.text)
                else:
                    key.append(str(codes[d][ids[d][i]]))
            cells: dict[str, object] = {}
            for name, column in batch.measures.items():
                mark = 1 if column.presence is None else int(column.presence[i])
                component = dataset.schema.component(name)
                assert component is not None
                if mark == 2:
                    cells[name] = MISSING_VALUE
                elif mark == 1:
                    value = column.values[i]
                    cells[name] = codes[name][value] if component.storage is Storage.CODE else value.item()
            for name, column in batch.attributes.items():
                if column[i] != ABSENT:
                    cells[name] = _text(codes[name], int(column[i]))
            for name, column in batch.series_attributes.items():
                if column[series[i]] != ABSENT:
                    cells[name] = _text(codes[name], int(column[series[i]]))
            assert tuple(key) not in found
            found[tuple(key)] = cells
    return found


def everything(store: PackedObservationStore, schema: ResolvedStructure, plan: ReadPlan | None = None) -> Plain:
    """What the store holds for the structure's dataflow."""
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id, schema.dataflow.version)) as reading:
        return plain(reading.read(schema, plan or ReadPlan()))
