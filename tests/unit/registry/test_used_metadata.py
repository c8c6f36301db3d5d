"""Metadata attributes that a data structure uses: attributes of its data, with the values of their own structure."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from support.catalogues import catalogue_of
from support.world import FLOW, STATUS, STRUCTURE, UNIT, WORLD, coded, concept, ref, text

from sdmx_server.errors import BadSemantics
from sdmx_server.model.datastructure import AttributeRelationship, DataStructure, DimensionRelation
from sdmx_server.model.datastructure import MetadataAttributeUsage as Usage
from sdmx_server.model.metadatastructure import MetadataAttribute, MetadataStructure
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved import ResolvedStructure, Storage
from sdmx_server.registry.resolve import resolve_structure

DATA_SET, OBSERVATION = AttributeRelationship(dataflow=True), AttributeRelationship(observation=True)
IN_LANGUAGES = text("String", isMultiLingual="true")
REPORT = MetadataStructure(
    agency="SCI",
    id="REPORT",
    version="1.2.0",
    attributes=(
        MetadataAttribute(id="METHOD", min_occurs=1, representation=IN_LANGUAGES),
        MetadataAttribute(
            id="CONTACT",
            is_presentational=True,
            attributes=(
                MetadataAttribute(id="NAME", representation=text("String", maxLength="40")),
                MetadataAttribute(id="PHONE", max_occurs=3, representation=text("String")),
            ),
        ),
        MetadataAttribute(
            id="EVENT", max_occurs="unbounded", attributes=(MetadataAttribute(id="DAY"), MetadataAttribute(id="PLACE"))
        ),
        MetadataAttribute(id="GRADE", max_occurs="unbounded", representation=coded("CL_STATUS")),
        MetadataAttribute(id="SIZE", concept=concept("UNIT")),
        MetadataAttribute(id="UNIT", representation=text("String")),
        MetadataAttribute(id="OTHER", attributes=(MetadataAttribute(id="DAY"),)),
    ),
)


def resolved(*usages: Usage, **changes: Any) -> ResolvedStructure:
    """The structure of the world with these usages, and other changes."""
    changes = {"metadata": ref("MetadataStructure", "REPORT", "1.0+.0"), **changes}
    structure = msgspec.structs.replace(STRUCTURE, metadata_attribute_usages=usages, **changes)
    world = (one for one in WORLD if not isinstance(one, DataStructure))
    return resolve_structure(catalogue_of((*world, structure, REPORT)), reference_to(FLOW))


def test_they_stand_behind_the_attributes_with_their_own_representation() -> None:
    schema = resolved(Usage(metadata_attribute="METHOD", relationship=DATA_SET))
    assert [a.id for a in schema.attributes] == [*(a.id for a in STRUCTURE.attributes), "METHOD"]
    method = schema.attributes[-1]
    assert (method.metadata, method.multilingual, method.storage, method.attached_to) == (True, True, Storage.CODE, ())
    assert not any(a.metadata for a in schema.attributes[:-1])
    assert schema.component("METHOD") is method


def test_none_is_mandatory_whatever_reports_must_have() -> None:
    assert not resolved(Usage(metadata_attribute="METHOD", relationship=DATA_SET)).attributes[-1].mandatory


def test_the_usage_says_what_they_depend_on() -> None:
    of_item = AttributeRelationship(dimensions=(DimensionRelation(id="ITEM"), DimensionRelation(id="FREQ")))
    schema = resolved(
        Usage(metadata_attribute="METHOD", relationship=of_item),
        Usage(metadata_attribute="SIZE", relationship=AttributeRelationship(group="Sibling")),
        Usage(metadata_attribute="GRADE", relationship=OBSERVATION),
    )
    *_, method, size, grade = schema.attributes
    assert (method.attached_to, schema.level(method)) == (("FREQ", "ITEM"), "group")
    assert (size.attached_to, size.group) == (("REF_AREA", "ITEM"), "Sibling")
    assert schema.level(grade) == "observation"


def test_values_are_those_of_the_representation_or_the_concept() -> None:
    schema = resolved(
        Usage(metadata_attribute="GRADE", relationship=OBSERVATION),
        Usage(metadata_attribute="SIZE", relationship=DATA_SET),
    )
    *_, grade, size = schema.attributes
    assert (grade.enumeration, grade.multi_valued, grade.max_occurs) == (STATUS, True, None)
    assert (size.enumeration, size.multi_valued) == (UNIT, False)


@pytest.mark.parametrize("written", ["PHONE", "CONTACT.PHONE"])
def test_one_that_stands_in_another_is_named_by_id_or_path(written: str) -> None:
    phone = resolved(Usage(metadata_attribute=written, relationship=DATA_SET)).attributes[-1]
    assert (phone.id, phone.path, phone.max_occurs) == ("PHONE", "CONTACT.PHONE", 3)


@pytest.mark.parametrize(
    ("usage", "message"),
    [
        ("NOPE", "metadata attribute NOPE is not in MetadataStructure SCI:REPORT"),
        ("CONTACT.NOPE", r"metadata attribute CONTACT\.NOPE is not in"),
        ("DAY", "metadata attribute DAY is more than once in"),
        ("CONTACT", "CONTACT only holds others and has no value; use those in it"),
        ("EVENT.PLACE", "stands in EVENT, which may occur several times"),
        ("UNIT", "has a component UNIT and uses a metadata attribute of that id"),
    ],
)
def test_what_data_could_not_tell(usage: str, message: str) -> None:
    with pytest.raises(BadSemantics, match=message):
        resolved(Usage(metadata_attribute=usage, relationship=DATA_SET))


def test_the_metadata_structure_must_be_there() -> None:
    usage = Usage(metadata_attribute="METHOD", relationship=DATA_SET)
    with pytest.raises(BadSemantics, match="names no metadata structure"):
        resolved(usage, metadata=None)
    with pytest.raises(BadSemantics, match=r"refers to MetadataStructure SCI:NOPE.* not stored"):
        resolved(usage, metadata=ref("MetadataStructure", "NOPE"))
    with pytest.raises(BadSemantics, match="takes metadata attributes from Codelist"):
        resolved(usage, metadata=ref("Codelist", "CL_UNIT"))
    nowhere = AttributeRelationship(dimensions=(DimensionRelation(id="NOPE"),))
    with pytest.raises(BadSemantics, match="attribute METHOD is attached to dimension NOPE"):
        resolved(Usage(metadata_attribute="METHOD", relationship=nowhere))


def test_a_structure_that_uses_none_needs_no_metadata_structure() -> None:
    assert not any(a.metadata for a in resolved(metadata=ref("MetadataStructure", "NOPE")).attributes)
