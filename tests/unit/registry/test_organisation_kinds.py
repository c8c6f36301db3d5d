"""Organisation units, metadata providers and their agreements, reporting taxonomies: queries, stubs, merging, gaps."""

import io
from pathlib import Path

import pytest
from support.world import WORLD, catalogue

from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.model.category import ReportingCategory, ReportingTaxonomy
from sdmx_server.model.organisation import Organisation, OrganisationUnitScheme
from sdmx_server.model.reference import parse_urn
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.merging import adds
from sdmx_server.registry.structures import answer_structure_query

DATA = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml"


def sample(name):
    return read_structures(io.BytesIO((DATA / name).read_bytes()), name).artefacts


UNITS, YEARBOOK = sample("organisation_2_1.xml")
PROVIDERS, AGREEMENT = sample("organisation_3_1.xml")


def ask(tail, query=""):
    world = catalogue(*WORLD, UNITS, YEARBOOK, PROVIDERS, AGREEMENT)
    return answer_structure_query(world, parse_structure_query(tail, query))


def test_units_are_found_with_the_units_around_them():
    assert [(one.id, one.parent) for one in UNITS.items] == [("ECONOMY", None), ("PRICES", "ECONOMY")]
    [found] = ask("organisationunitscheme/SCI/UNITS/1.0/ECONOMY").matching
    assert ([one.id for one in found.items], found.is_partial) == (["ECONOMY"], True)
    [found] = ask("organisationunitscheme/SCI/UNITS/1.0/PRICES").matching
    assert [one.id for one in found.items] == ["ECONOMY", "PRICES"]
    query = v1.parse_structure_query("organisationscheme", "SCI")
    assert UNITS in answer_structure_query(catalogue(UNITS, PROVIDERS), query).matching


def test_a_scheme_of_units_takes_the_place_of_the_stored_one_as_those_of_one_owner_do():
    assert adds(PROVIDERS)
    assert not adds(UNITS)
    assert adds(OrganisationUnitScheme(agency="SCI", id="UNITS", items=(Organisation(id="A"),), is_partial=True))


def test_categories_are_found_by_their_path():
    [found] = ask("reportingtaxonomy/SCI/YEARBOOK/~/PRICES.CONSUMER").matching
    assert ([one.id for one in found.items], found.is_partial) == (["PRICES"], True)
    assert [one.id for one in found.items[0].items] == ["CONSUMER"]
    assert ask("reportingtaxonomy/SCI/YEARBOOK/~/CONSUMER").matching == ()
    [urn] = [flow.urn for flow in found.items[0].items[0].usages]
    assert urn == "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0)"


def test_a_category_is_an_item_in_urns():
    urn = "urn:sdmx:org.sdmx.infomodel.categoryscheme.ReportingCategory=SCI:YEARBOOK(1.0).PRICES.CONSUMER"
    assert parse_urn(urn).urn == urn
    assert parse_urn(urn).kind == "ReportingTaxonomy"


def test_agreements_come_with_their_provider_cut_to_it():
    found = ask("metadataprovisionagreement", "references=children&detail=referencepartial").related
    [scheme] = [one for one in found if one.kind == "MetadataProviderScheme"]
    assert ([one.id for one in scheme.items], scheme.is_partial) == (["PRICES"], True)
    above = ask("metadataproviderscheme", "references=parents").related
    assert [one.id for one in above] == ["MPA_QUALITY"]
    [stub] = ask("metadataprovisionagreement", "detail=allstubs").matching
    assert (stub.metadataflow, stub.metadata_provider) == (AGREEMENT.metadataflow, AGREEMENT.metadata_provider)
    assert stub.targets == ()


@pytest.mark.parametrize("artefact", [PROVIDERS, AGREEMENT], ids=lambda one: one.kind)
def test_2_1_does_not_have_them_and_says_so(artefact):
    assert expressible(artefact, "2.1") is None
    assert "artefact" in {gap.field for gap in gaps_of(artefact, "2.1")}
    assert gaps_of(artefact, "3.1") == []


def test_a_category_holds_structures_or_flows():
    [flow] = YEARBOOK.items[0].items[0].usages
    [structure] = YEARBOOK.items[0].items[1].structures
    both = ReportingCategory(id="A", names={"en": "A"}, structures=(structure,), usages=(flow,))
    taxonomy = ReportingTaxonomy(agency="SCI", id="T", names={"en": "T"}, items=(both,))
    assert expressible(taxonomy, "3.1").items[0].usages == ()
    assert {gap.field for gap in gaps_of(taxonomy, "3.1")} == {"items.structures, items.usages"}
