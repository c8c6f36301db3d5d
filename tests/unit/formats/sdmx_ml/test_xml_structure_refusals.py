"""What is no good structure message is refused with a clear finding in two languages, and nothing harmful happens."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures

SMALL = (Path(__file__).resolve().parents[3] / "data" / "sdmx_ml" / "small_2_1.xml").read_bytes()
MESSAGE_30 = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message"


def findings(content, **more):
    with pytest.raises(Refused) as refusal:
        read_structures(io.BytesIO(content), "sent.xml", **more)
    problems = refusal.value.problems
    assert all(p.texts["en"] and p.texts["fa"] and p.file == "sent.xml" for p in problems)
    return problems


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<a>&c;</a>"
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml.empty"),
        (b"  \n ", "xml.empty"),
        (b'{"data": {}}', "xml.not-xml"),
        (b"PK\x03\x04\x00\x00", "xml.not-xml"),
        (SMALL[: len(SMALL) // 2], "xml.truncated"),
        (SMALL.replace(b"</str:Codelists>", b"</str:Codelist>"), "xml.syntax"),
        (SMALL.replace("سالانه".encode(), "سالانه".encode("cp1256")), "xml.encoding"),
        (SMALL.replace(b'encoding="UTF-8"', b'encoding="x-unknown"'), "xml.encoding"),
        (SMALL.replace(b"kept", b"\x01"), "xml.encoding"),
        (BOMB, "xml.doctype"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml.doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://example.org/x">]><a>&x;</a>', "xml.doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16"), "xml.doctype"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "xml.depth"),
        (b"<html/>", "xml.not-sdmx"),
        (b'<Structure xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>', "xml.version"),
        (f'<StructureSpecificData xmlns="{MESSAGE_30}"/>'.encode(), "xml.message-type"),
        (f'<Structure xmlns="{MESSAGE_30}"/>'.encode(), "xml.schema"),
    ],
)
def test_what_is_no_structure_message_is_refused(content, code):
    assert findings(content)[0].code == code


def test_a_message_over_the_limit_is_refused_before_it_is_parsed():
    assert findings(SMALL, limit=1000)[0].code == "xml.too-large"


def test_an_old_version_is_named():
    old = b'<Structure xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>'
    assert "2.0" in findings(old)[0].texts["en"]


def test_a_fault_against_the_schema_has_line_path_and_reason():
    broken = SMALL.replace(b'<str:Code id="A">', b"<str:Code>")
    (found,) = findings(broken)
    assert found.code == "xml.schema"
    assert found.row == SMALL[: SMALL.index(b'<str:Code id="A">')].count(b"\n") + 1
    assert found.path == "/Structure/Structures/Codelists/Codelist[@id='CL_FREQ']/Code"
    assert "'id'" in found.texts["en"]
    assert "SDMX-ML 2.1" in found.texts["fa"] or "2.1" in found.texts["fa"]


def test_many_faults_are_counted():
    codes = b"".join(b"<str:Code/>" for _ in range(50))
    broken = SMALL.replace(b'<str:Code id="A">', codes + b'<str:Code id="A">')
    found = findings(broken)
    assert len(found) == 21
    assert found[-1].code == "xml.more"


def test_a_reference_to_an_unknown_class_is_refused_with_its_place():
    wrong = SMALL.replace(b"codelist.Codelist=SCI:CL_FREQ", b"nowhere.Nothing=SCI:CL_FREQ")
    (found,) = findings(wrong)
    assert found.code == "xml.reference"
    assert "Nothing" in found.texts["en"]
    assert found.path is not None
    assert found.path.endswith("/Enumeration")


def test_two_texts_in_one_language_are_not_merged():
    twice = SMALL.replace(
        b'<com:AnnotationText xml:lang="fa">',
        b'<com:AnnotationText>Other</com:AnnotationText><com:AnnotationText xml:lang="fa">',
    )
    (found,) = findings(twice)
    assert found.code == "xml.language"
    assert found.value == "en"


def nested_categories(levels):
    message, structure, common = (MESSAGE_30.replace("message", one) for one in ("message", "structure", "common"))
    name = "<c:Name>x</c:Name>"
    opened = "".join(f'<s:Category id="A{level}">{name}' for level in range(levels))
    return (
        f'<m:Structure xmlns:m="{message}" xmlns:s="{structure}" xmlns:c="{common}"><m:Header><m:ID>A</m:ID>'
        '<m:Test>false</m:Test><m:Prepared>2024-01-01</m:Prepared><m:Sender id="A"/></m:Header><m:Structures>'
        f'<s:CategorySchemes><s:CategoryScheme id="CS" agencyID="SCI">{name}{opened}{"</s:Category>" * levels}'
        "</s:CategoryScheme></s:CategorySchemes></m:Structures></m:Structure>"
    ).encode()


def test_categories_may_be_nested_deeply_but_not_without_end():
    (scheme,) = read_structures(io.BytesIO(nested_categories(60)), "deep.xml").artefacts
    depth, level = 0, scheme.items
    while level:
        depth, level = depth + 1, level[0].items
    assert depth == 60
    (found,) = findings(nested_categories(200))
    assert found.code == "xml.depth"
    assert found.path is not None


def test_a_large_faulty_message_is_explained_in_bounded_time():
    codes = b"".join(b'<str:Code id="C%d"><com:Name>x</com:Name></str:Code>' % number for number in range(30_000))
    broken = SMALL.replace(b'<str:Code id="A">', codes + b'<str:Code id="A" wrong="1">')
    began = time.monotonic()
    (found,) = findings(broken)
    assert time.monotonic() - began < 30
    assert "wrong" in found.texts["en"]
