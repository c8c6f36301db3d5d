"""The syntax of REST 1.5.0: what paths and parameters mean, as values that 2.2.2 shares."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.world import AGREEMENT, STRUCTURE, catalogue, ref

from sdmx_server.batches import Condition, Filter, Operator, Order
from sdmx_server.errors import BadQuery, NotImplementedYet
from sdmx_server.model.kinds import BY_NAME
from sdmx_server.query import v1
from sdmx_server.query.data import availability_plan, freed, plan_of
from sdmx_server.query.keys import parse_joined_key, print_keys
from sdmx_server.query.paths import ProviderName
from sdmx_server.query.structure import Detail, Scope
from sdmx_server.query.v1_paths import ITEM_RESOURCES, RESOURCES
from sdmx_server.registry.providers import provides
from sdmx_server.registry.resolve import resolve_structure


@pytest.fixture(scope="module")
def schema():
    return resolve_structure(catalogue(), ref("Dataflow", "CPI"))


# ---- structures ---------------------------------------------------------------------------------------------------


def test_the_resources_are_those_of_the_standard():
    assert len(RESOURCES) == 29
    assert set().union(*RESOURCES.values()) <= set(BY_NAME)
    assert "ValueList" not in RESOURCES["structure"]
    assert "hierarchicalcodelist" in ITEM_RESOURCES
    assert {"process", "structure", "dataflow", "contentconstraint"}.isdisjoint(ITEM_RESOURCES)


@pytest.mark.parametrize("tail", ["", "/", "/all", "/ALL/all/", "/all/all/latest", "/all/all/LATEST/", "/*/*"])
def test_structure_defaults(tail):
    query = v1.parse_structure_query("codelist", tail)
    path = query.path
    assert path.kinds == ("Codelist",)
    assert (path.agencies, path.ids, str(path.versions), path.items) == (None, None, "~", None)
    assert (query.detail, query.scopes, query.kinds) == (Detail.FULL, (), ())


def test_a_structure_path_with_everything():
    path = v1.parse_structure_query("categoryscheme", "/BIS+ECB.STAT/A+B%2BC/1.0+2.1+latest/ECO.PRICES+SOC/").path
    assert path.agencies == {"BIS", "ECB.STAT"}
    assert path.ids == {"A", "B", "C"}
    assert str(path.versions) == "1.0,2.1,~"
    assert path.items == ("ECO.PRICES", "SOC")


def test_latest_is_the_latest_of_any_kind_of_each_artefact():
    versions = v1.parse_structure_query("codelist", "/SCI").path.versions
    assert versions.select(["1.0", "1.0.0", "2.0.0-draft"]) == ["2.0.0-draft"]
    assert versions.select(["1.9", "1.10"]) == ["1.10"]


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("1.2.0", ["1.2.0", "1.2.0-draft"], ["1.2.0"]),
        ("1.2.0", ["1.2.0-alpha", "1.2.0-draft", "1.2.1-draft"], ["1.2.0-draft"]),
        ("1.2.0+1.0", ["1.0", "1.2.0-draft"], ["1.0", "1.2.0-draft"]),
        ("1.2", ["1.2.0", "1.2.0-draft"], []),
        ("1.2.0", ["1.2.1"], []),
    ],
)
def test_a_version_means_a_draft_where_nothing_else_is_called_so(asked, held, expected):
    """Messages of SDMX 2.1 have the draft under that version, so that their references lead to it."""
    assert v1.parse_structure_query("codelist", f"/SCI/CL/{asked}").path.versions.select(held) == expected


@pytest.mark.parametrize(
    ("resource", "kinds", "role"),
    [
        ("contentconstraint", ("DataConstraint", "MetadataConstraint"), None),
        ("actualconstraint", ("DataConstraint", "MetadataConstraint"), "Actual"),
        ("allowedconstraint", ("DataConstraint", "MetadataConstraint"), "Allowed"),
        (
            "organisationscheme",
            ("AgencyScheme", "DataProviderScheme", "DataConsumerScheme", "OrganisationUnitScheme"),
            None,
        ),
    ],
)
def test_resources_that_mean_a_part_of_a_kind_or_several(resource, kinds, role):
    found = v1.parse_structure_query(resource, "").path
    assert (found.kinds, found.role) == (kinds, role)
    related = v1.parse_structure_query("dataflow", "", f"references={resource}")
    assert (related.kinds, related.role) == (kinds, role)


@pytest.mark.parametrize("word", ["parents", "parentsandsiblings", "children", "descendants", "all"])
def test_references(word):
    assert v1.parse_structure_query("dataflow", "", f"references={word}").scopes == (Scope(word),)
    assert v1.parse_structure_query("dataflow", "", "references=none").scopes == ()


@pytest.mark.parametrize(
    ("resource", "tail", "raw"),
    [
        ("codelist", "/SCI/CL/1.0/A/B", ""),
        ("codelist", "/SCI//1.0", ""),
        ("codelist", "/SCI,X/CL", ""),
        ("codelist", "/SCI/CL+", ""),
        ("codelist", "/SCI/CL/1.0+x", ""),
        ("codelist", "/SCI/CL/1.0,2.0", ""),
        ("codelist", "/SCI/CL/~", ""),
        ("codelist", "/SCI/CL/1.0/A B", ""),
        ("dataflow", "/SCI/CPI/1.0/A", ""),
        ("structure", "/SCI/CPI/1.0/A", ""),
        ("codelist", "", "detail=raw"),
        ("codelist", "", "references=ancestors"),
        ("codelist", "", "references=valuelist"),
        ("codelist", "", "references=structure"),
        ("codelist", "", "references=children,parents"),
        ("codelist", "", "asOf=2020-01-01T00:00:00"),
    ],
)
def test_structure_queries_that_are_refused(resource, tail, raw):
    with pytest.raises(BadQuery):
        v1.parse_structure_query(resource, tail, raw)


# ---- data: the path -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "agencies", "version"),
    [
        ("CPI", None, "~"),
        ("SCI,CPI", {"SCI"}, "~"),
        ("SCI%2CCPI", {"SCI"}, "~"),
        ("SCI,CPI,latest", {"SCI"}, "~"),
        ("SCI%2cCPI%2c1.0", {"SCI"}, "1.0"),
        ("all,CPI,LATEST", None, "~"),
        ("SCI.SUB,CPI,1.0.0", {"SCI.SUB"}, "1.0.0"),
    ],
)
def test_flow_references(flow, agencies, version):
    for parse in (v1.parse_data_query, v1.parse_availability_query):
        path = parse(f"/{flow}").path
        assert (path.kinds, path.agencies, path.ids, str(path.versions)) == (("Dataflow",), agencies, {"CPI"}, version)
        assert path.keys == ()
        assert path.providers is None


def codes(text):
    """The codes of a key in short: ``A+B..C``."""
    return tuple(frozenset(part.split("+")) if part else None for part in text.split("."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all", ()),
        ("ALL", ()),
        ("*", ()),
        ("A", (codes("A"),)),
        ("M.USD+JPY..A", (codes("M.USD+JPY..A"),)),
        ("M.USD%2BJPY..A", (codes("M.USD+JPY..A"),)),
        ("A.%2A.%2A", (codes("A.."),)),
        ("A+*.B", (codes(".B"),)),
        ("..", (codes(".."),)),
        (".A.", (codes(".A."),)),
    ],
)
def test_keys(text, expected):
    assert v1.parse_data_query(f"/CPI/{text}/").path.keys == expected


@pytest.mark.parametrize("text", ["A,B", "A B", "A%20B", "A++B", "A+.B", "+"])
def test_keys_that_are_refused(text):
    with pytest.raises(BadQuery):
        v1.parse_data_query(f"/CPI/{text}")


@given(st.lists(st.none() | st.frozensets(st.text("AB0_@$-", min_size=1), min_size=1), min_size=2).map(tuple))
def test_keys_print_and_parse(key):
    assert parse_joined_key(print_keys([key])) == (key,)


def test_a_key_has_a_part_for_every_dimension(schema):
    found = plan_of(v1.parse_data_query("/CPI/M+Q..CP01"), schema)
    assert found.keys == ((frozenset({"M", "Q"}), None, frozenset({"CP01"})),)
    assert plan_of(v1.parse_data_query("/CPI/.."), schema).keys == ()
    for key in ("M", "M.IR", "M.IR.CP01.X", "..."):
        with pytest.raises(BadQuery, match=r"FREQ\.REF_AREA\.ITEM"):
            plan_of(v1.parse_data_query(f"/CPI/{key}"), schema)


def test_providers():
    path = v1.parse_data_query("/CPI/all/SCI,PRICES+all,CENSUS+X").path
    assert path.providers == (
        ProviderName(agency="SCI", id="PRICES"),
        ProviderName(id="CENSUS"),
        ProviderName(id="X"),
    )
    for everybody in ("all", "ALL", "A+all", "all,all", "SCI,PRICES+ALL,*"):
        assert v1.parse_data_query(f"/CPI/all/{everybody}").path.providers is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("PRICES", True),
        ("SCI,PRICES", True),
        ("X+PRICES", True),
        ("ECB,PRICES", False),
        ("SCI", False),
        ("SCI,all", True),
        ("ECB,*", False),
    ],
)
def test_a_provider_is_one_that_agreed_to_provide(wanted, found):
    providers = v1.parse_data_query(f"/CPI/all/{wanted}").path.providers
    assert AGREEMENT.data_provider.item == "PRICES"
    assert provides(catalogue(), ref("Dataflow", "CPI"), providers) is found


@pytest.mark.parametrize(
    "tail",
    [
        *("", "/", "/A,B,C,D", "/,CPI", "/SCI,", "/SCI,CPI,", "/SCI,CPI,x", "/A+B", "/1A,CPI", "/CPI//SCI"),
        *("/CPI/all/a b", "/CPI/all/,X", "/CPI/all/A,B,C", "/CPI/all/all/FREQ", "/CP%00I", "/%ff"),
    ],
)
def test_data_paths_that_are_refused(tail):
    with pytest.raises(BadQuery):
        v1.parse_data_query(tail)


# ---- data: the parameters -----------------------------------------------------------------------------------------


def within(*conditions):
    return (Filter(component="TIME_PERIOD", any_of=(tuple(Condition(o, v) for o, v in conditions),)),)


@pytest.mark.parametrize(
    ("raw", "filters"),
    [
        ("", ()),
        ("startPeriod=2016-03-20", within((Operator.GE, "2016-03-20"))),
        ("endPeriod=2010-Q1", within((Operator.LE, "2010-Q1"))),
        ("startPeriod=2010&endPeriod=2010", within((Operator.GE, "2010"), (Operator.LE, "2010"))),
        (
            "startPeriod=2009-05-15T14%3A15%3A00%2B01%3A00",
            within((Operator.GE, "2009-05-15T14:15:00+01:00")),
        ),
        ("startPeriod=2009-05-15T14:15:00+01:00", within((Operator.GE, "2009-05-15T14:15:00+01:00"))),
    ],
)
def test_periods_bound_the_time(schema, raw, filters):
    assert plan_of(v1.parse_data_query("/CPI", raw), schema).filters == filters
    assert availability_plan(v1.parse_availability_query("/CPI", raw), schema).filters == filters


def test_periods_bound_nothing_where_there_is_no_time():
    timeless = msgspec.structs.replace(STRUCTURE, time_dimension=None)
    view = catalogue(*(a for a in catalogue().load(catalogue().all()) if a.kind != "DataStructure"), timeless)
    found = plan_of(v1.parse_data_query("/CPI", "startPeriod=2010"), resolve_structure(view, ref("Dataflow", "CPI")))
    assert found.filters == ()


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "startPeriod=x",
            "endPeriod=2010-13",
            "startPeriod=2013-03-21/P365D",
            "startPeriod=2010-Q5",
            "startPeriod=-1",
        ),
        *("startPeriod=2012&endPeriod=2010", "firstNObservations=0", "lastNObservations=-1", "lastNObservations=x"),
        *("detail=some", "includeHistory=maybe", "updatedAfter=yesterday", "dimensionAtObservation=1X"),
        *("c[FREQ]=A", "attributes=none", "foo=1", "startPeriod=2010&startPeriod=2011"),
    ],
)
def test_data_parameters_that_are_refused(raw):
    with pytest.raises(BadQuery):
        v1.parse_data_query("/CPI", raw)


def test_an_unknown_parameter_is_told_the_known_ones():
    with pytest.raises(BadQuery, match=r"startPeriod, endPeriod, updatedAfter.*includeHistory.*lang"):
        v1.parse_data_query("/CPI", "starttime=2010")
    v1.parse_data_query("/CPI", "_=123&utm_source=x&startPeriod=")


@pytest.mark.parametrize(
    ("detail", "attributes", "measures", "series"),
    [
        ("full", None, None, False),
        ("Full", None, None, False),
        ("dataonly", (), None, False),
        ("serieskeysonly", (), (), True),
        ("nodata", ("TITLE", "UNIT", "COLL"), (), True),
    ],
)
def test_details_of_data(schema, detail, attributes, measures, series):
    query = v1.parse_data_query("/CPI", f"detail={detail}&firstNObservations=3")
    plan = plan_of(query, schema)
    assert (plan.attributes, plan.measures, query.series_only) == (attributes, measures, series)
    assert (plan.first_n, plan.last_n) == ((None, 1) if series else (3, None))


def test_series_without_observations(schema):
    flat = v1.parse_data_query("/CPI", "detail=serieskeysonly&dimensionAtObservation=AllDimensions")
    assert plan_of(flat, schema).order is Order.SERIES
    across = v1.parse_data_query("/CPI", "detail=nodata&dimensionAtObservation=ITEM&lastNObservations=2")
    plan = plan_of(across, schema)
    assert (plan.order, plan.dimension_at_observation) == (Order.CROSS, "ITEM")
    assert (plan.first_n, plan.last_n) == (None, 2)  # of the observations that the sections are made of


@pytest.mark.parametrize("text", ["AllDimensions", "allDimensions", "alldimensions"])
def test_the_flat_view_in_any_case(text):
    assert v1.parse_data_query("/CPI", f"dimensionAtObservation={text}").dimension_at_observation == "AllDimensions"


# ---- availability and schemas -------------------------------------------------------------------------------------


def test_availability_queries():
    query = v1.parse_availability_query("/SCI,CPI/M../all/ITEM", "mode=available&references=all")
    assert (query.path.components, query.available) == (("ITEM",), True)
    assert query.references == {"codelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme"}
    assert v1.parse_availability_query("/CPI/all/all/all").path.components is None
    assert not v1.parse_availability_query("/CPI", "mode=exact").available
    for tail, raw in (("/CPI", "mode=some"), ("/CPI", "references=children"), ("/CPI/all/all/1X", ""), ("", "")):
        with pytest.raises(BadQuery):
            v1.parse_availability_query(tail, raw)


def test_what_is_available_leaves_the_dimension_itself_open(schema):
    plan = availability_plan(v1.parse_availability_query("/CPI/M.IR+IR-00.", "startPeriod=2010"), schema)
    assert freed(plan, "FREQ", schema).keys == ((None, frozenset({"IR", "IR-00"}), None),)
    assert freed(plan, "ITEM", schema) == plan
    assert freed(plan, "TIME_PERIOD", schema).filters == ()
    assert freed(plan, "TIME_PERIOD", schema).keys == plan.keys
    one = availability_plan(v1.parse_availability_query("/CPI/M.."), schema)
    assert freed(one, "FREQ", schema).keys == ()


def test_schema_queries():
    query = v1.parse_schema_query("/dataflow/SCI/CPI/", "dimensionAtObservation=ITEM&explicitMeasure=False")
    assert (query.path.kinds, str(query.path.versions)) == (("Dataflow",), "~")
    assert query.dimension_at_observation == "ITEM"
    assert str(v1.parse_schema_query("/datastructure/SCI/CPI/1.0").path.versions) == "1.0"
    assert not query.explicit_measures
    assert v1.parse_schema_query("/dataflow/SCI/CPI", "explicitMeasure=true").explicit_measures
    assert v1.parse_schema_query("/dataflow/SCI/CPI", "explicit=TRUE").explicit_measures
    refused = ("", "/dataflow/SCI", "/codelist/SCI/CL", "/dataflow/all/CPI", "/dataflow/SCI/CPI/all")
    for tail in (*refused, "/dataflow/SCI/A+B", "/dataflow/SCI/CPI/1.0+2.0", "/metadataprovisionagreement/A/B"):
        with pytest.raises(BadQuery):
            v1.parse_schema_query(tail)


# ---- anything at all ----------------------------------------------------------------------------------------------

hostile = st.text(max_size=30) | st.text("/%2C5B5D+*~.,:=&[]cA1", max_size=40)
PARAMETERS = ("", "startPeriod=", "endPeriod=", "updatedAfter=", "detail=", "references=", "mode=", "lang=")


def _codelist(tail, raw):
    return v1.parse_structure_query("codelist", tail, raw)


PARSERS = [_codelist, v1.parse_data_query, v1.parse_availability_query, v1.parse_schema_query]


@given(
    st.sampled_from(PARSERS),
    st.sampled_from(["", "/CPI/", "/SCI,CPI/all/", "/dataflow/A/B/"]),
    hostile,
    st.sampled_from(PARAMETERS),
    hostile | st.datetimes(dt.datetime(1, 1, 1)).map(dt.datetime.isoformat),
)
def test_any_text_is_read_or_refused(parse, start, tail, parameter, raw):
    try:
        parse(start + tail, parameter + raw)
    except (BadQuery, NotImplementedYet):
        return
