"""Codelists with a geography: they are codelists for queries, structures and extensions; 2.1 has them without it."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from support.world import AREA, WORLD, catalogue, codelist

from sdmx_server.errors import BadQuery, Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import read_structures as read_json
from sdmx_server.formats.sdmx_json.structure import write_pretty, write_structures
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.codelist import GEOGRAPHIC, GRID, Code, Codelist, CodelistExtension
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.reference import Reference, parse_urn, reference_to
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.resolve import resolve_structure
from sdmx_server.registry.structures import answer_structure_query

FILE = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml" / "geography_3_0.xml"
MESSAGE = read_structures(io.BytesIO(FILE.read_bytes()), FILE.name)
STATIONS, GRIDS = MESSAGE.artefacts
OLD = codelist("CL_STATION_OLD", "A", "B<A")
# the areas of the prices as a geographic codelist: it takes the place of the plain one, whose URN it has
AREAS = msgspec.structs.replace(
    AREA, geo_type=GEOGRAPHIC, items=tuple(msgspec.structs.replace(one, feature_set="(…)") for one in AREA.items)
)
STORED = (*(AREAS if one is AREA else one for one in WORLD), STATIONS, GRIDS, OLD)


def ask(tail, query=""):
    return answer_structure_query(catalogue(*STORED), parse_structure_query(tail, query))


def ids(artefacts):
    return [one.id for one in artefacts]


def test_what_the_file_says():
    assert (STATIONS.kind, STATIONS.geo_type, STATIONS.grid_definition) == ("Codelist", GEOGRAPHIC, None)
    assert STATIONS.items[1].feature_set == "4326, 0.01: {(POINT (51.31 35.69)): station}"
    assert (STATIONS.items[1].parent, STATIONS.items[1].cell) == ("THR", None)
    assert GRIDS.grid_definition == "32639:LOWER_LEFT; 500000, 3900000; 10000, 10000: grid of Tehran"
    assert [one.cell for one in GRIDS.items] == ["1, 1: corner", "2, 1"]


def test_they_are_asked_for_as_codelists_and_by_names_of_their_own():
    assert {"CL_STATION", "CL_GRID", "CL_AREA", "CL_ITEM"} <= set(ids(ask("codelist").matching))
    assert ids(ask("geographiccodelist").matching) == ["CL_AREA", "CL_STATION"]
    assert ids(ask("geogridcodelist").matching) == ["CL_GRID"]
    assert ids(ask("geographiccodelist,geogridcodelist").matching) == ["CL_AREA", "CL_GRID", "CL_STATION"]
    assert ids(ask("geogridcodelist,dataflow/SCI").matching) == ["CL_GRID", "CPI"]
    assert ask("geogridcodelist,codelist").matching == ask("codelist").matching
    [cut] = ask("geogridcodelist/SCI/CL_GRID/1.0.0/C2").matching
    assert (ids(cut.items), cut.is_partial) == (["C2"], True)
    with pytest.raises(BadQuery, match="has no items"):
        parse_structure_query("geogridcodelist,dataflow/SCI/CL_GRID/1.0.0/C2")


def test_references_by_their_own_class_mean_them_too():
    urn = "urn:sdmx:org.sdmx.infomodel.codelist.{}=SCI:CL_GRID(1.0.0)"
    assert parse_urn(urn.format("GeoGridCodelist")) == parse_urn(urn.format("Codelist")) == reference_to(GRIDS)
    code = parse_urn(urn.format("GeoGridCode") + ".C1")
    assert code == Reference(kind="Codelist", agency="SCI", id="CL_GRID", version="1.0.0", item="C1")
    assert code.urn == urn.format("Code") + ".C1"


def test_a_dimension_takes_its_codes_from_a_geographic_codelist():
    schema = resolve_structure(catalogue(*STORED), Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0"))
    [area] = [one for one in schema.dimensions if one.enumeration and one.enumeration.id == "CL_AREA"]
    assert area.enumeration == AREAS
    related = ask("datastructure/SCI", "references=children").related
    assert [one.geo_type for one in related if one.id == "CL_AREA"] == [GEOGRAPHIC]
    parents = {one.kind for one in ask("geographiccodelist/SCI/CL_AREA", "references=parents").related}
    assert "DataStructure" in parents


def test_a_geographic_codelist_extends_and_is_extended():
    [whole] = ask("geographiccodelist/SCI/CL_STATION").matching
    assert [(one.id, one.parent) for one in whole.items] == [
        ("OLD_A", None),
        ("OLD_B", "OLD_A"),
        ("THR", None),
        ("THR-2", "THR"),
    ]
    assert [one.feature_set is None for one in whole.items] == [True, True, False, False]
    more = Codelist(
        agency="SCI", id="CL_MORE", names={"en": "x"}, extensions=(CodelistExtension(codelist=reference_to(GRIDS)),)
    )
    query = parse_structure_query("codelist/SCI/CL_MORE")
    [plain] = answer_structure_query(catalogue(*STORED, more), query).matching
    assert [one.cell for one in plain.items] == ["1, 1: corner", "2, 1"]
    for version in ("3.0", "3.1"):
        assert {gap.field for gap in gaps_of(plain, version)} == {"items.feature_set, items.cell"}
        assert [one.cell for one in expressible(plain, version, JSON).items] == [None, None]


def test_a_stub_keeps_what_it_is():
    [areas, grid, _] = ask("geographiccodelist,geogridcodelist", "detail=allstubs").matching
    assert (areas.geo_type, areas.items) == (GEOGRAPHIC, ())
    assert (grid.geo_type, grid.grid_definition, grid.items) == (GRID, GRIDS.grid_definition, ())


def test_2_1_has_plain_codelists_and_says_so():
    found = answer_structure_query(catalogue(*STORED), v1.parse_structure_query("codelist", "SCI/CL_GRID"))
    assert found.matching == (GRIDS,)
    field = "geo_type, grid_definition, items.feature_set, items.cell"
    assert field in {gap.field for gap in gaps_of(GRIDS, "2.1")}
    assert field not in {gap.field for gap in gaps_of(OLD, "2.1")}
    written = etree.fromstring(b"".join(write_xml(MESSAGE, WriteOptions(), "2.1")))
    names = [etree.QName(one).localname for one in written.find("{*}Structures/{*}Codelists")]
    assert names == ["Codelist", "Codelist"]
    assert "geographic codelist or grid becomes a codelist" in etree.tostring(written.find("{*}Footer")).decode()
    again = json.loads(b"".join(write_structures(MESSAGE, WriteOptions(), version="1.0.0")))
    assert ids_of(again) == {"codelists": ["CL_GRID", "CL_STATION"]}


def ids_of(message):
    return {key: [one["id"] for one in held] for key, held in message["data"].items()}


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_json_has_a_section_for_each(version):
    written = b"".join(write_structures(MESSAGE, WriteOptions(), version=version))
    assert ids_of(json.loads(written)) == {"geographicCodelists": ["CL_STATION"], "geoGridCodelists": ["CL_GRID"]}
    assert read_json(io.BytesIO(written), "m.json").artefacts == (STATIONS, GRIDS)


def test_a_codelist_and_a_grid_of_one_id_are_one_artefact():
    twin = msgspec.structs.replace(GRIDS, geo_type=None, grid_definition=None, items=(Code(id="C1"),))
    both = StructureMessage(header=MESSAGE.header, artefacts=(GRIDS, twin))
    written = b"".join(write_structures(both, WriteOptions(), version="2.1.0"))
    with pytest.raises(Refused, match="occurs twice"):
        read_json(io.BytesIO(written), "m.json")


def test_what_is_not_there_is_written_empty_where_the_schemas_want_it():
    bare = Codelist(agency="SCI", id="G", names={"en": "G"}, geo_type=GRID, items=(Code(id="C", names={"en": "C"}),))
    message = StructureMessage(header=MESSAGE.header, artefacts=(bare,))
    assert gaps_of(bare, "3.1") == []
    assert read_structures(io.BytesIO(b"".join(write_xml(message, WriteOptions(), "3.1"))), "m.xml").artefacts == (
        bare,
    )
    assert read_json(io.BytesIO(write_pretty(bare)), "m.json").artefacts == (bare,)
