"""Original files of agencies and the official samples: every fact of them survives, but for the closed list of gaps."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from lxml import etree
from support.compare_xml import differences, facts_of
from support.known_gaps import is_forgotten, is_gap

from sdmx_server.errors import Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible
from sdmx_server.formats.gaps.pinned import pinned
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.counterparts import of_generation

ROOT = Path(__file__).resolve().parents[4]
SHARED = ROOT.parent / "shared"
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", SHARED / "samples"))
REAL = Path(os.environ.get("SDMX_REAL_DATA", SHARED / "data"))
OWN = ROOT / "tests" / "data" / "sdmx_ml"


def is_structure(path):
    return b"Structure xmlns" in path.read_bytes()[:400]


XML_FILES = sorted([*OWN.glob("*.xml"), *REAL.glob("structures/*.xml"), *SAMPLES.glob("[23].[01]/ml/**/*.xml")])
STRUCTURES = [path for path in XML_FILES if is_structure(path)]
OLD = [path for path in STRUCTURES if b"/v2_1/" in path.read_bytes()[:1000]]
VERSIONS = pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
EVERY_FILE = pytest.mark.parametrize("path", STRUCTURES, ids=lambda p: p.name)


def read(content, name="file.xml"):
    return read_structures(io.BytesIO(content), name)


def write(message, version):
    written = b"".join(write_structures(message, WriteOptions(), version))
    schema = compiled(version)
    assert schema.validate(etree.fromstring(written)), str(schema.error_log)
    return written


def by_reference(artefacts):
    return {(a.kind, a.agency, a.id, a.version): {f: getattr(a, f) for f in a.__struct_fields__} for a in artefacts}


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@EVERY_FILE
def test_every_fact_of_the_original_but_the_gaps_is_in_what_is_written(path, version):
    lost, added = differences(path, write(read(path.read_bytes()), version))
    assert {fact for fact in lost if not is_gap(fact, version)} == set()
    assert {fact for fact in added if not is_gap(fact, version)} == set()


@pytest.mark.parametrize("path", OLD, ids=lambda p: p.name)
def test_a_2_1_file_is_written_back_in_2_1_without_a_warning(path):
    written = write(read(path.read_bytes()), "2.1")
    assert differences(path, written) == (set(), set())
    assert read(written).footer == ()
    assert read(written) == read(path.read_bytes())


@VERSIONS
@EVERY_FILE
def test_what_is_written_reads_back_as_the_model_without_the_gaps(path, version):
    message = read(path.read_bytes())
    back = read(write(message, version))
    expected = by_reference(
        one
        for artefact in of_generation(pinned(message.artefacts) if version == "2.1" else message.artefacts, version)
        if (one := expressible(artefact, version)) is not None
    )
    for fields in expected.values():
        if version != "2.1":
            fields["is_final"] = None  # false is the default of 2.1, which later generations do not write
    assert by_reference(back.artefacts) == expected
    assert back.header == message.header


@pytest.mark.parametrize("between", ["3.0", "3.1"])
@pytest.mark.parametrize("path", OLD, ids=lambda p: p.name)
def test_from_2_1_over_3_x_back_to_2_1_only_the_gaps_are_lost(path, between):
    again = write(read(write(read(path.read_bytes()), between)), "2.1")
    lost, added = differences(path, again)
    assert {fact for fact in lost if not is_forgotten(fact, between)} == set()
    assert {fact for fact in added if not is_forgotten(fact, between)} == set()


def test_metadata_attributes_of_all_reports_become_one_list_in_3_x():
    [path] = [p for p in STRUCTURES if p.name == "metadata_2_1.xml"]
    [before] = [a for a in read(path.read_bytes()).artefacts if a.kind == "MetadataStructure"]
    for version in ("3.0", "3.1"):
        [after] = [a for a in read(write(read(path.read_bytes()), version)).artefacts if a.kind == "MetadataStructure"]
        assert after.targets == after.reports == ()
        assert after.attributes == before.attribute_list
        assert [one.id for one in after.attributes] == ["CONTACT", "METHOD", "UPDATED"]
        assert [one.id for one in after.attributes[0].attributes] == ["NAME", "EMAIL"]


def test_kinds_that_are_not_held_are_refused_with_their_line():
    content = (OWN / "process_3_1.xml").read_bytes()
    available = b"""<mes:Structures><str:AvailabilityConstraints><str:AvailabilityConstraint>
      <str:ConstraintAttachment>
        <str:Dataflow>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)</str:Dataflow>
      </str:ConstraintAttachment><str:CubeRegion/></str:AvailabilityConstraint></str:AvailabilityConstraints>"""
    assert content.count(b"<mes:Structures>") == 1
    with pytest.raises(Refused) as refusal:
        read(content.replace(b"<mes:Structures>", available))
    [found] = refusal.value.problems
    assert found.code == "xml.unsupported"
    assert found.value == "AvailabilityConstraint"
    assert found.row is not None
    assert found.path == "/Structure/Structures/AvailabilityConstraints/AvailabilityConstraint"


@pytest.mark.parametrize("path", [p for p in XML_FILES if p not in STRUCTURES], ids=lambda p: p.name)
def test_other_messages_are_refused_by_name(path):
    with pytest.raises(Refused) as refusal:
        read_structures(io.BytesIO(path.read_bytes()), path.name)
    assert refusal.value.problems[0].code == "xml.message-type"


def test_the_comparer_sees_a_lost_fact():
    path = OWN / "small_2_1.xml"
    whole = path.read_bytes()
    cut = whole.replace(b'<com:Name xml:lang="fa">\xd8\xb3\xd8\xa7\xd9\x84\xd8\xa7\xd9\x86\xd9\x87</com:Name>', b"")
    assert cut != whole
    lost, added = differences(whole, cut)
    assert lost == {("Codelist SCI:CL_FREQ", "Code[A]", "Name[fa]", "=", "سالانه")}
    assert added == set()
    assert ("DataStructure SCI:CPI", "DataStructureComponents", "DimensionList", "order", "2", "AREA") in facts_of(path)
