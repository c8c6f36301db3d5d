"""A load that meets another one: it waits and says so, or ends at once where it is not to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pytest
from sqlalchemy.engine import Engine
from support.observations import dataflow, everything, structure

from sdmx_server.batches import Action, Delta
from sdmx_server.errors import Busy
from sdmx_server.services.ports import WAITING, CommitReport
from sdmx_server.store import cubes
from sdmx_server.store.observation_store import PackedObservationStore

SCHEMA = structure(("FREQ", "REF_AREA"))


def load(store: PackedObservationStore, area: str, stages: list[str], wait: bool = True) -> CommitReport:
    frame = pl.DataFrame({"FREQ": ["A"], "REF_AREA": [area], "TIME_PERIOD": ["2016"], "OBS_VALUE": [1.0]})
    with store.staging(SCHEMA, 1, lambda stage, _done, _total: stages.append(stage)) as staging:
        staging.add(Delta(action=Action.MERGE, observations=frame))
        return staging.commit("tester", "test", wait)


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """Another load is in the midst of writing to the same cube."""
    with engine.connect().execution_options(sqlite_write=True) as other, other.begin():
        assert cubes.find(other, dataflow(), lock=True) is not None
        yield


def test_a_second_load_waits_and_says_so(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    stages: list[str] = []
    load(store, "IR", stages)
    assert WAITING not in stages, "there is nobody to wait for"
    done: list[CommitReport] = []
    second = threading.Thread(target=lambda: done.append(load(store, "AF", stages)))
    with writing(engine):
        second.start()
        deadline = time.monotonic() + 60
        while WAITING not in stages and time.monotonic() < deadline:
            time.sleep(0.01)
        assert stages.count(WAITING) == 1
        assert not done
    second.join()
    assert done[0].inserted == 1
    assert len(everything(store, SCHEMA)) == 2


def test_a_load_that_is_not_to_wait_ends_at_once_and_changes_nothing(engine: Engine) -> None:
    store = PackedObservationStore(engine)
    stages: list[str] = []
    load(store, "IR", stages)
    before = store.revision(dataflow())
    with writing(engine):
        began = time.monotonic()
        with pytest.raises(Busy, match="not waited for, nothing was changed"):
            load(store, "AF", stages, wait=False)
        assert time.monotonic() - began < 5
    assert WAITING not in stages
    assert store.revision(dataflow()) == before
    assert load(store, "AF", stages, wait=False).inserted == 1


def test_a_load_that_waited_finds_what_the_other_one_wrote(engine: Engine) -> None:
    """Its plan was made before; under the lock it is made anew."""
    store = PackedObservationStore(engine)
    load(store, "IR", [])
    reports: list[CommitReport] = []
    threads = [threading.Thread(target=lambda: reports.append(load(store, "AF", []))) for _ in range(2)]
    with writing(engine):
        for thread in threads:
            thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert sorted((report.inserted, report.unchanged) for report in reports) == [(0, 1), (1, 0)]
    assert len(everything(store, SCHEMA)) == 2
