"""The table of concept schemes."""

from __future__ import annotations

from typing import Any

from ...model.concept import Concept, ConceptScheme, ISOConcept
from .engine import BOTH, PLAIN, URN, V10, Field, Place, Reading, Table, Writing, many
from .identity import ParentUrn, nameable
from .maintainable import IS_PARTIAL, maintainable
from .representation import FREE_REPRESENTATION

_ISO_CONCEPT = Table(
    ISOConcept,
    (
        Field("conceptAgency", "agency", PLAIN),
        Field("conceptSchemeID", "scheme", PLAIN),
        Field("conceptID", "concept", PLAIN),
    ),
)
_CONCEPT_URN = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept="


class _IsoUrn:
    """A concept of an ISO 11179 registry, which 1.0 names by URN."""

    def write(self, value: ISOConcept, _to: Writing) -> str:
        return f"{_CONCEPT_URN}{value.agency}:{value.scheme}(1.0).{value.concept}"

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        reference = URN.read(source, place, of)
        if reference is None:
            return None
        return ISOConcept(agency=reference.agency, scheme=reference.id, concept=reference.item or "")


_CONCEPT = Table(
    Concept,
    nameable(
        "conceptscheme.Concept",
        Field("parent", "parent", PLAIN, versions=BOTH),
        Field("parent", "parent", ParentUrn(_CONCEPT_URN), versions=(V10,)),
        Field("coreRepresentation", "core_representation", FREE_REPRESENTATION),
        Field("isoConceptReference", "iso_concept", _ISO_CONCEPT, versions=BOTH),
        Field("isoConceptReference", "iso_concept", _IsoUrn(), versions=(V10,)),
    ),
)
CONCEPT_SCHEME = Table(ConceptScheme, maintainable("ConceptScheme", IS_PARTIAL, many("concepts", "items", _CONCEPT)))
