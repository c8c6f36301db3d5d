"""SDMX-ML data messages of 2.1, 3.0 and 3.1: their forms, encodings and levels."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loading import SERIES
from support.sdmx_ml import (
    BASE,
    FLOW,
    GENERIC_OBS,
    KEY,
    OBS,
    ROW,
    SERIES_KEY,
    URN,
    data_set,
    generic,
    load,
    message,
    organisation,
    refused,
    series,
    values,
)

from sdmx_server.batches import canonical


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
def test_an_ordinary_message_becomes_typed_observations(tmp_path: Path, version: str) -> None:
    loaded = load(tmp_path, message(data_set(series(OBS)), version=version))
    assert loaded.actions == ["Merge"]
    assert loaded.rows == [ROW]
    assert (loaded.counts.rows, loaded.counts.observations) == (1, 1)


@pytest.mark.parametrize("kind", ["GenericData", "GenericTimeSeriesData"])
def test_generic_data_hold_the_same(tmp_path: Path, kind: str) -> None:
    assert load(tmp_path, generic(f"<g:Series>{KEY}{GENERIC_OBS}</g:Series>", kind=kind)).rows == [ROW]


def test_time_series_data_hold_the_same(tmp_path: Path) -> None:
    text = message(data_set(series(OBS)), version="2.1", kind="StructureSpecificTimeSeriesData")
    assert load(tmp_path, text).rows == [ROW]


def test_observations_without_series(tmp_path: Path) -> None:
    flat = organisation(FLOW, at="AllDimensions")
    text = message(data_set(OBS.replace("<Obs", f"<Obs {SERIES_KEY}")), structures=flat)
    key = values("ObsKey", FREQ="A", REF_AREA="IR", SEX="_T", TIME_PERIOD="2016")
    obs = f'<g:Obs>{key}<g:ObsValue value="79926270"/>{values("Attributes", OBS_STATUS="A")}</g:Obs>'
    assert load(tmp_path, text).rows == load(tmp_path, generic(obs, at="AllDimensions")).rows == [ROW]


def test_another_dimension_at_the_observation(tmp_path: Path) -> None:
    at = organisation(FLOW, at="SEX")
    section = (
        '<Series FREQ="A" REF_AREA="IR" TIME_PERIOD="2016"><Obs SEX="_T" OBS_VALUE="79926270" OBS_STATUS="A"/></Series>'
    )
    key = values("SeriesKey", FREQ="A", REF_AREA="IR", TIME_PERIOD="2016")
    generic_section = f"<g:Series>{key}{GENERIC_OBS.replace('2016', '_T')}</g:Series>"
    assert load(tmp_path, message(data_set(section), structures=at)).rows == [ROW]
    assert load(tmp_path, generic(generic_section, at="SEX")).rows == [ROW]


def test_series_and_single_observations_may_stand_side_by_side(tmp_path: Path) -> None:
    single = '<Obs FREQ="M" REF_AREA="IR" SEX="F" TIME_PERIOD="2016-01" OBS_VALUE="1" OBS_STATUS="A"/>'
    rows = load(tmp_path, message(data_set(single, series(OBS), single.replace("-01", "-02")))).rows
    assert [(r["FREQ"], r["SEX"], r["TIME_PERIOD"]) for r in rows] == [
        ("M", "F", "2016-01"),
        ("A", "_T", "2016"),
        ("M", "F", "2016-02"),
    ]


def test_a_message_without_prefixes(tmp_path: Path) -> None:
    text = (
        f'<StructureSpecificData xmlns="{BASE}v3_0/message"><Header><Structure structureID="S"'
        f' dimensionAtObservation="TIME_PERIOD"><Structure xmlns="{BASE}v3_0/common">'
        f"{URN}DataStructure=SCI:DSD_T(1.0.0)</Structure></Structure></Header>"
        f'<DataSet structureRef="S">{series(OBS)}</DataSet></StructureSpecificData>'
    )
    assert load(tmp_path, text).rows == [ROW]


def test_comments_instructions_annotations_and_footers_are_passed_over(tmp_path: Path) -> None:
    notes = (
        "<c:Annotations><c:Annotation><c:AnnotationTitle>Obs</c:AnnotationTitle><Obs/></c:Annotation></c:Annotations>"
    )
    inside = f"<!-- {OBS} --><?do {OBS}?>{notes}"
    text = message(data_set(notes, series(inside, OBS.replace("/>", f">{notes}</Obs>")))).replace(
        "<m:Header>", "<!-- h --><m:Header>"
    )
    footer = '<f:Footer xmlns:f="urn:f"><f:Message code="100"><c:Text>DataSet</c:Text></f:Message></f:Footer>'
    assert load(tmp_path, text.replace("</m:DataSet>", f"</m:DataSet>{footer}")).rows == [ROW]


ENCODED = {
    "utf-16": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-8-sig": "UTF-8",
    "cp1256": "windows-1256",
    "latin-1": "ISO-8859-1",
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    note = "ایران" if encoding != "latin-1" else "café"
    text = message(data_set(series(OBS.replace("/>", f' COMMENT_OBS="{note}"/>'))))
    text = text.replace("UTF-8", ENCODED[encoding]).replace("ی", "ي")
    data = text.encode(encoding)
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    [row] = load(tmp_path, mark + data).rows
    assert row["COMMENT_OBS"] == canonical({"en": note.replace("ی", "ي")})


def test_attributes_go_to_their_level(tmp_path: Path) -> None:
    texts = '<c:Text>SCI</c:Text><c:Text xml:lang="fa">مرکز آمار</c:Text>'
    atts = f'<Atts><Comp id="SOURCE"><Value>{texts}</Value></Comp></Atts>'
    group = '<Group xsi:type="ns:Area" REF_AREA="IR" TITLE="Iran"/>'
    tagged = OBS.replace(
        "/>",
        '><Comp id="TAGS"><Value>X</Value><Value>Y</Value></Comp><Comp id="COMMENT_OBS"><Value><c:Text xml:lang="fa">'
        "نمونه</c:Text></Value></Comp></Obs>",
    )
    loaded = load(tmp_path, message(data_set(atts, group, series(tagged, key=SERIES_KEY + ' UNIT_MEASURE="PS"'))))
    assert loaded.rows == [ROW | {"COMMENT_OBS": '{"fa":"نمونه"}', "TAGS": '["X","Y"]'}]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR", "TITLE": "Iran"}]
    assert loaded.group() == [{"SOURCE": '{"en":"SCI","fa":"مرکز آمار"}'}]


def test_generic_attributes_go_to_their_level(tmp_path: Path) -> None:
    group = f"<g:Group type='Area'>{values('GroupKey', REF_AREA='IR')}{values('Attributes', TITLE='Iran')}</g:Group>"
    whole = f"<g:Series>{KEY}{values('Attributes', UNIT_MEASURE='PS')}{GENERIC_OBS}</g:Series>"
    loaded = load(tmp_path, generic(values("Attributes", SOURCE="SCI"), group, whole))
    assert loaded.rows == [ROW]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR", "TITLE": "Iran"}]
    assert loaded.group() == [{"SOURCE": '{"en":"SCI"}'}]


def test_an_attribute_of_the_data_set_may_stand_on_its_element(tmp_path: Path) -> None:
    assert load(tmp_path, message(data_set(series(OBS), more='SOURCE="SCI"'))).group() == [{"SOURCE": '{"en":"SCI"}'}]


def test_a_series_without_observations_keeps_its_attributes(tmp_path: Path) -> None:
    loaded = load(tmp_path, message(data_set(series(key=SERIES_KEY + ' UNIT_MEASURE="PS"'))))
    assert loaded.rows == []
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]


def test_series_keys_and_groups_that_carry_nothing_are_nothing(tmp_path: Path) -> None:
    loaded = load(tmp_path, message(data_set("<Group REF_AREA='IR'/>", series())))
    assert (loaded.actions, loaded.counts.rows) == ([], 0)


def test_a_comp_of_the_series_may_follow_its_observations(tmp_path: Path) -> None:
    unit = '<Comp id="UNIT_MEASURE"><Value>PS</Value></Comp>'
    loaded = load(tmp_path, message(data_set(series(OBS, unit))))
    assert loaded.rows == [ROW]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]


@pytest.mark.parametrize(
    ("day", "found"), [("--01-01", []), ("--07-01", [("column-unknown", 4, "REPORTING_YEAR_START_DAY", None)])]
)
def test_the_start_of_the_reporting_year(tmp_path: Path, day: str, found: list[object]) -> None:
    text = message(data_set(series(OBS), more=f'REPORTING_YEAR_START_DAY="{day}"'))
    if found:
        assert refused(tmp_path, text) == found
    else:
        assert load(tmp_path, text).rows == [ROW]
