"""Fields that only some versions have: what 2.1 alone says is read, and 3.0 and 3.1 carry what is theirs."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures
from sdmx_server.formats.sdmx_ml.validation import compiled
from sdmx_server.model.codelist import MemberValue
from sdmx_server.model.common import Annotation, AnnotationURL
from sdmx_server.model.constraint import (
    ConstraintAttachment,
    CubeRegion,
    DataConstraint,
    DataKey,
    DataKeySet,
    DataSetTarget,
    MemberSelection,
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
)
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.model.reference import Reference

HEADER = Header(id="ANSWER", prepared="2024-05-01T10:00:00Z", sender=Party(id="SCI", timezone="+03:30"))
CONCEPT = Reference(kind="ConceptScheme", agency="SCI", id="CS", version="1.0.0", item="AREA")
COMMON = {"agency": "SCI", "id": "X", "version": "1.0.0", "names": {"en": "X"}}
FLOW = Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0")


def key(*codes):
    return DataKey(keys=(MemberSelection(id="AREA", values=tuple(MemberValue(value=code) for code in codes)),))


def round_trip(version, artefact):
    message = StructureMessage(header=HEADER, artefacts=(artefact,))
    written = b"".join(write_structures(message, WriteOptions(), version))
    schema = compiled(version)
    assert schema.validate(etree.fromstring(written)), str(schema.error_log)
    back = read_structures(io.BytesIO(written), "x.xml")
    assert back.header == HEADER
    (only,) = back.artefacts
    return only


STRUCTURE = DataStructure(
    **COMMON,
    evolving_structure=True,
    dimensions=(Dimension(id="AREA", concept=CONCEPT),),
    attributes=(
        Attribute(
            id="NOTE",
            concept=CONCEPT,
            relationship=AttributeRelationship(dimensions=(DimensionRelation(id="AREA", optional=True),)),
        ),
    ),
)
CONSTRAINT = DataConstraint(
    **COMMON,
    attachment=ConstraintAttachment(references=(FLOW,)),
    key_sets=(DataKeySet(is_included=True, keys=(key("01", "02"),)),),
    cube_regions=(
        CubeRegion(
            include=False,
            keys=(
                MemberSelection(
                    id="AREA",
                    valid_from="2020",
                    values=(MemberValue(value="01", cascade="excluderoot", valid_to="2030-12"),),
                ),
                MemberSelection(
                    id="TIME_PERIOD",
                    time_range=TimeRange(
                        after=TimeBound(period="2016-03-20/P366D", inclusive=False), valid_from="2000"
                    ),
                ),
            ),
            components=(MemberSelection(id="NOTE", values=(MemberValue(value=" text ", lang="fa"),)),),
        ),
    ),
    annotations=(
        Annotation(
            urls=(AnnotationURL(href="https://a.example", lang="fa"), AnnotationURL(href="b")),
        ),
    ),
)


@pytest.mark.parametrize(
    "artefact",
    [
        STRUCTURE,
        CONSTRAINT,
        Dataflow(
            **COMMON,
            is_partial_language=True,
            structure=Reference(kind="DataStructure", agency="SCI", id="X", version="1.0+.0"),
            dimension_constraint=("AREA", "FREQ"),
        ),
    ],
    ids=lambda a: a.kind,
)
def test_3_1_carries_its_own(artefact):
    assert round_trip("3.1", artefact) == artefact


def test_3_0_carries_roles_calendars_and_sources():
    held = DataConstraint(
        **COMMON,
        role="Actual",
        attachment=ConstraintAttachment(
            references=(FLOW,),
            queryable_data_sources=(QueryableDataSource(data_url="https://a.example", wadl_url="w", is_rest=True),),
        ),
        release_calendar=ReleaseCalendar(periodicity="P1M", offset="P1D", tolerance="P2D"),
    )
    assert round_trip("3.0", held) == held
    simple = DataConstraint(**COMMON, attachment=ConstraintAttachment(simple_data_sources=("https://a.example/x",)))
    assert round_trip("3.0", simple) == simple


def test_3_0_writes_a_key_of_several_values_as_several_keys():
    assert round_trip("3.0", CONSTRAINT).key_sets == (DataKeySet(is_included=True, keys=(key("01"), key("02"))),)


def read_2_1(container, content):
    names = {
        p: f"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/{n}"
        for p, n in zip("msc", ("message", "structure", "common"), strict=True)
    }
    declared = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    message = (
        f"<m:Structure {declared}><m:Header><m:ID>A</m:ID><m:Test>false</m:Test><m:Prepared>2024-01-01</m:Prepared>"
        f'<m:Sender id="A"/></m:Header><m:Structures><s:{container}>{content}</s:{container}></m:Structures>'
        "</m:Structure>"
    )
    (only,) = read_structures(io.BytesIO(message.encode()), "x.xml").artefacts
    return only


def test_2_1_constraints_are_actual_by_default_and_may_attach_to_data_sets():
    provider = '<Ref agencyID="SCI" maintainableParentID="DATA_PROVIDERS" id="BANK"/>'
    found = read_2_1(
        "Constraints",
        '<s:ContentConstraint id="X" agencyID="SCI"><c:Name>X</c:Name><s:ConstraintAttachment><s:DataSet>'
        f"<c:DataProvider>{provider}</c:DataProvider><c:ID>SET</c:ID></s:DataSet></s:ConstraintAttachment>"
        '<s:ReferencePeriod startTime="2000-01-01T00:00:00" endTime="2001-01-01T00:00:00"/></s:ContentConstraint>',
    )
    bank = Reference(kind="DataProviderScheme", agency="SCI", id="DATA_PROVIDERS", version="1.0", item="BANK")
    assert found == DataConstraint(
        agency="SCI",
        id="X",
        names={"en": "X"},
        role="Actual",
        attachment=ConstraintAttachment(data_sets=(DataSetTarget(id="SET", data_provider=bank),)),
        reference_period=ReferencePeriod(start="2000-01-01T00:00:00", end="2001-01-01T00:00:00"),
    )


def test_2_1_agreements_and_categorisations_refer_by_class():
    found = read_2_1(
        "ProvisionAgreements",
        '<s:ProvisionAgreement id="X" agencyID="SCI" version="2.0"><c:Name>X</c:Name>'
        '<s:StructureUsage><Ref id="CPI" agencyID="SCI" class="Dataflow" package="datastructure"/></s:StructureUsage>'
        '<s:DataProvider><Ref id="BANK" maintainableParentID="DATA_PROVIDERS" agencyID="SCI"/></s:DataProvider>'
        "</s:ProvisionAgreement>",
    )
    assert found.dataflow == Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0")
    assert found.data_provider is not None
    assert found.data_provider.urn == "urn:sdmx:org.sdmx.infomodel.base.DataProvider=SCI:DATA_PROVIDERS(1.0).BANK"
    placed = read_2_1(
        "Categorisations",
        '<s:Categorisation id="X" agencyID="SCI" isFinal="true"><c:Name>X</c:Name>'
        '<s:Source><Ref id="CL" agencyID="SCI" version="2.0" class="Codelist" package="codelist"/></s:Source>'
        '<s:Target><Ref id="A.B" maintainableParentID="TOPICS" agencyID="SCI"/></s:Target></s:Categorisation>',
    )
    assert placed.is_final is True
    assert placed.source == Reference(kind="Codelist", agency="SCI", id="CL", version="2.0")
    assert placed.target == Reference(kind="CategoryScheme", agency="SCI", id="TOPICS", version="1.0", item="A.B")


def test_2_1_groups_by_constraint_and_attachment_groups():
    concept = '<s:ConceptIdentity><Ref id="AREA" maintainableParentID="CS" agencyID="SCI"/></s:ConceptIdentity>'
    found = read_2_1(
        "DataStructures",
        '<s:DataStructure id="X" agencyID="SCI"><c:Name>X</c:Name><s:DataStructureComponents><s:DimensionList>'
        f"<s:Dimension>{concept}</s:Dimension></s:DimensionList>"
        '<s:Group id="G"><s:AttachmentConstraint><Ref id="AC" agencyID="SCI"/></s:AttachmentConstraint></s:Group>'
        f'<s:AttributeList><s:Attribute id="N" assignmentStatus="Mandatory">{concept}<s:AttributeRelationship>'
        '<s:Dimension><Ref id="AREA"/></s:Dimension><s:AttachmentGroup><Ref id="G"/></s:AttachmentGroup>'
        "</s:AttributeRelationship></s:Attribute></s:AttributeList>"
        f"<s:MeasureList><s:PrimaryMeasure>{concept}</s:PrimaryMeasure></s:MeasureList>"
        "</s:DataStructureComponents></s:DataStructure>",
    )
    assert found.groups[0].attachment_constraint == Reference(kind="AttachmentConstraint", agency="SCI", id="AC")
    (attribute,) = found.attributes
    assert attribute.mandatory
    assert attribute.relationship == AttributeRelationship(
        dimensions=(DimensionRelation(id="AREA"),), attachment_groups=("G",)
    )
    assert [(measure.id, measure.is_primary) for measure in found.measures] == [("OBS_VALUE", True)]
