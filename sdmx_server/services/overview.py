"""What there is, for people: every dataflow with its subject, coverage, counts and one series to begin with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from ..batches import Availability, ReadPlan
from ..errors import BadSemantics, Damaged, NotFound
from ..model.category import Categorisation, Category, CategoryScheme
from ..model.common import Annotation, International, Value
from ..model.dataflow import Dataflow
from ..model.period import Period
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from ..model.version import parse_versions
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.resolve import resolve_structure
from .data import revision_mark
from .ports import CubeReading, ObservationStore, Revision

_TOTAL = "_T"
_REMEMBERED = 1_000


class Sample(Value, frozen=True, kw_only=True):
    """A series that has data: the codes of its key in DSD order, and its counts."""

    key: tuple[str, ...]
    observations: int


class Contents(Value, frozen=True, kw_only=True):
    """What a dataflow holds at one revision; ``first`` and ``last`` are None without a time dimension."""

    observations: int
    series: int
    first: Period | None
    last: Period | None
    sample: Sample


class DataflowEntry(Value, frozen=True, kw_only=True):
    """One dataflow as the front page shows it; ``contents`` is None when it has no data yet, or damaged data."""

    reference: Reference
    names: International
    descriptions: International
    annotations: tuple[Annotation, ...]
    time: str | None  # id of the time dimension
    measures: tuple[str, ...]
    revision: Revision | None
    contents: Contents | None


class Subject(Value, frozen=True, kw_only=True):
    """A subject with its dataflows; names are empty for those that no categorisation names."""

    names: International
    dataflows: tuple[DataflowEntry, ...]


class OverviewService:
    """Lists the dataflows by subject. What a dataflow holds is worked out once per revision."""

    def __init__(self, catalogues: CatalogueCache, observations: ObservationStore) -> None:
        self._catalogues = catalogues
        self._observations = observations
        self._known: OrderedDict[tuple[Reference, int, str], Contents | None] = OrderedDict()
        self._lock = threading.Lock()

    def subjects(self) -> list[Subject]:
        """The newest version of every dataflow, by subject in the order of the category schemes; the rest last."""
        catalogue = self._catalogues.current()
        newest = {(r.agency, r.id): r for r in catalogue.select(("Dataflow",), None, None, parse_versions("~"))}
        entries = {reference: self._entry(catalogue, reference) for reference in newest.values()}
        placed = catalogue.once("subjects", lambda: list(_placed(catalogue)))
        subjects = []
        for names, members in placed:
            found = [newest[key] for key in members if key in newest]
            if found:
                subjects.append(Subject(names=names, dataflows=tuple(entries[reference] for reference in found)))
        categorised = {key for _, members in placed for key in members}
        rest = tuple(entries[reference] for key, reference in sorted(newest.items()) if key not in categorised)
        return [*subjects, Subject(names={}, dataflows=rest)] if rest else subjects

    def _entry(self, catalogue: Catalogue, reference: Reference) -> DataflowEntry:
        flow = catalogue.get(reference, Dataflow)
        revision = self._revision(reference)
        schema: ResolvedStructure | None
        try:
            schema = resolve_structure(catalogue, reference)
        except (NotFound, BadSemantics):  # its structure is not stored: it is listed, and holds nothing yet
            revision = schema = None
        return DataflowEntry(
            reference=reference,
            names=flow.names,
            descriptions=flow.descriptions,
            annotations=flow.annotations,
            time=schema.time.id if schema and schema.time else None,
            measures=tuple(measure.id for measure in schema.measures) if schema else (),
            revision=revision,
            contents=self._contents(catalogue, reference, schema, revision) if schema and revision else None,
        )

    def _revision(self, reference: Reference) -> Revision | None:
        try:
            return self._observations.revision(reference)
        except Damaged:  # as in ``_contents``
            return None

    def _contents(
        self, catalogue: Catalogue, reference: Reference, schema: ResolvedStructure, revision: Revision
    ) -> Contents | None:
        key = (reference, catalogue.revision, revision_mark(revision))
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        try:
            with self._observations.reading(reference) as reading:
                found = _look(reading, schema)
        except Damaged:  # which every question about it says, and the list of all the others must not
            return None
        with self._lock:
            self._known[key] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found


def _placed(catalogue: Catalogue) -> Iterator[tuple[International, list[tuple[str, str]]]]:
    """Names of each category and the (agency, id) of the dataflows in it."""
    members: dict[tuple[Reference, str], list[tuple[str, str]]] = {}
    for reference in catalogue.select(("Categorisation",), None, None, parse_versions("~")):
        link = catalogue.get(reference, Categorisation)
        scheme = catalogue.resolve(link.target) if link.target else None
        if scheme and link.target and link.target.item and link.source and link.source.kind == "Dataflow":
            members.setdefault((scheme, link.target.item), []).append((link.source.agency, link.source.id))
    for reference in catalogue.select(("CategoryScheme",), None, None, parse_versions("~")):
        scheme_found = catalogue.get(reference, CategoryScheme)
        for path, category in _categories(scheme_found.items, ""):
            if found := members.get((reference_to(scheme_found), path)):
                yield category.names, list(dict.fromkeys(found))


def _categories(items: tuple[Category, ...], above: str) -> Iterator[tuple[str, Category]]:
    for item in items:
        path = f"{above}{item.id}"
        yield path, item
        yield from _categories(item.items, f"{path}.")


def _look(reading: CubeReading, schema: ResolvedStructure) -> Contents | None:
    everything = reading.availability(schema, ReadPlan())
    if not everything.observations:
        return None
    sample = _sample(reading, schema, everything)
    periods = everything.periods
    return Contents(
        observations=everything.observations,
        series=everything.series,
        first=periods[0] if periods else None,
        last=max(periods, key=lambda period: period.end) if periods else None,
        sample=sample,
    )


def _sample(reading: CubeReading, schema: ResolvedStructure, everything: Availability) -> Sample:
    """One series: dimension by dimension the total, where data are left with it, else the first code that is there."""
    chosen: list[str] = []
    left: Mapping[str, tuple[str, ...]] = everything.codes
    observations = everything.observations
    for dimension in schema.dimensions:
        codes = left[dimension.id]
        chosen.append(_TOTAL if _TOTAL in codes else codes[0])
        key = tuple(frozenset((code,)) for code in chosen) + (None,) * (len(schema.dimensions) - len(chosen))
        narrowed = reading.availability(schema, ReadPlan(keys=(key,)))
        left, observations = narrowed.codes, narrowed.observations
    return Sample(key=tuple(chosen), observations=observations)
