"""Paths and query strings as outside clients build them."""

import datetime as dt

import pytest
from pysdmx.api.dc.query import DateTimeFilter, MultiFilter, Operator, TextFilter
from pysdmx.api.qb import (
    ApiVersion,
    AvailabilityQuery,
    DataContext,
    DataQuery,
    SchemaContext,
    SchemaQuery,
    StructureDetail,
    StructureQuery,
    StructureReference,
    StructureType,
)

from sdmx_server.query.data import parse_availability_query, parse_data_query
from sdmx_server.query.structure import Detail, Scope, parse_schema_query, parse_structure_query

VERSIONS = [ApiVersion.V2_0_0, ApiVersion.V2_2_2]
YEAR = [dt.datetime(2020, 1, 1), dt.datetime(2021, 1, 1)]


def asked(query, resource, version, short):
    path, _, raw = query.get_url(version, short).partition("?")
    return path.removeprefix(f"/{resource}"), raw


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("short", [True, False])
def test_structure_queries(version, short):
    query = StructureQuery(
        StructureType.DATAFLOW,
        ["SCI", "BIS"],
        "CPI",
        "+",
        detail=StructureDetail.REFERENCE_PARTIAL,
        references=StructureReference.ALL,
    )
    found = parse_structure_query(*asked(query, "structure", version, short))
    assert found.path.agencies == {"SCI", "BIS"}
    assert (found.detail, found.scopes) == (Detail.REFERENCE_PARTIAL, (Scope.ALL,))


OLDER = "hierarchicalcodelist organisationscheme structureset contentconstraint attachmentconstraint actualconstraint"
NOT_IN_V2 = {*OLDER.split(), "allowedconstraint", "namealiasscheme", "*"}


@pytest.mark.parametrize("kind", [kind for kind in StructureType if kind.value not in NOT_IN_V2])
def test_every_type(kind):
    found = parse_structure_query(*asked(StructureQuery(kind), "structure", ApiVersion.V2_2_2, False))
    assert len(found.path.kinds) == 1


@pytest.mark.parametrize("short", [True, False])
def test_data_queries(short):
    components = MultiFilter(
        [TextFilter("FREQ", Operator.IN, ["A", "M"]), DateTimeFilter("TIME_PERIOD", Operator.BETWEEN, YEAR)]
    )
    query = DataQuery(DataContext.DATAFLOW, "SCI", "CPI", "1.0.0", "A.*.IR", components=components)
    found = parse_data_query(*asked(query, "data", ApiVersion.V2_2_2, short))
    assert found.path.keys == ((frozenset({"A"}), None, frozenset({"IR"})),)
    assert [(f.component, [len(part) for part in f.any_of]) for f in found.filters] == [
        ("FREQ", [1, 1]),
        ("TIME_PERIOD", [2]),
    ]


@pytest.mark.parametrize("short", [True, False])
def test_availability_and_schema_queries(short):
    query = AvailabilityQuery(DataContext.DATAFLOW, "SCI", "CPI")
    assert parse_availability_query(*asked(query, "availability", ApiVersion.V2_2_2, short)).path.ids == {"CPI"}
    schema = SchemaQuery(SchemaContext.DATAFLOW, "SCI", "CPI", "+")
    assert parse_schema_query(*asked(schema, "schema", ApiVersion.V2_2_2, short)).path.ids == {"CPI"}
