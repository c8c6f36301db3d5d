"""Whatever a metadata set says, every format says it, and reads it back."""

from __future__ import annotations

import io
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from support.artefacts_metadata import metadata_sets
from support.metadata import json_schema, judge_xml

from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.api import Format, WriteOptions
from sdmx_server.formats.sdmx_csv.sub_fields import by_language, in_languages, joined, split
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import Reference
from sdmx_server.model.resolved_metadata import MetadataMessage, MetadataPart

HEADER = Header(id="M", prepared="2026-01-01T00:00:00Z", sender=Party(id="SCI"))
FLOW = Reference(kind="Metadataflow", agency="SCI", id="QUALITY", version="1.0.0")
BY_NAME = {f.name: f for f in FORMATS if f.kind == "metadata"}


def written(chosen: Format, *sets: MetadataSet) -> bytes:
    parts = tuple(MetadataPart(metadata_set=one, flow=FLOW) for one in sets)
    assert chosen.write_metadata is not None
    return b"".join(chosen.write_metadata(MetadataMessage(header=HEADER, parts=parts), WriteOptions()))


def read(chosen: Format, content: bytes) -> list[MetadataSet]:
    assert chosen.read_metadata is not None
    return [part.metadata_set for part in chosen.read_metadata(io.BytesIO(content), "message").parts]


def _markup(text: str) -> str:
    """A structured text as XML keeps it."""
    root = etree.fromstring(f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>')
    whole = etree.tostring(root, method="c14n").decode().replace(' xmlns="http://www.w3.org/1999/xhtml"', "")
    return whole.removeprefix("<div>").removesuffix("</div>")


def plain(one: MetadataSet) -> MetadataSet:
    """The set with markup in one form."""

    def attribute(held: ReportedAttribute) -> ReportedAttribute:
        texts = {tag: _markup(text) if held.structured else text for tag, text in held.texts.items()}
        return msgspec.structs.replace(
            held,
            texts=texts,
            attributes=tuple(map(attribute, held.attributes)),
        )

    return msgspec.structs.replace(one, attributes=tuple(map(attribute, one.attributes)))


@settings(max_examples=15, deadline=None)
@given(st.lists(metadata_sets(), min_size=1, max_size=2))
@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_sdmx_ml_carries_everything(version: str, sets: list[MetadataSet]) -> None:
    chosen = BY_NAME[f"sdmx-ml-{version}-metadata"]
    content = written(chosen, *sets)
    judge_xml(content, version.replace(".", ""))
    assert [plain(one) for one in read(chosen, content)] == [plain(one) for one in sets]


@settings(max_examples=15, deadline=None)
@given(st.lists(metadata_sets(wildcards=False), min_size=1, max_size=2))
@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_sdmx_json_carries_everything(version: str, sets: list[MetadataSet]) -> None:
    chosen = BY_NAME[f"sdmx-json-{version}-metadata"]
    content = written(chosen, *sets)
    json_schema(version.replace(".", "")).validate(msgspec.json.decode(content))
    expected = [_unmarked(one) for one in sets]
    if version == "2.0":  # an address of more information has no place there
        expected = [msgspec.structs.replace(one, uri=None) for one in expected]
    assert read(chosen, content) == expected


def _unmarked(one: MetadataSet) -> MetadataSet:
    """The set without the mark of markup, which SDMX-JSON does not have."""

    def attribute(held: ReportedAttribute) -> ReportedAttribute:
        return msgspec.structs.replace(held, structured=False, attributes=tuple(map(attribute, held.attributes)))

    return msgspec.structs.replace(one, attributes=tuple(map(attribute, one.attributes)))


@settings(max_examples=15, deadline=None)
@given(metadata_sets())
@pytest.mark.parametrize("name", ["sdmx-ml-2.1-metadata", "sdmx-ml-2.1-structurespecific-metadata"])
def test_metadata_of_2_1_carry_what_is_reported(name: str, one: MetadataSet) -> None:
    content = written(BY_NAME["sdmx-ml-2.1-metadata"], one)
    judge_xml(content, "21")
    chosen = BY_NAME[name]
    content = written(chosen, one)
    [back] = read(chosen, content)
    assert _bare(plain(back).attributes) == _bare(plain(one).attributes)
    assert (back.targets, back.names, back.id) == (one.targets, one.names, one.id)
    assert back.metadataflow == FLOW


def _bare(attributes: tuple[ReportedAttribute, ...]) -> tuple[ReportedAttribute, ...]:
    """Without annotations, whose values 2.1 does not have."""
    return tuple(msgspec.structs.replace(a, annotations=(), attributes=_bare(a.attributes)) for a in attributes)


def _reported(one: MetadataSet) -> list[object]:
    """What SDMX-CSV has a place for: values, texts, and where they stand; annotations and empty holders are none.

    Attributes come in the order of the columns, which is that in which ids first stand.
    """

    def told(attributes: tuple[ReportedAttribute, ...]) -> list[object]:
        found = []
        for held in attributes:
            below = told(held.attributes)
            if held.value is not None or held.texts or below:
                found.append((held.id, held.value, tuple(sorted(held.texts.items())), below))
        return sorted(found, key=lambda each: each[0])

    return told(one.attributes)


@settings(max_examples=20, deadline=None)
@given(metadata_sets().filter(lambda one: _plain_shape(one.attributes)))
@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_sdmx_csv_carries_what_is_reported(version: str, one: MetadataSet) -> None:
    chosen = BY_NAME[f"sdmx-csv-{version}-metadata"]
    [back] = read(chosen, written(chosen, one))
    assert _reported(back) == _reported(one)
    assert (back.agency, back.id, back.version) == (one.agency, one.id, one.version)
    assert (back.publication_year, back.reporting_begin) == (one.publication_year, one.reporting_begin)
    assert back.provision_agreement == one.provision_agreement
    assert back.targets == one.targets


def _plain_shape(attributes: tuple[ReportedAttribute, ...]) -> bool:
    """Whether columns can hold it: the instances of an attribute are all of one sort, and none is empty."""
    sorts: dict[tuple[str, ...], set[str]] = {}

    def walk(held: tuple[ReportedAttribute, ...], above: tuple[str, ...]) -> bool:
        for each in held:
            sort = "texts" if each.texts and (len(each.texts) > 1 or not each.structured) else "value"
            sort = "single" if each.texts and sort == "value" else sort
            if each.value is None and not each.texts:
                sort = "holder"
                if not each.attributes:
                    return False
            sorts.setdefault((*above, each.id), set()).add(sort)
            if not walk(each.attributes, (*above, each.id)):
                return False
        return True

    return walk(attributes, ()) and all(len(found) == 1 and "single" not in found for found in sorts.values())


TEXT = st.text(alphabet='ab";:,\n é۱', min_size=1, max_size=12)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_sub_fields_come_back(parts: list[str]) -> None:
    assert split(joined(parts), ";") == parts


@given(st.dictionaries(st.sampled_from(["en", "fa", "zh-Hant"]), TEXT, min_size=1, max_size=3))
def test_texts_in_languages_come_back(texts: dict[str, str]) -> None:
    assert by_language(in_languages(texts), ";") == texts


@given(
    st.binary(max_size=200) | TEXT.map(lambda text: ("MDSTRUCTURE[;],MDSTRUCTURE_ID,METADATASET_ID\n" + text).encode())
)
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_no_reader_falls_over(name: str, content: bytes) -> None:

    with suppress(Refused):
        read(BY_NAME[name], content)
