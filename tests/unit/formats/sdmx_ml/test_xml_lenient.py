"""What products write that the XSDs refuse, though its meaning is clear, and structures within a submission."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.model.message import StructureMessage

SMALL = (Path(__file__).resolve().parents[3] / "data" / "sdmx_ml" / "small_2_1.xml").read_text("utf-8")
NAMESPACES = (
    'xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message" '
    'xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure" '
    'xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common"'
)
OF_2_1 = NAMESPACES.replace("v3_0", "v2_1") + ' xmlns:r="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/registry"'
HEADER = (
    "<m:Header><m:ID>A</m:ID><m:Test>false</m:Test><m:Prepared>2026-01-01</m:Prepared><m:Sender id='SCI'/></m:Header>"
)
URN = "urn:sdmx:org.sdmx.infomodel."
NAME = "<c:Name>N</c:Name>"


def read(content: str) -> StructureMessage:
    return read_structures(io.BytesIO(content.encode()), "sent.xml")


def remarks(content: str) -> list[str]:
    found = read(content).remarks
    assert all(r.texts["en"] and r.texts["fa"] and r.file == "sent.xml" and r.path for r in found)
    return [r.code for r in found]


def of_3_0(structures: str, header: str = HEADER) -> str:
    return f"<m:Structure {NAMESPACES}>{header}<m:Structures>{structures}</m:Structures></m:Structure>"


def concepts(inside: str = "", **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f'<s:ConceptSchemes><s:ConceptScheme agencyID="SCI" id="CS" version="1.0.0"{more}>{NAME}'
        f'<s:Concept id="FREQ">{NAME}{inside}</s:Concept></s:ConceptScheme></s:ConceptSchemes>'
    )


def coded(urn: str) -> str:
    enumeration = f"<s:Enumeration>{urn}</s:Enumeration>"
    return concepts(f"<s:CoreRepresentation>{enumeration}</s:CoreRepresentation>")


def test_a_message_as_it_should_be_has_no_remark() -> None:
    assert remarks(SMALL) == []


def test_white_space_around_a_urn_does_not_matter() -> None:
    """The schema collapses it, so that such a message is valid, but libxml2 does not in a union of types."""
    urn = URN + "codelist.Codelist=SCI:CL_FREQ(1.0.0)"
    spaced = of_3_0(coded(f"\n    {urn}\n  "))
    assert read(spaced).artefacts == read(of_3_0(coded(urn))).artefacts
    assert remarks(spaced) == []


@pytest.mark.parametrize("more", ["<s:Codelists/>", "<s:DataStructures></s:DataStructures>"])
def test_empty_containers_are_passed_over(more: str) -> None:
    found = read(of_3_0(concepts() + more if "Data" in more else more + concepts()))
    assert [a.id for a in found.artefacts] == ["CS"]
    assert found.remarks == ()


def test_what_says_that_it_says_nothing_is_passed_over() -> None:
    nil = '<c:AnnotationTitle xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
    annotated = concepts().replace(NAME, f"<c:Annotations><c:Annotation>{nil}</c:Annotation></c:Annotations>{NAME}", 1)
    [scheme] = read(of_3_0(annotated)).artefacts
    assert [a.title for a in scheme.annotations] == [None]
    assert read(of_3_0(concepts("<s:CoreRepresentation/>"))).artefacts == read(of_3_0(concepts())).artefacts


@pytest.mark.parametrize(
    "part",
    [
        '<s:CoreRepresentation minOccurs="0"/>',
        '<s:CoreRepresentation maxOccurs="unbounded"/>',
        '<s:CoreRepresentation xsi:nil="true" maxOccurs="5" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
    ],
)
def test_parts_without_content_whose_attributes_say_something_are_refused(part: str) -> None:
    with pytest.raises(Refused, match="CoreRepresentation"):
        read(of_3_0(concepts(part)))
    assert read(of_3_0(concepts('<s:CoreRepresentation minOccurs="1"/>'))).remarks == ()


def test_a_value_list_that_says_that_it_is_not_partial_is_read() -> None:
    values = f'<s:ValueLists><s:ValueList agencyID="SCI" id="VL" isPartial="false">{NAME}</s:ValueList></s:ValueLists>'
    [found] = read(of_3_0(values)).artefacts
    assert found.is_partial is False
    with pytest.raises(Refused):
        read(of_3_0(values.replace("false", "true")))


@pytest.mark.parametrize("header", ["", HEADER.replace("2026-01-01", "?"), HEADER.replace("SCI", "?")])
def test_a_header_that_is_no_good_is_no_matter(header: str) -> None:
    assert remarks(of_3_0(concepts(), header)) == ["xml.lenient.header"]


def test_the_primary_measure_may_be_named_by_urn() -> None:
    given = re.sub(
        r"(<str:PrimaryMeasure>)\s*<Ref id=\"OBS_VALUE\"\s*/>",
        rf"\1<URN>{URN}datastructure.PrimaryMeasure=SCI:D(1.0).OBS_VALUE</URN>",
        SMALL,
    )
    assert given != SMALL
    assert read(given).artefacts == read(SMALL).artefacts
    assert set(remarks(given)) == {"xml.lenient.measure"}


def submission(action: str, more: str = "") -> str:
    held = concepts().replace("ConceptSchemes", "Concepts")
    return (
        f"<m:RegistryInterface {OF_2_1}>{HEADER}"
        f'<m:SubmitStructureRequest action="{action}"><s:Structures>{held}</s:Structures>{more}'
        "</m:SubmitStructureRequest></m:RegistryInterface>"
    )


@pytest.mark.parametrize("action", ["Append", "Replace"])
def test_the_structures_of_a_submission_are_read(action: str) -> None:
    found = read(submission(action))
    assert [(a.agency, a.id, a.version) for a in found.artefacts] == [("SCI", "CS", "1.0.0")]


def test_a_submission_that_deletes_is_refused() -> None:
    one = f"<r:MaintainableObject><URN>{URN}codelist.Codelist=SCI:A(1.0)</URN></r:MaintainableObject>"
    below = f'<r:SubmittedStructure action="Delete">{one}</r:SubmittedStructure>'
    for content in (submission("Delete"), submission("Append", below)):
        with pytest.raises(Refused) as refusal:
            read(content)
        assert [(p.code, p.value) for p in refusal.value.problems] == [("xml.submission", "Delete")]


def test_an_error_message_in_place_of_structures_is_quoted() -> None:
    content = (
        f'<m:Error {OF_2_1}><m:ErrorMessage code="100"><c:Text>No results found</c:Text></m:ErrorMessage></m:Error>'
    )
    with pytest.raises(Refused) as refusal:
        read(content)
    [found] = refusal.value.problems
    assert found.code == "xml.error-message"
    assert "No results found" in found.texts["en"]
    assert "No results found" in found.texts["fa"]
