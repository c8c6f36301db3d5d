"""Small structures for tests of the observation store, and answers as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sdmx_server.batches import MISSING, Column, DataSet, Ids, ReadPlan
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
    *,
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


def plain(dataset: DataSet) -> Plain:
    """All observations by key (dimensions in DSD order, time last), in the order of the answer: what is there."""
    found: Plain = {}
    codes = {c.id: dataset.codes(c.id) for c in dataset.schema.components}
    for batch in dataset.batches():
        row = np.repeat(np.arange(len(batch.count)), batch.count)
        series = np.searchsorted(batch.series, np.arange(len(batch)), side="right") - 1
        texts = {d: _texts(codes[d], p[row]) for d, p in zip(dataset.prefix, batch.prefix, strict=True)}
        texts |= {d: _texts(codes[d], s) for d, s in zip(dataset.suffix, batch.suffix, strict=True)}
        if batch.time is not None:
            texts["TIME_PERIOD"] = _texts([p.text if p else None for p in dataset.periods()], batch.time)
        attributes = {name: _texts(codes[name], ids) for name, ids in batch.attributes.items()}
        attributes |= {name: _texts(codes[name], ids[series]) for name, ids in batch.series_attributes.items()}
        cells = {name: _values(column, codes[name]) for name, column in batch.measures.items()} | attributes
        keys = list(zip(*(texts[d] for d in dataset.schema.dimension_ids), strict=True))
        assert len(set(keys)) == len(keys)
        assert not found.keys() & set(keys)
        for i, key in enumerate(keys):
            found[key] = {name: values[i] for name, values in cells.items() if values[i] is not None}
    return found


def _texts(codes: Sequence[str | None], ids: Ids) -> list[Any]:
    """The text of each id; None where there is no value."""
    return [MISSING_VALUE if i == MISSING else codes[i] for i in ids.tolist()]


def _values(column: Column, codes: Sequence[str | None]) -> list[Any]:
    """The value of each observation; None where there is none."""
    values = column.values.tolist()
    if column.values.dtype == np.uint32:
        values = [codes[i] for i in values]
    if column.presence is None:
        return values
    return [{0: None, 1: v, 2: MISSING_VALUE}[p] for v, p in zip(values, column.presence.tolist(), strict=True)]


def everything(store: PackedObservationStore, schema: ResolvedStructure, plan: ReadPlan | None = None) -> Plain:
    """What the store holds for the structure's dataflow."""
    assert schema.dataflow is not None
    with store.reading(dataflow(schema.dataflow.id, schema.dataflow.version)) as reading:
        return plain(reading.read(schema, plan or ReadPlan()))
