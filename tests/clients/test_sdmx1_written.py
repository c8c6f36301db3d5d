"""Messages that sdmx1 writes (SDMX-ML 2.1) can be loaded."""

from __future__ import annotations

from pathlib import Path

import sdmx
from sdmx.message import DataMessage
from sdmx.model import v21
from support.loading import Loaded, structure

from sdmx_server.loading.prepare import FileJob


def test_structure_specific_data_that_sdmx1_writes(tmp_path: Path) -> None:
    agency = v21.Agency(id="SCI")
    owner = v21.DataStructureDefinition(id="DSD_T", version="1.0.0", maintainer=agency)
    for name in ("FREQ", "REF_AREA", "SEX"):
        owner.dimensions.append(v21.Dimension(id=name))
    owner.dimensions.append(v21.TimeDimension(id="TIME_PERIOD"))
    owner.measures.append(v21.PrimaryMeasure(id="OBS_VALUE"))
    status = v21.DataAttribute(id="OBS_STATUS", related_to=v21.PrimaryMeasureRelationship())
    owner.attributes.append(status)
    data = v21.StructureSpecificDataSet(structured_by=owner)
    key = owner.make_key(v21.SeriesKey, {"FREQ": "A", "REF_AREA": "IR", "SEX": "_T"})
    data.add_obs(
        [
            v21.Observation(
                dimension=owner.make_key(v21.Key, {"TIME_PERIOD": year}),
                value=value,
                value_for=owner.measures[0],
                attached_attribute={"OBS_STATUS": v21.AttributeValue(value="A", value_for=status)},
            )
            for year, value in (("2011", 75149669), ("2016", 79926270))
        ],
        key,
    )
    message = DataMessage(data=[data], observation_dimension=owner.dimensions.get("TIME_PERIOD"))
    message.header.id = "M1"
    file = tmp_path / "message.xml"
    file.write_bytes(sdmx.to_xml(message))
    rows = Loaded(FileJob(path=file), structure()).rows
    assert [(r["REF_AREA"], r["TIME_PERIOD"], r["OBS_VALUE"], r["OBS_STATUS"]) for r in rows] == [
        ("IR", "2011", 75149669.0, "A"),
        ("IR", "2016", 79926270.0, "A"),
    ]
