"""Real artefacts, of this product and of international agencies, through both versions and the kept form."""

import io
import os
from pathlib import Path

import pytest
from pysdmx.io.json.sdmxjson2.reader.structure import read as pysdmx_read

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import read_structures, write_pretty, write_structures
from sdmx_server.formats.sdmx_ml import structure as sdmx_ml
from sdmx_server.model.reference import reference_to

ROOT = Path(__file__).parents[4]
REAL = Path(os.environ.get("SDMX_REAL_DATA", ROOT.parent / "shared/data"))
FILES = [
    ROOT / "structures/datastructures/SCI/CENSUS/1.0.0.json",
    *REAL.glob("structures/IMF_ECOFIN_DSD_1.0.xml"),
    *REAL.glob("structures/IAEG-SDGs_SDG_1.0.xml"),
]


def read(path):
    reader = sdmx_ml.read_structures if path.suffix == ".xml" else read_structures
    return reader(io.BytesIO(path.read_bytes()), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("version", "generation"), [("2.0.0", "3.0"), ("2.1.0", "3.1")])
def test_real_artefacts_lose_what_the_gaps_say_and_nothing_else(path, version, generation):
    message = read(path)
    content = b"".join(write_structures(message, WriteOptions(), version=version))
    again = {reference_to(one): one for one in read_structures(io.BytesIO(content), "again.json").artefacts}
    assert again == {reference_to(one): expressible(one, generation, JSON) for one in message.artefacts}
    told = {gap.field for one in message.artefacts for gap in gaps_of(one, generation, JSON)}
    of_2_0 = {"service_url, structure_url", "measures.is_primary", "time_dimension.position"}
    assert told <= (of_2_0 if version == "2.0.0" else {"role"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_artefacts_are_kept_whole(path):
    for artefact in read(path).artefacts:
        assert read_structures(io.BytesIO(write_pretty(artefact)), "kept.json").artefacts == (artefact,)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_pysdmx_reads_real_artefacts(path, version):
    message = read(path)
    theirs = pysdmx_read(b"".join(write_structures(message, WriteOptions(), version=version)).decode(), validate=False)
    assert len(theirs.structures) == len(message.artefacts)
    ours = {one.id: one for one in message.artefacts if one.kind == "DataStructure"}
    for structure in theirs.get_data_structure_definitions():
        held = ours[structure.id]
        dimensions = [one.id for one in held.dimensions] + ([held.time_dimension.id] if held.time_dimension else [])
        assert [one.id for one in structure.components.dimensions] == dimensions
        assert len(structure.components.attributes) == len(held.attributes)
