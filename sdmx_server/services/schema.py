"""The use case of a schema query: what is valid in a context, as a structure for writers of schemas or as artefacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Generic, TypeVar

from ..errors import NotFound
from ..model.message import Header, StructureMessage
from ..model.metadatastructure import MetadataProvisionAgreement, MetadataStructure
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from ..model.resolved_metadata import ResolvedMetadataAttribute
from ..model.validity import Validity
from ..query.data import observation_dimension
from ..query.structure import SchemaQuery
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.constraints import allowed_codes
from ..registry.definition import definition_of_data, definition_of_metadata, metadata_structure
from ..registry.resolve import explicit_measures, resolve_structure
from ..registry.resolve_metadata import metadata_attributes
from .headers import header

A = TypeVar("A")


class SchemaAnswer:
    """What is valid in a context: for writers of schemas a resolved structure, for writers of structures a message."""

    def __init__(self, catalogue: Catalogue, query: SchemaQuery, context: Reference, sender: str) -> None:
        self._catalogue, self._query, self._sender = catalogue, query, sender
        self.context = context
        self.schema: ResolvedStructure = resolve_structure(catalogue, context)
        self.dimension_at_observation = observation_dimension(query.dimension_at_observation, self.schema)

    @property
    def validity(self) -> Validity:
        """What the constraints of the context leave of each component, and what messages the schema is for."""
        query, schema = self._query, self.schema
        allowed = allowed_codes(schema)
        measures = explicit_measures(self._catalogue, schema) if query.explicit_measures else ()
        held = [allowed.get(d.id) for d in schema.structure.dimensions if d.is_measure_dimension]
        left = next((codes for codes in held if codes is not None), None)
        return Validity(
            allowed={component: codes for component, codes in allowed.items() if codes is not None},
            deletion=query.deletion,
            explicit_measures=tuple(m for m in measures if left is None or m.id in left),
        )

    def message(self) -> StructureMessage:
        """For formats that print structures: what ``registry.definition`` finds."""
        artefacts = definition_of_data(self._catalogue, self.context)
        return StructureMessage(header=_header(self._catalogue, self._sender), artefacts=tuple(artefacts))


class MetadataSchemaAnswer:
    """The same for reference metadata: for writers of schemas its structure and that one's attributes."""

    def __init__(self, catalogue: Catalogue, _query: SchemaQuery, context: Reference, sender: str) -> None:
        self._catalogue, self._sender = catalogue, sender
        self.context = context

    def context_in(self, generation: str) -> Reference:
        """What messages of a generation are about: 2.1 has no metadata provision agreements, but their flows.

        There a set that is reported under an agreement is one of the metadataflow, whose URN is its namespace.
        """
        if generation != "2.1" or self.context.kind != MetadataProvisionAgreement.kind:
            return self.context
        flow = self._catalogue.get(self.context, MetadataProvisionAgreement).metadataflow
        return (None if flow is None else self._catalogue.resolve(flow)) or self.context

    @property
    def structure(self) -> MetadataStructure:
        """The metadata structure of the context."""
        return metadata_structure(self._catalogue, self.context)

    @property
    def attributes(self) -> tuple[ResolvedMetadataAttribute, ...]:
        """The attributes of that structure, all that they refer to in place."""
        return metadata_attributes(self._catalogue, self.structure)

    def message(self) -> StructureMessage:
        """For formats that print structures: what ``registry.definition`` finds."""
        artefacts = definition_of_metadata(self._catalogue, self.context)
        return StructureMessage(header=_header(self._catalogue, self._sender), artefacts=tuple(artefacts))


def _header(catalogue: Catalogue, sender: str) -> Header:
    return header(sender, catalogue.updated, catalogue.revision)


Make = Callable[[Catalogue, SchemaQuery, Reference, str], A]


class OpenSchema(Generic[A]):
    """A schema query whose revision is known. Raises ``NotFound`` when the context is not stored."""

    def __init__(self, catalogue: Catalogue, query: SchemaQuery, sender: str, make: Make[A]) -> None:
        path = query.path
        found = catalogue.select(path.kinds, path.agencies, path.ids, path.versions)
        if not found:
            raise NotFound("no-context", path=path)
        self._catalogue, self._query, self._sender = catalogue, query, sender
        self._context, self._make = found[-1], make
        self.updated: dt.datetime = catalogue.updated
        self.seed = (catalogue.revision,)

    def message(self) -> A:
        """The answer, for either kind of writer."""
        return self._make(self._catalogue, self._query, self._context, self._sender)

    def close(self) -> None:
        """Nothing stays open."""


class SchemaService:
    """Answers schema queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, sender: str) -> None:
        self._catalogues = catalogues
        self._sender = sender

    def open(self, query: SchemaQuery, catalogue: Catalogue | None = None) -> OpenSchema[SchemaAnswer]:
        """Find a context of data in a catalogue, by default that of the present revision."""
        return OpenSchema(catalogue or self._catalogues.current(), query, self._sender, SchemaAnswer)

    def open_metadata(self, query: SchemaQuery, catalogue: Catalogue | None = None) -> OpenSchema[MetadataSchemaAnswer]:
        """The same for a context of reference metadata."""
        return OpenSchema(catalogue or self._catalogues.current(), query, self._sender, MetadataSchemaAnswer)
