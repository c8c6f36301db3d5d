"""Addresses of REST 1.5.0 as outside clients build them."""

import pytest
import sdmx
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
from sdmx.rest.common import Resource
from sdmx.rest.v21 import URL

from sdmx_server.query import v1
from sdmx_server.query.structure import Detail, Scope

V1 = ApiVersion.V1_5_0


def parsed(address):
    """What is read of an address below the root of the API, with or without the root."""
    path, _, raw = address.removeprefix("http://127.0.0.1/sdmx/v1").partition("?")
    resource, _, tail = path.lstrip("/").partition("/")
    parsers = {
        "data": v1.parse_data_query,
        "availableconstraint": v1.parse_availability_query,
        "schema": v1.parse_schema_query,
    }
    if resource in parsers:
        return parsers[resource](tail, raw)
    return v1.parse_structure_query(resource, tail, raw)


@pytest.mark.parametrize("short", [True, False])
def test_structures_by_pysdmx(short):
    query = StructureQuery(
        StructureType.DATAFLOW,
        ["SCI", "BIS"],
        "CPI",
        "1.0.0",
        detail=StructureDetail.REFERENCE_PARTIAL,
        references=StructureReference.ALL,
    )
    found = parsed(query.get_url(V1, short))
    assert (found.path.agencies, found.path.ids, str(found.path.versions)) == ({"SCI", "BIS"}, {"CPI"}, "1.0.0")
    assert (found.detail, found.scopes) == (Detail.REFERENCE_PARTIAL, (Scope.ALL,))


@pytest.mark.parametrize("short", [True, False])
def test_data_by_pysdmx(short):
    query = DataQuery(
        DataContext.DATAFLOW, "SCI", "CPI", "1.0.0", "A.*.IR", obs_dimension="AllDimensions", last_n_obs=1
    )
    found = parsed(query.get_url(V1, short))
    assert (found.path.agencies, found.path.ids, str(found.path.versions)) == ({"SCI"}, {"CPI"}, "1.0.0")
    assert found.path.keys == ((frozenset({"A"}), None, frozenset({"IR"})),)
    assert (found.last_n, found.dimension_at_observation) == (1, "AllDimensions")


def test_availability_and_schemas_by_pysdmx():
    assert parsed(AvailabilityQuery(DataContext.DATAFLOW, "SCI", "CPI", "~").get_url(V1, False)).path.ids == {"CPI"}
    assert parsed(SchemaQuery(SchemaContext.DATAFLOW, "SCI", "CPI", "~").get_url(V1, False)).path.ids == {"CPI"}


@pytest.fixture(scope="module")
def source():
    sdmx.add_source({"id": "SCIV1", "name": "x", "url": "http://127.0.0.1/sdmx/v1"})
    return sdmx.source.get_source("SCIV1")


def test_everything_by_sdmx1(source):
    def ask(kind, **parameters):
        return parsed(URL(source, resource_type=kind, **parameters).join())

    data = ask(Resource.data, resource_id="CPI", key="A..F+M", start_period="2010", detail="nodata")
    assert (data.path.ids, data.start_period, data.series_only) == ({"CPI"}, "2010", True)
    assert data.path.keys == ((frozenset({"A"}), None, frozenset({"F", "M"})),)
    assert ask(Resource.data, resource_id="CPI").path.keys == ()
    assert ask(Resource.availableconstraint, resource_id="CPI").path.ids == {"CPI"}
    flows = ask(Resource.dataflow)
    assert (flows.path.agencies, flows.path.ids) == ({"SCIV1"}, None)
    assert ask(Resource.dataflow, resource_id="CPI").scopes == (Scope.ALL,)
    assert ask(Resource.categoryscheme).scopes == (Scope.PARENTS_AND_SIBLINGS,)


@pytest.mark.parametrize(
    "address",
    [
        "/data/TST%2CDF%2C1.0/A.%2A.%2A?detail=full",
        "/data/SCI,CPI,1.0.0/M.IR.01/all/?startPeriod=2010&endPeriod=2012",
        "/data/CPI/all/all/",
        "/data/CPI/ALL/ALL/",
        "/data/SCI,CPI,latest/all?detail=serieskeysonly&dimensionAtObservation=AllDimensions",
        "/data/CPI/M..?format=jsondata&lang=en&_=1700000000",
        "/data/CPI?dimensionAtObservation=TIME_PERIOD&detail=DataOnly&includeHistory=False",
        "/dataflow/all/all/latest/",
        "/dataflow/SCI/ALL/LATEST/?references=none&detail=full",
        "/dataflow/SCI/CPI/1.0.0/?references=descendants",
        "/datastructure/SCI/DSD_CPI/1.0.0/?references=children",
        "/codelist/SCI/CL_AREA/latest?detail=allstubs",
        "/categoryscheme/all/all/latest?references=parentsandsiblings",
        "/contentconstraint/SCI/all/latest",
        "/organisationscheme",
        "/structure/SCI?detail=allstubs",
        "/agencyscheme/SDMX/AGENCIES/1.0/SCI",
        "/availableconstraint/SCI,CPI,1.0.0/M../all/all?mode=exact&references=none",
        "/schema/dataflow/SCI/CPI/latest/?dimensionAtObservation=AllDimensions&explicitMeasure=false",
    ],
)
def test_addresses_of_other_clients_are_read(address):
    assert parsed(address).path.kinds
