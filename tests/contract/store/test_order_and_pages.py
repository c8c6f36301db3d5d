"""Sorting and paging against a plain list, with every organisation of the answer."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from support.observations import MISSING_VALUE, dataflow, plain
from support.random_loads import CODES, answer_of, load_all, random_loads, random_structure, small_pieces

from sdmx_server.batches import Action, Order, ReadPlan, SortKey
from sdmx_server.errors import TooLarge
from sdmx_server.model.period import parse_period
from sdmx_server.store import ordering
from sdmx_server.store.observation_store import PackedObservationStore
from sdmx_server.store.scanning import Scanner

COMPONENTS = ("FREQ", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "COUNT", "NOTE", "OBS_STATUS", "TITLE", "REGION")
NUMBERS = ("OBS_VALUE", "COUNT")


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few observations meet every boundary."""
    small_pieces(monkeypatch)
    monkeypatch.setattr(ordering, "IN_MEMORY", 4)
    monkeypatch.setattr(ordering, "BATCH", 3)


def _rank(component: str, key: tuple[str, ...], cells: dict[str, Any], every: tuple[str, ...]) -> Any:
    """What an observation sorts by; None for nothing."""
    if component in every:
        code = key[every.index(component)]
        return (parse_period(code).start, parse_period(code).end) if component == "TIME_PERIOD" else code
    value = cells.get(component)
    return None if value == MISSING_VALUE else value


def _sorted(answer: list[Any], sort: tuple[SortKey, ...], every: tuple[str, ...]) -> list[Any]:
    for key in reversed(sort):
        there = [one for one in answer if _rank(key.component, *one, every) is not None]
        gone = [one for one in answer if _rank(key.component, *one, every) is None]
        there.sort(key=lambda one, c=key.component: _rank(c, *one, every), reverse=key.descending)  # type: ignore[misc]
        answer = there + gone
    return answer


def _ranks(answer: list[Any], sort: tuple[SortKey, ...], every: tuple[str, ...]) -> list[Any]:
    return [[_rank(key.component, *one, every) for key in sort] for one in answer]


_SORT = st.lists(
    st.builds(SortKey, st.sampled_from(COMPONENTS), st.booleans()), max_size=3, unique_by=lambda key: key.component
).map(tuple)
_PAGE = st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(1, 9)))
_SETTINGS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("time", [True, False])
@_SETTINGS
@given(data=st.data(), sort=_SORT, page=_PAGE)
def test_order_and_pages_agree_with_a_list(engine: Engine, time: bool, data: Any, sort: Any, page: Any) -> None:
    loads = data.draw(random_loads(time))
    store, schema = PackedObservationStore(engine), random_structure(time)
    every = schema.dimension_ids
    known = {c.id for c in schema.components}
    sort = tuple(key for key in sort if key.component in known)
    states = load_all(store, schema, loads)
    offset, limit = page
    if len(states) == 1:
        return
    with store.reading(dataflow(schema.dataflow.id if schema.dataflow else "")) as reading:
        whole = list(answer_of(states[-1], every).items())
        natural = list(plain(reading.read(schema, ReadPlan())).items())
        flat = reading.read(schema, ReadPlan(sort=sort, order=Order.ROWS))
        found = list(plain(flat).items())
        assert sorted(found) == sorted(whole)
        assert _ranks(found, sort, every) == _ranks(_sorted(whole, sort, every), sort, every)
        plan = ReadPlan(sort=sort, order=Order.ROWS, offset=offset, limit=limit)
        dataset = reading.read(schema, plan)
        shown = list(plain(dataset).items())
        end = None if limit is None else offset + limit
        assert shown == (found if sort else natural)[offset:end]
        for dimension in every[:3]:
            codes = dataset.codes(dimension)
            assert {codes[i] for i in dataset.used(dimension)} == {k[every.index(dimension)] for k, _ in shown}
        grouped = ReadPlan(sort=sort, offset=offset, limit=limit)
        _check_groups(list(plain(reading.read(schema, grouped)).items()), shown, slice(0, 3) if time else slice(0, 99))
        if sort:
            across = ReadPlan(
                sort=sort, offset=offset, limit=limit, order=Order.CROSS, dimension_at_observation="REF_AREA"
            )
            _check_groups(list(plain(reading.read(schema, across)).items()), shown, slice(0, 99, 2), at=1)


def _check_groups(found: list[Any], flat: list[Any], part: slice, at: int | None = None) -> None:
    """The same observations, groups in the order of the first of each, and each group in order."""

    def group(one: Any) -> tuple[str, ...]:
        key: tuple[str, ...] = one[0]
        return key[part] if at is None else tuple(c for i, c in enumerate(key) if i != at)

    first = {group(one): place for place, one in reversed(list(enumerate(flat)))}
    assert found == sorted(flat, key=lambda one: first[group(one)])
    assert len(list(itertools.groupby(found, group))) == len(first)


def test_a_sort_without_a_limit_has_a_limit_itself(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=True)
    observations = [(f, a, "F", "2016") for f in "AM" for a in ("IR", "AF", "IR-07")]
    load_all(
        store, schema, [[(schema.dimension_ids, [(Action.MERGE, key, {"OBS_VALUE": 1.5}) for key in observations])]]
    )
    monkeypatch.setattr(ordering, "MOST", 4)
    sort = (SortKey("OBS_VALUE"),)
    with store.reading(dataflow(schema.dataflow.id if schema.dataflow else "")) as reading:
        with pytest.raises(TooLarge, match="more than 4 observations to sort; narrow the query, ask for the first"):
            plain(reading.read(schema, ReadPlan(sort=sort)))
        assert len(plain(reading.read(schema, ReadPlan(sort=sort, limit=4)))) == 4


def test_a_page_reads_no_more_than_it_needs(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store, schema = PackedObservationStore(engine), random_structure(time=True)
    keys = [(f, a, s, "2016") for f in CODES["FREQ"] for a in CODES["REF_AREA"] for s in CODES["SEX"]]
    load_all(store, schema, [[(schema.dimension_ids, [(Action.MERGE, key, {"OBS_VALUE": 1.5}) for key in keys])]])
    read: list[int] = []
    whole = Scanner._block

    def counted(scanner: Scanner, names: Any, rows: Any) -> Any:
        read.append(len(rows))
        return whole(scanner, names, rows)

    monkeypatch.setattr(Scanner, "_block", counted)
    with store.reading(dataflow(schema.dataflow.id if schema.dataflow else "")) as reading:
        assert len(plain(reading.read(schema, ReadPlan(limit=2)))) == 2
        of_page = sum(read)
        assert len(plain(reading.read(schema, ReadPlan()))) == len(keys)
        assert of_page < (sum(read) - of_page) / 2
