"""Any artefact: written in 2.1, 3.0 or 3.1 it is valid, and read back it is the same but for the gaps."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.artefacts import BY_KIND, messages
from support.artefacts_21 import BY_KIND_21, HEADER

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.pinned import pinned
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.counterparts import of_generation
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.reference import reference_to
from sdmx_server.model.version import parse_version

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def without_schema_uri(header):
    return msgspec.structs.replace(header, schema_uri=None)


def read(content):
    return read_structures(io.BytesIO(content), "back.xml")


def valid(message, version):
    written = b"".join(write_structures(message, WriteOptions(), version))
    schema = compiled(version)
    assert schema.validate(etree.fromstring(written)), (str(schema.error_log), written.decode())
    return written


def expected(artefacts, version):
    """The artefacts without the gaps; of versions that become the same the highest stands for them."""
    chosen = of_generation(pinned(artefacts) if version == "2.1" else artefacts, version)
    pairs = [(a, expressible(a, version)) for a in chosen]
    pairs.sort(key=lambda pair: parse_version(pair[0].version))
    return {reference_to(one): one for _, one in pairs if one is not None}


def by_reference(artefacts):
    return {reference_to(artefact): artefact for artefact in artefacts}


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
@pytest.mark.parametrize("kind", list(BY_KIND))
@SLOW
@given(data=st.data())
def test_any_artefact_written_is_valid_and_reads_back_the_same(kind, version, data):
    message = data.draw(messages(kind, most=2))
    back = read(valid(message, version))
    assert by_reference(back.artefacts) == expected(message.artefacts, version)
    assert back.header == without_schema_uri(message.header)


@pytest.mark.parametrize("kind", list(BY_KIND_21))
@SLOW
@given(data=st.data())
def test_what_2_1_can_say_is_lost_nowhere(kind, data):
    artefact = data.draw(BY_KIND_21[kind])
    message = StructureMessage(header=HEADER, artefacts=(artefact,))
    assert gaps_of(artefact, "2.1") == []
    assert read(valid(message, "2.1")) == message


@pytest.mark.parametrize("between", ["3.0", "3.1"])
@pytest.mark.parametrize("kind", list(BY_KIND_21))
@SLOW
@given(data=st.data())
def test_from_2_1_over_3_x_back_to_2_1_only_the_gaps_are_lost(kind, between, data):
    artefact = data.draw(BY_KIND_21[kind])
    through = read(valid(StructureMessage(header=HEADER, artefacts=(artefact,)), between))
    again = read(valid(through, "2.1"))
    held = [one for part in of_generation((artefact,), between) if (one := expressible(part, between)) is not None]
    wanted = [one for part in of_generation(held, "2.1") if (one := expressible(part, "2.1")) is not None]
    assert list(again.artefacts) == wanted
