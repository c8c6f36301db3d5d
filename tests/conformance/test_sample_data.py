"""Official samples of data in SDMX-JSON, SDMX-ML and SDMX-CSV 1.0: loaded, and written back as they were."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from support.cases import TIME, Case, attribute, dimension, measure
from support.json_data_samples import FLAWED_SAMPLES, SAMPLE_URN, described, facts, without_repeated_keys
from support.loading import Loaded
from support.read_back import read_xml
from support.sample_structures import accounts, demography

from conformance.documents import ROOT, SAMPLES
from sdmx_server.batches import WriteOptions
from sdmx_server.formats import FORMATS
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.resolved import ResolvedStructure


def case_of(loaded: Loaded, schema: ResolvedStructure) -> Case:
    """What was loaded, to be written."""
    keys = {key for delta in loaded.deltas for key in delta.groups}
    groups = {key: pl.DataFrame(loaded.group(*key)) for key in keys if key}
    whole = {name: value for row in loaded.group() for name, value in row.items() if value is not None}
    return Case(
        name="sample", schema=schema, observations=pl.DataFrame(loaded.rows), groups=groups, dataset_attributes=whole
    )


# ---- SDMX-JSON -----------------------------------------------------------------------------------------------------

JSON = sorted(
    path
    for folder in (SAMPLES / "2.1/json/data", SAMPLES / "3.0/json/data")
    for path in folder.rglob("*.json")
    if path.name not in FLAWED_SAMPLES
) + sorted((ROOT / "tests/data/sdmx_json").glob("data-*.json"))


@pytest.mark.parametrize("path", JSON, ids=lambda path: "-".join(path.parts[-4:]))
def test_json_is_written_back(path: Path, tmp_path: Path) -> None:
    schema, _ = described(path)
    text = re.sub(r'"urn": *"[^"]*"', f'"urn": "{SAMPLE_URN}"', path.read_text(encoding="utf-8"))
    sample = tmp_path / "sample.json"
    sample.write_text(without_repeated_keys(text), encoding="utf-8")
    case = case_of(Loaded(FileJob(path=sample, loader="sdmx-json"), schema), schema)
    version = "2.0" if '"structures"' in text else "1.0"
    [form] = [f for f in FORMATS if f.name == f"sdmx-json-{version}-data"]
    assert form.write_data is not None
    assert facts(b"".join(form.write_data(case.message(), WriteOptions()))) == facts(sample.read_bytes())


# ---- SDMX-ML -------------------------------------------------------------------------------------------------------

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DEMOGRAPHY, RATES = "2.1/ml/demography/demography_xs.xml", "3.0/ml/Data - Simple Data Attributes/ECB_EXR.xml"
OWN = ROOT / "tests/data/samples/3.0/ml/data/own_rates.xml"


def official_demography() -> ResolvedStructure:
    """The structure of the sample of 2.1, which its own files hold."""
    return demography(SAMPLES / file for file in ("2.1/ml/common/common.xml", "2.1/ml/demography/demography.xml"))


def rates() -> ResolvedStructure:
    """A structure that the sample of 3.0 fits; its own refers to concepts and codelists that nobody has."""
    keys = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE", "EXR_SUFFIX")
    of_series = ("TIME_FORMAT", "COLLECTION", "DECIMALS", "SOURCE_AGENCY", "TITLE", "TITLE_COMPL", "UNIT", "UNIT_MULT")
    of_observations = [attribute("OBS_STATUS", (*keys, TIME.id))]
    return ResolvedStructure(
        structure=DataStructure(agency="ECB", id="ECB_EXR", version="1.0"),
        dataflow=Dataflow(agency="ECB", id="EXR", version="1.0"),
        dimensions=tuple(map(dimension, keys)),
        time=TIME,
        measures=(measure("OBS_VALUE"),),
        attributes=(*(attribute(name, keys) for name in of_series), *of_observations),
    )


XML = [
    pytest.param(path, make, form, id=path.stem)
    for path, make, form in (
        (SAMPLES / DEMOGRAPHY, official_demography, "sdmx-ml-2.1-structure-specific-data"),
        (SAMPLES / RATES, rates, "sdmx-ml-3.0-data"),
        (OWN, rates, "sdmx-ml-3.0-data"),
    )
    if path.is_file()
]


@pytest.mark.parametrize(("path", "make", "name"), XML)
def test_xml_is_written_back(path: Path, make: Callable[[], ResolvedStructure], name: str) -> None:
    schema = make()
    case = case_of(Loaded(FileJob(path=path), schema), schema)
    root = etree.parse(path).getroot()
    at = root.find(".//{*}Structure[@dimensionAtObservation]").get("dimensionAtObservation")
    for obs in root.iter("Obs"):  # in 2.1 the type of an observation may say its measure, which is a dimension there
        if TYPE in obs.attrib:
            obs.set(at, obs.attrib.pop(TYPE).partition(":")[2])
    [form] = [f for f in FORMATS if f.name == name]
    assert form.write_data is not None
    written = b"".join(form.write_data(case.message(at), WriteOptions()))
    assert f'dimensionAtObservation="{at}"'.encode() in written
    before = read_xml(etree.tostring(root), schema)
    assert before
    assert read_xml(written, schema) == before


# ---- SDMX-CSV 1.0 --------------------------------------------------------------------------------------------------

CSV = [*sorted((SAMPLES / "2.1/csv/data").glob("*.csv")), ROOT / "tests/data/samples/2.1/csv/data/own_accounts.csv"]


@pytest.mark.parametrize("path", CSV, ids=lambda path: path.name[:40])
def test_csv_is_written_back(path: Path) -> None:
    """Labels are names, which a load checks and does not keep; without them the cells are the same."""
    schema = accounts()
    text = path.read_text(encoding="utf-8-sig")
    outer = ";" if text.startswith("DATAFLOW;") else ","
    options = {"decimal": ","} if outer == ";" else {}
    case = case_of(Loaded(FileJob(path=path, options=options), schema), schema)
    [form] = [f for f in FORMATS if f.name == "sdmx-csv-1.0-data"]
    assert form.write_data is not None
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=outer, strict=True)
    wanted = [
        {
            title.partition(": ")[0]: cell.partition(": ")[0] if ": " in title or title == "DATAFLOW" else cell
            for title, cell in zip(head, row, strict=True)
            if title != "SERIESKEY"
        }
        for row in rows
    ]
    for row in wanted:
        row["OBS_VALUE"] = row["OBS_VALUE"].replace(",", ".")
    written = b"".join(form.write_data(case.message(), WriteOptions())).decode("utf-8")
    assert list(csv.DictReader(io.StringIO(written, newline=""), strict=True)) == wanted
