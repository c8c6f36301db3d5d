"""SDMX-CSV 2.0 and 2.1: heads, actions, levels, several values and languages; each finding with its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmx_loaders.sdmx_csv import SdmxCsvLoader
from support.loading import SERIES, Loaded, load_csv, places, structure

from sdmx_server.batches import canonical
from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.common import Annotation
from sdmx_server.model.constraint import CubeRegion, DataKey, DataKeySet, MemberSelection
from sdmx_server.model.datastructure import DataStructure, TimeDimension
from sdmx_server.model.reference import parse_short
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.resolved import Storage

HEAD = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE"
ROW = "dataflow,SCI:T(1.0.0),M,A,IR,_T,2016,79926270"


def message(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def test_an_ordinary_message_becomes_typed_observations(tmp_path: Path) -> None:
    loaded = load_csv(tmp_path, message(ROW))
    assert loaded.actions == ["Merge"]
    assert loaded.rows == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "TIME_PERIOD": "2016", "OBS_VALUE": 79926270.0}]
    assert (loaded.counts.rows, loaded.counts.observations) == (1, 1)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_is_read_from_the_head(tmp_path: Path, separator: str) -> None:
    assert load_csv(tmp_path, message(ROW).replace(",", separator)).rows == load_csv(tmp_path, message(ROW)).rows


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_byte_order_mark_and_line_ends_do_not_matter(tmp_path: Path, mark: bytes, line_end: bytes) -> None:
    assert len(load_csv(tmp_path, mark + message(ROW).encode().replace(b"\n", line_end)).rows) == 1


@pytest.mark.parametrize("action", ["I", "A", "M"])
def test_information_and_append_are_merge(tmp_path: Path, action: str) -> None:
    assert load_csv(tmp_path, message(ROW.replace(",M,", f",{action},"))).actions == ["Merge"]


@pytest.mark.parametrize("kind", ["DATAFLOW", "Dataflow", "dataprovision"])
def test_the_kind_of_structure_is_read_in_any_case_and_may_be_a_provision_agreement(tmp_path: Path, kind: str) -> None:
    """Eurostat writes DATAFLOW; which agreement it is was looked up before, and the components tell the rest."""
    assert load_csv(tmp_path, message(ROW.replace("dataflow", kind))).rows == load_csv(tmp_path, message(ROW)).rows
    assert load_csv(tmp_path, message(ROW.replace("dataflow", kind), ROW.replace(",_T,", ",M,"))).counts.rows == 2


def test_the_kind_of_structure_that_the_first_row_names_is_found_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(message(ROW.replace("dataflow", "DATAFLOW")), "utf-8")
    assert SdmxCsvLoader().structures(path) == (parse_short("SCI:T(1.0.0)", "Dataflow"),)


def test_without_action_rows_are_merged(tmp_path: Path) -> None:
    text = message(ROW.replace(",M,", ","), head=HEAD.replace(",ACTION", ""))
    assert load_csv(tmp_path, text).actions == ["Merge"]


def test_actions_keep_their_order(tmp_path: Path) -> None:
    head = HEAD + ",OBS_STATUS"
    text = message(
        "dataflow,SCI:T(1.0.0),D,,,,,,",
        ROW.replace(",M,", ",R,") + ",A",
        "dataflow,SCI:T(1.0.0),D,A,IR,,,-,",
        "dataflow,SCI:T(1.0.0),M,A,IR,M,2016,1,",
        head=head,
    )
    loaded = load_csv(tmp_path, text)
    assert loaded.actions == ["Delete", "Replace", "Delete", "Merge"]
    everything, _, some, _ = loaded.deltas
    assert everything.observations is not None
    assert everything.observations.width == 0
    assert some.observations is not None
    [row] = some.observations.rows(named=True)
    assert (row["REF_AREA"], row["SEX"], row["OBS_VALUE"], row["OBS_STATUS"]) == ("IR", None, 1.0, None)


def test_attributes_go_to_their_level(tmp_path: Path) -> None:
    head = "STRUCTURE[;]" + HEAD[9:] + ",OBS_STATUS,UNIT_MEASURE,TITLE,SOURCE[en;fa],COMMENT_OBS[en;fa],TAGS[]"
    text = message(
        ROW + ",A,PS,Iran,en:SCI;fa:مرکز آمار,en:a;fa:ب,X;Y",
        ROW.replace("2016", "2011").replace("79926270", "75149669") + ",A,PS,Iran,en:SCI;fa:مرکز آمار,,",
        head=head,
    )
    loaded = load_csv(tmp_path, text)
    assert [r["TAGS"] for r in loaded.rows] == ['["X","Y"]', None]
    assert loaded.rows[0]["COMMENT_OBS"] == '{"en":"a","fa":"ب"}'
    assert "UNIT_MEASURE" not in loaded.rows[0]
    assert loaded.group(*SERIES) == [{"FREQ": "A", "REF_AREA": "IR", "SEX": "_T", "UNIT_MEASURE": "PS"}]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR", "TITLE": "Iran"}]
    assert loaded.group() == [{"SOURCE": '{"en":"SCI","fa":"مرکز آمار"}'}]


def test_a_sub_separator_within_a_text_survives(tmp_path: Path) -> None:
    head = "STRUCTURE[;]" + HEAD[9:] + ",COMMENT_OBS[en;fa]"
    loaded = load_csv(
        tmp_path, message(ROW + ",en:one; two;fa:سه", ROW.replace("2016", "2011") + ',"en:a\nb"', head=head)
    )
    assert [r["COMMENT_OBS"] for r in loaded.rows] == ['{"en":"one; two","fa":"سه"}', '{"en":"a\\nb"}']


LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXTS = st.text(LETTERS, max_size=6) | st.sampled_from(["a;b", 'x"y', "\\", "en:", "$1"])


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["en", "fa"]), TEXTS, min_size=1), min_size=1, max_size=8))
def test_texts_in_languages_come_back(tmp_path_factory: pytest.TempPathFactory, values: list[dict[str, str]]) -> None:
    rows = []
    for year, value in enumerate(values, 1800):
        pieces = [f"{tag}:{text}" for tag, text in value.items()]
        cell = ";".join('"' + p.replace('"', '""') + '"' if ";" in p else p for p in pieces)
        rows.append(ROW.replace("2016", str(year)) + ',"' + cell.replace('"', '""') + '"')
    head = "STRUCTURE[;]" + HEAD[9:] + ",COMMENT_OBS[fa;en]"
    loaded = load_csv(tmp_path_factory.getbasetemp(), message(*rows, head=head))
    assert [r["COMMENT_OBS"] for r in loaded.rows] == [canonical(value) for value in values]


def test_a_partial_key_carries_attributes_of_its_level(tmp_path: Path) -> None:
    head = HEAD + ",TITLE"
    loaded = load_csv(tmp_path, message("dataflow,SCI:T(1.0.0),M,~,IR,~,~,,Iran", head=head))
    assert loaded.rows == []
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR", "TITLE": "Iran"}]


def test_labels_names_keys_and_computed_columns_are_left_aside(tmp_path: Path) -> None:
    both = message(
        "dataflow,SCI:T(1.0.0): Test,M,A.IR._T,A: Annual,IR: Iran,_T: Total,2016: 2016,1,2026-11-22",
        head="STRUCTURE,STRUCTURE_ID,ACTION,SERIES_KEY,FREQ: F,REF_AREA: A,SEX: S,TIME_PERIOD: T,OBS_VALUE: V,UPDATED",
    )
    name = message(
        "dataflow,SCI:T(1.0.0),Test,M,A,Annual,IR,Iran,_T,Total,2016,2016,1,",
        head="STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,F,REF_AREA,Area,SEX,S,TIME_PERIOD,T,OBS_VALUE,V",
    )
    assert load_csv(tmp_path, both).rows == load_csv(tmp_path, name).rows


def test_intentionally_missing_values_have_a_presence(tmp_path: Path) -> None:
    head = HEAD + ",OBS_STATUS"
    text = message(ROW.replace("79926270", "NaN") + ",A", ROW.replace("2016", "2011") + ",#N/A", head=head)
    rows = load_csv(tmp_path, text).rows
    assert [(r["OBS_VALUE"], r["OBS_VALUE?"]) for r in rows] == [(None, 2), (79926270.0, 1)]
    assert [(r["OBS_STATUS"], r["OBS_STATUS?"]) for r in rows] == [("A", 1), (None, 2)]


def test_integers_above_two_to_53_stay_exact(tmp_path: Path) -> None:
    whole = structure(measure={"storage": Storage.INTEGER, "text_format": TextFormat(text_type="BigInteger")})
    assert (
        load_csv(tmp_path, message(ROW.replace("79926270", "9007199254740993")), whole).rows[0]["OBS_VALUE"]
        == 2**53 + 1
    )


def test_a_comma_may_be_the_decimal_mark_when_declared(tmp_path: Path) -> None:
    text = message(ROW).replace(",", ";").replace("79926270", "1,5")
    assert load_csv(tmp_path, text, decimal=",").rows[0]["OBS_VALUE"] == 1.5
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, text)
    assert places(refused.value) == [("type-wrong", "data.csv", 2, "OBS_VALUE", "1,5")]


REGION = CubeRegion(keys=(MemberSelection(id="SEX", values=(MemberValue(value="_T"),)),))
KEYS = DataKeySet(
    is_included=False,
    keys=(
        DataKey(
            keys=(
                MemberSelection(id="REF_AREA", values=(MemberValue(value="IR"),)),
                MemberSelection(id="SEX", values=(MemberValue(value="M"),)),
            )
        ),
    ),
)


@pytest.mark.parametrize(
    ("rows", "head", "more", "expected"),
    [
        ([ROW.replace(",IR,", ",IQ,")], HEAD, {}, ("code-unknown", 2, "REF_AREA", "IQ")),
        ([ROW, ROW.replace(",_T,", ",,")], HEAD, {}, ("dimension-missing", 3, "SEX", None)),
        ([ROW.replace("79926270", "many")], HEAD, {}, ("type-wrong", 2, "OBS_VALUE", "many")),
        ([ROW.replace("79926270", "=1+1")], HEAD, {}, ("type-wrong", 2, "OBS_VALUE", "=1+1")),
        ([ROW, ROW], HEAD, {}, ("duplicate-key", 3, None, "A.IR._T.2016")),
        ([ROW.replace("2016", "2016-13")], HEAD, {}, ("period-invalid", 2, "TIME_PERIOD", "2016-13")),
        ([ROW.replace("2016", "۲۰۱۶")], HEAD, {}, ("period-invalid", 2, "TIME_PERIOD", "۲۰۱۶")),
        ([ROW.replace("2016", "1402")], HEAD, {}, ("period-calendar", 2, "TIME_PERIOD", "1402")),
        ([ROW.replace("2016", "1402")], HEAD, {"time_type": "TimeRange"}, ("period-shape", 2, "TIME_PERIOD", "1402")),
        ([ROW, ROW.replace("_T", "M")], HEAD, {"cube_regions": (REGION,)}, ("constraint", 3, "SEX", "M")),
        ([ROW, ROW.replace("_T", "M")], HEAD, {"key_sets": (KEYS,)}, ("constraint", 3, "key", "A.IR.M.2016")),
        ([ROW + ",Tehran and its land"], HEAD + ",TITLE", {}, ("facet", 2, "TITLE", "Tehran and its land")),
        ([ROW + ",tehran"], HEAD + ",TITLE", {}, ("facet", 2, "TITLE", "tehran")),
        ([ROW + ",A\x07"], HEAD + ",TITLE", {}, ("control-character", 2, "TITLE", "A\x07")),
        ([ROW + ",X;Y;Z"], "STRUCTURE[;]" + HEAD[9:] + ",TAGS[]", {}, ("occurrences", 2, "TAGS", '["X","Y","Z"]')),
        (
            [ROW + ",just text"],
            "STRUCTURE[;]" + HEAD[9:] + ",COMMENT_OBS[en]",
            {},
            ("subfield", 2, "COMMENT_OBS", "just text"),
        ),
        ([ROW + ",-"], "STRUCTURE[;]" + HEAD[9:] + ",COMMENT_OBS[en]", {}, ("type-wrong", 2, "COMMENT_OBS", "-")),
        (
            [ROW + ",PS", ROW.replace("2016", "2011") + ",HH"],
            HEAD + ",UNIT_MEASURE",
            {},
            ("group-conflict", 3, "UNIT_MEASURE", "A.IR._T"),
        ),
        ([ROW.replace(",M,", ",R,")], HEAD, {}, ("attribute-missing", None, "OBS_STATUS", None)),
        ([ROW.replace(",M,", ",X,")], HEAD, {}, ("action-unknown", 2, "ACTION", "X")),
        ([ROW.replace("SCI:T", "SCI:U")], HEAD, {}, ("structure-wrong", 2, "STRUCTURE_ID", "dataflow SCI:U(1.0.0)")),
        (
            [ROW.replace("SCI:T", "SCI:U") + ",1,2"],
            HEAD + ",COLOUR,SHAPE",
            {},
            ("structure-wrong", 2, "STRUCTURE_ID", "dataflow SCI:U(1.0.0)"),
        ),
        ([ROW + ",1"], HEAD + ",OBS_STATS", {}, ("column-unknown", 1, "OBS_STATS", None)),
        ([ROW + ",1"], HEAD + ",OBS_VALUE", {}, ("column-twice", 1, "OBS_VALUE", None)),
        (
            [ROW],
            HEAD.replace("STRUCTURE,", "FLOW,"),
            {},
            ("not-sdmx-csv", 1, None, HEAD.replace("STRUCTURE,", "FLOW,")),
        ),
        ([ROW + ",5"], HEAD, {}, ("ragged-row", 2, None, None)),
        ([ROW, "", ROW.replace("2016", '"2011')], HEAD, {}, ("truncated-quote", 4, None, None)),
        ([ROW.replace("IR", 'I"R"')], HEAD, {}, ("code-unknown", 2, "REF_AREA", 'I"R"')),
        ([ROW.replace("IR", '"I"R')], HEAD, {}, ("malformed-quote", 2, None, None)),
        ([ROW, ROW.replace("IR", "I\0R")], HEAD, {}, ("nul-byte", 3, None, None)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_each_finding_names_its_place(
    tmp_path: Path, rows: list[str], head: str, more: dict[str, object], expected: tuple[str, int, str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, message(*rows, head=head), structure(**more))
    code, *place = expected
    assert places(refused.value) == [(code, "data.csv", *place)]


def test_a_solar_hijri_structure_takes_exact_solar_hijri_periods_only(tmp_path: Path) -> None:
    calendar = Annotation(type="sdmx-server:calendar", title="solar-hijri")
    time = TimeDimension(id="TIME_PERIOD", annotations=(calendar,))
    declared = DataStructure(agency="SCI", id="DSD_T", version="1.0.0", time_dimension=time)
    schema = msgspec.structs.replace(structure("TimeRange"), structure=declared)
    assert len(load_csv(tmp_path, message(ROW.replace("2016", "2016-03-20/P366D")), schema).rows) == 1
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, message(ROW.replace("2016", "2016-03-20/P365D")), schema)
    assert places(refused.value) == [("period-solar-hijri", "data.csv", 2, "TIME_PERIOD", "2016-03-20/P365D")]


def test_number_facets_are_limits(tmp_path: Path) -> None:
    schema = structure(measure={"text_format": TextFormat(text_type="Double", facets={"minValue": "0"})})
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, message(ROW.replace("79926270", "-1")), schema)
    assert places(refused.value) == [("facet", "data.csv", 2, "OBS_VALUE", "-1")]


def test_many_duplicates_are_counted_exactly(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="1999 findings") as refused:
        load_csv(tmp_path, message(*[ROW] * 2000))
    assert places(refused.value) == [("duplicate-key", "data.csv", 3, None, "A.IR._T.2016")]


def test_actions_that_change_all_the_time_are_refused(tmp_path: Path) -> None:
    rows = [f"dataflow,SCI:T(1.0.0),{'MD'[i % 2]},A,IR,_T,{1800 + i // 2 % 200},1" for i in range(10_002)]
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, message(*rows))
    assert "too-many-actions" in [p.code for p in refused.value.problems]


def test_all_findings_are_collected_and_counted(tmp_path: Path) -> None:
    rows = [f"dataflow,SCI:T(1.0.0),M,A,X{i},_T,2016,1" for i in range(1500)]
    with pytest.raises(Refused, match="1501 findings") as refused:
        load_csv(tmp_path, message(*rows, ROW.replace("79926270", "many")))
    assert len(refused.value.problems) == 1000


def test_the_advice_names_the_nearest_code(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, message(*[ROW.replace(",IR,", ",IR-0,")] * 2))
    [first, _] = refused.value.problems
    assert "did you mean IR-0" in first.texts["en"]
    assert "(in 2 rows)" in first.texts["en"]
    assert "(در 2 سطر)" in first.texts["fa"]


def test_lines_within_quotes_are_counted(tmp_path: Path) -> None:
    head = HEAD + ",COMMENT_OBS"
    text = message(ROW + ',"one\ntwo\nthree"', ROW.replace("IR", "IQ") + ",", head=head)
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, text)
    assert places(refused.value) == [("code-unknown", "data.csv", 5, "REF_AREA", "IQ")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("file-empty", None)),
        (message(ROW).encode("utf-16"), ("encoding", 1)),
        (message(ROW, ROW + "سن").encode("windows-1256"), ("encoding", 3)),
        (message(ROW + "9" * 2_000_000).encode(), ("line-too-long", 2)),
        (message(ROW, '"' + ROW * 50_000).encode(), ("line-too-long", 3)),
    ],
    ids=["empty", "utf-16", "windows-1256", "long line", "unclosed quote"],
)
def test_hostile_bytes_are_findings(tmp_path: Path, data: bytes, expected: tuple[str, int | None]) -> None:
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, data)
    [problem] = refused.value.problems
    assert (problem.code, problem.row) == expected


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Loaded(FileJob(path=tmp_path / "none.csv"), structure())
    assert [p.code for p in refused.value.problems] == ["file-missing"]


def test_blocks_join_without_loss_and_duplicates_are_found_across_them(tmp_path: Path) -> None:
    rows = [f"dataflow,SCI:T(1.0.0),M,A,IR,_T,{1800 + i},{i},PS" for i in range(200)]
    path = tmp_path / "data.csv"
    path.write_text(message(*rows, head=HEAD + ",UNIT_MEASURE"), encoding="utf-8")
    small = Limits(block_bytes=500)
    loaded = Loaded(FileJob(path=path), structure(), limits=small)
    assert [row["OBS_VALUE"] for row in loaded.rows] == [float(i) for i in range(200)]
    assert len(loaded.deltas) > 10
    conflicting = rows[-1].replace("PS", "HH").replace("1999", "1700")
    path.write_text(message(*rows, rows[0], conflicting, head=HEAD + ",UNIT_MEASURE"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        Loaded(FileJob(path=path), structure(), limits=small)
    assert places(refused.value) == [
        ("duplicate-key", "data.csv", 202, None, "A.IR._T.1800"),
        ("group-conflict", "data.csv", 203, "UNIT_MEASURE", "A.IR._T"),
    ]


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    path = tmp_path / "data.csv"
    path.write_text(message(ROW, ROW), encoding="utf-8")
    with pytest.raises(Refused):
        Loaded(FileJob(path=path), structure(), folder=spool)
    path.write_text(message(ROW), encoding="utf-8")
    Loaded(FileJob(path=path), structure(), folder=spool)
    assert list(spool.iterdir()) == []


TAG_HEAD = "STRUCTURE[;]" + HEAD[9:] + ",TAGS[]"


def tags(*values: str, include: bool = True) -> tuple[MemberSelection, ...]:
    return (MemberSelection(id="TAGS", include=include, values=tuple(MemberValue(value=v) for v in values)),)


@pytest.mark.parametrize(
    "allowing",
    [
        {"cube_regions": (CubeRegion(components=tags("X", "Y")),)},
        {"cube_regions": (CubeRegion(components=tags("Z", include=False)),)},
        {"cube_regions": (CubeRegion(components=tags("X", "Y")), CubeRegion(components=tags("Y")))},
        {"cube_regions": (CubeRegion(include=False, components=tags("Z")),)},
        {"key_sets": (DataKeySet(is_included=True, keys=(DataKey(components=tags("X", "Y")),)),)},
        {"key_sets": (DataKeySet(is_included=False, keys=(DataKey(components=tags("Z")),)),)},
    ],
)
def test_each_of_several_values_is_judged_by_the_constraints(tmp_path: Path, allowing: dict[str, object]) -> None:
    allowed = [ROW + ",X;Y", ROW.replace("2016", "2011") + ",X", ROW.replace("2016", "2006") + ","]
    loaded = load_csv(tmp_path, message(*allowed, head=TAG_HEAD), structure(**allowing))
    assert [row["TAGS"] for row in loaded.rows] == ['["X","Y"]', '["X"]', None]
    with pytest.raises(Refused) as refused:
        load_csv(
            tmp_path, message(*allowed, ROW.replace("2016", "1996") + ",X;Z", head=TAG_HEAD), structure(**allowing)
        )
    assert [(place[0], place[2]) for place in places(refused.value)] == [("constraint", 5)]
