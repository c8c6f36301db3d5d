"""What a foreign message means, and how bad ones are refused: with place, value, rule and way out."""

import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_json import syntax
from sdmx_server.formats.sdmx_json.structure import read_structures
from sdmx_server.formats.sdmx_json.validation import MOST_PROBLEMS
from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.common import AnnotationURL, Link
from sdmx_server.model.constraint import TimeBound, TimeRange
from sdmx_server.model.datastructure import AttributeRelationship, DimensionRelation
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import SentinelValue, TextFormat

FOREIGN = Path(__file__).parents[3] / "data/sdmx_json/structure-foreign-2.1.json"
META = {"id": "M", "prepared": "2024-01-01T00:00:00Z", "sender": {"id": "NSO"}}
SCHEMA = "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json"


def read(content):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_structures(io.BytesIO(content), "upload.json")


def message(**data):
    return {"$schema": SCHEMA, "meta": META, "data": data}


def codelist(**more):
    return {"id": "CL", "agencyID": "NSO", "version": "1.0.0", "name": "List"} | more


def refusal(content):
    with pytest.raises(Refused) as caught:
        read(content)
    for problem in caught.value.problems:
        assert problem.file == "upload.json"
        assert set(problem.texts) == {"en", "fa"}
    return caught.value.problems


def only(content):
    problems = refusal(content)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def assert_read_or_refused(content):
    """It is read, or refused with findings; any other error fails the test."""
    try:
        outcome = read(content).header
    except Refused as refused:
        outcome = refused.problems
    assert outcome


@pytest.fixture
def foreign():
    return {artefact.kind: artefact for artefact in read(FOREIGN.read_bytes()).artefacts}


def test_the_map_of_names_wins_and_a_single_text_is_in_the_language_of_the_message(foreign):
    assert foreign["Dataflow"].names == {"en": "Census of population", "fa": "سرشماری نفوس"}
    assert foreign["Codelist"].names == {"fa": "بسامد"}
    assert foreign["Codelist"].descriptions == {}


def test_a_single_text_without_declared_language_is_english():
    assert read(message(codelists=[codelist()])).artefacts[0].names == {"en": "List"}


def test_bare_self_links_give_the_uri_and_other_links_stay(foreign):
    assert foreign["Dataflow"].uri == "https://example.org/census"
    assert foreign["Dataflow"].links == (
        Link(rel="help", href="https://example.org/help", titles={"en": "Help"}, hreflang="en"),
    )


def test_references_may_hold_wildcards(foreign):
    assert foreign["Dataflow"].structure == Reference(kind="DataStructure", agency="NSO", id="CENSUS", version="1.0+.0")
    assert foreign["Dataflow"].dimension_constraint == ("FREQ", "SEX")


def test_components_take_their_id_from_the_concept(foreign):
    structure = foreign["DataStructure"]
    assert [dimension.id for dimension in structure.dimensions] == ["FREQ", "SEX"]
    assert [dimension.position for dimension in structure.dimensions] == [None, 2]
    assert structure.time_dimension.id == "TIME_PERIOD"
    assert structure.evolving_structure is True
    assert structure.valid_from == "2021-03-21T00:00:00+03:30"
    assert set(structure.descriptors) == {"MeasureDescriptor"}


def test_facets_are_texts_with_their_digits(foreign):
    structure = foreign["DataStructure"]
    sex = structure.dimensions[1].representation.text_format
    assert sex == TextFormat(text_type="String", facets={"minLength": "1", "maxValue": "0.50"})
    measure = structure.measures[0]
    assert measure.mandatory is True
    assert measure.representation.max_occurs == "unbounded"
    assert measure.representation.text_format.sentinels == (SentinelValue(value="-9", names={"fa": "Suppressed"}),)
    assert structure.attributes[0].representation.text_format.facets == {"isMultiLingual": "true"}


def test_relationships(foreign):
    comment, start = foreign["DataStructure"].attributes
    assert comment.relationship == AttributeRelationship(
        dimensions=(DimensionRelation(id="FREQ"), DimensionRelation(id="SEX", optional=True))
    )
    assert comment.mandatory is False
    assert start.relationship == AttributeRelationship(dataflow=True)
    assert start.mandatory is True


def test_constraints(foreign):
    constraint = foreign["DataConstraint"]
    sex, period = constraint.cube_regions[0].keys
    assert sex.values == (
        MemberValue(value="M"),
        MemberValue(value="F"),
        MemberValue(value="_T", cascade="excluderoot"),
    )
    assert period.time_range == TimeRange(
        start=TimeBound(period="2000"), end=TimeBound(period="2020-12", inclusive=False), valid_from="2001"
    )
    key = constraint.key_sets[0].keys[0]
    assert [[value.value for value in part.values] for part in key.keys] == [["A", "Q"], ["M"]]
    assert constraint.key_sets[0].is_included is False


def test_annotations(foreign):
    annotation = foreign["Codelist"].items[1].annotations[0]
    assert (annotation.id, annotation.value) == ("N", "4")
    assert annotation.urls == (AnnotationURL(href="https://example.org/q"),)
    assert foreign["Codelist"].items[1].parent == "A"


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbf" + FOREIGN.read_bytes()).artefacts


def test_what_declares_no_schema_is_read_by_what_it_fits():
    assert read({"meta": META, "data": {"codelists": [codelist(isPartialLanguage=True)]}}).artefacts
    assert read({"meta": META, "data": {"codelists": [codelist(isFinal=True)]}}).artefacts[0].is_final is True


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "json.empty", "empty"),
        (b" \n ", "json.empty", "empty"),
        (b'{"meta": ', "json.syntax", "send the whole file if it was cut off"),
        (b'{"meta": {},\n "data": }', "json.syntax", "not JSON"),
        (b'{"meta": NaN}', "json.syntax", "not JSON"),
        ('{"meta": "جنس"}'.encode("cp1256"), "json.encoding", "UTF-8"),
        ('{"meta": {}}'.encode("utf-16"), "json.encoding", "UTF-8"),
        (b'{"meta": {"id": "A", "test": true, "test": false}}', "json.duplicate-key", "'test' occurs twice"),
        (b'{"meta": 1e999}', "json.syntax", "number is infinity"),
        (b'{"meta": ' + b"9" * 5000 + b"}", "json.syntax", "number is infinity"),
        (b'{"meta": ' + b"[" * 200 + b"]" * 200 + b"}", "json.depth", "64 levels"),
        (b'{"meta": ' + b"[" * 900 + b"]" * 900 + b"}", "json.depth", "64 levels"),
        (b"[]", "json.not-a-message", "meta and data"),
        (b'"text"', "json.not-a-message", "meta and data"),
        (b'{"a": 1}', "json.not-a-message", "meta and data"),
        (b'{"meta": {}, "data": {"dataSets": []}}', "json.message-type", "data message"),
        (b'{"meta": {}, "data": {"metadataSets": []}}', "json.message-type", "metadata message"),
        (
            b'{"$schema": "https://json.sdmx.org/2.1/sdmx-json-data-schema.json", "meta": {}}',
            "json.message-type",
            "data message",
        ),
        (
            b'{"meta": {"schema": "https://example.org/tools/schemas/0.9/sdmx-json-structure-schema.json"}}',
            "json.version",
            "2.1.0, 2.0.0 or 1.0.0",
        ),
    ],
)
def test_what_is_no_structure_message_is_refused(content, code, words):
    problem = only(content)
    assert problem.code == code
    assert words in problem.texts["en"]


def test_a_thousand_levels_are_refused_before_they_are_walked():
    assert only(b"[" * 100_000 + b"]" * 100_000).code in ("json.syntax", "json.depth")


def test_a_syntax_error_names_its_line():
    assert only(b'{\n"meta": {},\n"data": [1,]\n}').row == 3


def test_size_is_bounded():
    with pytest.raises(Refused, match="larger than 10 bytes"):
        syntax.read_bytes(io.BytesIO(b" " * 11), "upload.json", most=10)


@pytest.mark.parametrize(
    ("data", "path", "code", "words"),
    [
        ({"codelists": [codelist(codes=[{"id": "A"}])]}, "/data/codelists/0/codes/0", "required", "'name' is missing"),
        (
            {"codelists": [codelist(codes=[{"id": "A B", "name": "x"}])]},
            "/data/codelists/0/codes/0/id",
            "pattern",
            "form",
        ),
        ({"codelists": [codelist(nmae="x")]}, "/data/codelists/0", "unknown", "nmae"),
        ({"codelists": [codelist(validFrom="2012")]}, "/data/codelists/0/validFrom", "format", "date-time"),
        ({"codelists": [codelist(isPartial="yes")]}, "/data/codelists/0/isPartial", "type", "boolean"),
        ({"contentConstraints": [{}]}, "/data", "unknown", "contentConstraints"),
        (
            {"agencySchemes": [{"id": "X", "agencyID": "NSO", "name": "x"}]},
            "/data/agencySchemes/0/id",
            "const",
            "AGENCIES",
        ),
        (
            {
                "conceptSchemes": [
                    codelist(concepts=[{"id": "A", "name": "x", "coreRepresentation": {"enumeration": "CL_A"}}])
                ]
            },
            "/data/conceptSchemes/0/concepts/0/coreRepresentation/enumeration",
            "pattern",
            "urn:sdmx",
        ),
    ],
)
def test_what_the_schema_refuses_is_told_once_and_at_its_place(data, path, code, words):
    problem = only(message(**data))
    assert (problem.path, problem.code) == (path, f"json.schema.{code}")
    assert words in problem.texts["en"]


def test_a_wrong_facet_is_explained_by_the_alternative_that_comes_nearest():
    attribute = {
        "id": "A",
        "attributeRelationship": {"observation": {}},
        "conceptIdentity": "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=NSO:CS(1.0).A",
        "localRepresentation": {"format": {"maxLength": "3"}},
    }
    components = {"dimensionList": {}, "attributeList": {"attributes": [attribute]}}
    problem = only(message(dataStructures=[codelist(dataStructureComponents=components)]))
    assert problem.code == "json.schema.type"
    assert problem.path.endswith("/attributes/0/localRepresentation/format/maxLength")
    assert problem.value == "3"


def test_findings_are_capped_and_the_rest_counted():
    codes = [{"id": f"A {number}", "name": "x"} for number in range(MOST_PROBLEMS + 7)]
    problems = refusal(message(codelists=[codelist(codes=codes)]))
    assert len(problems) == MOST_PROBLEMS + 1
    assert "7 more" in problems[-1].texts["en"]


def test_keys_that_2_0_does_not_define_are_refused_although_its_schema_is_open():
    content = {"meta": META, "data": {"codelists": [codelist(isFinal=True, colour="red")], "contentConstraints": []}}
    assert {problem.path for problem in refusal(content)} == {"/data/contentConstraints", "/data/codelists/0/colour"}


def test_kinds_that_are_not_stored_are_refused():
    dataflow = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=NSO:CPI(1.0.0)"
    available = {"constraintAttachment": {"dataflow": dataflow}, "cubeRegion": {}}
    problem = only(message(availabilityConstraints=[available]))
    assert (problem.code, problem.path) == ("json.unsupported-kind", "/data/availabilityConstraints")


def test_reported_errors_refuse_the_message():
    assert only(message() | {"errors": [{"code": 100, "title": "No results"}]}).value == "No results"


def test_an_artefact_that_occurs_twice_is_refused():
    problem = only(message(codelists=[codelist(), codelist()]))
    assert problem.path == "/data/codelists/1"
    assert "NSO:CL(1.0.0)" in problem.texts["en"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damaged_message_does_anything_but_be_read_or_refused(data):
    original = json.loads(FOREIGN.read_text("utf-8"))
    places = []

    def walk(node):
        for key, held in node.items() if isinstance(node, dict) else enumerate(node):
            places.append((node, key))
            if isinstance(held, dict | list):
                walk(held)

    walk(original)
    node, key = data.draw(st.sampled_from(places))
    node[key] = data.draw(st.sampled_from([None, "", [], {}, 0, -1.5, "A", True, [1], [{}], {"id": "A"}, "urn:x"]))
    assert_read_or_refused(json.dumps(original).encode())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, FOREIGN.stat().st_size), st.binary(max_size=3))
def test_no_damaged_file_does_anything_but_be_read_or_refused(place, replacement):
    content = FOREIGN.read_bytes()
    assert_read_or_refused(content[:place] + replacement + content[place + len(replacement) :])


def test_a_long_codelist_is_read_and_refused_quickly():
    codes = [
        {
            "id": f"C{number}",
            "name": f"Code {number}",
            "names": {"en": f"Code {number}", "fa": f"کد {number}"},
            "descriptions": {"en": "What the code means"},
            "annotations": [{"type": "ORDER", "texts": {"en": str(number)}}],
        }
        for number in range(5000)
    ]
    content = json.dumps(message(codelists=[codelist(codes=codes)]), ensure_ascii=False).encode()
    assert len(content) > 850_000
    began = time.process_time()
    assert len(read(content).artefacts[0].items) == 5000
    codes[4000]["id"] = "not an id"
    content = json.dumps(message(codelists=[codelist(codes=codes)]), ensure_ascii=False).encode()
    assert only(content).path == "/data/codelists/0/codes/4000/id"
    assert time.process_time() - began < 3
