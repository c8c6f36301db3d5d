"""SDMX-JSON data of all versions: whatever form a message has, its cells come in; each fault has its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sdmx_loaders.sdmx_json import SdmxJsonLoader
from support.cases import attribute, dimension, measure
from support.cases import structure as plain_structure
from support.loading import SERIES, Loaded, structure

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.resolved import ResolvedStructure

URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:T(1.0.0)"


def values(*ids: str) -> list[dict[str, str]]:
    return [{"id": i, "name": i} for i in ids]


def structure_of(**other: Any) -> dict[str, Any]:
    return {
        "links": [{"rel": "dataflow", "urn": URN}],
        "dimensions": {
            "dataSet": [{"id": "FREQ", "keyPosition": 0, "values": values("A")}],
            "series": [
                {"id": "REF_AREA", "keyPosition": 1, "values": values("IR", "IR-00")},
                {"id": "SEX", "keyPosition": 2, "values": values("_T", "M")},
            ],
            "observation": [{"id": "TIME_PERIOD", "keyPosition": 3, "values": values("2011", "2016")}],
        },
        "attributes": {
            "dataSet": [],
            "series": [{"id": "UNIT_MEASURE", "values": values("PS")}],
            "observation": [{"id": "OBS_STATUS", "values": values("A", "P")}],
        },
        **other,
    }


def message_1(*data_sets: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {"meta": {"contentLanguages": ["fa"]}, "data": {"structure": structure_of(**other), "dataSets": data_sets}}


def message_2(*data_sets: dict[str, Any], **other: Any) -> dict[str, Any]:
    measures = {"observation": [{"id": "OBS_VALUE"}]}
    return {"data": {"structures": [structure_of(measures=measures, **other)], "dataSets": data_sets}}


def series(**observations: list[Any]) -> dict[str, Any]:
    held = {key.removeprefix("t"): row for key, row in observations.items()}
    return {"series": {"0:0": {"attributes": [0], "observations": held}}}


def load(folder: Path, message: Any, schema: ResolvedStructure | None = None, **more: Any) -> Loaded:
    path = folder / "data.json"
    text = message if isinstance(message, bytes | str) else json.dumps(message)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Loaded(FileJob(path=path, loader="sdmx-json"), schema or structure(), **more)


def refused(folder: Path, message: Any, **more: Any) -> list[tuple[str, str | None, str | None]]:
    """Code, path and value of each finding."""
    with pytest.raises(Refused) as caught:
        load(folder, message, **more)
    for problem in caught.value.problems:
        assert set(problem.texts) == {"en", "fa"}
        assert "{" not in problem.texts["en"] + problem.texts["fa"]
    return [(p.code, p.path, p.value) for p in caught.value.problems]


ROW = {"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016", "OBS_VALUE": 79926270.0, "OBS_STATUS": "A"}


@pytest.mark.parametrize("make", [message_1, message_2])
def test_series_become_observations_and_attributes_of_their_level(tmp_path: Path, make: Any) -> None:
    loaded = load(tmp_path, make(series(t1=[79926270, 0])))
    assert loaded.rows == [ROW]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]
    assert set(loaded.actions) == {"Merge"}


def test_the_draft_lies_at_the_root(tmp_path: Path) -> None:
    message = message_1(series(t1=[79926270, 0]))
    draft = {"header": message["meta"], **message["data"]}
    assert load(tmp_path, draft).rows == [ROW]


def test_everything_may_be_the_observation(tmp_path: Path) -> None:
    dimensions = structure_of()["dimensions"]
    flat = {"observation": [d for level in dimensions.values() for d in level]}
    message = message_1({"observations": {"0:0:0:1": [79926270, None, 0]}}, dimensions=flat)
    attributes = message["data"]["structure"]["attributes"]
    attributes["observation"] = [*attributes.pop("series"), *attributes["observation"]]
    assert load(tmp_path, message).rows == [ROW]


@pytest.mark.parametrize(
    ("action", "found"),
    [("Information", "Merge"), ("Append", "Merge"), ("Merge", "Merge"), ("Replace", "Replace"), ("Delete", "Delete")],
)
def test_actions(tmp_path: Path, action: str, found: str) -> None:
    assert set(load(tmp_path, message_1({"action": action, **series(t1=[1, 0])})).actions) == {found}


def test_data_sets_keep_their_order_and_a_bare_one_to_delete_is_everything(tmp_path: Path) -> None:
    loaded = load(tmp_path, message_2({"action": "Delete"}, {"action": "Replace", **series(t1=[5, 0])}))
    whole, *_, last = loaded.deltas
    assert loaded.actions[0] == "Delete"
    assert whole.observations is not None
    assert dict(zip(whole.observations.columns, whole.observations.row(0), strict=True))["FREQ"] == "A"
    assert last.observations is not None
    assert last.observations["OBS_VALUE"].to_list() == [5.0]


def test_what_is_deleted_of_a_series(tmp_path: Path) -> None:
    message = message_1({"action": "Delete", "series": {"0:0": {"observations": {"0": [], "1": [None, 0]}}, "1:1": {}}})
    rows = load(tmp_path, message).rows
    assert [(r["REF_AREA"], r["TIME_PERIOD"], r.get("OBS_STATUS")) for r in rows] == [
        ("IR-00", None, None),
        ("IR", "2011", None),
        ("IR", "2016", "A"),
    ]


def test_numbers_are_exact_and_missing_ones_are_missing(tmp_path: Path) -> None:
    schema = plain_structure(
        "N",
        (dimension("D"),),
        (measure("OBS_VALUE", "Long"), measure("X", "Double")),
        (attribute("A", ("D", "TIME_PERIOD"), "Double"),),
    )
    described = {
        "dimensions": {
            "series": [{"id": "D", "keyPosition": 0, "values": [{"value": "a b"}]}],
            "observation": [
                {"id": "TIME_PERIOD", "keyPosition": 1, "values": [{"value": str(y)} for y in range(2000, 2004)]}
            ],
        },
        "measures": {"observation": [{"id": "OBS_VALUE"}, {"id": "X"}]},
        "attributes": {"observation": [{"id": "A"}]},
    }
    text = json.dumps(
        {"data": {"structures": [described], "dataSets": [{"series": {"0": {"observations": "@"}}}]}}
    ).replace('"@"', '{"0":[9007199254740993,0.10,1.50],"1":["#N/A","NaN","NaN"],"2":[null,-1E-7,null],"3":["NaN",1]}')
    rows = load(tmp_path, text, schema).rows
    assert [r["OBS_VALUE"] for r in rows] == [9007199254740993, None, None, None]
    assert [r["OBS_VALUE?"] for r in rows] == [1, 2, 0, 2]
    assert [r["X"] for r in rows] == [0.1, None, -1e-7, 1.0]
    assert [r["A"] for r in rows] == ["1.50", None, None, None]
    assert [r["A?"] for r in rows] == [1, 2, 0, 0]
    assert rows[0]["D"] == "a b"


def test_several_values_and_languages(tmp_path: Path) -> None:
    attributes = {
        "dataSet": [{"id": "SOURCE"}],
        "dimensionGroup": [{"id": "TITLE"}],
        "observation": [{"id": "TAGS", "values": values("X", "Y")}, {"id": "COMMENT_OBS"}],
    }
    data = {
        "attributes": [{"en": "Survey", "fa": "آمارگیری"}],
        "dimensionGroupAttributes": {":1::": ["Markazi"]},
        "series": {"1:0": {"observations": {"0": [1, [1, 0], "plain"], "1": [2, ["X"], {"fa": "ب"}]}}},
    }
    loaded = load(tmp_path, message_2(data, attributes=attributes))
    assert [r["TAGS"] for r in loaded.rows] == ['["Y","X"]', '["X"]']
    assert [r["COMMENT_OBS"] for r in loaded.rows] == ['{"en":"plain"}', '{"fa":"ب"}']
    assert loaded.group() == [{"SOURCE": '{"en":"Survey","fa":"آمارگیری"}'}]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR-00", "TITLE": "Markazi"}]


def test_names_are_values_in_1_0(tmp_path: Path) -> None:
    attributes = {
        "observation": [
            {"id": "TAGS", "values": [{"name": "X;Y"}, {"id": "X", "name": "x"}, None]},
            {"id": "COMMENT_OBS", "values": [{"name": "a", "names": {"en": "a", "fa": "ب"}}, {"name": "تنها"}]},
        ]
    }
    data = {
        "series": {"0:0": {"observations": {"0": [1, 0, 0], "1": [2, 1, 1]}}, "0:1": {"observations": {"0": [3, 2]}}}
    }
    loaded = load(tmp_path, message_1(data, attributes=attributes))
    assert [r["TAGS"] for r in loaded.rows] == ['["X","Y"]', '["X"]', None]
    assert [r["COMMENT_OBS"] for r in loaded.rows] == ['{"en":"a","fa":"ب"}', '{"fa":"تنها"}', None]


def test_an_attribute_above_its_level_goes_to_the_observations(tmp_path: Path) -> None:
    attributes = {"dataSet": [{"id": "OBS_STATUS", "values": values("P")}]}
    loaded = load(tmp_path, message_1({"attributes": [0], **series(t0=[1], t1=[2])}, attributes=attributes))
    assert [r["OBS_STATUS"] for r in loaded.rows] == ["P", "P"]


def test_indices_of_annotations_are_passed_over(tmp_path: Path) -> None:
    assert load(tmp_path, message_1(series(t1=[79926270, 0, 3]))).rows == [ROW]


FLAWED = {
    "the index of a value": (series(t1=[1, 7]), [("json-value", "/data/dataSets/0/series/0:0/observations/1", "7")]),
    "an index below zero": (series(t1=[1, -1]), [("json-value", "/data/dataSets/0/series/0:0/observations/1", "-1")]),
    "no index": (series(t1=[1, 0.5]), [("json-value", "/data/dataSets/0/series/0:0/observations/1", "0.5")]),
    "the key of an observation": (series(t9=[1, 0]), [("json-key", "/data/dataSets/0/series/0:0/observations/9", "9")]),
    "a key that is too long": (
        {"series": {"0:0:0": {"observations": {"0": [1]}}}},
        [("json-key", "/data/dataSets/0/series/0:0:0", "0:0:0")],
    ),
    "a key of letters": ({"series": {"0:x": {}}}, [("json-key", "/data/dataSets/0/series/0:x", "0:x")]),
    "a sign in a key": ({"series": {"0:+1": {}}}, [("json-key", "/data/dataSets/0/series/0:+1", "0:+1")]),
    "series that are a list": ({"series": []}, [("json-type", "/data/dataSets/0/series", None)]),
    "an observation that is a number": (
        {"series": {"0:0": {"observations": {"1": 5}}}},
        [("json-type", "/data/dataSets/0/series/0:0/observations/1", None)],
    ),
    "too many members": (
        series(t1=[1, 0, "more"]),
        [("json-length", "/data/dataSets/0/series/0:0/observations/1", "more")],
    ),
    "an unknown action": ({"action": "Insert"}, [("action-unknown", "/data/dataSets/0/action", "Insert")]),
    "a list as a number": (
        series(t1=[[1, 2], 0]),
        [("json-value", "/data/dataSets/0/series/0:0/observations/1", "['1', '2']")],
    ),
    "no number": (series(t1=["many", 0]), [("type-wrong", "/data/dataSets/0/series/0:0/observations/1", "many")]),
    "a number beyond all": (
        series(t1=["1E999", 0]),
        [("type-wrong", "/data/dataSets/0/series/0:0/observations/1", "1E999")],
    ),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_is_found_with_its_place(tmp_path: Path, name: str) -> None:
    data, found = FLAWED[name]
    assert refused(tmp_path, message_1(data)) == found


def test_flaws_of_the_structure(tmp_path: Path) -> None:
    other = {"links": [{"rel": "dataflow", "urn": URN.replace(":T(", ":OTHER(")}]}
    assert refused(tmp_path, message_1(series(t1=[1]), **other)) == [
        ("structure-wrong", "/data/structure", "SCI:OTHER(1.0.0)")
    ]
    unknown = {"attributes": {"observation": [{"id": "OBS_STATE", "values": []}]}}
    assert refused(tmp_path, message_1(series(t1=[1]), **unknown))[0][:2] == (
        "column-unknown",
        "/data/structure/attributes/observation/0",
    )
    assert refused(tmp_path, {"data": {"dataSets": [{}]}}) == [("json-missing", "/data", None)]
    assert refused(tmp_path, {"data": {"structures": [], "dataSets": [{"structure": 3}]}}) == [
        ("json-structure", "/data/dataSets/0/structure", "3")
    ]
    message = message_1(series(t1=[1]))
    del message["data"]["structure"]["dimensions"]
    assert refused(tmp_path, message) == [("json-missing", "/data/structure", None)]
    message = message_1(series(t1=[1]))
    message["data"]["structure"]["dimensions"]["dataSet"][0]["values"] *= 2
    assert refused(tmp_path, message) == [("json-fixed", "/data/structure/dimensions/dataSet", None)]


TEXTS = {
    "file-empty": b" \n",
    "json-truncated": json.dumps(message_1(series(t1=[1, 0]))).encode()[:-40],
    "json-syntax": b'{"data": {"dataSets": [1,]}}',
    "json-twice": b'{"data": {"dataSets": []}, "data": {}}',
    "json-depth": b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "json-encoding": b'{"data": "\xff"}',
    "json-not-data": b"[1, 2]",
    "json-kind": b'{"data": {"codelists": []}}',
    "json-error-message": b'{"errors": [{"code": 100, "title": "No results found"}]}',
    "json-too-large": b'{"data": "' + b" " * 2000 + b'"}',
}


@pytest.mark.parametrize("code", TEXTS)
def test_what_is_no_message_is_refused(tmp_path: Path, code: str) -> None:
    assert (
        refused(tmp_path, TEXTS[code], limits=Limits(message_bytes=1000 if code == "json-too-large" else 10**6))[0][0]
        == code
    )


@pytest.mark.parametrize("text", [b"NaN", b"Infinity", b"-Infinity"])
def test_javascript_is_no_json(tmp_path: Path, text: bytes) -> None:
    whole = json.dumps(message_1(series(t1=["@", 0]))).encode().replace(b'"@"', text)
    assert refused(tmp_path, whole)[0][0] == "json-syntax"


def test_it_knows_its_own_and_names_the_structure(tmp_path: Path) -> None:
    loader = SdmxJsonLoader()
    assert loader.recognises(b'\xef\xbb\xbf \n{"meta"')
    assert not loader.recognises(b"<Structure>")
    assert not loader.recognises(b"STRUCTURE,")
    path = tmp_path / "x.json"
    path.write_text(json.dumps(message_1(series(t1=[1]))), encoding="utf-8")
    assert [r.urn for r in loader.structures(path)] == [URN]
    path.write_text("{", encoding="utf-8")
    assert loader.structures(path) == ()
