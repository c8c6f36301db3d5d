"""The VTL schemes: references in both directions, items, stubs, URNs, and what versions cannot say."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from support.catalogues import catalogue_of
from support.shipped import STRUCTURES

from sdmx_server.errors import Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import read_structures as read_json
from sdmx_server.formats.sdmx_json.structure import write_pretty
from sdmx_server.formats.sdmx_json.structure import write_structures as write_json
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.reference import Reference, parse_urn, reference_to
from sdmx_server.model.transformation import VTL_SCHEMES, FromVtlMapping, RulesetScheme, ToVtlMapping
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.merging import adds, merged
from sdmx_server.registry.references import references_of
from sdmx_server.registry.structures import answer_structure_query

DATA = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml"


def sample(name):
    return read_structures(io.BytesIO((DATA / name).read_bytes()), name)


NEW, OLD = sample("vtl_3_1.xml"), sample("vtl_2_1.xml")
BY_KIND = {artefact.kind: artefact for artefact in NEW.artefacts}
OLD_BY_KIND = {artefact.kind: artefact for artefact in OLD.artefacts}
SHIPPED = [one for path in STRUCTURES for one in read_json(io.BytesIO(path.read_bytes()), path.name).artefacts]
CATALOGUE = catalogue_of([*SHIPPED, *NEW.artefacts])
EVERY_KIND = pytest.mark.parametrize("kind", [cls.kind for cls in VTL_SCHEMES])
RELATED = {
    "CustomTypeScheme": (set(), {"TransformationScheme"}),
    "NamePersonalisationScheme": (set(), {"TransformationScheme"}),
    "RulesetScheme": ({"VtlMappingScheme"}, {"TransformationScheme", "UserDefinedOperatorScheme"}),
    "TransformationScheme": (
        {
            *("CustomTypeScheme", "NamePersonalisationScheme", "RulesetScheme", "UserDefinedOperatorScheme"),
            "VtlMappingScheme",
        },
        set(),
    ),
    "UserDefinedOperatorScheme": ({"VtlMappingScheme", "RulesetScheme"}, {"TransformationScheme"}),
    "VtlMappingScheme": (
        {"Codelist", "ConceptScheme", "Dataflow"},
        {"RulesetScheme", "TransformationScheme", "UserDefinedOperatorScheme"},
    ),
}
"""What each kind refers to, and what refers to it."""


def ask(tail, query=""):
    return answer_structure_query(CATALOGUE, parse_structure_query(tail, query))


def kinds(found):
    return {one.kind for one in found} - {"AgencyScheme"}


# ---- what is read ---------------------------------------------------------------------------------------------------


def test_both_samples_hold_all_six_kinds():
    assert [artefact.kind for artefact in OLD.artefacts] == [
        *("CustomTypeScheme", "VtlMappingScheme", "NamePersonalisationScheme", "RulesetScheme"),
        *("TransformationScheme", "UserDefinedOperatorScheme"),
    ]
    assert set(BY_KIND) == set(OLD_BY_KIND) == {cls.kind for cls in VTL_SCHEMES}


def test_transformations_are_kept_word_by_word():
    total, women, _, inflation = BY_KIND["TransformationScheme"].items
    assert total.expression == (
        'sum(POP[filter SEX <> "_T" and AGE = "_T" and RESIDENCE = "_T"] group by FREQ, REF_AREA, TIME_PERIOD)'
    )
    assert (total.result, total.is_persistent) == ("POP_TOTAL", False)
    assert (women.names["fa"], women.annotations[0].title, women.is_persistent) == ("سهم زنان", "Percent", True)
    assert (inflation.expression, inflation.result) == ("growth('CPI/N.B1400', 12)", "'CPI/GY'")
    [rules, _] = BY_KIND["RulesetScheme"].items
    assert rules.definition.splitlines()[1] == '  _T = M + F errorcode "The sexes do not add up" errorlevel 5'
    assert (rules.ruleset_type, rules.scope) == ("hierarchical", "valuedomain")


def test_mappings_say_what_they_map_and_how():
    pop, cpi, generic, sexes, area = BY_KIND["VtlMappingScheme"].items
    assert [one.mapped for one in (pop, cpi, generic, sexes, area)] == [
        *("Dataflow", "Dataflow", "Dataflow", "Codelist", "Concept")
    ]
    assert (pop.alias, pop.to_vtl, pop.from_vtl) == ("POP", ToVtlMapping(method="Basic"), None)
    assert cpi.to_vtl == ToVtlMapping(method="Basic-A2M", sub_space=("TRANSFORMATION", "BASE_PER"))
    assert cpi.from_vtl == FromVtlMapping(super_space=("TRANSFORMATION",))
    assert (generic.target, generic.from_vtl) == (None, FromVtlMapping(method="Unpivot"))
    assert area.target == parse_urn("urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=SCI:CONCEPTS(1.0+.0).REF_AREA")
    assert [one.mapped for one in OLD_BY_KIND["VtlMappingScheme"].items][1] == "ConceptScheme"


# ---- references ------------------------------------------------------------------------------------------------------


@EVERY_KIND
@pytest.mark.proves(
    "v2 structure: references of=TransformationScheme",
    "v2 structure: references of=RulesetScheme",
    "v2 structure: references of=UserDefinedOperatorScheme",
    "v2 structure: references of=CustomTypeScheme",
    "v2 structure: references of=NamePersonalisationScheme",
    "v2 structure: references of=VtlMappingScheme",
)
def test_references_in_both_directions(kind):
    resource = kind.lower()
    children, parents = RELATED[kind]
    assert kinds(ask(f"{resource}/SCI", "references=children").related) == children
    assert kinds(ask(f"{resource}/SCI", "references=parents").related) == parents
    assert kinds(ask(f"{resource}/SCI", "references=all").related) >= children | parents
    assert kinds(ask(f"{resource}/SCI", "references=ancestors").related) == parents


def test_mappings_come_with_the_artefacts_that_they_name():
    found = {(one.kind, one.id) for one in ask("vtlmappingscheme/SCI", "references=children").related}
    assert found == {
        *(("Dataflow", "CENSUS_POP"), ("Dataflow", "CPI"), ("Codelist", "CL_SEX")),
        *(("ConceptScheme", "CONCEPTS"), ("AgencyScheme", "AGENCIES")),
    }
    for path in ("dataflow/SCI/CPI", "codelist/SCI/CL_SEX", "conceptscheme/SCI/CONCEPTS"):
        assert "VTL_ALIASES" in {one.id for one in ask(path, "references=vtlmappingscheme").related}
    assert [one.id for one in ask("dataflow/SCI/CPI", "references=transformationscheme").related] == ["RATES"]
    everything = kinds(ask("transformationscheme/SCI/RATES", "references=descendants").related)
    assert everything >= {"VtlMappingScheme", "Dataflow", "DataStructure", "Codelist", "ConceptScheme"}


def test_wildcards_in_references_find_the_stored_version():
    [written] = [one for one in references_of(BY_KIND["RulesetScheme"])]
    assert written.version == "1.0+.0"
    assert CATALOGUE.resolve(written) == reference_to(BY_KIND["VtlMappingScheme"])


def test_partial_references_cut_concepts_and_leave_vtl_whole():
    found = ask("transformationscheme/SCI/RATES", "references=descendants&detail=referencepartial").related
    [aliases] = [one for one in found if one.kind == "VtlMappingScheme"]
    assert (len(aliases.items), aliases.is_partial) == (5, False)
    [concepts] = [
        one
        for one in ask("vtlmappingscheme", "references=children&detail=referencepartial").related
        if one.kind == "ConceptScheme"
    ]
    assert ([one.id for one in concepts.items], concepts.is_partial) == (["REF_AREA"], True)


# ---- items and stubs -------------------------------------------------------------------------------------------------


@EVERY_KIND
@pytest.mark.proves(
    "v2 structure: itemID of=transformationscheme",
    "v2 structure: itemID of=rulesetscheme",
    "v2 structure: itemID of=userdefinedoperatorscheme",
    "v2 structure: itemID of=customtypescheme",
    "v2 structure: itemID of=namepersonalisationscheme",
    "v2 structure: itemID of=vtlmappingscheme",
)
def test_items_make_the_scheme_partial(kind):
    whole = BY_KIND[kind]
    last = whole.items[-1]
    [found] = ask(f"{kind.lower()}/SCI/{whole.id}/1.0.0/{last.id}").matching
    assert (found.items, found.is_partial) == ((last,), True)
    assert (whole.is_partial, found.names) == (False, whole.names)
    assert ask(f"{kind.lower()}/SCI/{whole.id}/1.0.0/NOWHERE").matching == ()


@EVERY_KIND
@pytest.mark.proves(
    "v1 structure: itemID of=transformationscheme",
    "v1 structure: itemID of=rulesetscheme",
    "v1 structure: itemID of=userdefinedoperatorscheme",
    "v1 structure: itemID of=customtypescheme",
    "v1 structure: itemID of=namepersonalisationscheme",
    "v1 structure: itemID of=vtlmappingscheme",
)
def test_the_older_api_has_them_and_their_items(kind):
    whole = BY_KIND[kind]
    query = v1.parse_structure_query(kind.lower(), f"/SCI/{whole.id}/latest/{whole.items[0].id}+NOWHERE")
    [found] = answer_structure_query(CATALOGUE, query).matching
    assert (found.items, found.is_partial) == (whole.items[:1], True)


def test_an_item_comes_with_what_it_refers_to():
    found = ask("vtlmappingscheme/SCI/VTL_ALIASES/~/SEXES", "references=children").related
    assert {(one.kind, one.id) for one in found} == {("Codelist", "CL_SEX"), ("AgencyScheme", "AGENCIES")}
    above = ask("vtlmappingscheme/SCI/VTL_ALIASES/~/SEXES", "references=parents").related
    assert kinds(above) == {"RulesetScheme", "TransformationScheme", "UserDefinedOperatorScheme"}


@EVERY_KIND
def test_a_stub_keeps_the_version_of_vtl_and_is_valid(kind):
    [stub] = ask(f"{kind.lower()}/SCI", "detail=allstubs").matching
    assert stub.items == ()
    assert references_of(stub) == []
    assert stub.names == BY_KIND[kind].names
    assert getattr(stub, "vtl_version", "2.0") == "2.0"
    for version in ("2.1", "3.0", "3.1"):
        written = b"".join(write_xml(StructureMessage(header=NEW.header, artefacts=(stub,)), WriteOptions(), version))
        assert read_structures(io.BytesIO(written), "stub.xml").artefacts == (stub,)


def test_a_partial_scheme_adds_its_items():
    held = OLD_BY_KIND["RulesetScheme"]
    assert adds(held)
    new = msgspec.structs.replace(held.items[0], id="NEW")
    both = merged(held, RulesetScheme(agency="SCI", id="RULES", items=(new,), is_partial=True))
    assert [one.id for one in both.items] == ["FOOD", "NEW"]


# ---- URNs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *(
            "transformation.TransformationScheme=SCI:RATES(1.0.0)",
            "transformation.Transformation=SCI:RATES(1.0.0).WOMEN",
        ),
        *("transformation.Ruleset=SCI:R(1.0.0).A", "transformation.UserDefinedOperator=SCI:O(1.0.0).A"),
        *("transformation.CustomType=SCI:T(1.0.0).A", "transformation.NamePersonalisation=SCI:N(1.0.0).A"),
        *("transformation.VtlMappingScheme=SCI:M(1.0.0)", "transformation.VtlDataflowMapping=SCI:M(1.0.0).A"),
        *("transformation.VtlCodelistMapping=SCI:M(1.0.0).A", "transformation.VtlConceptMapping=SCI:M(1.0.0).A"),
    ],
)
def test_urns_come_back(name):
    urn = f"urn:sdmx:org.sdmx.infomodel.{name}"
    assert parse_urn(urn).urn == urn
    assert parse_urn(urn).kind in BY_KIND


def test_the_urn_of_a_mapping_says_what_it_maps():
    written = b"".join(write_xml(NEW, WriteOptions(), "3.1")).decode()
    for mapped, item in (("Dataflow", "ANY"), ("Dataflow", "PRICES"), ("Codelist", "SEXES"), ("Concept", "AREA")):
        assert f'urn="urn:sdmx:org.sdmx.infomodel.transformation.Vtl{mapped}Mapping=SCI:VTL_ALIASES(1.0.0).{item}"' in (
            written
        )
    assert "transformation.Transformation=SCI:RATES(1.0.0).TOTAL" in written


# ---- what versions cannot say ----------------------------------------------------------------------------------------


def test_sdmx_json_1_0_has_none_of_them_and_the_others_say_all():
    for artefact in NEW.artefacts:
        assert expressible(artefact, "2.1", JSON) is None
        assert [gap.field for gap in gaps_of(artefact, "2.1", JSON)] == ["artefact"]
        assert gaps_of(artefact, "3.0") == gaps_of(artefact, "3.1") == []
        assert gaps_of(artefact, "3.0", JSON) == gaps_of(artefact, "3.1", JSON) == []
    written = json.loads(b"".join(write_json(NEW, WriteOptions(), version="1.0.0")))
    assert written["data"] == {}


def test_a_concept_scheme_can_be_mapped_in_2_1_alone():
    scheme = OLD_BY_KIND["VtlMappingScheme"]
    ids = [one.id for one in scheme.items]
    assert ids == ["BUDGET", "ITEMS", "AREAS", "AREA", "OTHER"]
    assert gaps_of(scheme, "2.1") == []
    for version, family in (("3.0", "xml"), ("3.1", "xml"), ("3.0", "json")):
        assert [one.id for one in expressible(scheme, version, family).items] == ["BUDGET", "AREAS", "AREA", "OTHER"]
        assert [gap.field for gap in gaps_of(scheme, version, family)] == ["items.target"]


def test_files_keep_mappings_of_concept_schemes_in_their_order():
    scheme = OLD_BY_KIND["VtlMappingScheme"]
    content = write_pretty(scheme)
    [written] = json.loads(content)["data"]["vtlMappingSchemes"]
    assert [one["id"] for one in written["vtlMappings"]] == ["BUDGET", "AREAS", "AREA", "OTHER"]
    assert read_json(io.BytesIO(content), "file.json").artefacts == (scheme,)


def test_a_scheme_that_says_no_version_of_vtl_has_2_0_in_xml():
    scheme = RulesetScheme(agency="SCI", id="R", names={"en": "Rules"})
    assert expressible(scheme, "3.1").vtl_version == "2.0"
    assert [gap.field for gap in gaps_of(scheme, "3.1")] == ["vtl_version"]
    assert expressible(scheme, "3.1", JSON) == scheme


def test_a_reference_that_comes_to_mean_another_one_is_written_once_in_json():
    twice = Reference(kind="RulesetScheme", agency="SCI", id="R", version="1.0.0")
    scheme = msgspec.structs.replace(BY_KIND["TransformationScheme"], ruleset_schemes=(twice, twice))
    message = StructureMessage(header=NEW.header, artefacts=(scheme,))
    written = b"".join(write_json(message, WriteOptions(), version="2.1.0"))
    assert read_json(io.BytesIO(written), "written.json").artefacts[0].ruleset_schemes == (twice,)


# ---- refusals --------------------------------------------------------------------------------------------------------


def message(**mappings):
    scheme = {"id": "M", "agencyID": "SCI", "version": "1.0.0", "name": "M", **mappings}
    meta = {"id": "X", "prepared": "2024-01-01T00:00:00Z", "sender": {"id": "SCI"}}
    return io.BytesIO(json.dumps({"meta": meta, "data": {"vtlMappingSchemes": [scheme]}}).encode())


def mapping(item, alias, **target):
    return {"id": item, "name": item, "alias": alias, **target}


def test_an_alias_that_stands_twice_is_refused():
    both = [mapping("A", "POP", genericDataflow={}), mapping("B", "POP", genericDataflow={})]
    with pytest.raises(Refused) as refusal:
        read_json(message(vtlMappings=both), "m.json")
    [found] = refusal.value.problems
    assert (found.code, found.path) == ("json.duplicate-alias", "/data/vtlMappingSchemes/0/vtlMappings")
    assert "'POP'" in found.texts["en"]
    assert "'POP'" in found.texts["fa"]


def test_only_dataflows_are_converted():
    codelist = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL_SEX(1.0.0)"
    wrong = mapping("A", "SEX", codelist=codelist, toVtlMapping={"method": "Basic"})
    with pytest.raises(Refused, match="toVtlMapping"):
        read_json(message(vtlMappings=[wrong]), "m.json")


def test_two_targets_are_refused():
    codelist = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL_SEX(1.0.0)"
    with pytest.raises(Refused):
        read_json(message(vtlMappings=[mapping("A", "SEX", codelist=codelist, genericDataflow={})]), "m.json")
