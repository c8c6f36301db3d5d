"""Hypothesis strategies for metadata sets, and a small world of structures that sets follow."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
)
from sdmx_server.model.organisation import MetadataProviderScheme, Organisation
from sdmx_server.model.representation import Representation, TextFormat
from support.artefact_parts import ANNOTATIONS, IDS, LINKS, NAMES, TEXTS, URLS, references, several
from support.world import WORLD, codelist, ref

ANY_DATAFLOW = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:*(*)"
CPI = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)"
MARKUP = st.sampled_from(["<p>a <b>b</b></p>", "plain", "<p>a &amp; b</p><ul><li>1</li></ul>", "before <br/> after"])
TAGS = st.sampled_from(["en", "fa", "fr"])
TARGETS = st.sampled_from([CPI, ANY_DATAFLOW, "urn:sdmx:org.sdmx.infomodel.codelist.Code=SCI:CL_AREA(1.0.0).IR"])


def _attributes(below):
    values = st.one_of(
        st.fixed_dictionaries({"value": TEXTS}),
        st.fixed_dictionaries({"texts": st.dictionaries(TAGS, TEXTS, min_size=1, max_size=3)}),
        st.fixed_dictionaries(
            {"texts": st.dictionaries(TAGS, MARKUP, min_size=1, max_size=2), "structured": st.just(True)}
        ),
        st.just({}),
    )
    return st.builds(
        lambda own, held, annotations, attributes: ReportedAttribute(
            id=own, annotations=annotations, attributes=attributes, **held
        ),
        IDS,
        values,
        several(ANNOTATIONS, 1),
        st.lists(below, max_size=3).map(tuple),
    )


ATTRIBUTES = st.recursive(st.builds(ReportedAttribute, id=IDS, value=TEXTS), _attributes, max_leaves=8)


@st.composite
def metadata_sets(draw, wildcards=True):
    """Any set that every version of 3.x can carry."""
    under_agreement = draw(st.booleans())
    targets = TARGETS if wildcards else TARGETS.filter(lambda urn: "*" not in urn)
    return MetadataSet(
        agency=draw(st.sampled_from(["SCI", "ECB"])),
        id=draw(IDS),
        version=draw(st.sampled_from(["1.0", "1.0.0", "1.2.0-draft"])),
        names=draw(NAMES),
        descriptions=draw(st.dictionaries(TAGS, TEXTS, max_size=2)),
        annotations=draw(several(ANNOTATIONS, 1)),
        links=draw(several(LINKS, 1)),
        uri=draw(st.none() | URLS),
        metadataflow=None if under_agreement else draw(references("Metadataflow")),
        provision_agreement=draw(references("MetadataProvisionAgreement")) if under_agreement else None,
        targets=draw(st.lists(targets, min_size=1, max_size=3, unique=True).map(tuple)),
        attributes=draw(st.lists(ATTRIBUTES, min_size=1, max_size=4).map(tuple)),
        action=draw(st.sampled_from([None, "Replace"])),
        publication_year=draw(st.sampled_from([None, "2024"])),
        reporting_begin=draw(st.sampled_from([None, "2023-01-01"])),
    )


# -- a world ----------------------------------------------------------------------------------------------------------


def _concept(item):
    return ref("ConceptScheme", "METADATA_CONCEPTS", "1.0+.0", item)


def _text(text_type="String", **facets):
    return Representation(text_format=TextFormat(text_type=text_type, facets=facets))


def attribute(own, representation=None, least=1, most=None, *below):
    """A metadata attribute; presentational when it has no representation."""
    return MetadataAttribute(
        id=own,
        concept=_concept(own),
        representation=representation,
        min_occurs=least,
        max_occurs=most,
        is_presentational=representation is None,
        attributes=below,
    )


CONTACT_TYPES = codelist("CL_CONTACT", "PHONE", "EMAIL")
CONCEPTS = ConceptScheme(
    agency="SCI",
    id="METADATA_CONCEPTS",
    version="1.0.0",
    items=tuple(
        Concept(id=own, names={"en": own.title()})
        for own in ("TITLE", "BODY", "CONTACT", "KIND", "ADDRESS", "COUNT", "SHARE", "OPEN", "DAY", "CODE")
    ),
)
STRUCTURE = MetadataStructure(
    agency="SCI",
    id="QUALITY",
    version="1.0.0",
    attributes=(
        attribute("TITLE", _text(isMultiLingual="true", maxLength="20")),
        attribute("BODY", _text("XHTML", isMultiLingual="true"), 0),
        attribute(
            "CONTACT",
            None,
            0,
            "unbounded",
            attribute("KIND", Representation(enumeration=ref("Codelist", "CL_CONTACT", "1.0+.0"))),
            attribute("ADDRESS", _text(), 0, 2),
        ),
        attribute("COUNT", _text("Integer", minValue="0"), 0),
        attribute("SHARE", _text("Decimal"), 0),
        attribute("OPEN", _text("Boolean"), 0),
        attribute("DAY", _text("GregorianDay"), 0),
        attribute("CODE", _text("String", pattern="[A-Z]{3}"), 0),
    ),
)
FLOW = Metadataflow(
    agency="SCI",
    id="QUALITY",
    version="1.0.0",
    names={"en": "Quality", "fa": "کیفیت"},
    structure=ref("MetadataStructure", "QUALITY", "1.0+.0"),
    targets=(ANY_DATAFLOW,),
)
PROVIDERS = MetadataProviderScheme(
    agency="SCI", id="METADATA_PROVIDERS", version="1.0", items=(Organisation(id="SCI"), Organisation(id="PRICES"))
)
AGREEMENT = MetadataProvisionAgreement(
    agency="SCI",
    id="MPA_QUALITY",
    version="1.0.0",
    metadataflow=ref("Metadataflow", "QUALITY"),
    metadata_provider=ref("MetadataProviderScheme", "METADATA_PROVIDERS", "1.0", "PRICES"),
    targets=(CPI,),
)
METADATA_WORLD = (*WORLD, CONTACT_TYPES, CONCEPTS, STRUCTURE, FLOW, PROVIDERS, AGREEMENT)


def reported(own, value=None, *below, **texts):
    """A reported attribute; texts by language as keywords."""
    return ReportedAttribute(id=own, value=value, texts=texts, attributes=below)


TITLE = reported("TITLE", en="Prices", fa="قیمت‌ها")


def metadata_set(*attributes, **fields):
    """A set about the consumer prices, with a title unless attributes are given."""
    fields = {"metadataflow": ref("Metadataflow", "QUALITY"), "targets": (CPI,), "version": "1.0.0"} | fields
    return MetadataSet(agency=fields.pop("agency", "SCI"), id="QR", attributes=attributes or (TITLE,), **fields)
