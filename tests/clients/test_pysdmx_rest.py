"""pysdmx's RestService, as an ordinary client of the running server, by REST 1.5.0 and 2.0 to 2.2.2."""

from __future__ import annotations

import datetime as dt

import pytest
from pysdmx.api.dc.query import DateTimeFilter, Operator, TextFilter
from pysdmx.api.qb import (
    ApiVersion,
    AvailabilityFormat,
    AvailabilityQuery,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
    SchemaContext,
    SchemaFormat,
    SchemaQuery,
    StructureDetail,
    StructureFormat,
    StructureQuery,
    StructureReference,
    StructureType,
)
from pysdmx.io import read_sdmx

from sdmx_server.formats.primary_measure import OBS_VALUE

OLD, NEW = ApiVersion.V1_5_0, ApiVersion.V2_2_2
FIGURES = {"_T": 79926270, "M": 40498442, "F": 39427828}
CENSUS = {"context": DataContext.DATAFLOW, "agency_id": "SCI", "resource_id": "CENSUS_POP", "version": "1.0.0"}


def service(live: str, api: ApiVersion, data: DataFormat, **more: object) -> RestService:
    """The client, asking for one format."""
    path = "v1" if api is OLD else "v2"
    return RestService(f"{live}/sdmx/{path}", api, data, timeout=60.0, **more)  # type: ignore[arg-type]


def by_sex(answer: bytes) -> dict[str, int]:
    """The figures that pysdmx reads, by sex."""
    message = read_sdmx(answer.decode(), validate=False)
    [found] = message.data
    return {row["SEX"]: int(row[OBS_VALUE]) for row in found.data.to_dict("records")}


@pytest.mark.parametrize(
    "data",
    [
        DataFormat.SDMX_CSV_1_0_0,
        DataFormat.SDMX_ML_2_1_GEN,
        DataFormat.SDMX_ML_2_1_GENTS,
        DataFormat.SDMX_ML_2_1_STR,
        DataFormat.SDMX_ML_2_1_STRTS,
    ],
)
def test_data_of_the_older_api_have_the_published_figures(live: str, data: DataFormat) -> None:
    client = service(live, OLD, data)
    query = DataQuery(**CENSUS, key="A.IR._T.*._T", last_n_obs=1)  # type: ignore[arg-type]
    assert by_sex(client.data(query)) == FIGURES


@pytest.mark.parametrize("api", [ApiVersion.V2_0_0, ApiVersion.V2_1_0, NEW])
@pytest.mark.parametrize("data", [DataFormat.SDMX_ML_3_0, DataFormat.SDMX_ML_3_1])
def test_data_of_the_newer_api_have_the_published_figures(live: str, api: ApiVersion, data: DataFormat) -> None:
    client = service(live, api, data)
    query = DataQuery(**CENSUS, key="A.IR._T.*._T", last_n_obs=1)  # type: ignore[arg-type]
    assert by_sex(client.data(query)) == FIGURES


def test_filters_on_components_are_understood(live: str) -> None:
    client = service(live, NEW, DataFormat.SDMX_CSV_2_1_0)
    query = DataQuery(
        **CENSUS,  # type: ignore[arg-type]
        key="A.IR._T",
        components=TextFilter("AGE", Operator.EQUALS, "_T"),
        attributes="UNIT_MEASURE",
        last_n_obs=1,
    )
    assert by_sex(client.data(query)) == FIGURES


def test_time_filters_are_understood(live: str) -> None:
    client = service(live, NEW, DataFormat.SDMX_CSV_2_0_0)
    later = DateTimeFilter("TIME_PERIOD", Operator.GREATER_THAN, dt.datetime(2016, 1, 1))
    query = DataQuery(**CENSUS, key="A.IR._T.*._T", components=later, attributes="OBS_STATUS")  # type: ignore[arg-type]
    assert by_sex(client.data(query)) == FIGURES


@pytest.mark.parametrize(
    ("api", "structure"),
    [
        (OLD, StructureFormat.SDMX_ML_2_1),
        (NEW, StructureFormat.SDMX_JSON_2_0_0),
        (NEW, StructureFormat.SDMX_ML_3_0),
        (NEW, StructureFormat.SDMX_ML_3_1),
    ],
)
def test_structures_with_their_codes_are_read(live: str, api: ApiVersion, structure: StructureFormat) -> None:
    client = service(live, api, DataFormat.SDMX_JSON_2_0_0, structure_format=structure)
    query = StructureQuery(
        StructureType.CODELIST,
        "SCI",
        "CL_SEX",
        "1.0.0",
        detail=StructureDetail.FULL,
        references=StructureReference.NONE,
    )
    message = read_sdmx(client.structure(query).decode(), validate=False)
    codelists = message.get_codelists()
    assert {code.id for code in codelists[0].items} >= {"_T", "M", "F"}


@pytest.mark.parametrize(
    ("api", "available"),
    [
        (OLD, AvailabilityFormat.SDMX_ML_2_1),
        (OLD, AvailabilityFormat.SDMX_JSON_1_0_0),
        (NEW, AvailabilityFormat.SDMX_ML_3_0),
    ],
)
def test_availability_is_answered(live: str, api: ApiVersion, available: AvailabilityFormat) -> None:
    client = service(live, api, DataFormat.SDMX_JSON_2_0_0, avail_format=available)
    query = AvailabilityQuery(DataContext.DATAFLOW, "SCI", "VITAL", "1.0.0", component_id="VITAL_EVENT")
    answer = client.availability(query).decode()
    assert all(event in answer for event in ("BIRTH", "DEATH", "MARRIAGE", "DIVORCE"))


@pytest.mark.parametrize(
    ("api", "schema"), [(OLD, SchemaFormat.SDMX_ML_2_1_SCHEMA), (NEW, SchemaFormat.SDMX_ML_3_0_SCHEMA)]
)
def test_schemas_are_answered(live: str, api: ApiVersion, schema: SchemaFormat) -> None:
    client = service(live, api, DataFormat.SDMX_JSON_2_0_0, schema_format=schema)
    answer = client.schema(SchemaQuery(SchemaContext.DATAFLOW, "SCI", "CPI", "1.0.0")).decode()
    assert "CP01" in answer
    assert "schema" in answer[:500]
