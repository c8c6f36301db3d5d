"""Resolved structures: components with their concepts, lists, storage, attachments and constraints."""

import msgspec
import pytest
from support.world import (
    AREA,
    CONCEPTS,
    FLOW,
    FREQ,
    ITEM,
    LIMITS,
    LISTS,
    SIGNS,
    STRUCTURE,
    WORLD,
    catalogue,
    coded,
    codelist,
    concept,
    constraint,
    ref,
    text,
    values,
)

from sdmx_server.errors import BadSemantics, NotFound
from sdmx_server.model.codelist import CodelistExtension
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.constraint import CubeRegion
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
from sdmx_server.model.reference import reference_to
from sdmx_server.model.representation import Representation, TextFormat
from sdmx_server.model.resolved import ComponentKind, Storage
from sdmx_server.registry.catalogue import CatalogueCache
from sdmx_server.registry.components import storage_of
from sdmx_server.registry.resolve import resolve_structure

CPI = reference_to(FLOW)


@pytest.fixture(scope="module")
def schema():
    return resolve_structure(catalogue(), CPI)


def without(*left_out):
    return catalogue(*(artefact for artefact in WORLD if artefact not in left_out))


def replaced(old, new):
    return catalogue(*(new if artefact is old else artefact for artefact in WORLD))


def test_components_stand_in_order(schema):
    assert [dimension.id for dimension in schema.dimensions] == ["FREQ", "REF_AREA", "ITEM"]
    assert schema.dimension_ids == ("FREQ", "REF_AREA", "ITEM", "TIME_PERIOD")
    assert [measure.id for measure in schema.measures] == ["OBS_VALUE"]
    assert schema.dataflow == FLOW
    assert schema.structure == STRUCTURE


def test_the_local_representation_overrides_the_concept(schema):
    assert schema.component("FREQ").enumeration == FREQ
    assert schema.component("FREQ").names == {"en": "Frequency", "fa": "تواتر"}
    assert schema.component("REF_AREA").enumeration == AREA
    assert schema.component("COLL").enumeration == SIGNS
    assert schema.component("OBS_VALUE").text_type == "Double"
    assert schema.time.text_type == "TimeRange"


def test_attributes_know_what_they_attach_to(schema):
    attached = {attribute.id: (schema.level(attribute), attribute.attached_to) for attribute in schema.attributes}
    assert attached == {
        "TITLE": ("dataset", ()),
        "UNIT": ("group", ("REF_AREA", "ITEM")),
        "COLL": ("series", ("FREQ", "REF_AREA", "ITEM")),
        "STATUS": ("observation", ("FREQ", "REF_AREA", "ITEM", "TIME_PERIOD")),
        "NOTE": ("observation", ("FREQ", "REF_AREA", "ITEM", "TIME_PERIOD")),
    }
    assert schema.component("UNIT").group == "Sibling"
    assert schema.component("STATUS").mandatory
    assert schema.component("NOTE").multilingual


def test_a_flow_a_structure_and_an_agreement_lead_to_one_structure():
    world = catalogue()
    direct = resolve_structure(world, ref("DataStructure", "PRICES", "+"))
    agreed = resolve_structure(world, ref("ProvisionAgreement", "PA_CPI"))
    assert direct.dataflow is None
    assert direct.cube_regions == ()
    assert agreed.dataflow == FLOW
    assert agreed.structure == direct.structure == STRUCTURE
    assert agreed.cube_regions == resolve_structure(world, CPI).cube_regions != ()


def test_nothing_is_resolved_twice():
    world = catalogue()
    assert resolve_structure(world, CPI) is resolve_structure(world, ref("Dataflow", "CPI", "1.0+.0"))


@pytest.mark.parametrize("kind", [ComponentKind.DIMENSION, ComponentKind.ATTRIBUTE])
@pytest.mark.parametrize("representation", [None, coded("CL_X"), text("Double"), text("Integer")])
def test_only_measures_are_kept_as_numbers(kind, representation):
    assert storage_of(kind, representation) is Storage.CODE


@pytest.mark.parametrize(
    ("representation", "storage"),
    [
        (None, Storage.FLOAT),
        (text("Double"), Storage.FLOAT),
        (text("Float"), Storage.FLOAT),
        (text("Decimal", decimals="1"), Storage.FLOAT),
        (text("Incremental"), Storage.FLOAT),
        (text("Integer"), Storage.INTEGER),
        (text("Long"), Storage.INTEGER),
        (text("Short"), Storage.INTEGER),
        (text("BigInteger"), Storage.INTEGER),
        (text("Count"), Storage.INTEGER),
        (text("Numeric"), Storage.CODE),
        (text("String"), Storage.CODE),
        (text(None), Storage.CODE),
        (text("Boolean"), Storage.CODE),
        (coded("CL_X"), Storage.CODE),
        (Representation(text_format=TextFormat(text_type="Double"), max_occurs=3), Storage.CODE),
        (Representation(text_format=TextFormat(text_type="Double"), max_occurs="unbounded"), Storage.CODE),
        (Representation(text_format=TextFormat(text_type="Double"), max_occurs=1), Storage.FLOAT),
        (text("Integer", isMultiLingual="true"), Storage.CODE),
    ],
)
def test_how_measures_are_kept(representation, storage):
    assert storage_of(ComponentKind.MEASURE, representation) is storage


def test_time_is_kept_as_periods(schema):
    assert schema.time.storage is Storage.PERIOD


def own(**fields):
    """A structure of its own, without lists."""
    return DataStructure(
        agency="SCI",
        id="OWN",
        version="1.0",
        dimensions=(Dimension(id="A"), Dimension(id="B"), Dimension(id="C")),
        time_dimension=TimeDimension(id="TIME_PERIOD"),
        **fields,
    )


def test_groups_and_dimensions_combine_in_the_order_of_the_structure():
    relationship = AttributeRelationship(
        dimensions=(DimensionRelation(id="C", optional=True),), attachment_groups=("FIRST",)
    )
    structure = own(
        groups=(Group(id="FIRST", dimensions=("B", "A")),), attributes=(Attribute(id="X", relationship=relationship),)
    )
    found = resolve_structure(catalogue(structure), reference_to(structure))
    assert found.component("X").attached_to == ("A", "B", "C")
    assert found.level(found.component("X")) == "series"
    assert found.component("A").names == {}


@pytest.mark.parametrize(
    ("relationship", "message"),
    [
        (AttributeRelationship(group="NONE"), "attribute X is attached to group NONE"),
        (AttributeRelationship(dimensions=(DimensionRelation(id="Z"),)), "attribute X is attached to dimension Z"),
    ],
)
def test_an_attachment_to_what_is_not_there(relationship, message):
    structure = own(attributes=(Attribute(id="X", relationship=relationship),))
    with pytest.raises(BadSemantics, match=message):
        resolve_structure(catalogue(structure), reference_to(structure))


def test_arrays():
    several = Representation(text_format=TextFormat(), min_occurs=0, max_occurs="unbounded")
    structure = own(measures=(Measure(id="M", representation=several),))
    measure = resolve_structure(catalogue(structure), reference_to(structure)).measures[0]
    assert (measure.multi_valued, measure.min_occurs, measure.max_occurs) == (True, 0, None)


def test_the_measure_dimension_of_2_1_takes_its_codes_from_concepts():
    scheme = ConceptScheme(agency="SCI", id="MEASURES", version="1.0", items=(Concept(id="M1", names={"en": "One"}),))
    structure = DataStructure(
        agency="SCI",
        id="CROSS",
        version="1.0",
        dimensions=(
            Dimension(
                id="MEASURE",
                is_measure_dimension=True,
                representation=coded("MEASURES", "1.0", kind="ConceptScheme"),
            ),
        ),
    )
    found = resolve_structure(catalogue(structure, scheme), reference_to(structure))
    assert [(code.id, code.names) for code in found.dimensions[0].enumeration.items] == [("M1", {"en": "One"})]
    assert found.time is None


def test_a_list_that_extends_another_is_whole():
    longer = msgspec.structs.replace(
        codelist("CL_ITEM", "CP99", version="1.1.0"),
        extensions=(CodelistExtension(codelist=ref("Codelist", "CL_ITEM", "1.0.0")),),
    )
    found = resolve_structure(catalogue(*WORLD, longer), CPI)
    assert [code.id for code in found.component("ITEM").enumeration.items] == ["_T", "CP01", "CP02", "CP99"]


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (
            STRUCTURE,
            r"Dataflow SCI:CPI\(1\.0\.0\) refers to DataStructure SCI:PRICES\(1\.0\+\.0\), which is not",
        ),
        (ITEM, r"DataStructure SCI:PRICES\(1\.0\.0\), component ITEM, refers to Codelist SCI:CL_ITEM"),
        (FREQ, r"component FREQ, refers to Codelist SCI:CL_FREQ"),
        (CONCEPTS, r"component FREQ, refers to ConceptScheme SCI:CONCEPTS"),
        (SIGNS, r"component COLL, refers to ValueList SCI:VL_SIGN"),
    ],
)
def test_what_is_missing_is_named(missing, message):
    with pytest.raises(BadSemantics, match=message):
        resolve_structure(without(missing), CPI)


def test_a_concept_that_its_scheme_does_not_hold():
    fewer = msgspec.structs.replace(CONCEPTS, items=CONCEPTS.items[1:])
    with pytest.raises(BadSemantics, match="refers to concept FREQ, which ConceptScheme"):
        resolve_structure(replaced(CONCEPTS, fewer), CPI)


def test_what_was_asked_for_is_not_there():
    with pytest.raises(NotFound, match=r"Dataflow SCI:PPI\(1\.0\.0\) is not stored here"):
        resolve_structure(catalogue(), ref("Dataflow", "PPI"))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (msgspec.structs.replace(FLOW, structure=None), "is a stub that names no structure"),
        (DataStructure(agency="SCI", id="STUB", version="1.0"), "is a stub without dimensions"),
        (FREQ, "holds no data"),
    ],
)
def test_what_holds_no_data(target, message):
    with pytest.raises(BadSemantics, match=message):
        resolve_structure(catalogue(target), reference_to(target))


def test_only_the_latest_version_of_a_constraint_counts():
    newer = constraint("CPI_LIMITS", CPI, CubeRegion(keys=(values("FREQ", "A"),)), version="1.1.0")
    found = resolve_structure(catalogue(*WORLD, newer), CPI)
    assert [[member.value for member in key.values] for key in found.cube_regions[0].keys] == [["A"]]


def test_what_is_present_is_no_limit():
    actual = constraint("CPI_ACTUAL", CPI, CubeRegion(keys=(values("FREQ", "Q"),)), role="Actual")
    found = resolve_structure(catalogue(*WORLD, actual), CPI)
    assert found.cube_regions == resolve_structure(catalogue(), CPI).cube_regions


class Source:
    """A structure source that counts how often it is read."""

    def __init__(self):
        self.world = catalogue(*LISTS)
        self.number = 1
        self.reads = 0

    def revision(self):
        return self.number, self.world.updated

    def rows(self):
        self.reads += 1
        return [type("Row", (), {"reference": reference})() for reference in self.world.all()]

    def references(self):
        return ()

    def load(self, references):
        return self.world.load(references)


def test_a_catalogue_is_made_once_per_revision():
    source = Source()
    cache = CatalogueCache(source)
    first = cache.current()
    assert cache.current() is first
    assert source.reads == 1
    source.number = 2
    assert cache.current() is not first
    assert cache.current().revision == 2
    assert cache.current().all() == first.all()


def test_the_catalogue_gives_artefacts_of_the_kind_wanted():
    world = catalogue()
    assert world.get(ref("Codelist", "CL_FREQ", "1.0+.0"), type(FREQ)) == FREQ
    with pytest.raises(NotFound, match="CL_NONE"):
        world.get(ref("Codelist", "CL_NONE"), type(FREQ))


def test_limits_of_the_world_are_about_its_flow():
    assert LIMITS.attachment.references == (CPI,)
    assert concept("FREQ").item == "FREQ"
