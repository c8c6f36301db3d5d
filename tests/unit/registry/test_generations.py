"""References between generations: what names a hierarchy or a map that is stored within a whole of SDMX 2.1."""

import io
from pathlib import Path

import msgspec
import pytest
from support.world import WORLD, catalogue, ref

from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.model.category import Categorisation
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.counterparts import of_generation
from sdmx_server.model.hierarchy import HierarchyAssociation
from sdmx_server.model.metadataset import MetadataSet
from sdmx_server.model.metadatastructure import Metadataflow
from sdmx_server.model.reference import Reference, parse_urn
from sdmx_server.model.structure_map import ComponentMap, StructureMap
from sdmx_server.query import v1
from sdmx_server.query.metadata import parse_metadata_query
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.concrete import concrete
from sdmx_server.registry.generations import meant_by, part_named, seen_in
from sdmx_server.registry.metadata_sets import matching_sets
from sdmx_server.registry.structures import answer_structure_query

DATA = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml"


def sample(name):
    return read_structures(io.BytesIO((DATA / name).read_bytes()), name).artefacts


AREAS, ITEMS = sample("hierarchies_2_1.xml")
CPI, OLD, CODES = sample("structure_set_2_1.xml")
REGIONS = Codelist(agency="SCI", id="CL_REGION", version="1.0", items=(Code(id="R1"),))
PROVINCES = Codelist(agency="SCI", id="CL_AREA", version="1.0", items=(Code(id="23"), Code(id="25")))
PLANNING = HierarchyAssociation(
    agency="SCI",
    id="HA_PLANNING",
    version="1.0.0",
    linked_hierarchy=ref("Hierarchy", "HCL_AREA_PLANNING", "1.1"),
    linked_object=ref("Dataflow", "CPI"),
)
NEWER_FLOW = StructureMap(
    agency="SCI",
    id="SM_NEW",
    version="1.0.0",
    source=ref("Dataflow", "CPI"),
    target=ref("Dataflow", "OTHER", agency="IMF"),
    component_maps=(
        ComponentMap(
            sources=("ITEM",), targets=("ITEM",), representation_map=ref("RepresentationMap", "SS_CPI_AREAS", "1.1")
        ),
    ),
)


def filed(source, name="CAT_OF_PART"):
    return Categorisation(
        agency="SCI", id=name, version="1.0", source=source, target=ref("CategoryScheme", "SUBJECTS", item="ECONOMY")
    )


def part(whole, item, kind="HierarchicalCodelist", cls=None, version="1.1"):
    return Reference(kind=kind, agency="SCI", id=whole, version=version, item=item, part=cls)


STORED = (*WORLD, AREAS, ITEMS, CPI, OLD, CODES, REGIONS, PROVINCES, PLANNING, NEWER_FLOW)


def ask(tail, query="", stored=STORED):
    return answer_structure_query(catalogue(*stored), parse_structure_query(tail, query))


def ask_v1(resource, tail, query="", stored=STORED):
    return answer_structure_query(catalogue(*stored), v1.parse_structure_query(resource, tail, query))


def ids(artefacts):
    return [(one.kind, one.id) for one in artefacts]


def test_an_association_leads_to_just_the_hierarchy_it_names():
    found = ask("hierarchyassociation/SCI/HA_PLANNING", "references=children")
    assert ids(found.related) == [
        ("AgencyScheme", "AGENCIES"),
        ("Hierarchy", "HCL_AREA_PLANNING"),
        ("Dataflow", "CPI"),
    ]
    [told] = found.origins
    assert (told.id, [one.id for one in told.hierarchies]) == ("HCL_AREA", ["PLANNING"])
    below = ask("hierarchyassociation/SCI/HA_PLANNING", "references=hierarchy,codelist").related
    assert {("Hierarchy", "HCL_AREA_PLANNING"), ("Codelist", "CL_REGION")} <= set(ids(below))


def test_a_hierarchy_of_a_codelist_is_between_its_codelists_and_its_associations():
    above = ask("hierarchy/SCI/HCL_AREA_PLANNING", "references=parents").related
    assert ids(above) == [("HierarchyAssociation", "HA_PLANNING")]
    assert ask("hierarchy/SCI/HCL_AREA_FLAT", "references=parents").related == ()
    below = ask("hierarchy/SCI/HCL_AREA_PLANNING", "references=children").related
    assert ids(below) == [("AgencyScheme", "AGENCIES"), ("Codelist", "CL_AREA"), ("Codelist", "CL_REGION")]
    everything = ask("hierarchy/SCI/HCL_AREA_PLANNING", "references=all").related
    assert {("HierarchyAssociation", "HA_PLANNING"), ("Dataflow", "CPI")} <= set(ids(everything))


def test_a_codelist_is_used_by_those_hierarchies_that_have_its_codes():
    assert ids(ask("codelist/SCI/CL_REGION/1.0", "references=parents").related) == [("Hierarchy", "HCL_AREA_PLANNING")]
    users = ask("codelist/SCI/CL_AREA/1.0", "references=hierarchy").related
    assert ids(users) == [("Hierarchy", "HCL_AREA_FLAT"), ("Hierarchy", "HCL_AREA_PLANNING")]


def test_a_structure_map_leads_to_the_map_of_codes_within_a_set():
    below = ask("structuremap/SCI/SM_NEW", "references=representationmap").related
    assert ids(below) == [("RepresentationMap", "SS_CPI_AREAS")]
    users = ask("representationmap/SCI/SS_CPI_AREAS", "references=structuremap").related
    assert ids(users) == [("StructureMap", "SM_NEW"), ("StructureMap", "SS_CPI_SM_CPI")]
    [held] = ask_v1("structureset", "SCI/SM_NEW").matching
    assert [one.id for one in held.codelist_maps] == ["SS_CPI_AREAS"]
    assert [one.codelist_map for one in held.structure_maps[0].components] == ["SS_CPI_AREAS"]


@pytest.mark.parametrize(
    ("source", "kind", "named"),
    [
        (part("HCL_AREA", "FLAT"), "Hierarchy", "HCL_AREA_FLAT"),
        (ref("Hierarchy", "HCL_AREA", "1.1", "PLANNING.R1.TEHRAN"), "Hierarchy", "HCL_AREA_PLANNING"),
        (ref("Hierarchy", "HCL_AREA_FLAT", "1.1"), "Hierarchy", "HCL_AREA_FLAT"),
        (part("SS_CPI", "SM_CPI", "StructureSet", "StructureMap"), "StructureMap", "SS_CPI_SM_CPI"),
        (part("SS_CPI", "AREAS", "StructureSet", "CodelistMap"), "RepresentationMap", "SS_CPI_AREAS"),
        (part("SS_CPI", "SUBJECTS", "StructureSet", "CategorySchemeMap"), "CategorySchemeMap", "SS_CPI_SUBJECTS"),
    ],
)
@pytest.mark.parametrize("newer", [False, True])
def test_who_names_a_part_as_2_1_does_refers_to_the_artefact_that_it_is_in_3_x(source, kind, named, newer):
    held = (AREAS, CPI)
    stored = (*WORLD, *(of_generation(held, "3.1") if newer else held), filed(source))
    found = ask("categorisation/SCI/CAT_OF_PART", "references=children", stored)
    assert [one for one in ids(found.related) if one[0] not in ("AgencyScheme", "CategoryScheme")] == [(kind, named)]
    [categorisation] = found.matching
    assert (categorisation.source.kind, categorisation.source.id) == (kind, named)
    resource = {"Hierarchy": "hierarchicalcodelist"}.get(kind, "structureset")
    whole = "HCL_AREA" if kind == "Hierarchy" else "SS_CPI"
    above = ask_v1(resource, f"SCI/{whole}", "references=parents", stored)
    assert ("Categorisation", "CAT_OF_PART") in ids(above.related)
    below = ask_v1("categorisation", "SCI/CAT_OF_PART", "references=children", stored)
    assert whole in {one.id for one in below.related}


def test_versions_of_parts_are_put_in_the_place_of_wildcards():
    any_version = msgspec.structs.replace(PLANNING, linked_hierarchy=ref("Hierarchy", "HCL_AREA_PLANNING", "1.0*"))
    found = concrete(catalogue(*STORED), any_version)
    assert found.linked_hierarchy == PLANNING.linked_hierarchy


def test_who_names_a_whole_refers_to_all_its_parts():
    stored = (*WORLD, AREAS, filed(ref("HierarchicalCodelist", "HCL_AREA", "1.1")))
    found = ask("categorisation/SCI/CAT_OF_PART", "references=hierarchy", stored)
    assert ids(found.related) == [("Hierarchy", "HCL_AREA_FLAT"), ("Hierarchy", "HCL_AREA_PLANNING")]
    assert found.matching[0].source.kind == "HierarchicalCodelist"


@pytest.mark.parametrize("kind", ["Hierarchy", "HierarchicalCodelist"])
def test_targets_with_wildcards_mean_parts_too(kind):
    flow = Metadataflow(
        agency="SCI",
        id="MDF",
        version="1.0",
        targets=(f"urn:sdmx:org.sdmx.infomodel.codelist.{kind}=SCI:*(*)",),
    )
    found = ask("metadataflow/SCI/MDF", "references=children", (*WORLD, AREAS, flow)).related
    assert [one.id for one in found if one.kind == "Hierarchy"] == ["HCL_AREA_FLAT", "HCL_AREA_PLANNING"]


def test_what_is_stored_as_an_artefact_goes_before_a_part_that_would_be_the_same():
    planning, _ = of_generation((AREAS,), "3.1")
    [found] = ask("hierarchy/SCI/HCL_AREA_PLANNING", stored=(*WORLD, AREAS, planning)).matching
    assert found is planning


def test_the_catalogue_is_the_same_where_there_is_nothing_of_2_1():
    plain = catalogue(*WORLD)
    assert seen_in("3.1", plain).catalogue is seen_in("2.1", plain).catalogue is plain


@pytest.mark.parametrize(
    ("target", "tail", "found"),
    [
        ("codelist.Hierarchy=SCI:HCL_AREA_FLAT(1.1)", "hierarchy/SCI/HCL_AREA_FLAT", True),
        ("codelist.Hierarchy=SCI:HCL_AREA(1.1).FLAT", "hierarchy/SCI/HCL_AREA_FLAT/1.1", True),
        ("codelist.Hierarchy=SCI:*(*)", "hierarchy/SCI/HCL_AREA_PLANNING", True),
        ("mapping.CodelistMap=SCI:SS_CPI(1.1).AREAS", "representationmap/SCI/SS_CPI_AREAS", True),
        ("codelist.Hierarchy=SCI:HCL_AREA(1.1).FLAT", "hierarchy/SCI/HCL_AREA_PLANNING", False),
    ],
)
def test_metadata_about_parts_are_found(target, tail, found):
    urn = f"urn:sdmx:org.sdmx.infomodel.{target}"
    about = MetadataSet(agency="SCI", id="R", version="1.0", targets=(urn,))
    query = parse_metadata_query(f"/structure/{tail}")
    assert matching_sets(catalogue(*STORED), query, [about]) == ([about] if found else [])
    assert meant_by(catalogue(*STORED), parse_urn(urn))


def test_what_an_exact_reference_names_is_as_it_is_stored():
    held = catalogue(*STORED)
    assert [one.kind for one in meant_by(held, part("HCL_AREA", "FLAT"))] == ["HierarchicalCodelist"]
    assert meant_by(held, ref("Hierarchy", "HCL_AREA_FLAT", "1.1")) == [ref("Hierarchy", "HCL_AREA_FLAT", "1.1")]
    assert meant_by(held, ref("Hierarchy", "HCL_AREA_NO", "1.1")) == []


@pytest.mark.parametrize(
    ("urn", "named"),
    [
        ("codelist.Hierarchy=SCI:HCL(1.0).H", "codelist.Hierarchy=SCI:HCL_H(1.0)"),
        ("codelist.Hierarchy=SCI:H(1.0).H", "codelist.Hierarchy=SCI:H(1.0)"),
        ("codelist.HierarchicalCode=SCI:HCL(1.0).H.A.B", "codelist.HierarchicalCode=SCI:HCL_H(1.0).A.B"),
        ("mapping.OrganisationSchemeMap=SCI:SS(1.0).M", "structuremapping.OrganisationSchemeMap=SCI:SS_M(1.0)"),
        ("mapping.HybridCodelistMap=SCI:SS(1.0).M", "structuremapping.RepresentationMap=SCI:SS_M(1.0)"),
        ("mapping.StructureSet=SCI:SS(1.0)", None),
        ("codelist.Code=SCI:CL(1.0).A", None),
    ],
)
def test_names_of_parts(urn, named):
    found = part_named(parse_urn(f"urn:sdmx:org.sdmx.infomodel.{urn}"))
    assert (found and found.urn.removeprefix("urn:sdmx:org.sdmx.infomodel.")) == named
