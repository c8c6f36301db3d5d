"""The changes of gaps of hierarchies: each function gives the artefact as it can be written."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec

from ...model.common import Maintainable
from ...model.counterparts import of_generation
from ...model.hierarchy import HierarchicalCode, HierarchicalCodelist, Hierarchy, HierarchyAssociation, Level
from ...model.rebuild import rebuild
from ..text_formats import LEVEL, LEVEL_XML, Allowed
from .changes_json import moment

_with = msgspec.structs.replace


def loses_codelist(codelist: HierarchicalCodelist) -> bool:
    """Whether its hierarchies as artefacts say less, or are called otherwise."""
    return of_generation(of_generation((codelist,), "3.1"), "2.1") != (codelist,)


def lacks_codes(hierarchy: Hierarchy) -> bool:
    """Whether it has no codes."""
    return not hierarchy.codes


def with_codes(hierarchy: Hierarchy) -> Hierarchy | None:
    """None when it has no codes."""
    return hierarchy if hierarchy.codes else None


def _numbered(codes: tuple[HierarchicalCode, ...], seen: set[str]) -> tuple[HierarchicalCode, ...]:
    found = []
    for code in codes:
        own = next(name for n in itertools.count(1) if (name := code.id if n == 1 else f"{code.id}_{n}") not in seen)
        seen.add(own)
        found.append(_with(code, id=own, codes=_numbered(code.codes, seen)))
    return tuple(found)


def unique_codes(hierarchy: Hierarchy) -> Hierarchy:
    """Codes with ids of their own throughout the hierarchy: a later one of the same id is numbered."""
    return _with(hierarchy, codes=_numbered(hierarchy.codes, set()))


def _named(codes: tuple[HierarchicalCode, ...]) -> tuple[HierarchicalCode, ...]:
    found: list[HierarchicalCode] = []
    for code in codes:
        below = _named(code.codes)
        if code.code is not None:
            found.append(_with(code, codelist_alias=None, code_id=None, codes=below))
        elif code.codelist_alias is not None and code.code_id is not None:
            found.append(_with(code, codes=below))
        else:
            found.extend(below)
    return tuple(found)


def named_codes(codelist: HierarchicalCodelist) -> HierarchicalCodelist:
    """Codes that are named in one way; what is below one that is not named moves up."""
    held = (_with(one, codes=_named(one.codes)) for one in codelist.hierarchies)
    return _with(codelist, hierarchies=tuple(one for one in held if one.codes))


def aliased(codelist: HierarchicalCodelist) -> HierarchicalCodelist:
    """Included codelists with an alias."""
    return _with(codelist, included=tuple(_with(one, alias=one.alias or one.codelist.id) for one in codelist.included))


def _fitting(artefact: Maintainable, allowed: Allowed) -> Any:
    def fit(level: Level) -> Level:
        held = level.coding_format
        return level if held is None else _with(level, coding_format=allowed.fitting(held))

    return rebuild(artefact, Level, fit)


def fitting_levels(artefact: Maintainable) -> Maintainable:
    """Levels with what their formats may say in JSON."""
    result: Maintainable = _fitting(artefact, LEVEL)
    return result


def fitting_levels_xml(artefact: Maintainable) -> Maintainable:
    """Levels with what their formats may say in XML."""
    result: Maintainable = _fitting(artefact, LEVEL_XML)
    return result


def _whole(text: str | None) -> str | None:
    return None if text is None else moment(text)


def complete_codes(artefact: Maintainable) -> Maintainable:
    """Codes with complete moments of validity."""
    result: Maintainable = rebuild(
        artefact,
        HierarchicalCode,
        lambda code: _with(code, valid_from=_whole(code.valid_from), valid_to=_whole(code.valid_to)),
    )
    return result


def whole_association(association: HierarchyAssociation) -> HierarchyAssociation | None:
    """None when it lacks the hierarchy or the object."""
    whole = association.linked_hierarchy is not None and association.linked_object is not None
    return association if whole else None
