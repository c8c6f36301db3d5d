"""The use case of a schema query: what is valid in a context, as a structure for writers of schemas or as artefacts."""

from __future__ import annotations

import datetime as dt

from ..errors import NotFound, NotImplementedYet
from ..model.message import StructureMessage
from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from ..query.data import observation_dimension
from ..query.paths import StructurePath
from ..query.structure import Detail, SchemaQuery, Scope, StructureQuery
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.concrete import concrete
from ..registry.resolve import resolve_structure
from ..registry.structures import answer_structure_query
from .headers import header

_CONTEXTS = ("Dataflow", "DataStructure", "ProvisionAgreement")
_KINDS = ("DataStructure", "Codelist", "ValueList", "ConceptScheme", "AgencyScheme", "DataConstraint")
"""What an answer in structure formats may hold (``schema.md``)."""


class SchemaAnswer:
    """What is valid in a context: for writers of schemas a resolved structure, for writers of structures a message."""

    def __init__(self, catalogue: Catalogue, query: SchemaQuery, context: Reference, sender: str) -> None:
        self._catalogue, self._query, self._sender = catalogue, query, sender
        self.context = context
        self.schema: ResolvedStructure = resolve_structure(catalogue, context)
        self.dimension_at_observation = observation_dimension(query.dimension_at_observation, self.schema)

    def message(self) -> StructureMessage:
        """For formats that print structures: the artefacts, item schemes cut to what the context allows and uses.

        The data structure refers to the very versions that stand beside it.
        """
        context = self.context
        path = StructurePath(
            kinds=(context.kind,),
            agencies=frozenset((context.agency,)),
            ids=frozenset((context.id,)),
            versions=self._query.path.versions,
        )
        query = StructureQuery(path=path, detail=Detail.REFERENCE_PARTIAL, scopes=(Scope.DESCENDANTS,))
        answer = answer_structure_query(self._catalogue, query)
        artefacts = tuple(
            concrete(self._catalogue, artefact) for artefact in answer.artefacts if artefact.kind in _KINDS
        )
        return StructureMessage(
            header=header(self._sender, self._catalogue.updated, self._catalogue.revision), artefacts=artefacts
        )


class OpenSchema:
    """A schema query whose revision is known. Raises ``NotFound`` when the context is not stored."""

    def __init__(self, catalogue: Catalogue, query: SchemaQuery, sender: str) -> None:
        path = query.path
        if query.deletion:
            raise NotImplementedYet("schemas for deletion messages are not offered by this server")
        if not set(path.kinds) <= set(_CONTEXTS):
            raise NotImplementedYet("schemas are offered for dataflows, data structures and provision agreements")
        found = catalogue.select(path.kinds, path.agencies, path.ids, path.versions)
        if not found:
            raise NotFound("no artefact matches the schema query; structure queries list what there is")
        self._catalogue, self._query, self._sender = catalogue, query, sender
        self._context = found[-1]
        self.updated: dt.datetime = catalogue.updated
        self.seed = (catalogue.revision,)

    def message(self) -> SchemaAnswer:
        """The answer, for either kind of writer."""
        return SchemaAnswer(self._catalogue, self._query, self._context, self._sender)

    def close(self) -> None:
        """Nothing stays open."""


class SchemaService:
    """Answers schema queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, sender: str) -> None:
        self._catalogues = catalogues
        self._sender = sender

    def open(self, query: SchemaQuery, catalogue: Catalogue | None = None) -> OpenSchema:
        """Find the context in a catalogue, by default that of the present revision."""
        return OpenSchema(catalogue or self._catalogues.current(), query, self._sender)
