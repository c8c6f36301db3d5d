"""Component filters, and the plans that data and availability queries make for a structure."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.world import catalogue, ref

from sdmx_server.batches import Condition, Operator, Order
from sdmx_server.errors import BadQuery, BadSemantics
from sdmx_server.query.data import (
    availability_components,
    availability_plan,
    is_partial,
    observation_dimension,
    parse_availability_query,
    parse_data_query,
    plan_of,
)
from sdmx_server.query.filters import parse_filter
from sdmx_server.registry.resolve import resolve_structure


@pytest.fixture(scope="module")
def schema():
    return resolve_structure(catalogue(), ref("Dataflow", "CPI"))


def read(raw):
    """A filter in short: alternatives of ``operator value`` texts."""
    return [[f"{c.operator.value} {c.value}" for c in part] for part in parse_filter("X", raw).any_of]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A", [["eq A"]]),
        ("eq:A", [["eq A"]]),
        ("A,B", [["eq A"], ["eq B"]]),
        ("A%2CB", [["eq A"], ["eq B"]]),
        ("A%2cB", [["eq A"], ["eq B"]]),
        ("ge:A", [["ge A"]]),
        ("ge%3AA", [["ge A"]]),
        ("ge:A+le:B", [["ge A", "le B"]]),
        ("ge:A%2Ble:B", [["ge A", "le B"]]),
        ("A,B+C", [["eq A"], ["eq B", "eq C"]]),
        ("ge:A+le:B,ge:C+le:D", [["ge A", "le B"], ["ge C", "le D"]]),
        ("ne:A,B", [["ne A"], ["eq B"]]),
        ("ne:A+B", [["ne A", "eq B"]]),
        ("ne:A,ne:B", [["ne A"], ["ne B"]]),
        ("ne:A+ne:B", [["ne A", "ne B"]]),
        ("lt:1,gt:2", [["lt 1"], ["gt 2"]]),
        ("co:euro,nc:dollar", [["co euro"], ["nc dollar"]]),
        ("sw:a+ew:z", [["sw a", "ew z"]]),
        ("A,A", [["eq A"]]),
        ("a%2Bb", [["eq a+b"]]),
        ("%D8%B3%20x", [["eq س x"]]),
        ("xx:A", [["eq xx:A"]]),
        ("GE:A", [["eq GE:A"]]),
        ("ge:2020-01-01T00:00:00+03:30", [["ge 2020-01-01T00:00:00+03:30"]]),
        ("ge:2020-01-01T00:00:00%2B03:30", [["ge 2020-01-01T00:00:00+03:30"]]),
        (
            "ge:2020-01-01T00:00:00+03:30+le:2021-01-01T00%3A00%3A00%2B03%3A30",
            [["ge 2020-01-01T00:00:00+03:30", "le 2021-01-01T00:00:00+03:30"]],
        ),
        ("12+03:30", [["eq 12", "eq 03:30"]]),
    ],
)
def test_filters(raw, expected):
    assert read(raw) == expected


@pytest.mark.parametrize("raw", ["", ",", "A,", "A+", "+A", "ge:", "A,,B", "%FF", "%00", ",".join("A" * 10_001)])
def test_filters_that_are_refused(raw):
    with pytest.raises(BadQuery):
        parse_filter("X", raw)


@pytest.mark.parametrize("component", ["", "1X", "A B", "X]", "س"])
def test_components_that_are_no_id(component):
    with pytest.raises(BadQuery, match="is not the id of a component"):
        parse_filter(component, "A")


plain = st.text("ABC0123-_.", min_size=1, max_size=5)
conditions = st.builds(Condition, st.sampled_from(Operator), plain)
forms = st.lists(
    st.lists(conditions, min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=3, unique=True
)


@given(forms, st.booleans())
def test_filters_print_and_parse(alternatives, escaped):
    comma, plus = ("%2C", "%2B") if escaped else (",", "+")
    text = comma.join(plus.join(f"{c.operator.value}:{c.value}" for c in part) for part in alternatives)
    assert parse_filter("X", text).any_of == tuple(alternatives)


def plan(schema, raw="", key="*"):
    return plan_of(parse_data_query(f"/dataflow/SCI/CPI/1.0.0/{key}", raw), schema)


def test_the_plan_of_a_plain_query(schema):
    found = plan(schema)
    assert (found.keys, found.filters, found.measures, found.attributes) == ((), (), None, None)
    assert (found.order, found.dimension_at_observation) == (Order.SERIES, None)
    assert not parse_data_query("/dataflow").partial


def test_keys_and_limits_go_into_the_plan(schema):
    found = plan(schema, "firstNObservations=2&lastNObservations=1&reportingYearStartDay=--03-21", "M.*.CP01")
    assert found.keys == ((frozenset({"M"}), None, frozenset({"CP01"})),)
    assert (found.first_n, found.last_n, found.reporting_year_start) == (2, 1, "--03-21")
    with pytest.raises(BadQuery, match="has 4 parts"):
        plan(schema, "", "M.IR.CP01.2020")


def test_unknown_codes_are_no_error(schema):
    assert plan(schema, "c[FREQ]=NOPE", "NOPE").keys == ((frozenset({"NOPE"}), None, None),)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dsd", None),
        ("all", None),
        ("none", ()),
        ("dataset", ("TITLE",)),
        ("series", ("UNIT", "COLL")),
        ("obs", ("STATUS", "NOTE")),
        ("NOTE,UNIT", ("UNIT", "NOTE")),
        ("dataset,STATUS", ("TITLE", "STATUS")),
        ("UNIT,all", None),
    ],
)
def test_attributes(schema, words, expected):
    assert plan(schema, f"attributes={words}").attributes == expected


@pytest.mark.parametrize(("words", "expected"), [("all", None), ("none", ()), ("OBS_VALUE", ("OBS_VALUE",))])
def test_measures(schema, words, expected):
    assert plan(schema, f"measures={words}").measures == expected


@pytest.mark.proves("v2 data: measures=A,B")
def test_several_measures(schema):
    [value] = schema.measures
    three = [msgspec.structs.replace(value, id=name) for name in ("OBS_VALUE", "LOW", "HIGH")]
    several = msgspec.structs.replace(schema, measures=tuple(three))
    assert plan(several, "measures=HIGH,OBS_VALUE").measures == ("OBS_VALUE", "HIGH")
    with pytest.raises(BadSemantics, match="measure 'MIDDLE' is not in the structure; it has OBS_VALUE, LOW, HIGH"):
        plan(several, "measures=LOW,MIDDLE")


@pytest.mark.parametrize("raw", ["attributes=none", "attributes=obs", "measures=none", "measures=OBS_VALUE"])
def test_an_answer_with_some_components_is_partial(raw):
    assert parse_data_query("/dataflow", raw).partial


@pytest.fixture(scope="module")
def with_metadata(schema):
    """The structure with metadata attributes of the data set and of observations."""
    method = msgspec.structs.replace(schema.component("TITLE"), id="METHOD", metadata=True)
    event = msgspec.structs.replace(schema.component("NOTE"), id="EVENT", metadata=True)
    return msgspec.structs.replace(schema, attributes=(*schema.attributes, method, event))


DATA_ATTRIBUTES = ("TITLE", "UNIT", "COLL", "STATUS", "NOTE")


@pytest.mark.proves("v2 data: attributes=msd", "v2 data: attributes=dsd", "v2 data: attributes=all")
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", DATA_ATTRIBUTES),
        ("attributes=dsd", DATA_ATTRIBUTES),
        ("attributes=msd", ("METHOD", "EVENT")),
        ("attributes=all", None),
        ("attributes=dsd,msd", None),
        ("attributes=dsd,EVENT", (*DATA_ATTRIBUTES, "EVENT")),
        ("attributes=METHOD", ("METHOD",)),
        ("attributes=dataset", ("TITLE",)),
        ("attributes=obs,METHOD", ("STATUS", "NOTE", "METHOD")),
        ("attributes=obs,msd", ("STATUS", "NOTE", "METHOD", "EVENT")),
        ("attributes=none", ()),
    ],
)
def test_metadata_attributes_come_when_they_are_asked_for(with_metadata, raw, expected):
    assert plan(with_metadata, raw).attributes == expected


def test_a_structure_without_metadata_attributes_has_none_to_give(schema):
    assert plan(schema, "attributes=msd").attributes == ()
    assert plan(schema, "attributes=dsd").attributes is None
    with pytest.raises(BadSemantics, match="it has TITLE, UNIT, COLL, STATUS, NOTE"):
        plan(schema, "attributes=METHOD")


def test_metadata_attributes_filter_and_sort_without_being_shown(with_metadata):
    asked = plan(with_metadata, "c[EVENT]=co:war&sort=METHOD")
    assert (asked.filters[0].component, asked.sort[0].component) == ("EVENT", "METHOD")
    assert asked.attributes == DATA_ATTRIBUTES


@pytest.mark.parametrize(
    ("raw", "partial"),
    [
        ("", True),
        ("attributes=msd", True),
        ("attributes=all", False),
        ("attributes=dsd,msd", False),
        ("measures=none", True),
    ],
)
def test_observations_without_their_metadata_attributes_are_told_in_part(with_metadata, raw, partial):
    assert is_partial(parse_data_query("/dataflow", raw), with_metadata) is partial


def test_attributes_of_other_levels_make_no_answer_partial(with_metadata):
    lasting = msgspec.structs.replace(with_metadata, attributes=with_metadata.attributes[:-1])
    assert not is_partial(parse_data_query("/dataflow"), lasting)


@pytest.mark.parametrize(
    ("raw", "error", "message"),
    [
        ("attributes=NOPE", BadSemantics, "attribute 'NOPE' is not in the structure; it has TITLE"),
        ("measures=NOPE", BadSemantics, "measure 'NOPE'"),
        ("dimensionAtObservation=NOPE", BadSemantics, "it has FREQ, REF_AREA, ITEM, TIME_PERIOD, AllDimensions"),
        ("c[NOPE]=1", BadSemantics, "'NOPE' is not in the structure"),
        ("c[OBS_VALUE]=ge:many", BadSemantics, r"c\[OBS_VALUE\]: 'many' is not a number"),
        ("c[OBS_VALUE]=co:1,many", BadSemantics, r"c\[OBS_VALUE\]: 'many' is not a number"),
        ("c[TIME_PERIOD]=ge:last", BadSemantics, "'last' is not a time period"),
        ("c[TIME_PERIOD]=2020-13", BadSemantics, "'2020-13' is not a time period"),
        ("c[TIME_PERIOD]=co:2020+ge:last", BadSemantics, "'last' is not a time period"),
    ],
)
def test_what_makes_no_sense_for_the_structure(schema, raw, error, message):
    with pytest.raises(error, match=message):
        plan(schema, raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("sort=*:desc", ["FREQ:desc", "REF_AREA:desc", "ITEM:desc", "TIME_PERIOD:desc"]),
        ("sort=series_key+TIME_PERIOD:desc", ["FREQ", "REF_AREA", "ITEM", "TIME_PERIOD:desc"]),
        ("sort=series_key&dimensionAtObservation=ITEM", ["FREQ", "REF_AREA", "TIME_PERIOD"]),
        ("sort=OBS_VALUE:desc+STATUS", ["OBS_VALUE:desc", "STATUS"]),
        ("sort=ITEM:desc+*", ["ITEM:desc", "FREQ", "REF_AREA", "TIME_PERIOD"]),
    ],
)
def test_the_order(schema, raw, expected):
    assert [f"{key.component}:desc" if key.descending else key.component for key in plan(schema, raw).sort] == expected


def test_the_series_of_a_flat_answer_are_no_order(schema):
    with pytest.raises(BadSemantics, match=r"sort=series_key is for answers .* sort by \*"):
        plan(schema, "sort=series_key&dimensionAtObservation=AllDimensions")
    with pytest.raises(BadSemantics, match="sort 'NOPE' is not in the structure; it has FREQ"):
        plan(schema, "sort=FREQ+NOPE")


@pytest.mark.parametrize(
    ("raw", "alone"),
    [
        ("attributes=none&measures=none", True),
        ("attributes=dataset,series&measures=none", True),
        ("attributes=all&measures=none", False),
        ("attributes=obs&measures=none", False),
        ("attributes=none", False),
        ("attributes=none&measures=none&dimensionAtObservation=AllDimensions", False),
    ],
)
def test_series_without_observations(raw, alone):
    assert parse_data_query("/dataflow", raw).series_only is alone


@pytest.mark.parametrize("value", ["2020", "ge:2020-01+le:2020-12", "2016-03-20/P366D", "2012-Q1,2012-W05"])
def test_time_periods(schema, value):
    (found,) = plan(schema, f"c[TIME_PERIOD]={value}").filters
    assert found.component == "TIME_PERIOD"


@pytest.mark.proves(
    "v2 data: dimensionAtObservation=default without time",
    "v1 data: dimensionAtObservation=default without time",
)
def test_the_dimension_at_the_observation(schema):
    assert observation_dimension(None, schema) == "TIME_PERIOD"
    assert observation_dimension("AllDimensions", schema) == "AllDimensions"
    assert observation_dimension(None, msgspec.structs.replace(schema, time=None)) == "AllDimensions"
    across = plan(schema, "dimensionAtObservation=ITEM")
    assert (across.order, across.dimension_at_observation) == (Order.CROSS, "ITEM")
    assert plan(schema, "dimensionAtObservation=TIME_PERIOD") == plan(schema)
    assert plan(schema, "dimensionAtObservation=AllDimensions") == plan(schema)


def test_availability(schema):
    query = parse_availability_query("/dataflow/SCI/CPI/*/M/TIME_PERIOD,FREQ", "c[ITEM]=CP01")
    found = availability_plan(query, schema)
    assert found.keys == ((frozenset({"M"}), None, None),)
    assert [f.component for f in found.filters] == ["ITEM"]
    assert availability_components(query, schema) == ("FREQ", "TIME_PERIOD")
    assert availability_components(parse_availability_query("/dataflow"), schema) == schema.dimension_ids
    with pytest.raises(BadSemantics, match="the dimension 'STATUS'"):
        availability_components(parse_availability_query("/dataflow/A/B/1.0/*/STATUS"), schema)
