"""Item queries of both versions: the items with what they are within, and what refers to them."""

import msgspec
import pytest
from support.catalogues import catalogue_of
from support.every_kind import every_kind, every_kind_of_2_1

from sdmx_server.model.category import Categorisation
from sdmx_server.model.reference import Reference
from sdmx_server.model.transformation import (
    CustomType,
    NamePersonalisation,
    Ruleset,
    Transformation,
    UserDefinedOperator,
)
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

VTL_ITEMS = {
    "CustomTypeScheme": lambda name: CustomType(id=name, vtl_scalar_type="integer", data_type="Long"),
    "NamePersonalisationScheme": lambda name: NamePersonalisation(
        id=name, vtl_default_name="int_var", personalised_name="value", vtl_artefact="variable"
    ),
    "RulesetScheme": lambda name: Ruleset(id=name, definition="x", ruleset_type="datapoint", scope="variable"),
    "TransformationScheme": lambda name: Transformation(id=name, expression="a", result="b", is_persistent=True),
    "UserDefinedOperatorScheme": lambda name: UserDefinedOperator(id=name, definition="x"),
}


def filled(artefact):
    make = VTL_ITEMS.get(artefact.kind)
    return artefact if make is None else msgspec.structs.replace(artefact, items=tuple(map(make, "ABC")))


CAT_OF_A = Categorisation(
    agency="SCI",
    id="CAT_A",
    version="1.0.0",
    source=Reference(kind="Dataflow", agency="SCI", id="Dataflow", version="1.0.0"),
    target=Reference(kind="CategoryScheme", agency="SCI", id="CategoryScheme", version="1.0.0", item="A"),
)
WORLD = catalogue_of([*map(filled, every_kind()), *every_kind_of_2_1(), CAT_OF_A])


def paths(items, above=""):
    for item in items:
        yield above + item.id
        yield from paths(getattr(item, "items", ()), f"{above}{item.id}.")


def ask(tail, query="", version="v2"):
    if version == "v1":
        resource, _, tail = tail.strip("/").partition("/")
        return answer_structure_query(WORLD, v1.parse_structure_query(resource, tail, query))
    return answer_structure_query(WORLD, parse_structure_query(tail, query))


def items(tail, version="v2"):
    """The items of the one scheme of the answer, which is marked partial."""
    [found] = ask(tail, version=version).matching
    assert found.is_partial
    return list(paths(found.items))


SCHEMES = {
    "categoryscheme": ("SCI/CategoryScheme/1.0.0", "B"),
    "conceptscheme": ("SCI/ConceptScheme/1.0.0", "SIGN"),
    "codelist": ("SCI/Codelist/1.0.0", "B"),
    "agencyscheme": ("SDMX/AGENCIES/1.0", "SCI"),
    "dataproviderscheme": ("SCI/DATA_PROVIDERS/1.0", "B"),
    "dataconsumerscheme": ("SCI/DATA_CONSUMERS/1.0", "B"),
    "organisationunitscheme": ("SCI/UNITS/1.0", "B"),
    "reportingtaxonomy": ("SCI/ReportingTaxonomy/1.0.0", "B"),
    "transformationscheme": ("SCI/TransformationScheme/1.0.0", "B"),
    "rulesetscheme": ("SCI/RulesetScheme/1.0.0", "B"),
    "userdefinedoperatorscheme": ("SCI/UserDefinedOperatorScheme/1.0.0", "B"),
    "customtypescheme": ("SCI/CustomTypeScheme/1.0.0", "B"),
    "namepersonalisationscheme": ("SCI/NamePersonalisationScheme/1.0.0", "B"),
    "vtlmappingscheme": ("SCI/VtlMappingScheme/1.0.0", "M1"),
}
NEWER = {
    "metadataproviderscheme": ("SCI/METADATA_PROVIDERS/1.0", "B"),
    "valuelist": ("SCI/ValueList/1.0.0", "2"),
}
OLDER = {"organisationscheme": ("SCI/DATA_CONSUMERS/1.0", "B")}


def of_type(version, types):
    return [
        pytest.param(
            version, f"/{name}/{path}", item, marks=pytest.mark.proves(f"{version} structure: itemID of={name}")
        )
        for name, (path, item) in types.items()
    ]


@pytest.mark.parametrize(("version", "path", "item"), of_type("v2", SCHEMES | NEWER) + of_type("v1", SCHEMES | OLDER))
def test_one_item_of_every_type(version, path, item):
    assert items(f"{path}/{item}", version) == [item]
    assert ask(f"{path}/NONE", version=version).matching == ()


@pytest.mark.proves(
    "v2 structure: itemID={id}",
    "v2 structure: itemID=A,B",
    "v2 structure: itemID=*",
    "v2 structure: itemID=A.A1 with its ancestors",
    "v2 structure: itemID of=*",
)
def test_several_items_and_those_within_others():
    path = "/categoryscheme/SCI/CategoryScheme/1.0.0"
    assert items(f"{path}/A") == ["A"]
    assert items(f"{path}/A.A1") == ["A", "A.A1"]
    assert items(f"{path}/A.A1.A1A,B,NONE") == ["A", "A.A1", "A.A1.A1A", "B"]
    assert items("/codelist/SCI/Codelist/~/C,A") == ["A", "C"]
    assert items("/codelist/SCI/Codelist/~/X") == ["X"]  # of the list that it extends
    [whole] = ask(f"{path}/*").matching
    assert (list(paths(whole.items)), whole.is_partial) == (["A", "A.A1", "A.A1.A1A", "B"], False)
    assert ask(f"{path}/A1").matching == ask(f"{path}/A1A").matching == ()
    assert {one.kind for one in ask("/*/SCI/*/*/B").matching} >= {"Codelist", "CategoryScheme", "RulesetScheme"}


@pytest.mark.proves(
    "v1 structure: itemID={id}",
    "v1 structure: itemID=A+B",
    "v1 structure: itemID=all",
    "v1 structure: itemID=A.A1 with its ancestors",
)
def test_several_items_in_1_5():
    path = "/categoryscheme/SCI/CategoryScheme/1.0.0"
    assert items(f"{path}/A", "v1") == ["A"]
    assert items(f"{path}/A.A1+B", "v1") == ["A", "A.A1", "B"]
    assert items("/codelist/SCI/Codelist/latest/A+C", "v1") == ["A", "C"]
    [whole] = ask(f"{path}/all", version="v1").matching
    assert (list(paths(whole.items)), whole.is_partial) == (["A", "A.A1", "A.A1.A1A", "B"], False)


@pytest.mark.proves("v1 structure: itemID of=hierarchicalcodelist")
def test_hierarchies_are_the_items_of_hierarchical_codelists():
    [found] = ask("/hierarchicalcodelist/SCI/HierarchicalCodelist/1.0.0/H2", version="v1").matching
    assert [one.id for one in found.hierarchies] == ["H2"]
    assert ask("/hierarchicalcodelist/SCI/HierarchicalCodelist/1.0.0/H9", version="v1").matching == ()


def test_what_is_around_an_item_is_around_those_that_it_is_within():
    path = "/categoryscheme/SCI/CategoryScheme/1.0.0"

    def categorised(item):
        found = ask(f"{path}/{item}", "references=parents").related
        return {one.id for one in found if one.kind == "Categorisation"}

    assert categorised("B") == {"CAT_CategoryScheme"}  # which is about the scheme itself
    assert categorised("A") == {"CAT_CategoryScheme", "CAT_A"}
    every = ask(path, "references=parents").related
    assert categorised("A.A1") == {one.id for one in every if one.kind == "Categorisation"}
    assert len(categorised("A.A1")) > 30
    below = {one.id for one in ask("/conceptscheme/SCI/ConceptScheme/1.0.0/UNUSED", "references=descendants").related}
    assert below == {"AGENCIES"}
    flows = {one.id for one in ask("/reportingtaxonomy/SCI/ReportingTaxonomy/1.0.0/B", "references=children").related}
    assert flows == {"AGENCIES", "DataStructure", "MetadataStructure"}
    nobody = {one.id for one in ask("/agencyscheme/SDMX/AGENCIES/1.0/NOBODY", "references=parents").related}
    assert nobody >= {f"{short}_AgencyScheme" for short in ("CAT", "HA", "MDF", "MPA", "PROC")}
    assert nobody.isdisjoint(("Codelist", "Dataflow", "DataStructure"))  # they are of another agency
    assert len(ask("/agencyscheme/SDMX/AGENCIES/1.0/SCI", "references=parents").related) > 100
