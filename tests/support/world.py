"""A small world of artefacts: a price flow with its structure, lists, constraints, providers and categories."""

from __future__ import annotations

from sdmx_server.model.category import Categorisation, Category, CategoryScheme
from sdmx_server.model.codelist import Code, Codelist, MemberValue, ValueItem, ValueList
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from sdmx_server.model.dataflow import Dataflow, ProvisionAgreement
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
from sdmx_server.model.organisation import AgencyScheme, DataProviderScheme, Organisation
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import Representation, TextFormat
from support.catalogues import catalogue_of


def ref(kind, artefact_id, version="1.0.0", item=None, agency="SCI"):
    return Reference(kind=kind, agency=agency, id=artefact_id, version=version, item=item)


def coded(artefact_id, version="1.0+.0", kind="Codelist", **fields):
    return Representation(enumeration=ref(kind, artefact_id, version), **fields)


def text(text_type=None, **facets):
    return Representation(text_format=TextFormat(text_type=text_type, facets=facets))


def codelist(artefact_id, *codes, version="1.0.0", **fields):
    items = tuple(Code(id=code.split("<")[0], parent=code.partition("<")[2] or None) for code in codes)
    return Codelist(agency="SCI", id=artefact_id, version=version, items=items, **fields)


def concept(item):
    return ref("ConceptScheme", "CONCEPTS", "1.0+.0", item)


def values(component, *codes, include=True, **fields):
    return MemberSelection(
        id=component, include=include, values=tuple(MemberValue(value=code, **fields) for code in codes)
    )


def constraint(artefact_id, target, *regions, version="1.0.0", role=None, **fields):
    return DataConstraint(
        agency="SCI",
        id=artefact_id,
        version=version,
        role=role,
        attachment=ConstraintAttachment(references=(target,)),
        cube_regions=tuple(regions),
        **fields,
    )


FREQ = codelist("CL_FREQ", "A", "Q", "M")
AREA = codelist("CL_AREA", "IR", "IR-00<IR", "IR-01<IR", "IR-0001<IR-00", names={"en": "Area", "fa": "منطقه"})
ITEM = codelist("CL_ITEM", "_T", "CP01<_T", "CP02<_T")
UNIT = codelist("CL_UNIT", "IX", "PT")
STATUS = codelist("CL_STATUS", "A", "P")
SIGNS = ValueList(agency="SCI", id="VL_SIGN", version="1.0.0", items=(ValueItem(id="€"), ValueItem(id="<5")))
CONCEPTS = ConceptScheme(
    agency="SCI",
    id="CONCEPTS",
    version="1.0.0",
    items=(
        Concept(id="FREQ", names={"en": "Frequency", "fa": "تواتر"}, core_representation=coded("CL_FREQ")),
        Concept(id="REF_AREA", names={"en": "Area"}),
        Concept(id="ITEM"),
        Concept(id="TIME_PERIOD"),
        Concept(id="OBS_VALUE", core_representation=text("Double")),
        Concept(id="UNIT", core_representation=coded("CL_UNIT")),
        Concept(id="STATUS"),
        Concept(id="NOTE"),
        Concept(id="UNUSED"),
    ),
)
STRUCTURE = DataStructure(
    agency="SCI",
    id="PRICES",
    version="1.0.0",
    dimensions=(
        Dimension(id="REF_AREA", position=2, concept=concept("REF_AREA"), representation=coded("CL_AREA")),
        Dimension(id="FREQ", position=1, concept=concept("FREQ")),
        Dimension(id="ITEM", position=3, concept=concept("ITEM"), representation=coded("CL_ITEM")),
    ),
    time_dimension=TimeDimension(id="TIME_PERIOD", concept=concept("TIME_PERIOD"), representation=text("TimeRange")),
    groups=(Group(id="Sibling", dimensions=("REF_AREA", "ITEM")),),
    measures=(Measure(id="OBS_VALUE", concept=concept("OBS_VALUE"), mandatory=True),),
    attributes=(
        Attribute(id="TITLE", relationship=AttributeRelationship(dataflow=True), representation=text("String")),
        Attribute(id="UNIT", concept=concept("UNIT"), relationship=AttributeRelationship(group="Sibling")),
        Attribute(
            id="COLL",
            representation=coded("VL_SIGN", kind="ValueList"),
            relationship=AttributeRelationship(
                dimensions=tuple(DimensionRelation(id=i) for i in ("ITEM", "FREQ", "REF_AREA"))
            ),
        ),
        Attribute(
            id="STATUS",
            mandatory=True,
            concept=concept("STATUS"),
            representation=coded("CL_STATUS"),
            relationship=AttributeRelationship(observation=True),
        ),
        Attribute(
            id="NOTE",
            concept=concept("NOTE"),
            representation=text("String", isMultiLingual="true"),
            relationship=AttributeRelationship(observation=True),
        ),
    ),
)
FLOW = Dataflow(
    agency="SCI",
    id="CPI",
    version="1.0.0",
    structure=ref("DataStructure", "PRICES", "1.0+.0"),
    names={"en": "Consumer prices", "fa": "شاخص قیمت"},
    descriptions={"en": "Monthly"},
)
LIMITS = constraint(
    "CPI_LIMITS",
    ref("Dataflow", "CPI"),
    CubeRegion(keys=(values("FREQ", "M"), values("REF_AREA", "IR-0001")), components=(values("STATUS", "A"),)),
)
PROVIDERS = DataProviderScheme(
    agency="SCI", id="DATA_PROVIDERS", version="1.0", items=(Organisation(id="PRICES"), Organisation(id="CENSUS"))
)
AGREEMENT = ProvisionAgreement(
    agency="SCI",
    id="PA_CPI",
    version="1.0.0",
    dataflow=ref("Dataflow", "CPI"),
    data_provider=ref("DataProviderScheme", "DATA_PROVIDERS", "1.0", "PRICES"),
)
TOPICS = CategoryScheme(
    agency="SCI",
    id="TOPICS",
    version="1.0.0",
    items=(
        Category(id="ECO", items=(Category(id="PRICES", items=(Category(id="CPI"),)), Category(id="TRADE"))),
        Category(id="SOC"),
    ),
)
UNDER_PRICES = Categorisation(
    agency="SCI",
    id="CAT_CPI",
    version="1.0.0",
    source=ref("Dataflow", "CPI"),
    target=ref("CategoryScheme", "TOPICS", "1.0+.0", "ECO.PRICES"),
)
AGENCIES = AgencyScheme(
    agency="SDMX", id="AGENCIES", version="1.0", items=(Organisation(id="SDMX"), Organisation(id="SCI"))
)
LISTS = (FREQ, AREA, ITEM, UNIT, STATUS, SIGNS)
WORLD = (*LISTS, CONCEPTS, STRUCTURE, FLOW, LIMITS, PROVIDERS, AGREEMENT, TOPICS, UNDER_PRICES, AGENCIES)


def catalogue(*artefacts):
    """A catalogue of these artefacts, of the whole world when none is given."""
    return catalogue_of(artefacts or WORLD)
