"""Random loads of a small structure, and a plain dictionary that keeps every state they lead to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st

from sdmx_server.batches import Action, Delta
from sdmx_server.model.resolved import ResolvedStructure, Storage
from sdmx_server.store import applying, changes, history, partition, regrouping, row_io, scanning, sorting
from sdmx_server.store.observation_store import PackedObservationStore
from support.observations import MISSING_VALUE, structure

CODES = {
    "FREQ": ["A", "M"],
    "REF_AREA": ["IR", "IR-07", "IR-10", "AF"],
    "SEX": ["_T", "M", "F"],
    "TIME_PERIOD": ["2016", "2011", "2016-03-20/P366D", "2016-01", "2015-Q4", "2012", "1996"],
}
EVERY = ("FREQ", "REF_AREA", "SEX", "TIME_PERIOD")
MEASURES: tuple[tuple[str, Storage], ...] = (
    ("OBS_VALUE", Storage.FLOAT),
    ("COUNT", Storage.INTEGER),
    ("NOTE", Storage.CODE),
)
ATTRIBUTES = (
    ("OBS_STATUS", ("*",)),
    ("TITLE", ("FREQ", "REF_AREA", "SEX")),
    ("REGION", ("REF_AREA",)),
    ("SOURCE", ("REF_AREA", "TIME_PERIOD")),
    ("CONTACT", ()),
)
LATER = (
    ("CONF_STATUS", ("*",)),
    ("AREA_NOTE", ("REF_AREA",)),
    ("SEX_NOTE", ("SEX",)),
    ("COMMENT", ()),
    ("TITLE_NOTE", ("FREQ", "REF_AREA", "SEX")),
)
"""Optional attributes that minor versions add one after the other: at levels that there are, and at a new one."""

OBSERVED = ("OBS_VALUE", "COUNT", "NOTE", "OBS_STATUS")
LEVELS: dict[tuple[str, ...], str] = {tuple(names): a for a, names in ATTRIBUTES if names != ("*",)}
TEXTS = ["E", '{"en":"Provisional","fa":"موقت"}', '["a","b"]']
VALUES: dict[str, list[Any]] = {
    "OBS_VALUE": [0.0, 1.5, -2.0, float("inf"), 1e300],
    "COUNT": [0, 2**53 + 1, -(2**62)],
}
DTYPES = {"OBS_VALUE": pl.Float64, "COUNT": pl.Int64}
_names = itertools.count()

State = dict[tuple[str, ...], dict[tuple[str, ...], dict[str, Any]]]
"""By the dimensions of a level (those of observations are all), then by key: the cells that are there."""


def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut everything into so small pieces that a few observations meet every boundary."""
    for module, name, value in (
        (partition, "BUCKET", 2),
        (partition, "LONGEST", 3),
        (partition, "TARGET", 4),
        (history, "BLOCK", 2),
        (changes, "AT_ONCE", 3),
        (scanning, "BATCH", 3),
        (scanning, "_FETCHED", 2),
        (scanning, "_LONG", 1),
        (scanning, "_SORTED_AT_ONCE", 3),
        (regrouping, "BATCH", 3),
        (applying, "_SLICE", 3),
        (applying, "_SLICE_PREFIXES", 2),
        (row_io, "AT_ONCE", 2),
        (sorting, "IN_MEMORY", 5),
    ):
        monkeypatch.setattr(module, name, value)


def _cells(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Some cells: a value, or intentionally missing."""
    return st.fixed_dictionaries(
        {}, optional={n: st.sampled_from([*VALUES.get(n, TEXTS), MISSING_VALUE]) for n in names}
    )


def _changes(
    dimensions: tuple[str, ...], names: tuple[str, ...], codes: Mapping[str, list[str]] = CODES
) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    key = st.tuples(*(st.sampled_from(codes[d]) for d in dimensions))
    open_key = st.tuples(*(st.sampled_from([*codes[d], None, None]) for d in dimensions))
    cells = _cells(names)
    one = st.one_of(
        st.tuples(st.sampled_from([Action.MERGE, Action.MERGE, Action.REPLACE]), key, cells),
        st.tuples(st.just(Action.DELETE), st.one_of(key, open_key), st.one_of(st.just({}), cells)),
    )
    return st.lists(one, max_size=14)


def random_loads(time: bool) -> st.SearchStrategy[list[Any]]:
    """Some loads, each of deltas at some levels; with or without a time dimension."""
    every = ("FREQ", "REF_AREA", "SEX", *(("TIME_PERIOD",) if time else ()))
    observations = _changes(every, OBSERVED).map(lambda c: [(every, c)])
    levels = [level for level in LEVELS if time or "TIME_PERIOD" not in level]
    if not time:
        levels.remove(("FREQ", "REF_AREA", "SEX"))
    groups = st.one_of(
        *(_changes(level, (LEVELS[level],)).map(lambda c, at=level: [(at, c)]) for level in levels),
        st.just([]),
    )
    clear = st.sampled_from([[], [], [], [(None, [])]])
    load = st.tuples(observations, groups, clear, observations).map(lambda parts: list(itertools.chain(*parts)))
    return st.lists(load, min_size=1, max_size=5)


def _frame(dimensions: tuple[str, ...], names: tuple[str, ...], changes: list[tuple[Any, ...]]) -> pl.DataFrame:
    columns: dict[str, Any] = {
        d: pl.Series([c[1][i] for c in changes], dtype=pl.String) for i, d in enumerate(dimensions)
    }
    for name in names:
        cells = [c[2].get(name) for c in changes]
        values = [None if v == MISSING_VALUE else v for v in cells]
        columns[name] = pl.Series(values, dtype=DTYPES.get(name, pl.String))
        marks = [0 if v is None else 2 if v == MISSING_VALUE else 1 for v in cells]
        columns[f"{name}?"] = pl.Series(marks, dtype=pl.UInt8)
    return pl.DataFrame(columns)


def random_load_of(version: int) -> st.SearchStrategy[list[Any]]:
    """One load of the minor version ``1.<version>.0``, which has so many of ``LATER`` and, from 1 on, a code more."""
    columns = _columns(version)
    codes = CODES | ({"REF_AREA": [*CODES["REF_AREA"], "TR"]} if version else {})
    of = {at: _changes(at, names, codes).map(lambda c, at=at: (at, c)) for at, names in columns.items()}
    groups = st.one_of(*(changes for at, changes in of.items() if at != EVERY))
    return st.lists(st.one_of(of[EVERY], of[EVERY], groups, groups, st.just((None, []))), min_size=1, max_size=3)


def _columns(version: int) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The measures and attributes of each level in a minor version."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {EVERY: OBSERVED} | {at: (name,) for at, name in LEVELS.items()}
    for name, at in LATER[:version]:
        level = EVERY if at == ("*",) else at
        found[level] = (*found.get(level, ()), name)
    return found


def _deltas(
    load: list[Any], every: tuple[str, ...], columns: Mapping[tuple[str, ...], tuple[str, ...]]
) -> Iterator[Delta]:
    for dimensions, asked in load:
        if dimensions is None:
            yield Delta(action=Action.DELETE, observations=pl.DataFrame())
            continue
        for action, run in itertools.groupby(asked, key=lambda c: c[0]):
            same = list(run)
            if dimensions == every:
                yield Delta(action=action, observations=_frame(dimensions, columns[dimensions], same))
            else:
                yield Delta(action=action, groups={dimensions: _frame(dimensions, columns[dimensions], same)})


def _apply(state: State, load: list[Any], every: tuple[str, ...]) -> None:
    for dimensions, asked in load:
        if dimensions is None:
            state.clear()
        for action, key, cells in asked:
            level = state.setdefault(dimensions, {})
            if action is Action.DELETE:
                for found in [k for k in level if all(w in (None, c) for w, c in zip(key, k, strict=True))]:
                    for name in cells or list(level[found]):
                        level[found].pop(name, None)
            else:
                kept = level.get(key, {}) if action is Action.MERGE or dimensions != every else {}
                level[key] = {**kept, **cells}
            state[dimensions] = {k: v for k, v in level.items() if v}


def answer_of(state: State, every: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The observations of a state, each with its attributes of every level."""
    found = {}
    for key, cells in state.get(every, {}).items():
        ids = dict(zip(every, key, strict=True))
        found[key] = dict(cells)
        for level in state:
            if level and level != every:
                found[key] |= state[level].get(tuple(ids[d] for d in level), {})
    return found


def load_all(store: PackedObservationStore, schema: ResolvedStructure, loads: list[Any]) -> list[State]:
    """Make the loads; the state at each data revision."""
    states: list[State] = [{}]
    for load in loads:
        load_one(store, schema, load, states)
    return states


def load_one(
    store: PackedObservationStore, schema: ResolvedStructure, load: list[Any], states: list[State], version: int = 0
) -> None:
    """Make one load of a minor version, and add the state that it leads to where that is another one."""
    every = schema.dimension_ids
    state = deepcopy(states[-1])
    _apply(state, load, every)
    state = {level: entries for level, entries in state.items() if entries}
    with store.staging(schema, 1) as staging:
        for delta in _deltas(load, every, _columns(version) | {every: _columns(version)[EVERY]}):
            staging.add(delta)
        report = staging.commit("tester", "random")
    before, after = states[-1].get(every, {}), state.get(every, {})
    assert report.changed == (state != states[-1])
    assert report.inserted == len(after.keys() - before.keys())
    assert report.deleted == len(before.keys() - after.keys())
    assert report.updated == sum(after[k] != before[k] for k in after.keys() & before.keys())
    if report.changed:
        states.append(state)
    assert report.revision.data == len(states) - 1


def structure_of(name: str, version: int) -> ResolvedStructure:
    """The minor version ``1.<version>.0`` of a structure, with so many of ``LATER``."""
    attributes = (*ATTRIBUTES, *LATER[:version])
    return structure(EVERY[:-1], measures=MEASURES, attributes=attributes, name=name, version=f"1.{version}.0")


def random_name() -> str:
    """The id of a dataflow that no test had before."""
    return f"DF{next(_names)}"


def random_structure(time: bool) -> ResolvedStructure:
    """A structure that no test had before."""
    attributes = [a for a in ATTRIBUTES if time or ("TIME_PERIOD" not in a[1] and a[0] != "TITLE")]
    return structure(EVERY[:-1], time=time, measures=MEASURES, attributes=attributes, name=random_name())
