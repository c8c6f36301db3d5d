"""The use case of an availability query: which codes and periods there are data for, and how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from ..batches import Availability, ReadPlan
from ..errors import TooLarge
from ..model.codelist import Codelist, MemberValue, ValueList
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from ..model.message import AvailabilityMessage
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from ..query.data import AvailabilityQuery, availability_components, availability_plan, freed
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.codes import cut_enumeration, cut_scheme
from ..registry.resolve import resolve_structure
from .data import dataflows_of, revision_mark
from .headers import header
from .ports import CubeReading, ObservationStore


class OpenAvailability:
    """An availability query whose revision is known and whose work is yet to be done."""

    def __init__(self, service: AvailabilityService, query: AvailabilityQuery, catalogue: Catalogue) -> None:
        self._service = service
        self._query = query
        self._catalogue = catalogue
        found = dataflows_of(self._catalogue, query.path)
        if len(found) > 1:
            named = ", ".join(reference.short for reference in found[:5])
            raise TooLarge(f"availability is answered for one dataflow at a time; the query names {named}")
        self._reference = found[0]
        self._schema = resolve_structure(self._catalogue, self._reference)
        self._plan = availability_plan(query, self._schema)
        self._components = availability_components(query, self._schema)
        revision = service.observations.revision(self._reference)
        self._empty = revision is None
        self.updated = revision.updated if revision else self._catalogue.updated
        self.seed = (self._catalogue.revision, revision_mark(revision) if revision else "empty")

    def message(self) -> AvailabilityMessage | None:
        """The answer, or None when there are no data for the query."""
        if self._empty:
            return None
        with self._service.observations.reading(self._reference) as reading:
            plan = self._plan
            if self._query.updated_after is not None:
                since = reading.revision_at(self._query.updated_after).revision
                if since >= reading.revision.data:
                    return None
                plan = msgspec.structs.replace(plan, since=since or None)  # since nothing: all there is
            found = reading.availability(self._schema, plan)
            if self._query.available:
                found = self._choices(reading, plan, found)
        if not found.observations and not any(found.codes.values()):
            return None
        return AvailabilityMessage(
            header=header(self._service.sender, self.updated, *self.seed),
            constraint=_constraint(self._reference, self._schema, self._components, found),
            observations=found.observations,
            series=found.series,
            artefacts=tuple(
                _referenced(self._catalogue, self._schema, self._query.references, self._components, found)
            ),
        )

    def _choices(self, reading: CubeReading, whole: ReadPlan, found: Availability) -> Availability:
        """Mode ``available``: for each dimension what there is as the others stand; the counts stay exact."""
        codes, periods = dict(found.codes), found.periods
        for dimension in self._components:
            plan = freed(whole, dimension, self._schema)
            if plan == whole:
                continue
            other = reading.availability(self._schema, plan)
            if dimension in codes:
                codes[dimension] = other.codes[dimension]
            else:
                periods = other.periods
        return msgspec.structs.replace(found, codes=codes, periods=periods)

    def close(self) -> None:
        """Nothing stays open: ``message`` reads everything at once."""


class AvailabilityService:
    """Answers availability queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, observations: ObservationStore, sender: str) -> None:
        self.catalogues = catalogues
        self.observations = observations
        self.sender = sender

    def open(self, query: AvailabilityQuery, catalogue: Catalogue | None = None) -> OpenAvailability:
        """Resolve the query in a catalogue, by default that of the present revision; ``message`` does the work."""
        return OpenAvailability(self, query, catalogue or self.catalogues.current())


def _constraint(
    reference: Reference, schema: ResolvedStructure, components: tuple[str, ...], found: Availability
) -> DataConstraint:
    keys = []
    for component in components:
        if schema.time and component == schema.time.id:
            values = tuple(MemberValue(value=period.text) for period in found.periods)
        else:
            values = tuple(MemberValue(value=code) for code in found.codes[component])
        keys.append(MemberSelection(id=component, values=values))
    flow = schema.dataflow
    names = flow.names if flow else schema.structure.names
    return DataConstraint(
        id=reference.id,
        agency=reference.agency,
        version=reference.version,
        names=names,
        role="Actual",
        attachment=ConstraintAttachment(references=(reference,)),
        cube_regions=(CubeRegion(keys=tuple(keys)),),
    )


def _referenced(
    catalogue: Catalogue,
    schema: ResolvedStructure,
    wanted: Iterable[str],
    components: tuple[str, ...],
    found: Availability,
) -> list[Maintainable]:
    """The artefacts that ``references`` asks for, item schemes cut to what the answer names."""
    makers: dict[str, Callable[[], Iterable[Maintainable]]] = {
        "dataflow": lambda: (schema.dataflow,) if schema.dataflow else (),
        "datastructure": lambda: (schema.structure,),
        "conceptscheme": lambda: _concepts(catalogue, schema, components),
        "codelist": lambda: _lists(schema, components, found, Codelist),
        "valuelist": lambda: _lists(schema, components, found, ValueList),
        "dataproviderscheme": lambda: (),  # data of a dataflow are not told apart by provider
    }
    artefacts: dict[Reference, Maintainable] = {}
    for word, make in makers.items():
        if word in wanted:
            for artefact in make():
                artefacts.setdefault(reference_to(artefact), artefact)
    return list(artefacts.values())


def _lists(
    schema: ResolvedStructure, components: tuple[str, ...], found: Availability, kind: type[Codelist] | type[ValueList]
) -> list[Maintainable]:
    """The lists of the dimensions, each cut to what all dimensions that use it have data for."""
    used: dict[Reference, tuple[Codelist | ValueList, list[str]]] = {}
    for dimension in schema.dimensions:
        enumeration = dimension.enumeration
        if dimension.id in components and isinstance(enumeration, kind):
            used.setdefault(reference_to(enumeration), (enumeration, []))[1].extend(found.codes[dimension.id])
    return [cut_enumeration(enumeration, codes) for enumeration, codes in used.values()]


def _concepts(catalogue: Catalogue, schema: ResolvedStructure, components: tuple[str, ...]) -> list[Maintainable]:
    wanted: dict[Reference, list[str]] = {}
    for component in schema.components:
        if component.id in components and component.concept is not None and component.concept.item:
            wanted.setdefault(component.concept.maintainable, []).append(component.concept.item)
    return [cut_scheme(catalogue.get(scheme, ConceptScheme), items) for scheme, items in wanted.items()]
