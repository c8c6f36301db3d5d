"""Processes: their steps in every version, what they refer to and who asks for them."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from support.world import WORLD, catalogue

from sdmx_server.errors import BadQuery, Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import read_structures as read_json
from sdmx_server.formats.sdmx_json.structure import write_structures
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.process import Computation, Process, ProcessStep, Transition
from sdmx_server.model.reference import parse_urn
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

FOLDER = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml"


def message(name):
    return read_structures(io.BytesIO((FOLDER / name).read_bytes()), name)


OLD, NEW = message("process_2_1.xml"), message("process_3_1.xml")
[PROCESS] = NEW.artefacts
EMPTY = Process(
    agency="SCI",
    id="P",
    names={"en": "P"},
    steps=(
        ProcessStep(
            id="EDIT", names={"en": "E"}, computation=Computation(), transitions=(Transition(target="NEXT.SUB"),)
        ),
    ),
)


def ask(tail, query=""):
    return answer_structure_query(catalogue(*WORLD, PROCESS), parse_structure_query(tail, query))


def as_json(artefact, version):
    whole = StructureMessage(header=NEW.header, artefacts=(artefact,))
    return b"".join(write_structures(whole, WriteOptions(), version=version))


def test_the_steps_of_2_1():
    [process] = OLD.artefacts
    edit, publish = process.steps
    assert [(one.target, one.id, one.local_id) for one in edit.transitions] == [
        ("EDIT.OUTLIERS", "AGAIN", "T1"),
        ("PUBLISH", None, None),
    ]
    assert edit.transitions[1].conditions == {"en": "Otherwise", "fa": "وگرنه"}
    assert (edit.inputs[0].local_id, edit.inputs[0].artefact.short) == ("PRICES", "SCI:PRICES(1.0)")
    assert edit.computation.software_version == "4.4.1"
    assert [one.id for one in edit.steps] == ["OUTLIERS"]
    assert publish.inputs[0].artefact.urn == "urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_AREA(1.0).IR"


@pytest.mark.proves("v2 structure: references=process", "v1 structure: references=process")
def test_a_process_comes_with_what_its_steps_take_and_give():
    children = {(one.kind, one.id) for one in ask("process/SCI", "references=children").related}
    assert children >= {("Dataflow", "CPI"), ("Codelist", "CL_AREA")}
    assert {kind for kind, _ in children} == {"AgencyScheme", "Dataflow", "Codelist"}
    for asked in ("references=process", "references=parents"):
        above = ask("dataflow/SCI/CPI", asked).related
        assert [one.id for one in above if one.kind == "Process"] == ["CPI_PROCESS"]
    query = v1.parse_structure_query("dataflow", "SCI/CPI", "references=process")
    assert [one.id for one in answer_structure_query(catalogue(*WORLD, PROCESS), query).related] == ["CPI_PROCESS"]


@pytest.mark.proves("v2 structure: artefactType=process", "v1 structure: resource=process")
def test_it_is_asked_for_in_both_versions_and_has_no_items_there():
    found = answer_structure_query(catalogue(*WORLD, PROCESS), v1.parse_structure_query("process", "SCI/all/all"))
    assert found.matching == ask("process/SCI").matching == (PROCESS,)
    with pytest.raises(BadQuery):
        v1.parse_structure_query("process", "SCI/CPI_PROCESS/1.0.0/EDIT")
    with pytest.raises(BadQuery):
        parse_structure_query("process/SCI/CPI_PROCESS/1.0.0/EDIT")


def test_a_stub_has_no_steps():
    [stub] = ask("process", "detail=allstubs").matching
    assert (stub.id, stub.names, stub.steps) == ("CPI_PROCESS", PROCESS.names, ())


def test_the_urns_of_steps_and_transitions_name_the_steps_around_them():
    written = b"".join(write_xml(NEW, WriteOptions(), "3.1")).decode()
    for urn in ("ProcessStep=SCI:CPI_PROCESS(1.0.0).EDIT.OUTLIERS", "Transition=SCI:CPI_PROCESS(1.0.0).COLLECT.DONE"):
        assert f'urn="urn:sdmx:org.sdmx.infomodel.process.{urn}"' in written
    found = parse_urn("urn:sdmx:org.sdmx.infomodel.process.Transition=SCI:CPI_PROCESS(1.0.0).COLLECT.DONE")
    assert (found.kind, found.item, found.part) == ("Process", "COLLECT.DONE", "Transition")


def test_1_0_names_the_step_that_follows_by_urn():
    written = json.loads(as_json(PROCESS, "1.0.0"))
    transition = written["data"]["processes"][0]["processSteps"][0]["transitions"][0]
    urn = "urn:sdmx:org.sdmx.infomodel.process.ProcessStep=SCI:CPI_PROCESS(1.0.0).EDIT.OUTLIERS"
    assert transition["targetStep"] == urn
    transition["targetStep"] = "urn:sdmx:org.sdmx.infomodel.process.Process=SCI:CPI_PROCESS(1.0.0)"
    with pytest.raises(Refused) as refusal:
        read_json(io.BytesIO(json.dumps(written).encode()), "message.json")
    [problem] = refusal.value.problems
    assert problem.path == "/data/processes/0/processSteps/0/transitions/0/targetStep"


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_texts_that_are_not_there_stay_away_in_json(version):
    assert read_json(io.BytesIO(as_json(EMPTY, version)), "message.json").artefacts == (EMPTY,)
    assert expressible(EMPTY, "3.1", JSON) == EMPTY


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
def test_xml_writes_ids_for_texts_that_are_not_there_and_says_so(version):
    written = expressible(EMPTY, version)
    [step] = written.steps
    assert step.computation.descriptions == {"en": "EDIT"}
    assert step.transitions[0].conditions == {"en": "NEXT.SUB"}
    assert "steps.computation.descriptions, steps.transitions.conditions" in {g.field for g in gaps_of(EMPTY, version)}


def test_2_1_refers_to_exact_versions():
    wanted = msgspec.structs.replace(PROCESS.steps[0].outputs[0].artefact, version="1.0+.0")
    output = msgspec.structs.replace(PROCESS.steps[0].outputs[0], artefact=wanted)
    step = msgspec.structs.replace(PROCESS.steps[0], outputs=(output,))
    held = expressible(msgspec.structs.replace(PROCESS, steps=(step,)), "2.1")
    assert held.steps[0].outputs[0].artefact.version == "1.0.0"
