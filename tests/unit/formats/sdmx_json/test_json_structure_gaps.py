"""Facts of other generations: 2.1 carries them in extension keys and brings them back, 2.0 loses what the gaps list."""

import io
import json

import msgspec
import pytest

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.gaps import expressible, gaps_of
from sdmx_server.formats.gaps.gap import JSON
from sdmx_server.formats.sdmx_json.engine import GENERATIONS
from sdmx_server.formats.sdmx_json.structure import read_structures, write_pretty, write_structures
from sdmx_server.formats.sdmx_json.validation import is_valid
from sdmx_server.model.codelist import Code, Codelist, ValueItem, ValueList
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
    MemberValue,
    QueryableDataSource,
    ReferencePeriod,
    ReleaseCalendar,
    TimeBound,
    TimeRange,
)
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Group,
    Measure,
    MetadataAttributeUsage,
    TimeDimension,
)
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.organisation import AgencyScheme, Organisation
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, SentinelValue, TextFormat

HEADER = Header(id="M", prepared="2024-01-01T00:00:00Z", sender=Party(id="NSO"))
NAMED = {"agency": "NSO", "version": "1.0", "names": {"en": "Named"}}
CONCEPT = Reference(kind="ConceptScheme", agency="NSO", id="CS", item="A")
PROVIDER = Reference(kind="DataProviderScheme", agency="NSO", id="DATA_PROVIDERS", item="MINISTRY")
METADATAFLOW = Reference(kind="Metadataflow", agency="NSO", id="MF")
OBSERVATION = AttributeRelationship(observation=True)
SOURCE = QueryableDataSource(data_url="https://example.org/data", is_rest=True)

ODD_TIME = Codelist(
    id="CL",
    valid_from="2012-05",
    valid_to="2013-01-01T00:00:00",
    is_final=True,
    service_url="https://example.org/service",
    structure_url="https://example.org/structure",
    items=(Code(id="A"),),
    **NAMED,
)
STRUCTURE = DataStructure(
    id="DSD",
    evolving_structure=True,
    dimensions=(
        Dimension(
            id="INDICATOR",
            concept=CONCEPT,
            is_measure_dimension=True,
            representation=Representation(
                enumeration=Reference(kind="ConceptScheme", agency="NSO", id="INDICATORS"),
                enumeration_format=TextFormat(text_type="String", facets={"maxLength": "5"}),
                max_occurs="unbounded",
            ),
        ),
        Dimension(
            id="AREA",
            concept=CONCEPT,
            representation=Representation(
                text_format=TextFormat(text_type="XHTML", facets={"minLength": "0", "minValue": "+1", "custom": "x"})
            ),
        ),
        Dimension(
            id="SEX",
            concept=CONCEPT,
            representation=Representation(
                enumeration=Reference(kind="Codelist", agency="NSO", id="CL"),
                enumeration_format=TextFormat(
                    text_type="Double", facets={"decimals": "2"}, sentinels=(SentinelValue(value="9"),)
                ),
            ),
        ),
    ),
    time_dimension=TimeDimension(id="TIME_PERIOD", concept=CONCEPT, position=3),
    groups=(
        Group(
            id="G",
            dimensions=("SEX",),
            attachment_constraint=Reference(kind="DataConstraint", agency="NSO", id="DC"),
        ),
    ),
    attributes=(
        Attribute(
            id="A",
            concept=CONCEPT,
            relationship=AttributeRelationship(dimensions=(DimensionRelation(id="SEX"),), attachment_groups=("G",)),
        ),
    ),
    metadata=Reference(kind="MetadataStructure", agency="NSO", id="MSD"),
    metadata_attribute_usages=(
        MetadataAttributeUsage(metadata_attribute="M", relationship=OBSERVATION, uri="https://example.org/m"),
    ),
    measures=(Measure(id="OBS_VALUE", concept=CONCEPT, is_primary=True),),
    **NAMED,
)


def constraint(**more):
    return DataConstraint(id="DC", **NAMED, **more)


SEVERAL = DataKeySet(
    is_included=True,
    keys=(
        DataKey(
            keys=(
                MemberSelection(id="FREQ", values=(MemberValue(value="A"), MemberValue(value="Q"))),
                MemberSelection(id="SEX", values=(MemberValue(value="M"), MemberValue(value="F"))),
            )
        ),
    ),
)
CASES = [
    ODD_TIME,
    STRUCTURE,
    Dataflow(id="DF", dimension_constraint=("SEX",), **NAMED),
    ValueList(id="VL", is_partial=True, items=(ValueItem(id="€"),), **NAMED),
    AgencyScheme(id="AGENCIES", items=(Organisation(id="A"), Organisation(id="B", parent="A")), **NAMED),
    constraint(
        role="Actual",
        release_calendar=ReleaseCalendar(periodicity="P1M", offset="P5D", tolerance="P1D"),
        reference_period=ReferencePeriod(start="2001-01-01", end="2002-01-01"),
        attachment=ConstraintAttachment(references=(METADATAFLOW,)),
    ),
    constraint(attachment=ConstraintAttachment(simple_data_sources=("https://example.org/data",))),
    constraint(attachment=ConstraintAttachment(data_sets=(DataSetTarget(id="DS", data_provider=PROVIDER),))),
    constraint(
        attachment=ConstraintAttachment(
            references=(Reference(kind="Dataflow", agency="NSO", id="DF"),), queryable_data_sources=(SOURCE,)
        )
    ),
    constraint(key_sets=(SEVERAL,)),
    Codelist(id="NAMELESS", agency="NSO", version="1.0"),
]


def there_and_back(artefact, version):
    message = StructureMessage(header=HEADER, artefacts=(artefact,))
    content = b"".join(write_structures(message, WriteOptions(), version=version))
    assert is_valid(json.loads(content), version)
    (again,) = read_structures(io.BytesIO(content), "message.json").artefacts
    return again, content


@pytest.mark.parametrize("artefact", CASES, ids=lambda artefact: artefact.id)
def test_the_kept_form_brings_everything_back(artefact):
    content = write_pretty(artefact)
    assert is_valid(json.loads(content), "2.1.0")
    assert read_structures(io.BytesIO(content), "kept.json").artefacts == (artefact,)


@pytest.mark.parametrize("artefact", CASES, ids=lambda artefact: artefact.id)
@pytest.mark.parametrize(("version", "generation"), [("2.0.0", "3.0"), ("2.1.0", "3.1")])
def test_an_answer_loses_what_the_gaps_say_and_nothing_else(artefact, version, generation):
    held = expressible(artefact, generation, JSON)
    told = gaps_of(artefact, generation, JSON)
    assert (held == artefact) is (told == [])
    if held is not None:
        assert there_and_back(artefact, version)[0] == held


def test_2_1_leaves_actual_constraints_out_and_carries_the_rest_in_extensions():
    assert expressible(constraint(role="Actual"), "3.1", JSON) is None
    message = StructureMessage(header=HEADER, artefacts=(constraint(role="Actual"),))
    assert json.loads(b"".join(write_structures(message, WriteOptions(), version="2.1.0")))["data"] == {}
    _, content = there_and_back(STRUCTURE, "2.1.0")
    assert b'"x-sdmx-ml-isPrimary":true' in content


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_the_header_tells_what_the_version_leaves_out(version):
    actual, calendar = constraint(role="Actual"), ODD_TIME
    message = StructureMessage(header=HEADER, artefacts=(actual, calendar))
    meta = json.loads(b"".join(write_structures(message, WriteOptions(), version=version)))["meta"]
    told = {text["texts"]["en"].partition(":")[0] for text in meta["x-sdmx-ml-footer"]}
    lost = {gap.field for one in (actual, calendar) for gap in gaps_of(one, GENERATIONS[version], JSON)}
    assert told == lost
    assert lost
    for text in meta["x-sdmx-ml-footer"]:
        assert int(text["code"]) > 1000
        assert text["severity"] == "Warning"
        assert set(text["texts"]) == {"en", "fa"}


def test_a_message_that_says_all_has_no_footer():
    plain = Codelist(agency="NSO", id="CL", version="1.0.0", names={"en": "x"})
    for version in ("1.0.0", "2.0.0", "2.1.0"):
        content = b"".join(
            write_structures(StructureMessage(header=HEADER, artefacts=(plain,)), WriteOptions(), version=version)
        )
        assert b"footer" not in content


def test_2_0_completes_moments_and_loses_addresses():
    again, _ = there_and_back(ODD_TIME, "2.0.0")
    assert again == msgspec.structs.replace(
        ODD_TIME,
        valid_from="2012-05-01T00:00:00Z",
        valid_to="2013-01-01T00:00:00Z",
        service_url=None,
        structure_url=None,
    )


def test_2_0_keeps_of_a_structure_what_it_has_a_place_for():
    again, content = there_and_back(STRUCTURE, "2.0.0")
    assert b"x-sdmx-ml" not in content.partition(b'"data":')[2]
    assert again.evolving_structure is False
    measure_dimension, area, sex = again.dimensions
    assert measure_dimension.is_measure_dimension is False
    assert measure_dimension.representation is None
    assert area.representation == Representation(text_format=TextFormat())
    assert sex.representation.enumeration_format == TextFormat()
    assert again.time_dimension.position is None
    assert again.time_dimension.representation.text_format.text_type == "ObservationalTimePeriod"
    assert again.groups == ()
    assert again.attributes[0].relationship == AttributeRelationship(dimensions=(DimensionRelation(id="SEX"),))
    assert again.measures[0].is_primary is False
    assert again.metadata_attribute_usages[0].uri is None


def test_2_0_writes_a_key_for_each_combination_of_values():
    again, _ = there_and_back(constraint(key_sets=(SEVERAL,)), "2.0.0")
    keys = [[part.values[0].value for part in key.keys] for key in again.key_sets[0].keys]
    assert keys == [["A", "M"], ["A", "F"], ["Q", "M"], ["Q", "F"]]


def test_2_0_knows_roles_calendars_and_sources():
    held = constraint(
        role="Actual",
        release_calendar=ReleaseCalendar(periodicity="P1M", offset="P5D", tolerance="P1D"),
        attachment=ConstraintAttachment(
            references=(Reference(kind="Dataflow", agency="NSO", id="DF"),), queryable_data_sources=(SOURCE,)
        ),
    )
    assert there_and_back(held, "2.0.0")[0] == held
    simple = constraint(attachment=ConstraintAttachment(simple_data_sources=("https://example.org/data",)))
    assert there_and_back(simple, "2.0.0")[0] == simple
    neither = constraint(attachment=ConstraintAttachment(references=(METADATAFLOW,)))
    assert there_and_back(neither, "2.0.0")[0].attachment is None


def test_moments_at_the_ends_of_a_time_range_get_an_offset():
    """So write agencies in SDMX-ML, where it may be left out; those of SDMX-JSON want it."""
    ends = TimeRange(start=TimeBound(period="1974-01-01T00:00:00"), end=TimeBound(period="2024-12"))
    region = CubeRegion(keys=(MemberSelection(id="TIME_PERIOD", time_range=ends),))
    for version in ("1.0.0", "2.0.0", "2.1.0"):
        again, _ = there_and_back(constraint(cube_regions=(region,)), version)
        [selection] = again.cube_regions[0].keys
        assert selection.time_range.start.period == "1974-01-01T00:00:00Z"
        assert selection.time_range.end.period == "2024-12"
