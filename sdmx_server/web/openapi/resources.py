"""The resources of both versions of the API for OpenAPI: forms of their paths, parameters, formats and statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from ...formats.api import Format
from .. import v1, v2

_ALWAYS = (200, 304, 400, 404, 406, 414, 500, 503)
_V2, _V1 = (204, 422), (403,)


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One resource: ``parts`` and ``query`` are keys of parameters, of the parts at least ``least`` are given.

    ``name`` is what the path begins with; one in braces is a part itself.
    """

    name: str
    parts: tuple[str, ...]
    least: int
    query: tuple[str, ...]
    formats: tuple[Format, ...]
    statuses: tuple[int, ...]

    @property
    def tag(self) -> str:
        """What it belongs to."""
        return self.name.partition("/")[0]

    def forms(self) -> Iterator[tuple[str, ...]]:
        """The parts of every form of the path, the longest first."""
        for count in range(len(self.parts), self.least - 1, -1):
            yield self.parts[:count]


_V2_DATA = ("context", "agencyID", "resourceID", "version", "key")
_V2_STRUCTURE = ("agencyID", "structure.resourceID", "structure.version")
_V1_STRUCTURE = ("v1.agencyID", "v1.resourceID", "v1.version")

RESOURCES: Mapping[str, tuple[Resource, ...]] = {
    "v1": (
        Resource(
            name="data",
            parts=("flowRef", "v1.key", "providerRef"),
            least=1,
            query=(
                *("startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations"),
                *("dimensionAtObservation", "data.detail", "includeHistory"),
            ),
            formats=v1.DATA,
            statuses=(*_ALWAYS, *_V1, 413),
        ),
        Resource(
            name="availableconstraint",
            parts=("flowRef", "v1.key", "providerRef", "v1.componentID"),
            least=1,
            query=("startPeriod", "endPeriod", "availability.updatedAfter", "availability.references", "mode"),
            formats=v1.AVAILABILITY,
            statuses=(*_ALWAYS, *_V1, 413),
        ),
        Resource(
            name="schema",
            parts=("schema.context", "schema.agencyID", "schema.resourceID", "schema.version"),
            least=3,
            query=("schema.dimensionAtObservation", "explicitMeasure"),
            formats=v1.SCHEMA,
            statuses=(*_ALWAYS, *_V1),
        ),
        Resource(
            name="metadata",
            parts=("metadata.flowRef", "metadata.key", "providerRef"),
            least=1,
            query=("startPeriod", "endPeriod", "updatedAfter", "reports.detail", "includeHistory"),
            formats=v1.METADATA,
            statuses=(*_ALWAYS, *_V1, 501),
        ),
        Resource(
            name="{resource}",
            parts=("resource", *_V1_STRUCTURE),
            least=1,
            query=("structure.detail", "structure.references"),
            formats=v1.STRUCTURE,
            statuses=(*_ALWAYS, *_V1),
        ),
        Resource(
            name="{resource}",
            parts=("items.resource", *_V1_STRUCTURE, "itemID"),
            least=5,
            query=("structure.detail", "structure.references"),
            formats=v1.STRUCTURE,
            statuses=(*_ALWAYS, *_V1),
        ),
    ),
    "v2": (
        Resource(
            name="data",
            parts=_V2_DATA,
            least=0,
            query=(
                *("c", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation"),
                *("attributes", "measures", "includeHistory", "offset", "limit", "sort", "data.asOf"),
                "reportingYearStartDay",
            ),
            formats=v2.DATA,
            statuses=(*_ALWAYS, *_V2, 413),
        ),
        Resource(
            name="availability",
            parts=("availability.context", *_V2_DATA[1:], "componentID"),
            least=1,
            query=("c", "mode", "availability.references", "availability.updatedAfter", "reportingYearStartDay"),
            formats=v2.AVAILABILITY,
            statuses=(*_ALWAYS, *_V2, 413),
        ),
        Resource(
            name="structure",
            parts=("artefactType", *_V2_STRUCTURE),
            least=0,
            query=("structure.detail", "structure.references", "asOf"),
            formats=v2.STRUCTURE,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="structure",
            parts=("items.artefactType", *_V2_STRUCTURE, "itemID"),
            least=5,
            query=("structure.detail", "structure.references", "asOf"),
            formats=v2.STRUCTURE,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="schema",
            parts=("schema.context", "schema.agencyID", "schema.resourceID", "schema.version"),
            least=3,
            query=("schema.dimensionAtObservation", "deletion", "asOf"),
            formats=v2.SCHEMA,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="metadata/metadataset",
            parts=("providerID", "metadatasetID", "metadata.version"),
            least=0,
            query=("metadata.detail", "asOf"),
            formats=v2.METADATA,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="metadata/metadataflow",
            parts=("flowAgencyID", "flowID", "flowVersion", "v2.providerRef"),
            least=0,
            query=("metadata.detail", "asOf"),
            formats=v2.METADATA,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="metadata/structure",
            parts=("about.artefactType", "agencyID", "resourceID", "metadata.version"),
            least=0,
            query=("metadata.detail", "asOf"),
            formats=v2.METADATA,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="registration/id",
            parts=("registrationID",),
            least=1,
            query=(),
            formats=v2.REGISTRATION,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="registration/provider",
            parts=("providerAgencyID", "registration.providerID"),
            least=0,
            query=("registration.updatedAfter", "updatedBefore"),
            formats=v2.REGISTRATION,
            statuses=(*_ALWAYS, *_V2),
        ),
        Resource(
            name="registration",
            parts=("context", "agencyID", "resourceID", "version"),
            least=0,
            query=("registration.updatedAfter", "updatedBefore"),
            formats=v2.REGISTRATION,
            statuses=(*_ALWAYS, *_V2),
        ),
    ),
}
"""Version -> resources, in the order of the specification's pages."""
