"""The use case of a query for reference metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

import msgspec

from ..errors import SdmxServerError
from ..model.common import International, Nameable
from ..model.metadataset import MetadataSet, ReportedAttribute
from ..model.rebuild import rebuild
from ..model.reference import Reference, parse_urn
from ..model.resolved_metadata import MetadataMessage, MetadataPart, ResolvedMetadataStructure
from ..query.metadata import MetadataQuery
from ..registry.catalogue import WILD, Catalogue, CatalogueCache
from ..registry.generations import meant_by, seen_in
from ..registry.metadata_sets import matching_sets
from ..registry.resolve_metadata import flow_of, resolve_metadataflow
from .headers import header
from .languages import languages_within_all
from .metadata_ports import MetadataHead, MetadataState, MetadataStore


class OpenMetadata:
    """A metadata query whose revision is known and whose work is yet to be done."""

    def __init__(
        self, catalogue: Catalogue, store: MetadataStore, state: MetadataState, query: MetadataQuery, sender: str
    ) -> None:
        self._catalogue, self._store, self._state = catalogue, store, state
        self._query, self._sender = query, sender
        self.updated: dt.datetime = max(state.updated, catalogue.updated)
        self.seed = ("metadata", catalogue.revision, state.revision)

    def message(self) -> MetadataMessage | None:
        """The sets asked for; None when there is none."""
        after = self._query.updated_after
        heads = {id(h.metadata_set): h for h in self._state.heads if after is None or h.at > after}
        found = matching_sets(self._catalogue, self._query, [head.metadata_set for head in heads.values()])
        if not found:
            return None
        chosen = [heads[id(one)] for one in found]
        parts = tuple(self._part(one) for one in self._contents(chosen))
        return MetadataMessage(header=header(self._sender, self.updated, *self.seed[1:]), parts=parts)

    def _contents(self, heads: list[MetadataHead]) -> list[MetadataSet]:
        if self._query.stubs:
            return [head.metadata_set for head in heads]
        sets = self._store.load(heads)
        if self._query.include_history:
            sets = [_dated(one, head) for one, head in zip(sets, heads, strict=True)]
        return sets if self._query.annotated else [_bare(one) for one in sets]

    def _part(self, reported: MetadataSet) -> MetadataPart:
        flow = flow_of(self._catalogue, reported)
        return MetadataPart(
            metadata_set=stub(reported) if self._query.stubs else reported,
            structure=None if flow is None or self._query.stubs else _structure(self._catalogue, flow),
            flow=flow,
            context_names=self._names(reported.provision_agreement or flow),
            target_names=tuple(self._target_names(reported)),
            wildcards={urn: self._meaning(urn) for urn in reported.targets if WILD in urn},
        )

    def _target_names(self, reported: MetadataSet) -> Iterator[International]:
        for urn in reported.targets:
            try:
                yield self._names(parse_urn(urn))
            except ValueError:
                yield {}

    def _meaning(self, urn: str) -> tuple[str, ...]:
        """The URNs of the stored artefacts that a target with wildcards means."""
        try:
            return tuple(one.urn for one in meant_by(self._catalogue, parse_urn(urn)))
        except ValueError:
            return ()

    def _names(self, written: Reference | None) -> International:
        later = seen_in("3.1", self._catalogue).catalogue
        found = None if written is None else self._catalogue.resolve(written) or later.resolve(written)
        return {} if found is None else self._catalogue.once(("names", found), partial(_names, later, found))

    def close(self) -> None:
        """Nothing stays open: ``message`` reads everything at once."""


def _dated(reported: MetadataSet, head: MetadataHead) -> MetadataSet:
    """The set with the time in which its content was that of the set."""
    until = None if head.until is None else _moment(head.until)
    return msgspec.structs.replace(reported, valid_from=_moment(head.at), valid_to=until)


def _moment(at: dt.datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _bare(reported: MetadataSet) -> MetadataSet:
    """The set without annotations."""
    held: MetadataSet = rebuild(reported, (MetadataSet, ReportedAttribute), _without_annotations)
    return held


def _without_annotations(held: MetadataSet | ReportedAttribute) -> MetadataSet | ReportedAttribute:
    return msgspec.structs.replace(held, annotations=())


def stub(reported: MetadataSet) -> MetadataSet:
    """Identification and names only (``metadata.md``, ``detail=allstubs``)."""
    return MetadataSet(
        agency=reported.agency,
        id=reported.id,
        version=reported.version,
        names=reported.names,
        uri=reported.uri,
        valid_from=reported.valid_from,
        valid_to=reported.valid_to,
        is_external_reference=True,
    )


def _names(catalogue: Catalogue, reference: Reference) -> International:
    held: Nameable = catalogue.load([reference])[0]
    return held.names


def _structure(catalogue: Catalogue, flow: Reference) -> ResolvedMetadataStructure | None:
    """The structure of a flow; None where it is no longer whole: values are then written as texts."""
    try:
        return resolve_metadataflow(catalogue, flow)
    except SdmxServerError:
        return None


class MetadataService:
    """Answers metadata queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, store: MetadataStore, sender: str) -> None:
        self._catalogues, self._store, self._sender = catalogues, store, sender
        self._languages: tuple[int, frozenset[str]] = (0, frozenset())

    def open(self, query: MetadataQuery, catalogue: Catalogue | None = None) -> OpenMetadata:
        """Begin with a catalogue, by default that of the present revision; ``asOf`` asks for the sets of a moment."""
        state = self._store.history() if query.include_history else self._store.state(query.as_of)
        return OpenMetadata(catalogue or self._catalogues.current(), self._store, state, query, self._sender)

    def languages(self) -> frozenset[str]:
        """The languages of any text of the present metadata sets, worked out once per revision."""
        state = self._store.state()
        revision, found = self._languages
        if revision != state.revision:
            found = languages_within_all(state.heads, self._store.load)
            self._languages = (state.revision, found)
        return found
