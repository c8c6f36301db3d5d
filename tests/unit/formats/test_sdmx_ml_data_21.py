"""Data of SDMX-ML 2.1 in its four forms: valid by the official schemas, and an independent reader finds every cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import polars as pl
import pytest
from lxml import etree
from support.cases import CASES, HEADER, Case, attribute, dimension, measure, structure
from support.read_back import expected, in_one_language, read_xml

from sdmx_server.batches import DataMessage, DataPart, WriteOptions
from sdmx_server.errors import NotAcceptable
from sdmx_server.formats.sdmx_ml.data_formats import DATA_FORMATS
from sdmx_server.formats.sdmx_ml.data_names import data_namespace
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema
from sdmx_server.model.dataflow import ProvisionAgreement
from sdmx_server.model.reference import Reference, reference_to

GENERIC, SPECIFIC, GENERIC_TIME, SPECIFIC_TIME = FORMS = [f for f in DATA_FORMATS if f.generation == "2.1"][:4]
prices, measures, languages, census, _ = CASES


def write(form: Any, *parts: DataPart, **options: Any) -> etree._Element:
    """The message, which is valid."""
    message = DataMessage(header=HEADER, parts=parts)
    root = etree.fromstring(b"".join(form.write_data(message, WriteOptions(**options))))
    used = {s.get("dimensionAtObservation") for s in root.iterfind(".//{*}Header/{*}Structure")}
    schemas = {
        data_namespace(part.context, at): write_schema(
            part.dataset.schema, version="2.1", dimension_at_observation=at, context=part.context
        )
        for part in parts
        for at in used
        if form in (SPECIFIC, SPECIFIC_TIME)
    }
    validator(schemas, "2.1").assertValid(root)
    return root


def changed(part: DataPart, **fields: Any) -> DataPart:
    return msgspec.structs.replace(part, **fields)


def values(element: etree._Element) -> dict[str, str]:
    """The values below a generic element."""
    return {v.attrib["id"]: v.attrib["value"] for v in element.iter("{*}Value")}


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_organisation_is_valid_and_read_back(make: Any, form: Any) -> None:
    case = make()
    for at in case.packagings:
        if form in (GENERIC_TIME, SPECIFIC_TIME) and (
            at not in ("TIME_PERIOD", "AllDimensions") or not case.schema.time
        ):
            with pytest.raises(NotAcceptable, match="ask for another form"):
                write(form, case.part(at))
            continue
        root = write(form, case.part(at))
        assert read_xml(etree.tostring(root), case.schema) == in_one_language(expected(case)), at


def test_the_formats_stand_last_and_generic_is_what_plain_xml_means() -> None:
    data = [f for f in DATA_FORMATS if f.kind == "data"]
    assert [(f.media_type.split(".")[-1], f.version) for f in data] == [
        ("data+xml", "3.1.0"),
        ("data+xml", "3.0.0"),
        ("genericdata+xml", "2.1"),
        ("structurespecificdata+xml", "2.1"),
        ("generictimeseriesdata+xml", "2.1"),
        ("structurespecifictimeseriesdata+xml", "2.1"),
    ]
    assert [f.name for f in data if f.generation == "2.1" and "text/xml" in f.generic] == [GENERIC.name]


def test_the_header_points_at_what_was_asked_for() -> None:
    case = prices()
    agreement = ProvisionAgreement(
        agency="SCI",
        id="PA",
        version="1.0.0",
        dataflow=reference_to(case.schema.dataflow),
        data_provider=Reference(kind="DataProviderScheme", agency="SCI", id="DATA_PROVIDERS", item="X"),
    )
    asked = {
        "StructureUsage": (case.schema.dataflow, "Dataflow"),
        "Structure": (case.schema.structure, "DataStructure"),
        "ProvisionAgrement": (agreement, "ProvisionAgreement"),
    }
    for element, (artefact, scope) in asked.items():
        part = case.part(context=artefact)
        [header] = write(GENERIC, part).iterfind(".//{*}Header/{*}Structure")
        [reference] = header
        assert etree.QName(reference).localname == element
        assert dict(reference.find("Ref").attrib) == {
            "agencyID": "SCI",
            "id": artefact.id,
            "version": artefact.version,
        }
        assert dict(header.attrib) == {"structureID": "DSD_PRICES", "dimensionAtObservation": "TIME_PERIOD"}
        root = write(SPECIFIC, part)
        assert root.find(".//{*}Structure").get("namespace") == f"{part.context.urn}:ObsLevelDim:TIME_PERIOD"
        assert root.find("{*}DataSet").get(f"{{{root.nsmap['ss']}}}dataScope") == scope


def test_several_data_sets_of_different_structures() -> None:
    parts = (prices().part(), census().part("SEX"), census().part("AllDimensions"))
    for form, name in ((GENERIC, "structureRef"), (SPECIFIC, "{*}structureRef")):
        root = write(form, *parts)
        found = [
            next(v for n, v in d.attrib.items() if etree.QName(n).localname == "structureRef")
            for d in root.iterchildren("{*}DataSet")
        ]
        assert found == ["DSD_PRICES", "DSD_CENSUS", "DSD_CENSUS.3"], name
    with pytest.raises(NotAcceptable, match="one structure"):
        write(GENERIC_TIME, prices().part(), measures().part())
    assert len(write(SPECIFIC_TIME, prices().part(), measures().part()).findall("{*}DataSet")) == 2


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_only_series(form: Any) -> None:
    ats = ["TIME_PERIOD", "AllDimensions"]
    for at in ats if form in (GENERIC_TIME, SPECIFIC_TIME) else [*ats, "REF_AREA"]:
        root = write(form, changed(prices().part(at), series_only=True))
        series = list(root.iter("{*}Series"))
        assert not list(root.iter("{*}Obs"))
        keys = [dict(s.attrib) or values(s) for s in series]
        if at != "REF_AREA":
            assert len(series) == 5
            assert keys[0] == {
                "FREQ": "M",
                "REF_AREA": "IR",
                "ITEM": "RICE",
                "AREA_NOTE": "country; whole",
                "SOURCE": "Survey <1>",
            }
        assert root.find(".//{*}Header/{*}Structure").get("dimensionAtObservation") != "AllDimensions"
        assert len(list(root.iter("{*}Group"))) == 2


def test_only_series_without_time_are_keys_of_observations() -> None:
    root = write(GENERIC, changed(census().part("AllDimensions"), series_only=True))
    observations = list(root.iter("{*}Obs"))
    assert len(observations) == 6
    assert values(observations[0]) == {"REF_AREA": "IR", "SEX": "F", "AGE": "Y1"}
    assert not list(root.iter("{*}ObsValue"))


def test_actions_and_the_time_of_a_dissemination() -> None:
    moment = dt.datetime(2026, 3, 21, 8, 30, tzinfo=dt.UTC)
    part = changed(prices().part(), valid_from=moment, valid_to=moment + dt.timedelta(days=1))
    for form in FORMS:
        for action, written in (
            (None, "Information"),
            ("Replace", "Replace"),
            ("Delete", "Delete"),
            ("Merge", "Append"),
        ):
            dataset = write(form, changed(part, action=action)).find("{*}DataSet")
            found = {etree.QName(n).localname: v for n, v in dataset.attrib.items()}
            assert found["action"] == written
            assert found["validFromDate"] == "2026-03-21T08:30:00Z"
            assert found["validToDate"] == "2026-03-22T08:30:00Z"


def test_texts_are_in_the_wanted_language_and_the_footer_says_so() -> None:
    root = write(GENERIC, languages().part(), languages=("fa", "fr"))
    titles = [v.get("value") for v in root.iter("{*}Value") if v.get("id") == "TITLE"]
    assert titles == ["ایران", "Turquie"]
    assert [m.get("code") for m in root.iterfind("{*}Footer/{*}Message")] == ["2003", "2004"]
    notes = [v.get("value") for v in root.iter("{*}Value") if v.get("id") == "NOTES"]
    assert notes == ["یک;Trois <3>", "only"]


def test_other_measures_are_attributes_and_the_first_one_is_obs_value() -> None:
    obs = write(SPECIFIC, measures().part()).find(".//Obs")
    assert {n: obs.get(n) for n in ("OBS_VALUE", "POP", "QUALITY", "READINGS", "FLAGS")} == {
        "OBS_VALUE": "5.00",
        "POP": "9007199254740993",
        "QUALITY": "GOOD",
        "READINGS": "1.5;2",
        "FLAGS": "A;E",
    }
    assert obs.get("RATE") is None


def test_a_structure_of_one_dimension_has_no_series() -> None:
    schema = structure("ONE", (dimension("REF_AREA"),), (measure("OBS_VALUE"),), time=False)
    case = Case(name="one", schema=schema, observations=prices().observations.select("REF_AREA", "OBS_VALUE").head(1))
    root = write(GENERIC, case.part("REF_AREA"))
    assert values(root.find(".//{*}ObsKey")) == {"REF_AREA": "IR"}
    assert root.find(".//{*}Structure").get("dimensionAtObservation") == "AllDimensions"


def test_an_answer_without_observations_is_valid() -> None:
    for form in FORMS:
        case = prices()
        case.observations, case.groups = case.observations.clear(), {}
        assert read_xml(etree.tostring(write(form, case.part())), case.schema) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'OBS_STATUS="A"', b'OBS_STATUS="ZZ"'),
        (b'REF_AREA="IR"', b'REF_AREA="FR"'),
        (b'OBS_VALUE="12.5"', b'OBS_VALUE="twelve"'),
        (b'TIME_PERIOD="2024-01"', b'TIME_PERIOD="Dey 1402"'),
        (b'COMMENT="fine"', b'REMARK="fine"'),
        (b' FREQ="M"', b""),
        (b"ns1:Sibling", b"ns1:Cousin"),
        (b"<Obs ", b'<Obs type="X" '),
    ],
)
def test_the_schema_refuses_what_the_structure_does_not_allow(old: bytes, new: bytes) -> None:
    case = prices()
    for form, at in ((SPECIFIC, "TIME_PERIOD"), (SPECIFIC_TIME, "TIME_PERIOD"), (SPECIFIC, "AllDimensions")):
        data = etree.tostring(write(form, case.part(at)))
        assert old in data
        schema = write_schema(case.schema, version="2.1", dimension_at_observation=at)
        namespace = data_namespace(case.part().context, at)
        assert not validator({namespace: schema}, "2.1").validate(etree.fromstring(data.replace(old, new, 1)))


@pytest.mark.parametrize("attached", [(), ("REF_AREA",), ("REF_AREA", "TIME_PERIOD")])
def test_the_start_of_the_reporting_year_is_a_day_of_the_year(attached: tuple[str, ...]) -> None:
    start = attribute("REPORTING_YEAR_START_DAY", attached, "MonthDay")
    schema = structure("YEAR", (dimension("REF_AREA"),), (measure("OBS_VALUE"),), (start,))
    rows = {"REF_AREA": ["IR"], "TIME_PERIOD": ["2024-Q1"], "OBS_VALUE": [1.0]}
    at_observation = len(attached) == 2
    case = Case(
        name="year",
        schema=schema,
        observations=pl.DataFrame(rows | ({start.id: ["--03-21"]} if at_observation else {})),
        groups={attached: pl.DataFrame({"REF_AREA": ["IR"], start.id: ["--03-21"]})} if len(attached) == 1 else {},
        dataset_attributes={} if attached else {start.id: "--03-21"},
    )
    for at in case.packagings:
        root = write(SPECIFIC, case.part(at))
        assert [e for e in root.iter() if e.get(start.id) == "--03-21"], at
        text = etree.tostring(root).replace(b"--03-21", b"21 March")
        name = data_namespace(case.part().context, at)
        made = write_schema(schema, version="2.1", dimension_at_observation=at)
        assert not validator({name: made}, "2.1").validate(etree.fromstring(text))
