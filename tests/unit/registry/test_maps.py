"""Maps between schemes and representations: what they refer to, stubs, dates, and what 2.1 does not say."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from support.world import WORLD, catalogue

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.changes_json import moment
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import write_structures
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.mapping import MappedList, RepresentationMap
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.structure_map import ComponentMap
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

FILE = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml" / "maps_3_1.xml"
MESSAGE = read_structures(io.BytesIO(FILE.read_bytes()), FILE.name)
BY_KIND = {artefact.kind: artefact for artefact in MESSAGE.artefacts}
[STRUCTURE_MAP] = read_structures(
    io.BytesIO(FILE.with_name("structure_map_3_1.xml").read_bytes()), "structure_map_3_1.xml"
).artefacts
REPRESENTATIONS, CONCEPTS = BY_KIND["RepresentationMap"], BY_KIND["ConceptSchemeMap"]


def ask(tail, query=""):
    return answer_structure_query(
        catalogue(*WORLD, *MESSAGE.artefacts, STRUCTURE_MAP), parse_structure_query(tail, query)
    )


def test_the_lists_and_types_of_a_representation_map_keep_their_order():
    assert [(one.codelist and one.codelist.id, one.data_type) for one in REPRESENTATIONS.sources] == [
        ("CL_AREA", None),
        (None, "Integer"),
    ]
    assert REPRESENTATIONS.targets == (MappedList(data_type="String"),)
    [mapping] = REPRESENTATIONS.mappings
    assert [one.value for one in mapping.sources] == ["23", "13[0-9]+"]
    assert (mapping.sources[1].is_regex, mapping.sources[1].start_index, mapping.sources[1].end_index) == (True, 0, 2)


def test_maps_come_with_what_they_map_and_below_it():
    assert "CL_AREA" in {one.id for one in ask("representationmap/SCI/RM_AREA", "references=children").related}
    above = ask("codelist/SCI/CL_AREA", "references=representationmap").related
    assert [(one.kind, one.id) for one in above] == [("RepresentationMap", "RM_AREA")]
    found = ask("conceptschememap", "references=all").matching
    assert [one.id for one in found] == ["CSM"]


def test_a_stub_keeps_the_source_and_the_target():
    [stub] = ask("representationmap", "detail=allstubs").matching
    assert (stub.sources, stub.targets, stub.mappings) == (REPRESENTATIONS.sources, REPRESENTATIONS.targets, ())
    [stub] = ask("conceptschememap", "detail=allstubs").matching
    assert (stub.source, stub.target, stub.items) == (CONCEPTS.source, CONCEPTS.target, ())


@pytest.mark.parametrize("artefact", [REPRESENTATIONS, CONCEPTS, STRUCTURE_MAP], ids=lambda one: one.kind)
def test_later_versions_say_all_of_a_map_and_2_1_tells_what_it_cannot(artefact):
    assert gaps_of(artefact, "3.1") == gaps_of(artefact, "3.0") == []
    assert {gap.field for gap in gaps_of(artefact, "2.1")} & {"artefact", "items", "component_maps"}


def test_a_structure_map_keeps_pairs_and_refers_to_what_it_maps_and_uses():
    [epoch] = STRUCTURE_MAP.epoch_maps
    assert [(one.source, one.target) for one in epoch.components] == [("DAYS", "TIME_PERIOD"), ("RELEASED", "UPDATED")]
    assert (epoch.id, epoch.target_frequency, epoch.resolve_period) == (None, "M", "endOfPeriod")
    assert STRUCTURE_MAP.component_maps[0].sources == ("AREA", "ITEM")
    found = {(one.kind, one.id) for one in ask("structuremap", "references=children").related}
    assert found >= {("Dataflow", "CPI"), ("RepresentationMap", "RM_AREA")}
    above = ask("dataflow/SCI/CPI", "references=structuremap").related
    assert [one.id for one in above] == ["SM_CPI"]
    [stub] = ask("structuremap", "detail=allstubs").matching
    assert (stub.source, stub.target, stub.component_maps) == (STRUCTURE_MAP.source, STRUCTURE_MAP.target, ())


def test_nested_metadata_attributes_cannot_be_mapped_in_xml():
    nested = ComponentMap(sources=("CONTACT.NAME",), targets=("NAME",))
    held = msgspec.structs.replace(STRUCTURE_MAP, component_maps=(*STRUCTURE_MAP.component_maps, nested))
    assert expressible(held, "3.1") == STRUCTURE_MAP
    assert expressible(held, "3.1", JSON) == held


def test_a_part_without_id_has_no_urn_and_the_others_have():
    written = b"".join(
        write_xml(StructureMessage(header=MESSAGE.header, artefacts=(STRUCTURE_MAP,)), WriteOptions(), "3.1")
    )
    assert b"structuremapping.DatePatternMap=SCI:SM_CPI(1.0.0).DATES" in written
    assert b"structuremapping.EpochMap" not in written


def test_a_map_without_sources_is_left_out_of_xml_only():
    empty = RepresentationMap(agency="SCI", id="RM", names={"en": "x"})
    assert expressible(empty, "3.1") is None
    assert expressible(empty, "3.1", JSON) == empty


def test_days_become_moments_in_json_and_moments_days_in_xml():
    written = json.loads(b"".join(write_structures(MESSAGE, WriteOptions(), version="2.1.0")))
    [mapping] = written["data"]["representationMaps"][0]["representationMappings"]
    assert (mapping["validFrom"], mapping["validTo"]) == ("2016-03-20T00:00:00Z", "2021-03-20T00:00:00Z")
    [held] = REPRESENTATIONS.mappings
    later = msgspec.structs.replace(held, valid_from="2016-03-20T12:30:00+03:30")
    changed = expressible(msgspec.structs.replace(REPRESENTATIONS, mappings=(later,)), "3.1")
    assert changed.mappings[0].valid_from == "2016-03-20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016", "2016-01-01T00:00:00Z"),
        ("2016-03-20", "2016-03-20T00:00:00Z"),
        ("2016-03-20+03:30", "2016-03-20T00:00:00+03:30"),
        ("2016-03-20T10:00:00", "2016-03-20T10:00:00Z"),
        ("2016-03-20T10:00:00+03:30", "2016-03-20T10:00:00+03:30"),
    ],
)
def test_moments_are_completed(text, expected):
    assert moment(text) == expected
