"""A cube through its whole life, step by step at random: loads of every kind, growing versions, rebuilding, pruning.

After each step the present, and in the end every moment that is kept and every pair of them, is what plain dictionaries
say that it is; what was pruned is refused.
"""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.engine import Engine
from support.clock import ticking
from support.in_process import silent
from support.observations import dataflow, plain
from support.random_loads import (
    CODES,
    LATER,
    State,
    answer_of,
    load_one,
    random_load_of,
    random_name,
    small_pieces,
    structure_of,
)
from support.states import check_changes, check_present, check_state

from sdmx_server.batches import ReadPlan
from sdmx_server.errors import HistoryPruned
from sdmx_server.services.ports import CubeReading
from sdmx_server.store import pruning
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.pruning import HistoryPruner
from sdmx_server.store.rebuilding import Rebuilder
from sdmx_server.store.verifying import Verifier

PATTERNS = st.lists(
    st.tuples(
        *(st.one_of(st.none(), st.sets(st.sampled_from([*CODES[d], "nowhere"]))) for d in ("FREQ", "REF_AREA", "SEX"))
    ),
    max_size=2,
)


class Life(RuleBasedStateMachine):
    """The steps. ``states`` are those of all revisions; before revision ``kept`` nothing can be asked for."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.store = PackedObservationStore(self.engine)
        self.name = random_name()
        self.version = 0
        self.kept = 0
        self.states: list[State] = [{}]

    @property
    def loaded(self) -> bool:
        """Whether anything was ever loaded."""
        return len(self.states) > 1

    @initialize(load=random_load_of(0))
    def first(self, load: list[Any]) -> None:
        """A cube mostly begins with something."""
        load_one(self.store, structure_of(self.name, 0), load, self.states)

    @rule(data=st.data(), wanted=PATTERNS)
    def load(self, data: st.DataObject, wanted: Any) -> None:
        """Load by the newest version, or by an older one that knows less."""
        version = data.draw(st.sampled_from([self.version, self.version, *range(self.version)]), label="version")
        load = data.draw(random_load_of(version), label="load")
        load_one(self.store, structure_of(self.name, version), load, self.states, version)
        if self.loaded:
            check_present(self.store, structure_of(self.name, self.version), self.states[-1], wanted)

    @precondition(lambda self: self.version < len(LATER))
    @rule(by=st.integers(1, 2))
    def extend(self, by: int) -> None:
        """A new minor version; what is there is read through it before anything is loaded."""
        self.version = min(self.version + by, len(LATER))
        self._present()

    @precondition(lambda self: self.loaded)
    @rule()
    def rebuild(self) -> None:
        """Other rows, the same data."""
        Rebuilder(self.engine, dataflow(self.name), silent).run()
        self._present()

    @precondition(lambda self: self.loaded)
    @rule(data=st.data(), apart=st.integers(0, 1))
    def prune(self, data: st.DataObject, apart: int) -> None:
        """Forget what was before a commit, or before a moment just ahead of it."""
        revision = data.draw(st.integers(max(self.kept, 1), len(self.states) - 1), label="revision")
        with self.store.reading(dataflow(self.name)) as reading:
            [commit] = reading.commits(max(revision - 1, self.kept), revision, 1) or [reading.oldest()]
        assert commit.revision == revision
        before = commit.at - dt.timedelta(microseconds=apart)
        HistoryPruner(self.engine).prune(before, dataflow(self.name), silent, dry_run=False, compact=False)
        self.kept = max(self.kept, revision - apart)
        self._present()

    def _present(self) -> None:
        if self.loaded:
            check_present(self.store, structure_of(self.name, self.version), self.states[-1], [])

    def teardown(self) -> None:
        """Look at every moment, from another store that remembers nothing."""
        if not self.loaded:
            return
        schema = structure_of(self.name, self.version)
        with PackedObservationStore(self.engine).reading(dataflow(self.name)) as reading:
            self._moments(reading)
            kept = range(self.kept, len(self.states))
            for revision in kept:
                check_state(reading, schema, revision, self.states[revision])
            for first, second in combinations(kept, 2):
                check_changes(reading, schema, self.states, first, second)
            for revision in range(self.kept):
                for plan in (ReadPlan(as_of=revision), ReadPlan(since=revision)):
                    with pytest.raises(HistoryPruned):
                        reading.read(schema, plan)
                    with pytest.raises(HistoryPruned):
                        reading.availability(schema, plan)
            first_version = plain(reading.read(structure_of(self.name, 0), ReadPlan()))
        assert first_version == _without_later(answer_of(self.states[-1], schema.dimension_ids))
        found = Verifier(self.engine, silent).run(dataflow(self.name))
        assert found.findings == []

    def _moments(self, reading: CubeReading) -> None:
        """Each moment names its revision, or, where that was pruned, the earliest one that can be asked for."""
        oldest = reading.oldest()
        assert oldest.revision == self.kept
        commits = reading.commits(self.kept, len(self.states), len(self.states))
        assert [commit.revision for commit in commits] == list(range(self.kept + 1, len(self.states)))
        for commit in commits:
            assert reading.revision_at(commit.at) == commit
        assert reading.revision_at(dt.datetime(1900, 1, 1, tzinfo=dt.UTC)).revision == 0
        if self.kept:
            assert reading.revision_at(oldest.at) == oldest
        if self.kept > 1:
            with pytest.raises(HistoryPruned) as refused:
                reading.revision_at(oldest.at - dt.timedelta(microseconds=1))
            assert refused.value.earliest == oldest.at
            with pytest.raises(HistoryPruned):
                reading.commits(self.kept - 1, len(self.states), 1)


def _without_later(answer: dict[tuple[str, ...], dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
    """The answer without what later versions have more."""
    later = {name for name, _ in LATER}
    return {key: {name: v for name, v in cells.items() if name not in later} for key, cells in answer.items()}


def test_a_cube_is_what_dictionaries_say_all_its_life(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)
    ticking(monkeypatch)
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    machine = type("LifeOn", (Life,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )
