"""A catalogue of artefacts that no database holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sdmx_server.model.common import Maintainable
from sdmx_server.model.reference import Reference
from sdmx_server.registry.catalogue import Catalogue
from sdmx_server.registry.references import references_of


def catalogue_of(artefacts: Iterable[Maintainable]) -> Catalogue:
    """A catalogue of artefacts in memory."""
    held: Mapping[Reference, Maintainable] = {
        Reference(kind=value.kind, agency=value.agency, id=value.id, version=value.version): value
        for value in artefacts
    }
    pairs = [(source, target.maintainable) for source, value in held.items() for target in references_of(value)]
    return Catalogue(
        0, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), held, pairs, lambda wanted: [held[reference] for reference in wanted]
    )
