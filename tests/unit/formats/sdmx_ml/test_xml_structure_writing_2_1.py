"""What 2.1 structure messages look like: references, order, what 3.x artefacts become; and what sdmx1 reads of them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import sdmx
from lxml import etree

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.category import Categorisation
from sdmx_server.model.codelist import Code, Codelist, CodelistExtension, ValueItem, ValueList
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Group,
    Measure,
    TimeDimension,
)
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.organisation import AgencyScheme, DataProviderScheme, Organisation
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, SentinelValue, TextFormat

ROOT = Path(__file__).resolve().parents[4]
REAL = Path(os.environ.get("SDMX_REAL_DATA", ROOT.parent / "shared" / "data"))
FILES = sorted(REAL.glob("structures/I*.xml"))
HEADER = Header(id="ANSWER", prepared="2024-05-01T10:00:00Z", sender=Party(id="SCI"))


def concept(name):
    return Reference(kind="ConceptScheme", agency="SCI", id="CONCEPTS", version="1.0+.0", item=name)


def coded(kind, name, version="1.0+.0"):
    return Representation(enumeration=Reference(kind=kind, agency="SCI", id=name, version=version))


PRICES = DataStructure(
    agency="SCI",
    id="PRICES",
    version="1.0.0",
    names={"en": "Prices"},
    dimensions=(
        Dimension(id="AREA", concept=concept("AREA"), representation=coded("Codelist", "CL_AREA")),
        Dimension(id="ITEM", concept=concept("ITEM"), representation=coded("Codelist", "CL_ITEM")),
    ),
    time_dimension=TimeDimension(id="TIME_PERIOD", concept=concept("TIME_PERIOD")),
    groups=(Group(id="BY_ITEM", dimensions=("ITEM",)),),
    attributes=(
        Attribute(
            id="UNIT",
            concept=concept("UNIT"),
            representation=coded("ValueList", "VL_UNIT"),
            relationship=AttributeRelationship(group="BY_ITEM"),
            mandatory=True,
        ),
        Attribute(
            id="NOTE",
            concept=concept("NOTE"),
            representation=Representation(
                text_format=TextFormat(
                    text_type="String",
                    facets={"isMultiLingual": "true", "maxLength": "100"},
                    sentinels=(SentinelValue(value="-", names={"en": "none"}),),
                ),
                max_occurs="unbounded",
            ),
            relationship=AttributeRelationship(dimensions=(DimensionRelation(id="AREA"),)),
        ),
        Attribute(id="SOURCE", concept=concept("SOURCE"), relationship=AttributeRelationship(dataflow=True)),
        Attribute(id="STATUS", concept=concept("STATUS"), relationship=AttributeRelationship(observation=True)),
    ),
    measures=(
        Measure(id="PRICE", concept=concept("PRICE"), representation=Representation(text_format=TextFormat())),
        Measure(id="WEIGHT", concept=concept("WEIGHT"), mandatory=True),
    ),
)


def written(*artefacts):
    message = StructureMessage(header=HEADER, artefacts=artefacts)
    root = etree.fromstring(b"".join(write_structures(message, WriteOptions(), "2.1")))
    schema = compiled("2.1")
    assert schema.validate(root), str(schema.error_log)
    return root


def ref(root, path):
    found = root.find(f".//{path}/Ref")
    return None if found is None else dict(found.attrib)


def warnings(root):
    return " | ".join(text.text for text in root.findall("{*}Footer/{*}Message/{*}Text") if text.get("{*}lang") != "fa")


def test_references_are_ref_elements_with_the_attributes_of_the_schema():
    root = written(PRICES)
    assert ref(root, "{*}Dimension[@id='AREA']/{*}ConceptIdentity") == {
        "agencyID": "SCI",
        "maintainableParentID": "CONCEPTS",
        "maintainableParentVersion": "1.0.0",
        "id": "AREA",
        "class": "Concept",
        "package": "conceptscheme",
    }
    assert ref(root, "{*}Dimension[@id='AREA']/{*}LocalRepresentation/{*}Enumeration") == {
        "agencyID": "SCI",
        "id": "CL_AREA",
        "version": "1.0.0",
        "class": "Codelist",
        "package": "codelist",
    }
    assert ref(root, "{*}GroupDimension/{*}DimensionReference") == {"id": "ITEM"}


def test_each_attribute_relationship_has_its_element():
    root = written(PRICES)

    def attachment(name):
        (found,) = root.find(f".//{{*}}Attribute[@id='{name}']/{{*}}AttributeRelationship")
        named = found.find("Ref")
        return etree.QName(found).localname, None if named is None else named.get("id")

    assert attachment("SOURCE") == ("None", None)
    assert attachment("NOTE") == ("Dimension", "AREA")
    assert attachment("UNIT") == ("Group", "BY_ITEM")
    assert attachment("STATUS") == ("PrimaryMeasure", "OBS_VALUE")


def test_the_first_measure_is_obs_value_and_the_others_are_observation_attributes():
    root = written(PRICES)
    (primary,) = root.find(".//{*}MeasureList")
    assert (etree.QName(primary).localname, primary.get("id")) == ("PrimaryMeasure", "OBS_VALUE")
    assert ref(root, "{*}PrimaryMeasure/{*}ConceptIdentity")["id"] == "PRICE"
    weight = root.find(".//{*}Attribute[@id='WEIGHT']")
    assert weight.get("assignmentStatus") == "Mandatory"
    assert weight.find("{*}AttributeRelationship/{*}PrimaryMeasure") is not None
    assert "there is one measure, OBS_VALUE" in warnings(root)


def test_what_2_1_cannot_say_of_values_is_left_out_with_a_warning():
    root = written(PRICES, ValueList(agency="SCI", id="VL_UNIT", names={"en": "x"}, items=(ValueItem(id="€"),)))
    assert root.find(".//{*}Attribute[@id='UNIT']/{*}LocalRepresentation/{*}TextFormat") is not None
    note = root.find(".//{*}Attribute[@id='NOTE']/{*}LocalRepresentation")
    assert dict(note.attrib) == {}
    assert dict(note[0].attrib) == {"textType": "String", "maxLength": "100"}
    assert len(note[0]) == 0
    told = warnings(root)
    for said in ("there are no value lists", "become free text", "sentinel values", "one value", "types and facets"):
        assert said in told


def test_a_wildcard_reference_means_the_version_in_the_message():
    flow = Dataflow(
        agency="SCI",
        id="F",
        version="1.0.0",
        names={"en": "F"},
        structure=Reference(kind="DataStructure", agency="SCI", id="PRICES", version="1.0+.0"),
    )
    newer = DataStructure(agency="SCI", id="PRICES", version="1.4.0", names={"en": "Prices"})
    root = written(flow, newer)
    assert ref(root, "{*}Dataflow/{*}Structure")["version"] == "1.4.0"
    assert root.find("{*}Footer") is None
    alone = written(flow)
    assert ref(alone, "{*}Dataflow/{*}Structure")["version"] == "1.0.0"
    assert "the lowest that fits" in warnings(alone)


def test_a_release_stands_before_its_draft():
    draft, release = (
        Codelist(agency="SCI", id="CL", version=v, names={"en": v}, items=(Code(id="A", names={"en": "A"}),))
        for v in ("1.2.0-draft", "1.2.0")
    )
    for order in ((draft, release), (release, draft)):
        [found] = written(*order).iter("{*}Codelist")
        assert (found.get("version"), found.findtext("{*}Name")) == ("1.2.0", "1.2.0")
    assert "a version has no extension" in warnings(written(draft))


def test_an_extension_is_left_out_with_a_warning():
    other = CodelistExtension(codelist=Reference(kind="Codelist", agency="SCI", id="CL_OTHER"))
    root = written(Codelist(agency="SCI", id="CL", names={"en": "x"}, extensions=(other,)))
    assert len(root.find(".//{*}Codelist")) == 1
    assert "an extension is left out" in warnings(root)


def test_organisation_schemes_share_a_container_and_come_first():
    members = (Organisation(id="A", names={"en": "A"}),)
    root = written(
        PRICES,
        DataProviderScheme(agency="SCI", id="DATA_PROVIDERS", names={"en": "P"}, items=members),
        AgencyScheme(agency="SDMX", id="AGENCIES", names={"en": "A"}, items=members),
    )
    structures = root.find("{*}Structures")
    assert [etree.QName(one).localname for one in structures] == ["OrganisationSchemes", "DataStructures"]
    assert [etree.QName(one).localname for one in structures[0]] == ["AgencyScheme", "DataProviderScheme"]


def test_what_2_1_has_no_class_for_is_referred_to_by_urn():
    units = Reference(kind="ValueList", agency="SCI", id="VL_UNIT", version="1.0.0")
    topic = Reference(kind="CategoryScheme", agency="SCI", id="TOPICS", version="1.0", item="A.B")
    root = written(Categorisation(agency="SCI", id="C", names={"en": "C"}, source=units, target=topic))
    assert root.findtext(".//{*}Source/URN") == units.urn
    assert ref(root, "{*}Target")["id"] == "A.B"


def test_a_stub_says_where_the_whole_is():
    stub = DataStructure(
        agency="SCI", id="PRICES", names={"en": "P"}, is_external_reference=True, structure_url="https://example.org/s"
    )
    found = written(stub).find(".//{*}DataStructure")
    assert (found.get("isExternalReference"), found.get("structureURL")) == ("true", "https://example.org/s")
    assert len(found) == 1


def counts(message):
    return (
        {key: len(held) for key, held in message.codelist.items()},
        {key: len(held) for key, held in message.concept_scheme.items()},
        {
            key: [[one.id for one in part.components] for part in (held.dimensions, held.attributes, held.measures)]
            for key, held in message.structure.items()
        },
        set(message.dataflow),
        set(message.constraint),
    )


@pytest.mark.filterwarnings("ignore")  # of the reader's own
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sdmx1_reads_what_is_written_as_it_reads_the_original(path):
    message = read_structures(io.BytesIO(path.read_bytes()), path.name)
    again = b"".join(write_structures(message, WriteOptions(), "2.1"))
    ours, theirs = counts(sdmx.read_sdmx(io.BytesIO(again))), counts(sdmx.read_sdmx(path))
    assert sum(ours[0].values()) > 1
    assert ours == theirs


@pytest.mark.filterwarnings("ignore")  # of the reader's own
def test_sdmx1_reads_a_structure_of_3_x_that_is_written_in_2_1():
    sex = Codelist(agency="SCI", id="CL_SEX", names={"en": "S"}, items=(Code(id="F", names={"en": "F", "fa": "زن"}),))
    codes, _, structures, _, _ = counts(sdmx.read_sdmx(io.BytesIO(etree.tostring(written(PRICES, sex)))))
    assert codes == {"CL_SEX": 1, "CL_AREA": 0, "CL_ITEM": 0}  # the two that are only referred to
    attributes = ["UNIT", "NOTE", "SOURCE", "STATUS", "WEIGHT"]
    assert structures == {"PRICES": [["AREA", "ITEM", "TIME_PERIOD"], attributes, ["OBS_VALUE"]]}
