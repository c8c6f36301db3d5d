"""Paths and parameters: defaults, escapes, keywords, and what is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.errors import BadQuery, NotImplementedYet
from sdmx_server.query.data import parse_availability_query, parse_data_query
from sdmx_server.query.keys import key_patterns, parse_keys, print_keys
from sdmx_server.query.parameters import parse_parameters
from sdmx_server.query.paths import (
    ITEM_TYPES,
    STRUCTURE_TYPES,
    ArtefactPath,
    parse_availability_path,
    parse_data_path,
    parse_schema_path,
    parse_structure_path,
)
from sdmx_server.query.structure import Detail, Scope, parse_schema_query, parse_structure_query

PAGE_TYPES = """datastructure metadatastructure categoryscheme conceptscheme codelist hierarchy hierarchyassociation
valuelist agencyscheme dataproviderscheme metadataproviderscheme dataconsumerscheme organisationunitscheme dataflow
metadataflow reportingtaxonomy provisionagreement metadataprovisionagreement structuremap representationmap
conceptschememap categoryschememap organisationschememap reportingtaxonomymap process categorisation dataconstraint
metadataconstraint transformationscheme rulesetscheme userdefinedoperatorscheme customtypescheme
namepersonalisationscheme vtlmappingscheme"""

PAGE_ITEM_TYPES = """categoryscheme conceptscheme codelist agencyscheme dataproviderscheme metadataproviderscheme
dataconsumerscheme organisationunitscheme reportingtaxonomy transformationscheme rulesetscheme
userdefinedoperatorscheme customtypescheme namepersonalisationscheme vtlmappingscheme valuelist"""


def key_of(*codes):
    """The one key of these codes."""
    return (tuple(None if code is None else frozenset({code}) for code in codes),)


def test_the_types_are_those_of_the_standard():
    assert set(STRUCTURE_TYPES) == set(PAGE_TYPES.split())
    assert set(ITEM_TYPES) == set(PAGE_ITEM_TYPES.split())


@pytest.mark.parametrize("tail", ["", "/", "/*", "/*/*", "/*/*/*/~", "/*/*/*/~/*", "/*/*/*/~/*/", "/all", "/ALL/"])
def test_structure_defaults(tail):
    path = parse_structure_path(tail)
    assert set(path.kinds) == set(STRUCTURE_TYPES.values())
    assert (path.agencies, path.ids, str(path.versions), path.items) == (None, None, "~", None)


def test_a_structure_path_with_everything():
    path = parse_structure_path("codelist,valuelist/SCI,BIS.XTD/CL_FREQ,CL_SEX/1.0,2.1%2B.0/A,B.C")
    assert path.kinds == ("Codelist", "ValueList")
    assert path.agencies == {"SCI", "BIS.XTD"}
    assert path.ids == {"CL_FREQ", "CL_SEX"}
    assert str(path.versions) == "1.0,2.1+.0"
    assert path.items == ("A", "B.C")


def test_a_plus_in_a_path_is_a_plus():
    assert str(parse_structure_path("/codelist/SCI/CL_FREQ/+/").versions) == "+"


@pytest.mark.parametrize(
    "tail",
    [
        "/codelists",
        "/Codelist",
        "/hierarchicalcodelist",
        "/codelist//CL_FREQ",
        "/codelist/1SCI",
        "/codelist/SCI/CL FREQ",
        "/codelist/SCI/CL%20FREQ",
        "/codelist/SCI/../CL_FREQ",
        "/codelist/SCI/CL_FREQ/1.0.0/A/B",
        "/codelist/SCI/CL_FREQ/1.+.3",
        "/codelist/SCI/CL_FREQ/latest",
        "/codelist/SCI/CL_FREQ/~/A%2FB",
        "/dataflow/SCI/CPI/~/A",
        "/codelist/%FF",
        "/codelist/SCI/CL_FREQ%00",
        "/codelist/SCI,",
    ],
)
def test_structure_paths_that_are_refused(tail):
    with pytest.raises(BadQuery):
        parse_structure_path(tail)


def test_items_of_value_lists_may_be_any_text():
    assert parse_structure_path("/valuelist/SCI/VL/1.0/%E2%82%AC,%3C5,a%2Fb").items == ("€", "<5", "a/b")


@pytest.mark.parametrize("tail", ["", "/", "/*", "/*/*/*/*/*"])
def test_data_defaults(tail):
    path = parse_data_path(tail)
    assert path.kinds == ("DataStructure", "Dataflow", "ProvisionAgreement")
    assert (path.agencies, path.ids, str(path.versions), path.keys) == (None, None, "*", ())


def test_a_data_path_with_escapes_and_a_trailing_slash():
    path = parse_data_path("/dataflow/SCI%2CBIS/CPI/1.0.0%2C2.0.0/A.%2A.IR%2CM.IX/")
    assert path.agencies == {"SCI", "BIS"}
    assert str(path.versions) == "1.0.0,2.0.0"
    assert path.keys == key_of("A", None, "IR") + key_of("M", "IX")


@pytest.mark.parametrize("tail", ["/codelist", "/metadataflow/A/B", "/dataflow/A/B/1.0/A+B", "/dataflow/A/B/1.0/A/X"])
def test_data_paths_that_are_refused(tail):
    with pytest.raises(BadQuery):
        parse_data_path(tail)


def test_availability_paths():
    path = parse_availability_path("/dataflow/SCI/CPI/1.0.0/A.*/FREQ,TIME_PERIOD")
    assert path.components == ("FREQ", "TIME_PERIOD")
    assert path.keys == key_of("A", None)
    assert parse_availability_path("dataflow/SCI/CPI/").components is None
    assert len(parse_availability_path("/*/SCI/CPI/+/*/*").kinds) == 3
    for tail in ("/codelist", "/dataflow/SCI/CPI/1.0/A/1X"):
        with pytest.raises(BadQuery):
            parse_availability_path(tail)


@pytest.mark.parametrize("tail", ["", "/"])
def test_an_availability_query_without_context_says_how_to_write_one(tail):
    expected = (
        r"names no context; write /availability/CONTEXT/.* one of datastructure, dataflow, provisionagreement, or"
    )
    with pytest.raises(BadQuery, match=expected):
        parse_availability_path(tail)


def test_schema_paths():
    path = parse_schema_path("/dataflow/SCI/CPI/+/")
    assert (path.kinds, path.agencies, path.ids, str(path.versions)) == (("Dataflow",), {"SCI"}, {"CPI"}, "+")
    assert str(parse_schema_path("/datastructure/SCI/CPI").versions) == "~"
    for tail in ("", "/dataflow/SCI", "/*/SCI/CPI", "/dataflow/*/CPI", "/dataflow/SCI/A,B", "/dataflow/SCI/CPI/*"):
        with pytest.raises(BadQuery):
            parse_schema_path(tail)


# ---- keys ---------------------------------------------------------------------------------------------------------

KEY = ("FREQ", "AREA", "ITEM")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", ()),
        ("A", (("A", None, None),)),
        ("A.*.X", (("A", None, "X"),)),
        ("A..X", (("A", None, "X"),)),
        ("A.B,M", (("A", "B", None), ("M", None, None))),
        ("A,A", (("A", None, None),)),
        ("A,*", ()),
        ("*.*.*", ()),
        (".,A", ()),
        ("A*", (("A*", None, None),)),
    ],
)
def test_keys(text, expected):
    found = key_patterns(parse_keys(text), KEY)
    assert found == tuple(position for key in expected for position in key_of(*key))


def test_a_key_with_too_many_parts_names_the_dimensions():
    with pytest.raises(BadQuery, match=r"'A\.B\.C\.D' has 4 parts.*FREQ\.AREA\.ITEM"):
        key_patterns(parse_keys("A.B.C.D"), KEY)


@pytest.mark.parametrize("text", ["A+B", "", "A, B", "A,,B", " "])
def test_keys_that_are_refused(text):
    with pytest.raises(BadQuery):
        parse_keys(text)


codes = st.text("ABC_0-@$", min_size=1, max_size=3).map(lambda code: frozenset({code})) | st.none()
some_keys = st.lists(st.lists(codes, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3, unique=True)


@given(some_keys.filter(lambda keys: (None,) not in keys))
def test_keys_print_and_parse(found):
    assert parse_keys(print_keys(found)) == tuple(found)


# ---- parameters ---------------------------------------------------------------------------------------------------


def test_a_raw_query_is_split_but_filters_stay_raw():
    found = parse_parameters(
        "c%5BFREQ%5D=A%2CM&c[X]=ge:1+le:2&attributes=A%2CB&_x=1&utm_source=y&&lang=fa", ("c", "attributes")
    )
    assert found.filters == {"FREQ": "A%2CM", "X": "ge:1+le:2"}
    assert found.values == {"attributes": "A,B"}
    assert found.overrides.lang == "fa"


def test_the_overrides():
    found = parse_parameters("format=csvdata&formatVersion=2.0&compression=gzip&lang=all", ()).overrides
    assert (found.format, found.format_version, found.compression, found.lang) == ("csvdata", "2.0", "gzip", "all")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("startPeriod=2020", r"unknown parameter 'startPeriod'; known here: c\[COMPONENT\], detail, format"),
        ("detail=full&detail=full", "detail is given twice"),
        ("c[A]=1&c%5BA%5D=2", r"c\[A\] is given twice"),
        ("c=1", "unknown parameter 'c'"),
        ("detail=%FF", "not UTF-8"),
        ("detail=%00", "control characters"),
        ("x" * 100_001, "longer than"),
    ],
)
def test_parameters_that_are_refused(raw, message):
    with pytest.raises(BadQuery, match=message):
        parse_parameters(raw, ("c", "detail"))


def test_a_component_filter_is_unknown_where_there_is_none():
    with pytest.raises(BadQuery, match="unknown parameter"):
        parse_structure_query("/codelist", "c[FREQ]=A")


def test_an_empty_value_counts_as_not_given():
    assert parse_structure_query("/codelist", "detail=&references=").detail is Detail.FULL


@pytest.mark.parametrize("detail", list(Detail))
def test_every_detail(detail):
    assert parse_structure_query("/codelist", f"detail={detail.value}").detail is detail


def test_references_take_several_values():
    query = parse_structure_query("/codelist", "references=parents%2Cdataflow,none")
    assert (query.scopes, query.kinds) == ((Scope.PARENTS,), ("Dataflow",))
    assert parse_structure_query("/codelist").scopes == ()


@pytest.mark.parametrize("raw", ["detail=FULL", "detail=stub", "references=codelists", "references=parents,", "asOf=x"])
def test_structure_parameters_that_are_refused(raw):
    with pytest.raises(BadQuery):
        parse_structure_query("/codelist", raw)


def test_schema_parameters():
    query = parse_schema_query("/dataflow/SCI/CPI", "dimensionAtObservation=FREQ&deletion=true")
    assert (query.dimension_at_observation, query.deletion) == ("FREQ", True)
    assert not parse_schema_query("/dataflow/SCI/CPI", "deletion=false").deletion
    with pytest.raises(BadQuery):
        parse_schema_query("/dataflow/SCI/CPI", "deletion=yes")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ()),
        ("sort=series_key:asc+TIME_PERIOD:desc", (("series_key", False), ("TIME_PERIOD", True))),
        ("sort=*", (("*", False),)),
        ("sort=*:desc%2BOBS_VALUE", (("*", True), ("OBS_VALUE", False))),
    ],
)
def test_terms_to_sort_by(raw, expected):
    assert tuple((term.name, term.descending) for term in parse_data_query("/dataflow", raw).sort) == expected


def test_pages():
    query = parse_data_query("/dataflow", "offset=5&limit=10")
    assert (query.offset, query.limit) == (5, 10)
    assert (parse_data_query("/dataflow").offset, parse_data_query("/dataflow").limit) == (0, None)


@pytest.mark.parametrize("text", ["99999999999999999999", "1000000000000000", "9" * 50_000])
def test_whole_numbers_that_are_too_large_are_said_to_be_so(text):
    with pytest.raises(BadQuery, match=r"limit='[0-9]{16,100}' is too large; it may have 15 digits at most"):
        parse_data_query("/dataflow", f"limit={text}")


def test_zeros_before_a_whole_number_do_not_count():
    assert parse_data_query("/dataflow", f"limit={'0' * 30}999999999999999").limit == 999_999_999_999_999


@pytest.mark.parametrize(
    "raw",
    [
        "updatedAfter=2009-05-15",
        "updatedAfter=2009-13-15T00:00:00Z",
        "updatedAfter=2025-01-01T00:00:00Z&asOf=2024-01-01T00:00:00Z",
        "asOf=0001-01-01T00:00:00%2B14:00",
        "includeHistory=1",
        "offset=-1",
        "limit=0",
        "limit=1e3",
        "limit=٣",
        "sort=A:up",
        "sort=A,B",
        "sort=A+",
        "sort=A+A:desc",
        "sort=*+*",
        "firstNObservations=0",
        "lastNObservations=x",
        "dimensionAtObservation=A,B",
        "reportingYearStartDay=07-01",
        "reportingYearStartDay=--02-30",
        "reportingYearStartDay=--02-29",
        "attributes=none,A",
        "attributes=A,,B",
        "measures=all,A",
        "measures=1",
        "detail=full",
    ],
)
def test_data_parameters_that_are_refused(raw):
    with pytest.raises(BadQuery):
        parse_data_query("/dataflow", raw)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2009-05-15T14%3A15%3A00%2B01%3A00", dt.datetime(2009, 5, 15, 13, 15, tzinfo=dt.UTC)),
        ("2009-05-15T14:15:00+01:00", dt.datetime(2009, 5, 15, 13, 15, tzinfo=dt.UTC)),
        ("2024-01-01T00:00:00.5Z", dt.datetime(2024, 1, 1, 0, 0, 0, 500_000, tzinfo=dt.UTC)),
        ("2024-01-01T00:00:00", dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_moments(text, moment):
    assert parse_data_query("/dataflow", f"updatedAfter={text}").updated_after == moment
    assert parse_data_query("/dataflow", f"asOf={text}").as_of == moment
    assert parse_structure_query("/codelist", f"asOf={text}").as_of == moment
    assert parse_schema_query("/dataflow/SCI/CPI", f"asOf={text}").as_of == moment
    assert parse_availability_query("/dataflow", f"updatedAfter={text}").updated_after == moment
    assert parse_data_query("/dataflow", f"updatedAfter={text}&asOf={text}&includeHistory=true").include_history


def test_defaults_of_what_is_not_offered_are_accepted():
    assert parse_data_query("/dataflow", "includeHistory=false&offset=0") == parse_data_query("/dataflow")
    assert parse_availability_query("/dataflow", "mode=exact").references == frozenset()


def test_availability_references():
    every = {"datastructure", "conceptscheme", "codelist", "dataproviderscheme", "dataflow", "valuelist"}
    assert parse_availability_query("/dataflow", "references=all").references == every
    assert parse_availability_query("/dataflow", "references=codelist,none").references == {"codelist"}
    with pytest.raises(BadQuery):
        parse_availability_query("/dataflow", "references=children")


hostile = st.text(max_size=30) | st.text("/%2C5B5D+*~.,:=&[]cA1", max_size=40)
PARSERS = [parse_structure_query, parse_data_query, parse_availability_query, parse_schema_query]


@given(st.sampled_from(PARSERS), st.sampled_from(["", "/codelist/", "/dataflow/A/B/"]), hostile, hostile)
def test_any_text_is_read_or_refused(parse, start, tail, raw):
    try:
        parse(start + tail, raw)
    except (BadQuery, NotImplementedYet):
        return


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (parse_structure_path("/codelist/SCI/CL_SEX,CL_AGE/1.0.0,2.0+.0/M,F"), "SCI:CL_AGE,CL_SEX(1.0.0,2.0+.0)/M,F"),
        (parse_structure_path("/codelist"), "*:*(~)"),
        (parse_data_path("/dataflow/SCI/CPI"), "SCI:CPI(*)"),
        (parse_data_path("/dataflow/SCI/" + "A" * 1000), "SCI:" + "A" * 100 + "(*)"),
    ],
)
def test_paths_say_in_messages_what_they_name(path: ArtefactPath, named: str) -> None:
    assert str(path) == named
