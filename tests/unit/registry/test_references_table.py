"""``references`` against the table of the specification, row by row, over a world in which all of it occurs."""

import functools

import pytest
from support.catalogues import catalogue_of
from support.every_kind import ABOUT_ANYTHING, every_kind, every_kind_of_2_1, named
from support.references_table import V1_ROWS, V2_ROWS, closure

from sdmx_server.model.kinds import BY_NAME
from sdmx_server.model.reference import reference_to
from sdmx_server.query import v1, v1_paths
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

HELD = every_kind()
WORLD = catalogue_of(HELD)
EVERY = {one.kind for one in HELD}

LEFT_OUT = {
    "CategoryScheme": "HierarchyAssociation",
    "ConceptScheme": "ValueList",
    "DataStructure": "ReportingTaxonomy",
    "HierarchyAssociation": "HierarchyAssociation",
    "MetadataStructure": "ReportingTaxonomy",
    "NamePersonalisationScheme": "HierarchyAssociation",
    "OrganisationUnitScheme": "HierarchyAssociation",
    "ReportingTaxonomy": "DataStructure MetadataStructure",
    "RepresentationMap": "StructureMap",
    "RulesetScheme": "UserDefinedOperatorScheme",
    "StructureMap": "RepresentationMap",
    "UserDefinedOperatorScheme": "RulesetScheme",
    "ValueList": "HierarchyAssociation",
}
"""References that artefacts hold although the table has forgotten them, most of them in one of the two rows."""

IMPOSSIBLE = {
    "CategorySchemeMap": {"ReportingTaxonomy"},
    "ReportingTaxonomy": {"CategorySchemeMap"},
}
"""References that the table lists and no artefact can hold: a category scheme map maps category schemes alone."""


def kinds(names):
    return set(EVERY) if "All" in names.split() else set(names.split()) & EVERY


def ask(reference, query):
    tail = f"/{BY_NAME[reference.kind].resource}/{reference.agency}/{reference.id}/{reference.version}"
    answer = answer_structure_query(WORLD, parse_structure_query(tail, query))
    assert [reference_to(one) for one in answer.matching] == [reference]
    return [reference_to(one) for one in answer.related]


def proving(version, rows):
    return [
        pytest.param(kind, marks=pytest.mark.proves(f"{version} structure: references of={kind}"))
        for kind in rows
        if kind in EVERY
    ]


@pytest.mark.parametrize("kind", proving("v2", V2_ROWS))
def test_a_row_of_the_table(kind):
    children, parents = V2_ROWS[kind]
    expected = (kinds(children) | kinds(parents) | kinds(LEFT_OUT.get(kind, ""))) - IMPOSSIBLE.get(kind, set())
    of_kind = [reference_to(one) for one in HELD if one.kind == kind]
    assert named(kind) in of_kind
    found = {around.kind for one in of_kind for around in ask(one, "references=parents,children&detail=raw")}
    assert found == expected


def test_targets_with_wildcards():
    own = reference_to(ABOUT_ANYTHING)
    world = catalogue_of([*HELD, ABOUT_ANYTHING])
    found = set(world.children(own))
    there = {reference_to(one) for one in HELD}
    assert found - {named("AgencyScheme")} == {
        one for one in there if one.kind == "Codelist" or (one.agency, one.version) == ("SCI", "1.0.0")
    }
    query = parse_structure_query("/codelist/SCI/Codelist/~/A", "references=metadataflow")
    answer = answer_structure_query(world, query)
    assert ABOUT_ANYTHING in answer.related


# ---- REST 1.5.0 ---------------------------------------------------------------------------------------------------

HELD_V1 = [*HELD, *every_kind_of_2_1()]
CONSTRAINTS = ("DataConstraint", "MetadataConstraint", "AttachmentConstraint")
V1_KINDS = {*V1_ROWS, *CONSTRAINTS} - {"Constraint"}
V1_LEFT_OUT = {
    "CustomTypeScheme": "Process",
    "DataStructure": "ReportingTaxonomy",
    "MetadataStructure": "ReportingTaxonomy",
    "NamePersonalisationScheme": "Process",
    "ReportingTaxonomy": "DataStructure MetadataStructure",
    "RulesetScheme": "Process UserDefinedOperatorScheme",
    "TransformationScheme": "Process",
    "UserDefinedOperatorScheme": "Process RulesetScheme",
    "VtlMappingScheme": "Process",
}
V1_IMPOSSIBLE = {"OrganisationUnitScheme": {"Constraint"}}
"""A constraint is attached to data providers and to no other organisations."""


@functools.cache
def world_v1(kinds):
    """The world with some kinds only, None for all of them."""
    return catalogue_of([one for one in HELD_V1 if kinds is None or one.kind in kinds])


def kinds_v1(names):
    return set(V1_ROWS) if "All" in names.split() else set(names.split())


def row_of(kind):
    """The row of a kind in the older table, which has one for all constraints."""
    return "Constraint" if kind in CONSTRAINTS else kind


def ask_v1(reference, query, kinds=None):
    content = reference.kind in CONSTRAINTS[:2]  # both are content constraints of 2.1
    resource = "contentconstraint" if content else reference.kind.lower()
    tail = f"/{reference.agency}/{reference.id}/{reference.version}"
    answer = answer_structure_query(world_v1(kinds), v1.parse_structure_query(resource, tail, query))
    assert reference in [reference_to(one) for one in answer.matching]
    return [reference_to(one) for one in answer.related]


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.proves(f"v1 structure: references of={row}")) for row in V1_ROWS]
)
def test_a_row_of_the_older_table(row):
    children, parents = V1_ROWS[row]
    expected = kinds_v1(children) | kinds_v1(parents) | kinds_v1(V1_LEFT_OUT.get(row, ""))
    expected -= V1_IMPOSSIBLE.get(row, set())
    of_kind = [reference_to(one) for one in HELD_V1 if row_of(one.kind) == row]
    found = {
        row_of(around.kind)
        for one in of_kind
        for words in ("parents", "children")
        for around in ask_v1(one, f"references={words}")
    }
    assert found == expected


SCOPES = ("none", "parents", "parentsandsiblings", "children", "descendants", "all")
NAMED = [name for name in v1_paths.RESOURCES if name != "structure"]


@functools.cache
def steps_v1():
    """What is one step below and above each artefact in 1.5.0, which the table has shown to be right."""
    every = world_v1(frozenset(V1_KINDS)).all()
    return tuple(
        {one: set(ask_v1(one, f"references={word}", frozenset(V1_KINDS))) for one in every}
        for word in ("children", "parents")
    )


@pytest.mark.parametrize(
    "word", [pytest.param(w, marks=pytest.mark.proves(f"v1 structure: references={w}")) for w in (*SCOPES, *NAMED)]
)
def test_every_value_of_the_older_parameter(word):
    children, parents = steps_v1()
    for start in children:
        siblings = parents[start].union(*(children[one] for one in parents[start]))
        below, above = closure(start, children), closure(start, parents)
        sets = {
            "none": set(),
            "parents": parents[start],
            "parentsandsiblings": siblings,
            "children": children[start],
            "descendants": below,
            "all": siblings | below,
        }
        of_kind = {one for one in below | above if one.kind in v1_paths.RESOURCES.get(word, ())}
        if word == "actualconstraint":  # there is none in this world
            of_kind = set()
        assert set(ask_v1(start, f"references={word}", frozenset(V1_KINDS))) == sets.get(word, of_kind) - {start}
