"""Metadata constraints and attachment constraints: what they say, who asks for them, and what other versions have."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from support.world import WORLD, catalogue

from sdmx_server.errors import BadQuery, Refused
from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.structure import read_structures as read_json
from sdmx_server.formats.sdmx_json.structure import write_pretty, write_structures
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.category import Categorisation
from sdmx_server.model.constraint import DataConstraint, MetadataConstraint, content_constraint
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.metadatastructure import Metadataflow
from sdmx_server.model.reference import parse_urn, reference_to
from sdmx_server.query import v1
from sdmx_server.query.structure import parse_structure_query
from sdmx_server.registry.structures import answer_structure_query

FOLDER = Path(__file__).resolve().parents[2] / "data" / "sdmx_ml"


def message(name):
    return read_structures(io.BytesIO((FOLDER / name).read_bytes()), name)


OLD, NEW = message("constraints_2_1.xml"), message("metadata_constraint_3_1.xml")
QUALITY, ATTACHMENT = OLD.artefacts
[LANGUAGE] = NEW.artefacts
FLOWS = tuple(
    Metadataflow(agency="SCI", id="QUALITY", version=version, names={"en": "Quality"}) for version in ("1.0", "1.0.0")
)
STORED = (*WORLD, *FLOWS, ATTACHMENT, QUALITY, LANGUAGE)


def ask(tail, query=""):
    return answer_structure_query(catalogue(*STORED), parse_structure_query(tail, query))


def ask_v1(resource, tail, query=""):
    return answer_structure_query(catalogue(*STORED), v1.parse_structure_query(resource, tail, query))


def ids(artefacts):
    return [one.id for one in artefacts]


def as_json(artefact, version):
    whole = StructureMessage(header=NEW.header, artefacts=(artefact,))
    return b"".join(write_structures(whole, WriteOptions(), version=version))


def as_xml(artefact, version):
    whole = StructureMessage(header=NEW.header, artefacts=(artefact,))
    return b"".join(write_xml(whole, WriteOptions(), version))


def test_what_the_files_say():
    assert isinstance(QUALITY, MetadataConstraint)
    assert (QUALITY.role, QUALITY.attachment.references[0].short) == (None, "SCI:QUALITY(1.0)")
    [key] = QUALITY.metadata_key_sets[0].keys
    assert (key.report, key.target, key.keys[0].objects[0].kind) == ("QUALITY", "FLOW", "Dataflow")
    [region] = QUALITY.metadata_regions
    assert region.keys[0].data_keys[0].keys[0].values[0].value == "M"
    assert (region.components[0].id, region.components[0].values[0].value) == ("CONTACT.ROLE", "OFFICE")
    assert ATTACHMENT.key_sets[0].keys[0].keys[0].id == "REF_AREA"
    assert [one.value for one in LANGUAGE.metadata_regions[0].components[0].values] == ["fa", "en"]


@pytest.mark.proves("v2 structure: artefactType=metadataconstraint", "v2 structure: references=metadataconstraint")
def test_metadata_constraints_by_the_newer_api():
    assert sorted(ids(ask("metadataconstraint/*/*/*").matching)) == ["MC_LANGUAGE", "MC_QUALITY"]
    assert "MC_QUALITY" not in ids(ask("dataconstraint").matching)
    assert ids(ask("metadataflow/SCI/QUALITY/1.0.0", "references=metadataconstraint").related) == ["MC_LANGUAGE"]
    below = ask("metadataconstraint/SCI/MC_LANGUAGE", "references=children").related
    assert ("Metadataflow", "QUALITY", "1.0.0") in {(one.kind, one.id, one.version) for one in below}
    [stub] = ask("metadataconstraint/SCI/MC_LANGUAGE", "detail=allstubs").matching
    assert (stub.attachment, stub.metadata_regions) == (None, ())


@pytest.mark.proves(
    "v1 structure: resource=attachmentconstraint",
    "v1 structure: references=attachmentconstraint",
)
def test_attachment_constraints_by_the_older_api():
    assert ask_v1("attachmentconstraint", "SCI").matching == (ATTACHMENT,)
    with pytest.raises(BadQuery):
        parse_structure_query("attachmentconstraint")
    structure = next(one for one in WORLD if one.kind == "DataStructure")
    flow = msgspec.structs.replace(structure, id="CPI", version="1.0")
    found = answer_structure_query(
        catalogue(*STORED, flow),
        v1.parse_structure_query("datastructure", "SCI/CPI/1.0", "references=attachmentconstraint"),
    )
    assert ids(found.related) == ["AC_CAPITAL"]


@pytest.mark.proves("v1 structure: resource=contentconstraint", "v1 structure: resource=allowedconstraint")
def test_content_constraints_are_of_data_and_of_metadata():
    assert {"MC_QUALITY", "MC_LANGUAGE"} <= set(ids(ask_v1("contentconstraint", "SCI/all/all").matching))
    assert "MC_QUALITY" in ids(ask_v1("allowedconstraint", "SCI/all/all").matching)
    assert "MC_QUALITY" not in ids(ask_v1("actualconstraint", "SCI/all/all").matching)


def test_a_reference_to_a_content_constraint_means_either_kind():
    """2.1 has one class for both; where there is one of data, it is meant."""
    urn = "urn:sdmx:org.sdmx.infomodel.registry.ContentConstraint=SCI:MC_LANGUAGE(1.0.0)"
    about = Categorisation(agency="SCI", id="CAT", version="1.0", source=parse_urn(urn))
    held = catalogue(*STORED, about)
    assert reference_to(LANGUAGE) in held.children(reference_to(about))
    query = v1.parse_structure_query("contentconstraint", "SCI/MC_LANGUAGE/all", "references=categorisation")
    assert ids(answer_structure_query(held, query).related) == ["CAT"]
    data = DataConstraint(agency="SCI", id="MC_LANGUAGE", version=LANGUAGE.version)
    both = catalogue(*STORED, about, data)
    assert reference_to(data) in both.children(reference_to(about))
    assert reference_to(LANGUAGE) not in both.children(reference_to(about))


def test_from_3_1_to_2_1_a_region_gets_the_report_and_the_target_of_all():
    assert {one.field for one in gaps_of(LANGUAGE, "2.1")} == {
        "metadata_regions",
        "metadata_regions.report, metadata_regions.target",
    }
    [back] = read_structures(io.BytesIO(as_xml(LANGUAGE, "2.1")), "m.xml").artefacts
    assert back == expressible(LANGUAGE, "2.1")
    [region] = back.metadata_regions
    assert (region.report, region.target, region.valid_from) == ("METADATA_REPORT", "ANY_TARGET", None)
    assert b"<str:ContentConstraint" in as_xml(LANGUAGE, "2.1")
    assert list(json.loads(as_json(LANGUAGE, "1.0.0"))["data"]) == ["contentConstraints"]
    assert read_json(io.BytesIO(as_json(LANGUAGE, "1.0.0")), "m.json").artefacts == (back,)


def test_a_constraint_by_keys_is_left_out_of_3_x_which_has_none():
    plain = msgspec.structs.replace(
        QUALITY,
        metadata_key_sets=(),
        metadata_regions=(msgspec.structs.replace(QUALITY.metadata_regions[0], keys=()),),
    )
    for version in ("3.0", "3.1"):
        assert expressible(QUALITY, version) is None
        written = expressible(plain, version)
        assert written.metadata_regions[0].report is None
        assert written.metadata_regions[0].components == QUALITY.metadata_regions[0].components
        assert expressible(ATTACHMENT, version) is expressible(ATTACHMENT, version, JSON) is None
    assert b"MetadataConstraint" in as_xml(plain, "3.0")


@pytest.mark.parametrize("artefact", [ATTACHMENT, QUALITY, LANGUAGE], ids=lambda one: one.id)
def test_files_keep_all_of_it(artefact):
    assert read_json(io.BytesIO(write_pretty(artefact)), "m.json").artefacts == (artefact,)


def test_what_a_content_constraint_is_follows_from_what_it_is_attached_to_and_else_from_what_it_holds():
    provider = parse_urn("urn:sdmx:org.sdmx.infomodel.base.DataProvider=SCI:DATA_PROVIDERS(1.0).SCI")
    attached = msgspec.structs.replace(QUALITY.attachment, references=(provider,))
    own = {"agency": "SCI", "id": "C"}
    regions = {"metadata_regions": QUALITY.metadata_regions}
    assert isinstance(content_constraint(**own), DataConstraint)
    assert isinstance(content_constraint(**own, **regions), MetadataConstraint)
    assert isinstance(content_constraint(**own, **regions, attachment=attached), MetadataConstraint)
    assert isinstance(content_constraint(**own, **regions, key_sets=ATTACHMENT.key_sets), DataConstraint)
    both = content_constraint(**own, **regions, attachment=QUALITY.attachment, key_sets=ATTACHMENT.key_sets)
    assert isinstance(both, MetadataConstraint)


def test_1_0_says_one_set_and_one_source_by_keys_of_their_own():
    provider = "urn:sdmx:org.sdmx.infomodel.base.DataProvider=SCI:DATA_PROVIDERS(1.0).SCI"
    written = json.loads(as_json(LANGUAGE, "1.0.0"))
    [held] = written["data"]["contentConstraints"]
    held["constraintAttachment"] = {"metadataSet": {"id": "S", "dataProvider": provider}, "simpleDataSource": "urn:a"}
    [back] = read_json(io.BytesIO(json.dumps(written).encode()), "m.json").artefacts
    assert back.attachment.metadata_sets[0].id == "S"
    assert back.attachment.simple_data_sources == ("urn:a",)


def test_a_reference_that_is_none_is_a_finding_with_its_place():
    written = json.loads(as_json(LANGUAGE, "1.0.0"))
    written["data"]["contentConstraints"][0]["constraintAttachment"] = {"metadataflows": ["urn:a"]}
    with pytest.raises(Refused) as refusal:
        read_json(io.BytesIO(json.dumps(written).encode()), "m.json")
    [problem] = refusal.value.problems
    assert problem.path == "/data/contentConstraints/0/constraintAttachment/metadataflows/0"
