"""The use case of an availability query: which codes and periods there are data for, and how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from ..batches import Availability, ReadPlan
from ..errors import TooLarge
from ..model.codelist import Codelist, MemberValue, ValueList
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.constraint import ConstraintAttachment, CubeRegion, DataConstraint, MemberSelection
from ..model.message import AvailabilityMessage, Available
from ..model.organisation import DataProviderScheme
from ..model.period import Period
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from ..query.data import AvailabilityQuery, availability_components, availability_plan, fits, freed
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.codes import cut_enumeration, cut_scheme
from ..registry.contexts import DataContext, data_contexts
from ..registry.providers import providers_of
from ..registry.resolve import resolve_structure
from .data import revision_mark
from .headers import header
from .ports import CubeReading, ObservationStore, Revision
from .refusals import for_each

MOST_CUBES = 100
"""Dataflows with data that one answer looks at."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NOTHING = Availability(codes={}, periods=(), observations=0, series=0)


class _Part(NamedTuple):
    """A context of the query, its structure, and its dataflows that have data, one of versions that share them."""

    context: DataContext
    schema: ResolvedStructure
    cubes: tuple[Reference, ...]


class _Found(NamedTuple):
    """What there is in a context, of some of its components."""

    part: _Part
    components: tuple[str, ...]
    available: Availability


class OpenAvailability:
    """An availability query whose revision is known and whose work is yet to be done."""

    def __init__(self, service: AvailabilityService, query: AvailabilityQuery, catalogue: Catalogue) -> None:
        self._service, self._query, self._catalogue = service, query, catalogue
        self._parts: list[_Part] = []
        revisions: dict[Reference, Revision] = {}
        asked = [(one, resolve_structure(catalogue, one.asked)) for one in data_contexts(catalogue, query.path)]
        fitting = [one for one in asked if fits(query, one[1])] or asked
        for_each(((context.asked, schema) for context, schema in fitting), partial(_checked, query))
        for context, schema in fitting:
            for flow in context.dataflows:
                if flow not in revisions and (revision := service.observations.revision(flow)) is not None:
                    revisions[flow] = revision
            by_cube = {revisions[flow].cube: flow for flow in context.dataflows if flow in revisions}
            self._parts.append(_Part(context, schema, tuple(by_cube.values())))
            if len(revisions) > MOST_CUBES:
                raise TooLarge("flows-many", most=MOST_CUBES)
        marks = tuple(revision_mark(revision) for revision in revisions.values())
        self.updated = max((revision.updated for revision in revisions.values()), default=catalogue.updated)
        self.seed = (catalogue.revision, *(marks or ("empty",)))

    def message(self) -> AvailabilityMessage | None:
        """The answer, or None when there are no data for the query."""
        found = [one for part in self._parts if (one := self._found(part)) is not None]
        if not found:
            return None
        return AvailabilityMessage(
            header=header(self._service.sender, self.updated, *self.seed),
            available=tuple(_available(one, identifier) for one, identifier in _numbered(found)),
            artefacts=tuple(_Referenced(self._catalogue, found).artefacts(self._query.references)),
        )

    def _found(self, part: _Part) -> _Found | None:
        components = availability_components(self._query, part.schema)
        found = _NOTHING
        for cube in part.cubes:
            schema = part.schema if cube == part.context.asked else resolve_structure(self._catalogue, cube)
            found = _together(found, self._of_cube(cube, schema, components))
        if not found.observations and not any(found.codes.values()):
            return None
        return _Found(part, components, found)

    def _of_cube(self, cube: Reference, schema: ResolvedStructure, components: Sequence[str]) -> Availability:
        with self._service.observations.reading(cube) as reading:
            plan = availability_plan(self._query, schema)
            if self._query.updated_after is not None:
                since = reading.revision_at(self._query.updated_after).revision
                if since >= reading.revision.data:
                    return _NOTHING
                plan = msgspec.structs.replace(plan, since=since or None)  # since nothing: all there is
            found = reading.availability(schema, plan)
            return _choices(reading, schema, plan, found, components) if self._query.available else found

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


def _checked(query: AvailabilityQuery, schema: ResolvedStructure) -> None:
    """Refuse what makes no sense for a structure before anything is read."""
    availability_plan(query, schema)
    availability_components(query, schema)


def _choices(
    reading: CubeReading, schema: ResolvedStructure, whole: ReadPlan, found: Availability, components: Sequence[str]
) -> Availability:
    """Mode ``available``: for each dimension what there is as the others stand; the counts stay exact."""
    codes, periods = dict(found.codes), found.periods
    for dimension in components:
        plan = freed(whole, dimension, schema)
        if plan == whole:
            continue
        other = reading.availability(schema, plan)
        if dimension in codes:
            codes[dimension] = other.codes[dimension]
        else:
            periods = other.periods
    return msgspec.structs.replace(found, codes=codes, periods=periods)


def _together(one: Availability, other: Availability) -> Availability:
    """What there is in either of two cubes, whose observations are different ones."""
    if one is _NOTHING or other is _NOTHING:
        return one if other is _NOTHING else other
    codes = {
        name: tuple(dict.fromkeys((*one.codes.get(name, ()), *other.codes.get(name, ()))))
        for name in dict.fromkeys((*one.codes, *other.codes))
    }
    periods = {period.text: period for period in (*one.periods, *other.periods)}
    return Availability(
        codes=codes,
        periods=tuple(sorted(periods.values(), key=lambda period: (period.start, period.end))),
        observations=one.observations + other.observations,
        series=one.series + other.series,
    )


def _numbered(found: Sequence[_Found]) -> Iterable[tuple[_Found, str]]:
    """Each with an id of its own: that of the context, numbered where another one of the answer has it."""
    seen: dict[tuple[str, str, str], int] = {}
    for one in found:
        asked = one.part.context.asked
        key = asked.agency, asked.id, asked.version
        seen[key] = seen.get(key, 0) + 1
        yield one, asked.id if seen[key] == 1 else f"{asked.id}_{seen[key]}"


def _available(found: _Found, identifier: str) -> Available:
    schema, available = found.part.schema, found.available
    start, end = _coverage(available.periods)
    keys = []
    for component in found.components:
        if schema.time and component == schema.time.id:
            texts: Iterable[str] = (period.text for period in available.periods)
        else:
            texts = available.codes.get(component, ())
        values = tuple(MemberValue(value=text) for text in texts)
        keys.append(MemberSelection(id=component, values=values, valid_from=start, valid_to=end))
    asked = found.part.context.asked
    named = schema.structure if asked.kind == schema.structure.kind or schema.dataflow is None else schema.dataflow
    constraint = DataConstraint(
        id=identifier,
        agency=asked.agency,
        version=asked.version,
        names=named.names,
        role="Actual",
        attachment=ConstraintAttachment(references=(asked,)),
        cube_regions=(CubeRegion(keys=tuple(keys)),),
    )
    return Available(constraint=constraint, observations=available.observations, series=available.series)


def _coverage(periods: Sequence[Period]) -> tuple[str | None, str | None]:
    """The first and the last day that data are for, or moments where those are no days of their own."""
    if not periods:
        return None, None
    start, end = min(period.start for period in periods), max(period.end for period in periods)
    return _moment(start), _moment(max(start, end - 1))


def _moment(microseconds: int) -> str:
    """A day where a moment is its begin or its end, else the moment; ``microseconds`` since 1970, UTC."""
    day, rest = divmod(microseconds, 86_400_000_000)
    moment = _EPOCH + dt.timedelta(microseconds=microseconds)
    if rest in (0, 86_399_999_999):
        return (_EPOCH + dt.timedelta(days=day)).date().isoformat()
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


class _Referenced:
    """The artefacts around an answer, item schemes cut to what it names."""

    def __init__(self, catalogue: Catalogue, found: Sequence[_Found]) -> None:
        self._catalogue, self._found = catalogue, found
        self._schemas = [one.part.schema for one in found]

    def artefacts(self, wanted: Iterable[str]) -> list[Maintainable]:
        """Those that ``references`` asks for."""
        makers: Mapping[str, Callable[[], Iterable[Maintainable]]] = {
            "dataflow": self._flows,
            "datastructure": lambda: (schema.structure for schema in self._schemas),
            "conceptscheme": self._concepts,
            "codelist": lambda: self._lists(Codelist),
            "valuelist": lambda: self._lists(ValueList),
            "dataproviderscheme": self._providers,
        }
        made = chain.from_iterable(make() for word, make in makers.items() if word in wanted)
        artefacts: dict[Reference, Maintainable] = {}
        for artefact in made:
            artefacts.setdefault(reference_to(artefact), artefact)
        return list(artefacts.values())

    def _flows(self) -> Iterable[Maintainable]:
        """The dataflows that the constraints are about; those of a structure are the ones that have data."""
        return self._catalogue.load(dict.fromkeys(cube for one in self._found for cube in one.part.cubes))

    def _lists(self, kind: type[Codelist] | type[ValueList]) -> list[Maintainable]:
        """The lists of the dimensions, each cut to what all dimensions that use it have data for."""
        used: dict[Reference, tuple[Codelist | ValueList, list[str]]] = {}
        for one in self._found:
            for dimension in one.part.schema.dimensions:
                listed = dimension.enumeration
                if dimension.id in one.components and isinstance(listed, kind):
                    held = used.setdefault(reference_to(listed), (listed, []))
                    held[1].extend(one.available.codes.get(dimension.id, ()))
        return [cut_enumeration(enumeration, codes) for enumeration, codes in used.values()]

    def _concepts(self) -> list[Maintainable]:
        wanted: dict[Reference, list[str]] = {}
        for one in self._found:
            for component in one.part.schema.components:
                if component.id in one.components and component.concept is not None and component.concept.item:
                    wanted.setdefault(component.concept.maintainable, []).append(component.concept.item)
        return [cut_scheme(self._catalogue.get(scheme, ConceptScheme), items) for scheme, items in wanted.items()]

    def _providers(self) -> list[Maintainable]:
        """The schemes of the providers that agreed to provide the data, with these alone."""
        wanted: dict[Reference, list[str]] = {}
        for cube in dict.fromkeys(cube for one in self._found for cube in one.part.cubes):
            for provider in providers_of(self._catalogue, cube):
                scheme = self._catalogue.resolve(provider)
                if scheme is not None and provider.item is not None:
                    wanted.setdefault(scheme, []).append(provider.item)
        return [cut_scheme(self._catalogue.get(scheme, DataProviderScheme), ids) for scheme, ids in wanted.items()]
