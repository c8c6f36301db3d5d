"""pysdmx's RestService, as an ordinary client of the running server, by REST 1.5.0 and 2.0 to 2.2.2."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from lxml import etree
from pysdmx.api.dc.query import DateTimeFilter, Operator, TextFilter
from pysdmx.api.qb import (
    ApiVersion,
    AvailabilityFormat,
    AvailabilityQuery,
    DataContext,
    DataFormat,
    DataQuery,
    RefMetaByMetadataflowQuery,
    RefMetaByMetadatasetQuery,
    RefMetaByStructureQuery,
    RefMetaFormat,
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


AVAILABLE = [
    (OLD, AvailabilityFormat.SDMX_ML_2_1),
    (OLD, AvailabilityFormat.SDMX_JSON_1_0_0),
    (NEW, AvailabilityFormat.SDMX_ML_3_0),
    (NEW, AvailabilityFormat.SDMX_ML_3_1),
    (NEW, AvailabilityFormat.SDMX_JSON_2_0_0),
]
VITAL = {"BIRTH": 979_923, "DEATH": 458_848, "MARRIAGE": 470_372, "DIVORCE": 194_078}
"""The vital events of 1403, as published."""


@pytest.mark.parametrize(("api", "available"), AVAILABLE)
def test_what_is_available_is_told(live: str, api: ApiVersion, available: AvailabilityFormat) -> None:
    client = service(live, api, DataFormat.SDMX_JSON_2_0_0, avail_format=available)
    query = AvailabilityQuery(DataContext.DATAFLOW, "SCI", "VITAL", "1.0.0", component_id="VITAL_EVENT")
    keys, counts = _available(client.availability(query))
    assert set(keys["VITAL_EVENT"]) == {*VITAL}
    assert len(keys) == (1 if api is NEW else 7)  # in the address of 1.5.0 it leaves the component out
    assert counts == {"series_count": "4", "obs_count": "4"}


def _available(answer: bytes) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The values of each component, and the counts, which from SDMX-ML 3.1 on have attributes of their own."""
    if answer.startswith(b"{"):
        [[constraint]] = json.loads(answer)["data"].values()
        [region] = constraint["cubeRegions"]
        selections = [*region.get("components", ()), *region.get("keyValues", ())]
        keys = {one["id"]: [_plain(value) for value in one.get("values", ())] for one in selections}
        return keys, {one["id"]: one["title"] for one in constraint["annotations"]}
    root = etree.fromstring(answer)
    keys = {
        key.get("id", ""): [str(value.text) for value in key.iterfind("{*}Value")] for key in root.iter("{*}KeyValue")
    }
    one = root.find(".//{*}AvailabilityConstraint")
    if one is not None:
        return keys, {"series_count": one.get("seriesCount", ""), "obs_count": one.get("obsCount", "")}
    notes = root.iter("{*}Annotation")
    return keys, {note.get("id", ""): note.findtext("{*}AnnotationTitle", "") for note in notes}


def _plain(value: str | dict[str, str]) -> str:
    return value if isinstance(value, str) else value["value"]


@pytest.mark.parametrize(
    ("api", "schema"),
    [
        (OLD, SchemaFormat.SDMX_ML_2_1_SCHEMA),
        (OLD, SchemaFormat.SDMX_ML_2_1_STRUCTURE),
        (OLD, SchemaFormat.SDMX_JSON_1_0_0_STRUCTURE),
        (NEW, SchemaFormat.SDMX_ML_3_0_SCHEMA),
        (NEW, SchemaFormat.SDMX_JSON_2_0_0_SCHEMA),
        (NEW, SchemaFormat.SDMX_JSON_2_0_0_STRUCTURE),
        (NEW, SchemaFormat.SDMX_ML_3_0_STRUCTURE),
        (NEW, SchemaFormat.SDMX_ML_3_1_STRUCTURE),
    ],
)
def test_schemas_have_the_codes_that_data_may_have(live: str, api: ApiVersion, schema: SchemaFormat) -> None:
    client = service(live, api, DataFormat.SDMX_JSON_2_0_0, schema_format=schema)
    answer = client.schema(SchemaQuery(SchemaContext.DATAFLOW, "SCI", "VITAL", "1.0.0"))
    if schema.value.partition(";")[0].endswith("json"):
        assert json.loads(answer)
    else:
        local = etree.QName(etree.fromstring(answer)).localname
        assert local == ("schema" if schema.name.endswith("_SCHEMA") else "Structure")
    assert all(event in answer.decode() for event in VITAL)


@pytest.mark.parametrize("form", [DataFormat.SDMX_JSON_1_0_0, DataFormat.SDMX_JSON_2_0_0])
@pytest.mark.parametrize("api", [OLD, NEW])
def test_json_has_the_published_figures(live: str, api: ApiVersion, form: DataFormat) -> None:
    query = DataQuery(DataContext.DATAFLOW, "SCI", "VITAL", "1.0.0", last_n_obs=1)
    sets = json.loads(service(live, api, form).data(query))["data"]["dataSets"]
    values = [
        one[0] for found in sets for series in found["series"].values() for one in series["observations"].values()
    ]
    assert sorted(map(int, values)) == sorted(VITAL.values())


ASKED = [
    RefMetaByMetadatasetQuery("SCI", "QUALITY_CPI"),
    RefMetaByMetadataflowQuery("SCI", "QUALITY_REPORT", "1.0.0"),
    RefMetaByStructureQuery(StructureType.DATAFLOW, "SCI", "CPI", "1.0.0"),
]


@pytest.mark.parametrize("form", [one for one in RefMetaFormat if one is not RefMetaFormat.FUSION_JSON])
@pytest.mark.parametrize("query", ASKED, ids=lambda query: type(query).__name__)
def test_reports_are_answered(
    live: str,
    query: RefMetaByMetadatasetQuery | RefMetaByMetadataflowQuery | RefMetaByStructureQuery,
    form: RefMetaFormat,
) -> None:
    """pysdmx asks for reference metadata by the newer API alone."""
    client = service(live, NEW, DataFormat.SDMX_JSON_2_0_0, refmeta_format=form)
    answer = client.reference_metadata(query).decode()
    assert "QUALITY_CPI" in answer
    assert "16 groups of goods and services." in answer
