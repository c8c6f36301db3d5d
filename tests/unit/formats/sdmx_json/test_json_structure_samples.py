"""The official samples, read and written back: what they say must come back, fact by fact.

The samples of SDMX-JSON 2.0 use keys that neither its schema nor its guide defines (most are left over from 1.0), and
the generated samples hold every kind of artefact there is. Both are refused, with the pointer of each such place. The
test checks that these are the only reasons, takes them out, and goes on with the rest.
"""

import copy
import io
import json
import os
import re
from pathlib import Path

import pytest
from support.compare_json import SUPPORTED, facts

from sdmx_server.errors import Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_json.older_keys import modern
from sdmx_server.formats.sdmx_json.structure import read_structures, write_structures
from sdmx_server.model.reference import reference_to

ROOT = Path(__file__).parents[4]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared/samples"))
OWN = ROOT / "tests/data/sdmx_json"
FILES = [*OWN.glob("structure-*.json"), *SAMPLES.glob("3.[01]/json/structure/*.json")]

UNDEFINED = [
    r"/data/contentConstraints",
    r".*/format/textType",
    r".*/coreRepresentation/(id|version|agencyID|textFormat)",
    r".*/localRepresentation/textFormat",
    r".*/dataKeySets/0/keys/0/components/0/valid(From|To)",
    r".*/cubeRegions/0/keyValues/1/cascadeValues",
    r".*/hierarchicalCodes/\d+/(version|codeID|codelistAliasRef)",
]
"""Keys in the samples of 2.0 that SDMX-JSON 2.0 does not define."""

ONLY_IN_2_1 = [
    r"/isPartialLanguage",
    r"/evolvingStructure",
    r"/dimensionConstraint/\d+",
    r".*/timeRange/validFrom",
    r"/dataKeySets/.*",  # 2.0 writes a key for each combination of values
]
"""What 2.0 has no place for."""


def read(message):
    return read_structures(io.BytesIO(json.dumps(message).encode()), "sample.json")


def by_reference(message):
    return {reference_to(artefact): artefact for artefact in message.artefacts}


def without(message, pointer):
    *parents, last = pointer.split("/")[1:]
    inner = message
    for key in parents:
        inner = inner[int(key)] if isinstance(inner, list) else inner[key]
    del inner[last]


def cleaned(original):
    """A copy of the message without what is refused, having checked why it is."""
    message = copy.deepcopy(original)
    for key in original["data"].keys() - SUPPORTED:
        if key != "contentConstraints":
            with pytest.raises(Refused, match=f"at /data/{key}: this server does not store {key}"):
                read({**original, "errors": [], "data": {key: original["data"][key]}})
            del message["data"][key]
    if "errors" in message:
        with pytest.raises(Refused, match="at /errors: the message reports errors"):
            read({**message, "data": {}})
        del message["errors"]
    if "geographicCodelists" in message["data"]:
        [grid], [areas] = (message["data"][key] for key in ("geoGridCodelists", "geographicCodelists"))
        assert (grid["agencyID"], grid["id"], grid["version"]) == (areas["agencyID"], areas["id"], areas["version"])
        with pytest.raises(Refused, match="occurs twice"):  # both are codelists, and so have one URN
            read({**message, "data": {"geoGridCodelists": [grid], "geographicCodelists": [areas]}})
        grid["id"] = "GRID"
    try:
        read(message)
    except Refused as refusal:
        for problem in refusal.problems:
            assert problem.code == "json.unknown-key"
            assert any(re.fullmatch(pattern, problem.path) for pattern in UNDEFINED), problem.path
            without(message, problem.path)
    return as_called_now(message)


def as_called_now(message):
    """Keys of 1.0 as they come back; a primary measure's link to itself, by its class of 1.0, is passed over."""
    found = modern(message, lambda *_: None)
    for structure in found["data"].get("dataStructures", ()):
        for measure in structure.get("dataStructureComponents", {}).get("measureList", {}).get("measures", ()):
            links = [link for link in measure.get("links", ()) if ".PrimaryMeasure=" not in link.get("urn", "")]
            if len(links) < len(measure.get("links", ())):
                measure["links"] = links
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_a_sample_comes_back_with_every_fact(path):
    original = cleaned(json.loads(path.read_text("utf-8")))
    version = "2.1.0" if "$schema" in original else "2.0.0"
    message = read(original)
    again = json.loads(b"".join(write_structures(message, WriteOptions(), version=version)))
    before, after = facts(original), facts(again)
    assert len(before) > 30
    assert after == before
    assert by_reference(read(again)) == by_reference(message)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_a_sample_keeps_its_facts_through_the_other_version(path):
    """2.1 says all that 2.0 says; of 2.1, 2.0 lacks what the gaps list for it."""
    original = cleaned(json.loads(path.read_text("utf-8")))
    version, other = ("2.1.0", "2.0.0") if "$schema" in original else ("2.0.0", "2.1.0")
    message = read(original)
    through = read(json.loads(b"".join(write_structures(message, WriteOptions(), version=other))))
    again = json.loads(b"".join(write_structures(through, WriteOptions(), version=version)))
    differing = facts(original) ^ facts(again)
    assert [fact for fact in differing if not any(re.fullmatch(pattern, fact[4]) for pattern in ONLY_IN_2_1)] == []
