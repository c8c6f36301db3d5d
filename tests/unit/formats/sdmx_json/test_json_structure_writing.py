"""What is written: links, languages, order, availability, errors; and what an outside reader makes of it."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from pysdmx.io.json.sdmxjson2.reader.structure import read as pysdmx_read

from sdmx_server.formats.api import AvailabilityMessage, ErrorEntry, WriteOptions
from sdmx_server.formats.sdmx_json import FORMATS
from sdmx_server.formats.sdmx_json.structure import read_structures, write_pretty, write_structures
from sdmx_server.formats.sdmx_json.validation import is_valid
from sdmx_server.formats.texts import best_language, best_text
from sdmx_server.model.codelist import Code, Codelist, MemberValue, ValueList
from sdmx_server.model.common import Annotation, AnnotationURL, Link
from sdmx_server.model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from sdmx_server.model.message import Available, Header, Party, StructureMessage
from sdmx_server.model.reference import Reference

VERSIONS = ["2.0.0", "2.1.0"]
ROOT = Path(__file__).parents[4]
HEADER = Header(id="ANSWER", prepared="2024-05-01T10:00:00Z", sender=Party(id="SCI", names={"fa": "مرکز آمار"}))
URN = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL_SEX(1.0.0)"
SEX = Codelist(
    id="CL_SEX",
    agency="SCI",
    version="1.0.0",
    names={"fa": "جنس", "en": "Sex"},
    descriptions={"fa": "جنس اشخاص"},
    annotations=(Annotation(id="A", urls=(AnnotationURL(href="https://example.org/a", lang="fa"),)),),
    items=(Code(id="M", names={"en": "Male", "fa": "مرد"}), Code(id="F", names={"en": "Female"}, parent="M")),
)
FLOW = Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0")
STRUCTURE_FORMATS = {form.version: form for form in FORMATS if form.kind == "structure"}


def written(*artefacts, version="2.1.0", **options):
    message = StructureMessage(header=HEADER, artefacts=artefacts)
    content = json.loads(b"".join(write_structures(message, WriteOptions(**options), version=version)))
    assert is_valid(content, version)
    return content


def codelist(content):
    return content["data"]["codelists"][0]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_text_comes_as_best_match_and_as_map(version):
    content = codelist(written(SEX, version=version))
    assert (content["name"], content["names"]) == ("Sex", {"fa": "جنس", "en": "Sex"})
    assert (content["description"], content["descriptions"]) == ("جنس اشخاص", {"fa": "جنس اشخاص"})
    assert content["codes"][1] == {"id": "F", "name": "Female", "names": {"en": "Female"}, "parent": "M"}


def test_the_head_names_version_schema_languages_and_query():
    new = written(SEX, self_url="https://example.org/sdmx/v2/structure/codelist")
    assert new["$schema"] == "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json"
    assert new["meta"]["contentLanguages"] == ["en", "fa"]
    assert new["meta"]["sender"] == {"id": "SCI", "name": "مرکز آمار", "names": {"fa": "مرکز آمار"}}
    assert new["meta"]["links"] == [{"rel": "self", "href": "https://example.org/sdmx/v2/structure/codelist"}]
    old = written(SEX, version="2.0.0")
    assert "$schema" not in old
    assert "/2.0.0/" in old["meta"]["schema"]


@pytest.mark.parametrize("version", VERSIONS)
def test_wanted_languages_cut_every_text(version):
    content = codelist(written(SEX, version=version, languages=("fa-IR", "en")))
    assert (content["name"], content["names"]) == ("جنس", {"fa": "جنس"})
    assert [code["names"] for code in content["codes"]] == [{"fa": "مرد"}, {"en": "Female"}]
    assert content.get("isPartialLanguage", False) is (version == "2.1.0")


@pytest.mark.parametrize(
    ("languages", "told"),
    [((), ["en", "fa"]), (("fa-IR", "en"), ["en", "fa"]), (("en",), ["en", "fa"]), (("de",), ["en", "fa"])],
)
def test_the_head_names_the_languages_that_are_there(languages, told):
    """Some texts are in one language alone, and then in that one whatever is wanted."""
    assert sorted(written(SEX, languages=languages)["meta"]["contentLanguages"]) == told


def test_the_head_names_no_language_that_is_cut_away():
    def languages(wanted, **options):
        both = Codelist(id="CL", agency="SCI", version="1.0.0", names={"fa": "فهرست", "en": "List"})
        message = StructureMessage(header=Header(id="M", prepared="2026-01-01T00:00:00Z", sender=Party(id="SCI")))
        filled = msgspec.structs.replace(message, artefacts=(both, *options.get("more", ())))
        content = b"".join(write_structures(filled, WriteOptions(languages=wanted), options.get("version", "2.1.0")))
        return json.loads(content)["meta"]["contentLanguages"]

    assert languages(()) == ["en", "fa"]
    assert languages(("fa",)) == ["fa"]
    assert languages(("de", "fa-IR")) == ["fa"]
    assert languages(("de",)) == ["en"]
    assert languages(("*",)) == ["en"]
    values = ValueList(id="VL", agency="SCI", version="1.0.0", names={"fr": "Valeurs"})
    assert languages(("fa",), more=(values,)) == ["fa", "fr"]
    assert languages(("fa",), more=(values,), version="1.0.0") == ["fa"]


def test_what_has_only_the_wanted_language_is_not_partial():
    plain = Codelist(id="CL", agency="SCI", version="1.0.0", names={"en": "List"})
    assert "isPartialLanguage" not in codelist(written(plain, languages=("en",)))


def test_the_link_to_the_artefact_comes_first_and_once():
    assert codelist(written(SEX))["links"] == [{"rel": "self", "urn": URN}]
    address = {"rel": "self", "urn": URN, "href": "https://example.org/sdmx/v2/structure/codelist/SCI/CL_SEX/1.0.0"}
    assert codelist(written(SEX, base_url="https://example.org/sdmx/v2"))["links"] == [address]
    held = Link(rel="self", urn=URN, href="https://example.net/CL_SEX", hreflang="en")
    linked = Codelist(id="CL_SEX", agency="SCI", version="1.0.0", names={"en": "Sex"}, links=(held,))
    assert [link["href"] for link in codelist(written(linked))["links"]] == ["https://example.net/CL_SEX"]


def test_the_address_of_an_annotation_is_its_link_self():
    annotation = codelist(written(SEX))["annotations"][0]
    assert annotation["links"] == [{"rel": "self", "href": "https://example.org/a", "hreflang": "fa"}]


def test_a_message_without_artefacts_is_valid():
    assert written()["data"] == {}


def test_writing_streams_artefact_by_artefact():
    many = tuple(
        Codelist(id=f"CL_{number}", agency="SCI", version="1.0.0", names={"en": "x" * 30_000}) for number in range(20)
    )
    message = StructureMessage(header=HEADER, artefacts=many)
    pieces = list(write_structures(message, WriteOptions(), version="2.1.0"))
    assert len(pieces) > 8
    assert max(map(len, pieces)) < 200_000
    assert len(read_structures(io.BytesIO(b"".join(pieces)), "x").artefacts) == 20


def test_the_kept_form_is_indented_by_two_and_does_not_escape_persian():
    lines = write_pretty(SEX).decode().splitlines()
    assert lines[1] == '  "$schema": "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json",'
    assert any("جنس اشخاص" in line for line in lines)


# -- availability and errors ------------------------------------------------------------------------------------------

AVAILABLE = AvailabilityMessage(
    header=HEADER,
    available=(
        Available(
            constraint=DataConstraint(
                id="CC",
                agency="SCI",
                version="1.0.0",
                role="Actual",
                names={"en": "What is there"},
                attachment=ConstraintAttachment(references=(FLOW,)),
                cube_regions=(
                    CubeRegion(
                        keys=(MemberSelection(id="FREQ", values=(MemberValue(value="A"), MemberValue(value="M"))),)
                    ),
                ),
            ),
            observations=1200,
            series=0,
        ),
    ),
    artefacts=(SEX,),
)


@pytest.mark.parametrize("version", ["1.0.0", *VERSIONS])
def test_availability_tells_what_the_version_leaves_out(version):
    """A point, which only the codes of geographic codelists have."""
    cells = msgspec.structs.replace(SEX, items=(Code(id="M", feature_set="0, 0: here"),))
    form = STRUCTURE_FORMATS[version]
    for artefacts, told in (((SEX,), 0), ((cells,), 1)):
        message = msgspec.structs.replace(AVAILABLE, artefacts=artefacts)
        meta = json.loads(b"".join(form.write_availability(message, WriteOptions())))["meta"]
        assert len([one for one in meta.get("x-sdmx-ml-footer", ()) if "CL_SEX" in one["texts"]["en"]]) == told


def available(version):
    write = STRUCTURE_FORMATS[version].write_availability
    content = json.loads(b"".join(write(AVAILABLE, WriteOptions())))
    assert is_valid(content, version)
    return content


def test_availability_in_2_1_has_a_kind_of_its_own():
    content = available("2.1.0")["data"]
    assert content["availabilityConstraints"] == [
        {
            "constraintAttachment": {"dataflow": FLOW.urn},
            "cubeRegion": {"keyValues": [{"id": "FREQ", "values": [{"value": "A"}, {"value": "M"}]}]},
            "seriesCount": 0,
            "obsCount": 1200,
        }
    ]
    assert [one["id"] for one in content["codelists"]] == ["CL_SEX"]


def test_availability_in_2_0_is_an_actual_constraint_with_counts_as_annotations():
    content = available("2.0.0")["data"]
    constraint = content["dataConstraints"][0]
    assert constraint["role"] == "Actual"
    assert constraint["annotations"] == [
        {"id": "obs_count", "title": "1200", "type": "sdmx_metrics"},
        {"id": "series_count", "title": "0", "type": "sdmx_metrics"},
    ]
    assert constraint["constraintAttachment"] == {"dataflows": [FLOW.urn]}
    assert [one["id"] for one in content["codelists"]] == ["CL_SEX"]


@pytest.mark.parametrize(("version", "section"), [("2.0.0", "dataConstraints"), ("1.0.0", "contentConstraints")])
def test_what_is_available_has_no_address_of_its_own_and_is_never_final(version, section):
    options = WriteOptions(base_url="https://data.example/sdmx/v2")
    content = json.loads(b"".join(STRUCTURE_FORMATS[version].write_availability(AVAILABLE, options)))
    assert is_valid(content, version)
    [constraint], [codelist] = content["data"][section], content["data"]["codelists"]
    assert "links" not in constraint
    assert not constraint.get("isFinal")
    assert codelist["links"][0]["href"].endswith("/structure/codelist/SCI/CL_SEX/1.0.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_errors(version):
    texts = {"fa": "چیزی یافت نشد", "en": "Nothing found"}
    content = json.loads(STRUCTURE_FORMATS[version].write_error([ErrorEntry(100, texts), ErrorEntry(140, {})]))
    assert is_valid(content, version)
    assert content["errors"] == [
        {"code": 100, "title": texts["fa"], "titles": texts},  # the language that comes first
        {"code": 140, "title": "", "titles": {}},
    ]


def test_all_versions_are_offered():
    assert {(form.version, form.media_type) for form in STRUCTURE_FORMATS.values()} == {
        ("2.1.0", "application/vnd.sdmx.structure+json"),
        ("2.0.0", "application/vnd.sdmx.structure+json"),
        ("1.0.0", "application/vnd.sdmx.structure+json"),
    }
    for form in STRUCTURE_FORMATS.values():
        content = b"".join(form.write_structures(StructureMessage(header=HEADER, artefacts=(SEX,)), WriteOptions()))
        assert form.read_structures(io.BytesIO(content), "x.json").artefacts == (SEX,)


# -- outside readers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_pysdmx_reads_the_shipped_structures(version):
    files = sorted((ROOT / "structures").glob("**/*.json"))
    artefacts = tuple(read_structures(io.BytesIO(path.read_bytes()), path.name).artefacts[0] for path in files)
    message = StructureMessage(header=HEADER, artefacts=artefacts)
    content = b"".join(write_structures(message, WriteOptions(), version=version))
    theirs = pysdmx_read(content.decode(), validate=True)
    assert len(theirs.structures) == len(files)
    by_id = {(type(one).__name__, one.id): one for one in theirs.structures}
    sexes = by_id["Codelist", "CL_SEX"]
    assert {code.id: code.name for code in sexes.items}.items() >= {"M": "Male", "F": "Female"}.items()
    census = by_id["DataStructureDefinition", "CENSUS"]
    assert [one.id for one in census.components.dimensions] == [
        "FREQ",
        "REF_AREA",
        "RESIDENCE",
        "SEX",
        "AGE",
        "TIME_PERIOD",
    ]
    assert [one.id for one in census.components.measures] == ["OBS_VALUE"]
    status = census.components["OBS_STATUS"]
    assert (status.required, status.attachment_level) == (True, "O")
    assert by_id["Dataflow", "CPI"].structure.endswith("=SCI:CPI(1.0+.0)")
    region = by_id["DataConstraint", "DC_CPI"].cube_regions[0]
    assert all(one.values or one.time_range for one in region.key_values)


@pytest.mark.parametrize("version", VERSIONS)
def test_pysdmx_reads_the_counts_of_an_availability(version):
    content = b"".join(STRUCTURE_FORMATS[version].write_availability(AVAILABLE, WriteOptions()))
    theirs = {type(one).__name__: one for one in pysdmx_read(content.decode(), validate=True).structures}
    assert set(theirs) == {"AvailabilityConstraint", "Codelist"}
    assert (theirs["AvailabilityConstraint"].obs_count, theirs["AvailabilityConstraint"].series_count) == (1200, 0)


# -- languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "best"),
    [
        ((), "en"),
        (("fa",), "fa"),
        (("fa-IR",), "fa"),
        (("FA",), "fa"),
        (("de", "fa"), "fa"),
        (("pt",), "pt-BR"),
        (("de",), "en"),
        (("*",), "en"),
        (("de", "*", "fa"), "en"),
    ],
)
def test_the_best_language(languages, best):
    texts = {"pt-BR": "c", "fa": "b", "en": "a"}
    assert best_language(texts, languages) == best
    assert best_text(texts, languages) == texts[best]


def test_without_english_the_first_language_is_taken():
    assert best_language({"fa": "b", "fr": "c"}, ("de",)) == "fa"
    assert best_text({"en-GB": "a", "fa": "b"}) == "a"
    assert best_text({}) is None
