"""sdmx1 as an ordinary client of SDMX REST 1.5.0: SDMX-ML 2.1, generic and structure-specific."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sdmx

FORMS = ("genericdata", "structurespecificdata", "generictimeseriesdata", "structurespecifictimeseriesdata")
FIGURES = {"_T": 79926270, "M": 40498442, "F": 39427828}
"""The census of 1395 (2016), Iran: all, men, women."""


@pytest.fixture
def client(live: str) -> Iterator[Any]:
    sdmx.add_source({"id": "SCI", "name": "test", "url": f"{live}/sdmx/v1"}, override=True)
    client = sdmx.Client("SCI")
    yield client
    client.session.close()


@pytest.fixture
def structure(client: Any) -> Any:
    [found] = client.dataflow("CENSUS_POP", params={"references": "descendants"}).structure.values()
    return found


def figures(message: Any) -> dict[str, float]:
    frame = sdmx.to_pandas(message.data[0]).xs("2016-03-20/P366D", level="TIME_PERIOD")
    return {key[frame.index.names.index("SEX")]: value for key, value in frame.items()}


def test_the_structure_is_read(structure: Any) -> None:
    assert [d.id for d in structure.dimensions] == ["FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD"]
    assert [m.id for m in structure.measures] == ["OBS_VALUE"]


def test_the_rest_of_the_catalogue_is_read(client: Any) -> None:
    assert {"_T", "M", "F"} <= {code.id for code in client.codelist("CL_SEX").codelist["CL_SEX"]}
    assert "REF_AREA" in client.conceptscheme("CONCEPTS").concept_scheme["CONCEPTS"]
    assert len(client.categoryscheme("SUBJECTS").category_scheme["SUBJECTS"]) == 5
    [region] = client.contentconstraint("DC_LFS_POP").constraint["DC_LFS_POP"].data_content_region
    places = {str(value.value) for key, held in region.member.items() if key.id == "RESIDENCE" for value in held.values}
    assert places == {"_T", "U", "R"}
    assert "PA_CPI" in client.provisionagreement().provisionagreement
    assert list(client.metadatastructure("QUALITY_REPORT").metadatastructure) == ["QUALITY_REPORT"]
    assert list(client.metadataflow("QUALITY_REPORT").metadataflow) == ["QUALITY_REPORT"]


@pytest.mark.parametrize("form", FORMS)
def test_data_have_the_published_figures(client: Any, structure: Any, form: str) -> None:
    accept = {"Accept": f"application/vnd.sdmx.{form}+xml;version=2.1"}
    message = client.data("CENSUS_POP", key="A.IR._T.._T", headers=accept, dsd=structure)
    assert figures(message) == FIGURES
    [first, *_] = message.data[0].obs
    assert first.attached_attribute | first.series_key.attrib | message.data[0].attrib


def test_generic_data_are_the_default_and_need_no_structure(client: Any) -> None:
    message = client.data("CENSUS_POP", key="A.IR._T.._T")
    assert message.response.headers["Content-Type"].startswith("application/vnd.sdmx.genericdata+xml;version=2.1")
    assert figures(message) == FIGURES


@pytest.mark.parametrize("form", FORMS[:2])
def test_another_dimension_may_be_at_the_observation(client: Any, structure: Any, form: str) -> None:
    accept = {"Accept": f"application/vnd.sdmx.{form}+xml;version=2.1"}
    parameters = {"dimensionAtObservation": "SEX", "startPeriod": "2016", "endPeriod": "2017"}
    message = client.data("CENSUS_POP", key="A.IR._T.._T", params=parameters, headers=accept, dsd=structure)
    assert {str(o.dimension["SEX"].value): float(o.value) for o in message.data[0].obs} == FIGURES
