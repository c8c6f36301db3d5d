"""Finality: what the flag of 2.1 and the version from 3.0 on say of each other."""

import io

import pytest

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import gaps_of
from sdmx_server.formats.sdmx_json import structure as json_structure
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.message import Header, Party, StructureMessage

HEADER = Header(id="F", prepared="2025-03-21T00:00:00Z", sender=Party(id="SCI"))


def codelist(version, is_final=None):
    items = (Code(id="A", names={"en": "a"}),)
    return Codelist(agency="SCI", id="CL", version=version, names={"en": "x"}, items=items, is_final=is_final)


def xml(artefact, version):
    message = StructureMessage(header=HEADER, artefacts=(artefact,))
    return b"".join(write_structures(message, WriteOptions(), version))


def json(artefact, version):
    message = StructureMessage(header=HEADER, artefacts=(artefact,))
    return b"".join(json_structure.write_structures(message, WriteOptions(), version=version))


@pytest.mark.parametrize(
    ("version", "is_final", "said"),
    [
        ("1.0.0", None, "true"),
        ("1.0.0", False, "false"),
        ("0.9.0", None, None),
        ("1.0", None, None),
        ("1.0", True, "true"),
        ("1.0.0-draft", None, "false"),
    ],
)
def test_2_1_has_the_flag_that_the_version_means(version, is_final, said):
    held = codelist(version, is_final)
    written = xml(held, "2.1").decode()
    assert [word for word in ("true", "false") if f'isFinal="{word}"' in written] == ([said] if said else [])
    [again] = read_structures(io.BytesIO(xml(held, "2.1")), "again.xml").artefacts
    assert json(again, "1.0.0").partition(b'"data":')[2] == json(held, "1.0.0").partition(b'"data":')[2]
    if "-" not in version:
        assert again == held
        assert json_structure.read_structures(io.BytesIO(json(held, "1.0.0")), "again.json").artefacts == (held,)


@pytest.mark.parametrize("between", ["3.0", "3.1"])
@pytest.mark.parametrize(
    ("version", "is_final", "told"),
    [("1.0.0", None, False), ("1.0.0", False, True), ("1.0", True, True), ("1.0", False, False), ("1.0", None, False)],
)
def test_later_versions_tell_when_the_version_means_something_else(version, is_final, told, between):
    held = codelist(version, is_final)
    assert ("is_final" in {gap.field for gap in gaps_of(held, between)}) == told
    assert b"isFinal" not in xml(held, between).partition(b"Footer")[0]


def test_from_3_x_over_2_1_and_back_nothing_is_lost():
    held = codelist("2.1.3")
    [again] = read_structures(io.BytesIO(xml(held, "2.1")), "again.xml").artefacts
    [last] = read_structures(io.BytesIO(xml(again, "3.1")), "last.xml").artefacts
    assert again == last == held
