"""The artefacts that define what is valid in a context: those that count, cut to what counts."""

from __future__ import annotations

import msgspec
import pytest
from support import quality, world
from support.catalogues import catalogue_of

from sdmx_server.errors import BadSemantics
from sdmx_server.model.common import Maintainable
from sdmx_server.model.reference import reference_to
from sdmx_server.registry.definition import definition_of_data, definition_of_metadata

WORLD = catalogue_of(world.WORLD)
QUALITY = catalogue_of(quality.QUALITY)


def held(artefacts: list[Maintainable]) -> dict[str, list[str]]:
    """By kind and id the items, or nothing."""
    return {f"{one.kind} {one.id}": [item.id for item in getattr(one, "items", ())] for one in artefacts}


def test_data_of_a_flow_have_what_its_constraints_leave() -> None:
    found = definition_of_data(WORLD, reference_to(world.FLOW))
    lists = held(found)
    assert lists["Codelist CL_FREQ"] == ["M"]
    assert lists["Codelist CL_AREA"] == ["IR-0001"], "without its parents: nothing else is allowed"
    assert lists["Codelist CL_STATUS"] == ["A"]
    assert lists["Codelist CL_ITEM"] == ["_T", "CP01", "CP02"]
    assert set(lists["ConceptScheme CONCEPTS"]) == {c.id for c in world.CONCEPTS.items} - {"UNUSED"}
    assert lists["AgencyScheme AGENCIES"] == ["SDMX", "SCI"]
    assert {"ValueList VL_SIGN", "DataStructure PRICES", "DataConstraint CPI_LIMITS"} <= set(lists)
    assert not any(name.startswith(("Dataflow", "Categor", "DataProvider", "Provision")) for name in lists)
    [area] = (one for one in found if one.id == "CL_AREA")
    assert area.is_partial
    assert area.items[0].parent is None


def test_data_of_a_structure_are_free_of_the_constraints_of_its_flows() -> None:
    lists = held(definition_of_data(WORLD, reference_to(world.STRUCTURE)))
    assert lists["Codelist CL_FREQ"] == ["A", "Q", "M"]
    assert "DataConstraint CPI_LIMITS" not in lists


def test_an_agreement_has_the_constraints_of_its_flow() -> None:
    assert held(definition_of_data(WORLD, reference_to(world.AGREEMENT)))["Codelist CL_FREQ"] == ["M"]


def test_references_are_at_the_versions_that_are_there() -> None:
    [structure] = (o for o in definition_of_data(WORLD, reference_to(world.FLOW)) if o.kind == "DataStructure")
    references = [d.concept.version for d in structure.dimensions if d.concept]
    assert set(references) == {"1.0.0"}


@pytest.mark.parametrize("context", [quality.STRUCTURE, quality.FLOW, quality.AGREEMENT])
def test_metadata_have_the_lists_of_their_attributes_and_concepts(context: Maintainable) -> None:
    lists = held(definition_of_metadata(QUALITY, reference_to(context)))
    assert lists == {
        "MetadataStructure QUALITY": [],
        "Codelist CL_GRADE": ["A", "B", "C"],
        "ConceptScheme QUALITY_CONCEPTS": ["CONTACT", "CONTACT_NAME", "GRADE", "COVERAGE", "METHOD"],
        "AgencyScheme AGENCIES": ["SDMX", "SCI"],
    }


def test_what_is_not_stored_is_named() -> None:
    alone = catalogue_of((quality.FLOW,))
    with pytest.raises(BadSemantics, match="MetadataStructure SCI:QUALITY"):
        definition_of_metadata(alone, reference_to(quality.FLOW))
    stub = msgspec.structs.replace(quality.FLOW, structure=None)
    with pytest.raises(BadSemantics, match="no structure"):
        definition_of_metadata(catalogue_of((stub,)), reference_to(stub))


def test_the_concepts_of_a_measure_dimension_are_those_that_are_allowed() -> None:
    scheme = msgspec.structs.replace(world.CONCEPTS, id="MEASURES")
    dimension = msgspec.structs.replace(
        world.STRUCTURE.dimensions[2],
        is_measure_dimension=True,
        representation=world.coded("MEASURES", kind="ConceptScheme"),
    )
    structure = msgspec.structs.replace(
        world.STRUCTURE, dimensions=(*world.STRUCTURE.dimensions[:2], dimension), groups=(), attributes=()
    )
    region = world.CubeRegion(keys=(world.values(dimension.id, "OBS_VALUE", "NOTE"),))
    limits = world.constraint("LIMITS", reference_to(structure), region)
    catalogue = catalogue_of((*world.LISTS, world.CONCEPTS, scheme, structure, limits))
    lists = held(definition_of_data(catalogue, reference_to(structure)))
    assert lists["ConceptScheme MEASURES"] == ["OBS_VALUE", "NOTE"]
    assert "Codelist MEASURES" not in lists
