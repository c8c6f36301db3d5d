"""Hierarchies of 3.x and hierarchical codelists of 2.1: what becomes of one as the other, and how queries find both."""

import io
import os
from pathlib import Path

import pytest
from support.world import WORLD, catalogue, ref

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import gaps_of
from sdmx_server.formats.sdmx_json import structure as json_structure
from sdmx_server.formats.sdmx_ml import structure_reader, structure_writer
from sdmx_server.model.counterparts import of_generation
from sdmx_server.model.reference import parse_urn
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

DATA = Path(os.path.dirname(__file__)).parents[1] / "data" / "sdmx_ml"


def sample(name):
    return structure_reader.read_structures(io.BytesIO((DATA / name).read_bytes()), name)


OLD, NEW = sample("hierarchies_2_1.xml"), sample("hierarchies_3_1.xml")
AREAS, ITEMS = OLD.artefacts
HIERARCHY, ASSOCIATION = NEW.artefacts
STORED = (*WORLD, *OLD.artefacts, *NEW.artefacts)


def codes(hierarchy):
    return {one.id: one.code and one.code.urn.partition("=")[2] for top in hierarchy.codes for one in (top, *top.codes)}


def ask(tail, query=""):
    return answer_structure_query(catalogue(*STORED), parse_structure_query(tail, query))


def ask_v1(resource, tail, query=""):
    return answer_structure_query(catalogue(*STORED), v1.parse_structure_query(resource, tail, query))


def ids(artefacts):
    return [(one.kind, one.id) for one in artefacts]


def test_hierarchies_of_a_codelist_become_artefacts_that_name_codes_by_reference():
    planning, flat = of_generation((AREAS,), "3.1")
    assert (planning.id, flat.id) == ("HCL_AREA_PLANNING", "HCL_AREA_FLAT")
    assert (planning.agency, planning.version, planning.is_final) == ("SCI", "1.1", True)
    assert codes(planning) == {
        "R1": "SCI:CL_REGION(1.0).R1",
        "TEHRAN": "SCI:CL_AREA(1.0).23",
        "QOM": "SCI:CL_AREA(1.0).25",
    }
    assert [one.level for one in planning.codes[0].codes] == ["PROVINCE", "PROVINCE"]
    assert planning.has_formal_levels
    assert planning.annotations[0].title == "Since 1394"
    assert "artefact" in {gap.field for gap in gaps_of(AREAS, "3.1")}


def test_a_codelist_of_the_hierarchy_of_its_name_loses_nothing():
    assert of_generation(of_generation((ITEMS,), "3.0"), "2.1") == (ITEMS,)
    assert gaps_of(ITEMS, "3.1") == []
    [held] = of_generation((HIERARCHY,), "2.1")
    assert of_generation((held,), "3.1") == (HIERARCHY,)


@pytest.mark.parametrize(("version", "key"), [("1.0.0", "hierarchicalCodelists"), ("2.1.0", "hierarchies")])
def test_json_has_the_kinds_of_its_generation(version, key):
    written = b"".join(json_structure.write_structures(OLD, WriteOptions(), version=version))
    assert b'"%s":' % key.encode() in written
    again = json_structure.read_structures(io.BytesIO(written), "again.json")
    expected = of_generation(OLD.artefacts, "2.1" if version == "1.0.0" else "3.1")
    assert {one.id for one in again.artefacts} == {one.id for one in expected}
    if version == "1.0.0":
        assert again.artefacts == expected


def test_the_footer_tells_what_3_x_cannot_say():
    written = b"".join(structure_writer.write_structures(OLD, WriteOptions(), "3.1")).decode()
    assert "CODELIST_HIERARCHY" in written
    assert "SCI:ITEMS" not in written.partition("Footer")[2]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("hierarchy", ["H_AREA", "HCL_AREA_FLAT", "HCL_AREA_PLANNING", "ITEMS"]),
        ("hierarchy/SCI/HCL_AREA_FLAT", ["HCL_AREA_FLAT"]),
        ("hierarchy/SCI/HCL_AREA", []),
        ("hierarchy/SCI/ITEMS/1.0", ["ITEMS"]),
        ("hierarchy/SCI/*/1.1", ["HCL_AREA_FLAT", "HCL_AREA_PLANNING"]),
    ],
)
def test_version_2_of_the_api_finds_hierarchies(tail, expected):
    assert sorted(ids(ask(tail).matching)) == sorted(("Hierarchy", one) for one in expected)


def test_version_1_of_the_api_finds_hierarchical_codelists():
    found = ask_v1("hierarchicalcodelist", "")
    assert ids(found.matching) == [("HierarchicalCodelist", one) for one in ("HCL_AREA", "H_AREA", "ITEMS")]
    [cut] = ask_v1("hierarchicalcodelist", "SCI/HCL_AREA/latest/FLAT").matching
    assert [one.id for one in cut.hierarchies] == ["FLAT"]
    [whole] = ask_v1("hierarchicalcodelist", "SCI/H_AREA/latest/H_AREA").matching
    assert [one.id for one in whole.hierarchies] == ["H_AREA"]
    assert ask_v1("hierarchicalcodelist", "SCI/H_AREA/latest/OTHER").matching == ()
    [stub] = ask_v1("hierarchicalcodelist", "SCI/HCL_AREA", "detail=allstubs").matching
    assert stub.hierarchies == stub.included == ()


def test_what_a_hierarchy_refers_to_and_who_refers_to_it():
    assert ids(ask("hierarchy/SCI/H_AREA", "references=children").related) == [
        ("AgencyScheme", "AGENCIES"),
        ("Codelist", "CL_AREA"),
    ]
    assert ids(ask("hierarchy/SCI/H_AREA", "references=parents").related) == [("HierarchyAssociation", "HA_AREA")]
    above = ask("codelist/SCI/CL_AREA", "references=hierarchy").related
    assert ids(above) == [("Hierarchy", "H_AREA")]
    below = ask("hierarchyassociation", "references=descendants").related
    assert {"H_AREA", "CL_AREA", "CPI"} <= {one.id for one in below}


def test_a_stub_keeps_what_the_schemas_require():
    [stub] = ask("hierarchy/SCI/H_AREA", "detail=allstubs").matching
    assert [(one.id, one.codes) for one in stub.codes] == [("R1", ())]
    [stub] = ask("hierarchyassociation", "detail=allstubs").matching
    assert stub.linked_hierarchy == ref("Hierarchy", "H_AREA")
    assert stub.context_object is None


@pytest.mark.parametrize(
    "urn",
    [
        "urn:sdmx:org.sdmx.infomodel.codelist.Hierarchy=SCI:H(1.0.0)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Hierarchy=SCI:HCL(1.0).H",
        "urn:sdmx:org.sdmx.infomodel.codelist.HierarchicalCode=SCI:H(1.0.0).A.B",
        "urn:sdmx:org.sdmx.infomodel.codelist.Level=SCI:H(1.0.0).REGION",
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dimension=SCI:CPI(1.0.0).AREA",
        "urn:sdmx:org.sdmx.infomodel.metadatastructure.MetadataAttributeDescriptor=SCI:M(1.0.0)",
    ],
)
def test_urns_of_parts_come_back(urn):
    found = parse_urn(urn)
    assert found.urn == urn
    assert found.maintainable.urn.endswith(f"{found.id}({found.version})")


def test_an_item_of_a_hierarchical_codelist_is_a_hierarchy():
    assert parse_urn("urn:sdmx:org.sdmx.infomodel.codelist.Hierarchy=SCI:HCL(1.0).H").kind == "HierarchicalCodelist"
