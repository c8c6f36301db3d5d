"""What data constraints allow (Technical Notes, section "Constraints"): regions combined, and codes per dimension.

In a ``ResolvedStructure`` the regions with ``include`` are alternatives (a key must lie in one of them, if there are
any), it may lie in no region without ``include``, and every key set must hold. Two selections of one component in a
region or key must both hold. Values of coded components are written out: no pattern, no cascade, no exclusion is left,
and a selection with neither values nor a time range admits nothing. ``removePrefix`` and the validity dates of values
are kept but not applied: values are compared as they are written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ..errors import BadSemantics
from ..model.codelist import Codelist, MemberValue, ValueList
from ..model.constraint import CubeRegion, DataConstraint, DataKey, DataKeySet, MemberSelection
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from ..model.version import parse_version
from .catalogue import Catalogue
from .codes import matching, parents_of

_MOST_REGIONS = 10_000

Lists = Mapping[str, Codelist | ValueList | None]
"""The enumeration of each component, None for one that is not coded."""

Allowed = Mapping[str, frozenset[str] | None]
"""The codes of each dimension that some allowed key may hold; None = not restricted."""


class Content(NamedTuple):
    """The regions and key sets of several constraints, combined as the module says."""

    cube_regions: tuple[CubeRegion, ...]
    key_sets: tuple[DataKeySet, ...]


def constraints_on(catalogue: Catalogue, references: Iterable[Reference]) -> list[DataConstraint]:
    """The constraints of reporting (none of role Actual) on any of the artefacts; of each its latest version."""
    latest: dict[tuple[str, str], Reference] = {}
    for reference in references:
        for parent in catalogue.parents(reference):
            if parent.kind != DataConstraint.kind:
                continue
            other = latest.get((parent.agency, parent.id))
            if other is None or parse_version(other.version) < parse_version(parent.version):
                latest[parent.agency, parent.id] = parent
    loaded = catalogue.load(latest[key] for key in sorted(latest))
    return [value for value in loaded if isinstance(value, DataConstraint) and value.role is None]


def _written_out(selections: Iterable[MemberSelection], lists: Lists) -> tuple[MemberSelection, ...]:
    """The selections as the module says. One without values means any value as it came, and is left out then."""
    written = []
    for selection in selections:
        enumeration = lists.get(selection.id)
        if not selection.values and selection.time_range is None:
            if not selection.include:
                written.append(msgspec.structs.replace(selection, include=True))
        elif enumeration is None or not selection.values:
            written.append(selection)
        else:
            parents = parents_of(enumeration)
            chosen = matching(parents, selection.values)
            if not selection.include:
                chosen = parents.keys() - chosen
            values = tuple(MemberValue(value=item) for item in parents if item in chosen)
            written.append(msgspec.structs.replace(selection, include=True, values=values))
    return tuple(written)


def _region(region: CubeRegion, lists: Lists) -> CubeRegion:
    return msgspec.structs.replace(
        region, keys=_written_out(region.keys, lists), components=_written_out(region.components, lists)
    )


def _key(key: DataKey, lists: Lists) -> DataKey:
    return msgspec.structs.replace(
        key, keys=_written_out(key.keys, lists), components=_written_out(key.components, lists)
    )


def _joined(keys: Iterable[MemberSelection]) -> tuple[MemberSelection, ...]:
    """The selections with those of the same component intersected where both list values that are allowed."""
    joined: list[MemberSelection] = []
    for selection in keys:
        index = next((i for i, other in enumerate(joined) if _alike(other, selection)), None)
        if index is None:
            joined.append(selection)
        else:
            kept = {member.value for member in selection.values}
            values = tuple(member for member in joined[index].values if member.value in kept)
            joined[index] = msgspec.structs.replace(joined[index], values=values)
    return tuple(joined)


def _alike(one: MemberSelection, other: MemberSelection) -> bool:
    ranges = one.time_range is not None or other.time_range is not None
    return one.id == other.id and one.include and other.include and not ranges


def _both(one: CubeRegion, other: CubeRegion) -> CubeRegion:
    return CubeRegion(keys=_joined((*one.keys, *other.keys)), components=_joined((*one.components, *other.components)))


def combine(constraints: Sequence[DataConstraint], lists: Lists) -> Content:
    """What all the constraints together allow. Raises ``BadSemantics`` when that takes too many regions."""
    allowed: list[CubeRegion] = []
    refused: list[CubeRegion] = []
    key_sets: list[DataKeySet] = []
    for constraint in constraints:
        regions = [_region(region, lists) for region in constraint.cube_regions]
        refused += [region for region in regions if not region.include]
        own = [region for region in regions if region.include]
        if len(allowed) * len(own) > _MOST_REGIONS:
            raise BadSemantics("constraint-regions", reference=reference_to(constraint), most=_MOST_REGIONS)
        allowed = (
            [_both(one, other) for one, other in itertools.product(allowed, own)] if allowed and own else allowed + own
        )
        key_sets += _key_sets(constraint, lists)
    return Content((*allowed, *refused), tuple(key_sets))


def _key_sets(constraint: DataConstraint, lists: Lists) -> list[DataKeySet]:
    """The key sets of a constraint; those that allow keys are alternatives, so they are one set."""
    included: list[DataKey] = []
    others: list[DataKeySet] = []
    for key_set in constraint.key_sets:
        keys = tuple(_key(key, lists) for key in key_set.keys)
        if key_set.is_included:
            included += keys
        else:
            others.append(DataKeySet(is_included=False, keys=keys))
    return ([DataKeySet(is_included=True, keys=tuple(included))] if included else []) + others


def _values(selections: Iterable[MemberSelection], component: str) -> frozenset[str] | None:
    """The codes of a component that all the selections, written out, admit; None for any."""
    found: frozenset[str] | None = None
    for selection in selections:
        if selection.id == component and selection.include and selection.time_range is None:
            codes = frozenset(member.value for member in selection.values)
            found = codes if found is None else found & codes
    return found


def _union(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """The codes that any of the alternatives admits; None for any code, and when there are no alternatives."""
    if not parts:
        return None
    union: frozenset[str] = frozenset()
    for part in parts:
        if part is None:
            return None
        union |= part
    return union


def _refused(content: Content, component: str) -> frozenset[str]:
    """The codes of a component that are refused whatever the others hold."""
    refused: frozenset[str] = frozenset()
    keys = [(region.keys, region.components) for region in content.cube_regions if not region.include]
    keys += [(key.keys, key.components) for group in content.key_sets if not group.is_included for key in group.keys]
    for selections, components in keys:
        both = (*selections, *components)
        alone = {selection.id for selection in both} == {component}
        if alone and all(selection.time_range is None for selection in both):
            refused |= _values(both, component) or frozenset()
    return refused


def codes_allowed(content: Content, components: Iterable[str], lists: Lists) -> dict[str, frozenset[str] | None]:
    """For each component the codes that some allowed key may hold, None when it is not restricted.

    ``content`` comes from ``combine``. Attributes count wherever they stand: some messages list them among the keys.
    """
    found: dict[str, frozenset[str] | None] = {}
    for component in components:
        regions = [
            _values((*region.keys, *region.components), component) for region in content.cube_regions if region.include
        ]
        parts = [_union(regions)]
        for group in content.key_sets:
            if group.is_included:
                keys = [_values((*key.keys, *key.components), component) for key in group.keys]
                parts.append(_union(keys))
        allowed = [part for part in parts if part is not None]
        refused = _refused(content, component)
        enumeration = lists.get(component)
        if not allowed and refused and enumeration is not None:
            allowed = [frozenset(parents_of(enumeration))]
        found[component] = frozenset.intersection(*allowed) - refused if allowed else None
    return found


def allowed_codes(schema: ResolvedStructure) -> dict[str, frozenset[str] | None]:
    """For each component but time the codes that the structure's constraints allow; None = not restricted.

    This is per component: a combination of allowed codes may still be refused by a region or a key set.
    """
    lists: Lists = {component.id: component.enumeration for component in schema.components}
    time = schema.time.id if schema.time else None
    ids = [component.id for component in schema.components if component.id != time]
    return codes_allowed(Content(schema.cube_regions, schema.key_sets), ids, lists)
