"""Tables of what all artefacts share, of item schemes, flows, categorisations and agreements."""

from __future__ import annotations

from typing_extensions import override

from ...model.category import Categorisation, Category, CategoryScheme, ReportingCategory, ReportingTaxonomy
from ...model.codelist import (
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    MemberValue,
    ValueItem,
    ValueList,
)
from ...model.common import Annotation, AnnotationURL, Link
from ...model.concept import Concept, ConceptScheme, ISOConcept
from ...model.dataflow import Dataflow, ProvisionAgreement
from ...model.organisation import (
    AgencyScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    Organisation,
    OrganisationScheme,
    OrganisationUnitScheme,
)
from ...model.reference import parse_urn
from ...model.representation import Representation, SentinelValue, TextFormat
from .engine import Element, Reading, Row, Shape, Values, Writing
from .rows import BOOLEAN_OR_WORD, FLAG, NUMBER, OCCURS, ONLY_21, Attribute, Child, Content, Facets, Text, Texts
from .rows_reference import LocalIds, Refers
from .versions import FROM_30, V21, V31

ONLY_31 = frozenset({V31})


class LinkTarget(Row):
    """The address of a link, which the schema requires: the URN stands in for an address that is not there."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        url = element.get("url", "")
        values["href"] = url if url and url != element.get("urn") else None

    @override
    def write(self, holder: object, parent: Element, to: Writing) -> None:
        assert isinstance(holder, Link)  # noqa: S101 - the table says so
        parent.set("url", holder.href or holder.urn or "")


LINK = Shape(
    Link, Attribute("rel", "rel"), LinkTarget("href", "@url"), Attribute("urn", "urn"), Attribute("type", "type")
)
ANNOTATION_URL = Shape(AnnotationURL, Content("href"), Attribute("lang", "xml:lang", versions=FROM_30))
ANNOTATION = Shape(
    Annotation,
    Attribute("id", "id"),
    Text("title", "com:AnnotationTitle"),
    Text("type", "com:AnnotationType"),
    Child("urls", "com:AnnotationURL", ANNOTATION_URL, many=True),
    Texts("texts", "com:AnnotationText"),
    Text("value", "com:AnnotationValue", versions=FROM_30),
)

ANNOTATIONS = Child("annotations", "com:Annotations/com:Annotation", ANNOTATION, many=True)
LINKS = Child("links", "com:Link", LINK, many=True, versions=FROM_30)
NAMES = Texts("names", "com:Name")
DESCRIPTIONS = Texts("descriptions", "com:Description")
ID = Attribute("id", "id")
URI = Attribute("uri", "uri")
IDENTIFIABLE: tuple[Row, ...] = (ID, URI, ANNOTATIONS, LINKS)
NAMEABLE: tuple[Row, ...] = (*IDENTIFIABLE, NAMES, DESCRIPTIONS)
MAINTAINABLE: tuple[Row, ...] = (
    *NAMEABLE,
    Attribute("agency", "agencyID"),
    Attribute("version", "version"),
    Attribute("is_final", "isFinal", FLAG, versions=ONLY_21),
    Attribute("valid_from", "validFrom"),
    Attribute("valid_to", "validTo"),
    Attribute("is_external_reference", "isExternalReference", FLAG, skip=False),
    Attribute("service_url", "serviceURL"),
    Attribute("structure_url", "structureURL"),
    Attribute("is_partial_language", "isPartialLanguage", FLAG, skip=False, versions=ONLY_31),
)
UNVERSIONED: tuple[Row, ...] = tuple(row for row in MAINTAINABLE if row.field != "version")
PARTIAL = Attribute("is_partial", "isPartial", FLAG, skip=False)


def version_of_urn(element: Element, values: Values, to: Reading) -> None:
    """An artefact without a version attribute has the version of its URN, else 1.0 (always 1.0 in 2.1)."""
    if "version" in values or to.version == V21:
        return
    try:
        values["version"] = parse_urn(element.get("urn", "")).version
    except ValueError:
        values["version"] = "1.0"


# -- organisations -----------------------------------------------------------------------------------------------------


def contact(prefix: str) -> Shape:
    """A contact; headers keep theirs in the namespace of the message, and there it has no id."""
    return Shape(
        Contact,
        *((ID,) if prefix == "str" else ()),
        NAMES,
        Texts("departments", f"{prefix}:Department"),
        Texts("roles", f"{prefix}:Role"),
        Text("telephones", f"{prefix}:Telephone", many=True),
        Text("faxes", f"{prefix}:Fax", many=True),
        Text("x400s", f"{prefix}:X400", many=True),
        Text("uris", f"{prefix}:URI", many=True),
        Text("emails", f"{prefix}:Email", many=True),
    )


_CONTACT = contact("str")


def organisation_scheme(model: type[OrganisationScheme], item: str, *rows: Row) -> Shape:
    """An organisation scheme; in 3.x it has no version. ``rows`` are what its organisations have beside contacts."""
    organisation = Shape(
        Organisation,
        *NAMEABLE,
        *rows,
        Child("contacts", "str:Contact", _CONTACT, many=True),
        urn=f"base.{item}",
    )
    version = Attribute("version", "version", versions=ONLY_21)
    items = Child("items", f"str:{item}", organisation, many=True)
    return Shape(model, *UNVERSIONED, version, PARTIAL, items, urn=f"base.{model.kind}")


# -- representations ---------------------------------------------------------------------------------------------------

SENTINEL = Shape(SentinelValue, Attribute("value", "value"), NAMES, DESCRIPTIONS)
TEXT_FORMAT = Shape(
    TextFormat,
    Attribute("text_type", "textType"),
    Facets("facets", "@*"),
    Child("sentinels", "str:SentinelValue", SENTINEL, many=True, versions=FROM_30),
)
REPRESENTATION = Shape(
    Representation,
    Attribute("min_occurs", "minOccurs", NUMBER, versions=FROM_30),
    Attribute("max_occurs", "maxOccurs", OCCURS, versions=FROM_30),
    Child("text_format", "str:TextFormat", TEXT_FORMAT),
    Refers("enumeration", "str:Enumeration", "Codelist", others=("ConceptScheme",), versions=ONLY_21),
    Refers("enumeration", "str:Enumeration", "Codelist", others=("ValueList",), versions=FROM_30),
    Child("enumeration_format", "str:EnumerationFormat", TEXT_FORMAT),
)

# -- item schemes ------------------------------------------------------------------------------------------------------

MEMBER_VALUE = Shape(MemberValue, Content("value", exact=True), Attribute("cascade", "cascadeValues", BOOLEAN_OR_WORD))


class Selection(Row):
    """Which codes an extension takes: one of two elements, by ``include``."""

    def __init__(self, xml: str, include: bool) -> None:
        super().__init__("selection", xml)
        self.include = include
        members = Child("members", "str:MemberValue", MEMBER_VALUE, many=True)
        self.shape = Shape(CodeSelection, members, fixed={"include": include})
        self.child = Child("selection", xml, self.shape)

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        self.child.read(element, values, to)

    @override
    def write(self, holder: object, parent: Element, to: Writing) -> None:
        assert isinstance(holder, CodelistExtension)  # noqa: S101 - the table says so
        if holder.selection is not None and holder.selection.include == self.include:
            self.child.write(holder, parent, to)


EXTENSION = Shape(
    CodelistExtension,
    Attribute("prefix", "prefix"),
    Refers("codelist", "str:Codelist", "Codelist"),
    Selection("str:InclusiveCodeSelection", True),
    Selection("str:ExclusiveCodeSelection", False),
)
PARENT = LocalIds("parent", "str:Parent")
CODE = Shape(Code, *NAMEABLE, PARENT, urn="codelist.Code")
CODELIST = Shape(
    Codelist,
    *MAINTAINABLE,
    PARTIAL,
    Child("items", "str:Code", CODE, many=True),
    Child("extensions", "str:CodelistExtension", EXTENSION, many=True, versions=FROM_30),
    urn="codelist.Codelist",
    finish=version_of_urn,
)
VALUE_ITEM = Shape(ValueItem, ID, ANNOTATIONS, NAMES, DESCRIPTIONS)
VALUE_LIST = Shape(
    ValueList,
    *MAINTAINABLE,
    Child("items", "str:ValueItem", VALUE_ITEM, many=True),
    urn="codelist.ValueList",
    finish=version_of_urn,
)
ISO_CONCEPT = Shape(
    ISOConcept,
    Text("agency", "str:ConceptAgency"),
    Text("scheme", "str:ConceptSchemeID"),
    Text("concept", "str:ConceptID"),
)
CONCEPT = Shape(
    Concept,
    *NAMEABLE,
    PARENT,
    Child("core_representation", "str:CoreRepresentation", REPRESENTATION),
    Child("iso_concept", "str:ISOConceptReference", ISO_CONCEPT),
    urn="conceptscheme.Concept",
)
CONCEPT_SCHEME = Shape(
    ConceptScheme,
    *MAINTAINABLE,
    PARTIAL,
    Child("items", "str:Concept", CONCEPT, many=True),
    urn="conceptscheme.ConceptScheme",
    finish=version_of_urn,
)
CATEGORY = Shape(Category, *NAMEABLE, urn="categoryscheme.Category")
CATEGORY.table.rows += (Child("items", "str:Category", CATEGORY, many=True),)
CATEGORY_SCHEME = Shape(
    CategoryScheme,
    *MAINTAINABLE,
    PARTIAL,
    Child("items", "str:Category", CATEGORY, many=True),
    urn="categoryscheme.CategoryScheme",
    finish=version_of_urn,
)

REPORTING_CATEGORY = Shape(ReportingCategory, *NAMEABLE, urn="categoryscheme.ReportingCategory")
REPORTING_CATEGORY.table.rows += (
    Child("items", "str:ReportingCategory", REPORTING_CATEGORY, many=True),
    Refers("structures", "str:StructuralMetadata", "DataStructure", others=("MetadataStructure",), many=True),
    Refers("usages", "str:ProvisioningMetadata", "Dataflow", others=("Metadataflow",), many=True),
)
REPORTING_TAXONOMY = Shape(
    ReportingTaxonomy,
    *MAINTAINABLE,
    PARTIAL,
    Child("items", "str:ReportingCategory", REPORTING_CATEGORY, many=True),
    urn="categoryscheme.ReportingTaxonomy",
    finish=version_of_urn,
)

# -- what refers to them -----------------------------------------------------------------------------------------------

CATEGORISATION = Shape(
    Categorisation,
    *UNVERSIONED,
    Attribute("version", "version", versions=frozenset({V21, "3.0"})),
    Refers("source", "str:Source", None),
    Refers("target", "str:Target", "Category"),
    urn="categoryscheme.Categorisation",
    finish=version_of_urn,
)
DATAFLOW = Shape(
    Dataflow,
    *MAINTAINABLE,
    Refers("structure", "str:Structure", "DataStructure"),
    LocalIds("dimension_constraint", "str:DimensionConstraint/str:Dimension", many=True, versions=ONLY_31),
    urn="datastructure.Dataflow",
    finish=version_of_urn,
)
PROVISION_AGREEMENT = Shape(
    ProvisionAgreement,
    *MAINTAINABLE,
    Refers("dataflow", "str:StructureUsage", "Dataflow", versions=ONLY_21),
    Refers("dataflow", "str:Dataflow", "Dataflow", versions=FROM_30),
    Refers("data_provider", "str:DataProvider", "DataProvider"),
    urn="registry.ProvisionAgreement",
    finish=version_of_urn,
)
AGENCY_SCHEME = organisation_scheme(AgencyScheme, "Agency")
DATA_PROVIDER_SCHEME = organisation_scheme(DataProviderScheme, "DataProvider")
DATA_CONSUMER_SCHEME = organisation_scheme(DataConsumerScheme, "DataConsumer")
METADATA_PROVIDER_SCHEME = organisation_scheme(MetadataProviderScheme, "MetadataProvider")
ORGANISATION_UNIT_SCHEME = organisation_scheme(OrganisationUnitScheme, "OrganisationUnit", PARENT)
