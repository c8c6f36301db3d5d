"""When an arriving item scheme adds to the stored one instead of taking its place.

A scheme that says it is partial holds some of the items (REST ``maintenance.md``: ``isPartial`` merges items). An
organisation scheme is taken so too: it has no version of its own, many owners share it (``SDMX:AGENCIES``), and every
agency's message brings just the organisations that it names. Not so a scheme of units, which is of one organisation.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from ..model.common import ItemScheme, Maintainable, Nameable
from ..model.organisation import OrganisationScheme, OrganisationUnitScheme

M = TypeVar("M", bound=Maintainable)


def adds(arriving: Maintainable) -> bool:
    """Whether an arriving artefact adds its items to the stored one."""
    shared = isinstance(arriving, OrganisationScheme) and not isinstance(arriving, OrganisationUnitScheme)
    return shared or (isinstance(arriving, ItemScheme) and arriving.is_partial)


def merged(held: M, arriving: M) -> M:
    """The held scheme with the arriving items: those of the same id replaced, new ones at the end; the rest stays."""
    items: dict[str, Nameable] = {item.id: item for item in held.items}  # type: ignore[attr-defined] # item schemes only
    items.update((item.id, item) for item in arriving.items)  # type: ignore[attr-defined]
    return msgspec.structs.replace(held, items=tuple(items.values()))
