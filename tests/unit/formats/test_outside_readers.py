"""Programs that others wrote read our data messages with the right figures."""

from __future__ import annotations

import io

import pysdmx.io
import pytest
import sdmx
import sdmx.model.v21 as im21
import sdmx.model.v30 as im
from sdmx.model.common import Concept, GroupDimensionDescriptor, Representation
from support.cases import CASES, Case

from sdmx_server.batches import WriteOptions
from sdmx_server.formats import FORMATS


def write(case: Case, name: str) -> bytes:
    writer = next(f.write_data for f in FORMATS if f.name == name)
    assert writer is not None
    return b"".join(writer(case.message(), WriteOptions()))


FIGURES = {
    ("M", "IR", "RICE", "2024-01"): "12.5",
    ("M", "IR", "RICE", "2024-02"): "13",
    ("M", "IR", "OIL & FAT", "2024-02"): "1e+16",
    ("A", "IR-07", "RICE", "1402-01-01/P1Y"): "-1.5e-7",
    ("A", "TR", "RICE", "2024"): "1234567.891",
}


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # of the reader's own use of pandas
@pytest.mark.parametrize(
    "name", ["sdmx-csv-1.0-data", "sdmx-csv-2.0-data", "sdmx-csv-2.1-data", "sdmx-ml-3.0-data", "sdmx-ml-3.1-data"]
)
def test_pysdmx_reads_our_data(name: str) -> None:
    (dataset,) = pysdmx.io.read_sdmx(write(CASES[0](), name).decode(), validate=False).data
    assert dataset.structure == "Dataflow=SCI:DF_PRICES(1.0.0)"
    rows = {
        (row["FREQ"], row["REF_AREA"], row["ITEM"], row["TIME_PERIOD"]): row
        for row in dataset.data.to_dict(orient="records")
    }
    assert len(rows) == 8
    assert {key: rows[key]["OBS_VALUE"] for key in FIGURES} == FIGURES
    assert rows["M", "IR", "RICE", "2024-01"]["SOURCE"] == "Survey <1>"
    assert rows["M", "IR", "RICE", "2024-01"]["UNIT"] == "KG"
    title = dataset.attributes.get("TITLE", rows["A", "TR", "RICE", "2024"].get("TITLE"))
    assert title == "Prices, & <more>"


def test_sdmx1_reads_our_xml() -> None:
    structure = im.DataStructureDefinition(id="DSD_PRICES")
    for name in ("FREQ", "REF_AREA", "ITEM"):
        structure.dimensions.append(im.Dimension(id=name))
    structure.dimensions.append(im.TimeDimension(id="TIME_PERIOD"))
    structure.measures.append(im.Measure(id="OBS_VALUE"))
    for name in ("UNIT", "AREA_NOTE", "SOURCE", "OBS_STATUS", "TIME_LABEL", "COMMENT"):
        structure.attributes.append(im.DataAttribute(id=name))
    group = GroupDimensionDescriptor(
        id="Sibling", components=[structure.dimensions.get(n) for n in ("REF_AREA", "ITEM")]
    )
    structure.group_dimensions["Sibling"] = group
    message = sdmx.read_sdmx(io.BytesIO(write(CASES[0](), "sdmx-ml-3.0-data")), structure=structure)
    (dataset,) = message.data
    found = {}
    for observation in dataset.obs:
        key = {k: v.value for k, v in (observation.series_key + observation.dimension).values.items()}
        found[key["FREQ"], key["REF_AREA"], key["ITEM"], key["TIME_PERIOD"]] = observation
    assert len(found) == 8
    assert {key: found[key].value for key in FIGURES} == FIGURES
    first = found["M", "IR", "RICE", "2024-01"]
    assert first.attached_attribute["OBS_STATUS"].value == "A"
    assert first.series_key.attrib["SOURCE"].value == "Survey <1>"


ML_21 = ("generic-data", "structure-specific-data", "generic-time-series-data", "structure-specific-time-series-data")


@pytest.mark.parametrize("name", ML_21)
def test_sdmx1_reads_our_xml_of_2_1(name: str) -> None:
    structure = im21.DataStructureDefinition(id="DSD_PRICES")
    for dimension in ("FREQ", "REF_AREA", "ITEM"):
        structure.dimensions.append(im21.Dimension(id=dimension))
    structure.dimensions.append(im21.TimeDimension(id="TIME_PERIOD"))
    structure.measures.append(im21.PrimaryMeasure(id="OBS_VALUE"))
    concept = Concept(id="ANY")
    concept.core_representation = Representation()  # it looks into that of every attribute
    for attribute in ("TITLE", "UNIT", "AREA_NOTE", "SOURCE", "OBS_STATUS", "TIME_LABEL", "COMMENT"):
        structure.attributes.append(im21.DataAttribute(id=attribute, concept_identity=concept))
    group = GroupDimensionDescriptor(
        id="Sibling", components=[structure.dimensions.get(n) for n in ("REF_AREA", "ITEM")]
    )
    structure.group_dimensions["Sibling"] = group
    message = sdmx.read_sdmx(io.BytesIO(write(CASES[0](), f"sdmx-ml-2.1-{name}")), structure=structure)
    (dataset,) = message.data
    assert message.footer.code == 2005
    found = {}
    for observation in dataset.obs:
        key = {k: v.value for k, v in (observation.series_key + observation.dimension).values.items()}
        found[key["FREQ"], key["REF_AREA"], key["ITEM"], key["TIME_PERIOD"]] = observation
    assert len(found) == 8
    assert {key: found[key].value for key in FIGURES} == FIGURES
    first = found["M", "IR", "RICE", "2024-01"]
    assert first.attached_attribute["OBS_STATUS"].value == "A"
    assert first.series_key.attrib["SOURCE"].value == "Survey <1>"
    groups = {tuple(str(v.value) for v in key.values.values()): key for key in dataset.group}
    assert groups["IR", "RICE"].attrib["UNIT"].value == "KG"
    assert first in dataset.group[groups["IR", "RICE"]]


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # of the reader's own use of pandas
@pytest.mark.parametrize("name", ML_21[:2])
def test_pysdmx_reads_our_xml_of_2_1(name: str) -> None:
    (dataset,) = pysdmx.io.read_sdmx(write(CASES[0](), f"sdmx-ml-2.1-{name}").decode(), validate=True).data
    assert dataset.structure == "Dataflow=SCI:DF_PRICES(1.0.0)"
    rows = {
        (row["FREQ"], row["REF_AREA"], row["ITEM"], row["TIME_PERIOD"]): row
        for row in dataset.data.to_dict(orient="records")
    }
    assert len(rows) == 8
    assert {key: rows[key]["OBS_VALUE"] for key in FIGURES} == FIGURES
    assert rows["M", "IR", "RICE", "2024-01"]["SOURCE"] == "Survey <1>"
