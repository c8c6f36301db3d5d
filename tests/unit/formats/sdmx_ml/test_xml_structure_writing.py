"""What written structure, availability and error messages look like, beyond being valid."""

from __future__ import annotations

import io

import msgspec
import pytest
from lxml import etree

from sdmx_server.formats.api import AvailabilityMessage, ErrorEntry, WriteOptions
from sdmx_server.formats.sdmx_ml import FORMATS
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.category import Categorisation, Category, CategoryScheme
from sdmx_server.model.codelist import Code, Codelist, MemberValue
from sdmx_server.model.common import Link
from sdmx_server.model.concept import ConceptScheme
from sdmx_server.model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.message import Available, FooterMessage, Header, Party, StructureMessage
from sdmx_server.model.organisation import AgencyScheme, Organisation
from sdmx_server.model.reference import Reference

XML = "{http://www.w3.org/XML/1998/namespace}"
HEADER = Header(id="ANSWER", prepared="2024-05-01T10:00:00Z", sender=Party(id="SCI"))
WRITERS = {f.version: f for f in FORMATS if f.write_structures is not None}
FLOW = Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0+.0")
SEX = Codelist(
    agency="SCI",
    id="CL_SEX",
    version="1.0.0",
    names={"en": "Sex", "fa": "جنس"},
    items=(Code(id="F", names={"en": "Female", "fa": "زن"}),),
)


def write(version, *artefacts, footer=(), **options):
    message = StructureMessage(header=HEADER, artefacts=artefacts, footer=footer)
    return valid(version, b"".join(WRITERS[version].write_structures(message, WriteOptions(**options))))


def valid(version, content):
    root = etree.fromstring(content)
    schema = compiled(version[:3])
    assert schema.validate(root), str(schema.error_log)
    return root


def read(root):
    return read_structures(io.BytesIO(etree.tostring(root)), "x.xml").artefacts


both = pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
every = pytest.mark.parametrize("version", ["2.1", "3.0.0", "3.1.0"])


def test_the_formats_say_what_they_can_do():
    assert list(WRITERS) == ["3.1.0", "3.0.0", "2.1"]
    for written in WRITERS.values():
        assert None not in (written.read_structures, written.write_availability, written.write_error)
    assert {f.media_type for f in FORMATS if f.kind == "structure"} == {"application/vnd.sdmx.structure+xml"}


@every
def test_artefacts_and_items_carry_their_urn(version):
    nested = CategoryScheme(
        agency="SCI",
        id="TOPICS",
        version="1.0.0",
        names={"en": "Topics"},
        items=(Category(id="A", names={"en": "A"}, items=(Category(id="B", names={"en": "B"}),)),),
    )
    root = write(version, SEX, nested)
    urns = {one.get("urn") for one in root.iter() if one.get("urn")}
    assert urns == {
        "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL_SEX(1.0.0)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_SEX(1.0.0).F",
        "urn:sdmx:org.sdmx.infomodel.categoryscheme.CategoryScheme=SCI:TOPICS(1.0.0)",
        "urn:sdmx:org.sdmx.infomodel.categoryscheme.Category=SCI:TOPICS(1.0.0).A",
        "urn:sdmx:org.sdmx.infomodel.categoryscheme.Category=SCI:TOPICS(1.0.0).A.B",
    }


@both
def test_each_text_is_written_in_the_best_language_when_languages_are_wanted(version):
    root = write(version, SEX, languages=("fa",))
    assert [one.text for one in root.iter("{*}Name")] == ["جنس", "زن"]
    (codelist,) = root.iter("{*}Codelist")
    assert codelist.get("isPartialLanguage") == ("true" if version == "3.1.0" else None)


@both
def test_stubs_are_valid_and_stay_stubs(version):
    common = {"agency": "SCI", "id": "X", "version": "1.0", "names": {"en": "X"}, "is_external_reference": True}
    kinds = (Codelist, ConceptScheme, DataStructure, Dataflow, CategoryScheme, Categorisation)
    stubs = [kind(**common, structure_url="https://example.org/x") for kind in kinds]
    assert {type(one): one for one in read(write(version, *stubs))} == {type(one): one for one in stubs}


@both
def test_wildcard_references_are_written_as_they_are(version):
    structure = Reference(kind="DataStructure", agency="SCI", id="CPI", version="1.0+.0")
    flow = Dataflow(agency="SCI", id="CPI", version="1.0.0", names={"en": "CPI"}, structure=structure)
    assert read(write(version, flow)) == (flow,)


@both
def test_text_with_markup_and_control_characters_becomes_legal_xml(version):
    odd = SEX.__class__(agency="SCI", id="ODD", names={"en": "a<b>&\"'\r\n\tc\x00\x0b\ud800"})
    (back,) = read(write(version, odd))
    assert back.names == {"en": "a<b>&\"'\r\n\tc\ufffd\ufffd\ufffd"}


@both
def test_a_link_without_address_keeps_its_urn_only(version):
    link = Link(rel="related", urn="urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SDMX:CL_SEX(2.1)")
    linked = Codelist(agency="SCI", id="CL", version="1.0", names={"en": "x"}, links=(link,))
    assert read(write(version, linked)) == (linked,)


def test_of_an_artefact_without_versions_one_is_written():
    both_versions = [
        AgencyScheme(
            agency="SCI", id="AGENCIES", version=v, names={"en": v}, items=(Organisation(id="A", names={"en": "A"}),)
        )
        for v in ("1.0", "2.0")
    ]
    (back,) = read(write("3.1.0", *both_versions))
    assert (back.version, back.names) == ("1.0", {"en": "2.0"})


@every
def test_a_footer_is_written(version):
    root = write(version, SEX, footer=(FooterMessage(code="510", severity="Warning", texts={"en": "cut"}),))
    (message,) = root.iter("{*}Message")
    assert (message.get("code"), message.get("severity")) == ("510", "Warning")


def test_an_empty_answer_and_an_early_stop_are_fine():
    assert list(write("3.1.0").iter("{*}Structures")) != []
    message = StructureMessage(header=HEADER, artefacts=(SEX,) * 1)
    chunks = WRITERS["3.1.0"].write_structures(message, WriteOptions())
    assert next(chunks).startswith(b"<?xml")
    chunks.close()


REGION = CubeRegion(keys=(MemberSelection(id="AREA", values=(MemberValue(value="01"),)),))
AVAILABLE = DataConstraint(
    agency="SCI",
    id="CPI",
    version="1.0.0",
    names={"en": "Available"},
    role="Actual",
    attachment=ConstraintAttachment(references=(FLOW,)),
    cube_regions=(REGION,),
)


def available(version, observations, series, codelist=SEX):
    found = Available(constraint=AVAILABLE, observations=observations, series=series)
    message = AvailabilityMessage(header=HEADER, available=(found,), artefacts=(codelist,))
    return valid(version, b"".join(WRITERS[version].write_availability(message, WriteOptions())))


@every
def test_availability_tells_what_the_version_leaves_out(version):
    """A point, which only the codes of geographic codelists have."""
    point = msgspec.structs.replace(SEX, items=(Code(id="F", names={"en": "Female"}, feature_set="0, 0: here"),))
    for codelist, told in ((SEX, 0), (point, 1)):
        texts = available(version, 1, 1, codelist).iterfind("{*}Footer/{*}Message/{*}Text")
        assert sum("CL_SEX" in text.text and text.get(f"{XML}lang") == "en" for text in texts) == told


def test_availability_in_3_1_is_a_kind_of_its_own():
    (found,) = available("3.1.0", 120, 3).iter("{*}AvailabilityConstraint")
    assert (found.get("obsCount"), found.get("seriesCount")) == ("120", "3")
    assert found.findtext("{*}ConstraintAttachment/{*}Dataflow") == FLOW.urn
    assert found.findtext("{*}CubeRegion/{*}KeyValue/{*}Value") == "01"


def test_availability_in_3_0_has_its_counts_in_annotations():
    codelist, constraint = read(available("3.0.0", 120, 3))
    assert codelist == SEX
    assert constraint.role == "Actual"
    assert [(a.type, a.id, a.title) for a in constraint.annotations] == [
        ("sdmx_metrics", "obs_count", "120"),
        ("sdmx_metrics", "series_count", "3"),
    ]
    assert constraint.cube_regions == (REGION,)


def test_availability_in_2_1_is_an_actual_content_constraint_on_the_dataflow():
    root = available("2.1", 120, 3)
    (found,) = root.iter("{*}ContentConstraint")
    assert found.get("type") == "Actual"
    assert found.get("isFinal") in (None, "false")  # the next load changes it
    assert found.get("urn") == "urn:sdmx:org.sdmx.infomodel.registry.ContentConstraint=SCI:CPI(1.0.0)"
    ref = found.find("{*}ConstraintAttachment/{*}Dataflow/Ref")
    assert dict(ref.attrib) == {
        "agencyID": "SCI",
        "id": "CPI",
        "version": "1.0.0",
        "class": "Dataflow",
        "package": "datastructure",
    }
    notes = [
        (one.findtext("{*}AnnotationType"), one.get("id"), one.findtext("{*}AnnotationTitle"))
        for one in found.iter("{*}Annotation")
    ]
    assert notes == [("sdmx_metrics", "obs_count", "120"), ("sdmx_metrics", "series_count", "3")]
    assert found.findtext("{*}CubeRegion/{*}KeyValue/{*}Value") == "01"


def test_counts_beyond_32_bits_stand_in_annotations():
    (found,) = available("3.1.0", 2**33, 3).iter("{*}AvailabilityConstraint")
    assert found.get("obsCount") is None
    assert [one.text for one in found.iter("{*}AnnotationTitle")] == [str(2**33), "3"]


@every
def test_errors_are_sdmx_error_messages(version):
    entries = [ErrorEntry(100, {"en": "No <results>", "fa": "نتیجه‌ای نیست"}), ErrorEntry(140, {"en": "Syntax"})]
    root = valid(version, WRITERS[version].write_error(entries))
    assert etree.QName(root).localname == "Error"
    assert [one.get("code") for one in root] == ["100", "140"]
    assert [text.text for text in root[0]] == ["No <results>", "نتیجه‌ای نیست"]
