"""What a store shows of a state, or of the way from one state to another, against the plain dictionaries of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sdmx_server.batches import MISSING, Change, DataSet, Order, ReadPlan
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.ports import CubeReading
from sdmx_server.store.observation_store import PackedObservationStore
from support.observations import MISSING_VALUE, dataflow, plain
from support.random_loads import State, answer_of

Level = tuple[str, ...]
Values = dict[tuple[Level, tuple[str, ...], str], str]
"""Attribute values that attach to fewer dimensions, by level, key and attribute."""


def check_state(reading: CubeReading, schema: ResolvedStructure, revision: int, state: State) -> None:
    """Compare observations, attributes of every level and what is used of each dimension with a state."""
    every = schema.dimension_ids
    dataset = reading.read(schema, ReadPlan(as_of=revision))
    expected = answer_of(state, every)
    assert plain(dataset) == expected
    assert dataset.dataset_attributes == {
        name: v for name, v in state.get((), {}).get((), {}).items() if v != MISSING_VALUE
    }
    for dimension in every:
        codes = dataset.codes(dimension)
        if dimension == "TIME_PERIOD":
            codes = [p.text if p else None for p in dataset.periods()]
        used = {codes[i] for i in dataset.used(dimension)}
        assert used == {key[every.index(dimension)] for key in expected}


def check_present(store: PackedObservationStore, schema: ResolvedStructure, state: State, wanted: Any) -> None:
    """Compare what there is now with a state: across series, for some keys, in the index and in the numbers.

    ``wanted``: for each of the first three dimensions the codes that are asked for, None for all; of several of these
    one has to fit.
    """
    assert schema.dataflow is not None
    every = schema.dimension_ids
    expected = answer_of(state, every)
    with store.reading(dataflow(schema.dataflow.id, schema.dataflow.version)) as reading:
        assert plain(reading.read(schema, ReadPlan(order=Order.CROSS, dimension_at_observation="REF_AREA"))) == expected
        keys = tuple(tuple(frozenset(c) if c else None for c in pattern) for pattern in wanted)
        chosen = {
            k: v
            for k, v in expected.items()
            if not keys or any(all(w is None or c in w for w, c in zip(p, k, strict=False)) for p in keys)
        }
        assert plain(reading.read(schema, ReadPlan(keys=keys))) == chosen
        available = reading.availability(schema, ReadPlan(keys=keys))
        assert available.observations == len(chosen)
        assert available.series == len({k[:3] for k in chosen} if schema.time else chosen)
        for i, dimension in enumerate(every[:3]):
            assert set(available.codes[dimension]) == {k[i] for k in chosen}
    status = [(s.observations, s.series) for s in store.status() if s.dataflow.id == schema.dataflow.id]
    series = len({k[:3] for k in expected} if schema.time else expected)
    committed = store.revision(dataflow(schema.dataflow.id, schema.dataflow.version))
    assert committed is not None
    assert status == ([(len(expected), series)] if committed.data else [])  # every load may have been empty


def _values(state: State, every: Level) -> Values:
    return {
        (level, key, name): value
        for level, entries in state.items()
        if level != every
        for key, cells in entries.items()
        for name, value in cells.items()
        if level or value != MISSING_VALUE  # a missing attribute of the data set is not shown
    }


def _listed(dataset: DataSet) -> Values:
    found: Values = {((), (), name): text for name, text in dataset.dataset_attributes.items()}
    periods = [p.text if p else None for p in dataset.periods()]
    texts: Mapping[str, Any] = {d: dataset.codes(d) for d in dataset.schema.dimension_ids} | {"TIME_PERIOD": periods}
    for table in dataset.groups():
        order = [d for d in dataset.schema.dimension_ids if d in table.dimensions]
        columns = dict(zip(table.dimensions, table.keys, strict=True))
        for i in range(len(table.keys[0])):
            key = tuple(texts[d][int(columns[d][i])] for d in order)
            for name, ids in table.attributes.items():
                if ids[i]:
                    value = MISSING_VALUE if ids[i] == MISSING else dataset.codes(name)[int(ids[i])]
                    assert value is not None
                    assert ((*order,), key, name) not in found
                    found[(*order,), key, name] = value
    return found


def _series(dataset: DataSet) -> Values:
    """The attributes of series as ``batches`` of a data set of attributes give them."""
    found: Values = {}
    level = tuple(d.id for d in dataset.schema.dimensions)
    for batch in dataset.batches():
        columns = dict(zip(dataset.suffix, batch.suffix, strict=True))
        for i in range(len(batch)):
            key = tuple(str(dataset.codes(d)[int(columns[d][i])]) for d in level)
            for name, ids in batch.series_attributes.items():
                if ids[i]:
                    found[level, key, name] = MISSING_VALUE if ids[i] == MISSING else str(dataset.codes(name)[ids[i]])
    return found


def check_changes(
    reading: CubeReading, schema: ResolvedStructure, states: Sequence[State], first: int, second: int
) -> None:
    """Compare what the store says that changed between two revisions with their states, in every way of asking."""
    every = schema.dimension_ids

    def read(change: Change, **more: Any) -> DataSet:
        return reading.read(schema, ReadPlan(since=first, as_of=second, change=change, **more))

    before, after = states[first], states[second]
    old, new = before.get(every, {}), after.get(every, {})
    changed = {k for k, cells in new.items() if old.get(k) != cells}
    answer = answer_of(after, every)
    expected = {k: answer[k] for k in changed}
    assert plain(read(Change.SET)) == expected
    assert plain(read(Change.SET, order=Order.CROSS, dimension_at_observation="REF_AREA")) == expected
    gone = read(Change.GONE)
    assert plain(gone) == {k: {} for k in old.keys() - new.keys()}
    assert {gone.codes("SEX")[i] for i in gone.used("SEX")} == {k[2] for k in old.keys() - new.keys()}
    available = reading.availability(schema, ReadPlan(since=first, as_of=second))
    moved = changed | (old.keys() - new.keys())
    assert available.observations == len(moved)
    assert available.series == len({k[:3] for k in moved} if schema.time else moved)
    had, has = _values(before, every), _values(after, every)
    added = _listed(read(Change.ATTRIBUTES_SET))
    wanted = {k[:2] for k, v in has.items() if had.get(k) != v}
    assert added == {k: v for k, v in has.items() if k[:2] in wanted}
    removed = _listed(read(Change.ATTRIBUTES_GONE))
    assert removed == {k: v for k, v in had.items() if k not in has}
    assert {k: v for k, v in had.items() if k not in removed} | added == has
    series = tuple(d.id for d in schema.dimensions)
    if schema.time:
        assert _series(read(Change.ATTRIBUTES_SET)) == {k: v for k, v in added.items() if k[0] == series}
    chosen = {"measures": ("OBS_VALUE",), "attributes": ("OBS_STATUS",)}
    names = ("OBS_VALUE", "OBS_STATUS")
    assert plain(read(Change.SET, **chosen)) == {
        k: some for k in new if (some := _some(new[k], names)) and (k not in old or some != _some(old[k], names))
    }
    assert plain(read(Change.CELLS_GONE, **chosen)) == {
        k: lost for k in old.keys() & new.keys() if (lost := _lost(old[k], new[k], names))
    }
    observed = {m.id for m in schema.measures} | {a.id for a in schema.attributes if set(a.attached_to) == set(every)}
    assert {n for cells in plain(read(Change.CELLS_GONE)).values() for n in cells} <= observed
    one = (frozenset(("IR", "AF")),)
    keys = ((None, *one),)
    assert plain(read(Change.SET, keys=keys)) == {k: v for k, v in expected.items() if k[1] in ("IR", "AF")}


def _some(cells: dict[str, Any], names: Level) -> dict[str, Any]:
    return {n: v for n, v in cells.items() if n in names}


def _lost(old: dict[str, Any], new: dict[str, Any], names: Level) -> dict[str, Any]:
    return {n: v for n, v in old.items() if n in names and n not in new}
