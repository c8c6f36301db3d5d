"""What registries write that the standard does not have, though its meaning is clear: read, with a remark."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import pytest

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.sdmx_json import lenient
from sdmx_server.formats.sdmx_json.metadata import read_metadata
from sdmx_server.formats.sdmx_json.structure import read_structures
from sdmx_server.formats.sdmx_json.validation import is_valid
from sdmx_server.model.message import StructureMessage

URN = "urn:sdmx:org.sdmx.infomodel."
OF_1_0 = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/1.0/x.json"
HEAD = {
    "schema": OF_1_0.replace("1.0", "2.0.0"),
    "id": "M1",
    "test": False,
    "prepared": "2026-01-01T00:00:00Z",
    "sender": {"id": "REGISTRY"},
}
CONCEPT = {"id": "FREQ", "name": "Frequency"}


def components(**more: Any) -> dict[str, Any]:
    concept = URN + "conceptscheme.Concept=SCI:CS(1.0)."
    dimension = {"id": "FREQ", "position": 1, "conceptIdentity": concept + "FREQ"}
    listed = URN + "codelist.Codelist=SCI:CL_FREQ(1.0)"
    time = {"id": "TIME_PERIOD", "position": 2, "conceptIdentity": concept + "TIME_PERIOD"}
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [{**dimension, "type": "Dimension", "localRepresentation": {"enumeration": listed}}],
            "timeDimensions": [
                {**time, "type": "TimeDimension", "localRepresentation": {"textFormat": {"textType": "DateTime"}}}
            ],
        },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [
                {
                    "id": "OBS_STATUS",
                    "conceptIdentity": concept + "OBS_STATUS",
                    "assignmentStatus": "Mandatory",
                    "attributeRelationship": {"primaryMeasure": "OBS_VALUE"},
                    "localRepresentation": {"enumerationFormat": {"dataType": "String"}},
                }
            ],
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "primaryMeasure": {"id": "OBS_VALUE", "conceptIdentity": concept + "OBS_VALUE"},
        },
        **more,
    }


def message(meta: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    return {"meta": {**HEAD, **(meta or {})}, "data": data}


def scheme(*concepts: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {"id": "CS", "agencyID": "SCI", "version": "1.0", "name": "Concepts"}
    return {**own, "isExternalReference": False, "concepts": list(concepts), **more}


def read(content: dict[str, Any]) -> StructureMessage:
    return read_structures(io.BytesIO(json.dumps(content).encode()), "m.json")


def codes(content: dict[str, Any]) -> list[str]:
    found = read(content).remarks
    for remark in found:
        assert remark.path
        assert "{" not in remark.texts["en"] + remark.texts["fa"]
    return sorted({remark.code.removeprefix("json.lenient.") for remark in found})


def test_a_message_as_it_should_be_has_no_remark() -> None:
    assert read(message(conceptSchemes=[scheme(CONCEPT)])).remarks == ()


def test_a_message_of_2_0_may_name_the_schema_of_1_0() -> None:
    of_set = {**message(conceptSchemes=[scheme(CONCEPT)])["data"]["conceptSchemes"][0]}
    flow = {**of_set, "id": "F", "structure": URN + "datastructure.DataStructure=SCI:D(1.0)"}
    agreement = {**of_set, "id": "P", "dataflow": URN + "datastructure.Dataflow=SCI:F(1.0)"}
    agreement["dataProvider"] = URN + "base.DataProvider=SCI:DATA_PROVIDERS(1.0).P"
    for one in (flow, agreement):
        del one["concepts"]
    content = message({"schema": OF_1_0}, dataflows=[flow], provisionAgreements=[agreement])
    read_as_2_0 = read(message(dataflows=[flow], provisionAgreements=[agreement]))
    assert read(content).artefacts == read_as_2_0.artefacts
    assert codes(content) == ["version"]


def test_a_structure_with_keys_of_1_0_is_what_it_would_be_with_those_of_2_0() -> None:
    structure = {"id": "D", "agencyID": "SCI", "version": "1.0", "name": "D", "dataStructureComponents": components()}
    now = copy.deepcopy(structure)
    parts = now["dataStructureComponents"]
    [dimension], [time] = parts["dimensionList"]["dimensions"], parts["dimensionList"].pop("timeDimensions")
    for one in (dimension, time):
        del one["type"]
    del time["position"]
    parts["dimensionList"]["timeDimension"] = {**time, "localRepresentation": {"format": {"dataType": "DateTime"}}}
    [attribute] = parts["attributeList"]["attributes"]
    del attribute["assignmentStatus"]
    attribute |= {"usage": "mandatory", "attributeRelationship": {"observation": {}}}
    attribute["localRepresentation"] = {"format": {"dataType": "String"}}
    parts["measureList"]["measures"] = [parts["measureList"].pop("primaryMeasure")]
    assert read(message(dataStructures=[structure])).artefacts == read(message(dataStructures=[now])).artefacts
    assert codes(message(dataStructures=[structure])) == ["name"]
    assert codes(message(dataStructures=[now])) == []


@pytest.mark.parametrize(
    ("meta", "artefact", "remarks"),
    [
        ({"links": [{"urn": URN + "codelist.Codelist=SCI:CL(1.0)"}]}, scheme(CONCEPT), []),
        ({}, scheme(CONCEPT, links=[{"rel": "self", "urn": "urn:sdmx:own"}]), ["link"]),
        ({}, scheme(CONCEPT, links=[{"href": "https://example.org"}]), ["rel"]),
        ({}, scheme(CONCEPT, isPartial=False, annotations=[]), []),
        ({}, scheme(CONCEPT, validFrom="2020-01-01T00:00:00"), ["moment"]),
        ({}, scheme(CONCEPT, validFrom="2020-01-01"), ["moment"]),
        ({}, scheme({**CONCEPT, "coreRepresentation": {"textFormat": {"textType": "Integer"}}}), ["name"]),
    ],
)
def test_what_is_slightly_off_is_read(meta: dict[str, Any], artefact: dict[str, Any], remarks: list[str]) -> None:
    content = message(meta, conceptSchemes=[artefact])
    assert codes(content) == remarks
    [found] = read(content).artefacts
    assert found.id == "CS"


def test_members_that_the_head_lacks_are_no_matter() -> None:
    content = message(conceptSchemes=[scheme(CONCEPT)])
    content["meta"] = {"schema": HEAD["schema"]}
    assert codes(content) == ["head"]


def test_a_moment_without_offset_is_kept_as_it_is() -> None:
    [found] = read(message(conceptSchemes=[scheme(CONCEPT, validFrom="2020-01-01T00:00:00")])).artefacts
    assert found.valid_from == "2020-01-01T00:00:00"


def test_a_moment_in_a_facet_gets_its_offset() -> None:
    facets = {"dataType": "DateTime", "startTime": "2000-01-01T00:00:00"}
    [found] = read(message(conceptSchemes=[scheme({**CONCEPT, "coreRepresentation": {"format": facets}})])).artefacts
    assert found.items[0].core_representation.text_format.facets["startTime"] == "2000-01-01T00:00:00Z"


def test_a_group_of_no_dimensions_is_refused() -> None:
    parts = components(groups=[{"id": "G", "groupDimensions": []}])
    structure = {"id": "D", "agencyID": "SCI", "version": "1.0", "name": "D", "dataStructureComponents": parts}
    with pytest.raises(Refused):
        read(message(dataStructures=[structure]))


def test_an_empty_list_is_none() -> None:
    [found] = read(message(conceptSchemes=[scheme()])).artefacts
    assert found.items == ()


@pytest.mark.parametrize(
    "artefact",
    [
        scheme(CONCEPT, validFrom="soon"),
        scheme(CONCEPT, isPartial="no"),
        scheme(CONCEPT, nmae="x"),
        scheme({"name": "no id"}),
    ],
)
def test_what_has_no_clear_meaning_is_refused(artefact: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read(message(conceptSchemes=[artefact]))


def test_a_report_of_two_part_version_with_links_at_its_attributes_is_read() -> None:
    attribute = {"id": "CONTACT", "value": "SCI", "links": [{"rel": "self", "urn": "urn:sdmx:x"}]}
    further = {"id": "NOTE", "value": "x", "links": [{"rel": "alternate", "href": "https://example.org/n"}]}
    report = {
        "id": "R",
        "agencyID": "SCI",
        "version": "1.0",
        "name": "Report",
        "metadataflow": URN + "metadatastructure.Metadataflow=SCI:MDF(1.0)",
        "targets": [URN + "datastructure.Dataflow=SCI:F(1.0)"],
        "attributes": [attribute, further],
    }
    content = message({"schema": HEAD["schema"].replace("structure", "metadata")}, metadataSets=[report])
    found = read_metadata(io.BytesIO(json.dumps(content).encode()), "m.json")
    assert found.parts[0].metadata_set.version == "1.0.0"
    assert {(r.code, r.value) for r in found.remarks} == {
        ("json.lenient.set-version", "1.0"),
        ("json.lenient.links", "https://example.org/n"),
    }


def test_what_stands_amiss_at_every_item_is_mended_in_lists_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it at once: once more is enough to see that nothing is left."""
    monkeypatch.setattr(lenient, "_ROUNDS", 2)
    link = {"href": "https://example.org/x"}
    concepts = [{"id": f"C{i}", "name": "N", "annotations": [], "links": [link]} for i in range(1_500)]
    found = read(message(conceptSchemes=[scheme(*concepts)]))
    assert len(found.artefacts[0].items) == 1_500
    assert [r.code for r in found.remarks] == ["json.lenient.rel"] * 1_500


def test_every_answer_about_it_fits_the_schema_again() -> None:
    """What was mended is written as the standard has it."""
    found = read(message(conceptSchemes=[scheme(CONCEPT, validFrom="2020-01-01T00:00:00")]))
    for form in FORMATS:
        if form.kind == "structure" and form.extension == "json" and form.write_structures is not None:
            written = json.loads(b"".join(form.write_structures(found, WriteOptions())))
            assert is_valid(written, form.version)
