"""``detail=referencepartial``, by the rows of its table in ``structures.md``."""

import msgspec
import pytest
from support import world as small
from support.catalogues import catalogue_of
from support.every_kind import every_kind, every_kind_of_2_1

from sdmx_server.model.hierarchy import HierarchicalCodelist
from sdmx_server.model.mapping import ItemMap, MappedValue
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

HELD = every_kind()
PARTIAL = "detail=referencepartial&references="


def row(kind, *more):
    names = (f"v2 structure: referencepartial of={kind}", "v2 structure: detail=referencepartial", *more)
    return pytest.mark.proves(*names)


def paths(items, above=""):
    """The ids of items, nested ones by their dotted path."""
    for item in items:
        yield above + item.id
        yield from paths(getattr(item, "items", ()), f"{above}{item.id}.")


def related(tail, references, artefacts=HELD):
    answer = answer_structure_query(catalogue_of(artefacts), parse_structure_query(tail, PARTIAL + references))
    assert answer.matching
    return answer.related


def cut(tail, references, kind, artefacts=HELD, agency="SCI"):
    """The items left of the one related scheme of a kind; the mark says whether that is all of them."""
    [found] = [one for one in related(tail, references, artefacts) if (one.kind, one.agency) == (kind, agency)]
    [whole] = [one for one in artefacts if (one.kind, one.agency, one.id) == (kind, agency, found.id)]
    left = list(paths(found.items))
    assert found.is_partial is (left != list(paths(whole.items)))
    return left


@row("AgencyScheme")
def test_agencies_are_those_of_what_is_returned():
    assert cut("/valuelist/SCI", "children", "AgencyScheme", agency="SDMX") == ["SDMX", "SCI"]
    assert cut("/agencyscheme/SCI", "children", "AgencyScheme", agency="SDMX") == ["SDMX", "SCI"]


@row("CategoryScheme")
def test_categories_are_those_of_categorisations_and_maps():
    assert cut("/dataflow/SCI/Dataflow", "parentsandsiblings", "CategoryScheme") == ["A", "A.A1"]
    assert cut("/categoryschememap", "children", "CategoryScheme") == ["A", "B"]
    assert cut("/categorisation/SCI/CAT_CategoryScheme", "children", "CategoryScheme") == ["A", "A.A1", "A.A1.A1A", "B"]


@row("Codelist")
def test_codes_are_those_of_constraints():
    lists = ("CL_FREQ", "CL_AREA", "CL_ITEM", "CL_STATUS", "CL_UNIT")
    for references in ("descendants", "all", "codelist", "codelist,datastructure"):
        answer = related("/dataflow/SCI/CPI", references, small.WORLD)
        found = {one.id: list(paths(one.items)) for one in answer if one.id in lists}
        assert found == {
            "CL_FREQ": ["M"],
            "CL_AREA": ["IR", "IR-00", "IR-0001"],
            "CL_ITEM": ["_T", "CP01", "CP02"],
            "CL_STATUS": ["A"],
            "CL_UNIT": ["IX", "PT"],
        }, references
    agreed = related("/provisionagreement/SCI/PA_CPI", "descendants", small.WORLD)
    assert [list(paths(one.items)) for one in agreed if one.id == "CL_FREQ"] == [["M"]]
    limits = related("/dataconstraint/SCI/CPI_LIMITS", "codelist", small.WORLD)
    assert [list(paths(one.items)) for one in limits if one.id == "CL_FREQ"] == [["M"]]
    structure = related("/datastructure/SCI/PRICES", "descendants", small.WORLD)
    assert [list(paths(one.items)) for one in structure if one.id == "CL_FREQ"] == [["A", "Q", "M"]]


@row("Codelist")
def test_codes_are_those_of_hierarchies_and_maps():
    assert cut("/hierarchy", "codelist", "Codelist") == ["A"]
    assert cut("/representationmap", "children", "Codelist") == ["C"]
    assert cut("/hierarchyassociation/SCI/HA_Hierarchy", "descendants", "Codelist") == ["A"]


def test_what_is_referred_to_as_a_whole_stays_whole():
    [found] = [one for one in related("/categorisation/SCI/CAT_Codelist", "children") if one.kind == "Codelist"]
    assert (list(paths(found.items)), found.is_partial) == (["X", "A", "B", "C"], False)
    [values] = [one for one in related("/representationmap", "children") if one.kind == "ValueList"]
    assert [item.id for item in values.items] == ["1", "2"]


@row("ConceptScheme")
def test_concepts_are_those_of_structures_and_maps():
    assert cut("/datastructure/SCI/DataStructure", "children", "ConceptScheme") == ["AREA", "SIGN"]
    assert cut("/metadatastructure/SCI/MetadataStructure", "children", "ConceptScheme") == ["AREA", "SIGN"]
    assert cut("/dataflow/SCI/Dataflow", "conceptscheme", "ConceptScheme") == ["AREA", "SIGN"]
    assert cut("/vtlmappingscheme", "children", "ConceptScheme") == ["AREA"]
    pair = ItemMap(source=MappedValue(value="SIGN"), target="UNUSED")
    maps = [msgspec.structs.replace(one, items=(pair,)) if one.kind == "ConceptSchemeMap" else one for one in HELD]
    assert cut("/conceptschememap", "children", "ConceptScheme", maps) == ["SIGN", "UNUSED"]
    pair = ItemMap(source=MappedValue(value="S.*", is_regex=True))
    maps = [msgspec.structs.replace(one, items=(pair,)) if one.kind == "ConceptSchemeMap" else one for one in HELD]
    assert cut("/conceptschememap", "children", "ConceptScheme", maps) == ["AREA", "SIGN", "UNUSED"]


def test_a_scheme_that_refers_to_what_was_asked_for_stays_whole():
    world = (small.CONCEPTS, small.FREQ, small.UNIT)
    assert cut("/codelist/SCI/CL_FREQ", "parents", "ConceptScheme", world) == list(paths(small.CONCEPTS.items))


def test_of_a_list_of_unused_concepts_nothing_is_used():
    lone = [msgspec.structs.replace(small.STRUCTURE, attributes=()), small.CONCEPTS, *small.LISTS]
    found = {one.id: one for one in related("/datastructure", "descendants", lone)}
    assert list(paths(found["CL_FREQ"].items)) == ["A", "Q", "M"]
    assert (found["CL_UNIT"].items, found["CL_UNIT"].is_partial) == ((), True)


@row("DataProviderScheme")
def test_providers_are_those_of_agreements_constraints_and_maps():
    assert cut("/dataflow/SCI/Dataflow", "parentsandsiblings", "DataProviderScheme") == ["A"]
    assert cut("/provisionagreement/SCI/ProvisionAgreement", "children", "DataProviderScheme") == ["A"]
    assert cut("/dataconstraint/SCI/DC_DataProviderScheme", "children", "DataProviderScheme") == ["B"]
    assert cut("/organisationschememap/SCI/OrganisationSchemeMap", "children", "DataProviderScheme") == ["A"]


@row("DataConsumerScheme")
def test_consumers_are_those_of_maps():
    assert cut("/organisationschememap/SCI/OrganisationSchemeMap", "children", "DataConsumerScheme") == ["B"]


@row("MetadataProviderScheme")
def test_metadata_providers_are_those_of_agreements_constraints_and_maps():
    path = "/metadataprovisionagreement/SCI/MetadataProvisionAgreement"
    assert cut(path, "children", "MetadataProviderScheme") == ["A"]
    assert cut("/metadataconstraint/SCI/MC_MetadataProviderScheme", "children", "MetadataProviderScheme") == ["B"]
    assert cut("/organisationschememap/SCI/UNITS", "children", "MetadataProviderScheme") == ["A"]


@row("OrganisationUnitScheme")
def test_organisation_units_are_those_of_maps():
    assert cut("/organisationschememap/SCI/UNITS", "children", "OrganisationUnitScheme") == ["B"]


@row("ReportingTaxonomy")
def test_reporting_categories_are_those_of_maps():
    assert cut("/reportingtaxonomymap", "children", "ReportingTaxonomy") == ["A", "B"]


@pytest.mark.proves("v1 structure: detail=referencepartial")
def test_structure_sets_and_hierarchical_codelists_of_2_1():
    catalogue = catalogue_of([*HELD, *every_kind_of_2_1()])

    def found(resource, tail):
        query = v1.parse_structure_query(resource, tail, PARTIAL + "children")
        return {one.kind: one for one in answer_structure_query(catalogue, query).related}

    lists = found("hierarchicalcodelist", "/SCI/HierarchicalCodelist")
    assert list(paths(lists["Codelist"].items)) == ["A", "B"]
    mapped = found("structureset", "/SCI/StructureSet")
    assert list(paths(mapped["CategoryScheme"].items)) == ["A", "B"]
    assert list(paths(mapped["DataProviderScheme"].items)) == ["B"]
    assert isinstance(mapped["HierarchicalCodelist"], HierarchicalCodelist)
