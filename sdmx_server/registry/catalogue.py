"""A view of all stored artefacts at one structure revision: what is there, what a reference means, who uses whom.

A catalogue is made once per revision (``CatalogueCache``) and keeps what is worked out of it, so that nothing is
resolved twice for the same revision.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from ..errors import BadQuery, NotFound
from ..model.common import Maintainable
from ..model.constraint import DataConstraint, MetadataConstraint
from ..model.reference import Reference
from ..model.version import VersionQuery, parse_version, parse_versions, resolve_version
from ..remembered import Remembered
from .references import ANY

AGENCY_SCHEME = "AgencyScheme"
WILD = "*"
_TOP_AGENCY = "SDMX"
_REMEMBERED = 256
_SELECTIONS = 1024 * 1024
_FEW, _SELECTION = 20, 4_000
"""Bytes for what was selected before, the most artefacts of one selection that is kept, and what one takes."""

T = TypeVar("T")
M = TypeVar("M", bound=Maintainable)


class Row(Protocol):
    """One stored artefact."""

    @property
    def reference(self) -> Reference:
        """Which one."""
        ...


class StructureSource(Protocol):
    """The part of ``services.ports.StructureStore`` that a catalogue needs."""

    def revision(self) -> tuple[int, dt.datetime]:
        """The present revision and its time."""
        ...

    def rows(self) -> Sequence[Row]:
        """All artefacts."""
        ...

    def references(self) -> Sequence[tuple[Reference, Reference]]:
        """All (from, to) pairs, ``to`` as written."""
        ...

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references."""
        ...


class HistorySource(StructureSource, Protocol):
    """A source that knows earlier states."""

    def revision_at(self, moment: dt.datetime) -> tuple[int, dt.datetime]:
        """The last revision at or before a moment, and its time."""
        ...

    def past(self, revision: tuple[int, dt.datetime]) -> StructureSource:
        """The artefacts after a revision."""
        ...


class _Memory:
    """The last few hundred things worked out, by key; each is worked out at most once while it is remembered."""

    def __init__(self) -> None:
        self._entries: OrderedDict[object, Any] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: object, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            else:
                self._entries[key] = make()
                while len(self._entries) > _REMEMBERED:
                    self._entries.popitem(last=False)
            found: T = self._entries[key]
            return found


def _agency_scheme_of(agency: str) -> tuple[str, str]:
    """Who maintains the agency scheme that lists an agency, and the agency's id there (``A.B`` is ``B`` in ``A``'s)."""
    owner, dot, own = agency.rpartition(".")
    return (owner, own) if dot else (_TOP_AGENCY, agency)


class Catalogue:
    """All artefacts of one revision. Safe for use from many threads."""

    def __init__(
        self,
        revision: int,
        updated: dt.datetime,
        references: Iterable[Reference],
        links: Iterable[tuple[Reference, Reference]],
        load: Callable[[Iterable[Reference]], list[Maintainable]],
    ) -> None:
        self.revision = revision
        self.updated = updated
        self._load = load
        self._all = tuple(sorted(references))
        self._known = frozenset(self._all)
        self._versions: dict[tuple[str, str, str], list[str]] = {}
        for reference in self._all:
            self._versions.setdefault((reference.kind, reference.agency, reference.id), []).append(reference.version)
        for versions in self._versions.values():
            versions.sort(key=lambda text: parse_version(text).sort_key)
        self._children: dict[Reference, list[Reference]] = {}
        self._parents: dict[Reference, list[Reference]] = {}
        self._linked: set[tuple[Reference, Reference]] = set()
        self.open: list[tuple[Reference, Reference]] = []
        """References that are to nothing stored, or to whatever fits."""
        self._maintained: set[Reference] = set()  # those that refer to the scheme of their agency for no other reason
        self._among: dict[Reference, set[Reference]] = {}  # what fits the wildcards of a target and is not named
        self._link_all(list(links))
        self._memory = _Memory()
        self._selected: Remembered[tuple[Reference, ...]] = Remembered(_SELECTIONS)

    def _link_all(self, links: Sequence[tuple[Reference, Reference]]) -> None:
        wild = [(source, written) for source, written in links if _wild(written)]
        for source, written in links:
            target = self.resolve(written)
            if target is not None and target != source:
                self._link(source, target)
            elif target is None:
                self.open.append((source, written))
        self.open += wild
        for reference in self._all:
            scheme = self.agency_scheme(reference)
            if scheme is not None and scheme != reference and self._link(reference, scheme):
                self._maintained.add(reference)
        for source, written in wild:
            for target in self.targets(written):
                if target != source and self._link(source, target):
                    self._among.setdefault(source, set()).add(target)

    def _link(self, source: Reference, target: Reference) -> bool:
        """Take down that one refers to the other; whether that is new."""
        if (source, target) in self._linked:
            return False
        self._linked.add((source, target))
        self._children.setdefault(source, []).append(target)
        self._parents.setdefault(target, []).append(source)
        return True

    def links(self) -> Iterator[tuple[Reference, Reference]]:
        """The references that it was made of, those that lead to one stored artefact at its exact version."""
        for source, targets in self._children.items():
            among = self._among.get(source, ())
            for target in targets:
                if target not in among and not self.only_maintains(target, source):
                    yield source, target
        yield from self.open

    def with_others(
        self,
        references: Iterable[Reference],
        links: Iterable[tuple[Reference, Reference]],
        load: Callable[[Iterable[Reference]], list[Maintainable]],
    ) -> Catalogue:
        """A catalogue of the same revision over other artefacts, which remembers what was worked out of this one."""
        other = Catalogue(self.revision, self.updated, references, links, load)
        other._memory = self._memory
        return other

    def all(self) -> Sequence[Reference]:
        """Every stored artefact, sorted."""
        return self._all

    def versions(self, kind: str, agency: str, artefact_id: str) -> Sequence[str]:
        """The stored versions of one artefact, oldest first; empty when it is not there."""
        return self._versions.get((kind, agency, artefact_id), ())

    def select(
        self, kinds: Iterable[str], agencies: frozenset[str] | None, ids: frozenset[str] | None, versions: VersionQuery
    ) -> list[Reference]:
        """The artefacts of these kinds, agencies, ids (None = all) and versions, sorted in that order."""
        wanted = frozenset(kinds)
        key = (wanted, agencies, ids, versions)
        known = self._selected.get(key)
        if known is None:
            known = tuple(self._found(wanted, agencies, ids, versions))
            if len(known) <= _FEW:
                named = len(agencies or ()) + len(ids or ()) + len(versions.patterns)
                self._selected.put(key, known, _SELECTION * (1 + named // 4))
        return list(known)

    def _found(
        self,
        wanted: frozenset[str],
        agencies: frozenset[str] | None,
        ids: frozenset[str] | None,
        versions: VersionQuery,
    ) -> list[Reference]:
        return [
            Reference(kind=kind, agency=agency, id=artefact_id, version=version)
            for (kind, agency, artefact_id), stored in sorted(self._versions.items())
            if kind in wanted and (agencies is None or agency in agencies) and (ids is None or artefact_id in ids)
            for version in versions.select(stored)
        ]

    def resolve(self, written: Reference) -> Reference | None:
        """The stored artefact that a reference means (wildcard versions put in place, the item dropped), or None.

        What names no data constraint may name a metadata constraint: 2.1 has one class for both.
        """
        plain = written.maintainable
        if plain in self._known:
            return plain
        version = resolve_version(written.version, self.versions(written.kind, written.agency, written.id))
        if version is not None:
            return Reference(kind=written.kind, agency=written.agency, id=written.id, version=version)
        if written.kind == DataConstraint.kind:
            return self.resolve(msgspec.structs.replace(plain, kind=MetadataConstraint.kind))
        return None

    def targets(self, written: Reference) -> Sequence[Reference]:
        """The stored artefacts that a reference means: one or none, or all that fit the wildcards of a target.

        A target of metadata has ``*`` for any agency, any id and any version (SDMX-ML, ``WildcardUrnType``), and may be
        of the class ``Any``.
        """
        if not _wild(written):
            found = self.resolve(written)
            return [] if found is None else [found]
        try:
            versions = parse_versions(written.version)
        except BadQuery:
            return []
        agencies, ids = (None if name == WILD else frozenset((name,)) for name in (written.agency, written.id))
        every = written.kind == ANY
        kinds = frozenset(kind for kind, _, _ in self._versions) if every else frozenset((written.kind,))
        return self._found(kinds, agencies, ids, versions)

    def agency_scheme(self, reference: Reference) -> Reference | None:
        """The stored scheme that lists the agency of an artefact, or None."""
        owner, _ = _agency_scheme_of(reference.agency)
        return self.resolve(Reference(kind=AGENCY_SCHEME, agency=owner, id="AGENCIES", version="*"))

    def children(self, reference: Reference) -> Sequence[Reference]:
        """The stored artefacts that this one refers to, the scheme of its agency included."""
        return self._children.get(reference, ())

    def named(self, reference: Reference) -> Sequence[Reference]:
        """The children without those that merely fit the wildcards of a target."""
        among = self._among.get(reference)
        children = self.children(reference)
        return children if among is None else [child for child in children if child not in among]

    def only_maintains(self, scheme: Reference, reference: Reference) -> bool:
        """Whether an artefact refers to an agency scheme for no other reason than that it lists its agency."""
        return reference in self._maintained and scheme == self.agency_scheme(reference)

    def parents(self, reference: Reference) -> Sequence[Reference]:
        """The stored artefacts that refer to this one."""
        return self._parents.get(reference, ())

    def load(self, references: Iterable[Reference]) -> list[Maintainable]:
        """The artefacts of exactly these references, in that order. Raises ``NotFound``."""
        return self._load(references)

    def get(self, written: Reference, kind: type[M]) -> M:
        """The artefact that a reference means. Raises ``NotFound`` naming it when there is none."""
        found = self.resolve(written)
        artefact = self._load([found])[0] if found else None
        if not isinstance(artefact, kind):
            raise NotFound("not-stored", reference=written)
        return artefact

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` gives for this key, worked out once per revision and remembered."""
        return self._memory.get(key, make)


def _wild(written: Reference) -> bool:
    """Whether a reference may mean several artefacts."""
    return WILD in (written.agency, written.id, written.version) or written.kind == ANY


def agency_item(agency: str) -> str:
    """The id under which the agency scheme of ``Catalogue.agency_scheme`` lists an agency."""
    return _agency_scheme_of(agency)[1]


def read_catalogue(source: StructureSource) -> Catalogue:
    """The catalogue of the present revision."""
    while True:
        revision, updated = source.revision()
        rows, links = source.rows(), source.references()
        if source.revision()[0] == revision:
            return Catalogue(revision, updated, (row.reference for row in rows), links, source.load)


_PAST = 4
"""Catalogues of earlier revisions that are kept; a client that looks back asks several things of one moment."""


class CatalogueCache:
    """Gives the catalogue of the present revision, made anew only when the revision has changed, and earlier ones."""

    def __init__(self, source: HistorySource) -> None:
        self._source = source
        self._catalogue: Catalogue | None = None
        self._past: OrderedDict[tuple[int, dt.datetime], Catalogue] = OrderedDict()
        self._lock = threading.Lock()

    def current(self) -> Catalogue:
        """The catalogue of the present revision."""
        revision, _ = self._source.revision()
        catalogue = self._catalogue
        if catalogue is not None and catalogue.revision == revision:
            return catalogue
        with self._lock:
            catalogue = self._catalogue
            if catalogue is None or catalogue.revision != revision:
                catalogue = self._catalogue = read_catalogue(self._source)
            return catalogue

    def at(self, moment: dt.datetime) -> Catalogue:
        """The catalogue as it was at a moment; one to come is the present.

        Raises ``HistoryPruned`` for a moment whose state is no longer kept.
        """
        revision = self._source.revision_at(moment)
        present = self.current()
        if revision == (present.revision, present.updated):
            return present
        with self._lock:
            found = self._past.get(revision)
            if found is None:
                found = self._past[revision] = read_catalogue(self._source.past(revision))
                while len(self._past) > _PAST:
                    self._past.popitem(last=False)
            self._past.move_to_end(revision)
            return found
