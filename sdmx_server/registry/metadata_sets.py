"""Which metadata sets a query means: by their own ids, by their metadataflow, by what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..model.metadataset import MetadataSet
from ..model.period import parse_period
from ..model.reference import Reference, parse_urn
from ..model.version import VersionQuery, parse_version
from ..query.metadata import MetadataPath, MetadataQuery
from ..query.paths import ProviderName
from .catalogue import Catalogue
from .generations import later_name, seen_in
from .resolve_metadata import flow_of, provider_of


def matching_sets(catalogue: Catalogue, query: MetadataQuery, heads: Sequence[MetadataSet]) -> list[MetadataSet]:
    """The sets that a query means, in the order given; they may be without attributes.

    By its own id every version asked for is given. Found by its flow or by what it is about, a set is given once: at
    the latest of the versions that fit, unless its history is asked for.
    """
    path = query.path
    if query.keyed:
        return []  # what is stored is about artefacts, never about keys of data
    if path.kinds == (MetadataSet.kind,):
        return _by_ids(path, heads)
    fits = _about(catalogue, path) if path.about else _of_flow(catalogue, path)
    found = [one for one in heads if fits(one) and _in_period(one, query)]
    if query.include_history:
        return found
    latest = {(one.agency, one.id): one for one in sorted(found, key=lambda one: parse_version(one.version).sort_key)}
    return [one for one in found if latest[one.agency, one.id] is one]


def _by_ids(path: MetadataPath, heads: Sequence[MetadataSet]) -> list[MetadataSet]:
    versions: dict[tuple[str, str], list[str]] = {}
    for one in heads:
        versions.setdefault((one.agency, one.id), []).append(one.version)
    chosen = {key: frozenset(path.versions.select(held)) for key, held in versions.items()}
    return [
        one
        for one in heads
        if (path.agencies is None or one.agency in path.agencies)
        and (path.ids is None or one.id in path.ids)
        and one.version in chosen[one.agency, one.id]
    ]


def _of_flow(catalogue: Catalogue, path: MetadataPath) -> Callable[[MetadataSet], bool]:
    flows = frozenset(catalogue.select(path.kinds, path.agencies, path.ids, path.versions))

    def fits(one: MetadataSet) -> bool:
        return flow_of(catalogue, one) in flows and _provided(catalogue, one, path.providers)

    return fits


def _provided(catalogue: Catalogue, one: MetadataSet, providers: tuple[ProviderName, ...] | None) -> bool:
    if providers is None:
        return True
    agency, own = provider_of(catalogue, one)
    return any(name.means(agency, own) for name in providers)


def _about(catalogue: Catalogue, path: MetadataPath) -> Callable[[MetadataSet], bool]:
    later = seen_in("3.1", catalogue).catalogue
    selected = frozenset(later.select(path.kinds, path.agencies, path.ids, path.versions))

    def fits(one: MetadataSet) -> bool:
        return any(_means(later, target, path, selected) for target in _targets(later, one))

    return fits


def _targets(later: Catalogue, one: MetadataSet) -> Iterable[Reference]:
    for urn in one.targets:
        try:
            yield later_name(later, parse_urn(urn)).maintainable
        except ValueError:
            continue


def _means(catalogue: Catalogue, target: Reference, path: MetadataPath, selected: frozenset[Reference]) -> bool:
    """Whether a target, which may have wildcards, means one of the artefacts that are asked for."""
    if target.kind not in path.kinds:
        return False
    found = catalogue.targets(target)
    if found:
        return not selected.isdisjoint(found)
    named = (path.agencies is None or target.agency in path.agencies) and (path.ids is None or target.id in path.ids)
    return named and _fits_version(path.versions, target.version)


def _fits_version(versions: VersionQuery, version: str) -> bool:
    """Whether the version of an artefact that is not stored is asked for: as if it were the only one."""
    try:
        return bool(versions.select([version]))
    except ValueError:
        return False


def _in_period(one: MetadataSet, query: MetadataQuery) -> bool:
    """Whether what is reported for falls into the periods asked for; without a period it always does."""
    try:
        begin = parse_period(one.reporting_begin).start if one.reporting_begin else None
        end = parse_period(one.reporting_end).end if one.reporting_end else None
    except ValueError:
        return True
    if query.start_period is not None and end is not None and end <= parse_period(query.start_period).start:
        return False
    return query.end_period is None or begin is None or begin < parse_period(query.end_period).end
