"""SDMX-ML data messages: values of every kind, and the actions of header and data sets."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from support.loading import SERIES, structure
from support.sdmx_ml import (
    GENERIC_OBS,
    KEY,
    OBS,
    REF,
    ROW,
    SERIES_KEY,
    data_set,
    generic,
    load,
    message,
    organisation,
    refused,
    series,
)

from sdmx_server.batches import canonical
from sdmx_server.model.common import Annotation
from sdmx_server.model.datastructure import Attribute, AttributeRelationship
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, Storage


def test_intentionally_missing_values(tmp_path: Path) -> None:
    missing = '<Comp id="TAGS"><Value>#N/A</Value></Comp>'
    obs = OBS.replace("79926270", "NaN").replace("/>", f' COMMENT_OBS="#N/A">{missing}</Obs>')
    [row] = load(tmp_path, message(data_set(series(obs)))).rows
    assert (row["OBS_VALUE?"], row["COMMENT_OBS?"], row["TAGS?"]) == (2, 2, 2)
    whole = structure(measure={"storage": Storage.INTEGER, "text_format": TextFormat(text_type="Integer")})
    [row] = load(tmp_path, message(data_set(series(OBS.replace("79926270", "NaN")))), whole).rows
    assert (row["OBS_VALUE"], row["OBS_VALUE?"]) == (None, 2)


def test_numbers_may_have_white_space_and_empty_ones_are_absent(tmp_path: Path) -> None:
    empty = OBS.replace("79926270", "").replace("2016", "2011")
    rows = load(tmp_path, message(data_set(series(OBS.replace("79926270", " 7.9e7\n"), empty)))).rows
    assert [r["OBS_VALUE"] for r in rows] == [79000000.0, None]


def test_white_space_in_texts_stays(tmp_path: Path) -> None:
    obs = OBS.replace(
        "/>", '><Comp id="COMMENT_OBS"><Value>\n<c:Text> a &amp; \n<![CDATA[<b>]]> </c:Text>\n</Value></Comp></Obs>'
    )
    [row] = load(tmp_path, message(data_set(series(obs)))).rows
    assert row["COMMENT_OBS"] == canonical({"en": " a & \n<b> "})


def test_several_values_where_one_is_allowed(tmp_path: Path) -> None:
    obs = OBS.replace("/>", '><Comp id="COMMENT_OBS"><Value>a</Value><Value>b</Value></Comp></Obs>')
    assert refused(tmp_path, message(data_set(series("", obs)))) == [("xml-values", 6, "COMMENT_OBS", "{'en': 'b'}")]


def test_the_primary_measure_of_2_1(tmp_path: Path) -> None:
    named = msgspec.structs.replace(
        structure(),
        measures=(
            ResolvedComponent(id="POP", kind=ComponentKind.MEASURE, storage=Storage.INTEGER),
            ResolvedComponent(id="RATE", kind=ComponentKind.MEASURE, storage=Storage.FLOAT),
        ),
    )
    obs = OBS.replace("/>", ' RATE="1.5"/>')
    [row] = load(tmp_path, message(data_set(series(obs)), version="2.1"), named).rows
    assert (row["POP"], row["RATE"]) == (79926270, 1.5)
    rated = GENERIC_OBS.replace("<g:Value", '<g:Value id="RATE" value="1.5"/><g:Value')
    assert load(tmp_path, generic(f"<g:Series>{KEY}{rated}</g:Series>"), named).rows == [row]
    assert refused(tmp_path, message(data_set(series(obs))), named) == [("column-unknown", 5, "OBS_VALUE", None)]


def test_measures_as_types_of_observations(tmp_path: Path) -> None:
    explicit = organisation(REF, at="SEX", more='explicitMeasures="true"')
    text = message(
        data_set(
            '<Group xsi:type="ns:Area" REF_AREA="IR" TITLE="Iran"/>',
            '<Series FREQ="A" REF_AREA="IR" TIME_PERIOD="2016"><Obs xsi:type="ns:M" OBS_VALUE="1" OBS_STATUS="A"/>',
            '<Obs xsi:type="ns:F" OBS_VALUE="2" OBS_STATUS="A"/></Series>',
        ),
        version="2.1",
        structures=explicit,
    )
    loaded = load(tmp_path, text)
    assert [(r["SEX"], r["OBS_VALUE"]) for r in loaded.rows] == [("M", 1.0), ("F", 2.0)]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR", "TITLE": "Iran"}]


def test_computed_attributes_are_left_aside(tmp_path: Path) -> None:
    schema = structure()
    note = Annotation(type="sdmx-server:computed", title="solar-hijri")
    label = Attribute(
        id="TIME_LABEL", annotations=(note,), relationship=AttributeRelationship(dimensions=("TIME_PERIOD",))
    )
    owner = msgspec.structs.replace(schema.structure, attributes=(label,))
    obs = OBS.replace("/>", ' TIME_LABEL="1395"/>')
    assert load(tmp_path, message(data_set(series(obs))), msgspec.structs.replace(schema, structure=owner)).rows == [
        ROW
    ]


@pytest.mark.parametrize(
    ("action", "done"), [("Append", "Merge"), ("Information", "Merge"), ("Merge", "Merge"), ("Replace", "Replace")]
)
def test_actions_of_header_and_data_set(tmp_path: Path, action: str, done: str) -> None:
    assert load(tmp_path, message(data_set(series(OBS), action=action))).actions == [done]
    header = f"<m:DataSetAction>{action}</m:DataSetAction>"
    assert load(tmp_path, message(data_set(series(OBS)), header=header)).actions == [done]
    assert load(tmp_path, message(data_set(series(OBS), action="Merge"), header=header)).actions == ["Merge"]


def test_several_data_sets_keep_their_order(tmp_path: Path) -> None:
    other = OBS.replace("2016", "2011")
    loaded = load(
        tmp_path,
        message(
            data_set(series(), action="Delete"),
            data_set(series(OBS), action="Replace"),
            data_set(series(other), action="Replace"),
            data_set(series(OBS.replace(' OBS_VALUE="79926270"', "")), action="Delete"),
        ),
    )
    assert loaded.actions == ["Delete", "Replace", "Delete"]
    first, both, last = loaded.deltas
    assert first.observations is not None
    assert first.observations.rows(named=True) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": None}]
    assert both.observations is not None
    assert both.observations["TIME_PERIOD"].to_list() == ["2016", "2011"]
    assert last.observations is not None
    assert (
        last.observations.rows(named=True) == [ROW | {"OBS_VALUE": None}]
        or "OBS_VALUE" not in last.observations.columns
    )


def test_what_a_deletion_names(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        message(
            data_set(
                '<Group REF_AREA="IR"/>',
                series('<Obs TIME_PERIOD="2016"/>', key=SERIES_KEY + ' UNIT_MEASURE="PS"'),
                action="Delete",
                more='SOURCE="x"',
            )
        ),
    )
    [delta] = loaded.deltas
    assert delta.observations is not None
    assert delta.observations.rows(named=True) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016"}]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]
    assert [g["REF_AREA"] for g in loaded.group("REF_AREA")] == ["IR"]
    assert len(loaded.group()) == 1


def test_an_empty_series_deletes_everything_and_an_empty_data_set_nothing(tmp_path: Path) -> None:
    [delta] = load(tmp_path, message(data_set("<Series/>", action="Delete"))).deltas
    assert delta.observations is not None
    assert delta.observations.width == 0
    assert refused(tmp_path, message(data_set(action="Delete"))) == [("xml-delete-nothing", 4, None, None)]
