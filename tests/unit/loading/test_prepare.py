"""Recipes at work: mapping, wide tables, periods, missing values, totals and declared checks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.loading import SERIES, load_recipe, places, structure

from sdmx_server.errors import Refused
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.resolved import ResolvedComponent, ResolvedStructure

REAL = Path(os.environ.get("SDMX_REAL_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))

TOP = """
dataflow = "SCI:T(1.0.0)"
missing = ["-"]
[components]
FREQ = "A"
OBS_STATUS = "A"
UNIT_MEASURE = "PS"
SOURCE = { value = { en = "SCI", fa = "مرکز آمار ایران" } }
REF_AREA = { column = "area", match = "name" }
SEX = { column = "sex", map = { "مرد" = "M", "زن" = "F", "مرد و زن" = "_T" } }
TIME_PERIOD = { column = "year", calendar = "solar-hijri" }
OBS_VALUE = { column = "persons" }
[[source]]
file = "a.csv"
loader = "csv"
"""
TABLE = "area,sex,year,persons\nمركزي,مرد,۱۳۹۵,۱۲٬۳۴۵\nMarkazi,زن,1395,-\n"


def refusal(tmp_path: Path, recipe: str, schema: ResolvedStructure | None = None, **sources: str) -> Refused:
    with pytest.raises(Refused) as refused:
        load_recipe(tmp_path, recipe, schema, **sources)
    return refused.value


def test_labels_periods_numbers_and_missing_values(tmp_path: Path) -> None:
    loaded = load_recipe(tmp_path, TOP, structure("TimeRange"), a=TABLE)
    assert loaded.actions == ["Delete", "Replace"]
    assert loaded.deltas[0].observations is not None
    assert loaded.deltas[0].observations.width == 0
    key = {"FREQ": "A", "REF_AREA": "IR-00", "TIME_PERIOD": "2016-03-20/P366D"}
    assert loaded.rows == [
        {**key, "SEX": "M", "OBS_VALUE": 12345.0, "OBS_STATUS": "A"},
        {**key, "SEX": "F", "OBS_VALUE": None, "OBS_STATUS": "O"},
    ]
    assert loaded.group() == [{"SOURCE": '{"en":"SCI","fa":"مرکز آمار ایران"}'}]
    assert len(loaded.group(*SERIES)) == 2


def test_merging_replaces_what_is_now_missing(tmp_path: Path) -> None:
    loaded = load_recipe(tmp_path, 'mode = "merge"\n' + TOP, a=TABLE)
    assert [(d.action.value, d.observations.height) for d in loaded.deltas if d.observations is not None] == [
        ("Replace", 1),
        ("Merge", 1),
    ]
    assert [set(delta.groups) for delta in loaded.deltas] == [set(), {SERIES, ()}]


def test_wide_tables_with_heads_in_several_rows(tmp_path: Path) -> None:
    recipe = (
        TOP
        + """
options = { header_rows = 2, fill_heads = true, separator = ";" }
where = [{ column = "|place", not_equals = "جمع" }]
[source.wide]
keep = ["|place"]
levels = ["year", "gender"]
value = "count"
[source.components]
REF_AREA = { column = "|place", match = "name" }
SEX = { column = "gender", map = { male = "M", female = "F" } }
OBS_VALUE = { column = "count", scale = 1000, drop = [""] }
"""
    )
    table = ";1390;;1395;\nplace;male;female;male;female\nGilan;1;2;3;\nجمع;9;9;9;9\n"
    rows = load_recipe(tmp_path, recipe, a=table).rows
    found = {(r["TIME_PERIOD"], r["SEX"]): r["OBS_VALUE"] for r in rows}
    assert found == {
        ("2011-03-21/P365D", "M"): 1000.0,
        ("2011-03-21/P365D", "F"): 2000.0,
        ("2016-03-20/P366D", "M"): 3000.0,
    }


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('equals = "مركزي"', ["1"]),
        ('equals = ["مرکزی", "GILAN"]', ["1", "2"]),
        ('not_equals = "مرکزی"', ["2", "3"]),
        ('matches = "^G"', ["2"]),
        ('matches = "^$"', ["3"]),
        ('not_matches = "^G"', ["1", "3"]),
        ('matches = ".", not_equals = "Gilan"', ["1"]),
    ],
)
def test_conditions_choose_rows(tmp_path: Path, condition: str, kept: list[str]) -> None:
    recipe = TOP + f"where = [{{ column = 'place', {condition} }}]\n"
    table = "place,area,sex,year,persons\nمرکزی,گیلان,مرد,1391,1\nGilan,گیلان,مرد,1392,2\n,گیلان,مرد,1393,3\n"
    rows = load_recipe(tmp_path, recipe, a=table).rows
    assert [str(int(r["OBS_VALUE"])) for r in rows] == kept


def test_columns_are_joined_padded_extracted_and_mapped_from_files(tmp_path: Path) -> None:
    recipe = (
        TOP
        + """
[source.components]
REF_AREA = { columns = ["area", "zone"], map = "areas" }
SEX = { column = "sex", extract = "^sex:(.)$" }
TIME_PERIOD = { parts = { year = "year", month = "month" }, calendar = "solar-hijri", frequency = "M" }
FREQ = "M"
COMMENT_OBS = { languages = { en = "note", fa = "note_fa" } }
[map_files.areas]
file = "areas.csv"
from = ["area", "zone"]
to = "code"
"""
    )
    table = "area,zone,sex,year,month,persons,note,note_fa\nA,1,sex:M,1402,5,7,seen,دیده\nA,2,sex:F,1402,5,8,,\n"
    rows = load_recipe(tmp_path, recipe, a=table, areas="area,zone,code\na,1,IR-00\na,2,IR-01\n").rows
    assert [(r["REF_AREA"], r["SEX"], r["TIME_PERIOD"], r["COMMENT_OBS"]) for r in rows] == [
        ("IR-00", "M", "2023-07-23/P31D", '{"en":"seen","fa":"دیده"}'),
        ("IR-01", "F", "2023-07-23/P31D", None),
    ]


@pytest.mark.parametrize(
    ("more", "table", "expected"),
    [
        ("", TABLE.replace("زن", "بانو"), [("label-unmapped", "a.csv", 3, "sex", "بانو")]),
        ("", TABLE.replace("Markazi", "Markaz"), [("label-unmapped", "a.csv", 3, "area", "Markaz")]),
        ("", TABLE.replace("Markazi", ""), [("dimension-missing", "a.csv", 3, "REF_AREA", None)]),
        ("", TABLE.replace(",-", ","), [("value-empty", "a.csv", 3, "persons", None)]),
        ("", TABLE.replace(",-", ",۱,۵"), [("ragged-row", "a.csv", 3, None, None)]),
        ("", TABLE.replace(",-", ",=SUM(A1)"), [("type-wrong", "a.csv", 3, "OBS_VALUE", "=SUM(A1)")]),
        ("", TABLE.replace("1395", "1350"), [("period-invalid", "a.csv", 3, "year", "1350")]),
        ("", TABLE.replace("sex,", "gender,"), [("column-missing", "a.csv", None, "sex", None)]),
        ("", TABLE.replace("زن", "مرد"), [("duplicate-key", "a.csv", 3, None, "A.IR-00.M.2016-03-20/P366D")]),
        ("rows = 3", TABLE, [("row-count", "a.csv", None, None, None)]),
        ("options = { seperator = ';' }", TABLE, [("recipe-key", "a.csv", None, None, "seperator")]),
        ("[source.components]\nSEXX = 'M'", TABLE, [("recipe-name", "dataflow.toml", None, None, "SEXX")]),
        (
            "[source.components]\nSEX = { column = 'sex', map = 'x' }",
            TABLE,
            [("recipe-name", "dataflow.toml", None, None, "x")],
        ),
        (
            "[source.components]\nSEX = { column = 'sex', extract = '(x)' }",
            TABLE.replace("زن", "مرد"),
            [("extract-failed", "a.csv", 2, "sex", "مرد")],
        ),
    ],
)
def test_each_finding_names_its_place(
    tmp_path: Path, more: str, table: str, expected: list[tuple[str, str, int, str, str]]
) -> None:
    assert places(refusal(tmp_path, TOP + more, a=table)) == expected


def test_an_unknown_loader_is_named(tmp_path: Path) -> None:
    refused = refusal(tmp_path, TOP.replace('"csv"', '"cvs"'), a=TABLE)
    assert places(refused) == [("recipe-name", "a.csv", None, None, "cvs")]
    assert "did you mean csv?" in refused.problems[0].texts["en"]


def test_a_mandatory_attribute_must_be_there(tmp_path: Path) -> None:
    refused = refusal(
        tmp_path, TOP.replace('OBS_STATUS = "A"\n', "").replace('missing = ["-"]', ""), a=TABLE.replace("-", "1")
    )
    assert places(refused) == [("attribute-missing", "a.csv", None, "OBS_STATUS", None)]


def test_a_name_of_two_codes_is_ambiguous(tmp_path: Path) -> None:
    twin = Code(id="IR-02", names={"fa": "گیلان"})
    schema = structure()
    area = schema.dimensions[1]
    assert isinstance(area.enumeration, Codelist)
    wider = Codelist(agency="SCI", id="CL_AREA", version="1.0.0", items=(*area.enumeration.items, twin))
    changed = ResolvedComponent(id="REF_AREA", kind=area.kind, storage=area.storage, enumeration=wider)
    dimensions = (schema.dimensions[0], changed, schema.dimensions[2])
    ambiguous = ResolvedStructure(
        structure=schema.structure,
        dataflow=schema.dataflow,
        dimensions=dimensions,
        time=schema.time,
        measures=schema.measures,
        attributes=schema.attributes,
    )
    refused = refusal(tmp_path, TOP, ambiguous, a=TABLE.replace("Markazi", "گیلان"))
    assert places(refused) == [("label-ambiguous", "a.csv", 3, "area", "گیلان")]


PLAIN = """
dataflow = "SCI:T(1.0.0)"
[components]
OBS_STATUS = "A"
UNIT_MEASURE = "PS"
[[source]]
file = "a.csv"
loader = "csv"
"""
HEAD = "FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"
DERIVE = """
[[derive]]
dimension = "REF_AREA"
code = "IR"
parts = "children"
attributes = { COMMENT_OBS = { en = "Computed.", fa = "محاسبه‌شده." } }
"""


def test_a_total_is_computed_marked_and_shares_what_its_parts_share(tmp_path: Path) -> None:
    table = HEAD + "A,IR-00,M,2016,1\nA,IR-01,M,2016,2\nA,IR-00,M,2011,1\nA,IR-01,M,2011,2\nA,IR,M,2011,9\n"
    loaded = load_recipe(tmp_path, PLAIN + DERIVE, a=table)
    totals = {r["TIME_PERIOD"]: r for r in loaded.rows if r["REF_AREA"] == "IR"}
    assert totals["2011"]["OBS_VALUE"] == 9.0
    assert totals["2011"]["COMMENT_OBS"] is None
    assert totals["2016"]["OBS_VALUE"] == 3.0
    assert totals["2016"]["OBS_STATUS"] == "A"
    assert totals["2016"]["COMMENT_OBS"] == '{"en":"Computed.","fa":"محاسبه‌شده."}'
    assert {"FREQ": "A", "REF_AREA": "IR", "SEX": "M", "UNIT_MEASURE": "PS"} in loaded.group(*SERIES)


def test_a_total_without_all_its_parts_is_refused_unless_any_will_do(tmp_path: Path) -> None:
    table = HEAD + "A,IR-00,M,2016,1\n"
    assert places(refusal(tmp_path, PLAIN + DERIVE, a=table)) == [
        ("part-missing", "dataflow.toml", None, None, "A.M.2016")
    ]
    loaded = load_recipe(tmp_path, PLAIN + DERIVE + 'require = "any"\n', a=table)
    assert [r["OBS_VALUE"] for r in loaded.rows] == [1.0, 1.0]


TOTAL = '[[check]]\nkind = "total"\ndimension = "SEX"\nwhole = "_T"\nparts = ["M", "F"]\n'
FIGURE = '[[check]]\nkind = "figure"\nname = "all"\nwhere = { SEX = "_T", TIME_PERIOD = "1395" }\nvalue = 10\n'
SEXES = HEAD + "A,IR,_T,2016-03-20/P366D,10\nA,IR,M,2016-03-20/P366D,6\nA,IR,F,2016-03-20/P366D,5\n"


@pytest.mark.parametrize(
    ("check", "table", "expected"),
    [
        (TOTAL, SEXES, ("total-wrong", "A.IR._T.2016-03-20/P366D")),
        (TOTAL, SEXES.replace("A,IR,F,2016-03-20/P366D,5\n", ""), ("part-missing", "A.IR.2016-03-20/P366D")),
        (FIGURE, SEXES.replace(",10", ",11"), ("figure-wrong", "10")),
        (FIGURE, SEXES.replace("2016-03-20/P366D", "2016"), ("figure-none", None)),
        (FIGURE + 'aggregate = "count"\n', SEXES, ("figure-wrong", "10")),
    ],
)
def test_a_declared_check_that_fails_refuses_the_load(
    tmp_path: Path, check: str, table: str, expected: tuple[str, str | None]
) -> None:
    code, value = expected
    assert places(refusal(tmp_path, PLAIN + check, a=table)) == [(code, "dataflow.toml", None, None, value)]


def test_a_tolerance_forgives_rounding(tmp_path: Path) -> None:
    assert load_recipe(tmp_path, PLAIN + TOTAL + "tolerance = 1\n" + FIGURE, a=SEXES).counts.observations == 3


MEAN = '[[check]]\nkind = "mean"\ntolerance = 0.01\n'
MONTHS = HEAD + "".join(f"M,IR,_T,2016-{month:02d},{month}\n" for month in range(1, 13))


def test_the_year_is_the_mean_of_its_months(tmp_path: Path) -> None:
    assert load_recipe(tmp_path, PLAIN + MEAN, a=MONTHS + "A,IR,_T,2016,6.5\n").counts.observations == 13
    assert load_recipe(tmp_path, PLAIN + MEAN, a=MONTHS + "A,IR,_T,2015,7\n").counts.observations == 13
    refused = refusal(tmp_path, PLAIN + MEAN, a=MONTHS + "A,IR,_T,2016,7\n")
    assert places(refused) == [("mean-wrong", "dataflow.toml", None, None, "A.IR._T.2016")]


REAL_CENSUS = """
dataflow = "SCI:T(1.0.0)"
[components]
FREQ = "A"
OBS_STATUS = "A"
REF_AREA = { column = "province_code_sci", map = { "*" = "IR-00" } }
SEX = { column = "sex_fa", map = { "مرد" = "M", "زن" = "F", "مرد و زن" = "_T", "مردوزن" = "_T" } }
TIME_PERIOD = { value = "1395", calendar = "solar-hijri" }
OBS_VALUE = { column = "population" }
[[source]]
file = "census.csv"
loader = "csv"
where = [
  { column = "province_code_sci", equals = "00" },
  { column = "residence_fa", equals = "جمع" },
  { column = "age", equals = "Y0T4" },
]
[[check]]
kind = "total"
dimension = "SEX"
whole = "_T"
parts = ["M", "F"]
[[check]]
kind = "figure"
where = { SEX = "_T", TIME_PERIOD = "1395" }
value = 112779
"""
SAMPLE = """province_code_sci,age,residence_fa,sex_fa,population
00,Y0T4,جمع,زن,54535
00,Y0T4,جمع,مرد,58244
00,Y0T4,جمع,مردوزن,112779
00,Y0T4,غیر ساکن,زن,0
"""
CENSUS = [SAMPLE] + [
    p.read_text(encoding="utf-8") for p in REAL.glob("census/census_1395_province_sex_age_residence.csv")
]


@pytest.mark.parametrize("table", CENSUS, ids=["sample", "whole file"][: len(CENSUS)])
def test_children_of_markazi_in_the_census_of_1395(tmp_path: Path, table: str) -> None:
    loaded = load_recipe(tmp_path, REAL_CENSUS, census=table)
    assert {r["SEX"]: r["OBS_VALUE"] for r in loaded.rows} == {"F": 54535.0, "M": 58244.0, "_T": 112779.0}


SUMMED = """
dataflow = "SCI:T(1.0.0)"
missing = ["-"]
[[source]]
file = "t.csv"
loader = "csv"
sum = true
[source.components]
FREQ = "A"
REF_AREA = { column = "county", extract = "^(..)", prefix = "IR-" }
SEX = "_T"
TIME_PERIOD = "2020"
OBS_VALUE = { column = "persons" }
OBS_STATUS = "A"
"""


def test_rows_of_a_source_are_added_up(tmp_path: Path) -> None:
    found = load_recipe(tmp_path, SUMMED, t="county,persons\n0001,1\n0101,4\n0002,2\n").rows
    assert [(row["REF_AREA"], row["OBS_VALUE"]) for row in found] == [("IR-00", 3), ("IR-01", 4)]


def test_a_part_without_a_value_gives_no_smaller_sum(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_recipe(tmp_path, SUMMED, t="county,persons\n0001,1\n0101,4\n0002,-\n")
    assert places(refused.value) == [("duplicate-key", "t.csv", 4, None, "A.IR-00._T.2020")]


MESSAGE = """STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE
dataflow,SCI:T(1.0.0),M,~,IR-00,~,~,,,Markazi
dataflow,SCI:T(1.0.0),M,A,IR-00,_T,2016,1429475,A,
"""
OF_MESSAGE = 'dataflow = "SCI:T(1.0.0)"\nmode = "merge"\n[[source]]\nfile = "a.csv"\nloader = "sdmx-csv"\n'


def test_a_recipe_maps_the_observations_of_a_message(tmp_path: Path) -> None:
    """What is said of several observations is refused, and the way out that the finding names works."""
    refused = refusal(tmp_path, OF_MESSAGE, a=MESSAGE)
    assert places(refused) == [("partial-key", "a.csv", 2, "FREQ", "~")]
    left_out = 'where = [{ column = "FREQ", not_equals = "~" }]\n[source.components]\nTITLE = "Markazi"\n'
    loaded = load_recipe(tmp_path, OF_MESSAGE + left_out, a=MESSAGE)
    assert [(r["REF_AREA"], r["TIME_PERIOD"], r["OBS_VALUE"]) for r in loaded.rows] == [("IR-00", "2016", 1429475.0)]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR-00", "TITLE": "Markazi"}]
