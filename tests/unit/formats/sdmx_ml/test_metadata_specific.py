"""Structure-specific metadata of SDMX-ML 2.1: the same as generic metadata, and valid by our own schema."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree
from support.catalogues import catalogue_of
from support.quality import FLOW, QUALITY, STRUCTURE

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_structure_file
from sdmx_server.formats.sdmx_ml.metadata_schema import write_metadata_schema
from sdmx_server.formats.sdmx_ml.metadata_specific import name_of
from sdmx_server.formats.sdmx_ml.schema_writer import validator
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadataset import MetadataSet, ReferenceValue, Report, ReportedAttribute
from sdmx_server.model.metadatastructure import MetadataStructure
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.resolved_metadata import MetadataMessage, MetadataPart
from sdmx_server.registry.resolve_metadata import metadata_attributes, resolve_metadataflow

ROOT = Path(__file__).resolve().parents[4]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared" / "samples"))
OWN = ROOT / "tests/data/samples/2.1/ml/demography/esms_own_structured.xml"
STRUCTURED = [OWN, *sorted(SAMPLES.glob("2.1/ml/demography/esms_structured.xml"))]
ESMS = sorted(SAMPLES.glob("2.1/ml/demography/esms.xml"))
[GENERIC] = [f for f in FORMATS if f.media_type == "application/vnd.sdmx.genericmetadata+xml"]
[SPECIFIC] = [f for f in FORMATS if f.media_type == "application/vnd.sdmx.structurespecificmetadata+xml"]
XHTML = "http://www.w3.org/1999/xhtml"
HEADER = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
CPI = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)"


def read(content: bytes) -> MetadataMessage:
    assert SPECIFIC.read_metadata is not None
    return SPECIFIC.read_metadata(io.BytesIO(content), "message")


def written(chosen: Any, message: MetadataMessage) -> bytes:
    return b"".join(chosen.write_metadata(message, WriteOptions()))


def reports(message: MetadataMessage) -> list[tuple[Any, ...]]:
    """What the sets say; one without a name gets one when it is written."""
    return [(msgspec.structs.replace(part.metadata_set, names={}), part.flow) for part in message.parts]


def judge(schema: bytes) -> etree.XMLSchema:
    target = str(etree.fromstring(schema).get("targetNamespace"))
    return validator({target: schema, XHTML: (ROOT / "schemas/xhtml.xsd").read_bytes()}, "2.1")


# ---- messages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", STRUCTURED, ids=lambda path: path.name)
def test_both_kinds_of_message_say_the_same(path: Path) -> None:
    message = read(path.read_bytes())
    for chosen in (GENERIC, SPECIFIC):
        assert reports(read(written(chosen, message))) == reports(message)
    generic = path.with_name(path.name.replace("structured", "generic"))
    if path is not OWN:
        assert reports(read(generic.read_bytes())) == reports(message)


def test_what_a_message_says_is_read() -> None:
    [part] = read(OWN.read_bytes()).parts
    reported = part.metadata_set
    assert reported == MetadataSet(
        agency="SCI",
        id="R1",
        metadataflow=Reference(kind="Metadataflow", agency="SCI", id="QUALITY", version="1.0"),
        targets=(CPI.replace("1.0.0", "1.0"),),
        action="Replace",
        reporting_begin="2024-01",
        publication_year="2025",
        reports=(
            Report(
                id="REPORT",
                target="FLOW",
                values=(
                    ReferenceValue(id="DATAFLOW", target=CPI.replace("1.0.0", "1.0")),
                    ReferenceValue(id="REPORT_PERIOD_TARGET", period="2024-Q4"),
                ),
            ),
        ),
        attributes=(
            ReportedAttribute(
                id="CONTACT",
                attributes=tuple(ReportedAttribute(id="NAME", value=name) for name in ("Desk", "Office")),
            ),
            ReportedAttribute(id="1ST", value="a name of XML begins with a letter"),
            ReportedAttribute(id="METHOD", texts={"en": "Survey", "fa": "آمارگیری"}),
            ReportedAttribute(
                id="COVERAGE",
                structured=True,
                texts={"en": '<p xmlns="http://www.w3.org/1999/xhtml">All <b>towns</b></p>'},
            ),
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('xsi:type="q:REPORT"', "", "Report"),
        ('<ReferenceValue xsi:type="q:FLOW.DATAFLOW">', "<ReferenceValue>", "ReferenceValue"),
        ("<ReportPeriod>2024-Q4<", "<ReportPeriod>soon<", "ReportPeriod"),
        ("<ReportPeriod>2024-Q4</ReportPeriod>", "<Other/>", "Other"),
        ('<NAME value="Desk"/>', '<NAME value="Desk"><Other/></NAME>', "Other"),
        ('<NAME value="Desk"/>', '<NAME value="Desk" other="x"/>', "other"),
        ('<NAME value="Desk"/>', "<NAME>Desk</NAME>", "ReportedAttribute"),
        ('<NAME value="Desk"/>', '<c:NAME value="Desk"/>', "NAME"),
        ('<c:Text xml:lang="en">Survey</c:Text>', '<Text xml:lang="en">Survey</Text>', "Text"),
        ("<AttributeSet>\n        <CONTACT>", "<AttributeSet><!-- --> text <CONTACT>", "AttributeSet"),
        ('s:structureRef="Q"', "", "structureRef"),
        ("<c:StructureUsage>", "<c:ProvisionAgreement>", "tag"),
        ('action="Replace"', 'action="Burn"', "action"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(before: str, after: str, place: str) -> None:
    text = OWN.read_text("utf-8")
    assert before in text
    with pytest.raises(Refused) as refused:
        read(text.replace(before, after, 1).encode())
    assert place in str(refused.value)
    assert all(problem.row for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("identifier", "name"), [("NAME", "NAME"), ("A-1_b", "A-1_b"), ("1A", "_1A"), ("-A", "_-A"), ("A@$", "A__")]
)
def test_names_of_xml(identifier: str, name: str) -> None:
    assert name_of(identifier) == name


# ---- schemas --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ESMS, ids=lambda path: path.name)
def test_the_official_message_is_valid_by_our_schema_of_its_structure(path: Path) -> None:
    artefacts = [
        one
        for file in (path, path.parents[1] / "common/common.xml")
        for one in read_structure_file(file, FORMATS).artefacts
    ]
    [structure] = [one for one in artefacts if isinstance(one, MetadataStructure)]
    context = Reference(kind="MetadataStructure", agency="ESTAT", id="ESMS", version="1.0")  # as the message calls it
    attributes = metadata_attributes(catalogue_of(artefacts), structure)
    schema = judge(write_metadata_schema(structure, attributes, context))
    text = path.with_name("esms_structured.xml").read_text("utf-8")
    for name in ("POSTED", "UPDATED", "NEXT"):  # dates, and the structure wants moments
        assert not schema.validate(etree.fromstring(text.encode()))
        start = text.index(f'<{name} value="') + len(f'<{name} value="') + 10
        text = f"{text[:start]}T00:00:00{text[start:]}"
    schema.assertValid(etree.fromstring(text.encode()))
    for wrong in (
        text.replace("ESMS_SIMPLE_REPORT.CATEGORY_TARGET", "ESMS_SIMPLE_REPORT.OTHER"),
        text.replace('<COUNTRY value="LU"/>', '<COUNTRY value="IR"/>'),
        text.replace("<ReportPeriod>2010</ReportPeriod>", "<ReportPeriod>x</ReportPeriod>"),
        text.replace('<CITY value="LUXEMBOURG"/>', '<TOWN value="LUXEMBOURG"/>'),
    ):
        assert wrong != text
        assert not schema.validate(etree.fromstring(wrong.encode()))


def report(*attributes: ReportedAttribute) -> bytes:
    """A message about the structure of quality reports."""
    catalogue = catalogue_of(QUALITY)
    structure = resolve_metadataflow(catalogue, reference_to(FLOW))
    one = MetadataSet(agency="SCI", id="R1", names={"en": "Report"}, metadataflow=reference_to(FLOW), targets=(CPI,))
    part = MetadataPart(
        metadata_set=msgspec.structs.replace(one, attributes=attributes), structure=structure, flow=reference_to(FLOW)
    )
    return written(SPECIFIC, MetadataMessage(header=HEADER, parts=(part,)))


NAME = ReportedAttribute(id="NAME", value="Desk")
CONTACT = ReportedAttribute(id="CONTACT", attributes=(NAME,))
GRADE = ReportedAttribute(id="GRADE", value="A")
METHOD = ReportedAttribute(id="METHOD", texts={"en": "Survey", "fa": "آمارگیری"})


@pytest.fixture(scope="module")
def quality() -> etree.XMLSchema:
    attributes = metadata_attributes(catalogue_of(QUALITY), STRUCTURE)
    return judge(write_metadata_schema(STRUCTURE, attributes, reference_to(FLOW)))


@pytest.mark.parametrize(
    "attributes",
    [
        (GRADE,),
        (METHOD, GRADE, CONTACT, CONTACT),  # in the order of the structure when they are written
        (GRADE, METHOD, METHOD, ReportedAttribute(id="COVERAGE", value="98.5")),
        (ReportedAttribute(id="GRADE", value="#N/A"), ReportedAttribute(id="COVERAGE", value="NaN")),
    ],
)
def test_what_follows_the_structure_is_valid(quality: etree.XMLSchema, attributes: Any) -> None:
    message = report(*attributes)
    quality.assertValid(etree.fromstring(message))
    back = read(message).parts[0].metadata_set
    assert sorted(one.id for one in back.attributes) == sorted(one.id for one in attributes)
    assert (back.targets, back.reports, back.metadataflow) == ((CPI,), (), reference_to(FLOW))


def test_ids_that_are_no_names_of_xml_have_types_and_elements() -> None:
    first = msgspec.structs.replace(STRUCTURE.attributes[1], id="1ST")
    structure = msgspec.structs.replace(STRUCTURE, attributes=(first,))
    attributes = metadata_attributes(catalogue_of(QUALITY), structure)
    schema = judge(write_metadata_schema(structure, attributes, reference_to(FLOW)))
    for value, valid in (("A", True), ("Z", False)):
        message = report(ReportedAttribute(id="1ST", value=value))
        assert schema.validate(etree.fromstring(message)) is valid
        assert read(message).parts[0].metadata_set.attributes == (ReportedAttribute(id="1ST", value=value),)


@pytest.mark.parametrize(
    "attributes",
    [
        (CONTACT,),
        (GRADE, GRADE),
        (GRADE, METHOD, METHOD, METHOD),
        (GRADE, NAME),
        (GRADE, ReportedAttribute(id="OTHER", value="x")),
        (GRADE, ReportedAttribute(id="CONTACT")),
        (GRADE, msgspec.structs.replace(CONTACT, value="Desk")),
        (GRADE, msgspec.structs.replace(CONTACT, attributes=())),
        (GRADE, ReportedAttribute(id="METHOD", value="Survey")),
        (GRADE, ReportedAttribute(id="COVERAGE", value="much")),
        (ReportedAttribute(id="GRADE", value="Z"),),
        (ReportedAttribute(id="GRADE"),),
        (ReportedAttribute(id="GRADE", texts={"en": "A"}),),
    ],
)
def test_what_does_not_is_not(quality: etree.XMLSchema, attributes: Any) -> None:
    assert not quality.validate(etree.fromstring(report(*attributes)))
