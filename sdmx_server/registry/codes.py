"""Selections of codes, codelist extensions, and the cutting of item schemes (Technical Notes, section "Codelist")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from ..errors import BadSemantics
from ..model.codelist import Code, Codelist, CodelistExtension, MemberValue, ValueItem, ValueList
from ..model.common import Item
from ..model.concept import ConceptScheme
from ..model.organisation import OrganisationScheme
from ..model.reference import Reference, reference_to
from .catalogue import Catalogue

Scheme = TypeVar("Scheme", bound=ConceptScheme | OrganisationScheme)
Enumeration = TypeVar("Enumeration", bound=Codelist | ValueList)

_MOST_CODES = 1_000_000


def parents_of(enumeration: Codelist | ValueList) -> dict[str, str | None]:
    """The id of every item, in order, with the id of its parent."""
    if isinstance(enumeration, ValueList):
        return {item.id: None for item in enumeration.items}
    return {item.id: item.parent for item in enumeration.items}


def _descendants(parents: Mapping[str, str | None], roots: Iterable[str]) -> set[str]:
    children: dict[str, list[str]] = {}
    for item, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(item)
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _pattern(value: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split("%+", value)), re.DOTALL)


def matching(parents: Mapping[str, str | None], members: Iterable[MemberValue]) -> set[str]:
    """The ids that the members select: plain values, patterns with ``%``, and cascades to their descendants."""
    chosen: set[str] = set()
    for member in members:
        if "%" in member.value:
            pattern = _pattern(member.value)
            roots = {item for item in parents if pattern.fullmatch(item)}
        else:
            roots = {member.value} & parents.keys()
        if member.cascade != "excluderoot":
            chosen |= roots
        if member.cascade in ("true", "excluderoot"):
            chosen |= _descendants(parents, roots)
    return chosen


def with_parents(parents: Mapping[str, str | None], wanted: Iterable[str]) -> set[str]:
    """The wanted ids and all their ancestors."""
    found: set[str] = set()
    for item in wanted:
        current: str | None = item
        while current is not None and current in parents and current not in found:
            found.add(current)
            current = parents[current]
    return found


def cut_enumeration(enumeration: Enumeration, wanted: Iterable[str]) -> Enumeration:
    """The list with only the wanted items and their parents, marked partial unless that is all of it."""
    kept = with_parents(parents_of(enumeration), wanted)
    if len(kept) == len(enumeration.items):
        return enumeration
    items = tuple(item for item in enumeration.items if item.id in kept)
    return msgspec.structs.replace(enumeration, items=items, is_partial=True)


def only(enumeration: Enumeration, wanted: Collection[str]) -> Enumeration:
    """The list with nothing but the wanted items, marked partial unless that is all of it.

    A code whose parent is left out has none.
    """
    if all(item.id in wanted for item in enumeration.items):
        return enumeration
    items = tuple(_alone(item, wanted) for item in enumeration.items if item.id in wanted)
    return msgspec.structs.replace(enumeration, items=items, is_partial=True)


def _alone(item: Code | ValueItem, wanted: Collection[str]) -> Code | ValueItem:
    if isinstance(item, Code) and item.parent is not None and item.parent not in wanted:
        return msgspec.structs.replace(item, parent=None)
    return item


def cut_scheme(scheme: Scheme, wanted: Iterable[str]) -> Scheme:
    """The item scheme with only the wanted items and their parents, marked partial unless that is all of it."""
    items: Sequence[Item] = scheme.items
    kept = with_parents({item.id: item.parent for item in items}, wanted)
    if len(kept) == len(items):
        return scheme
    return msgspec.structs.replace(scheme, items=tuple(item for item in items if item.id in kept), is_partial=True)


def _inherited(parent: Codelist, extension: CodelistExtension) -> list[Code]:
    """The codes that an extension brings: selected, then prefixed; a parent that is left out is dropped."""
    parents = parents_of(parent)
    chosen = set(parents)
    if extension.selection is not None:
        selected = matching(parents, extension.selection.members)
        chosen = selected if extension.selection.include else chosen - selected
    prefix = extension.prefix or ""
    return [
        msgspec.structs.replace(
            code,
            id=prefix + code.id,
            parent=prefix + code.parent if code.parent is not None and code.parent in chosen else None,
        )
        for code in parent.items
        if code.id in chosen
    ]


def extended(catalogue: Catalogue, codelist: Codelist) -> Codelist:
    """The codelist with all inherited codes in place and no extensions left; the same one when it has none.

    Inherited codes come first, in the order of the extensions. Of two codes with one id the later extension wins, and
    the list's own code over all; the winner stands where the id first appeared. Raises ``BadSemantics`` naming the
    lists when one that is extended is missing or the extensions go in a circle.
    """
    return _extended(catalogue, codelist, ())


def _extended(catalogue: Catalogue, codelist: Codelist, above: tuple[Reference, ...]) -> Codelist:
    if not codelist.extensions:
        return codelist
    reference = reference_to(codelist)
    if reference in above:
        circle = " -> ".join(step.short for step in (*above, reference))
        raise BadSemantics("codelists-circle", circle=circle)
    codes: dict[str, Code] = {}
    for extension in codelist.extensions:
        found = catalogue.resolve(extension.codelist)
        parent = catalogue.load([found])[0] if found else None
        if not isinstance(parent, Codelist):
            raise BadSemantics("codelist-extends-absent", by=reference, reference=extension.codelist)
        path = (*above, reference)
        whole = catalogue.once(("extended", found), partial(_extended, catalogue, parent, path))
        inherited = _inherited(whole, extension)
        if len(codes) + len(inherited) > _MOST_CODES:
            raise BadSemantics("codelist-too-large", reference=reference, most=_MOST_CODES)
        codes.update((code.id, code) for code in inherited)
    codes.update((code.id, code) for code in codelist.items)
    return msgspec.structs.replace(codelist, items=tuple(codes.values()), extensions=())
