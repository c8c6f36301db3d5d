"""Structure sets of 2.1 and maps of 3.x: what becomes of one as the other, and how queries find both."""

import io
from pathlib import Path

import msgspec
import pytest
from support.compare_xml import differences
from support.world import WORLD, catalogue, ref

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import gaps_of
from sdmx_server.formats.sdmx_json.structure import read_structures as read_json
from sdmx_server.formats.sdmx_json.structure import write_structures as write_json
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.model.annotations import PART
from sdmx_server.model.counterparts import of_generation
from sdmx_server.model.datastructure import Measure
from sdmx_server.model.mapping import ItemMap, MappedList, MappedValue, RepresentationMap, ValueMapping
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.reference import Reference, parse_urn
from sdmx_server.model.structure_map import ComponentMap, FixedValueMap, StructureMap
from sdmx_server.model.structure_set import ComponentName
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

FILE = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml" / "structure_set_2_1.xml"
MESSAGE = read_structures(io.BytesIO(FILE.read_bytes()), FILE.name)
CPI, OLD, AREAS = MESSAGE.artefacts
CODES = RepresentationMap(
    agency="SCI",
    id="RM_ITEM",
    version="1.0.0",
    names={"en": "Items"},
    sources=(MappedList(codelist=ref("Codelist", "CL_ITEM")),),
    targets=(MappedList(codelist=ref("Codelist", "CL_COICOP")),),
    mappings=(ValueMapping(sources=(MappedValue(value="1"),), targets=("CP01",)),),
)
WORDS = msgspec.structs.replace(CODES, id="RM_WORDS", sources=(MappedList(data_type="String"),))
STRUCTURES = StructureMap(
    agency="SCI",
    id="SM_PRICES",
    version="1.0.0",
    names={"en": "Prices"},
    source=ref("Dataflow", "CPI"),
    target=ref("DataStructure", "OTHER", agency="IMF"),
    component_maps=(
        ComponentMap(sources=("ITEM",), targets=("PRODUCT",), representation_map=ref("RepresentationMap", "RM_ITEM")),
        ComponentMap(sources=("STATUS",), targets=("FLAG",), representation_map=ref("RepresentationMap", "RM_WORDS")),
        ComponentMap(sources=("INDEX",), targets=("OBS_VALUE",)),
        ComponentMap(sources=("WEIGHT",), targets=("WEIGHT",)),
        ComponentMap(sources=("AREA", "ITEM"), targets=("KEY",)),
    ),
    fixed_value_maps=(FixedValueMap(target="UNIT", values=("IX",)),),
)
STORED = (*WORLD, *MESSAGE.artefacts, CODES, WORDS, STRUCTURES)


def written(artefacts, version):
    message = StructureMessage(header=MESSAGE.header, artefacts=tuple(artefacts))
    return b"".join(write_structures(message, WriteOptions(), version))


def read(content):
    return read_structures(io.BytesIO(content), "message.xml")


def ask(tail, query=""):
    return answer_structure_query(catalogue(*STORED), parse_structure_query(tail, query))


def ask_v1(resource, tail, query="", stored=STORED):
    return answer_structure_query(catalogue(*stored), v1.parse_structure_query(resource, tail, query))


def with_measures(artefact, *measures):
    if artefact.kind != "DataStructure":
        return artefact
    return msgspec.structs.replace(artefact, measures=tuple(Measure(id=one) for one in measures))


def ids(artefacts):
    return [(one.kind, one.id) for one in artefacts]


def test_each_map_becomes_an_artefact_of_the_agency_and_version_of_its_set():
    made = of_generation((CPI,), "3.1")
    assert {(one.agency, one.version) for one in made} == {("SCI", "1.1")}
    assert ids(made) == [
        ("OrganisationSchemeMap", "SS_CPI_PROVIDERS"),
        ("CategorySchemeMap", "SS_CPI_SUBJECTS"),
        ("ConceptSchemeMap", "SS_CPI_CONCEPTS"),
        ("ReportingTaxonomyMap", "SS_CPI_REPORTS"),
        ("RepresentationMap", "SS_CPI_AREAS"),
        ("RepresentationMap", "SS_CPI_ITEMS"),
        ("RepresentationMap", "SS_CPI_SM_CPI_SEASON_ADJUST"),
        ("StructureMap", "SS_CPI_SM_CPI"),
    ]
    areas, _, seasons, structures = made[4:]
    assert areas.sources == (MappedList(codelist=ref("Codelist", "CL_AREA", "1.0")),)
    assert [(one.sources[0].value, one.targets) for one in areas.mappings] == [("23", ("IR-23",)), ("25", ("IR-25",))]
    assert areas.mappings[0].annotations[0].texts == {"fa": "پایتخت"}
    assert [one.title for one in areas.annotations if one.type == PART] == [
        "urn:sdmx:org.sdmx.infomodel.mapping.CodelistMap=SCI:SS_CPI(1.1).AREAS"
    ]
    assert [(one.sources[0].value, one.targets[0]) for one in seasons.mappings] == [
        ("not adjusted", "N"),
        ("تعدیل‌شده", "S"),
    ]
    named = [one.representation_map and one.representation_map.id for one in structures.component_maps]
    assert named == ["SS_CPI_AREAS", "SS_CPI_SM_CPI_SEASON_ADJUST", None, None]


@pytest.mark.parametrize("between", ["3.0", "3.1"])
def test_a_set_comes_back_from_its_maps_and_the_footer_tells_of_what_does_not(between):
    later = written((CPI, AREAS), between)
    assert b"Footer" not in later
    assert differences(written((CPI, AREAS), "2.1"), written(read(later).artefacts, "2.1")) == (set(), set())
    footer = written((OLD,), between).decode().partition("Footer")[2]
    assert "SET_MAP" in footer
    assert "isExtension" in footer


def test_a_map_of_the_name_of_its_set_needs_to_remember_nothing():
    [codes] = of_generation((AREAS,), "3.1")
    assert (codes.id, codes.annotations) == ("AREA_CODES", ())
    assert of_generation((codes,), "2.1") == (AREAS,)
    assert gaps_of(AREAS, "3.1") == []


def test_what_other_generations_do_not_have_is_left_out_and_told():
    [structures] = of_generation((OLD,), "3.1")
    assert structures.component_maps == (ComponentMap(sources=("UNIT",), targets=("CONTACT.NAME",)),)
    assert "artefact" in {gap.field for gap in gaps_of(OLD, "3.1")}
    assert gaps_of(OLD, "2.1") == []


def test_a_structure_map_takes_along_what_it_names():
    measured = [with_measures(one, "INDEX", "WEIGHT") for one in STORED]
    [held] = ask_v1("structureset", "SCI/SM_PRICES", stored=measured).matching
    [mapping] = held.structure_maps
    item, status, index, weight = mapping.components
    assert [one.id for one in held.codelist_maps] == ["RM_ITEM"]
    assert (item.codelist_map, item.source) == ("RM_ITEM", ComponentName(id="ITEM"))
    assert [(one.source, one.target) for one in status.values] == [("1", "CP01")]
    assert status.source == ComponentName(id="STATUS", component="DataAttribute")
    assert index.source == ComponentName(id="OBS_VALUE", component="PrimaryMeasure")
    assert weight.source == ComponentName(id="WEIGHT", component="DataAttribute")
    assert {gap.field.partition(",")[0] for gap in gaps_of(STRUCTURES, "2.1")} == {"epoch_maps", "component_maps"}
    again = read(written((held,), "2.1"))
    assert again.artefacts == (held,)


def test_maps_in_the_same_message_are_one_set_where_they_remember_it():
    made = of_generation((CPI,), "3.1")
    assert of_generation(tuple(reversed(made)), "2.1") == (CPI,)
    renewed = tuple(msgspec.structs.replace(one, version="2.0") for one in made if one.kind == "ConceptSchemeMap")
    [held] = of_generation(renewed, "2.1")
    assert (held.id, held.version, [one.id for one in held.concept_scheme_maps]) == ("SS_CPI", "2.0", ["CONCEPTS"])


def test_a_map_that_2_1_cannot_say_is_in_no_set():
    pattern = ValueMapping(sources=(MappedValue(value="1.*", is_regex=True),), targets=("A",))
    assert of_generation((WORDS,), "2.1") == ()
    assert of_generation((msgspec.structs.replace(CODES, mappings=(pattern,)),), "2.1") == ()
    assert gaps_of(WORDS, "2.1") != []
    assert "CodelistMap" not in written((WORDS,), "2.1").decode().partition("Footer")[0]


def test_items_are_mapped_by_ids():
    [kept, *_] = of_generation((CPI,), "3.1")
    plain = ItemMap(source=MappedValue(value="PRICES"), target="X")
    regex = ItemMap(source=MappedValue(value="P.*", is_regex=True), target="X")
    nothing = ItemMap(source=MappedValue(value="LABOUR"))
    [held] = of_generation((msgspec.structs.replace(kept, items=(plain, regex, nothing)),), "2.1")
    assert held.organisation_scheme_maps[0].items == (plain,)
    assert gaps_of(msgspec.structs.replace(kept, items=(regex,)), "2.1") != []


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("structuremap", ["SM_PRICES", "SS_CPI_SM_CPI", "SS_OLD_SM_OLD"]),
        ("structuremap/SCI/SS_CPI_SM_CPI", ["SS_CPI_SM_CPI"]),
        ("structuremap/SCI/SS_CPI", []),
        ("representationmap/SCI/AREA_CODES/1.0", ["AREA_CODES"]),
        ("representationmap/SCI/SS_CPI_SM_CPI_SEASON_ADJUST/1.1", ["SS_CPI_SM_CPI_SEASON_ADJUST"]),
        ("categoryschememap", ["SS_CPI_SUBJECTS"]),
        ("conceptschememap,reportingtaxonomymap", ["SS_CPI_CONCEPTS", "SS_CPI_REPORTS"]),
    ],
)
def test_version_2_of_the_api_finds_maps(tail, expected):
    assert sorted(one.id for one in ask(tail).matching) == expected


def test_version_2_of_the_api_gives_what_a_map_of_a_set_refers_to_and_tells_of_the_set():
    found = ask("structuremap/SCI/SS_OLD_SM_OLD", "references=children")
    assert [one.id for one in found.origins] == ["SS_OLD"]
    assert ids(found.related) == [("AgencyScheme", "AGENCIES")]


def test_version_1_of_the_api_finds_structure_sets():
    found = ask_v1("structureset", "").matching
    assert ids(found) == [("StructureSet", one) for one in ("AREA_CODES", "RM_ITEM", "SM_PRICES", "SS_CPI", "SS_OLD")]
    [stub] = ask_v1("structureset", "SCI/SS_CPI/1.1", "detail=allstubs").matching
    assert (stub.names, stub.structure_maps, stub.codelist_maps) == (CPI.names, (), ())
    assert ask_v1("structureset", "SCI/SS_CPI_AREAS").matching == ()


def test_version_1_of_the_api_finds_the_set_that_stored_maps_remember():
    maps = of_generation((CPI,), "3.1")
    [held] = ask_v1("structureset", "SCI/SS_CPI", stored=(*WORLD, *maps)).matching
    assert held == CPI
    assert ask_v1("structureset", "SCI/SS_CPI_SM_CPI", stored=(*WORLD, *maps)).matching == ()


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_json_has_the_kinds_of_its_generation(version):
    content = b"".join(write_json(MESSAGE, WriteOptions(), version=version))
    assert (b'"structureSets":' in content, b'"structureMaps":[{"id":"SS_CPI' in content) == (
        version == "1.0.0",
        version != "1.0.0",
    )
    again = read_json(io.BytesIO(content), "again.json").artefacts
    if version == "1.0.0":
        assert sorted(again, key=lambda one: one.id) == sorted(MESSAGE.artefacts, key=lambda one: one.id)
        assert b"urn:sdmx:org.sdmx.infomodel.codelist.HierarchicalCode=SCI:HCL_AREA(1.1).PLANNING.R1.TEHRAN" in content
        assert b"urn:sdmx:org.sdmx.infomodel.mapping.CodelistMap=SCI:SS_CPI(1.1).AREAS" in content


@pytest.mark.parametrize(
    ("urn", "kind", "part"),
    [
        ("urn:sdmx:org.sdmx.infomodel.mapping.StructureSet=SCI:SS(1.0)", "StructureSet", None),
        ("urn:sdmx:org.sdmx.infomodel.mapping.StructureMap=SCI:SS(1.0).SM", "StructureSet", "StructureMap"),
        ("urn:sdmx:org.sdmx.infomodel.mapping.HybridCodelistMap=SCI:SS(1.0).HM", "StructureSet", "HybridCodelistMap"),
        ("urn:sdmx:org.sdmx.infomodel.structuremapping.StructureMap=SCI:SM(1.0)", "StructureMap", None),
    ],
)
def test_urns_of_maps_come_back(urn, kind, part):
    found = parse_urn(urn)
    assert (found.kind, found.part, found.urn) == (kind, part, urn)
    assert isinstance(found, Reference)
