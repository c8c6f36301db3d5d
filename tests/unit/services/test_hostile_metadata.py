"""Hostile and broken metadata messages are refused with findings, whatever their format."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from support.quality import FLOW
from support.reported import CPI, URN, Store, codes, load, message, reported

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_ml.metadata_writer import write_metadata
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved_metadata import MetadataMessage, MetadataPart

XML_GRADE = '<met:Attribute id="GRADE"><met:Value>A</met:Value></met:Attribute>'


def _xml() -> str:
    """A message of SDMX-ML 3.1, with braces for a document type and for the attributes."""
    header = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
    reference = reference_to(FLOW)
    own = MetadataSet(agency="SCI", id="R", version="1.0.0", names={"en": "R"}, metadataflow=reference, targets=(CPI,))
    grade = (ReportedAttribute(id="GRADE", value="A"),)
    parts = (MetadataPart(metadata_set=msgspec.structs.replace(own, attributes=grade), flow=reference),)
    whole = b"".join(write_metadata(MetadataMessage(header=header, parts=parts), WriteOptions(), "3.1")).decode()
    start = whole.index("?>") + 2
    assert XML_GRADE in whole
    return whole[:start] + "{}" + whole[start:].replace(XML_GRADE, "{}")


XML = _xml()
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
CSV_HEAD = "MDSTRUCTURE,MDSTRUCTURE_ID,METADATASET_ID,TARGET_TYPES,TARGET_IDS,GRADE\n"
CSV_LINE = "metadataflow,SCI:QUALITY(1.0.0),SCI:R(1.0.0),dataflow,SCI:CPI(1.0.0),A\n"


def test_the_messages_that_are_damaged_below_are_right_before(tmp_path: Path) -> None:
    for content in (XML.format("", XML_GRADE).encode(), message(reported()), (CSV_HEAD + CSV_LINE).encode()):
        [one] = load(tmp_path, content)
        assert one.attributes == (ReportedAttribute(id="GRADE", value="A"),)
    utf16 = XML.replace("UTF-8", "UTF-16").format("", XML_GRADE).encode("utf-16")
    assert len(load(tmp_path, utf16)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\xef\xbb\xbf",
        b"GIF89a",
        b"\x00" * 1000,
        b"<",
        b"<a/>",
        b"<html><body/></html>",
        XML.format("", XML_GRADE).encode()[:-30],
        XML.format("", XML_GRADE).encode("utf-16")[:-31],
        XML.format("", XML_GRADE).replace("UTF-8", "no-such-coding").encode(),
        XML.format(f"<!DOCTYPE x [{LAUGHS}]>", XML_GRADE.replace("A<", "&e11;<")).encode(),
        XML.format('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', XML_GRADE.replace("A<", "&f;<")).encode(),
        XML.format('<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd">', XML_GRADE).encode(),
        XML.format("", XML_GRADE.replace("A<", "&unknown;<")).encode(),
        XML.format("", '<met:Attribute id="CONTACT">' * 5_000 + "</met:Attribute>" * 5_000).encode(),
        XML.format("", '<met:Attribute id="not an id"/>').encode(),
        XML.format("", "<other/>").encode(),
        XML.replace("v3_1", "v9_9").format("", XML_GRADE).encode(),
        XML.replace("GenericMetadata", "Structure").format("", XML_GRADE).encode(),
        b"{",
        b"{}",
        b"[]",
        b'{"meta": {}, "data": {"metadataSets": {}}}',
        message(reported())[:-4],
        message(reported()).replace(b'"R"', b"5"),
        message(reported()).replace(b'"GRADE"', b'"not an id"'),
        message({}),
        message(reported(attributes=[{"id": "GRADE", "value": []}])),
        message(reported(attributes=[{"id": "GRADE", "value": {"not a tag!": "A"}}])),
        message(reported(attributes="GRADE")),
        message(reported(targets=CPI)),
        message(reported(metadataflow="QUALITY")),
        message(reported(metadataflow=None)),
        message(reported(targets=[])),
        message(reported(metadataflow=f"{URN}codelist.Codelist=SCI:CL_GRADE(1.0.0)")),
        message(reported(attributes=None)).replace(b'"Report"', b'"Report", "attributes": ' + b"[" * 100_000),
        b'{"meta": ' + b'{"a":' * 100_000,
        b"MDSTRUCTURE\n",
        CSV_HEAD.replace("METADATASET_ID", "OTHER").encode() + CSV_LINE.encode(),
        (CSV_HEAD + CSV_LINE[:-8]).encode(),
        (CSV_HEAD + '"' + CSV_LINE).encode(),
        (CSV_HEAD + CSV_LINE.replace("SCI:R(1.0.0)", "R")).encode(),
        (CSV_HEAD + CSV_LINE.replace("metadataflow", "dataflow")).encode(),
        (CSV_HEAD + CSV_LINE.replace("dataflow,SCI:CPI(1.0.0)", "nothing,SCI:CPI(1.0.0)")).encode(),
        (CSV_HEAD.replace("GRADE", "GRADE,GRADE") + CSV_LINE.replace("A\n", "A,A\n")).encode(),
        (CSV_HEAD + CSV_LINE).encode() + b"\xff\xfe",
        (CSV_HEAD.replace("GRADE", "GRADE[]") + CSV_LINE.replace("A\n", '"""A"\n')).encode(),
    ],
)
def test_hostile_and_broken_files_are_refused(tmp_path: Path, content: bytes) -> None:
    store = Store()
    with pytest.raises(Refused) as refused:
        load(tmp_path, content, store)
    assert codes(refused)
    assert all(problem.file == str(tmp_path / "message") for problem in refused.value.problems)
    assert "root:" not in str(refused.value)
    assert store.sets == {}
