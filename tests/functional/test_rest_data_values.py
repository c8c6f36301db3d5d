"""Filters on attributes and measures against a running server: published figures, every operator, every refusal."""

from __future__ import annotations

import pytest
from support.asking import ask, refusal, rows

POP = "/dataflow/SCI/CENSUS_POP/1.0.0"
CPI = "/dataflow/SCI/CPI/1.0.0"
TOTALS = f"{POP}/A.IR._T._T._T?attributes=none"
CENSUSES = {"70495782", "75149669", "79926270"}
"""The population of 1385, 1390 and 1395, as published."""


def figures(base: str, path: str) -> set[str]:
    return {row["OBS_VALUE"] for row in rows(base, path)}


@pytest.mark.proves(
    "v2 data: c=eq", "v2 data: c=ne", "v2 data: c=lt", "v2 data: c=le", "v2 data: c=gt", "v2 data: c=ge",
    "v2 data: c=of a measure", "v2 data: c=with a key", "v2 data: c=A,B", "v2 data: c=ge:A+le:B,ge:C+le:D",
    "v2 data: c=ne:A,B", "v2 data: c=ne:A+B", "v2 data: c=ne:A,ne:B", "v2 data: c=ne:A+ne:B", "v2 data: c=A,B+C",
)  # fmt: skip
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("79926270", {"79926270"}),
        ("eq:79926270.0", {"79926270"}),
        ("eq:7.992627e7", {"79926270"}),
        ("ne:79926270", {"70495782", "75149669"}),
        ("lt:75149669", {"70495782"}),
        ("le:75149669", {"70495782", "75149669"}),
        ("gt:75149669", {"79926270"}),
        ("ge:75149669", {"75149669", "79926270"}),
        ("gt:75149668.5", {"75149669", "79926270"}),
        ("lt:70495782.5", {"70495782"}),
        ("75149668.5", set()),
        ("70495782,79926270", {"70495782", "79926270"}),
        ("70495782,gt:75149668+lt:75149670", {"70495782", "75149669"}),
        ("ge:1+le:70495782,ge:79926270+le:INF", {"70495782", "79926270"}),
        ("ne:70495782,70495782", CENSUSES),
        ("ne:70495782+75149669", {"75149669"}),
        ("ne:70495782,ne:75149669", CENSUSES),
        ("ne:70495782+ne:75149669", {"79926270"}),
        ("ge:70495782%2Ble:70495782", {"70495782"}),
    ],
)
def test_a_measure_compares_as_a_number(live: str, condition: str, expected: set[str]) -> None:
    assert figures(live, f"{TOTALS}&c[OBS_VALUE]={condition}") == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("c[OBS_VALUE]=co:49", {"70495782", "75149669"}),
        ("c[OBS_VALUE]=nc:49", {"79926270"}),
        ("c[OBS_VALUE]=sw:7%2Bew:70", {"79926270"}),
        ("c[OBS_VALUE]=ew:.0", set()),
        ("c[OBS_VALUE]=sw:70,gt:79000000", {"70495782", "79926270"}),
        ("c[OBS_VALUE]=co:of", set()),
        ("c[UNIT_MULT]=sw:0", CENSUSES),  # an attribute of series
        ("c[UNIT_MULT]=nc:0", set()),
        ("c[TIME_PERIOD]=sw:2016", {"79926270"}),
        ("c[TIME_PERIOD]=ew:/P366D", {"79926270"}),
        ("c[TIME_PERIOD]=co:-03-2%2Bge:2011", {"75149669", "79926270"}),
        ("c[TIME_PERIOD]=nc:2016", CENSUSES - {"79926270"}),
        ("c[TIME_PERIOD]=nc:2016&c[OBS_VALUE]=ew:69", {"75149669"}),
    ],
)
def test_operators_on_text_are_about_what_is_printed(live: str, condition: str, expected: set[str]) -> None:
    """The standard restricts no operator to a type: figures and periods are the text that answers have of them."""
    assert figures(live, f"{TOTALS}&{condition}") == expected


@pytest.mark.proves("v2 data: c=of an attribute", "v2 data: c=of several components", "v2 data: c=%5B and %5D")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("c[OBS_STATUS]=A", CENSUSES),  # of the observation, coded
        ("c[OBS_STATUS]=ne:A", set()),
        ("c[OBS_STATUS]=E", set()),
        ("c[CONF_STATUS]=ne:F", CENSUSES),  # none has one
        ("c[CONF_STATUS]=F", set()),
        ("c[UNIT_MEASURE]=PS", CENSUSES),  # of series
        ("c[UNIT_MEASURE]=ne:PS", set()),
        ("c[UNIT_MEASURE]=sw:P%2Bew:S", CENSUSES),
        ("c[UNIT_MULT]=0", CENSUSES),
        ("c[DECIMALS]=0,1", CENSUSES),
        ("c[DECIMALS]=gt:0", set()),
        ("c[SOURCE]=co:population and housing", CENSUSES),  # of the data set, in two languages
        ("c[SOURCE]=co:سرشماری", CENSUSES),
        ("c[SOURCE]=nc:سرشماری", set()),
        ("c[COMMENT_OBS]=co:computed", set()),  # as it is written
        ("c[TIME_LABEL]=1395", {"79926270"}),  # computed from the period
        ("c[TIME_LABEL]=ne:1395", CENSUSES - {"79926270"}),
        ("c[TIME_LABEL]=ge:1390+lt:1395", {"75149669"}),
        ("c[TIME_LABEL]=1395&c[OBS_VALUE]=lt:79926270", set()),
        ("c%5BOBS_STATUS%5D=A&c%5BOBS_VALUE%5D=gt%3A79000000&c[SEX]=_T", {"79926270"}),
    ],
)
def test_an_attribute_of_every_level(live: str, query: str, expected: set[str]) -> None:
    assert figures(live, f"{TOTALS}&{query.replace(' ', '%20')}") == expected


@pytest.mark.proves("v2 data: c=co", "v2 data: c=nc", "v2 data: c=sw", "v2 data: c=ew", "v2 data: c=A+B")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("co:mean of the twelve", "A"), ("nc:mean of the twelve", "MMMMMMMMMMMM"), ("sw:Computed", "A"),
        ("ew:ماه.", "A"), ("sw:Computed+ew:ماه.", "A"), ("sw:Computed+co:sum", ""),
        ("ne:Computed: mean of the twelve months.", "MMMMMMMMMMMM"),
    ],
)  # fmt: skip
def test_texts_in_languages(live: str, condition: str, expected: str) -> None:
    """The yearly index is the mean of twelve months, and says so; the monthly ones have no comment."""
    path = f"{CPI}/*.IR.U._T.N.B1395?c[TIME_PERIOD]=2016-03-20/P366D&attributes=none&c[COMMENT_OBS]="
    found = rows(live, path + condition.replace(" ", "%20"))
    assert "".join(row["FREQ"] for row in found) == expected


def test_filters_cut_what_stands_around_the_data_too(live: str) -> None:
    """Lists of values hold what is in the answer alone; attributes of the data set stay."""
    path = f"/data{POP}?c[OBS_VALUE]=ge:70000000"
    found = ask(live, path, "application/vnd.sdmx.data+json;version=2.1.0").json()["data"]
    dimensions = {d["id"]: [v["id"] for v in d["values"]] for d in found["structures"][0]["dimensions"]["series"]}
    assert dimensions["REF_AREA"] == ["IR"]
    assert dimensions["SEX"] == ["_T"]
    assert found["dataSets"][0]["attributes"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("c[OBS_VALUE]=ge:many", ("c[OBS_VALUE]", "'many'", "10, -2.5 or 1e6")),
        ("c[OBS_VALUE]=1e+5", ("c[OBS_VALUE]", "'1e'", "plus")),
        ("c[NOTHING]=1", ("'NOTHING' is not in the structure", "OBS_VALUE")),
    ],
)
def test_conditions_that_make_no_sense(live: str, query: str, words: tuple[str, ...]) -> None:
    text = refusal(ask(live, f"/data{POP}?{query}"), 422)
    assert all(word in text for word in words)


def test_filters_on_values_hold_for_availability(live: str) -> None:
    path = f"/availability{POP}/A.IR._T._T._T?c[OBS_VALUE]=gt:75000000"
    found = ask(live, path, "application/vnd.sdmx.structure+json;version=2.1.0").text
    assert "2016-03-20" in found
    assert "2011-03-21" in found
    assert "2006-03-21" not in found
    nothing = ask(live, f"/availability{POP}?c[OBS_STATUS]=E")
    assert nothing.status_code == 204


@pytest.mark.proves("v2 data: agencyID=*", "v2 data: resourceID=*", "v2 data: parts omitted at the end")
def test_of_several_structures_those_count_that_have_the_component(live: str) -> None:
    """Households of all censuses have no sex; whoever asks for it everywhere gets the others."""
    found = rows(live, "?c[SEX]=F&c[TIME_PERIOD]=2022&attributes=none")
    assert found == [] or {row["STRUCTURE_ID"] for row in found} <= {"SCI:LFS_POP(1.0.0)"}
    some = rows(live, "/dataflow/*/*?c[SEX]=M&c[AGE]=_T&c[REF_AREA]=IR&attributes=none")
    assert {row["STRUCTURE_ID"] for row in some} >= {"SCI:CENSUS_POP(1.0.0)"}
    assert not any(row["STRUCTURE_ID"] == "SCI:CPI(1.0.0)" for row in some)
    assert "is not in the structure" in refusal(ask(live, "/data/dataflow/*/*?c[NOWHERE]=1"), 422)
