"""Texts in languages: a merge adds and changes languages, a replace sets the whole text."""

from __future__ import annotations

import json
from collections.abc import Sequence

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
Text = dict[str, str]


def multilingual(name: str) -> ResolvedStructure:
    schema = structure(attributes=(("COMMENT_OBS", ("*",)), ("TITLE", ("REF_AREA",))), name=name)
    attributes = tuple(msgspec.structs.replace(a, multilingual=True) for a in schema.attributes)
    return msgspec.structs.replace(schema, attributes=attributes)


def delta(action: Action, texts: Sequence[Text | None]) -> Delta:
    """The comment of an observation and the title of its area, one after the other."""
    n = len(texts)
    keys = {d: [code] * n for d, code in zip(("FREQ", "REF_AREA", "SEX", "TIME_PERIOD"), KEY, strict=True)}
    column = pl.Series([None if t is None else canonical(t) for t in texts], dtype=pl.String)
    values = pl.Series([None if action is Action.DELETE else 1.0] * n, dtype=pl.Float64)
    return Delta(
        action=action,
        observations=pl.DataFrame({**keys, "OBS_VALUE": values, "COMMENT_OBS": column}),
        groups={("REF_AREA",): pl.DataFrame({"REF_AREA": ["IR"] * n, "TITLE": column})},
    )


def load(store: PackedObservationStore, schema: ResolvedStructure, deltas: Sequence[Delta]) -> bool:
    with store.staging(schema, 1) as staging:
        for one in deltas:
            staging.add(one)
        return staging.commit("tester", "test").changed


def texts(store: PackedObservationStore, schema: ResolvedStructure, as_of: int | None = None) -> list[Text | None]:
    found = everything(store, schema, ReadPlan(as_of=as_of)).get(KEY, {})
    held = [found.get(name) for name in ("COMMENT_OBS", "TITLE")]
    return [None if text is None else json.loads(str(text)) for text in held]


def test_a_message_with_one_language_leaves_the_others(engine: Engine) -> None:
    store, schema = PackedObservationStore(engine), multilingual("LANGUAGES_ONE")
    load(store, schema, [delta(Action.MERGE, [{"en": "Provisional", "fa": "موقت"}])])
    assert not load(store, schema, [delta(Action.MERGE, [{"en": "Provisional"}])])
    assert load(store, schema, [delta(Action.MERGE, [{"en": "Preliminary"}])])
    assert texts(store, schema) == [{"en": "Preliminary", "fa": "موقت"}] * 2
    assert texts(store, schema, 1) == [{"en": "Provisional", "fa": "موقت"}] * 2
    assert load(store, schema, [delta(Action.REPLACE, [{"en": "Final"}])])
    assert texts(store, schema) == [{"en": "Final"}] * 2


_text = st.dictionaries(st.sampled_from(["en", "fa", "fr"]), st.sampled_from(["a", "ب", '"', "{"]), min_size=1)
_step = st.one_of(
    st.tuples(st.just(Action.MERGE), _text),
    st.tuples(st.just(Action.MERGE), _text),
    st.tuples(st.just(Action.REPLACE), _text),
    st.tuples(st.just(Action.DELETE), st.just({"en": "any"})),
)
_serial = iter(range(10**9))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loads=st.lists(st.lists(_step, min_size=1, max_size=5), min_size=1, max_size=4))
def test_texts_after_random_loads_are_those_of_a_plain_model(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, loads: list[list[tuple[Action, Text]]]
) -> None:
    small_pieces(monkeypatch)
    store, schema = PackedObservationStore(engine), multilingual(f"LANGUAGES_{next(_serial)}")
    states: list[Text | None] = []
    for steps in loads:
        text = dict(states[-1] or {}) if states else {}
        for action, given_text in steps:
            text = {**text, **given_text} if action is Action.MERGE else given_text if action is Action.REPLACE else {}
        if load(store, schema, [delta(action, [one]) for action, one in steps]):
            states.append(text or None)
        assert texts(store, schema) == [text or None] * 2
    for revision, text in enumerate(states, start=1):
        assert texts(store, schema, revision) == [text] * 2
