"""SDMX-ML data messages of 2.1, 3.0 and 3.1: forms, levels, actions, encodings; each finding with its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from support.loading import SERIES, Loaded, places, structure

from sdmx_server.batches import canonical
from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.common import Annotation
from sdmx_server.model.datastructure import Attribute, AttributeRelationship
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage

BASE = "http://www.sdmx.org/resources/sdmxml/schemas/"
URN = "urn:sdmx:org.sdmx.infomodel.datastructure."
FLOW = f"<c:StructureUsage>{URN}Dataflow=SCI:T(1.0.0)</c:StructureUsage>"
REF = '<c:Structure><Ref agencyID="SCI" id="DSD_T" version="1.0.0"/></c:Structure>'
SERIES_KEY = 'FREQ="A" REF_AREA="IR" SEX="_T"'
OBS = '<Obs TIME_PERIOD="2016" OBS_VALUE="79926270" OBS_STATUS="A"/>'
ROW = {"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016", "OBS_VALUE": 79926270.0, "OBS_STATUS": "A"}


def message(
    *sets: str, version: str = "3.1", kind: str = "StructureSpecificData", structures: str = "", header: str = ""
) -> str:
    """A message around data sets. The header stands on line 3, the first data set on line 4."""
    v = "v" + version.replace(".", "_")
    refers = structures or organisation(FLOW if version > "3" else REF)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<m:{kind} xmlns:m="{BASE}{v}/message" xmlns:c="{BASE}{v}/common"'
        f' xmlns:g="{BASE}{v}/data/generic" xmlns:ss="{BASE}{v}/data/structurespecific" xmlns:ns="urn:any"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"<m:Header><m:ID>M1</m:ID><m:Sender id='X'/>{refers}{header}</m:Header>\n"
        + "\n".join(sets)
        + f"\n</m:{kind}>\n"
    )


def organisation(refers: str, name: str = "S", at: str = "TIME_PERIOD", more: str = "") -> str:
    return f'<m:Structure structureID="{name}" dimensionAtObservation="{at}" {more}>{refers}</m:Structure>'


def data_set(*content: str, action: str = "", more: str = "", ref: str = "S") -> str:
    act = f' ss:action="{action}"' if action else ""
    head = f'<m:DataSet ss:structureRef="{ref}" xsi:type="ns:DataSetType"{act} {more}>'
    return head + "\n" + "\n".join(content) + "\n</m:DataSet>"


def series(*obs: str, key: str = SERIES_KEY) -> str:
    return f"<Series {key}>" + "\n".join(obs) + "</Series>"


def generic(*content: str, kind: str = "GenericData", action: str = "Append", at: str = "TIME_PERIOD") -> str:
    head = f'<m:DataSet structureRef="S" action="{action}">'
    text = head + "\n" + "\n".join(content) + "\n</m:DataSet>"
    return message(text, version="2.1", kind=kind, structures=organisation(REF, at=at))


def values(tag: str, **cells: str) -> str:
    return f"<g:{tag}>" + "".join(f'<g:Value id="{k}" value="{v}"/>' for k, v in cells.items()) + f"</g:{tag}>"


KEY = values("SeriesKey", FREQ="A", REF_AREA="IR", SEX="_T")
GENERIC_OBS = (
    '<g:Obs><g:ObsDimension value="2016"/><g:ObsValue value="79926270"/>'
    '<g:Attributes><g:Value id="OBS_STATUS" value="A"/></g:Attributes></g:Obs>'
)


def load(tmp_path: Path, text: str | bytes, schema: ResolvedStructure | None = None, **more: object) -> Loaded:
    path = tmp_path / "data.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Loaded(FileJob(path=path), schema or structure(), **more)


def refused(tmp_path: Path, text: str | bytes, schema: ResolvedStructure | None = None, **more: object):
    with pytest.raises(Refused) as caught:
        load(tmp_path, text, schema, **more)
    return [place[:1] + place[2:] for place in places(caught.value)]


# ---- forms


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


# ---- levels


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


# ---- values


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


# ---- actions


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


# ---- what the message says about itself


def test_the_structure_must_be_the_one_that_is_loaded(tmp_path: Path) -> None:
    for refers in (
        FLOW.replace(":T(1.0.0)", ":T(1.4.0)"),
        f"<c:Structure>{URN}DataStructure=SCI:DSD_T(1.0.0)</c:Structure>",
    ):
        assert load(tmp_path, message(data_set(series(OBS)), structures=organisation(refers))).rows == [ROW]
    agreed = "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SCI:PA(1.0)"
    provided = organisation(f"<c:ProvisionAgreement>{agreed}</c:ProvisionAgreement>")
    assert load(tmp_path, message(data_set(series(OBS)), structures=provided)).rows == [ROW]
    for name in ("Dataflow SCI:T(2.0.0)", "Dataflow SCI:U(1.0.0)", "Dataflow ECB:T(1.0.0)"):
        refers = FLOW.replace("SCI:T(1.0.0)", name.split()[1])
        text = message(data_set(series(OBS)), structures=organisation(refers))
        assert refused(tmp_path, text) == [("structure-wrong", 3, None, name)]


def test_a_data_set_refers_to_the_header(tmp_path: Path) -> None:
    two = organisation(FLOW, name="A", at="SEX") + organisation(FLOW, name="B")
    assert load(tmp_path, message(data_set(series(OBS), ref="B"), structures=two)).rows == [ROW]
    assert refused(tmp_path, message(data_set(ref="C"), structures=two)) == [("xml-structure-missing", 4, None, "C")]
    nothing = organisation("")
    assert refused(tmp_path, message(data_set(), structures=nothing)) == [("xml-structure-missing", 4, None, "S")]
    bad = organisation("<c:Structure>urn:sdmx:nonsense</c:Structure>")
    assert refused(tmp_path, message(data_set(), structures=bad)) == [("xml-reference", 3, None, "urn:sdmx:nonsense")]


WRONG = {
    "action": (message(data_set(action="Burn")), ("xml-action", 4, None, "Burn")),
    "component": (
        message(data_set(series(OBS, OBS.replace("STATUS", "STATE")))),
        ("column-unknown", 6, "OBS_STATE", None),
    ),
    "comp": (message(data_set(series(OBS[:-2] + '><Comp id="X"/></Obs>'))), ("column-unknown", 5, "X", None)),
    "element": (message(data_set(series(OBS), "<Observation/>")), ("xml-element", 6, None, "Observation")),
    "nested": (message(data_set(series(series(OBS)))), ("xml-element", 5, None, "Series")),
    "structured": (
        message(data_set(series(OBS[:-2] + '><Comp id="TAGS"><Value><c:StructuredText/></Value></Comp></Obs>'))),
        ("xml-element", 5, None, "StructuredText"),
    ),
    "language": (
        message(data_set('<Atts><Comp id="SOURCE"><Value><c:Text>a</c:Text><c:Text>b</c:Text></Value></Comp></Atts>')),
        ("xml-twice", 5, "SOURCE", "en"),
    ),
    "twice": (
        message(data_set(series(OBS[:-2] + ' TAGS="X"><Comp id="TAGS"><Value>Y</Value></Comp></Obs>'))),
        ("xml-twice", 5, None, "TAGS"),
    ),
    "generic twice": (
        generic(f"<g:Series>{values('SeriesKey', FREQ='A')}{values('Attributes', FREQ='M')}</g:Series>"),
        ("xml-twice", 5, None, "FREQ"),
    ),
    "generic without value": (
        generic('<g:Attributes><g:Value id="SOURCE"/></g:Attributes>'),
        ("xml-incomplete", 5, None, "SOURCE"),
    ),
    "generic value out of place": (generic('<g:Value id="SOURCE" value="x"/>'), ("xml-element", 5, None, "Value")),
    "code": (message(data_set(series(OBS.replace('"A"', '"Z"')))), ("code-unknown", 5, "OBS_STATUS", "Z")),
    "number": (message(data_set(series(OBS.replace("79926270", "many")))), ("type-wrong", 5, "OBS_VALUE", "many")),
    "dimension": (message(data_set(series(OBS, key='FREQ="A" REF_AREA="IR"'))), ("dimension-missing", 5, "SEX", None)),
    "duplicate": (message(data_set(series(OBS, OBS))), ("duplicate-key", 6, None, "A.IR._T.2016")),
    "syntax": (message(data_set(series(OBS, "<Obs></Series>"))), ("xml-syntax", 6, None, None)),
    "entity": (message(data_set(series(OBS, "&nbsp;"))), ("xml-syntax", 6, None, None)),
    "doctype": (
        message(data_set(series(OBS))).replace("?>", "?>\n<!DOCTYPE x SYSTEM 'file:///etc/passwd'>", 1),
        ("xml-doctype", 2, None, None),
    ),
    "truncated": (message(data_set(series(OBS, OBS)))[:-60], ("xml-truncated", 6, None, None)),
    "declared encoding": (message().replace("UTF-8", "klingon"), ("xml-encoding", 1, None, None)),
    "structure message": (f'<m:Structure xmlns:m="{BASE}v3_0/message"/>', ("xml-message-kind", 1, None, "Structure")),
    "metadata": (
        f'<m:GenericMetadata xmlns:m="{BASE}v2_1/message"/>',
        ("xml-message-kind", 1, None, "GenericMetadata"),
    ),
    "2.0": (
        '<CompactData xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>',
        ("xml-version", 1, None, "2.0"),
    ),
    "page": ("<html><body/></html>", ("xml-not-sdmx", 1, None, "html")),
    "error": (
        f'<m:Error xmlns:m="{BASE}v2_1/message" xmlns:c="{BASE}v2_1/common"><m:ErrorMessage code="100">'
        "\n<c:Text>No Results Found</c:Text></m:ErrorMessage></m:Error>",
        ("xml-error-message", 2, None, "100: No Results Found"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_is_found_at_its_place(tmp_path: Path, case: str) -> None:
    text, found = WRONG[case]
    assert refused(tmp_path, text) == [found]


# ---- strangers


def test_entity_bombs_do_not_go_off(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    text = message(data_set(series(OBS))).replace("?>", f'?><!DOCTYPE x [<!ENTITY e0 "lol">{bomb}]>', 1)
    assert refused(tmp_path, text.replace("79926270", "&e11;")) == [("xml-doctype", 1, None, None)]


DEEP = "<a>" * 300_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (message(data_set(series(OBS.replace("79926270", "1" * 2_000_000)))), "line-too-long"),
        (message(data_set(series(OBS[:-2] + '><Comp id="TAGS"><Value>' + "x" * 2_000_000))), "line-too-long"),
        (message(header=f"<m:Name>{'x' * 2_000_000}</m:Name>"), "line-too-long"),
        (message(data_set(f"<c:Annotations>{DEEP}")), "xml-depth"),
        (message(header=DEEP), "xml-depth"),
        (message(DEEP), "xml-depth"),
        (message(data_set("<c:Annotations>" + "".join(f"<a{i}/>" for i in range(50_000)))), "xml-names"),
        (message(data_set(series(*(f'<Obs x{i}="1"/>' for i in range(6_000))))), "too-many-columns"),
    ],
    ids=["attribute", "value", "header text", "deep annotations", "deep header", "deep message", "names", "columns"],
)
def test_what_is_kept_is_bounded(tmp_path: Path, text: str, code: str) -> None:
    assert [found[0] for found in refused(tmp_path, text)] == [code]


def test_files_that_are_no_message(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        Loaded(FileJob(path=tmp_path / "nothing.xml", loader="sdmx-ml"), structure())
    assert places(caught.value)[0][0] == "file-missing"
    (tmp_path / "empty.xml").write_bytes(b"")
    with pytest.raises(Refused) as caught:
        Loaded(FileJob(path=tmp_path / "empty.xml", loader="sdmx-ml"), structure())
    assert places(caught.value) == [("xml-empty", "empty.xml", None, None, None)]
    assert refused(tmp_path, message(data_set(series(OBS))), limits=Limits(file_bytes=100))[0][0] == "file-too-large"


@pytest.mark.parametrize("block", [1, 700, 50_000])
def test_batches_are_cut_anywhere(tmp_path: Path, block: int) -> None:
    """However little is read at a time, no row loses a cell, its series or its line."""
    comp = '<Comp id="TAGS"><Value>X</Value></Comp>'
    made = [
        series(*(OBS.replace("2016", str(1900 + y)).replace("/>", f">{comp}</Obs>") for y in range(90)), key=key)
        for key in (
            f'FREQ="A" REF_AREA="{area}" SEX="{sex}" UNIT_MEASURE="PS"' for area in ("IR", "IR-00") for sex in "MF"
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sdmx_loaders.sdmx_ml.stream._CHUNK", 97)
        loaded = load(tmp_path, message(data_set(*made)), limits=Limits(block_bytes=block))
    assert loaded.counts.rows == len(loaded.rows) == 360
    assert {(r["REF_AREA"], r["SEX"], r["TAGS"], r["OBS_VALUE"]) for r in loaded.rows} == {
        (area, sex, '["X"]', 79926270.0) for area in ("IR", "IR-00") for sex in "MF"
    }
    assert len(loaded.group(*SERIES)) == 4
