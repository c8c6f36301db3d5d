"""A small metadata structure - a quality report - with its concepts, lists, flow and agreement."""

from __future__ import annotations

from sdmx_server.model.common import Maintainable
from sdmx_server.model.concept import Concept, ConceptScheme
from sdmx_server.model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
)
from sdmx_server.model.organisation import AgencyScheme, MetadataProviderScheme, Organisation
from support.world import coded, codelist, ref, text


def _concept(item):
    return ref("ConceptScheme", "QUALITY_CONCEPTS", "1.0.0", item)


GRADES = codelist("CL_GRADE", "A", "B", "C<B", names={"en": "Grades"})
OTHERS = codelist("CL_OTHER", "X", names={"en": "A list that nothing here uses"})
CONCEPTS = ConceptScheme(
    agency="SCI",
    id="QUALITY_CONCEPTS",
    version="1.0.0",
    names={"en": "Concepts of quality"},
    items=tuple(
        Concept(id=name, names={"en": name.title()}, core_representation=representation)
        for name, representation in (
            ("CONTACT", None),
            ("CONTACT_NAME", None),
            ("GRADE", coded("CL_GRADE")),
            ("COVERAGE", text("Decimal")),
            ("METHOD", text("String", isMultiLingual="true")),
            ("UNUSED", coded("CL_OTHER")),
        )
    ),
)
STRUCTURE = MetadataStructure(
    agency="SCI",
    id="QUALITY",
    version="1.0.0",
    names={"en": "Quality"},
    attributes=(
        MetadataAttribute(
            id="CONTACT",
            concept=_concept("CONTACT"),
            is_presentational=True,
            min_occurs=0,
            max_occurs="unbounded",
            attributes=(MetadataAttribute(id="NAME", concept=_concept("CONTACT_NAME"), representation=text("String")),),
        ),
        MetadataAttribute(id="GRADE", concept=_concept("GRADE")),
        MetadataAttribute(id="COVERAGE", concept=_concept("COVERAGE"), min_occurs=0),
        MetadataAttribute(id="METHOD", concept=_concept("METHOD"), min_occurs=0, max_occurs=2),
    ),
)
FLOW = Metadataflow(
    agency="SCI",
    id="QUALITY",
    version="1.0.0",
    names={"en": "Quality reports"},
    structure=ref("MetadataStructure", "QUALITY", "1.0+.0"),
    targets=("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)",),
)
PROVIDERS = MetadataProviderScheme(
    agency="SCI",
    id="METADATA_PROVIDERS",
    version="1.0",
    names={"en": "Providers"},
    items=(Organisation(id="PRICES", names={"en": "Prices"}),),
)
AGREEMENT = MetadataProvisionAgreement(
    agency="SCI",
    id="QUALITY_OF_PRICES",
    version="1.0.0",
    names={"en": "Quality of prices"},
    metadataflow=ref("Metadataflow", "QUALITY", "1.0.0"),
    metadata_provider=ref("MetadataProviderScheme", "METADATA_PROVIDERS", "1.0", "PRICES"),
)
AGENCIES = AgencyScheme(
    agency="SDMX",
    id="AGENCIES",
    version="1.0",
    names={"en": "Agencies"},
    items=tuple(Organisation(id=name, names={"en": name}) for name in ("SDMX", "SCI", "OTHER")),
)
QUALITY: tuple[Maintainable, ...] = (GRADES, OTHERS, CONCEPTS, STRUCTURE, FLOW, PROVIDERS, AGREEMENT, AGENCIES)
