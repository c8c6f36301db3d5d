"""The table of gaps: closed, documented, and what writers and warnings go by."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from lxml import etree
from support.artefacts_21 import HEADER

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import GAPS, expressible, gaps_of, table
from sdmx_server.formats.gaps.footer import told
from sdmx_server.formats.sdmx_json.structure_writer import write_structures as write_json
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.category import Categorisation
from sdmx_server.model.codelist import Code, Codelist, MemberValue, ValueList
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    MemberSelection,
    QueryableDataSource,
    ReleaseCalendar,
)
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import (
    AttributeRelationship,
    DataStructure,
    Dimension,
    Group,
    Measure,
    MetadataAttributeUsage,
)
from sdmx_server.model.message import StructureMessage
from sdmx_server.model.metadatastructure import MetadataAttribute, MetadataStructure
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, TextFormat

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "gaps.md"


def fields(artefact, version):
    return {gap.field for gap in gaps_of(artefact, version)}


def test_the_document_shows_the_table():
    assert table() in DOCUMENT.read_text(encoding="utf-8")


def test_every_gap_is_told_in_both_languages():
    assert all(gap.texts["en"] and gap.texts["fa"] for gap in GAPS)


def test_an_artefact_without_gaps_is_written_as_it_is():
    sex = Codelist(
        agency="SCI", id="CL", version="1.0.0", names={"en": "Sex"}, items=(Code(id="F", names={"en": "F"}),)
    )
    for version in ("3.0", "3.1"):
        assert gaps_of(sex, version) == []
        assert expressible(sex, version) == sex


def test_what_2_1_alone_has_is_told():
    scheme = Reference(kind="ConceptScheme", agency="SCI", id="MEASURES")
    structure = DataStructure(
        agency="SCI",
        id="DSD",
        names={"en": "x"},
        is_final=True,
        dimensions=(Dimension(id="M", is_measure_dimension=True, representation=Representation(enumeration=scheme)),),
        groups=(Group(id="G", attachment_constraint=Reference(kind="AttachmentConstraint", agency="SCI", id="A")),),
        measures=(Measure(id="OBS_VALUE", is_primary=True),),
    )
    told = {"is_final", "dimensions.is_measure_dimension", "groups.attachment_constraint", "measures.is_primary"}
    assert fields(structure, "3.0") == fields(structure, "3.1") == told
    written = expressible(structure, "3.1")
    assert written == DataStructure(
        agency="SCI", id="DSD", names={"en": "x"}, dimensions=(Dimension(id="M"),), measures=(Measure(id="OBS_VALUE"),)
    )


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_value_lists_where_the_schemas_have_none(version):
    values = Representation(enumeration=Reference(kind="ValueList", agency="SCI", id="V", version="1.0"))
    coded = Representation(enumeration=Reference(kind="Codelist", agency="SCI", id="C", version="1.0"))
    free = Representation(text_format=TextFormat())
    own = {"agency": "SCI", "version": "1.0", "names": {"en": "x"}}
    structure = DataStructure(
        id="DSD",
        dimensions=(Dimension(id="A", representation=values), Dimension(id="B", representation=coded)),
        measures=(Measure(id="M", representation=values),),
        **own,
    )
    assert fields(structure, version) == {"dimensions.representation.enumeration"}
    written = expressible(structure, version)
    assert [one.representation for one in (*written.dimensions, *written.measures)] == [free, coded, values]
    assert expressible(structure, "3.1", "json") == structure
    inner = MetadataAttribute(id="B", representation=values)
    reports = MetadataStructure(
        id="MSD", attributes=(MetadataAttribute(id="A", representation=values, attributes=(inner,)),), **own
    )
    assert fields(reports, version) == {"attributes.representation.enumeration"}
    [attribute] = expressible(reports, version).attributes
    assert attribute.representation == attribute.attributes[0].representation == free
    assert expressible(reports, "3.1", "json") == reports


def test_constraints_that_would_say_something_else_are_left_out():
    actual = DataConstraint(agency="SCI", id="C", names={"en": "x"}, role="Actual")
    assert expressible(actual, "3.0") == actual
    assert expressible(actual, "3.1") is None
    assert fields(actual, "3.1") == {"role"}
    many = DataConstraint(agency="SCI", id="C", names={"en": "x"}, cube_regions=(CubeRegion(),) * 2)
    assert expressible(many, "3.0") is None


FLOW = Reference(kind="Dataflow", agency="SCI", id="A", version="1.0")
STRUCTURE = Reference(kind="DataStructure", agency="SCI", id="A", version="1.0")
REPORTS = Reference(kind="Metadataflow", agency="SCI", id="A", version="1.0")
PROVIDER = Reference(kind="DataProviderScheme", agency="SCI", id="DATA_PROVIDERS", version="1.0", item="P")
OTHER = Reference(kind="DataProviderScheme", agency="SCI", id="DATA_PROVIDERS", version="1.0", item="Q")
QUERYABLE = (QueryableDataSource(data_url="https://example.org/data"),)
SIMPLE = ("https://example.org/file",)


@pytest.mark.parametrize(
    ("held", "in_3_0", "in_3_1"),
    [
        ({"references": (STRUCTURE, FLOW)}, {"references": (STRUCTURE,)}, {"references": (STRUCTURE,)}),
        ({"references": (PROVIDER, OTHER)}, {"references": (PROVIDER,)}, {"references": (PROVIDER,)}),
        ({"references": (REPORTS,), "queryable_data_sources": QUERYABLE}, None, None),
        (
            {"references": (PROVIDER,), "queryable_data_sources": QUERYABLE},
            {"references": (PROVIDER,)},
            {"references": (PROVIDER,)},
        ),
        ({"references": (FLOW,), "simple_data_sources": SIMPLE}, {"references": (FLOW,)}, {"references": (FLOW,)}),
        ({"simple_data_sources": SIMPLE}, {"simple_data_sources": SIMPLE}, None),
        ({"queryable_data_sources": QUERYABLE}, None, None),
    ],
)
def test_a_constraint_is_attached_as_3_x_allows(held, in_3_0, in_3_1):
    """Messages of SDMX-JSON 1.0, whose schema is loose, may mix what can only stand alone in 3.x."""
    attachment = ConstraintAttachment(**held)
    constraint = DataConstraint(agency="SCI", id="C", version="1.0", names={"en": "x"}, attachment=attachment)
    for version, wanted in (("3.0", in_3_0), ("3.1", in_3_1)):
        written = expressible(constraint, version)
        assert written.attachment == (None if wanted is None else ConstraintAttachment(**wanted))
        message = StructureMessage(header=HEADER, artefacts=(constraint,))
        xml = etree.fromstring(b"".join(write_structures(message, WriteOptions(), version)))
        assert compiled(version).validate(xml), compiled(version).error_log


def test_xml_names_a_used_metadata_attribute_by_its_id():
    def using(name):
        usage = MetadataAttributeUsage(metadata_attribute=name, relationship=AttributeRelationship(dataflow=True))
        return DataStructure(
            agency="SCI",
            id="DSD",
            version="1.0.0",
            names={"en": "x"},
            dimensions=(Dimension(id="D"),),
            metadata_attribute_usages=(usage,),
        )

    assert fields(using("CONTACT.NAME"), "3.1") == {"metadata_attribute_usages.metadata_attribute"}
    assert expressible(using("CONTACT.NAME"), "3.1") == using("NAME")
    assert fields(using("NAME"), "3.0") == set()


def test_the_release_calendar_stays_in_3_0():
    calendar = ReleaseCalendar(periodicity="P1M", offset="P1D", tolerance="P2D")
    held = DataConstraint(agency="SCI", id="C", names={"en": "x"}, release_calendar=calendar)
    assert expressible(held, "3.0") == held
    assert fields(held, "3.0") == set()
    assert fields(held, "3.1") == {"release_calendar"}


def test_versions_of_categorisations_and_numeric_parents():
    assert fields(Categorisation(agency="SCI", id="C", version="2.0", names={"en": "x"}), "3.1") == {"version"}
    assert fields(Categorisation(agency="SCI", id="C", version="2.0", names={"en": "x"}), "3.0") == set()
    codes = (Code(id="1", names={"en": "x"}), Code(id="11", names={"en": "y"}, parent="1"))
    areas = Codelist(agency="SCI", id="CL", names={"en": "x"}, items=codes)
    assert fields(areas, "3.0") == {"items.parent"}
    assert fields(areas, "3.1") == set()


def test_control_characters_are_told():
    assert fields(Codelist(agency="SCI", id="CL", names={"en": "a\x00"}), "3.1") == {"text"}


def test_the_footer_tells_each_gap_once_with_the_artefacts_concerned():
    flows = [Categorisation(agency="SCI", id=f"C{n}", version="1.1", names={"en": "x"}) for n in range(12)]
    assert told(flows, "3.0") == ()
    [warning] = told(flows, "3.1")
    assert warning.severity == "Warning"
    assert "SCI:C0(1.1)" in warning.texts["en"]
    assert warning.texts["en"].endswith("...)")
    assert set(warning.texts) == {"en", "fa"}


@pytest.mark.parametrize("family", ["xml", "json"])
def test_of_versions_that_become_one_the_others_are_said_to_be_left_out(family):
    versions = ("1.0.0", "1.0.0-draft", "1.1.0-draft", "1.1.0-alpha")
    held = [Codelist(agency="SCI", id="CL", version=v, names={"en": v}, items=(Code(id="F"),)) for v in versions]
    lost = {one.texts["en"] for one in told((*held, held[0], Codelist(**fields_of(held[0]))), "2.1", family)}
    [same] = [text for text in lost if "others are left out" in text]
    assert same.endswith("are left out (SCI:CL(1.0.0-draft), SCI:CL(1.1.0-alpha))")
    [renamed] = [text for text in lost if "is written 1.2.0" in text]
    assert renamed.endswith("(SCI:CL(1.1.0-draft))")
    assert all("left out (" not in one.texts["en"] for one in told(held, "3.0", family))


def test_what_the_footer_calls_left_out_is_in_no_message():
    held = [Codelist(agency="SCI", id="CL", version=v, names={"en": v}) for v in ("1.0.0-draft", "1.0.0")]
    message = StructureMessage(header=HEADER, artefacts=held)
    root = etree.fromstring(b"".join(write_structures(message, WriteOptions(), "2.1")))
    assert [node.findtext("{*}Name") for node in root.iter("{*}Codelist")] == ["1.0.0"]
    assert "SCI:CL(1.0.0-draft)" in "".join(root.find("{*}Footer").itertext())
    [only] = orjson.loads(b"".join(write_json(message, WriteOptions(), "1.0.0")))["data"]["codelists"]
    assert only["name"] == "1.0.0"


def fields_of(artefact):
    return {name: getattr(artefact, name) for name in artefact.__struct_fields__}


def test_the_only_measure_of_3_x_is_the_primary_measure_of_2_1_without_a_warning():
    structure = DataStructure(
        agency="SCI",
        id="DSD",
        names={"en": "x"},
        dimensions=(Dimension(id="AREA"),),
        measures=(Measure(id="OBS_VALUE"),),
    )
    assert fields(structure, "2.1") == set()
    assert expressible(structure, "2.1").measures == (Measure(id="OBS_VALUE", is_primary=True),)
    other = DataStructure(agency="SCI", id="DSD", names={"en": "x"}, dimensions=(Dimension(id="AREA"),))
    assert fields(other, "2.1") == {"measures"}
    assert expressible(other, "2.1").measures[0].concept.urn.endswith("SDMX:CROSS_DOMAIN_CONCEPTS(2.0).OBS_VALUE")


def test_what_would_say_something_else_in_2_1_is_left_out():
    part = MemberSelection(id="AREA", values=(MemberValue(value="IR", cascade="excluderoot"),))
    held = DataConstraint(agency="SCI", id="C", names={"en": "x"}, cube_regions=(CubeRegion(keys=(part,)),))
    assert expressible(held, "2.1") is None
    assert fields(held, "2.1") == {"selections.cascade, selections.remove_prefix"}
    assert expressible(ValueList(agency="SCI", id="V", names={"en": "x"}), "2.1") is None


def test_versions_of_2_1_are_numbers():
    draft = Codelist(agency="SCI", id="CL", version="1.2.0-draft", names={"en": "x"})
    assert expressible(draft, "2.1").version == "1.2.0"
    for written, exact in (("1.0+.0", "1.0.0"), ("2.1.3+", "2.1.3"), ("*", "1.0"), ("1.2.0-draft", "1.2.0")):
        flow = Dataflow(
            agency="SCI",
            id="F",
            names={"en": "x"},
            structure=Reference(kind="DataStructure", agency="SCI", id="D", version=written),
        )
        assert expressible(flow, "2.1").structure.version == exact
        assert fields(flow, "2.1") == {"references.version"}
