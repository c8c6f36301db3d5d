"""JSON Schemas of data: our own messages fit them in every organisation, and what the structure forbids does not."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from support.cases import CASES, Case, languages, measures, prices

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_json.data_writer import DATA_FORMATS
from sdmx_server.formats.sdmx_json.schema_formats import SCHEMA_FORMATS
from sdmx_server.model.validity import ANYTHING, Validity

VERSIONS = ("2.1.0", "2.0.0")


def write(case: Case, at: str, version: str = "2.1.0") -> Any:
    writer = next(f.write_data for f in DATA_FORMATS if f.version == version)
    assert writer is not None
    return json.loads(b"".join(writer(case.message(at), WriteOptions())))


def schema(case: Case, at: str, version: str = "2.1.0", validity: Validity = ANYTHING) -> Any:
    writer = next(f.write_schema for f in SCHEMA_FORMATS if f.version == version)
    assert writer is not None
    text = writer(case.schema, dimension_at_observation=at, validity=validity)
    jsonschema_rs.meta.validate(json.loads(text))
    return jsonschema_rs.Draft201909Validator(json.loads(text), validate_formats=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_messages_are_valid_in_every_organisation(make: Any, version: str) -> None:
    case = make()
    for at in case.packagings:
        schema(case, at, version).validate(write(case, at, version))


def test_a_schema_is_for_one_organisation() -> None:
    case = prices()
    for at in case.packagings:
        for other in case.packagings:
            assert schema(case, at).is_valid(write(case, other)) is (at == other), (at, other)


def test_a_schema_is_for_one_structure() -> None:
    assert not schema(prices(), "TIME_PERIOD").is_valid(write(measures(), "TIME_PERIOD"))


def changed(message: Any, place: str, value: Any) -> Any:
    """The message with another value at a place below ``data``."""
    *above, last = [int(part) if part.isdecimal() else part for part in place.split("/")]
    held = message["data"]
    for part in above:
        held = held[part]
    if value is None:
        del held[last]
    else:
        held[last] = value
    return message


FIRST = "dataSets/0/series/0:0:0/observations"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("structures/0/dimensions/series/1/id", "AREA"),
        ("structures/0/dimensions/series/1/keyPosition", 0),
        ("structures/0/dimensions/series/1/values/0/id", "FR"),
        ("structures/0/dimensions/series/1", None),
        ("structures/0/dimensions/observation/0/values/0/value", "Dey 1402"),
        ("structures/0/attributes/observation/0/id", "REMARK"),
        ("structures/0/measures/observation/0/id", "PRICE"),
        (
            "structures/0/links",
            [{"rel": "dataflow", "urn": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=A:B(1.0.0)"}],
        ),
        (FIRST, {"0:0": [1]}),
        (FIRST, {"0": [1, 0, "x", "y", 5, 6, 7, 8, 9]}),
        (FIRST, {"0": [{"en": "x"}]}),
        (FIRST, {"0": [True]}),
        ("dataSets/0/series", {"0:0:0:0": {}}),
        ("dataSets/0/observations", {"0": [1]}),
        ("dataSets/0/remark", "x"),
    ],
)
def test_what_the_structure_forbids(place: str, value: Any) -> None:
    judge = schema(prices(), "TIME_PERIOD")
    message = write(prices(), "TIME_PERIOD")
    assert judge.is_valid(message)
    assert not judge.is_valid(changed(message, place, value))


def test_what_may_be_left_out_or_moved() -> None:
    """Measures and attributes may be fewer, and dimensions of one value may belong to the whole data set."""
    judge = schema(prices(), "TIME_PERIOD")
    message = write(prices(), "TIME_PERIOD")
    assert judge.is_valid(changed(message, "structures/0/attributes/observation", []))
    dimensions = message["data"]["structures"][0]["dimensions"]
    dimensions["dataSet"] = [dimensions["series"].pop(0)]
    message["data"]["dataSets"][0]["series"] = {"0:0": {"observations": {"0": [1.5]}}}
    assert judge.is_valid(message)


def test_a_schema_lists_what_constraints_leave() -> None:
    message = write(prices(), "TIME_PERIOD")
    for component, left, valid in (
        ("REF_AREA", ("IR", "IR-07", "TR"), True),
        ("REF_AREA", ("IR", "TR"), False),
        ("ITEM", ("RICE", "OIL & FAT"), True),
        ("ITEM", ("RICE",), False),
        ("OBS_STATUS", ("A", "P"), False),
    ):
        judge = schema(prices(), "TIME_PERIOD", validity=Validity(allowed={component: frozenset(left)}))
        assert judge.is_valid(message) is valid, (component, left)


def test_deletions_have_one_action_and_may_leave_out_dimensions() -> None:
    judge = schema(prices(), "TIME_PERIOD", validity=Validity(deletion=True))
    message = write(prices(), "TIME_PERIOD")
    assert not judge.is_valid(message)
    assert judge.is_valid(changed(message, "dataSets/0/action", "Delete"))
    message["data"]["structures"][0]["dimensions"]["series"].pop(0)
    message["data"]["dataSets"][0]["series"] = {"0:0": {}}
    assert judge.is_valid(message)
    assert not schema(prices(), "TIME_PERIOD").is_valid(message)


def test_texts_in_languages_and_several_values_are_what_they_are() -> None:
    judge = schema(languages(), "TIME_PERIOD")
    message = write(languages(), "TIME_PERIOD")
    data_set = message["data"]["dataSets"][0]
    key = next(iter(data_set["series"]))
    data_set["series"][key]["attributes"] = [{"en": 5}]
    assert not judge.is_valid(message)
