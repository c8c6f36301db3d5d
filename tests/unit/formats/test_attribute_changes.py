"""Attribute values that are told by themselves, with their partial keys: in every format of the 3.x generations."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import polars as pl
import pytest
from lxml import etree
from support.asking import judge_json_data
from support.cases import HEADER, Case, languages, prices
from support.databases import fresh_engine

from sdmx_server.batches import Action, Change, DataMessage, DataPart, DataSet, Delta, ReadPlan, WriteOptions
from sdmx_server.formats import FORMATS
from sdmx_server.formats.sdmx_json.schema_writer import write_schema as json_schema
from sdmx_server.formats.sdmx_ml.data_names import context_of, data_namespace
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema
from sdmx_server.model.reference import reference_to
from sdmx_server.store.observation_store import PackedObservationStore

Values = set[tuple[frozenset[tuple[str, str]], str, str]]
"""Partial key, attribute, text of its value."""

WRITERS = [f for f in FORMATS if f.kind == "data" and f.generation in ("3.0", "3.1")]
ORGANISATIONS = ("TIME_PERIOD", "AllDimensions", "ITEM")


def _delta(case: Case) -> Delta:
    marks = {n: pl.UInt8 for frame in case.groups.values() for n in frame.columns if n.endswith("?")}
    groups = {d: frame.cast({n: t for n, t in marks.items() if n in frame.columns}) for d, frame in case.groups.items()}
    groups[()] = pl.DataFrame([dict(case.dataset_attributes)])
    return Delta(action=Action.MERGE, groups=groups)


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Callable[[Case, Change], DataSet]]:
    """Loads the attributes of a case, takes them all away again, and gives a data set of what changed."""
    with fresh_engine("sqlite", tmp_path) as engine:
        store, stack = PackedObservationStore(engine), []

        def read(case: Case, change: Change) -> DataSet:
            for delta in (_delta(case), Delta(action=Action.DELETE, groups=_everything(case))):
                with store.staging(case.schema, 1) as staging:
                    staging.add(delta)
                    staging.commit("tester", "case")
            assert case.schema.dataflow is not None
            stack.append(store.reading(reference_to(case.schema.dataflow)))
            reading = stack[-1].__enter__()
            since, until = (0, 1) if change is Change.ATTRIBUTES_SET else (1, 2)
            return reading.read(case.schema, ReadPlan(since=since, as_of=until, change=change))

        yield read
        for reading in stack:
            reading.__exit__(None, None, None)


def _everything(case: Case) -> dict[tuple[str, ...], pl.DataFrame]:
    """Deletes of all values, whatever their keys."""
    found = {}
    for key in (*case.groups, ()):
        names = [a.id for a in case.schema.attributes if tuple(a.attached_to) == key]
        row = dict.fromkeys(key) | dict.fromkeys(names, "-")
        found[key] = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    return found


def _expected(case: Case) -> Values:
    found = {(frozenset[tuple[str, str]](), name, text) for name, text in case.dataset_attributes.items()}
    for dimensions, frame in case.groups.items():
        for row in frame.iter_rows(named=True):
            key = frozenset((d, row[d]) for d in dimensions)
            for name in (n for n in row if n not in dimensions and not n.endswith("?")):
                if row.get(f"{name}?") == 2:
                    found.add((key, name, "#N/A"))
                elif row[name] is not None:
                    found.add((key, name, row[name]))
    return found


def _from_csv(data: bytes, case: Case) -> Values:
    found: Values = set()
    for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
        assert row["ACTION"] in "RD"
        key = frozenset((d, row[d]) for d in case.schema.dimension_ids if row[d])
        found |= {(key, a.id, row[a.id]) for a in case.schema.attributes if row.get(a.id)}
    return found


def _from_xml(data: bytes, case: Case) -> Values:
    found: Values = set()
    [data_set] = etree.fromstring(data).iterchildren("{*}DataSet")
    for element in (data_set, *data_set):
        assert not len(element) or element is data_set
        cells = {str(n): str(v) for n, v in element.attrib.items() if not str(n).startswith("{")}
        key = frozenset((n, v) for n, v in cells.items() if n in case.schema.dimension_ids)
        found |= {(key, n, v) for n, v in cells.items() if n not in case.schema.dimension_ids}
    return found


def _from_json(data: bytes, case: Case) -> Values:
    message = json.loads(data)["data"]
    [data_set], [structure] = message["dataSets"], message["structures"]
    assert data_set["series"] == {}
    by_id = {d["id"]: d for level in structure["dimensions"].values() for d in level}
    found: Values = set()
    _add(found, frozenset(), structure["attributes"]["dataSet"], data_set["attributes"])
    for text, values in data_set["dimensionGroupAttributes"].items():
        places = zip(case.schema.dimension_ids, text.split(":"), strict=True)
        one = ((d, by_id[d]["values"][int(i)]) for d, i in places if i)
        key = frozenset((d, str(v.get("id") or v["value"])) for d, v in one)
        _add(found, key, structure["attributes"]["dimensionGroup"], values)
    return found


def _add(found: Values, key: frozenset[tuple[str, str]], components: list[Any], values: list[Any]) -> None:
    for component, value in zip(components, values, strict=True):
        if value is not None:
            found.add((key, component["id"], component["values"][value]["id"] if component.get("values") else value))


READERS = {"csv": _from_csv, "xml": _from_xml, "json": _from_json}


@pytest.mark.parametrize("change", [Change.ATTRIBUTES_SET, Change.ATTRIBUTES_GONE])
def test_every_format_tells_the_values_of_every_level(changes, change: Change) -> None:
    case = prices()
    dataset = changes(case, change)
    for chosen in WRITERS:
        for at in ORGANISATIONS:
            data = _write(chosen.name, dataset, case, at, change)
            assert READERS[chosen.extension](data, case) == _expected(case), (chosen.name, at)
            _judge(chosen.version, chosen.extension, data, case, at)


@pytest.mark.parametrize("change", [Change.ATTRIBUTES_SET, Change.ATTRIBUTES_GONE])
@pytest.mark.parametrize("at", ORGANISATIONS)
def test_where_no_period_is_told_of_messages_are_valid(changes, change: Change, at: str) -> None:
    """SDMX-JSON 2.0 leaves out a dimension without values, whatever is at the observation."""
    case = prices()
    case = msgspec.structs.replace(case, groups={k: v for k, v in case.groups.items() if "TIME_PERIOD" not in k})
    dataset = changes(case, change)
    for chosen in WRITERS:
        data = _write(chosen.name, dataset, case, at, change)
        assert READERS[chosen.extension](data, case) == _expected(case), (chosen.name, at)
        _judge(chosen.version, chosen.extension, data, case, at)


def test_values_in_languages_and_several_values_are_valid(changes) -> None:
    case = languages()
    dataset = changes(case, Change.ATTRIBUTES_SET)
    for chosen in WRITERS:
        data = _write(chosen.name, dataset, case, "TIME_PERIOD", Change.ATTRIBUTES_SET)
        assert b"y, z" in data
        _judge(chosen.version, chosen.extension, data, case, "TIME_PERIOD")


def _write(name: str, dataset: DataSet, case: Case, at: str, change: Change) -> bytes:
    assert case.schema.dataflow is not None
    part = DataPart(
        dataset=dataset,
        context=reference_to(case.schema.dataflow),
        dimension_at_observation=at,
        action="Replace" if change is Change.ATTRIBUTES_SET else "Delete",
        attributes_only=True,
        series_only=True,
    )
    writer = next(f.write_data for f in WRITERS if f.name == name)
    assert writer is not None
    return b"".join(writer(DataMessage(header=HEADER, parts=(part,)), WriteOptions()))


def _judge(version: str, extension: str, data: bytes, case: Case, at: str) -> None:
    if extension == "xml":
        text = write_schema(case.schema, version=version, dimension_at_observation=at)
        schema = validator({data_namespace(context_of(case.schema), at): text}, version)
        schema.assertValid(etree.fromstring(data))
    elif extension == "json":
        judge_json_data(json.loads(data), version)
        made = json_schema(case.schema, version=version, dimension_at_observation=at)
        jsonschema_rs.Draft201909Validator(json.loads(made), validate_formats=True).validate(json.loads(data))
