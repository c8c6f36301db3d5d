"""Global structures as their owners publish them: everything resolves, and partial answers are smaller."""

import os
from pathlib import Path

import pytest
from support.world import WORLD, catalogue

from sdmx_server.formats.sdmx_ml import FORMATS
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved import Storage
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.resolve import resolve_structure
from sdmx_server.registry.structures import answer_structure_query

REAL = Path(os.environ.get("SDMX_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
DATA_STRUCTURES = ("ECOFIN", "SDG")
FILES = sorted(path for path in REAL.glob("structures/*.xml") if any(name in path.name for name in DATA_STRUCTURES))
READER = next(one.read_structures for one in FORMATS if one.version.startswith("2.1") and one.read_structures)


def read(path):
    if path is None:
        return WORLD
    with path.open("rb") as stream:
        return READER(stream, path.name).artefacts


@pytest.fixture(params=[None, *FILES], ids=lambda path: path.name if path else "own")
def artefacts(request):
    return read(request.param)


def test_every_structure_and_flow_resolves(artefacts):
    world = catalogue(*artefacts)
    held = [value for value in artefacts if value.kind in ("DataStructure", "Dataflow")]
    assert held
    for value in held:
        schema = resolve_structure(world, reference_to(value))
        assert schema.time is not None
        assert [measure.storage for measure in schema.measures] == [Storage.FLOAT]
        assert all(dimension.enumeration.items for dimension in schema.dimensions if dimension.enumeration)


@pytest.mark.parametrize("detail", ["full", "referencepartial", "allstubs", "raw"])
def test_every_detail_answers_with_the_same_artefacts(artefacts, detail):
    world = catalogue(*artefacts)
    answer = answer_structure_query(world, parse_structure_query("/datastructure", f"references=all&detail={detail}"))
    plain = answer_structure_query(world, parse_structure_query("/datastructure", "references=all"))
    assert [reference_to(value) for value in answer.artefacts] == [reference_to(value) for value in plain.artefacts]
