"""Texts in languages: a merge adds and changes languages, a replace sets the whole text, of groups if it is given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import everything, structure
from support.random_loads import small_pieces

from sdmx_server.batches import Action, Delta, ReadPlan, canonical
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.store.observation_store import PackedObservationStore

KEY = ("A", "IR", "F", "2016")
OBSERVED, ABOVE = ("COMMENT_OBS",), ("TITLE", "REMARK")
Text = dict[str, str]
Texts = Mapping[str, Text]
"""By attribute: the comment of an observation, the title and the remark of its area."""


def multilingual(name: str) -> ResolvedStructure:
    schema = structure(
        attributes=(("COMMENT_OBS", ("*",)), ("TITLE", ("REF_AREA",)), ("REMARK", ("REF_AREA",))), name=name
    )
    attributes = tuple(msgspec.structs.replace(a, multilingual=True) for a in schema.attributes)
    return msgspec.structs.replace(schema, attributes=attributes)


def delta(action: Action, rows: Sequence[Texts]) -> Delta:
    """What rows say of an observation and of its area, one after the other."""
    n = len(rows)
    keys = {d: [code] * n for d, code in zip(("FREQ", "REF_AREA", "SEX", "TIME_PERIOD"), KEY, strict=True)}
    values = pl.Series([None if action is Action.DELETE else 1.0] * n, dtype=pl.Float64)
    columns = {
        name: pl.Series([canonical(row[name]) if name in row else None for row in rows], dtype=pl.String)
        for name in (*OBSERVED, *ABOVE)
    }
    above = pl.DataFrame({"REF_AREA": ["IR"] * n, **{name: columns[name] for name in ABOVE}})
    return Delta(
        action=action,
        observations=pl.DataFrame({**keys, "OBS_VALUE": values, "COMMENT_OBS": columns["COMMENT_OBS"]}),
        groups={("REF_AREA",): above},
    )


def load(store: PackedObservationStore, schema: ResolvedStructure, deltas: Sequence[Delta]) -> bool:
    with store.staging(schema, 1) as staging:
        for one in deltas:
            staging.add(one)
        return staging.commit("tester", "test").changed


def texts(store: PackedObservationStore, schema: ResolvedStructure, as_of: int | None = None) -> dict[str, Text]:
    found = everything(store, schema, ReadPlan(as_of=as_of)).get(KEY, {})
    return {name: json.loads(str(text)) for name, text in found.items() if name != "OBS_VALUE"}


def test_a_message_with_one_language_leaves_the_others(engine: Engine) -> None:
    store, schema = PackedObservationStore(engine), multilingual("LANGUAGES_ONE")
    every = (*OBSERVED, *ABOVE)
    load(store, schema, [delta(Action.MERGE, [{name: {"en": "Provisional", "fa": "موقت"} for name in every}])])
    assert not load(store, schema, [delta(Action.MERGE, [{name: {"en": "Provisional"} for name in every}])])
    assert load(store, schema, [delta(Action.MERGE, [{name: {"en": "Preliminary"} for name in every}])])
    assert texts(store, schema) == {name: {"en": "Preliminary", "fa": "موقت"} for name in every}
    assert texts(store, schema, 1) == {name: {"en": "Provisional", "fa": "موقت"} for name in every}
    assert load(store, schema, [delta(Action.REPLACE, [{"TITLE": {"en": "Final"}}])])
    assert texts(store, schema) == {"TITLE": {"en": "Final"}, "REMARK": {"en": "Preliminary", "fa": "موقت"}}


_text = st.dictionaries(st.sampled_from(["en", "fa", "fr"]), st.sampled_from(["a", "ب", '"', "{"]), min_size=1)
_row = st.fixed_dictionaries({}, optional=dict.fromkeys((*OBSERVED, *ABOVE), _text))
_step = st.tuples(st.sampled_from([Action.MERGE, Action.MERGE, Action.REPLACE, Action.REPLACE, Action.DELETE]), _row)
_serial = iter(range(10**9))


def _after(state: dict[str, Text], action: Action, row: Texts) -> dict[str, Text]:
    """The texts after a step; no text stands for no observation, too, which the tests do not look at."""
    found = dict(state)
    for level in (OBSERVED, ABOVE):
        given = [name for name in level if name in row]
        if action is Action.DELETE or (action is Action.REPLACE and level is OBSERVED):
            for name in given if action is Action.DELETE and given else level:
                found.pop(name, None)
        if action is not Action.DELETE:
            found |= {name: (found.get(name, {}) if action is Action.MERGE else {}) | row[name] for name in given}
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loads=st.lists(st.lists(_step, min_size=1, max_size=5), min_size=1, max_size=4))
def test_texts_after_random_loads_are_those_of_a_plain_model(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, loads: list[list[tuple[Action, dict[str, Text]]]]
) -> None:
    small_pieces(monkeypatch)
    store, schema = PackedObservationStore(engine), multilingual(f"LANGUAGES_{next(_serial)}")
    here: list[Delta] = [delta(Action.MERGE, [{}])]  # attributes are only read with an observation
    states: list[dict[str, Text]] = []
    state: dict[str, Text] = {}
    for steps in loads:
        for action, row in steps:
            state = _after(state, action, row)
        if load(store, schema, [*(delta(action, [row]) for action, row in steps), *here]):
            states.append(state)
        assert texts(store, schema) == state
    for revision, text in enumerate(states, start=1):
        assert texts(store, schema, revision) == text
