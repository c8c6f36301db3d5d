"""Any artefact: written in 3.0 or 3.1 it is valid, and read back it is the same but for the gaps."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.artefacts import BY_KIND, messages

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.reference import reference_to

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def without_schema_uri(header):
    return msgspec.structs.replace(header, schema_uri=None)


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize("kind", list(BY_KIND))
@SLOW
@given(data=st.data())
def test_any_artefact_written_is_valid_and_reads_back_the_same(kind, version, data):
    message = data.draw(messages(kind, most=2))
    written = b"".join(write_structures(message, WriteOptions(), version))
    schema = compiled(version)
    assert schema.validate(etree.fromstring(written)), (str(schema.error_log), written.decode())
    back = read_structures(io.BytesIO(written), "back.xml")
    wanted = [one for artefact in message.artefacts if (one := expressible(artefact, version)) is not None]
    assert list(back.artefacts) == list({reference_to(one): one for one in wanted}.values())
    assert back.header == without_schema_uri(message.header)
