"""pysdmx, as an ordinary client of the running server: its registry client, and its readers on our answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
import requests
from pysdmx.api.fmr import RegistryClient
from pysdmx.io import read_sdmx
from pysdmx.io.format import StructureFormat
from pysdmx.model import Category


@pytest.fixture
def client(live: str) -> RegistryClient:
    return RegistryClient(f"{live}/sdmx/v2/", StructureFormat.SDMX_JSON_2_0_0)


def test_dataflows_are_listed(client: RegistryClient) -> None:
    flows = {flow.id for flow in client.get_dataflows("SCI")}
    assert flows >= {"CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL"}


def test_the_schema_has_the_components_and_codes(client: RegistryClient) -> None:
    schema = client.get_schema("dataflow", "SCI", "CENSUS_POP", "1.0.0")
    assert [d.id for d in schema.components.dimensions] == [
        "FREQ",
        "REF_AREA",
        "RESIDENCE",
        "SEX",
        "AGE",
        "TIME_PERIOD",
    ]
    sexes = schema.components["SEX"].enumeration
    assert sexes is not None
    assert {code.id for code in sexes} >= {"_T", "M", "F"}


def test_codes_keep_their_hierarchy_and_names(client: RegistryClient) -> None:
    codes = {code.id: code for code in client.get_codes("SCI", "CL_AREA", "1.0.0")}
    assert codes["IR-23"].name == "Tehran"


def test_the_rest_of_the_catalogue_is_read(client: RegistryClient) -> None:
    assert {one.id for one in client.get_agencies("SDMX")} == {"SDMX", "SCI"}
    assert {one.id for one in client.get_providers("SCI")} == {"SCI", "NOCR"}
    assert {one.id for one in client.get_data_structures("SCI")} >= {"CENSUS", "CPI", "VITAL"}
    assert {one.id for one in client.get_concepts("SCI", "CONCEPTS").concepts} >= {"REF_AREA", "OBS_VALUE"}
    subjects = client.get_categories("SCI", "SUBJECTS")
    assert {flow.id for category in _all(subjects.categories) for flow in category.dataflows} >= {"CPI", "VITAL"}
    assert client.get_dataflow_details("SCI", "VITAL", "1.0.0").obs_count in (None, 4)


def _all(categories: Sequence[Category]) -> Iterator[Category]:
    for category in categories:
        yield category
        yield from _all(category.categories)


def test_reports_of_quality_are_read(client: RegistryClient) -> None:
    [structure] = client.get_metadata_structures("SCI")
    [flow] = client.get_metadataflows("SCI")
    [provider] = client.get_metadata_providers("SCI")
    assert (structure.id, flow.id, provider.id) == ("QUALITY_REPORT", "QUALITY_REPORT", "SCI")
    [report] = client.get_reports("dataflow", "SCI", "CPI", "1.0.0")
    same = client.get_report("SCI", "QUALITY_CPI", "1.0.0")
    assert report.name == same.name == "Quality report: consumer price index of urban households"
    [presented] = [one for one in same.attributes if one.id == "STAT_PRES"]
    values = {one.id: one.value for one in presented.attributes}
    assert values["CLASS_SYSTEM"]["en"] == "16 groups of goods and services."


@pytest.mark.parametrize(
    ("accept", "attributes"),
    [
        ("application/vnd.sdmx.data+csv;version=2.0.0", "UNIT_MEASURE,OBS_STATUS"),  # it reads no STRUCTURE[;] head
        ("application/vnd.sdmx.data+xml;version=3.0.0", "all"),
    ],
    ids=["csv", "xml"],
)
def test_data_have_the_published_figures(live: str, accept: str, attributes: str) -> None:
    path = "/sdmx/v2/data/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T.*._T?c[TIME_PERIOD]=2016-03-20/P366D"
    url = f"{live}{path}&attributes={attributes}"
    answer = requests.get(url, headers={"Accept": accept}, timeout=60)
    message = read_sdmx(answer.text, validate=False)
    [dataset] = message.data
    figures = {row.SEX: int(row.OBS_VALUE) for row in dataset.data.itertuples()}
    assert figures == {"_T": 79926270, "M": 40498442, "F": 39427828}
