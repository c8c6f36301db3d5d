"""sdmx1, as an ordinary client of the running server: SDMX 3.0 source, XML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import sdmx
from sdmx.reader import csv

XML_STRUCTURE = {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}
XML_DATA = {"Accept": "application/vnd.sdmx.data+xml;version=3.0.0"}


@pytest.fixture
def client(live: str) -> Iterator[Any]:
    source = {"id": "SCI", "name": "test", "url": f"{live}/sdmx/v2", "versions": ["3.0.0"]}
    sdmx.add_source(source, override=True)
    client = sdmx.Client("SCI")
    yield client
    client.session.close()


def test_dataflows_are_listed_with_both_languages(client: Any) -> None:
    message = client.dataflow(headers=XML_STRUCTURE)
    assert set(message.dataflow) >= {"CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL"}
    name = message.dataflow["CPI"].name
    assert set(name.localizations) == {"en", "fa"}


def test_the_dsd_and_its_codelists_are_read(client: Any) -> None:
    message = client.dataflow("CENSUS_POP", headers=XML_STRUCTURE, params={"references": "descendants"})
    [dsd] = [d for d in message.structure.values() if d.id == message.dataflow["CENSUS_POP"].structure.id]
    assert [d.id for d in dsd.dimensions] == ["FREQ", "REF_AREA", "RESIDENCE", "SEX", "AGE", "TIME_PERIOD"]
    areas = message.codelist["CL_AREA"]
    assert areas["IR-23"].parent is areas["IR"]


def test_the_rest_of_the_catalogue_is_read(client: Any) -> None:
    sexes = client.codelist("CL_SEX", headers=XML_STRUCTURE).codelist["CL_SEX"]
    assert {"_T", "M", "F"} <= {code.id for code in sexes}
    concepts = client.conceptscheme("CONCEPTS", headers=XML_STRUCTURE).concept_scheme["CONCEPTS"]
    assert concepts["REF_AREA"].name.localizations.keys() == {"en", "fa"}
    assert len(client.categoryscheme("SUBJECTS", headers=XML_STRUCTURE).category_scheme["SUBJECTS"]) == 5
    reports = client.metadatastructure("QUALITY_REPORT", headers=XML_STRUCTURE).metadatastructure
    assert list(reports) == ["QUALITY_REPORT"]


def test_csv_has_the_published_figures(client: Any, live: str) -> None:
    [structure] = client.dataflow(
        "CENSUS_POP", headers=XML_STRUCTURE, params={"references": "descendants"}
    ).structure.values()
    path = "/sdmx/v2/data/dataflow/SCI/CENSUS_POP/1.0.0/A.IR._T.*._T?attributes=UNIT_MEASURE&lastNObservations=1"
    accept = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
    answer = requests.get(live + path, headers=accept, timeout=60)
    message = csv.Reader().convert(io.BytesIO(answer.content), structure=structure)
    frame = sdmx.to_pandas(message.data[0])
    by_sex = {key[frame.index.names.index("SEX")]: value for key, value in frame.items()}
    assert by_sex == {"_T": 79926270, "M": 40498442, "F": 39427828}


def test_data_have_the_published_figures(client: Any) -> None:
    structures = client.dataflow("CENSUS_POP", headers=XML_STRUCTURE, params={"references": "descendants"})
    [dsd] = structures.structure.values()
    message = client.data(
        "CENSUS_POP",
        key="A.IR._T.*._T",
        params={"attributes": "UNIT_MEASURE,OBS_STATUS"},  # it stops at texts in several languages, see docs/clients.md
        headers=XML_DATA,
        dsd=dsd,
    )
    frame = sdmx.to_pandas(message.data[0]).xs("2016-03-20/P366D", level="TIME_PERIOD")
    by_sex = {key[frame.index.names.index("SEX")]: value for key, value in frame.items()}
    assert by_sex == {"_T": 79926270, "M": 40498442, "F": 39427828}
