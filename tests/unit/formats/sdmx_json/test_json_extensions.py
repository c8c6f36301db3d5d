"""Extension keys of our own, which the official schema does not judge: what does not belong there is refused."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_json.structure import read_structures

META = {"id": "X", "prepared": "2024-01-01T00:00:00Z", "sender": {"id": "SCI"}}
SCHEMA = "https://json.sdmx.org/2.1/sdmx-json-structure-schema.json"
ARTEFACT = {"id": "A", "agencyID": "SCI", "version": "1.0.0", "name": "A"}
CODELIST = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL(1.0)"


def read(**data):
    content = json.dumps({"$schema": SCHEMA, "meta": META, "data": data}).encode()
    return read_structures(io.BytesIO(content), "m.json").artefacts


def mapping(**keys):
    return {"id": "M", "name": "M", "alias": "M", **keys}


@pytest.mark.parametrize(
    ("section", "keys", "reason"),
    [
        ("codelists", {"x-sdmx-ml-isFinal": "yes"}, "bool"),
        ("codelists", {"x-sdmx-ml-serviceURL": 5}, "str"),
        ("codelists", {"x-sdmx-ml-serviceURL": 2**70}, ""),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": 5}, "int"),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": [5]}, "int"),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": [{"codelist": CODELIST}]}, "'id'"),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": [mapping(conceptScheme=5)]}, ""),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": [mapping(alias=["M"], genericDataflow={})]}, ""),
        ("vtlMappingSchemes", {"x-sdmx-ml-vtlMappings": [mapping(toVtlMapping=[])]}, ""),
    ],
)
def test_an_extension_that_holds_something_else_is_refused_with_its_place(section, keys, reason):
    with pytest.raises(Refused) as refusal:
        read(**{section: [ARTEFACT | keys]})
    [found] = refusal.value.problems
    assert (found.code, found.path) == ("json.extension", f"/data/{section}/0")
    assert reason in found.texts["en"]
    assert "x-sdmx-ml-" in found.texts["fa"]


@pytest.mark.parametrize("held", [5, [5], {"a": 1}, "text"])
def test_a_section_in_an_extension_is_a_list_of_objects(held):
    with pytest.raises(Refused) as refusal:
        read(**{"x-sdmx-ml-hierarchicalCodelists": held})
    assert refusal.value.problems[0].code == "json.extension"


def test_extensions_of_others_are_passed_over():
    [found] = read(codelists=[ARTEFACT | {"x-shelf": {"row": 3}}])
    assert found.id == "A"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "alias", "codelist", "keys"]), inner)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["isFinal", "serviceURL", "structureURL", "validFrom", "vtlMappings", "position", "uri", "parent", "x-other"]
)


def outcome(**data):
    """The artefacts that were read, or the findings of the refusal."""
    try:
        return read(**data)
    except Refused as refusal:
        return refusal.problems


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["codelists", "vtlMappingSchemes", "rulesetSchemes"]), KEYS, JSON)
def test_any_extension_is_read_or_refused(section, key, held):
    assert len(outcome(**{section: [ARTEFACT | {f"x-sdmx-ml-{key}": held}]})) >= 1
