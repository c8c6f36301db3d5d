"""Metadata attributes in data messages are loaded as attributes are, judged by what their metadata structure says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from lxml import etree
from support.cases import Case, attribute, dimension, footnotes, measure, structure
from support.loading import Loaded, load_csv

from sdmx_server.batches import WriteOptions, canonical
from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.representation import TextFormat

CASE = footnotes()
SCHEMA = CASE.schema
MESSAGES = {f.name: f for f in FORMATS if f.kind == "data" and f.generation >= "3" and f.write_data is not None}
HEAD = "STRUCTURE[;],STRUCTURE_ID,ACTION,FREQ,REF_AREA,TIME_PERIOD,"
FLOW = "dataflow,SCI:DF_FOOTNOTES(1.0.0)"


def load(tmp_path: Path, head: str, *rows: str, **options: Any) -> Loaded:
    """Load rows of SDMX-CSV."""
    return load_csv(tmp_path, "\n".join([HEAD + head, *(f"{FLOW},{row}" for row in rows)]), SCHEMA, **options)


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_of_every_format_give_each_its_level(tmp_path: Path, name: str) -> None:
    write = MESSAGES[name].write_data
    assert write is not None
    path = tmp_path / "message"
    path.write_bytes(b"".join(write(CASE.message(), WriteOptions())))
    loaded = Loaded(FileJob(path=path), SCHEMA)
    assert loaded.group() == [{"METHOD": canonical({"en": "Laspeyres", "fa": "لاسپیرز"})}]
    assert sorted(row["NAME"] for row in loaded.group("FREQ")) == ["Monthly", "Yearly, desk"]
    [series] = loaded.group("FREQ", "REF_AREA")
    assert series == {"FREQ": "A", "REF_AREA": "IR", "GRADE": canonical(["GOOD", "POOR"])}
    events = {row["TIME_PERIOD"]: row["EVENTS"] for row in loaded.rows}
    first = [{"en": "War; blockade", "fa": "جنگ"}, {"en": "Drought"}]
    assert events == {"1980": canonical(first), "1981": None, "1981-01": canonical([{"fa": "زلزله"}])}


@pytest.mark.parametrize("head", ["NAME", "CONTACT.PERSON.NAME"])
def test_a_column_is_headed_by_the_path_or_the_id(tmp_path: Path, head: str) -> None:
    loaded = load(tmp_path, head, "M,A,,,Desk")
    assert loaded.group("FREQ") == [{"FREQ": "A", "NAME": "Desk"}]


def test_another_path_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, "CONTACT.NAME", "M,A,,,Desk")
    [problem] = refused.value.problems
    assert (problem.code, problem.column) == ("column-unknown", "CONTACT.NAME")


def test_values_are_those_of_the_metadata_structure(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, "GRADE[],OBS_VALUE", "M,A,IR,1980,GOOD;NICE,1")
    [problem] = refused.value.problems
    assert (problem.code, problem.column) == ("code-unknown", "GRADE")
    short = TextFormat(facets={"maxLength": "4"})
    attributes = tuple(
        msgspec.structs.replace(a, text_format=short) if a.id == "NAME" else a for a in SCHEMA.attributes
    )
    with pytest.raises(Refused) as refused:
        load_csv(
            tmp_path,
            f"{HEAD}NAME\n{FLOW},M,A,,,Office\n",
            msgspec.structs.replace(SCHEMA, attributes=attributes),
        )
    assert [problem.code for problem in refused.value.problems][:1] == ["facet"]


def test_replace_names_what_is_said_above_observations(tmp_path: Path) -> None:
    loaded = load(tmp_path, "OBS_VALUE,CONTACT.PERSON.NAME,METHOD[en;fa]", "R,A,IR,1980,1,Desk,en:Paasche")
    assert loaded.actions == ["Replace"]
    [replaced] = loaded.deltas
    found = {key: table.columns for key, table in replaced.groups.items()}
    assert found == {(): ["METHOD"], ("FREQ",): ["FREQ", "NAME"]}


MARKUP = (
    '<p class="x">Prices &amp; <em>so on</em>, <a href="https://example.org/?a=1&amp;b=2">more</a><br/></p> &lt;end'
)


def with_markup() -> Case:
    """A metadata attribute of XHTML in languages, one without languages, and one with several."""
    full = ("REF_AREA", "TIME_PERIOD")
    schema = structure(
        "MARKUP",
        (dimension("REF_AREA"),),
        (measure("OBS_VALUE"),),
        (
            attribute("DESCR", (), "XHTML", multilingual=True, metadata=True),
            attribute("NOTE", full, "XHTML", metadata=True),
            attribute("NOTES", ("REF_AREA",), "XHTML", multilingual=True, many=True, metadata=True),
        ),
    )
    rows = [("IR", "2020", 1.0, MARKUP), ("IR", "2021", 2.0, "plain"), ("TR", "2021", 3.0, None)]
    several = canonical([{"en": MARKUP, "fa": "<p>متن</p>"}, {"en": "<ul><li>two</li></ul>"}])
    notes = {"REF_AREA": ["IR"], "NOTES": [several]}
    return Case(
        name="markup",
        schema=schema,
        observations=pl.DataFrame(rows, schema=[*full, "OBS_VALUE", "NOTE"], orient="row"),
        groups={("REF_AREA",): pl.DataFrame(notes)},
        dataset_attributes={"DESCR": canonical({"en": f"{MARKUP}<p>two</p>", "fa": "<p>متن</p>"})},
    )


@pytest.mark.parametrize("name", MESSAGES)
def test_structured_texts_come_back_from_every_format(tmp_path: Path, name: str) -> None:
    case, write = with_markup(), MESSAGES[name].write_data
    assert write is not None
    path = tmp_path / "message"
    path.write_bytes(b"".join(write(case.message(), WriteOptions())))
    loaded = Loaded(FileJob(path=path), case.schema)
    assert loaded.group() == [{"DESCR": case.dataset_attributes["DESCR"]}]
    assert loaded.group("REF_AREA") == case.groups["REF_AREA",].rows(named=True)
    assert [(row["TIME_PERIOD"], row["NOTE"]) for row in loaded.rows if row["NOTE"]] == [
        ("2020", MARKUP),
        ("2021", "plain"),
    ]


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
def test_structured_texts_are_elements_valid_by_the_schema(version: str) -> None:
    case = with_markup()
    write = MESSAGES[f"sdmx-ml-{version[:3]}-data"].write_data
    assert write is not None
    message = etree.fromstring(b"".join(write(case.message(), WriteOptions())))
    assert len(list(message.iter("{*}StructuredText"))) == 7
    assert not list(message.iter("{*}Text"))
    schema = write_schema(case.schema, version=version, dimension_at_observation="TIME_PERIOD")
    judge = validator({etree.fromstring(schema).get("targetNamespace", ""): schema}, version)
    assert judge.validate(message), judge.error_log


@pytest.mark.parametrize(
    "wrong", ["<p>open", "<script>alert(1)</script>", '<p onclick="x">y</p>', '<a href="javascript:x">y</a>']
)
def test_markup_that_may_not_be_published_is_refused(tmp_path: Path, wrong: str) -> None:
    case = with_markup()
    observations = case.observations.with_columns(pl.lit(wrong).alias("NOTE"))
    write = MESSAGES["sdmx-json-2.1-data"].write_data
    assert write is not None
    path = tmp_path / "message"
    message = msgspec.structs.replace(case, observations=observations).message()
    path.write_bytes(b"".join(write(message, WriteOptions())))
    with pytest.raises(Refused) as refused:
        Loaded(FileJob(path=path), case.schema)
    assert {problem.code for problem in refused.value.problems} == {"metadata-xhtml"}
    assert all("NOTE" in problem.texts["en"] for problem in refused.value.problems)


def test_a_dash_deletes_a_text_in_languages(tmp_path: Path) -> None:
    loaded = load(tmp_path, "METHOD[en;fa]", "D,,,,-")
    assert loaded.actions == ["Delete"]
    assert loaded.group() == [{"METHOD": "-"}]
