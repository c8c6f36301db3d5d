"""Metadata attributes reported with data, over HTTP: the households have three, of one metadata structure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from lxml import etree
from support.asking import DATA_TYPES, XML_21_TYPES, ask, judge_data, refusal
from support.live import environment, run, serving

FLOW = "/data/dataflow/SCI/HOUSEHOLDS/1.0.0"
USED = ("COMPAR_TIME", "SOURCE_TYPE", "COHER_INTERNAL")
PATHS = {
    "COMPAR_TIME": "COHER_COMPAR.COMPAR_TIME",
    "SOURCE_TYPE": "STAT_PROCESS.SOURCE_TYPE",
    "COHER_INTERNAL": "COHER_COMPAR.COHER_INTERNAL",
}
JSON, CSV = "application/vnd.sdmx.data+json;version=2.1.0", "application/vnd.sdmx.data+csv;version=2.1.0"
XML = "application/vnd.sdmx.data+xml;version=3.1.0"
NO_CENSUS = "A population survey between two censuses, not a general census."
IN_1370 = "1991-03-21/P366D"


def rows(base: str, query: str = "", accept: str = CSV) -> list[dict[str, str]]:
    """The rows of SDMX-CSV by the ids of the components."""
    text = ask(base, f"{FLOW}{query}", accept).content.decode("utf-8")
    found = csv.DictReader(io.StringIO(text))
    return [{name.partition("[")[0]: held for name, held in row.items()} for row in found]


def shown(base: str, query: str) -> set[str]:
    """The metadata attributes that an answer has columns for."""
    return {name for name, path in PATHS.items() if path in rows(base, query)[0]}


@pytest.mark.proves("v2 data: attributes=msd", "v2 data: attributes=dsd", "v2 data: attributes=all")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ()),
        ("?attributes=dsd", ()),
        ("?attributes=obs", ()),
        ("?attributes=dataset,series", ()),
        ("?attributes=none", ()),
        ("?attributes=msd", USED),
        ("?attributes=all", USED),
        ("?attributes=dsd,msd", USED),
        ("?attributes=SOURCE_TYPE", ("SOURCE_TYPE",)),
        ("?attributes=OBS_STATUS,COMPAR_TIME", ("COMPAR_TIME",)),
    ],
)
def test_they_come_when_they_are_asked_for(live: str, query: str, found: tuple[str, ...]) -> None:
    assert shown(live, query) == set(found)
    assert ("OBS_STATUS" in rows(live, query)[0]) == (query not in ("?attributes=msd", "?attributes=none",
        "?attributes=dataset,series", "?attributes=SOURCE_TYPE"))  # fmt: skip


@pytest.mark.proves("v2 data: attributes=msd")
def test_columns_are_headed_by_the_path_and_values_have_all_languages(live: str) -> None:
    head = ask(live, f"{FLOW}?attributes=msd", CSV).content.decode().splitlines()[0]
    assert head.endswith(",OBS_VALUE," + ",".join(f"{path}[en;fa]" for path in PATHS.values()))
    [row] = rows(live, f"/A.IR._T?attributes=msd&c[TIME_PERIOD]={IN_1370}")
    assert row["STAT_PROCESS.SOURCE_TYPE"].startswith(f"en:{NO_CENSUS};fa:")
    assert "59,681 fewer than the total" in row["COHER_COMPAR.COHER_INTERNAL"]


def test_each_stands_at_its_own_level_in_json(live: str) -> None:
    message = ask(live, f"{FLOW}?attributes=msd", JSON).json()["data"]
    [structure] = message["structures"]
    attributes: dict[str, list[dict[str, Any]]] = structure["attributes"]
    told = {level: [a["id"] for a in held] for level, held in attributes.items()}
    assert told["dataSet"] == ["COMPAR_TIME"]
    assert sorted(told["observation"]) == ["COHER_INTERNAL", "SOURCE_TYPE"]
    [described] = attributes["dataSet"]
    assert described["names"] == {"en": "Comparability over time", "fa": "مقایسه‌پذیری در زمان"}
    assert described["relationship"] == {"dataflow": {}}
    assert described["format"] == {"dataType": "String", "isMultiLingual": True}
    relationships = {a["id"]: a["relationship"] for a in attributes["observation"]}
    assert relationships["SOURCE_TYPE"] == {"dimensions": ["TIME_PERIOD"]}
    [text] = message["dataSets"][0]["attributes"]
    assert text["en"].startswith("The definition of a household")


def test_xml_has_them_as_components(live: str) -> None:
    root = etree.fromstring(ask(live, f"{FLOW}?attributes=msd", XML).content)
    of_set = [comp.get("id") for comp in root.iterfind("{*}DataSet/Atts/Comp")]
    of_observations = {comp.get("id") for comp in root.iter("Comp")} - set(of_set)
    assert (of_set, of_observations) == (["COMPAR_TIME"], {"SOURCE_TYPE", "COHER_INTERNAL"})


@pytest.mark.parametrize("words", ["msd", "all"])
@pytest.mark.parametrize("media_type", [*DATA_TYPES, *XML_21_TYPES])
def test_answers_are_valid_by_the_schema_that_we_answer(live: str, media_type: str, words: str) -> None:
    answer = ask(live, f"{FLOW}?attributes={words}", media_type)
    assert answer.status_code == 200
    judge_data(live, "HOUSEHOLDS", answer, "TIME_PERIOD")
    assert NO_CENSUS in answer.text


@pytest.mark.parametrize("media_type", XML_21_TYPES)
def test_a_message_of_2_1_tells_that_its_structure_does_not_list_them(live: str, media_type: str) -> None:
    told = "a metadata attribute is written as an attribute, which the data structure does not list"
    asked = ask(live, f"{FLOW}?attributes=all", media_type).text
    assert f"{told} ({', '.join(USED)})" in asked
    assert told not in ask(live, FLOW, media_type).text
    structure = ask(live, "/datastructure/SCI/HOUSEHOLDS", "application/vnd.sdmx.structure+xml;version=2.1", api="v1")
    assert not any(name in structure.text.partition("<footer:")[0] for name in USED)


def test_tables_have_columns_of_them(live: str) -> None:
    plain = rows(live, "?attributes=all", "application/vnd.sdmx.data+csv;version=1.0.0")
    assert {row["SOURCE_TYPE"] for row in plain if row["TIME_PERIOD"] == IN_1370} == {NO_CENSUS}
    parquet = ask(live, f"{FLOW}?attributes=msd", "application/vnd.apache.parquet").content
    [of_set] = set(pq.read_table(io.BytesIO(parquet))["COMPAR_TIME"].to_pylist())
    assert json.loads(of_set)["en"].startswith("The definition of a household")


def test_version_1_never_has_them(live: str) -> None:
    for detail in ("full", "nodata", "dataonly"):
        answer = ask(live, f"/data/SCI,HOUSEHOLDS?detail={detail}", "application/vnd.sdmx.data+json", api="v1")
        assert answer.status_code == 200
        assert not any(name in answer.text for name in USED)


@pytest.mark.proves("v2 data: c=of an attribute", "v2 data: c=co")
def test_they_filter_and_sort_whether_they_are_shown_or_not(live: str) -> None:
    found = rows(live, "?c[SOURCE_TYPE]=co:survey")
    assert {row["TIME_PERIOD"] for row in found} == {IN_1370}
    assert not any(path in found[0] for path in PATHS.values())
    some = rows(live, "?c[COHER_INTERNAL]=co:fewer&c[RESIDENCE]=_T&attributes=msd&measures=none")
    assert len(some) == 6
    assert "OBS_VALUE" not in some[0]
    assert len(rows(live, "?sort=COHER_INTERNAL:desc+TIME_PERIOD&limit=5&attributes=none")) == 5


def test_an_unknown_one_is_told_with_those_that_there_are(live: str) -> None:
    told = refusal(ask(live, f"{FLOW}?attributes=DATA_COMP"), 422)
    assert "DATA_COMP" in told
    assert all(name in told for name in USED)


def test_a_structure_without_them_has_none_to_give(live: str) -> None:
    answer = ask(live, "/data/dataflow/SCI/VITAL/1.0.0?attributes=msd", CSV)
    assert answer.status_code == 200
    assert answer.text.splitlines()[0].endswith(",TIME_PERIOD,OBS_VALUE")


def test_structures_say_which_are_used_in_every_version_that_can(live: str) -> None:
    path = "/structure/datastructure/SCI/HOUSEHOLDS/1.0.0"
    for version in ("2.1.0", "2.0.0"):
        answer = ask(live, path, f"application/vnd.sdmx.structure+json;version={version}").json()
        [structure] = answer["data"]["dataStructures"]
        usages = structure["dataStructureComponents"]["attributeList"]["metadataAttributeUsages"]
        assert [usage["metadataAttributeReference"] for usage in usages] == list(USED)
    for version in ("3.1.0", "3.0.0"):
        root = etree.fromstring(ask(live, path, f"application/vnd.sdmx.structure+xml;version={version}").content)
        assert [found.text for found in root.iter("{*}MetadataAttributeReference")] == list(USED)
        assert root.findtext(".//{*}DataStructure/{*}Metadata", "").endswith("=SCI:QUALITY_REPORT(1.0+.0)")


# ---- changes and history ---------------------------------------------------------------------------------------------

HEAD = "STRUCTURE[;],STRUCTURE_ID,ACTION,FREQ,REF_AREA,RESIDENCE,TIME_PERIOD,STAT_PROCESS.SOURCE_TYPE[en;fa]\n"
ROW = "dataflow,SCI:HOUSEHOLDS(1.0.0)"
IN_1335 = "1956-03-21/P365D"
NEW = "A sample survey."


class Changed(msgspec.Struct, frozen=True):
    """A server where the notes on two years changed after a moment: one has another text, one has none any more."""

    base: str
    before: str
    summary: str


@pytest.fixture(scope="module")
def changed(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    folder = tmp_path_factory.mktemp("notes")
    shutil.copytree(products["SDMX_DATA_DIR"], folder / "data")
    env = environment(folder / "data")
    before = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    file = folder / "notes.csv"
    file.write_text(f"{HEAD}{ROW},M,,,,{IN_1370},en:{NEW}\n{ROW},D,,,,{IN_1335},-\n", "utf-8")
    done = run("data", "load", str(file), env=env)
    with serving(env, workers=1) as base:
        yield Changed(base, before, done.stdout)


def notes(base: str, query: str) -> dict[str, str]:
    """The note on the source of each year."""
    return {row["TIME_PERIOD"]: row["STAT_PROCESS.SOURCE_TYPE"] for row in rows(base, f"/A.IR._T{query}")}


def test_a_message_changes_and_deletes_them_alone(changed: Changed) -> None:
    assert "0 observations new, 0 changed, 0 deleted, 2 attribute values changed" in changed.summary
    found = notes(changed.base, "?attributes=msd")
    assert (found[IN_1335], len(found)) == ("", 9)
    assert found[IN_1370].startswith(f"en:{NEW};fa:")  # the other language stays


@pytest.mark.proves(
    "v2 data: asOf={moment}",
    *(f"v2 data: updatedAfter={what}" for what in ("revised", "deleted")),
    "v2 data: includeHistory=true",
)
def test_their_past_is_kept(changed: Changed) -> None:
    before = notes(changed.base, f"?attributes=msd&asOf={changed.before}")
    assert before[IN_1370].startswith(f"en:{NO_CENSUS};fa:")
    assert before[IN_1335].startswith("en:General census")
    told = rows(changed.base, f"?attributes=msd&updatedAfter={changed.before}")
    assert {(row["ACTION"], row["TIME_PERIOD"]) for row in told} == {("M", IN_1370), ("D", IN_1335)}
    assert all(row["RESIDENCE"] == "" for row in told)
    assert rows(changed.base, f"?updatedAfter={changed.before}") == []
    whole = ask(changed.base, f"{FLOW}?attributes=msd&includeHistory=true", JSON).json()["data"]["dataSets"]
    assert len(whole) == 3
