"""Structure queries over a small world: what is selected, what comes with it, and how much of it."""

import pytest
from support.world import (
    AGENCIES,
    AREA,
    CONCEPTS,
    FLOW,
    FREQ,
    LIMITS,
    PROVIDERS,
    STATUS,
    STRUCTURE,
    TOPICS,
    WORLD,
    catalogue,
    codelist,
    ref,
)

from sdmx_server.model.codelist import CodelistExtension
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query


def ask(tail, query="", world=None):
    return answer_structure_query(catalogue(*(world or ())), parse_structure_query(tail, query))


def ids(artefacts):
    return {artefact.id for artefact in artefacts}


ALL_IDS = ids(WORLD)
LISTS_USED = {"CL_AREA", "CL_ITEM", "CL_STATUS", "VL_SIGN"}
LISTS_OF_CONCEPTS = {"CL_FREQ", "CL_UNIT"}
AROUND_FLOW = {"CPI_LIMITS", "PA_CPI", "CAT_CPI"}


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("", ALL_IDS),
        ("/*", ALL_IDS),
        ("/all/SCI/", ALL_IDS - {"AGENCIES"}),
        ("/codelist", {"CL_FREQ", "CL_AREA", "CL_ITEM", "CL_UNIT", "CL_STATUS"}),
        ("/codelist,valuelist/SCI/CL_FREQ,VL_SIGN", {"CL_FREQ", "VL_SIGN"}),
        ("/codelist/SDMX,SCI/CL_FREQ/+", {"CL_FREQ"}),
        ("/codelist/SCI/CL_FREQ/2.0.0", set()),
        ("/codelist/BIS", set()),
        ("/dataproviderscheme/SCI/DATA_PROVIDERS", {"DATA_PROVIDERS"}),
        ("/dataproviderscheme/SCI/DATA_PROVIDERS/+", set()),
        ("/metadataflow", set()),
    ],
)
def test_what_matches(tail, expected):
    answer = ask(tail)
    assert ids(answer.matching) == expected
    assert answer.related == ()


def test_the_default_version_is_the_latest_of_any_kind():
    world = [codelist("CL_X", version=version) for version in ("1.0", "1.0.0", "1.1.0-draft")]
    assert [found.version for found in ask("/codelist", world=world).matching] == ["1.1.0-draft"]
    assert [found.version for found in ask("/codelist/SCI/CL_X/*", world=world).matching] == [
        "1.0",
        "1.0.0",
        "1.1.0-draft",
    ]
    assert [found.version for found in ask("/codelist/SCI/CL_X/1.0,+", world=world).matching] == ["1.0", "1.0.0"]


DSD = "/datastructure/SCI/PRICES"
CPI = "/dataflow/SCI/CPI"


@pytest.mark.parametrize(
    ("tail", "references", "expected"),
    [
        (DSD, "none", set()),
        (DSD, "children", LISTS_USED | {"CONCEPTS", "AGENCIES"}),
        (DSD, "descendants", LISTS_USED | LISTS_OF_CONCEPTS | {"CONCEPTS", "AGENCIES"}),
        (DSD, "parents", {"CPI"}),
        (DSD, "parentsandsiblings", {"CPI", "AGENCIES"}),
        (DSD, "ancestors", {"CPI"} | AROUND_FLOW),
        (DSD, "all", {"CPI", "AGENCIES", "CONCEPTS"} | LISTS_USED | LISTS_OF_CONCEPTS),
        (DSD, "dataflow", {"CPI"}),
        (DSD, "codelist", {"CL_AREA", "CL_ITEM", "CL_STATUS", "CL_FREQ", "CL_UNIT"}),
        (DSD, "parents,children", LISTS_USED | {"CONCEPTS", "AGENCIES", "CPI"}),
        (DSD, "dataflow,valuelist", {"CPI", "VL_SIGN"}),
        (CPI, "children", {"PRICES", "AGENCIES"}),
        (CPI, "parents", AROUND_FLOW),
        (CPI, "parentsandsiblings", AROUND_FLOW | {"DATA_PROVIDERS", "TOPICS", "AGENCIES"}),
        (CPI, "descendants", {"PRICES", "CONCEPTS", "AGENCIES"} | LISTS_USED | LISTS_OF_CONCEPTS),
        (CPI, "all", ALL_IDS - {"CPI"}),
        ("/codelist/SCI/CL_FREQ", "parents", {"CONCEPTS"}),
        ("/codelist/SCI/CL_AREA", "parents", {"PRICES"}),
        ("/codelist/SCI/CL_AREA", "ancestors", {"PRICES", "CPI"} | AROUND_FLOW),
        ("/conceptscheme/SCI/CONCEPTS", "children", LISTS_OF_CONCEPTS | {"AGENCIES"}),
        ("/conceptscheme/SCI/CONCEPTS", "parents", {"PRICES"}),
        ("/categoryscheme/SCI/TOPICS", "categorisation", {"CAT_CPI"}),
        ("/categorisation/SCI/CAT_CPI", "children", {"CPI", "TOPICS", "AGENCIES"}),
        ("/provisionagreement/SCI/PA_CPI", "children", {"CPI", "DATA_PROVIDERS", "AGENCIES"}),
        ("/dataproviderscheme/SCI", "parents", {"PA_CPI"}),
        ("/dataconstraint/SCI/CPI_LIMITS", "children", {"CPI", "AGENCIES"}),
        ("/agencyscheme/SDMX", "parents", ALL_IDS - {"AGENCIES"}),
    ],
)
def test_what_comes_with_it(tail, references, expected):
    answer = ask(tail, f"references={references}")
    assert ids(answer.related) == expected
    assert len(answer.artefacts) == len(answer.matching) + len(answer.related)


def test_a_wildcard_reference_belongs_to_the_latest_version_only():
    newer = codelist("CL_AREA", "IR", version="1.1.0")
    world = (*WORLD, newer)
    assert ids(ask("/codelist/SCI/CL_AREA/1.0.0", "references=parents", world).related) == set()
    assert ids(ask("/codelist/SCI/CL_AREA/1.1.0", "references=parents", world).related) == {"PRICES"}


def test_stubs_hold_names_but_nothing_else():
    (found,) = ask(CPI, "detail=allstubs").matching
    assert (found.names, found.descriptions, found.structure) == (FLOW.names, {}, None)
    (found,) = ask(CPI, "detail=allcompletestubs").matching
    assert (found.names, found.descriptions, found.structure) == (FLOW.names, FLOW.descriptions, None)
    (found,) = ask("/codelist/SCI/CL_AREA", "detail=allstubs").matching
    assert (found.names, found.items) == (AREA.names, ())


@pytest.mark.parametrize("detail", ["referencestubs", "referencecompletestubs"])
def test_only_what_is_referenced_is_a_stub(detail):
    answer = ask(CPI, f"detail={detail}&references=children")
    assert answer.matching == (FLOW,)
    structure = next(found for found in answer.related if found.id == "PRICES")
    assert structure.dimensions == ()


@pytest.mark.parametrize("scope", ["all", "children", "ancestors"])
def test_stubs_come_with_the_same_artefacts_as_full_answers(scope):
    full = ask(CPI, f"references={scope}")
    stubs = ask(CPI, f"references={scope}&detail=allstubs")
    assert [found.id for found in stubs.artefacts] == [found.id for found in full.artefacts]


def test_partial_references_hold_what_is_used():
    answer = ask(CPI, "detail=referencepartial&references=all")
    found = {artefact.id: artefact for artefact in answer.artefacts}
    assert found["CPI"] == FLOW
    assert [code.id for code in found["CL_FREQ"].items] == ["M"]
    assert [code.id for code in found["CL_AREA"].items] == ["IR", "IR-00", "IR-0001"]
    assert [code.id for code in found["CL_STATUS"].items] == ["A"]
    assert len(found["CL_ITEM"].items) == 3
    assert "UNUSED" not in {concept.id for concept in found["CONCEPTS"].items}
    assert [provider.id for provider in found["DATA_PROVIDERS"].items] == ["PRICES"]
    assert [category.id for category in found["TOPICS"].items] == ["ECO"]
    assert [category.id for category in found["TOPICS"].items[0].items] == ["PRICES"]
    assert found["TOPICS"].items[0].items[0].items == ()
    assert [agency.id for agency in found["AGENCIES"].items] == ["SDMX", "SCI"]
    partial = {"CL_FREQ", "CL_AREA", "CL_STATUS", "CONCEPTS", "DATA_PROVIDERS", "TOPICS"}
    assert {name for name, artefact in found.items() if getattr(artefact, "is_partial", False)} == partial


def test_a_structure_alone_is_not_limited_by_a_constraint_on_a_flow():
    answer = ask(DSD, "detail=referencepartial&references=descendants")
    found = {artefact.id: artefact for artefact in answer.related}
    assert found["CL_FREQ"] == FREQ
    assert found["CL_STATUS"] == STATUS
    assert found["CONCEPTS"].is_partial


def test_partial_references_of_a_flow_whose_lists_are_missing():
    answer = ask(CPI, "detail=referencepartial&references=all", (FLOW, STRUCTURE, CONCEPTS, LIMITS, AREA))
    assert next(found for found in answer.related if found.id == "CL_AREA") == AREA


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("/codelist/SCI/CL_FREQ/~/A", ["A"]),
        ("/codelist/SCI/CL_FREQ/~/M,A,X", ["A", "M"]),
        ("/codelist/SCI/CL_AREA/~/IR-0001", ["IR", "IR-00", "IR-0001"]),
        ("/conceptscheme/SCI/CONCEPTS/~/FREQ", ["FREQ"]),
        ("/valuelist/SCI/VL_SIGN/~/%3C5", ["<5"]),
        ("/dataproviderscheme/SCI/DATA_PROVIDERS/~/CENSUS", ["CENSUS"]),
        ("/categoryscheme/SCI/TOPICS/~/SOC", ["SOC"]),
    ],
)
def test_items_with_their_ancestors(tail, expected):
    (found,) = ask(tail).matching
    assert [item.id for item in found.items] == expected
    assert found.is_partial


def test_a_nested_item_is_named_by_its_path_and_comes_without_what_is_below():
    (found,) = ask("/categoryscheme/SCI/TOPICS/1.0.0/ECO.PRICES").matching
    (economy,) = found.items
    (prices,) = economy.items
    assert (economy.id, prices.id, prices.items) == ("ECO", "PRICES", ())
    assert ask("/categoryscheme/SCI/TOPICS/1.0.0/PRICES").matching == ()


def test_a_scheme_without_the_item_is_left_out():
    assert ids(ask("/codelist/*/*/~/M").matching) == {"CL_FREQ"}
    assert ids(ask("/*/SCI/*/~/IX").matching) == {"CL_UNIT"}


def test_all_items_asked_for_by_name_are_still_partial():
    (found,) = ask("/codelist/SCI/CL_UNIT/~/IX,PT").matching
    assert len(found.items) == 2
    assert found.is_partial
    assert not ask("/codelist/SCI/CL_UNIT/~/*").matching[0].is_partial


@pytest.mark.parametrize(
    ("tail", "references", "expected"),
    [
        ("/categoryscheme/SCI/TOPICS/~/ECO.PRICES", "categorisation", {"CAT_CPI"}),
        ("/categoryscheme/SCI/TOPICS/~/ECO.PRICES.CPI", "categorisation", {"CAT_CPI"}),
        ("/categoryscheme/SCI/TOPICS/~/SOC", "categorisation", set()),
        ("/conceptscheme/SCI/CONCEPTS/~/FREQ", "codelist", {"CL_FREQ"}),
        ("/conceptscheme/SCI/CONCEPTS/~/ITEM", "codelist", set()),
        ("/conceptscheme/SCI/CONCEPTS/~/UNUSED", "parents", set()),
        ("/dataproviderscheme/SCI/DATA_PROVIDERS/~/PRICES", "parents", {"PA_CPI"}),
        ("/dataproviderscheme/SCI/DATA_PROVIDERS/~/CENSUS", "parents", set()),
        ("/codelist/SCI/CL_STATUS/~/A", "datastructure", {"PRICES"}),
    ],
)
def test_references_of_items(tail, references, expected):
    assert ids(ask(tail, f"references={references}").related) == expected


EXTENDED = codelist("CL_X", "X", extensions=(CodelistExtension(codelist=ref("Codelist", "CL_FREQ"), prefix="F_"),))


def test_extensions_are_put_in_place_unless_raw():
    world = (EXTENDED, FREQ)
    (full,) = ask("/codelist/SCI/CL_X", world=world).matching
    assert [code.id for code in full.items] == ["F_A", "F_Q", "F_M", "X"]
    assert full.extensions == ()
    assert ask("/codelist/SCI/CL_X", "detail=raw", world).matching == (EXTENDED,)


def test_an_inherited_list_is_not_returned_again_unless_raw():
    world = (EXTENDED, FREQ)
    assert ids(ask("/codelist/SCI/CL_X", "references=descendants", world).related) == set()
    assert ids(ask("/codelist/SCI/CL_X", "references=descendants&detail=raw", world).related) == {"CL_FREQ"}
    assert ids(ask("/codelist/SCI/CL_FREQ", "references=parents", world).related) == {"CL_X"}


def test_an_inherited_code_can_be_asked_for():
    (found,) = ask("/codelist/SCI/CL_X/~/F_Q", world=(EXTENDED, FREQ)).matching
    assert [code.id for code in found.items] == ["F_Q"]


def test_a_list_that_extends_one_that_is_not_stored_is_shown_as_it_is():
    """It may have come first; answers about all the others must not fail for it."""
    other = codelist("CL_OTHER", "A")
    answer = ask("/codelist", world=(EXTENDED, other))
    assert sorted(answer.matching, key=lambda one: one.id) == [other, EXTENDED]


def test_lists_that_extend_each_other_are_shown_as_they_are():
    circle = codelist("CL_FREQ", "A", extensions=(CodelistExtension(codelist=ref("Codelist", "CL_X")),))
    shown = ask("/codelist", world=(EXTENDED, circle)).matching
    assert sorted(shown, key=lambda one: one.id) == [circle, EXTENDED]


def test_the_answer_lists_kinds_in_the_order_of_a_message():
    kinds = [artefact.kind for artefact in ask(CPI, "references=all").artefacts]
    assert kinds[0] == "AgencyScheme"
    assert kinds.index("Codelist") < kinds.index("ConceptScheme") < kinds.index("DataStructure")
    assert kinds == [artefact.kind for artefact in ask("").artefacts]


def test_the_agency_scheme_of_a_sub_agency():
    below = codelist("CL_Y")
    scheme = type(AGENCIES)(agency="SCI", id="AGENCIES", version="1.0", items=PROVIDERS.items)
    nested = type(below)(agency="SCI.PRICES", id="CL_Y", version="1.0.0")
    answer = ask("/codelist/SCI.PRICES", "references=children&detail=referencepartial", (nested, scheme, AGENCIES))
    assert [(found.agency, [item.id for item in found.items]) for found in answer.related] == [("SCI", ["PRICES"])]


def test_topics_are_stored_nested():
    assert ask("/categoryscheme").matching == (TOPICS,)
